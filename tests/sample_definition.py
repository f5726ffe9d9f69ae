"""A definition that uses everything the language has; one sheet asks, another is looked through."""

from __future__ import annotations

import msgspec

from xltools.definition.catalog import Catalog
from xltools.definition.definition_model import Definition

_TEXT = {"zh": "文字", "en": "text"}


def _column(name: str, kind: str, **more: object) -> dict[str, object]:
    return {"name": name, "kind": kind, "label": _TEXT, **more}


_COLUMNS = [
    _column("name", "text"),
    _column("class", "choice", choices="grade"),
    _column("basis", "choice", choices="basis"),
    _column("amount", "number"),
    _column("share", "percent"),
    _column("return", "ratio"),
    _column("day", "date"),
    _column("until", "date"),
    _column("due", "span"),
    _column("note", "text"),
    _column("owner", "people"),
]

SAMPLE = {
    "name": "sample",
    "version": 1,
    "title": _TEXT,
    "about": _TEXT,
    "lists": {
        "grade": {"good": {"zh": "好", "en": "good"}, "poor": {"zh": "差", "en": "poor"}},
    },
    "functions": {
        "half": {"arguments": ["x"], "value": "x / 2", "about": _TEXT},
        "quarter": {"arguments": ["x"], "value": "half(half(x))", "about": _TEXT},
        "first_filled": {
            "arguments": ["a", "b"],
            "value": "None if blank(a) and blank(b) else a if not blank(a) else b",
            "about": _TEXT,
        },
    },
    "sheets": [
        {
            "name": "rows",
            "title": _TEXT,
            "about": _TEXT,
            "columns": [
                *_COLUMNS,
                _column("both", "number", compute="amount + share"),
                _column(
                    "grade", "choice", choices="grade", compute="lookup(more.class, name=name)"
                ),
            ],
        },
        {"name": "more", "title": _TEXT, "about": _TEXT, "columns": _COLUMNS},
    ],
}

EXPRESSIONS = [
    "amount",
    "name",
    "day",
    "class",
    "'文字'",
    "-amount",
    "amount + share * 2 - -share",
    "amount / share",
    "amount / (share - 0.6)",
    "1 / 3 * amount / 3",
    "day - until",
    "day + 7",
    "until - amount / 10",
    "days(day, until)",
    "year(day) * 100 + month(day)",
    "round(amount / share, 6)",
    "round(amount * 1.005, 2)",
    "round(-amount / 8, 0)",
    "round(amount, -2)",
    "abs(amount - share)",
    "sum(amount, share, return)",
    "sum(amount / share, share, 1)",
    "min(amount, share, return)",
    "max(amount, share / return, 0.5)",
    "max(day, until)",
    "coalesce(amount, share, return)",
    "coalesce(amount / share, share / amount, 0)",
    "coalesce(name, note)",
    "coalesce(basis, lookup(library.basis, metric=name), choices.basis.higher)",
    "half(amount)",
    "quarter(amount + share)",
    "first_filled(amount, share)",
    "first_filled(name, '空')",
    "amount if day > until else share",
    "amount if class == choices.grade.good else None",
    "choices.grade.good if amount > share else choices.grade.poor if amount < share else class",
    "'大' if amount >= 50 else note",
    "parameters.on_target * amount",
    "None",
    "lookup(more.amount, name=name)",
    "lookup(more.name, name=name)",
    "lookup(more.note, name=name, class=class)",
    "lookup(more.class, name=note)",
    "lookup(more.day, amount=amount)",
    "lookup(more.amount, day=day)",
    "lookup(more.amount, amount=share)",
    "lookup(rows.both, name=note)",
    "lookup(library.unit, metric=name)",
    "lookup(more.amount, name=lookup(more.note, name=name))",
    "total(amount)",
    "total(more.amount)",
    "total(amount, name=name)",
    "total(more.amount, name=name, class=class)",
    "total(more.amount, name='张*')",
    "total(more.amount, class=choices.grade.good)",
    "total(amount, amount=at_least(amount))",
    "total(more.amount, day=at_most(day))",
    "total(more.amount, day=at_most(until), amount=at_least(share))",
    "total(more.amount, day=at_least(day), name=name)",
    "total(more.return, share=share)",
    "round(total(amount, amount=at_least(amount)) / total(amount), 6)",
    "count(name)",
    "count(more.amount)",
    "count(more.day)",
    "count(name, name=name)",
    "count(more.amount, name=name)",
    "count(more.name, day=day)",
    "count(more.amount, day=at_most(day))",
    "count(more.note, amount=at_least(amount), share=at_most(share))",
    "count(rows.both, both=both)",
    "highest(amount)",
    "lowest(more.amount)",
    "highest(more.day)",
    "highest(more.amount, name=name)",
    "lowest(more.amount, class=class)",
    "highest(more.day, day=at_most(until))",
    "lowest(amount, amount=at_least(share), name=name)",
    "latest(more.amount, day, name=name)",
    "latest(more.note, day)",
    "latest(more.class, day, day=at_most(day))",
    "latest(rows.amount, share, class=class)",
    "amount > share",
    "amount > share or day < until",
]

RULES = [
    "amount == share",
    "amount != share",
    "amount + share == return + 0.3",
    "amount - share > 0.1",
    "amount * 3 <= share",
    "both == 0.3",
    "amount + 0.0000000001 == amount",
    "lookup(rows.both, name=name) <= 0.3",
    "amount > 1 and (amount > 2 if share > 0 else None)",
    "amount > 1 and None",
    "not (amount > 1 or None)",
    "day < until",
    "0 <= share <= 1",
    "share < amount < return",
    "name == note",
    "name != note",
    "name == '张*'",
    "name != 'axb'",
    "class == choices.grade.good",
    "class != choices.grade.good",
    "class == grade",
    "not class == choices.grade.poor",
    "amount >= 1 or not blank(note)",
    "amount >= 1 and share >= 1",
    "not (amount >= 1 and share >= 1)",
    "not (amount >= 1 or blank(share))",
    "blank(amount / share)",
    "not blank(amount / share)",
    "blank(lookup(more.amount, name=name))",
    "not blank(lookup(more.note, name=name))",
    "blank(due)",
    "not blank(owner)",
    "blank(day)",
    "blank(amount - share)",
    "has_number(note)",
    "not has_number(note)",
    "starts_with(note, '已完成', '完成', 'done')",
    "not starts_with(note, 'A')",
    "contains(note, '线索')",
    "not contains(note, 'x')",
    "contains(name, '*')",
    "contains(lookup(more.note, name=name), 'B')",
    "count(name, name=name) <= 1",
    "abs(total(share) - 1) <= 0.0001",
    "blank(share) or abs(total(share, name=name) - 1) <= 0.0001",
    "(amount > 1) if class == choices.grade.good else (share > 1)",
    "amount > 1 if blank(class) else None",
    "coalesce(amount, share) > 1",
    "sum(amount, share) >= 0.3",
    "max(amount, share) == amount",
    "amount >= parameters.at_risk",
    "lookup(more.day, name=name) >= day",
    "True",
    "False",
]


def sample(catalog: Catalog) -> Definition:
    """The definition, known to the catalog as ``sample``."""
    definition = msgspec.convert(SAMPLE, Definition)
    catalog.definitions["sample"] = definition
    return definition
