"""Segments and amounts: own thresholds for kinds of orders, and reviewing by expected saving instead of score."""

from pages.decide.by_segment_parts import choose_column, show_amount_aware, show_segments
from pages.shared.start import open_page

_IDLE = ("review_minutes", "loss_aversion", "conversion_rate", "flac_sales_basis")

with open_page("by_segment", "One line for all?", idle=_IDLE) as case:
    show_amount_aware(case)
    column = choose_column(case)
    if column is not None:
        show_segments(case, column)
