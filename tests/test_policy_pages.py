"""The pages on certainty, prices, pairs and claims: each alone, by link, and every control moves a figure."""

import base64
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.__main__ import main
from core.assumptions import CHOICES, FIELDS
from core.building.store import load_data_set
from core.deciding.sensitivity import PLAUSIBLE
from pages.shared.navigation import DESTINATIONS, PAGES
from pages.shared.verdicts import DATABASE_VARIABLE

ROOT = Path(__file__).parent.parent

IN_DOLLARS = ["team", *(view.name for name in ("Decide", "Stress test", "Practice") for view in DESTINATIONS[name])]


@pytest.fixture(autouse=True)
def own_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATABASE_VARIABLE, f"sqlite:///{tmp_path}/kept.db")


def page(name: str, **link: str) -> AppTest:
    test = AppTest.from_file(str(ROOT / PAGES[name].path), default_timeout=90)
    for key, value in link.items():
        test.query_params[key] = value
    return again(test)


def again(test: AppTest) -> AppTest:
    test.run()
    assert not test.exception
    return test


def decoded(spec: Any) -> Any:
    """A chart's arrays as numbers to six digits: what the last bits do is not what a reader sees."""
    if isinstance(spec, dict) and "bdata" in spec:
        values = np.frombuffer(base64.b64decode(spec["bdata"]), spec["dtype"])
        return [f"{value:.6g}" if abs(value) > 1e-6 else "0" for value in values.tolist()]
    if isinstance(spec, dict):
        return {name: decoded(value) for name, value in spec.items()}
    if isinstance(spec, list):
        return [decoded(value) for value in spec]
    return f"{spec:.6g}" if isinstance(spec, float) else spec


def words(test: AppTest) -> str:
    shown = [*test.markdown, *test.caption, *test.error, *test.warning, *test.info, *test.metric]
    charts = [str(decoded(json.loads(chart.proto.spec))) for chart in test.get("plotly_chart")]
    tables = [table.value.to_string() for table in test.table]
    return "\n".join([*(str(element.value) for element in shown), *tables, *charts]).replace("\\", "")


def use(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Have the pages show a file of orders instead of the sample."""
    (folder / "orders.csv").write_text(text)
    assert main(["build", str(folder / "orders.csv"), "--out", str(folder / "built")]) == 0
    monkeypatch.setenv("CUTLINE_ORDERS", str(folder / "built"))


@pytest.mark.parametrize(
    "name", ["confidence", "sensitivity", "review_decline", "argument", "team", "by_segment", "requirements", "what_if"]
)
def test_each_page_stands_alone_and_its_sentence_says_dollars(name: str) -> None:
    test = page(name)
    assert not test.error
    sentences = [element.value for element in [*test.markdown, *test.metric]]
    cells = [str(cell) for table in test.table for cell in table.value.to_numpy().ravel()]
    assert any(re.search(r"\$\d", told.replace("\\", "")) for told in [*sentences, *cells])


def test_a_difference_inside_the_noise_says_so_in_the_sentence_itself() -> None:
    test = page("confidence")
    sentence = test.markdown[1].value.replace("\\", "")
    assert "The line beats the baseline in" in sentence
    assert "decided by 344 frauds" in sentence
    assert "inside the noise" in sentence
    sure = page("confidence", line="0.1", baseline="0.0001").markdown[1].value
    assert "inside the noise" not in sure
    assert sentence.strip("*") in words(page("threshold"))  # under the drag too


def test_a_file_of_one_day_says_that_nothing_tells_how_sure_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "".join(f"{n},{n % 10 / 10},{int(n % 7 == 0)},2026-05-01T10:00:00\n" for n in range(1, 200))
    use(tmp_path, monkeypatch, "amount,score,is_fraud,ordered_at\n" + rows)
    for name in ("confidence", "threshold", "argument"):
        assert "How sure is that? A single day cannot be resampled: there is no interval" in words(page(name)), name
    assert not page("by_segment").error


def test_policies_side_by_side_and_the_orders_that_change_sides() -> None:
    test = page("confidence", line="0.1", baseline="0.05")
    table = test.table[0].value
    assert list(table) == ["line", "baseline", "cheapest line"]
    assert sum(" to " in cell for cell in table["line"]) >= 9  # every figure has its interval
    sides = test.dataframe[0].value
    assert ((sides["score"] >= 0.05) & (sides["score"] < 0.1)).all()
    assert set(sides["now"]) == {"ship"}
    test.number_input(key="compare_added").set_value(0.2)
    assert list(again(test).table[0].value) == ["line", "baseline", "cheapest line", "at 0.2000"]
    before = words(test)
    test.selectbox(key="band_figure").set_value("precision")
    assert words(again(test)) != before
    assert "The line beats approving everything in" in words(page("confidence", baseline="approve"))
    assert "No order changes sides" in words(page("confidence", line="0.1", baseline="0.1"))


def test_orders_without_times_get_a_sentence_instead_of_intervals(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "".join(f"{n},{n % 10 / 10},{int(n % 7 == 0)}\n" for n in range(1, 200))
    use(tmp_path, monkeypatch, "amount,score,is_fraud\n" + rows)
    told = page("confidence", line="0.5", baseline="0.2")
    assert "Intervals need the time of each order" in words(told)
    assert not any(" to " in cell for cell in told.table[0].value["line"])
    assert not told.dataframe[0].value.empty  # the orders that change sides need no times
    assert "so it is not set against the claim" in words(page("argument"))
    assert "it would take" not in words(page("argument"))
    assert "The cheapest pair" in words(page("review_decline")) or "Declining anybody" in words(page("review_decline"))
    assert "plausible prices" in words(page("sensitivity"))
    for name in ("sensitivity", "review_decline", "by_segment", "requirements", "what_if", "threshold"):
        told = everything(page(name))
        assert "a month" not in told.replace("a month of", "").replace("scaled to a month", "").replace(
            "1,500 a month", ""
        ), name


def test_without_outcomes_every_page_says_that_its_figures_are_expected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "".join(f"{n},{n % 97 / 97:.4f},2026-05-{1 + n % 28:02d}T10:00:00\n" for n in range(1, 500))
    use(tmp_path, monkeypatch, "amount,score,ordered_at\n" + rows)
    for name in set(PAGES) - {"orders"}:
        assert "499 of 499 orders have no known outcome" in words(page(name)), name


CLAIM = ("fpr_from", "fpr_to", "review_cost", "claimed", "detection_from", "detection_to", "orders", "fraud_rate",
         "loss_per_fraud")  # fmt: skip


@pytest.mark.parametrize("name", CLAIM)
def test_every_blank_of_the_claim_moves_a_figure(name: str) -> None:
    test = page("argument")
    before = words(test)
    box = test.number_input(key=f"claim_{name}")
    box.set_value(box.value * 0.9)
    assert words(again(test)) != before


def test_a_link_carries_the_claim_and_says_what_it_ignored() -> None:
    test = page(
        "argument", claim_review_cost="8", claim_fpr_to="0.01", claim_orders="<b>", claim_volume="1", line="0.1"
    )
    assert (test.number_input(key="claim_review_cost").value, test.number_input(key="claim_fpr_to").value) == (8, 1)
    assert len(test.warning) >= 2
    told = " ".join(warning.value for warning in test.warning).replace("\\", "")
    assert "Orders a month must be from 1" in told
    assert "A claim has no blank 'volume'" in told
    test.number_input(key="claim_loss_per_fraud").set_value(200.0)
    link = {name: one if isinstance(one, str) else one[0] for name, one in again(test).query_params.items()}
    assert link == {"claim_review_cost": "8.0", "claim_fpr_to": "0.01", "claim_loss_per_fraud": "200.0", "line": "0.1"}
    assert [metric.value for metric in page("argument", **link).metric] == [metric.value for metric in test.metric]


def test_the_claim_as_it_stands() -> None:
    told = {(m.label, m.value) for m in page("argument").metric}
    assert ("Net a month", "+$45.0K") in told
    assert "more than a concave curve" in words(page("argument"))


WITHOUT_PRICES = ("orders", "model", "rules", "drift")
PRICED = [name for name in PAGES if name not in WITHOUT_PRICES]
PRICES = {"abandonment_rate": "0.2", "insult_cost": "3", "reviews_per_day": "150"}


def everything(test: AppTest) -> str:
    return words(test) + "".join(str(chart.proto) for chart in test.get("bidi_component")) + str(
        [table.value.to_string() for table in test.dataframe]
    )  # fmt: skip


def figures_alone(test: AppTest) -> str:
    """What is shown without the link to it."""
    return re.sub(r"/threshold\?\S*", "", words(test)) + str([table.value.to_string() for table in test.dataframe])


@pytest.mark.parametrize("name", PRICED)
def test_every_price_that_is_not_switched_off_moves_its_page(name: str) -> None:
    test = page(name, **PRICES)
    before = everything(test)
    boxes = {box.key: box for box in test.number_input}
    moved = 0
    for field, about in FIELDS.items():
        if field in CHOICES or boxes[f"price_{field}"].disabled:
            continue
        value = "60" if field == "reviews_per_day" else str(0.9 * float(about["low"]) + 0.1 * float(about["high"]))
        if field == "review_minutes":
            value = "31"
        assert everything(page(name, **PRICES | {field: value})) != before, field
        moved += 1
    assert moved >= 7 or name == "patterns"  # reasons cost nothing
    alone = figures_alone(test)
    for field in FIELDS:
        if field not in CHOICES and boxes[f"price_{field}"].disabled and name != "scenarios":  # that one lists prices
            value = str(0.9 * float(FIELDS[field]["low"]) + 0.1 * float(FIELDS[field]["high"]))
            assert figures_alone(page(name, **PRICES | {field: value})) == alone, f"{field} is switched off, yet moves"


@pytest.mark.parametrize("name", ["confidence", "requirements", "threshold", "review_decline"])
def test_the_basis_of_flac_moves_the_pages_that_show_flac(name: str) -> None:
    before, after = (page(name, flac_sales_basis=basis) for basis in ("settled", "booked"))
    if name == "confidence":
        before.session_state["band_figure"] = after.session_state["band_figure"] = "flac"
        before, after = again(before), again(after)
    hint = "Booked sales with a fraud loss"
    told = [[line for line in everything(test).splitlines() if hint not in line] for test in (before, after)]
    assert told[0] != told[1]


def test_ranges_and_axes_of_the_price_page_move_it() -> None:
    test = page("sensitivity")
    before = words(test)
    for name in PLAUSIBLE:
        low, high = test.slider(key=f"range_{name}").value
        test.slider(key=f"range_{name}").set_value((low, 0.9 * high))
        assert words(again(test)) != before, name
        before = words(test)
    for key, name in (("map_across", "chargeback_fee"), ("map_down", "abandonment_rate")):
        test.selectbox(key=key).set_value(name)
        assert words(again(test)) != before
        before = words(test)
    test.selectbox(key="map_down").set_value("chargeback_fee")
    assert "Choose two different prices" in words(again(test))
    assert set(PLAUSIBLE) == {key.removeprefix("range_") for key in [s.key for s in test.slider] if key}


def test_both_cut_offs_move_the_pair_and_capacity_bounds_the_best_one() -> None:
    first = page("review_decline")
    assert first.table[0].value["chosen"]["Decline from"] == "nobody"
    line = page("review_decline", line="0.05")
    both = page("review_decline", line="0.05", decline="0.5")
    assert len({words(test) for test in (first, line, both)}) == 3
    assert float(both.table[0].value["chosen"]["Decline from"].replace("\\", "")) == pytest.approx(0.5, abs=0.01)
    below = page("review_decline", line="0.5", decline="0.05").table[0].value["chosen"]
    assert below["Review from"] == below["Decline from"]
    assert below["Reviews a month"] == "0"
    full = page("review_decline", reviews_per_day="20")
    assert "It keeps within the reviews a day" in words(full)
    assert int(full.table[0].value["cheapest pair"]["Reviews a month"].replace(",", "")) <= 600


def test_the_axis_of_the_pair_moves_its_chart() -> None:
    payloads = set()
    for axis in ("score", "fpr", "review"):
        test = page("review_decline")
        test.session_state["pair_axis"] = axis
        payloads.add(str(again(test).get("bidi_component")[0].proto))
    assert len(payloads) == 3


def test_a_decline_cut_off_goes_where_the_line_goes() -> None:
    """One policy on every page: compared, kept, queued, shown on an order; left out only where the page says so."""
    link = {"line": "0.05", "decline": "0.5"}
    table = page("confidence", **link).table[0].value
    assert table["line"]["Decline from"] != "nobody"
    assert table["baseline"]["Decline from"] == "nobody"
    assert "are declined" in words(page("confidence", **link, baseline="0.05"))
    assert "are declined unseen" in words(page("queue", **link))
    assert page("queue", **link).dataframe[0].value["score"].max() < float(
        table["line"]["Decline from"].replace("\\", "")
    )
    assert "declined unseen" in words(page("order", **link, order=declined_order()))
    assert words(page("sensitivity", **link)) != words(page("sensitivity", line="0.05"))
    assert words(page("team", **link)) != words(page("team", line="0.05"))
    assert words(page("requirements", **link)) != words(page("requirements", line="0.05"))
    assert "no order declined without review" in words(page("by_segment", **link))
    assert "no order declined without review" not in words(page("by_segment", line="0.05"))
    for name in PRICED:
        assert "decline without review from 0.5000" in words(page(name, **link)), name


def declined_order() -> str:
    sample = load_data_set(ROOT / "data/built/sample").orders
    return str(sample.loc[sample["score"] >= 0.5, "order_id"].iloc[0])


def test_ranked_by_expected_saving_every_page_decides_by_dollars() -> None:
    by_score, by_saving = page("threshold"), page("threshold", axis="saving")  # as links saved it
    assert "Review from an expected saving of $0.00" in words(by_saving)
    tables = [test.dataframe[0].value["order_id"].tolist() for test in (by_score, by_saving)]
    assert tables[0] != tables[1]
    higher = page("threshold", axis="saving", saving="50")
    assert higher.dataframe[0].value["amount"].min() > 50 / 0.3
    link = {name: one if isinstance(one, str) else one[0] for name, one in higher.query_params.items()}
    assert link == {"line": "50", "policy": '{"ranked_by": "saving"}', "axis": "score"}
    assert higher.dataframe[0].value.equals(page("threshold", **link).dataframe[0].value)
    for name in PRICED:
        assert "Review from an expected saving of $50.00" in words(page(name, **link)), name


def test_a_full_queue_says_what_it_costs_and_each_choice_for_the_rest_moves_it() -> None:
    free = page("team", line="0.1")
    assert "No limit is set" in words(free)
    full = page("team", line="0.1", reviews_per_day="40")
    assert "are not reached" in words(full)
    undone = full.dataframe[0].value
    assert undone["expected_saving_usd"].is_monotonic_decreasing
    assert len(undone) == 200
    shown = words(full)
    for rest in ("decline", "wait"):
        full.session_state["team_rest"] = rest
        assert words(again(full)) != shown
        shown = words(full)
    assert "wait over night" in shown
    assert words(page("team", line="0.1", review_minutes="30")) != words(free)
    assert "Paid by the review, hiring stops paying after" in words(free)
    assert "Paid by the hour at $48.00, busy or idle, hiring stops paying after" in words(free)


def test_kinds_of_orders_have_their_own_figures_and_the_column_is_a_choice() -> None:
    test = page("by_segment", line="0.1")
    table = test.table[0].value
    assert len(table) == 10
    assert "Fewer than 30 frauds, too few to tell where a line of their own would lie: books." in words(test)
    assert len(test.table[1].value) == 10
    assert all(" to " in cell for cell in test.table[1].value["False positive rate"])
    assert "Equal thresholds are not equal treatment" in words(test)
    box = test.selectbox(key="segment_column")
    before = words(test)
    box.set_value(next(option for option in box.options if option != box.value))
    assert words(again(test)) != before
    assert words(page("by_segment", line="0.05")) != before


def test_requirements_that_cannot_hold_together_say_why_and_each_moves_the_page() -> None:
    test = page("requirements", line="0.1")
    assert "Not all of it can hold together" in words(test)
    assert "No threshold satisfies" in words(test)
    before = words(test)
    for key, value in (("need_detection", 30.0), ("need_fpr", 5.0), ("need_reviews", 100.0), ("need_seconds", 0.0)):
        test.number_input(key=key).set_value(value)
        assert words(again(test)) != before, key
        before = words(test)
    assert "Not all of it can hold together" in words(test)  # nothing is decided in no time
    test.number_input(key="need_seconds").set_value(2.0)
    assert "All of it can hold together" in words(again(test))
    assert "95 % of fraud's dollars" in words(test)
    assert "within the limits of a card programme" in words(test)
    assert "required false positive rate" in words(test)  # on the cost curve
    assert "1,500 a month" in words(test)  # a line of the programme's chart
    assert re.search(r"\d+ µs here, the slowest of a hundred", words(test))
    table = test.table[1].value
    assert (table["Short in total cost"].iloc[0], table["Short in FLAC"].iloc[2]) == ("\\$0", "\\$0")
    assert table["Short in total cost"].iloc[2] != "\\$0"
    told = [words(page("requirements", line=line)) for line in ("none", "0.1")]
    shipped = [float(re.findall(r"At the line (\d+) bps", text)[0]) for text in told]
    assert shipped[0] > shipped[1] > 0


def test_another_world_moves_every_figure_but_not_the_one_at_hand() -> None:
    test = page("what_if", line="0.1")
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
    before = words(test)
    test.number_input(key="sample_difference").set_value(100_000.0)
    assert words(again(test)) != before
    assert "to see $100,000 a month" in words(test)
    assert "Nobody is stopped at the line" in words(page("what_if", line="none"))


def test_in_another_world_a_score_is_another_probability() -> None:
    test = page("what_if", line="0.1")
    test.slider(key="world_rate").set_value(5.0)
    table = again(test).table[0].value["there"]
    score, there = (float(table[f"The line ({unit})"].replace("\\", "")) for unit in ("score", "probability"))
    rate = (
        float(again(test).table[0].value["here"]["Fraud rate"].split("\xa0")[0].split(" ")[0].replace("\\", "")) / 100
    )
    up, down = score * 0.05 / rate, (1 - score) * 0.95 / (1 - rate)
    assert there == pytest.approx(up / (up + down), abs=0.002)


@pytest.mark.parametrize(
    "name", ["confidence", "sensitivity", "review_decline", "argument", "team", "by_segment", "requirements", "what_if"]
)
def test_where_no_review_pays_every_page_stands(name: str) -> None:
    test = page(name, review_cost="10000", line="none")
    assert not test.error
    if name == "by_segment":
        assert "No review pays at these prices" in words(test)
    if name == "review_decline":
        assert "Declining unseen is cheaper than any review: the cheapest policy declines from" in words(test)
