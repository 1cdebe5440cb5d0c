"""Data sets on disk: there and back, every damage named, and nothing half written is ever read."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.building import store
from core.building.pipeline import build, keep_scores
from core.building.store import DataSet, folder_of, load_data_set, manifest_digest, read_manifest, save_data_set
from core.errors import StoreError
from core.scoring import feature_rows
from core.scoring import rules as prefilter
from core.scoring.model import score_features
from tests.tables import learnable_orders


@pytest.fixture(scope="module")
def data() -> DataSet:
    sessions = pd.Series([100.0, 200.0], index=pd.to_datetime(["2026-03-01", "2026-03-02"]), name="sessions")
    return replace(build(learnable_orders(), rules=()), name="A & <b>", sessions=sessions, notes=("One note.",))


@pytest.fixture
def folder(tmp_path: Path, data: DataSet) -> Path:
    save_data_set(tmp_path / "built", data)
    return tmp_path / "built"


def test_there_and_back(folder: Path, data: DataSet) -> None:
    back = load_data_set(folder)
    pd.testing.assert_frame_equal(back.orders, data.orders)
    pd.testing.assert_frame_equal(back.features, data.features, check_categorical=False)
    assert back.sessions.tolist() == [100, 200]
    assert (back.name, back.notes) == (data.name, data.notes)
    assert np.array_equal(score_features(back.model, back.features), score_features(data.model, data.features))
    for name, table in data.tables.items():
        pd.testing.assert_frame_equal(back.tables[name], table, check_dtype=False)


def test_scores_of_a_file_need_no_model(tmp_path: Path) -> None:
    save_data_set(tmp_path / "own", keep_scores(learnable_orders().assign(score=0.5)))
    assert load_data_set(tmp_path / "own").model is None


def test_no_pickle_is_written(folder: Path) -> None:
    assert {path.suffix for path in folder.iterdir()} == {".parquet", ".txt", ".json"}


@pytest.mark.parametrize("name", ["orders.parquet", "features.parquet", "model.txt", "model.json"])
def test_a_damaged_or_missing_file_is_named(folder: Path, name: str) -> None:
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[:-9])
    with pytest.raises(StoreError, match=f"{name} is missing or damaged. Build the data set again"):
        load_data_set(folder)
    (folder / name).unlink()
    with pytest.raises(StoreError, match=f"{name} is missing or damaged"):
        load_data_set(folder)


def test_a_manifest_that_is_missing_damaged_or_of_another_version_is_named(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"is not a built data set\. Make one"):
        load_data_set(tmp_path)
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"format": 0}))
    with pytest.raises(StoreError, match=r"another version \(format 0, here \d+\)\. Build it again: python -m core"):
        load_data_set(folder)
    for damaged in ("", "{", "[]", f'{{"format": {store.FORMAT}}}'):
        (folder / "manifest.json").write_text(damaged)
        with pytest.raises(StoreError, match="is damaged"):
            load_data_set(folder)


def test_features_or_rules_that_changed_make_a_built_data_set_stale(
    folder: Path, data: DataSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One message with the remedy, from loading, from reading the manifest alone, and from the page's digest."""
    before = manifest_digest(folder)
    first, *others = feature_rows.FEATURES
    for module, name, changed in (
        (feature_rows, "FEATURES", (*others,)),
        (feature_rows, "FEATURES", (replace(first, sql="amount + 1"), *others)),
        (prefilter, "RULES", prefilter.RULES[1:]),
        (prefilter, "RULES", (replace(prefilter.RULES[0], conditions=(("amount", "<=", 1),)), *prefilter.RULES[1:])),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, changed)
            for read in (load_data_set, read_manifest, manifest_digest):
                remedy = rf"other features or pre-filter rules .*: python -m core build ORDERS --out {folder}\.$"
                with pytest.raises(StoreError, match=remedy):
                    read(folder)
            save_data_set(folder.with_name("again"), data)
            assert manifest_digest(folder.with_name("again")) != before
    assert load_data_set(folder).name == "A & <b>"


def test_words_alone_make_no_data_set_stale(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, *others = feature_rows.FEATURES
    monkeypatch.setattr(feature_rows, "FEATURES", (replace(first, words="dollars", more="costlier"), *others))
    assert load_data_set(folder).name == "A & <b>"


def test_scores_of_a_file_outlive_features_and_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_data_set(tmp_path / "own", keep_scores(learnable_orders().assign(score=0.5)))
    monkeypatch.setattr(feature_rows, "FEATURES", ())
    monkeypatch.setattr(prefilter, "RULES", ())
    assert load_data_set(tmp_path / "own").model is None


def test_the_remedy_for_the_sample_is_its_own_command(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    store.BUILT.mkdir(parents=True)
    folder.rename(folder_of(store.SAMPLE))
    monkeypatch.setattr(prefilter, "RULES", ())
    with pytest.raises(StoreError, match=r"Build it again: make sample, or python -m core build sample\.$"):
        load_data_set(folder_of(store.SAMPLE))


def test_building_anew_replaces_the_whole_and_changes_the_digest(folder: Path, data: DataSet) -> None:
    before = manifest_digest(folder)
    save_data_set(folder, replace(data, name="Another", features=None, model=None))
    assert load_data_set(folder).name == "Another"
    assert not (folder / "model.txt").exists()
    assert manifest_digest(folder) != before
    assert [path.name for path in folder.parent.iterdir()] == ["built"]


KILLED = """
import os, signal, sys
from dataclasses import replace
from pathlib import Path
from core.building import store
folder = Path(sys.argv[1])
data = replace(store.load_data_set(folder), name="half written")
written = 0
def stop(descriptor, real=os.fsync):
    global written
    real(descriptor)
    written += 1
    if written == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
os.fsync = stop
store.save_data_set(folder, data)
"""


@pytest.mark.parametrize("after", [1, 4])
def test_a_save_that_is_killed_leaves_the_old_data_set(folder: Path, after: int) -> None:
    run = subprocess.run([sys.executable, "-c", KILLED, str(folder), str(after)], env=os.environ | {"PYTHONPATH": "."})
    assert run.returncode == -signal.SIGKILL
    assert load_data_set(folder).name == "A & <b>"


def test_where_a_data_set_is_built(tmp_path: Path) -> None:
    assert folder_of("sample") == Path("data/built/sample")
    assert folder_of("some/where/orders.csv.gz") == Path("data/built/orders")
    assert folder_of(str(tmp_path)) == tmp_path


def test_what_a_killed_save_left_is_swept_up(folder: Path, data: DataSet) -> None:
    left = folder.with_name(f".{folder.name}.99999")
    left.mkdir()
    (left / "half").write_text("x")
    save_data_set(folder, data)
    assert not left.exists()


def test_a_disk_that_takes_nothing_is_one_clear_line_and_the_old_stays(
    folder: Path, data: DataSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = manifest_digest(folder)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "_write_files", full)
    with pytest.raises(StoreError, match=r"No space left on device\. Free some space"):
        save_data_set(folder, data)
    assert manifest_digest(folder) == before
    assert [path.name for path in folder.parent.iterdir() if path.name.startswith(f".{folder.name}.")] == []
