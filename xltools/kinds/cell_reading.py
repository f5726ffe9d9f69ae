"""What the reading of a column takes and gives: cells with their settings, values, faults."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import NamedTuple

import msgspec

from xltools.issues import Code, Severity
from xltools.kinds.display_format import Format

Details = dict[str, str | int | float]


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


class ReadValue(NamedTuple):
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


def unread(values: list[object], read: list[object]) -> list[int]:
    """The indexes of cells with content that the quick pass did not read."""
    if None not in read:
        return []
    return [i for i, value in enumerate(read) if value is None and values[i] is not None]
