"""A figure is one row: its name, how it is written, which way is better, and whether it grows with the period."""

from dataclasses import dataclass

from core.number_format import FORMATS
from core.pricing.economics import RATIOS, SHARES

LOW, HIGH, NEITHER = "low", "high", ""


@dataclass(frozen=True)
class Figure:
    """One figure in words. format, change: of `number_format.FORMATS`, its value and a difference of two. better: low,
    high or "". help: its definition. signed: written with its sign. monthly: dollars and counts grow with the period
    and are shown a month; a rate is not."""

    name: str
    label: str
    format: str
    change: str
    better: str
    help: str
    signed: bool = False

    @property
    def monthly(self) -> bool:
        """Whether the period's value is turned into a month's."""
        return self.name not in RATIOS

    @property
    def kind(self) -> str:
        """What a chart writes on its axis: share, count or dollars."""
        return "share" if self.name in SHARES else "count" if self.format == "count" else "dollars"

    def words(self, value: float) -> str:
        """The value as people read it; already a month's where it is one."""
        return FORMATS[self.format](value, plus="+" if self.signed else "")


_ROWS = (
    Figure(
        "false_positive_rate", "False positive rate", "percent", "points", LOW, "False positives ÷ all legit orders",
    ),
    Figure("detection_rate", "Detection", "percent", "points", HIGH, "Fraud flagged ÷ all fraud"),
    Figure("value_detection_rate", "Detection by value", "percent", "points", HIGH, "Fraud dollars flagged ÷ all"),
    Figure("precision", "Precision", "percent", "points", HIGH, "Fraud flagged ÷ flagged"),
    Figure("review_rate", "Review rate", "percent", "points", LOW, "Orders reviewed ÷ all orders"),
    Figure("capacity_used", "Capacity used", "percent", "points", NEITHER, "Orders reviewed ÷ reviews the team can do"),
    Figure("flagged", "Flagged", "count", "count", LOW, "Orders reviewed or declined"),
    Figure("reviewed", "Reviews", "count", "count", LOW, "Orders held for a manual review"),
    Figure("declined", "Declined unseen", "count", "count", LOW, "Orders declined without review"),
    Figure("review_hours", "Review hours", "count", "count", LOW, "Reviews × minutes a review"),
    Figure("review_cost", "Review cost", "dollars_short", "dollars_short", LOW, "Flagged orders × cost of a review"),
    Figure("api_cost", "Scoring calls", "dollars_short", "dollars_short", LOW, "Orders scored × cost of a call"),
    Figure("fraud_loss", "Fraud loss", "dollars_short", "dollars_short", LOW, "What fraud that ships costs"),
    Figure("insult_cost", "Insult cost", "dollars_short", "dollars_short", LOW, "What legit orders finally lost cost"),
    Figure("total_cost", "Total cost", "dollars_short", "dollars_short", LOW, "Review, scoring, fraud loss and insult"),
    Figure(
        "perceived_cost", "Perceived cost", "dollars_short", "dollars_short", LOW,
        "Total cost with loss aversion on what false positives cost",
    ),
    Figure(
        "saving", "Saving", "dollars_short", "dollars_short", HIGH, "Cost of approving everything − total cost",
    ),
    Figure("flac", "FLAC", "dollars_fine", "dollars_fine", HIGH, "(sales − fraud loss + reinstated) ÷ sessions"),
)  # fmt: skip
FIGURES: dict[str, Figure] = {row.name: row for row in _ROWS}
"""Every figure that is shown by name; a page lists names, never words."""
