"""Rows placed by their numbers → all rows of a sheet, within the size that they may have."""

from __future__ import annotations

from xltools.errors import FileRefused
from xltools.ground.cells import LAST_COLUMN, LAST_ROW, column_letters, column_number

# A slot of a row takes 8 bytes. Where the box that the outermost cells span asks for more, blank
# rows take none, and the others end with their last value.
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
    """Rows given as (row number, values from column A), in order, with every gap filled.

    All are of one width, but for sheets of few cells far apart.
    """
    width = max((len(values) for _, values in placed), default=0)
    last = placed[-1][0] if placed else 0
    if last > LAST_ROW:
        raise out_of_grid(f"A{last}")
    if width * last > MOST_SLOTS:
        return sparse(placed, last)
    rows: list[list[object]] = []
    for number, values in placed:
        while len(rows) < number - 1:
            rows.append([None] * width)
        if len(values) < width:
            values.extend([None] * (width - len(values)))
        rows.append(values)
    return rows


def sparse(placed: list[tuple[int, list[object]]], last: int) -> list[list[object]]:
    """All rows, each ending with its last value."""
    nothing: list[object] = []
    rows = [nothing] * last
    slots = 0
    for number, values in placed:
        slots += len(values)
        check_slots(slots, len(values), number)
        rows[number - 1] = values
    return rows


def check_slots(slots: int, column: int, row: int) -> None:
    """Refuse a sheet whose rows are longer together than there is room for."""
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
