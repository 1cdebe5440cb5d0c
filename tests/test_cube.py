"""The cube against hand counts, a masking twin, DuckDB over Parquet, and laws under random data."""

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import OrdersError, PolicyError
from core.pricing.counting import MAX_STEPS, choose_thresholds
from core.pricing.cube import (
    build_cube,
    cube_table,
    running_sums,
    step_of,
    threshold_at,
    totals_of,
)
from core.pricing.cube_sql import build_cube_sql
from tests.slow import sums_at
from tests.strategies import order_tables


def test_six_orders_by_hand(six_orders: pd.DataFrame) -> None:
    cube = build_cube(six_orders)
    assert cube.thresholds.tolist() == [0.9, 0.5, 0.2, 0.1]
    assert running_sums(cube).tolist() == [
        [0, 0, 0, 0],  # flag nobody
        [0, 1, 0, 100],
        [1, 2, 20, 3100],  # the tie at 0.5 is flagged whole
        [2, 2, 60, 3100],
        [3, 2, 560, 3100],  # flag everybody that was scored; the sixth never was
    ]


def test_totals_count_orders_never_scored(six_orders: pd.DataFrame) -> None:
    everything = totals_of(build_cube(six_orders))
    assert (everything.orders, everything.labelled, everything.scored, everything.days) == (6, 6, 5, 2)
    assert (everything.n0, everything.n1, everything.a0, everything.a1) == (3, 3, 560, 3106)


def test_orders_without_label_enter_with_their_score(six_orders: pd.DataFrame) -> None:
    six_orders["is_fraud"] = [np.nan, 0, 1, 0, 0, np.nan]
    everything = totals_of(build_cube(six_orders))
    assert (everything.labelled, everything.unknown) == (4, 1)
    assert (everything.n0, everything.n1) == pytest.approx((3 + 0.1, 1 + 0.9))
    assert everything.a1 == pytest.approx(3000 + 0.9 * 100)


def test_flag_nobody_and_flag_everybody_are_the_two_ends(six_orders: pd.DataFrame) -> None:
    cube = build_cube(six_orders)
    assert threshold_at(cube, 0) is None
    assert threshold_at(cube, 4) == 0.1
    assert step_of(cube, None) == 0
    assert step_of(cube, 0.0) == 4


def test_a_threshold_of_one_still_flags_a_score_of_one() -> None:
    orders = pd.DataFrame({"score": [1.0, 0.5], "is_fraud": [1.0, 0.0], "amount": [2.0, 3.0]})
    cube = build_cube(orders)
    assert running_sums(cube)[step_of(cube, 1.0)].tolist() == [0, 1, 0, 2]


def test_a_threshold_that_is_no_number_is_refused(six_orders: pd.DataFrame) -> None:
    with pytest.raises(PolicyError, match="Got: NaN"):
        step_of(build_cube(six_orders), float("nan"))


def test_no_scored_order_gives_one_step_that_flags_nobody(six_orders: pd.DataFrame) -> None:
    cube = build_cube(six_orders.assign(score=np.nan))
    assert running_sums(cube).tolist() == [[0, 0, 0, 0]]
    assert totals_of(cube).scored == 0


def test_days_sum_to_the_whole_and_weights_repeat_them(six_orders: pd.DataFrame) -> None:
    cube = build_cube(six_orders)
    first, second = (running_sums(cube, day_weights=np.array(w, float)) for w in ([1, 0], [0, 1]))
    assert (first + second).tolist() == running_sums(cube).tolist()
    assert first[-1].tolist() == [1, 1, 20, 100]
    doubled = running_sums(cube, day_weights=np.array([2.0, 2.0]))
    assert doubled.tolist() == (2 * running_sums(cube)).tolist()


def test_orders_without_a_segment_are_one_of_their_own(six_orders: pd.DataFrame) -> None:
    orders = six_orders.assign(kind=["x", None, "y", "y", None, "x"])
    connection = duckdb.connect()
    connection.register("six", orders)
    for cube in (build_cube(orders, segment="kind"), build_cube_sql(connection, "six", segment="kind")):
        assert cube.segments == ("not known", "x", "y")
        assert [totals_of(cube, segment=name).orders for name in cube.segments] == [2, 2, 2]


def test_segments_sum_to_the_whole(six_orders: pd.DataFrame) -> None:
    cube = build_cube(six_orders.assign(kind=list("xyxyxy")), segment="kind")
    parts = sum(running_sums(cube, segment=name) for name in cube.segments)
    assert cube.segments == ("x", "y")
    assert np.array_equal(parts, running_sums(cube))


def test_the_table_of_cells_holds_every_order(six_orders: pd.DataFrame) -> None:
    table = cube_table(build_cube(six_orders))
    assert table[["n0", "n1", "a0", "a1"]].sum().tolist() == [3, 3, 560, 3106]
    assert table["threshold"].isna().sum() == 1


@given(order_tables())
def test_sums_equal_a_mask_at_every_threshold(orders: pd.DataFrame) -> None:
    cube = build_cube(orders)
    sums = running_sums(cube)
    for step in range(len(sums)):
        assert sums[step] == pytest.approx(sums_at(orders, threshold_at(cube, step)), abs=2e-6)


@given(order_tables(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(orders: pd.DataFrame, random: "np.random.Generator") -> None:
    places = list(range(len(orders)))
    random.shuffle(places)  # type: ignore[arg-type]
    assert running_sums(build_cube(orders.iloc[places])) == pytest.approx(running_sums(build_cube(orders)), abs=2e-6)


@given(order_tables())
def test_a_rising_transform_of_scores_changes_no_count(orders: pd.DataFrame) -> None:
    moved = orders.assign(score=orders["score"] / 4 + 0.5)
    labelled = orders["is_fraud"].notna()
    assert np.array_equal(running_sums(build_cube(moved[labelled])), running_sums(build_cube(orders[labelled])))


@given(order_tables())
def test_counts_add_up(orders: pd.DataFrame) -> None:
    everything = totals_of(build_cube(orders))
    assert everything.n0 + everything.n1 + everything.unknown == pytest.approx(everything.orders)
    assert everything.a0 + everything.a1 <= orders["amount"].sum() + 1e-6


@settings(max_examples=30)
@given(order_tables())
def test_duckdb_gives_the_same_cube(orders: pd.DataFrame) -> None:
    with duckdb.connect() as connection:
        connection.register("orders", orders)
        other = build_cube_sql(connection, "orders")
    cube = build_cube(orders)
    assert np.array_equal(other.thresholds, cube.thresholds)
    assert other.cells == pytest.approx(cube.cells)
    assert np.array_equal(other.gaps, cube.gaps)


@pytest.fixture(scope="module")
def many_orders() -> pd.DataFrame:
    random = np.random.default_rng(5)
    fraud = (random.random(60_000) < 0.02).astype(float)
    margin = random.normal(size=fraud.size) + 2 * fraud - 4
    scores = 1 / (1 + np.exp(-margin))
    scores[random.random(fraud.size) < 0.5] = np.nan
    times = np.datetime64("2026-03-01", "us") + random.integers(0, 9 * 86_400_000_000, fraud.size)
    amounts = random.lognormal(4, 1, fraud.size).round(2)
    return pd.DataFrame({"score": scores, "is_fraud": fraud, "amount": amounts, "ordered_at": times})


def test_many_scores_get_quantile_steps_each_a_real_score(many_orders: pd.DataFrame) -> None:
    cube = build_cube(many_orders)
    assert 2_000 <= cube.thresholds.size <= MAX_STEPS
    assert np.isin(cube.thresholds, many_orders["score"]).all()
    assert cube.thresholds[-1] == many_orders["score"].min()
    assert (np.diff(cube.thresholds) < 0).all()


def test_quantile_steps_are_dense_below_five_per_cent_fpr(many_orders: pd.DataFrame) -> None:
    sums = running_sums(build_cube(many_orders))
    false_positive_rate = sums[:, 0] / (many_orders["is_fraud"] == 0).sum()
    assert (false_positive_rate <= 0.05).mean() > 0.6


def test_quantile_steps_carry_exact_sums(many_orders: pd.DataFrame) -> None:
    cube = build_cube(many_orders)
    sums = running_sums(cube)
    for step in (0, 1, 17, 400, 2_000, len(sums) - 1):
        assert sums[step] == pytest.approx(sums_at(many_orders, threshold_at(cube, step)))


def test_quantile_steps_do_not_depend_on_the_order_of_rows(many_orders: pd.DataFrame) -> None:
    shuffled = many_orders.sample(frac=1, random_state=1)
    assert np.array_equal(build_cube(shuffled).thresholds, build_cube(many_orders).thresholds)


def test_parquet_by_duckdb_gives_the_same_figures(many_orders: pd.DataFrame, tmp_path: Path) -> None:
    many_orders.to_parquet(tmp_path / "orders.parquet")
    with duckdb.connect() as connection:
        other = build_cube_sql(connection, f"read_parquet('{tmp_path / 'orders.parquet'}')")
    assert np.array_equal(other.days, build_cube(many_orders).days)
    assert running_sums(other) == pytest.approx(running_sums(build_cube(many_orders)), abs=2e-6)


def test_crowded_scores_keep_exact_sums() -> None:
    """Scores within a billionth of each other, and a heap of ties."""
    random = np.random.default_rng(9)
    scores = np.concatenate([0.01 + random.random(9_000) * 1e-9, np.full(4_000, 0.02), [1e-300, 0.0, 1.0]])
    orders = pd.DataFrame({"score": scores, "is_fraud": random.integers(0, 2, scores.size), "amount": 1.0})
    cube = build_cube(orders.astype(float))
    sums = running_sums(cube)
    for step in range(0, len(sums), 97):
        assert sums[step].tolist() == pytest.approx(sums_at(orders, threshold_at(cube, step)))


def test_choosing_thresholds_ignores_missing_scores() -> None:
    assert choose_thresholds(np.array([np.nan, np.nan])).size == 0


def test_a_stray_date_is_named_before_it_fills_the_memory(six_orders: pd.DataFrame) -> None:
    times = six_orders["ordered_at"].mask(six_orders["order_id"] == "a", pd.Timestamp("1970-01-01"))
    with pytest.raises(OrdersError, match="from 1970-01-01 to 2026-03-02; at most 1830 days"):
        build_cube(six_orders.assign(ordered_at=times))
    with duckdb.connect() as connection, pytest.raises(OrdersError, match="from 1970-01-01 to 2026-03-02"):
        connection.register("orders", six_orders.assign(ordered_at=times))
        build_cube_sql(connection, "orders")


def test_a_million_orders_keep_exact_sums_whatever_the_order_of_rows() -> None:
    random = np.random.default_rng(3)
    scores = random.beta(0.3, 20, 1_100_000)
    orders = pd.DataFrame({"score": scores, "is_fraud": (random.random(scores.size) < scores).astype(float)})
    orders["amount"] = 1.0
    cube = build_cube(orders)
    assert cube.thresholds[-1] == scores.min()
    assert cube.thresholds.size > 4_000
    assert np.array_equal(cube.thresholds, choose_thresholds(scores[::-1].copy()))
    for step in (1, 900, 3_500, len(cube.thresholds)):
        assert running_sums(cube)[step] == pytest.approx(sums_at(orders, threshold_at(cube, step)))


def test_many_orders_of_few_distinct_scores_get_every_one_of_them() -> None:
    scores = np.random.default_rng(3).integers(0, 1000, 1_100_000) / 1000
    assert choose_thresholds(scores).size == 1000
