"""From a definition and the settings to workbooks that teams fill in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xltools.generate.batch import Batch, workbook_path
    from xltools.generate.fill.starting_rows import first_rows
    from xltools.generate.team_workbooks import generate
    from xltools.generate.workbook_series import write_settings, write_workbook

_PLACES = {
    "Batch": "xltools.generate.batch",
    "first_rows": "xltools.generate.fill.starting_rows",
    "generate": "xltools.generate.team_workbooks",
    "workbook_path": "xltools.generate.batch",
    "write_settings": "xltools.generate.workbook_series",
    "write_workbook": "xltools.generate.workbook_series",
}

__all__ = [
    "Batch",
    "first_rows",
    "generate",
    "workbook_path",
    "write_settings",
    "write_workbook",
]


def __getattr__(name: str) -> object:
    """Each is imported when it is first asked for."""
    if name in _PLACES:
        from importlib import import_module

        return getattr(import_module(_PLACES[name]), name)
    raise AttributeError(name)
