"""SHAP values of 100,000 orders, and of one, against shap.TreeExplainer, on the sample's model.

python -m benchmarks.explain
"""

import warnings

import numpy as np
import shap

from benchmarks.timing import report, seconds
from core.building.store import folder_of, load_data_set
from core.columns import SCORE
from core.explaining.treeshap import Explainer
from core.scoring.model import model_input, model_rows

ORDERS, THEIRS = 100_000, 5_000


def main() -> None:
    data = load_data_set(folder_of("sample"))
    model, features = data.model, data.features
    assert model is not None
    assert features is not None
    scored = features[data.orders[SCORE].notna().to_numpy()]
    many = scored.iloc[np.arange(ORDERS) % len(scored)].reset_index(drop=True)
    rows, table = model_rows(model, many), model_input(model, many)
    explainer = Explainer(model.text)
    warnings.filterwarnings("ignore", message="LightGBM binary classifier")
    peer = shap.TreeExplainer(model.booster())
    trees, leaves = model.about["trees"], model.about["leaves"]
    print(f"{trees} trees of at most {leaves} leaves, {rows.shape[1]} features; "
          f"tables {explainer.table_bytes / 1e6:.0f} MB, values {rows.nbytes / 1e6:.0f} MB")  # fmt: skip
    ours = seconds(lambda: explainer.explain(rows), 3)
    theirs = seconds(lambda: peer.shap_values(table[:THEIRS]), 3) * ORDERS / THEIRS
    report(f"{ORDERS:,} orders explained", ours, f"shap.TreeExplainer ({THEIRS:,}, scaled)", theirs, 1, "s")
    one = seconds(lambda: explainer.explain(rows[:1]), 50)
    report("one order explained", one, "shap.TreeExplainer", seconds(lambda: peer.shap_values(table[:1]), 20))
    gap = np.abs(np.asarray(peer.shap_values(table[:THEIRS])) - explainer.explain(rows[:THEIRS])[0]).max()
    print(f"largest difference of a value: {gap:.1e}")


if __name__ == "__main__":
    main()
