"""Figures: what they compute is what a spreadsheet program makes of their formulas."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from live import by_ironcalc, differing, formulas, stored
from quarter import quarter

from xltools.evaluate import evaluate
from xltools.evaluate.blocks.data_sheets import define_names
from xltools.evaluate.evaluation_workbook import _model
from xltools.evaluate.figures.figure_grid import Grid, Look
from xltools.evaluate.figures.live_figure import (
    Constant,
    Place,
    as_number,
    as_percent,
    choose,
    or_dash,
    or_nothing,
    rounded,
    sentence,
)
from xltools.evaluate.grid_expressions import stated
from xltools.evaluate.spoken_figures import as_day, as_signed, difference
from xltools.excel.styles import BULK
from xltools.excel.writing.workbook_writer import Book

CREATED = datetime(2024, 9, 30)
NUMBERS = st.one_of(
    st.none(),
    st.integers(-3, 5),
    st.sampled_from([0.04, 0.05, 0.8, 1.0, 1.2, 0.1 + 0.2, 1e-9, 87.66666666666667, 2 / 3]),
    st.integers(-(10**9), 10**9).map(lambda number: number / 1000),
)
DATES = st.integers(45_400, 45_600)


def written(grid: Grid, path: Path) -> Path:
    """A workbook with the grid's cells."""
    with Book(path, created=CREATED, force=True) as book:
        sheet = book.sheet(grid.title)
        for column in grid.columns.values():
            for index, value in enumerate(column.values):
                row, formula = grid.first_row + index, column.formula_at(index)
                if formula:
                    sheet.formula(row, column.number, formula, value)
                else:
                    sheet.value(row, column.number, value)
        define_names(book, grid)
    return path


def agree(grid: Grid, path: Path) -> None:
    """Every formula gives what the figure computed."""
    made = written(grid, path)
    cells = formulas(made)
    assert cells
    assert differing(stored(made), by_ironcalc(made, cells), cells) == []


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=st.lists(st.tuples(NUMBERS, NUMBERS, DATES, DATES), min_size=1, max_size=8))
def test_primitives_agree_with_a_spreadsheet(
    rows: list[tuple[float | None, float | None, int, int]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    grid = Grid("数据", 2, len(rows))
    a, b, first, last = (
        grid.put(name, [row[place] for row in rows]).here
        for place, name in enumerate(("a", "b", "first", "last"))
    )
    made = {
        "difference": difference(a, b),
        "branch": choose(a, as_number(b), "-"),
        "dash": or_dash(a),
        "nothing": or_nothing(b),
        "percent": as_percent(a),
        "whole": as_percent(b, 0),
        "amount": as_number(a, 1),
        "change": as_signed(difference(a, b)),
        "signed": as_signed(a, 0),
        "words": sentence("{0} 项 {1}", as_number(a), as_percent(b)),
        "day": as_day(first),
        "ending": as_day(last),
    }
    for name, figure in made.items():
        grid.add(name, figure)
    agree(grid, tmp_path_factory.mktemp("primitives") / "a.xlsx")


NAMES = ["张*", "张三", "a?c", "<5", "=", "A?C", "*", None]
STATED = {
    "whole": "total(number)",
    "mine": "total(number, key=key)",
    "mine_or_none": "coalesce(total(number, key=key), 0)",
    "many": "count(number, key=key)",
    "least": "count(number, key=key, number=at_least(0.8))",
    "below": "count(number, number=less_than(number), key=key)",
    "above": "total(place, number=more_than(number))",
    "middle": "mean(number)",
    "standing": "rank(number)",
    "third": "lookup(teams.number, place=key)",
    "found": "lookup(teams.place, number=0.8)",
    "alike": "count(place, name=name)",
    "starred": "count(place, name='张*')",
    "both": "number - key if not blank(number) and number > 0 and key >= 2 else None",
    "either": "key if blank(number) or blank(key) else number * key - place",
}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=st.lists(
        st.tuples(st.integers(1, 3) | st.none(), NUMBERS, st.sampled_from(NAMES)),
        min_size=2,
        max_size=10,
    )
)
def test_columns_stated_in_the_rule_language_agree_with_a_spreadsheet(
    rows: list[tuple[int | None, float | None, str | None]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    grid = stated_grid(rows)
    agree(grid, tmp_path_factory.mktemp("stated") / "a.xlsx")


def stated_grid(rows: list[tuple[int | None, float | None, str | None]]) -> Grid:
    """A grid of keys, numbers and names with a column for each of `STATED`."""
    model = _model(quarter({}), (), Path("a.xlsx"), None, "zh")
    grid = model.open("teams", len(rows))
    for name, values in zip(("key", "number", "name"), zip(*rows, strict=True), strict=True):
        grid.put(name, list(values), Look(style=BULK if name == "name" else None))
    grid.put("place", list(range(1, len(rows) + 1)), given=True)
    for name, text in STATED.items():
        grid.add(name, stated(model, grid, text))
    return grid


def test_texts_with_wildcards_are_compared_as_they_are() -> None:
    grid = stated_grid([(1, 1, name) for name in NAMES])
    assert grid["alike"].values == [1, 1, 2, 1, 1, 2, 1, 0]
    assert grid["starred"].values == [1] * len(NAMES)


def test_what_nobody_can_edit_is_written_as_a_value() -> None:
    model = _model(quarter({}), (), Path("a.xlsx"), None, "zh")
    grid = model.open("teams", 2)
    grid.put("place", [1, 2], given=True)
    grid.put("number", [5, 7])
    grid.add("fixed", stated(model, grid, "place * 2"))
    grid.add("live", stated(model, grid, "place * number"))
    assert [grid["fixed"].formula_at(row) for row in (0, 1)] == ["", ""]
    assert grid["live"].formula_at(1) == '=IF(COUNT($B4)=1,ROUND($A4*$B4,9),"")'


def test_spans_end_on_their_last_day(tmp_path: Path) -> None:
    spans = ["2024-07-10", "2023-07-10/2023-07-12", None]
    rows = [{"team": "甲", "task": f"{n}", "due": span} for n, span in enumerate(spans)]
    path = tmp_path / "a.xlsx"
    evaluate(quarter({("expansion", "tracking"): rows}), path)
    sheet = openpyxl.load_workbook(path, data_only=True)["数据_周度执行跟踪"]
    head, *lines = sheet.iter_rows(min_row=2, values_only=True)
    ends = [line[head.index("截止日")] for line in lines]
    assert ends == [datetime(2024, 7, 10), datetime(2023, 7, 12), None]
    cells = formulas(path)
    assert differing(stored(path), by_ironcalc(path, cells), cells) == []


@pytest.mark.parametrize(
    ("given_number", "digits", "expected"),
    [
        (0.04 / 0.05, 6, 0.8),  # 0.7999999999999999 in binary
        (1.1125, 3, 1.113),  # ties go away from zero
        (-2.5, 0, -3),
        (2.675, 2, 2.68),
        (1e15, 2, 1e15),
    ],
)
def test_rounding_is_excels(given_number: float, digits: int, expected: float) -> None:
    assert rounded(given_number, digits) == expected


def test_a_branch_not_taken_is_not_computed() -> None:
    half = sentence("{0}", Constant(0.5))  # no whole number: a sentence cannot say it
    assert choose(Constant(0), half, "-").value(0) == "-"
    with pytest.raises(TypeError):
        choose(Constant(1), half, "-").value(0)


def test_formulas_are_short_and_readable() -> None:
    rows: list[tuple[int | None, float | None, str | None]] = [(1, 1, None), (1, 2, None)]
    grid = stated_grid(rows)
    number = grid["number"]
    assert (
        grid["mine_or_none"].formula_at(1)
        == "=ROUND(IF(COUNT($A4)=1,SUMIFS(teams_number,teams_key,$A4),0),9)"
    )
    assert {"teams_key", "teams_number"} <= set(grid.named)
    place = Place("效果评估", 9, 0)
    assert number.at(1).formula(place) == "数据_团队!$B$4"
    odd = Grid("数据 (2)", 5, 3).put("a", [1, 2, 3])
    assert odd.at(2).formula(place) == "'数据 (2)'!$A$7"
