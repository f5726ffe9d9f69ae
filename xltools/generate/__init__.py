"""From a definition and the settings to workbooks that teams fill in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xltools.generate.names import workbook_path
    from xltools.generate.prefill import first_rows
    from xltools.generate.teams import generate, workbook_paths
    from xltools.generate.workbook import write_settings, write_workbook

_PLACES = {
    "first_rows": "xltools.generate.prefill",
    "generate": "xltools.generate.teams",
    "workbook_path": "xltools.generate.names",
    "workbook_paths": "xltools.generate.teams",
    "write_settings": "xltools.generate.workbook",
    "write_workbook": "xltools.generate.workbook",
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
