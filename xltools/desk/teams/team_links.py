"""The teams' addresses: a key for each team and quarter that nobody can guess."""

from __future__ import annotations

import secrets
import sqlite3
from hmac import compare_digest

from xltools.desk.receiving.desk_memory import remembered, remembering
from xltools.ground.period import Quarter
from xltools.settings import Settings
from xltools.workspace import Workspace

_BYTES = 24


def team_keys(workspace: Workspace, settings: Settings, period: Quarter) -> dict[str, str]:
    """The key of every team of a quarter, made where it has none yet."""
    teams = [team.team for team in settings.teams_in(period)]
    with remembered(workspace) as connection:
        known = _known(connection, settings, period)
    if all(team in known for team in teams):
        return {team: known[team] for team in teams}
    with remembering(workspace) as connection:
        known = _known(connection, settings, period)
        for team in teams:
            if team not in known:
                known[team] = _give(connection, team, period)
    return {team: known[team] for team in teams}


def new_key(workspace: Workspace, settings: Settings, period: Quarter, team: str) -> str:
    """Revoke a team's key; the one that holds from now on."""
    with remembering(workspace) as connection:
        for (name,) in connection.execute(
            "SELECT team FROM links WHERE period = ?", [str(period)]
        ).fetchall():
            if settings.known_as(name) == team:
                connection.execute(
                    "DELETE FROM links WHERE period = ? AND team = ?", [str(period), name]
                )
        return _give(connection, team, period)


def team_of_key(workspace: Workspace, settings: Settings, period: Quarter, key: str) -> str:
    """The team whose key it is in this quarter; "" where it is nobody's.

    Compares with every key, and each in constant time: how long it takes tells nothing.
    """
    with remembered(workspace) as connection:
        known = _known(connection, settings, period)
    given = key.encode("utf-8", "surrogatepass")
    found = ""
    for team, own in known.items():
        if compare_digest(own.encode(), given):
            found = team
    there = {team.team for team in settings.teams_in(period)}
    return found if found in there else ""


def _known(connection: sqlite3.Connection, settings: Settings, period: Quarter) -> dict[str, str]:
    """Keys by the teams' names of today."""
    rows = connection.execute("SELECT team, key FROM links WHERE period = ?", [str(period)])
    return {settings.known_as(team): key for team, key in rows}


def _give(connection: sqlite3.Connection, team: str, period: Quarter) -> str:
    key = secrets.token_urlsafe(_BYTES)
    connection.execute("INSERT INTO links VALUES (?, ?, ?)", [str(period), team, key])
    return key
