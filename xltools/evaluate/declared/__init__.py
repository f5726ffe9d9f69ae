"""What definitions declare of their evaluation: further columns, summaries, pages of blocks."""
