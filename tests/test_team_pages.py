"""A team's own page: what it shows and takes, and that nobody sees or changes what is another's."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import AsyncGenerator, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from desk_folder import EAST, EXPANSION, GOALS, MARKET, NAMELESS, bomb, made, packed
from openpyxl import load_workbook
from starlette.requests import ClientDisconnect
from starlette.testclient import TestClient

from xltools import verbs
from xltools.desk.application import application
from xltools.desk.desk_state import Desk
from xltools.desk.receiving import sent_form
from xltools.desk.receiving.inbox_places import set_aside
from xltools.desk.receiving.sendings import all_sendings
from xltools.desk.teams.team_links import new_key, team_keys
from xltools.locale import say

PORT = 8520
LAN = "192.168.1.10"
TEAM = ("192.168.1.77", 40000)
NAME = f"{EAST}-市场拓展-2024Q3.xlsx"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made(tmp_path)
    return Desk(tmp_path / "2024Q3", PORT, lan=(LAN,))


@pytest.fixture
def team(desk: Desk) -> Iterator[TestClient]:
    """A browser of the network, which knows what addresses it is given."""
    with TestClient(
        application(desk), f"http://{LAN}:{PORT}", client=TEAM, follow_redirects=False
    ) as browser:
        yield browser


@pytest.fixture
def keys(desk: Desk, team: TestClient) -> dict[str, str]:
    run = desk.run
    assert run.period is not None
    return team_keys(desk.workspace, run.settings, run.period)


def send(
    browser: TestClient, key: str, content: bytes, name: str = "我的.xlsx", **headers: str
) -> str:
    """Send a file as a plain form does; the address of the answer."""
    sent = browser.post(f"/t/{key}", files={"files": (name, content)}, headers=headers)
    assert sent.status_code == 303, sent.text
    return sent.headers["location"].partition("#")[0]


def identity(address: str) -> str:
    return address.partition("sent=")[2]


def text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", page))


def said(key: str, **values: object) -> str:
    return say(f"desk.team.{key}", "zh", **values)


def test_a_team_finds_its_workbooks_and_its_deadline(
    desk: Desk, team: TestClient, keys: dict[str, str]
) -> None:
    verbs.generate_workbooks(desk.run, desk.workspace.outbox)
    page = team.get(f"/t/{keys[EAST]}")
    assert page.status_code == 200
    assert said("deadline", day=desk.run.settings.due(EAST)) in page.text
    addresses = re.findall(r'href="(/t/[^"]+/blank/[^"]+)"', page.text)
    assert addresses
    for address in addresses:
        blank = team.get(address)
        assert blank.headers["content-disposition"].startswith("attachment")
        theirs = desk.workspace.outbox.rglob(f"{EAST}-*.xlsx")
        assert blank.content in [path.read_bytes() for path in theirs]


def test_what_is_sent_is_answered_at_once_and_kept(
    desk: Desk, team: TestClient, keys: dict[str, str]
) -> None:
    content = EXPANSION.read_bytes()
    address = send(team, keys[EAST], content)
    assert (desk.workspace.inbox / NAME).read_bytes() == content
    answer = text(team.get(address).text)
    for told in ("verdict.fine", "receipt.heading", "state.inbox", "receipt.rows"):
        assert said(told) in answer
    assert hashlib.sha256(content).hexdigest() in answer
    assert "我的.xlsx" in answer
    receipt = team.get(f"/t/{keys[EAST]}/sent/{identity(address)}/receipt")
    assert receipt.headers["content-disposition"].startswith("attachment")
    assert hashlib.sha256(content).hexdigest() in receipt.content.decode("utf-8-sig")
    assert said("verdict.fine") in text(team.get(f"/t/{keys[EAST]}").text)


def test_problems_stand_with_sheet_and_cell_and_the_copy_is_marked(
    team: TestClient, keys: dict[str, str]
) -> None:
    address = send(team, keys["华南销售队"], NAMELESS.read_bytes())
    page = team.get(address).text
    places = re.findall(r'<b class="cells">([^<]*)</b>', page)
    assert places
    (copy,) = set(re.findall(r'href="(/t/[^"]+/marked)"', page))
    marked = team.get(copy)
    assert say("check.marks.title", "zh") in load_workbook(BytesIO(marked.content)).sheetnames


def test_an_earlier_answer_does_not_stand_on_after_the_corrected_one(
    team: TestClient, keys: dict[str, str]
) -> None:
    key = keys["华南销售队"]
    team.get(send(team, key, GOALS.read_bytes()))
    page = text(team.get(send(team, key, NAMELESS.read_bytes())).text)
    wrong = say("errors.desk.other_team", "zh", team="华南销售队")
    assert wrong not in page
    assert said("verdict.refused") in page  # in the list of what was sent


def test_nothing_chosen_is_said(team: TestClient, keys: dict[str, str]) -> None:
    answer = team.post(f"/t/{keys[EAST]}", files={"files": ("", b"")})
    assert answer.status_code == 400
    assert say("errors.desk.no_file", "zh") in answer.text
    for content, kind, key in (
        (b"x", "text/plain", "no_form"),
        (b"--a\r\n", "multipart/form-data", "no_form"),
        (b"--a\r\nx", "multipart/form-data; boundary=a", "no_file"),
        (_CUT, "multipart/form-data; boundary=a", "no_file"),
    ):
        broken = team.post(f"/t/{keys[EAST]}", content=content, headers={"content-type": kind})
        assert broken.status_code == 400
        assert say(f"errors.desk.{key}", "zh") in broken.text


_CUT = b'--a\r\nContent-Disposition: form-data; name="files"; filename="a.xlsx"\r\n\r\nPK'


def test_what_was_set_aside_is_said_to_be(
    desk: Desk, team: TestClient, keys: dict[str, str]
) -> None:
    send(team, keys[EAST], EXPANSION.read_bytes())
    set_aside(desk.workspace, NAME)
    page = text(team.get(f"/t/{keys[EAST]}").text)
    assert said("state.set_aside") in page
    assert said("blank.missing") in page


# Who may do what


@pytest.mark.parametrize("key", ["x", "", "密钥", "..", "%2e%2e%2fsettings.xlsx", "a" * 5000])
def test_a_wrong_key_opens_nothing(team: TestClient, keys: dict[str, str], key: str) -> None:
    answer = team.get(f"/t/{key}")
    assert answer.status_code in (404, 421)
    assert not any(name in answer.text for name in keys)
    assert team.post(f"/t/{key}", files={"files": ("a.xlsx", b"x")}).status_code in (404, 405, 421)


def test_a_revoked_key_opens_nothing_and_what_was_sent_stays(
    desk: Desk, team: TestClient, keys: dict[str, str]
) -> None:
    old = keys[EAST]
    address = send(team, old, EXPANSION.read_bytes())
    assert desk.run.period is not None
    fresh = new_key(desk.workspace, desk.run.settings, desk.run.period, EAST)
    for path in (f"/t/{old}", address, f"/t/{old}/sent/{identity(address)}/receipt"):
        assert team.get(path).status_code == 404
    sent = team.post(f"/t/{old}", files={"files": ("a.xlsx", EXPANSION.read_bytes())})
    assert sent.status_code == 404
    assert len(all_sendings(desk.workspace)) == 1
    assert "我的.xlsx" in team.get(f"/t/{fresh}").text


def test_another_teams_sending_is_not_to_be_seen(
    desk: Desk, team: TestClient, keys: dict[str, str]
) -> None:
    verbs.generate_workbooks(desk.run, desk.workspace.outbox)
    theirs = identity(send(team, keys[EAST], EXPANSION.read_bytes(), "geheim.xlsx"))
    own = keys[MARKET]
    for path in ("", "/receipt", "/marked"):
        assert team.get(f"/t/{own}/sent/{theirs}{path}").status_code == 404
    page = team.get(f"/t/{own}?sent={theirs}").text
    assert not any(name in page for name in ("geheim", EAST, NAME))
    only = [path.name for path in (desk.workspace.outbox / EAST).glob("*.xlsx")]
    for name in ("goals", "expansion", "plan", "settings", "../settings", *only):
        blank = team.get(f"/t/{own}/blank/{name}")
        assert blank.status_code == 404 or EAST not in _team_in(blank.content)


def _team_in(workbook: bytes) -> str:
    book = load_workbook(BytesIO(workbook))
    return " ".join(
        str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value
    )


def test_another_teams_workbook_is_refused_and_theirs_stays(
    desk: Desk, team: TestClient, keys: dict[str, str]
) -> None:
    send(team, keys[EAST], EXPANSION.read_bytes())
    page = team.get(send(team, keys[MARKET], EXPANSION.read_bytes())).text
    assert say("errors.desk.other_team", "zh", team=MARKET) in text(page)
    assert EAST not in page
    assert [path.name for path in desk.workspace.inbox.iterdir()] == [NAME]
    assert not desk.workspace.set_aside.exists()


@pytest.mark.parametrize(
    "host",
    ["evil.example", f"evil.example:{PORT}", LAN, f"{LAN}:80", "", f"127.0.0.1.nip.io:{PORT}"],
)
def test_a_name_that_is_not_ours_leads_to_no_teams_page(
    team: TestClient, keys: dict[str, str], host: str
) -> None:
    answer = team.get(f"/t/{keys[EAST]}", headers={"host": host})
    assert answer.status_code == 421
    assert EAST not in answer.text


@pytest.mark.parametrize(
    "origin", ["https://evil.example", f"http://{LAN}", "http://127.0.0.1:8520"]
)
def test_a_form_of_another_site_is_not_taken(
    desk: Desk, team: TestClient, keys: dict[str, str], origin: str
) -> None:
    sent = team.post(
        f"/t/{keys[EAST]}",
        files={"files": ("a.xlsx", EXPANSION.read_bytes())},
        headers={"origin": origin},
    )
    assert sent.status_code == 403
    assert all_sendings(desk.workspace) == []


def test_our_own_form_is_taken_whatever_a_browser_tells_of_it(
    team: TestClient, keys: dict[str, str]
) -> None:
    for origin in ("null", f"http://{LAN}:{PORT}"):
        send(team, keys[EAST], EXPANSION.read_bytes(), origin=origin)


def test_the_analysts_pages_are_not_the_teams(team: TestClient, keys: dict[str, str]) -> None:
    for path in ("/", f"/?key={keys[EAST]}", "/settings", "/docs", "/inbox", "/.xltools"):
        assert team.get(path).status_code in (403, 421)


@pytest.mark.parametrize(
    "path",
    [
        "/assets/",
        "/assets",
        "/assets/../desk_state.py",
        "/assets/%2e%2e%2fdesk_state.py",
        "/t",
        "/t/",
    ],
)
def test_no_address_lists_or_leaves_a_folder(team: TestClient, path: str) -> None:
    answer = team.get(path)
    assert answer.status_code in (403, 404, 421)
    assert "import" not in answer.text


@pytest.mark.parametrize(
    "rest",
    [
        "blank/..%2f..%2fsettings.xlsx",
        "blank/%2e%2e",
        "sent/..%2f..%2fsettings.xlsx",
        "sent/%00/marked",
        "sent/' OR 1=1 --/receipt",
        "../../etc/passwd",
    ],
)
def test_no_part_of_an_address_becomes_a_path(
    team: TestClient, keys: dict[str, str], rest: str
) -> None:
    assert team.get(f"/t/{keys[EAST]}/{rest}").status_code in (403, 404, 421)


@pytest.mark.parametrize(
    "name",
    [
        "../../settings.xlsx",
        "..\\..\\settings.xlsx",
        "/etc/cron.d/a.xlsx",
        "C:\\a.xlsx",
        "a\x00b.xlsx",
    ],
)
def test_no_name_of_a_file_becomes_a_path(
    desk: Desk, team: TestClient, keys: dict[str, str], name: str
) -> None:
    before = {path: path.stat().st_mtime_ns for path in desk.workspace.root.rglob("settings.xlsx")}
    send(team, keys[EAST], EXPANSION.read_bytes(), name)
    assert (desk.workspace.inbox / NAME).read_bytes() == EXPANSION.read_bytes()
    assert {
        path: path.stat().st_mtime_ns for path in desk.workspace.root.rglob("settings.xlsx")
    } == before
    assert sorted(path.name for path in desk.workspace.root.iterdir()) == sorted(
        [".xltools", "inbox", "outbox", "reports", "returned", "settings.xlsx"]
    )


def test_what_teams_type_is_never_markup(team: TestClient, keys: dict[str, str]) -> None:
    address = send(
        team, keys[EAST], _typed("<svg onload=alert(1)>"), "<img src=x onerror=alert(2)>.xlsx"
    )
    own = f"/t/{keys[EAST]}/sent/{identity(address)}"
    for path in (address, f"/t/{keys[EAST]}", own):
        page = team.get(path).text
        assert "<svg" not in page
        assert "<img" not in page
        assert "&lt;img src=x onerror=alert(2)&gt;" in page
        assert "&lt;svg onload=alert(1)&gt;" in page or path == f"/t/{keys[EAST]}"
    receipt = team.get(f"{own}/receipt")
    assert receipt.headers["content-type"].startswith("text/plain")
    assert receipt.headers["x-content-type-options"] == "nosniff"


def _typed(words: str) -> bytes:
    """The workbook with these words where a number, a choice and a new sheet belong."""
    book = load_workbook(EXPANSION)
    for sheet in book.worksheets[1:3]:
        for row in sheet.iter_rows(min_row=8, max_row=12, min_col=2, max_col=6):
            for cell in row:
                if cell.__class__.__name__ != "MergedCell":
                    cell.value = words
    book.create_sheet("<svg onload=alert(1)>")
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_every_answer_forbids_foreign_scripts_frames_and_copies(
    team: TestClient, keys: dict[str, str]
) -> None:
    address = send(team, keys[EAST], EXPANSION.read_bytes())
    for path in (
        f"/t/{keys[EAST]}",
        address,
        f"/t/{keys[EAST]}/sent/{identity(address)}/receipt",
        "/t/nobody",
        "/assets/team.css",
    ):
        headers = team.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        if path.startswith("/t/"):
            assert headers["referrer-policy"] == "no-referrer"
            assert headers["cache-control"] == "no-store"


def test_pages_ask_nothing_of_other_machines(team: TestClient, keys: dict[str, str]) -> None:
    page = team.get(send(team, keys[EAST], EXPANSION.read_bytes())).text
    assert not re.findall(r'(?:href|src|action)="(?:https?:)?//', page)
    assert not re.findall(r"\son\w+=|<script(?! src)|style=", page)


def test_too_much_at_once_is_said(
    desk: Desk, team: TestClient, keys: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sent_form, "MOST_BYTES", 2**20)
    large = team.post(f"/t/{keys[EAST]}", files={"files": ("a.xlsx", bytes(2**22))})
    many = team.post(
        f"/t/{keys[EAST]}",
        files=[("files", (f"{n}.xlsx", b"x")) for n in range(sent_form.MOST_FILES + 1)],
    )
    for answer, key, limit in (
        (large, "large_form", 1),
        (many, "many_files", sent_form.MOST_FILES),
    ):
        assert answer.status_code == 400
        assert say(f"errors.desk.{key}", "zh", limit=limit) in answer.text
    assert all_sendings(desk.workspace) == []
    assert list(desk.workspace.inbox.iterdir()) == []


def test_a_zip_bomb_is_refused(desk: Desk, team: TestClient, keys: dict[str, str]) -> None:
    for name, content in (("a.zip", bomb()), ("a.xlsx", bomb("xl/worksheets/sheet1.xml"))):
        page = text(team.get(send(team, keys[EAST], content, name)).text)
        assert said("verdict.refused") in page
    assert list(desk.workspace.inbox.iterdir()) == []


def test_a_zip_gives_an_answer_for_each_workbook(team: TestClient, keys: dict[str, str]) -> None:
    bundle = packed(("甲.xlsx", EXPANSION.read_bytes()), ("乙.xlsx", GOALS.read_bytes()))
    page = text(team.get(send(team, keys[EAST], bundle, "全部.zip")).text)
    assert said("verdict.fine") in page
    assert say("errors.desk.other_team", "zh", team=EAST) in page


def test_trouble_of_ours_is_told_to_teams_without_places(
    desk: Desk,
    team: TestClient,
    keys: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", str(desk.workspace.inbox / "a.xlsx"))

    with monkeypatch.context() as disk:
        disk.setattr("xltools.desk.receiving.uploads.put", full)
        answer = team.post(f"/t/{keys[EAST]}", files={"files": ("a.xlsx", EXPANSION.read_bytes())})
    assert answer.status_code == 500
    assert said("trouble.what") in answer.text
    assert str(desk.workspace.root) not in answer.text
    assert str(desk.workspace.inbox) in capsys.readouterr().err
    assert all_sendings(desk.workspace) == []
    send(team, keys[EAST], EXPANSION.read_bytes())


def test_a_mistake_of_ours_is_told_to_teams_without_details_and_logged_without_keys(
    desk: Desk,
    keys: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret of the house")

    monkeypatch.setattr("xltools.desk.teams.team_pages.team_view", broken)
    again = Desk(desk.workspace.root, PORT, lan=(LAN,))
    with TestClient(
        application(again), f"http://{LAN}:{PORT}", client=TEAM, raise_server_exceptions=False
    ) as browser:
        answer = browser.get(f"/t/{keys[EAST]}")
    assert answer.status_code == 500
    assert said("trouble.what") in answer.text
    assert "secret" not in answer.text
    assert ".log" not in answer.text
    words = capsys.readouterr().err
    [log] = re.findall(r"\S+\.log", words)
    written = Path(log).read_text("utf-8")
    assert "secret of the house" in written
    assert keys[EAST] not in written + words


def test_whoever_sends_nothing_for_long_has_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    async def silent() -> AsyncGenerator[bytes, None]:
        yield b"begun"
        await asyncio.sleep(60)

    async def taken() -> list[bytes]:
        return [piece async for piece in sent_form._bounded(silent())]

    monkeypatch.setattr(sent_form, "_PATIENCE", 0.05)
    with pytest.raises(ClientDisconnect):
        asyncio.run(taken())
