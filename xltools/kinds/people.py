"""One or more people, as their names between 、."""

from __future__ import annotations

from xltools.kinds.base import Cell, Column, Kind, Reading, Refusal, unread
from xltools.kinds.names import SEPARATOR, SUSPICIOUS, split_names
from xltools.kinds.wording import is_blank, narrow


class People(Kind):
    """Names however separated, each once."""

    name = "people"
    nothing = "||　|-|--|---|—|——|–|/|无|暂无|N/A|n/a|none|"
    # Letters and Chinese characters come after signs, digits and numbers.
    valid = 'IF(ISTEXT({cell}),TRIM({cell})>="A",FALSE)'

    def quick(self, column: Column) -> tuple[list[object], list[int]]:
        # A team has few people and many rows: each name is looked at once.
        values = column.values
        names = {v for v in values if type(v) is str}
        plain = {name for name in names if name and not SUSPICIOUS.search(name)}
        read: list[object] = [v if type(v) is str and v in plain else None for v in values]
        return read, unread(column.values, read)

    def read(self, cell: Cell) -> Reading:
        if not isinstance(cell.raw, str):
            raise Refusal("kinds.not_a_name")
        if is_blank(narrow(cell.raw)):
            return Reading(None)
        names = split_names(cell.raw)
        if not any(character.isalpha() for name in names for character in name):
            raise Refusal("kinds.not_a_name")
        return Reading(SEPARATOR.join(names))
