"""Functions that give values: each of Excel's as the language says it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping

from xltools.draft.formulas.built_syntax import NONE, called, condition
from xltools.draft.formulas.row_context import CannotSayError, Translation
from xltools.draft.formulas.scanned_rows import looked_up, matched, matching, scan, sums
from xltools.draft.formulas.tree_forms import bare, shown
from xltools.excel.reading.formula_tree import Called, Literal, Reference


def _numbers(outer: Translation, tree: Called) -> list[ast.expr] | None:
    """The arguments of SUM, MIN, MAX in this row, ranges spread; None for a tall range."""
    found: list[ast.expr] = []
    for argument in tree.arguments:
        cells = outer.context.own_cells(argument.text) if isinstance(argument, Reference) else []
        if cells:
            found += [ast.Name(cell.name) for cell in cells]
        elif isinstance(argument, Reference):
            return None
        elif argument != Literal(None):
            found.append(outer.value(argument))
    return found


def _if(outer: Translation, tree: Called) -> ast.expr:
    test, then, *otherwise = (
        tree.arguments if len(tree.arguments) > 1 else (*tree.arguments, Literal(None))
    )
    branch = outer.value(otherwise[0]) if otherwise else NONE
    return condition(outer.truth(test), outer.value(then), branch)


def _if_error(outer: Translation, tree: Called) -> ast.expr:
    value, *fallback = (outer.value(one) for one in tree.arguments)
    instead = fallback[0] if fallback else NONE
    if isinstance(instead, ast.Constant) and instead.value is None:
        return value
    return called("coalesce", value, instead)


def _over_row_or_column(row: str, column: str) -> Callable[[Translation, Called], ast.expr]:
    def says(outer: Translation, tree: Called) -> ast.expr:
        numbers = _numbers(outer, tree)
        if numbers:
            return called(row, *numbers)
        if len(tree.arguments) != 1:
            raise CannotSayError(shown(tree))
        return scan(outer, column, outer.context.column(tree.arguments[0]), ())

    return says


def _subtotal(outer: Translation, tree: Called) -> ast.expr:
    match tree.arguments:
        case (Literal(value=9.0 | 109.0), column):
            return scan(outer, "total", outer.context.column(column), ())
    raise CannotSayError(shown(tree))


def _sum_if(outer: Translation, tree: Called) -> ast.expr:
    keys, criterion, *summed = tree.arguments
    return sums(outer, "total", summed[0] if summed else keys, (keys, criterion))


def _average(outer: Translation, tree: Called) -> ast.expr:
    match tree.name, tree.arguments:
        case "AVERAGEIF", (keys, criterion, *summed):
            column, *where = [*summed, keys][0], keys, criterion
        case _:
            column, *where = tree.arguments
    total, count = (sums(outer, name, column, where) for name in ("total", "count"))
    return ast.BinOp(total, ast.Div(), count)


def _count_ifs(outer: Translation, tree: Called) -> ast.expr:
    return sums(outer, "count", tree.arguments[0], tree.arguments)


def _count_all(outer: Translation, tree: Called) -> ast.expr:
    (column,) = tree.arguments
    return scan(outer, "count", outer.context.column(column), ())


def _look_up(outer: Translation, tree: Called) -> ast.expr:
    """VLOOKUP for exactly equal keys."""
    match tree.arguments:
        case (
            key,
            Reference() as area,
            Literal(value=float() as number),
            Literal(value=False | 0.0),
        ):
            place = outer.context.place(area.text)
            if place is not None:
                left = place[1][1]
                keys = outer.context.column_at(place, left, area.text)
                found = outer.context.column_at(place, left + int(number) - 1, area.text)
                return scan(outer, "lookup", found, [(keys[1], outer.value(bare(key)))])
    raise CannotSayError(shown(tree))


def _look_up_x(outer: Translation, tree: Called) -> ast.expr:
    if not 3 <= len(tree.arguments) <= 4:
        raise CannotSayError(shown(tree))
    key, keys, values, *instead = tree.arguments
    found = looked_up(outer, key, keys, values)
    if not instead or instead[0] in (Literal(""), Literal(None)):
        return found
    return called("coalesce", found, outer.value(instead[0]))


def _index(outer: Translation, tree: Called) -> ast.expr:
    match tree.arguments:
        case (
            values,
            Called(name="MATCH", arguments=(Literal(value=1.0), rows, Literal(value=0.0))),
        ):
            inner = rows.arguments[0] if isinstance(rows, Called) and rows.name == "INDEX" else rows
            summed, conditions, _ = matching(outer, [inner])
            if not summed and conditions:
                return matched(outer, "lookup", values, conditions)
        case (values, Called(name="MATCH", arguments=(key, keys, Literal(value=0.0 | False)))):
            return looked_up(outer, key, keys, values)
    raise CannotSayError(shown(tree))


def _sum_product(outer: Translation, tree: Called) -> ast.expr:
    """Conditions multiplied with a range: a total; without one: a count."""
    summed, conditions, guarded = matching(outer, tree.arguments)
    if len(summed) == 1:
        return matched(outer, "total", summed[0], conditions)
    if summed or not conditions:
        raise CannotSayError(shown(tree))
    if guarded:
        return matched(outer, "count", guarded[0], conditions)
    owner, column, _ = conditions[0]
    return scan(outer, "count", (owner, column), [(key, value) for _, key, value in conditions])


def _passed(outer: Translation, tree: Called) -> ast.expr:
    (inner,) = tree.arguments
    return outer.value(inner)


def _plain(name: str, count: int) -> Callable[[Translation, Called], ast.expr]:
    def says(outer: Translation, tree: Called) -> ast.expr:
        if len(tree.arguments) != count:
            raise CannotSayError(shown(tree))
        return called(name, *(outer.value(one) for one in tree.arguments))

    return says


def _number_or_zero(outer: Translation, tree: Called) -> ast.expr:
    (inner,) = tree.arguments
    return called("coalesce", outer.value(inner), ast.Constant(0))


def _days(outer: Translation, tree: Called) -> ast.expr:
    match tree.name, tree.arguments:
        case ("DAYS", (end, start)) | ("DATEDIF", (start, end, Literal(value="d" | "D"))):
            return called("days", outer.value(start), outer.value(end))
    raise CannotSayError(shown(tree))


def _product(outer: Translation, tree: Called) -> ast.expr:
    first, *rest = (outer.value(one) for one in tree.arguments)
    for one in rest:
        first = ast.BinOp(first, ast.Mult(), one)
    return first


VALUES: Mapping[str, Callable[[Translation, Called], ast.expr]] = {
    "IF": _if,
    "IFERROR": _if_error,
    "IFNA": _if_error,
    "SUM": _over_row_or_column("sum", "total"),
    "MIN": _over_row_or_column("min", "lowest"),
    "MAX": _over_row_or_column("max", "highest"),
    "AVERAGE": _average,
    "SUBTOTAL": _subtotal,
    "SUMIF": _sum_if,
    "SUMIFS": lambda outer, tree: sums(outer, "total", tree.arguments[0], tree.arguments[1:]),
    "AVERAGEIF": _average,
    "AVERAGEIFS": _average,
    "COUNTIF": _count_ifs,
    "COUNTIFS": _count_ifs,
    "COUNTA": _count_all,
    "COUNT": _count_all,
    "VLOOKUP": _look_up,
    "XLOOKUP": _look_up_x,
    "INDEX": _index,
    "SUMPRODUCT": _sum_product,
    "ROUND": _plain("round", 2),
    "ABS": _plain("abs", 1),
    "YEAR": _plain("year", 1),
    "MONTH": _plain("month", 1),
    "N": _number_or_zero,
    "VALUE": _passed,
    "TRIM": _passed,
    "CLEAN": _passed,
    "DAYS": _days,
    "DATEDIF": _days,
    "PRODUCT": _product,
}
