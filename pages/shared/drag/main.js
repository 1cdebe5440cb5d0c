// The component: built once a place on the page, painted in animation frames, heard by the server on release only.
const KEY_PAUSE_MS = 250, SLIDER_STEPS = 10000, PAGE_STEPS = 50;
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
  const app = { root, buttons, pressed, where: part("where"), svg: part("plot"), slider: part("slider"), texts: new Map(), line: 0, baseline: null, revision: null };
  buttons.forEach((button) => button.addEventListener("click", () => press(app, button.name)));
  listenToPointer(app);
  listenToSlider(app);
  new ResizeObserver(() => app.view && redraw(app)).observe(part("chart"));
  return app;
}

function takeView(app, view) {
  const held = app.view && thresholdAt(app.view, app.line);
  const heldBase = app.view && app.baseline !== null ? thresholdAt(app.view, app.baseline) : null;
  const first = app.revision !== view.revision;
  if (first) Object.assign(app, { line: view.line, baseline: view.baseline, revision: view.revision });
  else {
    app.line = stepOf(view, held);
    if (app.baseline !== null) app.baseline = stepOf(view, heldBase);
  }
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
  app.plot = drawStill(app.svg, app.view, app.scale, app.baseline, size);
  app.mover = drawLine(app.svg, app.plot);
  showLegend(app);
  app.root.querySelector(".captions").replaceChildren();
  for (const words of app.view.captions) html("p", "caption", app.root.querySelector(".captions"), words);
  paint(app);
}

function schedule(app) {
  if (app.frame) return;
  app.frame = requestAnimationFrame(() => { app.frame = null; paint(app); });
}

function paint(app) {
  const { view, line, baseline, plot, mover } = app, threshold = thresholdAt(view, line);
  const place = app.scale.places[line], x = plot.x(place);
  mover.group.setAttribute("transform", `translate(${x.toFixed(2)},0)`);
  mover.dot.setAttribute("cy", plot.y(figureAt(view, view.total.figure, line)).toFixed(1));
  say(app, mover.text, axisWords(view, line), mover.words);
  const shift = Math.max(0, 44 - x) - Math.max(0, x - (plot.width - 44));
  if (app.shift !== shift) mover.text.setAttribute("x", app.shift = shift);
  paintTiles(app);
  paintSentence(app);
  paintMatrix(app);
  for (const { detail, box, value } of app.details) {
    const text = said(figureAt(view, detail.figure, line), detail.format);
    say(app, value, text);
    if (box.hidden !== (text === NO_VALUE)) box.hidden = text === NO_VALUE;
  }
  const saving = said(figureAt(view, "saving", line), "dollars_short");
  const where = threshold === null ? "No threshold: nobody is flagged" : `Threshold ${threshold.toPrecision(4)}`;
  say(app, app.where, `${where} · flags ${said(figureAt(view, "flagged", line), "count")} orders`);
  const thumb = String(Math.round(place * SLIDER_STEPS));
  if (app.slider.value !== thumb) app.slider.value = thumb;
  app.slider.setAttribute("aria-valuetext", `${where}, ${axisWords(view, line)}, saving ${saving}`);
  app.root.dataset.threshold = threshold === null ? "none" : String(threshold);
  app.root.dataset.step = line;
  for (const button of app.buttons) {
    const on = button.name === "approve" ? baseline === null : button.name === "pin" ? baseline === line : isCheapest(app);
    if (app.pressed.get(button) !== on) button.setAttribute("aria-pressed", on);
    app.pressed.set(button, on);
  }
}

function axisWords(view, step) {
  const axis = view.axes[view.axis];
  if (!axis.figure) return step ? `score ${view.thresholds[step - 1].toPrecision(3)}` : "nobody";
  const value = said(figureAt(view, axis.figure, step), axis.format);
  return `${axis.figure === "false_positive_rate" ? "FPR" : axis.label} ${value}`;
}

function paintTiles(app) {
  for (const { tile, value, change } of app.tiles) {
    const now = figureAt(app.view, tile.figure, app.line), was = figureAtBaseline(app.view, tile.figure, app.baseline);
    say(app, value, said(now, tile.format));
    const moved = said(now - was, tile.change, "+");
    say(app, change, `${moved} vs baseline`);
    mood(change, /[1-9]/.test(moved) ? (now > was) === (tile.better === "high") : null);
  }
}

function paintSentence(app) {
  const kind = app.baseline === null ? "approve_all" : app.baseline === app.line ? "same" : "pinned";
  if (app.kind !== kind) for (const name in app.sentences) app.sentences[name].node.hidden = name !== kind;
  app.kind = kind;
  for (const { part, node } of app.sentences[kind].parts) {
    if (part.text !== undefined) say(app, node, part.text);
    else if (part.figure) say(app, node, said(valueAt(app, part.figure, part.at), part.format));
    else paintChange(app, part, node);
  }
}

function valueAt(app, name, at) {
  return at === "baseline" ? figureAtBaseline(app.view, name, app.baseline) : figureAt(app.view, name, app.line);
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
    say(app, count, said(figureAt(app.view, cell.count, app.line), "count"));
    say(app, value, `${said(figureAt(app.view, cell.value, app.line), "dollars_short")} of orders`);
    say(app, cost, cell.cost ? `costs ${said(figureAt(app.view, cell.cost, app.line), "dollars_short")}` : "costs nothing");
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

function moveTo(app, step) {
  if (step === app.line) return;
  app.line = step;
  schedule(app);
}

function commitLine(app) {
  const threshold = thresholdAt(app.view, app.line);
  if (app.committed === threshold) return;
  app.committed = threshold;
  app.tell("line", { threshold });
}

function listenToPointer(app) {
  const { svg } = app;
  const move = (event) => {
    const box = svg.getBoundingClientRect();
    moveTo(app, nearestStep(app.scale, (event.clientX - box.left - MARGIN.left) / app.plot.wide));
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
      app.dragging = null;
      commitLine(app);
    });
  }
}

function listenToSlider(app) {
  const { slider } = app;
  slider.max = SLIDER_STEPS;
  slider.addEventListener("input", () => moveTo(app, nearestStep(app.scale, slider.value / SLIDER_STEPS)));
  slider.addEventListener("change", () => commitLine(app));
  slider.addEventListener("keydown", (event) => {
    const step = stepByKey(app, event.key);
    if (step === null) return;
    event.preventDefault();
    moveTo(app, step);
    clearTimeout(app.pause);
    app.pause = setTimeout(() => commitLine(app), KEY_PAUSE_MS);
  });
}

function stepByKey(app, key) {
  const { scale, line, view } = app, [left, right] = scale.rises ? [0, view.last] : [view.last, 0];
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

function isCheapest(app) {
  return app.view.marks.some((mark) => mark.kind === "cheapest" && mark.step === app.line);
}

function press(app, name) {
  if (name === "cheapest") {
    const mark = app.view.marks.find((each) => each.kind === "cheapest");
    if (mark) moveTo(app, mark.step);
    commitLine(app);
    return;
  }
  app.baseline = name === "pin" ? app.line : null;
  redraw(app);
  app.tell("baseline", name === "pin" ? { threshold: thresholdAt(app.view, app.line) } : { approve_all: true });
}
