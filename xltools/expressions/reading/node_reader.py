"""Reads a syntax tree into typed nodes: the whitelist of the language stands here."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping

import msgspec
from msgspec.structs import replace

from xltools.expressions.faults import ExpressionError, nearest
from xltools.expressions.nodes import (
    BLANK,
    DATE,
    NOTHING,
    NUMBER,
    TEXT,
    TRUTH,
    UNKNOWN,
    Arithmetic,
    ChoiceName,
    Comparison,
    Constant,
    Node,
    Operation,
    Parameter,
    Type,
    Where,
)
from xltools.expressions.reading import constant_folding
from xltools.expressions.reading.scope import QUARTERS_AGO, RESERVED, Scope
from xltools.expressions.reading.syntax import position, tree_of

LONGEST_TEXT = 255  # Excel takes no longer text inside a formula.
_ARITHMETIC: Mapping[type[ast.operator], Arithmetic] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
}
_COMPARISONS: Mapping[type[ast.cmpop], Comparison] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}


class Reader(msgspec.Struct, frozen=True):
    """Reads one text in its scope; ``arguments`` hold values where the text is a function's.

    ``call`` reads calls; ``active`` names the functions being inlined, so that none calls itself.
    ``ago`` counts the quarters back that are read, ``narrow`` gives further conditions on sheets.
    """

    text: str
    scope: Scope
    call: Callable[[Reader, ast.Call], Node]
    arguments: Mapping[str, Node] = msgspec.field(default_factory=dict)
    active: tuple[str, ...] = ()
    ago: int = 0
    narrow: tuple[tuple[str, Where], ...] = ()

    def whole(self) -> Node:
        """The whole text."""
        return self.read(tree_of(self.text))

    def read(self, node: ast.expr) -> Node:
        """Any expression."""
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.Name():
                return self._name(node)
            case ast.Attribute():
                return self._attribute(node)
            case ast.UnaryOp():
                return self._unary(node)
            case ast.BinOp():
                return self._arithmetic(node)
            case ast.Compare():
                return self._comparison(node)
            case ast.BoolOp():
                parts = [self.truth(part) for part in node.values]
                is_and = isinstance(node.op, ast.And)
                return constant_folding.junction("and" if is_and else "or", parts)
            case ast.IfExp():
                return self._condition(node)
            case ast.Call():
                return self.call(self, node)
        raise self.fault("unsupported", node, what=ast.unparse(node)[:40])

    def truth(self, node: ast.expr) -> Node:
        """An expression that must be true, false or unknown."""
        read = self.read(node)
        if read == NOTHING:
            return UNKNOWN
        if read.type is not TRUTH:
            raise self.fault("not_truth", node, type=read.type)
        return read

    def value(self, node: ast.expr) -> Node:
        """An expression that must be a value, not a truth."""
        read = self.read(node)
        if read.type is TRUTH:
            raise self.fault("not_value", node)
        return read

    def of_type(self, node: ast.expr, *allowed: Type) -> Node:
        """A value of one of these types, or a constant blank."""
        read = self.value(node)
        if read.type in allowed or read.type is BLANK:
            return read
        expected = " / ".join(str(one) for one in allowed)
        raise self.fault("wrong_type", node, type=read.type, expected=expected)

    def same_type(self, node: ast.AST, parts: Iterable[Node]) -> Type:
        """The one type of all parts that are not blank."""
        kind = BLANK
        for part in parts:
            if kind is BLANK or part.type is BLANK:
                kind = part.type if kind is BLANK else kind
            elif part.type != kind:
                raise self.fault("mixed_types", node, left=kind, right=part.type)
        return kind

    def inlined(self, name: str, values: Mapping[str, Node], node: ast.AST) -> Node:
        """The value of a shared function for these arguments."""
        if name in self.active:
            raise self.fault("recursive", node, name=name)
        text = self.scope.functions[name].value
        inner = replace(self, text=text, arguments=values, active=(*self.active, name))
        return inner.whole()

    def narrowed(self, sheet: str) -> tuple[Where, ...]:
        """What is asked of the rows of a sheet that is looked through, beside what is written."""
        own = tuple(where for name, where in self.narrow if name == (sheet or self.scope.sheet))
        if (sheet or self.scope.sheet) not in self.scope.dated:
            return own
        ago: Node = Constant(self.ago, NUMBER)
        if QUARTERS_AGO.column in self.scope.columns:
            ago = Operation("+", QUARTERS_AGO, ago, NUMBER) if self.ago else QUARTERS_AGO
        return *own, Where(QUARTERS_AGO, "==", ago)

    def fault(self, key: str, node: ast.AST, **values: object) -> ExpressionError:
        """The error of that key, at a node's place."""
        return ExpressionError(f"expressions.{key}", self.text, position(node, self.text), **values)

    def unknown(self, key: str, node: ast.AST, name: str, known: Iterable[str]) -> ExpressionError:
        """A name is unknown; with the one that was probably meant."""
        options = sorted(set(known))
        meant = nearest(name, options)
        if meant:
            return self.fault(f"{key}_near", node, name=name, suggestion=meant)
        return self.fault(key, node, name=name, allowed=", ".join(options) or "-")

    def _constant(self, node: ast.Constant) -> Node:
        value = node.value
        if value is None:
            return NOTHING
        if isinstance(value, bool):
            return Constant(value, TRUTH)
        if isinstance(value, int | float) and abs(value) < 1e15:
            return Constant(value, NUMBER)
        if not isinstance(value, str):
            raise self.fault("unsupported", node, what=ast.unparse(node)[:40])
        if len(value) > LONGEST_TEXT:
            raise self.fault("text_too_long", node, limit=LONGEST_TEXT)
        return Constant(value, TEXT) if value.strip() else NOTHING

    def _name(self, node: ast.Name) -> Node:
        if node.id in self.arguments:
            return self.arguments[node.id]
        if self.ago and node.id in self.scope.texts:
            return self._then(node)
        if node.id in self.scope.columns:
            return self.scope.columns[node.id]
        if node.id in RESERVED or node.id in self.scope.sheets:
            raise self.fault("needs_member", node, name=node.id)
        raise self.unknown("column", node, node.id, [*self.arguments, *self.scope.columns])

    def _then(self, node: ast.Name) -> Node:
        """A column of the summary itself as it was: its expression, read in that quarter."""
        if node.id in self.active:
            raise self.fault("recursive", node, name=node.id)
        text, active = self.scope.texts[node.id], (*self.active, node.id)
        return replace(self, text=text, arguments={}, active=active).whole()

    def _attribute(self, node: ast.Attribute) -> Node:
        owner = node.value
        if isinstance(owner, ast.Attribute) and _called(owner.value) == "choices":
            return self._choice(node, owner)
        if _called(owner) == "parameters":
            if node.attr in self.scope.known:
                return Constant(self.scope.known[node.attr], NUMBER)
            if node.attr not in self.scope.parameters:
                raise self.unknown("parameter", node, node.attr, self.scope.parameters)
            return Parameter(node.attr, self.scope.parameters[node.attr])
        if _called(owner) == "choices":
            raise self.fault("needs_member", node, name=f"choices.{node.attr}")
        if _called(owner) in self.scope.sheets:
            raise self.fault("other_sheet", node, name=f"{_called(owner)}.{node.attr}")
        raise self.unknown("sheet", owner, _called(owner) or "?", [*RESERVED, *self.scope.sheets])

    def _choice(self, node: ast.Attribute, owner: ast.Attribute) -> Node:
        name = owner.attr
        if name not in self.scope.lists:
            raise self.unknown("list", owner, name, self.scope.lists)
        if node.attr not in self.scope.lists[name]:
            raise self.unknown("choice", node, node.attr, self.scope.lists[name])
        return ChoiceName(name, node.attr, self.scope.list_types[name])

    def _unary(self, node: ast.UnaryOp) -> Node:
        if isinstance(node.op, ast.Not):
            return constant_folding.negation(self.truth(node.operand))
        if isinstance(node.op, ast.USub):
            return constant_folding.negative(self.of_type(node.operand, NUMBER))
        raise self.fault("unsupported", node, what=ast.unparse(node)[:40])

    def _arithmetic(self, node: ast.BinOp) -> Node:
        operator = _ARITHMETIC.get(type(node.op))
        if operator is None:
            raise self.fault("unsupported", node, what=ast.unparse(node)[:40])
        left, right = (self.of_type(side, NUMBER, DATE) for side in (node.left, node.right))
        dates = (left.type is DATE, right.type is DATE)
        if dates == (False, False):
            kind = NUMBER
        elif operator == "-" and left.type is DATE:
            kind = NUMBER if right.type is DATE else DATE
        elif operator == "+" and dates != (True, True):
            kind = DATE
        else:
            raise self.fault("date_arithmetic", node, operator=operator)
        return constant_folding.operation(operator, left, right, kind)

    def _comparison(self, node: ast.Compare) -> Node:
        sides = [node.left, *node.comparators]
        links = []
        for operator, left, right in zip(node.ops, sides, sides[1:], strict=False):
            symbol = _COMPARISONS.get(type(operator))
            if symbol is None:
                raise self.fault("unsupported", node, what=ast.unparse(node)[:40])
            if any(isinstance(side, ast.Constant) and side.value is None for side in (left, right)):
                raise self.fault("compared_with_none", node)
            parts = self.value(left), self.value(right)
            self.comparable(node, self.same_type(node, parts), symbol)
            links.append(constant_folding.compare(symbol, *parts))
        return constant_folding.junction("and", links)

    def comparable(self, node: ast.AST, kind: Type, symbol: Comparison) -> None:
        """Refuse a comparison that the two back ends could not make alike."""
        equality = symbol in ("==", "!=")
        if kind.name == "span" or (kind.name in ("text", "choice") and not equality):
            raise self.fault("not_comparable", node, type=kind, operator=symbol)

    def _condition(self, node: ast.IfExp) -> Node:
        test = self.truth(node.test)
        parts = [self.read(node.body), self.read(node.orelse)]
        if any(part.type is TRUTH for part in parts):
            parts = [UNKNOWN if part == NOTHING else part for part in parts]
        kind = self.same_type(node, parts)
        return constant_folding.condition(test, parts[0], parts[1], kind)


def _called(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""
