"""The name of a file inside another: ``inbox/交回.zip › 华东 › 目标.xlsx``."""

from __future__ import annotations

import os
import re

SEPARATOR = " › "
BUNDLES = frozenset({".zip", ".eml", ".msg"})

_INSIDE = re.compile(rf"(.*?\.(?:zip|eml|msg)){SEPARATOR}(.+)", re.IGNORECASE | re.DOTALL)
_UNFIT = re.compile(r"[\x00-\x1f\x7f/\\]|\s+|" + SEPARATOR.strip())


def fitting(name: str) -> str:
    """A name as one step of such a path: no slash, no line break, no second separator."""
    return _UNFIT.sub(" ", name).strip() or "_"


def parted(path: str | os.PathLike[str]) -> tuple[str, str]:
    """The file on the disk, and the rest of the name; "" where nothing lies in a bundle.

    >>> parted("in/交回.zip › 华东 › 目标.xlsx")
    ('in/交回.zip', '华东 › 目标.xlsx')
    >>> parted("in/目标.xlsx")
    ('in/目标.xlsx', '')
    """
    text = os.fspath(path)
    match = _INSIDE.fullmatch(text)
    return (match[1], match[2]) if match else (text, "")


def own_name(path: str | os.PathLike[str]) -> str:
    """The file's own name, wherever it lies.

    >>> own_name("in/交回.zip › 华东 › 目标.xlsx"), own_name("in/目标.xlsx")
    ('目标.xlsx', '目标.xlsx')
    """
    holder, inside = parted(path)
    return inside.rpartition(SEPARATOR)[2] if inside else os.path.basename(holder)  # noqa: PTH119
