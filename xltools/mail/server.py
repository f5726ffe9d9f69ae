"""The server that sends: where it is, how it is secured, and a connection to it."""

from __future__ import annotations

import os
import smtplib
import socket
import ssl
from collections.abc import Callable

import msgspec

from xltools.errors import UsageError
from xltools.settings import Mail

PASSWORD = "XLTOOLS_SMTP_PASSWORD"
_PORTS = {"tls": 465, "starttls": 587, "none": 25}
_PATIENCE = 60  # seconds; a server that looks for viruses takes its time over an attachment


class Server(msgspec.Struct, frozen=True, kw_only=True):
    """What a connection needs; ``security`` is ``tls``, ``starttls`` or ``none``."""

    host: str
    port: int
    security: str
    login: str = ""
    password: str = ""

    def connect(self) -> smtplib.SMTP:
        """A connection that is secured and logged in.

        Raises UsageError where the server refuses who we are, or is not who it says.
        """
        try:
            return self._connected()
        except smtplib.SMTPAuthenticationError as fault:
            raise UsageError("mail.login", login=self.login, reason=spoken(fault)) from fault
        except UnicodeEncodeError as fault:  # a password in Chinese: the library sends ASCII alone
            raise UsageError("mail.login", login=self.login, reason="ASCII") from fault
        except ssl.SSLError as fault:
            raise UsageError("mail.tls", server=self.name, reason=str(fault)) from fault
        except smtplib.SMTPNotSupportedError as fault:
            raise UsageError("mail.unsupported", server=self.name, reason=str(fault)) from fault

    @property
    def name(self) -> str:
        """The server as people name it."""
        return f"{self.host}:{self.port}"

    def _connected(self) -> smtplib.SMTP:
        where = self.host, self.port, _own_name()
        if self.security == "tls":
            context = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(*where, timeout=_PATIENCE, context=context)
        else:
            server = smtplib.SMTP(*where, timeout=_PATIENCE)
        try:
            server.ehlo_or_helo_if_needed()
            if self.security == "starttls":
                server.starttls(context=ssl.create_default_context())
                server.ehlo()
            if self.login:
                server.login(self.login, self.password)
        except BaseException:
            server.close()
            raise
        return server


def _own_name() -> str:
    """How we introduce ourselves; a computer may have a Chinese name, which no server reads."""
    name = socket.getfqdn()
    return name if name.isascii() and "." in name else "[127.0.0.1]"


def server_of(mail: Mail, ask: Callable[[str], str]) -> Server:
    """The server in the settings; what the environment says goes before them.

    ``ask`` gets the password of a login where the environment holds none. Raises UsageError where
    no server is named, or a password would cross the net for all to read.
    """
    host = os.environ.get("XLTOOLS_SMTP_SERVER", "") or mail.server
    host, _, port = host.strip().partition(":")
    security = os.environ.get("XLTOOLS_SMTP_SECURITY", "") or mail.security or "tls"
    if not host:
        raise UsageError("mail.no_server")
    if security not in _PORTS or (port and not port.isdecimal()):
        raise UsageError("mail.environment", listed=" ".join(_PORTS))
    login = os.environ.get("XLTOOLS_SMTP_LOGIN", "") or mail.login
    if not mail.sender and "@" not in login:
        raise UsageError("mail.no_sender")
    if login and security == "none":
        raise UsageError("mail.bare_password", login=login)
    return Server(
        host=host,
        port=int(port) if port else mail.port or _PORTS[security],
        security=security,
        login=login,
        password=(os.environ.get(PASSWORD) or ask(login)) if login else "",
    )


def spoken(fault: smtplib.SMTPResponseException) -> str:
    """What a server said, as text of one line."""
    return answer(fault.smtp_code, fault.smtp_error)


def answer(code: int, words: bytes | str) -> str:
    """A server's answer; Chinese servers speak GBK or UTF-8."""
    raw = words.encode() if isinstance(words, str) else words
    try:
        said = raw.decode("utf-8")
    except UnicodeDecodeError:
        said = raw.decode("gb18030", "replace")
    return " ".join(f"{code} {said}".split())
