"""A file of about 100 MB dropped on the page in headless Chromium: to the first paint of its report, to the scores
taken, to the threshold view; against the plain checks of the same file without a browser.

python -m benchmarks.upload
"""

from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import pyarrow.csv
from playwright.sync_api import Page, sync_playwright

from benchmarks.reading import curve_of, made_up_orders, take_in
from benchmarks.timing import report, seconds
from tests.browser.conftest import ARGUMENTS, CHROMIUM, serving

ROWS, ROUNDS = 1_100_000, 3


def main() -> None:
    if CHROMIUM is None:
        print("skipped: no Chromium")
        return
    with TemporaryDirectory() as folder, serving("app.py") as address, sync_playwright() as playwright:
        path = Path(folder) / "orders.csv"
        pyarrow.csv.write_csv(made_up_orders(ROWS), path, pyarrow.csv.WriteOptions(quoting_style="none"))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        rounds = [_journey(browser.new_page(), address, path) for _ in range(ROUNDS)]
        browser.close()
        painted, taken, drawn = (median(part) for part in zip(*rounds, strict=True))
        print(
            f"{path.stat().st_size / 1e6:.0f} MB uploaded: report painted after {painted:.1f} s, "
            f"scores taken {taken:.1f} s after the click, threshold view {drawn:.1f} s after its"
        )
        alone = seconds(lambda: curve_of(take_in(path)), ROUNDS)
        report("upload, check, curve in the browser", painted + taken + drawn, "the same without it", alone, 1, "s")


def _journey(page: Page, address: str, path: Path) -> tuple[float, float, float]:
    page.goto(address)
    page.get_by_role("link", name="Your orders").click(timeout=60_000)
    page.get_by_test_id("stFileUploaderDropzoneInput").wait_for(state="attached")
    page.wait_for_timeout(1500)
    start = perf_counter()
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(path)
    page.get_by_text("2 · What was found").wait_for(timeout=120_000)
    painted = perf_counter()
    page.get_by_role("button", name="Go on").wait_for(timeout=60_000)
    page.wait_for_timeout(1500)
    clicked = perf_counter()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("link", name="Drag the line on these orders").wait_for(timeout=120_000)
    taken = perf_counter()
    page.wait_for_timeout(1000)
    linked = perf_counter()
    page.get_by_role("link", name="Drag the line on these orders").click()
    page.locator(".cutline .value").first.wait_for(timeout=60_000)
    drawn = perf_counter()
    page.get_by_role("button", name="Forget my data").click()
    page.wait_for_timeout(1500)
    page.close()
    return painted - start, taken - clicked, drawn - linked


if __name__ == "__main__":
    main()
