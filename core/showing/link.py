"""A view as the plain values of a link, and back: whoever opens the link sees the same policy and the same prices."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from core.assumptions import DEFAULTS, FIELDS, Assumptions, assumptions_from
from core.errors import AssumptionsError, PolicyError
from core.policy import BY_SAVING, Policy, policy_from, policy_values

AXES = ("fpr", "review", "score")  # the last is what orders are ranked by
NOBODY = "none"  # a threshold that flags no order
APPROVE_ALL = "approve"  # a baseline that neither scores nor holds
UNSET = "unset"  # the link says nothing: the page chooses
ORDER = "order"  # the id of one order: of the order page, no part of a view
CLAIM = "claim_"  # how the blanks of a claim begin: of the claim page
POLICIES = ("line", "decline", "policy", "baseline", "baseline_decline", "baseline_policy")
"""Parts of a view that mean these orders alone."""
_LONGEST, _LONGEST_POLICY = 60, 4_000
_THRESHOLDS = ("line", "baseline", "decline", "baseline_decline")
_REST = ("policy", "baseline_policy")
_BELOW_ALL = -1e9  # a review threshold that every decline threshold lies above


def rest_of(policy: Policy) -> Policy:
    """All of a policy but its thresholds for all orders, which a view says apart."""
    return replace(policy, review=_BELOW_ALL, decline=None)


REST = rest_of(Policy())


@dataclass(frozen=True)
class View:
    """What a reader has chosen.

    line, baseline: the review threshold of the policy and of what it is compared with: a number, "none", "unset";
        baseline may be "approve". In $ where the policy ranks by expected saving.
    decline, baseline_decline: the thresholds from which orders are declined without review, "none" where none is.
    policy, baseline_policy: all the rest of the two policies (`rest_of`).
    axis: of the drag. prices: their limit on reviews is the policies' too, where those name none of their own.
    """

    line: float | str = UNSET
    baseline: float | str = UNSET
    axis: str = AXES[0]
    prices: Assumptions = field(default_factory=Assumptions)
    decline: float | str = NOBODY
    baseline_decline: float | str = NOBODY
    policy: Policy = REST
    baseline_policy: Policy = REST


def parse_link(values: Mapping[str, str]) -> tuple[View, list[str]]:
    """The view of a link, and a note for each value that was ignored. What other parts of the link are of is told apart
    by the page (`pages/shared/controls.py`).

    >>> view, notes = parse_link({"line": "0.25", "review_cost": "-3", "axis": "score"})
    >>> view.line, view.axis, view.prices.review_cost
    (0.25, 'score', 12.0)
    >>> notes
    ['Ignored in the link: review_cost must be from 0 to 10000 ($ a review). Got: -3.0.']
    """
    view, notes = View(), []
    for name, value in sorted(_as_today(values).items(), key=lambda pair: pair[0] not in _REST):
        try:
            view = _with(view, name, value)
        except (ValueError, AssumptionsError, PolicyError) as fault:
            notes.append(f"Ignored in the link: {str(fault)[:300]}")
    return view, notes


def link_values(view: View) -> dict[str, str]:
    """The shortest link that `parse_link` turns back into this view: defaults are left out.

    >>> link_values(View(line=0.1, prices=Assumptions(review_cost=8.0)))
    {'line': '0.1', 'review_cost': '8'}
    >>> link_values(View(policy=rest_of(Policy(ranked_by="saving"))))
    {'policy': '{"ranked_by": "saving"}'}
    """
    values: dict[str, str] = {}
    for name in ("line", "baseline", "axis", "decline", "baseline_decline"):
        if getattr(view, name) != getattr(View(), name):
            values[name] = _written(getattr(view, name))
    for name in _REST:
        rest = policy_values(getattr(view, name))
        rest.pop("review", None)
        if rest:
            values[name] = json.dumps(rest, ensure_ascii=False)
    for price in fields(Assumptions):
        value = getattr(view.prices, price.name)
        if value != getattr(DEFAULTS, price.name):
            values[price.name] = _written(value)
    return values


def _as_today(values: Mapping[str, str]) -> dict[str, str]:
    """Links saved when the expected saving was an axis say the same in today's words."""
    values = dict(values)
    if values.get("axis") == BY_SAVING:
        line = values.pop(BY_SAVING, "0")
        values |= {"axis": "score", "policy": json.dumps({"ranked_by": BY_SAVING}), "line": line}
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
    if name in _REST:
        rest: dict[str, Any] = {name: _policy(value, shown)}
        return replace(view, **rest)
    if name in _THRESHOLDS:
        chosen: dict[str, Any] = {name: _threshold(view, name, value, shown)}
        return replace(view, **chosen)
    raise ValueError(f"{shown} is no part of a view.")


def _policy(value: str, shown: str) -> Policy:
    if len(value) > _LONGEST_POLICY:
        raise ValueError(f"{shown}… is longer than {_LONGEST_POLICY:,} characters.")
    try:
        stated = json.loads(value)
    except ValueError:
        stated = None
    if not isinstance(stated, dict) or {"review", "decline"} & set(stated):
        raise ValueError(f"{shown} is no policy: what stands beside line and decline, as a JSON object.")
    return rest_of(policy_from(stated | {"review": _BELOW_ALL}))


def _threshold(view: View, name: str, value: str, shown: str) -> float | str:
    words = (NOBODY, APPROVE_ALL) if name == "baseline" else (NOBODY,)
    if value in words:
        return value
    rest = view.baseline_policy if name.startswith("baseline") else view.policy
    low, high = (-1e9, 1e9) if rest.ranked_by == BY_SAVING else (0.0, 1.0)
    return _number(value, low, high, shown)


def _number(value: str, low: float, high: float, shown: str) -> float:
    try:
        number = math.nan if "_" in value else float(value)
    except ValueError:
        number = math.nan
    if not low <= number <= high:
        raise ValueError(f"{shown}: a threshold is a number from {low:g} to {high:g}, or none.")
    return number


def _written(value: float | str | None) -> str:
    if value is None:
        return NOBODY
    return value if isinstance(value, str) else repr(float(value)).removesuffix(".0")
