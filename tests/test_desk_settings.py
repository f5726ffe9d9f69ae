"""Settings from the browser: downloaded, dropped back, in place only after a look at them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from desk_browser import opened
from desk_folder import EXPANSION, made
from openpyxl import load_workbook
from starlette.testclient import TestClient

from xltools.locale import say


@pytest.fixture
def analyst(tmp_path: Path) -> Iterator[TestClient]:
    with opened(made(tmp_path).workspace.root) as client:
        client.get(client.desk.address)
        yield client


def renamed(content: bytes, old: str, new: str) -> bytes:
    """The same settings with other words in every cell that says the old ones."""
    book, stream = load_workbook(BytesIO(content)), BytesIO()
    for sheet in book:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if cell.value == old:
                cell.value = new
    book.save(stream)
    return stream.getvalue()


def dropped(analyst: TestClient, content: bytes) -> str:
    file = {"settings": ("settings.xlsx", content)}
    return html.unescape(analyst.post("/settings", files=file).text)


def test_settings_are_downloaded_changed_seen_and_put_in_place(analyst: TestClient) -> None:
    path = analyst.desk.workspace.settings
    before = path.read_bytes()
    assert analyst.get("/settings/file").content == before
    new = renamed(before, "华东销售队", "华东一队")
    shown = dropped(analyst, new)
    assert path.read_bytes() == before
    [digest] = re.findall(r'name="sha256" value="(\w{64})"', shown)
    analyst.post("/settings/accept", data={"sha256": digest})
    assert path.read_bytes() == new
    kept = [one for one in path.parent.glob("settings-*.xlsx") if one.read_bytes() == before]
    assert len(kept) == 1
    assert "华东一队" in analyst.get("/").text
    assert digest not in analyst.get("/settings").text


def test_settings_with_a_fault_do_not_take_the_place_of_good_ones(analyst: TestClient) -> None:
    path = analyst.desk.workspace.settings
    before = path.read_bytes()
    shown = dropped(analyst, EXPANSION.read_bytes())
    assert "市场拓展" in shown
    assert 'action="/settings/accept"' not in shown
    refused = analyst.post("/settings/accept", data={"sha256": "0" * 64})
    assert refused.status_code == 422
    assert path.read_bytes() == before
    analyst.post("/settings/discard")
    assert say("desk.settings.new", "zh") not in analyst.get("/settings").text


def test_the_page_says_what_would_change(analyst: TestClient) -> None:
    before = analyst.desk.workspace.settings.read_bytes()
    shown = dropped(analyst, renamed(before, "远航科技 · 销售运营部", "另一家公司"))
    row = r'<th scope="row">组织</th><td>远航科技 · 销售运营部</td><td>另一家公司</td>'
    assert re.search(row, shown)


def test_broken_settings_are_mended_from_the_page(tmp_path: Path) -> None:
    root = made(tmp_path).workspace.root
    good = (root / "settings.xlsx").read_bytes()
    (root / "settings.xlsx").write_bytes(b"broken")
    with opened(root) as analyst:
        analyst.get(analyst.desk.address)
        assert 'role="alert"' in analyst.get("/settings").text
        shown = dropped(analyst, good)
        [digest] = re.findall(r'name="sha256" value="(\w{64})"', shown)
        analyst.post("/settings/accept", data={"sha256": digest})
        assert analyst.desk.look.run is not None


def test_without_a_file_nothing_waits(analyst: TestClient) -> None:
    answer = analyst.post("/settings", data={"other": "x"})
    assert answer.status_code == 422
    assert say("errors.desk.no_file", "zh") in answer.text
