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
    """``widths`` are its columns in pixels.

    ``ready`` names the derived grid without which it has nothing to show; "": it is always there.
    A page that is not ``titled`` draws its own title block. A ``declared`` one has its columns
    from its definition.
    """

    name: str
    draw: Callable[[Canvas], None]
    widths: Sequence[int] = ()
    ready: str = ""
    titled: bool = True
    declared: DeclaredPage | None = None

    @classmethod
    def of(cls, declared: DeclaredPage) -> Page:
        """A page that a definition declares."""
        return cls(declared.page.name, declared.draw, titled=False, declared=declared)

    @property
    def needs(self) -> tuple[SheetKey, ...]:
        """The sheets that it shows rows of, as far as its definition says so."""
        return self.declared.needs if self.declared else ()

    def drawable(self, model: Model) -> bool:
        """Whether there is anything to show."""
        if self.declared:
            return self.declared.drawable()
        return not self.ready or self.ready in model.derived

    def canvas(self, model: Model, book: Book) -> Canvas:
        """Its sheet, empty, behind the sheets that the workbook has."""
        widths = self.declared.widths() if self.declared else self.widths
        return Canvas(model, book, model.titles[self.name], widths)

    def write(self, canvas: Canvas) -> None:
        """Draw it on its sheet."""
        say = canvas.model.say
        if self.titled:
            canvas.title(say(f"{self.name}.title"), say(f"{self.name}.about"))
        self.draw(canvas)
        canvas.finish()
