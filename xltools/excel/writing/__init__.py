"""New workbooks, through XlsxWriter."""
