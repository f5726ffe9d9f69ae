"""Every formula of the evaluation workbook gives its stored value, also after changes."""

from __future__ import annotations

import shutil
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import Office
from live import Cells, by_ironcalc, differing, formulas, stored
from quarter import TEAMS, before, computed, known_teams, outcome, plan_rows, quarter, source_rows
from shown import FOLDED

from xltools.consolidate.combine.consolidation import Consolidation
from xltools.evaluate import evaluate
from xltools.excel.printing.pdf import to_pdf

EAST, SOUTH, MARKET, ODD = TEAMS
ALL = {**source_rows(), **plan_rows()}
Build = Callable[[], Consolidation]
SNAPSHOT = "_figures"  # what the report said when it was made: values, which no change reaches


def of(*names: str) -> Build:
    """Only the rows of some definitions."""
    return lambda: quarter({key: rows for key, rows in ALL.items() if key[0] in names})


def outcomes(*rows: dict[str, Any]) -> Build:
    return lambda: quarter({("expansion", "outcome"): rows})


def many(count: int) -> Build:
    """Every team of the samples, again and again under other names."""

    def built() -> Consolidation:
        rows = {
            key: [
                {**row, "team": f"{row['team']}{number}"}
                for number in range(count)
                for row in given
            ]
            for key, given in ALL.items()
        }
        return quarter(rows)

    return built


def nothing_but_blanks() -> Consolidation:
    return quarter({key: [{"team": EAST}] for key in ALL})


def zeros() -> Consolidation:
    return quarter(
        {
            ("expansion", "outcome"): [
                outcome(EAST, "销售额", 0, 0),
                outcome(EAST, "新增客户数", -5, 3),
                outcome(EAST, "销售周期", 10, 0),
                outcome(EAST, "x", None, None),
            ],
            ("expansion", "stages"): [
                {"team": EAST, "metric": "销售额", "target_1": 0, "actual_1": 0}
            ],
            ("expansion", "spending"): [
                {"team": EAST, "channel": "c", "class": "marketing", "amount": 0, "revenue": 0}
            ],
            ("plan", "incentives"): [
                {"team": EAST, "member": "m", "sales_target": 0, "actual": 0, "base_rate": 0.1}
            ],
            ("plan", "customers"): [{"team": EAST, "customer": "c", "annual_revenue": 0}],
            ("plan", "breakdown"): [
                {"team": EAST, "code": "G", "parent": "G", "metric": "销售额", "annual_target": 0}
            ],
        }
    )


def huge() -> Consolidation:
    rows = [("=1+1", 1e14), ("*?~", 1e14), ('"', 1e-9)]
    return quarter(
        {
            ("expansion", "outcome"): [
                outcome(EAST, "销售额", 1e15, 3e15),
                outcome("\"'西🚀", '"', 1e-9, 1e-12),
            ],
            ("plan", "customers"): [
                {"team": EAST, "customer": name, "annual_revenue": revenue}
                for name, revenue in rows
            ],
        }
    )


CASES: dict[str, Build] = {
    "everything": lambda: quarter(ALL, teams=known_teams(*TEAMS, "西"), missing=[("西", "goals")]),
    "nothing": lambda: quarter({}),
    "goals": of("goals"),
    "expansion": of("expansion"),
    "plan": of("plan"),
    "blanks": nothing_but_blanks,
    "zeros": zeros,
    "huge": huge,
    "ties": outcomes(*(outcome(team, "销售额", 100, 90, unit="万元") for team in "甲乙丙")),
    "on target": outcomes(outcome(EAST, "销售额", 100, 100), outcome(SOUTH, "a", 1, 1, weight=0)),
    "below": outcomes(
        outcome(EAST, "销售额", 100, 5), outcome(EAST, "客户拜访量", 9, 1, dimension="process")
    ),
}


def written(name: str, folder: Path, lang: str = "zh") -> Path:
    """The workbook of one case, this quarter beside the one before."""
    path = folder / f"{name}-{lang}.xlsx"
    evaluate(CASES[name](), path, previous=[before()], lang=lang, force=True)
    return path


@pytest.mark.parametrize("name", CASES)
def test_formulas_give_their_stored_values(name: str, tmp_path: Path) -> None:
    path = written(name, tmp_path)
    cells, values = formulas(path), stored(path)
    assert len(cells) > 10
    assert differing(values, by_ironcalc(path, cells), cells) == []
    assert not [cell for cell, value in values.items() if str(value).endswith(("!", "?", "#N/A"))]


def test_formulas_give_their_stored_values_in_english(tmp_path: Path) -> None:
    path = written("everything", tmp_path, "en")
    cells = formulas(path)
    assert differing(stored(path), by_ironcalc(path, cells), cells) == []


def test_libreoffice_agrees_with_every_stored_value(office: Office, tmp_path: Path) -> None:
    paths = [written(name, tmp_path) for name in CASES]
    paths.append(written("everything", tmp_path, "en"))
    forty = tmp_path / "forty.xlsx"
    evaluate(many(10)(), forty)
    paths.append(forty)
    for path, again in zip(paths, office.recalculated(paths), strict=True):
        cells = formulas(path)
        assert differing(stored(path), stored(again), cells) == [], path.name
        if path.stem == "everything-zh":
            assert rewritten(cells, formulas(again)) == []


def rewritten(cells: dict[tuple[str, str], str], again: dict[tuple[str, str], str]) -> list[str]:
    """Formulas of data sheets that LibreOffice writes in other words: these open slowly."""
    return [
        f"{title}!{cell}: {formula} became {again.get((title, cell))}"
        for (title, cell), formula in cells.items()
        if title.startswith("数据_") and "HYPERLINK(" not in formula
        if formula != again.get((title, cell))
    ]


def changed(whole: Consolidation) -> Consolidation:
    """Another target, another actual, another weight and another threshold."""
    tables = {key: table.copy() for key, table in whole.tables.items()}
    for key, row, column, value in CHANGES:
        tables[key].loc[row, column] = value
    settings = whole.settings
    settings.parameters.update(PARAMETERS)
    return computed(replace(whole, tables=tables))


CHANGES: Sequence[tuple[tuple[str, str], int, str, float]] = (
    (("expansion", "outcome"), 0, "actual", 20.0),  # east: new customers far below target
    (("expansion", "outcome"), 6, "target", 120.0),  # south: sales now above target
    (("expansion", "outcome"), 5, "weight", 0.9),
    (("goals", "review"), 0, "actual", 1100.0),
    (("goals", "progress"), 1, "actual", 1.0),  # the white paper is complete
    (("expansion", "spending"), 0, "revenue", 350.0),
    (("plan", "incentives"), 2, "actual", 90.0),
    (("plan", "budget"), 0, "amount", 20.0),
    (("plan", "customers"), 3, "annual_revenue", 90.0),
    (("plan", "metrics"), 2, "actual", 260.0),
    (("plan", "diagnosis"), 1, "score", 5.0),
    (("expansion", "stages"), 1, "actual_3", 20.0),
)
PARAMETERS = {"on_target": 0.95, "at_risk": 0.85, "traceback_floor": 0.5, "abc_a": 0.5}
AS_OF = date(2024, 10, 9)


def edited(path: Path, copy: Path) -> Path:
    """The same workbook with the changed cells typed over, as a user would."""
    shutil.copyfile(path, copy)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(copy)
    names = book.defined_names
    for (definition, sheet), row, column, value in CHANGES:
        title, cell = place(book, definition, sheet, column, row)
        book[title][cell] = value
    for name, value in {**PARAMETERS, "as_of": AS_OF}.items():
        title, cell = names[f"p_{name}"].attr_text.rsplit("!", 1)
        book[title.strip("'")][cell.replace("$", "")] = value
    book.save(copy)
    return copy


def test_a_text_typed_over_a_day_spoils_no_figure(office: Office, tmp_path: Path) -> None:
    """Of several conditions programs compute all, also those that make no sense then."""
    path = written("plan", tmp_path)
    book = openpyxl.load_workbook(path)
    title, cell = place(book, "plan", "metrics", "as_of", 0)
    book[title][cell] = "soon"
    book.save(path)
    [after] = office.recalculated([path])
    spoilt = openpyxl.load_workbook(after, data_only=True)
    assert [
        cell for sheet in spoilt for row in sheet for cell in row if cell.value == "#VALUE!"
    ] == []


def place(book: Any, definition: str, sheet: str, column: str, row: int) -> tuple[str, str]:
    """A data cell, by the header of its column."""
    whole = quarter({})
    declared = whole.catalog[definition].sheet(sheet)
    page = book[f"数据_{declared.title.zh}"]
    label = declared.column(column).label.zh
    header = next(cell for cell in page[2] if str(cell.value).split(" (")[0] == label)
    return page.title, f"{header.column_letter}{3 + row}"


def shown(path: Path, values: Cells) -> dict[str, Counter[tuple[Any, ...]]]:
    """Every page's rows, order aside; numbers to nine places.

    How many lines of a list are folded is told as of when the page was made.
    """
    pages: dict[str, dict[int, list[Any]]] = {}
    for (title, cell), value in values.items():
        if not (title.startswith(("数据_", SNAPSHOT)) or FOLDED.fullmatch(str(value))):
            number = int("".join(sign for sign in cell if sign.isdigit()))
            rounded = round(value, 9) if isinstance(value, float) else value
            pages.setdefault(title, {}).setdefault(number, []).append(rounded)
    assert len(pages) == 15, path
    return {title: Counter(tuple(row) for row in rows.values()) for title, rows in pages.items()}


def test_changes_in_the_workbook_reach_every_page(office: Office, tmp_path: Path) -> None:
    """What LibreOffice makes of the edited workbook is what pandas makes of the changed rows."""
    first = tmp_path / "first.xlsx"
    evaluate(quarter(ALL), first)
    target = tmp_path / "changed.xlsx"
    evaluate(changed(quarter(ALL)), target, as_of=AS_OF)
    [again] = office.recalculated([edited(first, tmp_path / "edited.xlsx")])
    expected, found = shown(target, stored(target)), shown(again, stored(again))
    unchanged = shown(first, stored(first))
    for title, rows in expected.items():
        assert rows - found[title] == Counter(), title
        assert found[title] - rows == Counter(), title
    moved = {title for title in expected if unchanged[title] != expected[title]}
    assert len(moved) >= 12, moved


def test_pdf_holds_the_pages_and_no_data(office: Office, tmp_path: Path) -> None:
    path = written("everything", tmp_path)
    made = path.with_suffix(".pdf")
    to_pdf({path: made})
    count = made.read_bytes().count(b"/Type/Page/")
    assert 14 <= count <= 20
