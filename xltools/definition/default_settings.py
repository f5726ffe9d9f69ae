"""The default settings, from the rows shipped in the definition of the settings workbook."""

from __future__ import annotations

import msgspec

from xltools.definition.catalog import Catalog
from xltools.definition.definition_model import SheetDef
from xltools.definition.local_text import LocalText
from xltools.settings import Letter, Metric, Settings


def shipped_rows(sheet: SheetDef, lang: str) -> list[dict[str, str | int | float | bool]]:
    """A sheet's shipped rows in one language."""
    return [
        {name: v[lang] if isinstance(v, LocalText) else v for name, v in row.items()}
        for row in sheet.rows
    ]


def default_settings(catalog: Catalog, lang: str) -> Settings:
    """The shipped metric library, parameters and letters; no teams, no period."""
    other = "en" if lang == "zh" else "zh"
    sheet = catalog.settings.sheet("metrics")
    names = [str(row["metric"]) for row in shipped_rows(sheet, other)]
    metrics = tuple(
        msgspec.convert({**row, "aliases": [] if row["metric"] == name else [name]}, Metric)
        for row, name in zip(shipped_rows(sheet, lang), names, strict=True)
    )
    return Settings(
        metrics=metrics,
        parameters=default_parameters(catalog),
        letters=_letters(catalog, lang),
        language=lang,
    )


def _letters(catalog: Catalog, lang: str) -> tuple[Letter, ...]:
    rows = shipped_rows(catalog.settings.sheet("letters"), lang)
    return tuple(msgspec.convert(row, Letter) for row in rows)


def default_parameters(catalog: Catalog) -> dict[str, float]:
    """Every parameter by name with its shipped value."""
    rows = catalog.settings.sheet("parameters").rows
    return {str(row["name"]): float(row["value"]) for row in rows}  # type: ignore[arg-type]
