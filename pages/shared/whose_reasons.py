"""Where scores came with the file, whose reasons are shown and how faithful they are."""

import streamlit as st

from core.explaining.surrogate import fidelity_in_words
from core.explaining.why import Explanations
from pages.shared.text import escaped


def say_whose_reasons(why: Explanations | None, at: int | None = None) -> None:
    """Nothing where the model itself is explained. at: the order looked at, among the explained ones."""
    fidelity = None if why is None else why.explained.fidelity
    if fidelity is None:
        return
    told = fidelity_in_words(fidelity)
    if at is not None and fidelity.learnt_here[at]:
        told += " This is one of the earliest orders: the surrogate learnt from the order itself."
    st.caption(escaped(told))
