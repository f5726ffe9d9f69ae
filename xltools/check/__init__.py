"""A file → typed rows and issues: locate, parse, check; alone, in batches, and all together."""

from xltools.check.checking import check
from xltools.check.cross import across
from xltools.check.submission import SheetRows, Submission, UnknownSheet
from xltools.check.tables import tables_of

__all__ = ["SheetRows", "Submission", "UnknownSheet", "across", "check", "tables_of"]
