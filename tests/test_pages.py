"""Each page alone, with a control moved, and by link; asserted on what a reader sees."""

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.assumptions import CHOICES, FIELDS
from core.building.pipeline import keep_scores
from core.building.store import save_data_set

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module", autouse=True)
def sample() -> None:
    """The sample data set, built where it is missing."""
    subprocess.run([sys.executable, "-m", "core", "build", "sample", "--if-missing"], cwd=ROOT, check=True, stdout=-3)


def run(page: str, **link: str) -> AppTest:
    test = AppTest.from_file(str(ROOT / page), default_timeout=60)
    for name, value in link.items():
        test.query_params[name] = value
    test.run()
    assert not test.exception
    return test


def payload(test: AppTest) -> str:
    """What the drag component was given, as text."""
    return str(test.get("bidi_component")[0].proto)


@pytest.mark.parametrize(
    "page", ["app.py", "pages/decide/threshold.py", "pages/orders/orders.py", "pages/system/model.py"]
)
def test_every_page_runs(page: str) -> None:
    assert run(page).markdown[0].value.startswith("#####")


def test_the_threshold_page_shows_the_costliest_orders() -> None:
    flagged, missed = (table.value for table in run("pages/decide/threshold.py").dataframe)
    assert (len(flagged), len(missed)) == (10, 10)
    assert set(missed["outcome"]) == {"fraud"}
    assert missed["cost"].is_monotonic_decreasing


def test_a_line_in_the_link_moves_the_tables() -> None:
    everything = run("pages/decide/threshold.py", line="0")
    assert everything.dataframe[1].value["score"].isna().all()  # only orders never scored are still missed
    nobody = run("pages/decide/threshold.py", line="none")
    assert len(nobody.dataframe[0].value) == 0
    assert "No order is flagged here." in [caption.value for caption in nobody.caption]


def test_bad_values_in_a_link_get_a_note_and_the_page_stands() -> None:
    test = run("pages/decide/threshold.py", line="1e9", review_cost="x", nonsense="<b>")
    assert len(test.warning) == 3
    assert len(test.dataframe) == 2


@pytest.mark.parametrize("name", sorted(set(FIELDS) - {"conversion_rate"}))
def test_every_price_moves_the_page(name: str) -> None:
    """From prices under which some legit orders are lost: with none lost, what a loss costs cannot show."""
    test = run("pages/decide/threshold.py", abandonment_rate="0.05")
    before = payload(test)
    if name in CHOICES:
        test.selectbox(f"price_{name}").select(CHOICES[name][1]).run()
    else:
        box = test.number_input(f"price_{name}")
        box.set_value(40.0 if box.value is None else box.value * 0.5 + 0.25).run()
    assert not test.exception
    assert payload(test) != before


def test_a_price_these_orders_have_no_use_for_is_switched_off_and_says_why() -> None:
    box = run("pages/decide/threshold.py").number_input("price_conversion_rate")
    assert box.disabled
    assert "count of sessions" in box.help


def test_a_preset_fills_in_every_price() -> None:
    test = run("pages/decide/threshold.py")
    test.selectbox("preset").select("Merchant carries the full loss").run()
    assert test.number_input("price_fraud_loss_rate").value == 100
    assert test.number_input("price_chargeback_fee").value == 20
    test.number_input("price_chargeback_fee").set_value(21.0).run()
    assert test.selectbox("preset").value == "Own prices"


def test_the_axis_moves_the_page() -> None:
    test = run("pages/decide/threshold.py")
    before = payload(test)
    test.segmented_control("axis").set_value("score").run()
    assert payload(test) != before


def test_a_line_let_go_in_the_browser_reaches_the_tables() -> None:
    test = run("pages/decide/threshold.py")
    before = test.dataframe[0].value
    test.session_state["line"] = 0.5
    test.run()
    assert (test.dataframe[0].value["score"] >= 0.5).all()
    assert not test.dataframe[0].value.equals(before)


def test_the_model_page_says_how_good_the_scores_are() -> None:
    test = run("pages/system/model.py")
    assert any("AUC" in block.value and "to 0." in block.value for block in test.markdown)
    assert any("trees of at most" in caption.value for caption in test.caption)


def test_a_missing_data_set_gets_one_message(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CUTLINE_ORDERS", str(tmp_path))
    for page in ("pages/decide/threshold.py", "pages/system/model.py"):
        test = run(page)
        assert len(test.error) == 1
        assert "is not a built data set" in test.error[0].value.replace("\\", "")


def test_a_stray_date_gets_one_message(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An order file with one is refused; a data set may hold one all the same."""
    times = pd.to_datetime(["1970-01-01", "2026-03-01"])
    orders = pd.DataFrame({"order_id": ["1", "2"], "ordered_at": times, "amount": 1.0, "score": [0.5, 0.25]})
    save_data_set(tmp_path / "built", keep_scores(orders))
    monkeypatch.setenv("CUTLINE_ORDERS", str(tmp_path / "built"))
    for page in ("pages/decide/threshold.py", "pages/system/model.py"):
        test = run(page)
        assert len(test.error) == 1
        assert "at most 1830 days are counted" in test.error[0].value.replace("\\", "")
