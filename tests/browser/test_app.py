"""The main journeys of a PM: open, drag, share a link; the figures are the command line's to the last digit."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from core.number_format import FORMATS
from pages.shared.navigation import OLD_ADDRESSES
from tests.browser.conftest import serving
from tests.browser.cutline import command, next_frames, open_page, plot_box, read, visit

TILES = {
    "false_positive_rate": "percent",
    "review_cost": "dollars_short",
    "fraud_loss": "dollars_short",
    "saving": "dollars_short",
    "flac": "dollars_fine",
}
PLACES = (0.08, 0.14, 0.21, 0.3, 0.45, 0.6, 0.8)


def shown_by_the_command_line(threshold: str, *options: str) -> dict[str, str]:
    """The five figures of `curve`, in the page's words; a month of 30 days, as the page has it."""
    answer = command("curve", "sample", "--at", threshold, *options)
    assert answer["month_factor"] == 1  # the sample's decision month has 30 days
    return {name: FORMATS[words](answer[name]) for name, words in TILES.items()}


def test_figures_in_mid_drag_are_the_command_lines(page: Page, app: str) -> None:
    root = open_page(page, app)
    box = plot_box(root)
    page.mouse.move(box["x"] + 0.05 * box["width"], box["y"])
    page.mouse.down()
    seen = []
    for place in PLACES:
        page.mouse.move(box["x"] + place * box["width"], box["y"], steps=4)
        next_frames(page)
        seen.append(read(root))
    page.mouse.up()
    assert len({shown["threshold"] for shown in seen}) == len(PLACES)
    for shown in seen:
        assert shown["figures"] == shown_by_the_command_line(shown["threshold"])


def test_the_same_under_other_prices(page: Page, app: str) -> None:
    prices = ("abandonment_rate=0.05", "fraud_loss_rate=1", "chargeback_fee=20", "reviewer_catch_rate=0.9")
    root = open_page(page, f"{app}/?{'&'.join(prices)}")
    options = [part for price in prices for part in ("--set", price)]
    shown = read(root)
    assert shown["figures"] == shown_by_the_command_line(shown["threshold"], *options)


def test_the_cheapest_threshold_is_the_command_lines(page: Page, app: str) -> None:
    root = open_page(page, app)
    root.get_by_role("button", name="Go to cheapest").click()
    next_frames(page)
    best = command("optimum", "sample")
    assert float(read(root)["threshold"]) == best["threshold"]
    assert read(root)["counts"]["false_positives"] == FORMATS["count"](best["false_positives"])


def test_the_argument_is_built_from_the_numbers(page: Page, app: str) -> None:
    """The opening sentence is the claim's: 2 % against 0.5 % false positives."""
    root = open_page(page, app)
    line, base = (command("optimum", "sample", "--max-fpr", fpr, "--min-detection", "0") for fpr in ("0.005", "0.02"))
    sentence = read(root)["sentence"]
    assert sentence.startswith("Moving from 2.0\u00a0% to 0.5\u00a0% FPR saves $")
    assert line["false_positive_rate"] <= 0.005 and base["false_positive_rate"] <= 0.02
    assert sentence.endswith(" a month.")


def test_release_refreshes_the_tables_and_the_link(page: Page, app: str) -> None:
    root = open_page(page, app)
    box = plot_box(root)
    page.mouse.click(box["x"] + 0.5 * box["width"], box["y"])
    threshold = read(root)["threshold"]
    page.wait_for_url(f"**/?*line={threshold}*")
    expect(page.get_by_test_id("stDataFrame")).to_have_count(2)
    cells = page.get_by_test_id("stDataFrame").nth(1).locator("tbody tr td:last-child")  # kept for screen readers
    expect(cells).to_have_count(10)
    dollars = [float(cost.strip("$").replace(",", "")) for cost in cells.all_text_contents()]
    assert dollars == sorted(dollars, reverse=True)


def test_a_link_reproduces_the_view(page: Page, chromium: Browser, app: str) -> None:
    root = open_page(page, f"{app}/?review_cost=8&axis=review")
    box = plot_box(root)
    page.mouse.click(box["x"] + 0.4 * box["width"], box["y"])
    page.wait_for_url("**line=*")
    shown = read(root)
    other = chromium.new_context()
    again = open_page(other.new_page(), page.url)
    assert read(again) == shown
    expect(other.pages[0].get_by_role("spinbutton", name="Review cost")).to_have_value("8.00")
    other.close()


def test_a_bad_value_in_a_link_is_ignored_with_a_note(page: Page, app: str) -> None:
    root = open_page(page, f"{app}/?line=NaN&review_cost=<script>alert(1)</script>&axis=sideways&x=1")
    notes = page.get_by_test_id("stAlert")
    expect(notes).to_have_count(4)
    assert "<script>alert(1)</script>" in "".join(notes.all_text_contents())
    assert read(root)["figures"] == shown_by_the_command_line(read(root)["threshold"])


def test_a_link_that_names_the_first_page_opens_it(page: Page, app: str) -> None:
    open_page(page, app)  # the app has run: from now on its own list of pages holds
    page.goto(f"{app}/threshold?line=0.3")
    root = page.locator(".cutline").first
    root.locator(".value").first.wait_for(timeout=60_000)
    assert float(read(root)["threshold"]) == pytest.approx(0.3, abs=0.01)
    expect(page.get_by_text("Page not found")).to_have_count(0)


def test_a_limit_on_reviews_can_be_taken_away_again(page: Page, app: str) -> None:
    open_page(page, f"{app}/?reviews_per_day=50")
    box = page.get_by_role("spinbutton", name="Review capacity (reviews a day)")
    expect(box).to_have_value("50")
    box.fill("")
    box.press("Enter")
    page.wait_for_url(lambda url: "reviews_per_day" not in url)
    expect(box).to_have_value("")


def test_prices_survive_a_visit_to_another_page(page: Page, app: str) -> None:
    root = open_page(page, f"{app}/?review_cost=8")
    shown = read(root)
    visit(page, "Model")
    expect(page.get_by_text("On orders the model has not seen")).to_be_visible()
    visit(page, "Threshold")
    root.locator(".value").first.wait_for()
    next_frames(page)
    assert read(root) == shown


def test_every_page_stands_alone_on_a_fresh_server(chromium: Browser, sample: str) -> None:
    for path, words in (("threshold", "Where should the line be drawn?"), ("model", "What the scores rest on")):
        with serving("app.py") as address:
            context = chromium.new_context()
            page = context.new_page()
            page.goto(f"{address}/{path}")
            expect(page.get_by_text(words)).to_be_visible(timeout=60_000)
            visit(page, "Confidence")
            expect(page.get_by_text("How sure is that?")).to_be_visible(timeout=60_000)
            context.close()


@pytest.mark.parametrize(("old", "new"), OLD_ADDRESSES.items())
def test_an_old_address_leads_on_with_all_that_its_link_says(page: Page, app: str, old: str, new: str) -> None:
    page.goto(f"{app}/{old}?line=0.1&review_cost=8")
    page.wait_for_url(f"**/{new}?*review_cost=8*", timeout=60_000)
    expect(page.get_by_text("Page not found")).to_have_count(0)


def test_an_old_address_leads_on_from_a_fresh_server(chromium: Browser, sample: str) -> None:
    with serving("app.py") as address:
        context = chromium.new_context()
        page = context.new_page()
        page.goto(f"{address}/worlds?line=0.1")
        page.wait_for_url("**/what_if?*line=0.1*", timeout=60_000)
        expect(page.get_by_text("Page not found")).to_have_count(0)
        context.close()


def test_the_first_click_after_a_link_to_a_fresh_server_counts(chromium: Browser, sample: str) -> None:
    with serving("app.py") as address:
        context = chromium.new_context()
        page = context.new_page()
        page.goto(f"{address}/team?line=0.1&reviews_per_day=40")
        page.get_by_role("radio", name="they wait for the next day").click(timeout=60_000)
        expect(page.get_by_text("wait over night, the oldest for")).to_be_visible(timeout=60_000)
        context.close()


def test_the_answer_fits_a_phone(chromium: Browser, app: str) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    root = open_page(page, app)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    boxes = [tile.bounding_box() for tile in root.locator(".tile").all()]
    assert all(box and box["x"] >= 0 and box["x"] + box["width"] <= 390 for box in boxes)
    context.close()


TINY = {
    "one order": "order_id,amount,is_fraud,score\na,10,1,0.5\n",
    "nothing scored": "order_id,amount,is_fraud,score\na,10,1,\nb,20,0,\n",
    "no fraud": "order_id,ordered_at,amount,is_fraud,score\na,2026-03-01,10,0,0.5\nb,2026-03-02,20,0,0.25\n",
    "no outcomes": "order_id,ordered_at,amount,score\na,2026-03-01,10,0.5\nb,2026-03-02,20,0.25\n",
    "hostile names": "order_id,amount,is_fraud,score\n<img src=x onerror=alert(1)>,10,0,1\n[a](b) $x$ **b**,20,1,0\n",
}


@pytest.mark.parametrize("name", TINY)
def test_orders_that_can_answer_little_still_get_a_page(page: Page, tmp_path: Path, name: str) -> None:
    (tmp_path / "tiny <b>.csv").write_text(TINY[name])
    command("build", str(tmp_path / "tiny <b>.csv"), "--out", str(tmp_path / "built"))
    with serving("app.py", str(tmp_path / "built")) as address:
        root = open_page(page, address)
        root.locator(".slider[name=line]").press("End")
        next_frames(page)
        expect(page.get_by_test_id("stAlert")).to_have_count(0)
        expect(page.get_by_test_id("stException")).to_have_count(0)
        expect(page.get_by_role("heading")).to_contain_text("tiny <b>.csv")
        assert "NaN" not in root.inner_text() and "undefined" not in root.inner_text()
        page.goto(f"{address}/model")
        expect(page.get_by_text("What the scores rest on")).to_be_visible()
        expect(page.get_by_test_id("stException")).to_have_count(0)


@pytest.mark.parametrize(
    ("make", "words"),
    [(lambda folder: None, "is not a built data set"), (lambda folder: folder.write_text("{"), "is damaged")],
    ids=["missing", "damaged"],
)
def test_a_data_set_that_cannot_be_read_gets_one_message(page: Page, tmp_path: Path, make, words: str) -> None:
    make(tmp_path / "manifest.json")
    with serving("app.py", str(tmp_path)) as address:
        page.goto(address)
        expect(page.get_by_test_id("stAlert")).to_contain_text(words, timeout=60_000)
        expect(page.get_by_test_id("stException")).to_have_count(0)
