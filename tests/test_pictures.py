"""Sheets as pictures: what a workbook's file says of its looks, and shapes made of it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from xltools.desk.drawing.chart_shapes import chart_shapes
from xltools.desk.drawing.sheet_drawing import drawing_of
from xltools.desk.drawing.svg_shapes import Box, Dot, Label, Line
from xltools.errors import FileRefused
from xltools.excel import styles
from xltools.excel.picture.picture_model import Bar, Cell, Chart, Look, Picture, Series
from xltools.excel.picture.sheet_picture import first_sheet
from xltools.excel.picture.shown_numbers import shown_number
from xltools.excel.writing.workbook_writer import Book

NOON = datetime(2024, 7, 1, 12)


@pytest.mark.parametrize(
    ("value", "code", "told"),
    [
        (1234567.5, "#,##0", "1,234,568"),
        (0.5, "0", "1"),
        (-0.4, "0", "0"),
        (-1234.5, "#,##0.0", "-1,234.5"),
        (0.962963, "0.0%", "96.3%"),
        (0.461538, "0%", "46%"),
        (5.352657, styles.RATIO, "1:5.4"),
        (5.676, "+0.0;-0.0;0.0", "+5.7"),
        (-0.0988, "+0.0;-0.0;0.0", "-0.1"),
        (0.0, "+0.0;-0.0;0.0", "0.0"),
        (0.0, "0;;", ""),
        (-3.0, "0;;", ""),
        (7.0, "0;;", "7"),
        (1.5, "0.00", "1.50"),
        (1.5, "0.##", "1.5"),
        (2.0, "0.##", "2"),
        (45505.0, "yyyy-mm-dd", "2024-08-01"),
        (45505.75, "yyyy-mm-dd hh:mm", "2024-08-01 18:00"),
        (1234567.0, "#,##0.0,", "1,234.6"),
        (3.0, '0"家"', "3家"),
        (0.1 + 0.2, "General", "0.3"),
        (100.0, "General", "100"),
    ],
)
def test_a_number_is_shown_as_its_format_says(value: float, code: str, told: str) -> None:
    assert shown_number(value, code) == told


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Picture:
    path = tmp_path_factory.mktemp("picture") / "a.xlsx"
    with Book(path, created=NOON) as book:
        sheet = book.sheet("封面")
        sheet.merge(1, 1, 1, 2, "标题 <b>", styles.TITLE)
        sheet.text(2, 1, "▲ 达标", styles.NOTE)
        sheet.number(2, 2, 0.5, styles.TABLE_PERCENT)
        sheet.number(3, 2, 1.0, styles.TABLE_PERCENT)
        sheet.formula(3, 1, "=1+1", 2, styles.TABLE_NUMBER)
        green = styles.LIGHT_GREEN
        begins = {"type": "text", "criteria": "begins with", "value": "▲", "format": green}
        sheet.conditional(2, 1, 2, 1, **begins)
        alarm = {"type": "cell", "criteria": ">", "value": 1, "format": styles.LIGHT_RED}
        sheet.conditional(3, 1, 3, 1, **alarm)
        limits = {"min_type": "num", "min_value": 0, "max_type": "num", "max_value": 2}
        look = {"bar_color": styles.PALE_BLUE, "bar_solid": True}
        sheet.conditional(2, 2, 3, 2, type="data_bar", **limits, **look)
        chart = book.chart("column")
        values = {"values": ["封面", 1, 1, 2, 1], "categories": ["封面", 1, 0, 2, 0]}
        chart.add_series({"name": "实际", **values, "fill": {"color": styles.BLUE}})
        sheet.chart(5, 1, chart)
        book.sheet("后面").text(1, 1, "x", styles.CELL)
    return first_sheet(path)


def cell_at(picture: Picture, row: int, column: int) -> Cell:
    return next(cell for cell in picture.cells if cell.first == (row, column))


def test_cells_have_their_texts_and_looks(picture: Picture) -> None:
    assert picture.title == "封面"
    title = cell_at(picture, 1, 1)
    assert (title.text, title.last) == ("标题 <b>", (1, 2))
    assert (title.look.size, title.look.bold, title.look.color) == (20, True, styles.INK)
    assert cell_at(picture, 2, 2).text == "50.0%"
    assert cell_at(picture, 2, 2).look.edges["bottom"] == (1.0, styles.RULE)
    assert cell_at(picture, 3, 1).text == "2"
    assert not [cell for cell in picture.cells if cell.first == (1, 2)]


def test_conditions_on_the_cell_itself_hold(picture: Picture) -> None:
    assert cell_at(picture, 2, 1).look.color == styles.GREEN
    assert cell_at(picture, 3, 1).look.color == styles.RED
    assert cell_at(picture, 2, 2).bar == Bar(0.25, styles.PALE_BLUE)
    assert cell_at(picture, 3, 2).bar == Bar(0.5, styles.PALE_BLUE)


def test_a_chart_has_its_points(picture: Picture) -> None:
    [chart] = picture.charts
    assert chart.kind == "column"
    assert chart.categories == ["▲ 达标", "2"]
    [series] = chart.series
    assert (series.name, series.color, series.points) == ("实际", styles.BLUE, [0.5, 1.0])
    assert chart.box[1] == pytest.approx(sum(picture.rows[:3]) + 20, abs=30)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"<svg/>"])
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(FileRefused):
        first_sheet(tmp_path / "a.xlsx")


def a_picture(*cells: Cell) -> Picture:
    return Picture(title="", columns=[50, 50, 50], rows=[20, 20], cells=list(cells), charts=[])


def labels(picture: Picture) -> list[Label]:
    return [shape for shape in drawing_of(picture).shapes if isinstance(shape, Label)]


def test_a_text_may_run_into_blank_cells_and_into_no_others() -> None:
    long = Cell(first=(1, 1), last=(1, 1), text="一二三四五六", look=Look())
    beside = Cell(first=(1, 2), last=(1, 2), text="x", look=Look())
    [free] = labels(a_picture(long))
    assert free.squeezed == 0
    assert labels(a_picture(long, beside))[0].squeezed == pytest.approx(46)


def test_a_wrapped_text_stands_on_lines() -> None:
    long = Cell(first=(1, 1), last=(1, 1), text="一二三四五六七", look=Look(wrap=True))
    found = labels(a_picture(long))
    assert "".join(one.text for one in found) == long.text
    assert len({one.y for one in found}) == len(found) > 1


def test_words_of_letters_are_not_broken() -> None:
    cell = Cell(first=(1, 1), last=(1, 1), text="Seriously behind", look=Look(wrap=True))
    found = labels(a_picture(cell))
    assert [one.text for one in found] == ["Seriously", "behind"]
    assert found[0].squeezed > 0


def test_numbers_stand_at_the_right_and_bars_behind_them() -> None:
    cell = Cell(
        first=(1, 1), last=(1, 2), text="5", look=Look(fill="#FFFFFF"), is_number=True,
        bar=Bar(0.5, "#123456"),
    )  # fmt: skip
    shapes = drawing_of(a_picture(cell)).shapes
    [ground, bar] = [shape for shape in shapes if isinstance(shape, Box)]
    assert (ground.width, bar.width, bar.fill) == (100, 50, "#123456")
    [label] = labels(a_picture(cell))
    assert (label.anchor, label.x) == ("end", 96)


def test_a_line_has_a_gap_where_there_is_no_number() -> None:
    series = Series(name="a", color="#2F6DB5", points=[1, 2, None, 4], labels=[], marked=True)
    box = (0.0, 0.0, 400.0, 200.0)
    chart = Chart(kind="line", box=box, categories=list("abcd"), series=[series])
    shapes = [*chart_shapes(chart)]
    drawn = [one for one in shapes if isinstance(one, Line) and one.color == series.color]
    assert [len(one.points) for one in drawn if one.width > 1][-2:] == [2, 1]
    dots = [one for one in shapes if isinstance(one, Dot)]
    assert dots[0].y > dots[1].y > dots[2].y
    assert all(0 <= one.x <= 400 and 0 <= one.y <= 200 for one in dots)


@pytest.mark.parametrize("points", [[0.0, 0.0], [5.0, 5.0], [-3.0, 4.0], [None, None], [1e9, 1e-9]])
@pytest.mark.parametrize("kind", ["line", "column", "bar"])
def test_any_numbers_make_a_chart(kind: str, points: list[float | None]) -> None:
    series = Series(name="a", color="#2F6DB5", points=points, labels=["x", "y"])
    chart = Chart(kind=kind, box=(0, 0, 400, 200), categories=["a", "b"], series=[series])
    for shape in chart_shapes(chart):
        if isinstance(shape, Box):
            assert shape.width >= 0 <= shape.height
            assert -1 <= shape.y <= 201
