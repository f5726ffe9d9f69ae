"""The consolidated workbook in another program, and what evaluation makes of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from xltools import verbs
from xltools.consolidate.write.consolidated_workbook import write_consolidated
from xltools.ground.period import Quarter

if TYPE_CHECKING:
    from conftest import Office

SAMPLES = Path(__file__).parent.parent / "samples"


@pytest.fixture(scope="module")
def run() -> verbs.Run:
    return verbs.start(settings=SAMPLES / "settings.xlsx", period=Quarter(2024, 3))


@pytest.fixture(scope="module")
def consolidated(run: verbs.Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("reports") / "consolidated.xlsx"
    verbs.consolidate_workbooks(run, [SAMPLES / "2024Q3"], target)
    return target


def test_evaluation_is_the_same_from_workbooks_and_from_it(
    run: verbs.Run, consolidated: Path
) -> None:
    one, other = (consolidated.with_name(name) for name in ("one.xlsx", "other.xlsx"))
    verbs.evaluate_quarter(run, [SAMPLES / "2024Q3"], one)
    verbs.evaluate_quarter(run, [consolidated], other)
    assert one.read_bytes() == other.read_bytes()


@pytest.mark.libreoffice
def test_saved_by_another_program_it_is_still_read(
    run: verbs.Run, consolidated: Path, office: Office, tmp_path: Path
) -> None:
    found = verbs.consolidate_workbooks(run, [consolidated])
    [saved] = office.convert([consolidated], "xlsx", tmp_path)
    again = verbs.consolidate_workbooks(run, [saved])
    assert again.submissions == found.submissions
    for key, table in found.tables.items():
        assert table.equals(again.tables[key]), key


@pytest.mark.libreoffice
def test_no_formula_changes_when_it_is_calculated_anew(
    consolidated: Path, office: Office, tmp_path: Path
) -> None:
    [saved] = office.convert([consolidated], "xlsx", tmp_path)
    formulas = openpyxl.load_workbook(consolidated)
    before, after = (openpyxl.load_workbook(path, data_only=True) for path in (consolidated, saved))
    compared = 0
    for sheet in formulas.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    place = cell.coordinate
                    assert after[sheet.title][place].value == before[sheet.title][place].value
                    compared += 1
    assert compared > 150


def test_english_pages_have_no_chinese_words_of_ours(run: verbs.Run, tmp_path: Path) -> None:
    found = verbs.consolidate_workbooks(run, [SAMPLES / "2024Q3"])
    target = tmp_path / "c.xlsx"
    write_consolidated(found, target, lang="en")
    book = openpyxl.load_workbook(target)
    headers = [cell.value for sheet in book.worksheets[:3] for cell in sheet[4] if cell.value]
    titles = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
    shown = [text for text in (*headers, *titles) if isinstance(text, str)]
    assert shown
    assert all(text.isascii() for text in shown)
