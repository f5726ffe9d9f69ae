"""The whole cycle on the shipped samples: one folder a quarter, one step a verb."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from xltools import verbs
from xltools.errors import WriteError
from xltools.excel.atomic_output import write_bytes
from xltools.ground.period import Quarter
from xltools.ground.shipped import shipped
from xltools.locale import say
from xltools.workspace import Workspace

if TYPE_CHECKING:
    from xltools.check.respond.check_result import Checked
    from xltools.verbs import Run

BEFORE, NOW, NEXT = "2024Q2", "2024Q3", "2024Q4"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing done: ``name`` is the key of its sentences, which ``values`` fill.

    ``look`` is where the result lies, ``command`` what does the same by hand in the quarter's
    folder; ``checked`` is what the check found.
    """

    name: str
    look: Path
    values: Mapping[str, object] = field(default_factory=dict)
    command: str = ""
    checked: Checked | None = None


def walk(folder: Path, *, lang: str, force: bool = False) -> Iterator[Step]:
    """Walk the quarter in ``folder``; each step is done when it is yielded.

    Raises WriteError where something lies in the folder already, unless ``force``.
    """
    if not force and folder.exists() and any(folder.iterdir()):
        raise WriteError("output.exists", path=folder)
    workspace = Workspace(folder / NOW)
    workspace.make()
    _copy(shipped("samples") / "settings.xlsx", workspace.settings)
    run = verbs.start(folder=workspace.root, lang=lang)
    known = run.settings
    counts = {"teams": len(known.teams), "members": len(known.members), "period": NOW}
    yield Step(name="prepare", look=workspace.settings, values=counts)
    blank = verbs.generate_workbooks(run, workspace.outbox, lang=lang, force=force)
    yield Step(
        name="generate",
        look=workspace.outbox,
        values={"count": len(blank)},
        command="xltools generate",
    )
    sent = _fill(workspace, NOW)
    yield Step(name="fill_in", look=workspace.inbox, values={"count": sent})
    yield _check(run, workspace)
    before = _before(run, Workspace(folder / BEFORE))
    yield _consolidate(run, workspace)
    yield _evaluate(run, workspace, before)
    yield _roll_over(run, workspace, folder / NEXT, force)


def _check(run: Run, workspace: Workspace) -> Step:
    checked = verbs.check_workbooks(run, [workspace.inbox])
    marked = checked.write_marked(workspace.returned, run.lang, force=True)
    return Step(
        name="check",
        look=workspace.returned,
        values={"marked": len(marked)},
        command="xltools check",
        checked=checked,
    )


def _before(run: Run, workspace: Workspace) -> Path:
    """The quarter before, consolidated in a folder of its own."""
    from xltools.generate.workbook_series import write_settings

    workspace.make()
    _fill(workspace, BEFORE)
    period = Quarter.parse(BEFORE)
    # The targets of the shipped settings are those of the quarter after.
    settings = msgspec.structs.replace(run.settings, period=period, deadline=None, targets=())
    write_settings(
        workspace.settings,
        catalog=run.catalog,
        settings=settings,
        period=period,
        lang=run.lang,
        force=True,
    )
    earlier = msgspec.structs.replace(run, settings=settings, period=period, workspace=workspace)
    target = workspace.reports / "consolidated.xlsx"
    verbs.consolidate_workbooks(earlier, [workspace.inbox], target, force=True)
    return target


def _consolidate(run: Run, workspace: Workspace) -> Step:
    target = workspace.reports / "consolidated.xlsx"
    found = verbs.consolidate_workbooks(run, [workspace.inbox], target, force=True)
    missing = [f"{team} {run.catalog[name].title[run.lang]}" for team, name in found.missing]
    return Step(
        name="consolidate",
        look=target,
        values={
            "files": len(found.submissions),
            "rows": found.rows,
            "missing": say("check.comma", run.lang).join(missing) or "-",
        },
        command="xltools consolidate",
    )


def _evaluate(run: Run, workspace: Workspace, before: Path) -> Step:
    target = workspace.reports / "evaluation.xlsx"
    report = verbs.evaluate_quarter(run, [workspace.inbox], target, previous=[before], force=True)
    return Step(
        name="evaluate",
        look=target,
        values={"pages": len(report.pages), "before": BEFORE},
        command="xltools evaluate",
    )


def _roll_over(run: Run, workspace: Workspace, folder: Path, force: bool) -> Step:
    report = verbs.roll_over(run, [workspace.inbox], NEXT, folder, force=force)
    carried = sum(one.fate == "carried" for one in report.decisions)
    return Step(
        name="roll_over",
        look=folder,
        values={"files": len(report.written), "rows": carried, "period": NEXT},
        command=f"xltools rollover --to {NEXT}",
    )


def _fill(workspace: Workspace, period: str) -> int:
    """Put what the teams sent into the inbox; how many files."""
    sent = sorted((shipped("samples") / period).glob("*.xlsx"))
    for path in sent:
        _copy(path, workspace.inbox / path.name)
    return len(sent)


def _copy(source: Path, target: Path) -> None:
    write_bytes(target, source.read_bytes(), force=True)
