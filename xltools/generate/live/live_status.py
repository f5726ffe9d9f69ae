"""How a row, a sheet and a workbook stand: each said once as a formula and once as its value."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from xltools.definition import ColumnDef
from xltools.excel.links import literal
from xltools.generate.layout.entry_rules import hint
from xltools.generate.layout.form_layout import FIRST_ROW, Form
from xltools.generate.live.live_checks import CATEGORIES, DOUBTS, LiveFault
from xltools.locale import say

WRONG, DOUBTFUL, FINE, EMPTY = "✖", "▲", "✔", "○"
BLANK_ROW, TO_FILL = -1, -2  # in place of the number of a row's first fault
_HERE = "\0"  # where a formula's result goes into a sentence


class Status(msgspec.Struct, frozen=True):
    """The words for one form; ``short`` and ``long`` tell a fault by its number."""

    form: Form
    lang: str
    short: Sequence[str]
    long: Sequence[str]
    target: int = -1
    """The number of the fault that a target is not the desk's."""

    @classmethod
    def of(cls, form: Form, faults: Sequence[LiveFault], lang: str) -> Status:
        """The words for a form's faults."""
        short = [FINE, *(_short(form, fault, lang) for fault in faults)]
        long = [FINE, *(_long(form, fault, lang) for fault in faults)]
        off = [number for number, fault in enumerate(faults, 1) if fault.category == "target"]
        return cls(form, lang, short, long, *off)

    @property
    def empty(self) -> str:
        """What the strip says of a blank sheet."""
        return _marked(EMPTY, "strip_empty", self.lang)

    @property
    def to_fill(self) -> str:
        """What the check column says of a row that nobody has touched and that is not complete."""
        return _marked(EMPTY, "to_fill", self.lang)

    def strip_formula(self) -> str:
        """The line that says how the whole sheet stands."""
        form, lang = self.form, self.lang
        checks = form.range(1)
        marks = (WRONG, DOUBTFUL, "?", EMPTY)
        wrong, doubtful, filled, waiting = (count_of(checks, mark) for mark in marks)
        counted = {name: count_of(checks, f"{WRONG} {name}") for name in self._categories()}
        unchecked = f"VALUE({form.unchecked_cell})"
        wrong, filled = f"({wrong}+{unchecked})", f"({filled}+{unchecked})"
        counted[say("generate.short_unchecked", lang)] = unchecked
        counts = "".join(
            f'&IF({count}>0," · {name} "&{count},"")' for name, count in counted.items()
        )
        doubts = _marked(DOUBTFUL, "strip_doubtful", lang, count=_HERE)
        standing = _standing_formula(
            wrong, waiting, doubtful, _placed(doubts, doubtful), lang, counts=counts
        )
        total = _placed(say("generate.strip_total", lang, count=_HERE), filled)
        full = '""'
        if form.capacity > 1:
            full = f'IF({form.counted(form.last_row)}>0,{literal(say("generate.full", lang))},"")'
        return f"=IF({filled}=0,{literal(self.empty)},({standing})&{total})&{full}"

    def strip(self, faults: Sequence[int]) -> str:
        """What the strip says of rows, each given by its first fault."""
        checks = self._checks(faults)
        if not checks:
            return self.empty
        _, wrong, doubtful, waiting = self.counts(faults)
        doubts = _marked(DOUBTFUL, "strip_doubtful", self.lang, count=doubtful) if doubtful else ""
        text = _standing(wrong, waiting, doubts, self.lang)
        if wrong:
            counted = {name: _starting(checks, f"{WRONG} {name}") for name in self._categories()}
            text += "".join(f" · {name} {count}" for name, count in counted.items() if count)
        text += say("generate.strip_total", self.lang, count=len(checks))
        full = 1 < self.form.capacity == len(faults) and faults[-1] != BLANK_ROW
        return text + (say("generate.full", self.lang) if full else "")

    def counts(self, faults: Sequence[int]) -> tuple[int, int, int, int]:
        """How many rows are filled, to mend, to look at again, waiting to be filled."""
        checks = self._checks(faults)
        wrong, doubtful, waiting = (_starting(checks, mark) for mark in (WRONG, DOUBTFUL, EMPTY))
        return len(checks) - waiting, wrong, doubtful, waiting

    def next_formula(self, sentences: str) -> str:
        """The sentence about the first row to mend; ``sentences`` names the list of all."""
        checks, numbers = self.form.range(1), self.form.range(self.form.fault_column)

        def sentence(mark: str) -> str:
            first = f'MATCH("{mark}*",{checks},0)'
            where = say("generate.next", self.lang, row=_HERE)
            words = f"INDEX({sentences},VALUE(INDEX({numbers},{first}))+1)"
            return f"{_placed(where, f'({first}+{FIRST_ROW - 1})')}&{words}"

        wrong, doubtful = count_of(checks, WRONG), count_of(checks, DOUBTFUL)
        unchecked = literal(say("generate.unchecked", self.lang))
        later = f'IF({doubtful}>0,{sentence(DOUBTFUL)},"")'
        later = f'IF({self.form.unchecked_cell}<>"0",{unchecked},{later})'
        return f"=IF({wrong}>0,{sentence(WRONG)},{later})"

    def next(self, faults: Sequence[int]) -> str:
        """The same for rows given by their first faults."""
        for mark in (WRONG, DOUBTFUL):
            for index, number in enumerate(faults):
                if number >= 0 and self.short[number].startswith(mark):
                    where = say("generate.next", self.lang, row=FIRST_ROW + index)
                    return where + self.long[number]
        return ""

    def _checks(self, faults: Sequence[int]) -> list[str]:
        return [
            self.to_fill if number == TO_FILL else self.short[number]
            for number in faults
            if number != BLANK_ROW
        ]

    def _categories(self) -> list[str]:
        return [say(f"generate.short_{category}", self.lang) for category in CATEGORIES]


def overall_formula(filled: str, wrong: str, waiting: str, status: str, lang: str) -> str:
    """How the workbook stands, from the columns of the cover's lines and the rows that wait."""
    doubts = literal(_marked(DOUBTFUL, "cover_doubtful", lang))
    doubtful = count_of(status, DOUBTFUL)
    standing = _standing_formula(f"SUM({wrong})", f"({waiting})", doubtful, doubts, lang)
    empty = literal(_marked(EMPTY, "strip_empty", lang))
    return f"=IF(SUM({filled})+({waiting})=0,{empty},{standing})"


def overall(filled: int, wrong: int, doubtful: int, waiting: int, lang: str) -> str:
    """The same from how many rows are filled, to mend, to look at again, waiting."""
    if not filled + waiting:
        return _marked(EMPTY, "strip_empty", lang)
    doubts = _marked(DOUBTFUL, "cover_doubtful", lang) if doubtful else ""
    return _standing(wrong, waiting, doubts, lang)


def count_of(place: str, prefix: str) -> str:
    """The formula that counts the texts of a range that begin so."""
    return f'COUNTIF({place},"{prefix}*")'


def _standing_formula(
    wrong: str, waiting: str, doubtful: str, doubts: str, lang: str, *, counts: str = ""
) -> str:
    """The worst that holds, from formulas that count; ``doubts`` is what is said of doubtful rows.

    ``counts`` stands behind what is said of wrong ones.
    """
    to_mend = _placed(_marked(WRONG, "strip_wrong", lang, count=_HERE), wrong)
    to_fill = _placed(_marked(EMPTY, "strip_to_fill", lang, count=_HERE), waiting)
    fine = f"IF({doubtful}>0,{doubts},{literal(_marked(FINE, 'strip_fine', lang))})"
    return f"IF({wrong}>0,{to_mend}{counts},IF({waiting}>0,{to_fill},{fine}))"


def _standing(wrong: int, waiting: int, doubts: str, lang: str) -> str:
    """The same from numbers; ``doubts`` is blank where no row is doubtful."""
    if wrong:
        return _marked(WRONG, "strip_wrong", lang, count=wrong)
    if waiting:
        return _marked(EMPTY, "strip_to_fill", lang, count=waiting)
    return doubts or _marked(FINE, "strip_fine", lang)


def _marked(mark: str, key: str, lang: str, **values: object) -> str:
    return f"{mark} {say(f'generate.{key}', lang, **values)}"


def _starting(checks: Sequence[str], prefix: str) -> int:
    return sum(check.startswith(prefix) for check in checks)


def _short(form: Form, fault: LiveFault, lang: str) -> str:
    mark = DOUBTFUL if fault.category in DOUBTS else WRONG
    text = f"{mark} {say(f'generate.short_{fault.category}', lang)}"
    return f"{text} · {form.sheet.column(fault.columns[0]).label[lang]}" if fault.columns else text


def _long(form: Form, fault: LiveFault, lang: str) -> str:
    if not fault.columns:
        return say(f"generate.long_{fault.category}", lang)
    column: ColumnDef = form.sheet.column(fault.columns[0])
    if fault.rule is not None:
        message = form.sheet.rules[fault.rule].message[lang]
    else:
        message = say(f"generate.long_{fault.category}", lang, hint=hint(column, lang))
    return say("generate.long", lang, label=column.label[lang], message=message)


def _placed(sentence: str, formula: str) -> str:
    """A sentence with a formula's result in it."""
    before, _, after = sentence.partition(_HERE)
    parts = (literal(before) if before else "", formula, literal(after) if after else "")
    return "&".join(part for part in parts if part)
