"""The desk in a browser: who may ask, and that whatever goes wrong is a sentence."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from xltools import verbs
from xltools.cli.desk import _tell
from xltools.cli.shared.run_language import set_language
from xltools.desk import desk_server
from xltools.desk.application import application
from xltools.desk.desk_state import Desk
from xltools.errors import UsageError
from xltools.locale import say

PORT = 8520
OWN = f"http://127.0.0.1:{PORT}"
NEAR, FAR = ("127.0.0.1", 50000), ("192.168.1.20", 50000)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    folder = tmp_path / "2024Q3"
    verbs.make_workspace(verbs.start(period="2024Q3", lang="en"), folder)
    return Desk(folder, PORT, lang="en", lan=("192.168.1.10",))


@pytest.fixture
def stranger(desk: Desk) -> Iterator[TestClient]:
    """A browser on this machine that has no key."""
    with TestClient(application(desk), OWN, client=NEAR, follow_redirects=False) as client:
        yield client


@pytest.fixture
def analyst(desk: Desk, stranger: TestClient) -> TestClient:
    stranger.get(desk.address)
    return stranger


def test_the_key_in_the_address_opens_the_desk_and_stays_out_of_it(
    desk: Desk, stranger: TestClient
) -> None:
    assert stranger.get("/").status_code == 403
    entered = stranger.get(desk.address)
    assert "HttpOnly" in entered.headers["set-cookie"]
    assert "SameSite=strict" in entered.headers["set-cookie"]
    assert entered.headers["referrer-policy"] == "no-referrer"
    assert desk.key not in entered.text
    assert stranger.get("/").status_code == 200


@pytest.mark.parametrize("key", ["", "x", "密"])
def test_another_key_opens_nothing(stranger: TestClient, key: str) -> None:
    assert stranger.get("/", params={"key": key}).status_code == 403
    assert "set-cookie" not in stranger.get("/", params={"key": key}).headers


def test_a_key_opens_the_first_page_alone(desk: Desk, stranger: TestClient) -> None:
    assert stranger.get("/nowhere", params={"key": desk.key}).status_code == 403


@pytest.mark.parametrize(
    "host",
    ["evil.example", f"evil.example:{PORT}", "127.0.0.1", "127.0.0.1:80", "", "192.168.1.10"],
)
def test_a_name_that_is_not_ours_leads_nowhere(analyst: TestClient, host: str) -> None:
    assert analyst.get("/", headers={"host": host}).status_code == 421


def test_the_analysts_pages_are_for_this_machine_alone(desk: Desk) -> None:
    with TestClient(application(desk), f"http://192.168.1.10:{PORT}", client=FAR) as neighbour:
        assert neighbour.get(f"/?key={desk.key}").status_code == 421
        # He may say that he asks from here, with the right key.
        said = {"host": f"127.0.0.1:{PORT}", "cookie": f"{desk.cookie}={desk.key}"}
        assert neighbour.get("/", headers=said).status_code == 421
        assert neighbour.get("/assets/desk.css").status_code == 200


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", f"https://127.0.0.1:{PORT}", "http://127.0.0.1:81", None],
)
def test_what_changes_something_comes_from_a_page_of_ours(
    analyst: TestClient, origin: str | None
) -> None:
    headers = {"origin": origin} if origin else {}
    assert analyst.post("/", headers=headers).status_code == 403
    assert analyst.post("/", headers={"origin": OWN}).status_code == 405


def test_every_answer_forbids_what_no_page_of_ours_needs(analyst: TestClient) -> None:
    for path in ("/", "/nowhere", "/assets/desk.css"):
        headers = analyst.get(path).headers
        assert "'unsafe" not in headers["content-security-policy"]
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "server" not in headers


@pytest.mark.parametrize(
    "path", ["/assets/", "/assets/board.html", "/assets/..%2fapplication.py", "/assets/desk.css/x"]
)
def test_no_path_of_a_request_reaches_the_disk(analyst: TestClient, path: str) -> None:
    assert analyst.get(path).status_code == 404


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_pages_speak_one_language(desk: Desk, lang: str) -> None:
    chosen = Desk(desk.workspace.root, PORT, lang=lang)
    with TestClient(application(chosen), OWN, client=NEAR) as client:
        client.get(chosen.address)
        shown = client.get("/").text
    assert say("desk.nav.board", lang) in shown


def test_a_mistake_of_the_program_is_a_sentence(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(Desk, "title", property(lambda _: 1 / 0))
    client = TestClient(application(desk), OWN, client=NEAR, raise_server_exceptions=False)
    with client:
        client.get(desk.address)
        failed = client.get("/")
    assert failed.status_code == 500
    assert "ZeroDivisionError" in failed.text
    assert "Traceback" not in failed.text
    assert "content-security-policy" in failed.headers


def test_lan_says_who_reaches_what(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    set_language("zh")
    _tell(desk, lan=True)
    told = capsys.readouterr().out
    assert say("cli.desk.lan", "zh", port=PORT) in told
    assert f"http://192.168.1.10:{PORT}" in told
    _tell(Desk(desk.workspace.root, PORT), lan=True)
    assert say("cli.desk.no_lan", "zh") in capsys.readouterr().err
    _tell(Desk(desk.workspace.root, PORT), lan=False)
    assert say("cli.desk.no_lan", "zh") not in capsys.readouterr().err


def test_teams_are_never_moved_to_another_port(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_server, "_EVERYWHERE", "127.0.0.1")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setattr(desk_server, "PORT", taken.getsockname()[1])
        with pytest.raises(UsageError, match=r"usage\.port"):
            desk_server.serve(tmp_path, lan=True, browser=False, tell=print)
