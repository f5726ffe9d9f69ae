"""Issues, values and rows of a workbook do not depend on the program that saved it."""

from __future__ import annotations

import io
import random
import re
import sys
import zipfile
from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from manglings import MANGLINGS, ROWS
from tables import catalog, settings
from test_mutations import apart, mangle

from xltools.check.check_files import check
from xltools.check.reading_plan import ReadingPlan
from xltools.check.submission import Submission
from xltools.generate.workbook_series import write_workbook
from xltools.ground.period import Quarter

sys.path.insert(0, str(Path(__file__).parent / "benchmark"))
from savers import excel_like, openpyxl_saved

if TYPE_CHECKING:
    from conftest import Office

SAMPLES = Path(__file__).parents[1] / "samples"
BENT = 40
QUARTER = Quarter(2024, 3)
_RESULT = re.compile(
    r'(<c r="[A-Z]+[0-9]+"(?: s="[0-9]+")?)(?: t="[a-z]+")?(>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>))'
    r"<v>[^<]*</v>"
)
pytestmark = pytest.mark.libreoffice


def _answers(paths: Sequence[Path]) -> list[Submission]:
    """Everything that reading and checking tells, but for what is the file's own."""
    plan = ReadingPlan(catalog(), settings(), period=QUARTER)
    answers = []
    for one in check(paths, plan):
        issues = [msgspec.structs.replace(issue, file="", other_file="") for issue in one.issues]
        answers.append(msgspec.structs.replace(one, file="", sha256="", modified="", issues=issues))
        assert one.template
    return answers


def _saved(paths: Sequence[Path], folder: Path, save: Callable[[bytes], bytes]) -> list[Path]:
    """The workbooks as ``save`` makes them, each in a folder of its own."""
    made = [folder / f"{number:02}" / path.name for number, path in enumerate(paths)]
    for path, target in zip(paths, made, strict=True):
        target.parent.mkdir(parents=True)
        target.write_bytes(save(path.read_bytes()))
    return made


def _without_results(content: bytes) -> bytes:
    """The workbook before anybody calculated it, which openpyxl makes of every workbook."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                part = _RESULT.sub(r"\1\2", part.decode("utf-8")).encode("utf-8")
            new.writestr(name, part)
    return made.getvalue()


def test_every_sample_reads_alike_whoever_saved_it(office: Office, tmp_path: Path) -> None:
    for quarter in ("2024Q2", "2024Q3"):
        paths = sorted((SAMPLES / quarter).glob("*.xlsx"))
        assert len(paths) > 5
        usual = _answers(paths)
        folder = tmp_path / quarter
        assert _answers(_saved(paths, folder / "excel", excel_like)) == usual
        assert _answers(office.convert(paths, "xlsx", folder / "office")) == usual
        blank = _answers(_saved(paths, folder / "blank", _without_results))
        assert _answers(_saved(paths, folder / "openpyxl", openpyxl_saved)) == blank


def test_bent_workbooks_read_alike_whoever_saved_them(office: Office, tmp_path: Path) -> None:
    stream = io.BytesIO()
    write_workbook(
        stream,
        catalog=catalog(),
        definition=catalog()["goals"],
        settings=settings(),
        team="市场部",
        period=QUARTER,
        lang="zh",
        rows=ROWS,
        capacity=3,
    )
    pairs = [pair for pair in combinations(MANGLINGS, 2) if apart(*pair)]
    chosen = random.Random(20240719).sample(pairs, BENT)
    (tmp_path / "bent").mkdir()
    bent = list(mangle(stream.getvalue(), chosen, tmp_path / "bent"))
    together = office.convert(bent, "xlsx", tmp_path / "office")
    contents = iter([path.read_bytes() for path in together])
    calculated = _saved(bent, tmp_path / "calculated", lambda _content: next(contents))
    usual = _answers(calculated)
    assert _answers(_saved(calculated, tmp_path / "excel", excel_like)) == usual
    blank = _answers(_saved(calculated, tmp_path / "blank", _without_results))
    assert _answers(_saved(calculated, tmp_path / "openpyxl", openpyxl_saved)) == blank
    assert _answers(bent) == blank
