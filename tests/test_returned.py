"""The folder of marked copies holds what the last check made; a superseded file needs no copy."""

from __future__ import annotations

import hashlib
from pathlib import Path

import openpyxl
import pytest
from good_goals import FILE
from tables import checked, write
from test_check_codes import GOOD

from xltools.check.respond.returned_folder import LIST
from xltools.cli import cli
from xltools.issues import Code

BAD = {**GOOD, "任务分解": "\n| 任务名称 | 开始时间 |\n| 展会 | 某天 |\n"}
OTHER = FILE.replace("市场部", "销售部")


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.name != LIST}


def test_copies_of_workbooks_that_are_mended_or_gone_do_not_stay(tmp_path: Path) -> None:
    returned = tmp_path / "returned"
    mine, other = write(tmp_path / FILE, BAD), write(tmp_path / OTHER, BAD)
    checked(mine, other).write_marked(returned, "zh")
    assert names(returned) == {FILE, OTHER}
    write(mine, GOOD)
    checked(mine, other).write_marked(returned, "zh")
    assert names(returned) == {OTHER}
    checked(mine).write_marked(returned, "zh")
    assert list(returned.iterdir()) == []


def test_what_is_not_ours_stays(tmp_path: Path) -> None:
    returned = tmp_path / "returned"
    mine, other = write(tmp_path / FILE, BAD), write(tmp_path / OTHER, BAD)
    checked(mine, other).write_marked(returned, "zh")
    notes = returned / "notes.xlsx"
    notes.write_text("mine")
    book = openpyxl.load_workbook(returned / FILE)
    book.active["A1"] = "mended"
    book.save(returned / FILE)
    mended = (returned / FILE).read_bytes()
    write(other, GOOD)
    checked(mine, other).write_marked(returned, "zh")
    again = FILE.replace(".xlsx", " (2).xlsx")
    assert names(returned) == {FILE, again, "notes.xlsx"}
    assert (returned / FILE).read_bytes() == mended
    checked(other).write_marked(returned, "zh")
    assert names(returned) == {FILE, "notes.xlsx"}


def test_a_superseded_file_is_named_once_and_gets_no_copy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    old = write(inbox / FILE, BAD, modified="2024-10-01T00:00:00")
    new = write(inbox / FILE.replace(".xlsx", " (2).xlsx"), BAD, modified="2024-10-02T00:00:00")
    answer = checked(old, new)
    first = next(one for one in answer.submissions if one.file == str(old))
    assert [one.code for one in answer.issues_of(first)] == [Code.WORKBOOK_DUPLICATE]
    assert [path.name for path in answer.write_marked(tmp_path / "returned", "zh")] == [new.name]
    with pytest.raises(SystemExit):
        cli.main(["check", str(inbox), "--period", "2024Q3"])
    told = [line for line in capsys.readouterr().out.splitlines() if old.name in line]
    assert len(told) == 1
    assert told[0].startswith("·")
    assert new.name in told[0]
    alone = checked(old)
    assert any(one.code is Code.CELL_KIND for one in alone.all_issues())


@pytest.mark.parametrize(
    "name", ["../precious.xlsx", "..", ".", "", "{folder}/precious.xlsx", "a\0b", "x" * 300]
)
def test_a_name_in_the_list_reaches_nothing_outside_the_folder(tmp_path: Path, name: str) -> None:
    precious = tmp_path / "precious.xlsx"
    precious.write_text("mine")
    returned = tmp_path / "returned"
    plant(returned, name.format(folder=tmp_path))
    mine = write(tmp_path / FILE, BAD)
    checked(mine).write_marked(returned, "zh")
    assert precious.read_text() == "mine"
    assert names(returned) == {FILE}
    assert [line[66:] for line in (returned / LIST).read_text("utf-8").splitlines()] == [FILE]


def test_links_in_the_folder_are_not_ours_and_lead_nowhere(tmp_path: Path) -> None:
    precious, returned = tmp_path / "precious.xlsx", tmp_path / "returned"
    precious.write_text("mine")
    plant(returned, FILE)
    (returned / FILE).symlink_to(precious)
    mine = write(tmp_path / FILE, BAD)
    checked(mine).write_marked(returned, "zh")
    again = FILE.replace(".xlsx", " (2).xlsx")
    assert names(returned) == {FILE, again}
    write(mine, GOOD)
    checked(mine).write_marked(returned, "zh")
    assert names(returned) == {FILE}
    assert (returned / FILE).is_symlink()
    assert precious.read_text() == "mine"


def test_a_link_in_place_of_the_list_is_replaced(tmp_path: Path) -> None:
    precious, returned = tmp_path / "precious", tmp_path / "returned"
    plant(returned, "other.xlsx")
    (returned / LIST).rename(precious)
    before = precious.read_bytes()
    (returned / LIST).symlink_to(precious)
    (returned / "other.xlsx").write_text("mine")
    checked(write(tmp_path / FILE, BAD)).write_marked(returned, "zh")
    assert names(returned) == {FILE, "other.xlsx"}
    assert precious.read_bytes() == before
    assert not (returned / LIST).is_symlink()


def plant(returned: Path, name: str) -> None:
    """A list that calls a file of that name, with ``mine`` in it, one of our copies."""
    returned.mkdir()
    digest = hashlib.sha256(b"mine").hexdigest()
    (returned / LIST).write_text(f"{digest}  {name}\n", "utf-8")
