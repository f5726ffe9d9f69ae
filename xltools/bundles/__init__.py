"""Workbooks where they lie: on the disk, in a zip bundle, in a saved mail."""

from xltools.bundles.sources import Source, admit, find_workbooks, read_source

__all__ = ["Source", "admit", "find_workbooks", "read_source"]
