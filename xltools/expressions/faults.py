"""What is wrong with an expression: where, and what was probably meant."""

from __future__ import annotations

from collections.abc import Iterable

from xltools.errors import DefinitionError


class ExpressionError(DefinitionError):
    """An expression cannot be understood; ``position`` counts characters of ``text`` from 0."""

    def __init__(self, key: str, text: str = "", position: int = 0, **values: object) -> None:
        super().__init__(key, **values, text=text.strip() or "…", position=position + 1)
        self.text = text
        self.position = position

    def at(self, where: str) -> DefinitionError:
        """The same with its place in the definition in front."""
        return DefinitionError("expressions.at", where=where, reason=self)


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that was probably meant, or "" when none is near."""
    from rapidfuzz import fuzz, process, utils

    found = process.extractOne(
        name, list(known), scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=55
    )
    return str(found[0]) if found else ""
