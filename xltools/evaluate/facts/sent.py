"""Who sent what, and every problem found in it, as grids."""

from __future__ import annotations

from dataclasses import dataclass

from xltools.check.report import sentence
from xltools.check.submission import Submission
from xltools.evaluate.aggregates import count, where
from xltools.evaluate.figures import Value, choose, known
from xltools.evaluate.grid import Grid
from xltools.evaluate.looks import HELPER, data_style
from xltools.evaluate.model import Model
from xltools.evaluate.rows import FIRST_ROW
from xltools.excel.links import cell_target, hyperlink
from xltools.excel.styles import BULK_INTEGER, BULK_LINK
from xltools.issues import Issue, Severity

SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.INFO)
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
    found = [_received(sent) for sent in model.current.submissions]
    found += [Expected(team, name, None, "missing") for team, name in model.current.missing]
    names = list(model.current.catalog.definitions)
    place = {name: number for number, name in enumerate(names)}
    last = len(model.teams) + 1
    return sorted(
        found,
        key=lambda one: (model.team_key(one.team) or last, place.get(one.template, len(names))),
    )


def _received(sent: Submission) -> Expected:
    state = "excluded" if sent.excluded else "sent" if sent.template else "unknown"
    return Expected(sent.team, sent.template, sent, state)


def derive(model: Model) -> None:
    """The grids of workbooks and of problems."""
    rows = expected(model)
    if not rows:
        return
    issues = _issues(model, rows)
    grid = Grid(model.titles["workbooks"], FIRST_ROW, len(rows), "workbooks")
    model.derived["workbooks"] = grid
    text = data_style("text")
    numbers: list[Value] = list(range(1, len(rows) + 1))
    grid.put("number", numbers, label=model.say("data.number"), style=HELPER, width=60)
    grid.put(
        "key",
        [model.team_key(one.team) for one in rows],
        label=model.say("data.key"),
        style=HELPER,
        width=60,
    )
    grid.put(
        "team",
        [one.team or None for one in rows],
        label=model.say("data.team"),
        style=text,
        width=110,
    )
    titles = model.current.catalog.definitions
    names: list[Value] = [
        titles[one.template].title[model.lang] if one.template in titles else None for one in rows
    ]
    grid.put("template", names, label=model.say("data.template"), style=text, width=150)
    states: list[Value] = [model.say(f"quality.{one.state}") for one in rows]
    grid.put("state", states, label=model.say("data.state"), style=text, width=84)
    files: list[Value] = [one.sent.file if one.sent else None for one in rows]
    file = grid.put(
        "file",
        [_name(value) for value in files],
        label=model.say("data.file"),
        style=BULK_LINK,
        width=280,
    )
    file.formulas = [
        hyperlink(model.path_to(str(path)), _name(path) or "") if path else "" for path in files
    ]
    counts: list[Value] = [sum(one.sent.row_counts.values()) if one.sent else None for one in rows]
    grid.put("rows", counts, label=model.say("data.rows"), style=BULK_INTEGER, width=60)
    _counts(model, grid, issues)


def _counts(model: Model, grid: Grid, issues: Grid | None) -> None:
    for severity in SEVERITIES:
        made = choose(known(grid["rows"].here), 0, "")
        if issues is not None:
            wanted = SEVERITIES.index(severity) + 1
            mine = where(issues["workbook"], grid["number"].here)
            made = choose(
                known(grid["rows"].here), count(mine, where(issues["severity_code"], wanted)), ""
            )
        label = model.say(f"quality.{severity}")
        grid.add(str(severity), made, label=label, style=BULK_INTEGER, width=60)


def _name(path: Value) -> str | None:
    return str(path).replace("\\", "/").rpartition("/")[2] if path else None


def _issues(model: Model, rows: list[Expected]) -> Grid | None:
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
    grid = Grid(model.titles["problems"], FIRST_ROW, len(numbered), "problems")
    model.derived["problems"] = grid
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
        grid.put(name, values, label=model.say(f"data.{name}"), style=text, width=width)
    links = grid["found"]
    links.formulas, links.style = [_link(model, one) for _, one in numbered], BULK_LINK
    codes: list[Value] = [SEVERITIES.index(one.severity) + 1 for _, one in numbered]
    grid.put("severity_code", codes, label=model.say("data.severity_code"), style=HELPER, width=60)
    grid.put(
        "workbook", [n for n, _ in numbered], label=model.say("data.number"), style=HELPER, width=60
    )
    return grid


def _place(issue: Issue) -> str:
    cell = f"!{issue.cell}" if issue.cell else ""
    where_in = f" · {issue.sheet}{cell}" if issue.sheet else ""
    return f"{_name(issue.file) or ''}{where_in}"


def _link(model: Model, issue: Issue) -> str:
    if not issue.file:
        return ""
    path = model.path_to(issue.file)
    target = cell_target(issue.sheet, issue.cell or "A1", path) if issue.sheet else path
    return hyperlink(target, _place(issue))
