"""Who sent what, and every problem found in it, as grids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xltools.check.respond.issue_sentences import sentence
from xltools.check.submission import Submission
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


@dataclass(frozen=True)
class Expected:
    """One workbook that a team should send or has sent."""

    team: str
    template: str
    sent: Submission | None
    state: str  # sent, excluded, missing or unknown


def expected(model: Model) -> list[Expected]:
    """Every workbook that came, and every one that is missing, team by team."""
    found = [
        Expected(one.team, one.template, one, _state(one))
        for one in model.current.submissions
        if _of_quarter(model, one)
    ]
    found += [Expected(team, name, None, "missing") for team, name in model.current.missing]
    names = list(model.current.catalog.definitions)
    place = {name: number for number, name in enumerate(names)}
    last = len(model.teams) + 1
    return sorted(
        found,
        key=lambda one: (model.team_key(one.team) or last, place.get(one.template, len(names))),
    )


def _of_quarter(model: Model, sent: Submission) -> bool:
    """Whether it is this quarter's: earlier ones are kept for the annual sheets in them."""
    return sent.excluded or sent.period in ("", str(model.current.period or sent.period))


def _state(sent: Submission) -> str:
    if sent.excluded:
        return "excluded"
    return "sent" if sent.template else "unknown"


def derive(model: Model) -> None:
    """The grids of workbooks and of problems."""
    rows = expected(model)
    if not rows:
        return
    issues = _issues(model, rows)
    grid = model.open("workbooks", len(rows))
    text = data_style("text")
    files = [one.sent.file if one.sent else None for one in rows]
    counts = [sum(one.sent.row_counts.values()) if one.sent else None for one in rows]
    columns: dict[str, tuple[Sequence[Value], Style, int]] = {
        "number": (range(1, len(rows) + 1), HELPER, 60),
        "key": ([model.team_key(one.team) for one in rows], HELPER, 60),
        "team": ([one.team or None for one in rows], text, 110),
        "template": ([_title(model, one.template) for one in rows], text, 150),
        "state": ([model.say(f"quality.{one.state}") for one in rows], text, 84),
        "file": ([file_name(path) if path else None for path in files], BULK_LINK, 280),
        "rows": (counts, BULK_INTEGER, 60),
    }
    for name, (values, style, width) in columns.items():
        grid.put(name, values, Look(model.say(f"data.{name}"), style, width))
    grid["file"].formulas = [
        hyperlink(model.link_to(path), file_name(path)) if path else "" for path in files
    ]
    _counts(model, grid, issues)


def _title(model: Model, template: str) -> str | None:
    known_as = model.current.catalog.definitions.get(template)
    return known_as.title[model.lang] if known_as else None


def _counts(model: Model, grid: Grid, issues: Grid | None) -> None:
    """Add to the workbooks that came how many problems of each severity they have."""
    for code, severity in enumerate(SEVERITIES, 1):
        found = "0" if issues is None else _FOUND.format(code=code)
        made = stated(model, grid, f"None if blank(rows) else {found}")
        grid.add(str(severity), made, Look(model.say(f"quality.{severity}"), BULK_INTEGER, 60))


def _issues(model: Model, rows: list[Expected]) -> Grid | None:
    """Open the grid of problems, the gravest first; None where there are none."""
    numbered = [
        (number, issue)
        for number, one in enumerate(rows, 1)
        if one.sent
        for issue in one.sent.issues
    ]
    files = {one.sent.file: number for number, one in enumerate(rows, 1) if one.sent}
    numbered += [(files.get(issue.file, 0), issue) for issue in model.current.issues]
    numbered.sort(key=lambda pair: SEVERITIES.index(pair[1].severity))
    numbered = numbered[:MOST]
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
        grid.put(name, values, Look(model.say(f"data.{name}"), text, width))
    links = grid["found"]
    links.formulas, links.style = [_link(model, one) for _, one in numbered], BULK_LINK
    codes: list[Value] = [SEVERITIES.index(one.severity) + 1 for _, one in numbered]
    grid.put("severity_code", codes, Look(model.say("data.severity_code"), HELPER, 60))
    grid.put("workbook", [n for n, _ in numbered], Look(model.say("data.number"), HELPER, 60))
    return grid


def _place(issue: Issue) -> str:
    cell = f"!{issue.cell}" if issue.cell else ""
    where_in = f" · {issue.sheet}{cell}" if issue.sheet else ""
    return f"{file_name(issue.file)}{where_in}"


def _link(model: Model, issue: Issue) -> str:
    if not issue.file:
        return ""
    return hyperlink(model.link_to(issue.file, issue.sheet, issue.cell), _place(issue))
