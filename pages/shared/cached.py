"""Everything that is kept between reruns, and nothing else: the only file with cache calls.

Keys are the folder of a built data set and the digest of its manifest, never a frame; all of that is shared by every
reader. A reader's own orders live in their session, and so does what is kept of them.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.assumptions import Assumptions
from core.building import store
from core.columns import SCORE
from core.deciding.by_saving import cube_by_saving, savings
from core.deciding.by_segment import segment_columns as columns_of_kinds
from core.deciding.by_segment import segmented
from core.deciding.review_decline import best_line, figures_of
from core.explaining.clearing import Clearing
from core.explaining.explain import Explained, Reference, explain_data, reference_at
from core.explaining.reasons import ReasonWords
from core.explaining.treeshap import Explainer
from core.policy import TREATMENTS, Policy, treatment
from core.pricing import curve
from core.pricing.costliest import NEEDED
from core.pricing.cube import Cube, build_cube, step_of, threshold_at, totals_of
from core.records.scenarios import Scenarios
from core.records.verdicts import Reviews, order_set
from core.reviewing.queue import review_queue
from core.scoring.online import Decider
from core.showing import live
from core.showing.link import APPROVE_ALL, BY_SAVING, NOBODY, View
from pages.shared.own import OwnOrders, own_orders

Cuts = tuple[float | None, float | None]
"""The scores from which orders are reviewed and from which they are declined; None reviews, or declines, nobody."""


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
    return curve.month_factor(totals_of(cube(source))) or 1.0


def a_month(source: Source) -> str:
    """ " a month" where the orders carry times, else "": their dollars are those of the file as it is."""
    return "" if cube(source).days is None else " a month"


def policies(source: Source, view: View) -> tuple[Policy, Policy | None]:
    """Where line and baseline of a view stand; quick once both are chosen."""
    return live.policies_of_view(cube(source), view)


def segments(source: Source, column: str) -> Cube:
    """The cube by the kinds of a column, on the steps of the whole."""
    return _own_segments(source, column) if source.own else _shared_segments(source, column)


@st.cache_resource(max_entries=3, show_spinner="Counting orders by kind")
def _shared_segments(source: Source, column: str) -> Cube:
    data = data_set(source)
    return segmented(data.orders, column, cube(source).thresholds, data.features)


@st.cache_resource(max_entries=1, show_spinner="Counting orders by kind", scope="session")
def _own_segments(source: Source, column: str) -> Cube:
    data = data_set(source)
    return segmented(data.orders, column, cube(source).thresholds, data.features)


def segment_columns(source: Source) -> list[str]:
    """The columns that split the orders into kinds."""
    return _own_columns(source) if source.own else _shared_columns(source)


@st.cache_data(max_entries=2, show_spinner=False)
def _shared_columns(source: Source) -> list[str]:
    data = data_set(source)
    return columns_of_kinds(data.orders, data.features)


@st.cache_data(max_entries=1, show_spinner=False, scope="session")
def _own_columns(source: Source) -> list[str]:
    data = data_set(source)
    return columns_of_kinds(data.orders, data.features)


def saving_cube(source: Source, prices: Assumptions) -> Cube:
    """The cube over the expected saving of a review."""
    return _own_saving_cube(source, prices) if source.own else _shared_saving_cube(source, prices)


@st.cache_resource(max_entries=4, show_spinner=False)
def _shared_saving_cube(source: Source, prices: Assumptions) -> Cube:
    return cube_by_saving(narrow_orders(source), cube(source), prices)


@st.cache_resource(max_entries=1, show_spinner=False, scope="session")
def _own_saving_cube(source: Source, prices: Assumptions) -> Cube:
    return cube_by_saving(narrow_orders(source), cube(source), prices)


def step_at(source: Source, threshold: float) -> int:
    """The step that flags the same orders as a threshold, or between two steps a few less."""
    return step_of(cube(source), threshold)


def cuts(source: Source, view: View) -> Cuts:
    """Where the line of a view stands."""
    return cuts_of(source, policies(source, replace(view, baseline=APPROVE_ALL))[0])


def cuts_of(source: Source, policy: Policy) -> Cuts:
    """The two cut-offs of a policy as scores."""
    return threshold_at(cube(source), policy.review), threshold_at(cube(source), policy.decline)


def treatments(source: Source, review_from: float | None, decline_from: float | None) -> NDArray[np.int8]:
    """What becomes of each order, as `policy.treatment` gives it."""
    return treatment(narrow_orders(source)[SCORE].to_numpy(float), review_from, decline_from)


def treatments_by_saving(source: Source, prices: Assumptions, view: View) -> NDArray[np.int8]:
    """The same where orders are reviewed from an expected saving on."""
    least = None if view.saving == NOBODY else float(view.saving)
    return treatment(savings(narrow_orders(source), prices), least)


@dataclass(frozen=True)
class Drag:
    """What the reader sees of a drag: where it opened, its axis, and whether the decline cut-off can be dragged."""

    line: Policy
    baseline: Policy | None
    axis: str
    two: bool = False


def live_view(source: Source, prices: Assumptions, drag: Drag) -> dict[str, Any]:
    """What the browser needs to follow the drag."""
    view = _own_view if source.own else _shared_view
    return view(source, prices, drag)


@st.cache_data(max_entries=64, show_spinner=False)
def _shared_view(source: Source, prices: Assumptions, drag: Drag) -> dict[str, Any]:
    return _view(source, prices, drag)


@st.cache_data(max_entries=8, show_spinner=False, scope="session")
def _own_view(source: Source, prices: Assumptions, drag: Drag) -> dict[str, Any]:
    return _view(source, prices, drag)


def _view(source: Source, prices: Assumptions, drag: Drag) -> dict[str, Any]:
    captions = _captions(source, prices)
    return live.live_view(cube(source), prices, **vars(drag), revision=0, captions=captions)


def live_view_by_saving(source: Source, prices: Assumptions, saving: float | str) -> dict[str, Any]:
    """The same over the expected saving of a review, against the best line by score. saving: where it opened, $."""
    view = _own_view_by_saving if source.own else _shared_view_by_saving
    return view(source, prices, saving)


@st.cache_data(max_entries=16, show_spinner=False)
def _shared_view_by_saving(source: Source, prices: Assumptions, saving: float | str) -> dict[str, Any]:
    return _view_by_saving(source, prices, saving)


@st.cache_data(max_entries=4, show_spinner=False, scope="session")
def _own_view_by_saving(source: Source, prices: Assumptions, saving: float | str) -> dict[str, Any]:
    return _view_by_saving(source, prices, saving)


def _view_by_saving(source: Source, prices: Assumptions, saving: float | str) -> dict[str, Any]:
    by_score = cube(source)
    ranked = saving_cube(source, prices)
    line = Policy(step_of(ranked, None if saving == NOBODY else float(saving)))
    days, a_day = totals_of(by_score).days, prices.reviews_per_day
    most = None if days is None or a_day is None else days * a_day
    best = figures_of(by_score, prices, best_line(by_score, prices, most))
    return live.live_view(
        ranked, prices, line=line, baseline=None, axis=BY_SAVING, revision=0, by_score=best,
        captions=_captions(source, prices),
    )  # fmt: skip


def _captions(source: Source, prices: Assumptions) -> list[str]:
    sums, data = cube(source), data_set(source)
    told = (
        live.calibration_caption(data.tables.get("reliability")),
        live.flac_caption(sums, prices),
        live.period_caption(sums, data.kept),
    )
    return [words for words in told if words]


def unused_prices(source: Source) -> dict[str, str]:
    """Prices these orders have no use for."""
    return curve.unused_prices(totals_of(cube(source)))


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
class Explanations:
    """What answers why: every scored order explained, reasons in words, the search for changes that clear an order."""

    explained: Explained
    words: ReasonWords
    clearing: Clearing
    explainer: Explainer


def explanations(source: Source) -> Explanations | None:
    """The explanations of a data set; None where its scores came with the file."""
    if data_set(source).model is None:
        return None
    return _own_explanations(source) if source.own else _shared_explanations(source)


@st.cache_resource(max_entries=2, show_spinner="Explaining every scored order")
def _shared_explanations(source: Source) -> Explanations:
    return _explanations(source)


@st.cache_resource(max_entries=1, show_spinner="Explaining every scored order", scope="session")
def _own_explanations(source: Source) -> Explanations:
    return _explanations(source)


def _explanations(source: Source) -> Explanations:
    data = data_set(source)
    assert data.model is not None
    assert data.features is not None
    explained = explain_data(data)
    words = ReasonWords(data.model, data.features, data.orders)
    return Explanations(explained, words, Clearing(data.model, explained.rows), Explainer(data.model.text))


def reference(source: Source, threshold: float | None) -> Reference:
    """What orders at the threshold look like."""
    return _own_reference(source, threshold) if source.own else _shared_reference(source, threshold)


@st.cache_data(max_entries=32, show_spinner=False)
def _shared_reference(source: Source, threshold: float | None) -> Reference:
    return _reference(source, threshold)


@st.cache_data(max_entries=8, show_spinner=False, scope="session")
def _own_reference(source: Source, threshold: float | None) -> Reference:
    return _reference(source, threshold)


def _reference(source: Source, threshold: float | None) -> Reference:
    answers = explanations(source)
    assert answers is not None
    return reference_at(answers.explained, threshold)


def stopped(source: Source, review_from: float | None, decline_from: float | None) -> tuple[int, int]:
    """How many orders are reviewed and how many declined unseen."""
    _, reviewed, declined = np.bincount(treatments(source, review_from, decline_from), minlength=len(TREATMENTS))
    return int(reviewed), int(declined)


def queue(source: Source, prices: Assumptions, cuts: Cuts, ordering: str) -> pd.DataFrame:
    """The orders to review, the one to review first at the top."""
    return review_queue(narrow_orders(source), cuts[0], prices, ordering, cuts[1])


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


def whole_view(source: Source, view: View, line: Policy, baseline: Policy | None) -> View:
    """A view with line and baseline as numbers, so that it says the same on these orders for good."""
    review, decline, *other = (
        NOBODY if cut is None else cut for policy in (line, baseline or Policy(0)) for cut in cuts_of(source, policy)
    )
    stated = (APPROVE_ALL, NOBODY) if baseline is None else other
    return replace(view, line=review, decline=decline, baseline=stated[0], baseline_decline=stated[1])
