"""What if a value were another one: score and explanation follow."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.explaining.explain import Reference, parts_against, share_of, waterfall
from core.explaining.why import Explanations
from core.number_format import fixed
from core.reviewing.queue import PLACE
from core.scoring.model import Model
from core.scoring.rules import cleared_by
from core.showing.charts import waterfall_chart
from pages.shared.case import Opened
from pages.shared.text import escaped

_TREATED = ("ship", "be flagged", "be declined")


def what_if(case: Opened, why: Explanations, at: int, line: Reference, order: dict[str, Any]) -> None:
    """Inputs for the features chosen, and the order as the model would see it then."""
    model = why.models[0]
    st.markdown("**What if**")
    told = parts_against(why.explained, at, line)["feature"]
    reasons = told[told.isin(why.changeable)].head(3).tolist()
    key = f"whatif_{order['order_id']}"
    chosen = st.multiselect("Features to change", why.changeable, reasons, key=key)
    row = why.explained.rows[at].copy()
    cells = st.columns(max(len(chosen), 1))
    for cell, name in zip(cells, chosen, strict=False):
        with cell:
            row[why.explained.features.index(name)] = _input(why, model, name, row, f"{key}_{name}")
    changed = why.changed(at, row)
    before, after = (float(share_of(odds)) for odds in (why.explained.log_odds[at], changed.log_odds[0]))
    score, treated, filtered = st.columns(3)
    score.metric("Score then", fixed(after, 4), None if after == before else fixed(after - before, 4), "inverse")
    treated.metric("It would", _TREATED[case.policy.treatment_at(order[PLACE], after)])
    rule = cleared_by(pd.DataFrame([dict(zip(why.explained.features, row, strict=True))]), _rules(why, model))[0]
    filtered.metric(
        "Pre-filter", "would clear it" if rule else "would not clear it" if model.rules else "there is none"
    )
    if np.array_equal(row, why.explained.rows[at], equal_nan=True):
        rest = " What the surrogate does not explain stays as it is." if why.explained.fidelity else ""
        st.caption(f"Change a value above; features that follow from it (say, counts) do not change with it.{rest}")
        return
    start = line.log_odds - line.rest
    steps = waterfall(parts_against(changed, 0, line), start, probability=True)
    labels = [
        "all others" if step["feature"] == "" else _said(why, step["feature"], step["value"])
        for _, step in steps.iterrows()
    ]
    st.plotly_chart(waterfall_chart(steps, labels, float(share_of(start)), probability=True), key="whatif_waterfall")


def _input(why: Explanations, model: Model, name: str, row: "np.ndarray", key: str) -> float:
    """One feature's value: a text of the model's for a category, else a number; nothing is missing."""
    now = row[why.explained.features.index(name)]
    if name in model.categories:
        texts = model.categories[name]
        place = None if np.isnan(now) else int(now)
        picked = st.selectbox(name, range(len(texts)), place, key=key, format_func=texts.__getitem__)
        return np.nan if picked is None else float(picked)
    typed = st.number_input(
        name, value=None if np.isnan(now) else float(now), key=key, help=escaped(why.words.name(name)), format="%g",
        placeholder="not known",
    )  # fmt: skip
    return np.nan if typed is None else float(typed)


def _rules(why: Explanations, model: Model) -> tuple[Any, ...]:
    """Rules whose features are all among the model's."""
    known = set(why.explained.features)
    return tuple(rule for rule in model.rules if {feature for feature, _, _ in rule.conditions} <= known)


def _said(why: Explanations, name: str, value: float) -> str:
    said = f"{name} not known" if np.isnan(value) else why.words.value(name, value)
    return said if len(said) <= 36 else said[:35] + "…"
