"""What is kept in a database: verdicts and scenarios."""
