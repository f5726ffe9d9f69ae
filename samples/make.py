"""Write the samples: a settings workbook, and what four teams sent for two quarters.

What the teams typed stands in ``content/``. The clean workbooks are generated and prefilled by the
program itself; the faults that people make are then typed into three of them, cell by cell.
Run it with ``python samples/make.py``; the result is committed beside it.
"""
