"""A consolidated workbook → the submissions that it was made of."""
