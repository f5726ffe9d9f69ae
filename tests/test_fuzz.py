"""Mutants of good workbooks: no traceback, no hang, no wrong value in a cell left alone.

Seeded, so that a mutant that fails fails again; ``XLTOOLS_MUTANTS=2000`` makes all of them.
"""

from __future__ import annotations

import io
import os
import random
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import xlsxwriter
from hostile.cases import SHEET, STRINGS, Parts, packed

from xltools.excel.reading.workbook_reader import WorkbookCells, read_workbook
from xltools.issues import Code
from xltools.locale import say
from xltools.workers import Outcome, run

MUTANTS = int(os.environ.get("XLTOOLS_MUTANTS", "400"))
_CODES = {code for code in Code if code.startswith("file-")}
_CELL = re.compile(rb'<c r="([A-Z]+)([0-9]+)"[^>]*?(?:/>|>.*?</c>)', re.DOTALL)
_ROW = re.compile(rb'<row r="([0-9]+)"[^>]*>')
_STRING = re.compile(rb"<si>.*?</si>", re.DOTALL)
_INDEX = re.compile(rb't="s"><v>([0-9]+)</v>')

Spot = tuple[int, int]


def _workbook(seed: int) -> bytes:
    """A filled workbook of two sheets with texts, dates, percentages and formulas."""
    chance = random.Random(seed)
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        share = book.add_format({"num_format": "0%"})
        for title in ("目标对齐", "任务分解"):
            sheet = book.add_worksheet(title)
            for column in range(6):
                sheet.write_string(0, column, f"列{column}")
            for row in range(1, 25):
                sheet.write_string(row, 0, chance.choice(["新客户", "拜访", "a<b&c", "线索 转化"]))
                sheet.write_string(row, 1, f"任务{chance.randint(1, 40)}")
                sheet.write_number(row, 2, 45_000 + chance.randint(0, 900), day)
                sheet.write_number(row, 3, chance.randint(0, 100) / 100, share)
                sheet.write_formula(row, 4, f"=D{row + 1}*2", share, 0.5)
                if chance.random() < 0.7:
                    sheet.write_number(row, 5, chance.randint(1, 10**6))
    return stream.getvalue()


GOOD = [_workbook(seed) for seed in range(3)]


def _parts(content: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


@dataclass
class Mutant:
    """A changed workbook; ``touched`` names the cells of a sheet whose values may differ."""

    content: bytes
    origin: int
    told: str
    touched: dict[str, set[Spot]] | None = field(default_factory=dict)


def _change(chance: random.Random, old: bytes, donor: bytes) -> tuple[bytes, int, int]:
    """Changed bytes, and which of the old ones are concerned."""
    at = chance.randrange(len(old))
    length = chance.choice([1, 2, 5, 30, 200])
    end = min(len(old), at + length)
    start = chance.randrange(len(donor))
    slice_ = donor[start : start + length]
    ways: list[Callable[[], tuple[bytes, int, int]]] = [
        lambda: (
            old[:at] + bytes([old[at] ^ 1 << chance.randrange(8)]) + old[at + 1 :],
            at,
            at + 1,
        ),
        lambda: (old[:at] + bytes([chance.randrange(256)]) + old[at + 1 :], at, at + 1),
        lambda: (
            old[:at] + chance.choice(b'<>/"0129ABs=').to_bytes(1, "big") + old[at + 1 :],
            at,
            at + 1,
        ),
        lambda: (old[:at] + old[end:], at, end),
        lambda: (old[:at], at, len(old)),
        lambda: (old[:at] + slice_ + old[at:], at, at + 1),
        lambda: (old[:at] + slice_ + old[end:], at, end),
        lambda: (old[:at] + old[at:end] * 2 + old[end:], at, end),
    ]
    return chance.choice(ways)()


def _spot(letters: bytes, digits: bytes) -> Spot:
    column = 0
    for letter in letters:
        column = column * 26 + letter - 64
    return int(digits), column


def _concerned(part: bytes, start: int, end: int) -> set[Spot]:
    """Cells of a sheet's XML that a change between ``start`` and ``end`` touches."""
    cells = {_spot(m[1], m[2]): m.span() for m in _CELL.finditer(part)}
    rows = {int(m[1]) for m in _ROW.finditer(part) if m.start() <= end and start <= m.end()}
    return {
        spot
        for spot, (first, last) in cells.items()
        if spot[0] in rows or (first <= end and start <= last)
    }


def _sheets_of_strings(parts: Parts, start: int, end: int) -> dict[str, set[Spot]]:
    """Cells that show a string whose item a change touches."""
    spans = [match.span() for match in _STRING.finditer(parts[STRINGS])]
    changed = {n for n, (first, last) in enumerate(spans) if first <= end and start <= last}
    found = {}
    for number in (1, 2):
        part = parts[f"xl/worksheets/sheet{number}.xml"]
        found[_title(number)] = {
            _spot(cell[1], cell[2])
            for cell in _CELL.finditer(part)
            if (index := _INDEX.search(cell[0])) and int(index[1]) in changed
        }
    return found


def _title(number: int) -> str:
    return ("目标对齐", "任务分解")[number - 1]


def _mutant(seed: int) -> Mutant:
    chance = random.Random(seed)
    origin = chance.randrange(len(GOOD))
    if chance.random() < 0.25:  # the package itself; its checksums tell
        content, _, _ = _change(chance, GOOD[origin], chance.choice(GOOD))
        return Mutant(content, origin, f"{seed}: package")
    parts = _parts(GOOD[origin])
    weighted = [SHEET, SHEET, SHEET.replace("1", "2"), STRINGS, *parts]
    name = chance.choice(weighted)
    donor = _parts(chance.choice(GOOD))[name]
    changed, start, end = _change(chance, parts[name], donor)
    touched: dict[str, set[Spot]] | None = None  # formats, titles: any value may differ
    if name.startswith("xl/worksheets/sheet"):
        touched = {_title(int(name[19])): _concerned(parts[name], start, end)}
    elif name == STRINGS:
        touched = _sheets_of_strings(parts, start, end)
    elif name.startswith("docProps") or "theme" in name:
        touched = {}
    return Mutant(
        packed({**parts, name: changed}), origin, f"{seed}: {name} {start}-{end}", touched
    )


def _wrong(mutant: Mutant, read: WorkbookCells, good: WorkbookCells) -> list[str]:
    """Cells that were left alone and yet read differently."""
    if mutant.touched is None or read.findings:  # what is told is not silent
        return []
    wrong = []
    for before, after in zip(good.sheets, read.sheets, strict=True):
        touched = mutant.touched.get(before.title, set())
        for row, cells in enumerate(before.rows, 1):
            for column, value in enumerate(cells, 1):
                if value is None or (row, column) in touched:
                    continue
                now = _value(after.rows, row, column)
                if now != value or type(now) is not type(value):
                    wrong.append(f"{before.title} R{row}C{column}: {value!r} → {now!r}")
    return wrong


def _value(rows: list[list[object]], row: int, column: int) -> object:
    return rows[row - 1][column - 1] if row <= len(rows) and column <= len(rows[row - 1]) else None


@pytest.fixture(scope="module")
def mutants() -> list[Mutant]:
    return [_mutant(seed) for seed in range(MUTANTS)]


@pytest.fixture(scope="module")
def outcomes(mutants: list[Mutant], tmp_path_factory: pytest.TempPathFactory) -> list[Outcome]:
    folder = tmp_path_factory.mktemp("mutants")
    paths = []
    for number, mutant in enumerate(mutants):
        path = folder / f"{number}.xlsx"
        path.write_bytes(mutant.content)
        paths.append(str(path))
    return list(run(read_workbook, paths, workers=2))


def test_every_mutant_gets_a_verdict(mutants: list[Mutant], outcomes: list[Outcome]) -> None:
    for mutant, outcome in zip(mutants, outcomes, strict=True):
        if outcome.refusal is not None:
            assert outcome.refusal.code in _CODES, mutant.told
            assert say(outcome.refusal.reason, "zh", **outcome.refusal.values), mutant.told
            assert outcome.refusal.reason not in (
                "refused.reader_failed",
                "refused.reader_died",
                "refused.too_slow",
            ), (mutant.told, outcome.refusal)


def test_no_cell_left_alone_changes_in_silence(
    mutants: list[Mutant], outcomes: list[Outcome], tmp_path: Path
) -> None:
    good = []
    for number, content in enumerate(GOOD):
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(content)
        good.append(read_workbook(path))
    read = [
        (mutant, outcome.result)
        for mutant, outcome in zip(mutants, outcomes, strict=True)
        if outcome.refusal is None
    ]
    assert len(read) > MUTANTS / 20, "mutants that all are refused show nothing"
    for mutant, book in read:
        assert not _wrong(mutant, book, good[mutant.origin]), mutant.told
