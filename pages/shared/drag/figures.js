// The payload of core/showing/live.py as arrays, and its figures. No formula is here: sums times coefficients, and ratios.
function readView(view) {
  const column = (name) => view.steps.getChild(name).toArray();
  const thresholds = column("threshold").slice(1); // row 0 flags nobody and has none
  return { ...view, n0: column("n0"), n1: column("n1"), a0: column("a0"), a1: column("a1"), thresholds, last: thresholds.length };
}

// A figure where orders up to row `step` of the sums are reviewed, those up to row `decline` declined instead; added in
// the order Python adds, so that the last digit agrees.
function figureAt(view, name, step, decline = 0) {
  const ratio = view.ratios[name];
  if (ratio) return rate(figureAt(view, ratio[0], step, decline), figureAt(view, ratio[1], step, decline));
  const c = view.rows[name], { n0, n1, a0, a1 } = view, d = decline;
  if (c.includes(null)) return NaN;
  const reviewed = (n0[step] - n0[d]) * c[1] + (n1[step] - n1[d]) * c[2] + (a0[step] - a0[d]) * c[3] + (a1[step] - a1[d]) * c[4];
  return c[0] + reviewed + (n0[d] * c[5] + n1[d] * c[6] + a0[d] * c[7] + a1[d] * c[8]);
}

function rate(top, bottom) {
  return bottom ? top / bottom : NaN;
}

// Where no line is the baseline its figures are fixed: approve everything, neither scored nor held.
function figureAtBaseline(view, name, baseline) {
  if (baseline !== null) return figureAt(view, name, baseline.line, baseline.decline);
  const value = view.fixed[name];
  return value === null ? NaN : value;
}

function thresholdAt(view, step) {
  return step === 0 ? null : view.thresholds[step - 1];
}

// The row that flags the same orders as a threshold, or the next that flags more (core/pricing/cube.py: step_of).
function stepOf(view, threshold) {
  if (threshold === null) return 0;
  let low = 0, high = view.thresholds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (view.thresholds[middle] >= threshold) low = middle + 1; else high = middle;
  }
  return low;
}
