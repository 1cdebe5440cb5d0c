"""Every feature of ours, one row each: its SQL, what it needs, and all that is ever said of it.

A new feature is one row of `FEATURES` and its slow twin in `tests/tables.py`.
"""

from dataclasses import dataclass

from core.columns import (
    ACCOUNT_ID,
    AMOUNT,
    BILLING_ADDRESS,
    CATEGORY,
    ENTITIES,
    IS_FRAUD,
    ORDERED_AT,
    ROLE_OF,
    SHIPPING_ADDRESS,
    SIGNED_UP_AT,
    Group,
)
from core.number_format import fixed, percent_short
from core.scoring.batch_risk import known_name, risk_name
from core.scoring.feature_words import Say, either, things, time_span

WINDOWS = {"1h": ("1 HOUR", "hour"), "24h": ("24 HOUR", "24 hours"), "7d": ("7 DAY", "7 days")}
"""In names of features → in SQL, in sentences."""
_EARLIER = f"ORDER BY {ORDERED_AT} RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL 1 MICROSECOND PRECEDING"


@dataclass(frozen=True)
class Feature:
    """A figure of an order, with all that is ever said of it. ValueError where the row is incomplete.

    name: its column.
    words: what it is: its help, and what "is not known" where the value is missing.
    roles: the columns it needs.
    sql: over the order table, or "" where it comes from the batch risk.
    group: what it is about; reasons of one group are added up together.
    say: a known value in words, with its unit: "placed on a weekend".
    more, less: how an order of a larger, or a smaller, value compares with others: "slower than 80 % of legit orders".
    counts: True of a number of things: its 0 and 1 are then no yes or no, even where no order has more.
    """

    name: str
    words: str
    roles: tuple[str, ...]
    sql: str
    group: Group
    say: Say
    more: str = "higher"
    less: str = "lower"
    counts: bool = False

    def __post_init__(self) -> None:
        lacking = [field for field in ("words", "roles", "more", "less") if not getattr(self, field)]
        if lacking:
            raise ValueError(
                f"The feature {self.name!r} has no {' and no '.join(lacking)}. Add it to its row of FEATURES "
                "in core/scoring/feature_rows.py."
            )


def _within(entity: str, window: str) -> str:
    return f"(PARTITION BY {entity} ORDER BY {ORDERED_AT} RANGE BETWEEN INTERVAL {window} PRECEDING " \
           f"AND INTERVAL 1 MICROSECOND PRECEDING)"  # fmt: skip


def _where_known(entity: str, sql: str) -> str:
    return f"CASE WHEN {entity} IS NOT NULL THEN {sql} END"


def _counts(entity: str) -> list[Feature]:
    """Earlier orders of the same entity, over each window."""
    role = ROLE_OF[entity]
    return [
        Feature(
            f"{role.short}_orders_{name}",
            f"orders of the same {role.short} in the {name} before",
            (entity, ORDERED_AT),
            _where_known(entity, f"count(*) OVER {_within(entity, window)}"),
            role.group,
            _say_same("earlier order", role.said, words),
            "more",
            "less",
            counts=True,
        )
        for name, (window, words) in WINDOWS.items()
    ]


def _accounts(entity: str) -> list[Feature]:
    """Distinct accounts seen on the same entity, over each window."""
    role = ROLE_OF[entity]
    return [
        Feature(
            f"{role.short}_accounts_{name}",
            f"accounts on the same {role.short} in the {name} before",
            (entity, ACCOUNT_ID, ORDERED_AT),
            _where_known(entity, f"count(DISTINCT {ACCOUNT_ID}) OVER {_within(entity, window)}"),
            role.group,
            _say_same("account", role.said, words),
            "more",
            "less",
            counts=True,
        )
        for name, (window, words) in WINDOWS.items()
    ]


def _say_same(one: str, said: str, window: str) -> Say:
    return lambda value: f"{things(value, one)} of the same {said} in the {window} before"


def _known_to_account(entity: str) -> Feature:
    role = ROLE_OF[entity]
    earlier = f"count(*) OVER (PARTITION BY {ACCOUNT_ID}, {entity} {_EARLIER})"
    return Feature(
        f"known_{role.short}",
        f"1 where the account used this {role.short} before",
        (entity, ACCOUNT_ID, ORDERED_AT),
        _where_known(f"{ACCOUNT_ID} IS NOT NULL AND {entity}", f"least({earlier}, 1)"),
        role.group,
        either(f"the account has used this {role.said} before", f"the account never used this {role.said} before"),
    )


def _risk(entity: str) -> list[Feature]:
    role, roles = ROLE_OF[entity], (entity, ORDERED_AT, IS_FRAUD)
    return [
        Feature(
            risk_name(entity),
            f"share of fraud among the {role.short}'s known outcomes, at the full hour",
            roles,
            "",
            role.group,
            lambda value: f"{percent_short(value)} fraud among the {role.said}'s known outcomes",
        ),
        Feature(
            known_name(entity),
            f"known outcomes of the {role.short}, at the full hour",
            roles,
            "",
            role.group,
            lambda value: f"{things(value, 'known outcome')} of the {role.said}",
            "more",
            "less",
            counts=True,
        ),
    ]


_LAST_ORDER = f"max({ORDERED_AT}) OVER (PARTITION BY {ACCOUNT_ID} {_EARLIER})"
_ACCOUNT_MEAN = f"avg({AMOUNT}) OVER (PARTITION BY {ACCOUNT_ID} {_EARLIER})"
_CATEGORY_MEAN = f"avg({AMOUNT}) OVER {_within(CATEGORY, '7 DAY')}"
_SIGNED_UP = f"date_diff('microsecond', {SIGNED_UP_AT}, {ORDERED_AT}) / 1e6"

GAP = "order_time_gap"
FEATURES: tuple[Feature, ...] = (
    Feature(
        AMOUNT,
        "amount of the order in dollars",
        (AMOUNT,),
        AMOUNT,
        "amount",
        lambda value: f"amount of ${fixed(value, 2)}",
    ),
    Feature(
        GAP,
        "seconds since the account's previous order, or since sign-up for its first",
        (ACCOUNT_ID, ORDERED_AT),
        _where_known(ACCOUNT_ID, f"date_diff('microsecond', {_LAST_ORDER}, {ORDERED_AT}) / 1e6"),
        "time",
        lambda value: f"placed {time_span(value)} after the previous order or sign-up",
        "slower",
        "faster",
    ),
    Feature(
        "first_order",
        "1 where no earlier order of the account is known",
        (ACCOUNT_ID, ORDERED_AT),
        _where_known(ACCOUNT_ID, f"CAST({_LAST_ORDER} IS NULL AS INTEGER)"),
        "account",
        either("first known order of the account", "the account has ordered before"),
    ),
    Feature(
        "account_age_days",
        "days since sign-up",
        (SIGNED_UP_AT, ORDERED_AT),
        f"{_SIGNED_UP} / 86400",
        "account",
        lambda value: f"account {time_span(86_400 * value)} old",
        "older",
        "younger",
    ),
    Feature(
        "amount_to_account",
        "amount ÷ mean amount of the account's earlier orders",
        (ACCOUNT_ID, ORDERED_AT),
        _where_known(ACCOUNT_ID, f"{AMOUNT} / nullif({_ACCOUNT_MEAN}, 0)"),
        "account",
        lambda value: f"{fixed(value, 1)} times the account's usual amount",
    ),
    Feature(
        "amount_to_category",
        "amount ÷ mean amount of the category in the 7 days before",
        (CATEGORY, ORDERED_AT),
        _where_known(CATEGORY, f"{AMOUNT} / nullif({_CATEGORY_MEAN}, 0)"),
        "other columns",  # not yet "amount": that moves what each group weighs on the pages
        lambda value: f"{fixed(value, 1)} times the usual amount of its category",
    ),
    Feature(
        "address_mismatch",
        "1 where the order is not sent to the card's address",
        (SHIPPING_ADDRESS, BILLING_ADDRESS),
        f"CAST({SHIPPING_ADDRESS} <> {BILLING_ADDRESS} AS INTEGER)",
        "address",
        either("not sent to the card's address", "sent to the card's address"),
    ),
    Feature(
        "hour",
        "hour of the day, UTC",
        (ORDERED_AT,),
        f"hour({ORDERED_AT})",
        "time",
        lambda value: f"placed at {int(value):02d}:00–{int(value):02d}:59 UTC",
        "later",
        "earlier",
    ),
    Feature(
        "weekend",
        "1 on Saturday and Sunday, UTC",
        (ORDERED_AT,),
        f"CAST(isodow({ORDERED_AT}) > 5 AS INTEGER)",
        "time",
        either("placed on a weekend", "placed on a weekday"),
    ),
    *(feature for entity in ENTITIES for feature in _counts(entity)),
    *(feature for entity in ENTITIES if entity != ACCOUNT_ID for feature in _accounts(entity)),
    *(_known_to_account(entity) for entity in ENTITIES if entity != ACCOUNT_ID),
    *(feature for entity in ENTITIES for feature in _risk(entity)),
)
"""Every feature of ours, one row each. The rest of a file's columns are features too, with words of any column."""


def feature_named(name: str) -> Feature | None:
    """The row of one of our features; None of any other column."""
    return next((feature for feature in FEATURES if feature.name == name), None)
