"""Requirements against each other, metrics against each other: what each asks for costs dollars."""

from core.deciding.requirements import picks
from pages.shared.start import open_page
from pages.stress_test.requirements_parts import (
    choose_limits,
    show_marks,
    show_picks,
    show_programme,
    show_requirements,
)

_IDLE = ("review_minutes",)

with open_page("requirements", "What can hold together?", idle=_IDLE) as case:
    look = choose_limits(case)
    found = show_requirements(case, look)
    chosen = picks(look.curve, look.totals, case.prices)
    show_marks(look, found, chosen)
    show_picks(look, chosen)
    show_programme(look)
