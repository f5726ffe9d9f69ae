"""The rows that a workbook begins with: the definition's own, and what settings give a team."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec

from xltools.definition import Catalog, Definition, SheetDef
from xltools.definition.default_settings import default_parameters, shipped_rows
from xltools.excel.cell_text import fitting
from xltools.expressions import Scope, parse
from xltools.ground.folding import fold
from xltools.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

    from xltools.expressions import Tables

Row = Mapping[str, object]
Rows = Mapping[str, Sequence[Row]]  # by sheet

SEPARATOR = "、"
_TYPED = ("teams", "members", "metrics", "targets")


def first_rows(
    catalog: Catalog, definition: Definition, settings: Settings, teams: Sequence[str], lang: str
) -> dict[str, dict[str, list[dict[str, object]]]]:
    """For each team, by sheet, the rows that its blank workbook holds already."""
    found: dict[str, dict[str, list[dict[str, object]]]] = {team: {} for team in teams}
    for sheet in definition.sheets:
        if sheet.rows:
            shipped = shipped_rows(sheet, lang)
            for team in teams:
                found[team][sheet.name] = [dict(row) for row in shipped]
        if sheet.prefill:
            for team, rows in _from_settings(catalog, sheet, settings, teams).items():
                found[team][sheet.name] = rows
    return found


def settings_rows(
    catalog: Catalog, settings: Settings, lang: str
) -> dict[str, list[dict[str, object]]]:
    """What a `Settings` holds as the rows of the settings workbook."""
    rows: dict[str, list[dict[str, object]]] = {
        name: [{key: value or None for key, value in row.items()} for row in settings.rows(name)]
        for name in _TYPED
        if settings.rows(name)
    }
    for team in rows.get("teams", []):
        titles = [catalog[str(name)].title[lang] for name in _listed(team["workbooks"])]
        team["workbooks"] = SEPARATOR.join(titles) or None
        team["former_names"] = SEPARATOR.join(map(str, _listed(team["former_names"]))) or None
    general: dict[str, object] = {
        "organisation": settings.organisation or None,
        "period": str(settings.period) if settings.period else None,
        "deadline": settings.deadline,
        "language": settings.language,
        "database": settings.database or None,
    }
    rows["general"] = [general]
    mail = {name: value or None for name, value in msgspec.to_builtins(settings.mail).items()}
    rows["mail"] = [mail] if any(mail.values()) else []
    rows["letters"] = msgspec.to_builtins(settings.letters)
    rows["choices"] = [
        {"list": name, "choice": choice}
        for name, more in settings.choices.items()
        for choice in more
    ]
    return rows


def with_parameters(rows: Sequence[Row], values: Mapping[str, float]) -> list[dict[str, object]]:
    """The shipped rows of the parameters with a settings' own values."""
    return [{**row, "value": values.get(str(row["name"]), row["value"])} for row in rows]


def cell_values(catalog: Catalog, definition: Definition, rows: Rows) -> Rows:
    """Rows as their cells will hold them, so that they are judged by what people see.

    A choice may be given by any of its words; a text that is too long for a cell is cut.
    """
    found: dict[str, list[dict[str, object]]] = {}
    for name, given in rows.items():
        columns = definition.sheet(name).columns if given else ()
        words = {c.name: choice_words(catalog, definition, c.choices) for c in columns if c.choices}
        found[name] = [
            {key: _cell_value(value, words.get(key, {})) for key, value in row.items()}
            for row in given
        ]
    return found


def choice_words(catalog: Catalog, definition: Definition, list_name: str) -> dict[str, str]:
    """Everything that means a choice, by the word: its name."""
    choices = catalog.choices(definition, list_name)
    words = {word: name for name, one in choices.items() for word in (one.zh, one.en, *one.aliases)}
    return words | {name: name for name in choices}


def _cell_value(value: object, words: Mapping[str, str]) -> object:
    return words.get(value) or fitting(value) if isinstance(value, str) else value


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else []


def _from_settings(
    catalog: Catalog, sheet: SheetDef, settings: Settings, teams: Sequence[str]
) -> dict[str, list[dict[str, object]]]:
    """One row for each of the team's rows in a settings sheet, computed for all teams at once."""
    assert sheet.prefill is not None
    found: dict[str, list[dict[str, object]]] = {team: [] for team in teams}
    source = sheet.prefill.source
    wanted = {fold(team): team for team in teams}
    belongs = [wanted.get(fold(str(row.get("team", "")))) for row in settings.rows(source)]
    if not any(belongs):
        return found
    from xltools.expressions import computation_order, evaluate

    tables = _tables(catalog, settings)
    given = catalog.settings.sheet(source)
    scope = Scope.of(catalog, catalog.settings, given)
    computed = {(source, c.name): parse(c.compute, scope) for c in given.columns if c.computed}
    for _, name in computation_order(computed):
        made = evaluate(computed[source, name], source, tables)
        typed = tables.sheets[source][name]
        tables.sheets[source][name] = typed.where(typed.notna(), made)
    values = {
        name: plain(evaluate(parse(text, scope), source, tables))
        for name, text in sheet.prefill.set.items()
    }
    for index, team in enumerate(belongs):
        if team is not None:
            found[team].append({name: column[index] for name, column in values.items()})
    return found


def _tables(catalog: Catalog, settings: Settings) -> Tables:
    import pandas as pd

    from xltools.expressions import Tables

    sheets = {name: frame(catalog.settings.sheet(name), settings.rows(name)) for name in _TYPED}
    library = pd.DataFrame(settings.library())
    parameters = default_parameters(catalog) | settings.parameters
    return Tables(sheets=sheets, library=library, parameters=parameters)


def frame(sheet: SheetDef, rows: Sequence[Row]) -> pd.DataFrame:
    """Rows as a table of the sheet's columns, typed as their kinds say."""
    import pandas as pd

    from xltools.kinds import KINDS

    columns: dict[str, Any] = {}
    for column in sheet.columns:
        values = [row.get(column.name) for row in rows]
        dtype = KINDS[column.kind].dtype
        if dtype == "float64":
            numbers = [value if isinstance(value, int | float) else None for value in values]
            columns[column.name] = pd.Series(numbers, dtype="float64")
        elif dtype.startswith("datetime"):
            days = [value if isinstance(value, date) else None for value in values]
            dates = pd.to_datetime(pd.Series(days, dtype=object))
            columns[column.name] = dates.astype("datetime64[ns]")
        else:
            texts = [None if value in (None, "") else value for value in values]
            columns[column.name] = pd.Series(texts, dtype=object)
    return pd.DataFrame(columns)


def plain(values: pd.Series[Any]) -> list[object]:
    """A column as Python values, None for a blank."""
    return [None if value is None or value != value else value for value in values.tolist()]
