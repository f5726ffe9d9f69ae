"""What is wrong with an expression: where, and what was probably meant."""

from __future__ import annotations

from collections.abc import Iterable

from xltools.errors import DefinitionError


class ExpressionError(DefinitionError):
    """An expression cannot be understood; ``position`` counts characters of ``text`` from 0.

    Its sentence starts with ``where``, the place in the definition, once that is known.
    """

    def __init__(self, key: str, text: str = "", position: int = 0, **values: object) -> None:
        super().__init__(key, **{"where": "", **values}, text=text, position=position + 1)
        self.text = text
        self.position = position

    def at(self, where: str) -> ExpressionError:
        """The same error with its place in the definition."""
        return ExpressionError(
            self.key, self.text, self.position, **_without(self.values), where=f"{where}: "
        )


def _without(values: dict[str, object]) -> dict[str, object]:
    return {k: v for k, v in values.items() if k not in ("text", "position", "where")}


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that was probably meant, or "" when none is near."""
    from rapidfuzz import fuzz, process, utils

    found = process.extractOne(
        name, list(known), scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=55
    )
    return str(found[0]) if found else ""
