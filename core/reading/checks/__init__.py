"""What is wrong with a file, row by row and as a whole."""
