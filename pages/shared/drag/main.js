// takes: said, NO_VALUE (format.js); readView, figureAt, figureAtBaseline, thresholdAt, stepOf (figures.js); makeScale, axisFigure, nearestStep, nextStep (scale.js); MARGIN, drawStill, drawLayers, drawLine, layerAt (chart.js)
// The component: built once a place on the page, painted in animation frames, heard by the server on release only.
const KEY_PAUSE_MS = 250, SLIDER_STEPS = 10000, PAGE_STEPS = 50, HANDLES = ["line", "decline"];
const apps = new WeakMap();

export default function (component) {
  const { data, parentElement, setStateValue } = component;
  if (!data || !data.steps) return;
  let app = apps.get(parentElement);
  if (!app) {
    app = buildApp(parentElement.querySelector(".cutline"));
    apps.set(parentElement, app);
  }
  app.tell = setStateValue;
  if (app.view && app.view.digest === data.digest) return;
  takeView(app, readView(data));
}

function buildApp(root) {
  const part = (name) => root.querySelector(`.${name}`);
  const buttons = [...root.querySelectorAll("button")], pressed = new Map();
  const sliders = Object.fromEntries(HANDLES.map((handle) => [handle, root.querySelector(`[name=${handle}]`)]));
  const app = {
    root, buttons, pressed, sliders, svg: part("plot"), where: part("where"),
    tell: null, // tells the server
    view: null, scale: null, plot: null, // the payload as arrays; where its steps stand; the still chart
    line: 0, decline: 0, baseline: null, // rows of the sums; baseline null: figures that stay
    asked: null, opened: null, committed: null, // where the server opened the lines, and what it was told last
    dragging: null, held: null, pause: null, frame: null, // the pointer, its handle, a pause of the keys, a frame
    texts: new Map(), movers: {}, tiles: null, sentences: null, kind: null, details: null, matrix: null, drawn: null,
  };
  buttons.forEach((button) => button.addEventListener("click", () => press(app, button.name)));
  listenToPointer(app);
  for (const handle of HANDLES) listenToSlider(app, handle);
  new ResizeObserver(() => app.view && redraw(app)).observe(part("chart"));
  return app;
}

function takeView(app, view) {
  const opened = { line: view.line, decline: view.decline };
  const baseline = view.baseline === null ? null : { line: view.baseline, decline: view.baseline_decline };
  const asked = JSON.stringify([opened, baseline].map((policy) => policy && HANDLES.map((handle) => thresholdAt(view, policy[handle]))));
  const kept = (policy) => Object.fromEntries(HANDLES.map((handle) => [handle, stepOf(view, thresholdAt(app.view, policy[handle]))]));
  if (app.asked === asked) Object.assign(app, kept(app), { baseline: app.baseline && kept(app.baseline) }); // where the reader left them
  else Object.assign(app, opened, { baseline, asked, committed: null });
  if (!view.two) app.decline = 0;
  app.opened = opened;
  app.view = view;
  if (!app.tiles) buildWords(app);
  redraw(app);
}

// ---- what is painted -------------------------------------------------------------------------------------------

function redraw(app) {
  const box = app.root.querySelector(".chart").getBoundingClientRect();
  if (!box.width) return;
  app.scale = makeScale(app.view);
  const size = { width: box.width, height: Math.max(240, Math.min(380, box.width * 0.36)) };
  app.svg.style.height = `${size.height}px`;
  app.plot = drawStill(app.svg, app.view, app.scale, { now: policyOf(app), opened: app.opened, baseline: app.baseline }, size);
  app.drawn = app.decline;
  app.movers = {};
  for (const handle of handles(app)) app.movers[handle] = drawLine(app.svg, app.plot, handle);
  app.root.querySelector(".sliders").classList.toggle("one", !app.view.two);
  app.root.querySelector("[name=approve]").textContent = app.view.fixed_button;
  showLegend(app);
  app.root.querySelector(".captions").replaceChildren();
  for (const words of app.view.captions) html("p", "caption", app.root.querySelector(".captions"), words);
  paint(app);
}

function schedule(app) {
  if (app.frame) return;
  app.frame = requestAnimationFrame(() => { app.frame = null; paint(app); });
}

// The lines that can be dragged: the decline cut-off only where it is offered.
function handles(app) {
  return app.view.two ? HANDLES : ["line"];
}

function policyOf(app) {
  return { line: app.line, decline: app.decline };
}

function figureNow(app, name) {
  return figureAt(app.view, name, app.line, app.decline);
}

function paint(app) {
  const { view, line, decline, baseline, plot } = app, threshold = thresholdAt(view, line);
  if (app.drawn !== decline) drawLayers(plot, view, app.drawn = decline); // what it costs to review depends on who is declined
  for (const handle of handles(app)) paintLine(app, handle);
  paintTiles(app);
  paintSentence(app);
  paintMatrix(app);
  for (const { detail, box, value } of app.details) {
    const text = said(figureNow(app, detail.figure), detail.format);
    say(app, value, text);
    if (box.hidden !== (text === NO_VALUE)) box.hidden = text === NO_VALUE;
  }
  say(app, app.where, whereWords(app));
  app.root.dataset.threshold = threshold === null ? "none" : String(threshold);
  app.root.dataset.decline = decline ? String(thresholdAt(view, decline)) : "none";
  app.root.dataset.step = line;
  for (const button of app.buttons) {
    const on = button.name === "approve" ? baseline === null && view.approves : same(policyOf(app), button.name === "pin" ? baseline : view.cheapest);
    if (app.pressed.get(button) !== on) button.setAttribute("aria-pressed", on);
    app.pressed.set(button, on);
  }
}

function paintLine(app, handle) {
  const { view, plot } = app, mover = app.movers[handle], slider = app.sliders[handle], step = app[handle];
  const place = app.scale.places[step], x = plot.x(place);
  mover.group.setAttribute("transform", `translate(${x.toFixed(2)},0)`);
  mover.dot.setAttribute("cy", plot.y(layerAt(view, view.total.figure, step, app.decline)).toFixed(1));
  say(app, mover.text, handle === "line" ? axisWords(view, step) : `decline ${axisWords(view, step)}`, mover.words);
  const half = handle === "line" ? 44 : 64, shift = Math.max(0, half - x) - Math.max(0, x - (plot.width - half));
  if (mover.shift !== shift) mover.text.setAttribute("x", mover.shift = shift);
  const thumb = String(Math.round(place * SLIDER_STEPS));
  if (slider.value !== thumb) slider.value = thumb;
  const saving = said(figureNow(app, "saving"), "dollars_short");
  slider.setAttribute("aria-valuetext", `${cutWords(app, handle)}, ${axisWords(view, step)}, saving ${saving}`);
}

// Where the line stands in words, and whom it stops.
function whereWords(app) {
  const orders = (name) => {
    const many = said(figureNow(app, name), "count");
    return `${many} ${many === "1" ? "order" : "orders"}${app.view.period}`;
  };
  if (!app.view.two) return `${cutWords(app, "line")} · flags ${orders("flagged")}`;
  const unseen = app.decline ? `, ${orders("declined")}` : "";
  return `${cutWords(app, "line")}, ${orders("reviewed")} · ${cutWords(app, "decline")}${unseen}`;
}

function cutWords(app, handle) {
  const { view } = app, cut = thresholdAt(view, app[handle]);
  if (handle === "decline") return cut === null ? "Nobody is declined unseen" : `Declined from ${cut.toPrecision(4)}`;
  if (cut === null) return "No threshold: nobody is flagged";
  const dollars = view.axes[view.axis].format === "dollars_cents";
  if (dollars) return `Reviewed from an expected saving of ${said(cut, "dollars_cents")}`;
  return `${view.two ? "Reviewed from" : "Threshold"} ${cut.toPrecision(4)}`;
}

function axisWords(view, step) {
  const axis = view.axes[view.axis];
  if (axis.figure) return `${axis.short} ${said(axisFigure(view, axis, step), axis.format)}`;
  if (!step) return "nobody";
  const cut = thresholdAt(view, step);
  return `${axis.short} ${axis.format === "score" ? cut.toPrecision(3) : said(cut, axis.format)}`;
}

function same(policy, other) {
  return Boolean(other) && HANDLES.every((handle) => policy[handle] === other[handle]);
}

function paintTiles(app) {
  for (const { tile, value, change } of app.tiles) {
    const now = figureNow(app, tile.figure), was = figureAtBaseline(app.view, tile.figure, app.baseline);
    say(app, value, said(now, tile.format));
    const moved = said(now - was, tile.change, "+");
    say(app, change, `${moved} vs baseline`);
    mood(change, /[1-9]/.test(moved) ? (now > was) === (tile.better === "high") : null);
  }
}

function paintSentence(app) {
  const kind = app.baseline === null ? "fixed" : same(policyOf(app), app.baseline) ? "same" : "pinned";
  if (app.kind !== kind) for (const name in app.sentences) app.sentences[name].node.hidden = name !== kind;
  app.kind = kind;
  for (const { part, node } of app.sentences[kind].parts) {
    if (part.text !== undefined) say(app, node, part.text);
    else if (part.figure) say(app, node, said(valueAt(app, part.figure, part.at), part.format));
    else paintChange(app, part, node);
  }
}

function valueAt(app, name, at) {
  return at === "baseline" ? figureAtBaseline(app.view, name, app.baseline) : figureNow(app, name);
}

function paintChange(app, part, node) {
  const change = valueAt(app, part.change, "line") - valueAt(app, part.change, "baseline");
  const size = said(Math.abs(change), part.format), moved = /[1-9]/.test(size);
  if (part.signed) {
    say(app, node, said(change, part.format, part.signed));
    mood(node, moved ? change > 0 : null);
    return;
  }
  const words = !moved ? part.same : change > 0 ? part.more : part.less;
  say(app, node, words.replace("{}", size));
}

function paintMatrix(app) {
  for (const { cell, count, value, cost } of app.matrix) {
    say(app, count, said(figureNow(app, cell.count), "count"));
    say(app, value, `${said(figureNow(app, cell.value), "dollars_short")} of orders`);
    say(app, cost, cell.cost ? `costs ${said(figureNow(app, cell.cost), "dollars_short")}` : "costs nothing");
  }
}

// A text is written only when it changes: nothing else on the page moves in a drag.
function say(app, node, text, textNode) {
  if (app.texts.get(node) === text) return;
  app.texts.set(node, text);
  if (textNode) textNode.data = text; else node.textContent = text;
}

function mood(node, good) {
  if (node.good === good) return;
  node.good = good;
  node.classList.toggle("good", good === true);
  node.classList.toggle("bad", good === false);
}

// ---- what is built once ----------------------------------------------------------------------------------------

function html(tag, className, parent, text) {
  const node = document.createElement(tag);
  node.className = className;
  if (text !== undefined) node.textContent = text;
  parent.appendChild(node);
  return node;
}

function buildWords(app) {
  const { view, root } = app;
  app.tiles = view.tiles.map((tile) => {
    const box = html("div", "tile", root.querySelector(".tiles"));
    box.title = tile.help;
    html("div", "name", box, tile.label);
    const value = html("div", "value", box), change = html("div", "change", box);
    value.dataset.figure = tile.figure;
    change.dataset.change = tile.figure;
    return { tile, value, change };
  });
  app.sentences = {};
  for (const name in view.sentences) {
    const node = html("p", "sentence", root.querySelector(".sentences"));
    app.sentences[name] = { node, parts: view.sentences[name].map((part) => ({ part, node: html("span", part.signed ? "sum" : "", node) })) };
  }
  app.details = view.details.map((detail) => {
    const box = html("div", "detail", root.querySelector(".details"));
    html("dt", "name", box, detail.label);
    const value = html("dd", "", box);
    value.dataset.figure = detail.figure;
    return { detail, box, value };
  });
  app.matrix = view.matrix.map((cell) => {
    const box = root.querySelector(`[data-cell="${cell.row}-${cell.column}"]`);
    html("div", "name", box, cell.label);
    const count = html("div", "count", box), value = html("div", "small", box), cost = html("div", "small", box);
    count.dataset.figure = cell.count;
    return { cell, count, value, cost };
  });
}

function showLegend(app) {
  const legend = app.root.querySelector(".legend");
  if (legend.childElementCount) return;
  html("span", "key total-key", legend, app.view.total.label);
  for (const layer of [...app.view.layers].reverse()) html("span", `key ${layer.color}`, legend, layer.label);
}

// ---- what the reader does --------------------------------------------------------------------------------------

// Nobody is declined whom the review line lets ship: the lines stop at each other.
function moveTo(app, handle, step) {
  const least = handle === "line" ? app.decline : 0, most = handle === "line" ? app.view.last : app.line;
  const place = Math.min(most, Math.max(least, step));
  if (place === app[handle]) return;
  app[handle] = place;
  schedule(app);
}

// What the server is told; a decline threshold only where this chart shows where it stands.
function cuts(app) {
  const threshold = thresholdAt(app.view, app.line);
  return app.view.kept ? { threshold } : { threshold, decline: thresholdAt(app.view, app.decline) };
}

function commitLine(app) {
  const now = cuts(app), told = app.committed;
  if (told && told.threshold === now.threshold && told.decline === now.decline) return;
  app.committed = now;
  app.tell("line", now);
}

function listenToPointer(app) {
  const { svg } = app;
  const move = (event) => {
    const box = svg.getBoundingClientRect();
    const place = (event.clientX - box.left - MARGIN.left) / app.plot.wide;
    app.held = app.held || nearestHandle(app, place);
    moveTo(app, app.held, nearestStep(app.scale, place));
  };
  svg.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !app.plot) return;
    svg.setPointerCapture(event.pointerId);
    app.dragging = event.pointerId;
    move(event);
    event.preventDefault();
  });
  svg.addEventListener("pointermove", (event) => app.dragging === event.pointerId && move(event));
  for (const end of ["pointerup", "pointercancel"]) {
    svg.addEventListener(end, (event) => {
      if (app.dragging !== event.pointerId) return;
      app.dragging = app.held = null;
      commitLine(app);
    });
  }
}

// Of two lines in one place the one is meant that can go to the pointer's side.
function nearestHandle(app, place) {
  if (!app.view.two) return "line";
  const { places, rises } = app.scale, far = (handle) => Math.abs(places[app[handle]] - place);
  if (far("line") !== far("decline")) return far("line") < far("decline") ? "line" : "decline";
  return place < places[app.line] === rises ? "decline" : "line";
}

function listenToSlider(app, handle) {
  const slider = app.sliders[handle];
  slider.max = SLIDER_STEPS;
  slider.addEventListener("input", () => {
    moveTo(app, handle, nearestStep(app.scale, slider.value / SLIDER_STEPS));
    schedule(app); // where the other line stopped it, the thumb goes back
  });
  slider.addEventListener("change", () => commitLine(app));
  slider.addEventListener("keydown", (event) => {
    const step = stepByKey(app, handle, event.key);
    if (step === null) return;
    event.preventDefault();
    moveTo(app, handle, step);
    clearTimeout(app.pause);
    app.pause = setTimeout(() => commitLine(app), KEY_PAUSE_MS);
  });
}

function stepByKey(app, handle, key) {
  const { scale, view } = app, line = app[handle], [left, right] = scale.rises ? [0, view.last] : [view.last, 0];
  const many = (direction) => {
    let step = line;
    for (let i = 0; i < PAGE_STEPS; i++) step = nextStep(scale, step, direction);
    return step;
  };
  switch (key) {
    case "ArrowLeft": case "ArrowDown": return nextStep(scale, line, -1);
    case "ArrowRight": case "ArrowUp": return nextStep(scale, line, 1);
    case "PageDown": return many(-1);
    case "PageUp": return many(1);
    case "Home": return left;
    case "End": return right;
    default: return null;
  }
}

function press(app, name) {
  if (name === "cheapest") {
    Object.assign(app, app.view.cheapest);
    schedule(app);
    commitLine(app);
    return;
  }
  if (!app.view.kept) app.baseline = name === "pin" ? policyOf(app) : null; // else the figures come from the server
  redraw(app);
  app.tell("baseline", name === "pin" ? cuts(app) : { approve_all: true });
}
