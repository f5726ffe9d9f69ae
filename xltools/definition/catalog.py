"""All definitions together, and the lists and functions that they share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from xltools.definition.definition_model import Choice, Definition, Function, SheetDef
from xltools.ground.folding import fold

SETTINGS = "settings"


class Catalog(msgspec.Struct, frozen=True):
    """The definitions by name; lists and functions of ``settings`` are shared by every one."""

    definitions: dict[str, Definition]

    def __getitem__(self, name: str) -> Definition:
        return self.definitions[name]

    def __iter__(self) -> Iterator[Definition]:
        return iter(self.definitions.values())

    @property
    def settings(self) -> Definition:
        return self.definitions[SETTINGS]

    @property
    def team_definitions(self) -> tuple[Definition, ...]:
        """Those that teams fill in, in their shipped order."""
        return tuple(one for one in self if one.filled_by == "team")

    def with_choices(self, more: Mapping[str, tuple[str, ...]]) -> Catalog:
        """The same catalog with further choices in some lists; their label is their name."""
        definitions = {
            one.name: msgspec.structs.replace(
                one,
                lists={
                    name: words | {label: Choice(label, label) for label in more.get(name, ())}
                    for name, words in one.lists.items()
                },
            )
            for one in self
        }
        return Catalog(definitions)

    def choices(self, definition: Definition, name: str) -> Mapping[str, Choice]:
        """A list by name: the definition's own, else the shared one; KeyError for neither."""
        own = definition.lists.get(name)
        return own if own is not None else self.settings.lists[name]

    def functions(self, definition: Definition) -> dict[str, Function]:
        """Shared functions, overridden by the definition's own."""
        return {**self.settings.functions, **definition.functions}

    def labels(self, definition: Definition, name: str) -> dict[str, str]:
        """Folded label, alias or name of every choice of a list → the choice's name."""
        found: dict[str, str] = {}
        for choice, words in self.choices(definition, name).items():
            for word in (choice, words.zh, words.en, *words.aliases):
                found.setdefault(fold(word), choice)
        return found

    def has(self, definition: str, sheet: str) -> bool:
        """Whether there is such a definition, and such a sheet in it."""
        found = self.definitions.get(definition)
        return found is not None and any(one.name == sheet for one in found.sheets)

    def called_now(self, definition: str, sheet: str) -> str:
        """The name of a sheet that may have had another one; as given where none is known."""
        if self.has(definition, sheet) or definition not in self.definitions:
            return sheet
        renamed = (one.name for one in self[definition].sheets if one.was == sheet)
        return next(renamed, sheet)

    def sheets(self) -> Iterator[tuple[Definition, SheetDef]]:
        """Every sheet of every definition."""
        for definition in self:
            for sheet in definition.sheets:
                yield definition, sheet
