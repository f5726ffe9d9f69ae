"""A mail as Outlook saves it (``.msg``): its attachments, its sender, its date."""

from __future__ import annotations

import struct
from functools import partial

from oxmsg import Message
from oxmsg.attachment import Attachment

from xltools.bundles.bundle import Bundle, Entry
from xltools.bundles.saved_mail import date_of, sender_of
from xltools.errors import FileRefused

# What the library raises on files that make no sense.
DAMAGE = (AssertionError, LookupError, OSError, OverflowError, RecursionError, ValueError)


def open_msg(content: bytes) -> Bundle:
    """The attachments of a mail; FileRefused where the file is damaged or no mail at all."""
    try:
        mail = Message.load(content)
        headers = mail.message_headers
        entries = [entry for one in mail.attachments for entry in _entries(one)]
        sender = sender_of(mail.sender or "")
        sent = mail.sent_date
    except (*DAMAGE, struct.error) as fault:
        raise FileRefused("file-unreadable", "refused.damaged_mail") from fault
    # The date that the sender's program wrote knows his time zone; Outlook's own is in UTC.
    mailed = date_of(headers.get("Date", "")) or (f"{sent:%Y-%m-%dT%H:%M:%S}" if sent else "")
    return Bundle(entries, sender, mailed)


def _entries(one: Attachment) -> list[Entry]:
    """A file that lies in the mail itself; a link to one elsewhere is none."""
    return [Entry((one.file_name,), partial(_content, one))] if one.file_name else []


def _content(one: Attachment) -> bytes:
    try:
        content: bytes = one.file_bytes or b""
    except (*DAMAGE, struct.error) as fault:
        raise FileRefused("file-unreadable", "refused.damaged_mail") from fault
    return content
