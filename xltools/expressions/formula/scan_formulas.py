"""The functions over other rows, as Excel formulas.

Rows are found by comparing whole ranges: unlike MATCH, COUNTIFS and SUMIFS, a comparison takes no
``*``, ``?``, ``~``, ``<`` or ``=`` that people typed for a pattern, and no text is too long for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xltools.expressions.formula.formula_pieces import NONE, Piece, chosen, joined
from xltools.expressions.formula.name_layout import Layout
from xltools.expressions.nodes import TEXT, Cell, Scan

_NUMBER = '"<1E+300"'  # as a criterion it passes over texts, which a formula's "" is
_TEXT = '"?*"'  # any text but the empty one
_LARGEST, _SMALLEST, _SKIP_ERRORS = 14, 15, 6


def scan_piece(node: Scan, values: Sequence[Piece], layout: Layout) -> Piece:
    """The formula of a scan; ``values`` are its conditions' right sides."""
    if _nowhere(node, layout):
        return Piece("0") if node.function == "count" else Piece(NONE, risky=True)
    factors = _factors(node, values, layout)
    return _WRITERS[node.function](node, factors, values, layout)


def _nowhere(node: Scan, layout: Layout) -> bool:
    """Whether a column that is looked through is in no sheet."""
    columns = [node.column, *(one.column for one in node.where), *([node.by] if node.by else [])]
    return not all(layout.column_range(node.sheet, one.column) for one in columns)


def _factors(node: Scan, values: Sequence[Piece], layout: Layout) -> list[str]:
    """One comparison of ranges per condition; their product is 1 in the rows that count."""
    factors: list[str] = []
    group = layout.group
    if group and node.sheet in group.ranges:
        factors.append(f"({group.ranges[node.sheet]}={group.cell})")
    for one, value in zip(node.where, values, strict=True):
        cells = layout.column_range(node.sheet, one.column.column)
        if one.column.type is TEXT:
            factors.append(f'({cells}&""={value.operand}&"")')
            continue
        operator = "=" if one.operator == "==" else one.operator
        factors.append(f"({cells}{operator}{value.operand})")
        if one.operator.startswith(">"):
            factors += _present(one.column, cells)
        elif one.column.type.numeric:
            factors.append(f'({cells}<>"")')
    return list(dict.fromkeys(factors))


def _present(column: Cell, cells: str) -> list[str]:
    """Comparisons that hold where a cell has a value; to Excel any text is above any number."""
    filled = f'({cells}<>"")'
    return [f"({cells}<9E+307)", filled] if column.type.numeric else [filled]


def _with_value(node: Scan, factors: list[str], column: Cell, layout: Layout) -> list[str]:
    """The factors, narrowed to rows where the column has a value; a condition on it says so."""
    if any(one.column.column == column.column for one in node.where):
        return factors
    return factors + _present(column, layout.column_range(node.sheet, column.column))


def _product(factors: Sequence[str]) -> str:
    return "*".join(factors) if len(factors) > 1 else f"{factors[0]}*1"


def _lookup(node: Scan, factors: list[str], values: Sequence[Piece], layout: Layout) -> Piece:
    cells = layout.column_range(node.sheet, node.column.column)
    if _criteria(node, values, layout) and len(node.where) == 1:
        first = _first(node, cells, values[0], layout)
        if first:
            return first
    rows = _product(_with_value(node, factors, node.column, layout))
    return joined(f"INDEX({cells},MATCH(1,INDEX({rows},0),0))", values, risky=True)


def _first(node: Scan, cells: str, value: Piece, layout: Layout) -> Piece | None:
    """The first row by its number or by MATCH, where it is sure to be the one with a value."""
    (one,) = node.where
    if one.operator != "==":
        return None
    if one.column.counting:
        cell = f"INDEX({cells},{value.text})"
        tests = (
            (f"{value.operand}>0",) if node.column.filled else (f"{value.operand}>0", f'{cell}<>""')
        )
        return Piece(cell, tests=tests, risky=True)
    if not node.column.filled:
        return None
    row = f"MATCH({value.text},{layout.column_range(node.sheet, one.column.column)},0)"
    return joined(row if node.column.counting else f"INDEX({cells},{row})", [value], risky=True)


def _criteria(node: Scan, values: Sequence[Piece], layout: Layout) -> list[str]:
    """The conditions as SUMIFS takes them; none where one of them could be taken for a pattern.

    It counts a column of a data sheet many times as fast as products of comparisons do.
    """
    group = layout.group
    if not group or not group.clean:
        return []
    if not all(one.column.type.numeric for one in node.where):
        return []
    found = []
    if node.sheet in group.ranges:
        found.append(f"{group.ranges[node.sheet]},{group.cell}")
    for one, value in zip(node.where, values, strict=True):
        wanted = value.operand if one.operator == "==" else f'"{one.operator}"&{value.operand}'
        found.append(f"{layout.column_range(node.sheet, one.column.column)},{wanted}")
    return found


def _asked(node: Scan) -> bool:
    """Whether only rows that have a value in the column can fulfil the conditions."""
    return node.column.filled or any(one.column.column == node.column.column for one in node.where)


def _total(node: Scan, factors: list[str], values: Sequence[Piece], layout: Layout) -> Piece:
    cells = layout.column_range(node.sheet, node.column.column)
    quick = _criteria(node, values, layout)
    if quick:
        numbers = [] if _asked(node) else [f"{cells},{_NUMBER}"]
        there = Piece("", tests=(f"COUNTIFS({','.join([*quick, *numbers])})>0",))
        # A criterion that is computed may be an error value where a cell is blank.
        risky = not all(value.cell or value.certain for value in values)
        return joined(f"SUMIFS({cells},{','.join(quick)})", [*values, there], risky=risky)
    if not factors:
        return Piece(f"SUM({cells})", tests=(f"COUNT({cells})>0",), risky=True)
    counted = _product(_with_value(node, factors, node.column, layout))
    needed = Piece("", tests=(f"SUMPRODUCT({counted})>0",))
    return joined(f"SUMPRODUCT({_product(factors)},{cells})", [*values, needed], risky=True)


def sum_piece(node: Scan, values: Sequence[Piece], layout: Layout) -> Piece:
    """A total where 0 stands for no number at all, as SUMIFS gives it: nothing is counted first."""
    if _nowhere(node, layout):
        return Piece("0")
    cells = layout.column_range(node.sheet, node.column.column)
    quick = _criteria(node, values, layout)
    if layout.group and layout.group.clean and not _factors(node, values, layout):
        return Piece(f"SUM({cells})")
    if not quick:
        return scan_piece(node, values, layout)
    return joined(f"SUMIFS({cells},{','.join(quick)})", values)


def _count(node: Scan, factors: list[str], values: Sequence[Piece], layout: Layout) -> Piece:
    cells = layout.column_range(node.sheet, node.column.column)
    if not factors and node.column.type.numeric:
        return Piece(f"COUNT({cells})")
    quick = _criteria(node, values, layout)
    if quick:
        there = _NUMBER if node.column.type.numeric else _TEXT
        valued = [] if _asked(node) else [f"{cells},{there}"]
        count = f"COUNTIFS({','.join([*quick, *valued])})"
    else:
        count = f"SUMPRODUCT({_product(_with_value(node, factors, node.column, layout))})"
    whole = joined("", values)
    text = chosen(whole.guard, count, "0")
    return Piece(f"IFERROR({text},0)" if whole.risky else text, risky=not whole.risky)


def _extreme(node: Scan, factors: list[str], values: Sequence[Piece], layout: Layout) -> Piece:
    cells = layout.column_range(node.sheet, node.column.column)
    highest = node.function == "highest"
    if not factors:
        name = "MAX" if highest else "MIN"
        return Piece(f"{name}({cells})", tests=(f"COUNT({cells})>0",), risky=True)
    rows = _product(_with_value(node, factors, node.column, layout))
    which = _LARGEST if highest else _SMALLEST
    return joined(_aggregate(which, cells, rows), values, risky=True)


def _latest(node: Scan, factors: list[str], values: Sequence[Piece], layout: Layout) -> Piece:
    assert node.by is not None
    cells = layout.column_range(node.sheet, node.column.column)
    by = layout.column_range(node.sheet, node.by.column)
    kept = _with_value(node, factors, node.column, layout)
    kept = list(dict.fromkeys(_with_value(node, kept, node.by, layout)))
    last = _aggregate(_LARGEST, by, _product(kept))
    return joined(
        f"LOOKUP(2,1/({_product([*kept, f'({by}={last})'])}),{cells})", values, risky=True
    )


def _aggregate(which: int, cells: str, rows: str) -> str:
    """The extreme of the cells where ``rows`` is 1; the other rows divide by 0 and are skipped."""
    return f"_xlfn.AGGREGATE({which},{_SKIP_ERRORS},{cells}/({rows}),1)"


_Writer = Callable[[Scan, list[str], Sequence[Piece], Layout], Piece]
_WRITERS: dict[str, _Writer] = {
    "lookup": _lookup,
    "total": _total,
    "count": _count,
    "highest": _extreme,
    "lowest": _extreme,
    "latest": _latest,
}
