"""Everything that is kept between reruns, and nothing else: the only file with cache calls.

Keys are the folder of a built data set and the digest of its manifest, never a frame; all of that is shared by every
reader. A reader's own orders live in their session, and so does what is kept of them.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any

import pandas as pd
import streamlit as st

from core import curve, live, store
from core.assumptions import Assumptions
from core.clearing import Clearing
from core.columns import SCORE
from core.costliest import NEEDED
from core.cube import Cube, build_cube, step_of, threshold_at, totals
from core.explain import Explained, Line, explain_data, line_at
from core.link import APPROVE_ALL, NOBODY, View
from core.online import Decider
from core.policy import is_flagged
from core.reasons import ReasonWords
from core.review_queue import review_queue
from core.reviews import Reviews, order_set
from core.scenarios import Scenarios
from core.segments import segmented
from core.treeshap import Explainer
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


def month(source: Source) -> float:
    """What turns the period's dollars and counts into a month of 30 days; 1 where the orders carry no times."""
    return curve.month_factor(totals(cube(source))) or 1.0


def steps(source: Source, view: View) -> tuple[int, int | None]:
    """Where line and baseline of a view stand; quick once both are chosen."""
    return live.steps_of_view(cube(source), view)


def segments(source: Source, column: str) -> Cube:
    """The cube by the kinds of a column, on the steps of the whole."""
    return _own_segments(source, column) if source.own else _shared_segments(source, column)


@st.cache_resource(max_entries=8, show_spinner="Counting orders by kind")
def _shared_segments(source: Source, column: str) -> Cube:
    data = data_set(source)
    return segmented(data.orders, column, cube(source).thresholds, data.features)


@st.cache_resource(max_entries=4, show_spinner="Counting orders by kind", scope="session")
def _own_segments(source: Source, column: str) -> Cube:
    data = data_set(source)
    return segmented(data.orders, column, cube(source).thresholds, data.features)


def step_at(source: Source, threshold: float) -> int:
    """The step that flags the same orders as a threshold, or the next one that flags more."""
    return step_of(cube(source), threshold)


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
    sums, data = cube(source), data_set(source)
    told = (
        live.calibration_caption(data.tables.get("reliability")),
        live.flac_caption(sums, prices),
        live.period_caption(sums, data.kept),
    )
    captions = [words for words in told if words]
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


@dataclass(frozen=True)
class Why:
    """What answers why: every scored order explained, reasons in words, the search for changes that clear an order."""

    explained: Explained
    words: ReasonWords
    clearing: Clearing
    explainer: Explainer


def why(source: Source) -> Why | None:
    """The explanations of a data set; None where its scores came with the file."""
    if data_set(source).model is None:
        return None
    return _own_why(source) if source.own else _shared_why(source)


@st.cache_resource(max_entries=2, show_spinner="Explaining every scored order")
def _shared_why(source: Source) -> Why:
    return _why(source)


@st.cache_resource(max_entries=1, show_spinner="Explaining every scored order", scope="session")
def _own_why(source: Source) -> Why:
    return _why(source)


def _why(source: Source) -> Why:
    data = data_set(source)
    assert data.model is not None
    assert data.features is not None
    explained = explain_data(data)
    words = ReasonWords(data.model, data.features, data.orders)
    return Why(explained, words, Clearing(data.model, explained.rows), Explainer(data.model.text))


def line(source: Source, threshold: float | None) -> Line:
    """What orders at the threshold look like."""
    return _own_line(source, threshold) if source.own else _shared_line(source, threshold)


@st.cache_data(max_entries=32, show_spinner=False)
def _shared_line(source: Source, threshold: float | None) -> Line:
    return _line(source, threshold)


@st.cache_data(max_entries=8, show_spinner=False, scope="session")
def _own_line(source: Source, threshold: float | None) -> Line:
    return _line(source, threshold)


def _line(source: Source, threshold: float | None) -> Line:
    answers = why(source)
    assert answers is not None
    return line_at(answers.explained, threshold)


def flagged(source: Source, threshold: float | None) -> int:
    """How many orders are flagged at the threshold."""
    return int(is_flagged(narrow_orders(source)[SCORE].to_numpy(float), threshold).sum())


def queue(source: Source, prices: Assumptions, threshold: float | None, ordering: str) -> pd.DataFrame:
    """The flagged orders, the one to review first at the top."""
    return review_queue(narrow_orders(source), threshold, prices, ordering)


def decision_times(source: Source) -> tuple[float, float]:
    """Seconds one order takes to be decided online: the median, and the 99th of a hundred. Timed once."""
    return _own_times(source) if source.own else _shared_times(source)


@st.cache_data(max_entries=2, show_spinner=False)
def _shared_times(source: Source) -> tuple[float, float]:
    return _times(source)


@st.cache_data(max_entries=1, show_spinner=False, scope="session")
def _own_times(source: Source) -> tuple[float, float]:
    return _times(source)


def _times(source: Source) -> tuple[float, float]:
    data = data_set(source)
    assert data.model is not None
    assert data.features is not None
    decider = Decider(data.model, 0.1)
    rows = data.features.head(500).astype(object).where(data.features.head(500).notna(), None).to_dict("records")
    orders = [{str(name): value for name, value in row.items()} for row in rows]
    for order in orders[:50]:  # compiled, and warm
        decider.decide(order)
    took = []
    for order in orders:
        start = perf_counter()
        decider.decide(order)
        took.append(perf_counter() - start)
    took.sort()
    return took[len(took) // 2], took[int(0.99 * (len(took) - 1))]


def set_of_orders(source: Source) -> str:
    """The name under which reviews of these orders are kept."""
    return _own_set(source) if source.own else _shared_set(source)


@st.cache_data(max_entries=2, show_spinner=False)
def _shared_set(source: Source) -> str:
    return order_set(data_set(source).orders)


@st.cache_data(max_entries=1, show_spinner=False, scope="session")
def _own_set(source: Source) -> str:
    return order_set(data_set(source).orders)


@st.cache_resource(max_entries=2, show_spinner=False)
def reviews(url: str) -> Reviews:
    """The database of reviews; its own connections, safe for every reader at once."""
    return Reviews(url)


@st.cache_resource(max_entries=2, show_spinner=False)
def scenarios(url: str) -> Scenarios:
    """The database of scenarios."""
    return Scenarios(url)


def whole_view(source: Source, view: View, line: int, baseline: int | None) -> View:
    """A view with line and baseline as numbers, so that it says the same on these orders for good."""
    cuts = [threshold_at(cube(source), step) for step in (line, 0 if baseline is None else baseline)]
    stated = [NOBODY if cut is None else cut for cut in cuts]
    return replace(view, line=stated[0], baseline=APPROVE_ALL if baseline is None else stated[1])
