"""One sheet of a workbook as it looks, from what the file remembers: nothing is calculated."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from xltools.errors import FileRefused
from xltools.excel.package.archive import Parts
from xltools.excel.package.markup import BadMarkupError, decode_escapes, local, parse, text_of
from xltools.excel.picture.cell_conditions import Conditions, Spot, Value
from xltools.excel.picture.cell_looks import Looks, children
from xltools.excel.picture.chart_points import charts_of
from xltools.excel.picture.picture_model import Cell, Picture
from xltools.excel.picture.shown_numbers import shown_number
from xltools.excel.reading.preflight import admit
from xltools.excel.reading.xlsx.package_structure import Structure, structure
from xltools.excel.reading.xlsx.shared_strings import shared_strings
from xltools.ground.cells import CellRef

_COLUMN_PIXELS = 7  # of one unit of width
_ROW_PIXELS = 4 / 3  # of a point
_USUAL_WIDTH, _USUAL_HEIGHT = 64.0, 20.0


def first_sheet(path: str | Path) -> Picture:
    """The first visible sheet of an .xlsx; FileRefused where it cannot be read."""
    admitted = admit(path)
    if admitted.parts is None or admitted.format != "xlsx":
        raise FileRefused("file-not-workbook", "refused.no_workbook_part")
    try:
        built = structure(admitted.parts)
        part = next(one for one in built.sheets if one.state == "visible" and one.part)
        return _Sheet(admitted.parts, built, part.part).picture(part.title)
    except (BadMarkupError, StopIteration, ValueError, KeyError, IndexError) as fault:
        values = {"part": Path(path).name, "detail": str(fault) or type(fault).__name__}
        raise FileRefused("file-unreadable", "refused.bad_markup", **values) from fault


class _Sheet:
    """The parts of one sheet while its picture is made."""

    def __init__(self, parts: Parts, built: Structure, part: str) -> None:
        self.parts, self.part = parts, part
        self.root = parse(parts[part])
        self.looks = Looks(parts[built.styles])
        self.strings = shared_strings(text_of(parts[built.strings])) if built.strings else []
        self.groups = children(self.root)

    def picture(self, title: str) -> Picture:
        written = list(self._written())
        values = {spot: value for spot, value, _ in written if value != ""}
        merged = dict(self._merges())
        covered = {
            (row, column)
            for first, last in merged.items()
            for row in range(first[0], last[0] + 1)
            for column in range(first[1], last[1] + 1)
            if (row, column) != first
        }
        conditions = Conditions(self.root)
        cells = [
            self._cell(spot, merged.get(spot, spot), value, style, conditions, values)
            for spot, value, style in written
            if spot not in covered
        ]
        across = max((cell.last[1] for cell in cells), default=1)
        down = max((cell.last[0] for cell in cells), default=1)
        columns, rows = self._columns(across), self._rows(down)
        charts = charts_of(self.parts, self.part, columns, rows)
        return Picture(title=title, columns=columns, rows=rows, cells=cells, charts=charts)

    def _cell(
        self,
        first: Spot,
        last: Spot,
        value: Value,
        style: int,
        conditions: Conditions,
        values: dict[Spot, Value],
    ) -> Cell:
        look = self.looks.of(style)
        number = isinstance(value, float)
        cell = Cell(first=first, last=last, text="", look=look, is_number=number)
        cell = conditions.applied(cell, value, values, self.looks) if value != "" else cell
        text = shown_number(value, cell.look.number) if isinstance(value, float) else value
        return replace(cell, text=text)

    def _written(self) -> Iterator[tuple[Spot, Value, int]]:
        """Every cell with its value, "" for none, and its style."""
        for row in self.groups.get("sheetData", ()):
            if row.get("hidden") == "1":
                continue
            for cell in row:
                place = CellRef.parse(cell.get("r", ""))
                yield (place.row, place.column), self._value(cell), int(cell.get("s", 0))

    def _value(self, cell: ET.Element) -> Value:
        said, kind = children(cell), cell.get("t", "n")
        text = (said["v"].text or "") if "v" in said else ""
        if kind == "s":
            return str(self.strings[int(text)])
        if kind == "inlineStr":
            return "".join(one.text or "" for one in cell.iter() if local(one.tag) == "t")
        if kind == "n":
            return float(text) if text else ""
        return decode_escapes(text)

    def _merges(self) -> Iterator[tuple[Spot, Spot]]:
        for one in self.groups.get("mergeCells", ()):
            first, _, last = one.get("ref", "").partition(":")
            begin, end = CellRef.parse(first), CellRef.parse(last)
            yield (begin.row, begin.column), (end.row, end.column)

    def _columns(self, count: int) -> list[float]:
        widths = [_USUAL_WIDTH] * count
        for one in self.groups.get("cols", ()):
            width = 0.0 if one.get("hidden") == "1" else float(one.get("width", 9.14))
            for column in range(int(one.get("min", 1)), min(int(one.get("max", 1)), count) + 1):
                widths[column - 1] = round(width * _COLUMN_PIXELS)
        return widths

    def _rows(self, count: int) -> list[float]:
        said = self.groups.get("sheetFormatPr")
        usual = float(said.get("defaultRowHeight", 15)) * _ROW_PIXELS if said is not None else 0
        heights = [usual or _USUAL_HEIGHT] * count
        for one in self.groups.get("sheetData", ()):
            at = int(one.get("r", 0))
            if 0 < at <= count:
                if one.get("hidden") == "1":
                    heights[at - 1] = 0.0
                elif one.get("ht"):
                    heights[at - 1] = float(one.get("ht", 15)) * _ROW_PIXELS
        return heights
