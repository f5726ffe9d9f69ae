"""A team's workbook from a layout: its name, its people and its rows put into a copy."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from xltools.excel.cell_text import escape, escape_attribute, visible
from xltools.excel.text_size import row_pixels
from xltools.generate.draw.blank_workbook import (
    DUE_MARK,
    ENCODED_TEAM_MARK,
    TEAM_MARK,
    UNITS,
    Blank,
)
from xltools.generate.draw.cover_sheet import FILLED, OVERALL, STATUS, TO_MEND
from xltools.generate.draw.sheet_part import rendered
from xltools.generate.fill.cached_results import Judged
from xltools.generate.layout.column_styles import cell_content, row_height
from xltools.generate.layout.dropdown_lists import team_targets, team_values
from xltools.generate.layout.form_layout import FIRST_ROW, NEXT_ROW, STRIP_ROW, Form
from xltools.generate.layout.helper_keys import key_text
from xltools.generate.live.live_status import BLANK_ROW, TO_FILL, overall
from xltools.ground.cells import CellRef, column_letters
from xltools.kinds import KINDS

_MARKED = ("xl/sharedStrings.xml", "xl/workbook.xml", "docProps/core.xml", "docProps/custom.xml")
_LONGEST_CONSTANT = 255
_CONSTANT = re.compile(r'<definedName name="xltools_identity">"(.*?)"</definedName>')
_DATA = re.compile(r"<sheetData>.*</sheetData>|<sheetData/>", re.DOTALL)


def stamped(blank: Blank, team: str, judged: Mapping[str, Judged]) -> bytes:
    """The workbook of a team that begins with some rows."""
    texts = {
        name: _with_name(blank.package.text(name), team, str(blank.settings.due(team) or "—"), name)
        for name in _MARKED
        if name in blank.package
    }
    if judged:
        texts |= _with_rows(blank, judged)
    if blank.team_part:
        texts[blank.team_part] = _team_part(blank, team)
    return blank.package.stamped({name: text.encode() for name, text in texts.items()})


def _with_name(text: str, team: str, due: str, part: str) -> str:
    """A part with the team's name and deadline in place of their marks."""
    encoded = visible(team.replace("\\", "\\\\").replace("|", "\\p"))
    if part != "xl/workbook.xml":
        text = text.replace(TEAM_MARK, escape(visible(team))).replace(DUE_MARK, due)
        return text.replace(ENCODED_TEAM_MARK, escape(encoded))
    text = text.replace(TEAM_MARK, escape_attribute(encoded.replace('"', '""')))
    found = _CONSTANT.search(text)
    too_long = found and len(found[1]) > _LONGEST_CONSTANT
    return text.replace(found[0], "") if found and too_long else text


def _team_part(blank: Blank, team: str) -> str:
    """The hidden sheet of what belongs to the team, written anew."""
    columns: list[Sequence[object]] = []
    columns += team_values(blank.team_columns, blank.settings, team)
    if any(form.sheet.states_targets for form in blank.workbook.forms.values()):
        columns += team_targets(blank.settings, team, blank.workbook.lang)
    rows = []
    for index in range(max(map(len, columns), default=0)):
        cells = "".join(
            rendered(f"{column_letters(place)}{index + 2}", "", "", values[index])
            for place, values in enumerate(columns, 1)
            if index < len(values)
        )
        rows.append(f'<row r="{index + 2}">{cells}</row>')
    grid = f"<sheetData>{''.join(rows)}</sheetData>"
    return _DATA.sub(lambda _: grid, blank.package.text(blank.team_part), count=1)


def _with_rows(blank: Blank, judged: Mapping[str, Judged]) -> dict[str, str]:
    """The parts of sheets that hold rows, and the cover that counts them."""
    found: dict[str, str] = {}
    cover: dict[CellRef, object] = {}
    counted = []
    for name, rows in judged.items():
        form, status = blank.workbook.forms[name], blank.status[name]
        strip, counts = status.strip(rows.shown), status.counts(rows.shown)
        styles = _unit_styles(blank, form, rows)
        cells = dict.fromkeys(styles) | _cells(blank, form, rows)
        cells[CellRef(STRIP_ROW, 1)] = strip
        cells[CellRef(NEXT_ROW, 1)] = status.next(rows.shown)
        part = blank.parts[name].stamped(cells, styles, _heights(blank, form, rows))
        found[blank.part_names[name]] = part
        line = blank.status_rows[name]
        cover |= {
            CellRef(line, FILLED): counts[0],
            CellRef(line, TO_MEND): counts[1],
            CellRef(line, STATUS): strip,
        }
        counted.append(counts)
    filled, wrong, doubtful, waiting = map(sum, zip(*counted, strict=True))
    cover[OVERALL] = overall(filled, wrong, doubtful, waiting, blank.workbook.lang)
    found[blank.part_names[""]] = blank.parts[""].stamped(cover)
    return found


def _cells(blank: Blank, form: Form, judged: Judged) -> dict[CellRef, object]:
    """What the rows hold and what their formulas show."""
    cells: dict[CellRef, object] = {}
    status = blank.status[form.sheet.name]
    for index, row in enumerate(judged.rows):
        number = FIRST_ROW + index
        for column in form.sheet.columns:
            values = judged.computed.get(column.name)
            content = cell_content(
                blank.workbook, column, values[index] if values else row.get(column.name)
            )
            if content is not None:
                cells[CellRef(number, form.columns[column.name])] = content
            if column.name in form.keyed:
                cells[CellRef(number, form.key_column(column.name))] = key_text(content)
        fault = judged.faults[index]
        if fault != BLANK_ROW:
            waits = judged.shown[index] == TO_FILL
            said = status.to_fill if waits else status.short[fault]
            cells[CellRef(number, 1)] = said + judged.beside[index]
            if judged.begun[index]:
                cells[CellRef(number, form.begun_column)] = judged.begun[index]
            cells[CellRef(number, form.fault_column)] = str(fault)
            for rule, broken in enumerate(judged.broken):
                cells[CellRef(number, form.rule_column(rule))] = broken[index]
            for part, found in enumerate(judged.parts, 1):
                cells[CellRef(number, form.part_column(part))] = found[index]
            for place, texts in judged.colours.items():
                cells[CellRef(number, place)] = texts[index]
    return cells


def _unit_styles(blank: Blank, form: Form, judged: Judged) -> dict[CellRef, int]:
    """Measures of rows whose unit is a percentage or a ratio are written in that form."""
    found: dict[CellRef, int] = {}
    for column in form.sheet.columns:
        if not column.unit_from:
            continue
        kind = KINDS[column.kind]
        forms = {kind.of(unit): unit for unit in UNITS}
        units = judged.computed.get(column.unit_from)
        for index, row in enumerate(judged.rows):
            unit = units[index] if units else row.get(column.unit_from)
            known = forms.get(kind.of(str(unit or "")))
            if known:
                place = CellRef(FIRST_ROW + index, form.columns[column.name])
                found[place] = blank.unit_styles[form.sheet.name, column.name, known]
    return found


def _heights(blank: Blank, form: Form, judged: Judged) -> dict[int, int]:
    """Rows whose texts need more than one line."""
    widths = blank.widths[form.sheet.name][1:]
    found: dict[int, int] = {}
    least = row_height(form)
    for index, row in enumerate(judged.rows):
        texts = [
            (str(cell_content(blank.workbook, column, row[column.name])), pixels - 4)
            for column, pixels in zip(form.visible, widths, strict=True)
            if isinstance(row.get(column.name), str)
        ]
        pixels = row_pixels(texts, minimum=least)
        if pixels > least:
            found[FIRST_ROW + index] = pixels
    return found
