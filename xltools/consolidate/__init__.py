"""Many checked workbooks → one, every row with its provenance; and the memory of what was read."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xltools.consolidate.collect_submissions import collect
    from xltools.consolidate.combine.consolidation import PROVENANCE, Consolidation
    from xltools.consolidate.combine.submission_status import Status, status
    from xltools.consolidate.write.output_files import write_consolidated

# Writing workbooks costs an import that reading them need not pay.
_HOMES = {
    "PROVENANCE": "combine.consolidation",
    "Consolidation": "combine.consolidation",
    "Status": "combine.submission_status",
    "collect": "collect_submissions",
    "status": "combine.submission_status",
    "write_consolidated": "write.output_files",
}

__all__ = ["PROVENANCE", "Consolidation", "Status", "collect", "status", "write_consolidated"]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
