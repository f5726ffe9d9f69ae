"""Kinds of value: one file each, read and shown the same way everywhere.

A new kind is one file and one line in `KINDS`.
"""

from __future__ import annotations

from xltools.kinds.base import Kind
from xltools.kinds.cell_reading import Fault, Parsed, Setting
from xltools.kinds.choice import Choice
from xltools.kinds.date import Date
from xltools.kinds.excel_checks import CellRule
from xltools.kinds.integer import Integer
from xltools.kinds.measure import Measure
from xltools.kinds.number import Number
from xltools.kinds.people import People
from xltools.kinds.percent import Percent
from xltools.kinds.person import Person
from xltools.kinds.ratio import Ratio
from xltools.kinds.reference import Reference
from xltools.kinds.span import Span, span_end, span_start, usual_spans
from xltools.kinds.text import Text

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Text("text"),
        Text("id"),
        Reference(),
        Number(),
        Integer(),
        Percent(),
        Ratio(),
        Measure(),
        Date(),
        Span(),
        Person(),
        People(),
        Choice(),
    )
}

__all__ = [
    "KINDS",
    "CellRule",
    "Fault",
    "Kind",
    "Parsed",
    "Setting",
    "span_end",
    "span_start",
    "usual_spans",
]
