"""What every room stands on: places of cells, comparing of texts, the quarter, file names."""
