"""The workbook itself, and the one that is printed: the report, or everything unfolded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, time
from pathlib import Path

from xltools.evaluate.blocks.canvas import NARROW, Canvas
from xltools.evaluate.blocks.data_sheets import define_names, write_grid
from xltools.evaluate.declared.declared_page import DeclaredPage
from xltools.evaluate.pages import parameters, report, team
from xltools.evaluate.pages.page import Page
from xltools.evaluate.quarter_model import Model
from xltools.evaluate.report_snapshot import Known, Since, write_report
from xltools.excel.identity import mark_report
from xltools.excel.writing.workbook_writer import Book

DERIVED = (
    "teams", "board", "drawn", "lineup", "measures", "workbooks", "problems", "library", "moved",
)  # fmt: skip
"""Grids made from others, in the order of their data sheets."""
_PRINTED = ("overview", "matrix")  # pages that a report has whole


def write_workbook(
    model: Model,
    pages: Sequence[Page],
    target: Path,
    *,
    said: Known,
    before: Since | None,
    force: bool,
) -> None:
    """The evaluation workbook: the pages in their order, the data sheets behind them."""
    with _book(model, target, force=force) as book:
        _write_pages(model, book, pages)
        _write_data(model, book)
        write_report(book, said, before)


def write_report_to_print(model: Model, pages: Sequence[Page], target: Path) -> None:
    """A workbook of which the first pages are printed, and of each other topic one block."""
    whole = [page for page in pages if page.name in _PRINTED]
    with _book(model, target, force=False) as book:
        _write_pages(model, book, whole)
        canvas = Canvas(model, book, model.say("report.title"), NARROW)
        canvas.title(model.say("report.title"), model.say("report.about"), back=False)
        report.draw(canvas, [page for page in pages if page not in whole])
        _write_names(model, book)
        _write_data(model, book)


def write_everything_to_print(model: Model, pages: Sequence[Page], target: Path) -> None:
    """A workbook of which everything is printed: no line of a list is folded away."""
    with _book(model, target, force=False) as book:
        _write_pages(model, book, pages, folding=False)
        _write_data(model, book)


def write_team_page(
    model: Model, declared: Sequence[DeclaredPage], target: Path, *, force: bool
) -> None:
    """A team's page, the Parameters and its data sheets; the page alone is printed."""
    with _book(model, target, force=force) as book:
        team.draw(Canvas(model, book, model.titles["overview"], NARROW), declared)
        _write_names(model, book)
        _write_data(model, book, team.BEHIND)


@contextmanager
def _book(model: Model, target: Path, *, force: bool) -> Iterator[Book]:
    created = datetime.combine(model.as_of, time())
    with Book(target, created=created, force=force, title=model.title) as book:
        mark_report(book, "evaluation")
        yield book


def _write_names(model: Model, book: Book) -> None:
    """The Parameters, whose names formulas and colours need; not to be printed."""
    canvas = parameters.PAGE.canvas(model, book)
    parameters.PAGE.write(canvas)
    canvas.unprinted()


def _write_pages(model: Model, book: Book, pages: Sequence[Page], *, folding: bool = True) -> None:
    canvases = [(page, page.canvas(model, book)) for page in pages]
    for page, canvas in reversed(canvases):  # the Overview links to lines of the others
        canvas.folding = folding
        page.write(canvas)


def _write_data(model: Model, book: Book, made: Sequence[str] = DERIVED) -> None:
    """The data sheets: the rows as they came, behind them what is made of them, or some of it."""
    behind = (*made, *(name for name in model.derived if name not in DERIVED))
    grids = [*model.grids.values(), *(model.derived[n] for n in behind if n in model.derived)]
    grids = [grid for grid in grids if grid.count]
    for grid in grids:
        write_grid(book, model, grid)
    for grid in grids:
        define_names(book, grid)
