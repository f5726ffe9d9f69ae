"""The quarter: the period that every workbook belongs to."""

from __future__ import annotations

import calendar
import re
from datetime import date

import msgspec

# The years whose days a spreadsheet can hold, and of which the next quarter is one, too.
_YEARS = range(1900, 9999)
_QUARTER = re.compile(r"(\d{4})\s*[-_年]?\s*(?:[Qq]([1-4])|第?([一二三四1-4])季度?)")


class Quarter(msgspec.Struct, frozen=True, order=True):
    """One calendar quarter; ordered by time, written ``2024Q3``."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """Read ``2024Q3``, ``2024-Q3``, ``2024年第三季度``; ValueError for anything else."""
        match = _QUARTER.fullmatch(text.strip())
        if not match or int(match[1]) not in _YEARS:
            raise ValueError(text)
        digit = match[2] or match[3]
        number = "一二三四".find(digit) + 1 or int(digit)
        return cls(int(match[1]), number)

    @classmethod
    def of(cls, day: date) -> Quarter:
        """The quarter that a day lies in."""
        return cls(day.year, (day.month - 1) // 3 + 1)

    def shift(self, quarters: int) -> Quarter:
        """The quarter so many quarters later (earlier when negative)."""
        index = self.year * 4 + self.number - 1 + quarters
        return Quarter(index // 4, index % 4 + 1)

    @property
    def months(self) -> tuple[int, int, int]:
        """The three calendar months, 1–12."""
        first = self.number * 3 - 2
        return first, first + 1, first + 2

    @property
    def start(self) -> date:
        return date(self.year, self.months[0], 1)

    @property
    def end(self) -> date:
        month = self.months[2]
        return date(self.year, month, calendar.monthrange(self.year, month)[1])

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"
