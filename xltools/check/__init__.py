"""A file → typed rows and issues: locate, parse, check; alone, in batches, and all together."""

from xltools.check.answer import Checked, Receipt, check_all
from xltools.check.checking import check
from xltools.check.cross import across
from xltools.check.report import Group, groups, located, sentence
from xltools.check.settings import read_settings
from xltools.check.submission import SheetRows, Submission, UnknownSheet
from xltools.check.tables import tables_of

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
