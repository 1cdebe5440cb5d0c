"""Reading order files: what is read right, and what is refused by file, row, column, value and remedy."""

import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import OrdersError
from core.reading.reading import Reading
from core.sources.orders import load_orders

HEADER = "order_id,ordered_at,amount,is_fraud,score\n"


@pytest.fixture
def file(tmp_path: Path):  # type: ignore[no-untyped-def]
    def write(text: str | bytes, name: str = "orders.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_a_plain_file(file) -> None:
    orders = load_orders(file(HEADER + "b,2026-03-02,2.5,1,0.75\na,2026-03-01T10:00:00+02:00,3,,\n"))
    assert orders["order_id"].tolist() == ["a", "b"]  # oldest first
    assert orders["ordered_at"].tolist() == [pd.Timestamp("2026-03-01 08:00"), pd.Timestamp("2026-03-02")]
    assert orders["amount"].tolist() == [3, 2.5]
    assert orders["is_fraud"].isna().tolist() == [True, False]  # not known yet is never 0
    assert orders["score"].isna().tolist() == [True, False]  # never scored is never 0
    assert orders["ordered_at"].dtype == "datetime64[us]"


def test_roles_are_mapped_by_name_whatever_the_order_of_columns(file) -> None:
    path = file("value,class,id\n10,1,x\n")
    orders = load_orders(path, Reading({"amount": "value", "is_fraud": "class", "order_id": "id"}))
    assert orders.to_dict("records") == [{"order_id": "x", "amount": 10.0, "is_fraud": 1.0}]


@pytest.mark.parametrize("label", ["1", "1.0", "true", "TRUE", " 1 "])
def test_labels_of_any_spelling(file, label: str) -> None:
    assert load_orders(file(f"amount,is_fraud\n1,{label}\n"))["is_fraud"].tolist() == [1.0]


def test_ids_are_kept_as_the_text_they_are(file) -> None:
    ids = ["00123", "NA", "null", "12345678901234567890", "1e5", "=1+1", " padded"]
    orders = load_orders(file("order_id,amount\n" + "".join(f"{i},1\n" for i in ids)))
    assert orders["order_id"].tolist() == ids


def test_a_file_without_ids_or_times_keeps_its_order(file) -> None:
    orders = load_orders(file("amount\n3\n1\n2\n"))
    assert orders["order_id"].tolist() == ["2", "3", "4"]  # rows, counting the header as 1
    assert orders["amount"].tolist() == [3, 1, 2]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(file, delimiter: str) -> None:
    text = 'order_id,amount,note\na,1,"x, y; z"\n'.replace(",", delimiter)
    assert load_orders(file(text))["note"].tolist() == [f"x{delimiter} y; z"]


def test_gzip_byte_order_mark_and_windows_line_ends(file) -> None:
    text = gzip.compress("\ufefforder_id,amount\r\na,1\r\nb,2\r\n".encode())
    assert load_orders(file(text, "orders.csv.gz"))["amount"].tolist() == [1, 2]


def test_line_breaks_inside_quotes(file) -> None:
    assert load_orders(file('order_id,amount,note\na,1,"two\nlines"\nb,2,one\n'))["note"].tolist() == [
        "two\nlines",
        "one",
    ]


def test_other_columns_are_features_numbers_where_every_value_is_one(file) -> None:
    orders = load_orders(file("amount,age,browser,member\n1,30,Chrome,true\n2,,Safari,false\n"))
    assert orders["age"].iloc[0] == 30
    assert np.isnan(orders["age"].iloc[1])
    assert orders["member"].tolist() == [1, 0]
    assert orders["browser"].tolist() == ["Chrome", "Safari"]


@pytest.mark.parametrize("header", ['""; DROP TABLE x; --', 'a""b', "select", "x" * 300, "__proto__", "it's"])
def test_hostile_headers_work_as_names(file, header: str) -> None:
    orders = load_orders(file(f'amount,"{header}"\n1,2\n'))  # quotes doubled, as CSV has it
    assert orders[header.replace('""', '"')].tolist() == [2]


def test_a_path_that_looks_like_a_pattern_reads_that_file_only(file) -> None:
    file("amount\n999\n", "u.csv")
    assert load_orders(file("amount\n1\n", "[u].csv"))["amount"].tolist() == [1]


def test_parquet_with_its_own_types(tmp_path: Path) -> None:
    times = pd.to_datetime(["2026-03-01 10:00"]).tz_localize("Europe/Berlin")
    frame = pd.DataFrame({"id": [7], "at": times, "amount": np.array([5], "int16"), "is_fraud": [True]})
    frame.to_parquet(tmp_path / "orders.parquet")
    orders = load_orders(tmp_path / "orders.parquet", Reading({"order_id": "id", "ordered_at": "at"}))
    assert orders.to_dict("records") == [
        {"order_id": "7", "ordered_at": pd.Timestamp("2026-03-01 09:00"), "amount": 5.0, "is_fraud": 1.0}
    ]


def test_a_stated_time_format(file) -> None:
    path = file("amount,ordered_at\n1,2/1/2015 3:04\n")
    orders = load_orders(path, Reading(times={"ordered_at": "%m/%d/%Y %H:%M"}))
    assert orders["ordered_at"].tolist() == [pd.Timestamp("2015-02-01 03:04")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "orders.csv is empty"),
        ("order_id,amount\n", "a header and no orders"),
        ("order_id,value\n1,2\n", r"lacks the column 'amount'. Found: order_id, value. Map it: --map amount=COLUMN"),
        ("order_id,amount\na,1\nb\n", "row 3: too few fields. The row begins 'b'. Mend"),
        ("order_id,amount\na,1,9\n", "row 2: too many fields"),
        ('order_id,amount\na,"1\nb,2\n', "row 2"),
        ("amount\n1\nnan\n", r"row 3, column 'amount': expected an amount in USD, 0 or more, got 'nan'"),
        ("amount\ninf\n", "row 2, column 'amount'"),
        ("amount\n1e309\n", "got '1e309'"),
        ("amount\n-5\n", "got '-5'"),
        ("amount,x\n,1\n", "got nothing"),
        ("amount,score\n1,1.0000001\n", r"row 2, column 'score': expected a score from 0 to 1.*Rescale"),
        ("amount,score\n1,nan\n", "got 'nan'"),
        ("amount,is_fraud\n1,2\n", "expected 0, 1, true, false or nothing, got '2'"),
        ("amount,is_fraud\n1,Y\n", "got 'Y'"),
        ("order_id,amount\na,1\nb,2\na,3\n", "row 4, column 'order_id': expected an id of its own"),
        ("order_id,amount\n,1\n", "column 'order_id'"),
        ("amount,ordered_at\n1,03/04/2026\n", "column 'ordered_at': expected an ISO 8601 time, got '03/04/2026'"),
        ("amount,ordered_at\n1,2026-02-30\n", "got '2026-02-30'"),
        ("amount,ordered_at\n1,\n", "got nothing"),
    ],
)
def test_bad_input_is_named(file, text: str, words: str) -> None:
    with pytest.raises(OrdersError, match=words):
        load_orders(file(text))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04rest of a workbook", "damaged zip or workbook"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", r"is a PNG picture.*as CSV"),
        (gzip.compress(b"amount\n1\n2\n" * 999)[:-20], "is cut short"),
        (b"PAR1 but no more", "cannot be read as Parquet"),
    ],
)
def test_files_of_another_kind_are_named(file, content: bytes, words: str) -> None:
    with pytest.raises(OrdersError, match=words):
        load_orders(file(content))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OrdersError, match="There is no file"):
        load_orders(tmp_path / "none.csv")


def test_mapping_faults_are_named(file) -> None:
    path = file("price,amount\n1,2\n")
    with pytest.raises(OrdersError, match=r"no column 'cost'. Found: price, amount"):
        load_orders(path, Reading({"amount": "cost"}))
    with pytest.raises(OrdersError, match="no role 'fraudster'"):
        load_orders(path, Reading({"fraudster": "price"}))
    with pytest.raises(OrdersError, match="--ignore amount"):
        load_orders(path, Reading({"amount": "price"}))
    assert load_orders(path, Reading({"amount": "price"}, ["amount"]))["amount"].tolist() == [1]


words = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x00", exclude_categories=["Cs"]), min_size=1)


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(st.tuples(words, st.floats(0, 1e9), st.one_of(st.none(), st.floats(0, 1))), min_size=1, max_size=8),
    delimiter=st.sampled_from(",;\t|"),
)
def test_any_table_written_with_any_delimiter_reads_back_equal(rows, delimiter: str, tmp_path_factory) -> None:
    frame = pd.DataFrame(
        {
            "order_id": [f"{place}{text}" for place, (text, _, _) in enumerate(rows)],
            "amount": [amount for _, amount, _ in rows],
            "score": np.array([score for _, _, score in rows], float),
        }
    )
    path = tmp_path_factory.mktemp("any") / "orders.csv"
    frame.to_csv(path, index=False, sep=delimiter)
    pd.testing.assert_frame_equal(load_orders(path), frame, check_dtype=False)
