"""Everything that is kept between reruns, and nothing else: the only file with cache calls.

Keys are the folder of a built data set and the digest of its manifest, never a frame; all of that is shared by every
reader. A reader's own orders live in their session, and so does what is kept of them.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import update_wrapper
from pathlib import Path
from time import perf_counter
from typing import Any, Concatenate, ParamSpec, TypeVar

import pandas as pd
import streamlit as st

from core.assumptions import Assumptions
from core.building import store
from core.building.ruled import with_rules
from core.deciding.by_segment import segmented
from core.errors import ModelError
from core.explaining.explain import Reference, reference_at
from core.explaining.why import Explanations, why_of
from core.policy import Policy
from core.pricing import segment_values as segments_of
from core.pricing.applied import Applied
from core.pricing.cube import Cube, build_cube
from core.pricing.ranked_cube import cube_by_saving
from core.records.scenarios import Scenarios
from core.records.verdicts import Reviews, order_set
from core.scoring.online import decision_times as timed
from core.showing.captions import calibration_caption, flac_caption, period_caption
from core.showing.drag_payload import Drag, drag_payload
from pages.shared.own import OwnOrders, own_orders

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Source:
    """A built data set: its folder, and the digest of its manifest. Without a folder: the reader's own orders."""

    folder: str
    digest: str

    @property
    def own(self) -> OwnOrders | None:
        """The reader's own orders, where they are meant."""
        return None if self.folder else own_orders()


Answer = Callable[Concatenate[Source, P], T]


def kept(
    *, shared: int, own: int, resource: bool = False, spinner: bool | str = False
) -> Callable[[Answer[P, T]], Answer[P, T]]:
    """Keep an answer about a source: so many for all readers together, so many in the session of a reader whose own
    orders it is about. resource: one object for all, never to be changed; else every reader gets a copy."""
    cache = st.cache_resource if resource else st.cache_data

    def decorate(answer: Answer[P, T]) -> Answer[P, T]:
        for_all = cache(max_entries=shared, show_spinner=spinner)(answer)
        for_one = cache(max_entries=own, show_spinner=spinner, scope="session")(answer)

        def asked(source: Source, /, *args: P.args, **kwargs: P.kwargs) -> T:
            return (for_one if source.own else for_all)(source, *args, **kwargs)

        return update_wrapper(asked, answer)

    return decorate


def data_set(source: Source) -> store.DataSet:
    """The orders, model and measured tables."""
    return source.own.data if source.own else _built(source)


@st.cache_resource(max_entries=2, show_spinner="Loading orders")
def _built(source: Source) -> store.DataSet:
    return store.load_data_set(Path(source.folder))


@kept(shared=4, own=2, resource=True, spinner="Applying the rules")
def ruled(source: Source, rules: tuple[str, ...] | None) -> pd.DataFrame:
    """The scored orders with only these rules clearing any; None is all they come with."""
    return with_rules(data_set(source), rules)


@kept(shared=4, own=2, resource=True, spinner="Counting orders")
def cube(source: Source, rules: tuple[str, ...] | None = None) -> Cube:
    """The sums behind every figure, by score."""
    if source.own and rules is None:
        return source.own.cube
    return build_cube(ruled(source, rules), sessions=data_set(source).sessions)


@kept(shared=48, own=12, resource=True)
def applied(source: Source, prices: Assumptions, policy: Policy) -> Applied:
    """A policy on these orders; what it answers is worked out once. The limit is the policy's."""
    features = data_set(source).features if policy.segment else None
    prices = replace(prices, reviews_per_day=policy.reviews_per_day)
    return Applied(ruled(source, policy.rules), cube(source, policy.rules), prices, policy, features)


@kept(shared=3, own=1, resource=True, spinner="Counting orders by segment")
def segments(source: Source, column: str, rules: tuple[str, ...] | None) -> Cube:
    """The cube by the segments of a column, on the steps of the whole."""
    return segmented(ruled(source, rules), column, cube(source, rules).thresholds, data_set(source).features)


@kept(shared=2, own=1)
def segment_columns(source: Source) -> list[str]:
    """The columns that split the orders into segments."""
    data = data_set(source)
    return segments_of.segment_columns(data.orders, data.features)


@kept(shared=4, own=1, resource=True)
def saving_cube(source: Source, prices: Assumptions, rules: tuple[str, ...] | None) -> Cube:
    """The cube over the expected saving of a review."""
    return cube_by_saving(ruled(source, rules), cube(source, rules), prices)


@kept(shared=64, own=8)
def payload(source: Source, prices: Assumptions, policy: Policy, baseline: Policy | None, drag: Drag) -> dict[str, Any]:
    """What the browser needs to follow a drag that opened at this policy."""
    from pages.shared.case import case_of  # a case asks for what is kept here

    case = case_of(source, prices, policy, baseline)
    captions = (
        calibration_caption(data_set(source).tables.get("reliability")),
        flac_caption(case.policy),
        period_caption(case.policy.by_score, data_set(source).kept),
    )
    return drag_payload(case, replace(drag, captions=tuple(words for words in captions if words)))


def explanations(source: Source, rules: tuple[str, ...] | None) -> Explanations | None:
    """The explanations of the orders scored under these rules; None where a surrogate of the scores that came with the
    file would not be faithful enough."""
    result = _why_or_refusal(source, rules)
    return result if isinstance(result, Explanations) else None


def why_not(source: Source, rules: tuple[str, ...] | None) -> str:
    """Why there are no explanations, in a sentence; "" where there are."""
    result = _why_or_refusal(source, rules)
    return result if isinstance(result, str) else ""


@kept(shared=2, own=1, resource=True, spinner="Explaining every scored order")
def _why_or_refusal(source: Source, rules: tuple[str, ...] | None) -> Explanations | str:
    """A refusal is kept like an answer: finding it takes as long."""
    try:
        return why_of(replace(data_set(source), orders=ruled(source, rules)))
    except ModelError as fault:
        return str(fault)


@kept(shared=32, own=8)
def reference(source: Source, rules: tuple[str, ...] | None, threshold: float | None) -> Reference:
    """What orders at the threshold look like."""
    answers = explanations(source, rules)
    assert answers is not None
    return reference_at(answers.explained, threshold)


@kept(shared=2, own=1)
def decision_times(source: Source) -> tuple[float, float]:
    """Seconds one order takes to be decided online: the median, and the 99th of a hundred. Timed once."""
    data = data_set(source)
    assert data.model is not None
    assert data.features is not None
    return timed(data.model, data.features, perf_counter)


@kept(shared=2, own=1)
def set_of_orders(source: Source) -> str:
    """The name under which verdicts on these orders are kept."""
    return order_set(data_set(source).orders)


@st.cache_resource(max_entries=2, show_spinner=False)
def reviews(url: str) -> Reviews:
    """The database of verdicts; its own connections, safe for every reader at once."""
    return Reviews(url)


@st.cache_resource(max_entries=2, show_spinner=False)
def scenarios(url: str) -> Scenarios:
    """The database of scenarios."""
    return Scenarios(url)
