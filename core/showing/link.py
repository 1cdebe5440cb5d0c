"""A view as the plain values of a link, and back: whoever opens the link sees the same line and the same prices."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from core.assumptions import DEFAULTS, FIELDS, Assumptions, assumptions_from
from core.errors import AssumptionsError

BY_SAVING = "saving"  # the axis on which orders are ranked by the expected saving of a review, not by score
AXES = ("fpr", "review", "score", BY_SAVING)
NOBODY = "none"  # a threshold that flags nobody
APPROVE_ALL = "approve"  # a baseline that neither scores nor holds
UNSET = "unset"  # the link says nothing: the page chooses
ORDER = "order"  # the id of one order: of the order page, no part of a view
CLAIM = "claim_"  # how the blanks of a claim begin: of the claim page
LINES = ("line", "baseline", "decline", "baseline_decline", BY_SAVING)  # of a view: they mean these orders alone
_LONGEST = 60
_CUTS = ("decline", "baseline_decline", BY_SAVING)


@dataclass(frozen=True)
class View:
    """What a reader has chosen. line, baseline: a threshold, "none", "unset"; baseline may be "approve".

    decline, baseline_decline: the cut-off from which orders are declined unseen, "none" where nobody is. saving: on the
    axis "saving" the line is an expected saving in $, "none" to review nobody.
    """

    line: float | str = UNSET
    baseline: float | str = UNSET
    axis: str = AXES[0]
    prices: Assumptions = field(default_factory=Assumptions)
    decline: float | str = NOBODY
    baseline_decline: float | str = NOBODY
    saving: float | str = 0.0


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
    for name in ("line", "baseline", "axis", *_CUTS):
        if getattr(view, name) != getattr(View(), name):
            values[name] = _written(getattr(view, name))
    for price in fields(Assumptions):
        value = getattr(view.prices, price.name)
        if value != getattr(DEFAULTS, price.name):
            values[price.name] = _written(value)
    return values


def _with(view: View, name: str, value: str) -> View:
    shown = f"{name[:_LONGEST]}={value[:_LONGEST]!r}"
    if name == ORDER or name.startswith(CLAIM):
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
        chosen = value if value in words else _number(value, 0.0, 1.0, shown)
        return replace(view, line=chosen) if name == "line" else replace(view, baseline=chosen)
    if name in _CUTS:
        most = 1e9 if name == BY_SAVING else 1.0
        chosen = value if value == NOBODY else _number(value, -most if name == BY_SAVING else 0.0, most, shown)
        cuts: dict[str, Any] = {name: chosen}
        return replace(view, **cuts)
    raise ValueError(f"{shown} is no part of a view.")


def _number(value: str, low: float, high: float, shown: str) -> float:
    try:
        number = math.nan if "_" in value else float(value)
    except ValueError:
        number = math.nan
    if not low <= number <= high:
        raise ValueError(f"{shown}: a cut-off is a number from {low:g} to {high:g}, or none.")
    return number


def _written(value: float | str | None) -> str:
    if value is None:
        return NOBODY
    return value if isinstance(value, str) else repr(float(value)).removesuffix(".0")
