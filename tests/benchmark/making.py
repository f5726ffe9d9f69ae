"""Making workbooks: blank ones, marked copies, the evaluation; against the libraries themselves."""

from __future__ import annotations

import shutil
import subprocess
import warnings
from collections.abc import Sequence
from functools import partial
from io import BytesIO
from pathlib import Path

import openpyxl
from filled import ALL_KINDS, KINDS, benchmark_settings, team_names
from inbox import PERIOD, inbox, returned, workplace
from measure import each, medians, ratio, row, section, timed
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from xltools.check.check_files import check_all
from xltools.check.reading_plan import ReadingPlan
from xltools.check.respond.check_result import Checked
from xltools.consolidate.collect_submissions import collect
from xltools.definition import load_catalog
from xltools.definition.default_settings import default_settings
from xltools.evaluate import evaluate
from xltools.generate.batch import Batch
from xltools.generate.team_workbooks import generate

warnings.simplefilter("ignore", UserWarning)

_SHEETS_OF_A_TEAM = 0.4  # of the benchmark's long ones: mostly 10 to 60 rows a sheet
_SLOW = 8  # workbooks that openpyxl gets; all are reckoned a workbook


def compare_generation(full: bool) -> None:
    """Blank workbooks for many teams, against loading one, filling in the team, saving it."""
    count = 100 if full else 40
    catalog = load_catalog()
    settings = benchmark_settings(default_settings(catalog, "zh"), team_names(count))
    section(f"Generate {count * len(KINDS)} blank workbooks")
    with workplace() as folder:
        batch = Batch(
            catalog=catalog, settings=settings, teams=team_names(count), period=PERIOD, lang="zh"
        )
        paths = batch.paths(folder / "ours")

        def ours() -> None:
            generate(batch, folder / "ours", replace=paths)

        ours()
        made = sorted((folder / "ours").rglob("*.xlsx"))
        blanks = [path.read_bytes() for path in made[:: max(1, len(made) // _SLOW)][:_SLOW]]
        found = medians({"openpyxl": partial(_fill, blanks), "xltools": ours}, 3)
        row("openpyxl: load, fill, save", f"{each(found['openpyxl'], len(blanks))} / workbook")
        row("xltools", f"{each(found['xltools'], len(made))} / workbook")
        slow = found["openpyxl"] / len(blanks)
        ratio("generate", found["xltools"] / len(made), slow, "≥ 20")


def _fill(blanks: Sequence[bytes]) -> None:
    for content in blanks:
        book = openpyxl.load_workbook(BytesIO(content))
        book.worksheets[0]["B3"] = "华东销售队"
        book.save(BytesIO())


def compare_marks(full: bool) -> None:
    """Marked copies of faulty workbooks, against loading, marking, saving."""
    saver = returned()
    box = inbox(100, saver=saver)
    checked = check_all(box.paths, ReadingPlan(box.catalog, box.settings, period=PERIOD))
    section(f"Marked copies of workbooks saved by {saver}")
    with workplace() as folder:
        made: list[Path] = []

        def ours() -> None:
            made[:] = checked.write_marked(folder / "ours", "zh", force=True)

        ours()
        names = {path.name for path in made}
        faulty = [one.file for one in checked.submissions if Path(one.file).name in names]
        some = faulty[:_SLOW]
        contenders = {"openpyxl": partial(_mark, checked, some), "xltools": ours}
        found = medians(contenders, 3)
        row("openpyxl: load, mark, save", f"{each(found['openpyxl'], len(some))} / workbook")
        row(f"xltools ({len(made)} copies)", f"{each(found['xltools'], len(made))} / workbook")
        slow = found["openpyxl"] / len(some)
        ratio("marked copies", found["xltools"] / len(made), slow, "≥ 10")


def _mark(checked: Checked, files: Sequence[str]) -> None:
    """The least that a copy needs: colour and comment at every cell, and a list."""
    fill = PatternFill("solid", fgColor="FFFDE3E1")
    for file in files:
        book = openpyxl.load_workbook(file)
        listed = book.create_sheet("问题清单", 0)
        submission = next(one for one in checked.submissions if one.file == file)
        for fault in submission.issues:
            text = checked.sentence(fault, "zh")
            listed.append([fault.sheet, fault.cell, text])
            if fault.cell:
                cell = book[fault.sheet][fault.cell]
                cell.fill = fill
                cell.comment = Comment(text, "xltools")
        book.save(BytesIO())


def compare_evaluation(full: bool) -> None:
    """The evaluation of many teams, against XlsxWriter writing the same cells and nothing more."""
    box = inbox(300 if full else 90, _SHEETS_OF_A_TEAM, ALL_KINDS)
    found = collect([box.folder], ReadingPlan(box.catalog, box.settings, period=PERIOD))
    teams, workbooks = len(box.settings.teams), len(box.paths)
    section(f"Evaluate {teams} teams: {workbooks} workbooks of three kinds, {found.rows:,} rows")
    with workplace() as folder:
        target = folder / "evaluation.xlsx"

        def ours() -> None:
            evaluate(found, target, lang="zh", force=True)

        ours()
        cells = _cells(target)
        total = sum(len(rows) for rows in cells.values())
        seconds = medians({"XlsxWriter": partial(_write, cells), "xltools": ours}, 3)
        row(f"XlsxWriter, {total:,} cells", f"{seconds['XlsxWriter']:.2f} s")
        row("xltools: figures, formulas, charts", f"{seconds['xltools']:.2f} s")
        ratio("evaluate", seconds["xltools"], seconds["XlsxWriter"], "≤ 3")
        _show_opening(target, folder)


def _show_opening(target: Path, folder: Path) -> None:
    """How long LibreOffice takes to start, to open the workbook and to write out its first page."""
    name = "LibreOffice starts and opens it"
    office = shutil.which("soffice")
    if office is None:
        row(name, "not installed")
        return
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--norestore"]
    command += ["--convert-to", "csv", "--outdir", str(folder), str(target)]  # of one sheet only
    call = partial(subprocess.run, command, check=True, capture_output=True)
    call()  # makes the profile
    took = min(timed(call) for _ in range(3))
    size = target.stat().st_size / 1e6
    row(name, f"{took:.1f} s", f"{size:.1f} MB", "want < 10 s", "ok" if took < 10 else "MISSED")


def _cells(path: Path) -> dict[str, list[tuple[int, int, object]]]:
    book = openpyxl.load_workbook(path)
    return {
        sheet.title: [
            (cell.row - 1, cell.column - 1, cell.value)
            for line in sheet.iter_rows()
            for cell in line
            if cell.value is not None
        ]
        for sheet in book.worksheets
    }


def _write(cells: dict[str, list[tuple[int, int, object]]]) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(BytesIO(), {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    for title, places in cells.items():
        sheet = book.add_worksheet(title)
        for line, column, value in places:
            sheet.write(line, column, value)
    book.close()
