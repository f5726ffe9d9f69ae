"""Many checked workbooks → one, every row with its provenance; and the memory of what was read."""
