"""From typed nodes to columns of values, for many workbooks at once."""
