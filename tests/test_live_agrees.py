"""What the sheet calls ✔ the desk accepts: hundreds of values, typed and pasted, in every kind."""

from __future__ import annotations

import re
import tomllib
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from blank_books import FIRST, TEAM, generated, header_columns, opened, settings
from conftest import Office

from xltools.check.check_files import check
from xltools.check.reading_plan import ReadingPlan
from xltools.definition import load_catalog
from xltools.excel.package.workbook_package import Package
from xltools.excel.writing.serial_values import serial_number
from xltools.generate.draw.sheet_part import Part
from xltools.ground.cells import CellRef
from xltools.issues import Severity

FORMS = tomllib.loads((Path(__file__).parent / "kinds_forms.toml").read_text("utf-8"))
TYPED_TOO = [
    *("3月底", "2025-02-30", "1:4", "1:abc", "1:", ":", "8月中", "2024-13", "7月32", "下季度"),
    *("93", "93%", "9300%", "%", "5%%", "-5%", "1,23", "1e3", "45 家", "家", "家45", "45家以上"),
    *("2024-07-10/2024-07-01", "2024-07-10-09", "2024-07-10至12", "2024-07-10~2024-07-12"),
    *("2024.07.10", "2024/7/10", "2024/07/10", "7月10日-7月12日", "7月10日-12日", "7-9月"),
    *("2024年7月", "2024年第三季度", "三季度", "2024Q1-Q4", "2024q3", "q3", "2024-7", "2024.7"),
    *("1899-01-01", "2150-01-01", "2024-07-10 08:00", "2024-July-10", "Jul-2024", "　", "。", "?"),
    *("#NAME?", " #REF! ", "Err:502", "#URGENT!", "见#N/A"),
    *("张*", "Zhang Wei", "王芳（主管）", "王芳,李娜", "5", "TBD", "——", "暂无", "none", "N/A"),
]
NUMBERS = [
    *(0, 1, -1, 0.5, 0.93, 2, 5, 9.9, 10, 10.5, 93, 100, -93, 1e15, 1e-4, 3.5, 45110, 45110.5),
    *(2024, 2024.1, 202406, 20240703, 32 / 720, 64 / 1440, 67.7 / 86400, 0.05),
]
MOMENTS = [date(2024, 3, 4), date(1900, 2, 14), datetime(2024, 7, 3, 12), date(2024, 7, 3)]
TIMES = [time(1, 4), time(0, 1, 7, 700000), time(2, 15), time(0, 6)]
FORMATS = {"general": 0, "percent": 9, "date": 14, "time": 20, "moment": 22, "digits": 2}
UNITS = {"measure": ("%", "1:X", "家", ""), "number": ("家", "万元")}
KINDS = ("text", "number", "integer", "percent", "ratio", "measure", "date", "span", "person")
KINDS += ("people", "choice", "reference")
# Days that no calendar has, written in Chinese: a formula would need the whole grammar of dates.
# A date's number in a cell formatted as text, which no formula can tell from a date.
LEFT_TO_THE_DESK = re.compile(r"'[0-9.年月日号至~/-]+[日号月]' $|^45110[.05]+ $")


def sheets() -> list[dict[str, Any]]:
    """A sheet for every kind, and one for each unit that changes how a kind is read."""
    found = []
    for kind in KINDS:
        for number, unit in enumerate(UNITS.get(kind, ("",))):
            more: dict[str, Any] = {"unit": unit} if unit and kind == "number" else {}
            if kind == "measure":
                more = {"unit_from": "unit"}
            if kind == "choice":
                more = {"choices": "grade"}
            if kind == "reference":
                more = {"reference": "text0.name"}
            found.append(
                {
                    "name": f"{kind}{number}",
                    "title": {"zh": f"{kind}{number}", "en": f"{kind}{number}"},
                    "about": {"zh": "一", "en": "a"},
                    "columns": [
                        {"name": "name", "label": label("名称"), "kind": "text", "required": True},
                        {"name": "unit", "label": label("单位"), "kind": "text"},
                        {
                            "name": "value",
                            "label": label("内容"),
                            "kind": kind,
                            "required": True,
                            **more,
                        },
                    ],
                }
            )
    return found


def label(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


def values() -> list[tuple[object, str]]:
    """Each value with the number format of its cell; "" is the form's own."""
    raws = [cell["raw"] for form in FORMS["form"] for cell in form["cells"] if "raw" in cell]
    texts = [raw for raw in raws if isinstance(raw, str) and len(raw) < 60 and raw.strip(" \r\n\t")]
    numbers = [float(raw) for raw in raws if type(raw) in (int, float)]
    found: list[tuple[object, str]] = [(text, "") for text in dict.fromkeys(texts + TYPED_TOO)]
    for number in dict.fromkeys([*numbers, *map(float, NUMBERS)]):
        found += [(number, how) for how in ("", "general", "percent", "digits")]
    found += [(one, "moment" if isinstance(one, datetime) else "date") for one in MOMENTS]
    found += [(one, "time") for one in TIMES]
    return [*found, (True, "")]


def as_number(value: object) -> object:
    if isinstance(value, time):
        return (value.hour * 60 + value.minute + (value.second + value.microsecond / 1e6) / 60) / (
            24 * 60
        )
    return serial_number(value) if isinstance(value, date) else value


@pytest.fixture(scope="module")
def judged(office: Office, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, ...]]:
    """Sheet, value, what the sheet said of its row, the errors of `check`."""
    import json

    folder = tmp_path_factory.mktemp("kinds")
    definition = {
        "name": "kinds",
        "version": 1,
        "title": label("种类"),
        "about": label("种类"),
        "lists": {"grade": {"high": label("高"), "medium": label("中"), "low": label("低")}},
        "sheets": sheets(),
    }
    (folder / "kinds.toml").write_text(_toml(definition, json.dumps), "utf-8")
    catalog = load_catalog(folder)
    tried = values()
    content = generated("kinds", of=catalog, capacity=len(tried) + 1)
    path = folder / "typed.xlsx"
    path.write_bytes(_filled(content, catalog["kinds"].sheets, tried))
    [after] = office.recalculated([path])
    [found] = check([after], ReadingPlan(catalog, settings()), workers=1)
    assert found.team == TEAM
    wrong: dict[tuple[str, int], list[str]] = {}
    for one in found.issues:
        if one.severity is Severity.ERROR and one.cell:
            wrong.setdefault((one.sheet, CellRef.parse(one.cell).row), []).append(
                f"{one.code} {one.text}"
            )
    book = opened(after)
    return [
        (
            sheet.name,
            f"{value!r} {how}",
            str(book[sheet.name][f"A{FIRST + at}"].value),
            " ".join(wrong.get((sheet.name, FIRST + at), [])),
        )
        for sheet in catalog["kinds"].sheets
        for at, (value, how) in enumerate(tried)
    ]


def _toml(definition: dict[str, Any], dumped: Any) -> str:
    """TOML's inline tables, as far as this definition needs them."""

    def written(value: object) -> str:
        if isinstance(value, dict):
            return "{" + ", ".join(f"{k} = {written(v)}" for k, v in value.items()) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(map(written, value)) + "]"
        return str(dumped(value, ensure_ascii=False))

    return "\n".join(f"{key} = {written(value)}" for key, value in definition.items())


def _filled(content: bytes, of: Any, tried: list[tuple[object, str]]) -> bytes:
    package = Package(content)
    styles = package.text("xl/styles.xml")
    head, _, rest = styles.partition("</cellXfs>")
    count = int(re.findall(r'<cellXfs count="(\d+)"', head)[0])
    numbered = {how: count + at for at, how in enumerate(FORMATS)}
    more = "".join(
        f'<xf numFmtId="{number}" fontId="0" fillId="0" borderId="0" xfId="0"'
        ' applyNumberFormat="1" applyProtection="1"><protection locked="0"/></xf>'
        for number in FORMATS.values()
    )
    package.replace("xl/styles.xml", f"{head}{more}</cellXfs>{rest}")
    columns = header_columns(opened(content)[of[0].name])
    units = [unit for kind in KINDS for unit in UNITS.get(kind, ("",))]
    for number, unit in enumerate(units, 2):
        cells: dict[CellRef, object] = {}
        looks: dict[CellRef, int] = {}
        for at, (value, how) in enumerate(tried):
            row = FIRST + at
            cells[CellRef.parse(f"{columns['name']}{row}")] = f"甲{at}"
            if unit:
                cells[CellRef.parse(f"{columns['unit']}{row}")] = unit
            place = CellRef.parse(f"{columns['value']}{row}")
            cells[place] = as_number(value)
            if how:
                looks[place] = numbered[how]
        name = f"xl/worksheets/sheet{number}.xml"
        package.replace(name, Part(package.text(name)).stamped(cells, looks))
    return package.save()


def test_no_tick_that_the_desk_refuses(judged: list[tuple[str, ...]]) -> None:
    assert len(judged) > 6000
    assert {said[:1] for _, _, said, _ in judged} >= {"✔", "✖"}
    ticked = [one for one in judged if one[2].startswith("✔") and one[3]]
    assert ticked == []


def test_what_the_sheet_calls_readable_is_read(judged: list[tuple[str, ...]]) -> None:
    """▲ says that a row can be sent."""
    told = [one for one in judged if one[2].startswith("▲") and one[3]]
    assert [one for one in told if not LEFT_TO_THE_DESK.search(one[1])] == []


def test_plain_values_are_ticked(judged: list[tuple[str, ...]]) -> None:
    """A live check that refuses everything would agree, too."""
    said = {(sheet, value): mark for sheet, value, mark, _ in judged}
    for sheet, value in (
        ("number0", "45.0 general"),
        ("integer0", "45.0 "),
        ("percent0", "0.93 "),
        ("percent0", "0.5 general"),
        ("ratio0", "'1:7.7' "),
        ("ratio0", "7.7 "),
        ("measure0", "0.93 percent"),
        ("measure1", "'1:7.7' "),
        ("measure2", "45.0 "),
        ("measure3", "45.0 "),
        ("date0", "datetime.date(2024, 7, 3) date"),
        ("span0", "'2024Q3' "),
        ("span0", "'2024年第三季度' "),
        ("span0", "'2024-07-10~2024-07-12' "),
        ("span0", "'2023-07-10-12' "),
        ("span0", "'2023-07-03' "),
        ("person0", "'张*' "),
        ("person0", "'Zhang Wei' "),
        ("people0", "'张、赵' "),
        ("choice0", "'高' "),
        ("text0", "'#URGENT!' "),
        ("text0", "'见#N/A' "),
    ):
        assert said[sheet, value] == "✔", (sheet, value)
    assert said["number0", "'45家' "].startswith("▲")
    assert said["percent0", "'90%' "].startswith("▲")
