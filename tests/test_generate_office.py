"""Generated workbooks in a real spreadsheet program: recalculated, typed into, saved again."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from blank_books import (
    FIRST,
    TEAM,
    catalog,
    changed,
    generated,
    header_columns,
    opened,
    settings,
    typed,
)
from conftest import Office
from live import by_ironcalc, differing, formulas, spelled_out, stored

from xltools.check.check_files import check
from xltools.check.reading_plan import ReadingPlan
from xltools.check.submission import Submission
from xltools.excel.package.workbook_package import Package
from xltools.generate.layout.form_layout import KEY_ROW
from xltools.ground.cells import CellRef, column_letters
from xltools.issues import Code, Severity

NAMES = [definition.name for definition in catalog()]


def saved(folder: Path, name: str, content: bytes) -> Path:
    path = folder / f"{name}.xlsx"
    path.write_bytes(content)
    return path


def checked(*paths: Path) -> list[Submission]:
    return list(check(paths, ReadingPlan(catalog(), settings()), workers=1))


def test_no_cached_value_changes(office: Office, tmp_path: Path) -> None:
    """Every formula shows what a spreadsheet computes: in blank sheets, filled ones, bad ones."""
    paths = [
        saved(tmp_path, f"{name}-{lang}-{kind}", generated(name, lang=lang, rows=rows))
        for name in NAMES
        for lang in ("zh", "en")
        for kind, rows in (("begun", None), ("examples", examples(name, lang)), ("bad", bad(name)))
        if not (name == "settings" and kind != "begun")
    ]
    pairs = zip(paths, office.recalculated(paths), strict=True)
    assert [(before.name, *one) for before, after in pairs for one in changed(before, after)] == []


def test_a_form_stays_small_whoever_saves_it(office: Office, tmp_path: Path) -> None:
    """Other programs write what is filled down in every row: long formulas stand there by name."""
    paths = [
        saved(tmp_path, one.name, generated(one.name, capacity=None))
        for one in catalog().team_definitions
    ]
    by_openpyxl = [tmp_path / f"openpyxl-{path.name}" for path in paths]
    for path, target in zip(paths, by_openpyxl, strict=True):
        opened(path, values=False).save(target)
    for others in (office.recalculated(paths), by_openpyxl):
        for path, other in zip(paths, others, strict=True):
            assert other.stat().st_size <= 1.5 * path.stat().st_size, other
            with zipfile.ZipFile(other) as archive:
                assert sum(part.file_size for part in archive.infolist()) <= 1_200_000, other


def examples(name: str, lang: str) -> dict[str, list[dict[str, object]]]:
    """Two rows of a definition's own examples, as far as they are values."""
    rows: dict[str, list[dict[str, object]]] = {}
    for sheet in catalog()[name].sheets:
        row: dict[str, object] = {}
        for column in sheet.columns:
            example = column.example
            value = example[lang] if hasattr(example, "zh") else example
            if column.kind == "date" and isinstance(value, str):
                value = date.fromisoformat(value)
            if column.typed and value is not None:
                row[column.name] = value
        rows[sheet.name] = [row, dict(row)]
    return rows


def bad(name: str) -> dict[str, list[dict[str, object]]]:
    """Rows of what people mistype: texts for numbers, unknown choices, lone cells, bad dates."""
    mistyped: dict[str, list[object]] = {
        "number": ["45家", "很多", -5, 0, "约45"],
        "integer": [3.5, "三", 9, "很高", 2],
        "percent": ["完成60%", 0.5, 1.5, "一半", -0.1],
        "ratio": ["1:7.7", 4.2, "七", 0, 3],
        "measure": ["12%", 100, "1:3", "无", 0],
        "date": ["2024年7月3日", date(2024, 7, 1), "下周", date(2024, 6, 1), None],
        "span": ["2024Q3", "随时", None, "2024-07-10/2024-07-12", "x"],
        "person": ["张伟", "张伟、李娜", None, "王芳", "李娜"],
        "choice": ["高", "最高", None, "每周", "Weekly"],
        "text": ["甲", None, "甲", "完成 12 家", "%"],
    }
    return {
        sheet.name: [
            {
                column.name: mistyped.get(column.kind, mistyped["text"])[(row + place) % 5]
                for place, column in enumerate(sheet.columns)
                if column.typed
            }
            for row in range(5)
        ]
        for sheet in catalog()[name].sheets
    }


FAULTY = {
    # What a team types into a row, cell by cell, and what is wrong with it.
    "task": "白皮书",
    "goal": "没有这个目标",
    "owner": None,
    "start": date(2024, 8, 1),
    "end": date(2024, 7, 1),
    "deliverable": "大家满意",
    "budget": -3,
    "cadence": "每年",
}
GOOD = {
    "task": "研讨会",
    "goal": "线索1000条",
    "owner": "李娜",
    "start": date(2024, 7, 1),
    "end": date(2024, 7, 20),
    "deliverable": "到场80人",
    "budget": 2,
    "cadence": "每周",
}
GOAL = {
    "sales_goal": "全年新增销售额",
    "supporting_goal": "线索1000条",
    "priority": "高",
    "due": "2024Q3",
    "owner": "张伟",
}
WORDS = {
    Code.CELL_REQUIRED: "缺必填",
    Code.CELL_CHOICE: "不在选项",
    Code.CELL_RANGE: "超出范围",
    Code.REFERENCE_MISSING: "找不到",
    Code.ROW_RULE: "不合要求",
    Code.ROW_DUPLICATE: "重复",
    Code.CELL_KIND: "格式不对",
}


def filled_goals() -> bytes:
    """A blank workbook as a team lead leaves it: one good goal, a faulty task and a good one."""
    content = generated("goals")
    book = opened(content)
    cells: dict[int, dict[str, object]] = {}
    for number, title, rows in ((2, "目标对齐", [GOAL]), (3, "任务分解", [FAULTY, GOOD])):
        columns = header_columns(book[title])
        cells[number] = {
            f"{columns[name]}{FIRST + index}": value
            for index, row in enumerate(rows)
            for name, value in row.items()
            if value is not None
        }
    return typed(content, cells)


def test_the_sheet_says_what_check_says(office: Office, tmp_path: Path) -> None:
    """Red cells, check column, strip and cover of a filled sheet agree with `check`."""
    path = saved(tmp_path, "filled", filled_goals())
    [after] = office.recalculated([path])
    [page_shown] = office.convert([path], "html", tmp_path / "html")
    book = opened(after)
    page, columns = book["任务分解"], header_columns(book["任务分解"])
    [found] = checked(after)
    errors = [one for one in found.issues if one.severity is Severity.ERROR]
    assert {one.cell[1:] or "" for one in errors} == {str(FIRST)}
    assert {one.code for one in errors} >= {
        Code.CELL_REQUIRED,
        Code.CELL_CHOICE,
        Code.CELL_RANGE,
        Code.REFERENCE_MISSING,
        Code.ROW_RULE,
    }
    # The check column names the first of them, in the order of the columns.
    order = list(columns)
    first = min(
        (one for one in errors if one.code is not Code.ROW_RULE),
        key=lambda one: order.index(one.column),
    )
    label = catalog()["goals"].sheet("tasks").column(first.column).label["zh"]
    assert page[f"A{FIRST}"].value == f"✖ {WORDS[first.code]} · {label}"
    assert page[f"A{FIRST + 1}"].value == "✔"
    assert page["A3"].value == f"✖ 1 行待修正 · {WORDS[first.code]} 1（共 2 行）"
    assert f"第 {FIRST} 行 “{label}”" in page["A4"].value
    assert [book["填写说明"][cell].value for cell in ("D10", "E10", "F5")] == [
        2,
        1,
        "✖ 1 行待修正",
    ]
    # Red where a fault stands, and nowhere else; a rule about two dates reddens both.
    red = set(coloured(page_shown, "任务分解", "#FDE3E1"))
    wrong = {one.cell for one in errors} | {f"{columns['start']}{FIRST}"}
    strip = {f"{column_letters(number)}3" for number in range(1, 12)}
    assert red == wrong | strip | {f"A{FIRST}"}
    # Mended, everything turns green.
    mended = {
        f"{columns[name]}{FIRST}": value for name, value in (GOOD | {"task": "白皮书"}).items()
    }
    [after] = office.recalculated([saved(tmp_path, "mended", typed(filled_goals(), {3: mended}))])
    assert opened(after)["任务分解"]["A3"].value == "✔ 检查通过，可以提交（共 2 行）"
    assert [one for one in checked(after)[0].issues if one.severity is Severity.ERROR] == []


def coloured(page: Path, title: str, colour: str) -> Iterator[str]:
    """The cells of a sheet that LibreOffice shows in a colour, conditional formats applied.

    Hidden rows, of which there is one, are left out of the page.
    """
    text = page.read_text("utf-8")
    start = text.index(f"<em>{title}</em></h1></A>")
    table = text[start : text.index("</table>", start)]
    below: dict[tuple[int, int], bool] = {}
    for row, line in enumerate(re.findall(r"<tr.*?</tr>", table, re.DOTALL), 1):
        column = 1
        for attributes in re.findall(r"<td([^>]*)>", line):
            while below.get((row, column)):
                column += 1
            width = int((re.findall(r"colspan=(\d+)", attributes) or [1])[0])
            if colour in attributes.upper():
                yield str(CellRef(row if row < KEY_ROW else row + 1, column))
            column += width


def test_a_round_trip_through_another_program_loses_nothing(office: Office, tmp_path: Path) -> None:
    """Saved by another program, also through its own format: still known, guarded and read."""
    before = saved(tmp_path, "before", filled_goals())
    [again] = office.recalculated([before])
    [ods] = office.convert([before], "ods", tmp_path / "ods")
    [through] = office.convert([ods], "xlsx", tmp_path / "through")
    was, *others = checked(before, again, through)
    for found in others:
        assert (found.template, found.team, found.period, found.version, found.identified) == (
            "goals",
            TEAM,
            "2024Q3",
            1,
            True,
        )
        assert told(found) == told(was)
        assert found.row_counts == was.row_counts
    book = opened(before, values=False)
    guarded = {title: guards(book[title]) for title in ("任务分解", "进度跟踪")}
    for path in (again, through):
        book = opened(path, values=False)
        for title, guard in guarded.items():
            assert guards(book[title]) == guard, (path, title)
        assert opened(path)["任务分解"]["A10"].value == opened(again)["任务分解"]["A10"].value


def told(found: Submission) -> list[tuple[object, ...]]:
    return sorted((str(one.code), one.cell, one.column, one.value) for one in found.issues)


def guards(page: Any) -> tuple[set[tuple[str, str]], set[str]]:
    """The cells with a rule and a prompt, and those with a live colour."""
    rules = {
        (place.coord.split(":")[0], rule.type or "none")
        for rule in page.data_validations.dataValidation
        for place in rule.sqref.ranges
        if rule.prompt
    }
    colours = {
        place.coord.split(":")[0]
        for group in page.conditional_formatting
        for place in group.sqref.ranges
    }
    return rules, colours


WILD = {
    "alignment": [GOAL, {**GOAL, "supporting_goal": "甲*"}, {**GOAL, "supporting_goal": "甲乙"}],
    "tasks": [
        {**GOOD, "task": f"任务{number}", **changes}
        for number, changes in enumerate(
            (
                {"goal": "*"},
                {"goal": "线索?000条"},
                {"goal": "甲*"},
                {"goal": "甲~*"},
                {"cadence": "*"},
                {"cadence": "每~周"},
                {"cadence": " 每周 "},
            )
        )
    ],
}
WILD_CHECKS = [
    *("✖ 找不到 · 关联市场目标",) * 2,
    "✔",
    "✖ 找不到 · 关联市场目标",
    *("✖ 不在选项 · 跟踪频率",) * 2,
    "✔",
]


def test_stars_and_tildes_are_no_wildcards(office: Office, tmp_path: Path) -> None:
    """``*`` is no name of every goal: shown so at first, by two programs, and said by `check`."""
    path = saved(tmp_path, "wild", generated("goals", rows=WILD))
    [after] = office.recalculated([path])
    for one in (path, after):
        page = opened(one)["任务分解"]
        assert [page[f"A{FIRST + at}"].value for at in range(len(WILD_CHECKS))] == WILD_CHECKS
        goals = opened(one)["目标对齐"]
        assert [goals[f"A{FIRST + at}"].value for at in range(3)] == ["✔"] * 3
    told = ("目标对齐", "任务分解")
    cells = {place: text for place, text in formulas(path).items() if place[0] in told}
    shown = by_ironcalc(spelled_out(path, tmp_path / "spelled out.xlsx", FIRST), cells)
    assert differing(stored(path), shown, cells) == []
    [found] = checked(path)
    faulty = {one.cell for one in found.issues if one.severity is Severity.ERROR}
    wrong = [FIRST + at for at, text in enumerate(WILD_CHECKS) if text != "✔"]
    assert sorted(int(cell[1:]) for cell in faulty) == wrong


def test_an_error_value_is_named_and_spoils_no_other_row(office: Office, tmp_path: Path) -> None:
    """#N/A, which no formula can look into, stands in one cell of a column of unique names."""
    goals = [GOAL, {**GOAL, "supporting_goal": "错误在此"}, {**GOAL, "supporting_goal": "口碑"}]
    tasks = [GOOD, {**GOOD, "task": "白皮书", "goal": "没有"}]
    package = Package(generated("goals", rows={"alignment": goals, "tasks": tasks}))
    part = "xl/worksheets/sheet2.xml"
    text = package.text(part)
    found = re.search(r't="inlineStr"><is><t>错误在此</t></is>', text)
    assert found
    package.replace(part, text.replace(found[0], 't="e"><v>#N/A</v>'))
    [after] = office.recalculated([saved(tmp_path, "error", package.save())])
    book = opened(after)
    page = book["目标对齐"]
    assert [page[f"A{FIRST + at}"].value for at in range(3)] == ["✔", "✖ 错误值", "✔"]
    assert page["A3"].value == "✖ 1 行待修正 · 错误值 1（共 3 行）"
    assert page["A4"].value.startswith(f"▶ 第 {FIRST + 1} 行 ")
    assert book["任务分解"]["A3"].value == "✖ 1 行待修正 · 找不到 1（共 2 行）"
    assert book["填写说明"]["F5"].value == "✖ 2 行待修正"
    [shown] = office.convert([after], "html", tmp_path / "html")
    column = header_columns(page)["supporting_goal"]
    red = set(coloured(shown, "目标对齐", "#FDE3E1"))
    assert {cell for cell in red if cell[1:] != "3"} == {f"A{FIRST + 1}", f"{column}{FIRST + 1}"}
    [said] = checked(after)
    codes = {(str(one.code), one.cell) for one in said.issues if one.severity is Severity.ERROR}
    assert ("cell-error", f"{column}{FIRST + 1}") in codes
