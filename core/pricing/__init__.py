"""From scores to dollars: sums per day and threshold step, prices as coefficients, the curve."""
