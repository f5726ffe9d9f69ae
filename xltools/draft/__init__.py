"""Workbooks that exist already → a definition, ready to check, consolidate and generate.

A copy is sketched by itself, in a guarded worker (``sketch``): its tables, their cells and what
these declare. The sketches are laid over each other (``copies_together``) and made a definition
step by step (``make``), by what headers, formats, values and formulas mean (``understand``);
``write_toml`` lays it out.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path, PurePath

import msgspec

from xltools.bundles import find_workbooks
from xltools.check.identify.file_name import name_parts
from xltools.definition import Catalog, Definition, LocalText
from xltools.definition.catalog import SETTINGS
from xltools.draft.copies_together import together
from xltools.draft.make.draft_columns import add_sheet
from xltools.draft.make.draft_formulas import add_formulas
from xltools.draft.make.draft_references import add_references
from xltools.draft.make.draft_rules import add_rules
from xltools.draft.make.drafted import DraftedSheet, DraftState
from xltools.draft.sketch.copy_sketch import CopySketch, LeftOut
from xltools.draft.sketch.read_copy import sketch_copy
from xltools.draft.understand.header_words import free_name, name_of
from xltools.draft.write_toml import toml_of
from xltools.errors import FileRefused, ReadError, UsageError
from xltools.excel.input_paths import Skipped, printable
from xltools.ground.folding import fold
from xltools.locale import say
from xltools.workers import Refusal, run

__all__ = ["Draft", "DraftedSheet", "Unread", "draft"]

Progress = Callable[[int, int], None]

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_SEPARATORS = re.compile(r"[-_ —]+")
_CHINESE = re.compile(r"[\u4e00-\u9fff]{2,}")
_PERIOD = re.compile(r"\d{4}")
_NOTHING_SAID = re.compile(r"(?:blank|template|copy|book|workbook|form|sheet|file|new)?_?\d*")


class Unread(msgspec.Struct, frozen=True):
    """A file that could not be read, and why."""

    file: str
    refusal: Refusal


class Draft(msgspec.Struct):
    """A definition as drafted, and all that its reader should know.

    ``catalog`` are all definitions together with it; ``path`` is where it is written.
    """

    definition: Definition
    catalog: Catalog
    path: Path
    toml: str
    files: list[str]
    sheets: list[DraftedSheet]
    left_out: list[LeftOut]
    values_only: str
    """Copies in a format of which only headers, values and formulas are read."""
    unread: list[Unread]
    skipped: list[Skipped]


def draft(
    paths: Sequence[Path | str],
    *,
    catalog: Catalog,
    name: str = "",
    lang: str = "zh",
    workers: int | None = None,
    progress: Progress | None = None,
) -> Draft:
    """One definition for all these copies; without a name it is called as the files are.

    Raises ReadError where nothing can be read or no table is found, UsageError for a bad name.
    """
    if name and (not _NAME.fullmatch(name) or name == SETTINGS):
        raise UsageError("draft.name", name=name)
    sources, skipped = find_workbooks(paths, workers)
    if not sources:
        raise ReadError("paths.nothing", paths=[printable(path) for path in paths])
    copies, unread = _sketched([os.fspath(one.path) for one in sources], workers, progress)
    files = [one.file for one in copies]
    chosen = name or _name(files, catalog)
    state = DraftState(chosen, _title(chosen, files, catalog), copies, catalog, lang)
    tables = together(copies)
    if not tables:
        raise ReadError("draft.no_table", path=files[0])
    for table in tables:
        add_sheet(state, table)
    add_references(state)
    add_formulas(state)
    add_rules(state)
    definition = state.definition()
    left_out = list(dict.fromkeys(one for copy in copies for one in copy.left_out))
    values_only = state.named([n for n, copy in enumerate(copies) if copy.values_only])
    return Draft(
        definition=definition,
        catalog=Catalog({**catalog.definitions, chosen: definition}),
        path=Path("templates") / f"{chosen}.toml",
        toml=toml_of(definition, state.sheets, list(_head(left_out, files, values_only, lang))),
        files=files,
        sheets=state.sheets,
        left_out=left_out,
        values_only=values_only,
        unread=unread,
        skipped=skipped,
    )


def _sketched(
    paths: Sequence[str], workers: int | None, progress: Progress | None
) -> tuple[list[CopySketch], list[Unread]]:
    """The copies as they are, blank ones first, and those that cannot be read.

    Raises ReadError where none can.
    """
    report = (lambda done: progress(done, len(paths))) if progress else None
    outcomes = list(run(sketch_copy, paths, workers=workers, progress=report))
    unread = [Unread(printable(one.path), one.refusal) for one in outcomes if one.refusal]
    copies: list[CopySketch] = [one.result for one in outcomes if one.refusal is None]
    if not copies:
        why = unread[0].refusal
        reason = FileRefused(why.code, why.reason, **why.values)
        raise ReadError("draft.unreadable", path=unread[0].file, reason=reason)
    return sorted(copies, key=lambda one: any(table.rows for table in one.tables)), unread


def _head(
    left_out: Sequence[LeftOut], files: Sequence[str], values_only: str, lang: str
) -> Iterator[str]:
    """What stands above the definition: of which files it is made, and what it leaves out."""
    yield say("draft.head", lang, files=len(files))
    yield say("draft.look", lang)
    for one in left_out:
        reason = say(f"draft.reason.{one.reason}", lang)
        yield say("draft.left_out", lang, sheet=one.title, reason=reason)
    if values_only:
        yield say("draft.values_only", lang, copies=values_only)


def _name(files: Sequence[str], catalog: Catalog) -> str:
    """A name from the files' names: the workbook that one names, else its English words."""
    for file in files:
        stem = PurePath(file).stem
        found = name_of(name_parts(file, catalog).template or stem)
        if found and not _NOTHING_SAID.fullmatch(found):
            return free_name(found, catalog.definitions)
    return free_name("workbook", catalog.definitions)


def _title(name: str, files: Sequence[str], catalog: Catalog) -> LocalText:
    """The definition's name in words; in Chinese what the files' names have in common."""
    taken = {fold(text) for one in catalog if one.name != name for text in one.title.all}
    words = name.replace("_", " ").capitalize()
    return LocalText(_free(_shared_words(files) or words, taken), _free(words, taken))


def _free(title: str, taken: Collection[str]) -> str:
    """A title that no other definition has."""
    numbered = (title, *(f"{title} {count}" for count in range(2, len(taken) + 3)))
    return next(one for one in numbered if fold(one) not in taken)


def _shared_words(files: Sequence[str]) -> str:
    """The Chinese words between team and period that all files' names share; "" without any."""
    parts = [_SEPARATORS.split(PurePath(file).stem) for file in files]
    shared = [one for one in parts[0] if all(one in other for other in parts)]
    return next((one for one in shared if _CHINESE.search(one) and not _PERIOD.search(one)), "")
