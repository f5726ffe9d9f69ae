"""Every sentence the program says, by key, in Chinese and English."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Final

LANGUAGES: Final = ("zh", "en")
_TABLE = re.compile(r"^\[(\w+)", re.MULTILINE)

_COUNTED = re.compile(r"\{(\w+):([^{}|]*)\|([^{}|]*)\}")


# The caches here hold the two shipped files, which do not change while the program runs.
@cache
def sentences(lang: str) -> dict[str, str]:
    """All sentences of one language, keyed ``room.sentence``."""
    return {key: said for room in _texts(lang) for key, said in _room(lang, room).items()}


@cache
def _texts(lang: str) -> dict[str, str]:
    """The file cut by room, unparsed: a command needs few rooms, and parsing all shows."""
    # pathlib would cost --help a tenth of its time.
    with open(os.path.join(os.path.dirname(__file__), f"{lang}.toml"), encoding="utf-8") as file:  # noqa: PTH118, PTH120
        text = file.read()
    starts = [*_TABLE.finditer(text)]
    ends = [match.start() for match in starts[1:]] + [len(text)]
    texts: dict[str, str] = {}
    for match, end in zip(starts, ends, strict=True):
        texts[match[1]] = texts.get(match[1], "") + text[match.start() : end]
    return texts


@cache
def _room(lang: str, room: str) -> dict[str, str]:
    return dict(_flat("", tomllib.loads(_texts(lang).get(room, ""))))


def _flat(prefix: str, table: dict[str, object]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in table.items():
        if isinstance(value, dict):
            found += _flat(f"{prefix}{key}.", value)
        else:
            found.append((prefix + key, str(value)))
    return found


def say(key: str, lang: str, **values: object) -> str:
    """The sentence of that key, filled; KeyError when there is none.

    A gap may name what it counts: ``{files:file|files}`` is ``1 file`` or ``2 files``.
    """
    return _filled(_room(lang, key.partition(".")[0])[key], values)


def _filled(sentence: str, values: Mapping[str, object]) -> str:
    if "|" in sentence:
        sentence = _COUNTED.sub(lambda gap: _one_or_many(gap, values[gap[1]]), sentence)
    return sentence.format(**values)


def _one_or_many(gap: re.Match[str], count: object) -> str:
    return f"{{{gap[1]}}} {gap[2] if str(count) == '1' else gap[3]}"


def knows(key: str) -> bool:
    """Whether there is a sentence of that key."""
    return key in _room(LANGUAGES[0], key.partition(".")[0])
