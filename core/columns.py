"""Column names that cross a module, each typed once (design: one word for one thing)."""

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

ROLES: dict[str, str] = {
    ORDER_ID: "unique id, kept as text",
    ORDERED_AT: "time of the order (ISO 8601; UTC where no zone is given)",
    AMOUNT: "value of the order in USD, 0 or more",
    IS_FRAUD: "1 fraud, 0 legit, empty where the outcome is not known yet",
    SCORE: "probability of fraud, 0 to 1; empty where the order was never scored",
    ACCOUNT_ID: "the buyer's account",
    DEVICE_ID: "the device the order came from",
    IP_ADDRESS: "the network address the order came from",
    SHIPPING_ADDRESS: "where the order is sent",
    BILLING_ADDRESS: "where the card is registered",
    SIGNED_UP_AT: "when the account was made (ISO 8601; UTC where no zone is given)",
    LABELLED_AT: "when the label became known (ISO 8601; UTC where no zone is given)",
    CATEGORY: "what was bought, a short text",
}
"""Every role a column can play, with the words shown for it. Any other column of a file is a feature."""

TIMES = (ORDERED_AT, SIGNED_UP_AT, LABELLED_AT)
NUMBERS = (AMOUNT, IS_FRAUD, SCORE)
ENTITIES = (ACCOUNT_ID, DEVICE_ID, IP_ADDRESS, SHIPPING_ADDRESS)

DAY = "day"
SESSIONS = "sessions"
