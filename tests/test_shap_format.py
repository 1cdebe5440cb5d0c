"""Explanations in shap's own format: written without pickle, read back the same, drawn by shap.plots."""

from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
import shap

from core.building.pipeline import build
from core.errors import ModelError
from core.explaining.explain import Explained, explain_data
from core.explaining.shap_format import as_explanation, explanation_bytes, load_explanation
from core.explaining.surrogate import explain_scores
from tests.scored import scored_orders
from tests.tables import learnable_orders

pytestmark = pytest.mark.filterwarnings("ignore:The NumPy global RNG was seeded:FutureWarning")  # shap's beeswarm


@pytest.fixture(scope="module", params=["model", "surrogate"])
def explained(request: pytest.FixtureRequest) -> Explained:
    if request.param == "model":
        return explain_data(build(learnable_orders(), rules=()))
    return explain_scores(scored_orders(1500)).explained


@pytest.fixture
def figures() -> Iterator[None]:
    mpl.use("Agg")
    import matplotlib.pyplot as plt

    yield
    plt.close("all")


def test_an_explanation_holds_what_was_explained(explained: Explained) -> None:
    whole = as_explanation(explained)
    assert isinstance(whole, shap.Explanation)
    assert np.array_equal(whole.values, explained.values)
    assert np.array_equal(whole.data, explained.rows, equal_nan=True)
    assert whole.feature_names == list(explained.features)
    assert whole.base_values + whole.values.sum(axis=1) == pytest.approx(explained.log_odds)
    some = as_explanation(explained, np.array([5, 3]))
    assert np.array_equal(some.values, explained.values[[5, 3]])


def test_written_and_read_back_it_is_the_same_and_opens_in_plots(
    explained: Explained, tmp_path: Path, figures: None
) -> None:
    import matplotlib.pyplot as plt

    path = tmp_path / "why.npz"
    rows = np.arange(0, 300, 3)
    path.write_bytes(explanation_bytes(explained, rows, [f"o{row}" for row in rows]))
    back = load_explanation(path)
    assert np.array_equal(back.values, explained.values[rows])
    assert np.array_equal(back.data, explained.rows[rows], equal_nan=True)
    with np.load(path, allow_pickle=False) as file:
        assert file["order_id"].tolist()[:2] == ["o0", "o3"]
        assert file["explained_by"] == ("model" if explained.fidelity is None else "surrogate")
    shap.plots.waterfall(back[0], show=False)
    drawn = " ".join(text.get_text() for axes in plt.gcf().axes for text in axes.get_yticklabels())
    largest = np.argmax(np.abs(explained.values[rows[0]]))
    assert explained.features[largest] in drawn
    plt.figure()
    shap.plots.beeswarm(back, show=False)
    assert len(plt.gca().collections) > 3


def test_what_is_no_explanation_is_refused_in_one_line(explained: Explained, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read as an explanation"):
        load_explanation(tmp_path / "none.npz")
    for name, data in (("text.npz", b"a,b\n1,2\n"), ("empty.npz", b""), ("zip.npz", b"PK\x03\x04broken")):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(ModelError, match=r"--format shap --out FILE\.npz"):
            load_explanation(tmp_path / name)
    np.savez(tmp_path / "other.npz", values=np.zeros(3))
    with pytest.raises(ModelError, match="KeyError"):
        load_explanation(tmp_path / "other.npz")
    np.savez(tmp_path / "pickled.npz", values=np.array([{}], object), base_values=0, data=0, feature_names=0)
    with pytest.raises(ModelError, match="ValueError"):
        load_explanation(tmp_path / "pickled.npz")
