"""A definition while it is drafted: every step adds to what the steps before found."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec.structs import fields

from xltools.definition import Catalog, ColumnDef, Definition, LocalText, Rule, SheetDef
from xltools.definition.default_settings import default_parameters
from xltools.definition.definition_model import Choice
from xltools.draft.copies_together import Column, Table
from xltools.draft.sketch.copy_sketch import CopySketch
from xltools.draft.understand.shipped_words import ShippedWords
from xltools.expressions import Expression, Scope, parse
from xltools.ground.folding import fold
from xltools.locale import LANGUAGES, say

[ORDINARY_ROWS] = [one.default for one in fields(SheetDef) if one.name == "capacity"]
_LONGEST = 300


class DraftedColumn(msgspec.Struct):
    """A column as drafted, what all copies show of it, and what a person should look at."""

    source: Column
    column: ColumnDef
    notes: list[str] = []
    guess: bool = False
    """Whether its kind is guessed by its header alone."""


class DraftedSheet(msgspec.Struct):
    """A sheet as drafted."""

    table: Table
    name: str
    title: LocalText
    columns: list[DraftedColumn]
    rules: list[Rule] = []
    notes: list[str] = []
    """What concerns the whole sheet."""
    capacity: int = ORDINARY_ROWS


class DraftState:
    """The definition so far, the copies that it is drafted from, and the words to say it in."""

    def __init__(
        self, name: str, title: LocalText, copies: Sequence[CopySketch], catalog: Catalog, lang: str
    ) -> None:
        self.name = name
        self.title = title
        self.copies = copies
        self.shipped = catalog
        self.lang = lang
        self.words = ShippedWords(catalog)
        self.parameters = frozenset(default_parameters(catalog))
        self.lists: dict[str, dict[str, Choice]] = {}
        self.sheets: list[DraftedSheet] = []

    def definition(self) -> Definition:
        """What has been drafted so far."""
        return Definition(
            name=self.name,
            version=1,
            title=self.title,
            about=LocalText(*(say("draft.about", lang) for lang in LANGUAGES)),
            lists=self.lists,
            sheets=tuple(
                SheetDef(
                    name=sheet.name,
                    title=sheet.title,
                    about=LocalText(*(say("draft.sheet_about", lang) for lang in LANGUAGES)),
                    aliases=tuple(sheet.table.titles),
                    columns=tuple(one.column for one in sheet.columns),
                    rules=tuple(sheet.rules),
                    capacity=sheet.capacity,
                )
                for sheet in self.sheets
            ),
        )

    def parsed(self, text: str, sheet: DraftedSheet) -> Expression:
        """An expression as the definition so far understands it; raises ExpressionError."""
        definition = self.definition()
        catalog = Catalog({**self.shipped.definitions, self.name: definition})
        return parse(text, Scope.of(catalog, definition, definition.sheet(sheet.name)))

    def choices(self, name: str) -> dict[str, Choice]:
        """A list of this definition, or one that all share."""
        return self.lists.get(name) or self.shipped.settings.lists[name]

    def choice_names(self, name: str) -> dict[str, str]:
        """The choices of a list by their folded words in either language."""
        choices = self.choices(name)
        return {fold(one[lang]): key for key, one in choices.items() for lang in LANGUAGES}

    def named(self, numbers: Sequence[int]) -> str:
        """Some copies by their files' names."""
        files = [self.copies[number].file.replace("\\", "/") for number in numbers]
        names = [file.rpartition("/")[2] for file in files]
        return ", ".join(names[:3]) + (" …" if len(names) > 3 else "")


def short(text: str) -> str:
    """A formula on one line of a comment."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
