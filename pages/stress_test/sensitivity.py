"""What must be true: how far each price can move before the decision changes."""

from pages.shared.start import open_page
from pages.stress_test.sensitivity_parts import choose_ranges, show_map, show_stand, show_tornado

_IDLE = ("review_minutes", "loss_aversion", "conversion_rate", "flac_sales_basis")

with open_page("sensitivity", "What must be true?", idle=_IDLE) as case:
    ranges = choose_ranges()
    show_stand(case, ranges)
    show_tornado(case, ranges)
    show_map(case, ranges)
