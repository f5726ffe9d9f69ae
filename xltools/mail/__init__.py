"""Mails to the teams: workbooks to fill in, copies to mend, reminders; as drafts or sent."""

from xltools.mail.letters import (
    Mailing,
    NotWritten,
    outbox_letters,
    reminder_letters,
    returned_letters,
)

__all__ = [
    "Mailing",
    "NotWritten",
    "outbox_letters",
    "reminder_letters",
    "returned_letters",
]
