"""What `build`, `check` and `score` do: arguments in, a plain answer out."""

import json
import shutil
import sys
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from core.building import pipeline
from core.building.store import SAMPLE, DataSet, folder_of, load_data_set, save_data_set
from core.columns import CLEARED_BY, DAY, ORDERED_AT, SCORE, SESSIONS
from core.command_line.inputs import load_file, model_of
from core.command_line.messages import Progress, say
from core.command_line.options import evaluate_share_in, prices_in, reading_in, sessions_in, time_in
from core.command_line.policies import applied, stated_policy
from core.errors import StoreError
from core.pricing.cube import build_cube
from core.reading.checks.report import report_as_json
from core.reading.reading import as_json
from core.reviewing.decisions import DECISION, as_csv, as_parquet, decide
from core.scoring.features import build_features
from core.sources.orders import take_in_file
from core.sources.sample import DECISION_MONTH, LABEL_DELAY_DAYS, make_sample

_DEFAULT_DELAY_DAYS = 7.0


def build(args: Namespace) -> dict[str, Any]:
    """Make a data set on disk and say what was measured on it."""
    folder = args.out or folder_of(args.orders)
    if args.if_missing and _is_current(folder):
        say(f"{folder} is there and of this version.")
        return {"folder": str(folder), "built": False}
    data = _sample(args) if args.orders == SAMPLE else _own_orders(args)
    save_data_set(folder, data)
    say(f"Built {folder}.")
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
    intake = take_in_file(Path(args.orders), reading_in(args, guess=True), now=args.now)
    if args.save_mapping is not None:
        args.save_mapping.write_text(json.dumps(as_json(intake.reading), indent=1), encoding="utf-8")
        say(f"Saved the mapping: use it with --mapping {args.save_mapping}.")
    if args.rejected is not None:
        with args.rejected.open("wb") as out:
            if intake.rejected is not None:
                with intake.rejected.open() as rows:
                    shutil.copyfileobj(rows, out)
        say(f"Wrote {intake.report.rejected:,} rejected rows to {args.rejected}.")
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
    orders, _ = load_file(args, Path(args.orders))
    notes: list[str] = []
    if SCORE in orders:
        data = pipeline.keep_scores(orders)
    else:
        model = model_of(args.model)
        features, notes = build_features(orders, label_delay_days=model.label_delay_days)
        data = DataSet("", pipeline.score_with_features(orders, features, model), features, model, None, {}, ())
    prices = prices_in(args)
    if ORDERED_AT not in orders:
        prices = replace(prices, reviews_per_day=None)
    policy = stated_policy(args, lambda: build_cube(data.orders), prices, data)
    line = applied(data, policy, prices)
    policy, scored = line.policy, line.orders
    table = decide(scored, line.treatments, prices)
    args.out.write_bytes(as_parquet(table) if args.out.suffix == ".parquet" else as_csv(table))
    for note in notes:
        say(note)
    cleared = int((scored[CLEARED_BY] != "").sum()) if CLEARED_BY in scored else 0
    return {
        "out": str(args.out),
        "orders": len(table),
        "scored": int(table[SCORE].notna().sum()),
        "cleared": cleared,
        "threshold": policy.review,
        "decline_threshold": policy.decline,
        "flagged": int((table[DECISION] != "ship").sum()),
        "declined": int((table[DECISION] == "decline").sum()),
        "notes": notes,
    }


def _sample(args: Namespace) -> DataSet:
    seed = {} if args.seed is None else {"seed": args.seed}
    with Progress(sys.stderr) as progress:
        market = make_sample(**seed, progress=progress)
        built = pipeline.build(
            market.orders,
            evaluate_from=DECISION_MONTH,
            label_delay_days=LABEL_DELAY_DAYS if args.label_delay_days is None else args.label_delay_days,
            progress=progress,
        )
    visits = market.sessions.set_index(DAY)[SESSIONS].astype(float)
    return replace(built, name="Sample marketplace", sessions=visits)


def _own_orders(args: Namespace) -> DataSet:
    path = Path(args.orders)
    say(f"Reading {path.name}")
    orders, kept = load_file(args, path)
    sessions = sessions_in(args.sessions)
    if SCORE in orders:
        return replace(pipeline.keep_scores(orders), name=path.name, sessions=sessions, kept=kept)
    with Progress(sys.stderr) as progress:
        built = pipeline.build(
            orders,
            learn_from=time_in(args.learn_from),
            evaluate_from=time_in(args.evaluate_from),
            evaluate_share=evaluate_share_in(args),
            label_delay_days=_DEFAULT_DELAY_DAYS if args.label_delay_days is None else args.label_delay_days,
            seed=1 if args.seed is None else args.seed,
            progress=progress,
        )
    return replace(built, name=path.name, sessions=sessions, kept=kept)


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
