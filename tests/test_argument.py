"""The claim against the worked tables, and against orders made to fit them."""

from dataclasses import replace
from math import isnan

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm
from sklearn.metrics import roc_auc_score

from core.assumptions import Assumptions
from core.errors import AssumptionsError
from core.practicing.argument import (
    Claim,
    break_even_drop,
    needed_for,
    needed_on_orders,
    on_orders,
    work_out,
)
from core.practicing.argument_auc import (
    binormal_detection,
    contradictions,
    least_auc,
    most_detection,
    needed_auc,
    needed_auc_on_orders,
)
from core.pricing.cube import build_cube
from tests.tables import month


def test_the_worked_case() -> None:
    """5,940 → 1,485 false positives, 2,850 → 2,790 caught: $54,180 of reviews, $9,180 of fraud, $45,000."""
    worked = work_out(Claim())
    assert (worked.fewer_false_positives, worked.fewer_caught) == (pytest.approx(4455), pytest.approx(60))
    assert worked.review_saving == pytest.approx(54_180)
    assert worked.fraud_let_through == pytest.approx(9_180)
    assert worked.net == pytest.approx(45_000)


@pytest.mark.parametrize(
    ("change", "net"),
    [
        ({"loss_per_fraud": 100}, 48_180),
        ({"loss_per_fraud": 250}, 39_180),
        ({"loss_per_fraud": 903}, 0),
        ({"detection_to": 0.95}, 53_460),
        ({"detection_to": 0.94}, 49_230),
        ({"detection_to": 0.92}, 40_770),
        ({"detection_to": 0.90}, 32_310),
        ({"detection_to": 0.85}, 11_160),
    ],
)
def test_the_sensitivities(change: dict[str, float], net: float) -> None:
    assert work_out(replace(Claim(), **change)).net == pytest.approx(net, abs=1e-6)


_D = np.sqrt(2) * norm.ppf(0.85)  # a binormal curve of AUC 0.85
BINORMAL = float(norm.cdf(norm.ppf(0.02) + _D) - norm.cdf(norm.ppf(0.005) + _D))  # about 14.5 points


LOSSES = (60, 100, 150, 300, 600)
NEEDED_ORDERS = [  # conventions.md 6.2: drop in detection, fraud rate, orders a month for each loss, break-even loss
    (0, 0.01, (252_525,) * 5, None),
    (0.02, 0.0025, (254_022, 256_923, 260_643, 272_480, 299_700), 3603),
    (0.02, 0.005, (258_176, 264_240, 272_232, 299_401, 374_065), 1803),
    (0.02, 0.01, (266_904, 280_199, 298_805, 373_134, 742_574), 903),
    (0.02, 0.02, (286_260, 318_697, 371_287, 735_294, None), 453),
    (BINORMAL, 0.0025, (277_476, 304_676, 347_222, 597_558, None), 508),
    (BINORMAL, 0.005, (311_738, 389_963, 568_182, None, None), 259),
    (BINORMAL, 0.01, (413_967, 885_979, None, None, None), 135),
    (BINORMAL, 0.02, (1_202_930, None, None, None, None), 73),
]


@pytest.mark.parametrize(("drop", "fraud_rate", "row", "even"), NEEDED_ORDERS)
def test_the_orders_it_takes(drop: float, fraud_rate: float, row: tuple[float | None, ...], even: float | None) -> None:
    for loss, orders in zip(LOSSES, row, strict=True):
        claim = Claim(detection_to=0.95 - drop, fraud_rate=fraud_rate, loss_per_fraud=loss)
        needed = needed_for(claim, 45_000)["orders"]
        assert isnan(needed) if orders is None else needed == pytest.approx(orders, rel=2e-6, abs=1)
    value = needed_for(claim, 0)["loss_per_fraud"]
    assert isnan(value) if even is None else value == pytest.approx(even, abs=0.5)


@pytest.mark.parametrize(
    ("review_cost", "orders", "fewer"), [(12, 250_000, 3_750), (15, 200_000, 3_000), (24, 125_000, 1_875)]
)
def test_readings_in_which_no_fraud_is_let_through(review_cost: float, orders: float, fewer: float) -> None:
    """6.1 A and D, C, C': each avoided false positive is worth that much, all orders are legit."""
    claim = Claim(review_cost=review_cost, orders=orders, fraud_rate=0, detection_to=0.95)
    assert work_out(claim).fewer_false_positives == pytest.approx(fewer)
    assert work_out(claim).net == pytest.approx(45_000)
    assert needed_for(claim, 45_000)["orders"] == pytest.approx(orders)


@pytest.mark.parametrize(("loss", "net"), [(100, 48_180), (250, 39_180), (903, 0)])  # 6.3, amounts
def test_the_worked_case_at_other_losses(loss: float, net: float) -> None:
    assert work_out(Claim(loss_per_fraud=loss)).net == pytest.approx(net, abs=1e-6)


@pytest.mark.parametrize(("drop", "net"), [(0, 53_460), (1, 49_230), (3, 40_770), (5, 32_310), (10, 11_160)])
def test_the_worked_case_at_other_drops_of_detection(drop: int, net: float) -> None:
    assert work_out(Claim(detection_to=0.95 - drop / 100)).net == pytest.approx(net)


@pytest.mark.parametrize(("fraud_rate", "net"), [(0.01, -7_783), (0.005, 23_108), (0.0025, 38_554)])
def test_moving_a_threshold_of_auc_085_does_not_earn_it(fraud_rate: float, net: float) -> None:
    """6.4: both detections on the binormal curve."""
    before, after = (binormal_detection(0.85, fpr) for fpr in (0.02, 0.005))
    claim = Claim(detection_from=before, detection_to=after, fraud_rate=fraud_rate)
    assert work_out(claim).net == pytest.approx(net, abs=1)


def test_the_best_threshold_of_auc_085_and_the_aucs_it_would_take() -> None:
    """6.4: cheapest at 1.44 % FPR, $1,919 better than 2 % and $9,702 better than 0.5 %."""

    def over(fpr: float, other: float) -> float:
        ends = [binormal_detection(0.85, at) for at in (other, fpr)]
        return work_out(Claim(fpr_from=other, fpr_to=fpr, detection_from=ends[0], detection_to=ends[1])).net

    grid = np.arange(0.001, 0.04, 0.0001)
    best = float(grid[np.argmax([over(float(fpr), 0.02) for fpr in grid])])
    assert best == pytest.approx(0.0144, abs=1e-4)
    assert (over(best, 0.02), over(best, 0.005)) == (pytest.approx(1_919, abs=1), pytest.approx(9_702, abs=1))
    assert binormal_detection(0.9955, 0.02) == pytest.approx(0.95, abs=1e-3)
    assert binormal_detection(0.9979, 0.005) == pytest.approx(0.93, abs=2e-3)
    assert binormal_detection(0.92, 0.005) == pytest.approx(0.278, abs=6e-3)
    assert least_auc(0.02, 0.95) == pytest.approx(0.931)


def test_a_test_set_of_60_000_orders_leaves_the_45k_at_34_to_52() -> None:
    """6.5: log-normal losses of mean 153, sigma 1; the interval hangs on some twelve frauds."""
    parts = [(0.9, 297, 558), (0.5, 891, 12), (0.1, 58_212, 30)]  # a fifth of the worked case: score, legit, fraud
    score = np.concatenate([np.full(legit + fraud, s) for s, legit, fraud in parts])
    fraud = np.concatenate([np.append(np.zeros(legit), np.ones(f)) for _, legit, f in parts])
    ends = []
    for seed in range(20):
        random = np.random.default_rng(seed)
        amount = random.lognormal(np.log(153 / 0.3) - 0.5, 1, len(score))
        times = np.datetime64("2026-03-01", "us") + random.integers(0, 30, len(score)).astype("timedelta64[D]")
        orders = pd.DataFrame({"score": score, "is_fraud": fraud, "amount": amount, "ordered_at": times})
        found = on_orders(build_cube(orders), Assumptions(), Claim()).compared
        assert found is not None
        assert round(found.fraud) == 12
        assert "so few frauds to decide it" in found.few
        ends.append((5 * found.low, 5 * found.high))
    low, high = np.median(ends, axis=0)
    assert low == pytest.approx(34_000, abs=5_000)
    assert high == pytest.approx(52_000, abs=5_000)


def test_break_evens() -> None:
    assert needed_for(Claim(), 0)["loss_per_fraud"] == pytest.approx(903)
    assert break_even_drop(Claim()) == pytest.approx(0.1264, abs=1e-4)
    assert isnan(break_even_drop(Claim(loss_per_fraud=12)))
    assert isnan(break_even_drop(Claim(fraud_rate=0.001)))  # 127 points: more than were ever detected
    assert isnan(break_even_drop(Claim(fpr_to=0.03)))
    for rate, loss in ((0.0025, 3603), (0.005, 1803), (0.02, 453)):
        assert needed_for(Claim(fraud_rate=rate), 0)["loss_per_fraud"] == pytest.approx(loss)
    needed = needed_for(Claim(), 45_000)
    assert (needed["orders"], needed["loss_per_fraud"]) == (pytest.approx(300_000), pytest.approx(153))


def test_the_bounds_of_an_auc() -> None:
    assert most_detection(0.85, 0.02) == pytest.approx(0.867, abs=5e-4)
    assert most_detection(0.85, 0.005) == pytest.approx(0.854, abs=5e-4)
    assert most_detection(0.85, 0.02, concave=True) == pytest.approx(0.72)
    assert most_detection(0.85, 0.005, concave=True) == pytest.approx(0.705)
    assert most_detection(0.85, 0.1053) == pytest.approx(0.95, abs=1e-3)
    assert most_detection(0.85, 0.25, concave=True) == pytest.approx(0.95)
    assert most_detection(0.85, 1.0) == 1


def test_contradictions_are_named() -> None:
    found = contradictions(Claim(), 0.85)
    assert len(found) == 2
    assert "cannot be had from an AUC of 0.850, which allows at most 86.7\u00a0%" in found[0]
    assert contradictions(Claim(), None) == []
    assert contradictions(Claim(), 0.999) == []
    assert "concave" in contradictions(Claim(), 0.94)[0]
    assert "Fewer legit orders are flagged, yet more fraud" in contradictions(Claim(detection_to=0.99), None)[0]
    same = Claim(fpr_to=0.02)
    assert "As many legit orders are flagged, yet less fraud" in contradictions(same, None)[0]
    assert (
        "As many legit orders are flagged, yet more fraud" in contradictions(replace(same, detection_to=0.99), None)[0]
    )
    assert contradictions(replace(same, detection_to=0.95), None) == []
    more = contradictions(Claim(fpr_to=0.03, detection_to=0.97), None)
    assert more == ["The false positive rate rises: more legit orders are reviewed, not fewer."]
    worse = contradictions(Claim(fpr_to=0.03), None)
    assert "More legit orders are flagged, yet less fraud" in worse[1]


@given(st.floats(0, 0.9), st.floats(0, 1))
def test_the_least_auc_allows_just_that_detection(fpr: float, detection: float) -> None:
    for concave in (False, True):
        auc = least_auc(fpr, detection, concave=concave)
        assert most_detection(auc, fpr, concave=concave) == pytest.approx(detection, abs=1e-9)


@given(st.floats(0.001, 0.2), st.floats(20, 500), st.floats(1, 50))
def test_a_needed_value_makes_the_claim_exactly_true(fraud_rate: float, loss: float, review: float) -> None:
    claim = Claim(fraud_rate=fraud_rate, loss_per_fraud=loss, review_cost=review)
    for name, value in needed_for(claim, claim.claimed).items():
        if not isnan(value):
            assert work_out(replace(claim, **{name: value})).net == pytest.approx(45_000, rel=1e-6)


def test_on_orders_made_to_fit_it_the_claim_is_exact() -> None:
    """A thousandth of the worked case: 297 false positives at 2 % … as four scores on 300,000 orders in one month."""
    parts = [(0.9, 1485, 2790), (0.5, 4455, 60), (0.1, 291_060, 150)]  # score, legit, fraud
    score = np.concatenate([np.full(legit + fraud, s) for s, legit, fraud in parts])
    fraud = np.concatenate([np.append(np.zeros(legit), np.ones(f)) for _, legit, f in parts])
    random = np.random.default_rng(1).permutation(len(score))
    times = np.datetime64("2026-03-01", "us") + (np.arange(len(score)) % 30).astype("timedelta64[D]")
    orders = pd.DataFrame({"score": score[random], "is_fraud": fraud[random], "amount": 510.0, "ordered_at": times})
    found = on_orders(build_cube(orders), Assumptions(), Claim())
    assert found.worked.review_saving == pytest.approx(54_180)
    assert found.worked.fraud_let_through == pytest.approx(9_180)
    assert found.compared is not None
    assert found.compared.change == pytest.approx(45_000)
    assert found.compared.low < 45_000 < found.compared.high
    assert found.compared.fraud == pytest.approx(60)
    assert (found.before["detection_rate"], found.after["detection_rate"]) == (0.95, 0.93)
    needed = needed_on_orders(found, 22_500)
    assert needed["volume"] == pytest.approx(0.5)
    assert needed["loss"] == pytest.approx((54_180 - 22_500) / 9_180)
    assert needed["review_cost"] == pytest.approx((22_500 + 9_180) / 4_515)
    assert on_orders(build_cube(orders.drop(columns="ordered_at")), Assumptions(), Claim()).compared is None


def test_a_blank_out_of_range_is_named() -> None:
    with pytest.raises(AssumptionsError, match="Fraud rate must be from 0 to 1"):
        Claim(fraud_rate=1.5)


@given(st.floats(0.003, 0.02), st.floats(0.0001, 0.002), st.floats(10, 900), st.floats(0, 60_000))
def test_at_a_needed_auc_a_binormal_roc_gives_exactly_the_claim(
    fpr_from: float, fpr_to: float, loss: float, goal: float
) -> None:
    claim = replace(Claim(), fpr_from=fpr_from, fpr_to=fpr_to, loss_per_fraud=loss)
    for auc in needed_auc(claim, goal):
        before, after = (float(norm.cdf(np.sqrt(2) * norm.ppf(auc) + norm.ppf(fpr))) for fpr in (fpr_from, fpr_to))
        assert work_out(replace(claim, detection_from=before, detection_to=after)).net == pytest.approx(goal, abs=0.5)


def test_the_claim_of_45k_takes_an_auc_near_1_or_near_a_coins() -> None:
    """Two points of detection lost between 2 % and 0.5 %: a binormal ROC loses so little at its two ends only."""
    low, high = needed_auc(Claim(), 45_000)
    assert (round(low, 3), round(high, 4)) == (0.537, 0.9993)
    assert binormal_detection(high, 0.02) - binormal_detection(high, 0.005) == pytest.approx(0.02, abs=1e-6)
    assert needed_auc(Claim(), 53_460 + 1) == []  # more than the reviews of all the false positives
    nothing_moves = Claim(fpr_to=0.02, claimed=0)
    assert [isnan(auc) for auc in needed_auc(nothing_moves, 0)] == [True]  # every AUC does it
    assert needed_auc(nothing_moves, 1) == []


def test_the_loaded_scores_give_what_the_move_is_worth_and_better_ones_other_figures() -> None:
    orders = month(4, orders=6000, fraud=0.1)
    cube, prices, claim = build_cube(orders), Assumptions(api_cost=0), replace(Claim(), fpr_from=0.1, fpr_to=0.02)
    worth = on_orders(cube, prices, claim).worked.net
    now, found = needed_auc_on_orders(cube, prices, claim, worth)
    assert now == pytest.approx(roc_auc_score(orders["is_fraud"], orders["score"]), abs=1e-9)
    assert min(abs(auc - now) for auc in found) < 1e-6
    assert needed_auc_on_orders(cube, prices, claim, 1e9)[1] == []
    free = build_cube(orders.assign(amount=orders["amount"].where(orders["is_fraud"] == 0, 0.0)))
    worth = on_orders(free, prices, claim).worked.net
    assert min(abs(auc - now) for auc in needed_auc_on_orders(free, prices, claim, worth)[1]) < 1e-6
    assert isnan(needed_auc_on_orders(build_cube(orders.assign(is_fraud=0.0)), prices, claim, worth)[0])
