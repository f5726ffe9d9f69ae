"""Where a cell is: A1 arithmetic. Rows and columns are 1-based, as a user sees them."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

import msgspec

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384
_A1 = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d+)")
_OF_SHEET = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!(.+)")


# A pure function of the columns that a sheet has; safe in threads.
@lru_cache(LAST_COLUMN)
def column_letters(column: int) -> str:
    """1 → ``A``, 28 → ``AB``; ValueError outside the grid."""
    if not 1 <= column <= LAST_COLUMN:
        raise ValueError(column)
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """``AB`` → 28."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


class CellRef(msgspec.Struct, frozen=True, order=True):
    """One cell; written in A1 form."""

    row: int
    column: int

    @classmethod
    def parse(cls, text: str) -> CellRef:
        """``$B$7`` or ``B7``; ValueError for anything else or outside the grid."""
        match = _A1.fullmatch(text)
        if not match:
            raise ValueError(text)
        ref = cls(int(match[2]), column_number(match[1]))
        if not (1 <= ref.row <= LAST_ROW and ref.column <= LAST_COLUMN):
            raise ValueError(text)
        return ref

    def __str__(self) -> str:
        return f"{column_letters(self.column)}{self.row}"


def row_ranges(numbers: list[int]) -> list[tuple[int, int]]:
    """Consecutive numbers as (first, last) runs: [5, 6, 7, 9] → [(5, 7), (9, 9)]."""
    numbers = sorted(set(numbers))
    if not numbers:
        return []
    breaks = [index + 1 for index, (a, b) in enumerate(pairwise(numbers)) if b != a + 1]
    starts, ends = [0, *breaks], [*breaks, len(numbers)]
    return [(numbers[a], numbers[b - 1]) for a, b in zip(starts, ends, strict=True)]


def split_sheet(reference: str) -> tuple[str, str]:
    """``'It''s'!A1`` → (``It's``, ``A1``); where no sheet is named, "" and the whole."""
    match = _OF_SHEET.fullmatch(reference)
    return ((match[1] or match[2]).replace("''", "'"), match[3]) if match else ("", reference)


def quote_sheet(title: str) -> str:
    """A sheet's title as a formula needs it: always quoted, inner quotes doubled."""
    return "'" + title.replace("'", "''") + "'"
