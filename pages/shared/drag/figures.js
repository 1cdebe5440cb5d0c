// The payload of core/live.py as arrays, and its figures. No formula is here: sums times coefficients, and ratios.
function readView(view) {
  const column = (name) => view.steps.getChild(name).toArray();
  const thresholds = column("threshold").slice(1); // row 0 flags nobody and has none
  return { ...view, n0: column("n0"), n1: column("n1"), a0: column("a0"), a1: column("a1"), thresholds, last: thresholds.length };
}

// A figure at a row of the sums; added in the order Python adds, so that the last digit agrees.
function figureAt(view, name, step) {
  const ratio = view.ratios[name];
  if (ratio) return rate(figureAt(view, ratio[0], step), figureAt(view, ratio[1], step));
  const c = view.rows[name];
  if (c.includes(null)) return NaN;
  return c[0] + (view.n0[step] * c[1] + view.n1[step] * c[2] + view.a0[step] * c[3] + view.a1[step] * c[4]);
}

function rate(top, bottom) {
  return bottom ? top / bottom : NaN;
}

// baseline null: approve everything, neither scored nor held.
function figureAtBaseline(view, name, baseline) {
  if (baseline !== null) return figureAt(view, name, baseline);
  const value = view.approve_all[name];
  return value === null ? NaN : value;
}

function thresholdAt(view, step) {
  return step === 0 ? null : view.thresholds[step - 1];
}

// The row that flags the same orders as a threshold, or the next that flags more (core/cube.py: step_of).
function stepOf(view, threshold) {
  if (threshold === null) return 0;
  let low = 0, high = view.thresholds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (view.thresholds[middle] >= threshold) low = middle + 1; else high = middle;
  }
  return low;
}
