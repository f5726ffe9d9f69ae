"""A marked copy as a team gets it: whatever else stood in the workbook stands there still."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from good_goals import FILE
from lively_book import TASKS, THREAD, write_lively
from openpyxl.cell.rich_text import CellRichText
from tables import checked, one, serious

from xltools.cli import cli
from xltools.excel.editing.comments import SEPARATOR
from xltools.excel.editing.marked_workbook import FILLS
from xltools.excel.package.zip_writer import members
from xltools.locale import say

if TYPE_CHECKING:
    from conftest import Office

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
MARKED = ("C2", "C3", "E4")
LIST = say("check.marks.title", "zh")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml"
FOREIGN = ("chart", "media/", "drawing", "pivot", "omment", "person")


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_lively(tmp_path_factory.mktemp("sent") / FILE)


@pytest.fixture(scope="module")
def returned(sent: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("returned")
    with pytest.raises(SystemExit) as left:
        cli.main(["check", str(sent), "--returned", str(folder), "--period", "2024Q3"])
    assert left.value.code == 1
    return folder / FILE


def load(path: Path, **options: Any) -> Any:
    return openpyxl.load_workbook(path, **options)


def parts(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name).decode("utf-8", "replace") for name in package.namelist()}


def test_the_workbook_is_as_lively_as_it_is_said_to_be(sent: Path) -> None:
    names = " ".join(parts(sent))
    assert [word for word in FOREIGN if word not in names] == []
    sheet = parts(sent)["xl/worksheets/sheet2.xml"]
    assert "x14:dataBar" in sheet
    assert serious(one(sent).issues) == [
        "warning sheet-unknown 分析!",
        "error cell-kind 任务分解!E4 end",
        "error cell-required 任务分解!C2 owner",
        "error cell-required 任务分解!C3 owner",
    ]


def test_every_part_that_need_not_change_is_the_same_bytes(sent: Path, returned: Path) -> None:
    before = {one.name: one.record for one in members(sent.read_bytes())}
    after = {one.name: one.record for one in members(returned.read_bytes())}
    assert {name for name in before if after[name] != before[name]} == {
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/comments1.xml",
        "xl/drawings/vmlDrawing1.vml",
        "xl/worksheets/sheet1.xml",  # another sheet is the selected one now
        "xl/worksheets/sheet2.xml",
    }
    assert set(after) - set(before) == {"xl/worksheets/issues1.xml"}
    kept = {name for name in before if any(word in name for word in FOREIGN)}
    assert {name for name in kept if after[name] != before[name]} == {
        "xl/comments1.xml",
        "xl/drawings/vmlDrawing1.vml",
    }


def test_a_changed_sheet_changes_in_the_style_of_its_marked_cells_only(
    sent: Path, returned: Path
) -> None:
    old, new = (parts(path)["xl/worksheets/sheet2.xml"] for path in (sent, returned))
    fresh = "|".join(cell for cell in MARKED if f'r="{cell}"' not in old)
    new = re.sub(rf'<c r="(?:{fresh})" s="\d+"/>', "", new)
    style = re.compile(r'(<c r="E4"[^>]*?) s="\d+"')
    assert re.sub(r' spans="[\d:]+"', "", style.sub(r"\1", new)) == re.sub(
        r' spans="[\d:]+"', "", style.sub(r"\1", old)
    )


@pytest.mark.parametrize("cached", [True, False])
def test_values_and_their_caches_stay(sent: Path, returned: Path, cached: bool) -> None:
    before, after = load(sent, data_only=cached), load(returned, data_only=cached)
    assert after.sheetnames == [LIST, *before.sheetnames]
    for sheet in before:
        values = [[cell.value for cell in row] for row in sheet.iter_rows()]
        found = after[sheet.title].iter_rows(max_row=sheet.max_row, max_col=sheet.max_column)
        assert [[cell.value for cell in row] for row in found] == values
    assert after["目标复盘"]["D2"].value == (0.92 if cached else "=C2/B2")


def test_marks_stand_beside_what_others_wrote(returned: Path) -> None:
    sheet = load(returned, rich_text=True)[TASKS]
    assert all(sheet[cell].fill.fgColor.rgb == FILLS["error"] for cell in MARKED)
    assert sheet["C2"].comment.text == f"谁来负责？\n{SEPARATOR}\n缺少负责人；请填写"
    assert sheet["C2"].comment.author == "张三"
    assert sheet["A3"].comment.text == "平台已定"
    assert sheet["C3"].comment.text == "[Threaded comment]"
    assert sheet["C3"].comment.author == f"tc={THREAD}"
    assert "2024-09-31" in sheet["E4"].comment.text
    assert isinstance(sheet["A4"].value, CellRichText)
    assert "谁来主持？" in parts(returned)["xl/threadedComments/threadedComment1.xml"]


def test_a_copy_sent_back_is_checked_as_the_first_was(
    sent: Path, returned: Path, tmp_path: Path
) -> None:
    assert serious(one(returned).issues) == serious(one(sent).issues)
    again = tmp_path / FILE
    with pytest.raises(SystemExit):
        cli.main(["check", str(returned), "--returned", str(tmp_path), "--period", "2024Q3"])
    first, second = parts(returned), parts(again)
    changed = {name for name in first if second[name] != first[name]}
    assert set(second) == set(first)
    assert second["xl/comments1.xml"].count(SEPARATOR) == 2
    assert not {name for name in changed if any(word in name for word in FOREIGN[:4])}


@pytest.mark.libreoffice
def test_a_strict_workbook_stays_strict(sent: Path, office: Office, tmp_path: Path) -> None:
    """A part in the other namespaces is one that Excel has to repair."""
    strict, folder = tmp_path / FILE, tmp_path / "returned"
    words = {
        MAIN.encode(): f"{STRICT}/spreadsheetml/main".encode(),
        OFFICE.encode(): f"{STRICT}/officeDocument/relationships".encode(),
    }
    with zipfile.ZipFile(sent) as old, zipfile.ZipFile(strict, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            for before, after in words.items():
                content = content.replace(before, after)
            new.writestr(name, content)
    assert serious(one(strict).issues) == serious(one(sent).issues)
    [marked] = checked(strict).write_marked(folder, "zh")
    mixed = [name for name, text in parts(marked).items() if MAIN in text or f'"{OFFICE}' in text]
    assert mixed == []
    [opened] = office.convert([marked], "xlsx", tmp_path / "opened")
    assert load(opened)[TASKS]["C2"].fill.fgColor.rgb == FILLS["error"]


@pytest.mark.libreoffice
def test_libreoffice_opens_it_with_everything_in_it(
    sent: Path, returned: Path, office: Office, tmp_path: Path
) -> None:
    before, after = office.convert([sent, returned], "xlsx", tmp_path)
    counted = [
        {kind: sum(kind in name and "rels" not in name for name in parts(path)) for kind in FOREIGN}
        for path in (before, after)
    ]
    assert counted[0]["chart"] >= 2
    assert counted[0]["media/"] == 1
    assert counted[0]["pivot"] >= 3
    assert all(counted[1][kind] >= count for kind, count in counted[0].items())
    book = load(after)
    assert book.sheetnames[0] == LIST
    sheet = book[TASKS]
    assert all(sheet[cell].fill.fgColor.rgb == FILLS["error"] for cell in MARKED)
    assert "缺少负责人" in sheet["C2"].comment.text
    assert sheet["A3"].comment.text == "平台已定"
    assert len(sheet._charts) == 1
