"""Pieces of what features say of an order: numbers of things, spans of time, yes or no."""

from collections.abc import Callable

from core.number_format import fixed

Say = Callable[[float], str]
"""A known value of a feature → the words for it."""


def things(value: float, one: str) -> str:
    """A number of things, as many as there were.

    >>> things(0, "account"), things(1, "account"), things(1200, "account")
    ('no accounts', '1 account', '1,200 accounts')
    """
    return f"{fixed(value, 0) if value else 'no'} {one if value == 1 else one + 's'}"


def time_span(seconds: float) -> str:
    """
    >>> time_span(0.004), time_span(41.0), time_span(5400.0), time_span(200_000.0)
    ('less than 0.01 s', '41 s', '90 minutes', '2.3 days')
    """
    if 0 < seconds < 0.01:
        return "less than 0.01 s"
    if seconds < 120:
        return f"{fixed(seconds, 2).rstrip('0').rstrip('.')} s" if seconds < 10 else f"{fixed(seconds, 0)} s"
    if seconds < 7200:
        return f"{fixed(seconds / 60, 0)} minutes"
    return f"{fixed(seconds / 3600, 1)} hours" if seconds < 172_800 else f"{fixed(seconds / 86_400, 1)} days"


def either(yes: str, no: str) -> Say:
    """Of a feature that is 1 or 0.

    >>> either("placed on a weekend", "placed on a weekday")(0)
    'placed on a weekday'
    """
    return lambda value: yes if value else no
