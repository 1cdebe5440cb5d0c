"""The queue and the order page, as an analyst meets them: filter, open, compare, change a value, record, reload."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.assumptions import Assumptions
from core.building.store import folder_of, load_data_set
from pages.shared import verdicts as reviewing
from pages.shared.navigation import PAGES
from tests.scored import scored_orders
from tests.test_queue import queue_at as review_queue

ROOT = Path(__file__).parent.parent
LINE = "0.1"


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path}/reviews.db"
    monkeypatch.setenv(reviewing.DATABASE_VARIABLE, url)
    return url


@pytest.fixture(scope="module")
def orders() -> pd.DataFrame:
    return load_data_set(folder_of("sample")).orders


def page(name: str, **link: str) -> AppTest:
    test = AppTest.from_file(str(ROOT / PAGES[name].path), default_timeout=90)
    for key, value in link.items():
        test.query_params[key] = value
    return again(test)


def again(test: AppTest) -> AppTest:
    test.run()
    assert not test.exception
    return test


def words(test: AppTest) -> str:
    shown = [*test.markdown, *test.caption, *test.error, *test.warning, *test.info]
    return "\n".join(element.value for element in shown).replace("\\", "")


def metrics(test: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in test.metric}


def test_the_queue_is_the_one_of_core_and_says_why(orders: pd.DataFrame) -> None:
    test = page("queue", line=LINE)
    queue = review_queue(orders, float(LINE), Assumptions())
    table = test.dataframe[0].value
    assert table["order_id"].tolist() == queue["order_id"].head(50).tolist()
    assert metrics(test)["Orders selected"] == f"{len(queue):,}"
    assert metrics(test)["Expected saving of reviewing all"] == f"${queue['expected_saving_usd'].sum():,.0f}"
    assert table["reason_1"].str.len().min() > 10
    assert "cover 80" in words(test)


def test_the_queue_is_filtered_searched_and_ordered(orders: pd.DataFrame) -> None:
    test = page("queue", line=LINE)
    wanted = review_queue(orders, float(LINE), Assumptions())["order_id"].iloc[700]
    next(box for box in test.text_input if box.label == "Order id holds").set_value(wanted)
    assert again(test).dataframe[0].value["order_id"].tolist() == [wanted]
    next(box for box in test.text_input if box.label == "Order id holds").set_value("no such .*")
    assert "No flagged order is left" in words(again(test))
    test = page("queue", line=LINE)
    next(box for box in test.number_input if box.label == "Amount at least ($)").set_value(2000.0)
    table = again(test).dataframe[0].value
    assert table["amount"].min() >= 2000
    next(box for box in test.selectbox if box.label == "Among its top three reasons").set_value("shipping_risk")
    table = again(test).dataframe[0].value
    reasons = table[["reason_1", "reason_2", "reason_3"]].agg(" ".join, axis=1)
    assert reasons.str.contains("fraud among the shipping").all()  # its value, or that it is not known


def test_a_queue_of_nobody_says_so() -> None:
    test = page("queue", line="none")
    assert "No flagged order is left" in words(test)
    assert "No order is flagged here" in words(page("patterns", line="none"))


def test_one_order_by_link_says_why_in_dollars_and_the_sum_is_checked(orders: pd.DataFrame) -> None:
    row = review_queue(orders, float(LINE), Assumptions()).iloc[3]
    test = page("order", line=LINE, order=row["order_id"])
    text = words(test)
    assert f"Order {row['order_id']} is flagged for review" in text
    assert "the parts add up to" in text
    assert f"a score of {row['score']:.6f}" in text
    told = metrics(test)
    assert told["Expected saving of a review"] == f"${row['expected_saving_usd']:,.0f}"
    assert "of the loss avoided" in text
    assert "an allocation, not a cause" in text
    assert "never advice to a buyer" in text
    assert len(test.dataframe[0].value) == 5
    assert "minutes before the order" in text or "No outcome of its account" in text
    assert "not met" in text


def test_the_other_comparisons_stand(orders: pd.DataFrame) -> None:
    row = review_queue(orders, float(LINE), Assumptions()).iloc[3]
    test = page("order", line=LINE, order=row["order_id"])
    test.toggle(key="together").set_value(True)
    assert "the parts add up to" in words(again(test))
    for key, value in (("against", "an average order"), ("space", "log-odds")):
        test.session_state[key] = value
        test = again(test)
    assert "From an average order" in words(test)


def test_an_order_that_ships_and_one_never_scored_have_pages_too(orders: pd.DataFrame) -> None:
    low = orders[orders["score"] < 0.001]["order_id"].iloc[0]
    assert "ships without review" in words(page("order", line=LINE, order=low))
    cleared = orders[orders["score"].isna()]["order_id"].iloc[0]
    test = page("order", line=LINE, order=cleared)
    assert metrics(test)["Score"] == "never scored"
    assert "met: it was cleared" in words(test)


def test_an_order_that_is_not_there_is_one_message() -> None:
    test = page("order", order="<b>$x$</b>")
    assert len(test.error) == 1
    assert "There is no order <b>$x$</b>" in words(test)


def test_a_changed_value_changes_score_and_explanation(orders: pd.DataFrame) -> None:
    row = review_queue(orders, float(LINE), Assumptions()).iloc[3]
    test = page("order", line=LINE, order=row["order_id"])
    before = metrics(test)["Score then"]
    charts = len(test.get("plotly_chart"))
    test.multiselect[0].set_value(["amount"])
    test = again(test)
    next(box for box in test.number_input if box.label == "amount").set_value(5.0)
    test = again(test)
    assert metrics(test)["Score then"] != before
    assert len(test.get("plotly_chart")) == charts + 1


def test_a_verdict_is_recorded_and_there_after_a_restart(orders: pd.DataFrame) -> None:
    row = review_queue(orders, float(LINE), Assumptions()).iloc[0]
    name = row["order_id"]
    test = page("order", line=LINE, order=name)
    test.session_state[f"verdict_{name}"] = "declined"
    next(box for box in test.text_input if box.label == "Note").set_value("*raid* <b>")
    next(button for button in test.button if button.label == "Record").click()
    test = again(test)
    assert "Decided: declined" in words(page("order", line=LINE, order=name))
    assert "*raid* <b>" in words(page("order", line=LINE, order=name))
    queue = page("queue", line=LINE)
    shown = queue.dataframe[0].value.set_index("order_id")
    assert shown.loc[name, "verdict"] == "declined"
    assert "1 orders decided" in words(queue) or "1 order decided" in words(queue)
    if row["is_fraud"] == 1:
        assert "catch rate of 100.00" in words(queue)
    next(box for box in queue.selectbox if box.label == "State").set_value("decided")
    assert again(queue).dataframe[0].value["order_id"].tolist() == [name]


def test_a_verdict_must_be_chosen(orders: pd.DataFrame) -> None:
    test = page("order", line=LINE)
    next(button for button in test.button if button.label == "Record").click()
    assert "Choose release, decline or escalate" in words(again(test))


def test_a_database_that_cannot_be_opened_leaves_the_page_standing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(reviewing.DATABASE_VARIABLE, "sqlite:////proc/none/reviews.db")
    test = page("queue", line=LINE)
    assert "cannot be opened" in test.error[0].value
    assert len(test.dataframe[0].value) == 50


def test_scores_a_surrogate_cannot_follow_have_a_queue_without_reasons(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.__main__ import main

    assert main(["build", "data/example.csv", "--out", str(tmp_path / "built")]) == 0
    monkeypatch.setenv("CUTLINE_ORDERS", str(tmp_path / "built"))
    test = page("queue", line="0.05")
    assert "surrogate_reason_1" not in test.dataframe[0].value
    assert "at least 50.0" in words(test)
    order = page("order", line="0.05")
    assert "No reasons: from the file's other columns a surrogate gives" in words(order)
    assert np.isfinite(float(metrics(order)["Score"]))


def test_scores_that_came_with_a_file_have_a_surrogates_reasons(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.__main__ import main

    scored_orders(2000).to_csv(tmp_path / "scored.csv", index=False)
    assert main(["build", str(tmp_path / "scored.csv"), "--out", str(tmp_path / "built")]) == 0
    monkeypatch.setenv("CUTLINE_ORDERS", str(tmp_path / "built"))
    queue = page("queue", line=LINE)
    table = queue.dataframe[0].value
    assert table["surrogate_reason_1"].str.len().min() > 10
    assert "the reasons are a surrogate's" in words(queue)
    assert "later orders it had not seen" in words(queue)
    later = scored_orders(2000).iloc[500:]
    name = later.loc[(later["score"] >= float(LINE)) & later["clicks"].notna(), "order_id"].iloc[0]
    order = page("order", line=LINE, order=name)
    text = words(order)
    assert "the reasons are a surrogate's" in text
    gap = float(re.findall(r"(\S+) from the one shown", text)[0])
    assert gap < 1e-12
    assert "Why it stands out from orders at the line, according to the surrogate" in text
    assert "The smallest change according to the surrogate" in text
    assert "These orders have no pre-filter" in text
    before = metrics(order)["Score then"]
    assert before == metrics(order)["Score"]
    order.multiselect[0].set_value(["clicks"])
    order = again(order)
    next(box for box in order.number_input if box.label == "clicks").set_value(1.0)
    assert float(metrics(again(order))["Score then"]) < float(before)
    early = page("order", line=LINE, order="o7")
    assert "the surrogate learnt from the order itself" in words(early)


def test_an_order_looked_at_among_other_orders_is_not_asked_for_here() -> None:
    test = AppTest.from_file(str(ROOT / PAGES["order"].path), default_timeout=90)
    test.session_state["order"] = "of another file"
    assert "is flagged for review" in words(again(test))
