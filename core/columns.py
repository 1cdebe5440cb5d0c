"""Column names that cross a module, each typed once, and one row a role: all that is known of a column by its part.

A new role is one constant, one row of `ROLE_ROWS` and one line of `data/README.md`. Features made of it, rules on it
and an order's page are more, and come when somebody wants them.
"""

from dataclasses import dataclass
from typing import Literal

ORDER_ID = "order_id"  # text, unique
ORDERED_AT = "ordered_at"  # UTC, without zone
AMOUNT = "amount"  # USD, >= 0
IS_FRAUD = "is_fraud"  # 1 fraud, 0 legit, missing = outcome not known yet
SCORE = "score"  # calibrated probability of fraud, 0-1; missing = never scored
ACCOUNT_ID = "account_id"
DEVICE_ID = "device_id"
IP_ADDRESS = "ip_address"
SHIPPING_ADDRESS = "shipping_address"
BILLING_ADDRESS = "billing_address"
SIGNED_UP_AT = "signed_up_at"  # when the account was made, UTC
LABELLED_AT = "labelled_at"  # when the label became known, UTC
CATEGORY = "category"  # what was bought
CLEARED_BY = "cleared_by"  # the rule that cleared the order before it was scored, "" where none did

Kind = Literal["time", "number", "entity", "text"]
Group = Literal[
    "account", "device and network", "address", "amount", "time", "other columns", "not explained by the columns"
]
"""What reasons can be about."""


@dataclass(frozen=True)
class Role:
    """A part a column of a file can play. ValueError where the row is incomplete.

    name: the column's name in every order table.
    words: what it holds, as the help and the data dictionary say it.
    label: its name on the upload page.
    headers: what files call it, separated by spaces, the surest first, as `reading.words.plain_name` writes them.
    kind: entity = somebody or something that comes back, so that its past counts; history features are made of each.
    offered: its place among the roles the upload page always offers, from 1; 0 = one click away, unless it is played.
    short: an entity in names of features (`device_orders_1h`).
    said: an entity in sentences ("of the same network").
    group: what reasons made of it are about.
    """

    name: str
    words: str
    label: str
    headers: str
    kind: Kind
    offered: int = 0
    short: str = ""
    said: str = ""
    group: Group = "other columns"

    def __post_init__(self) -> None:
        needed = ["words", "label", "headers"]
        if self.kind == "entity":
            needed += ["short", "said"]
        lacking = [field for field in needed if not getattr(self, field).strip()]
        if self.kind == "entity" and self.group == "other columns":
            lacking.append("group")
        if lacking:
            raise ValueError(
                f"The role {self.name!r} has no {' and no '.join(lacking)}. Add it to its row of ROLE_ROWS "
                "in core/columns.py."
            )


ROLE_ROWS: tuple[Role, ...] = (
    Role(
        ORDER_ID,
        "unique id, kept as text",
        "Order id",
        "order_id order_no order_number order_ref order transaction_id trans_id txn_id tx_id transaction_number "
        "trans_num payment_id purchase_id invoice_id id uuid",
        "text",
    ),
    Role(
        ORDERED_AT,
        "time of the order (ISO 8601; UTC where no zone is given)",
        "Time of the order",
        "ordered_at order_time order_date order_datetime order_timestamp order_created_at purchase_time purchase_date "
        "purchased_at transaction_time transaction_date transaction_datetime trans_date_trans_time tx_datetime tx_time "
        "txn_time txn_date placed_at created_at created timestamp datetime event_time date time",
        "time",
        offered=2,
    ),
    Role(
        AMOUNT,
        "value of the order in USD, 0 or more",
        "Amount in USD",
        "amount order_amount order_value order_total total_amount grand_total transaction_amount transaction_amt "
        "tx_amount txn_amount purchase_value purchase_amount basket_value amount_usd usd amt total value price sum",
        "number",
        offered=1,
    ),
    Role(
        IS_FRAUD,
        "1 fraud, 0 legit, empty where the outcome is not known yet",
        "Outcome: fraud or legit",
        "is_fraud fraud fraud_flag is_fraudulent fraudulent fraud_bool fraud_label tx_fraud fraud_reported "
        "confirmed_fraud is_chargeback chargeback label class target outcome",
        "number",
        offered=3,
    ),
    Role(
        SCORE,
        "probability of fraud, 0 to 1; empty where the order was never scored",
        "Score of fraud",
        "score fraud_score risk_score model_score fraud_probability probability fraud_prob proba prob p_fraud "
        "prediction risk",
        "number",
        offered=4,
    ),
    Role(
        ACCOUNT_ID,
        "the buyer's account",
        "Account",
        "account_id customer_id user_id buyer_id client_id member_id cust_id cust shopper_id card_id cc_num account "
        "customer user buyer email",
        "entity",
        short="account",
        said="account",
        group="account",
    ),
    Role(
        DEVICE_ID,
        "the device the order came from",
        "Device",
        "device_id device_fingerprint fingerprint device_hash dev_id dev device",
        "entity",
        short="device",
        said="device",
        group="device and network",
    ),
    Role(
        IP_ADDRESS,
        "the network address the order came from",
        "IP address",
        "ip_address ip_addr client_ip customer_ip ip",
        "entity",
        short="ip",
        said="network",
        group="device and network",
    ),
    Role(
        SHIPPING_ADDRESS,
        "where the order is sent",
        "Shipping address",
        "shipping_address ship_address ship_to delivery_address shipping_addr",
        "entity",
        short="shipping",
        said="shipping address",
        group="address",
    ),
    Role(
        BILLING_ADDRESS,
        "where the card is registered",
        "Billing address",
        "billing_address bill_address bill_to card_address billing_addr",
        "text",
    ),
    Role(
        SIGNED_UP_AT,
        "when the account was made (ISO 8601; UTC where no zone is given)",
        "Time of the sign-up",
        "signed_up_at signup_time signup_date sign_up_date registered_at registration_date registration_time "
        "account_created_at account_created customer_since member_since",
        "time",
    ),
    Role(
        LABELLED_AT,
        "when the label became known (ISO 8601; UTC where no zone is given)",
        "Time the outcome was known",
        "labelled_at labeled_at label_time label_date chargeback_date chargeback_at fraud_reported_at resolved_at",
        "time",
    ),
    Role(
        CATEGORY,
        "what was bought, a short text",
        "Category",
        "category product_category merchant_category item_category mcc product",
        "text",
        group="amount",  # what a usual amount is depends on what was bought
    ),
)
"""Every role a column can play. Any other column of a file is a feature."""

ROLE_OF: dict[str, Role] = {role.name: role for role in ROLE_ROWS}
ROLES: dict[str, str] = {role.name: role.words for role in ROLE_ROWS}
"""role → what it holds."""


def _of(kind: Kind) -> tuple[str, ...]:
    return tuple(role.name for role in ROLE_ROWS if role.kind == kind)


TIMES, NUMBERS, ENTITIES = _of("time"), _of("number"), _of("entity")
ALWAYS_OFFERED = tuple(r.name for r in sorted(ROLE_ROWS, key=lambda role: role.offered) if r.offered)
OFFERED = (*ALWAYS_OFFERED, *(role.name for role in ROLE_ROWS if not role.offered))
"""Every role in the order of the upload page."""

DAY = "day"
SESSIONS = "sessions"
