"""An owner's journeys in real Chromium: two cut-offs carried from page to page, scenarios kept and loaded, links."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from pages.shared.navigation import DESTINATIONS
from tests.browser.conftest import serving
from tests.browser.cutline import open_page, plot_box, read, visit
from tests.browser.test_orders import settle

WIDE = {"width": 1900, "height": 1000}

IN_DOLLARS = ["team", *(view.name for name in ("Decide", "Stress test", "Practice") for view in DESTINATIONS[name])]


@pytest.fixture(scope="module")
def app_with_scenarios(sample: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app on the sample, with a database of its own."""
    os.environ["CUTLINE_DATABASE"] = f"sqlite:///{tmp_path_factory.mktemp('scenarios')}/scenarios.db"
    with serving("app.py") as address:
        yield address
    del os.environ["CUTLINE_DATABASE"]


def go(page: Page, name: str) -> None:
    visit(page, name)
    settle(page)


def decline_from(page: Page, root: Locator, first: float, last: float) -> str:
    """Drag the decline line over the plot (0-1), release, and say where it stands."""
    box = plot_box(root)
    page.mouse.move(box["x"] + first * box["width"], box["y"])
    page.mouse.down()
    page.mouse.move(box["x"] + last * box["width"], box["y"], steps=8)
    page.mouse.up()
    settle(page)
    return root.get_attribute("data-decline") or ""


def test_a_second_cut_off_goes_from_page_to_page_and_into_the_link(chromium: Browser, app: str) -> None:
    context = chromium.new_context(viewport=WIDE)  # type: ignore[arg-type]
    page = context.new_page()
    open_page(page, app)
    go(page, "Review + decline")
    root = page.locator(".cutline")
    expect(root.locator(".line")).to_have_count(2)
    stands = decline_from(page, root, 0.999, 0.93)  # by score: nobody is declined at the right edge
    assert 0 < float(stands) < 1
    page.wait_for_url(f"**decline={stands}*")
    expect(page.get_by_test_id("stTable").get_by_text(f"{float(stands):.4f}")).to_be_visible()
    shown = read(root)["figures"]
    for name, words in (
        ("Confidence", "Declined unseen a month"),
        ("Queue", "are declined unseen"),
        ("By segment", "no order declined without review"),
    ):
        go(page, name)
        expect(page.get_by_text(words).first).to_be_visible(timeout=60_000)
    go(page, "Threshold")
    root = page.locator(".cutline")
    expect(root.locator(".line")).to_have_count(2)
    assert read(root)["figures"] == shown
    page.wait_for_url(f"**decline={stands}*")
    link = page.url
    context.close()
    page = chromium.new_context(viewport=WIDE).new_page()  # type: ignore[arg-type]
    root = open_page(page, link)
    assert root.get_attribute("data-decline") == stands
    assert read(root)["figures"] == shown
    page.context.close()


def test_ranking_by_expected_saving_is_applied_everywhere_and_dragged_in_dollars(
    page: Page, chromium: Browser, app: str
) -> None:
    open_page(page, f"{app}/?line=0.1")
    go(page, "By segment")
    page.get_by_role("button", name="Rank by expected saving on every page").click()
    expect(page.get_by_text("Review from an expected saving of $0.00")).to_be_visible(timeout=30_000)
    go(page, "Threshold")
    page.get_by_role("radio", name="Expected saving").click()
    root = page.locator(".cutline")
    expect(root.locator(".grid .title")).to_contain_text("Expected saving of a review")
    settle(page)
    box = plot_box(root)
    page.mouse.click(box["x"] + 0.45 * box["width"], box["y"])
    dollars = root.get_attribute("data-threshold") or ""
    page.wait_for_url(f"**line={dollars}*")
    expect(root.locator(".where")).to_contain_text("Reviewed from an expected saving of $")
    shown = read(root)
    other = chromium.new_context().new_page()
    assert read(open_page(other, page.url)) == shown
    other.context.close()
    page.get_by_role("button", name="Back to one threshold").click()
    expect(page.get_by_role("radio", name="Score", exact=True)).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Review from an expected saving")).to_have_count(0)


def test_a_scenario_is_saved_loaded_and_deleted_and_all_of_it_is_logged(
    chromium: Browser, app_with_scenarios: str
) -> None:
    context = chromium.new_context(viewport=WIDE)  # type: ignore[arg-type]
    page = context.new_page()
    root = open_page(page, f"{app_with_scenarios}/?line=0.1&review_cost=8")
    shown = read(root)["figures"]
    go(page, "Scenarios")
    for label, text in (("Name", "Cheaper <b>reviews</b>"), ("Who", "Ada"), ("Why", "the new tool")):
        page.get_by_label(label, exact=True).first.fill(text)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_test_id("stTable").get_by_text("Cheaper <b>reviews</b>")).to_be_visible()
    context.close()
    page = chromium.new_context(viewport=WIDE).new_page()  # type: ignore[arg-type]
    root = open_page(page, app_with_scenarios)
    assert read(root)["figures"] != shown
    go(page, "Scenarios")
    page.get_by_role("button", name="Load").click()
    settle(page)
    link = page.get_by_test_id("stCode").inner_text()
    assert link.startswith(f"{app_with_scenarios}/threshold?")
    go(page, "Threshold")
    assert read(page.locator(".cutline"))["figures"] == shown
    other = chromium.new_context().new_page()
    assert read(open_page(other, link.strip()))["figures"] == shown  # without the database
    other.context.close()
    go(page, "Scenarios")
    page.get_by_label("Who deletes it").fill("Bo")
    page.get_by_label("Why is it deleted").fill("too dear")
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("No scenario is saved yet.")).to_be_visible()
    page.get_by_text("What was saved, changed or deleted").click()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    page.context.close()


@pytest.mark.parametrize(
    "name", ["review_decline", "confidence", "argument", "sensitivity", "team", "by_segment", "requirements", "what_if"]
)
def test_nothing_stands_out_of_a_phones_screen(chromium: Browser, app: str, name: str) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{app}/{name}")
    page.get_by_role("heading").first.wait_for(timeout=60_000)
    settle(page)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    context.close()
