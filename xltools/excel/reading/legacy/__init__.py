"""``.xls`` and ``.xlsb``: calamine, completed with what it leaves out."""
