"""From a definition and the settings to workbooks that teams fill in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xltools.generate.fill.starting_rows import first_rows
    from xltools.generate.output_names import workbook_path
    from xltools.generate.team_workbooks import generate, workbook_paths
    from xltools.generate.workbook_series import write_settings, write_workbook

_PLACES = {
    "first_rows": "xltools.generate.fill.starting_rows",
    "generate": "xltools.generate.team_workbooks",
    "workbook_path": "xltools.generate.output_names",
    "workbook_paths": "xltools.generate.team_workbooks",
    "write_settings": "xltools.generate.workbook_series",
    "write_workbook": "xltools.generate.workbook_series",
}

__all__ = [
    "first_rows",
    "generate",
    "workbook_path",
    "workbook_paths",
    "write_settings",
    "write_workbook",
]


def __getattr__(name: str) -> object:
    """Each is imported when it is first asked for."""
    if name in _PLACES:
        from importlib import import_module

        return getattr(import_module(_PLACES[name]), name)
    raise AttributeError(name)
