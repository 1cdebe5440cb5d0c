"""What a file is, by its first bytes: a name proves nothing."""

from core.errors import OrdersError

PARQUET, ZIP, GZIP, TEXT = "parquet", "zip", "gzip", "text"

_OTHERS: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89PNG", "a PNG picture", "Export the orders as CSV."),
    (b"\xff\xd8\xff", "a JPEG picture", "Export the orders as CSV."),
    (b"GIF8", "a GIF picture", "Export the orders as CSV."),
    (b"%PDF", "a PDF document", "Export the orders as CSV."),
    (b"BZh", "packed with bzip2", "Unpack it, or pack it as .gz."),
    (b"\xfd7zXZ", "packed with xz", "Unpack it, or pack it as .gz."),
    (b"\x28\xb5\x2f\xfd", "packed with zstd", "Unpack it, or pack it as .gz."),
    (b"7z\xbc\xaf", "a 7-Zip archive", "Unpack it, or pack it as .zip."),
    (b"Rar!", "a RAR archive", "Unpack it, or pack it as .zip."),
    (b"SQLite format 3", "a SQLite database", "Export the table of orders as CSV."),
    (b"ARROW1", "an Arrow file", "Save it as Parquet."),
    (b"Obj\x01", "an Avro file", "Save it as Parquet."),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def kind_of(head: bytes, name: str) -> str:
    """PARQUET, ZIP (a workbook is one too), GZIP or TEXT; OrdersError says what else it is and what to do.

    head: the first 4,096 bytes or more.

    >>> kind_of(b"order_id,amount", "orders.csv")
    'text'
    """
    if not head:
        raise OrdersError(f"{name} is empty. Expected a header row, then one row an order.")
    for magic, what, remedy in _OTHERS:
        if head.startswith(magic):
            raise OrdersError(f"{name} is {what}, not a table of orders. {remedy}")
    if head.startswith(_OLE):
        locked = "EncryptedPackage".encode("utf-16-le") in head
        what = "protected by a password" if locked else "a workbook of Excel 97–2003"
        remedy = "Remove the password" if locked else "Save it as .xlsx or CSV"
        raise OrdersError(f"{name} is {what}. {remedy} and load it again.")
    if head.startswith(b"PAR1"):
        return PARQUET
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return ZIP
    if head.startswith(b"\x1f\x8b"):
        return GZIP
    _refuse_markup(head, name)
    return TEXT


def _refuse_markup(head: bytes, name: str) -> None:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:200].lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<svg")):
        raise OrdersError(f"{name} is a web page or XML, not a table of orders. Export the orders as CSV.")
    if start.startswith((b'{"', b"[{", b"{\n", b"{\r")) or start.replace(b" ", b"").startswith((b"[{", b"[\n{")):
        raise OrdersError(f"{name} is JSON. Save the orders as CSV or Parquet and load that.")
