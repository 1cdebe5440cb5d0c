"""Text from outside, made harmless where Markdown is shown."""

import re

from core.number_format import MINUS

_SPACES = re.compile(r"[^\S\u00a0]+")  # a number stays with its unit
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+.!|~$:^=-])")


def escaped(text: object) -> str:
    """Shown letter by letter: no Markdown, HTML, formula or emoji code in it takes effect.

    >>> plain("a*b <i> $x$")
    'a\\\\*b \\\\<i\\\\> \\\\$x\\\\$'
    """
    return _MARKDOWN.sub(r"\\\1", _SPACES.sub(" ", str(text)).strip())


def with_interval(value: str, low: str, high: str) -> str:
    """A value and behind it, in grey, its interval: Markdown for a table's cell.

    >>> with_interval("5 a", "4 a", "6 a")
    '5 a\\u2003:gray[4 a to 6 a]'
    """
    value, low, high = (escaped(words).replace(MINUS, f"{MINUS}\u2060") for words in (value, low, high))
    return f"{value}\u2003:gray[{low} to {high}]"
