"""Quarters and cells: the arithmetic that everything stands on."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xltools.ground.cells import LAST_COLUMN, CellRef, column_letters, column_number, row_ranges
from xltools.ground.folding import LONGEST_REMEMBERED, _folded, fold
from xltools.ground.period import Quarter


@pytest.mark.parametrize(
    "text", ["2024Q3", "2024q3", "2024-Q3", "2024年Q3", "2024年第三季度", "2024三季度"]
)
def test_a_quarter_is_read(text: str) -> None:
    assert Quarter.parse(text) == Quarter(2024, 3)


@pytest.mark.parametrize("text", ["", "2024", "2024Q5", "Q3", "2024Q3x", "24Q3"])
def test_what_is_no_quarter_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Quarter.parse(text)


def test_a_quarter_knows_its_days() -> None:
    assert Quarter(2024, 1).end == date(2024, 3, 31)
    assert Quarter(2024, 4).start == date(2024, 10, 1)
    assert Quarter.of(date(2024, 2, 29)) == Quarter(2024, 1)
    assert Quarter(2024, 4).shift(1) == Quarter(2025, 1)
    assert Quarter(2024, 1).shift(-1) == Quarter(2023, 4)


@given(st.integers(1, LAST_COLUMN))
def test_letters_and_numbers_of_a_column_agree(column: int) -> None:
    assert column_number(column_letters(column)) == column


@pytest.mark.parametrize("text", ["A0", "XFE1", "A1048577", "1A", "", "R1C1"])
def test_what_lies_outside_the_grid_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        CellRef.parse(text)


def test_rows_become_ranges() -> None:
    assert row_ranges([7, 5, 6, 9, 9]) == [(5, 7), (9, 9)]
    assert row_ranges([]) == []


def test_long_texts_do_not_stay_in_memory() -> None:
    remembered = _folded.cache_info().currsize
    assert fold("Ａ " * LONGEST_REMEMBERED) == "a" * LONGEST_REMEMBERED
    assert _folded.cache_info().currsize == remembered
    assert fold("Ａ 一个短词") == "a一个短词"
    assert _folded.cache_info().currsize == remembered + 1


def test_folding_ignores_width_case_spaces_and_marks() -> None:
    assert fold(" 指标 * ") == fold("指标＊") == "指标"
    assert fold("ＫＰＩ") == "kpi"
