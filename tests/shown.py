"""What the pages of an evaluation show, as plain records: a list by the labels of its header."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from live import lines

from xltools.locale import say

Record = dict[str, Any]
_COUNT = "#"
FOLDED = re.compile(
    re.escape(say("evaluate.data.folded", "zh", count=_COUNT)).replace(re.escape(_COUNT), r"(\d+)")
)
"""The line below a list that says how many of its lines are folded away."""
_SILENT = ("-", "", None)
_OF_HEADINGS = {None, "", say("evaluate.data.rows_link", "zh")}


class Shown:
    """The pages of one workbook."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines: dict[str, list[list[Any]]] = {}

    def lines(self, title: str) -> list[list[Any]]:
        """A sheet's rows from its second column on."""
        if title not in self._lines:
            self._lines[title] = lines(self._path, title)
        return self._lines[title]

    def list(self, title: str, *labels: str, nth: int = 0) -> list[Record]:
        """The rows under the header that begins with the first label and holds the others."""
        rows = self.lines(title)
        heads = [n for n, row in enumerate(rows) if all(label in row for label in labels)]
        if nth >= len(heads):
            return []
        head = rows[heads[nth]]
        first = head.index(labels[0])
        found: list[Record] = []
        for row in rows[heads[nth] + 1 :]:
            cells = [*row, *[None] * len(head)]
            if cells[first] is None or set(cells[first + 1 : len(head)]) <= _OF_HEADINGS:
                break  # nothing more, or a heading
            record: Record = {}
            for label, cell in zip(head[first:], cells[first:], strict=False):
                if label:  # of two lists side by side the first has the word
                    record.setdefault(label, plain(cell))
            found.append(record)
        return found

    def card(self, label: str) -> tuple[Any, str]:
        """A card of the Overview: its value and its note; (None, "") where it is not there."""
        rows = self.lines("总览")
        for n, row in enumerate(rows[:6]):
            at = next((at for at, cell in enumerate(row) if str(cell).startswith(label)), None)
            if at is not None:
                return plain(rows[n + 1][at]), str(rows[n + 2][at])
        return None, ""


def plain(value: Any) -> Any:
    """A cell's value; None for what stands for nothing."""
    return None if value in _SILENT else value
