"""Why an order has its score, exactly, and what would change it."""
