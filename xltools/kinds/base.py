"""What a kind of value is: how a column of it is read, shown, formatted and guarded in Excel.

`Kind.parse` takes a whole column. A quick pass of comprehensions settles the cells that need no
thought; only the others, the suspects, go one by one to `Kind.read`, which words what is wrong.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Container, Mapping, Sequence
from datetime import date
from typing import ClassVar, Literal, NamedTuple

import msgspec

from xltools.issues import Code, Severity
from xltools.kinds.display_format import Format, RichText
from xltools.kinds.typed_text import TRIMMED, brief, shown

Details = dict[str, str | int | float]


LETTER = 'LEFT(CELL("format",{cell}))'
"""The first letter of what a spreadsheet calls a cell's number format: P is a percentage.

An error in programs that do not know it, such as Excel in a browser: no check may fail by that.
"""

NUMERIC = f"ISERROR(FIND({LETTER},bad_formats))"
"""Whether a number is shown as one: what is typed as 3/4 or 1:20 turns into a date or a time.

The workbook's name ``bad_formats`` holds the letters of dates, times and percentages.
"""

AMOUNT = (
    'IF(ISTEXT({cell}),AND(ISNUMBER(FIND(LEFT(TRIM({cell})),"-123456789")),'
    'ISNUMBER(VALUE(TRIM(SUBSTITUTE({cell},{unit},""))&"e0"))),FALSE)'
)
"""Whether a text is a number with its unit; before e0 there is no date, time or percentage."""

_MOST_ANSWERS = 20_000  # remembered a setting


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """How one column of one sheet is read.

    ``labels`` (folded label → choice name) knows every language, alias and name; ``choice_labels``
    are the ones to suggest, in the workbook's language. ``year`` completes ``7月3日``. ``answers``
    remembers how texts read, by kind, text and unit, as the workbooks of all teams hold the same;
    they are dropped with the setting, which belongs to one reader of files.
    """

    unit: str = ""
    year: int | None = None
    labels: Mapping[str, str] = {}
    choice_labels: Sequence[str] = ()
    answers: dict[tuple[str, object, str], tuple[object, Fault | None]] = {}


class Column(NamedTuple):
    """A column of raw cells and all that its reading depends on."""

    values: list[object]
    setting: Setting
    percent: Container[int]
    units: Sequence[str | None] | None


class Cell(NamedTuple):
    """One raw cell and all that its reading depends on: nothing of its neighbours."""

    raw: object
    unit: str
    percent: bool
    setting: Setting
    format: Format | None = None


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """An issue of one cell; ``text`` is a sentence's key, ``details`` fills it.

    ``severity`` is set only where it differs from the code's own.
    """

    index: int
    code: Code
    text: str
    value: str
    suggestion: str = ""
    details: Details = {}
    severity: Severity | None = None


class Parsed(msgspec.Struct, frozen=True):
    """A column as read: a value or None for each cell, and the issues found."""

    values: list[object]
    faults: list[Fault]


class Reading(NamedTuple):
    """One suspect's value; ``note`` is the sentence to log although it was accepted.

    ``details`` fills that sentence besides the value and its reading.
    """

    value: object
    note: str = ""
    severity: Severity | None = None
    details: Details | None = None


class Refusal(Exception):
    """A cell that cannot be read, or only in more than one way."""

    def __init__(
        self, key: str, suggestion: str = "", *, code: Code = Code.CELL_KIND, **details: str
    ) -> None:
        super().__init__(key)
        self.key = key
        self.suggestion = suggestion
        self.code = code
        self.details = details


class CellRule(msgspec.Struct, frozen=True, kw_only=True):
    """Excel's own input check of a cell, free of any library.

    ``between`` goes from ``minimum`` to ``maximum``. ``formula`` is the list's name or the custom
    expression, without ``=``; ``message`` the key of what Excel says when it refuses an entry.
    """

    validate: Literal["list", "decimal", "whole", "date", "custom"]
    message: str
    criteria: Literal["between", ""] = ""
    minimum: float | date | None = None
    maximum: float | date | None = None
    formula: str = ""


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
    def read(self, cell: Cell) -> Reading:
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
            criteria="between",
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

    def _read_rich(self, cell: Cell) -> Reading:
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


def unread(values: list[object], read: list[object]) -> list[int]:
    """The indexes of cells with content that the quick pass did not read."""
    if None not in read:
        return []
    return [i for i, value in enumerate(read) if value is None and values[i] is not None]


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


def _noted(cell: Cell, text: str, note: str, reading: Reading) -> Fault:
    value = _seen(cell)
    return Fault(
        index=0,
        code=Code.CELL_NORMALISED,
        text=note,
        value=value,
        details={"value": brief(value), "reading": brief(text), **(reading.details or {})},
        severity=reading.severity,
    )
