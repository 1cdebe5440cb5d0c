"""How sure, and which policy: intervals, pairs of lines, prices over ranges, claims, other worlds."""
