"""Implausible values: ten times the target, a day of another year, a misspelt name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from xltools.check.identify.near_members import near_person
from xltools.check.sheet_issues import SheetIssues
from xltools.check.submission import SheetRows, Submission
from xltools.definition import Catalog, ColumnDef, SheetDef
from xltools.definition.catalog import SETTINGS
from xltools.ground.folding import fold
from xltools.ground.period import Quarter
from xltools.issues import Code
from xltools.kinds import KINDS, span_end, span_start
from xltools.kinds.grammar.person_names import SEPARATOR
from xltools.kinds.grammar.typed_numbers import split_unit
from xltools.settings import Settings

_AS_OF = "as_of"
_CARRIED = "carried_since"
_NAMES = "members.name"


def check_plausible(
    submissions: Iterable[Submission], catalog: Catalog, settings: Settings
) -> None:
    """Add a warning at every cell whose value is probably a mistake; nothing is changed."""
    people = _People(settings)
    for submission in submissions:
        if submission.excluded or submission.template in ("", SETTINGS):
            continue
        definition = catalog[submission.template]
        for rows in submission.sheets.values():
            _SheetCheck(submission, definition.sheet(rows.name), rows, people).run()


class _People:
    """The settings, and the people in them by team."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.known = {fold(member.name) for member in settings.members}
        self.teams: dict[str, list[str]] = {}
        for member in settings.members:
            self.teams.setdefault(fold(member.team), []).append(member.name)


class _SheetCheck:
    """The check of one sheet of one workbook."""

    def __init__(
        self, submission: Submission, sheet: SheetDef, rows: SheetRows, people: _People
    ) -> None:
        self.submission = submission
        self.sheet = sheet
        self.rows = rows
        self.people = people
        self.settings = people.settings
        of = f"{submission.template}.{sheet.name}"
        self.issues = SheetIssues(submission.issues, submission.file, rows.title, of, rows.places)

    def run(self) -> None:
        """Report all implausible values of the sheet, column by column."""
        for column in self.sheet.columns:
            if not column.typed or column.name not in self.rows.places:
                continue
            if column.against:
                self._check_amounts(column)
            if column.kind in ("date", "span") and self.submission.period:
                self._check_days(column, Quarter.parse(self.submission.period))
            if column.source == _NAMES:
                self._check_names(column)

    def _check_amounts(self, column: ColumnDef) -> None:
        """A value many times the one it is compared with is probably in another unit."""
        limits = self._limits(column)
        attained = self._attained(column)
        most = self.settings.parameters["implausible_attainment"]
        for at, value in enumerate(self.rows.columns[column.name]):
            if not isinstance(value, int | float):
                continue
            other = self._other_scale(column, at)
            if other:
                self._report_units(column, at, other)
                continue
            target = column.against[0]
            base, share = self.rows.columns[target][at], attained[at]
            # Where lower is better, an attainment is high because the actual is low.
            low = isinstance(base, int | float) and 0 < value < base
            if low and isinstance(share, int | float) and share > most:
                self._report_amount(column, at, target, most, "below")
                continue
            for other, limit in limits.items():
                base = self.rows.columns[other][at]
                if isinstance(base, int | float) and base > 0 and value > base * limit:
                    self._report_amount(column, at, other, limit)
                    break

    def _other_scale(self, column: ColumnDef, at: int) -> str:
        """The first column whose cell states a unit of another scale than this one does."""
        stated = self.rows.stated
        own = stated.get(column.name, {}).get(at)
        for name in column.against if own else ():
            other = stated.get(name, {}).get(at)
            both = self.rows.columns[column.name][at] and self.rows.columns[name][at]
            if own and other and other.scale != own.scale and both:
                return name
        return ""

    def _report_units(self, column: ColumnDef, at: int, other: str) -> None:
        """Report cells of different units: both are read as stated, one is probably a mistake."""
        own, than = (self.rows.stated[name][at] for name in (column.name, other))
        reading, than_reading = (self._text(column, name, at) for name in (column.name, other))
        self.issues.add(
            Code.CELL_IMPLAUSIBLE,
            column.name,
            self.rows.rows[at],
            text=f"{Code.CELL_IMPLAUSIBLE}.units",
            value=own.text,
            other_label=other,
            than=than.text,
            unit=own.unit,
            reading=reading,
            than_reading=than_reading,
        )

    def _attained(self, column: ColumnDef) -> Sequence[object]:
        """The attainments that the sheet computes of a column, by its basis; blank where none."""
        begins = f"attainment({column.name}, {column.against[0]}, "
        for one in self.sheet.columns:
            if one.compute.startswith(begins):
                return self.rows.columns[one.name]
        return [None] * len(self.rows.rows)

    def _limits(self, column: ColumnDef) -> Mapping[str, float]:
        """How many times another column's value is too much: the last quarter's is given to us."""
        known = self.settings.parameters
        target, last = known["implausible_attainment"], known["implausible_change"]
        return {
            other: last if self.sheet.column(other).given else target for other in column.against
        }

    def _report_amount(
        self, column: ColumnDef, at: int, other: str, limit: float, text: str = ""
    ) -> None:
        scale, base = split_unit(self._unit(column, at))
        text = text or ("unit" if scale > 1 and base else "")
        value, than = (self._text(column, name, at) for name in (column.name, other))
        self.issues.add(
            Code.CELL_IMPLAUSIBLE,
            column.name,
            self.rows.rows[at],
            text=f"{Code.CELL_IMPLAUSIBLE}.{text}" if text else "",
            value=value,
            details={"other_label": other, "than": than, "times": f"{limit:g}", "unit": base},
        )

    def _unit(self, column: ColumnDef, at: int) -> str:
        units = self.rows.columns.get(column.unit_from)
        return str((units[at] if units else "") or column.unit)

    def _text(self, column: ColumnDef, name: str, at: int) -> str:
        """The value of a column that a row of this one is compared with, in the row's unit."""
        unit = self._unit(column, at)
        return _grouped(KINDS[column.kind].text(self.rows.columns[name][at], unit), unit)

    def _check_days(self, column: ColumnDef, quarter: Quarter) -> None:
        """A day or span far from the quarter, or a state of work from after its end."""
        far = timedelta(days=self.settings.parameters["implausible_days"])
        end = quarter.end
        earliest, latest = quarter.start - far, end + far
        values = self.rows.columns[column.name]
        odd: dict[object, str] = {}
        for value in set(values):
            first, last = _ends(value)
            if first is None or last is None:
                continue
            if column.name == _AS_OF and last > end:
                odd[value] = "later"
            elif first < earliest or last > latest:
                odd[value] = "far"
        carried = self.rows.columns.get(_CARRIED)
        for at, value in enumerate(values) if odd else ():
            text = odd.get(value)
            if text is None or (carried and carried[at]):
                continue
            self.issues.add(
                Code.CELL_IMPLAUSIBLE,
                column.name,
                self.rows.rows[at],
                text=f"{Code.CELL_IMPLAUSIBLE}.{text}",
                value=KINDS[column.kind].text(value),
                period=str(quarter),
            )

    def _check_names(self, column: ColumnDef) -> None:
        """A name that is nobody's, but nearly that of one of the team."""
        own = tuple(self.people.teams.get(fold(self.submission.team), ()))
        values = self.rows.columns[column.name]
        texts = {value for value in values if isinstance(value, str)}
        names = {name for value in texts for name in value.split(SEPARATOR)} if own else set()
        strange = {name for name in names if fold(name) not in self.people.known}
        likely = {name: found for name in strange if (found := near_person(name, own))}
        for at, value in enumerate(values) if likely else ():
            for name in value.split(SEPARATOR) if isinstance(value, str) else ():
                if name in likely:
                    self.issues.add(
                        Code.REFERENCE_NEAR,
                        column.name,
                        self.rows.rows[at],
                        text=f"{Code.REFERENCE_NEAR}.person",
                        value=name,
                        suggestion=likely[name],
                    )


def _ends(value: object) -> tuple[date | None, date | None]:
    if isinstance(value, date):
        return value, value
    return (span_start(value), span_end(value)) if isinstance(value, str) else (None, None)


def _grouped(text: str, unit: str) -> str:
    """A number with its thousands apart and its unit behind it; a percentage or ratio as it is."""
    whole, point, rest = text.partition(".")
    if not whole.lstrip("-").isdigit():
        return text
    return f"{int(whole):,}{point}{rest}{f' {unit}' if unit else ''}"
