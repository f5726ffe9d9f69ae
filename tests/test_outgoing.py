"""Commands that write many files: what is missing is written, nothing of anybody is lost."""

from __future__ import annotations

from pathlib import Path

import msgspec
import openpyxl
import pytest
from submissions import CATALOG, PERIOD, SETTINGS, sent, together

from xltools import verbs
from xltools.cli import cli
from xltools.errors import UsageError
from xltools.excel.replaced_files import keeping_old
from xltools.generate.workbook_series import write_workbook
from xltools.ground.period import Quarter
from xltools.outgoing import ASIDE
from xltools.rollover.rollover import RolloverReport, rollover
from xltools.settings import Settings, Target, Team

TEAMS = (Team(team="东队", former_names=("老东队",), lead="张伟"), Team(team="南队", lead="陈静"))
GIVEN = msgspec.structs.replace(SETTINGS, period=PERIOD, teams=TEAMS)
AFTER = Quarter(2024, 4)


def run_with(settings: Settings = GIVEN) -> verbs.Run:
    return verbs.Run(catalog=CATALOG, settings=settings, period=PERIOD)


def path_of(folder: Path, team: str, period: Quarter = PERIOD) -> Path:
    return folder / team / f"{team}-目标管理-{period}.xlsx"


def generate(folder: Path, settings: Settings = GIVEN, **how: object) -> list[Path]:
    return verbs.generate_workbooks(run_with(settings), folder, names=["goals"], **how)  # type: ignore[arg-type]


def type_into(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    book["目标对齐"]["B10"] = "季度销售额"
    book.save(path)


def test_a_second_run_writes_what_is_missing_and_names_what_it_kept(tmp_path: Path) -> None:
    folder = tmp_path / "outbox"
    generate(folder)
    path_of(folder, "南队").unlink()
    before = path_of(folder, "东队").read_bytes()
    again = verbs.generate_workbooks(run_with(), folder, names=["goals"])
    assert again == [path_of(folder, "南队")]
    assert (again.kept, again.held, again.aside) == ([path_of(folder, "东队")], [], [])
    assert path_of(folder, "东队").read_bytes() == before


def test_force_replaces_blank_workbooks_but_no_entries(tmp_path: Path) -> None:
    folder = tmp_path / "outbox"
    generate(folder)
    type_into(path_of(folder, "东队"))
    typed = path_of(folder, "东队").read_bytes()
    later = msgspec.structs.replace(GIVEN, organisation="新名称")
    again = verbs.generate_workbooks(run_with(later), folder, names=["goals"], force=True)
    assert again == [path_of(folder, "南队")]
    assert (again.kept, again.held) == ([], [path_of(folder, "东队")])
    assert path_of(folder, "东队").read_bytes() == typed


def test_rows_in_a_workbook_that_nobody_saved_hold_it(tmp_path: Path) -> None:
    path = path_of(tmp_path / "outbox", "东队")
    write_workbook(
        path,
        catalog=CATALOG,
        definition=CATALOG["goals"],
        settings=GIVEN,
        team="东队",
        period=PERIOD,
        lang="zh",
        rows={"alignment": [{"supporting_goal": "线索"}]},
    )
    before = path.read_bytes()
    again = verbs.generate_workbooks(run_with(), tmp_path / "outbox", names=["goals"], force=True)
    assert again.held == [path]
    assert path.read_bytes() == before


def test_rows_that_settings_gave_hold_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "outbox"
    target = Target(team="东队", metric="新增客户数", target=50)
    given = msgspec.structs.replace(GIVEN, targets=(target,))
    for number in (1, 2):
        made = verbs.generate_workbooks(run_with(given), folder, names=["expansion"], force=True)
        assert (len(made), made.held) == (2, []), number


def test_what_cannot_be_read_is_never_replaced(tmp_path: Path) -> None:
    path = path_of(tmp_path / "outbox", "东队")
    path.parent.mkdir(parents=True)
    path.write_text("notes")
    again = verbs.generate_workbooks(run_with(), tmp_path / "outbox", names=["goals"], force=True)
    assert again.held == [path]
    assert path.read_text() == "notes"


def test_a_team_named_is_replaced_and_its_old_file_kept(tmp_path: Path) -> None:
    folder = tmp_path / "outbox"
    generate(folder)
    for team in ("东队", "南队"):
        type_into(path_of(folder, team))
    typed = path_of(folder, "东队").read_bytes()
    again = verbs.generate_workbooks(run_with(), folder, names=["goals"], replace=["老东队"])
    assert again == [path_of(folder, "东队")]
    assert again.kept == [path_of(folder, "南队")]
    (aside,) = again.aside
    assert aside.parent == tmp_path / ASIDE
    assert aside.read_bytes() == typed
    assert openpyxl.load_workbook(path_of(folder, "东队"))["目标对齐"]["B10"].value is None


def test_an_unknown_team_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        generate(tmp_path / "outbox", replace=["西队"])
    assert not (tmp_path / "outbox").exists()


def test_two_workbooks_that_would_be_one_file_are_refused_before_anything_is_written(
    tmp_path: Path,
) -> None:
    alike = msgspec.structs.replace(GIVEN, teams=(Team(team="A/B"), Team(team="a:b")))
    with pytest.raises(UsageError) as caught:
        generate(tmp_path / "outbox", alike)
    assert caught.value.key == "usage.same_file"
    assert not (tmp_path / "outbox").exists()


def rolled(folder: Path, *teams: str, **how: object) -> RolloverReport:
    goal = {"supporting_goal": "线索", "due": "2024-07-01/2025-12-31"}
    found = together([sent("goals", team, {"alignment": [goal]}) for team in teams], settings=GIVEN)
    return rollover(found, to=AFTER, folder=folder, lang="zh", **how)  # type: ignore[arg-type]


def test_rolling_over_again_keeps_what_is_there_until_a_team_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "next"
    rolled(folder, "东队")
    path = path_of(folder / "outbox", "东队", AFTER)
    assert path in rolled(folder, "东队", force=True).written.held
    type_into(path)
    typed, settings = path.read_bytes(), (folder / "settings.xlsx").read_bytes()
    again = rolled(folder, "东队", "南队", force=True)
    assert path in again.written.held
    assert path.read_bytes() == typed
    rolled(folder, "东队", "南队", replace=["东队"])
    assert path.read_bytes() != typed
    (aside,) = (folder / ASIDE).glob(f"{path.stem}-*.xlsx")
    assert aside.read_bytes() == typed
    assert (folder / "settings.xlsx").read_bytes() == settings


def test_settings_of_the_next_quarter_that_are_there_hold(tmp_path: Path) -> None:
    folder = tmp_path / "next"
    rolled(folder, "东队")
    book = openpyxl.load_workbook(folder / "settings.xlsx")
    sheet = book["团队"]
    (cell,) = [one for row in sheet.iter_rows() for one in row if one.value == "南队"]
    cell.value = "南方队"
    book.save(folder / "settings.xlsx")
    again = rolled(folder, "东队")
    assert folder / "settings.xlsx" in again.written.held
    assert path_of(folder / "outbox", "南方队", AFTER) in again.written


def test_a_folder_of_another_quarter_is_refused(tmp_path: Path) -> None:
    verbs.make_workspace(run_with(), tmp_path / "2024Q3")
    with pytest.raises(UsageError) as caught:
        rolled(tmp_path / "2024Q3", "东队")
    assert caught.value.key == "usage.other_quarter"


def test_what_a_report_held_before_is_kept_under_its_day(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    path.write_text("first")
    for text, count in (("first", 1), ("second", 2), ("third", 3)):
        with keeping_old(path, force=True):
            path.write_text(text)
        assert len(list(tmp_path.iterdir())) == count
    texts = {one.read_text() for one in tmp_path.iterdir() if one != path}
    assert texts == {"first", "second"}


def test_settings_that_are_replaced_are_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "2024Q3"
    call = ["init", str(folder), "--period", "2024Q3", "--force", "--lang", "en"]
    with pytest.raises(SystemExit, match="0"):
        cli.main(call)
    made = (folder / "settings.xlsx").read_bytes()
    with pytest.raises(SystemExit, match="0"):
        cli.main(call)
    assert [path.name for path in folder.glob("*.xlsx")] == ["settings.xlsx"]
    book = openpyxl.load_workbook(folder / "settings.xlsx")
    book.worksheets[1]["H10"] = "ours"
    book.save(folder / "settings.xlsx")
    filled = (folder / "settings.xlsx").read_bytes()
    capsys.readouterr()
    with pytest.raises(SystemExit, match="0"):
        cli.main(call)
    (kept,) = folder.glob("settings-*.xlsx")
    assert (folder / "settings.xlsx").read_bytes() == made
    assert kept.read_bytes() == filled
    assert str(kept) in capsys.readouterr().err
