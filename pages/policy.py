"""Two cut-offs: ship, review or decline; the best pair, and what any other pair costs."""

import streamlit as st

from pages.shared import cached
from pages.shared.pair_parts import choose_pair, show_best, show_pair, show_pair_map
from pages.shared.prices import price_panel
from pages.shared.start import start
from pages.shared.text import plain
from pages.shared.view import chosen_view, publish_link

source = start("Two cut-offs")
prices = price_panel(cached.unused_prices(source))
line, _ = cached.steps(source, chosen_view())
st.markdown(f"##### Ship, review or decline? · {plain(cached.data_set(source).name)}")
best = show_best(source, prices)
pair = choose_pair(source, prices, line, best)
left, right = st.columns(2)
with left:
    show_pair(source, prices, pair, best)
with right:
    show_pair_map(source, prices, pair, best)
publish_link()
