"""What is written is what is read, cell by cell, or an error says where it was not."""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape
from python_calamine import CalamineWorkbook

from xltools.errors import WriteError
from xltools.excel import styles
from xltools.excel.cell_text import CLIP_MARK, clipped, utf16_cut, utf16_length, visible
from xltools.excel.links import file_target, hyperlink, literal
from xltools.excel.text_size import (
    column_pixels,
    row_pixels,
    shortened,
    text_pixels,
    wrapped_lines,
)
from xltools.excel.titles import sheet_title, table_headers
from xltools.excel.writing.row_xml import Formulas
from xltools.excel.writing.serial_values import serial_number
from xltools.excel.writing.sheet_writer import Sheet, TableColumn
from xltools.excel.writing.workbook_writer import Book
from xltools.ground.cells import LAST_ROW, CellRef

NOON = datetime(2024, 7, 1, 12)
HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    "{=1+1}",
    "http://example.com",
    "file:///etc/passwd",
    "internal:Sheet!A1",
    "<r><t>x</t></r>",
    "<b>&amp;\"'",
    "_x0041_",
    "_x0041_x0042_",
    "  lead and trail  ",
    "two  spaces",
    "line\nbreak\ttab",
    "110101199003078888",
    "007",
    "1E5",
    "#N/A",
    "TRUE",
    "😀𠮷",
    "'quoted",
]


def written(fill: Callable[[Sheet], None], **options: Any) -> bytes:
    stream = io.BytesIO()
    with Book(stream, created=NOON, **options) as book:
        fill(book.sheet("表"))
    return stream.getvalue()


def value_of(cell: Any) -> Any:
    """openpyxl resolves ``_xHHHH_`` in shared strings only, not in the inline ones of a block."""
    return unescape(cell.value) if isinstance(cell.value, str) else cell.value


def read(content: bytes, **options: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content), **options).worksheets[0]


@pytest.mark.parametrize("bulk", [False, True])
def test_text_is_never_formula_number_or_link(bulk: bool) -> None:
    def fill(sheet: Sheet) -> None:
        if bulk:
            sheet.bulk(1, 1, [HOSTILE], [None])
        else:
            for row, text in enumerate(HOSTILE, 1):
                sheet.text(row, 1, text)

    content = written(fill)
    sheet = read(content)
    assert [sheet.cell(row, 1).data_type for row in range(1, len(HOSTILE) + 1)] == ["s"] * len(
        HOSTILE
    )
    if not bulk:
        assert [sheet.cell(row, 1).value for row in range(1, len(HOSTILE) + 1)] == HOSTILE
    else:
        assert [value_of(sheet.cell(row, 1)) for row in range(1, len(HOSTILE) + 1)] == HOSTILE
    assert [sheet.cell(row, 1).quotePrefix for row in range(1, 6)] == [True] * 5
    assert not sheet.cell(10, 1).quotePrefix
    assert sheet._hyperlinks == []
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows] == HOSTILE


@pytest.mark.parametrize("bulk", [False, True])
def test_what_xml_forbids_is_made_visible(bulk: bool) -> None:
    texts = ["a\x00b\x1f", "\ud800x\udfff", "\ufffe", "win\r\nmac\rend", "\x7f"]

    def fill(sheet: Sheet) -> None:
        if bulk:
            sheet.bulk(1, 1, [texts], [None])
        else:
            for row, text in enumerate(texts, 1):
                sheet.text(row, 1, text)

    sheet = read(written(fill))
    expected = ["a␀b␟", "\\ud800x\\udfff", "\\ufffe", "win\nmac\nend", "␡"]
    assert [sheet.cell(row, 1).value for row in range(1, 6)] == expected


@pytest.mark.parametrize("bulk", [False, True])
def test_a_text_too_long_raises_or_is_cut_with_a_mark(bulk: bool) -> None:
    long = "😀" * 16_384  # 32,768 units, one more than a cell holds
    fits = "文" * 32_767

    def fill(sheet: Sheet, clip: bool) -> None:
        if bulk:
            sheet.bulk(1, 1, [[fits, "x", long]], [None], clip=clip)
        else:
            sheet.text(1, 1, fits, clip=clip)
            sheet.text(3, 1, long, clip=clip)

    with pytest.raises(WriteError) as fault:
        written(lambda sheet: fill(sheet, clip=False))
    assert fault.value.values["cell"] == "A3"
    assert fault.value.values["length"] == 32_768
    stream = io.BytesIO()
    with Book(stream, created=NOON) as book:
        fill(book.sheet("表"), clip=True)
    assert book.clipped == [("表", CellRef(3, 1))]
    sheet = read(stream.getvalue())
    assert sheet["A1"].value == fits
    assert sheet["A3"].value.endswith(CLIP_MARK)
    assert utf16_length(sheet["A3"].value) <= 32_767
    assert set(sheet["A3"].value.removesuffix(CLIP_MARK)) == {"😀"}


def test_numbers_keep_their_digits() -> None:
    numbers = [0.1 + 0.2, 1 / 3, 1e-300, -1.7976931348623157e308, 2**53]

    def fill(sheet: Sheet) -> None:
        for row, number in enumerate(numbers, 1):
            sheet.number(row, 1, number)
        sheet.bulk(11, 1, [numbers], [None])

    sheet = read(written(fill))
    assert [sheet.cell(row, 1).value for row in range(1, 6)] == numbers
    assert [sheet.cell(row, 1).value for row in range(11, 16)] == numbers


@pytest.mark.parametrize("number", [2**53 + 1, -(2**60) - 1, 12345678901234567890, 10**400])
def test_whole_numbers_that_excel_would_round_become_text(number: int) -> None:
    def fill(sheet: Sheet) -> None:
        sheet.number(1, 1, number)
        sheet.value(2, 1, number)
        sheet.bulk(3, 1, [[number, 1.5]], [None])

    sheet = read(written(fill))
    assert [sheet.cell(row, 1).value for row in (1, 2, 3)] == [str(number)] * 3


def test_what_pandas_has_for_nothing_is_blank() -> None:
    import pandas as pd

    nothing = [pd.NA, pd.NaT, float("nan"), None]

    def fill(sheet: Sheet) -> None:
        for row, value in enumerate(nothing, 1):
            sheet.value(row, 1, value)
            sheet.formula(row, 2, "=A1", value)
        sheet.bulk(11, 1, [nothing], [None])
        sheet.bulk(
            21, 1, [pd.Series([1, 2]).astype("int64"), [pd.Timestamp(2024, 7, 1)] * 2], [None] * 2
        )

    sheet = read(written(fill), data_only=True)
    assert all(sheet.cell(row, col).value is None for row in range(1, 16) for col in (1, 2))
    assert [sheet.cell(22, col).value for col in (1, 2)] == [2, 45474]


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_blank_or_raises(bad: float) -> None:
    sheet = read(written(lambda sheet: sheet.number(1, 1, bad)))
    assert sheet["A1"].value is None
    with pytest.raises(ValueError):
        written(lambda sheet: sheet.number(1, 1, bad, strict=True))
    assert read(written(lambda sheet: sheet.bulk(1, 1, [[1.0, bad]], [None])))["A2"].value is None


@given(st.dates(date(1900, 1, 1), date(9999, 12, 31)))
def test_a_date_is_what_a_reader_makes_of_its_number(day: date) -> None:
    from openpyxl.utils.datetime import from_excel

    read_back = from_excel(serial_number(day))
    assert isinstance(read_back, datetime)
    assert read_back.date() == day


def test_dates_before_excel_stay_text() -> None:
    sheet = read(written(lambda sheet: sheet.value(1, 1, date(1899, 12, 31))))
    assert sheet["A1"].value == "1899-12-31"
    sheet = read(written(lambda sheet: sheet.value(1, 1, datetime(2024, 7, 1, 13, 30))))
    assert sheet["A1"].value == datetime(2024, 7, 1, 13, 30)


plain_text = st.text(st.characters(exclude_categories=[]), max_size=30)
moments = st.datetimes(datetime(1900, 3, 1), datetime(2200, 1, 1)).map(
    lambda moment: moment.replace(microsecond=0)
)
anything = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | plain_text
    | st.sampled_from(HOSTILE)
    | st.dates(date(1890, 1, 1), date(2100, 1, 1))
    | moments
    | st.times().map(lambda moment: moment.replace(microsecond=0))
)


def columns_of(values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[list[Any]]]:
    return st.integers(1, 12).flatmap(
        lambda rows: st.lists(
            st.lists(values, min_size=rows, max_size=rows), min_size=1, max_size=4
        )
    )


@settings(max_examples=60, deadline=None)
@given(
    columns_of(anything) | columns_of(plain_text) | columns_of(st.floats() | st.integers(-9, 9)),
    st.sampled_from([None, styles.BULK, styles.BULK_PERCENT]),
)
def test_rows_in_bulk_are_the_same_cells(columns: list[list[Any]], style: Any) -> None:
    def bulk(sheet: Sheet) -> None:
        sheet.bulk(3, 2, columns, [style] * len(columns))

    def singly(sheet: Sheet) -> None:
        for col, values in enumerate(columns, 2):
            for row, value in enumerate(values, 3):
                if isinstance(value, (date, time)) and style is None:
                    sheet.date(row, col, value, styles.Style())
                else:
                    sheet.value(row, col, value, style)

    assert seen(written(bulk), style, inline=True) == seen(written(singly), style, inline=False)


def seen(content: bytes, style: Any, *, inline: bool) -> dict[str, Any]:
    """Every cell as two readers see it; bare dates are numbers without a style."""
    sheet = read(content)
    cells: dict[str, Any] = {
        cell.coordinate: (
            value_of(cell) if inline else cell.value,
            cell.data_type,
            bool(cell.quotePrefix),
            cell.number_format if style else "",
        )
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None or style
    }
    other = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    cells["calamine"] = [[str(value) for value in row] for row in other.to_python()]
    return cells


results = (
    st.none() | st.booleans() | st.floats(-1e9, 1e9) | plain_text | st.sampled_from(["#N/A", ""])
)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["=A1+1", '="a"&B2', "=IFNA(A1,1)"]), results), min_size=1)
)
def test_formulas_in_bulk_are_the_same_cells(pairs: list[tuple[str, Any]]) -> None:
    formulas, values = [pair[0] for pair in pairs], [pair[1] for pair in pairs]

    def singly(sheet: Sheet) -> None:
        for row, (formula, value) in enumerate(pairs, 1):
            sheet.formula(row, 1, formula, value)

    def stored(content: bytes) -> list[tuple[Any, Any]]:
        shown = openpyxl.load_workbook(io.BytesIO(content), data_only=True).worksheets[0]
        sheet = read(content)
        rows = range(1, len(pairs) + 1)
        return [(sheet.cell(row, 1).value, shown.cell(row, 1).value) for row in rows]

    bulk = stored(written(lambda sheet: sheet.bulk(1, 1, [Formulas(formulas, values)], [None])))
    assert bulk == stored(written(singly))
    assert "=_xlfn.IFNA(A1,1)" in [formula for formula, _ in bulk] or "=IFNA(A1,1)" not in formulas


def test_blocks_and_ordinary_rows_stand_in_order() -> None:
    def fill(sheet: Sheet) -> None:
        sheet.text(1, 1, "title")
        sheet.bulk(10, 1, [["b1", "b2"]], [None])
        sheet.bulk(3, 1, [["a1", "a2"]], [None])
        sheet.text(6, 2, "between")
        sheet.text(20, 1, "end")
        sheet.note(10, 1, "note", "us")
        sheet.view.row(15, 40)

    content = written(fill)
    sheet = read(content)
    column = {row: sheet.cell(row, 1).value for row in (1, 3, 4, 10, 11, 20)}
    assert column == {1: "title", 3: "a1", 4: "a2", 10: "b1", 11: "b2", 20: "end"}
    assert sheet["B6"].value == "between"
    assert sheet["A10"].comment.text == "note"
    xml = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    numbers = [int(part.split('"')[0]) for part in xml.split('<row r="')[1:]]
    assert numbers == sorted(set(numbers))


def test_a_chart_keeps_what_a_block_shows() -> None:
    def fill(sheet: Sheet) -> None:
        formulas = Formulas(["=A2*2", "=A3*2"], [2.5, 5])
        sheet.bulk(2, 1, [["销售", "市场"], formulas], [None, None])
        chart = sheet.book.chart("column")
        chart.add_series({"categories": ["表", 1, 0, 2, 0], "values": ["表", 1, 1, 2, 1]})
        sheet.chart(5, 1, chart)

    xml = zipfile.ZipFile(io.BytesIO(written(fill))).read("xl/charts/chart1.xml").decode()
    assert "<c:v>销售</c:v>" in xml
    assert "<c:v>2.5</c:v>" in xml


def test_a_cell_in_the_rows_of_a_block_is_refused() -> None:
    def fill(sheet: Sheet) -> None:
        sheet.bulk(3, 1, [["a", "b"]], [None])
        sheet.text(4, 7, "beside")

    with pytest.raises(WriteError, match=r"write\.refused"):
        written(fill)
    with pytest.raises(WriteError, match=r"write\.refused"):
        written(lambda sheet: [sheet.bulk(row, 1, [["a", "b"]], [None]) for row in (3, 4)])


def test_nothing_is_written_below_the_last_row() -> None:
    with pytest.raises(WriteError, match=r"write\.outside"):
        written(lambda sheet: sheet.text(LAST_ROW + 1, 1, "x"))
    with pytest.raises(WriteError, match=r"write\.outside"):
        written(lambda sheet: sheet.bulk(LAST_ROW, 1, [["a", "b"]], [None]))
    assert read(written(lambda sheet: sheet.text(LAST_ROW, 1, "x"))).max_row == LAST_ROW


def test_a_table_of_a_block_has_its_range_and_formulas() -> None:
    def fill(sheet: Sheet) -> None:
        columns = [TableColumn("甲"), TableColumn("乙", "=tblT[[#This Row],[甲]]*2")]
        sheet.table(1, 1, 4, "tblT", columns)
        formulas = ["=tblT[[#This Row],[甲]]*2"] * 3
        sheet.bulk(2, 1, [[1, 2, 3], Formulas(formulas, [2, 4, 6])], [None, None])

    content = written(fill)
    table = read(content).tables["tblT"]
    assert table.ref == table.autoFilter.ref == "A1:B4"
    assert table.tableColumns[1].calculatedColumnFormula.attr_text == "tblT[[#This Row],[甲]]*2"
    values = openpyxl.load_workbook(io.BytesIO(content), data_only=True).worksheets[0]
    assert [values.cell(row, 2).value for row in (2, 3, 4)] == [2, 4, 6]


def test_a_table_column_keeps_its_values_not_zero() -> None:
    def fill(sheet: Sheet) -> None:
        column = TableColumn("乙", '=tblT[[#This Row],[甲]]&"x"', ["1x", "2x"])
        sheet.table(1, 1, 3, "tblT", [TableColumn("甲"), column])

    values = openpyxl.load_workbook(io.BytesIO(written(fill)), data_only=True).worksheets[0]
    assert [values.cell(row, 2).value for row in (2, 3)] == ["1x", "2x"]


@pytest.mark.parametrize(
    "fill",
    [
        lambda s: s.table(1, 1, 3, "bad name", [TableColumn("a")]),
        lambda s: s.table(1, 1, 3, "t", [TableColumn("a"), TableColumn("A")]),
        lambda s: [
            s.table(1, 1, 3, "t1", [TableColumn("a")]),
            s.table(3, 1, 5, "t2", [TableColumn("a")]),
        ],
        lambda s: [s.merge(1, 1, 2, 2), s.merge(2, 2, 3, 3)],
        lambda s: s.validation(1, 1, 2, 1, validate="list", source=["a,b"]),
        lambda s: s.validation(1, 1, 2, 1, validate="list", source=["x" * 50] * 6),
        lambda s: s.validation(1, 1, 2, 1, validate="custom", value="=" + "A1+" * 100 + "1"),
        lambda s: s.validation(1, 1, 2, 1, validate="any", input_title="长" * 33),
        lambda s: s.validation(
            1, 1, 2, 1, validate="any", input_title="t", input_message="m" * 256
        ),
        lambda s: s.validation(1, 1, 2, 1, validate="nonsense"),
        lambda s: s.conditional(1, 1, 2, 1, type="nonsense"),
        lambda s: s.conditional(1, 1, LAST_ROW + 1, 1, type="blanks", format=styles.FAULT),
        lambda s: s.sparkline(1, 1, type="column"),
        lambda s: s.formula(1, 1, "=", 1),
        lambda s: s.formula(1, 1, "=" + "1+" * 5_000 + "1", 1),
        lambda s: s.formula(1, 1, "=A2", "x" * 40_000),
        lambda s: s.bulk(1, 1, [Formulas(["=" + "1+" * 5_000 + "1"], [1])], [None]),
        lambda s: s.bulk(1, 1, [Formulas(["=A2"], ["x" * 40_000])], [None]),
        lambda s: s.rich(1, 1, [("x" * 20_000, None), ("y" * 20_000, None)]),
        lambda s: s.note(1, 1, "x" * 40_000),
        lambda s: s.view.protect(nonsense=True),
        lambda s: s.book.define_name("A1", "='表'!$A$1"),
        lambda s: s.book.define_constant("name", "x" * 256),
        lambda s: s.book.custom_property("name", "x" * 256),
    ],
)
def test_what_excel_would_refuse_or_cut_raises(fill: Callable[[Sheet], Any]) -> None:
    with pytest.raises(WriteError):
        written(fill)


def test_a_formula_has_its_value() -> None:
    values = [1.5, "文 <&>", True, False, None, "#DIV/0!", date(2024, 7, 1), math.nan, ""]

    def fill(sheet: Sheet) -> None:
        for row, value in enumerate(values, 1):
            sheet.formula(row, 1, "=B1", value)

    shown = openpyxl.load_workbook(io.BytesIO(written(fill)), data_only=True).worksheets[0]
    found = [shown.cell(row, 1).value for row in range(1, len(values) + 1)]
    assert found == [1.5, "文 <&>", True, False, None, "#DIV/0!", 45474, None, None]


@pytest.mark.parametrize("bulk", [False, True])
def test_an_empty_result_is_known_and_a_missing_one_is_not(bulk: bool) -> None:
    """A program that opens the file calculates what is not known."""

    def fill(sheet: Sheet) -> None:
        if bulk:
            sheet.bulk(1, 1, [Formulas(["=B1", "=B2"], ["", None])], [None])
        else:
            sheet.formula(1, 1, "=B1", "")
            sheet.formula(2, 1, "=B2", None)

    with zipfile.ZipFile(io.BytesIO(written(fill))) as parts:
        cells = parts.read("xl/worksheets/sheet1.xml").decode()
    assert '<c r="A1" t="str"><f>B1</f><v></v></c>' in cells
    assert '<c r="A2"><f>B2</f><v></v></c>' in cells


def test_rich_text_and_merges_and_links() -> None:
    def fill(sheet: Sheet) -> None:
        sheet.rich(1, 1, [("目标", styles.HEADER), (" *", styles.HEADER_STAR), ("", None)])
        sheet.rich(2, 1, [("单", styles.HEADER_STAR)])
        sheet.merge(3, 1, 3, 3, "=text", styles.TITLE)
        sheet.merge(4, 1, 4, 1, 7)
        sheet.link(5, 1, file_target("", "a b/c#1%.xlsx", "it's", "B2"), '去 "那里"')
        sheet.link(6, 1, "x" * 300, "far")

    sheet = read(written(fill))
    assert [sheet.cell(row, 1).value for row in (1, 2, 3, 4, 6)] == [
        "目标 *",
        "单",
        "=text",
        7,
        "far",
    ]
    assert sheet["A3"].data_type == "s"
    assert [str(area) for area in sheet.merged_cells.ranges] == ["A3:C3"]
    link = '=HYPERLINK("a b/c%231%25.xlsx#\'it\'\'s\'!B2","去 ""那里""")'
    assert sheet["A5"].value == link


def test_long_literals_are_split_and_long_targets_refused() -> None:
    text = "长" * 300 + '"'
    pieces = literal(text).split("&")
    assert all(utf16_length(piece) <= 257 for piece in pieces)
    assert "".join(piece[1:-1] for piece in pieces).replace('""', '"') == text
    assert hyperlink("x" * 256, "y") == ""


def test_equal_content_gives_equal_bytes(tmp_path: Any) -> None:
    def fill(sheet: Sheet) -> None:
        sheet.text(1, 1, "a", styles.TITLE)
        sheet.bulk(2, 1, [["x", "=y"]], [styles.BULK])
        sheet.note(1, 2, "n", "us")

    assert written(fill) == written(fill)
    assert written(fill, large=True) == written(fill, large=True)
    paths = [tmp_path / "a.xlsx", tmp_path / "b.xlsx"]
    for path in paths:
        with Book(path, created=NOON) as book:
            fill(book.sheet("表"))
    assert paths[0].read_bytes() == paths[1].read_bytes() == written(fill)
    core = zipfile.ZipFile(paths[0]).read("docProps/core.xml").decode()
    assert core.count("2024-07-01T12:00:00Z") == 2


def test_a_large_workbook_is_the_same_workbook() -> None:
    def fill(sheet: Sheet) -> None:
        sheet.bulk(1, 1, [[f"行{n}" for n in range(3_000)], list(range(3_000))], [None, None])

    small, large = written(fill), written(fill, large=True)
    parts = [zipfile.ZipFile(io.BytesIO(each)) for each in (small, large)]
    assert parts[1].testzip() is None
    assert {name: parts[0].read(name) for name in parts[0].namelist()} == {
        name: parts[1].read(name) for name in parts[1].namelist()
    }


def test_styles_become_formats_once() -> None:
    with Book(io.BytesIO(), created=NOON) as book:
        sheet = book.sheet("a")
        sheet.text(1, 1, "x", styles.INPUT)
        assert book.format(styles.INPUT) is book.format(
            styles.Style(locked=False, wrap=True, indent=1).boxed()
        )
        assert book.format(styles.INPUT) is not book.format(styles.INPUT.but(bold=True))


@given(st.text(), st.lists(st.text(max_size=40), max_size=5))
def test_any_title_is_one_that_excel_accepts(wanted: str, others: list[str]) -> None:
    taken: list[str] = []
    for each in [*others, wanted]:
        taken.append(sheet_title(each, taken))
    title = taken[-1]
    assert 1 <= utf16_length(title) <= 31
    assert not set(title) & set("[]:*?/\\\x00\n\t")
    assert title[0] != "'" != title[-1]
    assert title.casefold() != "history"
    assert len({each.casefold() for each in taken}) == len(taken)
    stream = io.BytesIO()
    with Book(stream, created=NOON) as book:
        for each in taken:
            assert book.sheet(each).title == each


def test_titles_stay_legible() -> None:
    assert sheet_title("指标/目标: a?", []) == "指标／目标： a？"
    assert sheet_title("History", []) == "History_"
    assert sheet_title("长" * 40, ["长" * 31]) == "长" * 27 + " (2)"
    assert sheet_title("''", []) == "Sheet"


def test_headers_of_a_table_differ() -> None:
    assert table_headers(["a", "A", "b\nc", "", "b c"]) == ["a", "A (2)", "b c", "#4", "b c (2)"]


@given(st.text(), st.integers(0, 40))
def test_a_cut_text_fits_and_is_a_beginning(text: str, units: int) -> None:
    cut = utf16_cut(text, units)
    assert text.startswith(cut)
    assert utf16_length(cut) <= units
    assert utf16_length(clipped(text)) <= 32_767


@given(st.text(st.characters(exclude_categories=[])))
def test_visible_text_can_be_stored_and_stays_so(text: str) -> None:
    shown = visible(text)
    shown.encode("utf-8")
    assert visible(shown) == shown


@pytest.mark.parametrize("pixels", [-20, 0, 3])
def test_where_nothing_has_room_one_character_stands(pixels: float) -> None:
    assert shortened("客户要求延期交付", pixels) == "客…"


def test_a_paragraph_is_as_wide_as_its_characters() -> None:
    words = "客户 A 要求延期交付（共 3 批）；"
    assert text_pixels(words * 2_000) == pytest.approx(text_pixels(words) * 2_000)


@pytest.mark.parametrize("word", ["i", "长", "a 长"])
@pytest.mark.parametrize("pixels", [30, 150, 900])
def test_of_a_paragraph_as_much_is_shown_as_has_room(word: str, pixels: float) -> None:
    text = (word * 33_000)[:33_000]
    shown = shortened(text, pixels, 9)
    kept = len(shown) - 1
    assert shown == f"{text[:kept]}…"
    assert text_pixels(shown, 9) <= pixels
    assert text_pixels(f"{text[: kept + 2]}…", 9) > pixels


def test_layout_measures_chinese_as_twice_as_wide() -> None:
    assert text_pixels("目标") > 1.8 * text_pixels("ab")
    assert text_pixels("目标", 20) == 2 * text_pixels("目标", 10)
    assert column_pixels(["短", "长" * 100, None], maximum=300) == 300
    assert column_pixels([], minimum=70) == 70
    assert wrapped_lines("长" * 30, 13.4 * 10) >= 3
    assert row_pixels([("一行", 200)]) == 24
    assert row_pixels([("长" * 60, 140), ("a\nb", 99)]) > 80


def test_a_workbook_opens_in_libreoffice(tmp_path: Any, office: Any) -> None:
    path = tmp_path / "a.xlsx"
    with Book(path, created=NOON) as book:
        sheet = book.sheet("汇总")
        sheet.table(
            1, 1, 3, "tblT", [TableColumn("甲"), TableColumn("乙", "=tblT[[#This Row],[甲]]*2")]
        )
        formulas = Formulas(["=tblT[[#This Row],[甲]]*2"] * 2, [-1, -1])
        sheet.bulk(2, 1, [[4, 5], formulas], [None, styles.BULK])
        sheet.text(5, 1, "=1+1")
        sheet.formula(6, 1, '=IFNA(NA(),"没有")', "旧")
    result = read(office.recalculated([path])[0].read_bytes(), data_only=True)
    assert [result[cell].value for cell in ("B2", "B3", "A5", "A6")] == [8, 10, "=1+1", "没有"]
