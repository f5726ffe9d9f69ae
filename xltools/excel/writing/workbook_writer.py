"""A new workbook, written through XlsxWriter without losing a value silently."""

from __future__ import annotations

import warnings
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import IO, Any, Literal

from xlsxwriter.format import Format

from xltools.errors import WriteError
from xltools.excel.atomic_output import replacing, unwritable
from xltools.excel.cell_text import visible
from xltools.excel.styles import Emphasis, Style
from xltools.excel.titles import sheet_title
from xltools.excel.writing.bulk_rows import RowSheet
from xltools.excel.writing.engine import EngineBook
from xltools.excel.writing.sheet_writer import Sheet
from xltools.ground.cells import CellRef

_LONGEST_CONSTANT = 255
_QUICK, _SMALL = 3, 6  # zlib levels: 3 takes half the time of 6 for 15 % more bytes

Visibility = Literal["visible", "hidden", "very hidden"]


class Book:
    """Writes a workbook to a path, whole or not at all, or to an open binary stream.

    ``created`` is stored as the time of making; ``large`` lets sheets of many rows pass through
    the disk instead of memory. Leaving the ``with`` block by an exception leaves the old file.
    """

    def __init__(
        self,
        target: Path | IO[bytes],
        *,
        created: datetime,
        force: bool = False,
        large: bool = False,
        **properties: str,
    ) -> None:
        self._target = target
        self._force = force
        self._large = large
        self._properties: dict[str, Any] = {
            name: visible(text) for name, text in properties.items()
        } | {"created": created}
        self._formats: dict[Style | Emphasis, Format] = {}
        self._sheets: list[Sheet] = []
        self._exit = ExitStack()
        self.clipped: list[tuple[str, CellRef]] = []

    def __enter__(self) -> Book:
        try:
            stream = self._open_target()
            folder = self._exit.enter_context(TemporaryDirectory()) if self._large else None
        except BaseException as fault:
            self._exit.__exit__(type(fault), fault, fault.__traceback__)
            raise
        self._engine = EngineBook(
            stream, folder=Path(folder) if folder else None, level=_QUICK if self._large else _SMALL
        )
        self._engine.set_properties(self._properties)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if fault is None:
            try:
                self._finish()
            except BaseException as late:
                self._exit.__exit__(type(late), late, late.__traceback__)
                raise
        self._exit.__exit__(kind, fault, trace)

    def sheet(self, title: str, *, visibility: Visibility = "visible") -> Sheet:
        """A new sheet behind the others, titled as near to ``title`` as Excel allows."""
        title = sheet_title(title, self.titles)
        engine: Any = self._engine.add_worksheet(title, worksheet_class=RowSheet)
        made = Sheet(self, engine, title)
        if visibility == "hidden":
            made.engine.hide()
        elif visibility == "very hidden":
            made.engine.very_hidden()
        self._sheets.append(made)
        return made

    @property
    def titles(self) -> list[str]:
        """The sheets' titles, in order."""
        return [sheet.title for sheet in self._sheets]

    def format(self, style: Style | Emphasis) -> Format:
        """XlsxWriter's object for a style, one per style; for charts and rare options."""
        found = self._formats.get(style)
        if found is None:
            found = self._formats[style] = self._engine.add_format(style.properties())
        return found

    def style_number(self, style: Style) -> int:
        """The number by which a cell's XML refers to a style."""
        made: Any = self.format(style)
        return int(made._get_xf_index())

    def define_name(self, name: str, formula: str) -> None:
        """Give a range, or with ``sheet!name`` a sheet's own range, a name."""
        with warnings.catch_warnings(record=True) as reasons:
            warnings.simplefilter("always")
            result = self._engine.define_name(name, formula)
        if result:
            reason = "; ".join(str(one.message) for one in reasons)
            raise WriteError("write.name", name=name, reason=reason)

    def define_constant(self, name: str, text: str) -> None:
        """Give a constant text of at most 255 characters a name."""
        if len(text) > _LONGEST_CONSTANT:
            raise WriteError("write.constant", name=name, limit=_LONGEST_CONSTANT)
        self.define_name(name, '="' + visible(text).replace('"', '""') + '"')

    def custom_property(self, name: str, text: str) -> None:
        """Store a custom document property as text, which every program returns unchanged."""
        if len(text) > _LONGEST_CONSTANT:
            raise WriteError("write.constant", name=name, limit=_LONGEST_CONSTANT)
        self._engine.set_custom_property(name, visible(text), "text")

    def chart(self, kind: str, subtype: str = "") -> Any:
        """A new XlsxWriter chart; place it with ``Sheet.chart``."""
        options = {"type": kind, "subtype": subtype} if subtype else {"type": kind}
        made = self._engine.add_chart(options)
        if made is None:
            raise ValueError(kind)
        return made

    def _open_target(self) -> IO[bytes]:
        if not isinstance(self._target, Path):
            return self._target
        temporary = self._exit.enter_context(replacing(self._target, force=self._force))
        return self._exit.enter_context(open(temporary, "wb"))

    def _finish(self) -> None:
        for sheet in self._sheets:
            sheet.finish()
        try:
            self._engine._store_workbook()
        except OSError as fault:
            if isinstance(self._target, Path):
                raise unwritable(self._target, fault) from fault
            raise
