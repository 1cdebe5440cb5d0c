"""All flagged orders together: counted again by hand."""

import numpy as np
import pytest

from core.building.pipeline import build
from core.building.store import DataSet
from core.explaining.explain import (
    Explained,
    explain_data,
    reference_at,
    share_of,
    top_reasons,
)
from core.explaining.patterns import beeswarm, flagged_reasons, mix_by_threshold
from tests.tables import learnable_orders

THRESHOLD = 0.12


@pytest.fixture(scope="module")
def data() -> DataSet:
    orders = learnable_orders()
    random = np.random.default_rng(3)
    shop = np.where(random.random(len(orders)) < 0.3, "<b>new</b>", "old")
    visits = np.where(random.random(len(orders)) < 0.1, np.nan, random.integers(0, 9, len(orders)))
    return build(orders.assign(shop=shop, visits=visits), rules=())


@pytest.fixture(scope="module")
def explained(data: DataSet) -> Explained:
    return explain_data(data)


def test_reasons_of_all_flagged_orders_add_up(data: DataSet, explained: Explained) -> None:
    flagged = np.flatnonzero(share_of(explained.log_odds) >= THRESHOLD)
    line = reference_at(explained, THRESHOLD)
    table = flagged_reasons(explained, data.orders, flagged, line)
    rows = data.orders.iloc[explained.places[flagged]]
    assert table["orders"].sum() == len(flagged)
    assert table["amount_usd"].sum() == pytest.approx(rows["amount"].sum())
    assert table["false_positives"].sum() == pytest.approx((rows["is_fraud"] == 0).sum())
    first = top_reasons(explained, flagged, line, 1)[:, 0]
    assert table["orders"].iloc[0] == np.bincount(first).max()
    points = beeswarm(explained, flagged, line, most=50)
    assert points["jitter"].abs().max() <= 1
    assert len(points) <= 50 * 10


def test_the_mix_shares_add_up_and_name_real_thresholds(explained: Explained) -> None:
    mix = mix_by_threshold(explained)
    assert mix.groupby("flagged")["share"].sum().to_numpy() == pytest.approx(1.0)
    scores = share_of(explained.log_odds)
    for flagged, part in mix.groupby("flagged"):
        assert (scores >= part["threshold"].iloc[0] - 1e-12).sum() >= flagged
