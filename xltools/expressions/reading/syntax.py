"""From text to Python's syntax tree, and from a node of it back to its place in the text."""

from __future__ import annotations

import ast
import keyword
import re

from xltools.expressions.faults import ExpressionError

_OURS = {"and", "or", "not", "if", "else", "None", "True", "False"}
_WORDS = "|".join(sorted(set(keyword.kwlist) - _OURS))
_STRING_OR_KEYWORD = re.compile(
    rf"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\b(?:{_WORDS})\b""", re.ASCII
)
_LINE_END = re.compile(r"[\r\n\t]")
_FULL_WIDTH = 0xFEE0


def tree_of(text: str) -> ast.expr:
    """The syntax tree of an expression; an `ExpressionError` where it is not Python."""
    line, start = _one_line(text)
    try:
        return ast.parse(line, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        offset = getattr(error, "offset", None) or len(line) + 1
        at = start + offset - 1
        raise ExpressionError("expressions.syntax", text, min(at, len(text))) from error


def position(node: ast.AST, text: str) -> int:
    """Where a node starts in its text, or the last name of a dotted one, counted in characters."""
    column = getattr(node, "col_offset", 0)
    if isinstance(node, ast.Attribute):
        column = (node.end_col_offset or 0) - len(node.attr.encode())
    line, start = _one_line(text)
    return start + len(line.encode()[:column].decode(errors="ignore"))  # Python counts bytes.


def _one_line(text: str) -> tuple[str, int]:
    """The text as Python reads it, and how many characters of it stand before that."""
    line = _LINE_END.sub(" ", _escaped(text))
    return line.lstrip(" "), len(line) - len(line.lstrip(" "))


def _escaped(text: str) -> str:
    """Columns may be called ``class`` or ``return``: Python reads ``ｃlass`` as a name, ``class``.

    A full-width letter is one character, too, so positions stay right.
    """

    def widen(match: re.Match[str]) -> str:
        word = match[0]
        return word if word[0] in "'\"" else chr(ord(word[0]) + _FULL_WIDTH) + word[1:]

    return _STRING_OR_KEYWORD.sub(widen, text)
