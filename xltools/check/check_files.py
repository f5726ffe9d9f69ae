"""Check many files: read in guarded workers, rules in batches, results in the order of paths."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from xltools.bundles import find_workbooks
from xltools.check.reading_plan import ReadingPlan
from xltools.check.respond.check_result import Checked
from xltools.check.submission import Submission
from xltools.check.validate.across_workbooks import across
from xltools.definition.catalog import SETTINGS
from xltools.errors import ReadError
from xltools.excel.input_paths import printable
from xltools.issues import Code, issue
from xltools.workers import Outcome, Refusal, run

if TYPE_CHECKING:
    from xltools.check.identify.vocabulary import Vocabulary

BATCH = 25
"""Files whose rules run together: enough to spread pandas' cost, few enough for flat memory."""

_MANY = 20  # files: fewer are read by one worker, which imports while pandas is imported here

Progress = Callable[[int, int], None]
"""Called with the number of files done, and of all."""

# What this thread reads by: a cluster's worker may read for several callers at once. Each task sets
# it anew (`_take_plan`), so that nothing of an earlier caller is used.
_given = threading.local()


def check(
    paths: Sequence[Path | str],
    plan: ReadingPlan,
    *,
    workers: int | None = None,
    scheduler: str = "",
    progress: Progress | None = None,
) -> Iterator[Submission]:
    """Every file read, located, parsed and checked by itself, in the order of ``paths``.

    Workers begin when this is called. Those of all teams are yielded, and not compared with each
    other: see `across`.
    """
    catalog, settings = plan.catalog, plan.settings
    plan = msgspec.structs.replace(
        plan,
        catalog=catalog.with_choices(settings.choices) if settings.choices else catalog,
        period=plan.period or settings.period,
    )
    total = len(paths)
    if total > _MANY:
        import xltools.check.read_submission  # noqa: F401 - once for all workers that are forked
    outcomes = run(
        read_planned,
        [os.fspath(path) for path in paths],
        workers=workers,
        scheduler=scheduler,
        progress=progress and (lambda done: progress(done, total)),
        setup=partial(_take_plan, plan),
        meanwhile=_import_rules,
    )
    return _checked(outcomes, plan)


def _checked(outcomes: Iterator[Outcome], plan: ReadingPlan) -> Iterator[Submission]:
    # The rules of one batch run while the files of the next are taken in, or workers would idle.
    with ThreadPoolExecutor(1) as beside:
        validated: Future[list[Submission]] | None = None
        while batch := [_submission(outcome) for outcome in islice(outcomes, BATCH)]:
            if validated is not None:
                yield from validated.result()
            validated = beside.submit(_validate, batch, plan)
        if validated is not None:
            yield from validated.result()


def _validate(batch: list[Submission], plan: ReadingPlan) -> list[Submission]:
    """A batch after the checks that need all rows of a file at once; changes the batch."""
    from xltools.check.validate.ids_and_targets import collect_compared_values
    from xltools.check.validate.implausible_values import check_plausible
    from xltools.check.validate.row_rules import apply_rules

    apply_rules(batch, plan.catalog, plan.settings)
    check_plausible(batch, plan.catalog, plan.settings)
    for submission in batch:
        collect_compared_values(submission, plan.catalog)
        submission.join()
        if submission.template == SETTINGS:
            from xltools.check.settings.settings_workbook import check_settings

            check_settings(submission, plan.catalog)
    return batch


def read_planned(path: str) -> Submission:
    """Read one file by the plan that this worker was given."""
    from xltools.check.read_submission import read_submission

    words: Vocabulary = _given.words
    return read_submission(path, words)


def _import_rules() -> None:
    """Pandas takes longer to import than a file to read: both happen at once.

    What an import makes is not garbage; looking for some costs a sixth of the time.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        import xltools.check.validate.row_rules
        import xltools.expressions.compute.batch_tables  # noqa: F401
    finally:
        if collecting:
            gc.enable()


def _take_plan(plan: ReadingPlan) -> None:
    """Keep the plan for `read_planned`; called in every worker before it reads."""
    from xltools.check.identify.vocabulary import Vocabulary

    _given.words = Vocabulary(plan)


def _submission(outcome: Outcome) -> Submission:
    if outcome.refusal is None:
        submission: Submission = outcome.result
        return submission
    return refused(outcome.path, outcome.refusal)


def refused(path: str, refusal: Refusal) -> Submission:
    """The submission of a file that could not be read: excluded, its only issue says why."""
    details = {
        name: value if isinstance(value, str | int | float) else str(value)
        for name, value in refusal.values.items()
    }
    file = printable(path)
    fault = issue(Code(refusal.code), file=file, text=refusal.reason, details=details)
    return Submission(file=file, excluded=True, issues=[fault])


def check_all(
    paths: Sequence[Path | str],
    plan: ReadingPlan,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Checked:
    """Check workbooks and folders, alone and against each other.

    Raises ReadError where a path does not exist or none holds a workbook.
    """
    files, skipped = find_workbooks(paths, workers)
    if not files:
        raise ReadError("paths.nothing", paths=[printable(path) for path in paths])
    every = check([one.path for one in files], plan, workers=workers, progress=progress)
    submissions = tuple(one for one in every if plan.wants(one.team))
    return Checked(
        catalog=plan.catalog,
        settings=plan.settings,
        submissions=submissions,
        issues=tuple(across(submissions, plan.settings, plan.period)),
        skipped=tuple(skipped),
    )
