"""Excel opens everything that is written: no part is to be repaired, no formula to be refused."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import nasty_quarter
import openpyxl
import own_pages
import pytest
from blank_books import catalog, generated, settings
from conftest import Office, Validator
from excel_like import write_excel_like
from excel_rules import findings
from live import differing, formulas, stored
from lively_book import write_lively
from quarter import before, quarter
from test_evaluate_live import ALL, CASES, many

from xltools.check.check_files import check_all
from xltools.check.reading_plan import ReadingPlan
from xltools.evaluate import evaluate

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")
SAVERS = Path(__file__).parent.parent.parent / "shared" / "savers"


def demo(folder: Path) -> Iterator[Path]:
    """The demo in both languages: of each folder one workbook of a kind, or all of them."""
    for lang in ("zh", "en"):
        words = [sys.executable, "-m", "xltools", "demo", "--lang", lang, "-o", str(folder / lang)]
        subprocess.run(words, check=True, capture_output=True, cwd=folder)
    found = sorted(folder.rglob("*.xlsx"))
    kinds = {_kind(path.relative_to(folder)): path for path in found}
    assert len(kinds) == 26
    yield from found if os.environ.get("XLTOOLS_FULL") == "1" else kinds.values()


def _kind(path: Path) -> tuple[str, ...]:
    """Language, folder and form of a path such as ``zh/2024Q3/inbox/team-form-2024Q3.xlsx``."""
    lang, _, *folders = path.parts
    return lang, folders[0], path.stem.split("-")[min(1, path.stem.count("-"))]


def evaluations(folder: Path) -> Iterator[Path]:
    """Of one team, of twenty-four, of nothing, blanks, zeros and huge numbers."""
    cases = {name: CASES[name] for name in ("nothing", "blanks", "zeros", "huge", "everything")}
    one = {key: [row for row in rows if row["team"] == "市场部"] for key, rows in ALL.items()}
    cases |= {"one team": lambda: quarter(one), "24 teams": many(6)}
    for name, build in cases.items():
        evaluate(build(), folder / f"{name}.xlsx", previous=[before()])
        yield folder / f"{name}.xlsx"


def declared(folder: Path) -> Iterator[Path]:
    """Pages of own definitions, with every kind of block."""
    reviews = own_pages.catalog(folder / "reviews", "suppliers", own_pages.SUPPLIERS)
    cases = own_pages.catalog(folder / "cases", "complaints", own_pages.complaints())
    quarters = {
        "suppliers": [own_pages.supplier_quarter(reviews, one) for one in ("2024Q3", "2023Q3")],
        "complaints": [own_pages.complaint_quarter(cases, one, 1) for one in ("2024Q3", "2024Q2")],
    }
    for name, (now, then) in quarters.items():
        evaluate(now, folder / f"{name}.xlsx", previous=[then])
        yield folder / f"{name}.xlsx"


def long_forms(folder: Path) -> Iterator[Path]:
    """A form of 5,000 rows, of which two are filled."""
    goal = {"supporting_goal": "线索", "sales_goal": "销售", "priority": "高", "owner": "张伟"}
    rows = {"alignment": [goal, goal]}
    (folder / "long.xlsx").write_bytes(generated("goals", rows=rows, capacity=5_000))
    yield folder / "long.xlsx"


def marked(folder: Path) -> Iterator[Path]:
    """A marked copy of a workbook that holds all that people add."""
    yield from _marked(folder, [write_lively(folder / "lively.xlsx")])


def _marked(folder: Path, sent: list[Path]) -> Iterator[Path]:
    for number, path in enumerate(sent):
        checked = check_all([path], ReadingPlan(catalog(), settings()), workers=1)
        yield from checked.write_marked(folder / f"returned-{number}", "zh")


BUILDS: dict[str, Callable[[Path], Iterator[Path] | list[Path]]] = {
    "the demo": demo,
    "evaluations": evaluations,
    "pages of own definitions": declared,
    "long forms": long_forms,
    "marked copies": marked,
    "the nasty quarter": nasty_quarter.written,
}
Built = Callable[[str], list[Path]]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The workbooks of one sort, made once."""
    return cache(lambda name: list(BUILDS[name](tmp_path_factory.mktemp("written"))))


@pytest.mark.parametrize("name", BUILDS)
def test_the_rules_of_excel_are_kept(
    name: str, built: Built, record_property: Callable[[str, object], None]
) -> None:
    assert built(name)
    assert [(path.name, *findings(path)[:5]) for path in built(name) if findings(path)] == []
    record_property("validated", f"our own rules: {len(built(name))} workbooks of {name}, 0 faults")


@pytest.mark.parametrize("name", BUILDS)
def test_the_sdk_finds_nothing(
    name: str,
    built: Built,
    validator: Validator,
    record_property: Callable[[str, object], None],
) -> None:
    assert validator.faults(built(name)) == []
    record_property("validated", f"Open XML SDK: {len(built(name))} workbooks of {name}, 0 faults")


@pytest.fixture(scope="module")
def again(built: Built, office: Office) -> dict[Path, Path]:
    """Forms and reports of the nasty quarter, each with what LibreOffice saved of it."""
    paths = [path for path in built("the nasty quarter") if path.parent.name != "returned"]
    return dict(zip(paths, office.recalculated(paths), strict=True))


def test_copies_of_what_other_programs_saved_are_valid(
    again: dict[Path, Path],
    validator: Validator,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    sent = [path for path in again if path.parent.name == "inbox"][:3]
    by_excel = [write_excel_like(path, tmp_path / f"excel-{path.name}") for path in sent]
    copies = list(_marked(tmp_path, [again[path] for path in sent] + by_excel))
    assert len(copies) == 6
    assert validator.faults(copies) == []
    record_property("validated", "Open XML SDK: 6 copies of saved workbooks, 0 faults")


def test_the_nasty_quarter_keeps_its_values_when_recalculated(again: dict[Path, Path]) -> None:
    """What is called ``*``, ``<5`` or ``=1+1`` is no pattern, comparison or formula anywhere."""
    assert {"inbox", "next", "reports"} <= {parent.name for p in again for parent in p.parents}
    compared = 0
    for path, saved in again.items():
        cells = formulas(path)
        compared += len(cells)
        assert differing(stored(path), stored(saved), cells) == [], path.name
    assert compared > 10_000


@pytest.mark.skipif(not SAVERS.exists(), reason=f"there is no {SAVERS}")
def test_copies_of_the_shared_savers_are_valid(
    validator: Validator, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    copies = list(_marked(tmp_path, sorted(SAVERS.glob("[el]*/*.xlsx"))))
    assert copies
    assert validator.faults(copies) == []
    record_property("validated", f"Open XML SDK: {len(copies)} copies of saved ones, 0 faults")


def test_links_of_a_file_with_a_hash_in_its_name_lead_to_it(built: Built) -> None:
    [path] = [one for one in built("the nasty quarter") if one.name == "evaluation.xlsx"]
    book = openpyxl.load_workbook(path)
    links = [
        cell.value
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f" and "inbox/" in str(cell.value)
    ]
    assert len(links) > 100
    targets = [link.split('"')[1] for link in links]  # what is shown is the name as it is
    assert not [target for target in targets if re.search(r"inbox/it's #| & 50% ", target)]
