"""A saved mail and its attachments, whatever program wrote their names and however."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import HeaderParseError, MessageError
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from functools import partial

from xltools.bundles.bundle import Bundle, Entry
from xltools.errors import FileRefused

MOST_PARTS = 2_000

# Outlook and Foxmail call GB2312 what holds characters of its successor.
_CHINESE = frozenset({"gb2312", "gbk", "gb18030", "gb_2312-80", "unknown-8bit", "x-gbk"})
_FOLDED = re.compile(r"\?=\s+=\?")
_LONGEST_NAME = 120


def open_mail(content: bytes) -> Bundle:
    """Sender, date and attachments of a mail; FileRefused where it is none.

    Attachments are whatever has a name, inline or not; a forwarded mail is an attachment, too.
    """
    try:
        mail = message_from_bytes(content)
        entries = list(_entries(mail))
    except (MessageError, HeaderParseError, ValueError, LookupError, RecursionError) as fault:
        raise FileRefused("file-unreadable", "refused.damaged_mail") from fault
    if not any(name in mail for name in ("from", "date", "subject", "mime-version")):
        raise FileRefused("file-not-workbook", "refused.no_mail")
    return Bundle(entries, sender_of(_header(mail, "from")), date_of(_header(mail, "date")))


def sender_of(header: str) -> str:
    """Name and address as people read them."""
    name, address = parseaddr(header)
    return _one_line(f"{_decoded(name)} <{address}>" if name else address)


def date_of(header: str) -> str:
    """When it was sent, by the clock on the sender's wall; "" where it does not say."""
    try:
        moment = parsedate_to_datetime(header)
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""
    return moment.replace(tzinfo=None, microsecond=0).isoformat()


def _entries(mail: Message) -> Iterator[Entry]:
    count = 0
    waiting: list[Message] = [mail]
    while waiting:
        part = waiting.pop()
        count += 1
        if count > MOST_PARTS:
            raise FileRefused(
                "file-too-large", "refused.many_inside", count=count, limit=MOST_PARTS
            )
        if part.get_content_type() == "message/rfc822" and part is not mail:
            yield from _forwarded(part)
        elif part.is_multipart():
            inner = part.get_payload()
            assert isinstance(inner, list)
            waiting += reversed([one for one in inner if isinstance(one, Message)])
        elif name := _file_name(part):
            yield Entry((name,), partial(_payload, part))


def _forwarded(part: Message) -> Iterator[Entry]:
    """A mail that hangs on another, as a file of its own."""
    inner = part.get_payload()
    if not isinstance(inner, list) or not inner or not isinstance(inner[0], Message):
        return
    subject = _decoded(_header(inner[0], "subject"))
    name = _file_name(part) or _one_line(subject) or "mail"
    stem = name[:-4] if name.casefold().endswith((".eml", ".msg")) else name
    yield Entry((f"{stem}.eml",), inner[0].as_bytes)


def _payload(part: Message) -> bytes:
    """An attachment's bytes; what is no Base64 at all is refused where the bytes are read."""
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _file_name(part: Message) -> str:
    """The name in any of its spellings: RFC 2231, encoded words, plain bytes of GBK or UTF-8."""
    for name in ("content-disposition", "content-type"):
        if name in part:
            plain = _header(part, name)
            part.replace_header(name, _FOLDED.sub("?==?", plain))
    return _one_line(_decoded(part.get_filename("")))


def _header(mail: Message, name: str) -> str:
    """A header as text: bytes that say no charset are UTF-8 where they can be, else GBK."""
    for key, value in mail.raw_items():
        if key.casefold() == name:
            return _text(str(value).encode("utf-8", "surrogateescape"))
    return ""


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


def _decoded(text: str) -> str:
    """A text with its encoded words read; neighbours are joined first, as they may share one."""
    if "=?" not in text:
        return text
    try:
        pieces = decode_header(text)
    except HeaderParseError:
        return text
    joined: list[tuple[bytes, str]] = []
    for piece, charset in pieces:
        raw = piece if isinstance(piece, bytes) else piece.encode()
        encoding = "gb18030" if (charset or "").casefold() in _CHINESE else charset or "utf-8"
        if joined and joined[-1][1] == encoding:
            raw = joined.pop()[0] + raw
        joined.append((raw, encoding))
    return "".join(_read(raw, encoding) for raw, encoding in joined)


def _read(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding, "replace")
    except (LookupError, ValueError):  # no name of an encoding, or none that could be one
        return _text(raw)


def _one_line(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_NAME]
