"""What a command works on: a file of orders, a built data set, a model, cubes."""

from argparse import Namespace
from collections.abc import Callable
from functools import partial
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.building import pipeline
from core.building.store import ORDERS_FILE, SAMPLE, DataSet, folder_of, load_data_set, manifest_sessions, read_manifest
from core.columns import SCORE
from core.command_line.messages import say
from core.command_line.options import reading_in
from core.errors import OrdersError, StoreError
from core.pricing.cube import Cube, build_cube
from core.pricing.cube_sql import build_cube_sql
from core.scoring.model import Model
from core.sources.orders import load_and_say
from core.sql import sql_text


def load_file(args: Namespace, path: Path) -> tuple[pd.DataFrame, str]:
    """The orders of a file as the options say to read it, and "2 of 5 rows" where rows were skipped, else ""."""
    return load_and_say(path, reading_in(args), skip_bad_rows=args.skip_bad_rows, now=args.now, warn=say)


def model_of(folder: Path) -> Model:
    """The model of a built data set; StoreError where its scores came with the file."""
    model = load_data_set(folder).model
    if model is None:
        raise StoreError(f"{folder} holds no model: its scores came with the file. Choose another with --model.")
    return model


def cubes_of(args: Namespace) -> Callable[..., Cube]:
    """What makes cubes of the orders, on given thresholds (decreasing) or on the steps `choose_thresholds` gives.

    From a built data set by DuckDB, straight from its Parquet file; from a scored file, read once, in memory.
    """
    path = folder_of(args.orders) if args.orders == SAMPLE else Path(args.orders)
    if path.is_dir() or args.orders == SAMPLE:
        return partial(_built_cube, path)
    orders, _ = load_file(args, path)
    if SCORE not in orders:
        raise OrdersError(_no_scores(path))
    return lambda thresholds=None: build_cube(orders, thresholds=thresholds)


def scored(args: Namespace) -> DataSet:
    """A built data set, or a file with scores of its own."""
    path = folder_of(args.orders) if args.orders == SAMPLE else Path(args.orders)
    if path.is_dir() or args.orders == SAMPLE:
        return load_data_set(path)
    orders, _ = load_file(args, path)
    if SCORE not in orders:
        raise OrdersError(_no_scores(path))
    return pipeline.keep_scores(orders)


def _no_scores(path: Path) -> str:
    return (
        f"{path.name} has no score column. Map one (--map score=COLUMN), or let a model score the orders: "
        f"python -m core build {path} --out FOLDER, then give FOLDER here."
    )


def _built_cube(folder: Path, thresholds: "NDArray[np.float64] | None" = None) -> Cube:
    sessions = manifest_sessions(read_manifest(folder))
    with duckdb.connect() as connection:
        source = f"read_parquet({sql_text(str(folder / ORDERS_FILE))})"
        return build_cube_sql(connection, source, thresholds=thresholds, sessions=sessions)
