"""What a file's name says where the workbook itself says nothing: ``<team>-<title>-<period>``."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import NamedTuple

from xltools.check.identify.label_forms import normalised
from xltools.definition import Catalog
from xltools.ground.folding import fold
from xltools.ground.member_paths import own_name
from xltools.ground.period import Quarter

_PERIOD = re.compile(r"[-_ ]*(\d{4})\s*[-_年]?\s*(?:[Qq]([1-4])|第?([一二三四1-4])季度?)\s*$")
_TAIL = re.compile(
    r"[-_ ]*(?:\(\d+\)|副本|copy|v\d+|最终版?|终稿|修改版?|已填|回复|final|returned|marked)\s*$",
    re.IGNORECASE,
)


class NameParts(NamedTuple):
    """The parts of a file's name, each empty where it is not there."""

    team: str = ""
    template: str = ""
    period: str = ""


def name_parts(path: str, catalog: Catalog) -> NameParts:
    """Team, definition and period in a file's name; the period ends it, a title goes before."""
    rest = normalised(PurePath(own_name(path)).stem)
    while shorter := _TAIL.sub("", rest):
        if shorter == rest:
            break
        rest = shorter
    period = ""
    match = _PERIOD.search(rest)
    if match:
        period = str(Quarter.parse(match[0].strip("-_ ")))
        rest = rest[: match.start()]
    rest = rest.strip("-_ ")
    for definition in catalog:
        for title in (*definition.title.all, definition.name):
            team = _before(rest, title)
            if team is not None:
                return NameParts(team, definition.name, period)
    return NameParts("", "", period)


def _before(text: str, title: str) -> str | None:
    """What stands before the title that ends the text; None where it ends otherwise."""
    words = r"[-_\s]*".join(re.escape(word) for word in normalised(title).split())
    match = re.fullmatch(rf"(?:(.*?)[-_\s]+|){words}", text, re.IGNORECASE)
    if match:
        return (match[1] or "").strip("-_ ")
    return "" if fold(text) == fold(title) else None
