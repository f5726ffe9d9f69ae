"""Texts of one row compared with those of all others: helper cells, so that many rows stay quick.

COUNTIF finds a text among thousands at once, but takes ``*``, ``?`` and ``~`` for wildcards, ``<5``
for a comparison and 007 for 7, and none longer than 255 characters. So it compares keys, in which
nothing of that is left; a longer text is compared with every cell, one by one.
"""

from __future__ import annotations

from xltools.definition import ColumnDef
from xltools.excel.writing.serial_values import cached
from xltools.generate.layout.form_layout import Form, Names

_WIDE = {"~": "～", "*": "＊", "?": "？"}  # which are not taken for wildcards
LONGEST_KEY = 254  # COUNTIF looks for 255 characters, of which the mark is one
_MARK = "k"  # before every key: no number begins so, and no comparison
_LONG = "…"  # a text that is too long for a key


def key_formula(cell: str) -> str:
    """The key of a cell; nothing where it is blank or an error, and of a long text only a mark."""
    text = f'{cell}&""'
    for sign, wide in _WIDE.items():
        text = f'SUBSTITUTE({text},"{sign}","{wide}")'
    key = f'IF(LEN({cell})>{LONGEST_KEY},"{_LONG}","{_MARK}"&{text})'
    return f'IFERROR(IF(TRIM({cell})="","",{key}),"")'


def key_text(content: object) -> str:
    """The same for what a cell holds."""
    plain = cached(content)
    text = f"{plain:.15g}" if isinstance(plain, float) else "" if plain is None else str(plain)
    if not text.strip(" "):
        return ""
    return _LONG if len(text) > LONGEST_KEY else _MARK + widened(text)


def widened(text: str) -> str:
    """A text as keys compare it, case aside."""
    for sign, wide in _WIDE.items():
        text = text.replace(sign, wide)
    return text


def repeated(form: Form, column: ColumnDef) -> str:
    """Whether another row has the same in a column, where a row has anything."""
    key = form.key_column(column.name)
    return _among(form.cell(key), form.range(key), "1", repeated_at_once(form, column))


def repeated_at_once(form: Form, column: ColumnDef) -> str:
    """The same while it is typed: no helper cell is computed yet."""
    cells, cell = form.range(column.name), form.cell(column.name)
    return f"ISNUMBER({first_place(f'({_equal(cells, cell)})*(ROW({cells})<>ROW({cell}))>0')})"


def unknown(form: Form, column: ColumnDef, names: Names) -> str:
    """Whether nothing in the column that this one refers to is the same."""
    sheet, _, other = column.reference.partition(".")
    key = form.cell(form.key_column(column.name))
    if sheet == form.sheet.name:
        keys, cells = form.range(form.key_column(other)), form.range(other)
    else:
        keys, cells = names.key(column.reference), names.of(sheet, other)
    found = f"ISNUMBER({first_place(_equal(cells, form.cell(column.name)))})"
    return f"NOT({_among(key, keys, '0', found)})"


def first_place(test: str) -> str:
    """The first place where a test of a range holds, #N/A where none does.

    MATCH and COUNTIF on the cells themselves would take ``*``, ``?`` and ``~`` as wildcards; a sum
    of the test would be an error wherever one cell of the range is. INDEX makes it an array.
    """
    return f"MATCH(TRUE,INDEX({test},0),0)"


def _among(key: str, keys: str, more_than: str, otherwise: str) -> str:
    """Whether a key is among others more often than so; ``otherwise`` says it of long ones."""
    return f'IF({key}="{_LONG}",{otherwise},COUNTIF({keys},{key})>{more_than})'


def _equal(cells: str, cell: str) -> str:
    """As texts: 12 and "12" are one, and a blank cell does not equal 0."""
    return f'{cells}&""={cell}&""'
