"""Submissions in other formats: their marked copy is an ``.xlsx`` made of what was read."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from click.testing import CliRunner
from good_goals import FILE, bent
from hostile.cases import packed
from tables import checked, one, serious, told, write
from test_other_formats import binary, wide, xlsb

from xltools.check.validate.workbook_build import is_ours
from xltools.cli import cli
from xltools.excel.editing.comment_boxes import empty_shapes, with_shapes
from xltools.excel.editing.conversion import converted
from xltools.excel.editing.kept_formats import number_code
from xltools.excel.reading.cells.format_codes import digest
from xltools.excel.reading.workbook_reader import read_workbook
from xltools.ground.cells import CellRef
from xltools.ground.shipped import shipped
from xltools.issues import Severity
from xltools.locale import say

if TYPE_CHECKING:
    from conftest import Office

    from xltools.issues import Issue

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
FORMATS = ("ods", "xls")
FORM = shipped("samples") / "2024Q3" / FILE
LIST = {lang: say("check.marks.title", lang) for lang in ("zh", "en")}
_TASKS = bent(
    "任务分解",
    ("| 行业白皮书 | 有效线索1000条 | 李娜 |", "| 行业白皮书 | 有效线索999条 | |"),
    ("| @2024-09-20 | 首场 |", "| 2024-09-31 | '=1+1 |"),
    ("| 3场 | 5 | 平台 |", "| 3场 | =2+3 -> 5 | '00123 |"),
)
_PROGRESS = bent("进度跟踪", ("| %0.5 | %0.4 |", "| %0.505 | #N/A |"))
FAULTY = {**_TASKS, "进度跟踪": _PROGRESS["进度跟踪"], "附记": "| 合计 | =1+2 -> 3 |"}


@pytest.fixture(scope="module")
def sent(office: Office, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A table of the team's own, and a form of ours without its key row, by format."""
    folder = tmp_path_factory.mktemp("sent")
    own = write(folder / FILE, FAULTY)
    keyless = openpyxl.load_workbook(FORM)
    for sheet in keyless:
        for row in range(1, 12):
            if str(sheet.cell(row, 1).value).startswith("xltools|"):
                sheet.delete_rows(row)
                break
    (folder / "keyless").mkdir()
    keyless.save(folder / "keyless" / FILE)
    found = {}
    for to in FORMATS:
        found[to] = office.convert([own], to, folder / "own")[0]
        found[f"form {to}"] = office.convert([FORM], to, folder / "form")[0]
    found["keyless"] = office.convert([folder / "keyless" / FILE], "xlsx", folder / "saved")[0]
    return found


def returned(path: Path, folder: Path, lang: str = "zh") -> Path:
    [copy] = checked(path).marked_copies(folder, lang)
    assert copy.converted
    assert (copy.path.name, copy.source) == (f"{path.stem}.xlsx", str(path))
    return copy.path


def whole(issues: list[Issue]) -> list[tuple[object, ...]]:
    return [(i.severity, i.code, i.text, i.sheet, i.cell, i.column, i.value) for i in issues]


@pytest.mark.libreoffice
@pytest.mark.parametrize("name", [*FORMATS, *(f"form {to}" for to in FORMATS)])
def test_the_copy_reads_as_the_file_did(sent: dict[str, Path], name: str, tmp_path: Path) -> None:
    before = one(sent[name])
    assert any(issue.severity is Severity.ERROR for issue in before.issues)
    after = one(returned(sent[name], tmp_path))
    assert whole(after.issues) == whole(before.issues)
    assert (after.identified, after.team, after.period, after.template, after.version) == (
        *(before.identified, before.team, before.period, before.template, before.version),
    )
    assert after.identified == name.startswith("form")
    for key, sheet in before.sheets.items():
        assert after.sheets[key].rows == sheet.rows
        assert after.sheets[key].columns == sheet.columns


@pytest.mark.libreoffice
@pytest.mark.parametrize("to", FORMATS)
def test_cells_are_what_they_were_and_no_text_is_a_formula(
    sent: dict[str, Path], to: str, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(returned(sent[to], tmp_path))
    assert book.sheetnames == [LIST["zh"], *FAULTY]
    tasks, progress = book["任务分解"], book["进度跟踪"]
    formula = tasks["F3"]
    assert (formula.value, formula.data_type, formula.quotePrefix) == ("=1+1", "s", True)
    assert (tasks["I3"].value, tasks["H3"].value) == ("00123", 5)
    assert tasks["D2"].number_format == "yyyy-mm-dd"
    assert [progress[cell].number_format for cell in ("D2", "D3")] == ["0%", "0.0%"]
    assert (progress["E3"].value, book["附记"]["B1"].value) == ("=#N/A", 3)
    assert "负责人" in tasks["C2"].comment.text
    assert tasks["C2"].fill.fgColor.rgb != tasks["C3"].fill.fgColor.rgb
    assert tasks.freeze_panes == "A2"


@pytest.mark.libreoffice
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_list_leads_to_the_cells_and_says_what_the_copy_is(
    sent: dict[str, Path], lang: str, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(returned(sent["ods"], tmp_path, lang))
    texts = [str(cell.value) for row in book[LIST[lang]].iter_rows() for cell in row if cell.value]
    assert say("check.marks.converted", lang, format=".ods") in texts
    assert any("#'任务分解'!C2" in text for text in texts)
    [near] = [i for i in one(sent["ods"]).issues if i.suggestion == "有效线索1000条"]
    note = book[near.sheet][near.cell].comment.text
    assert "有效线索1000条" in note


@pytest.mark.libreoffice
@pytest.mark.parametrize("to", FORMATS)
def test_a_corrected_copy_is_the_next_submission(
    sent: dict[str, Path], to: str, tmp_path: Path
) -> None:
    source = sent[f"form {to}"]
    copy = returned(source, tmp_path)
    book = openpyxl.load_workbook(copy)
    for fault in one(source).issues:
        if fault.code == "cell-choice":
            book[fault.sheet][fault.cell] = "高"
    book.save(copy)
    assert "cell-choice" in {i.code for i in one(source).issues}
    answer = checked(source, copy)
    assert set(answer.superseded) == {str(source)}
    again = answer.submissions[[one.file for one in answer.submissions].index(str(copy))]
    assert again.identified
    assert not {"cell-choice", "cell-recomputed"} & {i.code for i in again.issues}


@pytest.mark.libreoffice
@pytest.mark.parametrize(("lang", "words"), [("zh", "转成了 .xlsx"), ("en", "converted to .xlsx")])
def test_the_command_says_what_it_converted(
    sent: dict[str, Path], lang: str, words: str, tmp_path: Path
) -> None:
    options = ["--returned", str(tmp_path), "--period", "2024Q3", "--lang", lang]
    answer = CliRunner().invoke(cli, ["check", str(sent["xls"]), *options])
    assert answer.exit_code == 1
    assert words in answer.output
    assert sent["xls"].name in answer.output


@pytest.mark.libreoffice
def test_our_helper_columns_are_known_without_their_key_row(sent: dict[str, Path]) -> None:
    book = read_workbook(sent["keyless"])
    assert not any(str(row[0]).startswith("xltools|") for s in book.sheets for row in s.rows if row)
    codes = [text for text in told(one(sent["keyless"]).issues) if "header-unknown" in text]
    assert codes == []


def test_a_struck_text_keeps_its_runs(tmp_path: Path) -> None:
    """Part of it is struck out in the copy, too, in its place."""
    spaces = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for prefix, name in [(n, n) for n in ("office", "table", "text", "style")]
    )
    content = (
        f"<office:document-content {spaces}><office:automatic-styles>"
        '<style:style style:name="gone" style:family="text">'
        '<style:text-properties style:text-line-through-style="solid"/></style:style>'
        "</office:automatic-styles><office:body><office:spreadsheet>"
        '<table:table table:name="表"><table:table-row>'
        '<table:table-cell office:value-type="string"><text:p>新'
        '<text:span text:style-name="gone">旧</text:span>值</text:p></table:table-cell>'
        "</table:table-row></table:table></office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    made = converted(packed({"mimetype": kind, "content.xml": content.encode()}), {}, is_ours)
    (tmp_path / FILE).write_bytes(made.content)
    text: Any = read_workbook(tmp_path / FILE).sheets[0].rows[0][0]
    assert (text, text.struck) == ("新值", "旧")
    assert [words for words, _, _ in text.runs] == ["新", "旧", "值"]


@pytest.mark.parametrize(
    "code", ["0.00", "000", '0.0,"千元"', '"¥"0.00', '0"."0,"万"', '[>=10000]0"."0,"万";0"元"']
)
def test_number_formats_are_written_as_they_were_read(code: str) -> None:
    told = digest(code)
    assert told is not None
    again: Any = digest(number_code(told.sections))
    assert again == told


def test_a_long_comment_has_a_tall_box() -> None:
    short, long = (with_shapes(empty_shapes(1), {CellRef(5, 2): "请" * n}) for n in (4, 400))
    heights = [int(text.partition(";height:")[2].partition("pt")[0]) for text in (short, long)]
    assert heights[0] == 78
    assert heights[1] > 300


def _binary(rows: Sequence[Sequence[object]]) -> bytes:
    """The rows as a binary workbook: its writers are Excel and WPS, neither of which is here."""
    extent = struct.pack("<IIII", 0, len(rows) - 1, 0, len(rows[0]) - 1)
    records = [(129, b""), (148, extent), (145, b"")]
    for number, row in enumerate(rows):
        records.append((0, struct.pack("<IIHBB", number, 0, 300, 0, 0) + bytes(5)))
        for column, value in enumerate(row):
            place = struct.pack("<II", column, 0)
            if isinstance(value, float):
                records.append((5, place + struct.pack("<d", value)))
            elif value:
                records.append((6, place + wide(str(value))))
    return packed(xlsb(binary([*records, (146, b""), (130, b"")])))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_binary_workbook_has_a_copy_whose_comments_say_what_to_type(
    lang: str, tmp_path: Path
) -> None:
    lines = bent("目标对齐", ("| 高 |", "| 最高 |"))["目标对齐"].strip().splitlines()
    rows: list[list[object]] = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]
    rows[1][3] = 1000.0
    rows[2][3] = 0.8
    path = tmp_path / FILE.replace(".xlsx", ".xlsb")
    path.write_bytes(_binary(rows))
    before = one(path)
    [fault] = [i for i in before.issues if i.code == "cell-choice"]
    assert (fault.cell, fault.value, fault.suggestion) == ("F2", "最高", "高")
    copy = returned(path, tmp_path / "returned", lang)
    book = openpyxl.load_workbook(copy)
    assert say("check.marks.converted", lang, format=".xlsb") in {
        cell.value for row in book[LIST[lang]].iter_rows() for cell in row
    }
    comment = book["表"]["F2"].comment.text
    said = say("check.marks.comment_fix", lang, sentence="·", suggestion="高").partition("·")[2]
    assert comment.rstrip().endswith(said)
    assert whole(one(copy).issues) == whole(before.issues)


@pytest.mark.parametrize("label", ["合计", "总  计（万元）", "Subtotal"])
def test_an_ignored_row_quotes_the_word_it_went_by(label: str, tmp_path: Path) -> None:
    table = bent("任务分解")["任务分解"] + f"| {label} | | | | | | | 10 | | |\n"
    read = one(write(tmp_path / FILE, {**bent("任务分解"), "任务分解": table}))
    [ignored] = [i for i in read.issues if i.code == "row-ignored"]
    assert (ignored.text, ignored.value) == ("row-ignored.total", label)
    assert serious(read.issues) == []
