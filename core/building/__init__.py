"""A data set as a whole: made, kept on disk, and the ways a file of orders becomes one."""
