"""Intervals: against closed forms, against replicates written out, and by how often they hold the truth."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm, t

from core.assumptions import Assumptions
from core.deciding.confidence import (
    FLAG_NOBODY,
    Interval,
    bands,
    cheapest_interval,
    compare_steps,
    daily_figure,
    daily_of,
    figure_intervals,
    intervals_and_change,
)
from core.deciding.review_decline import figures_of
from core.errors import PolicyError
from core.policy import Steps, treatment
from core.pricing.cube import Cube, build_cube, daily_totals, running_sums, totals_of
from core.pricing.economics import coefficients, price
from core.pricing.policy_sums import daily_at
from core.resampling import day_weights
from tests.cases import applied
from tests.tables import month

PRICES = Assumptions(fraud_loss_rate=1.0, chargeback_fee=5.0, reviewer_catch_rate=0.9, abandonment_rate=0.05)


def figure_interval(cube: Cube, prices: Assumptions, figure: str, steps: Steps) -> Interval:
    return figure_intervals(applied(cube, prices, steps), [figure])[figure]


def bands_of(cube: Cube, prices: Assumptions, figure: str, steps: "np.ndarray | None" = None) -> tuple:
    chosen = np.arange(len(cube.thresholds) + 1) if steps is None else steps
    return bands(applied(cube, prices), figure, chosen)


def test_days_add_up_to_the_whole() -> None:
    cube = build_cube(month(1))
    whole = price(coefficients(PRICES, totals_of(cube)), running_sums(cube))
    for figure in ("saving", "total_cost", "fraud_loss", "false_positives", "flac_sales", "sessions"):
        assert daily_figure(cube, PRICES, figure).sum(axis=0) == pytest.approx(whole[figure], rel=1e-9, abs=1e-4)


def test_daily_totals_are_the_totals_of_each_day() -> None:
    orders = month(1, days=5)
    orders.loc[::7, "is_fraud"] = np.nan
    orders.loc[::11, "score"] = np.nan
    visits = pd.Series(range(100, 105), pd.date_range("2026-03-01", periods=5), dtype=float)
    for cube in (build_cube(orders), build_cube(orders, sessions=visits)):
        assert daily_totals(cube) == [totals_of(cube, day_weights=day) for day in np.eye(5)]


def test_a_replicate_equals_its_days_written_out() -> None:
    orders = month(2, days=6, orders=400)
    cube = build_cube(orders)
    weights = day_weights(6, replicates=5, seed=3)
    daily = daily_figure(cube, PRICES, "saving")
    first = orders["ordered_at"].dt.floor("D").min()
    place = (orders["ordered_at"].dt.floor("D") - first).dt.days.to_numpy()
    for row in weights:
        written = orders.iloc[np.repeat(np.arange(len(orders)), row[place].astype(int))].drop(columns="ordered_at")
        alone = build_cube(written, thresholds=cube.thresholds)
        expected = price(coefficients(PRICES, totals_of(alone)), running_sums(alone))["saving"]
        assert row @ daily == pytest.approx(expected, rel=1e-9, abs=1e-4)


def test_the_spread_of_a_count_is_binomial() -> None:
    """20,000 orders on 200 days, 10 % flagged fraud: the count's interval is ±1.96·sqrt(n·p·q), about."""
    random = np.random.default_rng(5)
    fraud = (random.random(20_000) < 0.1).astype(float)
    times = np.datetime64("2026-01-01", "us") + np.repeat(np.arange(200), 100).astype("timedelta64[D]")
    orders = pd.DataFrame({"score": 0.5, "is_fraud": fraud, "amount": 1.0, "ordered_at": times})
    found = figure_interval(build_cube(orders), Assumptions(), "caught", Steps(1))
    assert found.value == fraud.sum()
    assert found.high - found.low == pytest.approx(2 * 1.96 * np.sqrt(20_000 * 0.1 * 0.9), rel=0.2)
    rate = figure_interval(build_cube(orders), Assumptions(), "precision", Steps(1))
    assert rate.high - rate.low == pytest.approx(2 * 1.96 * np.sqrt(0.1 * 0.9 / 20_000), rel=0.2)


def held(prices: Assumptions, fraud: float, months: int, days: int = 30) -> tuple[float, float]:
    """Share of simulated months whose 90 % interval of the change between two thresholds holds the truth, known from a
    very long one; and the share that calls its interval shaky."""
    thresholds = np.array([0.4, 0.15, 0.0])
    long = build_cube(month(99, days=30, orders=3_000_000, fraud=fraud), thresholds=thresholds)
    truth = compare_steps(long, prices, Steps(1), Steps(2)).change / 1000
    holds = shaky = 0
    for seed in range(months):
        orders = int(np.random.default_rng(seed).poisson(3000))  # a month's volume is chance too
        cube = build_cube(month(1000 + seed, days=days, orders=orders, fraud=fraud), thresholds=thresholds)
        found = compare_steps(cube, prices, Steps(1), Steps(2), level=0.9, seed=seed)
        holds += found.low <= truth <= found.high
        shaky += bool(found.few)
    return holds / months, shaky / months


@pytest.mark.parametrize("fraud", [0.05, 0.3])
def test_a_90_percent_interval_holds_the_truth_in_87_to_93_of_100_months(fraud: float) -> None:
    share, shaky = held(PRICES, fraud, 500)
    assert 0.87 <= share <= 0.93
    assert shaky < 0.01


def test_where_a_fraud_or_two_decide_it_fails_and_every_month_says_so() -> None:
    """Frauds dear, reviews cheap, about 1.2 deciding frauds a month: the interval holds the truth in two of three."""
    dear = Assumptions(fraud_loss_rate=5.0, chargeback_fee=100.0, review_cost=2.0)
    share, shaky = held(dear, 0.001, 200)
    assert share < 0.8
    assert shaky == 1


def test_with_few_frauds_the_interval_fails_and_says_so() -> None:
    thresholds = np.array([0.4, 0.15, 0.0])
    cube = build_cube(month(7, fraud=0.002), thresholds=thresholds)
    assert "so few frauds to decide it" in compare_steps(cube, PRICES, Steps(1), Steps(2)).few
    assert "days are too few" in compare_steps(build_cube(month(7, days=3)), PRICES, Steps(1), Steps(2)).few
    assert compare_steps(build_cube(month(7, fraud=0.3), thresholds=thresholds), PRICES, Steps(1), Steps(2)).few == ""


def test_a_policy_against_itself_and_both_ways_round() -> None:
    cube = build_cube(month(8))
    same = compare_steps(cube, PRICES, Steps(20), Steps(20))
    assert (same.change, same.low, same.high, same.better, same.fraud) == (0, 0, 0, 0.5, 0)
    assert same.inside_noise
    there, back = compare_steps(cube, PRICES, Steps(5), Steps(40)), compare_steps(cube, PRICES, Steps(40), Steps(5))
    assert there.change == pytest.approx(-back.change)
    assert there.low == pytest.approx(-back.high)
    assert there.better == pytest.approx(1 - back.better)


PAIRS = [(Steps(30, 8), Steps(30)), (Steps(30, 8), Steps(20, 12)), (Steps(9, 2), Steps(50, 20)),
         (Steps(12, 12), Steps(30, 8))]  # fmt: skip


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_two_cut_offs_are_compared_as_they_are_priced(a: Steps, b: Steps) -> None:
    orders = month(8)
    cube = build_cube(orders)
    found = compare_steps(cube, PRICES, a, b)
    before, after = (figures_of(cube, PRICES, policy) for policy in (a, b))
    assert found.change == pytest.approx(after["saving"] - before["saving"])
    cuts = [
        [None, *cube.thresholds.tolist()][step]
        for policy in (a, b)
        for step in (policy.review_step, policy.decline_step)
    ]
    scores = orders["score"].to_numpy()
    changed = treatment(scores, cuts[0], cuts[1]) != treatment(scores, cuts[2], cuts[3])
    assert found.fraud == orders["is_fraud"][changed].sum()
    assert found.legit == changed.sum() - found.fraud
    weights = day_weights(30) @ (
        daily_of(daily_at(cube, b), PRICES, ["saving"])[:, 0] - daily_of(daily_at(cube, a), PRICES, ["saving"])[:, 0]
    )
    assert found.better == (weights > 0).mean() + (weights == 0).mean() / 2
    sure = figure_interval(cube, PRICES, "detection_rate", a)
    assert sure.low <= before["detection_rate"] == sure.value <= sure.high


def test_bands_hold_the_curve_and_are_seeded() -> None:
    cube = build_cube(month(9))
    for figure in ("saving", "fraud_loss", "detection_rate"):
        low, high = bands_of(cube, PRICES, figure)
        value = price(coefficients(PRICES, totals_of(cube)), running_sums(cube))[figure]
        assert (low <= value + 1e-9).all()
        assert (value <= high + 1e-9).all()
    assert np.array_equal(bands_of(cube, PRICES, "saving")[0], bands_of(cube, PRICES, "saving")[0])
    some = np.array([3, 30, 41])
    for figure in ("saving", "precision"):
        part = np.array(bands_of(cube, PRICES, figure, some))
        assert part == pytest.approx(np.array(bands_of(cube, PRICES, figure))[:, some])


def test_a_rate_is_taken_over_the_replicates_in_which_it_has_a_value_and_stays_a_rate() -> None:
    """Three frauds on two of ten days: many a replicate has none, and detection is 2 of 3 on some."""
    orders = month(11, days=10, orders=500, fraud=0.0)
    days = orders["ordered_at"].dt.floor("D")
    first, last = orders.index[days == days.min()][:2], orders.index[days == days.max()][:1]
    orders.loc[[*first, *last], "is_fraud"] = 1.0
    orders["score"] = 0.1
    orders.loc[first, "score"] = 0.9
    cube = build_cube(orders)
    found = figure_interval(cube, PRICES, "detection_rate", Steps(1))
    weights = day_weights(10)
    caught, fraud = 2 * weights[:, 0], 2 * weights[:, 0] + weights[:, -1]
    rates = caught[fraud > 0] / fraud[fraud > 0]
    stretch = t.ppf(0.975, 9) / norm.ppf(0.975) * np.sqrt(10 / 9)
    low, high = np.quantile(rates, [0.025, 0.975])
    assert found.value == pytest.approx(2 / 3)
    assert found.low == pytest.approx(max(0, 2 / 3 - stretch * (2 / 3 - low)))
    assert found.high == pytest.approx(min(1, 2 / 3 + stretch * (high - 2 / 3)))
    low, high = bands_of(cube, PRICES, "precision")
    assert np.isnan(low[0])  # nobody flagged, in no replicate
    assert ((low[1:] >= 0) & (high[1:] <= 1)).all()
    assert bands_of(cube, PRICES, "fraud_loss")[0].min() >= 0


def test_figures_at_once_are_each_alone() -> None:
    cube = build_cube(month(12))
    figures = ["saving", "precision", "flac", "review_cost", "reviewed"]
    found = figure_intervals(applied(cube, PRICES, Steps(30, 8)), figures)
    assert list(found) == figures
    for figure in figures:
        alone = figure_interval(cube, PRICES, figure, Steps(30, 8))
        assert (found[figure].low, found[figure].high) == pytest.approx((alone.low, alone.high))
        assert found[figure].value == pytest.approx(figures_of(cube, PRICES, Steps(30, 8))[figure])
        assert found[figure].low < found[figure].value < found[figure].high


def test_two_policies_at_once_are_each_alone_and_their_comparison() -> None:
    cube, a, b = build_cube(month(12)), Steps(20), Steps(30, 8)
    first, second, change = intervals_and_change(cube, PRICES, ["precision", "review_cost"], a, b)
    for found, policy in ((first, a), (second, b)):
        alone = figure_intervals(applied(cube, PRICES, policy), ["precision", "review_cost"])
        assert [found[name].low for name in alone] == pytest.approx([one.low for one in alone.values()])
        assert [found[name].high for name in alone] == pytest.approx([one.high for one in alone.values()])
    compared = compare_steps(cube, PRICES, a, b)
    assert change == pytest.approx((compared.low, compared.high))


def test_the_cheapest_threshold_has_an_interval() -> None:
    cube = build_cube(month(10, fraud=0.1))
    steps, found = cheapest_interval(applied(cube, PRICES))
    assert found.low <= found.value <= found.high
    assert len(steps) == 1000
    whole = price(coefficients(PRICES, totals_of(cube)), running_sums(cube))["total_cost"]
    assert found.value == np.concatenate([[FLAG_NOBODY], cube.thresholds])[whole.argmin()]


def test_where_no_review_pays_the_cheapest_threshold_is_to_flag_nobody() -> None:
    _, found = cheapest_interval(applied(build_cube(month(10)), Assumptions(review_cost=10_000)))
    assert (found.value, found.low, found.high) == (FLAG_NOBODY, FLAG_NOBODY, FLAG_NOBODY)


def test_against_approving_everything_nothing_is_saved_on_any_day() -> None:
    cube = build_cube(month(8))
    found, alone = compare_steps(cube, PRICES, None, Steps(30)), figure_interval(cube, PRICES, "saving", Steps(30))
    assert (found.change, found.low, found.high) == pytest.approx((alone.value, alone.low, alone.high))
    stopped = running_sums(cube)[30]
    assert (found.legit, found.fraud) == pytest.approx((stopped[0], stopped[1]))
    assert "days are too few" in compare_steps(build_cube(month(7, days=3)), PRICES, None, Steps(1)).few


def test_a_single_day_has_no_interval_and_says_so() -> None:
    cube = build_cube(month(7, days=1))
    found = compare_steps(cube, PRICES, Steps(1), Steps(20))
    assert np.isnan([found.low, found.high]).all()
    assert found.inside_noise
    assert "cannot be resampled" in found.few
    assert np.isnan(bands_of(cube, PRICES, "saving")).all()
    assert np.isnan(figure_interval(cube, PRICES, "precision", Steps(20)).low)


def test_the_share_of_capacity_used_has_an_interval_about_its_value() -> None:
    prices = replace(PRICES, reviews_per_day=20.0)
    found = figure_interval(build_cube(month(8)), prices, "capacity_used", Steps(30))
    assert found.low < found.value < found.high


def test_orders_without_times_have_no_intervals() -> None:
    with pytest.raises(PolicyError, match="Intervals need the time"):
        compare_steps(build_cube(month(1).drop(columns="ordered_at")), PRICES, Steps(0), Steps(1))
