"""The whole priced curve of the example file, kept: a figure on a page moves only when somebody means it to.

Where a change is meant: `python -m tests.test_golden` writes it anew, and the changelog says "Behaviour change:".
"""

import json
import shlex
from pathlib import Path

import pandas as pd
import pytest

from core.__main__ import main
from core.assumptions import PRESETS
from core.pricing.cube import build_cube
from core.pricing.curve import price_curve
from core.sources.orders import load_orders

ROOT = Path(__file__).parent.parent
GOLDEN = ROOT / "tests" / "golden" / "example_curve.csv"


def example_curve() -> pd.DataFrame:
    """Every figure at every step, under prices that touch every formula."""
    cube = build_cube(load_orders(ROOT / "data" / "example.csv"))
    return price_curve(cube, PRESETS["Merchant carries the full loss"])


def test_the_curve_of_the_example_file_stands() -> None:
    kept = pd.read_csv(GOLDEN)
    pd.testing.assert_frame_equal(example_curve().iloc[::10].reset_index(drop=True), kept, check_dtype=False, rtol=1e-9)


if __name__ == "__main__":
    example_curve().iloc[::10].to_csv(GOLDEN, index=False)


COMMANDS = json.loads((Path(__file__).parent / "golden" / "commands.json").read_text())


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_answers_what_it_always_did(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Stored before the policy went everywhere; a new key may come, a figure may not move."""
    command = COMMANDS[name]["command"].format(out=tmp_path / "out.csv")
    if "sample" in command.split():
        assert main(["build", "sample", "--if-missing", "--json"]) == 0
        capsys.readouterr()
    assert main([*shlex.split(command), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    for key, value in COMMANDS[name]["answer"].items():
        assert _near(answer[key], value), (key, answer[key], value)


def _near(one: object, other: object) -> bool:
    """Equal, numbers to nine digits."""
    if isinstance(other, dict):
        return isinstance(one, dict) and one.keys() == other.keys() and all(_near(one[k], other[k]) for k in other)
    if isinstance(other, list):
        return isinstance(one, list) and len(one) == len(other) and all(map(_near, one, other))
    if isinstance(other, float) and isinstance(one, int | float):
        return one == pytest.approx(other, rel=1e-9, abs=1e-9)
    return one == other
