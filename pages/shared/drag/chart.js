// takes: said (format.js); figureAt, figureAtBaseline (figures.js); axisTicks, dollarTicks (scale.js)
// The chart as hand-drawn SVG: the still part is drawn when data or size change, a drag only moves one group.
const SVG = "http://www.w3.org/2000/svg";
const MARGIN = { left: 56, right: 16, bottom: 40 }, TOP = 62, ROW = 16;
const ROWS = { decline: 14 - ROW, line: 14, cheapest: 30, requirement: 43, baseline: 56 }; // a row a kind: no collisions

function element(name, attributes, parent, text) {
  const node = document.createElementNS(SVG, name);
  for (const key in attributes) node.setAttribute(key, attributes[key]);
  if (text !== undefined) node.textContent = text;
  if (parent) parent.appendChild(node);
  return node;
}

function drawStill(svg, view, scale, policies, size) {
  svg.replaceChildren();
  svg.setAttribute("viewBox", `0 0 ${size.width} ${size.height}`);
  const plot = { ...size, right: size.width - MARGIN.right, bottom: size.height - MARGIN.bottom };
  plot.wide = plot.right - MARGIN.left;
  plot.lower = view.two ? ROW : 0; // room for the label of the decline line
  plot.high = plot.bottom - TOP - plot.lower;
  const most = highest(view, policies);
  plot.x = (place) => MARGIN.left + place * plot.wide;
  plot.y = (dollars) => plot.bottom - Math.min(1, dollars / most) * plot.high;
  plot.columns = pixelColumns(scale, plot);
  drawGrid(svg, scale, plot, most);
  plot.layers = element("g", {}, svg);
  drawLayers(plot, view, policies.now.decline);
  drawCut(svg, view, scale, plot, most, policies.now.decline);
  const place = (step) => plot.x(scale.places[step]), { cheapest } = view, { baseline } = policies;
  drawMark(svg, "cheapest", "Cheapest", place(cheapest.line), plot);
  if (cheapest.decline) drawMark(svg, "cheapest", "", place(cheapest.decline), plot);
  if (view.required !== null) drawMark(svg, "requirement", view.required_label, place(view.required), plot);
  if (baseline) drawMark(svg, "baseline", "Baseline", place(baseline.line), plot);
  if (baseline && baseline.decline) drawMark(svg, "baseline", "", place(baseline.decline), plot);
  return plot;
}

// Dollars at the top: what lies near the marks is seen well, dearer ends are cut off, and that is said.
function highest(view, { now, opened, baseline }) {
  const total = view.total.figure, at = (policy) => figureAtBaseline(view, total, policy);
  const near = [at(null), at(baseline), at(opened), at(view.cheapest)];
  let top = 0;
  for (let step = 0; step <= view.last; step++) top = Math.max(top, layerAt(view, total, step, now.decline));
  return Math.min(1.05 * top, 1.3 * Math.max(...near.filter(Number.isFinite))) || 1;
}

// Left of the decline line, where fewer orders are stopped than are declined, whoever is stopped is declined.
function layerAt(view, figure, step, decline) {
  return figureAt(view, figure, step, Math.min(step, decline));
}

// One step a pixel is enough to draw.
function pixelColumns(scale, plot) {
  const columns = [];
  let seen = null;
  for (let step = 0; step < scale.places.length; step++) {
    const pixel = Math.round(plot.x(scale.places[step]));
    if (pixel !== seen) columns.push({ step, x: plot.x(scale.places[step]) });
    seen = pixel;
  }
  const last = scale.places.length - 1;
  if (columns[columns.length - 1].step !== last) columns.push({ step: last, x: plot.x(scale.places[last]) });
  return columns;
}

function drawGrid(svg, scale, plot, most) {
  const grid = element("g", { class: "grid" }, svg);
  for (const dollars of dollarTicks(most)) {
    const y = plot.y(dollars);
    element("line", { x1: MARGIN.left, x2: plot.right, y1: y, y2: y }, grid);
    element("text", { x: MARGIN.left - 8, y: y + 4, "text-anchor": "end" }, grid, said(dollars, "dollars_short"));
  }
  for (const tick of axisTicks(scale, plot.wide)) {
    const x = plot.x(tick.place);
    element("line", { class: "tick", x1: x, x2: x, y1: plot.bottom, y2: plot.bottom + 4 }, grid);
    element("text", { x, y: plot.bottom + 17, "text-anchor": "middle" }, grid, tick.text);
  }
  element("text", { class: "title", x: plot.right, y: plot.height - 6, "text-anchor": "end" }, grid, scale.title);
}

function drawLayers(plot, view, decline) {
  const { columns, layers: parent } = plot, below = columns.map(() => 0);
  parent.replaceChildren();
  for (const layer of view.layers) {
    const above = columns.map((column, i) => below[i] + (layerAt(view, layer.figure, column.step, decline) || 0));
    const there = columns.map((column, i) => `${column.x.toFixed(1)},${plot.y(above[i]).toFixed(1)}`);
    const back = columns.map((column, i) => `${column.x.toFixed(1)},${plot.y(below[i]).toFixed(1)}`).reverse();
    element("path", { class: `layer ${layer.color}`, d: `M${there.join("L")}L${back.join("L")}Z` }, parent);
    above.forEach((value, i) => { below[i] = value; });
  }
  const height = (step) => plot.y(layerAt(view, view.total.figure, step, decline)).toFixed(1);
  const total = columns.map((column) => `${column.x.toFixed(1)},${height(column.step)}`);
  element("path", { class: "total", d: `M${total.join("L")}` }, parent);
}

// Where the curve leaves the chart, at the end that flags everybody, its height there is written.
function drawCut(svg, view, scale, plot, most, decline) {
  const end = layerAt(view, view.total.figure, view.last, decline);
  if (!(end > most)) return;
  const right = scale.places[view.last] > 0.5, x = right ? plot.right - 4 : MARGIN.left + 4;
  const words = `\u2191 ${said(end, "dollars_short")}`;
  element("text", { class: "cut-off", x, y: plot.y(most) + 15, "text-anchor": right ? "end" : "start" }, svg, words);
}

function drawMark(svg, kind, label, x, plot) {
  const mark = element("g", { class: `mark ${kind}` }, svg), left = x > plot.right - 110;
  const row = ROWS[kind] + plot.lower;
  element("line", { x1: x, x2: x, y1: row - 8, y2: plot.bottom }, mark);
  element("text", { x: left ? x - 5 : x + 5, y: row + 1, "text-anchor": left ? "end" : "start" }, mark, label);
}

// A line that is dragged: a group moved by its transform, with a label whose text node alone changes.
function drawLine(svg, plot, kind) {
  const group = element("g", { class: `line ${kind}` }, svg), row = ROWS[kind] + plot.lower;
  element("rect", { class: "grip", x: -22, y: 0, width: 44, height: plot.bottom }, group);
  element("line", { y1: row + 6, y2: plot.bottom }, group);
  element("circle", { class: "handle", r: 8, cy: plot.bottom - plot.high * (kind === "line" ? 0.5 : 0.7) }, group);
  element("circle", { class: "dot", r: 4 }, group);
  const text = element("text", { y: row, "text-anchor": "middle" }, group, " ");
  return { group, dot: group.querySelector(".dot"), text, words: text.firstChild };
}
