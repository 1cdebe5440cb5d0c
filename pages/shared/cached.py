"""Everything that is kept between reruns, and nothing else: the only file with cache calls.

Keys are the folder of a built data set and the digest of its manifest, never a frame. All of it is shared by
every reader and none of it is a reader's own.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from core import curve, live, store
from core.assumptions import Assumptions
from core.costliest import NEEDED
from core.cube import Cube, build_cube, threshold_at, totals
from core.link import APPROVE_ALL, View


@dataclass(frozen=True)
class Source:
    """A built data set: its folder, and the digest of its manifest."""

    folder: str
    digest: str


@st.cache_resource(max_entries=2, show_spinner="Loading orders")
def data_set(source: Source) -> store.DataSet:
    """The orders, model and measured tables."""
    return store.load_data_set(Path(source.folder))


@st.cache_resource(max_entries=2, show_spinner="Counting orders")
def cube(source: Source) -> Cube:
    """The sums behind every figure."""
    data = data_set(source)
    return build_cube(data.orders, sessions=data.sessions)


def steps(source: Source, view: View) -> tuple[int, int | None]:
    """Where line and baseline of a view stand; quick once both are chosen."""
    return live.steps_of_view(cube(source), view)


def line_threshold(source: Source, view: View) -> float | None:
    """The threshold of the line; None flags nobody."""
    return threshold_at(cube(source), steps(source, replace(view, baseline=APPROVE_ALL))[0])


@st.cache_data(max_entries=64, show_spinner=False)
def live_view(source: Source, prices: Assumptions, line: int, baseline: int | None, axis: str) -> dict[str, Any]:
    """What the browser needs to follow the drag."""
    sums = cube(source)
    captions = [words for words in (live.flac_caption(sums, prices), live.period_caption(sums)) if words]
    return live.live_view(sums, prices, line=line, baseline=baseline, axis=axis, revision=0, captions=captions)


def unused_prices(source: Source) -> dict[str, str]:
    """Prices these orders have no use for."""
    return curve.unused_prices(totals(cube(source)))


@st.cache_resource(max_entries=2, show_spinner=False)
def narrow_orders(source: Source) -> pd.DataFrame:
    """The scored orders with the columns of the order tables; shared, so never to be changed."""
    orders = data_set(source).orders
    return orders[[name for name in NEEDED if name in orders]].copy()
