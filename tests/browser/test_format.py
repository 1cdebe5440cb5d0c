"""The browser says every number as core/number_format.py does."""

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page

from core.number_format import FORMATS

FORMAT_JS = Path(__file__).parent.parent.parent / "pages" / "shared" / "drag" / "format.js"
TIES = [
    0.5,
    1.5,
    2.5,
    0.125,
    0.00125,
    54_250,
    54_150,
    999.5,
    999_950,
    999_949.99,
    0.0,
    -0.0,
    1e9 + 0.5,
    0.001,
    0.0005,
]


@pytest.mark.parametrize("name", FORMATS)
def test_equal_to_the_last_digit(page: Page, name: str) -> None:
    random = np.random.default_rng(11)
    sizes = random.lognormal(0, 6, 400)
    values = [
        *TIES,
        *(-value for value in TIES),
        *sizes,
        *-sizes,
        *random.random(200),
        *random.integers(0, 9_999, 200),
    ]
    page.add_script_tag(content=FORMAT_JS.read_text())
    shown = page.evaluate("([values, name]) => values.map(v => said(v, name, '+'))", [[float(v) for v in values], name])
    assert shown == [FORMATS[name](float(value), plus="+") for value in values]


def test_no_value_is_a_dash(page: Page) -> None:
    page.add_script_tag(content=FORMAT_JS.read_text())
    assert page.evaluate("[said(NaN, 'dollars'), said(null, 'percent')]") == ["–", "–"]
