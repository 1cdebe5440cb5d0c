"""The pages on certainty, prices, pairs and claims: each alone, by link, and every control moves a figure."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.assumptions import FIELDS
from core.sensitivity import PLAUSIBLE

ROOT = Path(__file__).parent.parent


def page(name: str, **link: str) -> AppTest:
    test = AppTest.from_file(str(ROOT / "pages" / f"{name}.py"), default_timeout=90)
    for key, value in link.items():
        test.query_params[key] = value
    return again(test)


def again(test: AppTest) -> AppTest:
    test.run()
    assert not test.exception
    return test


def words(test: AppTest) -> str:
    shown = [*test.markdown, *test.caption, *test.error, *test.warning, *test.info, *test.metric]
    charts = [str(chart.proto) for chart in test.get("plotly_chart")]
    tables = [table.value.to_string() for table in test.table]
    return "\n".join([*(str(element.value) for element in shown), *tables, *charts]).replace("\\", "")


@pytest.mark.parametrize("name", ["compare", "prices", "policy", "claim", "team", "segments", "tradeoffs", "worlds"])
def test_each_page_stands_alone_and_its_sentence_says_dollars(name: str) -> None:
    test = page(name)
    assert not test.error
    assert "$" in words(test)


def test_a_difference_inside_the_noise_says_so_in_the_sentence_itself() -> None:
    test = page("compare")
    sentence = test.markdown[1].value.replace("\\", "")
    assert "The line beats the baseline in" in sentence
    assert "decided by 344 frauds" in sentence
    assert "inside the noise" in sentence
    sure = page("compare", line="0.1", baseline="0.0001").markdown[1].value
    assert "inside the noise" not in sure


def test_policies_side_by_side_and_the_orders_that_change_sides() -> None:
    test = page("compare", line="0.1", baseline="0.05")
    table = test.table[0].value
    assert list(table) == ["line", "baseline", "cheapest"]
    sides = test.dataframe[0].value
    assert ((sides["score"] >= 0.05) & (sides["score"] < 0.1)).all()
    assert set(sides["now"]) == {"ships"}
    test.number_input(key="compare_added").set_value(0.2)
    assert list(again(test).table[0].value) == ["line", "baseline", "cheapest", "at 0.2000"]
    before = words(test)
    test.selectbox(key="band_figure").set_value("precision")
    assert words(again(test)) != before
    assert "Against approving everything" in words(page("compare", baseline="approve"))
    assert "No order changes sides" in words(page("compare", line="0.1", baseline="0.1"))


def test_orders_without_times_get_a_sentence_instead_of_intervals(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.__main__ import main

    rows = "".join(f"{n},{n % 10 / 10},{int(n % 7 == 0)}\n" for n in range(1, 200))
    (tmp_path / "orders.csv").write_text("amount,score,is_fraud\n" + rows)
    assert main(["build", str(tmp_path / "orders.csv"), "--out", str(tmp_path / "built")]) == 0
    monkeypatch.setenv("CUTLINE_ORDERS", str(tmp_path / "built"))
    assert "Intervals need the time of each order" in words(page("compare"))
    assert "there is no interval" in words(page("claim"))
    assert "The cheapest pair" in words(page("policy")) or "Declining anybody" in words(page("policy"))
    assert "plausible prices" in words(page("prices"))


CLAIM = ("fpr_from", "fpr_to", "review_cost", "claimed", "detection_from", "detection_to", "orders", "fraud_rate",
         "loss_per_fraud")  # fmt: skip


@pytest.mark.parametrize("name", CLAIM)
def test_every_blank_of_the_claim_moves_a_figure(name: str) -> None:
    test = page("claim")
    before = words(test)
    box = test.number_input(key=f"claim_{name}")
    box.set_value(box.value * 0.9)
    assert words(again(test)) != before


def test_the_claim_as_it_stands() -> None:
    told = {(m.label, m.value) for m in page("claim").metric}
    assert ("Net a month", "+$45.0K") in told
    assert "more than a concave curve" in words(page("claim"))


ELSEWHERE = ("conversion_rate", "reviews_per_day", "review_minutes", "loss_aversion", "flac_sales_basis")
PRICED = [name for name in FIELDS if name not in ELSEWHERE]


@pytest.mark.parametrize("name", PRICED)
def test_every_price_moves_a_figure_on_the_page_of_two_cut_offs_or_of_prices(name: str) -> None:
    link = {"abandonment_rate": "0.1"} if name in ("margin_rate", "insult_cost") else {}
    value = str(0.9 * float(FIELDS[name]["low"]) + 0.1 * float(FIELDS[name]["high"]))
    changed = {**link, name: value}
    assert words(page("policy", **link)) != words(page("policy", **changed))
    assert words(page("prices", **link)) != words(page("prices", **changed))


def test_ranges_and_axes_of_the_price_page_move_it() -> None:
    test = page("prices")
    before = words(test)
    for name in ("review_cost", "fraud_loss_rate"):
        low, high = test.slider(key=f"range_{name}").value
        test.slider(key=f"range_{name}").set_value((low, 0.9 * high))
        assert words(again(test)) != before
        before = words(test)
    test.selectbox(key="map_across").set_value("chargeback_fee")
    assert words(again(test)) != before
    test.selectbox(key="map_down").set_value("chargeback_fee")
    assert "Choose two different prices" in words(again(test))
    assert set(PLAUSIBLE) == {key.removeprefix("range_") for key in [s.key for s in test.slider] if key}


def test_both_cut_offs_move_the_pair_and_an_impossible_one_is_said() -> None:
    test = page("policy")
    before = words(test)
    test.number_input(key="pair_review").set_value(0.05)
    middle = words(again(test))
    assert middle != before
    test.number_input(key="pair_decline").set_value(0.5)
    assert words(again(test)) != middle
    test.number_input(key="pair_decline").set_value(0.01)
    assert "below the review line" in words(again(test))


def test_a_full_queue_says_what_it_costs_and_each_choice_for_the_rest_moves_it() -> None:
    free = page("team", line="0.1")
    assert "No limit is set" in words(free)
    full = page("team", line="0.1", reviews_per_day="40")
    assert "are not reached" in words(full)
    shown = words(full)
    for rest in ("decline", "wait"):
        full.session_state["team_rest"] = rest
        assert words(again(full)) != shown
        shown = words(full)
    assert "wait over night" in shown
    assert words(page("team", line="0.1", review_minutes="30")) != words(free)
    assert "Hiring stops paying after" in words(free)


def test_kinds_of_orders_have_their_own_figures_and_the_column_is_a_choice() -> None:
    test = page("segments", line="0.1")
    table = test.table[0].value
    assert len(table) == 10
    assert "Equal thresholds are not equal treatment" in words(test)
    box = test.selectbox(key="segment_column")
    before = words(test)
    box.set_value(next(option for option in box.options if option != box.value))
    assert words(again(test)) != before
    assert words(page("segments", line="0.05")) != before


def test_requirements_that_cannot_hold_together_say_why_and_each_moves_the_page() -> None:
    test = page("tradeoffs", line="0.1")
    assert "Not all of it can hold together" in words(test)
    assert "No threshold satisfies" in words(test)
    before = words(test)
    for key, value in (("need_detection", 30.0), ("need_fpr", 5.0), ("need_reviews", 100.0)):
        test.number_input(key=key).set_value(value)
        assert words(again(test)) != before, key
        before = words(test)
    assert "All of it can hold together" in words(test)
    assert "95 % of fraud's dollars" in words(test)
    assert "inside a card programme" in words(test)
    assert re.search(r"decided here in \d+ µs", words(test))
    told = [words(page("tradeoffs", line=line)) for line in ("none", "0.1")]
    shipped = [float(re.findall(r"At the line (\d+) bps", text)[0]) for text in told]
    assert shipped[0] > shipped[1] > 0


def test_another_world_moves_every_figure_but_not_the_one_at_hand() -> None:
    test = page("worlds", line="0.1")
    table = test.table[0].value
    assert (table["here"] == table["there"]).all()
    here = table["here"].tolist()
    test.slider(key="world_rate").set_value(3.0)
    table = again(test).table[0].value
    assert table["here"].tolist() == here
    assert (table["there"] != table["here"]).sum() >= 6
    for key in ("world_volume", "world_amounts", "sample_margin"):
        before = words(test)
        test.slider(key=key).set_value(3.0 if key != "sample_margin" else 2)
        assert words(again(test)) != before, key


@pytest.mark.parametrize("name", ["compare", "prices", "policy", "claim", "team", "segments", "tradeoffs", "worlds"])
def test_where_no_review_pays_every_page_stands(name: str) -> None:
    test = page(name, review_cost="10000", line="none")
    assert not test.error
    if name == "segments":
        assert "no review pays at these prices" in words(test)
    if name == "policy":
        assert "reviews from 0" in words(test) or "reviews nobody" in words(test)
