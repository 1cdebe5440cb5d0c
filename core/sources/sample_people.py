"""The honest side of the sample marketplace: who buys, from where, what, and when.

Honest buyers do everything a thief does, only seldom: they travel, share networks, send gifts, buy in quick
succession, open accounts. That is what makes the fraud beside them hard to tell apart.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.columns import (
    ACCOUNT_ID,
    AMOUNT,
    BILLING_ADDRESS,
    CATEGORY,
    DEVICE_ID,
    IP_ADDRESS,
    IS_FRAUD,
    ORDERED_AT,
    SHIPPING_ADDRESS,
    SIGNED_UP_AT,
)

DAYS = 91
DAY_SECONDS = 86_400.0
SETTLED, NEWCOMERS = 120_000, 62_000  # accounts there before the first day; accounts opened later
SETTLED_ORDERS = 6.25  # mean orders of a settled account in the 91 days
LATER_ORDERS = 0.75  # mean orders of a newcomer after the first
AGAIN_SHARE = 0.035  # orders followed by another within the hour: something was forgotten
SECOND_DEVICE, NEW_DEVICE = 0.16, 0.035
AT_WORK, ON_MOBILE, AWAY = 0.14, 0.22, 0.04
GIFT, PICKED_UP = 0.07, 0.06
OFFICES, MOBILE_POOLS, PICKUP_POINTS = 700, 2_500, 600

CATEGORIES = (
    *("groceries", "clothing", "home", "books", "beauty"),
    *("sports", "toys", "electronics", "jewellery", "gift cards"),
)
_BOUGHT = np.array([0.30, 0.17, 0.11, 0.12, 0.09, 0.06, 0.05, 0.055, 0.02, 0.025])
TYPICAL_USD = np.array([48.0, 86.0, 104.0, 27.0, 42.0, 102.0, 50.0, 460.0, 370.0, 80.0])
_WEEK = np.array([0.97, 0.95, 0.96, 0.98, 1.03, 1.08, 1.03])  # Monday first
_HOURS = 1.0 + 0.8 * np.sin((np.arange(24) - 9.5) * np.pi / 12)  # few at night, most in the afternoon, UTC

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True)
class People:
    """One entry an account. signed_up: seconds from the first midnight, below 0 for settled accounts. home: the
    household's address. device, other_device,
    office: codes of what it uses. means: how much dearer than usual it buys (1 = as everybody)."""

    signed_up: Floats
    home: Codes
    device: Codes
    other_device: Codes
    office: Codes
    means: Floats
    pace: Floats

    @property
    def settled(self) -> Codes:
        """The accounts that were there before the first day."""
        return np.flatnonzero(self.signed_up < 0)


def make_people(random: np.random.Generator) -> People:
    """Accounts in households of one to three, most of them years old."""
    accounts = SETTLED + NEWCOMERS
    signed_up = np.concatenate(
        [-random.exponential(420 * DAY_SECONDS, SETTLED) - 60, times(random, np.zeros(NEWCOMERS))]
    )
    return People(
        signed_up=signed_up,
        home=random.integers(0, accounts * 6 // 10, accounts),
        device=new_codes(random, accounts),
        other_device=new_codes(random, accounts),
        office=random.integers(0, OFFICES, accounts),
        means=random.lognormal(0, 0.35, accounts),
        pace=random.gamma(1.1, 1 / 1.1, accounts),
    )


def honest_orders(random: np.random.Generator, people: People) -> pd.DataFrame:
    """The orders of honest buyers as codes and numbers, in no particular order."""
    account, when = _who_and_when(random, people)
    again = np.flatnonzero(random.random(len(account)) < AGAIN_SHARE)
    orders = _first_of_a_kind(random, people, account, when)
    repeated = orders.iloc[again].assign(
        **{
            ORDERED_AT: when[again] + random.lognormal(6.5, 1.0, len(again)),
            AMOUNT: orders[AMOUNT].to_numpy()[again] * random.lognormal(-0.4, 0.6, len(again)),
        }
    )
    orders = pd.concat([orders, repeated], ignore_index=True)
    return orders[orders[ORDERED_AT] < DAYS * DAY_SECONDS].reset_index(drop=True)


def times(random: np.random.Generator, earliest: Floats) -> Floats:
    """A moment for each entry, after its earliest, along the marketplace's daily and weekly rhythm."""
    hours = np.arange(DAYS * 24 + 1)
    weight = _HOURS[hours[:-1] % 24] * _WEEK[hours[:-1] // 24 % 7]
    reached = np.concatenate([[0.0], np.cumsum(weight) / weight.sum()])
    start = np.interp(earliest, hours * 3600.0, reached)
    moments: Floats = np.interp(start + random.random(len(earliest)) * (1 - start), reached, hours * 3600.0)
    return moments


def new_codes(random: np.random.Generator, count: int) -> Codes:
    """Codes that nobody has: drawn from so many that two never meet."""
    return random.integers(1 << 40, 1 << 62, count)


def _who_and_when(random: np.random.Generator, people: People) -> tuple[Codes, Floats]:
    left = 1 - np.clip(people.signed_up / (DAYS * DAY_SECONDS), 0, 1)
    newcomer = people.signed_up >= 0
    expected = np.where(newcomer, LATER_ORDERS, SETTLED_ORDERS) * people.pace * left
    account = np.repeat(np.arange(len(expected)), random.poisson(expected))
    when = times(random, np.maximum(people.signed_up[account], 0))
    opened = np.flatnonzero(newcomer)
    first = people.signed_up[opened] + random.lognormal(7.6, 1.6, len(opened))
    return np.concatenate([account, opened]), np.concatenate([when, first])


def _first_of_a_kind(random: np.random.Generator, people: People, account: Codes, when: Floats) -> pd.DataFrame:
    category = random.choice(len(CATEGORIES), len(account), p=_BOUGHT)
    return pd.DataFrame(
        {
            ACCOUNT_ID: account,
            SIGNED_UP_AT: people.signed_up[account],
            ORDERED_AT: when,
            DEVICE_ID: _devices(random, people, account),
            IP_ADDRESS: _networks(random, people, account),
            SHIPPING_ADDRESS: _destinations(random, people, account),
            BILLING_ADDRESS: people.home[account],
            CATEGORY: category,
            AMOUNT: TYPICAL_USD[category] * people.means[account] * random.lognormal(0, 0.62, len(account)),
            IS_FRAUD: 0.0,
        }
    )


def _devices(random: np.random.Generator, people: People, account: Codes) -> Codes:
    chance = random.random(len(account))
    own = np.where(chance < SECOND_DEVICE, people.other_device[account], people.device[account])
    return np.where(chance > 1 - NEW_DEVICE, new_codes(random, len(account)), own)


def _networks(random: np.random.Generator, people: People, account: Codes) -> Codes:
    """At home, in the office, on a carrier's shared address, or somewhere new; offices and carriers are crowded."""
    chance, count = random.random(len(account)), len(account)
    ends = np.cumsum([AT_WORK, ON_MOBILE, AWAY])
    carrier = OFFICES + random.integers(0, MOBILE_POOLS, count)
    choices = [people.office[account], carrier, new_codes(random, count)]
    home = OFFICES + MOBILE_POOLS + people.home[account]
    return np.select([chance < end for end in ends], choices, home)


def _destinations(random: np.random.Generator, people: People, account: Codes) -> Codes:
    """Home, somebody else's home (a gift), or a pickup point that many share."""
    chance, count = random.random(len(account)), len(account)
    friend = people.home[random.integers(0, len(people.home), count)]
    pickup = (1 << 30) + people.home[account] % PICKUP_POINTS
    return np.select([chance < GIFT, chance < GIFT + PICKED_UP], [friend, pickup], people.home[account])
