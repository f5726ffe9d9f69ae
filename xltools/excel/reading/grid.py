"""Sparse rows → dense ones, within the size that dense rows may have."""

from __future__ import annotations

from xltools.cells import LAST_COLUMN, LAST_ROW, column_letters, column_number
from xltools.errors import FileRefused

# A slot of a dense row takes 8 bytes; a stray value in the last row of a wide sheet asks for
# billions of them.
MOST_SLOTS = 10_000_000
# Ten million cells took 14 s and 869 MB to read; the largest real sheet had 353,052 slots.
MOST_CELLS = 5_000_000
MOST_CELL_TAGS = 25_000_000  # styled blanks included


class Columns(dict[str, int]):
    """Column letters → number, each worked out once."""

    def __missing__(self, letters: str) -> int:
        column = column_number(letters) if letters.isascii() and letters.isalpha() else 0
        if not 1 <= column <= LAST_COLUMN or len(letters) > 3:
            raise KeyError(letters)
        self[letters] = column
        return column


COLUMNS = Columns()


def dense(placed: list[tuple[int, list[object]]]) -> list[list[object]]:
    """Rows given as (row number, values from column A), in order, with every gap filled."""
    width = max((len(values) for _, values in placed), default=0)
    last = placed[-1][0] if placed else 0
    if last > LAST_ROW:
        raise out_of_grid(f"A{last}")
    check_slots(width * last, width, last)
    rows: list[list[object]] = []
    for number, values in placed:
        while len(rows) < number - 1:
            rows.append([None] * width)
        if len(values) < width:
            values.extend([None] * (width - len(values)))
        rows.append(values)
    return rows


def check_slots(slots: int, column: int, row: int) -> None:
    """Refuse a sheet whose used range is larger than dense rows may be."""
    if slots > MOST_SLOTS:
        cell = f"{column_letters(max(column, 1))}{row}"
        raise FileRefused("file-too-large", "refused.sparse", cell=cell)


def check_tags(tags: int) -> None:
    """Refuse a sheet with more cells than could be read in reasonable time."""
    if tags > MOST_CELL_TAGS:
        raise FileRefused("file-too-large", "refused.many_cells", limit=MOST_CELLS)


def check_cells(cells: int) -> None:
    """Refuse a sheet with more filled cells than could be read in reasonable time."""
    if cells > MOST_CELLS:
        raise FileRefused("file-too-large", "refused.many_cells", limit=MOST_CELLS)


def out_of_grid(reference: str) -> FileRefused:
    """A cell that no spreadsheet has; some readers wrap it around and overwrite another cell."""
    return FileRefused("file-refused", "refused.out_of_grid", cell=reference[:40])
