"""What the browser tests do and read: open, drag, figures as shown."""

import contextlib
import io
import json
from typing import Any

from playwright.sync_api import Locator, Page

from core.__main__ import main
from pages.shared.navigation import DESTINATIONS

READ = """root => {
  const texts = where => Object.fromEntries(
    [...root.querySelectorAll(`${where} [data-figure]`)].map(node => [node.dataset.figure, node.textContent]));
  return {
    threshold: root.dataset.threshold,
    figures: texts(".tile"),
    counts: texts("td"),
    sentence: [...root.querySelectorAll(".sentence")].find(node => !node.hidden).textContent,
  };
}"""


def open_page(page: Page, address: str) -> Locator:
    """Open an address; returns the first drag component once its figures stand."""
    page.goto(address)
    root = page.locator(".cutline").first
    root.locator(".value").first.wait_for(timeout=60_000)
    page.wait_for_function("() => !document.querySelector('[data-testid=stStatusWidget]')")
    return root


def visit(page: Page, name: str) -> None:
    """Go to another page by the list along the top: by a link, or through the section that holds it."""
    section = next(destination for destination, views in DESTINATIONS.items() if name in {view.title for view in views})
    if section == "Orders":  # one link
        page.get_by_role("link", name=name, exact=True).click()
        return
    page.get_by_role("button", name=section, exact=True).click()
    page.get_by_role("menuitem", name=name, exact=True).click()


def read(root: Locator) -> dict[str, Any]:
    """Threshold and figures as shown, of one moment."""
    shown: dict[str, Any] = root.evaluate(READ)
    return shown


def plot_box(root: Locator) -> dict[str, float]:
    """Where the plot stands on the screen, margins left out."""
    root.locator(".plot").scroll_into_view_if_needed()
    box = root.locator(".plot").bounding_box()
    assert box is not None
    return {"x": box["x"] + 56, "width": box["width"] - 72, "y": box["y"] + box["height"] / 2}


def command(*arguments: str) -> dict[str, Any]:
    """What the command line prints."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        status = main([*arguments, "--json"])
    assert status == 0
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


def next_frames(page: Page) -> None:
    """Let the browser paint."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
