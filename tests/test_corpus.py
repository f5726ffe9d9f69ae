"""Odd files of the wild, kept beside the project: each gets a verdict, none a traceback."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from xltools.excel.input_paths import find_files
from xltools.excel.reading.workbook_reader import read_workbook
from xltools.locale import LANGUAGES, say
from xltools.workers import Outcome, run

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
CODES = {
    "file-unreadable",
    "file-encrypted",
    "file-not-workbook",
    "file-too-large",
    "file-refused",
}
READ = 65  # of 104; the others are encrypted, damaged, fuzzed, empty or no workbooks
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the project")


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Outcome]:
    files, _ = find_files([CORPUS])
    return {
        Path(one.path).name: one for one in run(read_workbook, list(map(str, files)), workers=2)
    }


def test_every_file_gets_a_verdict_that_can_be_said(outcomes: dict[str, Outcome]) -> None:
    assert len(outcomes) == 104
    for name, outcome in outcomes.items():
        if outcome.refusal is None:
            assert outcome.result.sheets is not None, name
            continue
        assert outcome.refusal.code in CODES, name
        assert outcome.refusal.reason != "refused.reader_failed", (name, outcome.refusal)
        for lang in LANGUAGES:
            assert say(outcome.refusal.reason, lang, **outcome.refusal.values)
    assert sum(outcome.refusal is None for outcome in outcomes.values()) >= READ


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("calamine--OOM_alloc3.xls", "file-unreadable"),
        ("calamine--pass_protected.xlsx", "file-encrypted"),
        ("excelize--encryptSHA512.xlsx", "file-encrypted"),
        ("openspout--attack_billion_laughs.xlsx", "file-refused"),
        ("poi--Simple.xlsb", "file-unreadable"),
        ("python-calamine--empty_file.xlsx", "file-not-workbook"),
        ("python-calamine--password.ods", "file-encrypted"),
        ("poi--60825.xlsx", ""),
        ("poi--SimpleStrict.xlsx", ""),
        ("phpspreadsheet--Zip-Windows-Directory-Separator.xlsx", ""),
        ("phpspreadsheet--namespacepurl.xlsx", ""),
        ("closedxml--formats.xlsx", ""),
        ("openspout--one_sheet_with_capital_shared_strings_filename.xlsx", ""),
    ],
)
def test_known_verdicts(outcomes: dict[str, Outcome], name: str, code: str) -> None:
    refusal = outcomes[name].refusal
    assert (refusal.code if refusal else "") == code


def test_six_gigabytes_of_address_space_are_enough() -> None:
    program = (
        "import sys\n"
        "from xltools.excel.input_paths import find_files\n"
        "from xltools.excel.reading.workbook_reader import read_workbook\n"
        "from xltools.workers import run\n"
        "files, _ = find_files([sys.argv[1]])\n"
        "print(sum(1 for _ in run(read_workbook, list(map(str, files)), workers=2)))\n"
    )
    resource = pytest.importorskip("resource", reason="only POSIX limits memory from outside")
    limit = 6 * 2**30
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", program, str(CORPUS)],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )
    assert (done.stdout.strip(), done.stderr) == ("104", "")
    print(f"104 files in {time.perf_counter() - begun:.1f} s")
