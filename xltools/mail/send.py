"""Letters through a server, one after another; a team's fault is its own, the others go on."""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Sequence
from email.headerregistry import Address
from email.utils import formatdate, make_msgid
from typing import NamedTuple

from xltools.errors import XltoolsError
from xltools.mail.drafts import message
from xltools.mail.letters import Mailing
from xltools.mail.sent_log import SentLog
from xltools.mail.server import Server, answer, spoken

_MEGABYTE = 1024 * 1024


class Result(NamedTuple):
    """A letter, and why it did not go; None where it did."""

    letter: Mailing
    why: XltoolsError | None = None
    refused: tuple[str, ...] = ()  # of the copies: addresses that the server did not take


def send_letters(
    letters: Sequence[Mailing],
    server: Server,
    log: SentLog,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> list[Result]:
    """Send and note each; a connection that breaks is made anew for the next letter.

    Raises UsageError where the server does not let us in, WriteError where the log cannot be kept.
    """
    results: list[Result] = []
    post = _Post(server)
    try:
        for done, letter in enumerate(letters, 1):
            results.append(_sent(letter, post))
            if results[-1].why is None:
                log.note(letter)
            if progress is not None:
                progress(done, len(letters))
    finally:
        post.leave()
    return results


class _Post:
    """A connection that is made when it is needed."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._open: smtplib.SMTP | None = None
        self._out_of_reach: OSError | None = None

    def connection(self) -> smtplib.SMTP:
        """The connection; a server that did not answer once is not waited for again."""
        if self._out_of_reach is not None:
            raise self._out_of_reach
        if self._open is None:
            try:
                self._open = self.server.connect()
            except OSError as fault:
                self._out_of_reach = fault
                raise
        return self._open

    def drop(self) -> None:
        """After a fault nobody knows where the conversation stands."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def leave(self) -> None:
        if self._open is not None:
            try:
                self._open.quit()
            except (OSError, smtplib.SMTPException):
                self.drop()


class _RefusedError(Exception):
    def __init__(self, why: XltoolsError) -> None:
        super().__init__(why)
        self.why = why


def _sent(letter: Mailing, post: _Post) -> Result:
    try:
        return Result(letter, refused=tuple(_deliver(letter, post)))
    except _RefusedError as refused:
        return Result(letter, refused.why)
    except smtplib.SMTPResponseException as fault:
        post.drop()
        return Result(letter, XltoolsError("mail.refused", answer=spoken(fault)))
    except (OSError, smtplib.SMTPException) as fault:
        post.drop()
        return Result(
            letter, XltoolsError("mail.broken", server=post.server.name, reason=str(fault) or "-")
        )


def _deliver(letter: Mailing, post: _Post) -> list[str]:
    """Hand over one mail: to the lead or not at all; the copies that were refused."""
    mail = message(letter)
    sender = letter.sender or post.server.login
    if not letter.sender:
        mail["From"] = Address(letter.sender_name, addr_spec=sender)
    mail["Date"] = formatdate(localtime=True)
    mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    content = mail.as_bytes()
    server = post.connection()
    most = server.esmtp_features.get("size", "")
    if most.isdecimal() and 0 < int(most) < len(content):
        size, limit = (f"{number / _MEGABYTE:.1f}" for number in (len(content), int(most)))
        raise _RefusedError(XltoolsError("mail.too_large", size=size, limit=limit))
    sized = [f"size={len(content)}"] if "size" in server.esmtp_features else []
    _expect(server, server.mail(sender, sized))
    for address in letter.to:
        code, words = server.rcpt(address)
        if code not in (250, 251):
            server.rset()
            raise _RefusedError(
                XltoolsError("mail.recipient", address=address, answer=answer(code, words))
            )
    refused = [one for one in letter.copies if server.rcpt(one)[0] not in (250, 251)]
    _expect(server, server.data(content))
    return refused


def _expect(server: smtplib.SMTP, said: tuple[int, bytes]) -> None:
    """Raise _RefusedError unless the server agrees."""
    code, words = said
    if code != 250:
        if code != 421:  # the server has hung up
            server.rset()
        raise _RefusedError(XltoolsError("mail.refused", answer=answer(code, words)))
