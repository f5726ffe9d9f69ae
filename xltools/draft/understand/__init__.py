"""What headers, values, formats and formulas mean."""
