"""Cutline. Start it with `make run`, or with `streamlit run app.py`."""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.shared.navigation import navigation

if get_script_run_ctx() is None:  # the server starts: every visit runs a script that has no folder `pages` beside it
    app = st.App("pages/shared/main.py")
else:
    navigation().run()
