"""How the live checks are worded, short in a row's check cell and in full above the table."""

from __future__ import annotations

from xltools.definition import ColumnDef
from xltools.excel.links import literal
from xltools.generate.faults import CATEGORIES, LiveFault
from xltools.generate.form import FIRST_ROW, Form, Workbook
from xltools.locale import say

WRONG, DOUBTFUL, FINE, EMPTY = "✖", "▲", "✔", "○"


def label(column: ColumnDef, lang: str) -> str:
    """A column's label, with its unit in brackets."""
    return f"{column.label[lang]}({column.unit})" if column.unit else column.label[lang]


def short_texts(workbook: Workbook, form: Form, faults: list[LiveFault]) -> list[str]:
    """What the check cell says, by a fault's number."""
    return [FINE, *(_short(workbook.lang, form, fault) for fault in faults)]


def long_texts(workbook: Workbook, form: Form, faults: list[LiveFault]) -> list[str]:
    """The whole sentence, by a fault's number."""
    return [FINE, *(_long(workbook.lang, form, fault) for fault in faults)]


def _short(lang: str, form: Form, fault: LiveFault) -> str:
    mark = DOUBTFUL if fault.category == "doubt" else WRONG
    name = form.sheet.column(fault.columns[0]).label[lang]
    return f"{mark} {say(f'generate.short_{fault.category}', lang)} · {name}"


def _long(lang: str, form: Form, fault: LiveFault) -> str:
    column = form.sheet.column(fault.columns[0])
    if fault.rule is not None:
        message = form.sheet.rules[fault.rule].message[lang]
    else:
        message = say(f"generate.long_{fault.category}", lang, hint=_limits(column, lang))
    return say("generate.long", lang, label=column.label[lang], message=message)


def _limits(column: ColumnDef, lang: str) -> str:
    from xltools.generate.entry import hint

    return hint(column, lang)


def strip_formula(form: Form, lang: str) -> str:
    """The line that says how the whole sheet stands."""
    checks = form.range(1)
    counts = "".join(
        f'&IF({count_of(checks, prefix)}>0," · {said} "&{count_of(checks, prefix)},"")'
        for category in CATEGORIES
        for said in [say(f"generate.short_{category}", lang)]
        for prefix in [f"{WRONG} {said}"]
    )
    wrong, doubtful, filled = (count_of(checks, mark) for mark in (WRONG, DOUBTFUL, "?"))
    full = f'IF({form.counted(form.last_row)}>0,{literal(say("generate.full", lang))},"")'
    total = placed(say("generate.strip_total", lang, count="\0"), filled)
    return (
        f"=IF({filled}=0,{literal(EMPTY + ' ' + say('generate.strip_empty', lang))},"
        f"IF({wrong}>0,{placed(WRONG + ' ' + say('generate.strip_wrong', lang, count=chr(0)), wrong)}{counts},"
        f"IF({doubtful}>0,{placed(DOUBTFUL + ' ' + say('generate.strip_doubtful', lang, count=chr(0)), doubtful)},"
        f"{literal(FINE + ' ' + say('generate.strip_fine', lang))}))&{total})&{full}"
    )


def next_formula(form: Form, faults_name: str, lang: str) -> str:
    """The sentence about the first row to mend; where there is none, nothing."""
    checks, numbers = form.range(1), form.range(form.fault_column)

    def told(mark: str) -> str:
        first = f'MATCH("{mark}*",{checks},0)'
        row = f"({first}+{FIRST_ROW - 1})"
        sentence = f"INDEX({faults_name},INDEX({numbers},{first})+1)"
        return f"{placed(say('generate.next', lang, row=chr(0)), row)}&{sentence}"

    wrong, doubtful = count_of(checks, WRONG), count_of(checks, DOUBTFUL)
    return f'=IF({wrong}>0,{told(WRONG)},IF({doubtful}>0,{told(DOUBTFUL)},""))'


def count_of(place: str, prefix: str) -> str:
    """The formula that counts the texts of a range that begin so."""
    return f'COUNTIF({place},"{prefix}*")'


def placed(sentence: str, formula: str) -> str:
    """A sentence with a formula's result in place of its mark."""
    before, _, after = sentence.partition("\0")
    return "&".join(part for part in (_text(before), formula, _text(after)) if part)


def _text(text: str) -> str:
    return literal(text) if text else ""
