"""Names that must stand in another sheet: found exactly, nearly, or not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec

from xltools.check.parse import Reading
from xltools.definition import ColumnDef
from xltools.folding import fold
from xltools.issues import Code

NEAR = 0.8
"""Likeness from which a name is taken for another."""

LEAD = 0.1
"""By how much the likeliest must be ahead of the next."""

_HINT = 0.45
_LEAST_LENGTH = 3
_CONTAINED = 0.92
_LEAST_CONTAINED = 4
_NUMBERS = re.compile(r"\d+(?:\.\d+)?")


class Match(msgspec.Struct, frozen=True):
    """What a name was found as: ``name`` where it is certain enough, else the likeliest ones."""

    name: str = ""
    near: bool = False
    likely: tuple[str, ...] = ()


class Index:
    """The names that may be referred to; answers are remembered."""

    def __init__(self, names: Sequence[object]) -> None:
        self.names: dict[str, str] = {}
        for name in names:
            if name is not None:
                self.names.setdefault(fold(str(name)), str(name))
        self._found: dict[str, Match] = {}

    def find(self, text: str) -> Match:
        """The name that a text means."""
        match = self._found.get(text)
        if match is None:
            folded = fold(text)
            exact = self.names.get(folded)
            match = Match(exact) if exact is not None else near_match(folded, self.names)
            self._found[text] = match
        return match


def near_match(text: str, names: Mapping[str, str]) -> Match:
    """One clear near match among folded names, else the likeliest ones as suggestions."""
    scored = sorted(
        ((likeness(text, folded), name) for folded, name in names.items()),
        key=lambda entry: -entry[0],
    )
    if not scored or scored[0][0] < _HINT:
        return Match()
    best, name = scored[0]
    behind = scored[1][0] if len(scored) > 1 else 0.0
    if best >= NEAR and best - behind >= LEAD:
        return Match(name, near=True)
    floor = max(_HINT, best - LEAD)
    return Match(likely=tuple(one for score, one in scored[:3] if score >= floor))


def likeness(text: str, other: str) -> float:
    """How alike two folded names are, 0–1; names with contradicting numbers are at most hints."""
    from rapidfuzz.fuzz import ratio

    score: float = ratio(text, other) / 100
    shorter = min(len(text), len(other))
    if shorter >= _LEAST_CONTAINED and (text in other or other in text):
        score = max(score, _CONTAINED)
    if shorter < _LEAST_LENGTH or _contradict(text, other):
        return min(score, NEAR - LEAD)
    return score


def _contradict(text: str, other: str) -> bool:
    mine = {float(number) for number in _NUMBERS.findall(text)}
    theirs = {float(number) for number in _NUMBERS.findall(other)}
    return bool(mine - theirs) and bool(theirs - mine)


def resolve_references(readings: Mapping[str, Reading]) -> None:
    """Replace every reference by the name it means, and report those that mean none."""
    indexes: dict[str, Index | None] = {}
    for reading in readings.values():
        for column in reading.table.sheet.columns:
            if not column.reference or column.name not in reading.raw:
                continue
            if column.reference not in indexes:
                indexes[column.reference] = _index(readings, column.reference)
            index = indexes[column.reference]
            if index is not None:
                _resolve(reading, column, index)


def _index(readings: Mapping[str, Reading], target: str) -> Index | None:
    """The names in a column; None where the file lacks it, which is reported elsewhere."""
    sheet, _, column = target.partition(".")
    reading = readings.get(sheet)
    if reading is None or column not in reading.raw:
        return None
    return Index(reading.values.get(column, []))


def _resolve(reading: Reading, column: ColumnDef, index: Index) -> None:
    values = reading.values[column.name]
    for at, value in enumerate(values):
        if not isinstance(value, str):
            continue
        row = reading.rows[at]
        match = index.find(value)
        if match.name:
            values[at] = match.name
            if match.near:
                reading.desk.add(
                    Code.REFERENCE_NEAR,
                    column.name,
                    row,
                    value=value,
                    suggestion=match.name,
                    target=column.reference,
                )
            continue
        several = len(match.likely) > 1
        reading.desk.add(
            Code.REFERENCE_MISSING,
            column.name,
            row,
            text="reference-missing.several" if several else "",
            value=value,
            suggestion=" / ".join(match.likely),
            target=column.reference,
        )
