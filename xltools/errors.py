"""What stops the program: one exception per exit code, each carrying a sentence id and its values.

A faulty *workbook* is never an exception: it is an `Issue` (issues.py) and the run goes on.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Literal

from xltools.ground.folding import fold

Unknown = Literal["team", "template", "sheet"]
_NEAR = 60  # of 100: below it a suggestion misleads


class _Sentence(Exception):
    """``key`` names a sentence in ``locale/``, which ``values`` fill."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key, values)
        self.key = key
        self.values = values

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value}" for name, value in self.values.items())
        return f"{self.key}({details})"


class XltoolsError(_Sentence):
    """The program cannot go on."""

    exit_code = 2


class XltoolsWarning(_Sentence, UserWarning):
    """Something that the user should know and that stops nothing."""


class UsageError(XltoolsError):
    """Options or arguments that contradict each other or name something unknown."""

    @staticmethod
    def unknown(
        what: Unknown, name: str, known: Iterable[str], words: Iterable[str] = ()
    ) -> UsageError:
        """A name that is none of ``known``, with the nearest of them, or of ``words``, if any."""
        from rapidfuzz import fuzz, process

        known = list(known)
        choices = list(words) or known
        near = process.extractOne(
            name, choices, scorer=fuzz.WRatio, processor=fold, score_cutoff=_NEAR
        )
        if near is None:
            return UsageError(f"usage.{what}_unknown", name=name, known=known)
        return UsageError(f"usage.{what}", name=name, near=near[0], known=known)


class DefinitionError(XltoolsError):
    """A definition file is wrong; names the file, the path inside it and what is allowed."""


class SettingsError(XltoolsError):
    """A settings workbook has faults; carries its issues under ``issues``."""


class ReadError(XltoolsError):
    """A named path does not exist, or nothing to read was found."""

    exit_code = 3


class WriteError(XltoolsError):
    """An output exists already, or cannot be written."""

    exit_code = 3


class DatabaseError(XltoolsError):
    """A database cannot be reached, read or written; what it held it holds still."""

    exit_code = 3


class FileRefused(Exception):
    """One workbook cannot be read; ``code`` is the issue it gets, ``reason`` the sentence id."""

    def __init__(self, code: str, reason: str, **values: object) -> None:
        super().__init__(code, reason, values)
        self.code = code
        self.reason = reason
        self.values = values

    def __reduce__(self) -> tuple[object, ...]:
        return partial(FileRefused, **self.values), (self.code, self.reason)  # type: ignore[arg-type]
