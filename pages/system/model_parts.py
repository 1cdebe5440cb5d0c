"""Tables and sentences of the Model page, from what was measured when the data set was built."""

import pandas as pd
import streamlit as st

from core.building.store import DataSet
from core.number_format import count, fixed, percent

_WHO = {"model": "Model alone", "system": "Pre-filter + model"}
_MEASURES = {"auc": "AUC", "average_precision": "Average precision", "brier": "Brier score"}
_SHARES = ("detection",)


def headline(data: DataSet) -> str:
    """One sentence: how good the scores are, and what the pre-filter adds."""
    table = data.tables.get("evaluation")
    if table is None:
        return "No order has a known outcome, so nothing can be measured: figures on these orders are expected ones."
    auc = {row["who"]: row for _, row in table[table["measure"] == "auc"].iterrows()}
    model = auc["model"]
    words = f"**AUC {fixed(model['value'], 3)}** ({_interval(model)}) on the orders "
    if data.model is None:
        return f"{words}whose outcome is known, with the scores that came with the file."
    words += "the model scores"
    system = auc["system"]
    if system["value"] == model["value"]:
        return f"{words}: all of them, since no pre-filter clears any."
    return f"{words}; **{fixed(system['value'], 3)}** ({_interval(system)}) with the pre-filter, on all orders."


def evaluation_table(data: DataSet) -> None:
    """Measures of model and system with their 95 % intervals."""
    table = data.tables.get("evaluation")
    if table is None:
        st.caption("There are no outcomes to compare with.")
        return
    shown = pd.DataFrame(
        {
            "Measure": table["measure"].map(lambda name: _MEASURES.get(name, name[0].upper() + name[1:])),
            "Of": table["who"].map(_WHO),
            "Value": [_value(row) for _, row in table.iterrows()],
            "95 % interval": [_interval(row) for _, row in table.iterrows()],
        }
    )
    st.dataframe(shown, hide_index=True, height="content")


def shift_table(data: DataSet) -> None:
    """Each feature of the model on these orders against those it was tested on."""
    table = data.tables["shift"]
    shown = pd.DataFrame(
        {
            "Column": table["feature"],
            "PSI": table["psi"].map(lambda psi: "not there" if pd.isna(psi) else fixed(psi, 2)),
            "Missing here": table["missing_new"].map(percent),
            "Missing there": table["missing_known"].map(percent),
        }
    )
    st.dataframe(shown, hide_index=True)
    st.caption("PSI: population stability index over tenths of the known orders; above 0.25 a column has shifted.")


def facts_of(data: DataSet) -> list[str]:
    """Size and periods of the model."""
    if data.model is None:
        return []
    about = data.model.about
    learnt, evaluated = about["learnt"], about["evaluated"]
    size = f"The model: {about['trees']} trees of at most {about['leaves']} leaves, {about['kilobytes']} KB."
    periods = f"Learnt from {count(learnt['orders'])} orders with {count(learnt['frauds'])} frauds{_span(learnt)}."
    frauds = count(evaluated["frauds"])
    later = f"Evaluated on {count(evaluated['orders'])} orders with {frauds} frauds{_span(evaluated)}."
    calibration = data.model.calibration
    fitted = f"Calibration: logit(score) = {calibration.slope:.3f} × margin {calibration.offset:+.3f} (Platt)."
    return [size, periods, later, fitted]


def _span(period: dict[str, str]) -> str:
    return f", {period['from'][:10]} to {period['to'][:10]}" if "from" in period else ", in the order of the file"


def _value(row: pd.Series) -> str:
    value = row["value"]
    if pd.isna(value):
        return "–"
    return percent(value) if row["measure"].startswith(_SHARES) else fixed(value, 4 if row["measure"] == "brier" else 3)


def _interval(row: pd.Series) -> str:
    if pd.isna(row["low"]):
        return "no interval"
    if row["measure"].startswith(_SHARES):
        return f"{percent(row['low'])} to {percent(row['high'])}"
    decimals = 4 if row["measure"] == "brier" else 3
    return f"{fixed(row['low'], decimals)} to {fixed(row['high'], decimals)}"
