"""A policy as a TOML file: written by the page, read by the command line, easy to read and to change by hand."""

import tomllib
from typing import Any

import tomli_w

from core.errors import PolicyError
from core.policy import Policy, policy_from, policy_values

_HEAD = "# A Cutline policy: python -m core curve ORDERS --policy policy.toml\n"
_NAMES = {"review_in": "review_by_segment", "decline_in": "decline_by_segment"}


def policy_as_toml(policy: Policy) -> str:
    """The file that says this policy; thresholds it does not state are "none".

    >>> print(policy_as_toml(Policy(review=0.1, segment="category", review_in=(("toys", None),))))
    # A Cutline policy: python -m core curve ORDERS --policy policy.toml
    review = 0.1
    decline = "none"
    segment = "category"
    <BLANKLINE>
    [review_by_segment]
    toys = "none"
    <BLANKLINE>
    """
    stated: dict[str, Any] = {name: _said(getattr(policy, name)) for name in ("review", "decline")}
    rest = {name: value for name, value in policy_values(policy).items() if name not in stated}
    return _HEAD + tomli_w.dumps(stated | {_NAMES.get(name, name): value for name, value in rest.items()})


def policy_of_toml(text: str, file: str = "The policy") -> Policy:
    """The policy a file says; PolicyError, naming the file and the value, where it says none.

    >>> policy_of_toml('review = 0.1').review
    0.1
    """
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise PolicyError(f"{file} cannot be read as TOML: {fault}.") from fault
    said = {written: name for name, written in _NAMES.items()}
    try:
        return policy_from({said.get(name, name): value for name, value in values.items()})
    except PolicyError as fault:
        raise PolicyError(f"{file}: {fault}") from fault


def _said(threshold: float | None) -> float | str:
    return "none" if threshold is None else threshold
