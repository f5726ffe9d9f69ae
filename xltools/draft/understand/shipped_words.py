"""Words that shipped definitions know: their headers and lists in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from xltools.check.identify.label_forms import bare, title_forms
from xltools.definition import Catalog, ColumnDef, LocalText, SheetDef
from xltools.definition.definition_model import Choice
from xltools.ground.folding import fold

_SHORTEST = 2  # different values that show which list is meant


class ShippedWords:
    """Headers and lists of the shipped definitions, by which a home-grown workbook's are named."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    @cached_property
    def _columns(self) -> Mapping[str, ColumnDef]:
        """Folded label or alias → the column most often so called."""
        found: dict[str, list[ColumnDef]] = {}
        for sheet in (one for made in self._catalog.team_definitions for one in made.sheets):
            for column in sheet.columns:
                if not (column.given or column.hidden):
                    for word in _words(column):
                        found.setdefault(word, []).append(column)
        return {
            word: max(columns, key=lambda one: sum(one.name == other.name for other in columns))
            for word, columns in found.items()
        }

    def column(self, label: LocalText, sheet: SheetDef | None) -> ColumnDef | None:
        """The shipped column of that header: of the shipped sheet of that title, else of any."""
        words = [bare(text) for text in dict.fromkeys(label.all)]
        own = sheet.columns if sheet else ()
        found = next((one for word in words for one in own if word in _words(one)), None)
        return found or next((self._columns[word] for word in words if word in self._columns), None)

    def sheet(self, title: str) -> SheetDef | None:
        """The shipped sheet of that title."""
        forms = set(title_forms(title))
        for sheet in (one for made in self._catalog.team_definitions for one in made.sheets):
            words = (*sheet.title.all, *sheet.aliases)
            if any(form in forms for word in words for form in title_forms(word)):
                return sheet
        return None

    @cached_property
    def _lists(self) -> Sequence[tuple[str, Mapping[str, Choice]]]:
        """Lists with words in two languages, by name; those that all share first."""
        owners = sorted(self._catalog, key=lambda one: one.name != self._catalog.settings.name)
        return [
            (name, words)
            for one in owners
            for name, words in one.lists.items()
            if any(choice.zh != choice.en for choice in words.values())
        ]

    def exact(self, words: Sequence[str]) -> tuple[str, Mapping[str, Choice]] | None:
        """The shipped list with just these words, in one language or the other."""
        wanted = [fold(word) for word in words]
        for name, choices in self._lists:
            for lang in ("zh", "en"):
                if [fold(choice[lang]) for choice in choices.values()] == wanted:
                    return name, choices
        return None

    def holding(self, words: Sequence[str], prefer: str) -> tuple[str, Mapping[str, Choice]] | None:
        """The shipped list that holds all these words; of several the one so named, or shared."""
        wanted = {fold(word) for word in words}
        if len(wanted) < _SHORTEST:
            return None
        fitting = [
            (name, choices)
            for name, choices in self._lists
            for lang in ("zh", "en")
            if wanted <= {fold(choice[lang]) for choice in choices.values()}
        ]
        named = (one for one in fitting if one[0] == prefer)
        return next(named, fitting[0] if fitting else None)

    def is_shared(self, name: str, choices: Mapping[str, Choice]) -> bool:
        """Whether every definition knows the list."""
        return self._catalog.settings.lists.get(name) == choices


def _words(column: ColumnDef) -> set[str]:
    return {bare(text) for text in (*column.label.all, *column.aliases)}
