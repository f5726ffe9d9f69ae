"""What is wrong with an expression: where, and what was probably meant."""

from __future__ import annotations

from collections.abc import Iterable

from xltools.errors import DefinitionError

_AROUND = 100  # characters shown on either side of a fault


class ExpressionError(DefinitionError):
    """An expression cannot be understood; ``position`` counts characters of ``text`` from 0."""

    def __init__(self, key: str, text: str = "", position: int = 0, **values: object) -> None:
        super().__init__(key, **values, text=_shown(text, position), position=position + 1)
        self.text = text
        self.position = position

    def at(self, where: str) -> DefinitionError:
        """The same with its place in the definition in front."""
        return DefinitionError("expressions.at", where=where, reason=self)


def _shown(text: str, position: int) -> str:
    """What stands around the fault: a text may be as long as it likes."""
    start, end = max(0, position - _AROUND), position + _AROUND
    before, after = "…" * (start > 0), "…" * (end < len(text))
    return before + text[start:end].strip() + after or "…"


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that was probably meant, or "" when none is near."""
    from rapidfuzz import fuzz, process, utils

    found = process.extractOne(
        name, list(known), scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=55
    )
    return str(found[0]) if found else ""
