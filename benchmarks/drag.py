"""The drag in headless Chromium: frames a second and script time a move over a 2 s drag, against Plotly moving a line
by relayout in the same browser; and the time from release to refreshed tables.

python -m benchmarks.drag
"""

from pathlib import Path
from statistics import median

import numpy as np
import plotly
from playwright.sync_api import CDPSession, Locator, Page, sync_playwright

from tests.browser.conftest import ARGUMENTS, CHROMIUM, serving
from tests.browser.cutline import open_page, plot_box

MOVES, SECONDS, ROUNDS, RELEASES = 120, 2.0, 5, 25
WORK = ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration")

COUNT = """() => { const times = []; window.frameTimes = times; window.counting = true;
  const note = time => { times.push(time); if (window.counting) requestAnimationFrame(note); };
  requestAnimationFrame(note); }"""

PEER = """<div id="plot" style="width:1000px;height:380px"></div><script>
const x = Array.from({length: 1000}, (_, i) => i / 1000);
const layers = [1, 2, 3, 4].map(k => ({x, y: x.map(v => k * v * v), stackgroup: "cost", name: `part ${k}`}));
const line = x0 => [{type: "line", x0, x1: x0, y0: 0, y1: 1, yref: "paper"}];
Plotly.newPlot("plot", layers, {shapes: line(0.1), margin: {l: 56, r: 16, t: 62, b: 40}});
let wanted = null, busy = false;
const move = () => Plotly.relayout("plot", {shapes: line(wanted)}).then(() => { busy = false; });
window.addEventListener("mousemove", event => {
  wanted = (event.clientX - 56) / 928;
  if (!busy) { busy = true; requestAnimationFrame(move); }
}, {capture: true});
</script>"""

# The grid draws its cells on a canvas: refreshed is when the pixels of its first rows have changed.
RELEASE = """() => new Promise(done => {
  const canvas = document.querySelectorAll("[data-testid=stDataFrame]")[1].querySelector("canvas");
  const read = () => canvas.getContext("2d").getImageData(0, 40, 240, 120).data.join();
  const before = read();
  let start = null;
  window.addEventListener("pointerup", () => { start = performance.now(); }, {once: true, capture: true});
  const watch = () => {
    if (start !== null && read() !== before) done(performance.now() - start);
    else if (start !== null && performance.now() - start > 5000) done(null);
    else setTimeout(watch, 2);
  };
  watch();
})"""


def main() -> None:
    if CHROMIUM is None:
        print("skipped: no Chromium")
        return
    with serving("app.py") as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        root = open_page(page, address)
        page.wait_for_timeout(1500)
        steps = int(root.evaluate("node => +node.querySelector('.slider').max && node.dataset.step"))
        ours = [_drag(page, plot_box(root)) for _ in range(ROUNDS)]
        print(f"on the sample, {_steps():,} steps, line at step {steps}")
        _say("cutline", ours)
        releases = _releases(page, root)
        print(
            f"release to refreshed tables: median {median(releases):.0f} ms, p95 {np.quantile(releases, 0.95):.0f} ms"
        )
        page.set_content("<body></body>")
        page.add_script_tag(path=Path(plotly.__file__).parent / "package_data" / "plotly.min.js")
        page.evaluate("html => { document.body.innerHTML = html; }", PEER.split("<script>")[0])
        page.add_script_tag(content=PEER.split("<script>")[1].split("</script>")[0])
        page.wait_for_timeout(1500)
        peer = [_drag(page, {"x": 66, "width": 900, "y": 200}) for _ in range(ROUNDS)]
        _say("plotly relayout", peer)
        ratio = median(p["script"] for p in peer) / median(o["script"] for o in ours)
        print(f"script a move: {ratio:.1f} x less than relayout, which moves the line and rewrites no figure")
        browser.close()


def _steps() -> int:
    from core.building.store import folder_of, load_data_set
    from core.pricing.cube import build_cube

    return build_cube(load_data_set(folder_of("sample")).orders).thresholds.size


def _drag(page: Page, box: dict[str, float]) -> dict[str, float]:
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    page.mouse.move(box["x"] + 0.02 * box["width"], box["y"])
    page.mouse.down()
    page.wait_for_timeout(200)
    page.evaluate(COUNT)
    before = _work(session)
    for move in range(MOVES):
        page.mouse.move(box["x"] + (0.02 + 0.9 * move / MOVES) * box["width"], box["y"])
        page.wait_for_timeout(1000 * SECONDS / MOVES - 4)
    done = _work(session)
    times = np.array(page.evaluate("() => { window.counting = false; return window.frameTimes; }"))
    page.mouse.up()
    page.wait_for_timeout(400)
    gaps = np.diff(times)
    return {"fps": 1000 * len(gaps) / (times[-1] - times[0]), "longest": gaps.max(), **_a_move(before, done)}


def _work(session: CDPSession) -> dict[str, float]:
    metrics = {row["name"]: row["value"] for row in session.send("Performance.getMetrics")["metrics"]}
    return {name: metrics[name] for name in WORK}


def _a_move(before: dict[str, float], done: dict[str, float]) -> dict[str, float]:
    """Milliseconds of a move: script alone, and with style and layout."""
    took = {name: 1000 * (done[name] - before[name]) / MOVES for name in WORK}
    return {"script": took["ScriptDuration"], "work": sum(took.values())}


def _releases(page: Page, root: Locator) -> list[float]:
    box, times = plot_box(root), []
    for turn in range(RELEASES):
        place = 0.1 + 0.7 * (turn * 7 % RELEASES) / RELEASES
        page.mouse.move(box["x"] + place * box["width"], box["y"])
        page.mouse.down()
        page.wait_for_timeout(150)
        waiting = page.evaluate_handle(f"() => {{ window.released = ({RELEASE})(); }}")
        page.mouse.up()
        took = page.evaluate("() => window.released")
        waiting.dispose()
        if took is not None:
            times.append(took)
        page.wait_for_timeout(150)
    return times


def _say(name: str, rounds: list[dict[str, float]]) -> None:
    fps, longest, work, script = (median(r[part] for r in rounds) for part in ("fps", "longest", "work", "script"))
    worst = max(r["longest"] for r in rounds)
    print(f"{name}: {fps:.1f} frames/s, longest frame {longest:.1f} ms (worst {worst:.1f}); "
          f"a move takes {script:.2f} ms of script, {work:.2f} ms with style and layout")  # fmt: skip


if __name__ == "__main__":
    main()
