"""The sample marketplace: thirteen weeks of orders and sessions, made from a seed.

It is a scenario, tuned once to the world of the interview; nothing measured on it is typed in.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.columns import (
    ACCOUNT_ID,
    AMOUNT,
    BILLING_ADDRESS,
    CATEGORY,
    DAY,
    DEVICE_ID,
    IP_ADDRESS,
    IS_FRAUD,
    LABELLED_AT,
    ORDER_ID,
    ORDERED_AT,
    SESSIONS,
    SHIPPING_ADDRESS,
    SIGNED_UP_AT,
)
from core.sources.sample_frauds import ATTACK_DAYS, frauds, friendly
from core.sources.sample_people import CATEGORIES, DAYS, Codes, Floats, honest_orders, make_people

START = pd.Timestamp("2026-03-02")  # a Monday
DECISION_MONTH = START + pd.Timedelta(days=DAYS - 30)
ATTACK_WEEK = START + pd.Timedelta(days=DAYS - ATTACK_DAYS)
LABEL_DELAY_DAYS = 14
SELLERS = 4_000
SELLER_ID, SELLER_TENURE = "seller_id", "seller_tenure_days"
_CONVERSION = np.array([0.0305, 0.0308, 0.0306, 0.0304, 0.0298, 0.0288, 0.0291])  # orders ÷ sessions, Monday first
_LETTERS = {ACCOUNT_ID: "A", DEVICE_ID: "D", IP_ADDRESS: "N", SHIPPING_ADDRESS: "P", BILLING_ADDRESS: "P"}


@dataclass(frozen=True)
class Sample:
    """orders: the order table, one row an order by time, every label there with the time it became known.
    sessions: one row a day, day (midnight, UTC) and sessions (visits)."""

    orders: pd.DataFrame
    sessions: pd.DataFrame


def make_sample(seed: int = 20, *, progress: Callable[[str, float], None] | None = None) -> Sample:
    """A marketplace of about 900,000 orders over 91 days, 1 % of them fraud; the same seed gives the same orders.

    Orders carry every role but score, and two columns more: seller_id, and seller_tenure_days (days the seller had
    been there when the order was placed). Fraud becomes known some days after the order (half within 5, all within
    14); that an order was legit, after 14 days.
    """
    tell = progress or (lambda text, share: None)
    random = np.random.default_rng(seed)
    tell("Opening the marketplace", 0.0)
    people = make_people(random)
    tell("Honest orders", 0.1)
    honest = friendly(random, honest_orders(random, people))
    tell("Fraud", 0.5)
    codes = _in_time_order(random, pd.concat([honest, frauds(random, people)], ignore_index=True))
    tell("Names, sellers, labels", 0.6)
    orders = _orders(random, codes)
    tell("The marketplace is open", 1.0)
    return Sample(orders, _sessions(random, orders))


def _in_time_order(random: np.random.Generator, codes: pd.DataFrame) -> pd.DataFrame:
    """Sorted by time to the millisecond; shuffled before, so that equal times do not keep frauds together."""
    shuffled = codes.iloc[random.permutation(len(codes))]
    rounded = shuffled.assign(**{ORDERED_AT: np.floor(shuffled[ORDERED_AT] * 1000) / 1000})
    return rounded.sort_values(ORDERED_AT, kind="stable", ignore_index=True)


def _orders(random: np.random.Generator, codes: pd.DataFrame) -> pd.DataFrame:
    ordered_at = _moments(codes[ORDERED_AT])
    seller, opened = _sellers(random, codes[CATEGORY].to_numpy())
    names = pd.Series([f"O{place:07d}" for place in range(1, len(codes) + 1)], dtype="str")
    return pd.DataFrame(
        {
            ORDER_ID: names,
            ORDERED_AT: ordered_at,
            **_ids(random, codes),
            SIGNED_UP_AT: _moments(codes[SIGNED_UP_AT]),
            CATEGORY: pd.array(CATEGORIES, dtype="str").take(codes[CATEGORY].to_numpy()),
            SELLER_ID: seller,
            SELLER_TENURE: np.floor(opened + codes[ORDERED_AT].to_numpy() / 86_400),
            AMOUNT: _price_tags(random, codes[AMOUNT].to_numpy()),
            IS_FRAUD: codes[IS_FRAUD],
            LABELLED_AT: ordered_at + _label_delays(random, codes[IS_FRAUD].to_numpy()),
        }
    )


def _moments(seconds: "pd.Series[float]") -> "pd.Series[pd.Timestamp]":
    milliseconds = np.floor(seconds.to_numpy() * 1000).astype(np.int64)
    return pd.Series(START.to_datetime64() + milliseconds.astype("timedelta64[ms]")).astype("datetime64[us]")


def _ids(random: np.random.Generator, codes: pd.DataFrame) -> dict[str, pd.Series]:
    """Names in random order, so that an id says nothing of who has it. The two addresses share one set of names."""
    addresses = pd.concat([codes[SHIPPING_ADDRESS], codes[BILLING_ADDRESS]], ignore_index=True)
    places = _named(random, addresses.to_numpy(), "P")
    named = {
        name: _named(random, codes[name].to_numpy(), _LETTERS[name]) for name in (ACCOUNT_ID, DEVICE_ID, IP_ADDRESS)
    }
    return named | {
        SHIPPING_ADDRESS: places[: len(codes)],
        BILLING_ADDRESS: places[len(codes) :].reset_index(drop=True),
    }


def _named(random: np.random.Generator, codes: Codes, letter: str) -> "pd.Series[str]":
    known, distinct = pd.factorize(codes)
    names = pd.array([f"{letter}{number:06d}" for number in random.permutation(len(distinct))], dtype="str")
    return pd.Series(names.take(known))


def _sellers(random: np.random.Generator, category: Codes) -> "tuple[pd.Series[str], Floats]":
    """A seller of the category, a few of them large; and the days they had been there on the first day."""
    each = SELLERS // len(CATEGORIES)
    rank = np.floor(each * random.random(len(category)) ** 2.5).astype(np.int64)
    tenure = random.exponential(500, SELLERS)
    seller = category * each + rank
    return _named(random, seller, "S"), tenure[seller]


def _price_tags(random: np.random.Generator, usd: Floats) -> Floats:
    """Dollars and cents, half of them ending in .99 or .00, drawn alike for every order."""
    whole, ending = np.floor(usd), random.random(len(usd))
    tags = np.select([ending < 0.35, ending < 0.5], [whole + 0.99, np.maximum(whole, 1.0)], np.round(usd, 2))
    return np.asarray(np.maximum(tags, 0.5), np.float64).round(2)


def _label_delays(random: np.random.Generator, is_fraud: Floats) -> "pd.Series[pd.Timedelta]":
    """Fraud is reported after a median of 5 days, at most 14; silence for 14 days means legit."""
    reported = np.minimum(random.lognormal(np.log(5), 0.6, len(is_fraud)), LABEL_DELAY_DAYS)
    days = np.where(is_fraud == 1, reported, LABEL_DELAY_DAYS)
    return pd.Series((days * 86_400e3).astype(np.int64).astype("timedelta64[ms]")).astype("timedelta64[us]")


def _sessions(random: np.random.Generator, orders: pd.DataFrame) -> pd.DataFrame:
    """Visits of each day: the share that ends in an order varies with the weekday and by chance."""
    daily = orders.groupby(orders[ORDERED_AT].dt.floor("D")).size().rename(SESSIONS)
    weekday = pd.DatetimeIndex(daily.index).day_of_week.to_numpy()
    conversion = _CONVERSION[weekday] * random.lognormal(0, 0.02, len(daily))
    visits = np.round(daily.to_numpy() / conversion).astype(np.int64)
    return pd.DataFrame({DAY: daily.index, SESSIONS: visits})
