"""The command `explain`: why flagged orders are flagged, as a table, as JSON, or for shap."""

from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core.building import pipeline
from core.building.store import SAMPLE, DataSet, folder_of, load_data_set
from core.columns import ORDER_ID, SCORE
from core.command_line.inputs import load_file
from core.command_line.messages import say
from core.command_line.options import named_threshold, prices_in
from core.errors import ModelError, OrdersError, StoreError
from core.explaining.explain import Fidelity, Reference, parts_against, reference_at
from core.explaining.shap_format import explanation_bytes
from core.explaining.surrogate import fidelity_in_words
from core.explaining.why import Explanations, why_of
from core.policy import treatment
from core.pricing.cube import build_cube
from core.reviewing.decisions import as_csv, as_parquet
from core.reviewing.queue import PLACE, SAVING, queue_of, review_queue, with_reasons
from core.scoring.brought import brought_features, brought_scores, read_lightgbm
from core.scoring.features import build_features

TABLE, SHAP = "table", "shap"
DEFAULT_MODEL = "data/built/sample"


def explain(args: Namespace) -> dict[str, Any]:
    """Why the flagged orders, or one order, are where they are: written as a table or for shap, one told in full."""
    data, prices = _explainable(args), prices_in(args)
    why = why_of(data)
    explained = why.explained
    threshold = named_threshold(args.at, lambda: build_cube(data.orders, sessions=data.sessions), prices)
    if explained.fidelity is not None:
        say(fidelity_in_words(explained.fidelity))
    line = reference_at(explained, threshold)
    queue = review_queue(data.orders, treatment(data.orders[SCORE].to_numpy(float), threshold), prices)
    if args.order is not None:
        place = _place_of(data.orders, args.order)
        queue = queue_of(data.orders, np.array([place]), prices)
    _write_reasons(args, queue, why, line)
    told: dict[str, Any] = {"out": str(args.out), "threshold": threshold, "orders": len(queue)}
    if explained.fidelity is not None:
        told |= {"surrogate": _surrogate_as_json(explained.fidelity)}
    if args.order is None:
        return told | {"expected_saving_usd": float(queue[SAVING].sum())}
    at = explained.at(int(queue[PLACE].iloc[0]))
    if explained.fidelity is not None:
        told["surrogate"] |= {"learnt_here": bool(explained.fidelity.learnt_here[at])}
    parts = parts_against(explained, at, None)
    reasons = parts_against(explained, at, line).head(args.top)
    return told | {
        "order_id": args.order,
        "score": float(queue[SCORE].iloc[0]),
        "log_odds": float(explained.log_odds[at]),
        "base": explained.base,
        "parts": {row["feature"]: row["part"] for row in parts.to_dict("records")},
        "reasons": [
            {"feature": row["feature"], "part": row["part"], "words": why.words.sentence(row["feature"], row["value"])}
            for row in reasons.to_dict("records")
        ],
    }


def _write_reasons(args: Namespace, queue: pd.DataFrame, why: Explanations, line: Reference) -> None:
    if args.format == SHAP:
        at = np.array([why.explained.at(place) for place in queue[PLACE].tolist()], np.int64)
        args.out.write_bytes(explanation_bytes(why.explained, at, queue[ORDER_ID].tolist()))
        return
    table = with_reasons(queue, why.explained, line, why.words, args.top)
    args.out.write_bytes(as_parquet(table) if args.out.suffix == ".parquet" else as_csv(table))


def _surrogate_as_json(fidelity: Fidelity) -> dict[str, Any]:
    return {
        "r2": fidelity.r2,
        "rank_agreement": fidelity.rank_agreement,
        "orders": fidelity.orders,
        "notes": list(fidelity.notes),
    }


def _explainable(args: Namespace) -> DataSet:
    """A built data set, or a file: scored by the LightGBM model or the built one named, else by its own scores, else
    by the sample's model."""
    path = folder_of(args.orders) if args.orders == SAMPLE else Path(args.orders)
    if path.is_dir() or args.orders == SAMPLE:
        if args.lightgbm is not None:
            raise ModelError(f"--lightgbm scores a file of orders, and {args.orders} is a built data set. Give a file.")
        return load_data_set(path)
    orders, _ = load_file(args, path)
    if args.lightgbm is not None:
        return _scored_by_lightgbm(args.lightgbm, path.name, orders)
    if SCORE in orders:
        if args.model is None:
            return replace(pipeline.keep_scores(orders), name=path.name)
        say(f"The scores of the file are left aside: --model {args.model} scores the orders anew.")
        orders = orders.drop(columns=SCORE)
    folder = args.model or Path(DEFAULT_MODEL)
    known = load_data_set(folder)
    if known.model is None:
        raise StoreError(f"{folder} holds no model: its scores came with the file. Choose another with --model.")
    features, notes = build_features(orders, label_delay_days=known.model.label_delay_days)
    for note in notes:
        say(note)
    scored = pipeline.score_with_features(orders, features, known.model)
    return DataSet(path.name, scored, features, known.model, None, {}, ())


def _scored_by_lightgbm(path: Path, name: str, orders: pd.DataFrame) -> DataSet:
    """Orders scored by a model somebody brings, from the file's columns alone."""
    try:
        model = read_lightgbm(path.read_text(encoding="utf-8"), path.name)
    except (OSError, UnicodeDecodeError) as fault:
        raise ModelError(f"{path} cannot be read as text: {fault}. Give the file Booster.save_model wrote.") from fault
    if SCORE in orders:
        say(f"The scores of the file are left aside: {path.name} scores the orders.")
    features = brought_features(model, orders)
    scored = pipeline.keep_scores(orders.assign(**{SCORE: brought_scores(model, features)}))
    return replace(scored, name=name, features=features, model=model)


def _place_of(orders: pd.DataFrame, order_id: str) -> int:
    found = np.flatnonzero(orders[ORDER_ID].to_numpy() == order_id)
    if found.size == 0:
        raise OrdersError(f"There is no order {order_id!r} among the {len(orders):,} orders. Check the id.")
    return int(found[0])
