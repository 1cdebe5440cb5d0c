"""Orders that change sides, by hand."""

import pandas as pd

from core.assumptions import Assumptions
from core.policy import treatment
from core.reviewing.changed_orders import changed_sides


def test_each_order_that_changes_says_from_what_to_what(six_orders: pd.DataFrame) -> None:
    """Scores 0.9, 0.5, 0.5, 0.2, 0.1 and none: review from 0.5, against review from 0.2 and decline from 0.9."""
    scores = six_orders["score"].to_numpy()
    table = changed_sides(six_orders, treatment(scores, 0.5), treatment(scores, 0.2, 0.9), Assumptions())
    told = table.set_index("order_id")[["before", "now"]].T.to_dict("list")
    assert told == {"a": ["review", "decline"], "d": ["ship", "review"]}
    assert table["expected_loss_usd"].is_monotonic_decreasing


def test_nothing_changes_against_itself(six_orders: pd.DataFrame) -> None:
    treatments = treatment(six_orders["score"].to_numpy(), 0.5, 0.9)
    assert changed_sides(six_orders, treatments, treatments, Assumptions()).empty
