"""Your orders, as a reader meets it: a file in, questions answered, every other page on it, and gone when told so."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.showing.link import View
from core.sources import mappings
from pages.orders import orders_upload as upload
from pages.shared.navigation import PAGES
from tests.tables import learnable_orders

ROOT = Path(__file__).parent.parent
PAGE = str(ROOT / "pages" / "orders" / "orders.py")
GOOD = (ROOT / "data" / "example.csv").read_bytes()


@pytest.fixture(autouse=True)
def nothing_saved(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(mappings, "SAVED", tmp_path / "mappings")


def page(*files: tuple[str, bytes | str]) -> AppTest:
    """The page with these files chosen."""
    test = AppTest.from_file(PAGE, default_timeout=60)
    test.run()
    assert not test.exception
    if files:
        chosen = [(name, text.encode() if isinstance(text, str) else text, "text/csv") for name, text in files]
        test.file_uploader[0].set_value(chosen)
        return again(test)
    return test


def again(test: AppTest) -> AppTest:
    test.run()
    assert not test.exception
    return test


def press(test: AppTest, label: str) -> AppTest:
    next(button for button in test.button if button.label.startswith(label)).click()
    return again(test)


def metrics(test: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in test.metric}


def select(test: AppTest, label: str, value: object) -> AppTest:
    next(box for box in test.selectbox if box.label == label).set_value(value)
    return again(test)


def words(test: AppTest) -> str:
    shown = [*test.markdown, *test.caption, *test.error, *test.warning, *test.info, *test.success]
    return "\n".join(element.value for element in shown)


def other_page(test: AppTest, name: str) -> AppTest:
    """Another page in the same session."""
    other = AppTest.from_file(str(ROOT / PAGES[name].path), default_timeout=60)
    for key in ("own_orders", "own_orders_away", "own_visit"):
        if key in test.session_state:
            other.session_state[key] = test.session_state[key]
    return again(other)


def test_the_page_alone_explains_what_a_file_should_hold() -> None:
    test = page()
    assert "order_id" in str(test.dataframe[0].value)
    assert "Bring a file of orders" in words(test)


def test_the_example_file_goes_all_the_way() -> None:
    test = page(("example.csv", GOOD))
    assert metrics(test)["Rows in the file"] == "500"
    test = press(test, "Go on with 500 orders")
    assert "AUC" in test.success[-1].value
    threshold = other_page(test, "threshold")
    assert "example.csv" in words(threshold).replace("\\", "")
    model = other_page(test, "model")
    assert "scores that came with the file" in words(model)


def test_rejected_rows_are_named_and_every_later_figure_says_of_how_many() -> None:
    rows = [f"o{n},{n % 50 + 1}.5,{n % 7 / 10},{int(n % 9 == 0)}" for n in range(300)]
    rows[10], rows[20] = "o10,ten,0.1,0", "o20,-4,0.1,0"
    test = page(("orders.csv", "order_id,amount,score,is_fraud\n" + "\n".join(rows) + "\n"))
    assert {name: value.replace("\xa0", " ") for name, value in metrics(test).items()} == {
        "Rows in the file": "300", "Orders accepted": "298", "Rows rejected": "2", "Outcomes known": "100.0 %",
        "Frauds known": "34",
    }  # fmt: skip
    tables = pd.concat([table.value for table in test.dataframe if "Expected" in table.value])
    assert tables[["Row", "Value"]].to_numpy().tolist() == [[12, "ten"], [22, "-4"]]
    test = press(test, "Go on without 2 rejected rows: with 298 of 300 rows")
    for name in ("threshold", "model"):
        assert "298 of 300 rows" in words(other_page(test, name))


def test_ambiguous_dates_are_asked_and_answered() -> None:
    rows = "".join(f"o{n},{n + 1},0{n % 9 + 1}/0{n % 8 + 1}/2026,0.{n}\n" for n in range(9))
    test = page(("dates.csv", "order_id,amount,date,score\n" + rows))
    assert "day and month" in test.error[0].value
    assert not [button for button in test.button if button.label.startswith("Go on")]
    test = select(test, "Time of the order is written", "%d/%m/%Y")
    assert not test.error
    assert [button for button in test.button if button.label.startswith("Go on with 9 orders")]


def test_a_role_is_changed_with_a_select_and_the_file_is_read_again() -> None:
    text = "order_id,amount,price,score\n" + "".join(f"o{n},{n + 1},{n + 100},0.5\n" for n in range(5))
    test = page(("orders.csv", text))
    test = select(test, "Amount in USD", "price")
    assert "chosen by you" in words(test)
    test = press(test, "Go on")
    assert test.session_state["own_orders"].data.orders["amount"].min() == 100


def test_words_for_fraud_are_asked_for() -> None:
    text = "order_id,amount,outcome,score\n" + "".join(
        f"o{n},{n + 1},{'rouge' if n % 3 else 'vert'},0.5\n" for n in range(9)
    )
    test = page(("orders.csv", text))
    assert "which one is fraud" in test.error[0].value
    next(box for box in test.multiselect if box.label == "Words that mean fraud").set_value(["rouge"])
    test = again(test)
    assert not test.error
    assert metrics(test)["Frauds known"] == "6"


def test_a_mapping_that_is_saved_is_offered_for_the_same_header_and_never_taken_in_silence() -> None:
    text = "order_id,amount,price,score\n" + "".join(f"o{n},{n + 1},{n + 100},0.5\n" for n in range(5))
    press(select(page(("orders.csv", text)), "Amount in USD", "price"), "Save this mapping")
    fresh = page(("later.csv", text))
    assert next(box for box in fresh.selectbox if box.label == "Amount in USD").value == "amount"
    fresh = press(fresh, "Use the mapping saved")
    assert next(box for box in fresh.selectbox if box.label == "Amount in USD").value == "price"
    assert "This is the mapping that was saved" in words(fresh)


def test_scores_that_do_not_mean_what_they_say_are_checked_and_corrected_on_demand() -> None:
    random = np.random.default_rng(4)
    truth = random.beta(1, 8, 3000)
    frame = pd.DataFrame({"amount": 10, "is_fraud": (random.random(3000) < truth).astype(int), "score": truth**0.4})
    test = page(("orders.csv", frame.to_csv(index=False)))
    assert "from the share of fraud on average" in words(test)
    test.toggle[0].set_value(True)
    test = press(again(test), "Go on")
    assert "The scores are corrected (isotonic" in words(test).replace("\\", "")


def test_training_on_ones_own_orders_says_how_good_it_is() -> None:
    test = page(("orders.csv", learnable_orders().to_csv(index=False)))
    assert test.radio[0].value == "train"
    test = press(test, "Go on with 6,000 orders")
    assert "**AUC 0." in test.success[-1].value
    assert test.get("plotly_chart")
    queue = other_page(test, "queue")
    assert queue.dataframe[0].value["reason_1"].str.len().min() > 10
    assert "the parts add up to" in words(other_page(test, "order"))


def test_a_suspected_leak_is_told_once_on_the_page_and_stays_with_the_model() -> None:
    orders = learnable_orders()
    orders = orders.assign(refund=np.where(orders["is_fraud"] == 1, "yes", "no"))
    test = page(("orders.csv", orders.to_csv(index=False)))
    assert words(test).count("refund alone has an AUC of") == 1
    test = press(test, "Go on with 6,000 orders")
    assert words(test).count("refund alone has an AUC of") == 1
    assert words(other_page(test, "model")).count("refund alone has an AUC of") == 1


def test_our_model_warns_where_the_orders_are_of_another_world() -> None:
    frame = learnable_orders().drop(columns="is_fraud")
    test = press(page(("orders.csv", frame.to_csv(index=False))), "Go on")
    assert "has not learnt from these orders" in test.warning[0].value
    assert "features of the model are not there" in words(test)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + b"\0" * 60, "is a PNG picture"),
        ("empty.csv", b"", "is empty"),
        ("header.csv", b"order_id,amount\n", "a header and no orders"),
        ("cut.parquet", b"PAR1 and no more", "cannot be read as Parquet"),
    ],
)
def test_a_broken_file_gets_one_message_and_the_next_file_works(name: str, content: bytes, says: str) -> None:
    test = page((name, content))
    assert len(test.error) == 1
    assert says in test.error[0].value.replace("\\", "")
    test.file_uploader[0].set_value([("example.csv", GOOD, "text/csv")])
    assert metrics(again(test))["Orders accepted"] == "500"


def test_a_choice_that_cannot_be_read_loses_nothing() -> None:
    test = page(("orders.csv", "order_id;amount;score\na;1;0.5\nb;2;0.25\n"))
    test = select(test, "Encoding", "utf-16")
    assert "cannot be read as UTF-16" in test.error[0].value.replace("\\", "")
    test = press(test, "Start again")
    assert metrics(test)["Orders accepted"] == "2"


def test_text_that_would_like_to_be_more_is_shown_letter_by_letter() -> None:
    text = 'order_id,amount,score,"<script>$x$</script>"\n' + "".join(f"<b>{n},{n + 1},0.5,[x](y)\n" for n in range(3))
    test = page(("<i>$a$.csv", text + "<img onerror>,ten,0.5,x\n"))
    shown = words(press(test, "Go on"))
    assert "<script>" not in shown.replace("\\<", "")
    assert "<i>" not in shown.replace("\\<", "")


def test_forgetting_leaves_nothing_in_the_session() -> None:
    test = press(page(("example.csv", GOOD)), "Go on")
    assert test.session_state["own_orders"].data.name == "example.csv"
    test = press(again(test), "Forget my data")
    held = ["own_orders", *(f"own_upload_{name}" for name in ("files", "reading", "intake", "orders", "correction"))]
    assert all(key not in test.session_state or test.session_state[key] is None for key in held)
    assert "Bring a file" in words(test)


def test_the_sample_is_one_click_away_and_back() -> None:
    test = press(page(("example.csv", GOOD)), "Go on")
    threshold = press(other_page(test, "threshold"), "Show the sample")
    assert "Sample marketplace" in words(threshold)
    assert "example.csv" in words(press(threshold, "Back to example")).replace("\\", "")


def test_no_line_drawn_on_one_set_of_orders_is_left_on_the_other() -> None:
    test = page(("example.csv", GOOD))
    lines = {"line": 0.1, "baseline": 0.05, "decline": 0.6, "baseline_decline": 0.7}
    for name, cut in lines.items():
        test.session_state[name] = cut
    test = press(test, "Go on")
    assert {name: test.session_state[name] for name in lines} == {name: getattr(View(), name) for name in lines}
    threshold = press(other_page(test, "threshold"), "Show the sample")
    assert "declined" not in words(threshold)


def test_a_file_on_the_server_only_within_the_folder_that_is_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open" / "orders.csv").write_bytes(GOOD)
    (tmp_path / "secret.csv").write_bytes(GOOD)
    assert len(page().text_input) == 0
    monkeypatch.setenv(upload.FOLDER_VARIABLE, str(tmp_path / "open"))
    test = page()
    test.text_input[0].set_value("../secret.csv")
    assert "There is no file" in again(test).error[0].value
    test.text_input[0].set_value("orders.csv")
    assert metrics(again(test))["Orders accepted"] == "500"
