"""Recognises rows that only repeat the example of the template: they are no data."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from xltools.check.identify.label_forms import normalised
from xltools.check.identify.vocabulary import Vocabulary
from xltools.check.locate.sheet_tables import Table
from xltools.definition import ColumnDef, Definition, LocalText
from xltools.ground.folding import fold
from xltools.ground.period import Quarter
from xltools.kinds import KINDS, Setting, span_end, span_start

_MARK = re.compile(r"(?:示例|样例|范例|例如|例|example|sample|e\.g\.?)(?:行)?(?:[:：(]|$)")
_LEAST = 3
_SAME_ONCE = 0.8


def says_example(text: str) -> bool:
    """Whether a text marks its row as an example."""
    return _MARK.match(normalised(text).casefold()) is not None


class Examples:
    """What one table's example says in each column (from 0), in every language.

    ``former`` is set for a workbook of another version, whose example may have said other things.
    """

    def __init__(
        self, table: Table, definition: Definition, words: Vocabulary, *, former: bool
    ) -> None:
        self._table = table
        self._definition = definition
        self._words = words
        self._former = former
        self._known: Mapping[int, set[str]] | None = None

    def repeated(self, row: Sequence[object], filled: Sequence[int], *, here: bool) -> bool:
        """Whether a row says what the example says; ``here`` where the example stands."""
        if self._known is None:
            self._known = self._forms()
        same = sum(_form(row[column]) in self._known.get(column, ()) for column in filled)
        if self._former and here:
            return same >= _LEAST and same >= _SAME_ONCE * len(filled)
        return same == len(filled) and same >= min(_LEAST, len(self._known))

    def _forms(self) -> Mapping[int, set[str]]:
        found: dict[int, set[str]] = {}
        for name, place in self._table.headers.places.items():
            column = self._table.sheet.column(name)
            if column.typed and column.example is not None:
                found[place - 1] = self._forms_of(column)
        return found

    def _forms_of(self, column: ColumnDef) -> set[str]:
        example = column.example
        texts: set[object] = set(example.all) if isinstance(example, LocalText) else {example}
        if column.choices:
            labels = self._words.catalog.labels(self._definition, column.choices)
            texts |= {label for label, name in labels.items() if name == example}
        if column.kind == "span":
            texts |= _quarters(texts)
        return {_form(text) for text in texts if text is not None}


def _quarters(texts: set[object]) -> set[str]:
    """The quarters among spans: forms write a quarter by its name."""
    found: set[str] = set()
    for span in KINDS["span"].parse(list(texts), Setting()).values:
        if isinstance(span, str):
            quarter = Quarter.of(span_start(span))
            if (span_start(span), span_end(span)) == (quarter.start, quarter.end):
                found.add(str(quarter))
    return found


def _form(value: object) -> str:
    """A value as it compares."""
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:g}"
    return fold(str(value))
