"""``describe``: what a definition holds."""

from __future__ import annotations

from pathlib import Path

import click

from xltools.cli.shared import options
from xltools.cli.shared.call_mistakes import sentence_of
from xltools.cli.shared.commands import Command
from xltools.cli.shared.progress_bars import write_out
from xltools.cli.shared.run_language import language, text


@click.command("describe", cls=Command)
@click.argument("name", required=False, metavar="[NAME]", shell_complete=options.workbook_names)
@options.option(
    "--format", "form", type=click.Choice(("table", "json", "markdown")), default="table"
)
@options.option("--check", is_flag=True)
@options.templates
@options.lang
def command(name: str | None, form: str, check: bool, templates: Path | None) -> int:
    if check:
        return _check(templates)
    _describe(name, form, templates)
    return 0


def _describe(name: str | None, form: str, templates: Path | None) -> None:
    import json

    from xltools.cli.shared import description
    from xltools.verbs import find_definition

    run = options.CommonOptions(templates=templates).start()
    chosen = [find_definition(run.catalog, name)] if name else list(run.catalog)
    if form == "json":
        found = [description.as_json(run.catalog, one) for one in chosen]
        write_out(json.dumps(found[0] if name else found, ensure_ascii=False, indent=2) + "\n")
    elif form == "markdown":
        pages = [description.markdown(run.catalog, one, language()) for one in chosen]
        write_out("\n\n".join(pages) + "\n")
    elif name:
        description.show(run.catalog, chosen[0], language())
    else:
        description.show_all(chosen, language())


def _check(templates: Path | None) -> int:
    """Every mistake of the definitions, then what pages of the evaluation would miss."""
    from xltools.definition.needed_sheets import missing_for_pages
    from xltools.verbs import definition_mistakes, start
    from xltools.workspace import Workspace

    here = Workspace.around(Path.cwd())
    if templates is None and here and here.templates.is_dir():
        templates = here.templates
    found = definition_mistakes(templates)
    lang = language()
    catalog = None if found else start(templates=templates, lang=lang).catalog
    for fault in [*found, *(missing_for_pages(catalog, lang) if catalog else ())]:
        click.echo(sentence_of(fault))
    click.echo(text("describe.mistakes", count=len(found)) if found else text("describe.sound"))
    return 2 if found else 0
