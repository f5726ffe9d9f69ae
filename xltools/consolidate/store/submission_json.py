"""Submissions without the values in their rows as JSON, for the store and hidden sheets."""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode

import msgspec
from msgspec.structs import force_setattr

from xltools.check.submission import ComparedValue, SheetRows, Submission
from xltools.excel.cell_text import visible
from xltools.issues import Issue

Pool = dict[object, object]

_DECODER = msgspec.json.Decoder(Submission)


def encode(submission: Submission) -> str:
    """The JSON without the file's name, so that it holds wherever the file lies."""
    bare = msgspec.structs.replace(
        submission,
        file="",
        sheets={
            name: msgspec.structs.replace(sheet, columns={}, formulas={})
            for name, sheet in submission.sheets.items()
        },
        issues=[_without(submission.file, fault) for fault in submission.issues],
    )
    try:
        return msgspec.json.encode(bare).decode()
    except UnicodeEncodeError:  # half a character, which a damaged file may hold
        return msgspec.json.encode(_valid(msgspec.to_builtins(bare))).decode()


def decode(text: str, file: str, pool: Pool | None = None) -> Submission:
    """The submission again, as of ``file``.

    Thousands of files say the same of the same cells: what ``pool`` holds already is used again.
    """
    pool = {} if pool is None else pool
    found = _DECODER.decode(text)
    found.file = file
    for sheet in found.sheets.values():
        _share_parts(sheet, pool)
    for fault in found.issues:
        _share(fault, pool)
        if not fault.file:
            force_setattr(fault, "file", file)
        if fault.other_cell and not fault.other_file:
            force_setattr(fault, "other_file", file)
    for compared in found.compared:
        _share(compared, pool)
    return found


def pack(text: str) -> str:
    """The JSON in few plain characters, for the cells of a workbook."""
    return b64encode(zlib.compress(text.encode())).decode()


def unpack(text: str) -> str:
    """The JSON again; ValueError where the text is damaged."""
    try:
        return zlib.decompress(b64decode(text, validate=True)).decode()
    except zlib.error as fault:
        raise ValueError(str(fault)) from fault


def _without(file: str, fault: Issue) -> Issue:
    """The issue without the name of the file that it is kept for."""
    if file not in (fault.file, fault.other_file):
        return fault
    return msgspec.structs.replace(
        fault,
        file="" if fault.file == file else fault.file,
        other_file="" if fault.other_cell and fault.other_file == file else fault.other_file,
    )


def _share(fresh: Issue | ComparedValue, pool: Pool) -> None:
    """Take its texts and dictionaries from the pool; nobody else has seen it, frozen as it is."""
    for name in fresh.__struct_fields__:
        value = getattr(fresh, name)
        if value and type(value) is str:
            force_setattr(fresh, name, pool.setdefault(value, value))
        elif type(value) is dict:
            force_setattr(fresh, name, pool.setdefault(("", repr(value)) if value else "", value))


def _share_parts(sheet: SheetRows, pool: Pool) -> None:
    """Take its columns' places, its row numbers and what is blank from the pool."""
    for name in sheet.__struct_fields__:
        value = getattr(sheet, name)
        if not value or name in ("rows", "places"):
            key = name, *(value.items() if isinstance(value, dict) else value)
            setattr(sheet, name, pool.setdefault(key, value))


def _valid(value: object) -> object:
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, dict):
        return {visible(key): _valid(one) for key, one in value.items()}
    return [_valid(one) for one in value] if isinstance(value, list) else value
