"""Mails to the teams: drafts that parse back, and sending to a real server that has its moods."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import openpyxl
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from good_goals import FILE
from tables import write
from test_bundles import BAD
from test_cli import Answer

from xltools.bundles import find_workbooks, read_source
from xltools.cli import cli
from xltools.definition import load_catalog
from xltools.definition.default_settings import default_settings
from xltools.generate.batch import workbook_path
from xltools.generate.workbook_series import write_settings
from xltools.ground.period import Quarter
from xltools.mail.addresses import BadAddressError, addresses
from xltools.settings import Mail, Settings, Team

Call = Callable[..., Answer]
PERIOD = Quarter(2024, 3)
CATALOG = load_catalog()
CERTIFICATE = Path(__file__).parent / "loopback.pem"
TEAMS = (
    Team(
        team="华东", lead="张伟", contact="zhang@example.com", copies="a@example.com、b@example.com"
    ),
    Team(team="华南", lead="陈静", contact="陈静 <chen@example.com>", deadline=date(2024, 10, 15)),
    Team(team="市场部", former_names=("推广部",), lead="林悦", contact="lin@example.com"),
)


def settings_with(*teams: Team, mail: Mail = Mail(sender="desk@example.com")) -> Settings:  # noqa: B008
    return msgspec.structs.replace(
        default_settings(CATALOG, "zh"),
        organisation="远航科技\n运营部",
        period=PERIOD,
        deadline=date(2024, 10, 10),
        teams=tuple(msgspec.structs.replace(team, workbooks=("goals",)) for team in teams),
        mail=mail,
    )


_WRITTEN: dict[bytes, bytes] = {}


def written(settings: Settings) -> bytes:
    """The settings workbook, written once for all tests."""
    key = msgspec.json.encode(settings)
    if key not in _WRITTEN:
        with TemporaryDirectory() as folder:
            file = Path(folder, "settings.xlsx")
            write_settings(file, catalog=CATALOG, settings=settings, period=PERIOD, lang="zh")
            _WRITTEN[key] = file.read_bytes()
    return _WRITTEN[key]


def make(folder: Path, settings: Settings) -> Path:
    """A quarter's folder whose outbox holds a workbook for every team."""
    for name in ("outbox", "inbox", "returned", "reports"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "settings.xlsx").write_bytes(written(settings))
    for team in settings.teams:
        path = workbook_path(folder / "outbox", team.team, CATALOG["goals"], PERIOD, "zh")
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(f"workbook of {team.team}".encode())
    return folder


@pytest.fixture
def quarter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = make(tmp_path / "2024Q3", settings_with(*TEAMS))
    monkeypatch.chdir(folder)
    for name in ("SERVER", "SECURITY", "LOGIN", "PASSWORD"):
        monkeypatch.delenv(f"XLTOOLS_SMTP_{name}", raising=False)
    monkeypatch.delenv("XLTOOLS_LANG", raising=False)
    return folder


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """Call ``xltools mail`` with some words."""

    def called(*words: str) -> Answer:
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            cli.main(["mail", *words])
        code = left.value.code
        assert isinstance(code, int)
        return Answer(code, *capsys.readouterr())

    return called


def parsed(content: bytes) -> EmailMessage:
    mail = message_from_bytes(content, policy=policy.default)
    assert not mail.defects
    assert not [part.defects for part in mail.walk() if part.defects]
    return mail


def body(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


# Drafts


def test_a_draft_opens_ready_to_send(quarter: Path, call: Call) -> None:
    assert call("outbox").code == 0
    drafts = quarter / "mails" / "outbox"
    names = {path.name for path in drafts.glob("*.eml")}
    assert names == {"华东.eml", "华南.eml", "市场部.eml"}
    mail = parsed((drafts / "华东.eml").read_bytes())
    assert (mail["X-Unsent"], mail["To"]) == ("1", "zhang@example.com")
    assert mail["Cc"] == "a@example.com, b@example.com"
    assert mail["From"] == "远航科技 运营部 <desk@example.com>"
    assert mail["Subject"] == "华东 2024Q3 工作簿，请填写"
    assert "Date" not in mail
    text = body(mail)
    assert "张伟，您好" in text
    assert "2024-10-10" in text
    assert "华东-目标管理-2024Q3.xlsx" in text
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == "华东-目标管理-2024Q3.xlsx"
    assert attached.get_content() == "workbook of 华东".encode()
    assert "2024-10-15" in body(parsed((drafts / "华南.eml").read_bytes()))


def test_the_same_letters_have_the_same_bytes_and_the_name_is_said_twice(
    quarter: Path,
    call: Call,
) -> None:
    call("outbox")
    draft = quarter / "mails" / "outbox" / "华东.eml"
    first = draft.read_bytes()
    call("outbox", "--force")
    assert draft.read_bytes() == first
    assert b"filename*=utf-8''" in first
    assert b'name="=?utf-8?b?' in first
    assert max(map(len, first.splitlines())) < 998


def test_our_own_reader_of_saved_mails_reads_a_draft(quarter: Path, call: Call) -> None:
    call("outbox")
    (one, *_), notes = find_workbooks([quarter / "mails" / "outbox"])
    assert str(one.path).endswith("华东.eml › 华东-目标管理-2024Q3.xlsx")
    assert read_source(one.path) == "workbook of 华东".encode()
    assert [note for note in notes if note.reason != "skipped.other"] == []


def test_what_is_to_be_mended_goes_back_with_its_first_problems(
    quarter: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xltools.mail.letters._MOST_PROBLEMS", 2)
    write(quarter / "inbox" / FILE, BAD)
    assert call("returned").code == 0
    (draft,) = (quarter / "mails" / "returned").glob("*.eml")
    mail = parsed(draft.read_bytes())
    assert mail["To"] == "lin@example.com"
    (attached,) = mail.iter_attachments()
    assert attached.get_content() == (quarter / "returned" / FILE).read_bytes()
    text = body(mail)
    assert "任务分解!" in text
    assert "“某天”" in text
    count = int(str(mail["Subject"]).split("有 ")[1].split()[0])
    rest = int(text.split("另有 ")[1].split()[0])
    assert text.count("  · ") == 3
    assert 0 < rest <= count - 2


def test_drafts_of_what_has_been_mended_do_not_stay(quarter: Path, call: Call) -> None:
    write(quarter / "inbox" / FILE, BAD)
    call("returned")
    (quarter / "inbox" / FILE).unlink()
    assert "没有要写" in call("returned").out
    assert not list((quarter / "mails" / "returned").glob("*.eml"))


def test_a_draft_that_somebody_changed_stays(quarter: Path, call: Call) -> None:
    call("outbox")
    draft = quarter / "mails" / "outbox" / "华东.eml"
    draft.write_bytes(draft.read_bytes() + b" ")
    answer = call("outbox")
    assert (answer.code, "华东.eml" in answer.err) == (3, True)
    assert draft.read_bytes().endswith(b" ")
    assert call("outbox", "--force").code == 0
    assert not draft.read_bytes().endswith(b" ")


def test_a_reminder_names_what_has_not_come(quarter: Path, call: Call) -> None:
    write(quarter / "inbox" / FILE, BAD)
    assert call("reminder").code == 0
    names = {path.stem for path in (quarter / "mails" / "reminder").glob("*.eml")}
    assert names == {"华东", "华南"}
    mail = parsed((quarter / "mails" / "reminder" / "华南.eml").read_bytes())
    assert "目标管理" in body(mail)
    assert [one.get_filename() for one in mail.iter_attachments()] == ["华南-目标管理-2024Q3.xlsx"]


def test_one_team_alone_leaves_the_others_drafts(quarter: Path, call: Call) -> None:
    call("outbox")
    assert call("outbox", "--team", "推广部").code == 0
    assert len(list((quarter / "mails" / "outbox").glob("*.eml"))) == 3


def test_who_cannot_get_one_is_told_and_the_others_go_on(
    tmp_path: Path,
    quarter: Path,
    call: Call,
) -> None:
    teams = (
        Team(team="甲", lead="张三", contact=""),
        Team(team="乙", lead="李四", contact="nobody at all"),
        Team(team="丙", lead="王五", contact="wang@example.com"),
        Team(team="丁", lead="赵六", contact="zhao@example.com"),
    )
    make(quarter, settings_with(*teams))
    workbook_path(quarter / "outbox", "丁", CATALOG["goals"], PERIOD, "zh").unlink()
    answer = call("outbox")
    assert answer.code == 1
    for words in ("甲：设置的“团队”表里没有联系邮箱", "“nobody at all”不是邮箱地址", "丁：还没有 "):
        assert words in answer.err
    assert [path.name for path in (quarter / "mails" / "outbox").glob("*.eml")] == ["丙.eml"]


def test_outside_a_quarters_folder_it_says_so(tmp_path: Path, call: Call) -> None:
    assert call("outbox").code == 2


@pytest.mark.parametrize(
    "cell",
    [
        "a@example.com\nBcc: b@example.com",
        "a@example.com\r\nX: y",
        "<a@example.com>x",
        "a b@example.com",
        "a@exa mple.com",
        "a@@example.com",
        "张@example.com",
        "a@[127.0.0.1]",
        "Team: a@example.com",
        "@example.com",
        "a@",
        "a",
    ],
)
def test_what_is_no_address_is_refused(cell: str) -> None:
    with pytest.raises(BadAddressError):
        addresses(cell)


def test_addresses_are_taken_as_people_type_them() -> None:
    cell = "张伟 <a@example.com>；b.c+d@ex-ample.com, a@example.com、\nx@y.cn"
    assert addresses(cell) == ("a@example.com", "b.c+d@ex-ample.com", "x@y.cn")
    assert addresses(" \n") == ()


def test_no_text_begins_a_header(quarter: Path, call: Call) -> None:
    teams = (Team(team="甲\nBcc: x@example.com", lead="乙", contact="a@example.com"),)
    settings = settings_with(*teams)
    letters = tuple(
        msgspec.structs.replace(one, subject=one.subject + "\nBcc: z@example.com")
        for one in settings.letters
    )
    make(quarter, msgspec.structs.replace(settings, letters=letters))
    assert call("outbox").code == 0
    (draft,) = (quarter / "mails" / "outbox").glob("*.eml")
    content = draft.read_bytes()
    mail = parsed(content)
    assert set(mail.keys()) == {
        *("From", "To", "Subject", "MIME-Version", "Content-Type", "X-Unsent"),
    }
    assert "Bcc: z@example.com" in mail["Subject"]


# Texts in the settings


def with_subject(quarter: Path, subject: str) -> None:
    settings = settings_with(*TEAMS)
    first, *others = settings.letters
    first = msgspec.structs.replace(first, subject=subject)
    make(quarter, msgspec.structs.replace(settings, letters=(first, *others)))


def test_the_desks_own_texts_are_used(quarter: Path, call: Call) -> None:
    with_subject(quarter, "请填：{team} {{period}} {")
    assert call("outbox").code == 0
    mail = parsed((quarter / "mails" / "outbox" / "华东.eml").read_bytes())
    assert mail["Subject"] == "请填：华东 {2024Q3} {"


@pytest.mark.parametrize("gap", ["{unknown}", "{}", "{Team}"])
def test_a_gap_that_nothing_fills_is_told_with_its_cell(
    quarter: Path, call: Call, gap: str
) -> None:
    with_subject(quarter, f"请填：{gap}")
    answer = call("outbox")
    assert answer.code == 2
    for words in (f"“{gap}”", "{organisation}", "邮件模板!"):
        assert words in answer.err


def test_settings_of_an_older_version_have_the_shipped_texts(
    quarter: Path,
    call: Call,
) -> None:
    book = openpyxl.load_workbook(quarter / "settings.xlsx")
    del book["邮件模板"], book["邮件"]
    book.save(quarter / "settings.xlsx")
    assert call("outbox").code == 0
    mail = parsed((quarter / "mails" / "outbox" / "华东.eml").read_bytes())
    assert (mail["Subject"], mail["From"]) == ("华东 2024Q3 工作簿，请填写", None)


def test_what_the_desk_wrote_for_mails_rolls_over(quarter: Path) -> None:
    from xltools.check.settings.settings_workbook import read_settings

    mail = Mail(
        sender="d@x.cn", reply_to="r@x.cn", server="s", port=26, security="starttls", login="l"
    )
    make(quarter, settings_with(*TEAMS, mail=mail))
    read = read_settings(quarter / "settings.xlsx", CATALOG, "zh")
    assert read.mail == mail
    assert read.letters == default_settings(CATALOG, "zh").letters
    assert read.teams[0].copies == "a@example.com、b@example.com"


# Sending


class Post:
    """What a server got, and whom and what it refuses."""

    def __init__(self) -> None:
        self.got: list[Envelope] = []
        self.refuses: set[str] = set()
        self.hangs_up: set[str] = set()
        self.busy: set[str] = set()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuses:
            return "550 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.hangs_up & set(envelope.rcpt_tos):
            self.hangs_up.clear()
            assert server.transport is not None
            server.transport.abort()
            return "421 gone"
        if self.busy & set(envelope.rcpt_tos):
            return "451 繁忙，稍后再试"
        self.got.append(envelope)
        return "250 OK"

    @property
    def recipients(self) -> list[str]:
        return [one.rcpt_tos[0] for one in self.got]

    @property
    def mails(self) -> list[EmailMessage]:
        return [parsed(one.content) for one in self.got if isinstance(one.content, bytes)]


def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    good = (data.login, data.password) == (b"desk@example.com", b"secret")
    return AuthResult(success=good, handled=good)


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Start a server; by default one of plain words, as the environment then says."""
    running: list[Controller] = []

    def start(security: str = "none", **options: Any) -> Post:
        post = Post()
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(CERTIFICATE)
        if security == "tls":
            options["ssl_context"] = context
        elif security == "starttls":
            options["tls_context"] = context
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        controller = Controller(post, hostname="127.0.0.1", port=port, **options)
        controller.start()
        running.append(controller)
        monkeypatch.setenv("XLTOOLS_SMTP_SERVER", f"localhost:{port}")
        monkeypatch.setenv("XLTOOLS_SMTP_SECURITY", security)
        return post

    yield start
    for controller in running:
        controller.stop()


def log(quarter: Path) -> list[dict[str, Any]]:
    lines = (quarter / "mails" / "sent.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_all_is_sent_noted_and_not_sent_twice(quarter: Path, call: Call, serve: Any) -> None:
    post = serve()
    answer = call("outbox", "--send")
    assert answer.code == 0
    assert "已发送：华东 → zhang@example.com" in answer.out
    assert post.recipients == ["zhang@example.com", "chen@example.com", "lin@example.com"]
    assert post.got[0].rcpt_tos == ["zhang@example.com", "a@example.com", "b@example.com"]
    mail = post.mails[0]
    assert (post.got[0].mail_from, mail["X-Unsent"]) == ("desk@example.com", None)
    assert mail["Message-ID"]
    assert mail["Date"]
    (attached,) = mail.iter_attachments()
    assert attached.get_content() == "workbook of 华东".encode()
    noted = log(quarter)
    assert [one["team"] for one in noted] == ["华东", "华南", "市场部"]
    assert noted[0]["files"] == ["华东-目标管理-2024Q3.xlsx"]
    assert not (quarter / "mails" / "outbox").exists()
    again = call("outbox", "--send")
    assert (again.code, again.err.count("已经发过")) == (0, 3)
    assert len(post.got) == 3
    assert call("outbox", "--send", "--again", "推广部").code == 0
    assert post.recipients[3:] == ["lin@example.com"]


def test_a_workbook_made_anew_is_another_mail(quarter: Path, call: Call, serve: Any) -> None:
    post = serve()
    call("outbox", "--send")
    path = workbook_path(quarter / "outbox", "华南", CATALOG["goals"], PERIOD, "zh")
    path.write_bytes(b"another")
    call("outbox", "--send")
    assert post.recipients[3:] == ["chen@example.com"]


def test_a_recipient_that_is_refused_costs_one_mail_and_a_second_run_does_the_rest(
    quarter: Path,
    call: Call,
    serve: Any,
) -> None:
    post = serve()
    post.refuses = {"zhang@example.com"}
    answer = call("outbox", "--send")
    assert answer.code == 1
    assert "华东：服务器不接受收件人 zhang@example.com（550 no such user here）" in answer.err
    assert post.recipients == ["chen@example.com", "lin@example.com"]
    post.refuses = set()
    assert call("outbox", "--send").code == 0
    assert post.recipients == ["chen@example.com", "lin@example.com", "zhang@example.com"]


def test_a_copy_that_is_refused_is_told(quarter: Path, call: Call, serve: Any) -> None:
    post = serve()
    post.refuses = {"a@example.com"}
    answer = call("outbox", "--send")
    assert (answer.code, "抄送 a@example.com" in answer.err) == (0, True)
    assert post.got[0].rcpt_tos == ["zhang@example.com", "b@example.com"]


def test_a_connection_that_breaks_costs_one_mail(quarter: Path, call: Call, serve: Any) -> None:
    post = serve()
    post.hangs_up = {"chen@example.com"}
    answer = call("outbox", "--send")
    assert (answer.code, "华南：与 localhost:" in answer.err) == (1, True)
    assert post.recipients == ["zhang@example.com", "lin@example.com"]
    assert call("outbox", "--send").code == 0
    assert post.recipients[2:] == ["chen@example.com"]


def test_a_server_that_is_busy_is_quoted(quarter: Path, call: Call, serve: Any) -> None:
    post = serve()
    post.busy = {"chen@example.com"}
    answer = call("outbox", "--send")
    assert (answer.code, "451 繁忙，稍后再试" in answer.err) == (1, True)
    assert post.recipients == ["zhang@example.com", "lin@example.com"]


def test_a_mail_over_the_servers_limit_is_told(quarter: Path, call: Call, serve: Any) -> None:
    path = workbook_path(quarter / "outbox", "华南", CATALOG["goals"], PERIOD, "zh")
    path.write_bytes(bytes(3 * 2**20))
    post = serve(data_size_limit=2**20)
    answer = call("outbox", "--send")
    assert answer.code == 1
    assert "华南：邮件有 4.0 MB，超过服务器允许的 1.0 MB" in answer.err
    assert post.recipients == ["zhang@example.com", "lin@example.com"]


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_sending_is_encrypted_and_logged_in(
    quarter: Path,
    call: Call,
    serve: Any,
    monkeypatch: pytest.MonkeyPatch,
    security: str,
) -> None:
    post = serve(
        security,
        authenticator=authenticate,
        auth_required=True,
        auth_require_tls=security == "starttls",
    )
    monkeypatch.setenv("XLTOOLS_SMTP_LOGIN", "desk@example.com")
    monkeypatch.setenv("XLTOOLS_SMTP_PASSWORD", "secret")
    stranger = call("outbox", "--send")
    assert (stranger.code, "加密连接没有建立" in stranger.err) == (2, True)
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    assert call("outbox", "--send").code == 0
    assert len(post.got) == 3
    monkeypatch.setenv("XLTOOLS_SMTP_PASSWORD", "guess")
    wrong = call("outbox", "--send", "--again", "华东")
    assert (wrong.code, "不接受 desk@example.com 的密码" in wrong.err) == (2, True)
    monkeypatch.setenv("XLTOOLS_SMTP_PASSWORD", "密码")
    wrong = call("outbox", "--send", "--again", "华东")
    assert (wrong.code, "不接受 desk@example.com 的密码" in wrong.err) == (2, True)
    monkeypatch.delenv("XLTOOLS_SMTP_PASSWORD")
    monkeypatch.setattr("sys.stdin", None)
    lacking = call("outbox", "--send", "--again", "华东")
    assert (lacking.code, "XLTOOLS_SMTP_PASSWORD" in lacking.err) == (2, True)
    assert len(post.got) == 3


def test_nothing_is_sent_in_plain_words_that_should_be_encrypted(
    quarter: Path,
    call: Call,
    serve: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    post = serve()
    monkeypatch.setenv("XLTOOLS_SMTP_SECURITY", "starttls")
    answer = call("outbox", "--send")
    assert (answer.code, "不支持所选的加密" in answer.err) == (2, True)
    monkeypatch.setenv("XLTOOLS_SMTP_SECURITY", "none")
    monkeypatch.setenv("XLTOOLS_SMTP_LOGIN", "desk@example.com")
    monkeypatch.setenv("XLTOOLS_SMTP_PASSWORD", "secret")
    answer = call("outbox", "--send")
    assert (answer.code, "会泄露" in answer.err) == (2, True)
    monkeypatch.setenv("XLTOOLS_SMTP_SECURITY", "rot13")
    assert call("outbox", "--send").code == 2
    assert post.got == []


def test_a_server_that_is_not_there_is_told_by_team(
    quarter: Path,
    call: Call,
    serve: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer = call("outbox", "--send")
    assert (answer.code, "不知道发信服务器" in answer.err) == (2, True)
    monkeypatch.setenv("XLTOOLS_SMTP_SERVER", "localhost:1")
    monkeypatch.setenv("XLTOOLS_SMTP_SECURITY", "none")
    answer = call("outbox", "--send")
    assert (answer.code, answer.err.count("与 localhost:1 的连接")) == (1, 3)


def test_what_cannot_be_noted_is_not_sent(quarter: Path, call: Call, serve: Any) -> None:
    post = serve()
    (quarter / "mails").write_text("in the way")
    answer = call("outbox", "--send")
    assert answer.code == 3
    assert post.got == []


def test_a_dry_run_touches_nothing(quarter: Path, call: Call, serve: Any) -> None:
    post = serve()
    for words in (("outbox", "--dry-run"), ("outbox", "--dry-run", "--send")):
        answer: Answer = call(*words)
        assert answer.code == 0
        for shown in ("zhang@example.com", "a@example.com", "华东-目标管理-2024Q3.xlsx", "3 封"):
            assert shown in answer.out
    assert not (quarter / "mails").exists()
    assert post.got == []


def test_a_broken_line_of_the_log_hides_no_other(quarter: Path, call: Call, serve: Any) -> None:
    post = serve()
    call("outbox", "--send")
    file = quarter / "mails" / "sent.jsonl"
    lines = file.read_text("utf-8").splitlines()
    file.write_text("\n".join([lines[0], "{broken", *lines[2:]]) + "\n", "utf-8")
    call("outbox", "--send")
    assert post.recipients[3:] == ["chen@example.com"]


def test_a_computer_with_a_chinese_name_sends(
    quarter: Path, call: Call, serve: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = serve()
    monkeypatch.setattr("socket.getfqdn", lambda *_: "张伟的电脑.local")
    assert call("outbox", "--send").code == 0
    assert len(post.got) == 3
