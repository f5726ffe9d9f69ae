"""A submission without the values in its rows, as JSON: as store and workbook keep it."""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode
from typing import TypeVar

import msgspec

from xltools.check.submission import Submission
from xltools.excel.text import visible
from xltools.issues import Issue

T = TypeVar("T", bound=msgspec.Struct)

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
        issues=[_of(issue, submission.file, "") for issue in submission.issues],
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
    found.issues = [_shared(_of(issue, "", file), pool) for issue in found.issues]
    found.claims = [_shared(claim, pool) for claim in found.claims]
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


def _of(issue: Issue, old: str, new: str) -> Issue:
    """The issue with one file's name in place of another's."""
    if old not in (issue.file, issue.other_file):
        return issue
    return msgspec.structs.replace(
        issue,
        file=new if issue.file == old else issue.file,
        other_file=new if issue.other_cell and issue.other_file == old else issue.other_file,
    )


def _shared(one: T, pool: Pool) -> T:
    """The same, made of texts and dictionaries in the pool."""
    fields = {name: getattr(one, name) for name in one.__struct_fields__}
    return type(one)(**{name: _from(pool, value) for name, value in fields.items()})


def _from(pool: Pool, value: object) -> object:
    if type(value) is str:
        return pool.setdefault(value, value)
    return pool.setdefault(("", repr(value)), value) if type(value) is dict else value


def _valid(value: object) -> object:
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, dict):
        return {visible(key): _valid(one) for key, one in value.items()}
    return [_valid(one) for one in value] if isinstance(value, list) else value
