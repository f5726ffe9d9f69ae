"""Changing the parts of an existing workbook as text, so that everything else stays as it was."""
