"""Texts in the languages that the program speaks."""

from __future__ import annotations

import msgspec


class LocalText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One sentence or label in the languages that the program speaks."""

    zh: str
    en: str

    def __getitem__(self, lang: str) -> str:
        return self.en if lang == "en" else self.zh

    @property
    def all(self) -> tuple[str, str]:
        return self.zh, self.en
