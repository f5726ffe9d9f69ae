"""A file → typed rows and issues: locate, parse, check; alone, in batches, and all together."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xltools.check.check_files import check, check_all
    from xltools.check.respond.check_result import Checked
    from xltools.check.respond.findings import Receipt
    from xltools.check.respond.issue_sentences import Group, groups, located, sentence
    from xltools.check.settings.settings_workbook import read_settings
    from xltools.check.submission import SheetRows, Submission, UnknownSheet
    from xltools.check.submission_tables import tables_of
    from xltools.check.validate.across_workbooks import across

_PLACES = {
    "Checked": "respond.check_result",
    "Group": "respond.issue_sentences",
    "Receipt": "respond.findings",
    "SheetRows": "submission",
    "Submission": "submission",
    "UnknownSheet": "submission",
    "across": "validate.across_workbooks",
    "check": "check_files",
    "check_all": "check_files",
    "groups": "respond.issue_sentences",
    "located": "respond.issue_sentences",
    "read_settings": "settings.settings_workbook",
    "sentence": "respond.issue_sentences",
    "tables_of": "submission_tables",
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
