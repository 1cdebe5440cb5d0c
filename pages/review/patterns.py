"""All flagged orders together: which reasons flag them, and how that shifts with the threshold."""

from core.assumptions import FIELDS
from core.policy import BY_SAVING
from pages.review.patterns_parts import show_reasons_together
from pages.shared.start import open_page
from pages.shared.view import chosen_view

_IDLE = tuple(name for name in FIELDS if name != "reviews_per_day")


def _idle() -> tuple[str, ...]:
    """Prices say which orders are flagged only where those are ranked by expected saving."""
    return () if chosen_view().policy.ranked_by == BY_SAVING else _IDLE


with open_page("patterns", "Why are orders flagged?", idle=_idle) as case:
    show_reasons_together(case)
