"""The labels, titles and units of definitions and settings, indexed for recognising them."""

from __future__ import annotations

from functools import cached_property

from xltools.check.identify.label_forms import bare
from xltools.check.reading_plan import Key, ReadingPlan
from xltools.definition import ColumnDef, Definition, SheetDef
from xltools.excel.reading.cells.reader_cache import ReaderCache
from xltools.expressions import Expression, Scope, parse
from xltools.ground.folding import fold
from xltools.ground.period import Quarter
from xltools.kinds import Setting


class Vocabulary:
    """A reading plan and its words by the forms in which they compare.

    One worker makes it once and passes it to every file that it reads; it is not shared between
    threads, as its look-ups remember what they made.
    """

    def __init__(self, plan: ReadingPlan) -> None:
        self.plan = plan
        self.catalog = plan.catalog
        self.cache = ReaderCache()
        self.headed: dict[tuple[str, Quarter | None], dict[Key, str]] = {}
        """The columns that texts of header rows may head, by text and quarter."""
        self._expressions: dict[tuple[str, str, str], Expression] = {}
        self._settings: dict[tuple[str, str, str, int | None, str], Setting] = {}

    @cached_property
    def headers(self) -> dict[str, dict[Key, str]]:
        """Folded label, alias or former label → the columns that it may head."""
        found: dict[str, dict[Key, str]] = {}
        for definition, sheet in self.catalog.sheets():
            key = definition.name, sheet.name
            for column in sheet.columns:
                for text in (*column.label.all, *column.aliases, column.was):
                    for form in (fold(text), bare(text)) if text else ():
                        found.setdefault(form, {}).setdefault(key, column.name)
        return found

    @cached_property
    def titles(self) -> dict[str, list[Key]]:
        """Folded title, alias or former title → sheets."""
        found: dict[str, list[Key]] = {}
        for definition, sheet in self.catalog.sheets():
            for text in (*sheet.title.all, *sheet.aliases, sheet.was):
                for form in {fold(text), bare(text)} if text else ():
                    found.setdefault(form, []).append((definition.name, sheet.name))
        return found

    @cached_property
    def units(self) -> frozenset[str]:
        """Every unit that the library or a definition names, folded."""
        units = {metric.unit for metric in self.plan.settings.metrics}
        units |= {column.unit for _, sheet in self.catalog.sheets() for column in sheet.columns}
        for row in self.catalog.settings.sheet("metrics").rows:
            unit = row.get("unit", "")
            units |= {unit} if isinstance(unit, str) else set(getattr(unit, "all", ()))
        return frozenset(fold(unit) for unit in units if unit) | {"%", "1:x"}

    def sheet(self, key: Key) -> SheetDef:
        """The sheet of a key."""
        return self.catalog[key[0]].sheet(key[1])

    def sheet_once_called(self, template: str, name: str) -> SheetDef | None:
        """The sheet of a definition by its name, now or in an earlier version."""
        definition = self.catalog.definitions.get(template)
        sheets = definition.sheets if definition else ()
        now = next((one for one in sheets if one.name == name), None)
        return now or next((one for one in sheets if one.was == name), None)

    def expression(self, definition: Definition, sheet: SheetDef, text: str) -> Expression:
        """An expression of a sheet, understood once."""
        key = definition.name, sheet.name, text
        if key not in self._expressions:
            scope = Scope.of(self.catalog, definition, sheet)
            self._expressions[key] = parse(text, scope)
        return self._expressions[key]

    def setting(
        self, definition: Definition, column: ColumnDef, unit: str, year: int | None, lang: str
    ) -> Setting:
        """How a column is read; made once for each unit, year and language."""
        known = definition.name, column.choices, unit, year, lang
        setting = self._settings.get(known)
        if setting is None:
            setting = Setting(unit=unit, year=year)
            if column.choices:
                choices = self.catalog.choices(definition, column.choices)
                setting = Setting(
                    unit=unit,
                    year=year,
                    labels=self.catalog.labels(definition, column.choices),
                    choice_labels=[choice[lang] for choice in choices.values()],
                )
            self._settings[known] = setting
        return setting
