"""Cells of an existing sheet given other styles, made where they do not exist."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from xltools.cells import CellRef, column_letters, column_number
from xltools.excel.editing.xmltext import (
    Edit,
    Element,
    Tag,
    attribute,
    element,
    elements,
    local_attribute,
    rewritten,
    spliced,
    tags,
    with_attribute,
)

# What may follow <legacyDrawing> in a sheet, so that it stands before the first of them
_AFTER_LEGACY = (
    "legacyDrawingHF|picture|oleObjects|controls|webPublishItems|tableParts|AlternateContent|extLst"
)


def restyled(text: str, cells: Iterable[CellRef], style_for: Callable[[CellRef, int], int]) -> str:
    """The sheet with new styles for some cells; ``style_for`` is told the cell and its style."""
    grid = element(text, "sheetData")
    if grid is None:
        raise ValueError("sheetData")
    wanted: dict[int, list[CellRef]] = {}
    for cell in sorted(set(cells)):
        wanted.setdefault(cell.row, []).append(cell)
    columns = _column_styles(text[: grid.tag.start])

    def made(cell: CellRef, style: int) -> str:
        return f'<{prefix}c r="{cell}" s="{style_for(cell, style)}"/>'

    prefix = grid.tag.prefix
    edits: list[Edit] = []
    last = 0
    for row in elements(text, "row", grid.tag.end, grid.inner_end):
        last = _number(row.tag, last)
        here = row.tag.start
        missing = sorted(number for number in wanted if number < last)
        edits += [(here, here, _new_row(wanted.pop(n), columns, made, prefix)) for n in missing]
        if last in wanted:
            edits += _row_edits(text, row, wanted.pop(last), columns, style_for, made)
    rows = "".join(_new_row(wanted[number], columns, made, prefix) for number in sorted(wanted))
    if rows and grid.tag.kind == "empty":
        whole = f"<{prefix}sheetData>{rows}</{prefix}sheetData>"
        edits.append((grid.tag.start, grid.tag.end, whole))
    elif rows:
        edits.append((grid.inner_end, grid.inner_end, rows))
    return spliced(text, edits)


def _row_edits(
    text: str,
    row: Element,
    wanted: list[CellRef],
    columns: Mapping[int, int],
    style_for: Callable[[CellRef, int], int],
    made: Callable[[CellRef, int], str],
) -> list[Edit]:
    own = (
        attribute(row.tag.attributes, "s")
        if attribute(row.tag.attributes, "customFormat")
        else None
    )

    def fresh(cell: CellRef) -> str:
        return made(cell, int(own) if own and own.isdigit() else columns.get(cell.column, 0))

    opened = rewritten(row.tag, with_attribute(row.tag.attributes, "spans", None), kind="open")
    if row.tag.kind == "empty":
        content = "".join(map(fresh, wanted))
        return [(row.tag.start, row.tag.end, f"{opened}{content}</{row.tag.prefix}row>")]
    edits: list[Edit] = []
    inserted = False
    left = {cell.column: cell for cell in wanted}
    last = 0
    for tag in tags(text, "c", row.tag.end, row.inner_end):
        if tag.kind == "close":
            continue
        last = _column(tag, last)
        for column in sorted(column for column in left if column < last):
            edits.append((tag.start, tag.start, fresh(left.pop(column))))
            inserted = True
        if last in left:
            style = attribute(tag.attributes, "s") or "0"
            new = style_for(left.pop(last), int(style) if style.isdigit() else 0)
            changed = with_attribute(tag.attributes, "s", str(new))
            edits.append((tag.start, tag.end, rewritten(tag, changed)))
    if left:
        content = "".join(fresh(left[column]) for column in sorted(left))
        edits.append((row.inner_end, row.inner_end, content))
        inserted = True
    if inserted and attribute(row.tag.attributes, "spans"):
        edits.append((row.tag.start, row.tag.end, opened))
    return edits


def with_legacy_drawing(text: str, relationship: str, namespace: str) -> str:
    """The sheet with a reference to the drawing that shows its comments."""
    grid = element(text, "sheetData")
    root = next(tags(text, "worksheet"), None)
    if grid is None or root is None:
        raise ValueError("worksheet")
    later = next(tags(text, _AFTER_LEGACY, grid.end), None)
    closing = [tag.start for tag in tags(text, "worksheet", grid.end) if tag.kind == "close"]
    place = later.start if later else closing[-1]
    made = f'<{root.prefix}legacyDrawing xmlns:r="{namespace}" r:id="{relationship}"/>'
    return spliced(text, [(place, place, made)])


def without_legacy_drawing(text: str) -> str:
    """The sheet without that reference."""
    return spliced(
        text, [(found.tag.start, found.end, "") for found in elements(text, "legacyDrawing")]
    )


def deselected(text: str) -> str:
    """The sheet not selected, lest what is typed goes into two sheets at once."""
    edits: list[Edit] = []
    for tag in tags(text, "sheetView"):
        if tag.kind != "close" and attribute(tag.attributes, "tabSelected"):
            changed = with_attribute(tag.attributes, "tabSelected", None)
            edits.append((tag.start, tag.end, rewritten(tag, changed)))
    return spliced(text, edits)


def _new_row(
    cells: list[CellRef],
    columns: Mapping[int, int],
    made: Callable[[CellRef, int], str],
    prefix: str,
) -> str:
    content = "".join(made(cell, columns.get(cell.column, 0)) for cell in cells)
    return f'<{prefix}row r="{cells[0].row}">{content}</{prefix}row>'


def _column_styles(head: str) -> dict[int, int]:
    """Styles of whole columns, which a cell that does not exist shows."""
    styles: dict[int, int] = {}
    for tag in tags(head, "col"):
        first, last, style = (attribute(tag.attributes, name) for name in ("min", "max", "style"))
        if first and last and style and first.isdigit() and last.isdigit() and style.isdigit():
            styles |= dict.fromkeys(range(int(first), min(int(last), 16_384) + 1), int(style))
    return styles


def _number(tag: Tag, last: int) -> int:
    number = attribute(tag.attributes, "r")
    return int(number) if number and number.isdigit() else last + 1


def _column(tag: Tag, last: int) -> int:
    reference = attribute(tag.attributes, "r") or ""
    letters = reference.rstrip("0123456789")
    return column_number(letters) if letters.isalpha() and letters.isascii() else last + 1


def place_of(reference: str) -> str:
    """A reference in one form: ``$b$2`` is ``B2``; "" where it is none."""
    try:
        ref = CellRef.parse(reference)
    except ValueError:
        return ""
    return f"{column_letters(ref.column)}{ref.row}"


def legacy_relationship(text: str) -> str:
    """The id under which the sheet refers to the drawing of its comments."""
    found = element(text, "legacyDrawing")
    return (local_attribute(found.tag.attributes, "id") or "") if found else ""
