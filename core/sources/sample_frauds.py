"""The dishonest side of the sample marketplace: fraud with causes, and a new wave of it in the last week."""

from typing import Any

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
from core.sources.sample_people import (
    CATEGORIES,
    DAY_SECONDS,
    DAYS,
    MOBILE_POOLS,
    OFFICES,
    TYPICAL_USD,
    Codes,
    Floats,
    People,
    new_codes,
    times,
)

ATTACK_DAYS = 7
BURSTS, TAKEOVERS, RINGS, STOLEN_CARDS, RAIDS = 32, 480, 20, 850, 100
DISPUTED_SHARE, DEAR_USD = 0.042, 200.0  # of dear honest orders their own buyers dispute; what counts as dear
_WANTED = np.array([0.05, 0.15, 0.05, 0.02, 0.06, 0.05, 0.02, 0.34, 0.12, 0.14])  # what thieves buy, by category
_GIFT_CARDS = CATEGORIES.index("gift cards")


def frauds(random: np.random.Generator, people: People) -> pd.DataFrame:
    """Every fraud but the friendly kind, with the columns of `honest_orders`."""
    causes = (card_testing, takeovers, reshipping, stolen_cards, attack_wave)
    orders = pd.concat([cause(random, people) for cause in causes], ignore_index=True)
    return orders[orders[ORDERED_AT] < DAYS * DAY_SECONDS].assign(**{IS_FRAUD: 1.0})


def friendly(random: np.random.Generator, honest: pd.DataFrame) -> pd.DataFrame:
    """honest with some dear orders disputed by their own buyers: only the label tells those apart."""
    disputed = (random.random(len(honest)) < DISPUTED_SHARE) & (honest[AMOUNT] > DEAR_USD)
    return honest.assign(**{IS_FRAUD: np.where(disputed, 1.0, honest[IS_FRAUD])})


def card_testing(random: np.random.Generator, people: People) -> pd.DataFrame:
    """Bursts: one device opens an account a card, tries each with a small order, and buys with those that work."""
    sizes = random.integers(8, 26, BURSTS)
    burst = np.repeat(np.arange(BURSTS), sizes)
    start = random.random(BURSTS)[burst] * DAYS * DAY_SECONDS
    when = start + random.random(len(burst)) * 1_800
    tests = _stolen(random, people, when).assign(
        **{
            SIGNED_UP_AT: when - random.lognormal(4.0, 0.8, len(burst)),
            DEVICE_ID: new_codes(random, BURSTS)[burst],
            IP_ADDRESS: _network(random, BURSTS)[burst],
            AMOUNT: random.lognormal(1.6, 0.7, len(burst)),
        }
    )
    worked = tests[random.random(len(tests)) < 0.35]
    wait, category = random.lognormal(7.5, 1.0, len(worked)), _wanted(random, len(worked))
    large = _followed(worked, wait, category, _prices(random, category, 2.2))
    return pd.concat([tests, large], ignore_index=True)


def takeovers(random: np.random.Generator, people: People) -> pd.DataFrame:
    """An old account, a device and a network it never used, a dear order; half go to an address of the thief's."""
    settled = people.settled
    victim = random.choice(settled, TAKEOVERS, p=people.pace[settled] / people.pace[settled].sum())
    when = _any_time(random, TAKEOVERS)
    home = people.home[victim]
    own = random.random(TAKEOVERS) < 0.5
    orders = _stolen(random, people, when).assign(
        **{
            ACCOUNT_ID: victim,
            SIGNED_UP_AT: people.signed_up[victim],
            BILLING_ADDRESS: home,
            SHIPPING_ADDRESS: np.where(own, new_codes(random, TAKEOVERS), home),
        }
    )
    again = orders[random.random(TAKEOVERS) < 0.3]
    category = _wanted(random, len(again))
    second = _followed(again, random.lognormal(6.5, 1.0, len(again)), category, _prices(random, category, 2.0))
    return pd.concat([orders, second], ignore_index=True)


def reshipping(random: np.random.Generator, people: People) -> pd.DataFrame:
    """Rings: many new accounts, one drop address for some weeks, cards billed to strangers."""
    ring = np.repeat(np.arange(RINGS), random.integers(10, 40, RINGS))
    start = random.uniform(-10, DAYS, RINGS)[ring] * DAY_SECONDS
    when = start + random.random(len(ring)) * 18 * DAY_SECONDS
    orders = _stolen(random, people, when).assign(
        **{
            SHIPPING_ADDRESS: new_codes(random, RINGS)[ring],
            DEVICE_ID: new_codes(random, RINGS * 8)[ring * 8 + random.integers(0, 8, len(ring))],
        }
    )
    return orders[orders[ORDERED_AT] >= 0]


def stolen_cards(random: np.random.Generator, people: People) -> pd.DataFrame:
    """Careful thieves: one new account a card, one order, and it looks like any newcomer's."""
    orders = _stolen(random, people, _any_time(random, STOLEN_CARDS))
    billed_home = random.random(len(orders)) < 0.85
    shipping = np.where(billed_home, orders[BILLING_ADDRESS], orders[SHIPPING_ADDRESS])
    return orders.assign(**{SHIPPING_ADDRESS: shipping})


def attack_wave(random: np.random.Generator, people: People) -> pd.DataFrame:
    """The last week's news: scripts empty settled accounts in a run of gift-card orders seconds apart, each from
    another device. Amounts are ordinary; the collapse of the order-time gap gives it away."""
    raid = np.repeat(np.arange(RAIDS), random.integers(6, 14, RAIDS))
    victim = random.choice(people.settled, RAIDS)[raid]
    start = (DAYS - ATTACK_DAYS * (random.permutation(RAIDS) + random.random(RAIDS)) / RAIDS)[raid] * DAY_SECONDS
    when = start + random.random(len(raid)) * 150
    home = people.home[victim]
    return _stolen(random, people, when).assign(
        **{
            ACCOUNT_ID: victim,
            SIGNED_UP_AT: people.signed_up[victim],
            BILLING_ADDRESS: home,
            SHIPPING_ADDRESS: home,
            CATEGORY: _GIFT_CARDS,
            AMOUNT: random.lognormal(np.log(330), 0.4, len(raid)),
        }
    )


def _stolen(random: np.random.Generator, people: People, when: Floats) -> pd.DataFrame:
    """An order with a stolen card on an account opened for it: the pattern the causes depart from."""
    count = len(when)
    category = _wanted(random, count)
    return pd.DataFrame(
        {
            ACCOUNT_ID: new_codes(random, count),
            SIGNED_UP_AT: when - random.lognormal(8.0, 1.9, count),
            ORDERED_AT: when,
            DEVICE_ID: new_codes(random, count),
            IP_ADDRESS: _network(random, count),
            SHIPPING_ADDRESS: new_codes(random, count),
            BILLING_ADDRESS: people.home[random.integers(0, len(people.home), count)],
            CATEGORY: category,
            AMOUNT: _prices(random, category, 1.9),
            IS_FRAUD: 1.0,
        }
    )


def _followed(orders: pd.DataFrame, wait: Floats, category: Codes, amount: Floats) -> pd.DataFrame:
    """A second order by the same hands, some seconds later."""
    later: dict[str, Any] = {ORDERED_AT: orders[ORDERED_AT] + wait, CATEGORY: category, AMOUNT: amount}
    return orders.assign(**later)


def _any_time(random: np.random.Generator, count: int) -> Floats:
    """Half along the marketplace's rhythm, half around the clock."""
    around = random.random(count) * DAYS * DAY_SECONDS
    return np.where(random.random(count) < 0.5, times(random, np.zeros(count)), around)


def _network(random: np.random.Generator, count: int) -> Codes:
    """A carrier's shared address, or one nobody used."""
    carrier = OFFICES + random.integers(0, MOBILE_POOLS, count)
    return np.where(random.random(count) < 0.45, carrier, new_codes(random, count))


def _wanted(random: np.random.Generator, count: int) -> NDArray[np.int64]:
    return random.choice(len(CATEGORIES), count, p=_WANTED)


def _prices(random: np.random.Generator, category: NDArray[np.int64], dearer: float) -> Floats:
    prices: Floats = TYPICAL_USD[category] * dearer * random.lognormal(0, 0.7, len(category))
    return prices
