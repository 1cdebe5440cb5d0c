"""Captions under the drag say what the orders and the prices make of them."""

import numpy as np
import pandas as pd

from core.policy import Policy
from core.pricing.cube import build_cube
from core.showing.captions import expected_caption, flac_caption, is_expected, period_caption
from tests.test_drag_payload import policy_of


def test_flac_disagrees_with_cost_and_the_dollars_between_are_said(six_orders: pd.DataFrame) -> None:
    """At $1000 a review nobody should be held; FLAC, blind to that, holds the two frauds at 0.5 (three reviews)."""
    words = flac_caption(policy_of(six_orders, Policy(), review_cost=1000.0, api_cost=0.0))
    dearer = 15 * (3000 - 0.3 * 3100)  # scaled to a month of 30 days
    assert f"costs ${dearer / 1000:.1f}K a month more than the cheapest line" in words
    assert flac_caption(policy_of(six_orders, Policy(), api_cost=0.0)) == "FLAC is best on the cheapest line too."


def test_unknown_outcomes_are_said(six_orders: pd.DataFrame) -> None:
    partly, whole = build_cube(six_orders.assign(is_fraud=[np.nan, 0, 1, 0, 0, 1])), build_cube(six_orders)
    assert (is_expected(partly), is_expected(whole)) == (True, False)
    assert expected_caption(partly).startswith("1 of 6 orders have no known outcome")
    assert expected_caption(whole) == ""


def test_the_period_says_how_dollars_became_a_month(six_orders: pd.DataFrame) -> None:
    """Six orders on two days: a month is fifteen times that; without times nothing is scaled."""
    dated = period_caption(build_cube(six_orders), "6 of 7 rows")
    assert "scaled × 15.00, measured on 6 orders (6 of 7 rows of the file)" in dated
    assert "(2 days)" in dated
    undated = period_caption(build_cube(six_orders.drop(columns="ordered_at")))
    assert undated.startswith("Dollars of the file as it is: 6 orders")
    assert undated.endswith("Without order times nothing is scaled to a month.")
