"""The XML of the sheet that lists issues, for insertion into an existing workbook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from xltools.excel.cell_text import escape, fitting, text_element, visible
from xltools.excel.editing.stylesheet import Stylesheet
from xltools.excel.links import hyperlink
from xltools.excel.styles import (
    AMBER_FILL,
    BLUE,
    FONT,
    INK,
    MUTED,
    NAVY,
    RED_FILL,
    RULE,
    TEXT,
    WHITE,
)
from xltools.excel.text_size import row_pixels, width_units
from xltools.ground.cells import CellRef

Tone = Literal["error", "warning", "info"]
KEPT_FROM = 27  # columns AA and AB keep, hidden, cells in the styles that marks replaced
KEPT_TEXT = "xltools:style"
_WRAPPED, _CENTRED = ' wrapText="1"', ' horizontal="center"'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


class CellLink(msgspec.Struct, frozen=True):
    """A cell that links to another cell of the workbook."""

    target: str  # ``#'sheet'!A1``
    text: str


class IssueLine(msgspec.Struct, frozen=True):
    """One row of the list; its tone colours the first cell."""

    cells: Sequence[str | int | CellLink]
    tone: Tone = "error"


class IssueSheet(msgspec.Struct, frozen=True):
    """Everything the sheet shows; ``widths`` are pixels, one a column."""

    title: str
    heading: str
    notes: Sequence[str]
    header: Sequence[str]
    lines: Sequence[IssueLine]
    widths: Sequence[int]


class _Styles(msgspec.Struct):
    heading: int
    note: int
    header: int
    cell: int
    link: int
    tones: dict[str, int]


def rendered(sheet: IssueSheet, styles: Stylesheet, kept: Sequence[tuple[int, int]]) -> str:
    """The sheet's XML; ``kept`` are pairs of an original style and the marked one."""
    looks = _looks(styles)
    rows = [_row(1, [_text("A1", sheet.heading, looks.heading)], 36)]
    for note in sheet.notes:
        number = len(rows) + 1
        rows.append(_row(number, [_text(f"A{number}", note, looks.note)], 20))
    top = len(rows) + 2
    heads = [_text(_at(top, c), text, looks.header) for c, text in enumerate(sheet.header, 1)]
    rows.append(_row(top, heads, 28))
    for number, line in enumerate(sheet.lines, top + 1):
        rows.append(_line(number, line, sheet.widths, looks))
    rows += _keep_styles(top + len(sheet.lines) + 2, kept)
    last = _at(max(top + len(sheet.lines), top), max(len(sheet.header), 1))
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{_MAIN}"><sheetPr><tabColor rgb="FFC9302C"/>'
        '<pageSetUpPr fitToPage="1"/></sheetPr><sheetViews>'
        '<sheetView showGridLines="0" tabSelected="1" workbookViewId="0">'
        f'<pane ySplit="{top}" topLeftCell="A{top + 1}" activePane="bottomLeft" state="frozen"/>'
        f'<selection pane="bottomLeft" activeCell="A{top + 1}" sqref="A{top + 1}"/>'
        '</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>'
        f"<cols>{_columns(sheet.widths)}</cols><sheetData>{''.join(rows)}</sheetData>"
        f'<autoFilter ref="A{top}:{last}"/>'
        '<pageMargins left="0.35" right="0.35" top="0.4" bottom="0.45" header="0.3" footer="0.2"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
    )


def _looks(styles: Stylesheet) -> _Styles:
    line = (
        "<{p}border><{p}left/><{p}right/><{p}top/>"
        f'<{{p}}bottom style="thin"><{{p}}color rgb="{_argb(RULE)}"/></{{p}}bottom>'
        "<{p}diagonal/></{p}border>"
    )
    border = styles.add("borders", line)
    body = styles.add("fonts", _font(10, TEXT))

    def cell(font: int, fill: int = 0, layout: str = _WRAPPED, border: int = border) -> int:
        return styles.add("cellXfs", _xf(font, fill, border, layout))

    def number(font: int, fill: int = 0) -> int:
        return cell(font, fill, layout=_CENTRED)

    return _Styles(
        heading=cell(styles.add("fonts", _font(18, NAVY, bold=True)), layout="", border=0),
        note=cell(styles.add("fonts", _font(9, MUTED)), layout="", border=0),
        header=cell(styles.add("fonts", _font(10, WHITE, bold=True)), styles.fill(_argb(NAVY))),
        cell=cell(body),
        link=cell(styles.add("fonts", _font(10, BLUE, underline=True))),
        tones={
            "error": number(styles.add("fonts", _font(10, INK)), styles.fill(_argb(RED_FILL))),
            "warning": number(styles.add("fonts", _font(10, INK)), styles.fill(_argb(AMBER_FILL))),
            "info": number(body),
        },
    )


def _line(number: int, line: IssueLine, widths: Sequence[int], looks: _Styles) -> str:
    cells = []
    for column, content in enumerate(line.cells, 1):
        place = _at(number, column)
        style = looks.tones[line.tone] if column == 1 else looks.cell
        if isinstance(content, CellLink):
            cells.append(_linked_cell(place, content, looks))
        elif isinstance(content, int):
            cells.append(f'<c r="{place}" s="{style}"><v>{content}</v></c>')
        else:
            cells.append(_text(place, content, style))
    shown = [
        (each if isinstance(each, str) else "", width)
        for each, width in zip(line.cells, widths, strict=False)
    ]
    return _row(number, cells, row_pixels([(text, float(width)) for text, width in shown]))


def _linked_cell(place: str, jump: CellLink, looks: _Styles) -> str:
    formula = hyperlink(jump.target, jump.text)
    if not formula:
        return _text(place, jump.text, looks.cell)
    stored, value = escape(formula[1:]), escape(visible(jump.text))
    return f'<c r="{place}" s="{looks.link}" t="str"><f>{stored}</f><v>{value}</v></c>'


def _keep_styles(first: int, kept: Sequence[tuple[int, int]]) -> list[str]:
    """Rows whose hidden cells hold styles, so that a program that renumbers them renumbers here."""
    rows = []
    for number, pair in enumerate(kept, first):
        places = (_at(number, KEPT_FROM), _at(number, KEPT_FROM + 1))
        cells = [_text(place, KEPT_TEXT, style) for place, style in zip(places, pair, strict=True)]
        rows.append(f'<row r="{number}" hidden="1">{"".join(cells)}</row>')
    return rows


def _columns(widths: Sequence[int]) -> str:
    shown = "".join(
        f'<col min="{column}" max="{column}" width="{width_units(pixels):.2f}" customWidth="1"/>'
        for column, pixels in enumerate(widths, 1)
    )
    return shown + f'<col min="{KEPT_FROM}" max="{KEPT_FROM + 1}" width="0" hidden="1"/>'


def _row(number: int, cells: Sequence[str], pixels: int) -> str:
    height = f'ht="{pixels * 0.75:g}" customHeight="1"'
    return f'<row r="{number}" {height}>{"".join(cells)}</row>'


def _text(place: str, text: str, style: int) -> str:
    shown = text_element(fitting(text))
    return f'<c r="{place}" s="{style}" t="inlineStr"><is>{shown}</is></c>'


def _font(size: int, color: str, *, bold: bool = False, underline: bool = False) -> str:
    marks = ("<{p}b/>" if bold else "") + ("<{p}u/>" if underline else "")
    return (
        f'<{{p}}font>{marks}<{{p}}sz val="{size}"/><{{p}}color rgb="{_argb(color)}"/>'
        f'<{{p}}name val="{FONT}"/></{{p}}font>'
    )


def _xf(font: int, fill: int, border: int, layout: str) -> str:
    return (
        f'<{{p}}xf numFmtId="0" fontId="{font}" fillId="{fill}" borderId="{border}" xfId="0" '
        'quotePrefix="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">'
        f'<{{p}}alignment vertical="center"{layout}/></{{p}}xf>'
    )


def _at(row: int, column: int) -> str:
    return str(CellRef(row, column))


def _argb(color: str) -> str:
    return "FF" + color.removeprefix("#")
