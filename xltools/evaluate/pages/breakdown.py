"""目标分解: every annual target with its children and the year to date; the actions behind them."""

from __future__ import annotations

from xltools.evaluate.blocks.canvas import Canvas
from xltools.evaluate.blocks.list_columns import Rows, Show, StyleOf, attained
from xltools.evaluate.blocks.list_table import draw_list
from xltools.evaluate.facts.breakdown import ACTIONS, KEY, action_states, beyond
from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.figures.live_figure import Figure, choose, known
from xltools.evaluate.figures.value_formats import MARK, TEAM, UNIT, WORDS, amount_format, measured
from xltools.evaluate.pages.page import Page
from xltools.evaluate.quarter_model import Model
from xltools.excel import styles
from xltools.excel.styles import Emphasis, Style
from xltools.ground.folding import fold

_WIDTHS = (96, 100, 76, 76, 96, 96, 48, 76, 140, 64, 60, 60, 60, 60, 72, 72, 104, 40, 40)
_DEEPEST = 6


def draw(canvas: Canvas) -> None:
    """Draw the page."""
    model = canvas.model
    targets, actions = model.grid(*KEY), model.grid(*ACTIONS)
    if targets is not None:
        top = canvas.row
        _targets(canvas, targets, tree(targets))
        canvas.sheet.view.repeat_rows(top, top)
        canvas.gap(6)
        canvas.text(model.say("breakdown.note"))
    if actions is not None:
        canvas.gap(12)
        canvas.section(model.say("breakdown.actions"))
        _actions(canvas, actions)
        canvas.gap(6)
        canvas.text(model.say("breakdown.actions_note"))


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

    for key in sorted({key for key, _, _ in names}, key=lambda key: int(str(key or 0))):
        for row in children.get((key, ""), []):
            visit(row, 0)
        for row, name in enumerate(names):  # goals that are each other's parents
            if name[0] == key:
                visit(row, 0)
    return found


def _targets(canvas: Canvas, grid: Grid, lines: list[tuple[int, int]]) -> None:
    """Every annual target below its parent."""
    model, say = canvas.model, canvas.model.say
    rows = Rows(grid, [row for row, _ in lines])
    off, quarter = Emphasis(color=styles.RED, bold=True), styles.TABLE_TARGET.but(size=9)
    verdicts = {say("breakdown.quarters_off"): off, say("breakdown.children_off"): off}
    verdicts[say("breakdown.fits")] = Emphasis(color=styles.GREEN)

    def indented(index: int) -> Style:
        depth = lines[index][1]
        return styles.TABLE_FIRST.but(indent=1 + 2 * depth, bold=depth == 0)

    def sums(name: str, style: Style) -> Show:
        return Show(name, say(f"breakdown.{name}"), style, by_unit=True)

    columns = [
        Show("team", say("data.team"), TEAM.but(color=styles.MUTED)),
        Show("code", say("breakdown.code"), indented),
        *(
            Show(name, model.label(*KEY, name), WORDS)
            for name in ("level", "dimension", "object", "metric")
        ),
        Show("unit", say("breakdown.unit"), UNIT),
        sums("annual_target", styles.TABLE_ACTUAL),
        Show("children_sum", say("breakdown.children_sum"), _of_children(rows)),
        Show("match", say("breakdown.match"), MARK, lambda _: _match(model, rows), looks=verdicts),
        *(Show(name, name.upper(), quarter, by_unit=True) for name in ("q1", "q2", "q3", "q4")),
        sums("ytd_target", styles.TABLE_TARGET),
        sums("ytd_actual", styles.TABLE_ACTUAL),
        *attained(model, "ytd_attainment", say("breakdown.attainment")),
    ]
    draw_list(canvas, rows, columns)


def _of_children(rows: Rows) -> StyleOf:
    """One sum looks like the numbers beside it; several are words."""
    pairs = zip(rows.values("unit"), rows.values("children_sum"), strict=True)
    looks = [
        WORDS if isinstance(value, str) and value else measured(styles.TABLE_TARGET, unit, value)
        for unit, value in pairs
    ]
    return lambda index: looks[index]


def _match(model: Model, rows: Rows) -> Figure:
    """Whether quarters and children sum to the annual target, within the tolerance."""
    say = model.say
    annual = rows.cell("annual_target")
    within = choose(
        rows.cell("children_off") > 0, say("breakdown.children_off"), say("breakdown.fits")
    )
    quarters = beyond(model, rows.cell("quarter_check"), annual)
    return choose(known(annual), choose(quarters, say("breakdown.quarters_off"), within), "-")


def _actions(canvas: Canvas, grid: Grid) -> None:
    """What is done for the targets, by whom and until when; ``state`` goes by dates alone."""
    model, rows = canvas.model, Rows.by_team(grid)
    running, over = action_states(model)[1:]
    looks = {running: Emphasis(color=styles.BLUE), over: Emphasis(color=styles.AMBER_TEXT)}
    amount = styles.TABLE_NUMBER.but(number=amount_format(grid["budget"].values))

    def typed(name: str, style: Style, span: int = 1) -> Show:
        return Show(name, model.label(*ACTIONS, name), style, span=span)

    columns = [
        Show("team", model.say("data.team"), TEAM.but(color=styles.MUTED)),
        typed("action", TEAM, 3),
        typed("strategy", WORDS),
        typed("goal", WORDS),
        typed("owner", WORDS, 2),
        typed("start", styles.TABLE_DATE, 2),
        typed("end", styles.TABLE_DATE, 2),
        Show("state", model.say("breakdown.state"), MARK, looks=looks),
        typed("budget", amount),
        typed("expected_result", WORDS, 2),
        Show("carried", model.say("breakdown.carried"), MARK, span=2, quiet=True),
    ]
    draw_list(canvas, rows, columns)


PAGE = Page("breakdown", draw, _WIDTHS, (KEY, ACTIONS))
