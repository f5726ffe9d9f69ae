"""Settings that were dropped: checked and compared before they take the place of the old ones."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

from xltools import verbs
from xltools.check.respond.issue_sentences import Group
from xltools.check.settings.settings_workbook import read_settings
from xltools.definition import Catalog
from xltools.definition.catalog import SETTINGS
from xltools.errors import UsageError, XltoolsError
from xltools.excel.atomic_output import write_bytes
from xltools.excel.replaced_files import keeping_old
from xltools.fault_sentences import fault_sentence
from xltools.issues import Severity
from xltools.run import Run
from xltools.settings import Settings
from xltools.workspace import Workspace

_COUNTED = ("teams", "members", "metrics", "targets")
_NAMED = ("organisation", "period", "deadline")


class Difference(NamedTuple):
    """What something in the settings is called, what it was, and what it would be."""

    label: str
    old: str
    new: str


class Proposal(NamedTuple):
    """Settings that wait to be accepted; ``fault`` is why they cannot be, "" where they can."""

    sha256: str
    groups: list[Group]
    fault: str
    differences: list[Difference]


def propose(workspace: Workspace, content: bytes) -> None:
    """Keep a settings workbook beside what the desk remembers, until it is accepted."""
    write_bytes(_waiting(workspace), content, force=True)


def proposal(workspace: Workspace, lang: str, current: Run | None) -> Proposal | None:
    """What waits, and what is to be said of it; ``current`` is by the settings of now."""
    path = _waiting(workspace)
    if not path.is_file():
        return None
    run = _without_settings(workspace, lang)
    checked = verbs.check_workbooks(run, [path])
    [submission] = checked.submissions
    groups = [one for one in checked.groups(submission, lang) if one.severity != Severity.INFO]
    fault, differences = "", []
    try:
        settings = read_settings(path, run.catalog, lang)
        differences = _differences(run.catalog, lang, current, settings)
    except XltoolsError as refused:
        fault = fault_sentence(refused, lang)
    return Proposal(_hash(path), groups, fault, differences)


def accept(workspace: Workspace, lang: str, sha256: str) -> Path | None:
    """Put what waits in the place of the settings; where the old ones are kept.

    Raises UsageError where something else waits by now, SettingsError, WriteError.
    """
    path = _waiting(workspace)
    if not path.is_file() or _hash(path) != sha256:
        raise UsageError("desk.not_there", name=workspace.settings.name)
    read_settings(path, _without_settings(workspace, lang).catalog, lang)
    with keeping_old(workspace.settings, force=True) as kept:
        write_bytes(workspace.settings, path.read_bytes(), force=True)
    path.unlink()
    return next(iter(kept), None)


def discard(workspace: Workspace) -> None:
    """Forget what waits."""
    _waiting(workspace).unlink(missing_ok=True)


def told(catalog: Catalog, lang: str, settings: Settings) -> list[tuple[str, str]]:
    """What the settings hold, in a few labels and values."""
    definition = catalog[SETTINGS]
    general = definition.sheet("general")
    named = [(general.column(name).label[lang], getattr(settings, name)) for name in _NAMED]
    counts = [
        (definition.sheet(name).title[lang], len(getattr(settings, name))) for name in _COUNTED
    ]
    return [(label, str(value or "-")) for label, value in named + counts]


def _differences(
    catalog: Catalog, lang: str, current: Run | None, settings: Settings
) -> list[Difference]:
    new = told(catalog, lang, settings)
    old = told(catalog, lang, current.settings) if current else [(label, "-") for label, _ in new]
    return [
        Difference(label, before, after)
        for (label, after), (_, before) in zip(new, old, strict=True)
        if before != after
    ]


def _without_settings(workspace: Workspace, lang: str) -> Run:
    templates = workspace.templates if workspace.templates.is_dir() else None
    return verbs.start(templates=templates, lang=lang)


def _waiting(workspace: Workspace) -> Path:
    return workspace.store.with_name("settings.xlsx")


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
