"""What the columns of order files are called elsewhere, and what their labels say."""

import re

from core.columns import ROLE_ROWS

NAMES: dict[str, tuple[str, ...]] = {role.name: tuple(role.headers.split()) for role in ROLE_ROWS}
"""role → names it goes by, the surest first, as `plain_name` writes them."""

FRAUD_WORDS = (
    "1",
    "true",
    "t",
    "y",
    "yes",
    "fraud",
    "fraudulent",
    "bad",
    "chargeback",
    "confirmed fraud",
    "positive",
    "ja",
    "oui",
    "si",
    "sim",
)
LEGIT_WORDS = ("0", "false", "f", "n", "no", "legit", "legitimate", "genuine", "good", "ok", "clean", "not fraud",
               "non-fraud", "nonfraud", "normal", "negative",
               "nein", "non", "nao")  # fmt: skip
UNKNOWN_WORDS = ("unknown", "pending", "open", "n/a", "na", "null", "none", "nan", "-", "?")


def plain_name(name: str) -> str:
    """A header as the names above are written.

    >>> plain_name("Transaction ID"), plain_name("isFraud"), plain_name(" Order-Total ($) ")
    ('transaction_id', 'is_fraud', 'order_total')
    """
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip())
    return re.sub(r"[^a-z0-9]+", "_", split.lower()).strip("_")
