"""The drag component: pointer, keyboard, touch, two on a page, reruns, and what it tells the server."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from core.assumptions import Assumptions
from core.deciding.review_decline import best_pair, figures_of
from core.number_format import count, dollars_short
from core.policy import Steps
from core.pricing.cube import build_cube, step_of
from tests.browser.conftest import serving
from tests.browser.cutline import next_frames, open_page, plot_box, read
from tests.browser.two_drags import made_orders

FRAMES = """() => new Promise(done => {
  const times = [];
  const note = time => {
    times.push(time);
    if (time - times[0] > 2000) done(times); else requestAnimationFrame(note);
  };
  requestAnimationFrame(note);
})"""


@pytest.fixture(scope="module")
def two_drags() -> Iterator[str]:
    with serving("tests/browser/two_drags.py") as address:
        yield address


def drag(page: Page, root: object, *places: float) -> None:
    """Press at the first place (0-1 of the plot), move over the others, and stay down."""
    box = plot_box(root)  # type: ignore[arg-type]
    page.mouse.move(box["x"] + places[0] * box["width"], box["y"])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(box["x"] + place * box["width"], box["y"])
    next_frames(page)


def test_nothing_goes_to_the_server_before_the_release(page: Page, two_drags: str) -> None:
    sent: list[object] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    root = open_page(page, two_drags)
    before = len(sent)
    drag(page, root, 0.3, *(0.3 + step / 100 for step in range(40)))
    assert len(sent) == before
    threshold = float(read(root)["threshold"])
    page.mouse.up()
    expect(page.get_by_text(f"server one: {{'threshold': {threshold}")).to_be_visible()
    assert len(sent) > before


def test_two_on_one_page_do_not_disturb_each_other(page: Page, two_drags: str) -> None:
    first = open_page(page, two_drags)
    second = page.locator(".cutline").nth(1)
    expect(second.locator(".value").first).to_be_visible()
    untouched = read(first)
    drag(page, second, 0.2, 0.6)
    page.mouse.up()
    expect(page.get_by_text("server two: {")).to_be_visible()
    assert read(first) == untouched
    assert read(second)["threshold"] != untouched["threshold"]


def test_the_keyboard_moves_by_a_step_a_page_and_to_the_ends(page: Page, two_drags: str) -> None:
    root = open_page(page, two_drags)
    slider = root.locator(".slider[name=line]")
    slider.focus()
    step = int(root.get_attribute("data-step") or -1)
    seen = []
    for key in ("ArrowRight", "ArrowLeft", "PageUp", "PageDown", "Home", "End"):
        slider.press(key)
        next_frames(page)
        seen.append(int(root.get_attribute("data-step") or -1))
    assert step < seen[0] < step + 40  # steps that only add fraud stand at the same rate: they are passed over
    assert seen[1] <= step
    assert seen[2] - seen[1] >= 50
    assert seen[4] == 0
    assert root.get_attribute("data-threshold") != "none"
    expect(page.get_by_text("server one: {")).to_be_visible()  # one commit once the keys rest


def test_flag_nobody_is_said_in_words(page: Page, two_drags: str) -> None:
    root = open_page(page, two_drags)
    root.locator(".slider[name=line]").press("Home")
    expect(root.locator(".where")).to_have_text("No threshold: nobody is flagged · flags 0 orders")
    assert read(root)["figures"]["review_cost"] == "$0"


def test_the_slider_speaks_threshold_and_saving(page: Page, two_drags: str) -> None:
    """The tree Chromium gives to its debugger has role and name; its `valuetext` there is the input's bare value,
    whatever aria-valuetext says, so the words are read from the attribute."""
    root = open_page(page, two_drags)
    root.locator(".slider[name=line]").press("ArrowRight")
    next_frames(page)
    words = root.locator(".slider[name=line]").get_attribute("aria-valuetext") or ""
    threshold = float(read(root)["threshold"])
    assert words.startswith(f"Threshold {threshold:#.4g}, FPR ")
    assert words.endswith(f"saving {read(root)['figures']['saving']}")
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    sliders = [node for node in nodes if node.get("role", {}).get("value") == "slider"]
    assert sliders[0]["name"]["value"] == "Decision threshold"
    assert not sliders[0]["ignored"]


def test_touch_moves_the_line(chromium: Browser, two_drags: str) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    root = open_page(page, two_drags)
    box = plot_box(root)
    before = read(root)["threshold"]
    page.touchscreen.tap(box["x"] + 0.7 * box["width"], box["y"])
    expect(page.get_by_text("server one: {")).to_be_visible()
    assert read(root)["threshold"] != before
    context.close()


def test_a_changed_price_moves_figures_but_neither_line_nor_page(page: Page, two_drags: str) -> None:
    root = open_page(page, two_drags)
    drag(page, root, 0.25, 0.5)
    page.mouse.up()
    before = read(root)
    root.locator(".plot").evaluate("node => node.mine = 1")
    page.get_by_label("Review cost").fill("24")
    page.get_by_label("Review cost").press("Enter")
    expect(root.locator("[data-figure=review_cost]")).not_to_have_text(before["figures"]["review_cost"])
    after = read(root)
    assert after["threshold"] == before["threshold"]
    assert after["figures"]["false_positive_rate"] == before["figures"]["false_positive_rate"]
    assert root.locator(".plot").evaluate("node => node.mine") == 1  # the same node: nothing was built again


def test_another_axis_keeps_the_line(page: Page, two_drags: str) -> None:
    root = open_page(page, two_drags)
    drag(page, root, 0.25, 0.4)
    page.mouse.up()
    before = read(root)
    for axis in ("score", "review"):
        page.get_by_role("radio", name=axis).click()
        expect(root.locator(".grid .title")).to_contain_text("Score" if axis == "score" else "Review rate")
        assert read(root) == before


def test_pinning_makes_the_line_the_baseline(page: Page, two_drags: str) -> None:
    root = open_page(page, two_drags)
    root.get_by_role("button", name="Pin line as baseline").click()
    expect(root.locator(".sentence:visible")).to_contain_text("The line stands on the baseline")
    root.get_by_role("button", name="Baseline: approve everything").click()
    expect(root.locator(".sentence:visible")).to_contain_text("Against approving everything")
    root.get_by_role("button", name="Go to cheapest").click()
    expect(root.get_by_role("button", name="Go to cheapest")).to_have_attribute("aria-pressed", "true")


def test_a_drag_of_two_seconds_drops_few_frames(page: Page, two_drags: str) -> None:
    """A loose bound for busy machines; benchmarks/drag.py measures."""
    root = open_page(page, two_drags)
    box = plot_box(root)
    page.mouse.move(box["x"] + 0.1 * box["width"], box["y"])
    page.mouse.down()
    counting = page.evaluate_handle(f"() => {{ window.counted = ({FRAMES})(); }}")
    for move in range(120):
        page.mouse.move(box["x"] + (0.1 + 0.006 * move) * box["width"], box["y"])
        page.wait_for_timeout(12)
    times = page.evaluate("() => window.counted")
    counting.dispose()
    page.mouse.up()
    seconds = (times[-1] - times[0]) / 1000
    assert (len(times) - 1) / seconds > 40


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_follow_the_theme(chromium: Browser, two_drags: str, scheme: str) -> None:
    context = chromium.new_context(color_scheme=scheme)  # type: ignore[arg-type]
    root = open_page(context.new_page(), two_drags)
    colour = root.evaluate("node => getComputedStyle(node).color")
    brightness = sum(int(part) for part in colour.strip("rgba()").split(",")[:3])
    assert (brightness > 384) == (scheme == "dark")
    context.close()


def cuts(root: Locator) -> tuple[float, float]:
    """Review threshold and decline cut-off as painted; a decline cut-off of nobody is infinite."""
    review, decline = (root.get_attribute(f"data-{name}") or "" for name in ("threshold", "decline"))
    return float(review), float("inf") if decline == "none" else float(decline)


def second(page: Page, address: str) -> Locator:
    """The drag with two cut-offs."""
    open_page(page, address)
    root = page.locator(".cutline").nth(1)
    root.locator(".value").first.wait_for()
    return root


def test_both_cut_offs_are_dragged_on_one_chart_and_the_server_hears_both(page: Page, two_drags: str) -> None:
    root = second(page, two_drags)
    review, decline = cuts(root)
    assert decline == float("inf")
    drag(page, root, 0.001, 0.08)  # the decline line stands at the left edge: nobody
    moved = cuts(root)
    assert moved[0] == review
    assert review < moved[1] < 1
    expect(root.locator("[data-figure=declined]")).not_to_have_text("0")
    page.mouse.up()
    expect(page.get_by_text(f'"decline":{moved[1]}').or_(page.get_by_text(f"'decline': {moved[1]}"))).to_be_visible()
    drag(page, root, 0.9, 0.6)  # nearer to the review line
    page.mouse.up()
    assert cuts(root)[1] == moved[1]
    assert cuts(root)[0] < review


def test_the_lines_stop_at_each_other(page: Page, two_drags: str) -> None:
    root = second(page, two_drags)
    drag(page, root, 0.001, 0.95)
    page.mouse.up()
    assert cuts(root)[0] == cuts(root)[1]
    expect(root.locator("[data-figure=review_cost]")).to_have_text("$0")


def test_what_is_painted_for_two_cut_offs_is_what_python_prices(page: Page, two_drags: str) -> None:
    root = second(page, two_drags)
    drag(page, root, 0.001, 0.1)
    page.mouse.up()
    prices, cube = Assumptions(margin_rate=0.05), build_cube(made_orders())
    told = figures_of(cube, prices, Steps(*(step_of(cube, cut) for cut in cuts(root))))
    shown = read(root)["figures"]
    assert shown["saving"] == dollars_short(told["saving"])
    assert shown["review_cost"] == dollars_short(told["review_cost"])
    assert root.locator("[data-figure=declined]").text_content() == count(told["declined"])
    top = float((root.locator("path.total").get_attribute("d") or "").rsplit(",", 1)[1])
    assert top > 0


def test_keys_move_the_decline_line_and_the_cheapest_pair_is_one_click(page: Page, two_drags: str) -> None:
    root = second(page, two_drags)
    slider = root.get_by_label("Decline cut-off")
    slider.focus()
    slider.press("PageUp")
    next_frames(page)
    first = cuts(root)[1]
    slider.press("ArrowRight")
    next_frames(page)
    assert cuts(root)[1] < first < 1
    assert "Declined from" in (slider.get_attribute("aria-valuetext") or "")
    root.get_by_role("button", name="Go to cheapest").click()
    best = best_pair(build_cube(made_orders()), Assumptions(margin_rate=0.05))
    assert best.decline_step > 0
    next_frames(page)
    cube = build_cube(made_orders())
    assert tuple(step_of(cube, cut) for cut in cuts(root)) == (best.review_step, best.decline_step)


def test_one_cut_off_has_one_slider(page: Page, two_drags: str) -> None:
    root = open_page(page, two_drags)
    expect(root.locator(".slider:visible")).to_have_count(1)
    expect(root.locator(".line")).to_have_count(1)
