"""Cutline's arithmetic: orders in, figures out. Pure: no page, no clock, no unseeded randomness."""
