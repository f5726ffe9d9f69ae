"""The quarter as it stands: read through the store, so that unchanged files cost nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import msgspec
from msgspec.structs import replace

from xltools import verbs
from xltools.check.respond.check_result import Checked
from xltools.check.submission import Submission
from xltools.consolidate.combine.consolidation import Consolidation
from xltools.consolidate.combine.submission_status import Status, status
from xltools.consolidate.store.arrivals import Arrival, Key
from xltools.errors import ReadError
from xltools.excel.input_paths import find_files
from xltools.fault_sentences import any_sentence
from xltools.inbox import consolidation_of
from xltools.locale import LANGUAGES
from xltools.run import Run
from xltools.workspace import Workspace


class Look(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """What a look at the folder saw.

    ``run`` is missing where the folder is no quarter's yet, or where ``fault`` keeps its settings
    or definitions from being read; ``status`` and ``checked`` where the inbox cannot be read, or
    was not yet.
    ``arrivals`` say when workbooks were first seen.
    """

    lang: str
    run: Run | None = None
    status: Status | None = None
    checked: Checked | None = None
    arrivals: Mapping[Key, Arrival] = {}
    fault: Exception | None = None

    @cached_property
    def told(self) -> str:
        """The sentence of the fault, "" for none."""
        return any_sentence(self.fault, self.lang) if self.fault else ""

    @cached_property
    def submissions(self) -> dict[str, Submission]:
        """Every workbook that was read, by its id: no address ever holds a path."""
        sent = self.checked.submissions if self.checked else ()
        return {id_of(one.file): one for one in sent}


def id_of(file: str | Path) -> str:
    """What a file is called in addresses."""
    return hashlib.sha256(str(file).encode("utf-8", "replace")).hexdigest()[:16]


def first_look(folder: Path, chosen: str) -> Look:
    """The settings and definitions alone; ``chosen`` is the language asked for, "" for its own."""
    workspace = Workspace(folder)
    lang = chosen or workspace.language or LANGUAGES[0]
    if not workspace.is_made:
        return Look(lang=lang)
    try:
        run = verbs.start(folder=folder, lang=lang)
    except Exception as fault:  # noqa: BLE001  (the page says it, and the desk stays)
        return Look(lang=lang, fault=fault)
    if not chosen and run.settings.language:
        run = replace(run, lang=run.settings.language)
    return Look(lang=run.lang, run=run)


def look(folder: Path, chosen: str) -> Look:
    """The quarter's folder as it is now, the inbox included."""
    first = first_look(folder, chosen)
    if first.run is None:
        return first
    try:
        return _inbox(first.run, Workspace(folder))
    except Exception as fault:  # noqa: BLE001  (as above)
        return replace(first, fault=fault)


def _inbox(run: Run, workspace: Workspace) -> Look:
    found: Consolidation | None = None
    try:
        found = consolidation_of(run, [workspace.inbox])
    except ReadError as fault:
        if fault.key != "paths.nothing":
            raise
    standing = status(found, run.settings, run.catalog)
    if found and found.stored:
        found.stored.store.close()
    checked = Checked(
        catalog=run.catalog,
        settings=run.settings,
        submissions=found.submissions if found else (),
        issues=found.issues if found else (),
        skipped=tuple(find_files([workspace.inbox])[1]),
    )
    arrivals = found.arrivals if found else {}
    return Look(lang=run.lang, run=run, status=standing, checked=checked, arrivals=arrivals)
