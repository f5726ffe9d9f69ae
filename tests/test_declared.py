"""What sheets declare beside their values, read of files as Excel writes them."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from home_grown import check, saved, sheet
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.worksheet.table import Table

from xltools.definition import load_catalog
from xltools.draft import draft
from xltools.excel.reading.formula_tree import tree_of
from xltools.excel.reading.preflight import admit
from xltools.excel.reading.xlsx.declared_content import Declared, box_of, read_declared

# Excel keeps a dropdown that reads another sheet here.
NEWER = (
    '<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"'
    ' xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
    '<x14:dataValidations count="1" xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">'
    '<x14:dataValidation type="list" showErrorMessage="1">'
    "<x14:formula1><xm:f>Words!$A$2:$A$3</xm:f></x14:formula1>"
    "<xm:sqref>B2:B40</xm:sqref></x14:dataValidation></x14:dataValidations></ext></extLst>"
)


def declared(path: Path, title: str) -> Declared:
    parts = admit(path).parts
    assert parts is not None
    return read_declared(parts)[title]


def test_newer_checks_are_read_like_older_ones(tmp_path: Path) -> None:
    book = Workbook()
    made = sheet(book, "Form", ("Item", "Place", "Cost"), ())
    check(made, "C2:C40", "decimal", "0", operator="greaterThanOrEqual")
    sheet(book, "Words", ("Places",), [("north",), ("south",)])
    plain = saved(book, tmp_path / "plain.xlsx")
    path = tmp_path / "newer.xlsx"
    with zipfile.ZipFile(plain) as package, zipfile.ZipFile(path, "w") as changed:
        for name in package.namelist():
            content = package.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = content.replace(b"</worksheet>", NEWER.encode() + b"</worksheet>")
            changed.writestr(name, content)
    older, newer = declared(path, "Form").validations
    assert (older.kind, older.operator, older.first) == ("decimal", "greaterThanOrEqual", "0")
    assert (newer.kind, newer.first, newer.ranges) == (
        "list",
        "Words!$A$2:$A$3",
        ((2, 2, 40, 2),),
    )
    assert newer.strict
    found = draft([path], catalog=load_catalog(), name="form", lang="en").definition
    assert [one.en for one in found.lists["place"].values()] == ["north", "south"]


def test_tables_comments_formats_and_what_is_locked(tmp_path: Path) -> None:
    book = Workbook()
    made = sheet(book, "Plan", ("Item", "Plan", "Actual", "Share"), [("a", 1, 2), ("b", 3, 4)])
    made["B1"].comment = Comment("as agreed", "desk")
    made.add_table(Table(displayName="Plans", ref="A1:D3"))
    made.freeze_panes = "A2"
    for row in (2, 3):
        made.cell(row, 4, "=Plans[[#This Row],[Actual]]/SUM(Plans[Plan])")
        made.cell(row, 4).number_format = "0.0%"
    found = declared(saved(book, tmp_path / "x.xlsx"), "Plan")
    assert found.tables == {"Plans": (1, 1, 3, 4)}
    assert found.comments == {(1, 2): "as agreed"}
    assert found.codes == {(2, 4): "0.0%", (3, 4): "0.0%"}
    assert found.frozen == 1
    assert not found.protected
    assert set(found.formulas) == {(2, 4), (3, 4)}
    made_of = draft([tmp_path / "x.xlsx"], catalog=load_catalog(), name="plan", lang="en")
    column = made_of.definition.sheets[0].column("share")
    assert column.compute == "actual / total(plan)"
    assert made_of.definition.sheets[0].column("plan").hint


def test_only_the_first_rows_of_a_long_sheet_are_looked_at(tmp_path: Path) -> None:
    book = Workbook()
    made = sheet(book, "Long", ("A thing", "Cost"), [(f"t{n}", n) for n in range(300)])
    for row in range(2, 302):
        made.cell(row, 2).number_format = "0.00"
    check(made, "B2:B400", "decimal", "0", operator="greaterThan")
    found = declared(saved(book, tmp_path / "x.xlsx"), "Long")
    assert len(found.codes) == 59
    assert len(found.validations) == 1
    assert load_workbook(tmp_path / "x.xlsx")["Long"].max_row == 301


@pytest.mark.parametrize(
    ("text", "box"),
    [
        ("$A$2:B9", (2, 1, 9, 2)),
        ("B9:A2", (2, 1, 9, 2)),
        ("C4", (4, 3, 4, 3)),
        ("A:B", (1, 1, 1_048_576, 2)),
        ("3:4", (3, 1, 4, 16_384)),
        ("A0", None),
        ("name", None),
        ("A1:", (1, 1, 1, 1)),
        ("", None),
        ("99999999:99999999", None),
    ],
)
def test_ranges(text: str, box: tuple[int, int, int, int] | None) -> None:
    assert box_of(text) == box


def test_references_of_open_documents_are_those_of_excel() -> None:
    assert tree_of("of:=[.E4]/SUM([.E4:.E9];1)") == tree_of("=E4/SUM(E4:E9,1)")
    assert tree_of("=[$'A b'.$A$1]") == tree_of("='A b'!$A$1")
