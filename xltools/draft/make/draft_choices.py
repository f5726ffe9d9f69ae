"""Lists of choices: from dropdowns, or guessed from values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from xltools.definition.definition_model import Choice
from xltools.draft.copies_together import Column
from xltools.draft.make.drafted import DraftedColumn, DraftState, short
from xltools.draft.sketch.copy_sketch import Dropdown
from xltools.draft.understand.header_words import free_name, label_of, name_of
from xltools.ground.folding import fold
from xltools.locale import say

_MOST = 100
_FEW = 12  # different values that may be a list
_REPEATED = 3  # times each, on average, before they are taken for one
_LONGEST = 20
_SHOWN = 6
_OTHER_KINDS = ("person", "people", "span", "date", "number", "integer", "percent")


def add_choices(state: DraftState, drafted: DraftedColumn) -> None:
    """Make a column a choice, where a dropdown or repeated values say so."""
    offered = drafted.source.dropdown
    if offered is not None:
        _from_dropdown(state, drafted, offered)
    elif drafted.column.kind == "text" and not drafted.source.computed:
        _from_values(state, drafted)


def _from_dropdown(state: DraftState, drafted: DraftedColumn, offered: Dropdown) -> None:
    if offered.known and offered.words and offered.strict and len(offered.words) <= _MOST:
        name, choices = state.words.exact(offered.words) or (
            _list_name(state, drafted.source) or drafted.column.name,
            _choices(offered.words),
        )
        _make_choice(state, drafted, name, choices)
        return
    if not offered.known or not offered.words:
        source = next(check.first for check in drafted.source.validations if check.kind == "list")
        formula = "=" + short(source.lstrip("="))
        drafted.notes.append(say("draft.note.dropdown", state.lang, formula=formula))
    elif not offered.strict:
        drafted.notes.append(say("draft.note.offered", state.lang, words=_some(offered.words)))
    else:
        count = len(offered.words)
        drafted.notes.append(say("draft.note.long_list", state.lang, count=count))
    if drafted.column.kind not in _OTHER_KINDS:
        drafted.column = replace(drafted.column, kind="text", unit="")


def _from_values(state: DraftState, drafted: DraftedColumn) -> None:
    values = [str(value).strip() for value in drafted.source.filled]
    words = list(dict.fromkeys(values))
    if not words or max(map(len, words)) > _LONGEST or drafted.source.validations:
        return
    if any(not any(sign.isalpha() for sign in word) for word in words):
        return  # codes, of which others may come
    known = state.words.holding(words, drafted.column.name)
    if known:
        drafted.notes.append(say("draft.note.known_list", state.lang, words=_some(words)))
        _make_choice(state, drafted, *known)
    elif 1 < len(words) <= _FEW and len(values) >= _REPEATED * len(words):
        drafted.notes.append(say("draft.note.repeated", state.lang, count=len(values)))
        _make_choice(state, drafted, drafted.column.name, _choices(sorted(words)))


def _make_choice(
    state: DraftState, drafted: DraftedColumn, wanted: str, choices: Mapping[str, Choice]
) -> None:
    name = _list(state, wanted, choices)
    drafted.column = replace(drafted.column, kind="choice", choices=name, unit="")
    drafted.guess = False


def _list(state: DraftState, wanted: str, choices: Mapping[str, Choice]) -> str:
    """The list with these choices: one that every definition knows, else an own one."""
    if state.words.is_shared(wanted, choices):
        return wanted
    for name, own in state.lists.items():
        if list(own.values()) == list(choices.values()):
            return name
    name = free_name(wanted, [*state.lists, *state.shipped.settings.lists])
    state.lists[name] = dict(choices)
    return name


def _list_name(state: DraftState, column: Column) -> str:
    """The defined name of the range that a dropdown reads."""
    for number, one in column.cells.items():
        source = one.dropdown.source if one.dropdown else None
        for name, place in state.copies[number].names.items() if source else ():
            same = source is not None and (place[0], place[1][:2]) == (source[0], source[1][:2])
            if same and "[" not in name and name.isascii():
                return name_of(name)
    return ""


def _choices(words: Sequence[str]) -> dict[str, Choice]:
    """Words as choices: by their English name where they have one, else numbered."""
    found: dict[str, Choice] = {}
    seen: set[str] = set()
    for number, word in enumerate(words, 1):
        if fold(word) not in seen:
            seen.add(fold(word))
            label = label_of((word,))
            zh, en = label.all if label.zh != label.en else (word, word)
            found[free_name(name_of(en) or f"choice_{number}", found)] = Choice(zh, en)
    return found


def _some(words: Sequence[str]) -> str:
    shown = " / ".join(words[:_SHOWN])
    return f"{shown} …" if len(words) > _SHOWN else shown
