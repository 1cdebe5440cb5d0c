// takes: nothing
// Numbers as people read them: the twin of core/number_format.py, digit for digit (tests/browser/test_format.py).
const SPACE = "\u00a0", MINUS = "\u2212", NO_VALUE = "\u2013";

function fixed(size, decimals) {
  const [whole, part] = size.toFixed(decimals).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return part === undefined ? grouped : `${grouped}.${part}`;
}

function dollarsInShort(size) {
  if (size < 999.5) return `$${fixed(size, 0)}`;
  return size < 999950 ? `$${fixed(size / 1000, 1)}K` : `$${fixed(size / 1000000, 2)}M`;
}

const SIZES = {
  percent: (size) => `${fixed(100 * size, 2)}${SPACE}%`,
  percent_short: (size) => `${fixed(100 * size, size >= 0.001 ? 1 : 2)}${SPACE}%`,
  points: (size) => `${fixed(100 * size, 2)}${SPACE}pp`,
  dollars: (size) => `$${fixed(size, 0)}`,
  dollars_short: dollarsInShort,
  dollars_cents: (size) => `$${fixed(size, 2)}`,
  dollars_fine: (size) => `$${fixed(size, 4)}`,
  count: (size) => fixed(size, 0),
};

// plus: what stands before a rise ("+" for changes). Nothing left after rounding has no sign.
function said(value, format, plus = "") {
  if (value === null || Number.isNaN(value)) return NO_VALUE;
  const text = SIZES[format](Math.abs(value));
  if (!/[1-9]/.test(text)) return text;
  return (value < 0 ? MINUS : plus) + text;
}
