"""Definitions that no longer have a name which a page reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from live import lines
from quarter import quarter, source_rows
from test_evaluate_live import ALL

from xltools.consolidate.combine.consolidation import Consolidation
from xltools.definition import (
    Block,
    Catalog,
    Definition,
    LocalText,
    PageDef,
    SheetDef,
    load_catalog,
)
from xltools.definition.evaluation_model import TableDef
from xltools.errors import DefinitionError
from xltools.evaluate import evaluate
from xltools.locale import say

PROJECT = Path(__file__).parent.parent


def changed(whole: Consolidation, definition: Definition, sheets: list[SheetDef]) -> Consolidation:
    renamed = msgspec.structs.replace(definition, sheets=tuple(sheets))
    definitions = {**whole.catalog.definitions, definition.name: renamed}
    return replace(whole, catalog=Catalog(definitions))


def test_a_page_whose_sheet_has_another_name_is_left_out(tmp_path: Path) -> None:
    whole = quarter(source_rows())
    definition = whole.catalog["expansion"]
    sheets = [
        msgspec.structs.replace(sheet, name=f"my_{sheet.name}") if sheet.name == "stages" else sheet
        for sheet in definition.sheets
    ]
    bare = msgspec.structs.replace(definition, tables=(), summaries=(), pages=())
    renamed = changed(whole, bare, sheets)
    tables = dict(renamed.tables)
    tables["expansion", "my_stages"] = tables.pop(("expansion", "stages"))
    page = PageDef(
        name="ours",
        title=LocalText("我们的", "Ours"),
        about=LocalText("阶段", "Stages"),
        blocks=(Block(table=TableDef(of="expansion.stages", columns=("team",))),),
    )
    goals = whole.catalog["goals"]
    paged = msgspec.structs.replace(goals, pages=(*goals.pages[:1], page))
    renamed = changed(renamed, paged, list(goals.sheets))
    report = evaluate(replace(renamed, tables=tables), tmp_path / "evaluation.xlsx")
    assert ("我们的", "定义里没有它要读的工作表：expansion.stages") in report.left_out
    assert "目标达成" in report.pages


@pytest.mark.parametrize(("sheet", "column"), [("outcome", "actual"), ("tracking", "due")])
def test_a_column_with_another_name_is_a_fault_of_the_definition(
    sheet: str, column: str, tmp_path: Path
) -> None:
    whole = quarter(source_rows())
    definition = whole.catalog["expansion"]
    sheets = [
        msgspec.structs.replace(
            one,
            columns=tuple(
                msgspec.structs.replace(each, name=f"my_{each.name}", compute="")
                if each.name == column
                else msgspec.structs.replace(each, compute="")
                for each in one.columns
            ),
        )
        if one.name == sheet
        else one
        for one in definition.sheets
    ]
    renamed = changed(whole, definition, sheets)
    tables = dict(renamed.tables)
    tables["expansion", sheet] = tables["expansion", sheet].rename(columns={column: f"my_{column}"})
    with pytest.raises(DefinitionError) as caught:
        evaluate(replace(renamed, tables=tables), tmp_path / "evaluation.xlsx")
    words = say(caught.value.key, "zh", **caught.value.values)
    assert f"expansion.{sheet}" in words
    assert f"“{column}”" in words


@pytest.mark.parametrize(
    ("definition", "sheet"),
    [("expansion", "outcome"), ("expansion", "stages"), ("plan", "metrics"), ("goals", "review")],
)
def test_a_renamed_sheet_gives_the_figures_that_it_gave(
    definition: str, sheet: str, tmp_path: Path
) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    for path in (PROJECT / "templates").glob("*.toml"):
        text = path.read_text("utf-8")
        if path.stem == definition:
            text = text.replace(
                f'[[sheets]]\nname = "{sheet}"\n',
                f'[[sheets]]\nname = "ours"\nwas = "{sheet}"\n',
            )
            text = re.sub(rf'(from|of) = "{sheet}"', r'\1 = "ours"', text)
            text = text.replace(f"({sheet}.", "(ours.")
        text = text.replace(f'"{definition}.{sheet}"', f'"{definition}.ours"')
        (folder / path.name).write_text(text, "utf-8")
    former, now = (definition, sheet), (definition, "ours")
    before = evaluate(quarter(ALL), tmp_path / "before.xlsx")
    rows = {now if key == former else key: mine for key, mine in ALL.items()}
    after = evaluate(quarter(rows, catalog=load_catalog(folder)), tmp_path / "after.xlsx")
    assert after.pages == before.pages
    for page in ("总览", "团队一览"):
        assert lines(after.path, page) == lines(before.path, page)
    for name in (("", "scores"), ("", "attainments")):
        assert [told(row) for row in after.figures[name]] == [
            told(row) for row in before.figures[name]
        ]


def told(row: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in row.items() if name != "sheet"}
