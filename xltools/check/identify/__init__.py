"""Whose workbook it is, and which known name a text means."""
