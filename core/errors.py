"""The faults Cutline names itself: shown as one clear line by a page or the command line, and only these."""


class CutlineError(Exception):
    """Bad input, said in one line: what was expected, what came, what to do."""


class OrdersError(CutlineError):
    """An order file that cannot be read as orders."""


class AssumptionsError(CutlineError):
    """A price that is unknown, or out of its range."""


class ModelError(CutlineError):
    """A model that is damaged, from another version, or does not fit these orders."""


class PolicyError(CutlineError):
    """A threshold or a limit that cannot be used."""


class StoreError(CutlineError):
    """A built data set that is missing, half written, or from another version."""
