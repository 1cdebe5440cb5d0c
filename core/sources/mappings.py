"""Mappings a user chose to save: offered again for a file with the same header."""

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path

from core.errors import OrdersError
from core.reading.reading import Reading, as_json, from_json

SAVED = Path("data/mappings")


def mapping_path(header: Sequence[str], folder: Path = SAVED) -> Path:
    """Where the mapping of files with these columns is kept; their order does not matter."""
    told = json.dumps(sorted(header)).encode()
    return folder / f"{hashlib.sha256(told).hexdigest()[:24]}.json"


def save_mapping(header: Sequence[str], reading: Reading, folder: Path = SAVED) -> Path:
    """Keep it, whole or not at all; OrdersError where the folder cannot be written."""
    path = mapping_path(header, folder)
    beside = path.with_suffix(f".{os.getpid()}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with beside.open("w", encoding="utf-8") as file:
            file.write(mapping_text(reading))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as fault:
        raise OrdersError(f"The mapping cannot be saved in {folder}: {fault.strerror}. Download it instead.") from fault
    return path


def saved_mapping(header: Sequence[str], folder: Path = SAVED) -> Reading | None:
    """The mapping kept for these columns; None where there is none, or one that can no longer be read."""
    path = mapping_path(header, folder)
    if not path.is_file():
        return None
    try:
        return mapping_from(path.read_text(encoding="utf-8"))
    except OrdersError:
        return None


def mapping_text(reading: Reading) -> str:
    """A reading as JSON: `--mapping FILE.json`."""
    return json.dumps(as_json(reading), indent=1)


def mapping_from(text: str) -> Reading:
    """The reading that `mapping_text` wrote; OrdersError says what is wrong with another text."""
    try:
        return from_json(json.loads(text))
    except ValueError as fault:
        raise OrdersError(f"The mapping cannot be read as JSON: {fault}. Save it again.") from fault
