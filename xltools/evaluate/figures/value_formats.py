"""How values look on data sheets and pages: number formats by kind and unit, widths by content."""

from __future__ import annotations

from collections.abc import Iterable

from xltools.definition import ColumnDef, FigureDef
from xltools.evaluate.figures.live_figure import Value, is_number
from xltools.excel import styles
from xltools.excel.styles import Style
from xltools.excel.text_size import column_pixels

_DATA: dict[str, Style] = {
    "number": styles.BULK_NUMBER,
    "integer": styles.BULK_INTEGER,
    "percent": styles.BULK_PERCENT,
    "ratio": styles.BULK_RATIO,
    "measure": styles.BULK_NUMBER,
    "date": styles.BULK_DATE,
}
OF_UNITS = {"%": styles.PERCENT, "1:X": styles.RATIO}
TEAM = styles.TABLE_FIRST.but(wrap=True)  # also other names
WORDS = TEAM.but(size=9)
MARK = styles.TABLE_CENTER.but(size=9)
ATTAINED = styles.TABLE_PERCENT.but(indent=0)
HELPER = styles.BULK.but(color=styles.MUTED)
HELPER_HEADER = styles.TABLE_HEADER.but(fill=styles.SLATE)


def data_style(kind: str) -> Style:
    """The style of a column on a data sheet."""
    return _DATA.get(kind, styles.BULK)


def data_width(column: ColumnDef | FigureDef, label: str) -> int:
    """The width of a column on a data sheet."""
    words = column.kind in ("text", "reference") and column.name not in ("unit", "parent", "code")
    return column_pixels([label], size=9, bold=True, minimum=132 if words else 76, padding=30)


def measured(style: Style, unit: Value, value: Value) -> Style:
    """A style with the number format that a unit asks for."""
    return style.but(number=OF_UNITS.get(str(unit)) or amount_format([value]))


def amount_format(values: Iterable[Value]) -> str:
    """As many decimals as the values need, two at most."""
    numbers = [value for value in values if is_number(value)]
    if all(round(number, 6) == round(number) for number in numbers):
        return styles.INTEGER
    short = all(round(number * 10, 5) == round(number * 10) for number in numbers)
    return styles.AMOUNT_SHORT if short else styles.AMOUNT
