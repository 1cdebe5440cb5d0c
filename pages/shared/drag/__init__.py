"""The drag: a component of our own that follows the pointer in the browser and tells the server on release."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

_HERE = Path(__file__).parent
# Streamlit takes one module: the parts are joined, each a plain script but the last.
SCRIPTS = ("format.js", "figures.js", "scale.js", "chart.js", "main.js")

_component = st.components.v2.component(
    "cutline_drag",
    html=(_HERE / "drag.html").read_text(),
    css=(_HERE / "drag.css").read_text(),
    js="\n".join((_HERE / name).read_text() for name in SCRIPTS),
)


def drag_chart(view: dict[str, Any], *, key: str, on_change: Callable[[], None]) -> Any:
    """Show the payload of `core/showing/drag_payload.py`; returns the component's state.

    State after a release: line {"threshold": number or None, "decline": number or None}; after a pin: baseline the same
    or {"approve_all": True}. on_change is called before the rerun; read the state from st.session_state[key].
    """
    return _component(
        key=key,
        data=view,
        default={"line": None, "baseline": None},
        on_line_change=on_change,
        on_baseline_change=on_change,
    )
