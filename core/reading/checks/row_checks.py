"""What an order must be: one list of rules, each true of a bad value, compiled to SQL by `check.py`.

In `sql`: {text} the trimmed value, {number}, {score}, {time}, {label} what it reads as (null where it does not),
{repeated} whether another order has the id, {not_known} words for "not known yet", {late} and {early} bounds of time,
{now} the moment of the check, and {ordered_at} the order's time.
"""

from dataclasses import dataclass

from core.columns import AMOUNT, IS_FRAUD, LABELLED_AT, ORDER_ID, ORDERED_AT, SCORE, SIGNED_UP_AT
from core.limits import MAX_DAYS

BLOCKS, LOSES_ROWS, WORTH_KNOWING = "blocks", "loses rows", "worth knowing"
SEVERITIES = (BLOCKS, LOSES_ROWS, WORTH_KNOWING)


@dataclass(frozen=True)
class Rule:
    """role: of the column it looks at. title: what is wrong, of several. wanted: what one value should have been.
    option: of the command line."""

    role: str
    code: str
    severity: str
    sql: str
    title: str
    wanted: str
    remedy: str
    option: str = ""


_AMOUNT = "an amount in USD, 0 or more"
_SCORE = "a score from 0 to 1, or nothing"
_MEND = "Mend or remove that order."
_FORMAT, _FORMAT_OPTION = "Choose the format of the times.", "--time-format '%m/%d/%Y %H:%M'"
_TIME = "{time}"
_AT = "{time} IS NULL AND {text} IS NOT NULL"

RULES: tuple[Rule, ...] = (
    Rule(ORDER_ID, "no_id", LOSES_ROWS, "{text} IS NULL", "Orders without an id",
         "an id of its own for each order", "Remove repeated or empty ids."),
    Rule(ORDER_ID, "repeated_id", LOSES_ROWS, "{repeated}", "Orders whose id another order has",
         "an id of its own for each order",
         "Remove repeated or empty ids, or say which to keep.", "--duplicates first, last or all"),
    Rule(AMOUNT, "no_amount", LOSES_ROWS, "{text} IS NULL", "Orders without an amount", _AMOUNT, _MEND),
    Rule(AMOUNT, "bad_amount", LOSES_ROWS, "{text} IS NOT NULL AND ({number} IS NULL OR isnan({number}))",
         "Amounts that are no number in this format", _AMOUNT, _MEND),
    Rule(AMOUNT, "endless_amount", LOSES_ROWS, "isinf({number}) OR abs({number}) > 1e12",
         "Amounts without end, or above a trillion dollars", _AMOUNT, _MEND),
    Rule(AMOUNT, "negative_amount", LOSES_ROWS, "{number} < 0 AND {number} >= -1e12", "Negative amounts", _AMOUNT,
         "Refunds are no orders: mend or remove them."),
    Rule(SCORE, "bad_score", LOSES_ROWS, "{text} IS NOT NULL AND ({score} IS NULL OR isnan({score}))",
         "Scores that are no number", _SCORE, "Mend them, or leave the column out.", "--ignore COLUMN"),
    Rule(SCORE, "score_range", LOSES_ROWS, "NOT isnan({score}) AND NOT {score} BETWEEN 0 AND 1",
         "Scores outside 0 to 1", _SCORE,
         "Rescale the scores, or leave the column out.", "--score-scale 100 or 1000, --ignore COLUMN"),
    Rule(IS_FRAUD, "bad_label", LOSES_ROWS,
         "{text} IS NOT NULL AND {label} IS NULL AND lower({text}) NOT IN ({not_known})",
         "Outcomes that are neither of the two", "{labels} or nothing",
         "Write 1 for fraud, 0 for legit, nothing where it is not known; or name the words.",
         "--fraud-is WORD --legit-is WORD"),
    Rule(ORDERED_AT, "no_time", LOSES_ROWS, "{text} IS NULL", "Orders without a time", _TIME, _MEND),
    Rule(ORDERED_AT, "bad_time", LOSES_ROWS, _AT, "Times that cannot be read in this format",
         _TIME, _FORMAT, _FORMAT_OPTION),
    Rule(ORDERED_AT, "stray_time", LOSES_ROWS, "{time} < {early} OR {time} >= {late}",
         f"Times more than {MAX_DAYS:,} days from the other orders", "a time near the other orders", _MEND),
    Rule(ORDERED_AT, "future_time", WORTH_KNOWING, "{time} > {now}", "Orders placed in the future",
         "a time before now", "Check the time zone, and the order of day and month."),
    Rule(SIGNED_UP_AT, "bad_sign_up", WORTH_KNOWING, _AT, "Sign-up times that cannot be read: taken as not known",
         _TIME, _FORMAT, _FORMAT_OPTION),
    Rule(SIGNED_UP_AT, "late_sign_up", WORTH_KNOWING, "{time} > {ordered_at}", "Sign-ups after the order",
         "a sign-up before the order", "Check both time zones."),
    Rule(LABELLED_AT, "bad_label_time", WORTH_KNOWING, _AT, "Label times that cannot be read: taken as not known",
         _TIME, _FORMAT, _FORMAT_OPTION),
    Rule(LABELLED_AT, "early_label", WORTH_KNOWING, "{time} < {ordered_at}", "Outcomes known before the order",
         "a label time after the order", "Check both time zones."),
)  # fmt: skip

TOTALS_CODE = "totals_line"
TOTALS = ("total", "totals", "grand total", "subtotal", "sum", "total:", "sum:", "summe", "gesamt", "somme")
TOTALS_RULE = Rule(ORDER_ID, TOTALS_CODE, WORTH_KNOWING, "", "A line of totals below the orders: not an order",
                   "an order", "Nothing to do.")  # fmt: skip
"""Looked for in the last rows only; such a row is put aside and judged by no other rule."""
