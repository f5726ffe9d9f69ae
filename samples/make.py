"""Write the samples: a settings workbook, and what four teams sent for two quarters.

What the teams typed stands in ``content/``. The clean workbooks are generated and prefilled by the
program itself; `faults` then types what people mistype into some of them, and `loose` retypes one
in a bare workbook of a team's own. Run it with ``python samples/make.py``; the result is committed
beside it, and the same content always gives the same bytes.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
from bend import saved_at
from faults import STRUCTURAL, TYPED
from loose import LOOSE, write_loose

from xltools.definition import Catalog, ColumnDef, Definition, SheetDef, load_catalog
from xltools.definition.default_settings import default_settings
from xltools.generate.workbook_series import write_settings, write_workbook
from xltools.ground.period import Quarter
from xltools.settings import Member, Settings, Target, Team

HERE = Path(__file__).parent
LANG = "zh"
QUARTERS = ("2024Q2", "2024Q3")

Row = dict[str, object]
Sheets = dict[str, list[Row]]


def main(folder: Path = HERE, quarters: Sequence[str] = QUARTERS) -> None:
    """Write the settings and what was sent for some quarters into a folder."""
    catalog = load_catalog()
    settings = read_settings(catalog)
    write_settings(
        folder / "settings.xlsx",
        catalog=catalog,
        settings=settings,
        period=Quarter.parse(QUARTERS[-1]),
        lang=LANG,
        force=True,
    )
    for quarter in quarters:
        for team, definition, sheets in read_content(catalog, quarter):
            path = folder / quarter / f"{team}-{definition.title[LANG]}-{quarter}.xlsx"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(written(catalog, settings, quarter, team, definition, sheets))
            print(path.relative_to(folder))


def written(
    catalog: Catalog,
    settings: Settings,
    quarter: str,
    team: str,
    definition: Definition,
    sheets: Sheets,
) -> bytes:
    """One returned workbook, with whatever its team did to it."""
    key = (quarter, team, definition.name)
    stream = BytesIO()
    saved = _toml(quarter)["saved"][team][definition.name]
    if key == LOOSE:
        write_loose(stream, sheets)
        return saved_at(stream.getvalue(), saved)
    for typed in TYPED.get(key, ()):
        row = sheets[typed.sheet][typed.row - 1]
        assert typed.column in row, typed
        row[typed.column] = typed.value
    write_workbook(
        stream,
        catalog=catalog,
        definition=definition,
        settings=settings,
        team=team,
        period=Quarter.parse(quarter),
        lang=LANG,
        rows=sheets,
    )
    content = stream.getvalue()
    for change in STRUCTURAL.get(key, ()):
        content = change(content)
    return saved_at(content, saved)


def read_settings(catalog: Catalog) -> Settings:
    """The settings of ``content/settings.toml`` over the shipped metric library and parameters."""
    content = _toml("settings")
    titles = {one.title[LANG]: one.name for one in catalog.team_definitions}
    teams = [_team(row, titles) for row in _rows(content["teams"])]
    return msgspec.structs.replace(
        default_settings(catalog, LANG),
        organisation=content["organisation"],
        period=Quarter.parse(QUARTERS[-1]),
        deadline=date.fromisoformat(content["deadline"]),
        teams=tuple(teams),
        members=tuple(Member(**row) for row in _rows(content["members"])),
        targets=tuple(Target(**row) for row in _rows(content["targets"])),
    )


def _team(row: dict[str, Any], titles: Mapping[str, str]) -> Team:
    return Team(
        **row
        | {
            "former_names": tuple(filter(None, row["former_names"].split("、"))),
            "workbooks": tuple(titles[word] for word in row["workbooks"].split("、")),
            "deadline": date.fromisoformat(row["deadline"]) if row["deadline"] else None,
        }
    )


def read_content(catalog: Catalog, quarter: str) -> Iterator[tuple[str, Definition, Sheets]]:
    """What every team filled in: team, workbook, rows by sheet."""
    content = _toml(quarter)
    assert content.pop("period") == quarter
    del content["saved"]
    for team, workbooks in content.items():
        for name, tables in workbooks.items():
            definition = catalog[name]
            sheets = {
                sheet: [_row(definition.sheet(sheet), row) for row in _rows(table)]
                for sheet, table in tables.items()
            }
            yield team, definition, sheets


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / "content" / f"{name}.toml").read_text("utf-8"))


def _rows(table: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]


def _row(sheet: SheetDef, typed: Mapping[str, object]) -> Row:
    return {name: _value(sheet.column(name), value) for name, value in typed.items()}


def _value(column: ColumnDef, value: object) -> object:
    if value == "":
        return None
    if column.kind == "date" and isinstance(value, str):
        return date.fromisoformat(value)
    return value


if __name__ == "__main__":
    main()
