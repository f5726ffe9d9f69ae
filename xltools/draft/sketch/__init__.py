"""One copy as it is: its tables, their cells, and what these declare."""
