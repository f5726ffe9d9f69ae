"""From a located table's cells to typed values; what cannot be read becomes an issue."""
