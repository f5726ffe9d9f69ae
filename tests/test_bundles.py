"""Workbooks in zip bundles and saved mails: found, read and answered where they lie."""

from __future__ import annotations

import base64
import io
import json
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from email.message import EmailMessage
from pathlib import Path

import openpyxl
import pytest
from good_goals import FILE
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from outlook_msg import outlook_msg
from tables import checked, write
from test_check_codes import GOOD

import xltools.consolidate.collect_submissions as room
from xltools.bundles import find_workbooks, read_source
from xltools.bundles.sources import _Opened
from xltools.bundles.zip_bundle import MOST_FILES
from xltools.cli import cli
from xltools.consolidate.collect_submissions import collect
from xltools.errors import FileRefused
from xltools.ground.member_paths import SEPARATOR, fitting, own_name, parted
from xltools.run import start
from xltools.verbs import check_workbooks, consolidate_workbooks, status_of

BAD = {**GOOD, "任务分解": "\n| 任务名称 | 开始时间 |\n| 展会 | 某天 |\n"}


class Raw(zipfile.ZipInfo):
    """An entry whose name is written in these bytes, whatever they are."""

    def __init__(self, name: bytes, system: int, flags: int = 0) -> None:
        super().__init__("placeholder", (2024, 10, 8, 9, 30, 0))
        self.raw, self.flags = name, flags
        self.create_system = system
        self.compress_type = zipfile.ZIP_DEFLATED

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # the library's own hook
        return self.raw, self.flags


def packed(*entries: tuple[Raw, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number, (entry, content) in enumerate(entries):
            entry.filename = f"entry {number}"  # what the library compares
            archive.writestr(entry, content)
    return stream.getvalue()


def windows(name: str) -> Raw:
    return Raw(name.encode("gbk"), 0)


def macos(name: str) -> Raw:
    return Raw(unicodedata.normalize("NFD", name).encode("utf-8"), 3)


def seven_zip(name: str) -> Raw:
    return Raw(name.encode("utf-8"), 0, 0x800)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return write(tmp_path_factory.mktemp("good") / FILE, GOOD).read_bytes()


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return write(tmp_path_factory.mktemp("bad") / FILE, BAD).read_bytes()


def inbox(tmp_path: Path, name: str, content: bytes) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    return folder


def found(folder: Path) -> list[str]:
    return [str(one.path.relative_to(folder)) for one in find_workbooks([folder])[0]]


def noted(folder: Path) -> list[tuple[str, str, int]]:
    skipped = find_workbooks([folder])[1]
    return [(str(Path(one.path).relative_to(folder)), one.reason, one.count) for one in skipped]


@pytest.mark.parametrize("entry", [windows, macos, seven_zip])
@pytest.mark.parametrize("name", [FILE, "一.xlsx", "Équipe ü.xlsx"])
def test_names_are_read_as_the_packing_program_wrote_them(
    tmp_path: Path, good: bytes, entry: type[Raw], name: str
) -> None:
    if entry is windows and name.startswith("É"):
        pytest.skip("such letters are not in a Chinese Windows' code page")
    folder = inbox(tmp_path, "交回.zip", packed((entry(f"三季度/{name}"), good)))
    assert found(folder) == [f"交回.zip › 三季度 › {name}"]
    assert read_source(folder / found(folder)[0]) == good


def test_what_systems_put_beside_the_files_is_not_spoken_of(tmp_path: Path, good: bytes) -> None:
    noise = ["__MACOSX/._a.xlsx", "a/.DS_Store", "Thumbs.db", "~$a.xlsx", ".hidden/b.xlsx"]
    content = packed((macos("a.xlsx"), good), *((macos(name), b"x") for name in noise))
    folder = inbox(tmp_path, "a.zip", content)
    assert found(folder) == ["a.zip › a.xlsx"]
    assert noted(folder) == []


def test_what_stands_in_a_workbooks_place_is_named_and_the_rest_told_once(
    tmp_path: Path, good: bytes
) -> None:
    others = ["logo.png", "签名.gif", "说明.docx", "a.rar", "b.et", "c.numbers", "d.csv"]
    content = packed((windows("好.xlsx"), good), *((windows(name), b"x") for name in others))
    folder = inbox(tmp_path, "交回.zip", content)
    assert noted(folder) == [
        ("交回.zip", "skipped.inside", 3),
        ("交回.zip › a.rar", "skipped.archive", 0),
        ("交回.zip › b.et", "skipped.wps", 0),
        ("交回.zip › c.numbers", "skipped.numbers", 0),
        ("交回.zip › d.csv", "skipped.csv", 0),
    ]
    for name in ("e.7z", "f.wps"):
        (folder / name).write_bytes(b"x")
    told = dict(note[:2] for note in noted(folder))
    assert (told["e.7z"], told["f.wps"]) == ("skipped.archive", "skipped.wps")


def test_a_bundle_without_a_workbook_says_so(tmp_path: Path) -> None:
    folder = inbox(tmp_path, "空.zip", packed((windows("图.png"), b"x")))
    (folder / "nothing.zip").write_bytes(packed())
    assert noted(folder) == [
        ("nothing.zip", "skipped.nothing_inside", 0),
        ("空.zip", "skipped.nothing_inside", 0),
    ]


def test_bundles_are_opened_one_level_deep(tmp_path: Path, good: bytes) -> None:
    inner = packed((windows("里.xlsx"), good), (windows("更里.zip"), packed((windows("x"), b""))))
    folder = inbox(tmp_path, "外.zip", packed((windows("内.zip"), inner)))
    assert found(folder) == ["外.zip › 内.zip › 里.xlsx"]
    assert noted(folder) == [("外.zip › 内.zip › 更里.zip", "skipped.nested", 0)]
    assert read_source(folder / found(folder)[0]) == good


def test_a_workbook_that_a_mail_program_renamed_is_one(tmp_path: Path, good: bytes) -> None:
    folder = inbox(tmp_path, "市场部-目标管理-2024Q3.zip", good)
    inbox(tmp_path, "b.zip", packed((windows("目标.zip"), good)))
    assert found(folder) == ["b.zip › 目标.zip", "市场部-目标管理-2024Q3.zip"]
    assert [one.template for one in checked(folder).submissions] == ["goals", "goals"]


def test_two_entries_of_one_name_are_both_read(tmp_path: Path, good: bytes, bad: bytes) -> None:
    folder = inbox(tmp_path, "a.zip", packed((windows("一.xlsx"), good), (windows("一.xlsx"), bad)))
    assert found(folder) == ["a.zip › 一.xlsx", "a.zip › 一 (2).xlsx"]
    assert [read_source(folder / name) for name in found(folder)] == [good, bad]


def bomb() -> bytes:
    return packed((windows("炸.xlsx"), bytes(64 * 2**20)))


def encrypted(content: bytes) -> bytes:
    """The flag of a password, in the entry and in the directory."""
    at = content.index(b"PK\x01\x02") + 8
    return content[:6] + b"\x01" + content[7:at] + b"\x01" + content[at + 1 :]


def crowded() -> bytes:
    return packed(*((windows(f"{number}.xlsx"), b"") for number in range(MOST_FILES + 1)))


HURTFUL: dict[str, tuple[Callable[[bytes], bytes], str, str]] = {
    "bomb": (lambda _: bomb(), "file-too-large", "refused.bomb"),
    "crowd": (lambda _: crowded(), "file-too-large", "refused.many_inside"),
    "password": (encrypted, "file-encrypted", "refused.zip_password"),
    "cut": (lambda whole: whole[:-30], "file-unreadable", "refused.damaged"),
    "noise": (lambda whole: whole[:4] + bytes(200), "file-unreadable", "refused.damaged"),
}


@pytest.mark.parametrize("what", HURTFUL)
def test_a_bundle_that_is_made_to_hurt_costs_a_sentence(
    tmp_path: Path, good: bytes, what: str
) -> None:
    make, code, reason = HURTFUL[what]
    folder = inbox(tmp_path, "坏.zip", make(packed((windows("a.xlsx"), good))))
    inbox(tmp_path, FILE, good)
    one, other = checked(folder).submissions
    assert (own_name(one.file), one.excluded) == ("坏.zip", True)
    assert [(fault.code, fault.text) for fault in one.issues] == [(code, reason)]
    assert not other.excluded


@pytest.mark.parametrize("name", ["../../a.xlsx", "C:\\a.xlsx", "/etc/a.xlsx", "x\\..\\..\\a.xlsx"])
def test_a_path_that_climbs_is_refused_alone(tmp_path: Path, good: bytes, name: str) -> None:
    folder = inbox(tmp_path, "a.zip", packed((windows(name), good), (windows(FILE), good)))
    before = set(tmp_path.rglob("*"))
    submissions = checked(folder).submissions
    assert sorted(one.excluded for one in submissions) == [False, True]
    (fault,) = next(one for one in submissions if one.excluded).issues
    assert (fault.code, fault.text) == ("file-refused", "refused.climbs")
    assert set(tmp_path.rglob("*")) == before


def test_an_entry_that_is_damaged_is_refused_alone(tmp_path: Path, good: bytes) -> None:
    content = packed((windows("a.xlsx"), good[:200]), (windows(FILE), good))
    content = content.replace(zlib.crc32(good[:200]).to_bytes(4, "little"), b"\0\0\0\0")
    folder = inbox(tmp_path, "a.zip", content)
    one, other = checked(folder).submissions
    assert [fault.text for fault in one.issues] == ["refused.damaged"]
    assert not other.excluded


def word(text: str, charset: str) -> str:
    """A text as mail programs write it in headers."""
    raw = text.encode("gbk" if charset == "gb2312" else charset)
    return f"=?{charset}?B?{base64.b64encode(raw).decode()}?="


def as_sent(text: str, content: bytes) -> bytes:
    """A mail from its lines, the attachment's bytes in their place."""
    encoded = base64.encodebytes(content).decode()
    return text.strip().replace("CONTENT", encoded).replace("\n", "\r\n").encode()


def foxmail(name: str, content: bytes) -> bytes:
    """GBK in encoded words that call themselves GB2312, the name in both headers."""
    mail = f"""
From: {word("张镕", "gb2312")} <zhang@example.com>
Date: Tue, 8 Oct 2024 17:30:00 +0800
Subject: test
X-Mailer: Foxmail 7.2
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: text/plain

hello
--b
Content-Type: application/octet-stream;
\tname="{word(name, "gb2312")}"
Content-Transfer-Encoding: base64
Content-Disposition: attachment;
\tfilename="{word(name, "gb2312")}"

CONTENT
--b--
"""
    return as_sent(mail, content)


def outlook(name: str, content: bytes) -> bytes:
    """A long name in several encoded words, a signature's picture beside the text."""
    half = len(name) // 2
    words = "\n ".join(word(part, "utf-8") for part in (name[:half], name[half:]))
    mail = f"""
From: "Zhang, Wei" <zhang@example.com>
Date: Tue, 8 Oct 2024 17:30:00 +0800
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="o"

--o
Content-Type: multipart/related; boundary="i"

--i
Content-Type: text/html

<img src="cid:1">
--i
Content-Type: image/png; name="image001.png"
Content-ID: <1>
Content-Transfer-Encoding: base64

AAAA
--i--
--o
Content-Type: application/vnd.ms-excel;
 name="{words}"
Content-Transfer-Encoding: base64
Content-Disposition: attachment;
 filename="{words}"; size=12

CONTENT
--o--
"""
    return as_sent(mail, content)


def gmail(name: str, content: bytes) -> bytes:
    """Names after RFC 2231, as Python writes them, too."""
    mail = EmailMessage()
    mail["From"] = "张伟 <zhang@example.com>"
    mail["Date"] = "Tue, 8 Oct 2024 17:30:00 +0800"
    mail.set_content("hello")
    mail.add_attachment(content, "application", "octet-stream", filename=name)
    return bytes(mail)


def bare_bytes(name: str, content: bytes) -> bytes:
    """A name in plain GBK, as old programs of the web write it."""
    plain = word("NAME", "gb2312").encode()
    return foxmail("NAME", content).replace(plain, name.encode("gbk"))


@pytest.mark.parametrize("form", [foxmail, outlook, gmail, bare_bytes])
def test_attachments_are_read_out_of_mails(
    tmp_path: Path, good: bytes, form: Callable[[str, bytes], bytes]
) -> None:
    name = "镕城销售队-目标管理-2024Q3（最终版，请以此为准，多谢）.xlsx"
    folder = inbox(tmp_path, "回信.eml", form(name, good))
    (source,), notes = find_workbooks([folder])
    assert str(source.path.relative_to(folder)) == f"回信.eml › {name}"
    assert source.sender.endswith("<zhang@example.com>")
    assert source.mailed == "2024-10-08T17:30:00"
    assert [(note.reason, note.count) for note in notes] == (
        [("skipped.inside", 1)] if form is outlook else []
    )
    assert read_source(source.path) == good


def test_a_sender_in_another_charset_is_read(tmp_path: Path, good: bytes) -> None:
    folder = inbox(tmp_path, "a.eml", foxmail("a.xlsx", good))
    assert find_workbooks([folder])[0][0].sender == "张镕 <zhang@example.com>"


def test_a_forwarded_mail_is_opened_with_its_own_sender(tmp_path: Path, good: bytes) -> None:
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "lead@example.com", "三季度"
    inner["Date"] = "Mon, 7 Oct 2024 08:00:00 +0800"
    inner.set_content("x")
    inner.add_attachment(good, "application", "octet-stream", filename=FILE)
    outer = EmailMessage()
    outer["From"] = "desk@example.com"
    outer.set_content("fyi")
    outer.add_attachment(inner)
    folder = inbox(tmp_path, "fwd.eml", bytes(outer))
    (source,), _ = find_workbooks([folder])
    assert str(source.path.relative_to(folder)) == f"fwd.eml › 三季度.eml › {FILE}"
    assert (source.sender, source.mailed) == ("lead@example.com", "2024-10-07T08:00:00")
    assert read_source(source.path) == good


def test_a_mail_whose_attachments_outlook_hid_is_named(tmp_path: Path) -> None:
    folder = inbox(tmp_path, "a.eml", gmail("winmail.dat", b"\x78\x9f\x3e\x22"))
    assert noted(folder) == [("a.eml › winmail.dat", "skipped.winmail", 0)]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.eml", b"just a text\n", "refused.no_mail"),
        ("a.eml", b"", "refused.no_mail"),
        ("a.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "refused.damaged_mail"),
    ],
)
def test_what_is_no_mail_is_told(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    (one,) = checked(inbox(tmp_path, name, content)).submissions
    assert [fault.text for fault in one.issues] == [reason]


def test_a_mail_that_outlook_saved_is_read(tmp_path: Path, good: bytes) -> None:
    folder = inbox(tmp_path, "a.msg", outlook_msg([(FILE, good), ("image001.png", b"x" * 900)]))
    (source,), notes = find_workbooks([folder])
    assert str(source.path.relative_to(folder)) == f"a.msg › {FILE}"
    assert (source.sender, source.mailed) == ("张伟 <zhang@example.com>", "2024-10-08T09:30:00")
    assert [(note.reason, note.count) for note in notes] == [("skipped.inside", 1)]
    assert read_source(source.path) == good
    headers = "From: Li Na <li@example.com>\r\nDate: Tue, 8 Oct 2024 17:30:00 +0800\r\n\r\n"
    inbox(tmp_path, "a.msg", outlook_msg([(FILE, good)], headers=headers))
    (source,), _ = find_workbooks([folder])
    assert (source.sender, source.mailed) == ("Li Na <li@example.com>", "2024-10-08T17:30:00")


def test_marked_copies_and_receipts_of_what_came_in_a_bundle(tmp_path: Path, bad: bytes) -> None:
    folder = inbox(tmp_path, "交回.zip", packed((windows(f"市场/{FILE}"), bad)))
    (copy,) = checked(folder).write_marked(tmp_path / "returned", "zh")
    assert copy.name == FILE
    book = openpyxl.load_workbook(copy)
    texts = [
        str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row if cell.value
    ]
    assert any(f"交回.zip › 市场 › {FILE}" in text for text in texts)
    assert "任务分解" in book.sheetnames


def test_a_quarter_from_bundles_says_where_rows_came_from_and_links_there(
    tmp_path: Path, good: bytes
) -> None:
    folder = inbox(tmp_path, "交回.zip", packed((windows(FILE), good)))
    inbox(tmp_path, "回信.eml", foxmail(FILE.replace("市场部", "销售部"), good))
    run = start(period="2024Q3")
    made = tmp_path / "consolidated.xlsx"
    whole = consolidate_workbooks(run, [folder], made)
    files = [one.file for one in whole.submissions]
    assert [own_name(file) for file in files] == [FILE, FILE.replace("市场部", "销售部")]
    book = openpyxl.load_workbook(made)
    formulas = [
        cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.value.startswith("=HYPERLINK(")
    ]
    rows = [one for one in formulas if "&T(" in one]
    assert len(rows) == whole.rows
    assert {one.split('"')[1] for one in rows} == {"inbox/交回.zip", "inbox/回信.eml"}
    assert not [one for one in formulas if " › " in one.split(",")[0]]
    again = consolidate_workbooks(run, [made])
    assert [one.file for one in again.submissions] == files
    assert [one.mailed for one in again.submissions] == ["", "2024-10-08T17:30:00"]
    texts = [str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row]
    assert "张镕 <zhang@example.com> · 2024-10-08 17:30" in texts


def test_what_came_by_mail_is_in_time_by_its_mail(tmp_path: Path, good: bytes) -> None:
    folder = inbox(tmp_path, "回信.eml", foxmail(FILE, good))
    run = start(period="2024Q3")
    for day, late in ((7, True), (8, False)):
        settings = replace(run.settings, deadline=date(2024, 10, day))
        (one,) = [
            one
            for one in status_of(replace(run, settings=settings), [folder]).workbooks
            if one.state != "missing"
        ]
        assert (one.late, one.judged_by, str(one.judged_day)) == (late, "mail", "2024-10-08")
        assert one.sender == "张镕 <zhang@example.com>"


def test_what_was_read_of_a_bundle_is_remembered(tmp_path: Path, good: bytes) -> None:
    folder = inbox(tmp_path, "交回.zip", packed((windows(FILE), good)))
    run = start(period="2024Q3")
    store = tmp_path / "read.sqlite"

    def read() -> str:
        found = collect([folder], run.plan(), store=store)
        (one,) = found.submissions
        return one.file

    first = read()

    def never(paths: list[str], *_: object, **__: object) -> object:
        assert not paths
        return iter(())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room, "check", never)
        assert read() == first
        (folder / "交回.zip").rename(folder / "又来.zip")
        assert read() == first.replace("交回", "又来")


def test_paths_inside_bundles_are_taken_apart_and_put_together() -> None:
    path = SEPARATOR.join(["in/A.ZIP", fitting("b/c › d\n"), fitting("e.xlsx")])
    assert path == "in/A.ZIP › b c   d › e.xlsx"
    assert parted(path) == ("in/A.ZIP", "b c   d › e.xlsx")
    assert own_name(path) == "e.xlsx"
    assert parted("in › x/目标.xlsx") == ("in › x/目标.xlsx", "")


def test_check_tells_of_a_bundle_in_words(
    tmp_path: Path, good: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    content = packed((windows(FILE), good), (windows("a.png"), b"x"), (windows("b.et"), b"x"))
    folder = inbox(tmp_path, "交回.zip", content)
    with pytest.raises(SystemExit):
        cli.main(["check", str(folder), "--lang", "en"])
    told = " ".join(capsys.readouterr().out.split())
    assert "1 attachment besides" in told
    assert "WPS's own format" in told


def test_a_member_that_is_gone_is_told(tmp_path: Path, good: bytes) -> None:
    folder = inbox(tmp_path, "a.zip", packed((windows("a.xlsx"), good)))
    for name in ("a.zip › b.xlsx", "b.zip › a.xlsx"):
        with pytest.raises(FileRefused) as refused:
            read_source(folder / name)
        assert refused.value.reason == "refused.missing"


def test_json_tells_the_mail(tmp_path: Path, good: bytes) -> None:
    folder = inbox(tmp_path, "a.eml", foxmail(FILE, good))
    told = json.loads(check_workbooks(start(), [folder]).json("zh"))
    assert told["files"][0]["mailed"] == "2024-10-08T17:30:00"


SEEDS: dict[str, Callable[[], bytes]] = {
    "zip": lambda: packed((windows("一.xlsx"), b"x" * 900), (seven_zip("b/二.xlsx"), b"y")),
    "foxmail": lambda: foxmail("镕城.xlsx", b"x" * 900),
    "outlook": lambda: outlook("长" * 60 + ".xlsx", b"x" * 900),
    "gmail": lambda: gmail("a.xlsx", b"x" * 900),
    "msg": lambda: outlook_msg([("a.xlsx", b"x" * 5000)]),
}
PIECES = [b"=?utf-8?Q?", b"=?gb2312?B?", b'"', b"\r\n", b"\xff\xfe", b"--b", b"*0*=", b"\0"]


@given(
    what=st.sampled_from(sorted(SEEDS)),
    places=st.lists(st.tuples(st.integers(0, 1500), st.sampled_from(PIECES)), max_size=6),
    cut=st.integers(0, 400),
)
def test_a_bent_bundle_is_read_or_refused(
    what: str, places: list[tuple[int, bytes]], cut: int
) -> None:
    content = SEEDS[what]()
    for place, piece in places:
        at = place % len(content)
        content = content[:at] + piece + content[at + len(piece) * (cut % 2) :]
    try:
        leaves = _Opened(content[: len(content) - cut]).leaves.values()
    except FileRefused:
        return
    for leaf in leaves:
        with suppress(FileRefused):
            leaf.read()


def test_a_charset_that_cannot_be_one_is_passed_by(tmp_path: Path, good: bytes) -> None:
    content = foxmail("a.xlsx", good).replace(b"?gb2312?", b"?gb\x002312?")
    (source,), _ = find_workbooks([inbox(tmp_path, "a.eml", content)])
    assert source.sender.endswith("<zhang@example.com>")
