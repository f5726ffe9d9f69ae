"""Rows of a sheet that look like the header of some table, and which columns they name."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import msgspec

from xltools.check.identify.label_forms import header_keys
from xltools.check.identify.vocabulary import Vocabulary
from xltools.check.locate.table_context import month_keys
from xltools.check.reading_plan import Key
from xltools.excel.identity import MARK, Identity, decode
from xltools.excel.reading.cells.surroundings import Box
from xltools.excel.reading.workbook_reader import SheetCells
from xltools.ground.period import Quarter

_SEARCHED = 60
_LONGEST = 160
_LEAST_HITS = 2
_MOST_ROWS = 3  # of one header
_BAR = f"{MARK}|"
_NAME = re.compile(r"_?[a-z][a-z0-9_]*")
_HINT_LINE = 2
_KEY_REACH = 3  # a key row stands next to its header; a user may have inserted rows


class Band(msgspec.Struct):
    """One header, up to three rows high, or a hidden key row with the header next to it.

    A form has its keys and its example above the header; older ones have both below it.

    ``texts`` are its headers by Excel column, ``hits`` the columns that they name in each sheet of
    a definition; ``keyed`` are the column names of a key row, ``identity`` its first cell, ``own``
    the columns that the program itself filled beside them: the live check and its helpers.
    ``former`` are those of ``keyed`` that the workbook still calls by an earlier name.
    """

    top: int
    bottom: int
    texts: dict[int, str]
    hits: dict[Key, dict[int, str]]
    filled: int = 0
    identity: Identity | None = None
    keyed: dict[int, str] = {}
    own: frozenset[int] = frozenset()
    former: dict[int, str] = {}
    key_row: int = 0

    @property
    def below_keys(self) -> bool:
        """Whether keys, and with them the example, stand above the header."""
        return 0 < self.key_row < self.top


def is_of_template(band: Band) -> bool:
    """Whether a template's header stands here, with or without its key row."""
    return bool(band.keyed) or any(text.count("\n") >= _HINT_LINE for text in band.texts.values())


def bands_of(cells: SheetCells, words: Vocabulary, quarter: Quarter | None = None) -> list[Band]:
    """Every band of a sheet, top down; a key row takes the label rows next to it."""
    found: list[Band] = []
    searched = _SEARCHED
    after_gap = True
    for row, values in enumerate(cells.rows, 1):
        filled = len(values) - values.count(None) - values.count("")
        candidate = filled >= _LEAST_HITS and (row <= searched or after_gap)
        after_gap = filled < _LEAST_HITS
        if not candidate:
            continue
        texts = _texts(values)
        key = _key_band(row, texts, words)
        if key is not None:
            near = [one for one in found if one.top >= row - _KEY_REACH]
            near += _labels_below(key, cells, words, quarter)
            found = [one for one in found if one.top < row - _KEY_REACH]
            found.append(_with_labels(key, near, cells, words, quarter))
            searched = row  # below stand data; another table follows a gap
        elif not found or row > found[-1].bottom:
            band = _label_band(row, texts, filled, cells, words, quarter)
            found += [band] if band is not None else []
    return found


def _key_band(row: int, texts: dict[int, str], words: Vocabulary) -> Band | None:
    """The band of a hidden key row: its identity and names, or names alone."""
    mark = next((column for column, text in texts.items() if text.startswith(_BAR)), 0)
    first = next((text for column, text in texts.items() if column != mark), "")
    if not mark and not _NAME.fullmatch(first):
        return None
    identity = decode(texts[mark]) if mark else None
    names = {column: text.strip() for column, text in texts.items() if column != mark}
    if identity is not None and identity.sheet:
        sheet = words.sheet_once_called(identity.template, identity.sheet)
        if sheet is None:
            return None
        once = {column.was: column.name for column in sheet.columns if column.was}
        now = once | {name: name for name in sheet.names}
        keyed = {column: now[name] for column, name in names.items() if name in now}
        former = {c: now[name] for c, name in names.items() if now.get(name, name) != name}
        own = frozenset(column for column, name in names.items() if name[:1] == "_") | {mark}
        key = identity.template, sheet.name
        return Band(row, row, {}, {key: {}}, len(names), identity, keyed, own, former, row)
    own = frozenset(column for column, name in names.items() if name[:1] == "_")
    names = {column: name for column, name in names.items() if column not in own}
    if len(names) < _LEAST_HITS or not all(_NAME.fullmatch(text) for text in names.values()):
        return None
    for definition, sheet in words.catalog.sheets():
        known = set(sheet.names)
        if all(name in known for name in names.values()) and len(names) > len(known) // 2:
            hits: dict[Key, dict[int, str]] = {(definition.name, sheet.name): {}}
            return Band(row, row, {}, hits, len(names), None, names, own, {}, row)
    return None


def _labels_below(
    key: Band, cells: SheetCells, words: Vocabulary, quarter: Quarter | None
) -> list[Band]:
    """The bands below a key row that may be its header: of known labels, or as a form writes it."""
    [wanted] = key.hits
    found: list[Band] = []
    for row in range(key.bottom + 1, min(key.bottom + _KEY_REACH, len(cells.rows)) + 1):
        texts = _texts(cells.rows[row - 1])
        band = _label_band(row, texts, len(texts), cells, words, quarter)
        if band is None or wanted not in band.hits:
            band = Band(row, row, texts, {wanted: {}})
        if band.hits[wanted] or is_of_template(band):
            found.append(band)
    return found


def _with_labels(
    key: Band, near: list[Band], cells: SheetCells, words: Vocabulary, quarter: Quarter | None
) -> Band:
    """A key row together with the labels next to it, whether or not anybody knows them."""
    [wanted] = key.hits
    fitting = (one for one in near if wanted in one.hits)
    labels = max(fitting, key=lambda one: len(one.hits[wanted]), default=None)
    if labels is not None:
        key.top, key.bottom = labels.top, max(key.bottom, labels.bottom)
        key.texts, key.hits = labels.texts, {wanted: labels.hits[wanted]}
    elif key.top > 1:
        texts = {
            column: value
            for column, value in enumerate(cells.rows[key.top - 2], 1)
            if isinstance(value, str) and value
        }
        hits = _hits(texts, words, quarter).get(wanted)
        if hits:  # else the row above is no header at all
            key.texts, key.hits = texts, {wanted: hits}
            key.top -= 1
    return key


def _texts(values: Sequence[object]) -> dict[int, str]:
    """The texts of a row that are short enough for a header, by column."""
    return {
        column: value
        for column, value in enumerate(values, 1)
        if isinstance(value, str) and value and len(value) <= _LONGEST
    }


def _label_band(
    row: int,
    texts: dict[int, str],
    filled: int,
    cells: SheetCells,
    words: Vocabulary,
    quarter: Quarter | None,
) -> Band | None:
    """The band of a row that names at least two columns of one sheet, with up to two rows below."""
    hits = _hits(texts, words, quarter)
    if not hits and not any(top == row for top, *_ in cells.merges):
        return None
    bottom = row

    def known(text: str) -> bool:
        return bool(_columns(text, words, quarter))

    stacked, more = merged_header(row, texts, cells), 0
    if stacked is None:
        stacked, more = grouped_header(row, texts, cells), 1
    if stacked is not None:
        several = {column: _best_of(pieces, known) for column, pieces in stacked[0].items()}
        joined = _hits(several, words, quarter)
        if _breadth(joined) >= _breadth(hits) + more:
            texts, bottom, hits = several, stacked[1], joined
    if max(map(len, hits.values()), default=0) < _LEAST_HITS:
        return None
    return Band(row, bottom, texts, hits, filled)


def _breadth(hits: dict[Key, dict[int, str]]) -> int:
    """How many columns of one sheet are named, those named twice once."""
    return max((len(set(names.values())) for names in hits.values()), default=0)


def _hits(
    texts: dict[int, str], words: Vocabulary, quarter: Quarter | None
) -> dict[Key, dict[int, str]]:
    hits: dict[Key, dict[int, str]] = {}
    for column, text in texts.items():
        for key, name in _columns(text, words, quarter).items():
            hits.setdefault(key, {})[column] = name
    return hits


def _columns(text: str, words: Vocabulary, quarter: Quarter | None) -> dict[Key, str]:
    """The columns that a text may head, by itself or by the month that it names."""
    known = words.headed.get((text, quarter))
    if known is None:
        known = words.headed[text, quarter] = _named(text, words, quarter)
    return known


def _named(text: str, words: Vocabulary, quarter: Quarter | None) -> dict[Key, str]:
    headers = words.headers
    found = next((found for form in header_keys(text) if (found := headers.get(form))), None)
    if found is None:
        forms = month_keys(text, quarter)
        found = next((found for form in forms if (found := headers.get(form))), {})
    return found


def merged_header(
    row: int, texts: dict[int, str], cells: SheetCells
) -> tuple[dict[int, list[str]], int] | None:
    """The words over each other in two or three header rows, by column, and the last of those.

    ``第1月`` over ``目标`` is ``第1月目标``; where the words above only name a group, those below
    are the header. None for a header of one row.
    """
    spans = [one for one in cells.merges if one[0] == row]
    tall = {c for _, a, last, b in spans if last > row for c in range(a, b + 1)}
    is_wide = any(a != b for _, a, last, b in spans if last == row)
    if not is_wide and not (tall and tall >= set(texts)):
        return None
    bottom = min(max((last for _, _, last, _ in spans), default=row), row + _MOST_ROWS - 1)
    bottom = min(max(bottom, row + is_wide), len(cells.rows))
    return None if bottom == row else (_pieces(row, bottom, cells.merges, cells), bottom)


def grouped_header(
    row: int, texts: dict[int, str], cells: SheetCells
) -> tuple[dict[int, list[str]], int] | None:
    """The same where words stand over blank cells that are not merged with theirs."""
    groups, bottom = _groups(row, texts, cells)
    return (_pieces(row, bottom, groups, cells), bottom) if groups else None


def _groups(row: int, texts: dict[int, str], cells: SheetCells) -> tuple[list[Box], int]:
    """Boxes of words over blank cells with headers of a group below, and the last row of those.

    Were these rows data, cells would be filled below the other headers, too.
    """
    starts = sorted(texts)
    last = max(map(len, cells.rows[row - 1 : row + _MOST_ROWS - 1]))
    ends = [*(start - 1 for start in starts[1:]), last]
    wide = [(start, end) for start, end in zip(starts, ends, strict=True) if end > start]
    inside = {column for start, end in wide for column in range(start, end + 1)}
    below: list[set[int]] = []
    for values in cells.rows[row : row + _MOST_ROWS - 1]:
        filled = {column: v for column, v in enumerate(values, 1) if v is not None and v != ""}
        is_header = inside.issuperset(filled) and all(isinstance(v, str) for v in filled.values())
        if not filled or not is_header or (below and below[0] != set(filled)):
            break
        below.append(set(filled))
    lower = below[0] if below else set()
    boxes = [(row, a, row, b) for a, b in wide if sum(a <= c <= b for c in lower) > 1]
    return boxes, row + len(below)


def _pieces(row: int, bottom: int, boxes: Sequence[Box], cells: SheetCells) -> dict[int, list[str]]:
    """The words over each other, column by column; a box's words stand over all of it."""
    rows = range(row, bottom + 1)
    anchors = {
        (r, c): (top, left)
        for top, left, last, right in boxes
        if top in rows
        for r in range(top, min(last, bottom) + 1)
        for c in range(left, right + 1)
    }
    found: dict[int, list[str]] = {}
    for column in range(1, max(map(len, cells.rows[row - 1 : bottom])) + 1):
        places = dict.fromkeys(anchors.get((r, column), (r, column)) for r in rows)
        pieces = [v for r, c in places if isinstance(v := cells.at(r, c), str) and v]
        if pieces:
            found[column] = pieces
    return found


def _best_of(pieces: list[str], known: Callable[[str], bool]) -> str:
    """Of the words over each other the longest run that a definition knows; else all."""
    below = ["".join(pieces[start:]) for start in range(len(pieces))]
    above = ["".join(pieces[:end]) for end in range(len(pieces) - 1, 0, -1)]
    turned = ["".join(reversed(pieces[start:])) for start in range(len(pieces) - 1)]
    return next((text for text in (*below, *turned, *above) if known(text)), below[0])
