"""Blank workbooks: what is in them, what they say of what is filled in, that they are stable."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
from blank_books import (
    EXAMPLE,
    FEW,
    FIRST,
    HEADER,
    KEYS,
    PERIOD,
    TEAM,
    catalog,
    formula_values,
    generated,
    header_columns,
    opened,
    settings,
)

from xltools.errors import UsageError, WriteError
from xltools.excel.identity import HIDDEN_SHEET, Identity, decode, read_identity
from xltools.excel.package.workbook_package import Package
from xltools.excel.text_size import LINE_HEIGHT, text_pixels, wrapped_lines
from xltools.generate.batch import Batch
from xltools.generate.fill.starting_rows import first_rows
from xltools.generate.team_workbooks import generate
from xltools.generate.workbook_series import write_settings, write_workbook
from xltools.ground.cells import CellRef, column_number
from xltools.ground.filenames import safe_name
from xltools.ground.period import Quarter
from xltools.locale import say
from xltools.settings import Member, Settings, Team

NAMES = [definition.name for definition in catalog().team_definitions]
GOAL = {
    "sales_goal": "全年新增销售额",
    "supporting_goal": "线索1000条",
    "priority": "high",
    "due": "2024-07-01/2024-09-30",
    "owner": "张伟",
}


def identity_in(content: bytes) -> tuple[Identity | None, list[str]]:
    book = opened(content, values=False)
    properties = {prop.name: str(prop.value) for prop in book.custom_doc_props.props}
    names = {name: defined.value for name, defined in book.defined_names.items()}
    sheets = [(sheet.title, list(sheet.iter_rows(values_only=True))) for sheet in book]
    return read_identity(properties, names, sheets)


@pytest.mark.parametrize("name", [*NAMES, "settings"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_same_inputs_give_same_bytes_and_small_sheets(name: str, lang: str) -> None:
    content = generated(name, lang=lang, capacity=None)
    assert content == generated(name, lang=lang, capacity=None)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        sizes = {
            info.filename: info.compress_size
            for info in archive.infolist()
            if info.filename.startswith("xl/worksheets/sheet")
        }
    # A sheet of 1,000 rows may be larger; the others hold 200 at most.
    large = {1000: 48_000, 500: 18_000}
    for number, sheet in enumerate(catalog()[name].sheets, 2):
        limit = large.get(sheet.capacity, 18_000)
        assert sizes[f"xl/worksheets/sheet{number}.xml"] <= limit, sheet.name


@pytest.mark.parametrize("team", [TEAM, "A|B\\C", 'Q&A <"West">', "西" * 240])
def test_a_workbook_says_whose_it_is_in_every_place(team: str) -> None:
    content = generated("goals", team=team)
    found, disagreeing = identity_in(content)
    assert found == Identity(template="goals", version=1, team=team, period="2024Q3", lang="zh")
    assert disagreeing == []
    book = opened(content)
    keyed = decode(book["任务分解"][f"A{KEYS}"].value)
    assert keyed is not None
    assert (keyed.sheet, keyed.team) == ("tasks", team)
    assert book[HIDDEN_SHEET].sheet_state == "veryHidden"
    assert book["填写说明"]["B5"].value == team


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", [*NAMES, "settings"])
def test_every_column_stands_in_its_place(name: str, lang: str) -> None:
    book = opened(generated(name, lang=lang))
    for sheet in catalog()[name].sheets:
        page = book[sheet.title[lang]]
        columns = header_columns(page)
        hidden = {
            number
            for group in page.column_dimensions.values()
            if group.hidden
            for number in range(group.min, group.max + 1)
        }
        visible = [column.name for column in sheet.columns if not column.hidden]
        assert [key for key in columns if key in visible] == visible
        assert set(sheet.names) <= set(columns)
        assert page[f"A{EXAMPLE}"].value == ("示例" if lang == "zh" else "e.g.")
        for column in sheet.columns:
            header = str(page[f"{columns[column.name]}{HEADER}"].value)
            assert header.startswith(column.label[lang])
            assert ("*" in header.split("\n")[0]) == column.required
            assert (column_number(columns[column.name]) in hidden) is column.hidden


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_sentence_of_the_other_language(lang: str) -> None:
    """Headers stand in both languages; everything else is in one."""
    book = opened(generated("plan", lang=lang, settings=Settings(language=lang), team="T"))
    for sheet in book.worksheets:
        if sheet.title.startswith("_"):
            continue
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.row not in (KEYS, HEADER):
                    chinese = re.search(r"[一-鿿]{3,}", cell.value)
                    latin = re.search(r"[A-Za-z]{4,} [a-z]{3,}", cell.value)
                    assert not (chinese if lang == "en" else latin), cell.value


def test_cell_rules_dropdowns_and_prompts() -> None:
    book = opened(generated("expansion"), values=False)
    page = book["效果评估"]
    columns = header_columns(page)
    rules = {str(rule.sqref).split(":")[0]: rule for rule in page.data_validations.dataValidation}
    for column in catalog()["expansion"].sheet("outcome").columns:
        rule = rules[f"{columns[column.name]}{FIRST}"]
        assert rule.prompt, column.name
        assert len(rule.prompt) <= 255
    assert rules[f"{columns['dimension']}10"].formula1 == "lst_dimension"
    assert rules[f"{columns['dimension']}10"].errorStyle in (None, "stop")
    metric = rules[f"{columns['metric']}10"]
    # Typed text is compared, never looked up: `*` in it would find what is not meant.
    assert "INDEX(key_dimension_metric=$B10,0)" in metric.formula1
    assert "MATCH($B10" not in metric.formula1
    assert "INDIRECT" not in metric.formula1
    assert not metric.showErrorMessage
    assert rules[f"{columns['attainment']}10"].formula1 == "FALSE"
    # The library's metrics of one dimension stand together, so that a range holds them.
    hidden = {row[0].value: row for row in book["_lists"].iter_cols()}
    parents = [cell.value for cell in hidden["key_dimension_metric"][1:] if cell.value]
    assert parents == sorted(parents, key=parents.index)
    assert len(dict.fromkeys(parents)) == 4


def test_references_grow_and_members_are_the_teams_own() -> None:
    many = tuple(Member(name=f"成员{number}", team=TEAM) for number in range(300))
    others = (Member(name="外人", team="华北销售队"),)
    book = opened(generated("goals", settings=settings(), capacity=50), values=False)
    assert "SUMPRODUCT(MAX((" in book.defined_names["ref_alignment_supporting_goal"].value
    assert "$C$10:$C$59" in book.defined_names["ref_alignment_supporting_goal"].value
    crowd = msgspec.structs.replace(settings(), members=many + others)
    names = [row[0] for row in opened(generated("goals", settings=crowd))["_team"].values]
    assert [name for name in names if name] == [member.name for member in many]


def test_tab_goes_from_input_to_input_and_rows_are_sorted_and_inserted() -> None:
    """What is locked Tab skips; a range that all may edit is sorted with its locked cells."""
    content = generated("goals")
    page = opened(content, values=False)["目标复盘"]
    assert page.protection.sheet
    assert not page.protection.password
    denied = page.protection
    for allowed in (denied.sort, denied.autoFilter, denied.insertRows, denied.deleteRows):
        assert not allowed
    columns = header_columns(page)
    sheet = catalog()["goals"].sheet("review")
    last = max(columns[name] for name in sheet.names)
    assert page.auto_filter.ref == f"B{HEADER}:{last}{FIRST + FEW - 1}"
    [part] = re.findall(r"<protectedRange [^>]*>", Package(content).text(_part("review")))
    assert f'sqref="B{FIRST}:{last}{FIRST + FEW - 1}"' in part
    inputs = {columns[column.name] for column in sheet.columns if column.typed}
    for row in (FIRST, FIRST + FEW - 1):
        assert {one.column_letter for one in page[row] if not one.protection.locked} == inputs
    assert page[f"B{EXAMPLE}"].protection.locked
    assert page[f"B{HEADER}"].protection.locked
    assert page.freeze_panes == "C10"
    assert page.print_title_rows == f"${HEADER}:${HEADER}"


def _part(sheet: str) -> str:
    number = catalog()["goals"].sheets.index(catalog()["goals"].sheet(sheet)) + 2
    return f"xl/worksheets/sheet{number}.xml"


def test_rows_are_filled_in_and_judged() -> None:
    tasks = [
        {
            "task": "白皮书",
            "goal": "线索1000条",
            "owner": "李娜",
            "start": date(2024, 7, 5),
            "end": date(2024, 8, 1),
            "deliverable": "下载500次",
            "budget": 2.5,
            "cadence": "daily",
            "id": "T1",
        },
        {"task": "回访", "goal": "没有的目标", "owner": "李娜", "budget": -1},
    ]
    book = opened(generated("goals", rows={"alignment": [GOAL], "tasks": tasks}))
    page, columns = book["任务分解"], header_columns(book["任务分解"])
    assert page[f"{columns['cadence']}10"].value == "每日"
    assert page[f"{columns['start']}10"].value.date() == date(2024, 7, 5)
    assert page[f"{columns['id']}10"].value == "T1"
    assert book["目标对齐"]["H10"].value == "2024Q3"
    assert page["A10"].value == "✔"
    assert page["A11"].value == "✖ 找不到 · 关联市场目标"
    assert page["A3"].value == "✖ 1 行待修正 · 找不到 1（共 2 行）"
    assert page["A4"].value.startswith("▶ 第 11 行 “关联市场目标”：")
    cover = book["填写说明"]
    assert [cover.cell(10, column).value for column in (4, 5)] == [2, 1]
    assert cover["F5"].value == "✖ 1 行待修正"


def test_targets_of_the_settings_are_prefilled_in_the_form_of_their_unit() -> None:
    book = opened(generated("expansion"))
    page, columns = book["效果评估"], header_columns(book["效果评估"])
    targets = [page[f"{columns['target']}{row}"] for row in (10, 11, 12)]
    assert [cell.value for cell in targets] == [50, 0.15, 5]
    assert [cell.number_format for cell in targets] == ["General", "0.0%", '"1:"0.0']
    actual = [page[f"{columns['actual']}{row}"].number_format for row in (10, 11, 12)]
    assert actual == ["General", "0.0%", '"1:"0.0']
    assert page[f"{columns['dimension']}10"].value == "结果指标"
    assert page[f"{columns['unit']}11"].value == "%"
    assert [row.get("member") for row in prefilled("plan", "incentives")] == [
        "张伟",
        "李娜",
        "王芳",
        "赵敏",
    ]


def prefilled(name: str, sheet: str) -> list[dict[str, object]]:
    known = catalog()
    return first_rows(known, known[name], settings(), [TEAM], "zh")[TEAM][sheet]


def test_a_full_sheet_says_so() -> None:
    goals = [{**GOAL, "supporting_goal": f"目标{number}"} for number in range(8)]
    full = "已填到最后一行"
    page = opened(generated("goals", rows={"alignment": goals[:7]}, capacity=8))["目标对齐"]
    assert full not in page["A3"].value
    content = generated("goals", rows={"alignment": goals}, capacity=8)
    page = opened(content)["目标对齐"]
    assert page.max_row == 19  # more rows than asked, so that some are free
    assert full not in page["A3"].value
    goals = [{**GOAL, "supporting_goal": f"目标{number}"} for number in range(28)]
    page = opened(generated("goals", rows={"alignment": goals}, capacity=None))["目标对齐"]
    assert page.max_row == FIRST + 28 + 15 - 1  # what is carried leaves half a sheet to fill


def test_settings_hold_the_shipped_defaults_and_explain_themselves(tmp_path: Path) -> None:
    target = tmp_path / "settings.xlsx"
    write_settings(target, catalog=catalog(), settings=settings(), period=PERIOD, lang="zh")
    book = opened(target)
    cover = book["填写说明"]
    assert cover["F5"].value == "✔ 检查通过，可以提交"
    texts = [str(cell.value) for row in cover.iter_rows() for cell in row if cell.value]
    assert any("xltools generate" in text for text in texts)
    page, columns = book["参数"], header_columns(book["参数"])
    assert page[f"{columns['value']}11"].value == 0.8
    assert page[f"{columns['value']}11"].number_format == "0.0%"
    assert page[f"{columns['name']}11"].value == "at_risk"
    library = book["指标库"]
    assert sum(library[f"B{row}"].value is not None for row in range(10, library.max_row)) >= 40
    own = msgspec.structs.replace(settings(), parameters={"at_risk": 0.75})
    write_settings(target, catalog=catalog(), settings=own, period=PERIOD, lang="zh", force=True)
    assert opened(target)["参数"][f"{columns['value']}11"].value == 0.75


def test_every_team_gets_the_workbooks_that_it_fills(tmp_path: Path) -> None:
    two = (Team(team="甲/队", workbooks=("goals",)), Team(team="乙队"))
    many = msgspec.structs.replace(settings(), teams=two, members=(), targets=())
    told: list[tuple[int, int]] = []
    options: dict[str, Any] = {
        "catalog": catalog(),
        "settings": many,
        "period": PERIOD,
        "lang": "zh",
    }
    batch = Batch(**options)
    paths = generate(
        batch, tmp_path, capacity=24, progress=lambda done, of: told.append((done, of))
    )
    titles = [known.title["zh"] for known in catalog().team_definitions]
    assert {path.relative_to(tmp_path).as_posix() for path in paths} == {
        "甲_队/甲_队-目标管理-2024Q3.xlsx",
        *(f"乙队/乙队-{title}-2024Q3.xlsx" for title in titles),
    }
    assert told[-1] == (4, 4)
    alone = BytesIO()
    write_workbook(alone, definition=catalog()["goals"], team="乙队", capacity=24, **options)
    together = tmp_path / "乙队" / "乙队-目标管理-2024Q3.xlsx"
    assert together.read_bytes() == alone.getvalue()
    with pytest.raises(WriteError):
        generate(batch, tmp_path)
    chosen = generate(Batch(**options, names=["plan"], teams=["丙"]), tmp_path / "x")
    assert [path.name for path in chosen] == ["丙-年度计划与绩效-2024Q3.xlsx"]


@pytest.mark.parametrize(
    ("team", "name"),
    [
        ("a:b", "a_b"),
        ("..", "_"),
        ("CON", "CON_"),
        ("nul.txt", "nul_.txt"),
        ("Aux .甲", "Aux_ .甲"),
        ("COM¹", "COM¹_"),
        ("COM12", "COM12"),
        ("console", "console"),
        ("~$甲队", "_$甲队"),
        ("甲\u202e队\u200b", "甲队"),
        ("甲\t队\x07", "甲 队_"),
        (".hidden", "hidden"),
        ("x" * 200, "x" * 80),
        ("队" * 80, "队" * 46),
        ("甲  队 .", "甲 队"),
    ],
)
def test_file_names_are_safe_everywhere(team: str, name: str) -> None:
    assert safe_name(team) == name


@pytest.mark.parametrize(
    "teams",
    [
        ("a/b", "a:b"),
        ("a\\b", "a_b"),
        ("Team", "team."),
        ("Café", "Cafe\u0301"),
        ("队" * 80, "队" * 81),
    ],
)
def test_teams_whose_files_would_be_one_are_told_before_anything_is_written(
    tmp_path: Path, teams: tuple[str, str]
) -> None:
    known = Settings(teams=[Team(team=team) for team in teams])
    batch = Batch(
        catalog=catalog(),
        settings=known,
        teams=teams[:1],
        period=Quarter(2024, 3),
        lang="zh",
    )
    with pytest.raises(UsageError) as told:
        generate(batch, tmp_path / "out")
    assert all(team in str(told.value) for team in teams)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", [known.name for known in catalog()])
def test_what_the_checks_say_is_not_cut(name: str, lang: str) -> None:
    """The check column holds every fault's words, the cover's line a strip of four kinds."""
    book = opened(generated(name, lang=lang))
    told = {str(column[0].value): column[1:] for column in book["_lists"].columns}
    for sheet in catalog()[name].sheets:
        page = book[sheet.title[lang]]
        room = page.column_dimensions["A"].width * 7
        for cell in told[f"flt_{sheet.name}"]:
            assert text_pixels(str(cell.value or ""), 9) <= room, cell.value
    cover = book.worksheets[0]
    kinds = ("missing", "kind", "choice", "reference")
    strip = "✖ " + say("generate.strip_wrong", lang, count=12)
    strip += "".join(f" · {say(f'generate.short_{kind}', lang)} 3" for kind in kinds)
    strip += say("generate.strip_total", lang, count=20)
    lines = wrapped_lines(strip, cover.column_dimensions["F"].width * 7, 9)
    assert cover.row_dimensions[9].height >= lines * 9 * LINE_HEIGHT * 0.75


def test_blank_formulas_show_nothing_and_no_team_is_left_open() -> None:
    content = generated("goals")
    shown = {
        value
        for (title, cell), value in formula_values(content).items()
        if not title.startswith("_") and CellRef.parse(cell).row != 3 and title != "填写说明"
    }
    assert shown <= {None, False}
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            assert "\ue0f1" not in archive.read(name).decode()
            assert "\ue0f2" not in archive.read(name).decode()
