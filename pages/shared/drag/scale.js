// takes: said, SPACE (format.js); figureAt (figures.js)
// Where each step stands on the horizontal axis, from 0 to 1, and which round values are written under it.
const SCALES = {
  root: { put: Math.sqrt, words: "square-root scale" },
  log: { put: Math.log10, words: "log scale" },
  asinh: { put: (dollars) => Math.asinh(dollars / 5), words: "even near $0, log scale beyond" },
};

function makeScale(view) {
  const axis = view.axes[view.axis], put = SCALES[axis.scale].put, values = axisValues(view, axis);
  const known = values.filter((value) => Number.isFinite(put(value)));
  const [low, high] = [Math.min(...ends(known)), Math.max(...ends(known))];
  const span = put(high) - put(low) || 1;
  const places = values.map((value) => Math.min(1, Math.max(0, (put(value) - put(low)) / span || 0)));
  if (!axis.figure) places[0] = 1; // nobody: above every score
  return { places, low, high, at: (value) => (put(value) - put(low)) / span, title: `${axis.label}, ${SCALES[axis.scale].words}`,
           rises: places[view.last] >= places[0], dollars: axis.format === "dollars_cents" };
}

function ends(values) {
  return values.length ? [values[0], values[values.length - 1]] : [0, 1];
}

function axisValues(view, axis) {
  const values = new Array(view.last + 1);
  for (let step = 0; step <= view.last; step++) {
    values[step] = axis.figure ? axisFigure(view, axis, step) : step ? view.thresholds[step - 1] : NaN;
  }
  return values;
}

// A rate that never falls: of the orders at or above the threshold, whether or not the team gets to them.
function axisFigure(view, axis, step) {
  return view.kept ? view.flagged[view.axis][step] : figureAt(view, axis.figure, step);
}

// The step nearest to a place from 0 to 1; of several on one place the one that flags fewest.
function nearestStep(scale, place) {
  const { places, rises } = scale;
  let low = 0, high = places.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rises ? places[middle] < place : places[middle] > place) low = middle + 1; else high = middle;
  }
  return low > 0 && Math.abs(places[low - 1] - place) <= Math.abs(places[low] - place) ? low - 1 : low;
}

// The next step that stands somewhere else, to the left (-1) or right (+1).
function nextStep(scale, step, direction) {
  const way = scale.rises ? direction : -direction, last = scale.places.length - 1;
  let next = step + way;
  while (next > 0 && next < last && scale.places[next] === scale.places[step]) next += way;
  return Math.min(last, Math.max(0, next));
}

function axisTicks(scale, width) {
  return scale.dollars ? dollarAxisTicks(scale, width) : shareTicks(scale, width);
}

function dollarAxisTicks(scale, width) {
  const round = [0];
  for (let power = 1; power < 1e9; power *= 10) round.push(-5 * power, -power, power, 5 * power);
  const inside = round.sort((a, b) => a - b).filter((value) => value >= scale.low && value <= scale.high);
  return spaced(inside.map((value) => ({ place: scale.at(value), text: said(value, "dollars_short") })), 46 / width);
}

function shareTicks(scale, width) {
  const round = [0];
  for (let power = 1e-8; power < 1; power *= 10) round.push(power, 2 * power, 5 * power);
  round.push(1);
  const inside = round.filter((value) => value >= scale.low * 0.999 && value <= scale.high * 1.001);
  return spaced(inside.map((value) => ({ place: scale.at(value), text: shortShare(value) })), 46 / width);
}

function spaced(ticks, least) {
  const kept = [];
  for (const tick of ticks) if (!kept.length || tick.place - kept[kept.length - 1].place >= least) kept.push(tick);
  return kept;
}

function shortShare(value) {
  return `${Number((100 * value).toPrecision(2))}${SPACE}%`;
}

function dollarTicks(most) {
  const rough = most / 4, power = 10 ** Math.floor(Math.log10(rough || 1));
  const step = [1, 2, 2.5, 5, 10].map((f) => f * power).find((size) => size >= rough) || 1;
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => i * step);
}
