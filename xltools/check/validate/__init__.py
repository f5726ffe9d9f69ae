"""What values, rows, tables and workbooks must satisfy, alone and together."""
