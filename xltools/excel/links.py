"""HYPERLINK formulas: links without Excel's limit of 65,530 a sheet."""

from __future__ import annotations

from xltools.cells import CellRef, quote_sheet
from xltools.excel.text import utf16_length, visible

_LONGEST_LITERAL = 255  # UTF-16 units of one text literal in a formula
_LONGEST_TARGET = 255  # a longer one gives #VALUE!


def literal(text: str) -> str:
    """A text as a formula holds it; long ones as a sum of pieces."""
    pieces = _pieces(visible(text))
    return "&".join('"' + piece.replace('"', '""') + '"' for piece in pieces)


def cell_target(sheet: str, cell: CellRef | str, path: str = "") -> str:
    """Where a link leads: a cell of this workbook, or of the one at a relative path."""
    path = path.replace("\\", "/").replace("%", "%25").replace("#", "%23")
    return f"{path}#{quote_sheet(sheet)}!{cell}"


def hyperlink(target: str, text: str) -> str:
    """The formula of a link; "" where the target is longer than Excel follows."""
    if utf16_length(target) > _LONGEST_TARGET:
        return ""
    return f"=HYPERLINK({literal(target)},{literal(text)})"


def _pieces(text: str) -> list[str]:
    """Pieces that stay within the limit even when every character is a surrogate pair."""
    if utf16_length(text) <= _LONGEST_LITERAL:
        return [text]
    size = _LONGEST_LITERAL // 2
    return [text[start : start + size] for start in range(0, len(text), size)]
