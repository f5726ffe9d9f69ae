"""The consolidated workbook, and the same tables as Parquet files."""
