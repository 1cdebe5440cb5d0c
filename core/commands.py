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
from core.building.ruled import with_rules
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
from core.columns import CLEARED_BY, DAY, ORDERED_AT, SCORE, SESSIONS, TIMES
from core.deciding.confidence import compare as compare_case
from core.errors import AssumptionsError, OrdersError, PolicyError, StoreError
from core.policy import Policy, policy_values
from core.policy_file import policy_of_toml
from core.pricing.applied import Applied, Case
from core.pricing.cube import Cube, Totals, build_cube, running_sums, totals_of
from core.pricing.cube_sql import build_cube_sql
from core.pricing.curve import Limits, cheapest_step, price_curve, report_at
from core.pricing.economics import coefficients, price
from core.reading.checks.report import report_as_json
from core.reading.reading import Reading, as_json, from_json
from core.reviewing.decisions import DECISION, as_csv, as_parquet, decide
from core.scoring.features import build_features
from core.sources.orders import load_and_say, take_in_file
from core.sources.sample import DECISION_MONTH, LABEL_DELAY_DAYS, make_sample
from core.sql import sql_text

DEFAULT_MODEL = "data/built/sample"
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
        data = pipeline.keep_scores(orders)
    else:
        model = load_data_set(args.model).model
        if model is None:
            raise StoreError(
                f"{args.model} holds no model: its scores came with the file. Choose another with --model."
            )
        features, notes = build_features(orders, label_delay_days=model.label_delay_days)
        data = DataSet("", pipeline.score_with_features(orders, features, model), features, model, None, {}, ())
    scored, prices = data.orders, _prices(args)
    policy = _stated_policy(args) or Policy(_cheapest(scored, prices))
    limit = _limit(policy, prices) if ORDERED_AT in scored else policy.reviews_per_day
    policy = replace(policy, reviews_per_day=limit)
    if args.policy is not None and policy.rules is not None:
        scored = with_rules(data, policy.rules)
    line = Applied(scored, build_cube(scored), prices, policy, data.features)
    table = decide(scored, line.treatments, prices)
    args.out.write_bytes(as_parquet(table) if args.out.suffix == ".parquet" else as_csv(table))
    for note in notes:
        _say(note)
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


def _cheapest(scored: pd.DataFrame, prices: Assumptions) -> float | None:
    cube = build_cube(scored)
    priced, totals = price_curve(cube, prices), totals_of(cube)
    step = cheapest_step(priced, Limits(), days=totals.days)
    chosen = priced["threshold"].iloc[step]
    return None if pd.isna(chosen) else float(chosen)


def curve(args: Namespace) -> dict[str, Any]:
    """Every figure of one policy; the sums are exact for any threshold, step or not."""
    prices, policy = _prices(args), _stated_policy(args)
    if policy is None or (_limit(policy, prices) is None and policy.is_by_steps and policy == _by_thresholds(policy)):
        return _curve_at(args, prices)
    return policy_as_json(_applied(args, policy, prices))


def _curve_at(args: Namespace, prices: Assumptions) -> dict[str, Any]:
    """The figures at thresholds on the score alone, from the sums of the file without its orders."""
    policy = _stated_policy(args) or Policy()
    cuts = sorted({at for at in (policy.review, policy.decline) if at is not None}, reverse=True)
    cube = _cube(args, np.array(cuts))
    sums = running_sums(cube)
    figures = price(coefficients(prices, totals_of(cube)), sums[-1], sums[0 if policy.decline is None else 1])
    values = {name: float(value) for name, value in figures.items()}
    return figures_as_json(values, policy, totals_of(cube))


def compare(args: Namespace) -> dict[str, Any]:
    """What one policy is worth over another on the same orders, with its interval."""
    prices, policy = _prices(args), _stated_policy(args) or Policy()
    line = _applied(args, policy, prices)
    baseline = None if args.baseline == "approve" else line.with_policy(_policy_file(Path(args.baseline)))
    case = Case(line, baseline)
    answer = {
        "saving": line.figures["saving"],
        "baseline_saving": case.baseline_figures["saving"],
        "change": line.figures["saving"] - case.baseline_figures["saving"],
        "fraud_changed": case.changed[1],
        "legit_changed": case.changed[0],
    }
    if line.by_score.days is None:
        return answer | {"low": None, "high": None, "better": None, "note": "Without order times there is no interval."}
    sure = compare_case(case)
    low, high = (None if np.isnan(end) else end for end in (sure.low, sure.high))
    return answer | {"low": low, "high": high, "better": sure.better, "note": sure.few}


def optimum(args: Namespace) -> dict[str, Any]:
    """The same figures at the cheapest threshold within the limits, the rest of the policy kept."""
    prices, policy = _prices(args), _stated_policy(args) or Policy()
    limit = args.max_reviews_per_day if args.max_reviews_per_day is not None else _limit(policy, prices)
    limits = Limits(args.min_detection, args.max_fpr)
    if limit is None and policy == _by_thresholds(policy) and policy.decline is None:
        cube = _cube(args)
        priced, totals = price_curve(cube, prices), totals_of(cube)
        step = cheapest_step(priced, limits, days=totals.days, objective=args.objective)
        return report_at(priced, step, totals) | {"objective": args.objective}
    line = _applied(args, replace(policy, reviews_per_day=limit), prices)
    step = cheapest_step(line.curve, limits, days=line.totals.days, objective=args.objective)
    return policy_as_json(line.at_step(step)) | {"objective": args.objective}


def policy_as_json(policy: Applied) -> dict[str, Any]:
    """Every figure of a policy as plain values."""
    return figures_as_json(policy.figures, policy.policy, policy.totals)


def figures_as_json(figures: dict[str, float], policy: Policy, totals: Totals) -> dict[str, Any]:
    """Figures of a policy with its thresholds as plain values; what more there is to it as `policy`."""
    table = pd.DataFrame({"threshold": [policy.review]} | {name: [value] for name, value in figures.items()})
    answer = report_at(table.astype(float), 0, totals)
    if policy.decline is not None:
        answer["decline_threshold"] = policy.decline
    return answer if policy == _by_thresholds(policy) else answer | {"policy": policy_values(policy)}


def _stated_policy(args: Namespace) -> Policy | None:
    """The policy of --policy, or of --at and --decline-at; None where nothing is stated."""
    file = getattr(args, "policy", None)
    at, decline_at = getattr(args, "at", None), getattr(args, "decline_at", None)
    if file is None:
        if at is None:
            return None
        return Policy(_threshold(at), _decline_threshold(decline_at, _threshold(at)))
    if at is not None or decline_at is not None:
        raise PolicyError("--policy states the thresholds. Leave --at and --decline-at out, or change the file.")
    return _policy_file(file)


def _policy_file(path: Path) -> Policy:
    try:
        return policy_of_toml(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as fault:
        raise PolicyError(f"{path} cannot be read as a policy: {fault}. Save it again from a page.") from fault


def _by_thresholds(policy: Policy) -> Policy:
    """The same thresholds for all orders, on the score, and nothing else."""
    return Policy(policy.review, policy.decline)


def _limit(policy: Policy, prices: Assumptions) -> float | None:
    """Reviews a day: the policy's, or the team's of the prices."""
    return prices.reviews_per_day if policy.reviews_per_day is None else policy.reviews_per_day


def _applied(args: Namespace, policy: Policy, prices: Assumptions) -> Applied:
    """A policy on the orders, one by one."""
    data = _scored(args)
    policy = replace(policy, reviews_per_day=_limit(policy, prices))
    orders = with_rules(data, policy.rules)
    prices = replace(prices, reviews_per_day=policy.reviews_per_day)
    return Applied(orders, build_cube(orders, sessions=data.sessions), prices, policy, data.features)


def _scored(args: Namespace) -> DataSet:
    """A built data set, or a file with scores of its own."""
    path = folder_of(args.orders) if args.orders == SAMPLE else Path(args.orders)
    if path.is_dir() or args.orders == SAMPLE:
        return load_data_set(path)
    orders, _ = _load(args, path)
    if SCORE not in orders:
        raise OrdersError(_no_scores(path))
    return pipeline.keep_scores(orders)


def _no_scores(path: Path) -> str:
    return (
        f"{path.name} has no score column. Map one (--map score=COLUMN), or let a model score the orders: "
        f"python -m core build {path} --out FOLDER, then give FOLDER here."
    )


def _decline_threshold(stated: str | None, at: float | None) -> float | None:
    """--decline-at, which nobody need state, and which is never below the review threshold."""
    decline_at = None if stated is None else _threshold(stated)
    if stated is not None and (at is None or decline_at is None or decline_at < at):
        raise PolicyError(f"--decline-at must be a number no lower than the threshold. Got: {stated} and {at}.")
    return decline_at


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
        raise OrdersError(_no_scores(path))
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
