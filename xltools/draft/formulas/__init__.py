"""Formulas of a home-grown workbook → expressions, as far as the language can say them."""
