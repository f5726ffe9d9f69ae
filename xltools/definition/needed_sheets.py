"""What pages need that a user's own definitions lack."""

from __future__ import annotations

from collections.abc import Iterator

from xltools.definition.catalog import Catalog
from xltools.definition.evaluation_mistakes import known_columns
from xltools.definition.load import load_catalog
from xltools.errors import DefinitionError


def missing_for_pages(catalog: Catalog, lang: str) -> list[DefinitionError]:
    """Sheets and columns of shipped definitions that pages may read and own ones lack."""
    found: dict[str, DefinitionError] = {}
    shipped = load_catalog()
    for table in (table for one in catalog for table in one.tables):
        for name in (name for of in table.made_of for name in _lacking(catalog, shipped, of)):
            title = table.title[lang]
            found.setdefault(name, DefinitionError("definition.page", page=title, name=name))
    return [*found.values(), *_undeclared(catalog, shipped, lang)]


def _lacking(catalog: Catalog, shipped: Catalog, of: str) -> list[str]:
    """The sheet, or the columns of it, that a definition of one's own lacks of a shipped one."""
    definition, _, sheet = of.partition(".")
    if not shipped.has(definition, sheet):
        return []
    if not catalog.has(definition, sheet):
        return [of]
    own = catalog[definition].sheet(sheet).names
    return [f"{of}.{name}" for name in shipped[definition].sheet(sheet).names if name not in own]


def _undeclared(catalog: Catalog, shipped: Catalog, lang: str) -> Iterator[DefinitionError]:
    """Shipped pages that own copies do not declare, and what pages show of other definitions."""
    there = {page.name for one in catalog for page in one.pages}
    for one in shipped:
        for page in one.pages:
            if page.name not in there:
                yield DefinitionError("definition.no_page", page=page.title[lang], name=one.name)
        own = catalog.definitions.get(one.name)
        if own and one.overview and not own.overview:
            yield DefinitionError("definition.no_overview", name=one.name)
    for one in catalog:
        known = known_columns(catalog, one)
        for page in one.whole.pages:
            shown = (block.chart or block.table for block in page.parts)
            of = dict.fromkeys(part.of for part in shown if part)
            for name in (name for name in of if name not in known):
                yield DefinitionError("definition.page", page=page.title[lang], name=name)
