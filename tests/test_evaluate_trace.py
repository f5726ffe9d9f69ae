"""From every figure of every page a link leads to its rows, and from there to a team's file."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from live import formulas, stored
from openpyxl.cell.cell import MergedCell
from quarter import TEAMS, before, known_teams, outcome, plan_rows, quarter, source_rows

from xltools.evaluate import evaluate
from xltools.excel.styles import NAVY

ALL = {**source_rows(), **plan_rows()}
TITLE = 3  # rows of the title block
LINK = re.compile(r"=HYPERLINK\(\"#'((?:[^']|'')+)'!([A-Z]+)(\d+)\"")
NOTHING = (None, "", 0, "-")
CASES = {
    "everything": (ALL, "zh"),
    "english": (ALL, "en"),
    "goals": ({key: rows for key, rows in ALL.items() if key[0] == "goals"}, "zh"),
    "blanks": ({key: [{"team": TEAMS[0]}] for key in ALL}, "zh"),
}


@pytest.fixture(params=CASES, scope="module")
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows, lang = CASES[request.param]
    path = tmp_path_factory.mktemp("trace") / "a.xlsx"
    whole = quarter(rows, teams=known_teams(*TEAMS, "西"), missing=[("西", "goals")])
    evaluate(whole, path, previous=[before()], lang=lang)
    return path


@pytest.fixture(scope="module")
def book(written: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(written)


def pages(book: Any) -> list[Any]:
    return [sheet for sheet in book if not sheet.tables]


def is_link(cell: Any) -> bool:
    return isinstance(cell.value, str) and cell.value.startswith("=HYPERLINK(")


def is_header(cell: Any) -> bool:
    for merged in cell.parent.merged_cells.ranges if isinstance(cell, MergedCell) else ():
        if cell.coordinate in merged:
            cell = merged.start_cell
    return str(cell.fill.fgColor.rgb).endswith(NAVY[1:])


def list_of(cell: Any) -> tuple[int, int, int] | None:
    """The header row above a figure, and the first and last column of its list."""
    sheet = cell.parent
    for row in range(cell.row - 1, TITLE, -1):
        if is_header(sheet.cell(row, cell.column)):
            first = last = cell.column
            while is_header(sheet.cell(row, first - 1)):
                first -= 1
            while is_header(sheet.cell(row, last + 1)):
                last += 1
            return row, first, last
    return None


def followed(cell: Any, values: dict[tuple[str, str], Any]) -> bool:
    """Whether a link in its line, its card or its heading leads on from a figure."""
    sheet = cell.parent
    if is_header(sheet.cell(cell.row + 1, cell.column)):  # a note over a list
        return True
    if any(is_link(sheet.cell(cell.row - up, cell.column)) for up in (1, 2)):  # a card
        return True
    found = list_of(cell)
    if found is None:  # a sentence, with an arrow at its end
        return any(is_link(one) for one in sheet[cell.row])
    header, first, last = found
    if is_link(sheet.cell(cell.row, last)) and sheet.cell(header, last).value:
        return True
    line = (values.get((sheet.title, one.coordinate)) for one in sheet[cell.row][first - 1 : last])
    return all(isinstance(value, str) or value in NOTHING for value in line)


def test_every_figure_leads_to_its_rows(book: Any, written: Path) -> None:
    values, seen = stored(written), 0
    for sheet in pages(book):
        for row in sheet.iter_rows(min_row=TITLE + 1):
            for cell in row:
                if cell.data_type == "f" and not is_link(cell):
                    seen += 1
                    assert followed(cell, values), f"{sheet.title}!{cell.coordinate} {cell.value}"
    assert seen > 20


def sources(chart: Any) -> set[str]:
    """The sheets that a chart reads."""
    charts = [chart, *getattr(chart, "_charts", [])]
    found = [series.val.numRef.f for one in charts for series in one.series]
    return {reference.rpartition("!")[0].strip("'") for reference in found}


def test_every_chart_leads_to_its_rows(book: Any) -> None:
    """Its heading links to the sheet that it reads, unless the list it draws stands on the page."""
    drawn = [(sheet, chart) for sheet in pages(book) for chart in sheet._charts]
    assert drawn
    for sheet, chart in drawn:
        above = chart.anchor._from.row  # a heading, or a sentence below one
        heading = [*sheet[above], *sheet[above - 1]]
        targets = {found[1] for cell in heading if (found := LINK.match(str(cell.value)))}
        for source in sources(chart):
            assert source == sheet.title or source in targets, f"{sheet.title}: {source}"


def links(book: Any) -> Iterator[tuple[str, str, str, int]]:
    """Every link within the workbook: where it stands and where it leads."""
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                found = LINK.match(str(cell.value))
                if found:
                    yield sheet.title, cell.coordinate, found[1], int(found[3])


def test_every_link_leads_somewhere(book: Any) -> None:
    for title, cell, target, row in links(book):
        assert target in book.sheetnames, f"{title}!{cell}"
        assert any(one.value is not None for one in book[target][row]), f"{title}!{cell}"


def test_every_data_row_knows_its_source(book: Any) -> None:
    """A link to the team's file, or formulas over rows that have one; ours are the library's."""
    library = {"数据_指标库", "Data metric library"}
    for sheet in book:
        if not sheet.tables or sheet.title in library:
            continue
        for row in sheet.iter_rows(min_row=TITLE):
            made = [cell for cell in row if cell.data_type == "f"]
            assert made, f"{sheet.title} row {row[0].row}"


def test_the_ranking_leads_to_the_lines_that_stand_there_now(tmp_path: Path) -> None:
    """The place is looked up with the row that ranks there, so the link moves with it."""
    path = tmp_path / "a.xlsx"
    rows = [outcome(team, "销售额", 100, actual) for team, actual in (("甲", 80), ("乙", 90))]
    evaluate(quarter({**source_rows(), ("expansion", "outcome"): rows}), path)
    values = stored(path)
    for data, label in {"数据_团队": "团队"}.items():
        header = {value: cell for (title, cell), value in values.items() if title == data}
        name, place = (header[one].rstrip("0123456789") for one in (label, "页面位置"))
        led = [
            (str(value), values.get((data, f"{name}{cell[len(place) :]}")))
            for (title, cell), value in values.items()
            if title == data and re.fullmatch(rf"{place}\d+", cell) and str(value)[:1] == "#"
        ]
        assert led
        for target, shown in led:
            title, _, cell = target[1:].rpartition("!")
            line = [
                value
                for (sheet, at), value in values.items()
                if sheet == title.strip("'") and at.lstrip("ABCDEFGHIJKLMN") == cell[1:]
            ]
            assert shown in line, target
    live = formulas(path)
    looked_up = {title for (title, _), one in live.items() if "INDEX(teams_on_page," in one}
    leading = {found[1] for one in live.values() if (found := re.match(r"=HYPERLINK\((\w+)!", one))}
    assert looked_up == leading == {"数据_看板", "数据_团队排序"}
