"""Which two policies a view means on the loaded orders."""

from dataclasses import replace

from core.policy import BY_SAVING, Policy
from core.pricing.cube import Cube, threshold_at
from core.pricing.curve import last_step_within, price_curve
from core.showing.link import APPROVE_ALL, NOBODY, REST, UNSET, View, rest_of

OPENING_LINE, OPENING_BASELINE = 0.005, 0.02  # FPR of the claim: "2% → 0.5%"


def policies_of_view(cube: Cube, view: View) -> tuple[Policy, Policy | None]:
    """The policy and the baseline of a view, thresholds as numbers; baseline None is *approve everything*.

    cube: by score. What the reader has not chosen opens at the claim's 0.5% against 2% false positive rate, or where a
    review begins to pay. A decline threshold below the review threshold takes that one's place too: from there on all
    are declined. Where the orders carry no times there are no days, and no limit on reviews.
    """
    limit = view.prices.reviews_per_day if cube.days is not None else None
    policy = _policy(cube, view, view.policy, view.line, view.decline, OPENING_LINE, limit)
    if view.baseline == APPROVE_ALL:
        return policy, None
    other = view.baseline_policy
    return policy, _policy(cube, view, other, view.baseline, view.baseline_decline, OPENING_BASELINE, limit)


def view_of(view: View, policy: Policy, baseline: Policy | None) -> View:
    """A view that says these policies in numbers, so that it says the same on these orders for good."""
    said = replace(view, line=_said(policy.review), decline=_said(policy.decline), policy=_rest(view, policy))
    if baseline is None:
        return replace(said, baseline=APPROVE_ALL, baseline_decline=NOBODY, baseline_policy=REST)
    return replace(
        said,
        baseline=_said(baseline.review),
        baseline_decline=_said(baseline.decline),
        baseline_policy=_rest(view, baseline),
    )


def _rest(view: View, policy: Policy) -> Policy:
    """The limit on reviews is left out where the prices say the same."""
    same = policy.reviews_per_day == view.prices.reviews_per_day
    return rest_of(replace(policy, reviews_per_day=None) if same else policy)


def _policy(
    cube: Cube, view: View, rest: Policy, line: float | str, decline: float | str, opening: float, limit: float | None
) -> Policy:
    review, declined = _number(line), _number(decline)
    if line == UNSET and rest.ranked_by == BY_SAVING:
        review = 0.0
    elif line == UNSET:
        review = threshold_at(cube, last_step_within(price_curve(cube, view.prices), opening))
    if declined is not None and (review is None or declined < review):
        review = declined
    own_limit = rest.reviews_per_day if rest.reviews_per_day is not None and cube.days is not None else limit
    return replace(rest, review=review, decline=declined, reviews_per_day=own_limit)


def _number(stated: float | str) -> float | None:
    return None if isinstance(stated, str) else float(stated)


def _said(threshold: float | None) -> float | str:
    return NOBODY if threshold is None else threshold
