"""What each command does: arguments in, a plain answer out. Progress goes to standard error."""

import json
import shutil
import sys
import tomllib
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from core.assumptions import Assumptions, assumptions_from
from core.building import pipeline
from core.building.store import (
    ORDERS_FILE,
    SAMPLE,
    DataSet,
    folder_of,
    load_data_set,
    manifest_sessions,
    read_manifest,
    save_data_set,
)
from core.columns import DAY, ORDER_ID, SCORE, SESSIONS, TIMES
from core.errors import AssumptionsError, OrdersError, PolicyError, StoreError
from core.explaining.explain import explain_data, parts_against, reference_at
from core.explaining.reasons import ReasonWords
from core.policy import treatment
from core.pricing.cube import Cube, build_cube, running_sums, totals_of
from core.pricing.cube_sql import build_cube_sql
from core.pricing.curve import Limits, cheapest_step, price_curve, report_at
from core.pricing.economics import coefficients, price
from core.reading.checks.report import report_as_json
from core.reading.reading import Reading, as_json, from_json
from core.reviewing.decisions import DECISION, as_csv, as_parquet, decide
from core.reviewing.queue import PLACE, SAVING, queue_of, review_queue, with_reasons
from core.scoring.features import build_features
from core.sources.orders import load_and_say, take_in_file
from core.sources.sample import DECISION_MONTH, LABEL_DELAY_DAYS, make_sample
from core.sql import sql_text

_DEFAULT_DELAY_DAYS = 7.0
_OF_FILE = ("numbers", "score_scale", "duplicates", "encoding", "delimiter", "header_row", "part")


def build(args: Namespace) -> dict[str, Any]:
    """Make a data set on disk and say what was measured on it."""
    folder = args.out or folder_of(args.orders)
    if args.if_missing and _is_current(folder):
        _say(f"{folder} is there and of this version.")
        return {"folder": str(folder), "built": False}
    data = _sample(args) if args.orders == SAMPLE else _own_orders(args)
    save_data_set(folder, data)
    _say(f"Built {folder}.")
    return {
        "folder": str(folder),
        "built": True,
        "orders": len(data.orders),
        "scored": int(data.orders[SCORE].notna().sum()),
        **{name: json_table(table) for name, table in data.tables.items()},
        "notes": list(data.notes),
    }


def check(args: Namespace) -> dict[str, Any]:
    """What is wrong with a file of orders, by severity; blocked where it cannot be used yet."""
    args.guess = True
    intake = take_in_file(Path(args.orders), _reading(args), now=args.now)
    if args.save_mapping is not None:
        args.save_mapping.write_text(json.dumps(as_json(intake.reading), indent=1), encoding="utf-8")
        _say(f"Saved the mapping: use it with --mapping {args.save_mapping}.")
    if args.rejected is not None:
        with args.rejected.open("wb") as out:
            if intake.rejected is not None:
                with intake.rejected.open() as rows:
                    shutil.copyfileobj(rows, out)
        _say(f"Wrote {intake.report.rejected:,} rejected rows to {args.rejected}.")
    report = report_as_json(intake.report)
    told = {"file": Path(args.orders).name, "blocked": intake.report.blocked}
    told |= {name: report[name] for name in ("rows", "accepted", "rejected", "labelled", "frauds", "scored")}
    columns = [{"column": c.column, "role": c.role, "reason": c.reason, "samples": c.samples} for c in intake.columns]
    return told | {
        "findings": report["findings"],
        "notes": report["notes"],
        "columns": columns,
        "reading": as_json(intake.reading),
    }


def score(args: Namespace) -> dict[str, Any]:
    """Decide on every order of a file, by its own scores or those of a built model, and write the decisions."""
    orders, _ = _load(args, Path(args.orders))
    notes: list[str] = []
    if SCORE in orders:
        scored = orders
    else:
        model = load_data_set(args.model).model
        if model is None:
            raise StoreError(
                f"{args.model} holds no model: its scores came with the file. Choose another with --model."
            )
        scored, notes = pipeline.score_orders(orders, model)
    prices = _prices(args)
    threshold = _cheapest(scored, prices) if args.at is None else _threshold(args.at)
    decline = _decline_threshold(args.decline_at, threshold)
    table = decide(scored, treatment(scored[SCORE].to_numpy(float), threshold, decline), prices)
    args.out.write_bytes(as_parquet(table) if args.out.suffix == ".parquet" else as_csv(table))
    for note in notes:
        _say(note)
    cleared = int((scored[pipeline.CLEARED_BY] != "").sum()) if pipeline.CLEARED_BY in scored else 0
    return {
        "out": str(args.out),
        "orders": len(table),
        "scored": int(table[SCORE].notna().sum()),
        "cleared": cleared,
        "threshold": threshold,
        "decline_threshold": decline,
        "flagged": int((table[DECISION] != "ship").sum()),
        "declined": int((table[DECISION] == "decline").sum()),
        "notes": notes,
    }


def _cheapest(scored: pd.DataFrame, prices: Assumptions) -> float | None:
    cube = build_cube(scored)
    priced, totals = price_curve(cube, prices), totals_of(cube)
    step = cheapest_step(priced, Limits(), days=totals.days)
    chosen = priced["threshold"].iloc[step]
    return None if pd.isna(chosen) else float(chosen)


def explain(args: Namespace) -> dict[str, Any]:
    """Why the flagged orders, or one order, are where they are: written as CSV or Parquet, one order told in full."""
    data, prices = _explainable(args), _prices(args)
    explained = explain_data(data)
    threshold = _threshold(args.at)
    line = reference_at(explained, threshold)
    assert data.model is not None
    assert data.features is not None
    words = ReasonWords(data.model, data.features, data.orders)
    queue = review_queue(data.orders, threshold, prices)
    if args.order is not None:
        place = _place_of(data.orders, args.order)
        queue = queue_of(data.orders, np.array([place]), prices)
    table = with_reasons(queue, explained, line, words, args.top)
    args.out.write_bytes(as_parquet(table) if args.out.suffix == ".parquet" else as_csv(table))
    told: dict[str, Any] = {"out": str(args.out), "threshold": threshold, "orders": len(table)}
    if args.order is None:
        return told | {"expected_saving_usd": float(table[SAVING].sum())}
    at = explained.at(int(queue[PLACE].iloc[0]))
    parts = parts_against(explained, at, None)
    reasons = parts_against(explained, at, line).head(args.top)
    return told | {
        "order_id": args.order,
        "score": float(queue[SCORE].iloc[0]),
        "log_odds": float(explained.log_odds[at]),
        "base": explained.base,
        "parts": {row["feature"]: row["part"] for row in parts.to_dict("records")},
        "reasons": [
            {"feature": row["feature"], "part": row["part"], "words": words.sentence(row["feature"], row["value"])}
            for row in reasons.to_dict("records")
        ],
    }


def _explainable(args: Namespace) -> DataSet:
    """A built data set, or a file scored by a built model."""
    path = folder_of(args.orders) if args.orders == SAMPLE else Path(args.orders)
    if path.is_dir() or args.orders == SAMPLE:
        return load_data_set(path)
    orders, _ = _load(args, path)
    if SCORE in orders:
        _say("The scores of the file are left aside: only a model can say why. The orders are scored anew.")
        orders = orders.drop(columns=SCORE)
    known = load_data_set(args.model)
    if known.model is None:
        raise StoreError(f"{args.model} holds no model: its scores came with the file. Choose another with --model.")
    features, notes = build_features(orders, label_delay_days=known.model.label_delay_days)
    for note in notes:
        _say(note)
    scored = pipeline.score_with_features(orders, features, known.model)
    return DataSet(path.name, scored, features, known.model, None, {}, ())


def _place_of(orders: pd.DataFrame, order_id: str) -> int:
    found = np.flatnonzero(orders[ORDER_ID].to_numpy() == order_id)
    if found.size == 0:
        raise OrdersError(f"There is no order {order_id!r} among the {len(orders):,} orders. Check the id.")
    return int(found[0])


def curve(args: Namespace) -> dict[str, Any]:
    """Every figure at one threshold; the sums are exact for any number, step or not."""
    prices = _prices(args)
    cuts = sorted({t for t in (_threshold(args.at), _threshold(args.decline_at)) if t is not None}, reverse=True)
    cube = _cube(args, np.array(cuts))
    if args.decline_at is None:
        step = len(cuts)
        return report_at(price_curve(cube, prices), step, totals_of(cube))
    return _two_cut_offs(cube, prices, _threshold(args.at), _decline_threshold(args.decline_at, _threshold(args.at)))


def optimum(args: Namespace) -> dict[str, Any]:
    """The same figures at the cheapest threshold within the limits."""
    prices, cube = _prices(args), _cube(args)
    totals = totals_of(cube)
    most = args.max_reviews_per_day
    if most is None and totals.days is not None:
        most = prices.reviews_per_day
    limits = Limits(args.min_detection, args.max_fpr, most)
    priced = price_curve(cube, prices)
    step = cheapest_step(priced, limits, days=totals.days, objective=args.objective)
    return report_at(priced, step, totals) | {"objective": args.objective}


def _decline_threshold(stated: str | None, at: float | None) -> float | None:
    """--decline-at, which nobody need state, and which is never below the review threshold."""
    decline_at = None if stated is None else _threshold(stated)
    if stated is not None and (at is None or decline_at is None or decline_at < at):
        raise PolicyError(f"--decline-at must be a number no lower than the threshold. Got: {stated} and {at}.")
    return decline_at


def _two_cut_offs(cube: Cube, prices: Assumptions, at: float | None, decline_at: float | None) -> dict[str, Any]:
    """Figures of review at one threshold and decline at a second: same formulas, two sets of sums."""
    sums, totals = running_sums(cube), totals_of(cube)
    figures = price(coefficients(prices, totals), sums[-1], sums[1])
    table = pd.DataFrame({"threshold": [at]} | {name: [float(value)] for name, value in figures.items()})
    return report_at(table, 0, totals) | {"decline_threshold": decline_at}


def _sample(args: Namespace) -> DataSet:
    market = make_sample(progress=_progress) if args.seed is None else make_sample(args.seed, progress=_progress)
    built = pipeline.build(
        market.orders,
        evaluate_from=DECISION_MONTH,
        label_delay_days=LABEL_DELAY_DAYS if args.label_delay_days is None else args.label_delay_days,
        progress=_progress,
    )
    visits = market.sessions.set_index(DAY)[SESSIONS].astype(float)
    return replace(built, name="Sample marketplace", sessions=visits)


def _own_orders(args: Namespace) -> DataSet:
    path = Path(args.orders)
    _say(f"Reading {path.name}")
    orders, kept = _load(args, path)
    sessions = None if args.sessions is None else _sessions(args.sessions)
    if SCORE in orders:
        return replace(pipeline.keep_scores(orders), name=path.name, sessions=sessions, kept=kept)
    built = pipeline.build(
        orders,
        learn_from=_time(args.learn_from),
        evaluate_from=_time(args.evaluate_from),
        evaluate_share=_share(args.evaluate_share),
        label_delay_days=_DEFAULT_DELAY_DAYS if args.label_delay_days is None else args.label_delay_days,
        seed=1 if args.seed is None else args.seed,
        progress=_progress,
    )
    return replace(built, name=path.name, sessions=sessions, kept=kept)


def _cube(args: Namespace, thresholds: "np.ndarray[Any, Any] | None" = None) -> Cube:
    """From a built data set by DuckDB, straight from its Parquet file; from a scored file in memory."""
    path = folder_of(args.orders) if args.orders == SAMPLE else Path(args.orders)
    if path.is_dir() or args.orders == SAMPLE:
        sessions = manifest_sessions(read_manifest(path))
        with duckdb.connect() as connection:
            source = f"read_parquet({sql_text(str(path / ORDERS_FILE))})"
            return build_cube_sql(connection, source, thresholds=thresholds, sessions=sessions)
    orders, _ = _load(args, path)
    if SCORE not in orders:
        raise OrdersError(
            f"{path.name} has no score column. Map one (--map score=COLUMN), or let a model score the orders: "
            f"python -m core build {path} --out FOLDER, then give FOLDER here."
        )
    return build_cube(orders, thresholds=thresholds)


def _prices(args: Namespace) -> Assumptions:
    values: dict[str, Any] = {}
    if args.assumptions is not None:
        try:
            values = tomllib.loads(args.assumptions.read_text())
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
            raise AssumptionsError(f"{args.assumptions} cannot be read as TOML: {fault}.") from fault
    return assumptions_from(values | dict(_pair(text, "--set FIELD=VALUE") for text in args.set))


def _load(args: Namespace, path: Path) -> tuple[pd.DataFrame, str]:
    return load_and_say(path, _reading(args), skip_bad_rows=args.skip_bad_rows, now=args.now, warn=_say)


def _reading(args: Namespace) -> Reading:
    """What the options say of the file, over a saved mapping where one is given."""
    stated: dict[str, Any] = {name: getattr(args, name) for name in _OF_FILE if getattr(args, name) is not None}
    if args.map:
        stated["roles"] = dict(_pair(text, "--map ROLE=COLUMN") for text in args.map)
    if args.ignore:
        stated["ignore"] = args.ignore
    if args.time_format is not None:
        stated["times"] = dict.fromkeys(TIMES, args.time_format)
    if args.fraud_is or args.legit_is:
        words = [(word, 1) for word in args.fraud_is] + [(word, 0) for word in args.legit_is]
        stated["labels"] = {word.strip().lower(): fraud for word, fraud in words}
    if args.guess:
        stated |= {"guess": True, "detect": True}
    saved = Reading() if args.mapping is None else _saved_mapping(args.mapping)
    if "roles" in stated:
        stated["roles"] = dict(saved.roles) | stated["roles"]
    return replace(saved, **stated)


def _saved_mapping(path: Path) -> Reading:
    try:
        return from_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as fault:
        raise OrdersError(f"{path} cannot be read as a mapping: {fault}. Save it again.") from fault


def _pair(text: str, wanted: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise OrdersError(f"Expected {wanted}. Got: {text!r}.")
    return name.strip(), value


def _threshold(text: str | None) -> float | None:
    if text is None or text.lower() in ("none", "null"):
        return None
    try:
        threshold = float(text)
    except ValueError:
        threshold = np.nan
    if not 0 <= threshold <= 1:
        raise PolicyError(f"A threshold is a number from 0 to 1, or none for 'flag nobody'. Got: {text!r}.")
    return threshold


def _share(value: float) -> float:
    if not 0 < value < 1:
        raise OrdersError(f"--evaluate-share must be between 0 and 1. Got: {value}.")
    return value


def _time(text: str | None) -> pd.Timestamp | None:
    if text is None:
        return None
    try:
        time = pd.Timestamp(text)
    except ValueError as fault:
        raise OrdersError(f"Expected a time such as 2026-03-01. Got: {text!r}.") from fault
    return time if time.tzinfo is None else time.tz_convert(None)


def _sessions(path: Path) -> "pd.Series[float]":
    try:
        table = pd.read_csv(path, parse_dates=[DAY])
        return pd.Series(table[SESSIONS].to_numpy(float), index=pd.DatetimeIndex(table[DAY]), name=SESSIONS)
    except (OSError, ValueError, KeyError) as fault:
        raise OrdersError(f"{path} cannot be read as sessions (columns day, sessions): {fault}.") from fault


def _is_current(folder: Path) -> bool:
    try:
        load_data_set(folder)
    except StoreError:
        return False
    return True


def json_table(table: pd.DataFrame) -> list[dict[str, Any]]:
    """A tidy table as plain records; a missing value is null."""
    records: list[dict[str, Any]] = json.loads(table.to_json(orient="records", date_format="iso", double_precision=15))
    return records


def _progress(text: str, share: float) -> None:
    _say(f"{share:4.0%}  {text}")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
