"""HYPERLINK formulas: links without Excel's limit of 65,530 a sheet."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from xltools.excel.cell_text import utf16_length, visible
from xltools.excel.input_paths import relative
from xltools.ground.cells import CellRef, quote_sheet
from xltools.ground.member_paths import parted

_LONGEST_LITERAL = 255  # UTF-16 units of one text literal in a formula
_LONGEST_TARGET = 255  # a longer one gives #VALUE!


def literal(text: str) -> str:
    """A text as a formula holds it; long ones as a sum of pieces."""
    pieces = _pieces(visible(text))
    return "&".join('"' + piece.replace('"', '""') + '"' for piece in pieces)


def cell_target(sheet: str, cell: CellRef | str) -> str:
    """Where a link to a cell of the same workbook leads."""
    return f"#{quote_sheet(sheet)}!{cell}"


def file_target(
    folder: Path | str, file: Path | str, sheet: str = "", cell: CellRef | str = ""
) -> str:
    """Where a link of a workbook in ``folder`` leads: to a file, or to a cell or a sheet's top.

    No program opens a file inside another by a link: of such it leads to the bundle.
    """
    holder, inside = parted(file)
    place = _place(os.path.abspath(folder), os.path.abspath(holder))  # noqa: PTH100
    return place + cell_target(sheet, cell or "A1") if sheet and not inside else place


# Bounded, and a pure function of two paths; a change of the current folder does not matter to it,
# as both are absolute.
@lru_cache(4096)
def _place(folder: str, file: str) -> str:
    """A file as links in ``folder`` name it: relative, so that both may move together.

    ``#`` begins a cell's address there and ``%`` a code for a character. A drive or a share is
    written as Windows writes it, which Excel's HYPERLINK asks for.
    """
    path = relative(file, folder).replace("%", "%25").replace("#", "%23")
    return path if os.path.isabs(path) else path.replace(os.sep, "/")  # noqa: PTH117


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
