"""Numbers as people read them. The browser formats the same way, digit for digit (`pages/shared/drag/format.js`)."""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from math import isnan

SPACE = "\u00a0"
MINUS = "\u2212"
NO_VALUE = "–"


def fixed(value: float, decimals: int) -> str:
    """The exact binary value rounded half away from zero, thousands separated: what a browser's toFixed gives.

    >>> fixed(1234.5, 0), fixed(0.125, 2), fixed(-0.04, 1)
    ('1,235', '0.13', '0.0')
    """
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return _sign(f"{rounded:,f}", "")


def percent(value: float, *, plus: str = "") -> str:
    """A share as per cent with two decimals.

    >>> percent(0.005)
    '0.50\\xa0%'
    """
    return _said(value, plus, lambda size: f"{fixed(100 * size, 2)}{SPACE}%")


def percent_short(value: float, *, plus: str = "") -> str:
    """A share as per cent with one decimal, two below 0.1 %.

    >>> percent_short(0.02), percent_short(0.0004)
    ('2.0\\xa0%', '0.04\\xa0%')
    """
    return _said(value, plus, lambda size: f"{fixed(100 * size, 1 if size >= 0.001 else 2)}{SPACE}%")


def points(value: float, *, plus: str = "+") -> str:
    """A difference of shares in percentage points.

    >>> points(-0.015)
    '−1.50\\xa0pp'
    """
    return _said(value, plus, lambda size: f"{fixed(100 * size, 2)}{SPACE}pp")


def dollars(value: float, *, plus: str = "") -> str:
    """Whole dollars.

    >>> dollars(-54180.4)
    '−$54,180'
    """
    return _said(value, plus, lambda size: f"${fixed(size, 0)}")


def dollars_short(value: float, *, plus: str = "") -> str:
    """Dollars to three or four digits: $ 0–999, then K with one decimal, then M with two.

    >>> dollars_short(54180), dollars_short(-999.6), dollars_short(1234567, plus="+")
    ('$54.2K', '−$1.0K', '+$1.23M')
    """

    def size_in_words(size: float) -> str:
        if size < 999.5:
            return f"${fixed(size, 0)}"
        return f"${fixed(size / 1000, 1)}K" if size < 999_950 else f"${fixed(size / 1_000_000, 2)}M"

    return _said(value, plus, size_in_words)


def dollars_cents(value: float, *, plus: str = "") -> str:
    """Dollars and cents.

    >>> dollars_cents(-1234.5)
    '−$1,234.50'
    """
    return _said(value, plus, lambda size: f"${fixed(size, 2)}")


def dollars_fine(value: float, *, plus: str = "") -> str:
    """Dollars with four decimals: FLAC moves in the fourth.

    >>> dollars_fine(3.564)
    '$3.5640'
    """
    return _said(value, plus, lambda size: f"${fixed(size, 4)}")


def count(value: float, *, plus: str = "") -> str:
    """A whole number; expected counts are rounded.

    >>> count(5940)
    '5,940'
    """
    return _said(value, plus, lambda size: fixed(size, 0))


def counted(value: int, one: str, many: str = "") -> str:
    """A count and what is counted.

    >>> counted(1, "row"), counted(1200, "row")
    ('1 row', '1,200 rows')
    """
    return f"{count(value)} {one if value == 1 else many or one + 's'}"


def cut_off(threshold: float | None) -> str:
    """A threshold with four decimals; where there is none, or it is missing, it stops nobody.

    >>> cut_off(0.0919), cut_off(None), cut_off(float("nan"))
    ('0.0919', 'nobody', 'nobody')
    """
    return "nobody" if threshold is None or isnan(threshold) else fixed(threshold, 4)


FORMATS: dict[str, Callable[..., str]] = {
    "percent": percent,
    "percent_short": percent_short,
    "points": points,
    "dollars": dollars,
    "dollars_short": dollars_short,
    "dollars_cents": dollars_cents,
    "dollars_fine": dollars_fine,
    "count": count,
}


def _said(value: float | None, plus: str, words: Callable[[float], str]) -> str:
    if value is None or isnan(value):
        return NO_VALUE
    text = words(abs(value))
    if not any(digit in text for digit in "123456789"):
        return text  # nothing left after rounding: no sign
    return (MINUS if value < 0 else plus) + text


def _sign(text: str, plus: str) -> str:
    if not any(digit in text for digit in "123456789"):
        return text.lstrip("-")
    return text.replace("-", MINUS) if text.startswith("-") else plus + text
