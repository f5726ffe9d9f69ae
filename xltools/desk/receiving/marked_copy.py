"""The marked copy of one sending, made when somebody asks for it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from msgspec.structs import replace

from xltools import verbs
from xltools.desk.receiving.sendings import Sending, place_of
from xltools.run import Run
from xltools.workspace import Workspace


class Marked(NamedTuple):
    """A file to be downloaded."""

    name: str
    content: bytes


def marked_copy(run: Run, workspace: Workspace, sent: Sending) -> Marked | None:
    """The workbook with its problems marked, by the settings of today, in the run's language.

    None where there is nothing to mark, or the file is no longer there as it was sent.
    """
    path = place_of(workspace, sent)
    if path is None or hashlib.sha256(path.read_bytes()).hexdigest() != sent.sha256:
        return None
    checked = verbs.check_workbooks(replace(run, teams=()), [path])
    with TemporaryDirectory(prefix="xltools-") as folder:
        made = checked.marked_copies(Path(folder), run.lang)
        return Marked(made[0].path.name, made[0].path.read_bytes()) if made else None
