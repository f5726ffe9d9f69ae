"""Many checked workbooks → one, every row with its provenance; and the memory of what was read."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xltools.consolidate.collecting import collect
    from xltools.consolidate.consolidation import PROVENANCE, Consolidation
    from xltools.consolidate.output import write_consolidated
    from xltools.consolidate.standing import Status, status

# Writing workbooks costs an import that reading them need not pay.
_HOMES = {
    "PROVENANCE": "consolidation",
    "Consolidation": "consolidation",
    "Status": "standing",
    "collect": "collecting",
    "status": "standing",
    "write_consolidated": "output",
}

__all__ = ["PROVENANCE", "Consolidation", "Status", "collect", "status", "write_consolidated"]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
