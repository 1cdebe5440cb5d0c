"""What the columns of order files are called elsewhere, and what their labels say."""

import re

from core.columns import (
    ACCOUNT_ID,
    AMOUNT,
    BILLING_ADDRESS,
    CATEGORY,
    DEVICE_ID,
    IP_ADDRESS,
    IS_FRAUD,
    LABELLED_AT,
    ORDER_ID,
    ORDERED_AT,
    SCORE,
    SHIPPING_ADDRESS,
    SIGNED_UP_AT,
)

NAMES: dict[str, tuple[str, ...]] = {
    ORDER_ID: ("order_id", "order_no", "order_number", "order_ref", "order", "transaction_id", "trans_id", "txn_id",
               "tx_id", "transaction_number", "trans_num", "payment_id", "purchase_id", "invoice_id", "id", "uuid"),
    ORDERED_AT: ("ordered_at", "order_time", "order_date", "order_datetime", "order_timestamp", "order_created_at",
                 "purchase_time", "purchase_date", "purchased_at", "transaction_time", "transaction_date",
                 "transaction_datetime", "trans_date_trans_time", "tx_datetime", "tx_time", "txn_time", "txn_date",
                 "placed_at", "created_at", "created", "timestamp", "datetime", "event_time", "date", "time"),
    AMOUNT: ("amount", "order_amount", "order_value", "order_total", "total_amount", "grand_total",
             "transaction_amount", "transaction_amt", "tx_amount", "txn_amount", "purchase_value", "purchase_amount",
             "basket_value", "amount_usd", "usd", "amt", "total", "value", "price", "sum"),
    IS_FRAUD: ("is_fraud", "fraud", "fraud_flag", "is_fraudulent", "fraudulent", "fraud_bool", "fraud_label",
               "tx_fraud", "fraud_reported", "confirmed_fraud", "is_chargeback", "chargeback", "label", "class",
               "target", "outcome"),
    SCORE: ("score", "fraud_score", "risk_score", "model_score", "fraud_probability", "probability", "fraud_prob",
            "proba", "prob", "p_fraud", "prediction", "risk"),
    ACCOUNT_ID: ("account_id", "customer_id", "user_id", "buyer_id", "client_id", "member_id", "cust_id", "cust",
                 "shopper_id", "card_id", "cc_num", "account", "customer", "user", "buyer", "email"),
    DEVICE_ID: ("device_id", "device_fingerprint", "fingerprint", "device_hash", "dev_id", "dev", "device"),
    IP_ADDRESS: ("ip_address", "ip_addr", "client_ip", "customer_ip", "ip"),
    SHIPPING_ADDRESS: ("shipping_address", "ship_address", "ship_to", "delivery_address", "shipping_addr"),
    BILLING_ADDRESS: ("billing_address", "bill_address", "bill_to", "card_address", "billing_addr"),
    SIGNED_UP_AT: ("signed_up_at", "signup_time", "signup_date", "sign_up_date", "registered_at",
                   "registration_date", "registration_time", "account_created_at", "account_created",
                   "customer_since", "member_since"),
    LABELLED_AT: ("labelled_at", "labeled_at", "label_time", "label_date", "chargeback_date", "chargeback_at",
                  "fraud_reported_at", "resolved_at"),
    CATEGORY: ("category", "product_category", "merchant_category", "item_category", "mcc", "product"),
}  # fmt: skip
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
