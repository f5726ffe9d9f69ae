"""Settings: what the operations desk decides for every team; a plain struct without behaviour.

Field names are the columns of ``templates/settings.toml``, so `rows` serves expressions as well.
"""

from __future__ import annotations

from datetime import date

import msgspec

from xltools.folding import fold
from xltools.period import Quarter


class Team(msgspec.Struct, frozen=True, kw_only=True):
    """``workbooks`` are definition names, empty for all; ``bonus`` is in 元."""

    team: str
    lead: str = ""
    department: str = ""
    region: str = ""
    workbooks: tuple[str, ...] = ()
    bonus: float | None = None


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


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The whole; ``parameters`` by name, ``choices`` by list name, ``file`` where it was read."""

    organisation: str = ""
    period: Quarter | None = None
    deadline: date | None = None
    language: str = "zh"
    teams: tuple[Team, ...] = ()
    members: tuple[Member, ...] = ()
    metrics: tuple[Metric, ...] = ()
    targets: tuple[Target, ...] = ()
    parameters: dict[str, float] = {}
    choices: dict[str, tuple[str, ...]] = {}
    file: str = ""

    def team(self, name: str) -> Team | None:
        """The team of that name after folding, if there is one."""
        wanted = fold(name)
        return next((team for team in self.teams if fold(team.team) == wanted), None)

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
        rows = [msgspec.to_builtins(one) for one in structs]
        wanted = fold(team)
        return [row for row in rows if not wanted or fold(row.get("team", team)) == wanted]
