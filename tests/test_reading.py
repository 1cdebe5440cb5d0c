"""Every input of the list a reader of order files must survive: read right, or named with a remedy; nothing lost."""

import gzip
import io
import zipfile

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.errors import ChoiceNeeded, OrdersError
from tests.intakes import findings, frame, rejected, rows_of, taken

GOOD = "order_id,amount\n" + "".join(f"o{row},{row}.5\n" for row in range(1, 6))


def zipped(**files: bytes | str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return out.getvalue()


def workbook(**sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_1_a_quote_never_closed_loses_its_own_row_only() -> None:
    lines = ["order_id,amount,note"] + [f"o{row},1,x" for row in range(2, 2002)]
    lines[500] = 'o501,1,"x'
    intake = taken("\n".join(lines) + "\n")
    assert (intake.report.accepted, intake.report.rejected) == (1999, 1)
    assert rows_of(intake, "a_quote_is_opened_and_never_closed") == [(501, 'o501,1,"x')]


def test_2_a_stray_quote_rejects_its_row_by_name() -> None:
    intake = taken('order_id,amount,note\na,1,x\nb,2,"cust "bad" q"\nc,3,y\n')
    assert frame(intake)["order_id"].tolist() in (["a", "c"], ["a", "b", "c"])
    if intake.report.rejected:
        assert rejected(intake)["cutline row"].tolist() == ["3"]


@pytest.mark.parametrize(
    ("codec", "found"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("cp1252", "latin-1")]
)
def test_3_encodings_are_detected(codec: str, found: str) -> None:
    text = "order_id,amount,city\na,1,Zürich\nb,2,Genève\n"
    intake = taken(text.encode(codec))
    assert frame(intake)["city"].tolist() == ["Zürich", "Genève"]
    assert intake.reading.encoding == found


def test_3_rows_of_another_encoding_are_named() -> None:
    rows = [f"o{row},1,Zürich".encode() for row in range(2, 1000)]
    for place in (10, 500, 900):
        rows[place] = f"o{place + 2},1,Zürich".encode("latin-1")
    intake = taken(b"order_id,amount,city\n" + b"\n".join(rows) + b"\n")
    assert intake.report.accepted == 995
    assert rejected(intake)["cutline row"].tolist() == ["12", "502", "902"]
    assert "not_text_in_UTF-8" in findings(intake)


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_4_delimiters_and_decimal_commas(delimiter: str) -> None:
    lines = [["order_id", "amount", "score"], ["a", "1.234,50", "0,25"], ["b", "7,00", "0,5"]]
    intake = taken("\n".join(delimiter.join(line) for line in lines))
    orders = frame(intake)
    assert (orders["amount"].tolist(), orders["score"].tolist()) == ([1234.5, 7.0], [0.25, 0.5])
    assert (intake.reading.delimiter, intake.reading.numbers) == (delimiter, "1.234,50")


def test_4_the_line_of_excel_that_names_the_delimiter() -> None:
    assert frame(taken("sep=;\norder_id;amount\na;1,5\nb;2,25\n"))["amount"].tolist() == [1.5, 2.25]


def test_5_headers_are_made_unique_and_said() -> None:
    intake = taken("Order ID, Amount ,,note,NOTE\na,1,x,y,z\n")
    assert list(frame(intake)) == ["order_id", "amount", "column_3", "note", "NOTE_2"]
    assert [note for note in intake.report.notes if "twice" in note or "no name" in note] == [
        "Column 3 has no name: called column_3.",
        "The header names 'NOTE' twice: the second is called NOTE_2.",
    ]


def test_5_no_header_is_asked_about_and_either_answer_works() -> None:
    text = "o1,2026-03-14,12.50\no2,2026-03-15,13.50\n"
    assert findings(taken(text))["no_header"].choices == ("0", "1")
    without = taken(text, header_row=0, roles={"amount": "column_3"})
    assert frame(without)["amount"].tolist() == [12.5, 13.5]
    assert taken(text, header_row=1, roles={"amount": "12.50"}).report.accepted == 1


def test_6_nul_bytes_are_named() -> None:
    intake = taken(b"order_id,amount\na,1\nb\x00,2\nc,3\n")
    assert (rows_of(intake, "a_NUL_byte")[0][0], frame(intake)["order_id"].tolist()) == (3, ["a", "c"])


def test_6_line_ends_of_every_kind() -> None:
    for end in ("\n", "\r\n", "\r"):
        assert frame(taken(GOOD.replace("\n", end)))["amount"].tolist() == [1.5, 2.5, 3.5, 4.5, 5.5]
    mixed = 'order_id,amount,note\r\na,1,x\nb,2,"two\nlines"\r\nc,3,z\n'
    assert frame(taken(mixed))["note"].tolist() == ["x", "two\nlines", "z"]


def test_7_too_many_and_too_few_fields_are_named_by_row() -> None:
    intake = taken("order_id,amount,x\na,1,1\nb,2\nc,3,3,3\nd,4,4\n")
    assert frame(intake)["order_id"].tolist() == ["a", "d"]
    assert rows_of(intake, "too_few_fields") == [(3, "b,2")]
    assert rows_of(intake, "too_many_fields") == [(4, "c,3,3,3")]


def test_8_money_as_people_write_it() -> None:
    american = taken('id,amount\na,"$1,234.50"\nb,(12.00)\nc,$5\n', duplicates="first")
    assert american.reading.numbers == "1,234.50"
    assert rows_of(american, "negative_amount") == [(3, "(12.00)")]
    assert frame(american)["amount"].tolist() == [1234.5, 5.0]
    assert frame(taken("id;amount\na;1.234,50 €\nb;7,5\n"))["amount"].tolist() == [1234.5, 7.5]


def test_8_one_currency_string_in_the_last_row_is_named() -> None:
    text = "amount\n" + "1.25\n" * 20_000 + "USD 7\n"
    intake = taken(text, numbers="1234.50")
    assert (intake.report.accepted + intake.report.rejected, intake.report.rows) == (20_001, 20_001)
    if intake.report.rejected:
        assert rows_of(intake, "bad_amount") == [(20_002, "USD 7")]


@pytest.mark.parametrize(
    ("values", "scale"), [(["87%", "3%", "0.5%"], 1), (["87", "3", "99"], 100), (["870", "30", "990"], 1000)]
)
def test_9_scores_of_another_scale_are_rescaled_visibly(values: list[str], scale: int) -> None:
    intake = taken("amount,score\n" + "".join(f"1,{value}\n" for value in values))
    assert intake.reading.score_scale == scale
    assert frame(intake)["score"].iloc[:2].tolist() == [0.87, 0.03]


@pytest.mark.parametrize("value", ["1.0000001", "-0.1", "nan", "inf", "high"])
def test_9_scores_out_of_range_are_named(value: str) -> None:
    intake = taken(f"amount,score\n1,0.5\n2,{value}\n3,0.25\n", score_scale=1)
    assert frame(intake)["amount"].tolist() == [1, 3]
    named = [row for finding in intake.report.findings for row in finding.rows]
    assert [(row["row"], row["value"]) for row in named] == [(3, value)]


def test_10_ambiguous_dates_are_asked_about_and_both_answers_read() -> None:
    text = "amount,ordered_at\n1,03/04/2026\n2,05/04/2026\n"
    asked = findings(taken(text))["ambiguous_dates"]
    assert set(asked.choices) == {"%d/%m/%Y", "%m/%d/%Y"}
    months = [
        frame(taken(text, times={"ordered_at": style}))["ordered_at"].dt.month.tolist() for style in asked.choices
    ]
    assert sorted(months) == [[3, 5], [4, 4]]


def test_10_a_day_above_twelve_settles_it() -> None:
    intake = taken("amount,ordered_at\n1,03/04/2026\n2,25/04/2026\n")
    assert intake.reading.times == {"ordered_at": "%d/%m/%Y"}


def test_10_times_epochs_zones_and_impossible_ones() -> None:
    epoch = frame(taken("amount,created_at\n1,1772359200\n2,1772359260\n"))
    assert epoch["ordered_at"].astype(str).tolist() == ["2026-03-01 10:00:00", "2026-03-01 10:01:00"]
    zone = frame(taken("amount,ordered_at\n1,2026-03-01T10:00:00+02:00\n2,2026-03-01 09:00:00Z\n"))
    assert zone["ordered_at"].astype(str).tolist() == ["2026-03-01 08:00:00", "2026-03-01 09:00:00"]
    bad = taken("amount,ordered_at\n1,2026-03-01\n2,2026-02-30\n3,2026-13-01\n4,2026-03-02\n")
    assert rows_of(bad, "bad_time") == [(3, "2026-02-30"), (4, "2026-13-01")]
    two = taken("amount,ordered_at\n" + "1,2026-03-01\n" * 200 + "2,03/25/2026\n")
    assert rows_of(two, "bad_time") == [(202, "03/25/2026")]


def test_10_the_future_is_worth_knowing_and_loses_nothing() -> None:
    intake = taken("amount,ordered_at\n1,2026-05-01\n2,2027-01-01\n")
    assert (findings(intake)["future_time"].severity, intake.report.accepted) == ("worth knowing", 2)


@pytest.mark.parametrize("value", ["NaN", "inf", "-inf", "-5", "1e308", "1e309", "", "1_000", "Infinity"])
def test_11_no_such_amount_is_ever_summed(value: str) -> None:
    intake = taken(f"order_id,amount\na,1\nb,{value}\nc,2\n")
    assert frame(intake)["amount"].sum() == 3
    assert rejected(intake)["order_id"].tolist() == ["b"]


@pytest.mark.parametrize(
    ("fraud", "legit"),
    [("Y", "N"), ("true", "false"), ("fraud", "legit"), ("Yes", "no"), ("1", "0"), ("1.0", "0.0"), ("F", "L")],
)
def test_12_outcomes_in_words(fraud: str, legit: str) -> None:
    choices = {"labels": {"f": 1, "l": 0}} if fraud == "F" else {}
    intake = taken(f"amount,is_fraud\n1,{fraud}\n2,{legit}\n3,\n", **choices)
    assert frame(intake)["is_fraud"].fillna(-1).tolist() == [1, 0, -1]


def test_12_a_third_outcome_is_refused_by_row() -> None:
    intake = taken("amount,is_fraud\n1,0\n2,1\n3,2\n4,0\n")
    assert rows_of(intake, "bad_label") == [(4, "2")]


def test_12_words_nobody_knows_are_asked_about() -> None:
    asked = findings(taken("amount,is_fraud\n1,rouge\n2,vert\n"))["unknown_labels"]
    assert set(asked.choices) == {"rouge", "vert"}


@pytest.mark.parametrize(
    ("labels", "code"),
    [("00000", "no_fraud"), ("11111", "only_fraud"), ("     ", "no_outcomes"), ("01000", "few_frauds")],
)
def test_12_what_outcomes_of_one_kind_cannot_answer_is_said(labels: str, code: str) -> None:
    text = "order_id,amount,is_fraud\n" + "".join(f"o{n},{n + 1},{label.strip()}\n" for n, label in enumerate(labels))
    assert code in findings(taken(text))


def test_13_ids_stay_the_text_they_are() -> None:
    ids = ["00123", "NA", "null", "1234567890123456789", "1e5", "12345678901234567890", "None", "-", "#N/A"]
    intake = taken("order_id,amount\n" + "".join(f"{name},1\n" for name in ids))
    assert frame(intake)["order_id"].tolist() == ids


def test_14_repeated_rows_and_ids_are_counted_and_the_user_decides() -> None:
    text = "order_id,amount\na,1\nb,2\na,3\nb,2\n"
    first = taken(text)
    assert rows_of(first, "repeated_id") == [(4, "a"), (5, "b")]
    assert findings(first)["repeated_rows"].count == 1
    assert frame(first)["amount"].tolist() == [1, 2]
    assert frame(taken(text, duplicates="last"))["amount"].tolist() == [3, 2]
    assert frame(taken(text, duplicates="all"))["amount"].tolist() == [1, 2, 3, 2]


def test_15_a_text_after_99_999_numbers_is_named() -> None:
    rows = [f"{row},{row % 7}" for row in range(1, 100_000)]
    intake = taken("amount,velocity\n" + "\n".join([*rows, "5,often"]) + "\n")
    assert rows_of(intake, "odd_values") == [(100_001, "often")]
    velocity = frame(intake)["velocity"]
    assert (velocity.dtype, int(velocity.isna().sum())) == (np.float64, 1)


def test_16_titles_above_and_totals_below_are_no_orders() -> None:
    text = "Orders of March\nShop 7\n\norder_id,amount,country\na,1,US\nb,2,DE\nTotal,3,\n"
    intake = taken(text)
    assert frame(intake)["order_id"].tolist() == ["a", "b"]
    assert any(note.startswith("Skipped 3 lines above") for note in intake.report.notes)
    assert findings(intake)["totals_line"].severity == "worth knowing"
    assert rejected(intake)["cutline row"].tolist() == ["7"]


def test_17_files_with_hardly_anything_in_them() -> None:
    for text, words in (("", "is empty"), ("order_id,amount\n", "a header and no orders")):
        with pytest.raises(OrdersError, match=words):
            taken(text)
    assert {"one_order", "no_outcomes"} <= set(findings(taken("amount,score\n1,0.5\n")))
    assert frame(taken("amount\n3\n4\n"))["order_id"].tolist() == ["2", "3"]
    with pytest.raises(OrdersError, match=r"has 10,000 columns; at most 1,000"):
        taken(",".join(f"c{n}" for n in range(10_000)) + "\n" + ",".join("1" * 10_000) + "\n")


def test_18_a_line_without_end_is_refused() -> None:
    for text in (b"amount,note\n1," + b"x" * 5_000_000 + b"\n", b"amount\n" + b"1" * 5_000_000):
        with pytest.raises(OrdersError, match="line"):
            taken(text)


def test_19_a_file_is_what_its_bytes_say() -> None:
    table = io.BytesIO()
    pq.write_table(pa.table({"amount": [1.5, 2.5]}), table)
    assert frame(taken(table.getvalue()))["amount"].tolist() == [1.5, 2.5]
    assert frame(taken(workbook(S=[["amount"], [1.5]])))["amount"].tolist() == [1.5]
    for content, words in (
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "PNG picture"),
        (b"<!DOCTYPE html><html><body>502</body></html>", "web page"),
        (b'[{"amount": 1}]', "JSON"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
    ):
        with pytest.raises(OrdersError, match=words):
            taken(content)


def test_20_packed_files() -> None:
    packed = gzip.compress(GOOD.encode())
    assert taken(packed, name="orders.csv.gz").report.accepted == 5
    assert taken(zipped(orders__csv=GOOD), name="orders.zip").report.accepted == 5
    with pytest.raises(OrdersError, match="cut short"):
        taken(gzip.compress(GOOD.encode() * 99)[:-30], name="orders.csv.gz")
    with pytest.raises(ChoiceNeeded, match="holds 2 tables") as asked:
        taken(zipped(a__csv=GOOD, b__csv=GOOD), name="two.zip")
    assert asked.value.choices == ("a.csv", "b.csv")
    assert taken(zipped(a__csv=GOOD, b__csv=GOOD), name="two.zip", part="b.csv").report.accepted == 5
    with pytest.raises(OrdersError, match="packed twice"):
        taken(gzip.compress(packed), name="orders.csv.gz.gz")


def test_20_names_that_climb_out_of_a_zip_name_nothing() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("../../etc/orders.csv", GOOD)
    assert taken(out.getvalue(), name="orders.zip").report.accepted == 5


def test_20_a_password_is_named() -> None:
    content = bytearray(zipped(orders__csv=GOOD))
    for place in (content.find(b"PK\x03\x04") + 6, content.find(b"PK\x01\x02") + 8):
        content[place] |= 1
    with pytest.raises(OrdersError, match="password"):
        taken(bytes(content), name="orders.zip")


def test_20_bombs_are_stopped_before_they_go_off() -> None:
    bomb = gzip.compress(b"0" * 400_000_000, 9)
    with pytest.raises(OrdersError, match="200 times its size"):
        taken(bomb, name="orders.csv.gz")
    with pytest.raises(OrdersError, match="200 times its size"):
        taken(zipped(orders__csv=b"0" * 400_000_000), name="orders.zip")


def test_21_workbooks() -> None:
    rows: list[list[object]] = [["order_id", "ordered_at", "amount"], ["00123", pd.Timestamp("2026-03-01 10:00"), 1.5]]
    one = frame(taken(workbook(Orders=rows), name="orders.xlsx"))
    assert one["order_id"].tolist() == ["00123"]
    assert one["ordered_at"].astype(str).tolist() == ["2026-03-01 10:00:00"]
    with pytest.raises(ChoiceNeeded, match="has the sheets Orders, Notes"):
        taken(workbook(Orders=rows, Notes=[["x"]]), name="orders.xlsx")
    assert taken(workbook(Orders=rows, Notes=[["x"]]), name="orders.xlsx", part="Orders").report.accepted == 1


def test_21_formulas_give_values_and_entities_are_not_expanded() -> None:
    content = workbook(S=[["amount", "note"], [1, "x"], [2, "y"]])
    source, out = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                declared = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
                data = data.replace(b"<worksheet", declared + b"<worksheet", 1).replace(b">1</v>", b">&e;</v>", 1)
            target.writestr(entry.filename, data)
    try:
        text = frame(taken(out.getvalue(), name="orders.xlsx")).to_csv()
    except OrdersError as fault:
        text = str(fault)
    assert "root:" not in text


def test_22_parquet() -> None:
    def written(table: pa.Table) -> bytes:
        out = io.BytesIO()
        pq.write_table(table, out)
        return out.getvalue()

    plain = written(pa.table({"amount": [1.5, 2.5]}))
    with pytest.raises(OrdersError, match="cannot be read as Parquet"):
        taken(plain[:-20], name="orders.parquet")
    decimals = pa.array(["1.25", "2.50", "2.50"]).cast(pa.decimal128(9, 2))
    rich = pa.table({
        "amount": decimals, "country": pa.array(["US", "DE", "US"]).dictionary_encode(),
        "items": pa.array([[1], [2], []]),
    })  # fmt: skip
    intake = taken(written(rich), name="orders.parquet")
    assert frame(intake)["amount"].tolist() == [1.25, 2.5, 2.5]
    assert frame(intake)["country"].tolist() == ["US", "DE", "US"]
    assert any("items is left out" in note for note in intake.report.notes)


@pytest.mark.parametrize("value", ["=cmd|' /C calc'!A0", "+1", "-1", "@x", "\tx", "'=1", "''-2", "'quoted'"])
def test_23_formulas_are_text_and_the_rejected_file_reads_back_equal(value: str) -> None:
    quoted = '"' + value.replace('"', '""') + '"'
    intake = taken(f"order_id,amount,note\na,-1,{quoted}\nb,1,x\n")
    written = rejected(intake)
    assert written["note"].str.match(r"^[=+\-@\t]").sum() == 0
    with intake.rejected.open() as file:  # type: ignore[union-attr]
        again = taken(file.read())
    assert rejected(again)["note"].tolist() == written["note"].tolist()
    assert list(rejected(again)) == list(written)  # the columns we added once are not added to
    with intake.rejected.open() as file:  # type: ignore[union-attr]
        mended = taken(file.read().replace(b"-1", b"1", 1) if value != "-1" else file.read().replace(b",-1,", b",1,"))
    if mended.report.accepted:
        assert frame(mended)["note"].tolist() == [value]


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "[x](http://x)", "$x$", "‮abc", "🙂", "a" + "\u0301" * 10_000]
)
def test_24_text_that_would_like_to_be_more_stays_text(text: str) -> None:
    intake = taken(f'order_id,amount,"{text}"\na,1,"{text}"\n', name=f"{text[:20]}.csv")
    assert frame(intake).iloc[0].tolist()[-1] == text


@pytest.mark.parametrize(
    "header", ['"; DROP TABLE x; --', 'a"b', "select", "h" * 300, "__proto__", "constructor", "{text}"]
)
def test_25_any_header_works_as_a_name(header: str) -> None:
    quoted = '"' + header.replace('"', '""') + '"'
    intake = taken(f"order_id,amount,{quoted}\na,1,x\nb,2,y\n")
    assert frame(intake)[header].tolist() == ["x", "y"]
    assert frame(taken(f"{quoted},x\n1,2\n3,4\n", roles={"amount": header}))["amount"].tolist() == [1, 3]


def test_26_columns_that_cannot_help_are_named() -> None:
    random = np.random.default_rng(1)
    fraud = (random.random(2000) < 0.1).astype(int)
    table = pd.DataFrame({
        "amount": random.random(2000).round(3), "is_fraud": fraud, "chargeback_seen": fraud * 3 + 1, "shop": "x",
        "nothing": "", "velocity": random.random(2000).round(4), "refund": np.where(fraud, "yes", "no"),
    })  # fmt: skip
    found = findings(taken(table.to_csv(index=False)))
    leaks = [finding.column for finding in taken(table.to_csv(index=False)).report.findings if "leak" in finding.code]
    assert sorted(leaks) == ["chargeback_seen", "refund"]
    assert "shop" in found["constant_columns"].title
    assert "nothing" in found["empty_columns"].title


def test_several_files_of_one_shape_are_one_table_in_time_order() -> None:
    one = "order_id,ordered_at,amount\na,2026-03-02,1\nb,2026-03-04,-2\n"
    two = "amount,order_id,ordered_at\n3,c,2026-03-01\nx,d,2026-03-03\n"
    intake = taken(one, two)
    assert frame(intake)["order_id"].tolist() == ["c", "a"]
    assert rejected(intake)[["cutline file", "cutline row"]].to_numpy().tolist() == [
        ["0_orders.csv", "3"],
        ["1_orders.csv", "3"],
    ]
    with pytest.raises(OrdersError, match="has not the columns of"):
        taken(one, "amount\n1\n")


def test_columns_are_bound_by_name_never_by_place() -> None:
    """Swapped headers in a second file swap nothing."""
    intake = taken("order_id,amount,score\na,5,0.5\n", "order_id,score,amount\nb,0.25,7\n")
    assert frame(intake)[["amount", "score"]].to_numpy().tolist() == [[5, 0.5], [7, 0.25]]


def test_a_file_full_of_open_quotes_is_refused_in_good_time() -> None:
    with pytest.raises(OrdersError, match="never closed"):
        taken("amount,note\n" + '1,"x\n' * 15_000)


def test_noise_is_no_text() -> None:
    with pytest.raises(OrdersError, match="is no text"):
        taken(np.random.default_rng(1).bytes(200_000))
