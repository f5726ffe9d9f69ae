"""A definition as TOML, laid out like the shipped ones: one line a column, notes above it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from xltools.definition import ColumnDef, Definition, LocalText, Rule
from xltools.definition.definition_model import Choice
from xltools.draft.make.drafted import ORDINARY_ROWS, DraftedColumn, DraftedSheet

_EXACT = 2**53


def toml_of(definition: Definition, sheets: Sequence[DraftedSheet], head: Sequence[str]) -> str:
    """The whole file."""
    lines = [*(f"# {line}" for line in head)]
    lines += [f"name = {_text(definition.name)}", f"version = {definition.version}"]
    lines += [f"title = {_value(definition.title)}", f"about = {_value(definition.about)}"]
    for name, choices in definition.lists.items():
        lines += ["", *_list(name, choices)]
    for drafted, sheet in zip(sheets, definition.sheets, strict=True):
        lines += ["", "[[sheets]]", f"name = {_text(sheet.name)}", f"title = {_value(sheet.title)}"]
        lines.append(f"about = {_value(sheet.about)}")
        if sheet.aliases:
            lines.append(f"aliases = {_value(sheet.aliases)}")
        if sheet.capacity != ORDINARY_ROWS:
            lines.append(f"capacity = {sheet.capacity}")
        lines += [f"# {_one_line(note)}" for note in drafted.notes]
        lines += ["columns = [", *_columns(drafted.columns), "]"]
        if sheet.rules:
            lines += ["rules = [", *(f"  {_table(_rule(one))}," for one in sheet.rules), "]"]
    return "\n".join(lines) + "\n"


def _list(name: str, choices: Mapping[str, Choice]) -> Iterator[str]:
    yield f"[lists.{name}]"
    for choice, words in choices.items():
        pairs: dict[str, object] = {"zh": words.zh, "en": words.en}
        if words.aliases:
            pairs["aliases"] = words.aliases
        yield f"{choice} = {_table(pairs)}"


def _columns(columns: Sequence[DraftedColumn]) -> Iterator[str]:
    for one in columns:
        for note in one.notes:
            yield f"  # {_one_line(note)}"
        yield f"  {_table(_stated(one.column))},"


def _stated(column: ColumnDef) -> dict[str, object]:
    """The keys of a column that differ from what holds anyway."""
    plain = ColumnDef(name="", label=LocalText("", ""), kind="")
    fields = {field: getattr(column, field) for field in column.__struct_fields__}
    return {name: value for name, value in fields.items() if value != getattr(plain, name)}


def _rule(rule: Rule) -> dict[str, object]:
    stated: dict[str, object] = {"name": rule.name, "check": rule.check, "columns": rule.columns}
    if rule.severity != "error":
        stated["severity"] = rule.severity
    return {**stated, "message": rule.message}


def _table(pairs: Mapping[str, object]) -> str:
    return "{ " + ", ".join(f"{name} = {_value(value)}" for name, value in pairs.items()) + " }"


def _value(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            whole = isinstance(value, float) and value.is_integer() and abs(value) < _EXACT
            return json.dumps(int(value) if whole else value)
        case str():
            return _text(value)
        case tuple() | list():
            return "[" + ", ".join(map(_value, value)) + "]"
        case msgspec.Struct():
            return _table({name: getattr(value, name) for name in value.__struct_fields__})
    raise TypeError(type(value))


def _text(text: str) -> str:
    """A basic string; JSON's escapes are TOML's, too, but for the delete sign."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _one_line(note: str) -> str:
    """A comment; TOML allows no control characters in it."""
    return "".join(sign if sign.isprintable() else " " for sign in note)
