"""A workbook for every team, with its page and its own rows alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from xltools.consolidate.combine.consolidation import Consolidation
from xltools.errors import WriteError
from xltools.evaluate.evaluation_workbook import team_model
from xltools.evaluate.written_books import write_team_page
from xltools.ground.filenames import safe_name
from xltools.ground.folding import fold


def team_targets(
    whole: Consolidation, folder: Path, *, teams: Sequence[str] = (), force: bool = False
) -> dict[str, Path]:
    """The file of each team that sent something that counts, or of some of them.

    Two whose names a system takes for the same are numbered. WriteError where a file is there and
    may not be replaced.
    """
    wanted = {fold(team) for team in teams}
    sent = dict.fromkeys(one.team for one in whole.submissions if one.team and not one.excluded)
    period = f"-{whole.period}" if whole.period else ""
    taken: set[str] = set()
    found: dict[str, Path] = {}
    for team in (one for one in sent if not wanted or fold(one) in wanted):
        name, number = safe_name(team), 1
        while fold(name) in taken:
            number += 1
            name = f"{safe_name(team)} ({number})"
        taken.add(fold(name))
        found[team] = folder / f"{name}{period}.xlsx"
        if found[team].exists() and not force:
            raise WriteError("output.exists", path=str(found[team]))
    return found


def write_team_workbooks(
    whole: Consolidation,
    targets: Mapping[str, Path],
    *,
    previous: Sequence[Consolidation] = (),
    as_of: date | None = None,
    lang: str = "zh",
    force: bool = False,
) -> None:
    """Write the workbook of every team to its file."""
    for team, target in targets.items():
        made = team_model(whole, team, target, previous=previous, as_of=as_of, lang=lang)
        write_team_page(*made, target, force=force)
