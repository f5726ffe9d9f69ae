"""A quarter in which everything is named as badly as people name things."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from xltools.definition import Catalog, Definition, load_catalog
from xltools.definition.default_settings import default_settings
from xltools.generate.workbook_series import write_settings, write_workbook
from xltools.ground.period import Quarter
from xltools.run import start
from xltools.settings import Member, Settings, Team
from xltools.verbs import check_workbooks, consolidate_workbooks, evaluate_quarter, roll_over

PERIOD = Quarter(2024, 3)
TEAMS = ("<5", "A*b?~c", "=1+1", "TRUE", "R1C1", "Q1", "华东🚀")
NAMES = (
    "*",
    ">策",
    "策略*",
    "策~略",
    "<5",
    "=1+1",
    '"',
    "a?",
    "长" * 300,
    "字" * 33_000,
    "TRUE",
    "007",
    "7",
)
PEOPLE = ("*", "张*", "TRUE", "O'Brien", "<5", "~")
CHOICES = ("*", ">策", "策略*", "策~略")
LISTS = ("module", "cause_class", "diagnosis")


def settings() -> Settings:
    """The desk's settings: teams, people and choices that look like formulas and patterns."""
    base = default_settings(load_catalog(), "zh")
    return msgspec.structs.replace(
        base,
        organisation="A&B <集团> \"x\" 'y'",
        period=PERIOD,
        teams=tuple(Team(team=team, lead="*") for team in TEAMS),
        members=tuple(Member(name=name, team=team) for team in TEAMS for name in PEOPLE),
        choices=dict.fromkeys(LISTS, CHOICES),
    )


def rows(catalog: Catalog, definition: Definition, team: int) -> dict[str, list[dict[str, Any]]]:
    """Twelve rows a sheet, each text another bad name, each choice another choice."""
    return {
        sheet.name: [
            {
                column.name: _value(catalog, definition, column, team + place)
                for column in sheet.columns
                if column.typed
            }
            for place in range(1 if sheet.capacity == 1 else len(NAMES))
        ]
        for sheet in definition.sheets
    }


def _value(catalog: Catalog, definition: Definition, column: Any, place: int) -> object:
    name = NAMES[place % len(NAMES)]
    if column.choices:
        words = [one.zh for one in catalog.choices(definition, column.choices).values()]
        return words[-1 - place % len(words)]
    numbers = {"number": 5 + place, "measure": 5 + place, "integer": 1 + place % 5}
    numbers |= {"percent": 0.1 * (place % 10), "ratio": 1.5 + place}
    if column.kind in numbers:
        return numbers[column.kind]
    if column.kind == "date":
        return date(2024, 7, 1 + place % 28)
    if column.kind == "span":
        return "2024-07-10/2024-07-12"
    if column.name == "unit":
        return ("家", "%", "1:X", "*", "=1+1")[place % 5]
    return name


def write_inbox(folder: Path) -> list[Path]:
    """What the teams send, the files named as nobody should."""
    catalog, desk = load_catalog(), settings()
    known = catalog.with_choices(desk.choices)
    target = folder / "settings.xlsx"
    write_settings(target, catalog=catalog, settings=desk, period=PERIOD, lang="zh")
    sent = []
    for number, team in enumerate(TEAMS):
        several = known.team_definitions
        for definition in several if number < 2 else [several[number % len(several)]]:
            sent.append(folder / "inbox" / f"it's #{number} & 50% [{definition.name}].xlsx")
            write_workbook(
                sent[-1],
                catalog=catalog,
                definition=catalog[definition.name],
                settings=desk,
                team=team,
                period=PERIOD,
                lang="zh",
                rows=rows(known, definition, number),
                capacity=len(NAMES) + 2,
            )
    return sent


def written(folder: Path) -> list[Path]:
    """Workbooks of every sort that the program makes of such a quarter."""
    sent = write_inbox(folder)
    inbox, out = folder / "inbox", folder / "it's #1 & 50% [报告]"
    run = start(settings=folder / "settings.xlsx", period=PERIOD, lang="zh")
    check_workbooks(run, [inbox]).write_marked(out / "returned", "zh")
    consolidate_workbooks(run, [inbox], out / "consolidated.xlsx", max_rows=20)
    evaluate_quarter(run, [inbox], out / "evaluation.xlsx")
    roll_over(run, [inbox], "2024Q4", out / "next")
    begun = sorted((out / "next" / "outbox").glob("[=A]*/*.xlsx"))
    reports = [*out.glob("*.xlsx"), *out.glob("next/*.xlsx"), *out.glob("next/reports/*.xlsx")]
    return [folder / "settings.xlsx", *sent, *out.glob("returned/*.xlsx"), *reports, *begun]
