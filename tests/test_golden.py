"""The whole priced curve of the example file, kept: a figure on a page moves only when somebody means it to.

Where a change is meant: `python -m tests.test_golden` writes it anew, and the changelog says "Behaviour change:".
"""

from pathlib import Path

import pandas as pd

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
