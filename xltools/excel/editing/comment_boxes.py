"""Boxes of comments in VML, the drawing format in which Excel stores them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import ceil

from xltools.excel.text_size import LINE_HEIGHT, wrapped_lines
from xltools.ground.cells import CellRef

VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_SHAPE_TYPE = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" '
    'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_EMPTY = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit">'
    '<o:idmap v:ext="edit" data="{data}"/></o:shapelayout></xml>'
)
_SHAPE = re.compile(r"<v:shape\s.*?</v:shape>\s*", re.DOTALL)
_ANY_SHAPE = re.compile(r"<v:(?:shape|group|rect|oval|line|roundrect|image)[\s>]")
_SHAPE_ID = re.compile(r"_x0000_s(\d+)")
_ID_MAP = re.compile(r'(<o:idmap[^>]*?data=")([\d,]*)(")')
_ROW = re.compile(r"<x:Row>\s*(\d+)\s*</x:Row>")
_COLUMN = re.compile(r"<x:Column>\s*(\d+)\s*</x:Column>")
_IDS_A_BLOCK = 1024
_BOX_COLUMNS, _BOX_ROWS, _MOST_ROWS = 3, 5, 30
_SIZE, _WIDTH, _ROW_PIXELS = 9, 192, 20  # of a comment's type; of its box; of a plain row


def empty_shapes(number: int) -> str:
    """A drawing without shapes; ``number`` tells it from those of other sheets."""
    return _EMPTY.format(data=number)


def with_shapes(text: str, notes: Mapping[CellRef, str]) -> str:
    """The drawing with a hidden box for each of the comments, tall enough for its text."""
    identity = max([_IDS_A_BLOCK * _block(text), *map(int, _SHAPE_ID.findall(text))])
    boxes = "" if 'id="_x0000_t202"' in text else _SHAPE_TYPE
    for cell, note in notes.items():
        identity += 1
        boxes += _box(cell, identity, _rows(note))
    end = text.rindex("</xml>")
    return _with_block(text[:end] + boxes + text[end:], identity // _IDS_A_BLOCK)


def without_shapes(text: str, cells: set[str]) -> tuple[str, bool]:
    """The drawing without the boxes of some cells (A1), and whether anything is left in it."""

    def kept(match: re.Match[str]) -> str:
        return "" if _cell_of(match[0]) in cells else match[0]

    text = _SHAPE.sub(kept, text)
    return text, _ANY_SHAPE.search(text) is not None


def _cell_of(shape: str) -> str:
    row, column = _ROW.search(shape), _COLUMN.search(shape)
    if 'ObjectType="Note"' not in shape or not row or not column:
        return ""
    return str(CellRef(int(row[1]) + 1, int(column[1]) + 1))


def _block(text: str) -> int:
    match = _ID_MAP.search(text)
    numbers = [int(number) for number in match[2].split(",") if number] if match else []
    return numbers[0] if numbers else 1


def _with_block(text: str, block: int) -> str:
    """The drawing that says which ids are its own, up to a block."""
    match = _ID_MAP.search(text)
    if match is None or str(block) in match[2].split(","):
        return text
    return text[: match.end(2)] + f",{block}" + text[match.end(2) :]


def _rows(note: str) -> int:
    """How many plain rows the text takes, with its own heading."""
    lines = 1 + wrapped_lines(note, _WIDTH, _SIZE)
    return min(_MOST_ROWS, max(_BOX_ROWS, ceil(lines * _SIZE * LINE_HEIGHT / _ROW_PIXELS) + 1))


def _box(cell: CellRef, identity: int, rows: int) -> str:
    row, column = cell.row - 1, cell.column - 1
    top = max(row - 1, 0)
    anchor = (column + 1, 15, top, 10, column + 1 + _BOX_COLUMNS, 15, top + rows, 4)
    return (
        f'<v:shape id="_x0000_s{identity}" type="#_x0000_t202" style="position:absolute;'
        f"margin-left:107pt;margin-top:7pt;width:192pt;height:{rows * 15 + 3}pt;"
        'z-index:1;visibility:hidden" '
        'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
        '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
        '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
        '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
        f"<x:Anchor>{', '.join(map(str, anchor))}</x:Anchor><x:AutoFill>False</x:AutoFill>"
        f"<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
    )
