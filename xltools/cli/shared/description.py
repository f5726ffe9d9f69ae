"""What a definition holds, as a table, JSON or Markdown: the data dictionary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from xltools.cli.shared.evaluation_parts import FIGURE_HEADS, parts
from xltools.cli.shared.run_language import listing, text
from xltools.cli.shared.terminal_text import fitted, side_by_side, wrapped
from xltools.locale import say

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from xltools.definition import Catalog, ColumnDef, Definition, SheetDef

HEADS = ("column", "label", "kind", "mark", "unit", "allowed", "formula")
_NARROW = ("column", "label", "kind", "mark", "allowed")


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
        mark(column),
        column.unit or column.unit_from,
        allowed(catalog, definition, column, lang),
        column.compute or column.default,
    )


def mark(column: ColumnDef) -> str:
    if column.computed:
        return text("describe.computed")
    if column.given:
        return text("describe.given")
    marks = [text("describe.required")] if column.required else []
    return listing(marks + ([text("describe.unique")] if column.unique else []))


def allowed(catalog: Catalog, definition: Definition, column: ColumnDef, lang: str) -> str:
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
    from rich.console import Console

    rows = []
    for one in definitions:
        sheets = listing(sheet.title[lang] for sheet in one.sheets)
        rows.append((one.name, one.title[lang], sheets, one.about[lang]))
    console = Console()
    console.print(_table(("name", "title", "sheets", "about"), rows, console.width))


def show(catalog: Catalog, definition: Definition, lang: str) -> None:
    """Every sheet of one definition."""
    from rich.console import Console

    console = Console()
    console.print(f"[bold]{definition.title[lang]}[/] · {definition.name} v{definition.version}")
    console.print(definition.about[lang])
    for sheet in definition.sheets:
        console.print(f"\n[bold]{sheet.title[lang]}[/] · {sheet.name} — {sheet.about[lang]}")
        rows = [column_row(catalog, definition, column, lang) for column in sheet.columns]
        cells = [
            (name, label, f"{kind} ({unit})" if unit else kind, mark, allowed)
            for name, label, kind, mark, unit, allowed, _ in rows
        ]
        console.print(_table(_NARROW, cells, console.width))
        for name, *_, formula in rows:
            if formula:
                console.print(_hanging(f"{name} = {formula}", console.width, "dim"))
        for sentence, rule in _rules(sheet, lang):
            console.print(_hanging(f"• {sentence}", console.width))
            console.print(_hanging(f"  {rule}", console.width, "dim"))
    for part in parts(definition, lang):
        title = part.title.replace("`", "")
        console.print(f"\n[bold]{text('describe.evaluation')}[/] · {title}", highlight=False)
        console.print(_hanging(part.about, console.width))
        for name, label, *_, formula in part.rows:
            console.print(_hanging(f"• {name} {label} = {formula}", console.width))
        for sentence in part.sentences:
            console.print(_hanging(f"• {sentence}".replace("`", ""), console.width))


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
    for part in parts(definition, lang):
        lines += ["", f"## {text('describe.evaluation')} · {part.title}", "", part.about, ""]
        if part.rows:
            heads = [text(f"describe.{head}") for head in FIGURE_HEADS]
            lines += ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
        for name, *middle, formula in part.rows:
            shown = (one.replace("|", "\\|") for one in middle)
            lines.append("| " + " | ".join((f"`{name}`", *shown, f"`{formula}`")) + " |")
        lines += [f"- {sentence}" for sentence in part.sentences]
    return "\n".join(lines)


def _cell(index: int, cell: str) -> str:
    shown = cell.replace("|", "\\|")
    return f"`{shown}`" if shown and index in (0, len(HEADS) - 1) else shown


def _rules(sheet: SheetDef, lang: str) -> list[tuple[str, str]]:
    return [(rule.message[lang], rule.check) for rule in sheet.rules]


def _hanging(words: str, width: int, style: str = "") -> Text:
    from rich.text import Text

    return Text("  " + "\n    ".join(wrapped(words, width - 4)), style=style)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> Table:
    """No wider than that, with no name broken; formulas, which are long, stand below it."""
    from rich import box
    from rich.table import Column, Table
    from rich.text import Text

    titles = tuple(text(f"describe.{head}") for head in heads)
    widths = side_by_side([titles, *rows], width - 2 * (len(heads) - 1))
    table = Table(
        *(
            Column(fitted(*head), overflow="fold", width=head[1])
            for head in zip(titles, widths, strict=True)
        ),
        box=box.SIMPLE_HEAD,
        header_style="bold",
        padding=(0, 1, 0, 0),
        pad_edge=False,
        show_edge=False,
    )
    for row in rows:
        table.add_row(*(Text(fitted(*cell)) for cell in zip(row, widths, strict=True)))
    return table
