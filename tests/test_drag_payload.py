"""The payload carries plain values, and multiplying it out gives Python's own figures."""

import json

import numpy as np
import pandas as pd
import pytest

from core.assumptions import Assumptions
from core.deciding.review_decline import best_pair, figures_of
from core.policy import Policy, Steps
from core.pricing.applied import Applied, Case
from core.pricing.cube import build_cube
from core.pricing.curve import price_curve
from core.pricing.economics import RATIOS
from core.showing.drag_payload import Drag, drag_payload
from core.showing.link import View
from core.showing.view_policies import policies_of_view


def policy_of(orders: pd.DataFrame, policy: Policy, **prices: float) -> Applied:
    return Applied(orders, build_cube(orders), Assumptions(**prices), policy)


def view(orders: pd.DataFrame, *, two: bool = False, **prices: float) -> dict:
    limit = prices.get("reviews_per_day")
    policy = policy_of(orders, Policy(review=0.9, reviews_per_day=limit), **prices)
    return drag_payload(Case(policy, None), Drag("fpr", two=two, captions=("six orders",)))


def test_multiplying_out_gives_the_curve_scaled_to_a_month(six_orders: pd.DataFrame) -> None:
    payload = view(six_orders)
    sums = payload["steps"][["n0", "n1", "a0", "a1"]].to_numpy()
    curve = price_curve(build_cube(six_orders), Assumptions())
    for name, row in payload["rows"].items():
        if None not in row:
            assert row[0] + sums @ np.array(row[1:5]) == pytest.approx(curve[name].to_numpy() * 15), name


def test_two_cut_offs_multiply_out_to_the_figures_of_the_pair(six_orders: pd.DataFrame) -> None:
    payload, cube = view(six_orders, two=True, insult_cost=3.0), build_cube(six_orders)
    sums = payload["steps"][["n0", "n1", "a0", "a1"]].to_numpy()
    pair = Steps(4, 2)
    told = figures_of(cube, Assumptions(insult_cost=3.0), pair)
    for name, row in payload["rows"].items():
        if None not in row:
            shown = row[0] + (sums[4] - sums[2]) @ np.array(row[1:5]) + sums[2] @ np.array(row[5:])
            assert shown == pytest.approx(told[name] * 15), name
    best = best_pair(cube, Assumptions(insult_cost=3.0))
    assert payload["cheapest"] == {"line": best.review_step, "decline": best.decline_step}
    assert "declined" in {detail["figure"] for detail in payload["details"]}
    assert "declined" not in {detail["figure"] for detail in view(six_orders)["details"]}


def test_a_decline_cut_off_below_its_line_takes_the_lines_place(six_orders: pd.DataFrame) -> None:
    cube = build_cube(six_orders)
    asked = View(line=0.9, decline=0.2, baseline=0.2, baseline_decline=0.9)
    assert policies_of_view(cube, asked) == (Policy(0.2, 0.2), Policy(0.2, 0.9))
    assert policies_of_view(cube, View(line=0.5, baseline="approve")) == (Policy(0.5), None)


def test_orders_without_times_are_not_scaled(six_orders: pd.DataFrame) -> None:
    payload = view(six_orders.drop(columns="ordered_at"))
    assert payload["rows"]["orders"][0] == 6
    assert payload["sentences"]["pinned"][-1] == {"text": "."}


def test_everything_but_the_sums_is_strict_json(six_orders: pd.DataFrame) -> None:
    payload = view(six_orders)
    plain = {name: value for name, value in payload.items() if name != "steps"}
    assert json.loads(json.dumps(plain, allow_nan=False)) == json.loads(json.dumps(plain))


def test_every_figure_named_is_in_the_rows_or_ratios(six_orders: pd.DataFrame) -> None:
    payload = view(six_orders)
    known = set(payload["rows"]) | set(RATIOS)
    named = [tile["figure"] for tile in payload["tiles"]] + [layer["figure"] for layer in payload["layers"]]
    named += [detail["figure"] for detail in payload["details"]]
    named += [cell[part] for cell in payload["matrix"] for part in ("count", "value", "cost") if cell[part]]
    named += [
        part.get("figure", part.get("change"))
        for s in payload["sentences"].values()
        for part in s
        if "text" not in part
    ]
    assert set(named) <= known
    assert set(payload["fixed"]) == known


def test_approving_everything_costs_the_fraud_and_nothing_else(six_orders: pd.DataFrame) -> None:
    start = view(six_orders)["fixed"]
    assert start["total_cost"] == start["fraud_loss"] == pytest.approx(15 * 0.3 * 3106)
    assert (start["review_cost"], start["api_cost"], start["saving"]) == (0, 0, 0)


def test_the_marks_are_the_cheapest_step_and_the_required_detection(six_orders: pd.DataFrame) -> None:
    payload = view(six_orders, api_cost=0.0)
    assert (payload["cheapest"], payload["required"]) == ({"line": 2, "decline": 0}, None)
    reached = view(six_orders.assign(score=[0.9, 0.5, 0.5, 0.2, 0.1, 0.05]))
    assert (reached["required"], reached["required_label"]) == (5, "95% detection")


def test_with_a_limit_the_days_are_worked_to_find_the_cheapest_mark(six_orders: pd.DataFrame) -> None:
    """One review a day, threshold 0.5: a on the first day (b ships, legit), on the second c, a fraud of $3,000."""
    payload = view(six_orders, reviews_per_day=1.0)
    assert payload["kept"] is True
    assert payload["cheapest"] == {"line": 2, "decline": 0}
    assert payload["steps"].iloc[2][["n0", "n1", "a0", "a1"]].tolist() == [0, 2, 0, 3100]
