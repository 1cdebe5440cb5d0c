"""The upload journeys of an analyst, in real Chromium: a good file, one that needs answers, a broken one; and that
nobody sees another's orders."""

import io
import re
from pathlib import Path

import pandas as pd
from playwright.sync_api import Browser, Page, expect

from core.reading.formulas import restored
from tests.browser.cutline import read
from tests.tables import learnable_orders

ROOT = Path(__file__).parent.parent.parent
EXAMPLE = ROOT / "data" / "example.csv"


def settle(page: Page) -> None:
    """Wait until no script runs and nothing shown is stale."""
    page.wait_for_timeout(300)
    page.wait_for_function(
        "() => !document.querySelector('[data-testid=stStatusWidget]') && !document.querySelector('[data-stale=true]')"
    )


def bring(page: Page, address: str, *files: Path) -> None:
    """Open Your orders by its link in the app and choose files."""
    page.goto(address)
    page.get_by_role("link", name="Your orders").click(timeout=60_000)
    page.get_by_test_id("stFileUploaderDropzoneInput").wait_for(state="attached", timeout=90_000)
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(files)


def go_on(page: Page) -> None:
    settle(page)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("link", name="Drag the line on these orders").click(timeout=60_000)
    page.locator(".cutline .value").first.wait_for(timeout=60_000)
    settle(page)


def test_a_good_file_from_upload_to_decisions(page: Page, app: str) -> None:
    bring(page, app, EXAMPLE)
    expect(page.get_by_test_id("stMetric").first).to_contain_text("500", timeout=30_000)
    go_on(page)
    expect(page.get_by_text("Your own orders, example.csv")).to_be_visible()
    threshold = float(read(page.locator(".cutline").first)["threshold"])
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    table = pd.read_csv(download.value.path(), dtype={"order_id": str})
    source = pd.read_csv(EXAMPLE, dtype={"order_id": str})
    assert sorted(map(restored, table["order_id"])) == sorted(source["order_id"])
    assert (table["decision"].eq("review") == (table["score"] >= threshold)).all()
    with page.expect_download() as download:
        page.get_by_role("button", name="Parquet").click()
    assert pd.read_parquet(download.value.path())["score"].tolist() == table["score"].tolist()


def test_a_file_that_needs_answers(page: Page, app: str, tmp_path: Path) -> None:
    """Semicolons, money with signs, dates that could be either, percentages, a word for fraud, one bad amount."""
    rows = ["Ref;When;Order Total;Outcome;Risk %"]
    rows += [
        f"R{n:03};0{n % 9 + 1}/0{n % 3 + 1}/2026;$1,{n:03}.50;{'fraud' if n % 10 == 0 else 'settled'};{n % 97}%"
        for n in range(200)
    ]
    rows[7] = "R006;01/01/2026;ten;settled;5%"
    (tmp_path / "shop.csv").write_text("\n".join(rows) + "\n")
    bring(page, app, tmp_path / "shop.csv")
    expect(page.get_by_text("Dates whose day and month could change places")).to_be_visible(timeout=30_000)
    page.get_by_role("combobox", name="Time of the order is written").click()
    page.get_by_role("option", name="%d/%m/%Y", exact=True).click()
    expect(page.get_by_text("Amounts that are no number")).to_be_visible(timeout=30_000)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download 1 rejected row").click()
    lost = pd.read_csv(download.value.path(), dtype=str)
    assert lost[["cutline row", "Order Total"]].to_numpy().tolist() == [["8", "ten"]]
    go_on(page)
    expect(page.get_by_text("every figure is of 199 of 200 rows")).to_be_visible()


def test_a_broken_file_gets_one_message_and_a_good_one_after_it_works(page: Page, app: str, tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 100)
    bring(page, app, tmp_path / "orders.csv")
    expect(page.get_by_test_id("stAlert")).to_have_count(1, timeout=30_000)
    expect(page.get_by_test_id("stAlert")).to_contain_text("orders.csv is a PNG picture")
    assert page.get_by_text("Traceback").count() == 0
    page.get_by_role("button", name=re.compile("Remove")).first.click()
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(EXAMPLE)
    expect(page.get_by_test_id("stMetric").first).to_contain_text("500", timeout=30_000)


def test_training_is_cancelled_and_then_done(page: Page, app: str, tmp_path: Path) -> None:
    learnable_orders(rows=60_000).to_csv(tmp_path / "orders.csv", index=False)
    bring(page, app, tmp_path / "orders.csv")
    page.get_by_text("Train a model on these orders").wait_for(timeout=60_000)
    settle(page)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Cancel").click(timeout=30_000)
    settle(page)
    expect(page.get_by_test_id("stProgress")).to_have_count(0)
    expect(page.get_by_role("link", name="Drag the line on these orders")).to_have_count(0)
    go_on(page)


def test_two_readers_at_once_see_their_own_orders_only(chromium: Browser, app: str, tmp_path: Path) -> None:
    """Over real websockets: one brings orders, the other sees the sample; after forgetting, so does the first."""
    secret = pd.read_csv(EXAMPLE).assign(order_id=[f"secret{n}" for n in range(500)])
    secret.to_csv(tmp_path / "secret.csv", index=False)
    contexts = [chromium.new_context(viewport={"width": 1440, "height": 900}) for _ in range(2)]
    one, two = (context.new_page() for context in contexts)
    bring(one, app, tmp_path / "secret.csv")
    go_on(one)
    two.goto(app)
    two.locator(".cutline .value").first.wait_for(timeout=60_000)
    settle(two)
    expect(two.get_by_text("Sample marketplace").first).to_be_visible()
    assert "secret" not in two.content()
    two.get_by_role("link", name="Your orders").click()
    two.get_by_test_id("stFileUploader").wait_for()
    assert "secret" not in two.content()
    expect(one.get_by_text("Your own orders, secret.csv")).to_be_visible()
    one.get_by_role("button", name="Forget my data").click()
    settle(one)
    expect(one.get_by_text("Sample marketplace").first).to_be_visible()
    assert "secret" not in one.content()
    for context in contexts:
        context.close()


def test_the_way_back_to_your_orders_finds_the_file_again(page: Page, app: str) -> None:
    bring(page, app, EXAMPLE)
    go_on(page)
    page.get_by_role("link", name="Your orders").click()
    expect(page.get_by_text("Loaded: example.csv")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("3 · The way on")).to_be_visible()


def test_a_browser_closed_in_mid_upload_harms_nobody(chromium: Browser, app: str, tmp_path: Path) -> None:
    out = io.StringIO("order_id,amount,score\n" + "".join(f"o{n},1.5,0.25\n" for n in range(2_000_000)))
    (tmp_path / "big.csv").write_text(out.getvalue())
    context = chromium.new_context()
    leaving = context.new_page()
    bring(leaving, app, tmp_path / "big.csv")
    leaving.wait_for_timeout(300)
    context.close()
    context = chromium.new_context()
    staying = context.new_page()
    bring(staying, app, EXAMPLE)
    expect(staying.get_by_test_id("stMetric").first).to_contain_text("500", timeout=60_000)
    context.close()


def test_on_a_phone_nothing_is_wider_than_the_screen(chromium: Browser, app: str) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    bring_on_a_phone(page, app)
    expect(page.get_by_test_id("stMetric").first).to_contain_text("500", timeout=30_000)
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


def bring_on_a_phone(page: Page, address: str) -> None:
    page.goto(f"{address}/orders")
    page.get_by_test_id("stFileUploaderDropzoneInput").wait_for(state="attached", timeout=60_000)
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(EXAMPLE)
