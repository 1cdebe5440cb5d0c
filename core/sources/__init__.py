"""Where orders come from: a file the reader brings, or the sample marketplace."""
