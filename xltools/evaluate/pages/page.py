"""What a page is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from xltools.evaluate.model import Model, SheetKey
from xltools.excel.writer import Book


@dataclass(frozen=True)
class Page:
    """``needs`` are sheets of which one at least must be filled; none: the page is always there.

    ``ready`` names a derived grid without which there is nothing to show.
    """

    name: str
    draw: Callable[[Model, Book], None]
    needs: tuple[SheetKey, ...] = ()
    ready: str = ""

    def drawable(self, model: Model) -> bool:
        """Whether there is anything to show."""
        if self.ready and self.ready not in model.derived:
            return False
        return not self.needs or any(model.grid(*key) is not None for key in self.needs)
