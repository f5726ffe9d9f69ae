"""复盘汇总: causes counted, what worked, what comes next."""

from __future__ import annotations

from xltools.evaluate.aggregates import count, where
from xltools.evaluate.canvas import LEFT, Canvas, Listing
from xltools.evaluate.charts import columns
from xltools.evaluate.figures import Figure, or_dash, or_nothing, ratio
from xltools.evaluate.grid import Grid
from xltools.evaluate.model import Model, SheetKey
from xltools.evaluate.pages.page import Page
from xltools.excel import styles
from xltools.excel.layout import row_pixels
from xltools.excel.writer import Book

GOALS, EXPANSION = ("goals", "review"), ("expansion", "review")
_WIDTHS = (116, 190, 100, 90, 210, 250, 96, 110, 40)
_CAUSES, _MODULES = (GOALS, "cause_class"), (EXPANSION, "module")


def draw(canvas: Canvas) -> None:
    """Draw the page."""
    model, book = canvas.model, canvas.book
    _counts(model, book, canvas)
    goals, expansion = model.grid(*GOALS), model.grid(*EXPANSION)
    if goals is not None:
        _section(model, canvas, "goals")
        _goals(model, canvas, goals)
    if expansion is not None:
        _section(model, canvas, "suggestions")
        _suggestions(model, canvas, expansion)


def _section(model: Model, canvas: Canvas, name: str) -> None:
    canvas.gap(12)
    canvas.section(model.say(f"review.{name}"))
    canvas.row += 1


def _counts(model: Model, book: Book, canvas: Canvas) -> None:
    """Causes on the left, modules on the right, each counted and drawn."""
    top, bottom = canvas.row, canvas.row
    halves = ((_CAUSES, LEFT, LEFT + 3), (_MODULES, LEFT + 4, canvas.last))
    for (key, column), first, last in halves:
        if model.grid(*key) is None:
            continue
        canvas.row = top
        canvas.section(model.say(f"review.{column}"), first, last)
        canvas.row += 1
        listing = _counted(model, canvas, key, column, first)
        chart = columns(book, listing.grid["word"], listing.grid["count"])
        canvas.chart(chart, height=168, first=first, last=last)
        bottom = max(bottom, canvas.row)
    canvas.row = bottom


def _counted(model: Model, canvas: Canvas, key: SheetKey, column: str, first: int) -> Listing:
    grid, labels = model.grids[key], list(model.choices(key[0], column).values())
    listing = Listing(canvas, len(labels), first_column=first)
    listing.add("word", model.label(*key, column), labels, styles.TABLE_FIRST)
    number = count(where(grid[column], listing.grid["word"].here))
    counted = listing.add("count", model.say("review.count"), number, styles.TABLE_NUMBER).here
    whole = _all(grid, column, labels)
    listing.add(
        "share", model.say("review.share"), or_dash(ratio(counted, whole)), styles.TABLE_PERCENT
    )
    listing.write(last=canvas.last if first > LEFT else LEFT + 3)
    return listing


def _all(grid: Grid, column: str, labels: list[str]) -> Figure:
    first, *others = [count(where(grid[column], label)) for label in labels]
    for one in others:
        first = first + one
    return first


def _goals(model: Model, canvas: Canvas, grid: Grid) -> None:
    """Every reviewed goal: cause, what worked, what comes next."""
    say, rows = model.say, list(range(grid.count))
    listing = Listing(canvas, grid.count)
    words = styles.TABLE_WRAPPED.but(align="left", indent=1, size=9)

    def cell(name: str) -> Figure:
        return or_nothing(grid[name].rows(rows))

    listing.add("team", say("data.team"), cell("team"), styles.TABLE_FIRST)
    listing.add(
        "goal", say("goals.goal"), cell("goal"), styles.TABLE_WRAPPED.but(align="left", indent=1)
    )
    listing.add(
        "cause_class", model.label(*GOALS, "cause_class"), or_dash(grid["cause_class"].rows(rows))
    )
    listing.add(
        "attainment",
        say("goals.attainment"),
        or_dash(grid["attainment"].rows(rows)),
        styles.TABLE_PERCENT,
    )
    for name in ("cause", "next_action"):
        listing.add(name, model.label(*GOALS, name), cell(name), words)
    listing.add("owner", say("goals.owner"), cell("owner"))
    listing.add("success", model.label(*GOALS, "success"), cell("success"), words)
    listing.link(grid, rows)
    _write(listing, grid, rows, {"goal": 1, "cause": 4, "next_action": 5, "success": 7})


def _suggestions(model: Model, canvas: Canvas, grid: Grid) -> None:
    """Every suggestion of the sales teams with its owner and date."""
    say, rows = model.say, list(range(grid.count))
    listing = Listing(canvas, grid.count)
    words = styles.TABLE_WRAPPED.but(align="left", indent=1, size=9)

    def cell(name: str) -> Figure:
        return or_nothing(grid[name].rows(rows))

    listing.add("team", say("data.team"), cell("team"), styles.TABLE_FIRST)
    listing.add("highlight", model.label(*EXPANSION, "highlight"), cell("highlight"), words)
    listing.add("module", model.label(*EXPANSION, "module"), cell("module"))
    listing.add("problem", model.label(*EXPANSION, "problem"), cell("problem"), words, skip=1)
    listing.add(
        "suggestion",
        model.label(*EXPANSION, "suggestion"),
        cell("suggestion"),
        styles.TABLE_WRAPPED.but(align="left", indent=1),
    )
    listing.add("owner", say("goals.owner"), cell("owner"), words)
    listing.add("due", model.label(*EXPANSION, "due"), cell("due"), words)
    listing.link(grid, rows)
    _write(listing, grid, rows, {"highlight": 1, "problem": 4, "suggestion": 5})


def _write(listing: Listing, grid: Grid, rows: list[int], wide: dict[str, int]) -> None:
    listing.write(
        heights=[
            row_pixels(
                [
                    (str(grid[name].values[row] or ""), _WIDTHS[place])
                    for name, place in wide.items()
                ]
            )
            for row in rows
        ]
    )


PAGE = Page("review", draw, _WIDTHS, (GOALS, EXPANSION))
