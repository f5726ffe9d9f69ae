"""Names that nothing has, names that stand twice, texts that look alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xltools.definition.definition_model import Choice
from xltools.definition.file_shape import Mistake, nearest_name
from xltools.definition.local_text import LocalText
from xltools.ground.folding import fold
from xltools.locale import LANGUAGES


def unknown(where: str, names: Iterable[str], allowed: Iterable[str]) -> Iterator[Mistake]:
    """Names that are not allowed, each with the one that was probably meant."""
    known = list(allowed)
    for name in names:
        if name in known:
            continue
        near = nearest_name(name, known)
        if near:
            yield "errors.definition.unknown_near", {"path": where, "name": name, "near": near}
        else:
            options = ", ".join(known) or "-"
            yield "errors.definition.unknown", {"path": where, "name": name, "allowed": options}


def repeated(where: str, names: Iterable[str]) -> Iterator[Mistake]:
    """Names that stand twice."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield "errors.definition.repeated", {"path": where, "name": name}
        seen.add(name)


def alike(where: str, texts: Iterable[LocalText | Choice], key: str) -> Iterator[Mistake]:
    """Texts that people cannot tell apart, in one language or the other."""
    for lang in LANGUAGES:
        seen: set[str] = set()
        for text in texts:
            if fold(text[lang]) in seen:
                yield f"errors.definition.{key}", {"path": where, "name": text[lang]}
            seen.add(fold(text[lang]))
