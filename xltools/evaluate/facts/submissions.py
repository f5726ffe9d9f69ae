"""Who sent what, and every problem found in it, as grids."""

from __future__ import annotations

from collections.abc import Sequence

from xltools.check.respond.issue_sentences import sentence
from xltools.check.submission import Submission
from xltools.evaluate.facts.number_keys import put
from xltools.evaluate.figures.figure_grid import Grid, Look
from xltools.evaluate.figures.live_figure import Value
from xltools.evaluate.figures.value_formats import HELPER, data_style
from xltools.evaluate.grid_expressions import stated
from xltools.evaluate.quarter_model import Model
from xltools.evaluate.submitted_rows import file_name
from xltools.excel.links import hyperlink
from xltools.excel.styles import BULK_INTEGER, BULK_LINK, Style
from xltools.issues import Issue, Severity

SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.INFO)
_FOUND = "count(problems.workbook, workbook=number, severity_code={code})"
MOST = 100_000  # rows of problems; a workbook with more helps nobody


def _workbooks(model: Model) -> list[Submission]:
    """Every workbook that came, and every one that is missing, with no file: team by team."""
    period = model.current.period
    found = [
        one  # of this quarter: earlier ones are kept for the annual sheets in them
        for one in model.current.submissions
        if one.excluded or one.period in ("", str(period or one.period))
    ]
    found += [Submission(file="", team=team, template=name) for team, name in model.current.missing]
    place = {name: number for number, name in enumerate(model.current.catalog.definitions)}
    last = len(model.teams) + 1
    return sorted(
        found,
        key=lambda one: (model.team_key(one.team) or last, place.get(one.template, len(place))),
    )


def _state(sent: Submission) -> str:
    if not sent.file:
        return "missing"
    if sent.excluded:
        return "excluded"
    return "sent" if sent.template else "unknown"


def derive(model: Model) -> None:
    """The grids of workbooks, with how many problems those have that came, and of problems."""
    rows = _workbooks(model)
    if not rows:
        return
    issues = _issues(model, rows)
    grid = model.open("workbooks", len(rows))
    text = data_style("text")
    titles = {
        name: one.title[model.lang] for name, one in model.current.catalog.definitions.items()
    }
    counts = [sum(one.row_counts.values()) if one.file else None for one in rows]
    columns: dict[str, tuple[Sequence[Value], Style, int]] = {
        "number": (range(1, len(rows) + 1), HELPER, 60),
        "key": ([model.team_key(one.team) for one in rows], HELPER, 60),
        "team": ([one.team or None for one in rows], text, 110),
        "template": ([titles.get(one.template) for one in rows], text, 150),
        "state": ([model.say(f"quality.{_state(one)}") for one in rows], text, 84),
        "file": ([file_name(one.file) or None for one in rows], BULK_LINK, 280),
        "rows": (counts, BULK_INTEGER, 60),
    }
    for name, (values, style, width) in columns.items():
        put(model, grid, name, values, style, width, given=False)
    grid["file"].formulas = [
        hyperlink(model.link_to(one.file), file_name(one.file)) if one.file else "" for one in rows
    ]
    for code, severity in enumerate(SEVERITIES, 1):
        found = "0" if issues is None else _FOUND.format(code=code)
        made = stated(model, grid, f"None if blank(rows) else {found}")
        grid.add(str(severity), made, Look(model.say(f"quality.{severity}"), BULK_INTEGER, 60))


def _issues(model: Model, rows: list[Submission]) -> Grid | None:
    """Open the grid of problems, the gravest first; None where there are none."""
    numbered = [(number, issue) for number, one in enumerate(rows, 1) for issue in one.issues]
    files = {one.file: number for number, one in enumerate(rows, 1) if one.file}
    numbered += [(files.get(issue.file, 0), issue) for issue in model.current.issues]
    numbered = sorted(numbered, key=lambda pair: SEVERITIES.index(pair[1].severity))[:MOST]
    if not numbered:
        return None
    grid = model.open("problems", len(numbered))
    text = data_style("text")
    columns: dict[str, tuple[list[Value], int]] = {
        "severity": ([model.say(f"severity.{one.severity}") for _, one in numbered], 60),
        "team": ([rows[n - 1].team if n else None for n, _ in numbered], 110),
        "found": ([_place(one) for _, one in numbered], 300),
        "code": ([str(one.code) for _, one in numbered], 130),
        "message": ([sentence(one, model.lang, model.current.catalog) for _, one in numbered], 460),
        "written": ([one.value or None for _, one in numbered], 150),
        "suggestion": ([one.suggestion or None for _, one in numbered], 150),
    }
    for name, (values, width) in columns.items():
        put(model, grid, name, values, text, width, given=False)
    grid["found"].style = BULK_LINK
    grid["found"].formulas = [
        hyperlink(model.link_to(one.file, one.sheet, one.cell), _place(one)) if one.file else ""
        for _, one in numbered
    ]
    codes = [SEVERITIES.index(one.severity) + 1 for _, one in numbered]
    put(model, grid, "severity_code", codes, width=60, given=False)
    grid.put("workbook", [n for n, _ in numbered], Look(model.say("data.number"), HELPER, 60))
    return grid


def _place(issue: Issue) -> str:
    cell = f"!{issue.cell}" if issue.cell else ""
    where_in = f" · {issue.sheet}{cell}" if issue.sheet else ""
    return f"{file_name(issue.file)}{where_in}"
