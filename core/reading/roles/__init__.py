"""Which column is what, and how it is written."""
