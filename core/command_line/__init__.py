"""The command line: what arguments mean, what each command does, what is said meanwhile."""
