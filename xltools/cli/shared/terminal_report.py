"""The results of commands as tables on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from xltools.cli.shared.call_mistakes import sentence_of
from xltools.cli.shared.run_language import listing, text
from xltools.cli.shared.terminal_text import columns, wrapped
from xltools.excel.input_paths import short_path
from xltools.issues import Severity

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.measure import Measurement
    from rich.table import Table

    from xltools.check.respond.check_result import Checked
    from xltools.check.submission import Submission
    from xltools.consolidate.combine.submission_status import Status, WorkbookStatus
    from xltools.database.history import History
    from xltools.definition import Catalog
    from xltools.outgoing import Written
    from xltools.rollover.rollover import RolloverReport

_MARKS = {"error": "✖", "warning": "▲", "info": "·"}
_COLORS = {"error": "red", "warning": "yellow", "info": "dim"}
_VERDICTS = {"fine": "green", "warnings": "yellow", "errors": "red", "excluded": "red"}
_STATES = {"fine": "green", "warnings": "yellow", "errors": "red", "missing": "dim"}
_LEAST_WIDTH = 24  # below it a sentence is a column of words
_NARROW = 100  # a pipe has no width: wide enough for the sentences


def screen() -> Console:
    from rich.console import Console

    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=_NARROW * 2)


def table_of(*heads: str) -> Table:
    from rich import box
    from rich.table import Table

    return Table(*heads, box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)


def show_checked(checked: Checked, lang: str) -> None:
    """A table for every workbook that needs attention, then the summary."""
    console = screen()
    for one in checked.skipped:
        console.print(f"[dim]{escaped(one.path)}: {escaped(sentence_of(one.why))}[/]")
    clean, replaced = [], []
    for submission in checked.submissions:
        groups = checked.groups(submission, lang)
        if submission.file in checked.superseded:
            replaced.append(submission)
        elif not submission.excluded and all(group.severity == "info" for group in groups):
            clean.append(submission)
        else:
            _show_submission(console, checked, submission, lang)
    for submission in clean:
        console.print(f"[green]✔[/] {_title(checked, submission, lang)}")
    for submission in replaced:
        fault = checked.superseded[submission.file]
        words = escaped(checked.sentence(fault, lang))
        title = _title(checked, submission, lang)
        console.print(f"[dim]{_MARKS['info']}[/] {title}  {words}", soft_wrap=True)
    _show_between(console, checked, lang)
    counts = checked.counts()
    console.print(
        text(
            "check.summary",
            files=len(checked.submissions),
            errors=counts[Severity.ERROR],
            warnings=counts[Severity.WARNING],
            infos=counts[Severity.INFO],
        ),
        style="bold",
    )


def _show_submission(console: Console, checked: Checked, submission: Submission, lang: str) -> None:
    verdict = checked.receipt(submission).verdict
    sign = _MARKS["warning" if verdict == "warnings" else "error"]
    mark = f"[{_VERDICTS[verdict]}]{sign} {text(f'check.verdict_{verdict}')}[/]"
    console.print(f"{mark}  [bold]{_title(checked, submission, lang)}[/]", soft_wrap=True)
    table = table_of("", text("check.where"), text("check.what"), text("check.suggestion"))
    for group in checked.groups(submission, lang):
        color = _COLORS[group.severity]
        where = " ".join(part for part in (group.sheet, group.cells) if part)
        table.add_row(
            f"[{color}]{_MARKS[group.severity]}[/]",
            escaped(where),
            _Sentence(group.sentence),
            escaped(group.suggestion),
        )
    for column in table.columns:
        column.overflow = "fold"  # the other ways would cut what does not fit
    console.print(table)


class _Sentence:
    """A sentence in a cell, broken between Chinese characters, too, and never cut."""

    def __init__(self, words: str) -> None:
        self._words = words

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        from rich.text import Text

        width, words = options.max_width, self._words
        lines = [words] if columns(words) <= width else wrapped(words, width)
        yield Text("\n".join(lines), overflow="fold")

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        from rich.measure import Measurement

        longest = columns(self._words)
        return Measurement(min(_LEAST_WIDTH, longest), longest)


def _show_between(console: Console, checked: Checked, lang: str) -> None:
    shown = {submission.file for submission in checked.submissions}
    for fault in checked.issues:
        if fault.file not in shown:
            console.print(f"[red]✖[/] {escaped(checked.sentence(fault, lang))}")


def _title(checked: Checked, submission: Submission, lang: str) -> str:
    known = submission.template in checked.catalog.definitions
    kind = checked.catalog[submission.template].title[lang] if known else ""
    mail = (submission.sender, submission.mailed[:16].replace("T", " "))
    parts = (submission.team, kind, submission.period, *mail)
    facts = " · ".join(part for part in parts if part)
    name = escaped(short_path(submission.file))
    return f"{name}  [dim]{escaped(facts)}[/]" if facts else name


def escaped(words: object) -> str:
    from rich.markup import escape

    return escape(str(words))


def show_status(status: Status, catalog: Catalog, lang: str) -> None:
    """Teams down, workbooks across; then what does not count, and why."""
    from xltools.check.respond.issue_sentences import located

    console = screen()
    templates = list(dict.fromkeys(one.template for one in status.workbooks))
    titles = [
        catalog[name].title[lang] if name in catalog.definitions else name for name in templates
    ]
    table = table_of(text("status.team"), *titles)
    statuses = {(one.team, one.template): one for one in status.workbooks}
    for team in status.teams:
        cells = [_workbook_status(statuses.get((team, name))) for name in templates]
        table.add_row(escaped(team), *cells)
    console.print(table)
    for excluded in status.excluded:
        for reason in excluded.reasons:
            console.print(f"[red]✖[/] {escaped(located(reason, lang, catalog))}")
    console.print(
        text(
            "status.summary",
            period=status.period or "-",
            due=status.due,
            sent=status.sent,
            missing=status.missing,
            late=status.late,
            errors=status.errors,
            deadline=status.deadline or "-",
        ),
        style="bold",
    )


def _workbook_status(one: WorkbookStatus | None) -> str:
    if one is None:
        return ""
    words = text(f"status.{one.state}", errors=one.errors, warnings=one.warnings)
    late = ""
    if one.late:
        by = one.judged_by if one.judged_by in ("mail", "arrival") else "saved"
        late = f" [red]{text(f'status.late.{by}', day=one.judged_day)}[/]"
    return f"[{_STATES[one.state]}]{words}[/]{late}"


def show_history(history: History, catalog: Catalog, lang: str) -> None:
    """Quarters and workbooks down; who sent each, and who owes it."""
    console = screen()
    names = ("period", "workbook", "teams", "rows", "errors", "excluded", "missing")
    table = table_of(*(text(f"history.{name}") for name in names))
    for one in history.held:
        known = one.workbook in catalog.definitions
        title = catalog[one.workbook].title[lang] if known else one.workbook or "-"
        counts = (f"{one.rows:,}", f"{one.errors:,}", one.excluded)
        cells = (one.quarter, title, _named(one.teams), *counts, _named(one.missing))
        table.add_row(*map(escaped, cells))
    for column in table.columns:
        column.overflow = "fold"
    console.print(table)
    evaluated = listing(history.evaluated) if history.evaluated else "-"
    summary = text("history.summary", quarters=len(history.quarters), evaluated=evaluated)
    console.print(summary, style="bold")


def _named(teams: Sequence[str]) -> str:
    """How many teams, and which."""
    return f"{len(teams)} · {listing(teams)}" if teams else "-"


def show_kept(written: Written) -> None:
    """Print which files were kept and how to replace them, and where replaced ones lie."""
    import click

    for key in ("kept", "held", "aside"):
        for path in getattr(written, key):
            click.echo(text(f"written.{key}", path=short_path(path)), err=True)
    for key in ("kept", "held"):
        if getattr(written, key):
            click.echo(text(f"written.{key}_hint"), err=True)


def show_rollover(report: RolloverReport, lang: str) -> None:
    """Per team and sheet: how many rows went on, and how many did not."""
    from xltools.rollover.decisions import FATES, count_fates

    console = screen()
    table = table_of(*(text(f"rollover.{name}") for name in ("team", "sheet", *FATES)))
    for (team, name, sheet), counts in count_fates(report.decisions).items():
        title = report.consolidation.catalog[name].sheet(sheet).title[lang]
        table.add_row(*map(escaped, (team, title, *counts)))
    console.print(table)
    if report.deviations:
        console.print(text("rollover.deviations", count=len(report.deviations)))
