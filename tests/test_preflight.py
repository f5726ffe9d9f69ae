"""Which files are found, and what is done before a parser sees one."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from hostile.cases import packed, parts

from xltools.errors import FileRefused, ReadError
from xltools.excel.input_paths import find_files, printable
from xltools.excel.package import archive
from xltools.excel.reading import preflight
from xltools.excel.reading.preflight import admit
from xltools.locale import knows


def _put(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(packed(parts()))


def test_folders_are_searched_in_one_order_and_only_for_workbooks(tmp_path: Path) -> None:
    wanted = [
        "a 空格.xlsx",
        "b/c/🎉.XLSM",
        "b/z.xls",
        "ä.ods",
        "x.xlsx/y.xlsb",
        "长" * 70 + ".xltx",
    ]
    _put(*(tmp_path / name for name in wanted))
    _put(tmp_path / ".hidden/a.xlsx", tmp_path / ".a.xlsx", tmp_path / "b/~$z.xls")
    (tmp_path / "notes.txt").write_text("x", "utf-8")
    found, skipped = find_files([tmp_path])
    assert [str(path.relative_to(tmp_path)) for path in found] == sorted(wanted)
    assert [(Path(note.path).name, note.reason) for note in skipped] == [
        ("~$z.xls", "skipped.lock_file"),
        ("notes.txt", "skipped.other"),
    ]
    assert knows(skipped[0].reason)


def test_a_named_file_is_taken_whatever_its_name_and_only_once(tmp_path: Path) -> None:
    file = tmp_path / "submission"
    _put(file, tmp_path / "in/a.xlsx")
    found, _ = find_files([file, str(file), tmp_path / "in", tmp_path / "in/../in/a.xlsx"])
    assert [path.name for path in found] == ["a.xlsx", "submission"]


def test_a_path_that_is_not_there_stops_the_run(tmp_path: Path) -> None:
    with pytest.raises(ReadError) as missing:
        find_files([tmp_path / "无"])
    assert missing.value.key == "paths.missing"
    assert missing.value.exit_code == 3


def test_links_in_circles_and_links_to_nowhere_stop_nothing(tmp_path: Path) -> None:
    _put(tmp_path / "a/b.xlsx")
    (tmp_path / "a/again").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "a/loop.xlsx").symlink_to(tmp_path / "a/loop.xlsx")
    (tmp_path / "a/gone.xlsx").symlink_to(tmp_path / "nothing.xlsx")
    found, skipped = find_files([tmp_path])
    assert [path.name for path in found] == ["b.xlsx", "gone.xlsx", "loop.xlsx"]
    assert skipped == []


def test_names_that_are_no_text_are_found_read_and_shown(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xff\xfe\xb2\xe2.xlsx")
    try:
        _put(tmp_path / name)
    except OSError:
        pytest.skip("this file system only takes UTF-8 names")
    (found,), _ = find_files([tmp_path])
    assert admit(found).format == "xlsx"
    assert printable(found).encode("utf-8")


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root, and Windows, may read everything"
)
def test_what_may_not_be_read_is_told(tmp_path: Path) -> None:
    _put(tmp_path / "a.xlsx", tmp_path / "closed/b.xlsx")
    (tmp_path / "a.xlsx").chmod(0)
    (tmp_path / "closed").chmod(0)
    _, skipped = find_files([tmp_path])
    assert [note.reason for note in skipped] == ["skipped.folder"]
    with pytest.raises(FileRefused) as refused:
        admit(tmp_path / "a.xlsx")
    assert refused.value.reason == "refused.permission"


@pytest.mark.parametrize(
    ("number", "reason", "values"),
    [
        (errno.EIO, "refused.out_of_reach", {}),
        (errno.EMFILE, "refused.system", {"detail": "as the system says it"}),
    ],
)
def test_a_system_that_does_not_let_us_read_is_told(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    reason: str,
    values: dict[str, str],
) -> None:
    def fail(*_: object) -> int:
        raise OSError(number, "as the system says it")

    monkeypatch.setattr(preflight.os, "open", fail)
    with pytest.raises(FileRefused) as refused:
        admit(tmp_path / "a.xlsx")
    assert refused.value.reason == reason
    assert refused.value.values == values


def test_a_file_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.xlsx"
    _put(path)
    usual = os.fstat
    calls: list[int] = []

    def saving(descriptor: int) -> os.stat_result:
        calls.append(descriptor)
        if len(calls) == 2:
            with path.open("ab") as stream:
                stream.write(b"more")
        return usual(descriptor)

    monkeypatch.setattr(preflight.os, "fstat", saving)
    with pytest.raises(FileRefused) as refused:
        admit(path)
    assert (refused.value.code, refused.value.reason) == ("file-unreadable", "refused.changing")


def test_parts_are_inflated_no_further_than_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "LARGEST_TOTAL", 100)
    with pytest.raises(FileRefused) as refused:
        archive.unpack(packed(parts()))
    assert refused.value.reason == "refused.large_inside"


def test_standard_inflation_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    import zlib

    content = packed(parts())
    usual = archive.unpack(content)
    monkeypatch.setattr(archive, "zlib", zlib)
    assert archive.unpack(content) == usual
    assert usual["xl/worksheets/sheet1.xml"] == parts()["xl/worksheets/sheet1.xml"]
