"""One of a list's values, under its language-free name."""

from __future__ import annotations

from xltools.ground.folding import fold
from xltools.issues import Code
from xltools.kinds.base import Kind
from xltools.kinds.cell_reading import Cell, Column, ReadValue, Refusal, Setting, unread
from xltools.kinds.grammar.opposites import opposed
from xltools.kinds.typed_text import is_blank, narrow, shown

_LEAST_LIKE = 60
_LEAD = 10
_MOST_OFFERED = 12


class Choice(Kind):
    """Any label, alias or name of the list, exact after folding; a near miss is only suggested."""

    name = "choice"
    align = "center"
    logged = False

    def quick(self, column: Column) -> tuple[list[object], list[int]]:
        values, labels = column.values, column.setting.labels
        names = {v: labels.get(fold(v)) for v in {v for v in values if type(v) is str}}
        read: list[object] = [names[v] if type(v) is str else None for v in values]
        return read, unread(column.values, read)

    def read(self, cell: Cell) -> ReadValue:
        setting = cell.setting
        text = shown(cell.raw, cell.percent)
        name = setting.labels.get(fold(text))
        if name is not None:
            return ReadValue(name)
        if is_blank(narrow(text)):
            return ReadValue(None)
        offered = list(setting.choice_labels)
        more = "…" if len(offered) > _MOST_OFFERED else ""
        raise Refusal(
            "kinds.not_a_choice",
            _nearest(fold(text), setting),
            code=Code.CELL_CHOICE,
            choices=" / ".join(offered[:_MOST_OFFERED]) + more,
        )


def _nearest(text: str, setting: Setting) -> str:
    """The label that was most likely meant, in the workbook's language; "" without a clear one."""
    own = {setting.labels.get(fold(label), label): label for label in setting.choice_labels}
    holding = {
        name for label, name in setting.labels.items() if name in own and _holds(text, label)
    }
    if len(holding) == 1:
        return own[holding.pop()]
    if holding:
        return ""
    from rapidfuzz.fuzz import ratio

    likeness: dict[str, float] = {}
    for label, name in setting.labels.items():
        if name in own and not opposed(text, label):
            likeness[name] = max(likeness.get(name, 0.0), ratio(text, label))
    ranked = sorted(likeness.items(), key=lambda entry: -entry[1])
    if not ranked or ranked[0][1] < _LEAST_LIKE:
        return ""
    if len(ranked) > 1 and ranked[0][1] - ranked[1][1] < _LEAD:
        return ""
    return own[ranked[0][0]]


def _holds(text: str, label: str) -> bool:
    """Whether one of the two is a part of the other, and not denied by it: 不紧急 is not 紧急."""
    if len(text) > 1 and text in label:
        return True
    at = text.find(label) if label else -1
    return at == 0 or (at > 0 and text[at - 1] not in "不非未没无")
