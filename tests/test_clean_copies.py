"""What leaves under the desk's name: a team's own workbook without anything in it that acts."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from good_goals import FILE, bent
from lively_book import FAULTS, TASKS, write_lively
from planted import ACTING, BOOK, KINDS, SHEET, SHOWN, write_planted
from tables import checked, one, write

from xltools.cli import cli
from xltools.errors import WriteError
from xltools.excel.editing.cleansing import cleaned
from xltools.excel.package.workbook_package import NotEditableError, Package
from xltools.excel.package.zip_writer import members
from xltools.locale import say

if TYPE_CHECKING:
    from conftest import Office

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_planted(tmp_path_factory.mktemp("sent") / FILE)


@pytest.fixture(scope="module")
def returned(sent: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("returned")
    with pytest.raises(SystemExit) as left:
        cli.main(["check", str(sent), "--returned", str(folder), "--period", "2024Q3"])
    assert left.value.code == 1
    return folder / FILE


def values(path: Path) -> dict[str, list[Any]]:
    book = openpyxl.load_workbook(path, data_only=True, keep_links=False)
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def test_nothing_that_acts_is_in_the_copy(sent: Path, returned: Path) -> None:
    names = zipfile.ZipFile(returned).namelist()
    assert all(name in zipfile.ZipFile(sent).namelist() for name in ACTING)
    assert [name for name in ACTING if name in names] == []
    everything = b"".join(zipfile.ZipFile(returned).read(name) for name in names)
    for word in (b"cmd", b"oleObject", b"<control", b"WEBSERVICE", b"[1]", b"[2]", b"vbaProject"):
        assert word not in everything, word


def test_the_team_is_told_what_was_left_out(returned: Path) -> None:
    sheet = openpyxl.load_workbook(returned).worksheets[0]
    notes = [str(row[0].value) for row in sheet.iter_rows(max_row=8)]
    told = next(note for note in notes if note.startswith("本副本未带上"))
    assert all(say(f"check.marks.kind.{kind}", "zh") in told for kind in KINDS)


def test_cells_keep_what_they_showed_and_formulas_that_stay_inside(
    sent: Path, returned: Path
) -> None:
    before, after = values(sent), values(returned)
    after.pop(say("check.marks.title", "zh"))
    assert after == before
    kept = openpyxl.load_workbook(returned)[TASKS]
    assert {cell: kept[cell].value for cell in SHOWN} == {**SHOWN, "C40": "=SUM(1,2)"}


@pytest.mark.parametrize(
    ("written", "acts"),
    [
        ('W&#69;BSERVICE("x")', True),
        ('webs&#x0045;rvice("x")', True),
        ("SUM(&#91;1]Sheet1!A1)", True),
        ("SUM(&#24180;!A1)", False),
        ("&quot;a|b&quot;", False),
    ],
)
def test_a_formula_whose_signs_are_written_as_numbers_acts_all_the_same(
    tmp_path: Path, written: str, acts: bool
) -> None:
    plain = tmp_path / "plain.xlsx"
    book = openpyxl.Workbook()
    book.active["A1"] = "=SUM(1,2)"
    book.save(plain)
    with zipfile.ZipFile(plain) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(b"SUM(1,2)", written.encode())
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    assert cleaned(content.getvalue())[1] == (["link"] if acts else [])


def test_all_else_stays_byte_for_byte(sent: Path) -> None:
    content = sent.read_bytes()
    clean, told = cleaned(content)
    assert told == KINDS
    before = {one.name: one.record for one in members(content)}
    after = {one.name: one.record for one in members(clean)}
    listings = ("[Content_Types].xml", "_rels/.rels", "xl/_rels/workbook.xml.rels")
    changed = {*listings, BOOK, SHEET, "xl/worksheets/_rels/sheet2.xml.rels"}
    assert {name for name in after if after[name] != before[name]} == changed
    gone = set(before) - set(after)
    assert {name for name in gone if "_rels" not in name} == set(ACTING)
    assert cleaned(clean) == (clean, [])


def test_a_workbook_without_anything_of_the_kind_is_passed_on_as_it_is(tmp_path: Path) -> None:
    content = write_lively(tmp_path / FILE).read_bytes()
    assert cleaned(content)[0] is content


def test_the_copy_reads_as_the_file_did(sent: Path, returned: Path) -> None:
    before, after = one(sent), one(returned)
    assert after.row_counts == before.row_counts
    codes = [str(issue.code) for issue in before.issues if issue.code != "workbook-tampered"]
    assert sorted(str(issue.code) for issue in after.issues) == sorted(codes)


def test_a_sheet_of_commands_goes_out_as_the_list_alone(tmp_path: Path) -> None:
    package = Package(write_lively(tmp_path / FILE).read_bytes())
    package.add("xl/macrosheets/sheet1.xml", "<xm:macrosheet/>", "application/x-planted")
    base = "http://schemas.microsoft.com/office/2006/relationships"
    package.relate(BOOK, "xlMacrosheet", "xl/macrosheets/sheet1.xml", base)
    with pytest.raises(NotEditableError):
        cleaned(package.save())


def test_a_file_that_was_refused_is_not_looked_into_again(tmp_path: Path) -> None:
    sent = tmp_path / "甲队-目标管理-2024Q3.xlsx"
    sent.write_bytes(b"no workbook")
    outside = checked(sent)
    sent.unlink()
    sent.symlink_to("/dev/zero")  # reading it would never end
    (made,) = outside.write_marked(tmp_path / "returned", "zh")
    assert openpyxl.load_workbook(made).sheetnames == [say("check.marks.title", "zh")]


def test_a_copy_that_cannot_be_written_does_not_cost_the_others(tmp_path: Path) -> None:
    inbox, folder = tmp_path / "inbox", tmp_path / "returned"
    inbox.mkdir()
    names = [f"{team}-目标管理-2024Q3.xlsx" for team in ("甲队", "乙队", "丙队")]
    for name in names:
        write(inbox / name, bent(TASKS, *FAULTS))
    found = checked(inbox)
    for name in names[:2]:
        (folder / name).mkdir(parents=True)  # as if it were open in Excel
    with pytest.raises(WriteError) as told:
        found.write_marked(folder, "zh", force=True)
    assert told.value.key == "output.several"
    assert all(name in str(told.value.values["faults"]) for name in names[:2])
    assert (folder / names[2]).is_file()


def test_libreoffice_opens_what_is_left(returned: Path, office: Office, tmp_path: Path) -> None:
    (again,) = office.convert([returned], "xlsx", tmp_path)
    kept = openpyxl.load_workbook(again, data_only=True)[TASKS]
    assert {cell: kept[cell].value for cell in SHOWN} == SHOWN
