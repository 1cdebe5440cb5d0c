"""A view as the plain values of a link, and back: whoever opens the link sees the same line and the same prices."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace

from core.assumptions import DEFAULTS, FIELDS, Assumptions, assumptions_from
from core.errors import AssumptionsError

AXES = ("fpr", "review", "score")
NOBODY = "none"  # a threshold that flags nobody
APPROVE_ALL = "approve"  # a baseline that neither scores nor holds
UNSET = "unset"  # the link says nothing: the page chooses
ORDER = "order"  # the id of one order: of the order page, no part of a view
_LONGEST = 60


@dataclass(frozen=True)
class View:
    """What a reader has chosen. line, baseline: a threshold, "none", "unset"; baseline may be "approve"."""

    line: float | str = UNSET
    baseline: float | str = UNSET
    axis: str = AXES[0]
    prices: Assumptions = field(default_factory=Assumptions)


def parse_link(values: Mapping[str, str]) -> tuple[View, list[str]]:
    """The view of a link, and a note for each value that was ignored.

    >>> view, notes = parse_link({"line": "0.25", "review_cost": "-3", "axis": "score"})
    >>> view.line, view.axis, view.prices.review_cost
    (0.25, 'score', 12.0)
    >>> notes
    ['Ignored in the link: review_cost must be from 0 to 10000 ($ a review). Got: -3.0.']
    """
    view, notes = View(), []
    for name, value in values.items():
        try:
            view = _with(view, name, value)
        except (ValueError, AssumptionsError) as fault:
            notes.append(f"Ignored in the link: {str(fault)[:300]}")
    return view, notes


def link_values(view: View) -> dict[str, str]:
    """The shortest link that `parse_link` turns back into this view: defaults are left out.

    >>> link_values(View(line=0.1, prices=Assumptions(review_cost=8.0)))
    {'line': '0.1', 'review_cost': '8'}
    """
    values: dict[str, str] = {}
    for name in ("line", "baseline", "axis"):
        if getattr(view, name) != getattr(View(), name):
            values[name] = _written(getattr(view, name))
    for price in fields(Assumptions):
        value = getattr(view.prices, price.name)
        if value != getattr(DEFAULTS, price.name):
            values[price.name] = _written(value)
    return values


def _with(view: View, name: str, value: str) -> View:
    shown = f"{name[:_LONGEST]}={value[:_LONGEST]!r}"
    if name == ORDER:
        return view
    if name in FIELDS:
        if len(value) > _LONGEST:
            raise ValueError(f"{shown} is not a price.")
        changed = assumptions_from({name: value})
        return replace(view, prices=replace(view.prices, **{name: getattr(changed, name)}))
    if name == "axis":
        if value not in AXES:
            raise ValueError(f"{shown}: the axis is one of {', '.join(AXES)}.")
        return replace(view, axis=value)
    if name in ("line", "baseline"):
        words = (NOBODY, APPROVE_ALL) if name == "baseline" else (NOBODY,)
        chosen = value if value in words else _threshold(value, shown)
        return replace(view, line=chosen) if name == "line" else replace(view, baseline=chosen)
    raise ValueError(f"{shown} is no part of a view.")


def _threshold(value: str, shown: str) -> float:
    try:
        threshold = float(value)
    except ValueError:
        threshold = math.nan
    if not 0 <= threshold <= 1:
        raise ValueError(f"{shown}: a threshold is a number from 0 to 1, or none.")
    return threshold


def _written(value: float | str | None) -> str:
    if value is None:
        return NOBODY
    return value if isinstance(value, str) else repr(value).removesuffix(".0")
