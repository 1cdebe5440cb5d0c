"""Scenarios: there again after a restart, never overwritten unseen, every step in the log."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.assumptions import Assumptions
from core.errors import ReviewError
from core.records.scenarios import CHANGED, DELETED, SAVED, Scenarios
from core.showing.link import View
from pages.shared import verdicts as reviewing
from pages.shared.navigation import PAGES

ROOT = Path(__file__).parent.parent
NOON = datetime(2026, 5, 1, 12)
VIEW = View(line=0.1, baseline="approve", prices=Assumptions(review_cost=8.0))


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/scenarios.db"


def test_there_and_back_with_who_when_and_why(url: str) -> None:
    Scenarios(url).save(" Raid <b> ", VIEW, who="Ada", why="the week of the 24th", at=NOON, orders="my <i>orders</i>")
    (found,) = Scenarios(url).all()
    assert (found.name, found.view, found.who, found.why, found.at, found.version, found.orders) == (
        "Raid <b>", VIEW, "Ada", "the week of the 24th", NOON, 1, "my <i>orders</i>")  # fmt: skip
    assert Scenarios(url).log()[0].orders == "my <i>orders</i>"


def test_a_second_writer_is_told_and_loses_nothing(url: str) -> None:
    one, two = Scenarios(url), Scenarios(url)
    one.save("a", VIEW, who="Ada", why="cheaper", at=NOON)
    with pytest.raises(ReviewError, match="Somebody else saved"):
        two.save("a", View(line=0.2), who="Ada", why="cheaper", at=NOON)
    two.save("a", View(line=0.3), who="Ada", why="cheaper", at=NOON, known_version=1)
    for write in (
        lambda: one.save("a", VIEW, who="Ada", why="cheaper", at=NOON, known_version=1),
        lambda: one.remove("a", who="Ada", why="cheaper", at=NOON, known_version=1),
    ):
        with pytest.raises(ReviewError, match="Somebody else saved"):
            write()
    assert one.all()[0].view.line == 0.3


def test_the_log_keeps_what_was_deleted(url: str) -> None:
    scenarios = Scenarios(url)
    scenarios.save("a", VIEW, who="Ada", why="first", at=NOON)
    scenarios.save("a", View(line=0.2), who="Bo", why="cheaper", at=NOON + timedelta(hours=1), known_version=1)
    scenarios.remove("a", who="Cy", why="done", at=NOON + timedelta(hours=2), known_version=2)
    assert scenarios.all() == []
    anew = scenarios.save("a", VIEW, who="Di", why="again", at=NOON + timedelta(hours=3))
    assert anew.version == 4  # not a version anybody has seen before
    with pytest.raises(ReviewError, match="in the meantime"):
        scenarios.save("a", VIEW, who="Ada", why="old view", at=NOON, known_version=1)
    scenarios.remove("a", who="Di", why="no", at=NOON + timedelta(hours=4), known_version=4)
    log = scenarios.log()
    assert [(entry.what, entry.who, entry.why) for entry in log] == [
        (DELETED, "Di", "no"), (SAVED, "Di", "again"),
        (DELETED, "Cy", "done"), (CHANGED, "Bo", "cheaper"), (SAVED, "Ada", "first")]  # fmt: skip
    assert log[2].link == {"line": "0.2"}


def test_twenty_people_saving_at_once_lose_nothing(url: str) -> None:
    scenarios = Scenarios(url)
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda n: scenarios.save(f"s{n}", VIEW, who="Ada", why="cheaper", at=NOON), range(60)))
    assert len(scenarios.all()) == len(scenarios.log()) == 60


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": "  "}, "needs a name of 1 to 120"),
        ({"name": "x" * 121}, "needs a name of 1 to 120 characters. Got: 121"),
        ({"who": ""}, "needs who of 1 to 120"),
        ({"why": " "}, "needs a reason of 1 to 1,000"),
    ],
)
def test_name_who_and_why_are_needed(url: str, changed: dict[str, str], words: str) -> None:
    with pytest.raises(ReviewError, match=words):
        Scenarios(url).save(**{"name": "a", "view": VIEW, "who": "Ada", "why": "cheaper", "at": NOON} | changed)  # type: ignore[arg-type]
    Scenarios(url).save("a", VIEW, who="Ada", why="cheaper", at=NOON)
    if "name" not in changed:
        with pytest.raises(ReviewError, match=words):
            Scenarios(url).remove(
                **{"name": "a", "who": "Ada", "why": "done", "at": NOON, "known_version": 1} | changed
            )  # type: ignore[arg-type]
    assert len(Scenarios(url).all()) == 1


def page(**link: str) -> AppTest:
    test = AppTest.from_file(str(ROOT / PAGES["scenarios"].path), default_timeout=90)
    for key, value in link.items():
        test.query_params[key] = value
    test.run()
    assert not test.exception
    return test


def press(test: AppTest, label: str) -> AppTest:
    next(button for button in test.button if button.label == label).click()
    test.run()
    assert not test.exception
    return test


def test_a_view_is_saved_loaded_and_deleted_on_the_page(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(reviewing.DATABASE_VARIABLE, url)
    test = page(line="0.1", review_cost="9")
    assert "No scenario is saved yet" in test.info[0].value
    test.text_input(key="scenario_name").set_value("Nine dollars")
    test.text_input(key="scenario_who").set_value("Ada")
    test = press(test, "Save")
    assert "needs a reason" in test.error[0].value
    test.text_input(key="scenario_why").set_value("the new tool")
    test = press(test, "Save")
    assert test.table[0].value["Scenario"].tolist() == ["as it stands", "Nine dollars"]
    assert test.table[0].value["Prices"].tolist() == ["Review cost \\$9\\.00"] * 2
    assert test.table[0].value["Saved on"].tolist() == ["", "Sample marketplace"]
    assert not [caption for caption in test.caption if "saved on other orders" in caption.value]
    assert Scenarios(url).all()[0].view.prices.review_cost == 9
    other = page(line="0.5")
    assert "review_cost=9" in other.code[0].value
    other = press(other, "Load")
    assert other.session_state["price_review_cost"] == 9
    assert other.session_state["line"] == Scenarios(url).all()[0].view.line
    other.text_input(key="scenario_delete_who").set_value("Bo")
    other.text_input(key="scenario_delete_why").set_value("too dear")
    other = press(other, "Delete")
    assert "No scenario is saved yet" in other.info[0].value
    assert [(entry.what, entry.who) for entry in Scenarios(url).log()] == [("deleted", "Bo"), ("saved", "Ada")]


def fill(test: AppTest, **values: str) -> AppTest:
    for name, text in values.items():
        test.text_input(key=f"scenario_{name}").set_value(text)
    return test


def test_what_somebody_saved_in_the_meantime_is_not_overwritten(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(reviewing.DATABASE_VARIABLE, url)
    ada, bo = page(line="0.1"), page(line="0.2")
    press(fill(ada, name="June", who="Ada", why="cheaper"), "Save")
    told = press(fill(bo, name="June", who="Bo", why="safer"), "Save")
    assert "Somebody else saved or removed 'June'" in told.error[0].value.replace("\\", "")
    kept = Scenarios(url).all()[0]
    assert (kept.who, kept.version) == ("Ada", 1)
    press(bo, "Save")  # now that Bo has seen it
    assert (Scenarios(url).all()[0].who, len(Scenarios(url).log())) == ("Bo", 2)
    ada.text_input(key="scenario_delete_who").set_value("Ada")
    ada.text_input(key="scenario_delete_why").set_value("mine")
    told = press(ada, "Delete")
    assert "in the meantime" in told.error[0].value
    assert len(Scenarios(url).all()) == 1


def test_what_is_deleted_is_what_was_on_the_screen(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(reviewing.DATABASE_VARIABLE, url)
    for name in ("first", "second"):
        Scenarios(url).save(name, VIEW, who="Ada", why="cheaper", at=NOON)
    screens = []
    for who in ("Ada", "Bo"):
        test = page()
        test.selectbox(key="scenario_chosen").set_value("second")
        test.text_input(key="scenario_delete_who").set_value(who)
        test.text_input(key="scenario_delete_why").set_value("done")
        test.run()
        screens.append(test)
    ada, bo = screens
    assert not press(bo, "Delete").error
    assert "'second' in the meantime" in press(ada, "Delete").error[0].value.replace("\\", "")
    assert [one.name for one in Scenarios(url).all()] == ["first"]


def test_a_scenario_becomes_the_baseline_to_compare_with(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(reviewing.DATABASE_VARIABLE, url)
    Scenarios(url).save("June", View(line=0.2, decline=0.6), who="Ada", why="cheaper", at=NOON)
    test = page(line="0.1")
    assert [caption for caption in test.caption if "saved on other orders" in caption.value]
    test = press(test, "Make it the baseline")
    assert test.session_state["baseline"] == pytest.approx(0.2, abs=0.01)
    assert test.session_state["baseline_decline"] == pytest.approx(0.6, abs=0.03)
    assert test.session_state["line"] == 0.1


def test_a_scenario_stands_beside_the_others_on_how_sure(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(reviewing.DATABASE_VARIABLE, url)
    Scenarios(url).save("June *all*", View(line=0.2, decline=0.6), who="Ada", why="cheaper", at=NOON)
    test = AppTest.from_file(str(ROOT / PAGES["confidence"].path), default_timeout=90).run()
    assert "Decline from" not in test.table[0].value.index
    test.selectbox(key="compare_scenario").set_value("June *all*")
    table = test.run().table[0].value
    assert list(table) == ["line", "baseline", "cheapest line", "June \\*all\\*"]
    assert table.iloc[1].tolist()[:3] == ["nobody"] * 3
    assert table.iloc[1, 3].startswith("0\\.6")


def test_a_database_that_is_not_there_is_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(reviewing.DATABASE_VARIABLE, "sqlite:////proc/none/x.db")
    test = page()
    assert len(test.error) == 1
    assert not test.text_input  # what could not be kept is not asked for
    assert "cannot be opened" in test.error[0].value
