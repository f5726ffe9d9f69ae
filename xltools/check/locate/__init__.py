"""Where the tables of a definition stand in a workbook: sheets, headers, columns, rows."""
