"""A settings workbook → `Settings`, through the same reader and the same checker as any other."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, cast

import msgspec

from xltools.check.identify.vocabulary import Vocabulary
from xltools.check.read_submission import read_submission
from xltools.check.reading_plan import ReadingPlan
from xltools.check.respond.issue_sentences import located
from xltools.check.settings.settings_rows import Rows
from xltools.check.submission import Submission
from xltools.check.validate.row_rules import apply_rules
from xltools.definition import Catalog
from xltools.definition.catalog import SETTINGS
from xltools.definition.default_settings import default_settings
from xltools.errors import FileRefused, ReadError, SettingsError
from xltools.ground.folding import fold
from xltools.ground.period import Quarter
from xltools.issues import Code, Issue, Severity
from xltools.kinds import span_end, span_start
from xltools.kinds.typed_text import listed
from xltools.locale import say
from xltools.settings import (
    GAPS,
    Letter,
    Mail,
    Member,
    Metric,
    Settings,
    Target,
    Team,
    unknown_gaps,
)

if TYPE_CHECKING:
    from datetime import date

_TOLERATED = (Code.SHEET_MISSING, Code.HEADER_MISSING, Code.REFERENCE_MISSING)
"""Sheets and columns may be missing: then the shipped defaults hold."""


def read_settings(path: Path | str, catalog: Catalog, lang: str) -> Settings:
    """The settings in a workbook, over the shipped defaults.

    Raises SettingsError, which carries the issues, and ReadError where there is no such file.
    """
    file = os.fspath(path)
    if not os.path.lexists(file):
        raise ReadError("paths.missing", path=file)
    shipped = default_settings(catalog, lang)
    plan = ReadingPlan(catalog, shipped, template=SETTINGS, lang=lang)
    try:
        submission = read_submission(file, Vocabulary(plan))
    except FileRefused as refused:
        reason = say(f"{refused.reason}", lang, **refused.values)
        raise SettingsError("settings.unreadable", file=file, reason=reason) from refused
    if submission.template != SETTINGS:
        title = catalog[submission.template].title[lang] if submission.template else "-"
        raise SettingsError("settings.other", file=file, found=title)
    apply_rules([submission], catalog, shipped)
    reader = _Reader(submission, catalog, shipped)
    settings = reader.settings()
    faults = [one for one in submission.issues if one.severity is Severity.ERROR]
    faults = [one for one in faults if one.code not in _TOLERATED or _matters(one)]
    if faults:
        raise SettingsError(
            "settings.faults",
            file=file,
            count=len(faults),
            listed="\n".join(f"✖ {located(one, lang, catalog)}" for one in faults),
            issues=tuple(faults),
        )
    return settings


def check_settings(submission: Submission, catalog: Catalog) -> None:
    """Add what is wrong with settings that lie among the workbooks: names that nothing has."""
    _Reader(submission, catalog, default_settings(catalog, submission.lang)).settings()


def _matters(fault: Issue) -> bool:
    """Whether a missing name changes which teams get which workbooks."""
    return fault.code is Code.REFERENCE_MISSING and fault.column in ("team", "workbooks")


class _Reader:
    """Reads one sheet after the other; faults are added to the submission."""

    def __init__(self, submission: Submission, catalog: Catalog, shipped: Settings) -> None:
        self.submission = submission
        self.catalog = catalog
        self.shipped = shipped

    def settings(self) -> Settings:
        """The workbook's settings; what it lacks is as shipped."""
        _, general = next(self._rows("general").items(), (0, {}))
        return msgspec.structs.replace(
            self.shipped,
            organisation=cast("str | None", general.get("organisation")) or "",
            period=self._period(),
            deadline=cast("date | None", general.get("deadline")),
            language=cast("str | None", general.get("language")) or self.shipped.language,
            database=cast("str | None", general.get("database")) or "",
            teams=tuple(self._teams()),
            members=tuple(
                msgspec.convert(_given(row), Member)
                for _, row in self._rows("members").items("name", "team")
            ),
            metrics=tuple(self._metrics()) or self.shipped.metrics,
            targets=tuple(self._targets()),
            parameters=self.shipped.parameters | self._parameters(),
            choices=self._choices(),
            mail=self._mail(),
            letters=tuple(self._letters()),
            file=self.submission.file,
        )

    def _rows(self, sheet: str) -> Rows:
        return Rows(self.submission, sheet)

    def _period(self) -> Quarter | None:
        rows = self._rows("general")
        found = [_quarter(rows, "period", at, row) for at, row in rows.items()]
        return next((quarter for quarter in found if quarter), None)

    def _teams(self) -> Iterable[Team]:
        rows = self._rows("teams")
        owners: dict[str, str] = {
            fold(str(row["team"])): str(row["team"]) for _, row in rows.items("team")
        }
        for index, row in rows.items("team"):
            typed = {
                "workbooks": self._workbooks(rows, index, row),
                "former_names": _former_names(rows, index, row, owners),
                "joined": _quarter(rows, "joined", index, row),
                "left": _quarter(rows, "left", index, row),
            }
            team = msgspec.convert({**_given(row), **typed}, Team)
            if team.joined and team.left and team.left <= team.joined:
                never = Code.ROW_RULE, "row-rule.left_before_joined"
                rows.report(*never, "left", index, str(team.left), str(team.joined))
            yield team

    def _workbooks(self, rows: Rows, index: int, row: dict[str, object]) -> list[str]:
        names = {
            fold(word): one.name
            for one in self.catalog.team_definitions
            for word in (one.name, *one.title.all)
        }
        titles = [one.title[self.submission.lang] for one in self.catalog.team_definitions]
        wanted: list[str] = []
        for word in listed(row.get("workbooks")):
            name = names.get(fold(word))
            if name:
                wanted.append(name)
            else:
                known = " / ".join(titles)
                fault = Code.REFERENCE_MISSING, "reference-missing.workbook"
                rows.report(*fault, "workbooks", index, word, known)
        return wanted

    def _metrics(self) -> Iterable[Metric]:
        known = {
            fold(name): metric
            for metric in self.shipped.metrics
            for name in (metric.metric, *metric.aliases)
        }
        for _, row in self._rows("metrics").items("metric"):
            name = cast("str", row["metric"])
            shipped = known.get(fold(name))
            words = (shipped.metric, *shipped.aliases) if shipped else ()
            others = tuple(word for word in words if fold(word) != fold(name))
            yield msgspec.convert({**_given(row), "aliases": others}, Metric)

    def _targets(self) -> Iterable[Target]:
        rows = self._rows("targets")
        for index, row in rows.items("team", "metric"):
            place = {"file": self.submission.file, "sheet": rows.issues.title}
            place["cell"] = rows.cell("target", index)
            yield msgspec.convert({**_given(row), **place}, Target)

    def _parameters(self) -> dict[str, float]:
        """Values by name; by label where the hidden name is gone."""
        labels: dict[str, str] = {}
        for shipped in self.catalog.settings.sheet("parameters").rows:
            label = shipped["parameter"]
            for word in getattr(label, "all", (label,)):
                labels[fold(str(word))] = str(shipped["name"])
        rows = self._rows("parameters")
        found: dict[str, float] = {}
        for index, row in rows.items():
            label = str(row.get("parameter") or "")
            hidden = row.get("name")
            name = hidden if hidden in self.shipped.parameters else labels.get(fold(label))
            value = row.get("value")
            if not isinstance(name, str):
                rows.report(
                    Code.CELL_CHOICE,
                    "cell-choice.parameter",
                    "parameter",
                    index,
                    label,
                    severity=Severity.WARNING,
                )
            elif isinstance(value, int | float):
                found[name] = float(value)
        return found

    def _mail(self) -> Mail:
        _, row = next(self._rows("mail").items(), (0, {}))
        return msgspec.convert(_given(row), Mail, strict=False)

    def _letters(self) -> Iterable[Letter]:
        """The desk's own letters; the shipped one for each kind that it left out."""
        rows = self._rows("letters")
        own = {}
        for index, row in rows.items():
            given = _given(row)
            if len(given) < len(Letter.__struct_fields__):
                continue
            letter = own[given["letter"]] = msgspec.convert(given, Letter)
            for column in ("subject", "text"):
                text = getattr(letter, column)
                for gap in unknown_gaps(text):
                    rows.report(
                        Code.CELL_CHOICE,
                        "cell-choice.gap",
                        column,
                        index,
                        f"{{{gap}}}",
                        " ".join(f"{{{name}}}" for name in GAPS),
                    )
        return [own.get(one.letter, one) for one in self.shipped.letters]

    def _choices(self) -> dict[str, tuple[str, ...]]:
        names: dict[str, str] = {}
        for definition, sheet in self.catalog.sheets():
            for column in sheet.columns:
                if column.choices:
                    for word in (column.choices, *column.label.all):
                        names.setdefault(fold(word), column.choices)
            for listed_name in definition.lists:
                names.setdefault(fold(listed_name), listed_name)
        found: dict[str, list[str]] = {}
        rows = self._rows("choices")
        for index, row in rows.items("list", "choice"):
            typed, choice = str(row["list"]), str(row["choice"])
            known = names.get(fold(typed))
            if known is None:
                rows.report(Code.CELL_CHOICE, "cell-choice.list", "list", index, typed)
            else:
                found.setdefault(known, []).append(choice)
        return {name: tuple(dict.fromkeys(words)) for name, words in found.items()}


def _quarter(rows: Rows, column: str, index: int, row: dict[str, object]) -> Quarter | None:
    """The quarter in a cell; any other span is a fault of that cell."""
    text = row.get(column)
    if not isinstance(text, str):
        return None
    quarter = Quarter.of(span_start(text))
    if (quarter.start, quarter.end) == (span_start(text), span_end(text)):
        return quarter
    rows.report(Code.CELL_KIND, "cell-kind.quarter", column, index, text, str(quarter))
    return None


def _former_names(
    rows: Rows, index: int, row: dict[str, object], owners: dict[str, str]
) -> list[str]:
    """A team's former names; one that another team has or had is reported."""
    team = str(row["team"])
    found: list[str] = []
    for name in listed(row.get("former_names")):
        owner = owners.setdefault(fold(name), team)
        if owner != team:
            rows.report(
                Code.ROW_DUPLICATE, "row-duplicate.former_name", "former_names", index, name, owner
            )
        found.append(name)
    return found


def _given(row: dict[str, object]) -> dict[str, object]:
    """Cells that hold something: the structs have defaults for the others."""
    return {name: value for name, value in row.items() if value is not None}
