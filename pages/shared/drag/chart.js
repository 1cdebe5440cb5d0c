// The chart as hand-drawn SVG: the still part is drawn when data or size change, a drag only moves one group.
const SVG = "http://www.w3.org/2000/svg";
const MARGIN = { left: 56, right: 16, top: 62, bottom: 40 };
const ROWS = { line: 14, cheapest: 30, requirement: 43, baseline: 56 }; // one row of labels a kind: they never collide

function element(name, attributes, parent, text) {
  const node = document.createElementNS(SVG, name);
  for (const key in attributes) node.setAttribute(key, attributes[key]);
  if (text !== undefined) node.textContent = text;
  if (parent) parent.appendChild(node);
  return node;
}

function drawStill(svg, view, scale, baseline, size) {
  svg.replaceChildren();
  svg.setAttribute("viewBox", `0 0 ${size.width} ${size.height}`);
  const plot = { ...size, right: size.width - MARGIN.right, bottom: size.height - MARGIN.bottom };
  plot.wide = plot.right - MARGIN.left;
  plot.high = plot.bottom - MARGIN.top;
  const most = highest(view, baseline);
  plot.x = (place) => MARGIN.left + place * plot.wide;
  plot.y = (dollars) => plot.bottom - Math.min(1, dollars / most) * plot.high;
  const columns = pixelColumns(scale, plot);
  drawGrid(svg, scale, plot, most);
  drawLayers(svg, view, columns, plot);
  drawCut(svg, view, scale, plot, most);
  for (const mark of view.marks) drawMark(svg, mark.kind, mark.label, plot.x(scale.places[mark.step]), plot);
  if (baseline !== null) drawMark(svg, "baseline", "Baseline", plot.x(scale.places[baseline]), plot);
  return plot;
}

// Dollars at the top: what lies near the marks is seen well, dearer ends are cut off, and that is said.
function highest(view, baseline) {
  const total = view.total.figure, cheapest = view.marks.find((mark) => mark.kind === "cheapest");
  const near = [figureAtBaseline(view, total, null), figureAtBaseline(view, total, baseline), figureAt(view, total, view.line)];
  if (cheapest) near.push(figureAt(view, total, cheapest.step));
  let top = 0;
  for (let step = 0; step <= view.last; step++) top = Math.max(top, figureAt(view, total, step));
  return Math.min(1.05 * top, 1.3 * Math.max(...near.filter(Number.isFinite))) || 1;
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
  for (const tick of shareTicks(scale, plot.wide)) {
    const x = plot.x(tick.place);
    element("line", { class: "tick", x1: x, x2: x, y1: plot.bottom, y2: plot.bottom + 4 }, grid);
    element("text", { x, y: plot.bottom + 17, "text-anchor": "middle" }, grid, tick.text);
  }
  element("text", { class: "title", x: plot.right, y: plot.height - 6, "text-anchor": "end" }, grid, scale.title);
}

function drawLayers(svg, view, columns, plot) {
  const below = columns.map(() => 0);
  for (const layer of view.layers) {
    const above = columns.map((column, i) => below[i] + (figureAt(view, layer.figure, column.step) || 0));
    const there = columns.map((column, i) => `${column.x.toFixed(1)},${plot.y(above[i]).toFixed(1)}`);
    const back = columns.map((column, i) => `${column.x.toFixed(1)},${plot.y(below[i]).toFixed(1)}`).reverse();
    element("path", { class: `layer ${layer.color}`, d: `M${there.join("L")}L${back.join("L")}Z` }, svg);
    above.forEach((value, i) => { below[i] = value; });
  }
  const total = columns.map((column) => `${column.x.toFixed(1)},${plot.y(figureAt(view, view.total.figure, column.step)).toFixed(1)}`);
  element("path", { class: "total", d: `M${total.join("L")}` }, svg);
}

// Where the curve leaves the chart, at the end that flags everybody, its height there is written.
function drawCut(svg, view, scale, plot, most) {
  const end = figureAt(view, view.total.figure, view.last);
  if (!(end > most)) return;
  const right = scale.places[view.last] > 0.5, x = right ? plot.right - 4 : MARGIN.left + 4;
  const words = `\u2191 ${said(end, "dollars_short")}`;
  element("text", { class: "cut-off", x, y: plot.y(most) + 15, "text-anchor": right ? "end" : "start" }, svg, words);
}

function drawMark(svg, kind, label, x, plot) {
  const mark = element("g", { class: `mark ${kind}` }, svg), left = x > plot.right - 110;
  element("line", { x1: x, x2: x, y1: ROWS[kind] - 8, y2: plot.bottom }, mark);
  element("text", { x: left ? x - 5 : x + 5, y: ROWS[kind] + 1, "text-anchor": left ? "end" : "start" }, mark, label);
}

// The line that is dragged: a group moved by its transform, with a label whose text node alone changes.
function drawLine(svg, plot) {
  const group = element("g", { class: "line" }, svg);
  element("rect", { class: "grip", x: -22, y: 0, width: 44, height: plot.bottom }, group);
  element("line", { y1: 20, y2: plot.bottom }, group);
  element("circle", { class: "handle", r: 8, cy: MARGIN.top + plot.high / 2 }, group);
  element("circle", { class: "dot", r: 4 }, group);
  const text = element("text", { y: ROWS.line, "text-anchor": "middle" }, group, " ");
  return { group, dot: group.querySelector(".dot"), text, words: text.firstChild };
}
