"""What a definition holds, as a table, JSON or Markdown: the data dictionary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from xltools.cli.language import listing, text
from xltools.locale import say

if TYPE_CHECKING:
    from rich.table import Table

    from xltools.definition import Catalog, ColumnDef, Definition, SheetDef

HEADS = ("column", "label", "kind", "mark", "unit", "allowed", "formula")


def as_json(catalog: Catalog, definition: Definition) -> dict[str, object]:
    """The definition as plain values, lists resolved."""
    found: dict[str, object] = msgspec.to_builtins(definition)
    names = {
        column.choices for sheet in definition.sheets for column in sheet.columns if column.choices
    }
    found["lists"] = {
        name: msgspec.to_builtins(dict(catalog.choices(definition, name))) for name in sorted(names)
    }
    return found


def column_row(
    catalog: Catalog, definition: Definition, column: ColumnDef, lang: str
) -> tuple[str, ...]:
    """One column as a row of `HEADS`."""
    return (
        column.name,
        column.label[lang],
        say(f"kinds.name.{column.kind}", lang),
        _mark(column),
        column.unit or column.unit_from,
        _allowed(catalog, definition, column, lang),
        column.compute or column.default,
    )


def _mark(column: ColumnDef) -> str:
    if column.computed:
        return text("describe.computed")
    if column.given:
        return text("describe.given")
    marks = [text("describe.required")] if column.required else []
    return listing(marks + ([text("describe.unique")] if column.unique else []))


def _allowed(catalog: Catalog, definition: Definition, column: ColumnDef, lang: str) -> str:
    parts = []
    if column.choices:
        parts.append(
            " / ".join(c[lang] for c in catalog.choices(definition, column.choices).values())
        )
    if column.reference:
        parts.append(f"→ {column.reference}")
    if column.source:
        parts.append(text("describe.offered", source=column.source))
    if column.min is not None:
        parts.append(f"≥ {column.min:g}")
    if column.max is not None:
        parts.append(f"≤ {column.max:g}")
    return "  ".join(parts)


def show_all(definitions: Sequence[Definition], lang: str) -> None:
    """One line a definition."""
    table = _table(("name", "title", "sheets", "about"))
    for one in definitions:
        sheets = listing(sheet.title[lang] for sheet in one.sheets)
        table.add_row(one.name, one.title[lang], sheets, one.about[lang])
    _print(table)


def show(catalog: Catalog, definition: Definition, lang: str) -> None:
    """Every sheet of one definition."""
    from rich.console import Console

    console = Console()
    console.print(f"[bold]{definition.title[lang]}[/] · {definition.name} v{definition.version}")
    console.print(definition.about[lang])
    for sheet in definition.sheets:
        console.print(f"\n[bold]{sheet.title[lang]}[/] · {sheet.name} — {sheet.about[lang]}")
        table = _table(HEADS)
        for column in sheet.columns:
            table.add_row(*column_row(catalog, definition, column, lang))
        console.print(table)
        for sentence, rule in _rules(sheet, lang):
            console.print(f"  • {sentence}  [dim]{rule}[/]", highlight=False)


def markdown(catalog: Catalog, definition: Definition, lang: str) -> str:
    """The data dictionary page of one definition."""
    lines = [
        f"# {definition.title[lang]} · `{definition.name}`",
        "",
        f"{definition.about[lang]} ({text('describe.version', version=definition.version)})",
    ]
    heads = [text(f"describe.{head}") for head in HEADS]
    for sheet in definition.sheets:
        lines += ["", f"## {sheet.title[lang]} · `{sheet.name}`", "", sheet.about[lang], ""]
        lines += ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
        for column in sheet.columns:
            cells = column_row(catalog, definition, column, lang)
            lines.append("| " + " | ".join(_cell(i, cell) for i, cell in enumerate(cells)) + " |")
        rules = _rules(sheet, lang)
        if rules:
            lines += ["", text("describe.rules"), ""]
            lines += [f"- {sentence}: `{rule}`" for sentence, rule in rules]
    return "\n".join(lines)


def _cell(index: int, cell: str) -> str:
    shown = cell.replace("|", "\\|")
    return f"`{shown}`" if shown and index in (0, len(HEADS) - 1) else shown


def _rules(sheet: SheetDef, lang: str) -> list[tuple[str, str]]:
    return [(rule.message[lang], rule.check) for rule in sheet.rules]


def _table(heads: Sequence[str]) -> Table:
    from rich.table import Column, Table

    columns = (
        Column(text(f"describe.{head}"), overflow="fold", no_wrap=head in ("name", "column"))
        for head in heads
    )
    return Table(*columns, header_style="bold")


def _print(table: Table) -> None:
    from rich.console import Console

    Console().print(table)
