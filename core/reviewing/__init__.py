"""What happens to flagged orders: the queue, verdicts, decisions, the team."""
