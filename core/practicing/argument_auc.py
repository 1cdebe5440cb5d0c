"""What a claim asks of the scores: bounds an AUC sets on detection, the AUC that would make a claim exactly true, and
what a claim contradicts."""

from collections.abc import Callable
from dataclasses import replace
from math import nan, sqrt

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from core.assumptions import Assumptions
from core.number_format import percent, percent_short
from core.practicing.argument import Claim, work_out
from core.pricing.cube import Cube, running_sums, totals_of
from core.pricing.curve import last_step_within, month_factor, price_curve
from core.pricing.economics import coefficients, price

_LARGEST_SHIFT = 8.0  # between the means of legit and fraud scores, in their spreads: an AUC of 1 − 8e-9


def most_detection(auc: float, fpr: float, *, concave: bool = False) -> float:
    """The most any model of that AUC detects at that FPR: AUC ÷ (1 − FPR); on a concave ROC 2·AUC − 1 + FPR.

    >>> round(most_detection(0.85, 0.02), 3), round(most_detection(0.85, 0.02, concave=True), 3)
    (0.867, 0.72)
    """
    most = 2 * auc - 1 + fpr if concave else auc / (1 - fpr) if fpr < 1 else 1.0
    return min(1.0, max(most, 0.0))


def least_auc(fpr: float, detection: float, *, concave: bool = False) -> float:
    """The AUC below which no model reaches that detection at that FPR.

    >>> round(least_auc(0.02, 0.95), 3), round(least_auc(0.02, 0.95, concave=True), 3)
    (0.931, 0.965)
    """
    return (detection + 1 - fpr) / 2 if concave else detection * (1 - fpr)


def binormal_detection(auc: float, fpr: float) -> float:
    """Detection at that FPR on the ROC two normal scores of equal spread give: Φ(√2 · Φ⁻¹(AUC) + Φ⁻¹(FPR)).

    >>> round(binormal_detection(0.85, 0.02), 3), round(binormal_detection(0.5, 0.02), 3)
    (0.278, 0.02)
    """
    return _on_binormal(sqrt(2) * ndtri(auc), fpr)


def _on_binormal(shift: float, fpr: float) -> float:
    """Detection where the means of legit and fraud scores lie shift of their spreads apart."""
    return float(ndtr(shift + ndtri(fpr)))


def needed_auc(claim: Claim, goal: float) -> list[float]:
    """The AUCs, rising, that make the claim worth exactly goal dollars when both detections follow one binormal ROC.

    Two where the lines may lie on its steep or on its flat part; none where no such model gives it; NaN where every
    one does.
    """

    def net(shift: float) -> float:
        before, after = (_on_binormal(shift, fpr) for fpr in (claim.fpr_from, claim.fpr_to))
        return work_out(replace(claim, detection_from=before, detection_to=after)).net

    return [float(ndtr(shift / sqrt(2))) for shift in _roots(net, 0.0, _LARGEST_SHIFT, goal)]


def _roots(function: Callable[[float], float], low: float, high: float, goal: float) -> list[float]:
    """Where a smooth function takes a value, rising, NaN where it does everywhere; a touch between two of 400 points is
    not found."""
    points = np.linspace(low, high, 400)
    off = np.array([function(float(point)) - goal for point in points])
    if np.ptp(off) < 1e-9:
        return [nan] if abs(off[0]) < 1e-9 else []
    crossed = np.flatnonzero(np.sign(off[:-1]) * np.sign(off[1:]) < 0)
    found = [float(brentq(lambda x: function(x) - goal, points[i], points[i + 1])) for i in crossed]
    return sorted([*found, *points[off == 0].tolist()])


def needed_auc_on_orders(cube: Cube, prices: Assumptions, claim: Claim, goal: float) -> tuple[float, list[float]]:
    """The AUC of the loaded scores, and those at which the move would be worth goal dollars a month here.

    Better or worse scores are taken to lift the whole measured ROC evenly: Φ⁻¹(detection) by one amount at every FPR,
    by count and by value alike. The FPRs, amounts and prices stay.
    """
    prices = replace(prices, review_cost=claim.review_cost)
    curve, totals, sums = price_curve(cube, prices), totals_of(cube), running_sums(cube)
    coefs, factor = coefficients(prices, totals), month_factor(totals) or 1.0
    steps = [last_step_within(curve, fpr) for fpr in (claim.fpr_from, claim.fpr_to)]
    fpr, detection, value = (  # the dollars of fraud that are none are none at any line
        np.nan_to_num(curve[name].to_numpy())
        for name in ("false_positive_rate", "detection_rate", "value_detection_rate")
    )

    def net(shift: float) -> float:
        moved = sums[steps].copy()
        moved[:, 1] = totals.n1 * ndtr(ndtri(detection[steps]) + shift)
        moved[:, 3] = totals.a1 * ndtr(ndtri(value[steps]) + shift)
        before, after = price(coefs, moved)["saving"]
        return factor * float(after - before)

    def auc(shift: float) -> float:
        lifted = ndtr(ndtri(detection) + shift)
        return float(np.trapezoid([*lifted, 1.0], [*fpr, 1.0]))  # whoever is never scored comes last, in no order

    if not totals.n1 or not totals.n0:
        return nan, []
    return auc(0.0), [auc(shift) for shift in _roots(net, -4.0, _LARGEST_SHIFT, goal)]


def contradictions(claim: Claim, auc: float | None) -> list[str]:
    """What cannot be true together, in sentences. auc: of the scores at hand, or None where no outcome is known."""
    found = []
    fpr, detection = claim.fpr_to - claim.fpr_from, claim.detection_to - claim.detection_from
    if fpr > 0:
        found.append("The false positive rate rises: more legit orders are reviewed, not fewer.")
    if detection > 0 and fpr <= 0:
        held = "Fewer legit orders are flagged" if fpr < 0 else "As many legit orders are flagged"
        found.append(f"{held}, yet more fraud is caught: that takes another model, not another line.")
    if detection < 0 and fpr >= 0:
        held = "More legit orders are flagged" if fpr > 0 else "As many legit orders are flagged"
        found.append(f"{held}, yet less fraud is caught: no line on one model does that, it takes a worse one.")
    ends = (("Before", claim.fpr_from, claim.detection_from), ("After", claim.fpr_to, claim.detection_to))
    for when, fpr, detection in ends if auc is not None else ():
        assert auc is not None
        most, concave = most_detection(auc, fpr), most_detection(auc, fpr, concave=True)
        if detection > most:
            found.append(
                f"{when}: {percent_short(detection)} detection at {percent(fpr)} FPR cannot be had from an AUC of "
                f"{auc:.3f}, which allows at most {percent_short(most)}; it takes an AUC of "
                f"{least_auc(fpr, detection):.3f} or more."
            )
        elif detection > concave:
            found.append(
                f"{when}: {percent_short(detection)} detection at {percent(fpr)} FPR is more than a concave curve of "
                f"AUC {auc:.3f} allows ({percent_short(concave)})."
            )
    return found
