"""Which formulas Excel 2016, WPS and LibreOffice read, and evaluate alike."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token, TokenizerError

LONGEST, DEEPEST, LITERAL = 8_192, 64, 255
MANY = 255

# The functions that all three programs have had since 2010, by the fewest and most arguments.
_FUNCTIONS = """
0-0: FALSE NA TRUE
0-1: COLUMN ROW
1-1: ABS CHAR DAY INT ISBLANK ISERR ISERROR ISNA ISNUMBER ISTEXT LEN LOWER MONTH N NOT ROWS SIGN T
1-1: TRIM UPPER VALUE YEAR DATEVALUE
1-2: CELL HYPERLINK LEFT RIGHT TRUNC WEEKDAY
1-*: AND AVERAGE COUNT COUNTA MAX MIN OR SUM SUMPRODUCT
2-2: COUNTIF EDATE EOMONTH EXACT IFERROR LARGE MOD ROUND ROUNDDOWN SMALL TEXT
2-3: FIND IF LOOKUP MATCH NETWORKDAYS RANK SEARCH SUMIF
2-4: INDEX
2-*: CHOOSE COUNTIFS SUBTOTAL
3-3: DATE MID
3-4: SUBSTITUTE VLOOKUP
3-5: OFFSET
3-*: SUMIFS _XLFN.AGGREGATE
4-4: REPLACE
"""
ARITY = {
    name: (int(line[0]), MANY if line[2] == "*" else int(line[2]))
    for line in _FUNCTIONS.split("\n")[1:-1]
    for name in line[5:].split()
}
# Arguments that must be places on a sheet; Excel refuses the whole file otherwise.
_PLACES = {
    "COUNTIF": lambda at: at == 0,
    "SUMIF": lambda at: at in (0, 2),
    "COUNTIFS": lambda at: at % 2 == 0,
    "SUMIFS": lambda at: at == 0 or at % 2 == 1,
    "RANK": lambda at: at == 1,
    "OFFSET": lambda at: at == 0,
}
# Arguments that Excel 2016 computes as arrays; a range beside an operator anywhere else gives
# one cell of it. IF, IFERROR and CHOOSE do not hand arrays on, even inside of these.
_LIFTED = {
    "SUMPRODUCT": lambda _: True,
    "INDEX": lambda at: at == 0,
    "LOOKUP": lambda at: at > 0,
    "_XLFN.AGGREGATE": lambda at: at == 2,
}
_STOPPED = ("IF", "IFERROR", "CHOOSE")
_REFERRING = ("INDEX", "OFFSET", "IF", "CHOOSE")
_CELL = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_SHEET = re.compile(r"(?:'((?:[^']|'')+)'|([^!':]+))!(.+)")


@dataclass
class _Call:
    """A function that is open where the reading stands."""

    name: str
    given: list[list[Token]] = field(default_factory=lambda: [[]])


@dataclass
class Formulas:
    """The rules for the formulas of a workbook with these sheets and names."""

    titles: set[str]
    names: Mapping[str, str]
    known: dict[tuple[str, bool], list[str]] = field(default_factory=dict)

    def faults(self, text: str, *, arrays: bool = False) -> list[str]:
        """What is wrong with a formula; ``arrays``: Excel computes all of it as arrays."""
        key = (text, arrays)
        if key not in self.known:
            self.known[key] = list(self._faults(text, arrays)) if text else []
        return self.known[key]

    def _faults(self, text: str, arrays: bool) -> Iterator[str]:
        if len(text.encode("utf-16-le")) // 2 > LONGEST:
            yield f"a formula of {len(text)} characters"
        if text.startswith("="):
            yield "a formula that is stored with ="
        try:
            tokens = [one for one in Tokenizer("=" + text).items if one.type != Token.WSPACE]
        except (TokenizerError, IndexError):
            yield f"a formula that cannot be read: {text[:60]}"
            return
        calls: list[_Call] = []
        for at, token in enumerate(tokens):
            if token.subtype == Token.CLOSE:
                yield from self._called(calls.pop())
            elif token.subtype == Token.OPEN:
                yield from self._opened(token, calls)
            elif calls and token.type == Token.SEP:
                calls[-1].given.append([])
            elif calls:
                calls[-1].given[-1].append(token)
            yield from self._operand(token)
            beside = tokens[max(0, at - 1) : at + 2]
            if any(one.type == Token.OP_IN and one.value != ":" for one in beside):
                yield from self._array(token, calls, arrays)
        if calls:
            yield f"a bracket is missing in {text[:60]}"

    def _opened(self, token: Token, calls: list[_Call]) -> Iterator[str]:
        if calls:
            calls[-1].given[-1].append(token)
        calls.append(_Call(_function(token) if token.type == Token.FUNC else ""))
        if sum(bool(one.name) for one in calls) > DEEPEST:
            yield f"functions nested more than {DEEPEST} deep"

    def _called(self, call: _Call) -> Iterator[str]:
        """A function with its arguments; brackets alone have no name."""
        if not call.name:
            return
        given = [] if call.given == [[]] else call.given
        if call.name not in ARITY:
            yield f"{call.name} is not a function of all programs"
            return
        fewest, most = ARITY[call.name]
        odd = (call.name == "COUNTIFS" and len(given) % 2) or (
            call.name == "SUMIFS" and not len(given) % 2
        )
        if not fewest <= len(given) <= most or odd:
            yield f"{call.name} with {len(given)} arguments"
        if call.name == "TEXT" and not _same_everywhere(given[-1]):
            yield "TEXT with a format that depends on the reader's language"
        must = _PLACES.get(call.name)
        for at, tokens in enumerate(given):
            if must and must(at) and not _is_place(tokens):
                yield f"argument {at + 1} of {call.name} must be a range"

    def _operand(self, token: Token) -> Iterator[str]:
        if token.type != Token.OPERAND:
            return
        if token.subtype == Token.TEXT and len(token.value.encode("utf-16-le")) // 2 - 2 > LITERAL:
            yield f"a text of more than {LITERAL} characters in a formula"
        elif token.subtype == Token.ERROR:
            yield f"{token.value} in a formula"
        elif token.subtype == Token.RANGE:
            yield from self._place(token.value)

    def _place(self, text: str) -> Iterator[str]:
        found = _SHEET.fullmatch(text)
        if found:
            title = (found[1] or found[2]).replace("''", "'")
            if title not in self.titles:
                yield f"there is no sheet {title!r}"
            text = found[3]
        for corner in text.split(":"):
            cell = _CELL.fullmatch(corner)
            if cell:
                if not 1 <= int(cell[2]) <= 1_048_576 or (len(cell[1]), cell[1]) > (3, "XFD"):
                    yield f"{corner} is no cell"
            elif (
                not re.fullmatch(r"\$?[A-Z]{1,3}|\$?\d+", corner)
                and corner.casefold() not in self.names
            ):
                yield f"{corner} is not defined"

    def _array(self, token: Token, calls: list[_Call], arrays: bool) -> Iterator[str]:
        if token.type != Token.OPERAND or token.subtype != Token.RANGE or not self._several(token):
            return
        stopped = False
        for call in reversed(calls):
            lifted = _LIFTED.get(call.name)
            if lifted and lifted(len(call.given) - 1):
                if stopped:
                    yield f"{token.value} as an array inside IF, which Excel 2016 does not compute"
                return
            stopped = stopped or call.name in _STOPPED
        if not arrays:
            yield f"{token.value} beside an operator: Excel takes one cell of it"

    def _several(self, token: Token) -> bool:
        text = self.names.get(token.value.casefold(), token.value)
        place = text.rpartition("!")[2].replace("$", "")
        first, _, last = place.partition(":")
        return bool(last) and first != last and not text.startswith('"')


def _function(token: Token) -> str:
    """The name of a function, also where it ends a range: ``A1:INDEX(``."""
    return str(token.value)[:-1].rpartition(":")[2].upper()


def _same_everywhere(tokens: list[Token]) -> bool:
    """Whether a format says no year, month, day or hour: a German Excel calls these J, M, T, h."""
    return len(tokens) == 1 and re.fullmatch(r'"[^A-Za-z年月日]*"', tokens[0].value) is not None


def _is_place(tokens: list[Token]) -> bool:
    """Whether an argument is a range, or a function that gives one."""
    first = tokens[0] if tokens else None
    if first is None:
        return False
    if first.type == Token.FUNC:
        return _function(first) in _REFERRING
    return all(one.subtype == Token.RANGE or one.value == ":" for one in tokens)
