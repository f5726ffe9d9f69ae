"""Unknown and missing keys and wrong types in a definition file, each with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import inspect

from xltools.definition.definition_model import Choice, Definition
from xltools.definition.local_text import LocalText

Mistake = tuple[str, dict[str, object]]

_TYPES = {
    inspect.StrType: ("text", (str,)),
    inspect.IntType: ("number", (int,)),
    inspect.FloatType: ("number", (int, float)),
    inspect.BoolType: ("truth", (bool,)),
    inspect.VarTupleType: ("list", (list,)),
    inspect.DictType: ("table", (dict,)),
    inspect.StructType: ("table", (dict,)),
}
_UNNAMED = ("sheets", "columns")  # what stands in them is called by its own name


def shape_mistakes(raw: Mapping[str, object]) -> Iterator[Mistake]:
    """Every unknown or missing key and every wrong type of a definition as TOML gives it."""
    yield from _of(raw, inspect.type_info(Definition), "")


def _of(value: object, kind: Any, where: str) -> Iterator[Mistake]:
    if isinstance(kind, inspect.UnionType):
        kind = next((one for one in kind.types if _fits(value, one)), kind.types[0])
    if isinstance(kind, inspect.LiteralType):
        if value not in kind.values:
            allowed = " / ".join(map(str, kind.values))
            yield "errors.definition.bad_value", _at(where, name=value, allowed=allowed)
    elif not _fits(value, kind):
        expected = next(name for one, (name, _) in _TYPES.items() if isinstance(kind, one))
        yield f"errors.definition.needs_{expected}", _at(where, name=str(value)[:40] or "-")
    elif isinstance(value, dict):
        yield from _of_table(value, kind, where)
    elif isinstance(value, list):
        for number, item in enumerate(value, 1):
            name = item.get("name") if isinstance(item, dict) else None
            yield from _of(item, kind.item_type, _path(where, str(name or number)))


def _of_table(table: dict[str, object], kind: Any, where: str) -> Iterator[Mistake]:
    if isinstance(kind, inspect.DictType):
        for name, value in table.items():
            yield from _of(value, kind.value_type, _path(where, name))
        return
    fields = {field.encode_name: field for field in kind.fields}
    for name in table:
        if name not in fields:
            yield _unknown(name, list(fields), where)
    for name, field in fields.items():
        if name in table:
            inner = where if name in _UNNAMED else _path(where, name)
            yield from _of(table[name], field.type, inner)
        elif field.required:
            text = kind.cls in (LocalText, Choice)
            key = f"errors.definition.no_{name}" if text else "errors.definition.no_key"
            yield key, _at(where) if text else _at(where, name=name)


def nearest_name(name: str, known: Sequence[str]) -> str:
    """The known name that was probably meant, or "" when none is near."""
    from rapidfuzz import process

    # Of `sheet.column` the column is what is misspelt; that the sheets agree says nothing.
    near = process.extractOne(
        name, known, processor=lambda one: one.rpartition(".")[2], score_cutoff=60
    )
    return str(near[0]) if near else ""


def _unknown(name: str, known: list[str], where: str) -> Mistake:
    near = nearest_name(name, known)
    if near:
        return "errors.definition.unknown_key_near", _at(where, name=name, near=near)
    return "errors.definition.unknown_key", _at(where, name=name, allowed=", ".join(known))


def _fits(value: object, kind: Any) -> bool:
    types = next((types for one, (_, types) in _TYPES.items() if isinstance(kind, one)), ())
    # A truth is a number to Python, and to nobody else.
    return isinstance(value, types) and isinstance(value, bool) == (types == (bool,))


def _path(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _at(where: str, **values: object) -> dict[str, object]:
    return {"path": where or "-", **values}
