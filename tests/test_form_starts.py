"""A form as a team lead meets it: neutral at first, with the desk's targets, short on paper."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
from blank_books import FIRST, TEAM, catalog, generated, header_columns, opened, settings, typed
from conftest import Office

from xltools.check import check_all
from xltools.excel.package.workbook_package import Package
from xltools.generate.layout.form_layout import KEY_ROW
from xltools.issues import Code


def test_a_fresh_form_calls_nothing_wrong() -> None:
    book = opened(generated("expansion"))
    assert book["填写说明"]["F5"].value == "○ 待填 6 行"
    assert book["阶段目标"]["A3"].value == "○ 待填 3 行（共 3 行）"
    assert book["阶段目标"][f"A{FIRST}"].value == "○ 待填 · 下达目标 50"


def test_months_that_miss_the_target_are_blamed_by_both(office: Office, tmp_path: Path) -> None:
    """The months are marked, not the quarter that is computed from them; a ratio says 1:5."""
    content = generated("expansion")
    columns = header_columns(opened(content)["阶段目标"])
    months = [columns[f"target_{number}"] for number in (1, 2, 3)]
    cells: dict[str, object] = {}
    for row, values in ((FIRST, (15, 18, 10)), (FIRST + 1, (0.1, 0.2, 0.15))):
        cells |= {f"{months[at]}{row}": value for at, value in enumerate(values)}
    path = tmp_path / f"{TEAM}-市场拓展-2024Q3.xlsx"
    path.write_bytes(typed(content, {2: cells}))
    [after] = office.recalculated([path])
    page = opened(after)["阶段目标"]
    assert page[f"A{FIRST}"].value == "✖ 目标不符 · 第1月目标 · 下达目标 50"
    assert page[f"A{FIRST + 1}"].value == "✔"
    assert page[f"A{FIRST + 2}"].value == "○ 待填 · 下达目标 1:5"
    known = settings()
    placed = [msgspec.structs.replace(one, sheet="季度目标", cell="D5") for one in known.targets]
    known = msgspec.structs.replace(known, targets=tuple(placed))
    found = check_all([path], catalog=catalog(), settings=known, workers=1)
    [conflict] = [one for one in found.issues if one.code is Code.WORKBOOK_CONFLICT]
    assert (conflict.cell, conflict.column) == (f"{months[0]}{FIRST}", "target_1")
    assert conflict.suggestion == ""
    sentence = found.sentence(conflict, "zh")
    assert "43" in sentence
    assert "50" in sentence
    assert "、".join(f"{month}{FIRST}" for month in months) in sentence


def test_an_inserted_row_is_noticed_and_read(office: Office, tmp_path: Path) -> None:
    """A row that a team inserts has no formulas of ours: the strip says so, the desk reads it."""
    goal = {
        "sales_goal": "全年新增销售额",
        "priority": "high",
        "due": "2024-07-01/2024-09-30",
        "owner": "张伟",
    }
    rows = {"alignment": [{**goal, "supporting_goal": f"目标{number}"} for number in range(4)]}
    package = Package(generated("goals", rows=rows))
    part = "xl/worksheets/sheet2.xml"
    inserted = FIRST + 2

    def bare(match: re.Match[str]) -> str:
        return re.sub(r"<c ([^>]*?)(?: t=\"str\")?><f.*?</c>", r"<c \1/>", match[0])

    row = rf'<row r="{inserted}".*?</row>'
    package.replace(part, re.sub(row, bare, package.text(part), flags=re.DOTALL))
    path = tmp_path / f"{TEAM}-目标管理-2024Q3.xlsx"
    path.write_bytes(package.save())
    [after] = office.recalculated([path])
    book = opened(after)
    page = book["目标对齐"]
    assert page[f"A{inserted}"].value is None
    assert page["A3"].value == "✖ 1 行待修正 · 未检查 1（共 4 行）"
    assert "插入的行" in page["A4"].value
    assert [book["填写说明"][cell].value for cell in ("E9", "F5")] == [1, "✖ 1 行待修正"]
    [found] = check_all([after], catalog=catalog(), settings=settings(), workers=1).submissions
    assert found.row_counts["alignment"] == 4


def test_rows_grow_and_paper_ends_with_the_data(office: Office, tmp_path: Path) -> None:
    """Excel follows the formula of the print area; what it says is a page a sheet, not eight."""
    content = generated("goals", capacity=None)
    package = Package(content)
    for number in range(2, 6):
        text = package.text(f"xl/worksheets/sheet{number}.xml")
        rows = re.findall(r'<row r="(\d+)"([^>]*)>', text)
        fixed = [int(row) for row, more in rows if "customHeight" in more]
        assert max(fixed) < FIRST
        assert KEY_ROW in fixed
    listed = package.text("xl/workbook.xml")
    areas = re.findall(r'_xlnm.Print_Area" localSheetId="(\d)">(.*?)</definedName>', listed)
    growing = {number: formula for number, formula in areas if number != "0"}
    assert sorted(growing) == ["1", "2", "3", "4"]
    assert all("INDEX(" in formula for formula in growing.values())
    # LibreOffice reads no formula there: the row that a blank sheet gives is put in its place.
    fixed_areas = re.sub(
        r'(_xlnm.Print_Area" localSheetId="[1-4]">[^<]*?\$A\$1:)INDEX\([^$]*?(\$[A-Z]+\$)1:'
        r".*?</definedName>",
        lambda match: f"{match[1]}{match[2]}{FIRST - 1 + 5}</definedName>",
        listed,
    )
    package.replace("xl/workbook.xml", fixed_areas)
    path = tmp_path / "printed.xlsx"
    path.write_bytes(package.save())
    [pdf] = office.convert([path], "pdf", tmp_path / "pdf")
    assert len(re.findall(rb"/Type\s*/Page[^s]", pdf.read_bytes())) == 5
