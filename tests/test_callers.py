"""Every caller of a sentence gives every gap of it a value that is not plainly empty.

What varies is held to the same by `conftest`, whatever test makes the program speak.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from functools import cache
from string import Formatter
from typing import NamedTuple

from spoken import trees

from xltools.issues import Code
from xltools.locale import sentences

ZH = sentences("zh")

# Function → rooms in which its first text argument may be a key.
SAYING = {
    "say": ("", "evaluate."),
    "template": ("evaluate.",),
    "text": ("cli.", "desk."),
    "Error": ("", "errors."),  # XltoolsError and its kinds
    "ExpressionError": ("",),
    "FileRefused": ("",),
    "Refusal": ("",),
}
# Where faults are reported: which parameters follow the code, and what each gives by itself.
REPORTING = {
    "issue": ((), set()),
    "add": (("column", "row"), {"label", "table", "of"}),
    "report": (("text", "column", "index", "value", "suggestion"), {"label", "table", "of"}),
}

# Given where the sentence is put together, for all callers of that function.
ALWAYS = {
    "ExpressionError": {"text", "position"},
    "Refusal": {"value"},
    "template": set(map(str, range(10))),  # filled by figures
}
# The reader of the sheet adds its title (`of_sheet`).
ADDED = {"excel/reading/": {"sheet"}}


class Caller(NamedTuple):
    """One call, the sentences it may mean, and what it gives them."""

    place: str
    keys: frozenset[str]
    fixed: bool
    given: dict[str, ast.expr]

    def lacks(self, key: str) -> set[str]:
        added = (names for room, names in ADDED.items() if self.place.startswith(room))
        return gaps(key) - set(self.given) - set().union(*added)


def gaps(key: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(ZH[key]) if name}


@cache
def callers() -> tuple[Caller, ...]:
    return tuple(found for file, tree in trees().items() for found in _callers(file, tree))


def _callers(file: str, tree: ast.Module) -> Iterator[Caller]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
        if name.endswith(("Error", "Warning")) and name not in SAYING:
            name = "Error"
        rooms = SAYING.get(name, ())
        if name == "text":  # of the room that it is called in
            rooms = [room for room in rooms if file.startswith(room.replace(".", "/"))]
        if rooms:
            said = [pattern for argument in node.args[:2] for pattern in texts(argument)]
            keys = {key for room in rooms for one in said for key in matching(room + one)}
            given = dict.fromkeys(ALWAYS.get(name, ()), ast.Constant(name))
            if name == "Refusal":
                given |= dict(zip(["suggestion"], node.args[1:], strict=False))
                given |= _literal(node.args[2:])
        elif name in REPORTING and node.args:
            following, own = REPORTING[name]
            given = dict(zip(following, node.args[1:], strict=False))
            given |= dict.fromkeys(own, ast.Constant(name))
            named = next((one.value for one in node.keywords if one.arg == "text"), None)
            named = named or given.get("text")
            said = [*texts(named)]
            keys = set(_reported(node, named))
        else:
            continue
        if keys:
            given |= {one.arg: one.value for one in node.keywords if one.arg}
            given |= _handed_on(node, tree)
            if {"column", "of"} <= set(given):
                given["label"] = given["column"]
            if "of" in given:
                given["table"] = given["of"]
            if "other_file" in given:
                given["other_name"] = given["other_file"]
            fixed = not any(UNKNOWN in one for one in said)
            yield Caller(f"{file}:{node.lineno}", frozenset(keys), fixed, given)


def _reported(node: ast.Call, named: ast.expr | None) -> Iterator[str]:
    """The sentences of an issue: its own text's, else its code's."""
    said = list(texts(named))
    keys = [key for one in said if one for key in matching(rf"(?:issues\.)?{one}")]
    if not keys or "" in said:
        keys += [key for one in texts(node.args[0]) for key in matching(rf"issues\.{one}")]
    return iter(keys)


def _handed_on(node: ast.Call, tree: ast.Module) -> dict[str, ast.expr]:
    """What ``**values`` and ``details=values`` give: the keys of their module's dicts."""
    handed = [one.value for one in node.keywords if one.arg in (None, "details")]
    if not handed:
        return {}
    named = any(not isinstance(one, ast.Dict) for one in handed)
    return _literal([tree] if named else handed)


def _literal(roots: Sequence[ast.AST]) -> dict[str, ast.expr]:
    """Keys and values of every dict that is written out there."""
    return {
        key.value: value
        for root in roots
        for one in ast.walk(root)
        if isinstance(one, ast.Dict)
        for key, value in zip(one.keys, one.values, strict=True)
        if isinstance(key, ast.Constant)
    }


UNKNOWN = "[^.]+"


def texts(node: ast.AST | None) -> Iterator[str]:
    """What an expression may say, as patterns; nothing where that is not to be seen."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield re.escape(node.value)
    elif isinstance(node, ast.IfExp):
        yield from texts(node.body)
        yield from texts(node.orelse)
    elif isinstance(node, ast.JoinedStr):
        pieces = [next(texts(piece), UNKNOWN) for piece in node.values]
        if any(re.search("[a-z]{2}", piece) for piece in pieces):
            yield "".join(pieces)
    elif isinstance(node, ast.FormattedValue):
        yield from texts(node.value)
    elif isinstance(node, ast.Attribute) and node.attr in Code.__members__:
        yield re.escape(Code[node.attr])


@cache
def matching(pattern: str) -> tuple[str, ...]:
    found = re.compile(pattern)
    return tuple(key for key in ZH if found.fullmatch(key))


def may_be_empty(value: ast.expr) -> bool:
    """Whether the code itself says that nothing may stand there."""
    if isinstance(value, ast.Constant):
        return value.value in ("", None)
    if isinstance(value, ast.IfExp):
        return may_be_empty(value.body) or may_be_empty(value.orelse)
    return isinstance(value, ast.BoolOp) and may_be_empty(value.values[-1])


# What a text beside it in the same call depends on, too: the one is never without the other.
TOGETHER = {("check/validate/table_build.py", "read"), ("check/validate/table_build.py", "value")}


def test_every_caller_fills_every_gap() -> None:
    found = [
        (one.place, key, one.lacks(key))
        for one in callers()
        for key in sorted(one.keys)
        if one.fixed and one.lacks(key)
    ]
    assert found == []


def test_no_caller_fills_a_gap_with_nothing() -> None:
    found = [
        (one.place, key, gap)
        for one in callers()
        for key in sorted(one.keys)
        for gap in gaps(key)
        if one.fixed
        and may_be_empty(one.given.get(gap, ast.Constant("added")))
        and (one.place.partition(":")[0], gap) not in TOGETHER
    ]
    assert found == []


# Sentences whose key is put together from data: what they are given is seen when they are said.
BY_DATA = {
    "issues.": "fallbacks and details by what was found; test_check_answer says each",
    "check.many.": "the values of the first of many issues",
    "kinds.": "notes on readings; test_kinds_forms",
    "errors.definition.": "mistakes are yielded; test_definition says them",
    "expressions.": "one function adds text and position; test_expressions says each",
    "demo.": "a step's own values; test_demo",
    "generate.strip_": "counts of the status strip",
    "evaluate.cards.score_note": "filled by figures",
}


def test_every_sentence_with_gaps_has_a_caller_that_fills_them() -> None:
    told = {key for one in callers() for key in one.keys if not one.lacks(key)}
    silent = [key for key in ZH if gaps(key) and key not in told]
    assert [key for key in silent if not key.startswith(tuple(BY_DATA))] == []
    assert all(any(key.startswith(room) for key in silent) for room in BY_DATA)


def test_the_rules_notice_what_they_are_for() -> None:
    tree = ast.parse('say("cli.check.returned", lang, count=1 if x else "")')
    [caller] = _callers("somewhere.py", tree)
    assert caller.lacks("cli.check.returned") == {"folder"}
    assert may_be_empty(caller.given["count"])
