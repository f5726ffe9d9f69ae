"""What a page is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from xltools.evaluate.blocks.canvas import Canvas
from xltools.evaluate.quarter_model import Model, SheetKey
from xltools.excel.writing.workbook_writer import Book


@dataclass(frozen=True)
class Page:
    """``needs`` are sheets of which one at least must be filled; none: the page is always there.

    ``widths`` are its columns in pixels, ``ready`` names derived grids of which it needs one to
    have anything to show. A page that is not ``titled`` draws its own title block.
    """

    name: str
    draw: Callable[[Canvas], None]
    widths: tuple[int, ...]
    needs: tuple[SheetKey, ...] = ()
    ready: tuple[str, ...] = ()
    titled: bool = True

    def drawable(self, model: Model) -> bool:
        """Whether there is anything to show."""
        if self.ready and not any(name in model.derived for name in self.ready):
            return False
        return not self.needs or any(model.grid(*key) is not None for key in self.needs)

    def canvas(self, model: Model, book: Book) -> Canvas:
        """Its sheet, empty, behind the sheets that the workbook has."""
        return Canvas(model, book, model.titles[self.name], self.widths)

    def write(self, canvas: Canvas) -> None:
        """Draw it on its sheet."""
        model = canvas.model
        if self.titled:
            canvas.title(model.say(f"{self.name}.title"), model.say(f"{self.name}.about"))
        self.draw(canvas)
        canvas.finish()
