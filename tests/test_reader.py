"""What the reader gives for good, odd and hostile workbooks."""

from __future__ import annotations

import io
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec
import openpyxl
import pytest
import xlsxwriter
from hostile import CASES, Case
from hostile.cases import packed, parts, sheet, strings, styles
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl.styles import Font

from xltools.errors import FileRefused
from xltools.excel.package.markup import BadMarkupError
from xltools.excel.reading.cells.cell_places import Formulas
from xltools.excel.reading.cells.cell_styles import Styles
from xltools.excel.reading.cells.number_formats import Shown
from xltools.excel.reading.cells.typed_cells import Grid, Meaning
from xltools.excel.reading.foreign_content import Finding, sheet_findings
from xltools.excel.reading.workbook_reader import SheetCells, WorkbookCells, read_workbook
from xltools.excel.reading.xlsx import fast_sheet, parsed_sheet
from xltools.excel.reading.xlsx.shared_strings import shared_strings
from xltools.ground.cells import column_letters
from xltools.kinds.display_format import Format
from xltools.locale import LANGUAGES, say


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_every_made_file_gets_its_verdict(case: Case, tmp_path: Path) -> None:
    path = case.make(tmp_path)
    if case.code:
        with pytest.raises(FileRefused) as refused:
            read_workbook(path)
        assert refused.value.code == case.code
        if case.reason:
            assert refused.value.reason == case.reason
        for lang in LANGUAGES:
            assert say(refused.value.reason, lang, **refused.value.values)
        return
    book = read_workbook(path)
    assert book.sheets[0].rows == case.values
    assert book.sheets[0].errors == case.errors
    assert [finding.kind for finding in book.findings] == list(case.findings)


def test_there_are_at_least_a_hundred_made_files() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 100


def _read(tmp_path: Path, **changed: bytes) -> WorkbookCells:
    path = tmp_path / "made.xlsx"
    path.write_bytes(packed(parts(**changed)))
    return read_workbook(path)


def _first(tmp_path: Path, rows: str, **around: str) -> SheetCells:
    return _read(tmp_path, sheet1=sheet(rows, **around)).sheets[0]


def test_formulas_caches_and_percentages_are_told_by_place(tmp_path: Path) -> None:
    rows = (
        '<row r="3"><c r="A3" s="1"><v>0.5</v></c><c r="B3" s="1"><f>A3*2</f><v>1</v></c>'
        '<c r="C3"><f t="shared" ref="C3:C4" si="0">A3&amp;"%"</f></c>'
        '<c r="D3" t="str"><f>""</f><v></v></c><c r="E3" s="1" t="str"><v>a</v></c></row>'
        '<row r="4"><c r="C4"><f t="shared" si="0"/><v/></c></row>'
    )
    read = _first(tmp_path, rows)
    assert read.rows[2] == [0.5, 1, None, None, "a"]
    assert read.percent == {(3, 1), (3, 2)}
    assert read.formulas == {(3, 2): "A3*2", (3, 3): 'A3&"%"', (4, 3): ""}
    assert read.uncached == {(3, 3), (4, 3)}


def test_hidden_rows_hidden_columns_and_merges(tmp_path: Path) -> None:
    read = _first(
        tmp_path,
        '<row r="2" hidden="1"><c r="A2"><v>1</v></c></row><row r="5" hidden="true"/>',
        before='<cols><col min="2" max="4" hidden="1"/><col min="6" max="6"/></cols>',
        after='<mergeCells><mergeCell ref="A1:B2"/><mergeCell ref="C3:C3"/></mergeCells>',
    )
    assert read.hidden_rows == {2, 5}
    assert read.hidden_columns == {2, 3, 4}
    assert read.merges == [(1, 1, 2, 2)]


def test_properties_names_states_and_the_wish_for_some_sheets(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "目标"
    book.active["A1"] = "x"
    for title, state in (("隐", "hidden"), ("深", "veryHidden")):
        book.create_sheet(title).sheet_state = state
    book.defined_names["period"] = openpyxl.workbook.defined_name.DefinedName(
        "period", attr_text="目标!$A$1"
    )
    book.custom_doc_props.append(
        openpyxl.packaging.custom.StringProperty(name="xltools.team", value="华东")
    )
    book.properties.modified = datetime(2024, 4, 1, 8)
    path = tmp_path / "made.xlsx"
    book.save(path)
    read = read_workbook(path)
    assert [(one.title, one.state) for one in read.sheets] == [
        ("目标", "visible"),
        ("隐", "hidden"),
        ("深", "veryHidden"),
    ]
    assert read.properties == {"xltools.team": "华东"}
    assert read.names == {"period": "目标!$A$1"}
    assert read.modified.startswith("20")
    some = read_workbook(path, sheets=lambda title: title == "深")
    assert [(one.title, one.index) for one in some.sheets] == [("深", 2)]


def test_what_two_writers_write_is_read_as_written(tmp_path: Path) -> None:
    values = [
        ["指标", "日期", "数", None, "真", "富"],
        ["新客户 & <老客户>", date(2024, 2, 15), 45, None, True, "  前后  "],
        ['含"引号"', datetime(2024, 2, 15, 8, 30), 0.35, "末", False, "多\n行"],
    ]
    first, second = tmp_path / "openpyxl.xlsx", tmp_path / "xlsxwriter.xlsx"
    book = openpyxl.Workbook()
    for row in values:
        book.active.append(row)
    book.active["A1"].font = Font(bold=True)
    book.save(first)
    with xlsxwriter.Workbook(str(second), {"default_date_format": "yyyy-mm-dd hh:mm"}) as made:
        written = made.add_worksheet()
        for number, row in enumerate(values):
            written.write_row(number, 0, row)
    for path in (first, second):
        assert read_workbook(path).sheets[0].rows == values


def test_openpyxl_reads_the_sheet_that_our_reader_stumbles_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = openpyxl.Workbook()
    book.active.append(["指标", date(2024, 2, 15), 0.9, "#N/A", "=B1"])
    book.active["C1"].number_format = "0%"
    book.active.merge_cells("A2:B2")
    book.active.row_dimensions[4].hidden = True
    path = tmp_path / "made.xlsx"
    book.save(path)
    usual = read_workbook(path)

    def stumble(*_: object) -> None:
        raise IndexError("stumbled")

    monkeypatch.setattr("xltools.excel.reading.workbook_reader.read_plain", stumble)
    second = read_workbook(path)
    assert second.findings == [*usual.findings, Finding("second-reader", usual.sheets[0].title)]
    first, other = usual.sheets[0], second.sheets[0]
    # openpyxl makes rows for merged cells, too
    assert [row for row in other.rows if any(row)] == [row for row in first.rows if any(row)]
    other.rows = first.rows
    assert other == first


# What a sheet's XML may look like: both ways of reading must give the same.
_texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=8)
_numbers = st.one_of(
    st.integers(-(10**18), 10**18).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.sampled_from(["0", "1", "61", "0.5", "45337.25", " 7 ", "1e3", "１", "-1", "abc"]),
)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


_TOLD = [' s="3"', ' s="4"', ' s="5"']


@st.composite
def _cell(draw: st.DrawFn, row: int, column: int) -> str:
    style = draw(st.sampled_from(["", "", ' s="0"', ' s="1"', ' s="2"', ' s="12"', *_TOLD]))
    at = f'<c r="{column_letters(column)}{row}"{style}'
    formula = draw(st.sampled_from(["", "", "", "<f>A1*12</f>", '<f t="shared" si="0"/>']))
    quoted = draw(st.sampled_from(["", f'{row}" s=', f'{row}"']))
    text = _escape(draw(_texts)) + quoted
    return draw(
        st.sampled_from(
            [
                f"{at}/>",
                f"{at} />",
                f"{at}>{formula}<v /></c>",
                f"{at}>{formula}</c>",
                f'{at} t="s">{formula}<v>{draw(st.integers(0, 2))}</v></c>',
                f"{at}>{formula}<v>{draw(_numbers)}</v></c>",
                f"{at}>{formula}<v>{draw(_numbers)}</v></c>",
                f'{at} t="n">{formula}<v></v></c>',
                f'{at} t="str">{formula}<v>{text}</v></c>',
                f'{at} t="b">{formula}<v>1</v></c>',
                f'{at} t="e">{formula}<v>#REF!</v></c>',
                f'{at} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>',
                f'{at} t="inlineStr"><is><t>{text}</t></is></c>',
            ]
        )
    )


@st.composite
def _rows(draw: st.DrawFn) -> str:
    made = []
    for row in sorted(draw(st.sets(st.integers(1, 130), max_size=6))):
        columns = sorted(draw(st.sets(st.integers(1, 30), max_size=6)))
        cells = "".join(draw(_cell(row, column)) for column in columns)
        made.append(f'<row r="{row}" spans="1:3">{cells}</row>')
    return "".join(made)


def _meaning() -> Meaning:
    shown = {"1": Shown.PERCENT, "2": Shown.DATE, "4": Shown.DATE}
    formats = {"3": Format(padded=True), "4": Format(grain="month"), "5": Format(struck=True)}
    return Meaning(["指标", "", "a<b"], Styles(shown, formats, 13), False)


def _filled(grid: Grid) -> dict[str, object]:
    """A grid by place; how far rows reach beyond their last value is nobody's business."""
    values = {
        (row, column): (value, type(value))
        for row, cells in enumerate(grid.rows, 1)
        for column, value in enumerate(cells, 1)
        if value is not None
    }
    return {**msgspec.structs.asdict(grid), "rows": values}


@given(_rows())
@example('<row r="1" spans="1:3"><c r="A1" s="5" t="str"><f>A1*12</f><v></v></c></row>')
@settings(max_examples=200, deadline=None)
def test_the_fast_way_reads_as_the_parser_does(rows: str) -> None:
    text = sheet(rows).decode()
    fast = fast_sheet.read_plain(text.encode(), _meaning())
    slow = parsed_sheet.read_parsed(text, _meaning())
    assert fast is not None
    assert (_filled(fast[0]), fast[1]) == (_filled(slow[0]), slow[1])


_SHARED = st.sampled_from(
    [
        '<c r="A{n}" s="1"><f t="shared" si="0"/><v>0.5</v></c>',
        '<c r="B{n}" s="4" t="e"><f t="shared" si="1"/><v>#N/A</v></c>',
        '<c r="C{n}" s="4" t="str"><f t="shared" si="2"/><v></v></c>',
        '<c r="D{n}" s="4"><f t="shared" si="3"/></c>',
        '<c r="E{n}" s="2"><f t="shared" si="4"/><v>45000</v></c>',
        '<c r="F{n}" s="4" t="str"><f t="shared" si="5"/><v>a"{n}"</v></c>',
    ]
)


@given(st.lists(_SHARED, min_size=1, unique=True).map(sorted), st.integers(1, 40))
@settings(max_examples=100, deadline=None)
def test_rows_that_differ_in_their_number_alone_read_as_the_parser_does(
    cells: list[str], first: int
) -> None:
    """The unfilled rows of a form: shared formulas, the same results in every row."""
    rows = "".join(
        f'<row r="{n}">{"".join(cells).replace("{n}", str(n))}</row>'
        for n in range(first, first + 6)
    )
    text = sheet(rows).decode()
    fast, slow = (
        fast_sheet.read_plain(text.encode(), _meaning()),
        parsed_sheet.read_parsed(text, _meaning()),
    )
    assert fast is not None
    assert (_filled(fast[0]), fast[1]) == (_filled(slow[0]), slow[1])


@given(_rows(), st.data())
@settings(max_examples=200, deadline=None)
def test_a_changed_character_is_read_alike_or_left_to_the_parser(rows: str, data: Any) -> None:
    text = sheet(rows).decode()
    at = data.draw(st.integers(0, len(text) - 1))
    text = text[:at] + data.draw(st.sampled_from('<>/"= 1AZrsv\x0b!&')) + text[at + 1 :]
    try:
        fast = fast_sheet.read_plain(text.encode(), _meaning())
        slow = parsed_sheet.read_parsed(text, _meaning())
    except (FileRefused, BadMarkupError):
        return
    assert fast is None or (_filled(fast[0]), fast[1]) == (_filled(slow[0]), slow[1])


def test_a_million_cells_stay_within_memory_and_are_all_there(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"constant_memory": True}) as book:
        written = book.add_worksheet()
        for row in range(20_000):
            for column in range(10):
                written.write_number(row, column, row * 10 + column)
    path = tmp_path / "large.xlsx"
    path.write_bytes(stream.getvalue())
    rows = read_workbook(path).sheets[0].rows
    assert sum(map(sum, rows)) == sum(range(200_000))  # type: ignore[arg-type]


def test_shared_strings_rich_or_plain_read_alike(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>{n - 1}</v></c></row>' for n in range(1, 5))
    texts = ["<t>a&amp;b</t>", '<t xml:space="preserve"> c </t>', "<t></t>", "<t>_x000A_</t>"]
    usual = _read(tmp_path, sheet1=sheet(rows), strings=strings(*texts)).sheets[0].rows
    rich = [f"<r>{text}</r>" for text in texts]
    assert _read(tmp_path, sheet1=sheet(rows), strings=strings(*rich)).sheets[0].rows == usual
    assert usual == [["a&b"], [" c "], [""], ["\n"]]


def test_a_table_of_plain_and_rich_strings_needs_no_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    text = strings("<t>a!</t>", "<r><rPr><b/></rPr><t>b</t></r><r><t>！</t></r>").decode()
    monkeypatch.setattr(
        "xltools.excel.reading.xlsx.shared_strings._parse", lambda _text: ["by the parser"]
    )
    assert shared_strings(text) == ["a!", "b！"]
    assert shared_strings(text.replace("a!", "<!-- a -->")) == ["by the parser"]


def test_styles_without_formats_leave_numbers_alone(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1" s="0"><v>45337</v></c></row>'
    assert _read(tmp_path, sheet1=sheet(rows), styles=styles(0)).sheets[0].rows == [[45337]]


@pytest.mark.parametrize(
    ("formula", "kind"),
    [
        ("[1]Sheet1!A1", "formula-links-outside"),
        ("SUM('[1]销售 一部'!$A$1:B2)", "formula-links-outside"),
        ("'C:\\a\\[年度.xlsx]表'!A1", "formula-links-outside"),
        ("cmd|'/C calc'!A0", "formula-links-outside"),
        ("_xlfn.WEBSERVICE(A1)", "formula-reaches-out"),
        ("IMAGE(A1)", "formula-reaches-out"),
        ("SUM(表1[2024])", ""),
        ("SUM(表1[[#This Row],[1]])", ""),
        ('IF(A1="a|b!","[1]x!",1)', ""),
        ("SUMIFS(数据!B:B,数据!A:A,A2)", ""),
    ],
)
def test_formulas_that_leave_the_workbook_are_told(formula: str, kind: str) -> None:
    formulas = Formulas()
    formulas[2, 3] = formula
    found = sheet_findings("表", formulas)
    assert [(one.kind, one.where) for one in found] == ([(kind, "表!C2")] if kind else [])
