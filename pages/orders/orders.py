"""Bring your own orders: a file in, what is wrong with it by row and column, and every page on your data."""

import streamlit as st

from pages.orders.orders_mapping import choose_mapping
from pages.orders.orders_report import show_report
from pages.orders.orders_scores import go_on
from pages.orders.orders_upload import choose_files, explain_columns, read_files
from pages.shared.start import start

start("Your orders")
st.markdown("##### Your own orders")
st.markdown(
    "Bring a file of orders: CSV, TSV, Excel or Parquet, also packed as .gz or .zip. Its columns are recognised and "
    "shown for you to change; every row is checked; nothing is kept after your session."
)
files = choose_files()
explain_columns()
if not files:
    st.stop()

intake = read_files(files)
if intake is None:
    st.stop()
st.markdown("**1 · What the columns are**")
choose_mapping(intake)
st.markdown("**2 · What was found**")
show_report(intake)
if intake.report.blocked:
    st.stop()
st.markdown("**3 · The way on**")
go_on(intake)
