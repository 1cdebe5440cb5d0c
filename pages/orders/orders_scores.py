"""From checked orders to every page on them: the scores inside, our model's, or a model trained here."""

import os
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import pandas as pd
import streamlit as st

from core.building import store
from core.building.pipeline import Progress
from core.building.score_sources import INSIDE, OURS, TRAIN, Way, score_with, train_on, use_scores, ways_on
from core.building.store import DataSet
from core.errors import CutlineError
from core.leaks import not_told_yet
from core.number_format import count, counted, percent
from core.reading.checks.file_findings import LEAK
from core.reading.intake import Intake
from core.scoring.correction import Correction, fit_correction
from core.showing.charts import auc_chart
from core.sources.orders import orders_table
from pages.shared.links import link_to
from pages.shared.own import keep, own_orders, recall, remember
from pages.shared.text import escaped
from pages.system.model_parts import headline, shift_table

T = TypeVar("T")


def go_on(intake: Intake) -> None:
    """Choose a way, take it with progress, and see what came of it."""
    orders = _once("orders", intake, lambda: orders_table(intake))
    ways = ways_on(orders)
    way = _choose(ways)
    if way is None:
        return
    correction = _offer_correction(intake) if way.key == INSIDE else None
    kept = intake.report.kept() if intake.report.rejected else ""
    button = f"Go on with {counted(intake.report.accepted, 'order')}"
    if intake.report.rejected:
        button = (
            f"Go on without {counted(intake.report.rejected, 'rejected row')}: with {escaped(intake.report.kept())}"
        )
    if st.button(button, type="primary"):
        data = _take(way, intake, correction)
        if data is not None:
            name = ", ".join(intake.report.files[:3]) + (" …" if len(intake.report.files) > 3 else "")
            keep(replace(data, name=name, kept=kept), intake.reading)
            remember("taken", (recall("serial"), way.key))
            st.rerun()
    if recall("taken") == (recall("serial"), way.key):
        _show_result(intake)


def _choose(ways: list[Way]) -> Way | None:
    possible = {way.key: way for way in ways if not way.hindrance}
    for way in ways:
        if way.hindrance:
            st.caption(escaped(f"Not possible: {way.title[0].lower()}{way.title[1:]}. {way.hindrance}"))
    if not possible:
        st.warning("Nothing can score these orders: map a score, outcomes, or the account and time of each order.")
        return None
    key = st.radio(
        "How the orders get their scores",
        list(possible),
        format_func=lambda key: possible[key].title,
        captions=[escaped(way.why) for way in possible.values()],
        key=f"own_upload_way_{recall('serial')}",
    )
    return possible[key]


def _offer_correction(intake: Intake) -> Correction | None:
    """Whether the scores mean what they say, measured on the later half; corrected only where the reader wants it."""
    correction: Correction | None = _once("correction", intake, lambda: fit_correction(recall("orders")[1]))
    if correction is None:
        st.caption("Too few frauds or outcomes are known to check whether the scores mean what they say.")
        return None
    before, after = (
        f"{percent(gap)} from the share of fraud on average (Brier {brier:.4f})"
        for gap, brier in zip(correction.gap, correction.brier, strict=True)
    )
    verdict = "" if correction.helps else " A correction does not help here."
    tested = count(correction.tested)
    st.caption(escaped(f"On the later {tested} known outcomes the scores lie {before}; corrected, {after}.{verdict}"))
    wanted = st.toggle(
        "Correct the scores (isotonic)",
        key=f"own_upload_correct_{recall('serial')}",
        help="No two orders change places; thresholds and expected figures change, counts at a review rate do not.",
    )
    return correction if wanted else None


def _take(way: Way, intake: Intake, correction: Correction | None) -> DataSet | None:
    """The scored orders; a press of Cancel ends it at the next step, since each step draws on the page."""
    orders = recall("orders")[1]
    place = st.empty()
    with place.container():
        bar = st.progress(0.0, "Starting")
        st.button("Cancel", key="own_upload_cancel")

    def progress(text: str, share: float) -> None:
        bar.progress(min(share, 1.0), text)

    try:
        return _scored(way, correction, progress, orders)
    except CutlineError as fault:
        st.error(escaped(fault))
        return None
    finally:
        place.empty()


def _scored(way: Way, correction: Correction | None, progress: Progress, orders: pd.DataFrame) -> DataSet:
    if way.key == TRAIN:
        return train_on(orders, progress)
    if way.key == OURS:
        known = store.load_data_set(store.folder_of(os.environ.get("CUTLINE_MODEL", store.SAMPLE)))
        if known.model is None or known.features is None:
            raise CutlineError("There is no model to score with: build the sample (make sample).")
        return score_with(orders, known.model, known.features, progress)
    return use_scores(orders, correction)


def _show_result(intake: Intake) -> None:
    own = own_orders()
    if own is None:
        return
    st.success(headline(own.data))
    if "evaluation" in own.data.tables:
        st.plotly_chart(auc_chart(own.data.tables["evaluation"]), key="auc")
    told = [finding.column for finding in intake.report.findings if finding.code == LEAK]
    for place, note in enumerate(not_told_yet(own.data.notes, told)):
        (st.warning if place == 0 and "shift" in own.data.tables else st.caption)(escaped(note))
    if "shift" in own.data.tables:
        with st.expander("Each column against the orders the model knows"):
            shift_table(own.data)
    link_to("threshold", "Drag the line on these orders", "arrow_forward")


def _once(name: str, intake: Intake, make: Callable[[], T]) -> T:
    """Made once for each reading of the files, and kept with it."""
    kept = recall(name)
    if kept is None or kept[0] is not intake:
        kept = (intake, make())
        remember(name, kept)
    made: T = kept[1]
    return made
