"""Addresses as somebody typed them into a cell, and as a mail may hold them."""

from __future__ import annotations

import re
from email.errors import MessageError
from email.headerregistry import Address

_BETWEEN = re.compile(r"[,;，；、\n]+")
_ONE = re.compile(r"[^<>:]*<\s*([^<>\s]+)\s*>|([^<>\s]+)")  # with a name, or without
_PLAIN = re.compile(r"[^\s@()<>\[\]\\,;:\"]+@[A-Za-z0-9.-]+")


class BadAddressError(ValueError):
    """A text that is no mail address."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


def addresses(cell: str) -> tuple[str, ...]:
    """The addresses in a cell, one or several, with or without a name; BadAddressError.

    >>> addresses("张伟 <zhang@example.com>、li@example.com")
    ('zhang@example.com', 'li@example.com')
    """
    found = [_address(text.strip()) for text in _BETWEEN.split(cell) if text.strip()]
    return tuple(dict.fromkeys(found))


def _address(text: str) -> str:
    match = _ONE.fullmatch(text)
    address = (match[1] or match[2]) if match else ""
    if not address.isascii() or not address.isprintable() or not _PLAIN.fullmatch(address):
        raise BadAddressError(text)
    try:
        Address(addr_spec=address)
    except (MessageError, ValueError, IndexError) as fault:
        raise BadAddressError(text) from fault
    return address
