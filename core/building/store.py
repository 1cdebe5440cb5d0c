"""Built data sets on disk: a folder of Parquet and JSON with a manifest; no half-written one is ever read."""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from core.building.recipe import recipe_digest
from core.columns import DAY, SESSIONS
from core.errors import StoreError
from core.scoring import feature_rows
from core.scoring import rules as prefilter
from core.scoring.model import Model, model_from_texts, model_texts

FORMAT = 2
BUILT = Path("data/built")
SAMPLE = "sample"
ORDERS_FILE = "orders.parquet"
FEATURES_FILE = "features.parquet"
_MANIFEST = "manifest.json"
_MODEL = ("model.txt", "model.json")


@dataclass(frozen=True)
class DataSet:
    """Scored orders and what is known of them.

    orders: the order table with score (missing = never scored) and cleared_by (name of the pre-filter rule, or "").
    features: aligned with orders; None where the scores came with the file. sessions: visits indexed by day.
    tables: measured results as tidy tables (evaluation, reliability, rules, drift). notes: plain sentences.
    kept: "99,812 of 100,000 rows" where rows of the file were rejected, else "".
    """

    name: str
    orders: pd.DataFrame
    features: pd.DataFrame | None
    model: Model | None
    sessions: pd.Series | None
    tables: Mapping[str, pd.DataFrame]
    notes: tuple[str, ...]
    kept: str = ""


def folder_of(orders: str) -> Path:
    """Where the data set of `sample`, of a file or of a folder named outright is built."""
    path = Path(orders)
    return path if path.is_dir() else BUILT / path.name.split(".")[0]


def save_data_set(folder: Path, data: DataSet) -> None:
    """Write the folder whole or not at all: beside it first, flushed, then renamed into its place.

    StoreError where the disk does not take it; what was there before then stays.
    """
    for left in folder.parent.glob(f".{folder.name}.*"):  # of a save that was killed
        shutil.rmtree(left, ignore_errors=True)
    beside = folder.with_name(f".{folder.name}.{os.getpid()}")
    try:
        beside.mkdir(parents=True)
        _write_files(beside, data)
        replaced = folder.with_name(f".{folder.name}.{os.getpid()}.old")
        if folder.exists():
            folder.rename(replaced)
        beside.rename(folder)
        shutil.rmtree(replaced, ignore_errors=True)
    except OSError as fault:
        raise StoreError(
            f"{folder} cannot be written: {fault.strerror}. Free some space, or choose another --out."
        ) from fault
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def load_data_set(folder: Path) -> DataSet:
    """The data set of a folder, every file checked against the manifest; StoreError says what is wrong."""
    manifest = read_manifest(folder)
    for name, digest in manifest["files"].items():
        if not (folder / name).is_file() or _digest(folder / name) != digest:
            raise StoreError(f"{folder / name} is missing or damaged. Build the data set again.")
    features = folder / FEATURES_FILE
    texts = [(folder / name).read_text() for name in _MODEL if name in manifest["files"]]
    return DataSet(
        name=manifest["name"],
        orders=pd.read_parquet(folder / ORDERS_FILE),
        features=pd.read_parquet(features) if features.name in manifest["files"] else None,
        model=model_from_texts(*texts) if texts else None,
        sessions=manifest_sessions(manifest),
        tables={name: _table(table) for name, table in manifest["tables"].items()},
        notes=tuple(manifest["notes"]),
        kept=manifest.get("kept", ""),
    )


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a built data set; StoreError where there is none, or it was made by another version.

    Another version is another format, or, where a model of ours scored the orders, other features or rules.
    """
    path = folder / _MANIFEST
    if not path.is_file():
        raise StoreError(f"{folder} is not a built data set. Make one: python -m core build ORDERS --out {folder}.")
    try:
        manifest: dict[str, Any] = json.loads(path.read_text())
        version, has_model = manifest["format"], _MODEL[0] in manifest["files"]
    except (ValueError, KeyError, TypeError) as fault:
        raise StoreError(f"{path} is damaged. Build the data set again.") from fault
    if version != FORMAT:
        raise StoreError(
            f"{folder} was built by another version (format {version}, here {FORMAT}). {_build_again(folder)}"
        )
    if manifest.get("recipe") != _recipe(has_model):
        raise StoreError(
            f"{folder} was built with other features or pre-filter rules than this version has. {_build_again(folder)}"
        )
    return manifest


def _recipe(has_model: bool) -> str | None:
    """Scores that came with the file owe nothing to our features and rules."""
    return recipe_digest(feature_rows.FEATURES, prefilter.RULES) if has_model else None


def _build_again(folder: Path) -> str:
    """The remedy, as a command."""
    if folder.resolve() == (BUILT / SAMPLE).resolve():
        return "Build it again: make sample, or python -m core build sample."
    return f"Build it again: python -m core build ORDERS --out {folder}."


def manifest_digest(folder: Path) -> str:
    """What changes whenever the data set is built anew: the SHA-256 of its manifest, which holds all the others."""
    read_manifest(folder)
    return _digest(folder / _MANIFEST)


def manifest_sessions(manifest: Mapping[str, Any]) -> "pd.Series[float] | None":
    """Visits indexed by day, None where the data set has none."""
    return None if manifest["sessions"] is None else sessions_series(pd.DataFrame(manifest["sessions"]))


def sessions_series(table: pd.DataFrame) -> "pd.Series[float]":
    """Visits indexed by day, from a table with columns day and sessions."""
    return pd.Series(table[SESSIONS].to_numpy(float), index=pd.DatetimeIndex(table[DAY]), name=SESSIONS)


def _write_files(folder: Path, data: DataSet) -> None:
    data.orders.to_parquet(folder / ORDERS_FILE, compression="zstd")
    if data.features is not None:
        data.features.to_parquet(folder / FEATURES_FILE, compression="zstd")
    if data.model is not None:
        for name, text in zip(_MODEL, model_texts(data.model), strict=True):
            (folder / name).write_text(text)
    manifest = {
        "format": FORMAT,
        "recipe": _recipe(data.model is not None),
        "name": data.name,
        "files": {path.name: _digest(path) for path in sorted(folder.iterdir())},
        "sessions": None if data.sessions is None else _sessions_table(data.sessions),
        "tables": {
            name: json.loads(table.to_json(orient="records", date_format="iso")) for name, table in data.tables.items()
        },
        "notes": list(data.notes),
        "kept": data.kept,
    }
    (folder / _MANIFEST).write_text(json.dumps(manifest, indent=1))
    for path in folder.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())


def _table(records: list[dict[str, Any]]) -> pd.DataFrame:
    table = pd.DataFrame(records)
    return table.assign(**{DAY: pd.to_datetime(table[DAY])}) if DAY in table else table


def _sessions_table(sessions: "pd.Series[float]") -> dict[str, list[Any]]:
    days = pd.DatetimeIndex(sessions.index).strftime("%Y-%m-%d")
    return {DAY: list(days), SESSIONS: sessions.tolist()}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
