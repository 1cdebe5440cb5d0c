"""The parts of the claim checker."""

from dataclasses import asdict, fields
from math import isnan

import streamlit as st

from core.assumptions import Assumptions
from core.deciding.confidence import Compared
from core.number_format import count, counted, dollars, dollars_cents, dollars_short, fixed, percent, percent_short
from core.practicing.argument import (
    Claim,
    OnOrders,
    Worked,
    break_even_drop,
    claim_of_link,
    needed_for,
    needed_on_orders,
    on_orders,
    what_must_be_true,
    work_out,
)
from core.practicing.argument_auc import contradictions, most_detection, needed_auc, needed_auc_on_orders
from core.pricing.cube import totals_of
from core.showing.link import CLAIM
from pages.shared import cached
from pages.shared.assumptions_panel import shown_in
from pages.shared.case import Month
from pages.shared.text import escaped

_NEAR = 0.005  # of the claim's FPR, as a share: a line that comes no nearer is said
_TURNS = {about.name: str(about.metadata["label"]) for about in fields(Claim)
          if about.name in ("loss_per_fraud", "review_cost", "fraud_rate")}  # fmt: skip
_DEFAULTS = {name: float(value) for name, value in asdict(Claim()).items()}
_SENTENCE = (
    ("fpr_from", "fpr_to", "review_cost", "claimed"),
    ("detection_from", "detection_to", "orders", "fraud_rate", "loss_per_fraud"),
)


def take_link() -> None:
    """The blanks a link states, in a session that has not filled them yet."""
    if "claim_read" in st.session_state:
        return
    st.session_state["claim_read"] = True
    stated = {name[len(CLAIM) :]: value for name, value in st.query_params.to_dict().items() if name.startswith(CLAIM)}
    claim, notes = claim_of_link(stated)
    for note in notes:
        st.warning(escaped(f"Ignored in the link: {note}"))
    st.session_state["claim_stated"] = asdict(claim)


def claim_in_link(claim: Claim) -> dict[str, str]:
    """The blanks that are not the defaults, as a link writes them."""
    return {f"{CLAIM}{name}": repr(value) for name, value in asdict(claim).items() if value != _DEFAULTS[name]}


def read_claim() -> Claim:
    """The sentence's blanks, filled by the reader; CutlineError where one is out of range."""
    stated: dict[str, float] = st.session_state["claim_stated"]
    about = {f.name: f for f in fields(Claim)}
    values: dict[str, float] = {}
    for row in _SENTENCE:
        for cell, name in zip(st.columns(len(row)), row, strict=True):
            meta = about[name].metadata
            unit, scale = shown_in(meta)
            label = meta["label"] if meta["kind"] == "count" else f"{meta['label']} ({unit})"
            typed = cell.number_input(
                label, scale * meta["low"], scale * meta["high"], scale * stated[name], key=f"claim_{name}",
                persist_state="session", format="%.2f" if meta["high"] <= 10_000 else "%.0f",
            )  # fmt: skip
            values[name] = round(typed / scale, 12)
    claim = Claim(**values)
    told = (
        f"“{percent_short(claim.fpr_from)} → {percent_short(claim.fpr_to)} false positives is worth "
        f"{dollars_short(claim.claimed, plus='+')} a month at {dollars(claim.review_cost)} a review”, with "
        f"{percent_short(claim.detection_from)} and then {percent_short(claim.detection_to)} of the fraud detected, on "
        f"{count(claim.orders)} orders a month, {percent_short(claim.fraud_rate)} of them fraud that costs "
        f"{dollars(claim.loss_per_fraud)} when it ships."
    )
    st.markdown(escaped(told))
    return claim


def show_closed_form(claim: Claim) -> None:
    """What the blanks alone amount to."""
    st.markdown("**By arithmetic**")
    worked = work_out(claim)
    _show(worked, worked.net, " a month")
    gap = worked.net - claim.claimed
    verdict = "That is the figure claimed." if abs(gap) < 0.5 else f"{dollars(gap, plus='+')} against the claim."
    st.caption(escaped(f"{verdict} Perfect reviewers; scoring calls are paid for either way."))


def show_on_orders(source: cached.Source, month: Month, prices: Assumptions, claim: Claim) -> None:
    """The same move on the loaded orders, with its interval."""
    st.markdown(f"**On {escaped(cached.data_set(source).name)}**")
    found = on_orders(cached.cube(source), prices, claim)
    _show(found.worked, found.net, month.words)
    before, after = found.before["false_positive_rate"], found.after["false_positive_rate"]
    told = (
        f"FPR {percent(before)} → {percent(after)}, "
        f"detection {percent_short(found.before['detection_rate'])} → {percent_short(found.after['detection_rate'])}."
    )
    if max(before, after) < max(claim.fpr_from, claim.fpr_to) - _NEAR:
        told += " That is as far as a line goes here: whoever is not scored is not flagged."
    if found.insult:
        told += f" {dollars_short(found.insult, plus='+')} of buyers kept."
    if found.compared is None:
        told += " Without order times nothing is scaled to a month, so it is not set against the claim."
    else:
        told += _how_sure(found.compared, claim)
    st.caption(escaped(told))
    if found.compared is not None:
        _show_needed_here(source, prices, claim, found)


def _show_needed_here(source: cached.Source, prices: Assumptions, claim: Claim, found: OnOrders) -> None:
    """What the loaded orders would have to be for the claimed figure."""
    needed = needed_on_orders(found, claim.claimed)
    ways = {
        "volume": f"{_known(needed['volume'], 2)} times the orders",
        "loss": f"a fraud that costs {percent_short(needed['loss'])} of what it does",
        "review_cost": f"${_known(needed['review_cost'], 2)} a review",
    }
    shown = [words for name, words in ways.items() if not isnan(needed[name])]
    if shown:
        exactly = dollars(claim.claimed, plus="+")
        st.caption(escaped(f"For exactly {exactly} here it would take {', or '.join(shown)}."))
    now, aucs = needed_auc_on_orders(cached.cube(source), prices, claim, claim.claimed)
    if isnan(now):
        return
    told = "of any size" if aucs and isnan(aucs[0]) else " or ".join(fixed(auc, 4) for auc in aucs)
    words = f"With other scores it would take an AUC of {told}" if aucs else "No AUC of the scores would give it here"
    if len(aucs) > 1:
        words += " (at the lower one little is detected on either line, so little is lost)"
    totals = totals_of(cached.cube(source))
    have = "these have" if totals.labelled == totals.orders else "these are expected to have"
    st.caption(
        escaped(
            f"{words}; {have} {fixed(now, 3)} over all orders. Better scores are taken to lift the whole measured ROC "
            "evenly."
        )
    )


def _how_sure(sides: Compared, claim: Claim) -> str:
    """The interval of the move, and whether it can tell anything."""
    if isnan(sides.low):
        return f" How sure is that? {sides.few}"
    told = (
        f" 95 % interval {dollars_short(sides.low, plus='+')} to {dollars_short(sides.high, plus='+')}, better in "
        f"{percent_short(sides.better)} of resampled months, decided by {counted(round(sides.fraud), 'fraud')}."
    )
    if sides.inside_noise:
        told += " The difference is inside the noise: these orders cannot tell."
    if sides.few:
        told += f" {sides.few}"
    elif not sides.low <= claim.claimed <= sides.high:
        told += f" The claimed {dollars_short(claim.claimed)} lies outside it."
    return told


def _known(value: float, decimals: int) -> str:
    return "" if isnan(value) else fixed(value, decimals)


def _show(worked: Worked, net: float, period: str) -> None:
    cells = st.columns(3)
    cells[0].metric("Reviews saved", dollars_short(worked.review_saving))
    cells[1].metric("More fraud let through", dollars_short(worked.fraud_let_through))
    cells[2].metric(f"Net{period}", dollars_short(net, plus="+"))
    st.caption(
        escaped(f"{_fewer(worked.fewer_false_positives)} false positives, {_fewer(worked.fewer_caught)} frauds caught.")
    )


def _fewer(orders: float) -> str:
    return f"{count(abs(orders))} {'more' if orders < 0 else 'fewer'}"


def show_needed(claim: Claim) -> None:
    """What each blank alone would have to be, and where the claim turns."""
    st.markdown("**What would have to be true**")
    left, right = st.columns(2)
    with left:
        st.markdown(escaped(f"For exactly {dollars(claim.claimed)} a month, one of:"))
        for sentence in what_must_be_true(claim, _words):
            st.markdown(f"- {escaped(sentence)}")
        st.markdown(f"- {escaped(_auc_in_words(needed_auc(claim, claim.claimed)))}")
    with right:
        turns = [
            f"at {label.lower()} of {_words(name, value)}"
            for name, value in needed_for(claim, 0).items()
            if not isnan(value) and (label := _TURNS.get(name))
        ]
        drop = break_even_drop(claim)
        if not isnan(drop) and drop > 0:
            turns.append(f"when detection drops by {fixed(100 * drop, 1)} points")
        if turns:
            st.markdown("It would be worth nothing")
        for words in turns:
            st.markdown(f"- {escaped(words)}")


def _auc_in_words(aucs: list[float]) -> str:
    if aucs and isnan(aucs[0]):
        return "AUC: any, it does not matter here"
    if not aucs:
        return "AUC: no binormal ROC, whatever its AUC, gives it at these two FPRs"
    told = " or ".join(fixed(auc, 4) for auc in aucs)
    return f"AUC: {told}, both detections then following one binormal ROC"


def _words(name: str, value: float) -> str:
    if name == "orders":
        return count(value)
    if name == "review_cost":
        return dollars_cents(value)
    return dollars(value) if name == "loss_per_fraud" else percent(value)


def show_contradictions(source: cached.Source, claim: Claim) -> None:
    """What cannot be true together with the scores at hand."""
    table = cached.data_set(source).tables.get("evaluation")
    auc = None
    if table is not None:
        rows = table[(table["who"] == "system") & (table["measure"] == "auc") & table["value"].notna()]
        auc = float(rows["value"].iloc[0]) if len(rows) else None
    st.markdown("**Can it be had?**")
    for sentence in contradictions(claim, auc):
        st.warning(escaped(sentence))
    if auc is None:
        st.caption("No outcome is known, so there is no AUC to hold the claim against.")
        return
    bounds = [
        f"at {percent_short(fpr)} FPR at most {percent_short(most_detection(auc, fpr))} "
        f"({percent_short(most_detection(auc, fpr, concave=True))} on a concave curve)"
        for fpr in (claim.fpr_from, claim.fpr_to)
    ]
    told = "; ".join(bounds)
    st.caption(
        escaped(f"Scores of these orders, the pre-filter included, have an AUC of {fixed(auc, 3)}: detection {told}.")
    )
