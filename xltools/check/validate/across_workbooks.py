"""Checks between workbooks: superseded ones, other teams or quarters, conflicting values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import PurePath

from xltools.check.identify.near_matches import near_match
from xltools.check.submission import ComparedValue, Submission
from xltools.definition.catalog import SETTINGS
from xltools.ground.folding import fold
from xltools.ground.member_paths import own_name
from xltools.ground.period import Quarter
from xltools.issues import Code, Issue, issue
from xltools.kinds import KINDS
from xltools.settings import Settings, Target

_TOLERANCE = 1e-6


def across(
    submissions: Iterable[Submission], settings: Settings, period: Quarter | None
) -> list[Issue]:
    """Issues between workbooks; those superseded, of another quarter or of no known team become
    ``excluded``. With ``period`` None quarters are not looked at.

    Needs no rows: `Submission.compared` holds the values that are compared.
    """
    read = [one for one in submissions if one.template not in ("", SETTINGS) and not one.excluded]
    issues = [*_periods(read, period), *_teams(read, settings), *_superseded(read)]
    counted = [one for one in read if not one.excluded]
    return [*issues, *_same_ids(counted), *_targets(counted, settings)]


def _periods(read: Sequence[Submission], period: Quarter | None) -> Iterator[Issue]:
    if period is None:
        return
    for one in read:
        if one.period and one.period != str(period):
            one.excluded = True
            yield issue(
                Code.PERIOD_MISMATCH,
                file=one.file,
                value=one.period,
                suggestion=str(period),
            )


def _teams(read: Sequence[Submission], settings: Settings) -> Iterator[Issue]:
    """Teams that settings do not know, and files named after another team than they belong to."""
    names = {name: team.team for name, team in settings.names.items()}
    if not names:
        return
    nearest = cache(lambda own: near_match(own, names).nearest)
    for one in read:
        if one.excluded:
            continue
        own = fold(one.team)
        if own not in names:
            one.excluded = True
            yield issue(
                Code.TEAM_MISMATCH,
                file=one.file,
                value=one.team,
                suggestion=nearest(own),
                text="" if one.team else f"{Code.TEAM_MISMATCH}.nobody",
            )
            continue
        one.team = names[own]
        named = [names[name] for name in _beginnings(one.file) if name in names]
        if named and one.team not in named:
            one.excluded = True
            yield issue(
                Code.TEAM_MISMATCH,
                file=one.file,
                value=one.team,
                suggestion=named[-1],
                text=f"{Code.TEAM_MISMATCH}.named",
            )


def _beginnings(file: str) -> list[str]:
    """What stands before each dash of a file's folded name, the shortest first."""
    stem = fold(PurePath(own_name(file)).stem)
    return [stem[:at] for at, sign in enumerate(stem) if sign == "-"]


def _superseded(read: Sequence[Submission]) -> Iterator[Issue]:
    """Of the same team, template and period only the newest counts.

    The issues inside the others are dropped: each has one, which names the newest.
    """
    groups: dict[tuple[str, str, str], list[Submission]] = {}
    for one in read:
        if not one.excluded and one.team:
            groups.setdefault((fold(one.team), one.template, one.period), []).append(one)
    for group in groups.values():
        group.sort(key=_newest_last)
        newest = group[-1]
        for one in group[:-1]:
            one.excluded = True
            one.issues = []
            same = one.sha256 == newest.sha256
            yield issue(
                Code.WORKBOOK_DUPLICATE,
                file=one.file,
                value=one.modified,
                suggestion=newest.file,
                text=f"{Code.WORKBOOK_DUPLICATE}.same" if same else "",
                details={"team": one.team, "period": one.period, "template": one.template},
                other_file=newest.file,
            )


def _newest_last(one: Submission) -> tuple[str, str, str, str]:
    return one.modified, own_name(one.file), one.sha256, one.file


def _same_ids(counted: Sequence[Submission]) -> Iterator[Issue]:
    first: dict[tuple[str, str], tuple[Submission, ComparedValue]] = {}
    for one in counted:
        for compared in one.compared:
            if compared.kind != "id":
                continue
            owner, earlier = first.setdefault((one.template, compared.key), (one, compared))
            if fold(owner.team) != fold(one.team):
                yield issue(
                    Code.WORKBOOK_CONFLICT,
                    file=one.file,
                    sheet=compared.sheet,
                    cell=compared.cell,
                    value=compared.key.partition(".")[2],
                    text=f"{Code.WORKBOOK_CONFLICT}.id",
                    details={"team": one.team, "other": owner.team},
                    other_file=owner.file,
                    other_sheet=earlier.sheet,
                    other_cell=earlier.cell,
                )


def _targets(counted: Sequence[Submission], settings: Settings) -> Iterator[Issue]:
    names = {
        fold(alias): fold(metric.metric)
        for metric in settings.metrics
        for alias in (metric.metric, *metric.aliases)
    }
    wanted: dict[tuple[str, str], Target] = {}
    for each in settings.targets:
        key = fold(each.metric)
        wanted[fold(each.team), names.get(key, key)] = each
    for one in counted:
        for compared in one.compared:
            key = names.get(compared.key, compared.key)
            target = wanted.get((fold(one.team), key)) if compared.kind == "target" else None
            if target is not None and _contradict(compared.value, target.target):
                yield _target_conflict(one, compared, target)


def _contradict(typed: float | None, wanted: float | None) -> bool:
    if typed is None or wanted is None:
        return False
    return abs(typed - wanted) > _TOLERANCE * max(abs(typed), abs(wanted), 1.0)


def _target_conflict(one: Submission, compared: ComparedValue, target: Target) -> Issue:
    return issue(
        Code.WORKBOOK_CONFLICT,
        file=one.file,
        sheet=compared.sheet,
        cell=compared.cell,
        column=compared.column,
        value=_shown(compared.value, target.unit),
        suggestion="" if compared.cells else _shown(target.target, target.unit),
        text=f"{Code.WORKBOOK_CONFLICT}.{'parts' if compared.cells else 'target'}",
        details={
            "of": f"{one.template}.{compared.table}",
            "metric": target.metric,
            "unit": target.unit,
            "wanted": _shown(target.target, target.unit),
        }
        | ({"cells": compared.cells} if compared.cells else {}),
        other_file=target.file,
        other_sheet=target.sheet,
        other_cell=target.cell,
    )


def _shown(number: float | None, unit: str) -> str:
    return "" if number is None else KINDS["measure"].text(number, unit)
