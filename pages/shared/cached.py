"""Everything that is kept between reruns, and nothing else: the only file with cache calls.

Keys are the folder of a built data set and the digest of its manifest, never a frame; all of that is shared by every
reader. A reader's own orders live in their session, and so does what is kept of them.
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
from pages.shared.own import OwnOrders, own_orders


@dataclass(frozen=True)
class Source:
    """A built data set: its folder, and the digest of its manifest. Without a folder: the reader's own orders."""

    folder: str
    digest: str

    @property
    def own(self) -> OwnOrders | None:
        """The reader's own orders, where they are meant."""
        return None if self.folder else own_orders()


def data_set(source: Source) -> store.DataSet:
    """The orders, model and measured tables."""
    return source.own.data if source.own else _built(source)


def cube(source: Source) -> Cube:
    """The sums behind every figure."""
    return source.own.cube if source.own else _built_cube(source)


@st.cache_resource(max_entries=2, show_spinner="Loading orders")
def _built(source: Source) -> store.DataSet:
    return store.load_data_set(Path(source.folder))


@st.cache_resource(max_entries=2, show_spinner="Counting orders")
def _built_cube(source: Source) -> Cube:
    data = _built(source)
    return build_cube(data.orders, sessions=data.sessions)


def steps(source: Source, view: View) -> tuple[int, int | None]:
    """Where line and baseline of a view stand; quick once both are chosen."""
    return live.steps_of_view(cube(source), view)


def line_threshold(source: Source, view: View) -> float | None:
    """The threshold of the line; None flags nobody."""
    return threshold_at(cube(source), steps(source, replace(view, baseline=APPROVE_ALL))[0])


def live_view(source: Source, prices: Assumptions, line: int, baseline: int | None, axis: str) -> dict[str, Any]:
    """What the browser needs to follow the drag."""
    view = _own_view if source.own else _shared_view
    return view(source, prices, line, baseline, axis)


@st.cache_data(max_entries=64, show_spinner=False)
def _shared_view(source: Source, prices: Assumptions, line: int, baseline: int | None, axis: str) -> dict[str, Any]:
    return _view(source, prices, line, baseline, axis)


@st.cache_data(max_entries=8, show_spinner=False, scope="session")
def _own_view(source: Source, prices: Assumptions, line: int, baseline: int | None, axis: str) -> dict[str, Any]:
    return _view(source, prices, line, baseline, axis)


def _view(source: Source, prices: Assumptions, line: int, baseline: int | None, axis: str) -> dict[str, Any]:
    sums, kept = cube(source), data_set(source).kept
    captions = [words for words in (live.flac_caption(sums, prices), live.period_caption(sums, kept)) if words]
    return live.live_view(sums, prices, line=line, baseline=baseline, axis=axis, revision=0, captions=captions)


def unused_prices(source: Source) -> dict[str, str]:
    """Prices these orders have no use for."""
    return curve.unused_prices(totals(cube(source)))


def narrow_orders(source: Source) -> pd.DataFrame:
    """The scored orders with the columns of the order tables; kept, so never to be changed."""
    return _own_narrow(source) if source.own else _shared_narrow(source)


@st.cache_resource(max_entries=2, show_spinner=False)
def _shared_narrow(source: Source) -> pd.DataFrame:
    return _narrow(source)


@st.cache_resource(max_entries=1, show_spinner=False, scope="session")
def _own_narrow(source: Source) -> pd.DataFrame:
    return _narrow(source)


def _narrow(source: Source) -> pd.DataFrame:
    orders = data_set(source).orders
    return orders[[name for name in NEEDED if name in orders]].copy()
