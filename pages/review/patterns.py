"""All flagged orders together: which reasons flag them, and how that shifts with the threshold."""

import streamlit as st

from core.assumptions import FIELDS
from pages.review.patterns_parts import show_reasons_together
from pages.review.queue_parts import where_the_line_is
from pages.shared.start import open_page

_USED = ("reviews_per_day",)
_IDLE = tuple(name for name in FIELDS if name not in _USED)

with open_page("patterns", "Why are orders flagged?", idle=_IDLE) as case:
    st.caption(where_the_line_is(case))
    show_reasons_together(case)
