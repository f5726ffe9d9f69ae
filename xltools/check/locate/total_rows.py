"""Recognises rows that add up others, by their formulas, their label, or their values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from xltools.ground.cells import column_letters
from xltools.ground.folding import fold

_PLAIN = str.maketrans("總計匯彙頁", "总计汇汇页")  # traditional characters
_BRACKETS = re.compile(r"\([^()]*\)")
_WORD = (
    r"(?:(?:总|合|小|共)计|本[月季年页期周](?:合计|小计|总计)|累计|总和|汇总|平均[值数]?"
    r"|(?:sub|grand)?totals?|sum|average)"
)
_TOTAL = re.compile(rf"{_WORD}(?:[0-9]+\D{{0,3}})?:?")
_NAMED_TOTAL = re.compile(r".+(?:总计|合计|小计|汇总|(?:sub)?total)|其中:?.+")
_SUM = re.compile(r"(SUM|AVERAGE|SUBTOTAL|AGGREGATE)\(([^()]*)\)", re.IGNORECASE)
_AREA = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]+)(?::\$?([A-Z]{1,3})\$?([0-9]+))?", re.IGNORECASE)
_NOISE = 1e-9

Grid = Sequence[Sequence[object]]


def says_total(text: str) -> bool:
    """Whether a label only says that its row is a total: ``合  计（万元）``, ``小计(3家)``."""
    return _TOTAL.fullmatch(_label(text)) is not None


def names_total(text: str) -> bool:
    """Whether a label may name the total of something: ``华东区 汇总``, ``其中：重点客户``."""
    return _NAMED_TOTAL.fullmatch(_label(text)) is not None


def adds_others(formulas: Mapping[tuple[int, int], str], row: int, columns: Sequence[int]) -> bool:
    """Whether all these cells of a row (columns from 0) hold sums over other rows."""
    texts = [formulas.get((row, column + 1)) for column in columns]
    # Of a shared formula, and of any in an .xls or .xlsb file, the text is not known ("").
    summing = [
        column
        for column, formula in zip(columns, texts, strict=True)
        if formula and _sums(formula, row, column_letters(column + 1))
    ]
    return bool(summing) and len(summing) + texts.count("") == len(texts)


def adds_up(grid: Grid, first: int, row: int, columns: Sequence[int]) -> bool:
    """Whether each of these cells is the sum of the same two or more rows right above."""
    values = [grid[row - 1][column] for column in columns]
    if not values:
        return False
    sums = [0.0] * len(columns)
    for above in range(row - 1, first - 1, -1):
        for at, column in enumerate(columns):
            value = grid[above - 1][column] if column < len(grid[above - 1]) else None
            if isinstance(value, int | float):
                sums[at] += value
        if above < row - 1 and all(map(_same, values, sums)):
            return True
    return False


def _label(text: str) -> str:
    return _BRACKETS.sub("", fold(text)).translate(_PLAIN)


def _sums(formula: str, row: int, letters: str) -> bool:
    """Whether a formula sums cells of its own column: right above it, or wherever as a subtotal."""
    # OpenDocument writes [.C10:.C12] where Excel writes C10:C12.
    match = _SUM.fullmatch(re.sub(r"\[?\.|\]", "", formula).removeprefix("_xlfn.").strip())
    if not match:
        return False
    subtotal = match[1].upper() in ("SUBTOTAL", "AGGREGATE")
    parts = [part.strip() for part in re.split("[,;]", match[2])]
    areas = [_AREA.fullmatch(part) for part in parts if not (subtotal and part.isdigit())]
    rows = 0
    for area in areas:
        if area is None or {area[1].upper(), (area[3] or area[1]).upper()} != {letters}:
            return False
        top, bottom = int(area[2]), int(area[4] or area[2])
        if bottom >= row and not (subtotal and top > row):
            return False
        rows += bottom - top + 1
    return rows > 1 or (subtotal and rows == 1)


def _same(value: object, total: float) -> bool:
    return isinstance(value, int | float) and abs(value - total) <= _NOISE * max(1.0, abs(total))
