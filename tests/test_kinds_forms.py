"""Every form listed in kinds_forms.toml is read, logged or refused exactly as it says there."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from xltools.excel.reading.cells.format_codes import digest
from xltools.issues import Code, severity_of
from xltools.kinds import KINDS, Parsed, Setting
from xltools.kinds.cell_reading import Fault
from xltools.kinds.display_format import RichText
from xltools.locale import LANGUAGES, knows, say

FORMS = tomllib.loads((Path(__file__).parent / "kinds_forms.toml").read_text(encoding="utf-8"))
CELLS = [(form["kind"], cell) for form in FORMS["form"] for cell in form["cells"]]


def setting(cell: dict[str, Any]) -> Setting:
    return Setting(
        unit=cell.get("unit", ""),
        year=cell.get("year", FORMS["year"]) or None,
        labels=FORMS["labels"],
        choice_labels=("高", "中", "低"),
    )


def told(cell: dict[str, Any]) -> tuple[Code | None, str, str]:
    """Code, sentence and suggestion that a listed form must yield."""
    if "refused" in cell:
        code = Code.CELL_CHOICE if cell["refused"] == "not_a_choice" else Code.CELL_KIND
        return code, f"kinds.{cell['refused']}", cell.get("suggestion", "")
    if "logged" in cell:
        return Code.CELL_NORMALISED, f"kinds.{cell['logged']}", ""
    return None, "", ""


def severity(cell: dict[str, Any]) -> list[str]:
    """How serious what is told must be: a note is for what cannot be misread."""
    if "refused" in cell:
        return ["error"]
    return [cell.get("severity", "info")] if "logged" in cell else []


def summary(faults: list[Fault]) -> tuple[Code | None, str, str]:
    assert len(faults) < 2
    if not faults:
        return None, "", ""
    return faults[0].code, faults[0].text, faults[0].suggestion


def parse(kind: str, cell: dict[str, Any]) -> Parsed:
    """The listed cell as a column of its own; ``runs`` are (words, struck out, raised)."""
    raw = RichText.of([tuple(run) for run in cell["runs"]]) if "runs" in cell else cell["raw"]
    told = digest(cell["format"]) if "format" in cell else None
    return KINDS[kind].parse(
        [raw],
        setting(cell),
        percent={0} if cell.get("percent") else set(),
        formats={0: told} if told else {},
    )


NAMES = [
    "-".join([k, repr(c.get("raw", c.get("runs"))), *([c["format"]] if "format" in c else [])])
    for k, c in CELLS
]


@pytest.mark.parametrize(("kind", "cell"), CELLS, ids=NAMES)
def test_form(kind: str, cell: dict[str, Any]) -> None:
    parsed = parse(kind, cell)
    assert parsed.values == [cell.get("reads")]
    assert type(parsed.values[0]) is type(cell.get("reads"))
    assert summary(parsed.faults) == told(cell)
    assert [str(one.severity or severity_of(one.code)) for one in parsed.faults] == severity(cell)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_fault_has_a_sentence_that_its_details_fill(lang: str) -> None:
    for kind, cell in CELLS:
        for fault in parse(kind, cell).faults:
            sentence = say(fault.text, lang, **fault.details)
            assert "{" not in sentence
            assert fault.value


def test_every_kind_is_listed_with_a_form() -> None:
    assert {kind for kind, _ in CELLS} == set(KINDS)


def test_every_sentence_of_a_refusal_is_shown_by_a_form() -> None:
    source = "".join(
        path.read_text(encoding="utf-8")
        for path in (Path(__file__).parent.parent / "xltools" / "kinds").rglob("*.py")
    )
    shown = {cell.get("refused") or cell.get("logged") for _, cell in CELLS}
    for key in sorted({part.split('"')[0] for part in source.split('"kinds.')[1:]}):
        if "{" in key or key.startswith("rule_"):
            continue
        assert knows(f"kinds.{key}"), key
        assert key in shown, key
