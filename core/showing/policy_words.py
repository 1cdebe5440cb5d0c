"""A policy in words, for wherever a single threshold does not say it all."""

from core.number_format import counted, dollars_cents, fixed
from core.policy import BY_SAVING, WAIT, Policy

_RESTS = {"ship": "the rest ship", "decline": "the rest are declined", WAIT: "the rest wait for the next day"}


def policy_in_words(policy: Policy, rules: tuple[str, ...] = ()) -> str:
    """What becomes of orders, in one sentence. rules: the names of all rules the orders come with.

    >>> policy_in_words(Policy(review=0.1, decline=0.9, reviews_per_day=100.0))
    'Review from a score of 0.1000, decline without review from 0.9000, at most 100 reviews a day: the rest ship.'
    """
    parts = [_review(policy)]
    if policy.decline is not None:
        parts.append(f"decline without review from {threshold_in_words(policy, policy.decline)}")
    own = [f"{value} from {threshold_in_words(policy, at)}" for value, at in policy.review_in]
    if own:
        parts.append(f"by {policy.segment}: {', '.join(own)}")
    own = [f"{value} from {threshold_in_words(policy, at)}" for value, at in policy.decline_in]
    if own:
        parts.append(f"decline by {policy.segment}: {', '.join(own)}")
    if policy.reviews_per_day is not None:
        limit = policy.reviews_per_day
        a_day = counted(int(limit), "review") if limit == int(limit) else f"{fixed(limit, 1)} reviews"
        parts.append(f"at most {a_day} a day: {_RESTS[policy.rest]}")
    if policy.rules is not None:
        off = [name for name in rules if name not in policy.rules]
        parts.append(f"rules off: {', '.join(off)}" if off else "every rule on")
    return ", ".join(parts) + "."


def threshold_in_words(policy: Policy, threshold: float | None) -> str:
    """One of its thresholds: a score, or dollars where it ranks by expected saving."""
    if threshold is None:
        return "none"
    return dollars_cents(threshold) if policy.ranked_by == BY_SAVING else fixed(threshold, 4)


def _review(policy: Policy) -> str:
    others = " (all others)" if policy.review_in else ""
    if policy.review is None:
        return f"Review none{others}"
    what = "an expected saving" if policy.ranked_by == BY_SAVING else "a score"
    return f"Review from {what} of {threshold_in_words(policy, policy.review)}{others}"
