"""What a page is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xltools.evaluate.blocks.canvas import Canvas
from xltools.evaluate.declared.declared_page import DeclaredPage
from xltools.evaluate.quarter_model import Model, SheetKey
from xltools.excel.writing.workbook_writer import Book


@dataclass(frozen=True)
class Page:
    """``needs`` are sheets of which one at least must be filled; none: the page is always there.

    ``widths`` are its columns in pixels, ``ready`` names derived grids of which it needs one to
    have anything to show. A page that is not ``titled`` draws its own title block; a ``declared``
    one has its title from its definition.
    """

    name: str
    draw: Callable[[Canvas], None]
    widths: Sequence[int] | Callable[[], Sequence[int]]
    needs: tuple[SheetKey, ...] = ()
    ready: tuple[str, ...] = ()
    titled: bool = True
    declared: DeclaredPage | None = None

    @classmethod
    def of(cls, declared: DeclaredPage) -> Page:
        """A page that a definition declares."""
        name, draw = declared.page.name, declared.draw
        return cls(name, draw, declared.widths, declared.needs, declared=declared)

    def drawable(self, model: Model) -> bool:
        """Whether there is anything to show."""
        if self.declared:
            return self.declared.drawable()
        if self.ready and not any(name in model.derived for name in self.ready):
            return False
        return not self.needs or any(model.grid(*key) is not None for key in self.needs)

    def canvas(self, model: Model, book: Book) -> Canvas:
        """Its sheet, empty, behind the sheets that the workbook has."""
        widths = self.widths() if callable(self.widths) else self.widths
        return Canvas(model, book, model.titles[self.name], widths)

    def write(self, canvas: Canvas) -> None:
        """Draw it on its sheet."""
        model = canvas.model
        if self.declared:
            page = self.declared.page
            canvas.title(page.title[model.lang], page.about[model.lang])
        elif self.titled:
            canvas.title(model.say(f"{self.name}.title"), model.say(f"{self.name}.about"))
        self.draw(canvas)
        canvas.finish()
