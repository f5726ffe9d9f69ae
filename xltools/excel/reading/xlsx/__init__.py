"""Sheets of ``.xlsx`` workbooks: a fast way, a parser, and openpyxl behind them."""
