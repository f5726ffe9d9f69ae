"""Where an expression's names stand in one workbook; whoever writes a sheet gives it."""

from __future__ import annotations

from typing import NamedTuple, Protocol


class Group(NamedTuple):
    """The extra condition of a sheet that holds the rows of many workbooks.

    ``ranges`` gives each scanned sheet's group column ("" is the own one), ``cell`` this row's.
    Where sheets are ``clean``, columns of numbers and of texts hold nothing of the other kind.
    """

    ranges: dict[str, str]
    cell: str
    clean: bool = False


class Layout(Protocol):
    """The addresses of one sheet's row; texts are Excel's, without ``=``."""

    @property
    def group(self) -> Group | None:
        """The extra condition where sheets hold the rows of many workbooks."""

    def cell(self, column: str) -> str:
        """This row's cell of an own column, such as ``$F8``."""

    def column_range(self, sheet: str, column: str) -> str:
        """All cells of a column; the sheet "" is the own one, ``library`` the metric library.

        "" where nobody filled the sheet: no row is found there.

        A range of a single cell is no range to every program: give two rows at least.
        """

    def parameter(self, name: str) -> str:
        """The defined name of a parameter."""

    def choice(self, list_name: str, choice: str) -> str:
        """The label of a choice, as text."""
