"""From orders to calibrated scores: features of the past only, pre-filter, model, and how good it is."""
