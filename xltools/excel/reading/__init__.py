"""Workbooks as plain rows: what a file is, whether it is safe, what its cells hold."""
