"""What a command works on: files are read once, data sets straight from disk, a model is there or its lack is said."""

from argparse import Namespace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.__main__ import main
from core.command_line import inputs
from core.errors import StoreError
from core.pricing.cube import Cube, build_cube, running_sums


def options(orders: Path) -> Namespace:
    """The arguments of `curve` on some orders."""
    from core.__main__ import _parser

    return _parser().parse_args(["curve", str(orders), "--at", "none"])


@pytest.fixture
def scored(tmp_path: Path, six_orders: pd.DataFrame) -> Path:
    six_orders.to_csv(tmp_path / "six.csv", index=False)
    return tmp_path / "six.csv"


def same(one: Cube, other: Cube) -> bool:
    return bool((one.thresholds == other.thresholds).all() and (running_sums(one) == running_sums(other)).all())


def test_a_file_and_its_data_set_give_the_same_cubes(
    scored: Path, tmp_path: Path, six_orders: pd.DataFrame, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["build", str(scored), "--out", str(tmp_path / "built"), "--json"]) == 0
    for orders in (scored, tmp_path / "built"):
        cube_of = inputs.cubes_of(options(orders))
        assert same(cube_of(), build_cube(six_orders))
        exact = np.array([0.7, 0.3])
        assert same(cube_of(exact), build_cube(six_orders, thresholds=exact))


def test_a_file_is_read_once_for_several_cubes(scored: Path) -> None:
    cube_of = inputs.cubes_of(options(scored))
    scored.unlink()
    assert same(cube_of(), cube_of())


def test_a_data_set_without_a_model_says_so(scored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    built = tmp_path / "built"
    assert main(["build", str(scored), "--out", str(built), "--json"]) == 0
    with pytest.raises(StoreError, match=r"built holds no model: its scores came with the file\. Choose another"):
        inputs.model_of(built)
    for command in (["score", str(scored), "--ignore", "score"], ["explain", str(scored), "--at", "0.5"]):
        assert main([*command, "--model", str(built), "--out", str(tmp_path / "out.csv")]) == 1
        assert "built holds no model" in capsys.readouterr().err
