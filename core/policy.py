"""What becomes of every order: the policy, and the rule that stops an order, written here and nowhere else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import PolicyError

TREATMENTS = ("ship", "review", "decline")
SHIP, REVIEW, DECLINE = range(len(TREATMENTS))
BY_SCORE, BY_SAVING = "score", "saving"
RANKINGS = (BY_SCORE, BY_SAVING)
WAIT = "wait"
RESTS = (TREATMENTS[SHIP], TREATMENTS[DECLINE], WAIT)

Thresholds = tuple[tuple[str, float | None], ...]


@dataclass(frozen=True)
class Policy:
    """What becomes of every order. Two policies that say the same are equal, so one can be the key of a cache.

    review, decline: orders whose rank is at or above these are reviewed, or declined without review; None is no
        order. The rank is the score (0-1), or the expected saving of a review in $ where ranked_by is "saving".
    segment: the column whose values may have thresholds of their own; "" where there is one threshold for all.
    review_in, decline_in: (value, threshold) of the segments that have their own; the others take review and decline.
    reviews_per_day: the most reviews a day, the highest expected saving first; None is no limit.
    rest: what becomes of orders the limit leaves over: "ship", "decline", or "wait" for the next day.
    rules: names of the rules that clear orders before they are scored; None is every rule the orders come with.

    PolicyError where a decline threshold lies below the review threshold of the same segment, or a value is not
    one of these.

    >>> Policy(review=0.1, decline=0.9).is_one_threshold
    False
    >>> Policy(review=0.9, decline=0.1)
    Traceback (most recent call last):
        ...
    core.errors.PolicyError: The decline threshold must be no lower than the review threshold. Got: 0.1 and 0.9.
    """

    review: float | None = None
    decline: float | None = None
    ranked_by: str = BY_SCORE
    segment: str = ""
    review_in: Thresholds = ()
    decline_in: Thresholds = ()
    reviews_per_day: float | None = None
    rest: str = TREATMENTS[SHIP]
    rules: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        for name in ("review_in", "decline_in"):
            object.__setattr__(self, name, tuple(sorted(getattr(self, name))))
        _check_words(self)
        for value in ("", *dict(self.review_in), *dict(self.decline_in)):
            review, decline = self.thresholds_of(value)
            if decline is not None and (review is None or decline < review):
                where = f" ({self.segment} {value})" if value else ""
                raise PolicyError(
                    f"The decline threshold must be no lower than the review threshold{where}. "
                    f"Got: {decline:g} and {'none' if review is None else f'{review:g}'}."
                )

    def thresholds_of(self, value: str) -> tuple[float | None, float | None]:
        """The thresholds of review and decline of one segment; "" is every segment without its own."""
        return dict(self.review_in).get(value, self.review), dict(self.decline_in).get(value, self.decline)

    @property
    def is_one_threshold(self) -> bool:
        """True where a single review threshold on the score says it all."""
        return self == Policy(review=self.review)

    @property
    def is_by_steps(self) -> bool:
        """True where thresholds for all orders say it all: then the sums at two steps of a cube are its sums."""
        return not self.review_in and not self.decline_in and self.reviews_per_day is None


def policy_from(values: Mapping[str, Any]) -> Policy:
    """A policy from plain values (a TOML file, a link); thresholds are numbers or "none".

    Raises PolicyError naming the value that cannot be read.

    >>> policy_from({"review": 0.1, "segment": "category", "review_in": {"toys": 0.2, "books": "none"}}).review_in
    (('books', None), ('toys', 0.2))
    """
    known = {field.name for field in fields(Policy)}
    unknown = sorted(set(values) - known)
    if unknown:
        raise PolicyError(f"A policy has no {unknown[0]!r}. It has: {', '.join(sorted(known))}.")
    read: dict[str, Any] = dict(values)
    for name in ("review", "decline", "reviews_per_day"):
        if name in read:
            read[name] = _number(name, read[name])
    for name in ("review_in", "decline_in"):
        if name in read:
            if not isinstance(read[name], Mapping):
                raise PolicyError(f"{name} must be a table of segment = threshold. Got: {read[name]!r}.")
            read[name] = tuple((str(value), _number(f"{name}.{value}", at)) for value, at in read[name].items())
    if read.get("rules") is not None:
        read["rules"] = _names(read["rules"])
    return Policy(**read)


def policy_values(policy: Policy) -> dict[str, Any]:
    """The values `policy_from` reads, without those that are as in `Policy()`."""
    values: dict[str, Any] = {}
    for field in fields(Policy):
        value = getattr(policy, field.name)
        if value == field.default:
            continue
        if field.name in ("review_in", "decline_in"):
            value = {name: "none" if at is None else at for name, at in value}
        values[field.name] = list(value) if field.name == "rules" else value
    return values


def _check_words(policy: Policy) -> None:
    if policy.ranked_by not in RANKINGS:
        raise PolicyError(f"Orders are ranked by {' or '.join(RANKINGS)}. Got: {policy.ranked_by!r}.")
    if policy.rest not in RESTS:
        raise PolicyError(f"What is not reached can {', '.join(RESTS)}. Got: {policy.rest!r}.")
    if (policy.review_in or policy.decline_in) and not policy.segment:
        raise PolicyError("Thresholds of their own need a segment: the column whose values they are for.")
    limit = policy.reviews_per_day
    if limit is not None and not limit >= 0:
        raise PolicyError(f"There cannot be fewer than no reviews a day. Got: {limit:g}.")


def _number(name: str, value: Any) -> float | None:
    if value is None or value == "none":
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(value):
        raise PolicyError(f'{name} must be a number, or "none". Got: {value!r}.')
    return float(value)


def _names(value: Any) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, Iterable) or not all(isinstance(name, str) for name in value):
        raise PolicyError(f"rules must be a list of names. Got: {value!r}.")
    return tuple(value)


@dataclass(frozen=True)
class Steps:
    """Two thresholds as rows of `cube.running_sums`: the orders up to row decline_step are declined without review,
    those from there to row review_step are reviewed, all others ship. Row 0 stops no order. PolicyError unless
    decline_step <= review_step.
    """

    review_step: int
    decline_step: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.decline_step <= self.review_step:
            raise PolicyError(
                f"The decline threshold must be no lower than the review threshold. Got: rows {self.decline_step} "
                f"and {self.review_step}."
            )


def is_flagged(scores: NDArray[np.float64], threshold: "float | NDArray[np.float64] | None") -> NDArray[np.bool_]:
    """Which orders are held: score >= threshold. Ties are flagged; an order never scored (missing) ships.

    threshold: one for all, or one an order. None is *flag none* (a threshold of 1 still flags a score of 1).

    >>> is_flagged(np.array([0.2, 0.5, np.nan]), 0.5)
    array([False,  True, False])
    >>> is_flagged(np.array([1.0]), None)
    array([False])
    """
    return np.asarray(scores >= (np.inf if threshold is None else threshold))


def treatment(
    scores: NDArray[np.float64],
    review_from: "float | NDArray[np.float64] | None",
    decline_from: "float | NDArray[np.float64] | None" = None,
) -> NDArray[np.int8]:
    """What becomes of each order, as a place in `TREATMENTS`: a declined one is not reviewed first.

    Thresholds as in `is_flagged`.

    >>> treatment(np.array([0.2, 0.5, 0.9, np.nan]), 0.5, 0.9).tolist()
    [0, 1, 2, 0]
    """
    reviewed, declined = is_flagged(scores, review_from), is_flagged(scores, decline_from)
    return np.where(declined, DECLINE, np.where(reviewed, REVIEW, SHIP)).astype(np.int8)
