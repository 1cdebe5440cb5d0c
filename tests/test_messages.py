"""Progress is one line on a terminal and a line a step in a log."""

import io

import pytest

from core.command_line.messages import Progress, say


class Terminal(io.StringIO):
    """A stream that is a terminal and shows what a reader would see of its last line."""

    def isatty(self) -> bool:
        return True

    def shown(self) -> str:
        line: list[str] = []
        place = 0
        for letter in self.getvalue():
            place = 0 if letter == "\r" else place + 1
            if place:
                line[place - 1 : place] = letter
        return "".join(line).rstrip()


def train(progress: Progress) -> None:
    """What a first build says: one step, then 300 times the same one, then another."""
    progress("Features from the past", 0.0)
    for tree in range(300):
        progress("Training the model", 0.5 + 0.3 * tree / 300)
    progress("Scoring", 0.8)


def test_a_log_has_a_line_a_step() -> None:
    log = io.StringIO()
    with Progress(log) as progress:
        train(progress)
    assert log.getvalue().splitlines() == ["  0%  Features from the past", " 50%  Training the model", " 80%  Scoring"]


def test_a_terminal_has_one_line_that_is_rewritten() -> None:
    terminal = Terminal()
    with Progress(terminal) as progress:
        train(progress)
        assert terminal.shown() == " 80%  Scoring"
    assert "\n" not in terminal.getvalue()
    assert "65%  Training the model" in terminal.getvalue()


def test_a_terminal_is_written_to_only_when_the_line_changes() -> None:
    """The first step, 50 % to 80 % while training, and the last step: of 302 calls 33 write at most."""
    terminal = Terminal()
    with Progress(terminal) as progress:
        train(progress)
        assert terminal.getvalue().count("\r") <= 33


@pytest.mark.parametrize("fault", [None, ValueError])
def test_the_line_is_gone_at_the_end_and_after_a_fault(fault: type[Exception] | None) -> None:
    terminal = Terminal()
    if fault is None:
        with Progress(terminal) as progress:
            progress("Training the model", 0.5)
    else:
        with pytest.raises(fault, match="stopped"), Progress(terminal) as progress:
            progress("Training the model", 0.5)
            raise fault("stopped")
    assert terminal.shown() == ""
    assert terminal.getvalue().endswith("\r")


def test_a_line_longer_than_the_terminal_is_cut_so_that_it_can_be_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    terminal = Terminal()
    with Progress(terminal) as progress:
        progress("Comparing with the orders the model knows", 0.6)
        assert terminal.shown() == " 60%  Comparing wit"
        assert len(terminal.shown()) == 19


def test_nothing_said_leaves_nothing() -> None:
    for stream in (io.StringIO(), Terminal()):
        with Progress(stream):
            pass
        assert stream.getvalue() == ""


def test_a_message_goes_to_standard_error_alone(capsys: pytest.CaptureFixture[str]) -> None:
    say("Reading orders.csv")
    assert tuple(capsys.readouterr()) == ("", "Reading orders.csv\n")
