"""Forms of today's layout and of the older one, whole and bent, are read alike."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from blank_books import EXAMPLE, FIRST, HEADER, KEYS, TEAM, catalog, generated, opened, settings

from xltools.check.check_files import check
from xltools.check.reading_plan import ReadingPlan
from xltools.check.submission import Submission
from xltools.issues import Severity

ROWS = {
    "alignment": [
        {
            "sales_goal": "全年新增销售额",
            "supporting_goal": "线索1000条",
            "metric": "有效线索数",
            "target": 1000,
            "unit": "条",
            "priority": "high",
            "due": "2024-07-01/2024-09-30",
            "owner": "张伟",
        }
    ],
    "tasks": [
        {
            "task": f"白皮书{number}",
            "goal": "线索1000条",
            "owner": "李娜",
            "start": "2024-07-05",
            "end": "2024-08-01",
            "deliverable": "下载500次",
            "cadence": "daily",
        }
        for number in range(3)
    ],
}
TITLE = "任务分解"


def older(book: Any) -> None:
    """As forms stood before: the header first, then its keys, then the example."""
    for page in book.worksheets[1:]:
        if page.title.startswith("_"):
            continue
        for cells in page.iter_cols(min_row=KEYS, max_row=HEADER):
            keys, example, header = (cell.value for cell in cells)
            for cell, value in zip(cells, (header, keys, example), strict=True):
                cell.value = value
        page.row_dimensions[KEYS].hidden = False
        page.row_dimensions[KEYS + 1].hidden = True


def without_row(row: int) -> Callable[[Any], None]:
    def bend(book: Any) -> None:
        for page in book.worksheets[1:5]:
            page.delete_rows(row)

    return bend


def without_gap(book: Any) -> None:
    """The team and its quarter then stand right above the keys."""
    without_row(KEYS - 1)(book)


def with_other_headers(book: Any) -> None:
    for cell in book[TITLE][HEADER]:
        cell.value = f"甲{cell.column}\n乙\n丙" if cell.value else None


def with_rows_inserted(book: Any) -> None:
    book[TITLE].insert_rows(FIRST, 2)
    book[TITLE].insert_rows(HEADER)


BENT = {
    "older": [older],
    "as it is": [],
    "example deleted": [without_row(EXAMPLE)],
    "older, example deleted": [older, without_row(KEYS + 2)],
    "keys deleted": [without_row(KEYS)],
    "older, keys deleted": [older, without_row(KEYS + 1)],
    "header deleted": [without_row(HEADER)],
    "older, header deleted": [older, without_row(KEYS)],
    "gap deleted": [without_gap],
    "rows inserted": [with_rows_inserted],
}


def read(folder: Path, *bends: Callable[[Any], None]) -> Submission:
    book = opened(generated("goals", rows=ROWS), values=False)
    for bend in bends:
        bend(book)
    path = folder / f"{TEAM}-目标管理-2024Q3.xlsx"
    book.save(path)
    [found] = check([path], ReadingPlan(catalog(), settings()), workers=1)
    return found


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Submission:
    return read(tmp_path_factory.mktemp("plain"))


@pytest.mark.parametrize("bends", BENT.values(), ids=BENT.keys())
def test_every_layout_is_read_alike(
    bends: list[Callable[[Any], None]], plain: Submission, tmp_path: Path
) -> None:
    found = read(tmp_path, *bends)
    told = [one for one in found.issues if one.severity is not Severity.INFO]
    assert [(str(one.code), one.sheet, one.cell) for one in told] == []
    assert found.row_counts == plain.row_counts
    assert (found.row_counts["alignment"], found.row_counts["tasks"]) == (1, 3)
    for name, sheet in plain.sheets.items():
        assert found.sheets[name].columns == sheet.columns, name


def test_headers_that_nobody_knows_stand_below_their_keys(
    plain: Submission, tmp_path: Path
) -> None:
    """The keys say what the columns are; the header is told as renamed, never read as a row."""
    found = read(tmp_path, with_other_headers)
    assert found.row_counts == plain.row_counts
    assert found.sheets["tasks"].columns == plain.sheets["tasks"].columns
    told = [one for one in found.issues if one.severity is not Severity.INFO]
    assert {str(one.code) for one in told} == {"header-renamed"}
    assert {one.cell[-1] for one in told} == {str(HEADER)}


def test_a_row_like_the_example_counts_below_the_header(tmp_path: Path) -> None:
    """The example stands above the header, so what stands below is a team's own."""

    def repeat(book: Any) -> None:
        page = book[TITLE]
        for cell in page[EXAMPLE][1:]:
            page.cell(FIRST + 3, cell.column, cell.value)

    found = read(tmp_path, repeat)
    assert found.row_counts["tasks"] == 4
