"""参数: every threshold and rate, and the as-of date; change one and every page follows."""

from __future__ import annotations

from xltools.definition import LocalText
from xltools.evaluate.blocks.canvas import LEFT, Canvas
from xltools.evaluate.pages.page import Page
from xltools.excel import styles
from xltools.excel.text_size import row_pixels
from xltools.ground.cells import quote_sheet

_WIDTHS = (200, 120, 96, 480, 170)
_VALUE = LEFT + 1
_TEXTS = ("parameter", "unit", "meaning")


def draw(canvas: Canvas) -> None:
    """Write the page and define the names."""
    model = canvas.model
    headers = ("name", "value", "unit", "meaning", "defined")
    canvas.high(canvas.row, 26)
    for column, header in enumerate(headers, LEFT):
        words = model.say(f"parameters.{header}")
        canvas.sheet.text(canvas.row, column, words, styles.TABLE_HEADER)
    canvas.row += 1
    _row(canvas, "as_of", model.say("parameters.as_of"), "", model.say("parameters.as_of_meaning"))
    for row in model.sheet("settings", "parameters").rows:
        given = (row.get(one, "") for one in _TEXTS)
        texts = (one[model.lang] if isinstance(one, LocalText) else str(one) for one in given)
        _row(canvas, str(row["name"]), *texts)
    canvas.gap()
    canvas.text(model.say("parameters.note"))
    canvas.sheet.view.freeze(5, 1)


def _row(canvas: Canvas, name: str, label: str, unit: str, meaning: str) -> None:
    """A parameter: its line, its cell to be changed and its name."""
    model, row, sheet = canvas.model, canvas.row, canvas.sheet
    canvas.high(row, row_pixels([(meaning, _WIDTHS[3])]))
    sheet.text(row, LEFT, label)
    style = styles.INPUT_NUMBER.but(color=styles.BLUE, bold=True)
    if name == "as_of":
        sheet.date(row, _VALUE, model.as_of, style.but(number=styles.DATE))
        rule = {"validate": "date", "criteria": ">", "value": model.as_of.replace(2000, 1, 1)}
    else:
        number = styles.PERCENT if unit == "%" else styles.GENERAL
        sheet.number(row, _VALUE, model.parameters[name], style.but(number=number))
        rule = {"validate": "decimal", "criteria": ">=", "value": 0}
    rule["error_message"] = model.say("parameters.refused")
    sheet.validation(row, _VALUE, row, _VALUE, **rule)
    sheet.text(row, LEFT + 2, unit, styles.TABLE_CENTER)
    sheet.text(row, LEFT + 3, meaning, styles.TABLE_MUTED.but(wrap=True))
    sheet.text(row, LEFT + 4, f"p_{name}", styles.TABLE_MUTED.but(size=9))
    canvas.book.define_name(f"p_{name}", f"={quote_sheet(sheet.title)}!$C${row}")
    canvas.row += 1


PAGE = Page("parameters", draw, _WIDTHS)
