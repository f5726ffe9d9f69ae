"""The analyst's pages: the board, workbooks dropped, their problems in place."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from shutil import copy, copytree

import pytest
from desk_browser import opened
from desk_folder import EAST, EXPANSION, GOALS, MARKET, NORTH, SAMPLES, made, packed
from openpyxl import load_workbook
from starlette.testclient import TestClient

from xltools.desk.analyst.typed_sheets import ROWS_A_PART, SheetGrid, part_with, table_of
from xltools.desk.quarter_look import Look, id_of, look
from xltools.issues import Code, issue
from xltools.locale import say

SENT = sorted((SAMPLES / "2024Q3").glob("*.xlsx"))
KIND = "application/octet-stream"


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A quarter's folder into which nothing has come."""
    return made(tmp_path_factory.mktemp("desk")).workspace.root


@pytest.fixture
def folder(blank: Path, tmp_path: Path) -> Path:
    return Path(copytree(blank, tmp_path / "2024Q3"))


@pytest.fixture
def analyst(folder: Path) -> Iterator[TestClient]:
    with opened(folder) as client:
        client.get(client.desk.address)
        yield client


def dropped(analyst: TestClient, *files: tuple[str, bytes], part: str = "/part") -> str:
    given = [("files", (name, content, KIND)) for name, content in files]
    answer = analyst.post(f"/drop{part}", files=given)
    assert answer.status_code == 200
    return answer.text


def workbook_id(analyst: TestClient, name: str) -> str:
    return id_of(analyst.desk.workspace.inbox / name)


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_the_board_of_a_new_quarter_says_what_to_do_first(analyst: TestClient) -> None:
    shown = analyst.get("/").text
    assert say("desk.next.generate", "zh") in shown
    assert shown.count(say("desk.board.is_missing", "zh")) >= 8
    assert EAST in shown


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_board_shows_what_came_and_what_is_wrong(folder: Path, lang: str) -> None:
    for path in SENT:
        copy(path, folder / "inbox")
    with opened(folder, lang) as analyst:
        analyst.get(analyst.desk.address)
        shown = plain(analyst.get("/").text)
    standing = look(folder, lang).status
    assert standing is not None
    for name in ("due", "sent", "missing", "late", "errors"):
        assert f"{say(f'desk.board.{name}', lang)} {getattr(standing, name)} " in shown
    assert say("desk.next.mend", lang, count=standing.faulty) in shown
    assert say("desk.verdict.fine", lang) in shown


def test_the_board_says_the_same_as_the_command(folder: Path) -> None:
    from xltools import verbs

    for path in SENT:
        copy(path, folder / "inbox")
    run = verbs.start(folder=folder)
    seen = look(folder, "")
    assert seen.status == verbs.status_of(run, [folder / "inbox"])
    checked = verbs.check_workbooks(run, [folder / "inbox"])
    assert seen.checked is not None
    assert list(seen.checked.all_issues()) == list(checked.all_issues())


def test_a_file_that_comes_by_other_ways_appears(analyst: TestClient) -> None:
    copy(EXPANSION, analyst.desk.workspace.inbox)
    before, deadline = analyst.desk.watch.number, time.monotonic() + 20
    while analyst.desk.watch.number == before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert f"/workbook/{workbook_id(analyst, EXPANSION.name)}" in analyst.get("/board").text


def test_a_look_at_a_folder_that_did_not_change_is_not_repeated(analyst: TestClient) -> None:
    watch = analyst.desk.watch
    before = watch.number
    analyst.portal.call(watch.look_if_changed)
    assert watch.number == before
    copy(EXPANSION, analyst.desk.workspace.inbox)
    analyst.portal.call(watch.look_if_changed)
    assert watch.number > before


def test_a_dropped_workbook_is_judged_at_once_with_sheet_and_cell(analyst: TestClient) -> None:
    shown = plain(dropped(analyst, ("最终版.xlsx", NORTH.read_bytes())))
    assert "效果评估 F12" in shown
    assert "约149" in shown
    assert "最终版.xlsx" in shown
    assert (analyst.desk.workspace.inbox / NORTH.name).read_bytes() == NORTH.read_bytes()


def test_many_are_dropped_at_once_and_one_that_is_none_does_not_stop_them(
    analyst: TestClient,
) -> None:
    both = packed((EXPANSION.name, EXPANSION.read_bytes()), (GOALS.name, GOALS.read_bytes()))
    shown = dropped(analyst, ("notes.txt", b"x"), ("all.zip", both), ("a.xlsx", NORTH.read_bytes()))
    assert shown.count("<article") == 4
    assert say("skipped.other", "zh") in shown
    assert {one.name for one in analyst.desk.workspace.inbox.iterdir()} == {
        EXPANSION.name,
        GOALS.name,
        NORTH.name,
    }


def test_a_form_without_a_script_gets_a_page(analyst: TestClient) -> None:
    shown = dropped(analyst, (GOALS.name, GOALS.read_bytes()), part="")
    assert "<html" in shown
    assert MARKET in shown
    assert say("errors.desk.no_file", "zh") in dropped(analyst, ("", b""))


def test_the_receipt_proves_what_came(analyst: TestClient) -> None:
    shown = dropped(analyst, (NORTH.name, NORTH.read_bytes()))
    address = re.search(r'"(/receipt/[^"]+)"', shown)
    assert address
    receipt = analyst.get(address[1])
    assert "attachment" in receipt.headers["content-disposition"]
    text = receipt.content.decode("utf-8-sig")
    [sending] = re.findall(r"SHA-256\W+(\w+)", text)
    assert len(sending) == 64
    assert NORTH.name in text
    assert "效果评估" in text


def test_a_wrong_workbook_is_set_aside_and_taken_back(analyst: TestClient) -> None:
    dropped(analyst, (EXPANSION.name, EXPANSION.read_bytes()))
    inbox, aside = analyst.desk.workspace.inbox, analyst.desk.workspace.set_aside
    identity = workbook_id(analyst, EXPANSION.name)
    shown = analyst.post(f"/aside/{identity}").text
    assert not list(inbox.iterdir())
    assert (aside / EXPANSION.name).is_file()
    back = f"/back/{id_of(aside / EXPANSION.name)}"
    assert back in shown
    shown = analyst.post(back).text
    assert f"/workbook/{identity}" in shown
    assert (inbox / EXPANSION.name).is_file()


@pytest.mark.parametrize("action", ["aside", "back"])
@pytest.mark.parametrize("identity", ["0" * 16, "..", "..%2f..%2fsettings.xlsx"])
def test_nothing_else_can_be_moved(folder: Path, action: str, identity: str) -> None:
    with opened(folder) as analyst:
        analyst.get(analyst.desk.address)
        answer = analyst.post(f"/{action}/{identity}")
    assert answer.status_code in (404, 405, 422)
    assert (folder / "settings.xlsx").is_file()


def test_a_workbooks_page_marks_the_cells_among_what_stands_around_them(
    analyst: TestClient,
) -> None:
    dropped(analyst, (NORTH.name, NORTH.read_bytes()))
    page = f"/workbook/{workbook_id(analyst, NORTH.name)}"
    shown = analyst.get(page).text
    link = re.search(r'href="(\?sheet=(\d)[^"]*#F12)"', shown)
    assert link
    sheet = analyst.get(page + link[1].replace("&amp;", "&")).text
    assert re.search(r'<td id="F12" class="error"[^>]*>约149', sheet)
    assert re.search(r'<tr class=" labels"><th scope="row">9</th>', sheet)
    assert ">天津客户预约困难<" in sheet


def test_the_marked_copy_and_the_file_itself_are_downloaded(analyst: TestClient) -> None:
    dropped(analyst, (NORTH.name, NORTH.read_bytes()))
    page = f"/workbook/{workbook_id(analyst, NORTH.name)}"
    assert analyst.get(f"{page}/original").content == NORTH.read_bytes()
    marked = analyst.get(f"{page}/marked")
    assert say("check.marks.title", "zh") in load_workbook(BytesIO(marked.content)).sheetnames
    assert analyst.get("/workbook/0000/marked").status_code == 404


def test_what_a_team_typed_is_text_wherever_it_is_shown(
    analyst: TestClient, tmp_path: Path
) -> None:
    book = load_workbook(NORTH)
    book["效果评估"]["F12"] = "<script>alert(1)</script>"
    book["效果评估"]["C12"] = "<img src=x onerror=alert(1)>\"'"
    book.save(tmp_path / "evil.xlsx")
    content = (tmp_path / "evil.xlsx").read_bytes()
    shown = dropped(analyst, ("<b>evil.xlsx", content))
    page = f"/workbook/{workbook_id(analyst, NORTH.name)}"
    every = "".join(analyst.get(f"{page}?sheet={sheet}").text for sheet in range(1, 7))
    assert "&lt;script&gt;alert(1)" in every
    assert "&lt;b&gt;evil" in shown
    for html in (shown, every, analyst.get("/").text):
        assert "<script>alert" not in html
        assert "<img" not in html
        assert "<b>evil" not in html


def test_a_bundle_in_the_inbox_is_shown_and_moves_as_a_whole(folder: Path) -> None:
    (folder / "inbox" / "交回.zip").write_bytes(packed(("x.xlsx", EXPANSION.read_bytes())))
    with opened(folder) as analyst:
        analyst.get(analyst.desk.address)
        [address] = re.findall(r'href="(/workbook/\w+)"', analyst.get("/").text)
        shown = analyst.get(address).text
        assert analyst.get(f"{address}/original").content == EXPANSION.read_bytes()
        [action] = re.findall(r'action="(/aside/\w+)"', shown)
        analyst.post(action)
    assert (folder / "set-aside" / "交回.zip").is_file()


def test_a_folder_that_is_no_quarters_yet_becomes_one(tmp_path: Path) -> None:
    with opened(tmp_path / "new" / "2024Q4", "en") as analyst:
        shown = analyst.get(analyst.desk.address)
        assert 'action="/begin"' in analyst.get("/").text
        wrong = analyst.post("/begin", data={"period": "soon", "lang": "en"})
        assert wrong.status_code == 422
        assert "“soon” is not a quarter" in wrong.text
        shown = analyst.post("/begin", data={"period": "2024Q4", "lang": "en"})
    assert (tmp_path / "new" / "2024Q4" / "settings.xlsx").is_file()
    assert say("desk.next.teams", "en") in shown.text


def test_a_quarter_begins_in_another_folder_or_one_that_is_there_is_opened(tmp_path: Path) -> None:
    with opened(tmp_path / "new" / "2024Q4", "en") as analyst:
        analyst.get(analyst.desk.address)
        asked = analyst.get("/").text
        assert 'value="2024Q4"' in asked
        assert f'value="{tmp_path / "new" / "2024Q4"}"' in asked
        elsewhere = {"period": "2024Q3", "folder": str(tmp_path / "else" / "Q3"), "lang": "en"}
        shown = analyst.post("/begin", data=elsewhere)
        assert str(tmp_path / "else" / "Q3") in shown.text
    assert (tmp_path / "else" / "Q3" / "settings.xlsx").is_file()
    assert not (tmp_path / "new").exists()
    with opened(tmp_path / "else" / "2025Q1", "en") as analyst:
        analyst.get(analyst.desk.address)
        near = re.findall(r'name="folder" value="([^"]+)"><button', analyst.get("/").text)
        assert near == [str(tmp_path / "else" / "Q3")]
        shown = analyst.post("/begin", data={"folder": near[0]})
        assert say("desk.next.teams", "en") in shown.text
        kept = analyst.post("/begin", data={"folder": "/nowhere", "period": "2024Q3"})
        assert near[0] in kept.text  # teams may use it


def test_settings_with_a_fault_are_said_and_the_desk_stays(folder: Path) -> None:
    (folder / "settings.xlsx").write_bytes(b"no workbook")
    with opened(folder) as analyst:
        analyst.get(analyst.desk.address)
        shown = analyst.get("/")
    assert shown.status_code == 200
    assert say("desk.board.fault", "zh") in shown.text
    assert "settings.xlsx" in shown.text


def test_every_team_has_an_address_that_can_be_revoked(folder: Path) -> None:
    with opened(folder, lan=("192.168.1.10",)) as analyst:
        analyst.get(analyst.desk.address)
        before = re.findall(r"http://192\.168\.1\.10:8520/t/([\w-]+)", analyst.get("/").text)
        after = analyst.post("/links/revoke", data={"team": EAST}).text
    kept = [key for key in before if f"/t/{key}" in after]
    assert len(set(before)) == 4
    assert len(set(before) - set(kept)) == 1


def test_the_stream_tells_the_number_of_the_look(analyst: TestClient) -> None:
    async def first() -> str:
        from starlette.requests import Request

        from xltools.desk.analyst.board_page import live

        app = analyst.app.app
        answer = await live(Request({"type": "http", "app": app, "headers": []}))
        pieces = answer.body_iterator
        return "".join([await anext(pieces), await anext(pieces)])

    told = analyst.portal.call(first)
    assert f"event: look\ndata: {analyst.desk.watch.number}\n\n" in told


def grid(rows: int) -> SheetGrid:
    return SheetGrid(title="S", columns=(1, 3), rows={n: (str(n), "") for n in range(1, rows + 1)})


def test_a_long_sheet_is_shown_in_parts() -> None:
    long = grid(ROWS_A_PART * 2 + 1)
    assert [row.number for row in table_of(long, [], 3).rows] == [ROWS_A_PART * 2 + 1]
    assert table_of(long, [], 99).part == 3
    assert table_of(long, []).letters == ["A", "C"]
    fault = issue(Code.CELL_REQUIRED, sheet="S", cell=f"C{ROWS_A_PART + 5}")
    part = part_with(long, [(fault, "said")], fault.cell)
    cells = [cell for row in table_of(long, [(fault, "said")], part).rows for cell in row.cells]
    assert [cell.sentences for cell in cells if cell.severity == "error"] == [("said",)]


def test_blank_rows_are_left_out_unless_something_is_missing_in_them() -> None:
    some = SheetGrid(title="S", columns=(1,), rows={1: ("a",), 9: ("b",)})
    fault = issue(Code.CELL_REQUIRED, sheet="S", cell="A5")
    rows = table_of(some, [(fault, "said")]).rows
    assert [(row.number, row.gap) for row in rows] == [(1, False), (5, True), (9, True)]


def test_pages_are_there_before_a_large_inbox_is_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def slow(root: Path, chosen: str) -> Look:
        assert go_on.wait(30)
        return look(root, chosen)

    monkeypatch.setattr("xltools.desk.folder_watch.look", slow)
    monkeypatch.setattr("xltools.desk.application._PATIENCE", 0.01)
    with opened(folder) as analyst:
        analyst.get(analyst.desk.address)
        shown = analyst.get("/").text
        assert say("desk.board.reading", "zh") in shown
        assert "2024Q3" in shown
        assert analyst.get("/do").status_code == 200
        go_on.set()
        analyst.portal.call(analyst.desk.watch.newer_than, 0, 30.0)
        assert EAST in analyst.get("/board").text


def test_a_mistake_while_looking_is_said_once_and_the_desk_stays(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("tempfile.tempdir", str(logs))
    monkeypatch.setattr("xltools.desk.quarter_look._inbox", broken)
    with opened(folder) as analyst:
        analyst.get(analyst.desk.address)
        for _ in range(3):
            assert "ZeroDivisionError" in analyst.get("/").text
        assert len([*logs.glob("xltools-*.log")]) == 1


def test_a_file_is_set_aside_while_a_run_has_the_store(
    analyst: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    dropped(analyst, (EXPANSION.name, EXPANSION.read_bytes()))
    monkeypatch.setattr("xltools.desk.folder_watch._LATE", 0.05)
    with analyst.desk.watch.reading:
        answer = analyst.post(f"/aside/{workbook_id(analyst, EXPANSION.name)}")
        assert answer.status_code == 200
        assert (analyst.desk.workspace.set_aside / EXPANSION.name).is_file()
