"""Scenarios: there again after a restart, never overwritten unseen, every step in the log."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.assumptions import Assumptions
from core.errors import ReviewError
from core.showing.link import View
from core.showing.scenarios import CHANGED, DELETED, SAVED, Scenarios
from pages.shared import reviewing

ROOT = Path(__file__).parent.parent
NOON = datetime(2026, 5, 1, 12)
VIEW = View(line=0.1, baseline="approve", prices=Assumptions(review_cost=8.0))


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/scenarios.db"


def test_there_and_back_with_who_when_and_why(url: str) -> None:
    Scenarios(url).save(" Raid <b> ", VIEW, who="Ada", why="the week of the 24th", at=NOON)
    (found,) = Scenarios(url).all()
    assert (found.name, found.view, found.who, found.why, found.at, found.version) == (
        "Raid <b>", VIEW, "Ada", "the week of the 24th", NOON, 1)  # fmt: skip


def test_a_second_writer_is_told_and_loses_nothing(url: str) -> None:
    one, two = Scenarios(url), Scenarios(url)
    one.save("a", VIEW, who="", why="", at=NOON)
    with pytest.raises(ReviewError, match="Somebody else saved"):
        two.save("a", View(line=0.2), who="", why="", at=NOON)
    two.save("a", View(line=0.3), who="", why="", at=NOON, known_version=1)
    for write in (
        lambda: one.save("a", VIEW, who="", why="", at=NOON, known_version=1),
        lambda: one.remove("a", who="", why="", at=NOON, known_version=1),
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
    log = scenarios.log()
    assert [(entry.what, entry.who, entry.why) for entry in log] == [
        (DELETED, "Cy", "done"), (CHANGED, "Bo", "cheaper"), (SAVED, "Ada", "first")]  # fmt: skip
    assert log[0].link == {"line": "0.2"}


def test_twenty_people_saving_at_once_lose_nothing(url: str) -> None:
    scenarios = Scenarios(url)
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda n: scenarios.save(f"s{n}", VIEW, who="", why="", at=NOON), range(60)))
    assert len(scenarios.all()) == len(scenarios.log()) == 60


@pytest.mark.parametrize("name", ["", "  ", "x" * 121])
def test_a_name_is_needed(url: str, name: str) -> None:
    with pytest.raises(ReviewError, match="needs a name"):
        Scenarios(url).save(name, VIEW, who="", why="", at=NOON)


def page(**link: str) -> AppTest:
    test = AppTest.from_file(str(ROOT / "pages" / "scenarios.py"), default_timeout=90)
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
    assert test.table[0].value["Scenario"].tolist() == ["as it stands", "Nine dollars"]
    assert test.table[0].value["Prices"].tolist() == ["Review cost 9"] * 2
    assert Scenarios(url).all()[0].view.prices.review_cost == 9
    other = page(line="0.5")
    assert "review_cost=9" in other.code[0].value
    other = press(other, "Load")
    assert other.session_state["price_review_cost"] == 9
    assert other.session_state["line"] == Scenarios(url).all()[0].view.line
    other.text_input(key="scenario_delete_who").set_value("Bo")
    other = press(other, "Delete")
    assert "No scenario is saved yet" in other.info[0].value
    assert [(entry.what, entry.who) for entry in Scenarios(url).log()] == [("deleted", "Bo"), ("saved", "Ada")]


def test_a_database_that_is_not_there_is_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(reviewing.DATABASE_VARIABLE, "sqlite:////proc/none/x.db")
    test = page()
    press(test, "Save")
    assert len(test.error) == 1
    assert "cannot be opened" in test.error[0].value
