"""The steps of the cycle as the commands take them, with the sentences that the commands say."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from xltools import verbs
from xltools.consolidate.combine.consolidation import Consolidation
from xltools.desk.running_jobs import Done, Work
from xltools.errors import UsageError
from xltools.excel.input_paths import relative, short_path
from xltools.fault_sentences import fault_sentence
from xltools.ground.period import Quarter
from xltools.inbox import Progress, missing_of
from xltools.locale import say
from xltools.outgoing import Written
from xltools.run import Run, quarter
from xltools.workspace import Workspace

Form = Mapping[str, str]
"""What the analyst chose: ``to`` of a roll-over, ``pdf`` of an evaluation."""


def work_of(step: str, run: Run, chosen: str, form: Form) -> Work:
    """What a step does; ``chosen`` is the language asked for, "" for the folder's own.

    UsageError for what is no step, and outside of a quarter.
    """
    if step not in _STEPS:
        raise UsageError("desk.not_there", name=step)
    if run.workspace is None or run.period is None:
        raise UsageError("usage.no_period")
    # Relative, as a command has it: what is written does not depend on where the folder lies.
    workspace = Workspace(Path(relative(run.workspace.root)))
    return partial(_STEPS[step], run, workspace, chosen, form)


def place(path: Path) -> str:
    """A path as a reader finds it: from where the desk was started, or in full."""
    return short_path(os.path.abspath(path))  # noqa: PTH100  (without the steps upwards)


def next_quarter(run: Run) -> Quarter | None:
    """The quarter that a roll-over usually starts."""
    return run.period.shift(1) if run.period else None


def _generate(run: Run, workspace: Workspace, chosen: str, _form: Form, progress: Progress) -> Done:
    folder = workspace.outbox
    written = verbs.generate_workbooks(run, folder, lang=chosen or None, progress=progress)
    done = say("cli.generate.done", run.lang, count=len(written), folder=place(folder))
    return Done([done, *_kept(run, written)], [folder])


def _check(run: Run, workspace: Workspace, _chosen: str, _form: Form, progress: Progress) -> Done:
    lang, folder = run.lang, workspace.returned
    checked = verbs.check_workbooks(run, [workspace.inbox], progress=progress)
    marked = checked.marked_copies(folder, lang)
    counts = checked.counts()
    said = [
        say(
            "cli.check.summary",
            lang,
            files=len(checked.submissions),
            errors=counts["error"],  # type: ignore[index]
            warnings=counts["warning"],  # type: ignore[index]
            infos=counts["info"],  # type: ignore[index]
        ),
        say("cli.check.returned", lang, count=len(marked), folder=place(folder)),
    ]
    if made := [Path(copy.source).name for copy in marked if copy.converted]:
        said.append(say("cli.check.converted", lang, count=len(made), example=made[0]))
    return Done(said, [folder, *(copy.path for copy in marked)])


def _consolidate(
    run: Run, workspace: Workspace, _chosen: str, _form: Form, progress: Progress
) -> Done:
    target = workspace.consolidated
    found = verbs.consolidate_workbooks(
        run,
        [workspace.inbox],
        target,
        database=run.database,
        force=True,
        progress=progress,
    )
    files = sum(not one.excluded for one in found.submissions)
    done = say("cli.consolidate.done", run.lang, files=files, rows=found.rows, path=place(target))
    return Done([done, *_lacking(run, found)], [target])


def _evaluate(run: Run, workspace: Workspace, _chosen: str, form: Form, progress: Progress) -> Done:
    lang, target = run.lang, workspace.reports / "evaluation.xlsx"
    report = verbs.evaluate_quarter(
        run,
        [workspace.inbox],
        target,
        database=run.database,
        pdf="report" if form.get("pdf") else None,
        force=True,
        progress=progress,
    )
    said = [say("cli.evaluate.done", lang, pages=len(report.pages), path=place(target))]
    written = [target]
    if report.kept:
        said.append(say("cli.written.aside", lang, path=place(report.kept)))
    for title, reason in report.left_out:
        said.append(say("cli.evaluate.left_out", lang, page=title, reason=reason))
    for folder, fault in report.not_compared:
        reason = fault_sentence(fault, lang)
        said.append(say("cli.evaluate.not_compared", lang, folder=folder.name, reason=reason))
    if report.pdf:
        written.append(report.pdf)
        said.append(say("cli.evaluate.pdf", lang, path=place(report.pdf)))
    return Done([*said, *_lacking(run, report.consolidation)], written)


def _roll_over(
    run: Run, workspace: Workspace, _chosen: str, form: Form, progress: Progress
) -> Done:
    to = quarter(form.get("to") or None) or next_quarter(run)
    folder = Path(relative(workspace.root.absolute().parent / str(to)))
    report = verbs.roll_over(run, [workspace.inbox], str(to), folder, progress=progress)
    lang, said = run.lang, [*_kept(run, report.written)]
    if report.deviations:
        said.append(say("cli.rollover.deviations", lang, count=len(report.deviations)))
    done = say("cli.rollover.done", lang, files=len(report.written), folder=place(folder))
    return Done([done, *said, *_lacking(run, report.consolidation)], [folder])


def _kept(run: Run, written: Written) -> list[str]:
    """Which workbooks were left as they are; a form has no ways to replace them."""
    return [
        say(f"cli.written.{key}", run.lang, path=place(path))
        for key in ("kept", "held", "aside")
        for path in getattr(written, key)
    ]


def _lacking(run: Run, found: Consolidation) -> list[str]:
    """How many workbooks have errors, and how many are missing."""
    said = []
    due, missing = missing_of(run, found.submissions)
    if missing:
        said.append(say("cli.missing", run.lang, missing=len(missing), due=len(due)))
    if faulty := len({one.file for one in found.all_issues if one.severity == "error"}):
        said.append(say("cli.faulty", run.lang, files=faulty))
    return said


_STEPS: Mapping[str, Callable[[Run, Workspace, str, Form, Progress], Done]] = {
    "generate": _generate,
    "check": _check,
    "consolidate": _consolidate,
    "evaluate": _evaluate,
    "rollover": _roll_over,
}
STEPS: Sequence[str] = tuple(_STEPS)
