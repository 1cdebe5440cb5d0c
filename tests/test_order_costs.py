"""The money of one order: by hand, as the curve has it, and no price that lacks its place."""

import re
from collections.abc import Mapping
from dataclasses import field, make_dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.assumptions import CHOICES, FIELDS, OPTIONAL, Assumptions
from core.policy import DECLINE, REVIEW, SHIP, TREATMENTS, treatment
from core.pricing.costliest import costliest_flagged, costliest_missed
from core.pricing.cube import Totals, build_cube, running_sums, totals_of
from core.pricing.economics import coefficients, price
from core.pricing.order_costs import (
    ELSEWHERE,
    avoided_loss,
    cost_of_each,
    cost_tables,
    expected_insult,
    expected_loss,
    expected_saving,
    fraud_or_score,
    lost_share,
    order_costs,
)
from tests.strategies import every_price_moved, order_tables

HAND = Assumptions(
    review_cost=10.0, fraud_loss_rate=0.5, chargeback_fee=2.0, reviewer_catch_rate=0.75, margin_rate=0.25,
    insult_cost=4.0, reviewer_false_decline_rate=0.5, abandonment_rate=0.5,
)  # fmt: skip
PARTS = ("review_cost", "fraud_loss", "insult_cost")


def test_six_orders_by_hand(six_orders: pd.DataFrame) -> None:
    """a, c, f are fraud of $100, $3,000, $6: 0.5 · amount + 2 lost. b, d, e are legit of $20, $40, $500: 0.25 · amount
    + 4 lost; three in four of them when held, 1 − 0.5 · 0.5. A review costs $10 and lets a quarter of the fraud by."""
    costs = order_costs(fraud_or_score(six_orders), six_orders["amount"].to_numpy(), HAND)
    assert costs.tolist() == [
        [52, 0, 1502, 0, 0, 5],
        [10 + 13, 10 + 6.75, 10 + 375.5, 10 + 10.5, 10 + 96.75, 10 + 1.25],
        [0, 9, 0, 14, 129, 0],
    ]
    assert lost_share(HAND) == 0.75
    treated = np.array([REVIEW, SHIP, DECLINE, REVIEW, DECLINE, SHIP], np.int8)
    assert cost_of_each(six_orders, HAND, treated).tolist() == [23, 0, 0, 20.5, 129, 5]


def test_an_order_without_an_outcome_costs_its_score_and_one_with_neither_has_no_cost() -> None:
    """At 0.25: a quarter of the fraud's $52, three quarters of the legit order's $29."""
    orders = pd.DataFrame({"is_fraud": [np.nan, np.nan, 1.0], "score": [0.25, np.nan, np.nan], "amount": 100.0})
    fraud, amounts = fraud_or_score(orders), orders["amount"].to_numpy()
    costs = order_costs(fraud, amounts, HAND)
    assert costs[:, 0].tolist() == [13, 10 + 3.25 + 0.75 * 21.75, 21.75]
    assert np.isnan(costs[:, 1]).all()
    free = Assumptions(margin_rate=0.0, fraud_loss_rate=0.0, review_cost=0.0)
    assert np.isnan(order_costs(fraud, amounts, free)).tolist() == [[False, True, False]] * 3
    assert costs[:, 2].tolist() == [52, 23, 0]
    assert fraud_or_score(orders.drop(columns="is_fraud")).tolist()[:1] == [0.25]


def test_the_parts_of_a_review_by_hand() -> None:
    """A fraud of $100 loses $52, a review avoids 39 of them; a legit order of $100 is worth 29, of which 21.75 go."""
    fraud, amounts = np.array([1.0, 0.0, 0.5]), np.array([100.0, 100.0, 100.0])
    assert expected_loss(fraud, amounts, HAND).tolist() == [52, 0, 26]
    assert avoided_loss(fraud, amounts, HAND).tolist() == [39, 0, 19.5]
    assert expected_insult(fraud, amounts, HAND).tolist() == [0, 21.75, 10.875]
    assert expected_saving(fraud, amounts, HAND).tolist() == [29, -31.75, -1.375]


def test_orders_that_cost_the_same_tie_to_the_last_digit() -> None:
    """With perfect reviewers who lose no buyer a review costs $12 whatever the score: tables then sort by amount."""
    random = np.random.default_rng(1)
    costs = order_costs(random.random(1000), random.lognormal(4, 1, 1000), Assumptions())
    assert set(costs[REVIEW].tolist()) == {12.0}


def slow_parts(fraud: float, amount: float, treated: int, tables: NDArray[np.float64]) -> NDArray[np.float64]:
    """Review cost, fraud loss and insult of one order as it is treated: four cells of each table, times the order."""
    if np.isnan(fraud):
        return np.zeros(3)  # in no sum, so in no figure
    order = (1 - fraud, fraud, (1 - fraud) * amount, fraud * amount)
    rows = tables[:, treated].tolist()
    return np.array([sum(cell * own for cell, own in zip(row, order, strict=True)) for row in rows])


def sums_of(orders: pd.DataFrame, among: NDArray[np.bool_]) -> NDArray[np.float64]:
    """n0, n1, a0, a1 of some of the orders."""
    fraud, amounts = fraud_or_score(orders)[among], orders["amount"].to_numpy()[among]
    return np.nansum([1 - fraud, fraud, (1 - fraud) * amounts, fraud * amounts], axis=1)


def assert_adds_up(
    figures: Mapping[str, Any], orders: pd.DataFrame, treated: NDArray[np.int8], prices: Assumptions
) -> None:
    """The figures of a policy are the sums over its orders, part by part; the cube rounds sums to a millionth."""
    fraud, amounts = fraud_or_score(orders), orders["amount"].to_numpy()
    parts = cost_tables(prices).parts
    each = np.array([slow_parts(*order, parts) for order in zip(fraud, amounts, treated.tolist(), strict=True)])
    near = {"rel": 1e-9, "abs": 1e-6 * float(np.abs(parts).sum()) + 1e-6}
    for name, whole in zip(PARTS, each.sum(axis=0), strict=True):
        assert float(figures[name]) == pytest.approx(whole, **near), name
    costs = cost_of_each(orders, prices, treated)
    assert np.nan_to_num(costs) == pytest.approx(each.sum(axis=1), rel=1e-9, abs=1e-6)
    calls = prices.api_cost * int(orders["score"].notna().sum())
    assert float(figures["api_cost"]) == pytest.approx(calls)
    assert float(figures["total_cost"]) == pytest.approx(float(np.nansum(costs)) + calls, **near)
    split = figures["false_positive_cost"] + figures["caught_cost"] + figures["missed_cost"] + figures["api_cost"]
    assert float(split) == pytest.approx(float(figures["total_cost"]), **near)
    shipped = np.nansum(order_costs(fraud, amounts, prices)[SHIP])
    assert float(figures["approve_all_cost"]) == pytest.approx(shipped, **near)


@settings(max_examples=100, deadline=None)
@given(order_tables(), every_price_moved(), st.sampled_from([*range(3), None]), st.integers(0, 99))
def test_whatever_becomes_of_the_orders_the_figures_are_the_sum_of_their_costs(
    orders: pd.DataFrame, prices: Assumptions, one: int | None, seed: int
) -> None:
    """one: the treatment of all of them; None mixes the three at random."""
    mixed = np.random.default_rng(seed).integers(0, len(TREATMENTS), len(orders))
    treated = (mixed if one is None else np.full(len(orders), one)).astype(np.int8)
    coefs = coefficients(prices, totals_of(build_cube(orders)))
    figures = price(coefs, sums_of(orders, treated != SHIP), sums_of(orders, treated == DECLINE))
    assert_adds_up(figures, orders, treated, prices)


@settings(max_examples=100, deadline=None)
@given(order_tables(), every_price_moved(), st.integers(0, 40), st.integers(0, 40))
def test_the_curve_is_the_sum_of_the_costs_of_its_orders(
    orders: pd.DataFrame, prices: Assumptions, first: int, second: int
) -> None:
    """At any pair of steps, the decline threshold above the review threshold; row 0 stops nothing."""
    cube = build_cube(orders)
    sums = running_sums(cube)
    decline, review = sorted(step % len(sums) for step in (first, second))
    thresholds = [None if step == 0 else float(cube.thresholds[step - 1]) for step in (review, decline)]
    treated = treatment(orders["score"].to_numpy(), *thresholds)
    figures = price(coefficients(prices, totals_of(cube)), sums[review], sums[decline])
    assert_adds_up(figures, orders, treated, prices)


@settings(max_examples=100, deadline=None)
@given(order_tables(), every_price_moved(), st.integers(0, 99))
def test_the_costliest_orders_and_the_savings_are_the_same_money(
    orders: pd.DataFrame, prices: Assumptions, seed: int
) -> None:
    orders = orders.assign(order_id=orders.index.astype(str), is_fraud=orders["is_fraud"].fillna(0.0))
    treated = np.random.default_rng(seed).integers(0, len(TREATMENTS), len(orders)).astype(np.int8)
    listed = [f(orders, treated, prices, most=99)["cost"].sum() for f in (costliest_flagged, costliest_missed)]
    assert sum(listed) == pytest.approx(cost_of_each(orders, prices, treated).sum())
    fraud, amounts = fraud_or_score(orders), orders["amount"].to_numpy()
    ship, review, _ = order_costs(fraud, amounts, prices)
    saving = expected_saving(fraud, amounts, prices)
    assert saving == pytest.approx(ship - review, rel=1e-9, abs=1e-6)
    parts = avoided_loss(fraud, amounts, prices) - prices.review_cost - expected_insult(fraud, amounts, prices)
    assert saving == pytest.approx(parts, rel=1e-9, abs=1e-6)
    assert expected_loss(fraud, amounts, prices) == pytest.approx(ship)


def prices_with(kind: type[Assumptions], name: str = "", share: float = 0.5) -> Assumptions:
    """Every field in the middle of its range, so that none hides another; one of them elsewhere in its own."""
    values: dict[str, Any] = {}
    for other, about in FIELDS.items():
        at = share if other == name else 0.5
        number = about["low"] + at * (about["high"] - about["low"])
        values[other] = CHOICES[other][int(at > 0.5)] if other in CHOICES else number
    return kind(**values)


def without_a_place(kind: type[Assumptions] = Assumptions) -> list[str]:
    """What to write, and where, for each field that is in no cell and is not said to act elsewhere."""
    faults = []
    for name in FIELDS:
        before, after = (cost_tables(prices_with(kind, name, share)).parts for share in (0.5, 0.75))
        moves = not np.array_equal(before, after)
        if not moves and name not in ELSEWHERE:
            faults.append(
                f"core/pricing/order_costs.py: {name} is in no cell of cost_tables. Put it in the cell of the "
                "treatment and sum it acts on; if it is no dollar of an order, say in ELSEWHERE which figure it moves."
            )
        if moves and name in ELSEWHERE:
            faults.append(f"core/pricing/order_costs.py: {name} is in cost_tables: take it out of ELSEWHERE.")
    return faults


def test_every_price_is_in_a_cell_of_the_tables_or_said_to_act_elsewhere() -> None:
    assert without_a_place() == []
    assert set(ELSEWHERE) <= set(FIELDS), "core/pricing/order_costs.py: ELSEWHERE names a field there is not"


@pytest.mark.parametrize("name", ELSEWHERE)
def test_what_acts_elsewhere_moves_the_figure_it_names(name: str) -> None:
    everything = Totals(1000, 1000, 1000, 0, 990.0, 10.0, 50_000.0, 9_000.0, 30)
    figure = re.findall(r"`(\w+)` \(economics\)", ELSEWHERE[name])
    assert figure, f"core/pricing/order_costs.py: ELSEWHERE[{name!r}] names no figure of economics in backquotes"
    told = []
    for share in (0.5, 0.75):
        coefs = coefficients(prices_with(Assumptions, name, share), everything)
        place = coefs.names.index(figure[0])
        told.append((coefs.constant[place], *coefs.reviewed[place], *coefs.declined[place]))
    assert told[0] != told[1], f"{name} does not move {figure[0]}"


def test_a_price_put_into_assumptions_only_is_caught_and_its_place_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The experiment: a fee for each dispute, as one more field and nowhere else."""
    about = {**FIELDS["chargeback_fee"], "label": "Dispute fee"}
    monkeypatch.setitem(FIELDS, "new_price", about)
    kind = make_dataclass("More", [("new_price", float, field(default=3.0))], bases=(Assumptions,), frozen=True)
    (fault,) = without_a_place(kind)
    assert "core/pricing/order_costs.py: new_price is in no cell of cost_tables" in fault


def test_optional_prices_are_fields() -> None:
    assert set(OPTIONAL) | set(CHOICES) <= set(FIELDS)
