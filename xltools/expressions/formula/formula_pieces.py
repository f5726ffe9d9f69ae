"""Pieces of Excel formulas: a value with the conditions under which it stands.

Inside a formula a blank is an error value, so that any operation on it is blank, too, and one
IFERROR at the end shows nothing. Cells that must hold a number or a text are collected as guards
and tested once, around the whole piece: ``IF(COUNT(F8,G8)=2,F8/G8,…)``. COUNT sees only real
numbers, neither blanks nor digits typed as text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

NONE = "NA()"
NOTHING_SHOWN = '""'


class Piece(msgspec.Struct, frozen=True):
    """A formula text that is right where its guards hold, and a blank where they do not.

    ``numbers`` and ``texts`` are cells that must hold one, ``tests`` other conditions; ``risky``
    pieces can be an error value (a blank) even then; ``loose`` ones are an operator expression, to
    be put in brackets inside another; ``cell`` marks a bare reference.
    """

    text: str
    numbers: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    risky: bool = False
    loose: bool = False
    cell: bool = False

    @property
    def operand(self) -> str:
        """The text as part of a longer operation."""
        return f"({self.text})" if self.loose else self.text

    @property
    def guard(self) -> str:
        """The condition under which the text holds; TRUE where it always does."""
        counted = f"COUNT({','.join(self.numbers)})={len(self.numbers)}"
        tests = [counted] if self.numbers else []
        return both([*tests, *(f'{trimmed(cell)}<>""' for cell in self.texts), *self.tests])

    @property
    def certain(self) -> bool:
        """Whether it always holds a value."""
        return not (self.risky or self.numbers or self.texts or self.tests)

    def sealed(self, otherwise: str) -> str:
        """The value where there is one, else ``otherwise``, whatever the cells hold."""
        if not self.risky or otherwise == NONE:
            return chosen(self.guard, self.text, otherwise)
        short = otherwise if len(otherwise) <= len(NONE) else NONE
        return f"IFERROR({chosen(self.guard, self.text, short)},{otherwise})"


def joined(text: str, parts: Iterable[Piece], *, risky: bool = False, loose: bool = False) -> Piece:
    """A piece made of others: it needs all that they need."""
    given = list(parts)
    return Piece(
        text,
        tuple(dict.fromkeys(cell for part in given for cell in part.numbers)),
        tuple(dict.fromkeys(cell for part in given for cell in part.texts)),
        tuple(dict.fromkeys(test for part in given for test in part.tests)),
        risky or any(part.risky for part in given),
        loose,
    )


def trimmed(cell: str) -> str:
    """A text cell without spaces around it; the wide space counts as one."""
    return f'TRIM(SUBSTITUTE({cell},"\u3000"," "))'


def quoted(text: str) -> str:
    """A text as Excel writes it in a formula."""
    return '"' + text.replace('"', '""') + '"'


def number(value: float) -> Piece:
    """A number as Excel writes it."""
    text = str(int(value)) if value == int(value) else repr(float(value)).upper()
    return Piece(text, loose=value < 0)


def both(tests: Sequence[str]) -> str:
    """True where all tests are."""
    return _gathered("AND", tests, neutral="TRUE", decided="FALSE")


def either(tests: Sequence[str]) -> str:
    """True where one of the tests is."""
    return _gathered("OR", tests, neutral="FALSE", decided="TRUE")


def _gathered(function: str, tests: Sequence[str], *, neutral: str, decided: str) -> str:
    kept = list(dict.fromkeys(test for test in tests if test != neutral))
    if decided in kept:
        return decided
    if len(kept) > 1:
        return f"{function}({','.join(kept)})"
    return kept[0] if kept else neutral


def chosen(test: str, then: str, otherwise: str) -> str:
    """IF, already decided where the test is constant."""
    if test in ("TRUE", "FALSE"):
        return then if test == "TRUE" else otherwise
    return then if then == otherwise else f"IF({test},{then},{otherwise})"
