"""One order decided online (rules, features given, model, calibration) against LGBMClassifier.predict_proba on a
one-row DataFrame.

python -m benchmarks.online
"""

from pathlib import Path
from time import perf_counter_ns

import lightgbm
import numpy as np

from benchmarks.timing import report
from core.building.store import folder_of, load_data_set
from core.scoring.model import model_input, score_features
from core.scoring.online import Decider

CALLS, PEER_CALLS = 20_000, 1_000


def main() -> None:
    data = load_data_set(Path(folder_of("sample")))
    assert data.model is not None and data.features is not None
    decider = Decider(data.model, 0.1)
    sampled = data.features.sample(2_000, random_state=1)
    orders = sampled.astype(object).where(sampled.notna(), None).to_dict("records")
    passed = [order for order in orders if decider.decide(order).score is not None]
    peer = _classifier(data.model)
    rows = [model_input(data.model, sampled.iloc[[i]]) for i in range(PEER_CALLS)]
    totals = _times(lambda i: decider.decide(orders[i % len(orders)]), CALLS)
    scored = _times(lambda i: decider.decide(passed[i % len(passed)]), CALLS)
    peers = _times(lambda i: peer.predict_proba(rows[i]), PEER_CALLS)
    for words, times in (("all orders", totals), ("only orders the rules do not clear", scored)):
        report(f"decide, {words}, p50", np.median(times), "predict_proba p50", np.median(peers), 1e6, "us")
        report(
            f"decide, {words}, p99",
            np.quantile(times, 0.99),
            "predict_proba p99",
            np.quantile(peers, 0.99),
            1e6,
            "us",
        )
    print(f"p99 under 1 ms: {np.quantile(scored, 0.99) < 1e-3}")
    table = score_features(data.model, sampled)
    singles = [decider.decide(order).score for order in orders]
    same = [score is None or abs(score - whole) < 1e-12 for score, whole in zip(singles, table, strict=True)]
    print(f"scores equal to the table's: {all(same)}")


def _classifier(model) -> lightgbm.LGBMClassifier:  # type: ignore[no-untyped-def]
    """LightGBM's scikit-learn class around the same trees."""
    peer = lightgbm.LGBMClassifier(n_jobs=1)
    peer._Booster, peer._n_features, peer._n_features_in = model.booster(), len(model.features), len(model.features)
    peer._n_classes, peer._classes, peer.fitted_ = 2, np.array([0, 1]), True
    peer._le, peer._objective = None, "binary"
    return peer


def _times(call, calls: int) -> np.ndarray:  # type: ignore[no-untyped-def,type-arg]
    for i in range(50):
        call(i)
    times = np.empty(calls)
    for i in range(calls):
        start = perf_counter_ns()
        call(i)
        times[i] = perf_counter_ns() - start
    return times / 1e9


if __name__ == "__main__":
    main()
