"""The zip archive and the XML under a workbook, for readers and writers."""
