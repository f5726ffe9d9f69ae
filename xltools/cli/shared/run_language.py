"""The language of this run: known from the words of the command line before anything is parsed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextvars import ContextVar

from xltools.locale import LANGUAGES, say

_current: ContextVar[str] = ContextVar("language", default=LANGUAGES[0])
_asked: ContextVar[bool] = ContextVar("language_chosen", default=False)
# Context variables: a call belongs to one context, and what it set ends with it.


def choose(words: Sequence[str]) -> None:
    """Take ``--lang`` from the words, else ``XLTOOLS_LANG``, else the folder's, else Chinese."""
    wanted = os.environ.get("XLTOOLS_LANG", "")
    for index, word in enumerate(words):
        if word.startswith("--lang="):
            wanted = word.removeprefix("--lang=")
        elif word == "--lang" and index + 1 < len(words):
            wanted = words[index + 1]
    _asked.set(wanted in LANGUAGES)
    _current.set(wanted if wanted in LANGUAGES else _of_folder() or LANGUAGES[0])


def _of_folder() -> str:
    """The language of the quarter's folder that one stands in; "" outside one."""
    try:
        folder = os.getcwd()  # noqa: PTH109  (pathlib would cost --help a tenth of its time)
    except OSError:  # it is gone
        return ""
    while not os.path.isfile(os.path.join(folder, "settings.xlsx")):  # noqa: PTH113, PTH118
        folder, below = os.path.dirname(folder), folder  # noqa: PTH120
        if folder == below:
            return ""
    from pathlib import Path

    from xltools.workspace import Workspace

    found = Workspace.around(Path(folder))
    return found.language if found else ""


def language_chosen() -> bool:
    """Whether this call chose a language, rather than leaving it to the folder."""
    return _asked.get()


def set_language(lang: str) -> None:
    """Use a folder's language from here on; "" changes nothing."""
    if lang in LANGUAGES:
        _current.set(lang)


def language() -> str:
    """``zh`` or ``en``."""
    return _current.get()


def listing(words: Iterable[str]) -> str:
    """Several words joined as this run's language joins them."""
    return say("check.comma", language()).join(words)


def text(key: str, **values: object) -> str:
    """A sentence of the command line in this run's language."""
    return say(f"cli.{key}", language(), **values)
