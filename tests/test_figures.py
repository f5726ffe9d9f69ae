"""Figures: what they compute is what a spreadsheet program makes of their formulas."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from live import by_ironcalc, differing, formulas, stored

from xltools.evaluate.facts.breakdown import year_start
from xltools.evaluate.facts.tasks import end_of
from xltools.evaluate.figures.aggregates import (
    Found,
    Nth,
    Rank,
    count,
    how_many,
    mean,
    total,
    where,
    where_text,
)
from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.figures.live_figure import (
    Constant,
    Figure,
    Place,
    Value,
    as_number,
    as_percent,
    cases,
    choose,
    every,
    known,
    largest,
    least,
    negated,
    or_dash,
    or_nothing,
    present,
    ratio,
    round_to,
    rounded,
    sentence,
)
from xltools.evaluate.spoken_figures import as_change, as_day
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
    return path


def agree(grid: Grid, path: Path) -> None:
    """Every formula gives what the figure computed."""
    made = written(grid, path)
    cells = formulas(made)
    assert cells
    assert differing(stored(made), by_ironcalc(made, cells), cells) == []


def alone(figure: Figure) -> Value:
    return figure.value(0)


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
        "ratio": ratio(a, b),
        "sum": choose(every(known(a), known(b)), round_to(a + b * 2 - 1, 4), "-"),
        "least": least(a, b),
        "largest": largest(a, 0),
        "compared": cases((a > b, ">"), (a.equals(b), "="), (a <= b, "<="), otherwise="?"),
        "tests": choose(every(a >= 1, negated(present(b))), 1, 0),
        "dash": or_dash(a),
        "nothing": or_nothing(ratio(b, a)),
        "percent": as_percent(a),
        "whole": as_percent(b, 0),
        "amount": as_number(a, 1),
        "change": as_change(a, b),
        "words": sentence("{0} 项 {1}", as_number(a), as_percent(b)),
        "day": as_day(first),
        "year": year_start(last),
    }
    for name, figure in made.items():
        grid.add(name, figure)
    agree(grid, tmp_path_factory.mktemp("primitives") / "a.xlsx")


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=st.lists(st.tuples(st.integers(1, 3) | st.none(), NUMBERS), min_size=1, max_size=10),
    limit=st.sampled_from([0, 1, 0.8, 2.5]),
)
def test_aggregates_agree_with_a_spreadsheet(
    rows: list[tuple[int | None, float | None]],
    limit: float,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    grid = Grid("数据", 3, len(rows))
    key = grid.put("key", [row[0] for row in rows])
    number = grid.put("number", [row[1] for row in rows])
    place = grid.put("place", list(range(1, len(rows) + 1)))
    same = where(key, key.here)
    made = {
        "total": total(number, same),
        "all": total(number),
        "count": count(same, where(number, limit, ">=")),
        "below": count(where(number, limit, "<"), same),
        "mean": mean(number),
        "many": how_many(number),
        "rank": Rank(number.here, number),
        "nth": Nth(number, place.here - 1),
        "found": Found(Constant(limit), number),
    }
    for name, figure in made.items():
        grid.add(name, figure)
    agree(grid, tmp_path_factory.mktemp("aggregates") / "a.xlsx")


def test_texts_with_wildcards_are_compared_as_they_are(tmp_path: Path) -> None:
    names = ["张*", "张三", "a?c", "abc", "<5", "=", None]
    grid = Grid("数据", 2, len(names))
    name = grid.put("name", names)
    numbers = grid.put("number", [1, 2, 4, 8, 16, 32, 64])
    for place, text in enumerate(["张*", "a?c", "<5", "=", ">", "A?C", "*", "~"]):
        grid.add(f"count_{place}", count(where_text(name, text)))
        grid.add(
            f"own_{place}", total(numbers, where_text(name, name.here), where(numbers, 2, ">"))
        )
    assert [grid[f"count_{n}"].values[0] for n in range(8)] == [1, 1, 1, 1, 0, 1, 0, 0]
    agree(grid, tmp_path / "a.xlsx")


def test_spans_end_on_their_last_day(tmp_path: Path) -> None:
    spans = ["2024-07-10", "2023-07-10/2023-07-12", None, "十月", ""]
    grid = Grid("数据", 2, len(spans))
    span = grid.put("span", [text or None for text in spans])
    grid.add("end", end_of(span.here))
    assert grid["end"].values == [45483, 45119, "", "", ""]
    agree(grid, tmp_path / "a.xlsx")


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


def test_ratios_have_no_error_value() -> None:
    assert alone(ratio(Constant(1), Constant(0))) == ""
    assert alone(ratio(Constant(""), Constant(2))) == ""
    assert alone(ratio(Constant(0.04), Constant(0.05))) == 0.8


def test_a_branch_not_taken_is_not_computed() -> None:
    text = Constant("")
    assert alone(choose(known(text), text * 2, "-")) == "-"
    with pytest.raises(TypeError):
        alone(text * 2)


def test_formulas_are_short_and_readable() -> None:
    grid = Grid("数据", 5, 3, "expansion_outcome")
    key, number = grid.put("key", [1, 1, 2]), grid.put("actual", [1, 2, 3])
    place = Place("效果评估", 9, 0)
    assert (
        total(number, where(key, 1)).formula(place)
        == "SUMIFS(expansion_outcome_actual,expansion_outcome_key,1)"
    )
    assert number.at(2).formula(place) == "数据!$B$7"
    odd = Grid("数据 (2)", 5, 3).put("a", [1, 2, 3])
    assert odd.at(2).formula(place) == "'数据 (2)'!$A$7"
    assert set(grid.named) == {"expansion_outcome_key", "expansion_outcome_actual"}
    assert ratio(key.here, number.here).formula(place).count("IF(") == 2
