"""The consolidated tables as Parquet files, one a sheet, names instead of labels."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from xltools.check.respond.issue_sentences import sentence
from xltools.consolidate.combine.consolidation import Consolidation
from xltools.consolidate.combine.file_summaries import summaries_of
from xltools.errors import UsageError
from xltools.excel.atomic_output import replacing

if TYPE_CHECKING:
    import pandas as pd


def write_parquet(consolidation: Consolidation, folder: Path, *, lang: str, force: bool) -> None:
    """Write ``<definition>.<sheet>.parquet`` for every sheet with rows, submissions and problems.

    Raises UsageError where pyarrow is not installed, WriteError where a file exists already.
    """
    if find_spec("pyarrow") is None:
        raise UsageError("usage.no_parquet")
    for name, table in _tables(consolidation, lang):
        with replacing(folder / f"{name}.parquet", force=force) as temporary:
            table.to_parquet(temporary, engine="pyarrow", index=False)


def _tables(consolidation: Consolidation, lang: str) -> Iterator[tuple[str, pd.DataFrame]]:
    import msgspec
    import pandas as pd

    for (definition, sheet), table in consolidation.tables.items():
        if not table.empty:
            yield f"{definition}.{sheet}", table
    listed = [msgspec.to_builtins(one) for one in summaries_of(consolidation)]
    yield "submissions", pd.DataFrame(listed)
    fields = ("file", "sheet", "cell", "column", "code", "severity", "value", "suggestion")
    issues = [
        {name: str(getattr(one, name)) for name in fields}
        | {"message": sentence(one, lang, consolidation.catalog)}
        for one in consolidation.all_issues
    ]
    yield "problems", pd.DataFrame(issues, columns=[*fields, "message"], dtype="str")
