"""Generated workbooks for tests: one team, typed into as a spreadsheet program would store it."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import openpyxl

from xltools.definition import Catalog, load_catalog
from xltools.definition.default_settings import default_settings
from xltools.excel.package.workbook_package import Package
from xltools.generate.draw.sheet_part import Part
from xltools.generate.workbook_series import write_workbook
from xltools.ground.cells import CellRef
from xltools.ground.period import Quarter
from xltools.settings import Member, Settings, Target, Team

TEAM = "华东销售队"
PERIOD = Quarter(2024, 3)
FEW = 14  # rows a sheet: openpyxl is slow
KEYS, EXAMPLE, HEADER, FIRST = range(7, 11)  # rows of every fill sheet

Values = dict[str, dict[str, object]]  # by sheet title and A1 reference


@cache
def catalog() -> Catalog:
    """The shipped definitions."""
    return load_catalog()


def settings(lang: str = "zh", **changes: Any) -> Settings:
    """One team with four people and three targets of different units."""
    base = default_settings(catalog(), lang)
    names = {metric.unit: metric.metric for metric in base.metrics}
    chosen = [base.metrics[1].metric, names["%"], names["1:X"]]
    return msgspec.structs.replace(
        base,
        organisation="远航科技",
        deadline=date(2024, 10, 10),
        teams=(Team(team=TEAM, lead="张伟"),),
        members=tuple(Member(name=name, team=TEAM) for name in ("张伟", "李娜", "王芳", "赵敏")),
        targets=tuple(
            Target(team=TEAM, metric=metric, target=target, weight=0.25)
            for metric, target in zip(chosen, (50, 0.15, 5), strict=True)
        ),
        **changes,
    )


def generated(
    name: str,
    *,
    rows: Any = None,
    lang: str = "zh",
    team: str = TEAM,
    of: Catalog | None = None,
    **options: Any,
) -> bytes:
    """A team's workbook as bytes."""
    known = of or catalog()
    stream = BytesIO()
    options.setdefault("settings", settings(lang))
    options.setdefault("capacity", FEW)
    write_workbook(
        stream,
        catalog=known,
        definition=known[name],
        team=team,
        period=PERIOD,
        lang=lang,
        rows=rows,
        **options,
    )
    return stream.getvalue()


def typed(content: bytes, cells: Mapping[int, Mapping[str, object]]) -> bytes:
    """The workbook with values in cells, by the number of the sheet and A1 reference."""
    package = Package(content)
    for number, values in cells.items():
        name = f"xl/worksheets/sheet{number}.xml"
        places = {CellRef.parse(cell): value for cell, value in values.items()}
        package.replace(name, Part(package.text(name)).stamped(places))
    return package.save()


def opened(content: bytes | Path, *, values: bool = True) -> Any:
    """The workbook as openpyxl, the independent reader, sees it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        source = BytesIO(content) if isinstance(content, bytes) else content
        return openpyxl.load_workbook(source, data_only=values)


def formula_values(content: bytes | Path) -> dict[tuple[str, str], object]:
    """The cached value of every formula cell."""
    book, formulas = opened(content), opened(content, values=False)
    return {
        (sheet.title, cell.coordinate): book[sheet.title][cell.coordinate].value or None
        for sheet in formulas
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def changed(before: bytes | Path, after: Path) -> list[tuple[object, ...]]:
    """Formula cells whose value is another, or that are gone."""
    then, now = formula_values(before), formula_values(after)
    return [
        (*place, value, now.get(place, "gone"))
        for place, value in then.items()
        if not _equal(value, now.get(place, "gone"))
    ]


def _equal(one: object, two: object) -> bool:
    if isinstance(one, float | int) and isinstance(two, float | int):
        return abs(one - two) < 1e-9
    return one == two


def header_columns(sheet: Any) -> dict[str, str]:
    """The letters of every column by its name in the hidden key row."""
    return {
        str(cell.value): cell.column_letter
        for cell in sheet[KEYS]
        if cell.value and not str(cell.value).startswith("xltools|")
    }
