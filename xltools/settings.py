"""Settings: what the operations desk decides for every team; a plain struct without behaviour.

Field names are the columns of ``templates/settings.toml``, so `rows` serves expressions as well.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cached_property

import msgspec

from xltools.ground.folding import fold
from xltools.ground.period import Quarter


class Team(msgspec.Struct, frozen=True, kw_only=True):
    """``workbooks`` are definition names, empty for all; ``bonus`` is in 元.

    It fills in workbooks from the quarter in which it ``joined`` until the one before it ``left``;
    ``deadline`` is its own, where it has one.
    """

    team: str
    former_names: tuple[str, ...] = ()
    joined: Quarter | None = None
    left: Quarter | None = None
    lead: str = ""
    contact: str = ""
    copies: str = ""
    deadline: date | None = None
    department: str = ""
    region: str = ""
    workbooks: tuple[str, ...] = ()
    bonus: float | None = None

    def was_there(self, period: Quarter | None) -> bool:
        """Whether the team had joined by then."""
        return period is None or self.joined is None or self.joined <= period

    def is_there(self, period: Quarter | None) -> bool:
        """Whether the team is to fill in workbooks of that quarter."""
        gone = period is not None and self.left is not None and self.left <= period
        return self.was_there(period) and not gone


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """One person of one team."""

    name: str
    team: str
    role: str = ""


class Metric(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the metric library; choices by name, ``aliases`` in the other languages."""

    metric: str
    dimension: str = ""
    class_: str = msgspec.field(name="class", default="")
    unit: str = ""
    basis: str = ""
    cadence: str = ""
    drives: str = ""
    additive: str = ""
    north_star: str = ""
    aliases: tuple[str, ...] = ()


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """A team's quarterly target, and where it was typed."""

    team: str
    metric: str
    target: float | None = None
    weight: float | None = None
    unit: str = ""
    file: str = ""
    sheet: str = ""
    cell: str = ""


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """From where mails go out, and who gets the answers; what is blank has a default."""

    sender: str = ""
    reply_to: str = ""
    server: str = ""
    port: int | None = None
    security: str = ""
    login: str = ""


GAPS = ("lead", "team", "period", "deadline", "count", "workbooks", "problems", "organisation")
"""What letters may name in braces."""

_GAP = re.compile(r"\{(\w*)\}")


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """What mails of one kind say; what stands in braces is filled in."""

    letter: str
    subject: str
    text: str

    def filled(self, values: Mapping[str, str]) -> tuple[str, str]:
        """Subject and text; what is in braces and no gap stays as it stands."""

        def fill(text: str) -> str:
            return _GAP.sub(lambda gap: values.get(gap[1], gap[0]), text)

        return fill(self.subject), fill(self.text)


def unknown_gaps(text: str) -> list[str]:
    """What stands in braces and is nothing that can be filled in."""
    return [name for name in _GAP.findall(text) if name not in GAPS]


class Settings(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """The whole; ``parameters`` by name, ``choices`` by list name, ``file`` where it was read.

    ``database`` is the URL that results go to besides, "" for none.
    """

    organisation: str = ""
    period: Quarter | None = None
    deadline: date | None = None
    language: str = "zh"
    database: str = ""
    teams: tuple[Team, ...] = ()
    members: tuple[Member, ...] = ()
    metrics: tuple[Metric, ...] = ()
    targets: tuple[Target, ...] = ()
    parameters: dict[str, float] = {}
    choices: dict[str, tuple[str, ...]] = {}
    mail: Mail = Mail()
    letters: tuple[Letter, ...] = ()
    file: str = ""

    @cached_property
    def names(self) -> dict[str, Team]:
        """The teams by every name that they go or went by, folded; names of today go first."""
        former = {fold(name): team for team in self.teams for name in team.former_names}
        return former | {fold(team.team): team for team in self.teams}

    def team(self, name: str) -> Team | None:
        """The team that goes or went by that name after folding, if there is one."""
        return self.names.get(fold(name))

    def known_as(self, name: str) -> str:
        """A team's name of today; the name itself where no team goes or went by it."""
        found = self.team(name)
        return found.team if found else name

    def teams_in(self, period: Quarter | None) -> tuple[Team, ...]:
        """The teams that are to fill in workbooks of a quarter."""
        return tuple(team for team in self.teams if team.is_there(period))

    def due(self, team: str) -> date | None:
        """The day by which a team's workbooks are due: its own deadline, else everyone's."""
        found = self.team(team)
        return (found.deadline if found else None) or self.deadline

    def members_of(self, team: str) -> tuple[str, ...]:
        """The names of one team's people."""
        wanted = fold(team)
        return tuple(one.name for one in self.members if fold(one.team) == wanted)

    def library(self) -> list[dict[str, object]]:
        """The metric library as rows, one for every name that a metric goes by."""
        rows: list[dict[str, object]] = []
        for metric in self.metrics:
            row = {key: value or None for key, value in msgspec.to_builtins(metric).items()}
            del row["aliases"]
            rows.append(row)
            rows += [{**row, "metric": alias} for alias in metric.aliases]
        return rows

    def rows(self, sheet: str, team: str = "") -> list[dict[str, object]]:
        """The rows of ``teams``, ``members``, ``metrics`` or ``targets``; of one team if named."""
        structs: tuple[msgspec.Struct, ...] = getattr(self, sheet)
        rows = [_as_row(one) for one in structs]
        wanted = fold(team)
        return [row for row in rows if not wanted or fold(str(row.get("team", team))) == wanted]


def _as_row(one: msgspec.Struct) -> dict[str, object]:
    """A struct as a row of its sheet: quarters as they are written, days as days."""
    row: dict[str, object] = msgspec.to_builtins(one, builtin_types=(date,))
    quarters = {name: value for name, value in row.items() if isinstance(value, dict)}
    return row | {name: str(Quarter(**value)) for name, value in quarters.items()}
