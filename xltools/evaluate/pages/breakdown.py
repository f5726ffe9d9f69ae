"""目标分解: every annual target with its children, its quarters and the year to date."""

from __future__ import annotations

from xltools.evaluate.canvas import LEFT, Canvas, Listing
from xltools.evaluate.figures import Figure, choose, every, known, largest, or_dash, round_to
from xltools.evaluate.grid import Grid
from xltools.evaluate.looks import measured
from xltools.evaluate.model import Model
from xltools.evaluate.pages.page import Page
from xltools.evaluate.words import light
from xltools.excel import styles
from xltools.excel.styles import Emphasis
from xltools.folding import fold

KEY = ("plan", "breakdown")
_WIDTHS = (104, 116, 84, 92, 110, 100, 52, 84, 84, 72, 66, 66, 66, 66, 84, 84, 112, 36, 40)
_DEEPEST = 6


def draw(canvas: Canvas) -> None:
    """Draw the page."""
    model = canvas.model
    grid = model.grids[KEY]
    lines = tree(grid)
    _list(model, canvas, grid, lines)
    canvas.gap(6)
    canvas.text(model.say("breakdown.note"))
    canvas.sheet.view.freeze(canvas.row - len(lines) - 2, LEFT + 2)


def tree(grid: Grid) -> list[tuple[int, int]]:
    """Rows in the order of the tree, each with its depth; team by team, whatever parents say."""
    columns = zip(*(grid[name].values for name in ("key", "code", "parent")), strict=True)
    names = [(key, fold(str(code)), fold(str(parent or ""))) for key, code, parent in columns]
    known_codes = {(key, code) for key, code, _ in names}
    children: dict[object, list[int]] = {}
    for row, (key, code, parent) in enumerate(names):
        above = (key, parent) if (key, parent) in known_codes and parent != code else (key, "")
        children.setdefault(above, []).append(row)
    found: list[tuple[int, int]] = []
    seen: set[int] = set()

    def visit(row: int, depth: int) -> None:
        if row in seen:
            return
        seen.add(row)
        found.append((row, depth))
        key, code, _ = names[row]
        for child in children.get((key, code), []):
            visit(child, min(depth + 1, _DEEPEST))

    for key in dict.fromkeys(key for key, _, _ in names):
        for row in children.get((key, ""), []):
            visit(row, 0)
        for row, name in enumerate(names):  # goals that are each other's parents
            if name[0] == key:
                visit(row, 0)
    return found


def _list(model: Model, canvas: Canvas, grid: Grid, lines: list[tuple[int, int]]) -> None:
    say, rows = model.say, [row for row, _ in lines]
    listing = Listing(canvas, len(rows))
    units = [grid["unit"].values[row] for row in rows]

    def cell(name: str) -> Figure:
        return or_dash(grid[name].rows(rows))

    def look(name: str, base: styles.Style):  # type: ignore[no-untyped-def]
        values = [grid[name].values[row] for row in rows]
        return lambda index: measured(base, units[index], values[index])

    def code_style(index: int) -> styles.Style:
        depth = lines[index][1]
        return styles.TABLE_FIRST.but(indent=1 + 2 * depth, bold=depth == 0)

    listing.add("team", say("data.team"), cell("team"), styles.TABLE_FIRST.but(color=styles.MUTED))
    listing.add("code", say("breakdown.code"), cell("code"), style_of=code_style)
    small = styles.TABLE_FIRST.but(size=9, shrink=True)
    for name in ("level", "dimension", "object", "metric"):
        listing.add(name, model.label(*KEY, name), cell(name), small)
    listing.add(
        "unit",
        say("breakdown.unit"),
        cell("unit"),
        styles.TABLE_CENTER.but(color=styles.MUTED, size=9),
    )
    annual = listing.add(
        "annual",
        say("breakdown.annual"),
        cell("annual_target"),
        style_of=look("annual_target", styles.TABLE_ACTUAL),
    ).here
    children = listing.add(
        "children",
        say("breakdown.children"),
        cell("children_sum"),
        style_of=look("children_sum", styles.TABLE_TARGET),
    ).here
    listing.add(
        "match",
        say("breakdown.match"),
        _match(model, annual, children, grid["quarter_check"].rows(rows)),
        styles.TABLE_CENTER.but(size=9),
    )
    for quarter in ("q1", "q2", "q3", "q4"):
        listing.add(
            quarter,
            quarter.upper(),
            cell(quarter),
            style_of=look(quarter, styles.TABLE_TARGET.but(size=9)),
        )
    for name in ("ytd_target", "ytd_actual"):
        base = styles.TABLE_TARGET if name == "ytd_target" else styles.TABLE_ACTUAL
        listing.add(name, say(f"breakdown.{name}"), cell(name), style_of=look(name, base))
    attained = listing.add(
        "attainment",
        say("breakdown.attainment"),
        cell("ytd_attainment"),
        styles.TABLE_PERCENT.but(indent=0),
    ).here
    listing.add("light", "", light(model, attained), styles.TABLE_LIGHT)
    listing.link(grid, rows)
    listing.write()
    listing.lights("light")
    listing.bars("attainment")
    listing.rules(
        "match",
        {
            say("breakdown.quarters_off"): styles.ALERT,
            say("breakdown.children_off"): styles.ALERT,
            say("breakdown.fits"): Emphasis(color=styles.GREEN),
        },
    )
    top = listing.grid.first_row - 1
    canvas.sheet.view.repeat_rows(top, top)


def _match(model: Model, annual: Figure, children: Figure, quarters: Figure) -> Figure:
    """Whether quarters and children sum to the annual target, within the tolerance."""
    say = model.say
    allowed = choose(known(annual), annual * model.parameter("sum_tolerance"), 0)
    off = choose(every(known(annual), known(children)), children - annual, 0)
    return choose(
        known(annual),
        choose(
            _beyond(quarters, allowed),
            say("breakdown.quarters_off"),
            choose(
                _beyond(round_to(off, 6), allowed),
                say("breakdown.children_off"),
                say("breakdown.fits"),
            ),
        ),
        "-",
    )


def _beyond(difference: Figure, allowed: Figure) -> Figure:
    size = choose(known(difference), largest(difference, difference * -1), 0)
    return size > largest(allowed, allowed * -1)


PAGE = Page("breakdown", draw, _WIDTHS, (KEY,))
