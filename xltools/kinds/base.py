"""What a kind of value is: how a column of it is read, shown, formatted and guarded in Excel.

`Kind.parse` takes a whole column. A quick pass of comprehensions settles the cells that need no
thought; only the others, the suspects, go one by one to `Kind.read`, which words what is wrong.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Container, Mapping, Sequence
from datetime import date
from typing import ClassVar, Literal

import msgspec

from xltools.issues import Code, Severity
from xltools.kinds.cell_reading import (
    Cell,
    Column,
    Details,
    Fault,
    Parsed,
    ReadValue,
    Refusal,
    Setting,
)
from xltools.kinds.display_format import Format, RichText
from xltools.kinds.excel_checks import CellRule
from xltools.kinds.typed_text import TRIMMED, brief, shown

_MOST_ANSWERS = 20_000  # remembered a setting


class Kind(ABC):
    """One kind of value; the registry holds one instance of each."""

    name: str
    dtype: ClassVar[str] = "str"
    align: ClassVar[Literal["left", "right", "center"]] = "left"

    format: ClassVar[str] = "@"
    """The Excel number format of an input cell."""

    valid: ClassVar[str] = ""
    """`valid_formula` with ``{cell}`` and ``{unit}`` to fill."""

    readable: ClassVar[str] = ""
    """`readable_formula` with the same to fill."""

    nothing: ClassVar[str] = "||　|"
    """Texts that count as blank in a live check, between bars; TRIM leaves a wide space."""

    entered: ClassVar[str] = ""
    """The custom cell rule, with ``{cell}`` to fill: Excel wants it short."""

    entry: ClassVar[Literal["", "decimal", "whole", "date", "custom"]] = ""
    """How Excel checks what is typed; nothing where anything may stand."""

    bounds: ClassVar[tuple[float | date | None, float | date | None]] = (None, None)
    """What Excel allows where the column has no narrower limits."""

    reads_format: ClassVar[tuple[str, ...]] = ()
    """The fields of `Format` that may make a cell mean something else than it stores."""

    free: ClassVar[bool] = False
    """Whether any text is accepted, superscripts included."""

    logged: ClassVar[bool] = True
    """Whether an accepted text that is not in its canonical form is reported, as info."""

    def parse(
        self,
        values: list[object],
        setting: Setting,
        *,
        percent: Container[int] = (),
        units: Sequence[str | None] | None = None,
        formats: Mapping[int, Format] | None = None,
    ) -> Parsed:
        """Read one column of raw cells.

        ``percent`` holds the indexes of cells in a percent format, ``units`` each row's own unit,
        which goes before the column's, ``formats`` number formats that bear on the value, by index.
        """
        column = Column(values, setting, percent, units)
        read, suspects = self.quick(column)
        formats = formats or {}
        displayed = [
            index
            for index, display in formats.items()
            if any(getattr(display, name) for name in self.reads_format)
        ]
        if displayed:
            suspects = sorted({*suspects, *displayed})
        faults: list[Fault] = []
        known = setting.answers
        if len(known) > _MOST_ANSWERS:
            known.clear()
        for index in suspects:
            raw = values[index]
            unit = (units[index] if units else None) or setting.unit
            answer = known.get((self.name, raw, unit)) if type(raw) is str else None
            if answer is None:
                answer = self._answer(
                    Cell(raw, unit, index in percent, setting, formats.get(index))
                )
                if type(raw) is str:
                    known[self.name, raw, unit] = answer
            read[index], fault = answer
            if fault is not None:
                faults.append(msgspec.structs.replace(fault, index=index))
        return Parsed(read, faults)

    @abstractmethod
    def quick(self, column: Column) -> tuple[list[object], list[int]]:
        """The column with every plain cell read, and the indexes of the others."""

    @abstractmethod
    def read(self, cell: Cell) -> ReadValue:
        """Read one suspect, or raise `Refusal`."""

    def of(self, unit: str) -> Kind:  # noqa: ARG002 - most kinds are the same in every unit
        """The kind in whose form a value of this unit is written."""
        return self

    def written(self, value: object) -> str:
        """`text` in this kind's own form."""
        return str(value)

    def text(self, value: object, unit: str = "") -> str:
        """The canonical text of a value; reading it gives the value again."""
        return self.of(unit).written(value)

    def number_format(self, unit: str = "") -> str:
        """The Excel number format of an input cell."""
        return self.of(unit).format

    def cell_rule(
        self,
        cell: str,
        *,
        minimum: float | None = None,
        maximum: float | None = None,
        list_name: str = "",
    ) -> CellRule | None:
        """Excel's input check for a cell, or None where anything may stand in it."""
        if list_name:
            return CellRule(validate="list", formula=list_name, message="kinds.rule_list")
        message = f"kinds.rule_{self.name}"
        if not self.entry:
            return None
        if self.entry == "custom":
            return CellRule(validate="custom", formula=self.entered_formula(cell), message=message)
        least, most = self.bounds
        return CellRule(
            validate=self.entry,
            minimum=least if minimum is None else minimum,
            maximum=most if maximum is None else maximum,
            message=message,
        )

    def valid_formula(self, cell: str, unit_cell: str = "") -> str:
        """An Excel expression, TRUE when a non-blank cell is plainly of this kind; "" is always."""
        return self.valid.format(cell=cell, unit=unit_cell or '""')

    def readable_formula(self, cell: str, unit_cell: str = "") -> str:
        """An Excel expression, TRUE for a text that is not plain but surely read; "" where none is.

        It never holds where `valid_formula` does.
        """
        return self.readable.format(cell=cell, unit=unit_cell or '""')

    def entered_formula(self, cell: str) -> str:
        """An Excel expression that refuses what is typed, where `valid_formula` is too long."""
        return self.entered.format(cell=cell)

    def hint(self) -> str:
        """The key of the one-line hint that stands under a header."""
        return f"kinds.hint_{self.name}"

    def _answer(self, cell: Cell) -> tuple[object, Fault | None]:
        """One cell's value and its issue, if there is one."""
        try:
            reading = self._read_rich(cell) if isinstance(cell.raw, RichText) else self.read(cell)
        except Refusal as refusal:
            return None, _refused(cell, refusal)
        value = reading.value
        if value is None:
            return None, None
        text = self.text(value, cell.unit)
        note = reading.note
        if not note and self.logged and isinstance(cell.raw, str):
            note = "kinds.read_as" if cell.raw.strip(TRIMMED) != text else ""
        return value, _noted(cell, text, note, reading) if note else None

    def _read_rich(self, cell: Cell) -> ReadValue:
        """A text with runs that are struck out or superscript."""
        text = cell.raw
        if not isinstance(text, RichText):
            raise TypeError(text)
        if text.raised and not self.free:
            raise Refusal("kinds.raised")
        reading = self.read(cell._replace(raw=str(text)))
        if not text.struck or reading.value is None:
            return reading
        if text.struck == text:
            return reading._replace(note="kinds.struck_whole", severity=Severity.WARNING)
        said: Details = {"struck": brief(text.struck)}
        return reading._replace(note="kinds.struck_out", severity=None, details=said)


def _seen(cell: Cell) -> str:
    """A cell as it is displayed; a number as it is stored."""
    if cell.format is not None and cell.format.grain and isinstance(cell.raw, date):
        return cell.format.day(cell.raw)
    return shown(cell.raw, cell.percent)


def _refused(cell: Cell, refusal: Refusal) -> Fault:
    value = _seen(cell)
    return Fault(
        index=0,
        code=refusal.code,
        text=refusal.key,
        value=value,
        suggestion=refusal.suggestion,
        details={"value": brief(value), "suggestion": refusal.suggestion, **refusal.details},
    )


def _noted(cell: Cell, text: str, note: str, reading: ReadValue) -> Fault:
    value = _seen(cell)
    return Fault(
        index=0,
        code=Code.CELL_NORMALISED,
        text=note,
        value=value,
        details={"value": brief(value), "reading": brief(text), **(reading.details or {})},
        severity=reading.severity,
    )
