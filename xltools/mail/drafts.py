"""Letters as mails: drafts that open ready to send, the same bytes for the same letter."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from xltools.check.respond.returned_folder import ReturnedFolder
from xltools.errors import WriteError
from xltools.ground.filenames import safe_name
from xltools.mail.letters import Mailing

_EXCEL = {".xlsx": "vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
# Outlook and older programs do not read a name that is cut into pieces.
_POLICY = SMTP.clone(max_line_length=998)


def write_drafts(
    folder: Path, letters: Iterable[Mailing], *, all_teams: bool, force: bool = False
) -> list[Path]:
    """A draft a team; those of earlier runs go, unless somebody changed them.

    Without ``all_teams`` the drafts of others stay. WriteError where a changed one is in the way.
    """
    drafts = ReturnedFolder(folder)
    written = []
    faults: list[WriteError] = []
    for letter in letters:
        mail = message(letter)
        mail["X-Unsent"] = "1"  # by which Outlook and Foxmail open it for writing
        name = f"{safe_name(letter.team)}.eml"
        try:
            written.append(drafts.write(name, mail.as_bytes(), force=force))
        except WriteError as fault:
            faults.append(fault)
    if all_teams and not faults:
        drafts.tidy(written)
    if faults:
        several = WriteError("output.several", count=len(faults), faults=faults)
        raise several if len(faults) > 1 else faults[0]
    return written


def message(letter: Mailing) -> EmailMessage:
    """The mail itself: no date and no number, which sending adds."""
    mail = EmailMessage(policy=_POLICY)
    if letter.sender:
        mail["From"] = Address(letter.sender_name, addr_spec=letter.sender)
    mail["To"] = ", ".join(letter.to)
    if letter.copies:
        mail["Cc"] = ", ".join(letter.copies)
    if letter.reply_to:
        mail["Reply-To"] = ", ".join(letter.reply_to)
    mail["Subject"] = letter.subject
    mail.set_content(letter.text, cte="base64")
    for path in letter.files:
        _attach(mail, path)
    if letter.files:
        # By default a random one: the same letter has the same bytes.
        mark = hashlib.sha256("\0".join([letter.team, letter.text]).encode()).hexdigest()
        mail.set_boundary(f"xltools-{mark[:32]}")
    return mail


def _attach(mail: EmailMessage, path: Path) -> None:
    """A workbook under its name, said in both ways: some programs read only the older one."""
    kind = _EXCEL.get(path.suffix.casefold(), "octet-stream")
    mail.add_attachment(path.read_bytes(), "application", kind, filename=path.name)
    part = list(mail.iter_attachments())[-1]
    name = Header(path.name, "utf-8", maxlinelen=72).encode(linesep="\r\n")
    del part["Content-Type"]
    part.set_raw("Content-Type", f'application/{kind};\r\n name="{name}"')
