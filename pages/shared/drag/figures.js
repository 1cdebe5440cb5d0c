// takes: nothing
// The payload of core/showing/drag_payload.py as arrays, and its figures. No formula is here: sums times coefficients, and ratios.
function readView(view) {
  const column = (name) => view.steps.getChild(name).toArray();
  const thresholds = column("threshold").slice(1); // row 0 flags nobody and has none
  const sums = (prefix) => Object.fromEntries(["n0", "n1", "a0", "a1"].map((name) => [name, column(prefix + name)]));
  const kept = view.kept ? { away: sums("d_"), flagged: { fpr: column("fpr"), review: column("review") } } : {};
  return { ...view, ...sums(""), ...kept, thresholds, last: thresholds.length };
}

// A figure where orders up to row `step` of the sums are stopped, those up to row `decline` declined; where the rest of
// the policy is kept each row says itself what is declined. Added in the order Python adds: the last digit agrees.
function figureAt(view, name, step, decline = 0) {
  const ratio = view.ratios[name];
  if (ratio) return rate(figureAt(view, ratio[0], step, decline), figureAt(view, ratio[1], step, decline));
  const c = view.rows[name], { n0, n1, a0, a1 } = view, away = view.kept ? view.away : view, d = view.kept ? step : decline;
  if (c.includes(null)) return NaN;
  const [d0, d1, b0, b1] = [away.n0[d], away.n1[d], away.a0[d], away.a1[d]];
  const reviewed = (n0[step] - d0) * c[1] + (n1[step] - d1) * c[2] + (a0[step] - b0) * c[3] + (a1[step] - b1) * c[4];
  return c[0] + reviewed + (d0 * c[5] + d1 * c[6] + b0 * c[7] + b1 * c[8]);
}

function rate(top, bottom) {
  return bottom ? top / bottom : NaN;
}

// Where no step is the baseline its figures are fixed: approving everything, or another policy.
function figureAtBaseline(view, name, baseline) {
  if (baseline !== null) return figureAt(view, name, baseline.line, baseline.decline);
  const value = view.fixed[name];
  return value === null ? NaN : value;
}

function thresholdAt(view, step) {
  return step === 0 ? null : view.thresholds[step - 1];
}

// The row that flags the same orders as a threshold; between two steps the one that flags fewer, as step_of in
// core/pricing/cube.py.
function stepOf(view, threshold) {
  if (threshold === null) return 0;
  let low = 0, high = view.thresholds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (view.thresholds[middle] >= threshold) low = middle + 1; else high = middle;
  }
  return low;
}
