"""From an expression to an Excel formula that Excel 2016, WPS and LibreOffice all compute.

Truths are three-valued; instead of cells with three values there are two formulas, where an
expression is true and where it is false, and both are FALSE where it is unknown.
"""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from xltools.expressions.digits import NUMERALS
from xltools.expressions.expression import Expression
from xltools.expressions.faults import ExpressionError
from xltools.expressions.formula.formula_pieces import (
    NONE,
    NOTHING_SHOWN,
    Piece,
    both,
    chosen,
    either,
    joined,
    number,
    quoted,
    trimmed,
)
from xltools.expressions.formula.name_layout import Layout
from xltools.expressions.formula.scan_formulas import scan_piece, sum_piece
from xltools.expressions.nodes import (
    COMPARED_DIGITS,
    NOTHING,
    NUMBER,
    TEXT,
    TRUTH,
    Call,
    Cell,
    ChoiceName,
    Compare,
    Condition,
    Constant,
    Junction,
    Negation,
    Node,
    Operation,
    Parameter,
    Scan,
    exact,
    parts_of,
)
from xltools.expressions.reading.scope import CARRYING

_ZERO = Constant(0, NUMBER)
_INVERSE = {"==": "<>", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_EXCEL = {"==": "=", "!=": "<>"}
_FAR = {"min": "9E+307", "max": "-9E+307"}


def to_excel(expression: Expression, layout: Layout) -> str:
    """The formula, without ``=``, of its value; "" where it is blank."""
    compiler = _compiler(expression, layout)
    if expression.type is TRUTH:
        known = chosen(compiler.truth(expression.tree, False), "FALSE", NOTHING_SHOWN)
        return chosen(compiler.truth(expression.tree, True), "TRUE", known)
    return compiler.shown(expression.tree, NOTHING_SHOWN)


def is_true(expression: Expression, layout: Layout) -> str:
    """The formula that is TRUE exactly where the expression is true."""
    return _compiler(expression, layout).truth(expression.tree, True)


def violated(expression: Expression, layout: Layout) -> str:
    """The formula that is TRUE exactly where the rule is definitely false."""
    return _compiler(expression, layout).truth(expression.tree, False)


def _compiler(expression: Expression, layout: Layout) -> _Compiler:
    compiler = _Compiler(layout)
    carrying = expression.parameters & CARRYING.keys()
    if not expression.excel_able and (carrying or not compiler.in_evaluation):
        raise ExpressionError("expressions.not_in_excel", expression.text)
    return compiler


class _Compiler(msgspec.Struct, frozen=True):
    """``present`` are columns that an IF around this part has found filled in this row."""

    layout: Layout
    present: frozenset[str] = frozenset()

    @property
    def in_evaluation(self) -> bool:
        """Whether the formula is no form's."""
        group = self.layout.group
        return bool(group and group.clean)

    def within(self, test: Node, holds: bool) -> _Compiler:
        """The compiler of what is shown where a test holds, or does not.

        In evaluations only: forms that teams have already hold the formulas as they were.
        """
        if not self.in_evaluation:
            return self
        return replace(self, present=self.present | _present(test, holds))

    def shown(self, node: Node, otherwise: str) -> str:
        """The value, or ``otherwise`` where it is blank."""
        if node == NOTHING:
            return otherwise
        if isinstance(node, Condition) and len(otherwise) <= len(NONE):
            then = self.within(node.test, True).shown(node.then, otherwise)
            other = self.within(node.test, False).shown(node.otherwise, otherwise)
            return chosen(self.truth(node.test, True), then, other)
        return self.value(node).sealed(otherwise)

    def value(self, node: Node) -> Piece:
        """The piece of a value."""
        match node:
            case Constant():
                return _literal(node)
            case Cell():
                cell = self.layout.cell(node.column)
                kind = "numbers" if node.type.numeric else "texts"
                there = node.filled or node.column in self.present
                guarded = {} if there else {kind: (cell,)}
                return Piece(cell, cell=True, **guarded)  # type: ignore[arg-type]
            case ChoiceName():
                return Piece(quoted(self.layout.choice(node.list, node.choice)))
            case Parameter():
                return Piece(self.layout.parameter(node.name))
            case Operation():
                return self._operation(node)
            case Condition():
                branches = ((node.then, True), (node.otherwise, False))
                certain = all(
                    self.within(node.test, holds).value(part).certain for part, holds in branches
                )
                return Piece(self.shown(node, NONE), risky=not certain)
            case Call():
                return self._call(node)
            case Scan():
                values = [self.value(one.value) for one in node.where]
                return scan_piece(node, values, self.layout)
        raise TypeError(node)

    def truth(self, node: Node, wanted: bool) -> str:
        """The formula that is TRUE where a truth is as wanted, FALSE elsewhere."""
        match node:
            case Constant():
                return "TRUE" if node.value is wanted else "FALSE"
            case Negation():
                return self.truth(node.part, not wanted)
            case Junction():
                if (node.operator == "and") is wanted:
                    return both(self._conjuncts(node, wanted))
                return either([self.truth(part, wanted) for part in node.parts])
            case Condition():
                then, other = (self.truth(part, wanted) for part in (node.then, node.otherwise))
                return chosen(self.truth(node.test, True), then, other)
            case Compare():
                return self._comparison(node, wanted).sealed("FALSE")
            case Call(function="blank"):
                return self._blank(self.value(node.parts[0]), wanted)
            case Call():
                return self._tested(node, wanted)
        raise TypeError(node)

    def _conjuncts(self, node: Node, wanted: bool) -> list[str]:
        """Tests that hold together where a truth is as wanted.

        Cells and constants can be compared before it is known that they hold something.
        """
        if isinstance(node, Junction) and (node.operator == "and") is wanted:
            return [test for part in node.parts for test in self._conjuncts(part, wanted)]
        if isinstance(node, Compare) and self.in_evaluation and not _computed(node):
            piece = self._comparison(node, wanted)
            return [piece.guard, piece.text]
        return [self.truth(node, wanted)]

    def _operation(self, node: Operation) -> Piece:
        left, right = self.value(node.left), self.value(node.right)
        if node.operator == "-" and node.left == Constant(0, node.left.type):
            return joined(f"-{right.operand}", [right], loose=True)
        text = f"{left.operand}{node.operator}{right.operand}"
        whole = isinstance(node.right, Constant) and node.right.value
        return joined(text, [left, right], risky=node.operator == "/" and not whole, loose=True)

    def _call(self, node: Call) -> Piece:
        parts = [self.value(part) for part in node.parts]
        if node.function == "coalesce":
            first = node.parts[0]
            if isinstance(first, Scan) and first.function == "total" and node.parts[1] == _ZERO:
                values = [self.value(one.value) for one in first.where]
                parts[0] = sum_piece(first, values, self.layout)
            return self._first(parts)
        if node.function in ("sum", "min", "max"):
            return _skipping(node.function, parts)
        texts = [part.text for part in parts]
        if node.function == "round":
            return joined(f"ROUND({texts[0]},{node.digits})", parts)
        if node.function == "days":
            return joined(f"{parts[1].operand}-{parts[0].operand}", parts, loose=True)
        if node.function == "working_days":
            return joined(f"NETWORKDAYS({texts[0]},{texts[1]})", parts)
        if node.function in ("start", "end"):
            day = f"{'LEFT' if node.function == 'start' else 'RIGHT'}({texts[0]},10)"
            texts = [f"LEFT({day},4)", f"MID({day},6,2)", f"RIGHT({day},2)"]
            return joined(f"DATE({','.join(f'VALUE({one})' for one in texts)})", parts, risky=True)
        return joined(f"{node.function.upper()}({texts[0]})", parts)

    def _first(self, parts: list[Piece]) -> Piece:
        text = parts[-1].sealed(NONE)
        for part in reversed(parts[:-1]):
            text = part.sealed(text)
        return Piece(text, risky=not any(part.certain for part in parts))

    def _comparison(self, node: Compare, wanted: bool) -> Piece:
        operator = _EXCEL.get(node.operator, node.operator) if wanted else _INVERSE[node.operator]
        parts = node.left, node.right
        sides = [self.value(part) for part in parts]
        as_text = all(_may_be_digits(part) for part in parts)
        texts = [
            _compared_text(part, side, as_text) for part, side in zip(parts, sides, strict=True)
        ]
        if operator == "=" and any(side.certain for side in sides):
            # No blank cell equals a text that is none.
            sides = [replace(side, texts=()) if side.cell else side for side in sides]
        return joined(operator.join(texts), sides)

    def _blank(self, piece: Piece, wanted: bool) -> str:
        if piece.risky:
            test = f"ISERROR({piece.sealed(NONE)})"
            return test if wanted else f"NOT({test})"
        if not wanted or piece.certain:
            return chosen(piece.guard, "FALSE", "TRUE") if wanted else piece.guard
        if piece.cell:
            return f"COUNT({piece.text})=0" if piece.numbers else f'{trimmed(piece.text)}=""'
        return chosen(piece.guard, "FALSE", "TRUE")

    def _tested(self, node: Call, wanted: bool) -> str:
        piece = self.value(node.parts[0])
        test = _TESTS[node.function](piece.text, node.words, wanted)
        if piece.risky and not wanted:  # FIND in a blank fails, but nothing was looked for there.
            test = f"IF(ISERROR({piece.text}),FALSE,{test})"
        return replace(piece, text=test, cell=False).sealed("FALSE")


def _computed(node: Compare) -> bool:
    """Whether a side is more than a constant, or a cell that is compared as it is."""
    return not all(
        exact(side)
        if isinstance(side, Cell)
        else isinstance(side, Constant | Parameter | ChoiceName)
        for side in parts_of(node)
    )


def _present(test: Node, holds: bool) -> frozenset[str]:
    """The columns that have a value in a row where a test holds, or does not."""
    match test:
        case Negation(part=Call(function="blank") as blank):
            return _present(blank, not holds)
        case Call(function="blank", parts=(Cell() as cell,)):
            return frozenset() if holds else frozenset({cell.column})
        case Compare() if holds:
            sides = (test.left, test.right)
            return frozenset(side.column for side in sides if isinstance(side, Cell))
        case Junction() if (test.operator == "and") is holds:
            return frozenset().union(*(_present(part, holds) for part in test.parts))
    return frozenset()


def _literal(node: Constant) -> Piece:
    if node == NOTHING:
        return Piece(NONE, risky=True)
    if isinstance(node.value, str):
        return Piece(quoted(node.value))
    return number(float(node.value or 0))


def _may_be_digits(node: Node) -> bool:
    """Whether Excel may hold a number where a text is meant: 12 equals "12" only as text."""
    if node.type is not TEXT:
        return False
    return not isinstance(node, Constant) or any(c.isdigit() for c in str(node.value))


def _compared_text(node: Node, piece: Piece, as_text: bool) -> str:
    if node.type is TEXT:
        return f'{piece.operand}&""' if as_text and not isinstance(node, Constant) else piece.text
    if node.type.numeric and not exact(node):
        return f"ROUND({piece.text},{COMPARED_DIGITS})"
    return piece.operand


def _skipping(function: str, parts: list[Piece]) -> Piece:
    """``sum``, ``min`` and ``max`` pass over blanks, as Excel's do over cells without a number."""
    neutral = _FAR.get(function, "0")
    counted = [part.text if part.cell else part.sealed(NONE) for part in parts]
    taken = [part.text if part.cell else part.sealed(neutral) for part in parts]
    text = f"{function.upper()}({','.join(taken)})"
    if any(part.certain for part in parts):
        return Piece(text)
    return Piece(text, tests=(f"COUNT({','.join(counted)})>0",))


def _has_number(text: str, _: tuple[str, ...], wanted: bool) -> str:
    found = ",".join(f"FIND({quoted(digit)},{text})" for digit in NUMERALS)
    return f"COUNT({found}){'>' if wanted else '='}0"


def _starts_with(text: str, words: tuple[str, ...], wanted: bool) -> str:
    tests = [f"LEFT({text},{_units(word)})={quoted(word)}" for word in words]
    return either(tests) if wanted else f"NOT({either(tests)})"


def _contains(text: str, words: tuple[str, ...], wanted: bool) -> str:
    found = f"FIND(UPPER({quoted(words[0])}),UPPER({text}))"
    return f"{'ISNUMBER' if wanted else 'ISERROR'}({found})"


def _units(word: str) -> int:
    """Its length as Excel counts it: characters beyond the first plane are two."""
    return len(word.encode("utf-16-le")) // 2


_TESTS = {"has_number": _has_number, "starts_with": _starts_with, "contains": _contains}
