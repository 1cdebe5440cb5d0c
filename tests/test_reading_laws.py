"""Laws of reading under random tables: written in any way we claim to read, they read back equal."""

import csv
import gzip
import io
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.reading.duck import connect
from core.reading.formulas import defused, defused_sql, restored, restored_sql
from core.reading.row_numbers import rows_as_counted
from tests.intakes import frame, taken

LINE_ENDS = st.sampled_from(["\n", "\r\n"])
CODECS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"])
TEXTS = st.text(
    st.characters(codec="cp1252", exclude_characters="\x00\r", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=12
)
SPREADSHEET = st.sampled_from(["=1+1", "'=1", "''@x", "+1", "-1", "@x", "'quoted'", "=", "'", 'a"b', "a\nb", ",;|\t"])
CELLS = st.one_of(TEXTS, SPREADSHEET)
ROWS = st.lists(
    st.tuples(CELLS, st.integers(0, 10**9), st.one_of(st.none(), st.integers(0, 1000)), st.sampled_from("01 ")),
    min_size=1,
    max_size=12,
)


def written(table: list[list[str]], delimiter: str, quoting: Any, end: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=end).writerows(table)
    return out.getvalue()


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    ROWS,
    st.sampled_from(",;\t|"),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    LINE_ENDS,
    CODECS,
    st.booleans(),
)
def test_any_table_reads_back_equal(
    rows: list[tuple[str, int, int | None, str]], delimiter: str, quoting: Any, end: str, codec: str, packed: bool
) -> None:
    """Any delimiter, quoting, line end and encoding. A cell is written as a formula-safe export writes it."""
    table = [["order_id", "note", "amount", "score", "is_fraud"]]
    for place, (note, cents, score, label) in enumerate(rows):
        part = "" if score is None else repr(score / 1000)
        table.append([f"o{place}", defused(note), repr(cents / 100), part, label.strip()])
    content = written(table, delimiter, quoting, end).encode(codec)
    orders = frame(
        taken(
            gzip.compress(content) if packed else content,
            encoding={"utf-8-sig": "utf-8", "cp1252": "latin-1"}.get(codec, codec),
            delimiter=delimiter,
            numbers="1234.50",
            score_scale=1,
        )
    )
    assert orders["amount"].tolist() == [cents / 100 for _, cents, _, _ in rows]
    scores = np.array([np.nan if score is None else score / 1000 for _, _, score, _ in rows])
    labels = np.array([float(label) if label.strip() else np.nan for *_, label in rows])
    np.testing.assert_array_equal(orders["score"].to_numpy(float), scores)
    np.testing.assert_array_equal(orders["is_fraud"].to_numpy(float), labels)
    notes = [note.replace("\r\n", "\n") for note, *_ in rows]
    if "note" in orders and not pd.api.types.is_numeric_dtype(orders["note"]):
        assert orders["note"].fillna("").tolist() == notes


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 10**8), min_size=2, max_size=20), st.sampled_from(["1,234.50", "1.234,50", "1234.50"]))
@example([123450, 5], "1.234,50")
def test_numbers_in_every_style_read_back_equal(cents: list[int], style: str) -> None:
    thousands, decimal = {"1,234.50": (",", "."), "1.234,50": (".", ","), "1234.50": ("", ".")}[style]
    shown = [f"{value / 100:,.2f}".replace(",", "T").replace(".", decimal).replace("T", thousands) for value in cents]
    text = "amount;x\n" + "".join(f"{value};y\n" for value in shown)
    assert frame(taken(text, numbers=style))["amount"].tolist() == [value / 100 for value in cents]


@given(st.text())
def test_defusing_is_undone_exactly(text: str) -> None:
    assert restored(defused(text)) == text
    assert not defused(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_the_same_in_sql() -> None:
    texts = ["=1", "'=1", "''=1", "plain", "it's", "'quoted'", "", "'", "-", "\t", "\n=", "＝1", "'＝1", "a=b"]
    with connect([]) as connection:
        for text in texts:
            out, back = connection.execute(
                f"SELECT {defused_sql('x')}, {restored_sql('x')} FROM (SELECT ? AS x)", [text]
            ).fetchall()[0]
            assert (out, back) == (defused(text), restored(text))


@given(st.lists(st.integers(0, 60), unique=True, max_size=20).map(sorted), st.integers(1, 5))
def test_rows_are_counted_as_a_spreadsheet_does(aside: list[int], first: int) -> None:
    aside = [row + first for row in aside]
    every = [row for row in range(first, first + 100) if row not in aside]
    places = np.arange(len(every), dtype=np.int64)
    assert rows_as_counted(places, first, aside).tolist() == every


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(["good", "amount", "score", "label", "short", "long"]), min_size=1, max_size=30))
def test_every_planted_error_is_named_and_no_other_row(kinds: list[str]) -> None:
    lines = {
        "good": "{},1.5,0.5,1", "amount": "{},x,0.5,1", "score": "{},1.5,7,1", "label": "{},1.5,0.5,maybe",
        "short": "{},1.5", "long": "{},1.5,0.5,1,1,1",
    }  # fmt: skip
    body = [lines[kind].format(f"o{place}") for place, kind in enumerate(kinds)]
    choices = {"score_scale": 1, "numbers": "1234.50", "labels": {"1": 1, "0": 0}, "header_row": 1, "delimiter": ","}
    intake = taken("order_id,amount,score,is_fraud\n" + "\n".join(body) + "\n", **choices)
    assert intake.report.rows == len(kinds)
    assert frame(intake)["order_id"].tolist() == [f"o{n}" for n, kind in enumerate(kinds) if kind == "good"]


@pytest.mark.parametrize("rows", [1, 2, 7])
def test_no_column_but_the_amount_is_needed(rows: int) -> None:
    assert frame(taken("amount\n" + "1\n" * rows))["amount"].sum() == rows
