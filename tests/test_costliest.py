"""The orders behind a line, against a slow sort and by hand."""

import numpy as np
import pandas as pd
from hypothesis import given
from numpy.typing import NDArray

from core.assumptions import Assumptions
from core.policy import treatment
from core.pricing.costliest import costliest_flagged, costliest_missed
from tests.slow import cost_at
from tests.strategies import KNOWN_LABELS, order_tables


def at(orders: pd.DataFrame, review: float | None, decline: float | None = None) -> NDArray[np.int8]:
    return treatment(orders["score"].to_numpy(float), review, decline)


FULL = Assumptions(reviewer_catch_rate=0.9, abandonment_rate=0.5, insult_cost=4.0)


def test_flagged_by_hand(six_orders: pd.DataFrame) -> None:
    """At 0.5: a fraud $100, b legit $20, c fraud $3000; 12 + 0.1 · 0.3 · amount, or 12 + 0.5 · (0.2 · 20 + 4)."""
    table = costliest_flagged(six_orders, at(six_orders, 0.5), FULL)
    assert table["order_id"].tolist() == ["c", "b", "a"]
    assert table["cost"].round(6).tolist() == [102, 16, 15]
    assert table["outcome"].tolist() == ["fraud", "legit", "fraud"]


def test_a_declined_order_costs_its_buyer_and_no_review(six_orders: pd.DataFrame) -> None:
    """Declined from 0.5 on: b is legit and $20: its margin of $4 and $4 of later business; frauds cost nothing."""
    table = costliest_flagged(six_orders, at(six_orders, 0.2, 0.5), FULL)
    assert table[table["cost"] > 0]["order_id"].tolist()[-1] == "b"
    assert table.set_index("order_id")["cost"].loc[["a", "b", "c"]].tolist() == [0, 8, 0]


def test_missed_by_hand(six_orders: pd.DataFrame) -> None:
    """At 0.9 only a is held: c ($3000) and the never scored f ($6) are missed."""
    table = costliest_missed(six_orders, at(six_orders, 0.9), Assumptions())
    assert table["order_id"].tolist() == ["c", "f"]
    assert table["cost"].round(9).tolist() == [900, 1.8]


def test_equal_cost_is_ordered_by_amount(six_orders: pd.DataFrame) -> None:
    assert costliest_flagged(six_orders, at(six_orders, 0.0), Assumptions(), most=3)["order_id"].tolist() == [
        "c",
        "e",
        "a",
    ]


def test_nobody_flagged_gives_an_empty_table(six_orders: pd.DataFrame) -> None:
    assert len(costliest_flagged(six_orders, at(six_orders, None), Assumptions())) == 0


def test_an_unknown_outcome_is_said_and_priced_at_its_score(six_orders: pd.DataFrame) -> None:
    table = costliest_missed(
        six_orders.drop(columns="is_fraud"), at(six_orders, None), Assumptions(fraud_loss_rate=1.0), most=1
    )
    assert table[["order_id", "outcome", "cost"]].to_numpy().tolist() == [["c", "not known yet", 1500.0]]


@given(order_tables(labels=KNOWN_LABELS))
def test_the_single_costs_add_up_to_the_total(orders: pd.DataFrame) -> None:
    orders = orders.assign(order_id=orders.index.astype(str))
    parts = (
        costliest_flagged(orders, at(orders, 0.25), FULL, most=99),
        costliest_missed(orders, at(orders, 0.25), FULL, most=99),
    )
    calls = FULL.api_cost * orders["score"].notna().sum()
    assert abs(sum(part["cost"].sum() for part in parts) + calls - cost_at(orders, 0.25, FULL)) < 1e-6
