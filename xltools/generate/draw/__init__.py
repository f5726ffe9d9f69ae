"""The sheets of a blank workbook, drawn once for all teams."""
