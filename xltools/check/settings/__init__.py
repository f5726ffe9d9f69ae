"""The settings workbook, checked like any other and made into `Settings`."""
