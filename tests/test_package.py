"""Marks are put into a team's own workbook and taken out again; nothing else changes."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xltools.excel import styles
from xltools.excel.editing.comments import SEPARATOR
from xltools.excel.editing.issue_sheet import CellLink, IssueLine, IssueSheet
from xltools.excel.editing.marked_workbook import (
    FILLS,
    Mark,
    issues_alone,
    mark_cells,
    remove_marks,
)
from xltools.excel.links import cell_target
from xltools.excel.package.workbook_package import NotEditableError, Package
from xltools.excel.package.xml_text import encode
from xltools.excel.package.zip_writer import members
from xltools.excel.writing.sheet_writer import Sheet
from xltools.excel.writing.workbook_writer import Book
from xltools.ground.cells import CellRef

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
NOON = datetime(2024, 7, 1, 12)
ODD = "it's 任务"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
THREADED = "{11111111-2222-3333-4444-555555555555}"


def unmarked(content: bytes) -> bytes:
    """The workbook without our marks; the same bytes where there are none."""
    package = Package(content)
    return package.save() if remove_marks(package) else content


def png() -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        checked = kind + content
        return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\xff\0\0")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def fill_sheet(sheet: Sheet) -> None:
    for column in range(1, 6):
        sheet.text(3, column, f"列{column}", styles.HEADER_REQUIRED)
    for row in range(4, 14):
        sheet.text(row, 1, f"任务{row}", styles.INPUT)
        sheet.number(row, 2, row / 7, styles.INPUT_NUMBER.but(number=styles.PERCENT))
        sheet.formula(row, 3, f"=B{row}*2", row * 2 / 7, styles.COMPUTED)
        sheet.blank(row, 4, styles.INPUT)
    sheet.validation(4, 4, 13, 4, validate="list", source=["高", "低"])
    sheet.conditional(4, 2, 13, 2, type="data_bar", data_bar_2010=True)
    sheet.sparkline(4, 8, range="B4:B9", type="column")
    sheet.view.repeat_rows(1, 3)
    sheet.view.protect()


@pytest.fixture(scope="module")
def team_file() -> bytes:
    """A workbook with everything that a library would lose on the way."""
    stream = io.BytesIO()
    with Book(stream, created=NOON) as book:
        cover = book.sheet("填写说明")
        cover.text(1, 1, "说明", styles.FORM_TITLE)
        cover.engine.insert_image(2, 2, "p.png", {"image_data": io.BytesIO(png())})
        fill_sheet(book.sheet("目标"))
        tasks = book.sheet(ODD)
        fill_sheet(tasks)
        tasks.note(4, 1, "请核对", "张三")
        tasks.note(5, 1, "[Threaded comment]", f"tc={THREADED}")
        chart = book.chart("column")
        chart.add_series({"values": [ODD, 3, 1, 12, 1]})
        tasks.chart(4, 10, chart)
        book.define_name("lst_x", "='目标'!$A$4:$A$13")
        cover.view.activate()
    return with_foreign_parts(stream.getvalue())


def with_foreign_parts(content: bytes) -> bytes:
    """Conversations, a pivot table and custom XML, as Excel stores them."""
    package = Package(content)
    threaded = (
        '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/'
        f'threadedcomments"><threadedComment ref="A5" id="{THREADED}"><text>谁?</text>'
        "</threadedComment></ThreadedComments>"
    )
    kind = "application/vnd.ms-excel.threadedcomments+xml"
    package.add("xl/threadedComments/threadedComment1.xml", threaded, kind)
    base = "http://schemas.microsoft.com/office/2017/10/relationships"
    sheet = "xl/worksheets/sheet3.xml"
    package.relate(sheet, "threadedComment", "xl/threadedComments/threadedComment1.xml", base)
    pivot = f'<pivotTableDefinition xmlns="{MAIN}" name="p" cacheId="1"/>'
    package.add("xl/pivotTables/pivotTable1.xml", pivot)
    package.add("customXml/item1.xml", "<x>敏感标签</x>")
    return package.save()


def issue_sheet(marks: dict[str, list[Mark]]) -> IssueSheet:
    lines = [
        IssueLine([CellLink(cell_target(title, m.cell), f"{title}!{m.cell}"), m.comment, 1], m.fill)
        for title, wanted in marks.items()
        for m in wanted
    ]
    return IssueSheet(
        "问题清单", "问题 · 市场部", ["收据"], ["位置", "问题", "n"], lines, [90, 300, 40]
    )


MARKS = {
    "目标": [
        Mark(CellRef(5, 2), "error", "不是数字"),
        Mark(CellRef(5, 2), "warning", "第二个 <&>"),
        Mark(CellRef(6, 4), "warning", "缺"),
        Mark(CellRef(30, 7), "error", "缺一行"),
    ],
    ODD: [
        Mark(CellRef(4, 1), "error", "已有批注"),
        Mark(CellRef(5, 1), "error", "已有会话"),
        Mark(CellRef(4, 26), "error", "远"),
    ],
}


@pytest.fixture(scope="module")
def marked(team_file: bytes) -> bytes:
    return mark_cells(team_file, MARKS, issue_sheet(MARKS))


def load(content: bytes, **options: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content), **options)


def parts(content: bytes) -> dict[str, bytes]:
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.testzip() is None
    return {name: archive.read(name) for name in archive.namelist()}


def values(content: bytes) -> dict[str, dict[str, Any]]:
    return {
        sheet.title: {
            cell.coordinate: cell.value
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None
        }
        for sheet in load(content)
        if sheet.title not in ("问题清单", "Issues")
    }


def test_what_need_not_change_is_byte_for_byte_the_same(team_file: bytes, marked: bytes) -> None:
    may_change = {
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/worksheets/sheet1.xml",  # the cover gives up being the selected sheet
        "xl/worksheets/sheet2.xml",
        "xl/worksheets/sheet3.xml",
        "xl/comments1.xml",
        "xl/drawings/vmlDrawing1.vml",
    }
    before = {member.name: member.record for member in members(team_file)}
    after = {member.name: member.record for member in members(marked)}
    changed = {name for name in before if after[name] != before[name]}
    assert changed <= may_change
    assert {"xl/charts/chart1.xml", "xl/media/image1.png", "customXml/item1.xml"} <= set(before)
    assert set(after) - set(before) == {
        "xl/worksheets/issues1.xml",
        "xl/comments2.xml",
        "xl/drawings/vmlDrawing2.vml",
        "xl/worksheets/_rels/sheet2.xml.rels",
    }
    assert [name for name in after if name in before] == list(before)


def test_the_cover_changes_in_one_attribute_only(team_file: bytes, marked: bytes) -> None:
    name = "xl/worksheets/sheet1.xml"
    assert parts(team_file)[name].replace(b' tabSelected="1"', b"") == parts(marked)[name]


def test_marked_cells_keep_all_but_their_fill(team_file: bytes, marked: bytes) -> None:
    before, after = load(team_file)["目标"], load(marked)["目标"]
    cell = after["B5"]
    assert cell.fill.fgColor.rgb == FILLS["error"]
    assert cell.number_format == "0.0%"
    for part in ("font", "border", "alignment", "protection", "value"):
        assert repr(getattr(cell, part)) == repr(getattr(before["B5"], part))
    assert after["D6"].fill.fgColor.rgb == FILLS["warning"]
    assert repr(after["B6"].fill) == repr(before["B6"].fill)
    assert cell.comment.text == f"{SEPARATOR}\n不是数字\n第二个 <&>"
    assert cell.comment.author == "xltools"


def test_a_blank_cell_that_does_not_exist_is_made(marked: bytes) -> None:
    book = load(marked)
    assert book["目标"]["G30"].fill.fgColor.rgb == FILLS["error"]
    assert book[ODD]["Z4"].fill.fgColor.rgb == FILLS["error"]
    assert book[ODD]["Z4"].comment.text.endswith("远")


def test_values_formulas_and_caches_are_as_they_were(team_file: bytes, marked: bytes) -> None:
    assert values(marked) == values(team_file)
    cached = [load(content, data_only=True)["目标"]["C9"].value for content in (team_file, marked)]
    assert cached == [9 * 2 / 7] * 2


def test_comments_of_others_stay(marked: bytes) -> None:
    sheet = load(marked)[ODD]
    assert sheet["A4"].comment.text == f"请核对\n{SEPARATOR}\n已有批注"
    assert sheet["A4"].comment.author == "张三"
    assert sheet["A5"].comment.text == "[Threaded comment]"
    assert sheet["A5"].fill.fgColor.rgb == FILLS["error"]
    threaded = parts(marked)["xl/threadedComments/threadedComment1.xml"].decode()
    assert "谁?" in threaded


def test_live_checks_names_and_print_titles_stay(team_file: bytes, marked: bytes) -> None:
    xml = {name: content.decode() for name, content in parts(marked).items() if "sheet2" in name}
    sheet = xml["xl/worksheets/sheet2.xml"]
    for kept in ("dataValidation ", "x14:dataBar", "x14:sparkline", "sheetProtection"):
        assert kept in sheet
    before, after = load(team_file), load(marked)
    for title in ("目标", ODD):
        assert after[title].print_title_rows == before[title].print_title_rows == "$1:$3"
    assert after.defined_names["lst_x"].attr_text == before.defined_names["lst_x"].attr_text


def test_the_list_comes_first_and_leads_to_the_cells(marked: bytes) -> None:
    book = load(marked)
    assert book.sheetnames[0] == "问题清单"
    assert book.active.title == "问题清单"
    selected = [sheet.title for sheet in book if sheet.sheet_view.tabSelected]
    assert selected == ["问题清单"]
    sheet = book.worksheets[0]
    links = [cell.value for row in sheet.iter_rows(max_col=1) for cell in row if cell.value]
    assert f"=HYPERLINK(\"#'it''s 任务'!A4\",\"{ODD}!A4\")" in links
    assert not book.defined_names["xltools_issues"].attr_text.startswith("#")
    assert book.defined_names["xltools_issues"].hidden


def test_marks_go_and_nothing_of_them_is_left(team_file: bytes, marked: bytes) -> None:
    clean = unmarked(marked)
    assert set(parts(clean)) - set(parts(team_file)) <= {"xl/worksheets/_rels/sheet2.xml.rels"}
    before, after = load(team_file), load(clean)
    assert after.sheetnames == before.sheetnames
    assert values(clean) == values(team_file)
    for title in ("目标", ODD):
        for row in before[title].iter_rows():
            for cell in row:
                other = after[title][cell.coordinate]
                assert repr(other.fill) == repr(cell.fill), cell.coordinate
                assert (other.comment and other.comment.text) == (
                    cell.comment and cell.comment.text
                )
        assert after[title].print_title_rows == "$1:$3"
    assert list(after.defined_names) == list(before.defined_names)
    assert unmarked(clean) == clean


def test_a_workbook_without_marks_comes_back_as_it_is(team_file: bytes) -> None:
    assert unmarked(team_file) is team_file


def test_marking_again_replaces_the_old_marks(team_file: bytes, marked: bytes) -> None:
    second = {"目标": [Mark(CellRef(7, 1), "warning", "只剩这个")]}
    again = mark_cells(marked, second, issue_sheet(second))
    book = load(again)
    assert book.sheetnames == load(marked).sheetnames
    filled = [
        cell.coordinate
        for sheet in book.worksheets[1:]
        for row in sheet.iter_rows()
        for cell in row
        if cell.fill.fgColor.rgb in FILLS.values()
    ]
    assert filled == ["A7"]
    assert [
        cell.coordinate for row in book["目标"].iter_rows() for cell in row if cell.comment
    ] == ["A7"]
    assert values(again) == values(team_file)


def test_the_same_marks_give_the_same_bytes(team_file: bytes, marked: bytes) -> None:
    assert mark_cells(team_file, MARKS, issue_sheet(MARKS)) == marked


def test_a_title_that_is_taken_gets_another(team_file: bytes) -> None:
    sheet = issue_sheet({})
    named = IssueSheet("目标", sheet.heading, [], ["a"], [], [50])
    assert load(mark_cells(team_file, {}, named)).sheetnames[0] == "目标 (2)"


def test_a_sheet_that_does_not_exist_is_passed_over(team_file: bytes) -> None:
    marks = {"没有": [Mark(CellRef(1, 1), "error", "x")]}
    assert values(mark_cells(team_file, marks, issue_sheet(marks))) == values(team_file)


def test_a_list_alone_is_a_workbook() -> None:
    book = load(issues_alone(issue_sheet(MARKS)))
    assert book.sheetnames == ["问题清单"]
    assert book["问题清单"]["B5"].value == "不是数字"
    assert book["问题清单"]["A5"].value == "目标!B5"
    assert issues_alone(issue_sheet(MARKS)) == issues_alone(issue_sheet(MARKS))


def test_many_comments_get_ids_of_their_own(team_file: bytes) -> None:
    marks = {ODD: [Mark(CellRef(row, 9), "error", f"第{row}行") for row in range(1, 1_200)]}
    content = mark_cells(team_file, marks, issue_sheet(marks))
    drawing = parts(content)["xl/drawings/vmlDrawing1.vml"].decode()
    ids = [piece.split('"')[0] for piece in drawing.split('id="_x0000_s')[1:]]
    assert len(ids) == len(set(ids)) == 1_199 + 2
    assert load(content)[ODD]["I1199"].comment.text.endswith("第1199行")
    assert "vmlDrawing1" in "".join(parts(unmarked(content)))


# Workbooks that other programs write


def package_of(
    sheet: str, *, styles_part: str = "", root: str = "xl/", encoding: str = "utf-8", p: str = ""
) -> bytes:
    """A small workbook by hand; ``p`` is a prefix with colon, ``root`` where its parts are."""
    declared = f'xmlns:{p[:-1]}="{MAIN}"' if p else f'xmlns="{MAIN}"'
    link = f"{OFFICE}/worksheet"
    relationships = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    files = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        'content-types"><Default Extension="xml" ContentType="application/xml"/><Default '
        'Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/{root}workbook.xml" ContentType="{content_type}.sheet.main+xml"/>'
        f'<Override PartName="/{root}sheet1.xml" ContentType="{content_type}.worksheet+xml"/>'
        "</Types>",
        "_rels/.rels": f'<Relationships {relationships}><Relationship Id="a" '
        f'Type="{OFFICE}/officeDocument" Target="{root}workbook.xml"/></Relationships>',
        f"{root}workbook.xml": f'<{p}workbook {declared} xmlns:q="{OFFICE}"><{p}sheets>'
        f'<{p}sheet name="S" sheetId="1" q:id="rId1"/></{p}sheets></{p}workbook>',
        f"{root}_rels/workbook.xml.rels": f"<Relationships {relationships}><Relationship "
        f'Id="rId1" Type="{link}" Target="sheet1.xml"/></Relationships>',
        f"{root}sheet1.xml": f"<{p}worksheet {declared}>{sheet}</{p}worksheet>",
    }
    if styles_part:
        files[f"{root}styles.xml"] = styles_part
        files[f"{root}_rels/workbook.xml.rels"] = files[f"{root}_rels/workbook.xml.rels"].replace(
            "</Rel", f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/></Rel'
        )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in files.items():
            if encoding != "utf-8" and name.endswith("sheet1.xml"):
                text = f'<?xml version="1.0" encoding="{encoding}"?>{text}'
                archive.writestr(name, text.encode(encoding))
            else:
                archive.writestr(name, text)
    return stream.getvalue()


def mark_all(content: bytes, *cells: str) -> Any:
    marks = {"S": [Mark(CellRef.parse(cell), "error", f"错 {cell}") for cell in cells]}
    made = mark_cells(content, marks, issue_sheet(marks))
    book = load(made)
    for cell in cells:
        assert book["S"][cell].fill.fgColor.rgb == FILLS["error"], cell
        assert book["S"][cell].comment.text.endswith(cell)
    clean = load(unmarked(made))
    assert clean.sheetnames == ["S"]
    for cell in cells:
        assert clean["S"][cell].fill.patternType is None
        assert clean["S"][cell].comment is None
    return book["S"]


PLAIN = '<sheetData><row r="2"><c r="B2"><v>1</v></c><c r="D2"><v>3</v></c></row></sheetData>'


@pytest.mark.parametrize(
    "content",
    [
        package_of(PLAIN),
        package_of(PLAIN, root=""),
        package_of(PLAIN, encoding="utf-16"),
        package_of(PLAIN, encoding="gbk"),
        package_of(PLAIN.replace("<", "<x:").replace("<x:/", "</x:"), p="x:"),
        package_of(
            PLAIN, styles_part=f'<styleSheet xmlns="{MAIN}"><fills count="0"/></styleSheet>'
        ),
        package_of(PLAIN.replace(' r="B2"', "").replace("<row>", "<row >").replace("B2", "A2")),
        package_of(PLAIN.replace("<row", '<!-- <row r="2"> --><row')),
        package_of(PLAIN.replace("'", "").replace('r="2"', "spans='2:4'  r = '2'")),
        package_of(PLAIN + '<extLst><ext uri="x"/></extLst>'),
    ],
    ids=["plain", "root", "utf16", "gbk", "prefix", "bare", "no-r", "comment", "quotes", "ext"],
)
def test_workbooks_of_other_programs_can_be_marked(content: bytes) -> None:
    sheet = mark_all(content, "A1", "C2", "D2", "E2", "B9")
    assert sheet["D2"].value == 3


def test_a_sheet_without_cells_can_be_marked() -> None:
    mark_all(package_of("<sheetData/>"), "C3")
    mark_all(package_of('<sheetData><row r="3" spans="1:1"/></sheetData>'), "C3", "A3")


def test_a_new_cell_looks_as_its_row_or_column_did() -> None:
    look = (
        f'<styleSheet xmlns="{MAIN}"><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="9"/>'
        '<xf numFmtId="10"><alignment horizontal="center"/></xf></cellXfs></styleSheet>'
    )
    grid = '<cols><col min="2" max="3" style="1"/></cols><sheetData><row r="2" s="2" '
    sheet = mark_all(
        package_of(grid + 'customFormat="1"/></sheetData>', styles_part=look), "B1", "B2", "D1"
    )
    found = [sheet[cell].number_format for cell in ("B1", "B2", "D1")]
    assert found == ["0%", "0.00%", "General"]
    assert sheet["B2"].alignment.horizontal == "center"


grids = st.dictionaries(
    st.tuples(st.integers(1, 12), st.integers(1, 8)),
    st.none() | st.integers(0, 99) | st.text(max_size=5) | st.just("<row r='1'>"),
    max_size=30,
)
places = st.sets(st.tuples(st.integers(1, 14), st.integers(1, 10)), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(grids, places, st.booleans())
def test_any_cells_can_be_marked_and_no_value_changes(
    grid: dict[tuple[int, int], Any], wanted: set[tuple[int, int]], inline: bool
) -> None:
    stream = io.BytesIO()
    with Book(stream, created=NOON) as book:
        sheet = book.sheet("S")
        if inline:
            columns = [[grid.get((row, col)) for row in range(1, 13)] for col in range(1, 9)]
            sheet.bulk(1, 1, columns, [styles.BULK] * 8)
        for (row, col), value in grid.items() if not inline else ():
            sheet.value(row, col, value, styles.INPUT if col % 2 else None)
    marks = {"S": [Mark(CellRef(*place), "warning", "x") for place in sorted(wanted)]}
    made = mark_cells(stream.getvalue(), marks, issue_sheet(marks))
    after = load(made)["S"]
    assert values(made) == values(stream.getvalue())
    filled = {
        (cell.row, cell.column)
        for row in after.iter_rows()
        for cell in row
        if cell.fill.fgColor.rgb == FILLS["warning"]
    }
    assert filled == wanted
    assert values(unmarked(made)) == values(stream.getvalue())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04 no archive",
        package_of("no cells"),
        package_of(PLAIN).replace(b'officeDocument"', b'somethingElse_"'),
    ],
)
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    marks = {"S": [Mark(CellRef(1, 1), "error", "x")]}
    with pytest.raises(NotEditableError):
        mark_cells(content, marks, issue_sheet(marks))


def test_a_stamped_workbook_differs_in_the_given_parts_only(team_file: bytes) -> None:
    name = "xl/worksheets/sheet1.xml"
    new = parts(team_file)[name].replace(b"zoomScale", b"zoomScale")
    before = {member.name: member.record for member in members(team_file)}
    after = {
        member.name: member.record
        for member in members(Package(team_file).stamped({name: new + b" "}))
    }
    assert [key for key in before if before[key] != after[key]] == [name]
    assert parts(Package(team_file).stamped({name: new + b" "}))[name] == new + b" "
    with pytest.raises(KeyError):
        Package(team_file).stamped({"xl/missing.xml": b""})


def test_a_package_is_read_whatever_the_case_of_its_names(team_file: bytes) -> None:
    package = Package(team_file)
    assert "XL/Workbook.XML" in package
    assert package.read("xl\\workbook.xml") == parts(team_file)["xl/workbook.xml"]
    package.remove("xl/sharedstrings.xml")
    assert "xl/sharedStrings.xml" not in parts(package.save())
    assert "sharedStrings" not in parts(package.save())["[Content_Types].xml"].decode()


def test_bytes_that_are_no_text_survive_editing() -> None:
    from xltools.excel.package.xml_text import decode

    odd = b'<?xml version="1.0"?><a>\xff\xfe\x80 \xe4\xb8\xad</a>'
    assert encode(decode(odd)) == odd


def test_libreoffice_shows_the_marks_and_they_go_after_its_save(
    marked: bytes, team_file: bytes, tmp_path: Path, office: Any
) -> None:
    path = tmp_path / "marked.xlsx"
    path.write_bytes(marked)
    saved = office.convert([path], "xlsx", tmp_path / "saved")[0].read_bytes()
    book = load(saved)
    assert book.sheetnames[0] == "问题清单"
    assert book["目标"]["B5"].fill.fgColor.rgb == FILLS["error"]
    clean = load(unmarked(saved))
    assert clean.sheetnames == load(team_file).sheetnames
    for title in ("目标", ODD):
        for row in clean[title].iter_rows():
            for cell in row:
                assert cell.fill.fgColor.rgb not in FILLS.values(), cell.coordinate
                assert SEPARATOR not in (cell.comment.text if cell.comment else "")
    assert clean[ODD]["A4"].comment.text == "请核对"
    assert clean["目标"]["A3"].fill.fgColor.rgb == load(team_file)["目标"]["A3"].fill.fgColor.rgb
    assert clean["目标"]["C5"].fill.fgColor.rgb == load(team_file)["目标"]["C5"].fill.fgColor.rgb
