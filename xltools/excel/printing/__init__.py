"""Prints of workbooks, through LibreOffice."""
