"""A form as a team lead meets it: neutral at first, with the desk's targets, short on paper."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest
from blank_books import (
    FIRST,
    KEYS,
    TEAM,
    catalog,
    generated,
    header_columns,
    opened,
    settings,
    typed,
)
from conftest import Office

from xltools.check.check_files import check_all
from xltools.check.reading_plan import ReadingPlan
from xltools.definition import ColumnDef
from xltools.excel.package.workbook_package import Package
from xltools.ground.cells import column_number
from xltools.issues import Code

SCREEN, ROW_NUMBERS, SCROLL_BAR = 1366, 40, 20  # pixels of a small screen and of what is beside
HEAD = 330  # of its 768 pixels; the ribbon takes some 200


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
    assert page[f"A{FIRST}"].value == "✖ 目标不符 · 第1月目标\n15 + 18 + 10 = 43 / 50"
    assert page[f"A{FIRST + 1}"].value == "✔\n15% / 15%"
    assert page[f"A{FIRST + 2}"].value == "○ 待填 · 下达目标 1:5"
    known = settings()
    placed = [msgspec.structs.replace(one, sheet="季度目标", cell="D5") for one in known.targets]
    known = msgspec.structs.replace(known, targets=tuple(placed))
    found = check_all([path], ReadingPlan(catalog(), known), workers=1)
    [conflict] = [one for one in found.issues if one.code is Code.WORKBOOK_CONFLICT]
    assert (conflict.cell, conflict.column) == (f"{months[0]}{FIRST}", "target_1")
    assert conflict.suggestion == ""
    sentence = found.sentence(conflict, "zh")
    assert "43" in sentence
    assert "50" in sentence
    assert "、".join(f"{month}{FIRST}" for month in months) in sentence


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_months_add_up_beside_the_desks_target(lang: str, office: Office, tmp_path: Path) -> None:
    """While months are typed the sheet says how far they reach, in the form of the unit."""
    content = generated("expansion", lang=lang)
    title = catalog()["expansion"].sheet("stages").title[lang]
    columns = header_columns(opened(content)[title])
    cells: dict[str, object] = {
        f"{columns['target_1']}{FIRST}": 15,
        f"{columns['target_2']}{FIRST}": 18,
        f"{columns['target_1']}{FIRST + 1}": 0.125,
        f"{columns['target_3']}{FIRST + 2}": 4.5,
    }
    path = tmp_path / "typed.xlsx"
    path.write_bytes(typed(content, {2: cells}))
    [after] = office.recalculated([path])
    page = opened(after)[title]
    lines = [str(page[f"A{FIRST + at}"].value).split("\n") for at in range(3)]
    assert [line[1] for line in lines] == ["15 + 18 = 33 / 50", "12.5% / 15%", "1:4.5 / 1:5"]
    assert {line[0][0] for line in lines} == {"✖"}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", [known.name for known in catalog()])
def test_a_sheet_fits_a_small_screen(name: str, lang: str) -> None:
    """All columns up to the last input are seen at once at 1366 × 768, the check among them."""
    book = opened(generated(name, lang=lang))
    for sheet in catalog()[name].sheets:
        page = book[sheet.title[lang]]
        columns = header_columns(page)
        last = max(column_number(columns[c.name]) for c in sheet.columns if _is_input(c))
        scale = (page.sheet_view.zoomScale or 100) / 100
        groups = page.column_dimensions.values()
        widths = {at: one.width for one in groups for at in range(one.min, one.max + 1)}
        pixels = [scale * 7 * widths[number] for number in range(1, last + 1)]
        assert scale >= 0.9, sheet.name
        assert sum(pixels) <= SCREEN - ROW_NUMBERS - SCROLL_BAR, sheet.name
        assert pixels[0] <= SCREEN / 6, sheet.name
        head = sum(page.row_dimensions[row].height or 0 for row in range(1, FIRST) if row != KEYS)
        assert head / 0.75 * scale <= HEAD, sheet.name


def _is_input(column: ColumnDef) -> bool:
    return column.typed and not column.hidden


def test_a_name_that_sounds_like_a_members_is_doubted_by_both(
    office: Office, tmp_path: Path
) -> None:
    """王方 is nobody, 王芳 is a member: the sheet asks what the desk asks, and of no other name."""
    names = ("王方", "王芳", "王伟", "张威", "李四", "张力")
    goals = [
        {
            "sales_goal": "全年新增销售额",
            "supporting_goal": f"目标{number}",
            "priority": "high",
            "due": "2024-07-01/2024-09-30",
            "owner": name,
        }
        for number, name in enumerate(names)
    ]
    path = tmp_path / f"{TEAM}-目标管理-2024Q3.xlsx"
    path.write_bytes(generated("goals", rows={"alignment": goals}))
    [after] = office.recalculated([path])
    [found] = check_all([after], ReadingPlan(catalog(), settings()), workers=1).submissions
    near = {one.value for one in found.issues if one.code is Code.REFERENCE_NEAR}
    assert {"王方", "张威"} <= near < set(names)
    for book in (opened(path), opened(after)):
        page = book["目标对齐"]
        said = [page[f"A{FIRST + at}"].value for at in range(len(names))]
        assert said == ["▲ 名字相近 · 负责人" if one in near else "✔" for one in names]
        assert "音近" in page["A4"].value


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
    [found] = check_all([after], ReadingPlan(catalog(), settings()), workers=1).submissions
    assert found.row_counts["alignment"] == 4


def test_rows_grow() -> None:
    """A custom height would cut texts of more than a line."""
    package = Package(generated("goals"))
    for number in range(2, 6):
        text = package.text(f"xl/worksheets/sheet{number}.xml")
        rows = re.findall(r'<row r="(\d+)"([^>]*)>', text)
        fixed = [int(row) for row, more in rows if "customHeight" in more]
        assert max(fixed) < FIRST
        assert KEYS in fixed


PAGES = {"goals": (5, 10), "expansion": (6, 12), "plan": (10, 25)}  # in Excel, in LibreOffice


def test_paper_ends_with_the_data(office: Office, tmp_path: Path) -> None:
    """A page a sheet in Excel and WPS, which follow the print area's formula.

    LibreOffice reads no formula there and prints every row that is prepared.
    """
    whole: list[Path] = []
    followed: list[Path] = []
    for name in PAGES:
        for lang in ("zh", "en"):
            content = generated(name, lang=lang, capacity=None)
            whole.append(tmp_path / f"{name}-{lang}.xlsx")
            whole[-1].write_bytes(content)
            followed.append(tmp_path / f"{name}-{lang}-followed.xlsx")
            followed[-1].write_bytes(_with_areas(content, len(catalog()[name].sheets)))
    made = office.convert([*whole, *followed], "pdf", tmp_path / "pdf")
    pages = [len(re.findall(rb"/Type\s*/Page[^s]", pdf.read_bytes())) for pdf in made]
    names = [path.stem.split("-")[0] for path in whole]
    assert pages[len(whole) :] == [PAGES[name][0] for name in names]
    told = zip(whole, pages, names, strict=False)
    assert [(path.stem, count) for path, count, name in told if count > PAGES[name][1]] == []


def _with_areas(content: bytes, sheets: int) -> bytes:
    """The workbook with the areas that the formulas give where little is filled in."""
    package = Package(content)
    text, count = re.subn(
        r"(_xlnm.Print_Area\" localSheetId=\"\d+\">[^<]*?\$A\$1:)INDEX\([^$]*?(\$[A-Z]+\$)1:"
        r".*?</definedName>",
        lambda match: f"{match[1]}{match[2]}{FIRST - 1 + 5}</definedName>",
        package.text("xl/workbook.xml"),
    )
    assert count == sheets
    package.replace("xl/workbook.xml", text)
    return package.save()
