"""A correct workbook, mangled in every way we know: alone and in pairs, nothing else changes."""

from __future__ import annotations

import io
import os
import random
import warnings
from collections import Counter
from itertools import combinations
from pathlib import Path

import openpyxl
import pytest
from manglings import MANGLINGS, ROWS, Effect, Mangling
from tables import catalog, checked, settings

from xltools.check.check_files import check
from xltools.check.reading_plan import ReadingPlan
from xltools.check.submission import Submission
from xltools.generate.workbook_series import write_workbook
from xltools.ground.period import Quarter

PAIRS = 40
FULL_PAIRS = 400
NAME = "市场部-目标管理-2024Q3.xlsx"

Mangled = dict[Path, tuple[tuple[Mangling, ...], Effect]]


@pytest.fixture(scope="module")
def correct() -> bytes:
    stream = io.BytesIO()
    write_workbook(
        stream,
        catalog=catalog(),
        definition=catalog()["goals"],
        settings=settings(),
        team="市场部",
        period=Quarter(2024, 3),
        lang="zh",
        rows=ROWS,
        capacity=3,
    )
    return stream.getvalue()


@pytest.fixture(scope="module")
def untouched(correct: bytes, tmp_path_factory: pytest.TempPathFactory) -> Submission:
    path = tmp_path_factory.mktemp("correct") / NAME
    path.write_bytes(correct)
    submission = checked(path).submissions[0]
    assert submission.issues == []
    return submission


def test_there_are_enough() -> None:
    assert len({one.name for one in MANGLINGS}) >= 40


def test_each_alone(correct: bytes, untouched: Submission, tmp_path: Path) -> None:
    mangled = mangle(correct, [(one,) for one in MANGLINGS], tmp_path)
    wrong = []
    for submission, (done, effect) in results(mangled):
        found = sorted(
            (
                str(i.severity),
                str(i.code),
                i.sheet,
                i.cell if i.code != "header-missing" else "",
                i.column,
            )
            for i in submission.issues
            if i.severity != "info"
        )
        if found != sorted(effect.issues):
            wrong.append((done[0].name, found, effect.issues))
        wrong += [(done[0].name, *one) for one in changed(untouched, submission, effect)]
    assert wrong == []


def test_random_pairs(correct: bytes, untouched: Submission, tmp_path: Path) -> None:
    assert pairs_gone_wrong(correct, untouched, tmp_path, PAIRS) == []


@pytest.mark.full
@pytest.mark.skipif(os.environ.get("XLTOOLS_FULL") != "1", reason="set XLTOOLS_FULL=1 for all")
def test_many_random_pairs(correct: bytes, untouched: Submission, tmp_path: Path) -> None:
    assert pairs_gone_wrong(correct, untouched, tmp_path, FULL_PAIRS) == []


def pairs_gone_wrong(
    correct: bytes, untouched: Submission, folder: Path, count: int
) -> list[object]:
    pairs = [pair for pair in combinations(MANGLINGS, 2) if apart(*pair)]
    chosen = random.Random(20240930).sample(pairs, min(count, len(pairs)))
    wrong: list[object] = []
    for submission, (done, effect) in results(mangle(correct, chosen, folder)):
        found = Counter(
            (str(i.severity), str(i.code), i.column)
            for i in submission.issues
            if i.severity != "info"
        )
        expected = Counter(
            (severity, code, column) for severity, code, _, _, column in effect.issues
        )
        names = tuple(one.name for one in done)
        if found != expected:
            wrong.append((names, found - expected, expected - found))
        wrong += [(names, *one) for one in changed(untouched, submission, effect)]
    return wrong


def apart(one: Mangling, other: Mangling) -> bool:
    """Whether two manglings do not meet: not in one cell, and not both in one sheet's build."""
    if one.structural and other.structural:
        own, its = ({touch.split(".")[0] for touch in m.touches} for m in (one, other))
        return not own & its
    for touch in one.touches:
        for touched in other.touches:
            short, long = sorted((touch, touched), key=len)
            if long == short or (long.startswith(f"{short}.") and "." in short):
                return False
    lost = {"sheet deleted", "column deleted"} & {one.name, other.name}
    return not lost


def mangle(correct: bytes, chosen: list[tuple[Mangling, ...]], folder: Path) -> Mangled:
    """A file for each; what is typed goes first, since building work moves cells."""
    mangled: Mangled = {}
    for number, done in enumerate(chosen):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(correct))
        whole = Effect()
        for one in sorted(done, key=lambda one: one.structural):
            effect = one.apply(book)
            whole.issues += effect.issues
            whole.spoiled |= effect.spoiled
            whole.lost |= effect.lost
        path = folder / f"{number:04d}" / NAME
        path.parent.mkdir()
        book.save(path)
        mangled[path] = done, whole
    return mangled


def results(mangled: Mangled) -> list[tuple[Submission, tuple[tuple[Mangling, ...], Effect]]]:
    """Each file by itself: of several files of one team only the newest would count."""
    each = check(list(mangled), ReadingPlan(catalog(), settings()), workers=1)
    return [(one, mangled[Path(one.file)]) for one in each]


def changed(clean: Submission, found: Submission, effect: Effect) -> list[tuple[object, ...]]:
    """Values that are not what they were although nobody spoiled them."""
    wrong: list[tuple[object, ...]] = []
    for name, rows in clean.sheets.items():
        if (name, "") in effect.lost:
            continue
        here = found.sheets.get(name)
        for column, values in rows.columns.items():
            if (name, column) in effect.lost:
                continue
            now = here.columns[column] if here else None
            if now is None or len(now) != len(values):
                wrong.append((name, column, values, now))
                continue
            wrong += [
                (name, column, index, old, new)
                for index, (old, new) in enumerate(zip(values, now, strict=True))
                if old != new and (name, column, index) not in effect.spoiled
            ]
    return wrong
