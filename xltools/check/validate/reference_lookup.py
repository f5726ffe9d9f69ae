"""References to names in another sheet: found exactly, nearly, or not at all."""

from __future__ import annotations

from collections.abc import Sequence

from xltools.check.identify.near_matches import Match, near_match
from xltools.check.parse.column_values import ParsedTable
from xltools.definition import ColumnDef
from xltools.ground.folding import fold
from xltools.issues import Code
from xltools.kinds.typed_text import listed

_FORMER = "former_names"
"""The column of a sheet that says what its rows were called before."""


class Index:
    """The names that may be referred to; answers are remembered.

    ``former`` are lists of names that rows went by; a name of today goes first.
    """

    def __init__(self, names: Sequence[object], former: Sequence[object] = ()) -> None:
        self.names: dict[str, str] = {}
        for name in names:
            if name is not None:
                self.names.setdefault(fold(str(name)), str(name))
        self.former: dict[str, str] = {}
        for name, words in zip(names, former, strict=False):
            for word in listed(words) if name is not None else ():
                self.former.setdefault(fold(word), str(name))
        self._found: dict[str, Match] = {}

    def find(self, text: str) -> Match:
        """The name that a text means."""
        match = self._found.get(text)
        if match is None:
            folded = fold(text)
            exact = self.names.get(folded, self.former.get(folded))
            match = Match(exact) if exact is not None else near_match(folded, self.names)
            self._found[text] = match
        return match


def resolve_references(parsed_tables: Sequence[ParsedTable]) -> None:
    """Replace every reference by the name it means, and report those that mean none."""
    indexes: dict[str, Index | None] = {}
    for parsed in parsed_tables:
        for column in parsed.table.sheet.columns:
            if not column.reference or column.name not in parsed.raw:
                continue
            if column.reference not in indexes:
                indexes[column.reference] = _index(parsed_tables, column.reference)
            index = indexes[column.reference]
            if index is not None:
                _resolve(parsed, column, index)


def _index(parsed_tables: Sequence[ParsedTable], target: str) -> Index | None:
    """The names in a column; None where the file lacks it, which is reported elsewhere."""
    sheet, _, column = target.partition(".")
    found = [one for one in parsed_tables if one.table.sheet.name == sheet and column in one.raw]
    if not found:
        return None
    names = [name for one in found for name in one.values.get(column) or one.blank()]
    former = [words for one in found for words in one.values.get(_FORMER) or one.blank()]
    return Index(names, former)


def _resolve(parsed: ParsedTable, column: ColumnDef, index: Index) -> None:
    values = parsed.values[column.name]
    for at, value in enumerate(values):
        if not isinstance(value, str):
            continue
        row = parsed.rows[at]
        match = index.find(value)
        if match.name:
            values[at] = match.name
            if match.near:
                parsed.issues.add(
                    Code.REFERENCE_NEAR,
                    column.name,
                    row,
                    value=value,
                    suggestion=match.name,
                    target=column.reference,
                )
            elif fold(value) in index.former and fold(value) not in index.names:
                parsed.issues.add(
                    Code.CELL_NORMALISED,
                    column.name,
                    row,
                    text="cell-normalised.former_name",
                    value=value,
                    reading=match.name,
                )
            continue
        several = len(match.likely) > 1
        parsed.issues.add(
            Code.REFERENCE_MISSING,
            column.name,
            row,
            text="reference-missing.several" if several else "",
            value=value,
            suggestion=" / ".join(match.likely),
            target=column.reference,
        )
