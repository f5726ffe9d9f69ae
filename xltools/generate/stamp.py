"""A team's workbook from a layout: its name, its people and its rows put into a copy."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from xltools.cells import CellRef, column_letters
from xltools.excel.layout import row_pixels
from xltools.excel.text import escape, escape_attribute, visible
from xltools.generate.blank import ENCODED_TEAM_MARK, TEAM_MARK, Blank
from xltools.generate.faults import CATEGORIES
from xltools.generate.form import FIRST_ROW, NEXT_ROW, STRIP_ROW, Form
from xltools.generate.judge import Judged
from xltools.generate.lists import team_values
from xltools.generate.looks import shown
from xltools.generate.wording import DOUBTFUL, EMPTY, FINE, WRONG, long_texts
from xltools.kinds import KINDS
from xltools.locale import say

_MARKED = ("xl/sharedStrings.xml", "xl/workbook.xml", "docProps/core.xml", "docProps/custom.xml")
_LONGEST_CONSTANT = 255
_CONSTANT = re.compile(r'<definedName name="xltools_identity">[^<]*</definedName>')
_DATA = re.compile(r"<sheetData>.*</sheetData>|<sheetData/>", re.DOTALL)
_ROW_PIXELS = 24


def stamped(blank: Blank, team: str, judged: Mapping[str, Judged]) -> bytes:
    """The workbook of a team that begins with some rows."""
    replacements = {
        name: _named(blank.package.text(name), team, name) for name in _MARKED if name in blank.package
    }
    if judged:
        replacements |= _filled(blank, judged)
    if blank.team_columns:
        part = f"xl/worksheets/sheet{len(blank.parts) + 2}.xml"
        replacements[part] = _team_part(blank, team, blank.package.text(part))
    return blank.package.stamped({name: text.encode() for name, text in replacements.items()})


def _named(text: str, team: str, part: str) -> str:
    """A part with the team's name in place of its marks."""
    encoded = team.replace("\\", "\\\\").replace("|", "\\p")
    if part == "xl/workbook.xml":
        constant = encoded.replace('"', '""')
        text = text.replace(TEAM_MARK, escape_attribute(visible(constant)))
        found = _CONSTANT.search(text)
        if found and len(found[0]) > _LONGEST_CONSTANT:
            text = text.replace(found[0], "")
        return text
    text = text.replace(TEAM_MARK, escape(visible(team)))
    return text.replace(ENCODED_TEAM_MARK, escape(visible(encoded)))


def _team_part(blank: Blank, team: str, text: str) -> str:
    """The hidden sheet of what belongs to the team, written anew."""
    columns = team_values(blank.team_columns, blank.settings, team)
    rows = []
    for index in range(max(map(len, columns), default=0)):
        cells = "".join(
            f'<c r="{column_letters(place)}{index + 2}" t="inlineStr"><is><t>'
            f"{escape(visible(values[index]))}</t></is></c>"
            for place, values in enumerate(columns, 1)
            if index < len(values)
        )
        rows.append(f'<row r="{index + 2}">{cells}</row>')
    return _DATA.sub(lambda _: f"<sheetData>{''.join(rows)}</sheetData>", text, count=1)


def _filled(blank: Blank, judged: Mapping[str, Judged]) -> dict[str, str]:
    """The parts of sheets that hold rows, and the cover that counts them."""
    found: dict[str, str] = {}
    cover: dict[CellRef, object] = {}
    totals = [0, 0, 0]
    for name, rows in judged.items():
        form = blank.workbook.forms[name]
        strip, counts = _strip(blank, form, rows)
        sheet = _sheet_cells(blank, form, rows)
        sheet[CellRef(STRIP_ROW, 1)] = strip
        sheet[CellRef(NEXT_ROW, 1)] = _next(blank, form, rows)
        styles = _unit_styles(blank, form, rows)
        sheet = dict.fromkeys(styles) | sheet
        heights = _heights(blank, form, rows)
        found[blank.part_names[name]] = blank.parts[name].stamped(sheet, styles, heights)
        line = blank.status_rows[name]
        cover |= {CellRef(line, 4): counts[0], CellRef(line, 5): counts[1], CellRef(line, 6): strip}
        totals = [total + count for total, count in zip(totals, counts, strict=True)]
    cover[CellRef(5, 6)] = _overall(blank.workbook.lang, totals, judged)
    found[blank.part_names[""]] = blank.parts[""].stamped(cover)
    return found


def _sheet_cells(blank: Blank, form: Form, judged: Judged) -> dict[CellRef, object]:
    cells: dict[CellRef, object] = {}
    short = blank.short[form.sheet.name]
    for index, row in enumerate(judged.rows):
        number = FIRST_ROW + index
        for column in form.sheet.columns:
            values = judged.computed.get(column.name)
            value = values[index] if values else row.get(column.name)
            content = shown(blank.workbook, column, value)
            if content is not None:
                cells[CellRef(number, form.columns[column.name])] = content
        fault = judged.faults[index]
        if fault >= 0:
            cells[CellRef(number, 1)] = short[fault]
            cells[CellRef(number, form.fault_column)] = fault
        for rule, broken in enumerate(judged.broken):
            cells[CellRef(number, form.rule_column(rule))] = broken[index]
    return cells


def _unit_styles(blank: Blank, form: Form, judged: Judged) -> dict[CellRef, int]:
    """Measures of rows whose unit is a percentage or a ratio are written in that form."""
    found: dict[CellRef, int] = {}
    for column in form.sheet.columns:
        if not column.unit_from:
            continue
        units = judged.computed.get(column.unit_from)
        for index, row in enumerate(judged.rows):
            unit = units[index] if units else row.get(column.unit_from)
            kind = KINDS[column.kind].of(str(unit or ""))
            for known in ("%", "1:X"):
                if kind is KINDS[column.kind].of(known):
                    place = CellRef(FIRST_ROW + index, form.columns[column.name])
                    found[place] = blank.unit_styles[form.sheet.name, column.name, known]
    return found


def _heights(blank: Blank, form: Form, judged: Judged) -> dict[int, int]:
    """Rows whose texts need more than one line."""
    widths = blank.widths[form.sheet.name][1:]
    found: dict[int, int] = {}
    for index, row in enumerate(judged.rows):
        texts = [
            (str(shown(blank.workbook, column, row[column.name])), pixels - 12)
            for column, pixels in zip(form.visible, widths, strict=True)
            if isinstance(row.get(column.name), str)
        ]
        pixels = row_pixels(texts, minimum=_ROW_PIXELS)
        if pixels > _ROW_PIXELS:
            found[FIRST_ROW + index] = pixels
    return found


def _strip(blank: Blank, form: Form, judged: Judged) -> tuple[str, list[int]]:
    """The status strip's text; rows filled, to mend, to look at again."""
    lang = blank.workbook.lang
    checks = [blank.short[form.sheet.name][number] for number in judged.faults if number >= 0]
    wrong = [check for check in checks if check.startswith(WRONG)]
    doubtful = [check for check in checks if check.startswith(DOUBTFUL)]
    full = ""
    if len(judged.faults) == form.capacity and judged.faults[-1] >= 0:
        full = say("generate.full", lang)
    if not checks:
        return f"{EMPTY} {say('generate.strip_empty', lang)}{full}", [0, 0, 0]
    if wrong:
        text = f"{WRONG} {say('generate.strip_wrong', lang, count=len(wrong))}"
        text += "".join(_counted(wrong, say(f"generate.short_{one}", lang)) for one in CATEGORIES)
    elif doubtful:
        text = f"{DOUBTFUL} {say('generate.strip_doubtful', lang, count=len(doubtful))}"
    else:
        text = f"{FINE} {say('generate.strip_fine', lang)}"
    text += say("generate.strip_total", lang, count=len(checks)) + full
    return text, [len(checks), len(wrong), len(doubtful)]


def _counted(wrong: Sequence[str], category: str) -> str:
    count = sum(check.startswith(f"{WRONG} {category}") for check in wrong)
    return f" · {category} {count}" if count else ""


def _next(blank: Blank, form: Form, judged: Judged) -> str:
    name, lang = form.sheet.name, blank.workbook.lang
    short = blank.short[name]
    for mark in (WRONG, DOUBTFUL):
        for index, number in enumerate(judged.faults):
            if number >= 0 and short[number].startswith(mark):
                told = long_texts(blank.workbook, form, blank.faults[name])[number]
                return say("generate.next", lang, row=FIRST_ROW + index) + told
    return ""


def _overall(lang: str, totals: Sequence[int], judged: Mapping[str, Judged]) -> str:
    filled, wrong, doubtful = totals
    if not filled:
        return f"{EMPTY} {say('generate.strip_empty', lang)}"
    if wrong:
        return f"{WRONG} {say('generate.strip_wrong', lang, count=wrong)}"
    if doubtful:
        return f"{DOUBTFUL} {say('generate.cover_doubtful', lang)}"
    return f"{FINE} {say('generate.strip_fine', lang)}"
