"""Out of .gz and .zip, within bounds: a bomb is stopped before it goes off."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from core.errors import ChoiceNeeded, OrdersError
from core.limits import MAX_FILES, MAX_RATIO, MAX_UNPACKED_BYTES, megabytes
from core.reading.decoding.memory_file import MemoryFile

_CHUNK = 1 << 20
_LOOK_FROM = 64_000_000
_ENCRYPTED = 0x1
_TABLES = re.compile(r"\.(csv|tsv|tab|txt|parquet|gz|xlsx|xlsm)$", re.IGNORECASE)


def unpack_gzip(path: str, name: str, packed: int) -> MemoryFile:
    """What a .gz holds, all its members; OrdersError where it is cut short, damaged or out of bounds."""
    with open(path, "rb") as source:  # noqa: PTH123
        return _kept(_inflated(source, name), name, packed)


def is_workbook(path: str, name: str) -> bool:
    """True for .xlsx and .xlsm; OrdersError where the zip cannot be read."""
    return "xl/workbook.xml" in {entry.filename for entry in _entries(path, name)}


def unpack_zip(path: str, name: str, part: str | None) -> tuple[MemoryFile, str]:
    """The one table in a zip, or the one called part, and its name; OrdersError lists them where there is a choice."""
    entries = [entry for entry in _entries(path, name) if not entry.is_dir() and not _is_litter(entry.filename)]
    tables = [entry for entry in entries if _TABLES.search(entry.filename)]
    chosen = [entry for entry in tables if part in (None, entry.filename)]
    names = ", ".join(_bare(entry.filename) for entry in entries[:10])
    if not tables:
        raise OrdersError(
            f"{name} holds no table ({names or 'nothing'}). Expected one CSV, TSV, Parquet or .xlsx file."
        )
    if len(chosen) != 1:
        raise ChoiceNeeded(
            f"{name} holds {len(tables)} tables: {', '.join(_bare(e.filename) for e in tables[:10])}. "
            "Choose one (--part FILE), or load the files themselves, several at once.",
            [entry.filename for entry in tables],
        )
    entry = chosen[0]
    if entry.flag_bits & _ENCRYPTED:
        raise OrdersError(f"{name} is protected by a password. Unpack it and load {_bare(entry.filename)}.")
    _check_ratio(entry.file_size, entry.compress_size, name)
    try:
        with zipfile.ZipFile(path) as archive, archive.open(entry) as source:
            return _kept(iter(lambda: source.read(_CHUNK), b""), name, entry.compress_size), _bare(entry.filename)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error) as fault:
        raise OrdersError(f"{name} is damaged: {fault}. Pack it again and load it.") from fault


def _entries(path: str, name: str) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError) as fault:
        raise OrdersError(f"{name} is a damaged zip or workbook: {fault}. Save it again and load it.") from fault
    if len(entries) > 1000 or sum(not entry.is_dir() for entry in entries) > 20 * MAX_FILES:
        raise OrdersError(
            f"{name} holds {len(entries):,} files; at most {MAX_FILES} are read. Load them by themselves."
        )
    _check_ratio(sum(entry.file_size for entry in entries), sum(entry.compress_size for entry in entries), name)
    return entries


def _inflated(source: BinaryIO, name: str) -> Iterator[bytes]:
    engine = zlib.decompressobj(wbits=31)
    data = source.read(_CHUNK)
    try:
        while data:
            yield engine.decompress(data, _CHUNK * 16)
            data = engine.unconsumed_tail
            if engine.eof:  # another member may follow
                data = engine.unused_data.lstrip(b"\0") or source.read(_CHUNK).lstrip(b"\0")
                engine = zlib.decompressobj(wbits=31) if data else engine
            elif not data:
                data = source.read(_CHUNK)
    except zlib.error as fault:
        raise OrdersError(f"{name} is damaged: {fault}. Pack it again and load it.") from fault
    if not engine.eof:
        raise OrdersError(f"{name} is cut short: the packed data end in the middle. Send or pack it again.")


def _kept(chunks: Iterator[bytes], name: str, packed: int) -> MemoryFile:
    kept, total = MemoryFile(), 0
    with kept.open("wb") as out:
        for chunk in chunks:
            total += len(chunk)
            _check_ratio(total, packed, name)
            out.write(chunk)
    return kept


def _check_ratio(unpacked: int, packed: int, name: str) -> None:
    if unpacked > MAX_UNPACKED_BYTES:
        raise OrdersError(
            f"{name} unpacks to more than {megabytes(MAX_UNPACKED_BYTES)}. Load it in parts, or as Parquet."
        )
    if unpacked > _LOOK_FROM and unpacked > MAX_RATIO * max(packed, 1):
        raise OrdersError(
            f"{name} unpacks to more than {MAX_RATIO} times its size, as no order file does. "
            "If it is one, unpack it and load that."
        )


def _is_litter(filename: str) -> bool:
    return filename.startswith("__MACOSX/") or Path(filename).name.startswith(".")


def _bare(filename: str) -> str:
    return filename.replace("\\", "/").split("/")[-1][:100]
