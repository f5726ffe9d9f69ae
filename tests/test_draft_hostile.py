"""Drafting what is odd, damaged or made to hurt: a sentence and an exit code, never a traceback."""

from __future__ import annotations

import shutil
import tomllib
import zipfile
from pathlib import Path

import msgspec
import pytest
from home_grown import ROWS, visits
from hostile import CASES

from xltools.definition import Definition, load_catalog
from xltools.definition.definition_mistakes import mistakes
from xltools.definition.shipped_examples import refused_examples
from xltools.draft import Draft, draft
from xltools.draft.sketch.read_copy import sketch_copy
from xltools.errors import ReadError
from xltools.expressions import mistaken
from xltools.locale import LANGUAGES, say
from xltools.workers import run

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"


def sound(made: Draft) -> None:
    """The definition has no mistake, and is what its file says."""
    found = made.definition
    assert list(mistakes(made.catalog, found)) == []
    assert list(mistaken(made.catalog)) == []
    assert list(refused_examples(made.catalog, found)) == []
    assert msgspec.convert(tomllib.loads(made.toml), Definition) == found


def verdicts(paths: list[Path]) -> dict[str, int]:
    """Draft each by itself; how many were drafted, held no table, could not be read."""
    counts = {"drafted": 0, "draft.no_table": 0, "draft.unreadable": 0}
    outcomes = run(sketch_copy, list(map(str, paths)), workers=2)
    readable = [one.path for one in outcomes if refusal(one)]
    counts["draft.unreadable"] = len(paths) - len(readable)
    for path in readable:
        try:
            sound(draft([path], catalog=load_catalog(), name="odd", lang="en"))
            counts["drafted"] += 1
        except ReadError as fault:
            counts[fault.key] += 1
    return counts


def refusal(outcome: object) -> bool:
    """Whether a file was read; what was not says why, and not that the program failed."""
    refused = getattr(outcome, "refusal", None)
    if refused is None:
        return True
    assert refused.reason != "refused.reader_failed", refused
    assert all(say(refused.reason, lang, **refused.values) for lang in LANGUAGES)
    return False


def test_files_made_to_hurt_get_a_sentence_or_a_sound_definition(tmp_path: Path) -> None:
    paths = []
    for number, case in enumerate(CASES):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = case.make(folder)
        if path.is_file():
            paths.append(path)
    counts = verdicts(paths)
    assert counts["draft.unreadable"] > 50
    assert counts["draft.no_table"] > 50


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the project")
def test_files_of_the_wild_get_a_sentence_or_a_sound_definition() -> None:
    paths = [path for path in sorted(CORPUS.iterdir()) if path.suffix != ".tsv"]
    counts = verdicts(paths)
    assert counts["drafted"] > 20
    assert sum(counts.values()) == len(paths)


SHEET = "xl/worksheets/sheet2.xml"


def bent(path: Path, part: str, old: str, new: str) -> Path:
    """The workbook with a part changed."""
    target = path.with_name(f"bent-{path.name}")
    with zipfile.ZipFile(path) as package, zipfile.ZipFile(target, "w") as made:
        for name in package.namelist():
            content = package.read(name)
            if name == part:
                assert old.encode() in content, (part, old)
                content = content.replace(old.encode(), new.encode())
            made.writestr(name, content)
    return target


BENT = {
    "a range without end": ('sqref="C4:C103"', 'sqref="C4:C99999999 ZZZZ1 C4:"'),
    "a formula that is none": ("&lt;=E4", "&lt;=((("),
    "a list that reads itself": ("<formula1>区域表</formula1>", "<formula1>B4:B103</formula1>"),
    "a name that nothing has": ("<formula1>区域表</formula1>", "<formula1>nothing</formula1>"),
    "a list from afar": ("<formula1>区域表</formula1>", "<formula1>[1]S!$A$1:$A$9</formula1>"),
    "a number too large": ("<formula1>0</formula1>", "<formula1>1E400</formula1>"),
    "no number at all": ("<formula1>0</formula1>", "<formula1>nan</formula1>"),
    "a deep formula": ("F4&lt;=E4", "(" * 300 + "1" + ")" * 300),
}


@pytest.mark.parametrize("name", BENT)
def test_what_a_sheet_declares_may_be_nonsense(tmp_path: Path, name: str) -> None:
    path = bent(visits(tmp_path / "visits.xlsx"), SHEET, *BENT[name])
    made = draft([path], catalog=load_catalog(), name="visits", lang="en")
    sound(made)
    assert len(made.definition.sheets[0].columns) == 9


def test_names_that_mean_each_other_end(tmp_path: Path) -> None:
    old = "<definedName name=\"区域表\">'字典'!$A$2:$A$4</definedName>"
    new = '<definedName name="区域表">b</definedName><definedName name="b">区域表</definedName>'
    path = bent(visits(tmp_path / "visits.xlsx"), "xl/workbook.xml", old, new)
    sound(draft([path], catalog=load_catalog(), name="visits", lang="en"))


def test_one_bad_copy_costs_only_itself(tmp_path: Path) -> None:
    good = visits(tmp_path / "good.xlsx")
    (tmp_path / "bad.xlsx").write_bytes(good.read_bytes()[:2000])
    shutil.copy(good, tmp_path / "~$good.xlsx")
    made = draft([tmp_path], catalog=load_catalog(), name="visits", lang="en")
    assert [Path(one.file).name for one in made.unread] == ["bad.xlsx"]
    assert [Path(one.path).name for one in made.skipped] == ["~$good.xlsx"]
    assert made.sheets[0].table.first.rows == [4, 5, 6]
    assert len(made.files) == 1
    assert len(ROWS) == 3
