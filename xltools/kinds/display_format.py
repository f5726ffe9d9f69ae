"""How cells display values: number formats reduced to what matters, and rich texts."""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import date
from typing import Literal

import msgspec

Grain = Literal["", "weekday", "month", "year"]

_TESTS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}
_WEEKDAYS = "一二三四五六日"


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """How one part of a number format shows a number.

    ``scale`` is how many digits fewer are shown than stored (``#,##0,`` has 3), ``before`` and
    ``after`` are the words around the digits, ``whole`` and ``decimals`` how many digits always
    stand before and behind the point, ``test`` is the condition under which the section holds.
    """

    scale: int = 0
    before: str = ""
    after: str = ""
    whole: int = 1
    decimals: int = 0
    test: tuple[str, float] | None = None


class Format(msgspec.Struct, frozen=True, kw_only=True):
    """What of a number format bears on the meaning of a cell; made once a format.

    ``amount`` says that numbers may mean something else than they are stored as, ``padded`` that
    their texts differ. ``grain`` is what is shown of a date where its day is not.
    """

    sections: tuple[Section, ...] = ()
    amount: bool = False
    padded: bool = False
    grain: Grain = ""
    struck: bool = False

    def section(self, number: float) -> Section:
        """The section that shows this number."""
        for section in self.sections:
            if section.test is None or _TESTS[section.test[0]](number, section.test[1]):
                return section
        return self.sections[-1] if self.sections else Section()

    def is_whole(self, day: date) -> bool:
        """Whether a date may have been typed as a year or month: Excel stores its first day."""
        if self.grain == "year":
            return (day.month, day.day) == (1, 1)
        return self.grain == "month" and day.day == 1

    def day(self, day: date) -> str:
        """What is shown of a date."""
        if self.grain == "month":
            return f"{day.year}-{day.month:02}"
        return str(day.year) if self.grain == "year" else f"星期{_WEEKDAYS[day.weekday()]}"


class RichText(str):
    """A text with runs; ``struck`` is what is struck out, all of the text or what it leaves out.

    ``raised`` says that some of it stands above or below the line; ``runs`` are the words as they
    follow each other, with whether they are struck out and raised.
    """

    struck = ""
    raised = False
    runs: tuple[tuple[str, bool, bool], ...] = ()

    @classmethod
    def of(cls, runs: list[tuple[str, bool, bool]]) -> str:
        """The text of (words, struck out, raised); a plain one where no run is special."""
        whole = "".join(words for words, _, _ in runs)
        struck = "".join(words for words, gone, _ in runs if gone)
        raised = any(words.strip() for words, _, above in runs if above)
        if not (struck.strip() or raised):
            return whole
        left = "".join(words for words, gone, _ in runs if not gone)
        text = cls(left if left.strip() else whole)
        text.struck, text.raised, text.runs = struck, raised, tuple(runs)
        return text
