"""An analyst's journey in real Chromium: open the queue, filter, open an order, change a value, record, reload."""

import os
from collections.abc import Iterator

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import serving
from tests.browser.cutline import visit
from tests.browser.test_orders import settle


@pytest.fixture(scope="module")
def app_with_reviews(sample: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app on the sample, with a database of reviews of its own."""
    os.environ["CUTLINE_DATABASE"] = f"sqlite:///{tmp_path_factory.mktemp('reviews')}/reviews.db"
    with serving("app.py") as address:
        yield address
    del os.environ["CUTLINE_DATABASE"]


def open_queue(page: Page, address: str) -> None:
    page.goto(address)
    page.locator(".cutline .value").first.wait_for(timeout=90_000)
    visit(page, "Queue")
    page.get_by_text("Orders selected").wait_for(timeout=90_000)
    settle(page)


def test_from_the_queue_to_a_recorded_verdict(page: Page, app_with_reviews: str) -> None:
    open_queue(page, app_with_reviews)
    assert page.get_by_role("spinbutton", name="Review cost").input_value() == "12.00"  # the prices came along
    page.get_by_label("Order id holds").fill("O0701818")
    page.get_by_label("Order id holds").press("Enter")
    settle(page)
    expect(page.get_by_test_id("stMetric").first).to_contain_text("1")
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    table = pd.read_csv(download.value.path())
    assert table["order_id"].tolist() == ["O0701818"]
    assert "legit orders" in table["reason_1"].iloc[0]
    grid = page.get_by_test_id("stDataFrame").first.bounding_box()
    assert grid is not None
    page.mouse.click(grid["x"] + 15, grid["y"] + 52)  # the first row's box: the grid is a canvas
    expect(page.get_by_text("Order O0701818 is flagged for review")).to_be_visible(timeout=30_000)
    assert "order=O0701818" in page.url
    settle(page)
    before = page.get_by_test_id("stMetric").filter(has_text="Score then").inner_text()
    changed = page.get_by_test_id("stNumberInput").filter(has_text="account_age_days").get_by_role("spinbutton")
    changed.fill("400")
    changed.press("Enter")
    settle(page)
    assert page.get_by_test_id("stMetric").filter(has_text="Score then").inner_text() != before
    page.get_by_role("radio", name="Decline").click()
    page.get_by_label("Note").fill("seventeen accounts on one device")
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.get_by_text("Decided: declined")).to_be_visible(timeout=30_000)
    page.reload()
    expect(page.get_by_text("Decided: declined")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("seventeen accounts on one device").first).to_be_visible()


def test_a_deep_link_opens_the_order_on_a_fresh_server(chromium: Browser, sample: str) -> None:
    with serving("app.py") as address:
        context = chromium.new_context(viewport={"width": 1440, "height": 900})
        page = context.new_page()
        page.goto(f"{address}/order?order=O0795963&line=0.1")
        expect(page.get_by_text("Order O0795963 is flagged for review")).to_be_visible(timeout=90_000)
        expect(page.get_by_text("What would clear it")).to_be_visible(timeout=30_000)
        context.close()


@pytest.mark.parametrize("path", ["queue", "order"])
def test_on_a_phone_nothing_is_wider_than_the_screen(chromium: Browser, app_with_reviews: str, path: str) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{app_with_reviews}/{path}")
    page.get_by_test_id("stMetric").first.wait_for(timeout=90_000)
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()
