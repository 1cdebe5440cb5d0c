"""The faults Cutline names itself: shown as one clear line by a page or the command line, and only these."""

from collections.abc import Sequence


class CutlineError(Exception):
    """Bad input, said in one line: what was expected, what came, what to do."""


class OrdersError(CutlineError):
    """An order file that cannot be read as orders."""


class ChoiceNeeded(OrdersError):
    """An order file that cannot be read until the user says which part of it is meant."""

    def __init__(self, message: str, choices: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.choices = tuple(choices)


class AssumptionsError(CutlineError):
    """A price that is unknown, or out of its range."""


class ModelError(CutlineError):
    """A model that is damaged, from another version, or does not fit these orders."""


class PolicyError(CutlineError):
    """A threshold or a limit that cannot be used."""


class StoreError(CutlineError):
    """A built data set that is missing, half written, or from another version."""


class ReviewError(CutlineError):
    """A verdict could not be recorded or read."""
