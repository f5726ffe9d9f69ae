"""Home-grown workbooks for the tests of drafting, made by openpyxl as people make them by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill, Protection
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

RED = PatternFill(bgColor="FFC7CE")
HEADERS = (
    "客户 Customer *",
    "区域",
    "等级",
    "拜访日期 / Visited",
    "金额(万元)",
    "成本(万元)",
    "毛利率",
    "负责人",
    "备注",
)
ROWS = (
    ("远航科技", "华东", "A", "2024-07-03", 12.5, 10, None, "张伟", "续约"),
    ("晨星制造", "华南", "B", "2024-07-09", 8, 6, None, "李娜", None),
    ("高原物流", "华东", "B", "2024-08-01", 20, 15, None, "张伟", "新客户，首次拜访"),
)


def sheet(
    book: Workbook,
    title: str,
    header: Sequence[object],
    rows: Sequence[Sequence[object]],
    top: int = 1,
) -> Worksheet:
    """A sheet with a header in row ``top`` and rows below it."""
    made = book.create_sheet(title)
    for column, text in enumerate(header, 1):
        made.cell(top, column, text)
    for number, row in enumerate(rows, top + 1):
        for column, value in enumerate(row, 1):
            if value is not None:
                made.cell(number, column, value)
    return made


def check(made: Worksheet, cells: str, kind: str, formula: str = "", **more: object) -> None:
    """An input check that refuses what does not fit."""
    rule = DataValidation(
        type=kind, formula1=formula, showErrorMessage=True, allow_blank=True, **more
    )
    rule.add(cells)
    made.add_data_validation(rule)


def saved(book: Workbook, path: Path) -> Path:
    """The workbook without the sheet that openpyxl begins with."""
    if "Sheet" in book.sheetnames and len(book.sheetnames) > 1:
        del book["Sheet"]
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def visits(
    path: Path,
    rows: Sequence[Sequence[object]] = ROWS,
    header: Sequence[object] = HEADERS,
) -> Path:
    """A desk's own workbook: cover, a table under a title and a note, lists, a total row."""
    book = Workbook()
    cover = sheet(book, "封面", ("公司", "某某公司"), ())
    cover["A2"], cover["B2"] = "填表人：", None
    made = sheet(book, "拜访记录", header, rows, top=3)
    made["A1"] = "2024年三季度客户拜访记录"
    made.merge_cells("A1:I1")
    made["A2"] = "注：每次拜访一行"
    last = 3 + len(rows)
    for number in range(4, 104):
        made.cell(number, 4).number_format = "yyyy-mm-dd"
        made.cell(number, 7).number_format = "0.0%"
    for number in range(4, last + 1):
        made.cell(number, 7, f"=(E{number}-F{number})/E{number}")
    if rows:
        made.cell(last + 1, 1, "合计")
        made.cell(last + 1, 5, f"=SUM(E4:E{last})")
    check(made, "B4:B103", "list", "区域表")
    check(made, "C4:C103", "list", '"A,B,C"')
    check(made, "E4:E103", "decimal", "0", operator="greaterThanOrEqual")
    check(made, "F4:F103", "custom", "=F4<=E4", error="成本不能高于金额")
    made["H3"].comment = Comment("必填\n只写一个人", "desk")
    made.conditional_formatting.add(
        "I4:I103", FormulaRule(formula=['AND($C4="A",$I4="")'], fill=RED)
    )
    lists = sheet(book, "字典", ("区域",), [("华东",), ("华南",), ("华北",)])
    lists.sheet_state = "hidden"
    book.defined_names["区域表"] = DefinedName("区域表", attr_text="'字典'!$A$2:$A$4")
    return saved(book, path)


def plain(path: Path, sheets: Mapping[str, Sequence[Sequence[object]]]) -> Path:
    """Sheets as rows, nothing declared."""
    book = Workbook()
    for title, rows in sheets.items():
        sheet(book, title, rows[0], rows[1:])
    return saved(book, path)


def unlock(made: Worksheet, cells: str) -> None:
    """Protect a sheet but for these cells."""
    made.protection.sheet = True
    for row in made[cells]:
        for cell in row:
            cell.protection = Protection(locked=False)
