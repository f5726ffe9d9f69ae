"""Every sentence the program says, by key, in Chinese and English."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Final

LANGUAGES: Final = ("zh", "en")


@cache
def sentences(lang: str) -> dict[str, str]:
    """All sentences of one language, keyed ``room.sentence``."""
    text = files(__name__).joinpath(f"{lang}.toml").read_text(encoding="utf-8")
    return dict(_flat("", tomllib.loads(text)))


def _flat(prefix: str, table: dict[str, object]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in table.items():
        if isinstance(value, dict):
            found += _flat(f"{prefix}{key}.", value)
        else:
            found.append((prefix + key, str(value)))
    return found


def say(key: str, lang: str, **values: object) -> str:
    """The sentence of that key, filled; KeyError when there is none."""
    return sentences(lang)[key].format(**values)


def knows(key: str) -> bool:
    """Whether there is a sentence of that key."""
    return key in sentences(LANGUAGES[0])
