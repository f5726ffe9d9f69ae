"""One or more people, as their names between 、."""

from __future__ import annotations

from xltools.issues import Severity
from xltools.kinds.base import Kind
from xltools.kinds.cell_reading import Cell, Column, ReadValue, Refusal, unread
from xltools.kinds.grammar.person_names import (
    NAMED,
    SEPARATOR,
    SUSPICIOUS,
    and_others,
    is_no_name,
    no_person,
    spaced,
    split_names,
)
from xltools.kinds.typed_text import narrow

_NONE_BESIDE = ",".join(f'ISERROR(FIND("、{word}",{{cell}}))' for word in ("无", "待定", "TBD"))


class People(Kind):
    """Names however separated, each once."""

    name = "people"
    nothing = "||　|-|--|---|—|——|–|/|N/A|n/a|"
    # Letters and Chinese characters come after signs, digits and numbers.
    valid = f'IF(ISTEXT({{cell}}),AND(TRIM({{cell}})>="A",{NAMED},{_NONE_BESIDE}),FALSE)'

    def quick(self, column: Column) -> tuple[list[object], list[int]]:
        # A team has few people and many rows: each name is looked at once.
        values = column.values
        names = {v for v in values if type(v) is str}
        plain = {name for name in names if name and not SUSPICIOUS.search(name)}
        read: list[object] = [v if type(v) is str and v in plain else None for v in values]
        return read, unread(column.values, read)

    def read(self, cell: Cell) -> ReadValue:
        if not isinstance(cell.raw, str):
            raise Refusal("kinds.not_a_name")
        if is_no_name(narrow(cell.raw)):
            return ReadValue(None)
        names = split_names(cell.raw)
        if any(no_person(name) or and_others(name) for name in names):
            known = [and_others(name) or name for name in names if not no_person(name)]
            raise Refusal("kinds.no_person", SEPARATOR.join(known))
        if not any(character.isalpha() for name in names for character in name):
            raise Refusal("kinds.not_a_name")
        if spaced(cell.raw):
            return ReadValue(SEPARATOR.join(names), "kinds.names_by_space", Severity.WARNING)
        return ReadValue(SEPARATOR.join(names))
