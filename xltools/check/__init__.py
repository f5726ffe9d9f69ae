"""A file → typed rows and issues: locate, parse, check; alone, in batches, and all together."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xltools.check.answer import Checked, Receipt, check_all
    from xltools.check.checking import check
    from xltools.check.cross import across
    from xltools.check.report import Group, groups, located, sentence
    from xltools.check.settings import read_settings
    from xltools.check.submission import SheetRows, Submission, UnknownSheet
    from xltools.check.tables import tables_of

_PLACES = {
    "Checked": "answer",
    "Group": "report",
    "Receipt": "answer",
    "SheetRows": "submission",
    "Submission": "submission",
    "UnknownSheet": "submission",
    "across": "cross",
    "check": "checking",
    "check_all": "answer",
    "groups": "report",
    "located": "report",
    "read_settings": "settings",
    "sentence": "report",
    "tables_of": "tables",
}

__all__ = [
    "Checked",
    "Group",
    "Receipt",
    "SheetRows",
    "Submission",
    "UnknownSheet",
    "across",
    "check",
    "check_all",
    "groups",
    "located",
    "read_settings",
    "sentence",
    "tables_of",
]


def __getattr__(name: str) -> object:
    """Each is imported when it is first asked for."""
    if name in _PLACES:
        from importlib import import_module

        return getattr(import_module(f"xltools.check.{_PLACES[name]}"), name)
    raise AttributeError(name)
