"""What becomes of every row: carried, closed or dropped, and why. Declared in ``[sheet.carry]``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from hashlib import blake2b
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from xltools.definition import Carry, ColumnDef, Definition, LocalText, SheetDef
from xltools.definition.definition_model import CARRIED_COLUMNS
from xltools.expressions import Scope, parse
from xltools.ground.folding import fold
from xltools.ground.period import Quarter
from xltools.locale import LANGUAGES, say

if TYPE_CHECKING:
    import pandas as pd

    from xltools.consolidate.combine.consolidation import Consolidation
    from xltools.expressions import Tables

CARRIED, CLOSED, DROPPED = FATES = ("carried", "closed", "dropped")

Key = tuple[str, str, str, str, str]  # folded team, definition, sheet, column, folded value


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One row of this quarter and its fate; ``row`` is the next quarter's, by column name."""

    team: str
    definition: str
    sheet: str
    into: str
    fate: str
    reason: LocalText
    file: str
    title: str
    place: int
    label: str
    row: dict[str, object] = field(default_factory=dict)


def decide(found: Consolidation, to: Quarter) -> list[Decision]:
    """A decision for every row that teams filled in."""
    decisions: list[Decision] = []
    for definition in found.catalog.team_definitions:
        tables = _tables(found, definition, to)
        for sheet in definition.sheets:
            if sheet.name in tables.sheets:
                for carry in sheet.carry or (_history(definition, sheet),):
                    decisions += _of_sheet(found, definition, sheet, carry, tables)
    decisions = _with_referenced(found, _without_departed(found, decisions, to))
    decisions = _identified(found, _without_repeats(found, decisions), to)
    return sorted(decisions, key=lambda one: one.team)


def count_fates(decisions: Iterable[Decision]) -> dict[tuple[str, str, str], list[int]]:
    """By (team, definition, sheet) how many rows are carried, closed, dropped."""
    counts: dict[tuple[str, str, str], list[int]] = {}
    for one in decisions:
        place = one.team, one.definition, one.sheet
        counts.setdefault(place, [0] * len(FATES))[FATES.index(one.fate)] += 1
    return counts


def _history(definition: Definition, sheet: SheetDef) -> Carry:
    """A sheet that declares nothing keeps its rows: they are this quarter's record.

    Where an open row refers to one, its name alone goes along: what it counted is counted here.
    """
    names = {column.name for column in naming(definition, sheet)}
    others = tuple(name for name in sheet.names if name not in names)
    return Carry(when="False", otherwise=_sentence("history"), clear=others)


def naming(definition: Definition, sheet: SheetDef) -> list[ColumnDef]:
    """The columns by which other rows know one of this sheet."""
    referred = {column.reference for one in definition.sheets for column in one.columns}
    return [
        column
        for column in sheet.columns
        if column.unique or f"{sheet.name}.{column.name}" in referred
    ]


def _tables(found: Consolidation, definition: Definition, to: Quarter) -> Tables:
    import pandas as pd

    from xltools.expressions import Tables

    assert found.period is not None
    sheets = {
        sheet.name: table.reset_index(drop=True)
        for sheet in definition.sheets
        if (table := found.table(definition.name, sheet.name)) is not None
    }
    parameters: dict[str, float | date] = dict(found.settings.parameters)
    parameters |= {
        "period_end": found.period.end,
        "next_start": to.start,
        "next_quarter": to.number if to.year == found.period.year else 1,
    }
    for sheet in definition.sheets:
        sheets.setdefault(sheet.name, pd.DataFrame(columns=["_team", *sheet.names]))
    return Tables(
        sheets=sheets, library=pd.DataFrame(found.settings.library()), parameters=parameters
    )


def _of_sheet(
    found: Consolidation,
    definition: Definition,
    sheet: SheetDef,
    carry: Carry,
    tables: Tables,
) -> Iterator[Decision]:
    from xltools.expressions import evaluate, true_rows

    table = tables.sheets[sheet.name]
    if table.empty:
        return
    scope = Scope.of(found.catalog, definition, sheet)
    carried = true_rows(parse(carry.when, scope), sheet.name, tables, group="_team")
    into = definition.sheet(carry.into) if carry.into else sheet
    columns = [] if carry.into else [c.name for c in sheet.columns if c.typed]
    columns = [name for name in columns if name not in carry.clear]
    if not carry.into:
        columns += [name for name in CARRIED_COLUMNS if name in sheet.names]
    computed = {
        name: evaluate(parse(text, scope), sheet.name, tables, group="_team")
        for name, text in carry.set.items()
    }
    for index in range(len(table)):
        row = {name: plain(table[name].iloc[index]) for name in columns}
        goes = bool(carried.iloc[index])
        if goes:  # A closed one goes along as it is, should an open row still refer to it.
            row |= {name: plain(values.iloc[index]) for name, values in computed.items()}
        yield Decision(
            team=str(table["_team"].iloc[index]),
            definition=definition.name,
            sheet=sheet.name,
            into=into.name,
            fate=CARRIED if goes else CLOSED,
            reason=_sentence("carried") if goes else carry.otherwise,
            file=str(table["_file"].iloc[index]),
            title=str(table["_sheet"].iloc[index]),
            place=int(table["_row"].iloc[index]),
            label=_label(sheet, table, index),
            row=row,
        )


def _label(sheet: SheetDef, table: pd.DataFrame, index: int) -> str:
    """What people call the row: its unique column, else its first required text."""
    named = [c for c in sheet.columns if c.unique] or [
        c for c in sheet.columns if c.required and c.kind in ("text", "reference", "person")
    ]
    return str(plain(table[named[0].name].iloc[index]) or "") if named else ""


def plain(value: Any) -> object:
    """A cell of a DataFrame as a plain value: None for what is missing, dates as dates."""
    if value is None or value != value:
        return None
    if isinstance(value, datetime):
        return value.date()
    return value.item() if hasattr(value, "item") else value


def _sentence(key: str) -> LocalText:
    zh, en = (say(f"rollover.reason.{key}", lang) for lang in LANGUAGES)
    return LocalText(zh=zh, en=en)


def _without_departed(
    found: Consolidation, decisions: Iterable[Decision], to: Quarter
) -> list[Decision]:
    """Drop rows of teams that will have left, and of people whom settings no longer know."""
    people = {
        fold(team.team): set(map(fold, found.settings.members_of(team.team)))
        for team in found.settings.teams
    }
    kept: list[Decision] = []
    for one in decisions:
        known, team = people.get(fold(one.team)), found.settings.team(one.team)
        if one.fate == CARRIED and known and _people_in(found, one) - known:
            one = replace(one, fate=DROPPED, reason=_sentence("member_gone"))
        elif one.fate == CARRIED and team is not None and not team.is_there(to):
            one = replace(one, fate=DROPPED, reason=_sentence("team_left"))
        kept.append(one)
    return kept


def _people_in(found: Consolidation, decision: Decision) -> set[str]:
    sheet = found.catalog[decision.definition].sheet(decision.into)
    return {
        fold(str(decision.row[column.name]))
        for column in sheet.columns
        if column.unique and column.source == "members.name" and decision.row.get(column.name)
    }


def _with_referenced(found: Consolidation, decisions: list[Decision]) -> list[Decision]:
    """A closed row that an open one refers to is carried as well: no reference is left dangling."""
    while True:
        wanted: set[Key] = set()
        for one in decisions:
            if one.fate != CARRIED:
                continue
            for column in found.catalog[one.definition].sheet(one.into).columns:
                value = one.row.get(column.name)
                if column.reference and value:
                    sheet, _, name = column.reference.partition(".")
                    wanted.add(_key(one, sheet, name, value))
        revived = [
            replace(one, fate=CARRIED, reason=_needed(found, one))
            if one.fate == CLOSED and one.into == one.sheet and _keys(one) & wanted
            else one
            for one in decisions
        ]
        if revived == decisions:
            return decisions
        decisions = revived


def _needed(found: Consolidation, one: Decision) -> LocalText:
    """Why a row of the record goes along, and what of it."""
    definition = found.catalog[one.definition]
    sheet = definition.sheet(one.sheet)
    if sheet.carry:
        return _sentence("needed")
    names = naming(definition, sheet)
    labels = {
        lang: say("check.comma", lang).join(column.label[lang] for column in names)
        for lang in LANGUAGES
    }
    said = {lang: say("rollover.reason.named", lang, columns=labels[lang]) for lang in LANGUAGES}
    return LocalText(**said)


def _keys(one: Decision) -> set[Key]:
    return {_key(one, one.sheet, name, v) for name, v in one.row.items() if v is not None}


def _key(one: Decision, sheet: str, column: str, value: object) -> Key:
    """By what a row of the team is found."""
    return fold(one.team), one.definition, sheet, column, fold(str(value))


def _without_repeats(found: Consolidation, decisions: list[Decision]) -> list[Decision]:
    """Of rows that would repeat a unique value in the next workbook, the first is carried."""
    seen: set[Key] = set()
    kept: list[Decision] = []
    for one in decisions:
        if one.fate == CARRIED:
            sheet = found.catalog[one.definition].sheet(one.into)
            keys = {
                _key(one, one.into, column.name, value)
                for column in sheet.columns
                if column.unique and (value := one.row.get(column.name)) is not None
            }
            if keys & seen:
                one = replace(one, fate=DROPPED, reason=_sentence("repeated"))
            else:
                seen |= keys
        kept.append(one)
    return kept


def _identified(found: Consolidation, decisions: list[Decision], to: Quarter) -> list[Decision]:
    """A carried row keeps its id, in its first place, or gets one; and says where it came from."""
    taken: set[str] = set()
    kept: list[Decision] = []
    for one in decisions:
        names = found.catalog[one.definition].sheet(one.into).names
        if one.fate == CARRIED and "id" in names:
            row_id = str(one.row.get("id") or "")
            if not row_id or row_id in taken:
                row_id = _new_id(found.period or to, one, taken)
            taken.add(row_id)
            since = one.row.get("carried_since") or str(found.period)
            source = f"{PurePath(one.file).name} · {one.title}!{one.place}"
            given = {"id": row_id, "carried_since": since, "carried_from": source}
            one = replace(one, row={**one.row, **given})
        kept.append(one)
    return kept


def _new_id(period: Quarter, one: Decision, taken: set[str]) -> str:
    """An id from what the row is and where it stood: the same inputs give the same id."""
    for attempt in range(1_000_000):
        words = (one.team, one.definition, one.sheet, one.into, one.label, one.place, attempt)
        digest = blake2b("\x1f".join(map(str, words)).encode(), digest_size=5).hexdigest()
        row_id = f"{period}-{digest}"
        if row_id not in taken:
            return row_id
    raise OverflowError(one.label)
