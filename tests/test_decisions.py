"""Decisions to take away: right for every order, safe in a spreadsheet, exact when read back."""

import io
import tomllib

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.assumptions import Assumptions, assumptions_from
from core.policy import treatment
from core.reading.formulas import restored
from core.reviewing.decisions import as_csv, as_parquet, decide, prices_as_toml
from tests.intakes import frame, taken
from tests.strategies import order_tables

NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]))


def at(table: pd.DataFrame, review: float | None, decline: float | None = None) -> NDArray[np.int8]:
    return treatment(table["score"].to_numpy(float), review, decline)


def orders() -> pd.DataFrame:
    return pd.DataFrame({
        "order_id": ["=a", "b", "c", "d"], "amount": [100.0, 20.0, 10.0, 5.0],
        "score": [0.5, 0.4999, 1.0, np.nan], "cleared_by": ["", "", "", "small_change"],
    })  # fmt: skip


def test_every_order_by_hand() -> None:
    """Ties are flagged; $100 at 0.5 is expected to lose 0.5 × (0.3 × 100 + 4) = $17."""
    table = decide(orders(), at(orders(), 0.5), Assumptions(chargeback_fee=4))
    assert table["order_id"].tolist() == ["=a", "b", "c", "d"]
    assert table["decision"].tolist() == ["review", "ship", "review", "ship"]
    assert table["reasons"].tolist() == ["", "", "", "cleared by the pre-filter: small_change"]
    assert table["expected_loss_usd"].tolist()[:3] == pytest.approx([17, 0.4999 * 10, 7])
    assert np.isnan(table["expected_loss_usd"].iloc[3])


def test_flag_nobody_ships_everything() -> None:
    assert set(decide(orders(), at(orders(), None), Assumptions())["decision"]) == {"ship"}


def test_from_the_second_cut_off_on_orders_are_declined() -> None:
    made = decide(orders(), at(orders(), 0.4, 0.5), Assumptions())
    assert made["decision"].tolist() == ["decline", "review", "decline", "ship"]


def test_csv_is_safe_and_reads_back_exact() -> None:
    table = decide(orders(), at(orders(), 0.5), Assumptions())
    text = as_csv(table).decode()
    assert '\n"\'=a",' in text
    back = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
    assert [restored(name) for name in back["order_id"]] == table["order_id"].tolist()
    for name in ("score", "expected_loss_usd"):
        np.testing.assert_array_equal([float(text or "nan") for text in back[name]], table[name])


@settings(max_examples=30, deadline=None)
@given(
    order_tables(),
    st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"])), min_size=40, max_size=40),
)
def test_both_files_read_back_equal(table: pd.DataFrame, names: list[str]) -> None:
    table = table.assign(order_id=[f"{name}{place}" for place, name in zip(range(len(table)), names, strict=False)])
    made = decide(table, at(table, 0.25), Assumptions())
    parquet = pd.read_parquet(io.BytesIO(as_parquet(made)))
    assert parquet["order_id"].tolist() == table["order_id"].tolist()
    np.testing.assert_array_equal(parquet["score"], made["score"])
    read = pd.read_csv(io.BytesIO(as_csv(made)), dtype=str, keep_default_na=False)
    assert [restored(name) for name in read["order_id"]] == table["order_id"].tolist()
    assert not read["order_id"].str.match(r"[=+\-@\t\r\n]").any()
    scores = [float(score) if score else np.nan for score in read["score"]]
    np.testing.assert_array_equal(scores, made["score"].to_numpy())


def test_the_decisions_are_an_order_file_of_ours() -> None:
    """Loaded again, with the amounts beside them, the ids and scores are the same."""
    table = decide(orders(), at(orders(), 0.5), Assumptions()).assign(amount=orders()["amount"])
    again = frame(taken(as_csv(table)))
    assert again["order_id"].tolist() == ["=a", "b", "c", "d"]
    np.testing.assert_array_equal(again["score"], table["score"])


def test_prices_go_out_as_the_assumptions_file_they_came_from() -> None:
    prices = Assumptions(review_cost=9.5, reviews_per_day=120, flac_sales_basis="booked")
    assert assumptions_from(tomllib.loads(prices_as_toml(prices))) == prices
    assert tomllib.loads(prices_as_toml(Assumptions())) == {}
