"""Help, completion and refusals: one screen, the reader's language, quickly there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from xltools.cli import COMMANDS, cli
from xltools.cli.shared.terminal_text import columns, listed, wrapped
from xltools.locale import LANGUAGES

SCREEN = 24
WIDTH = 80
CHINESE = re.compile(r"[\u4e00-\u9fff]")
CALLS = [(), *((verb,) for verb in COMMANDS)]


def called(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    capsys.readouterr()
    with pytest.raises(SystemExit) as left:
        cli.main(list(words))
    out, err = capsys.readouterr()
    assert isinstance(left.value.code, int)
    return left.value.code, out, err


@pytest.fixture(autouse=True)
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder, a window of 80 columns, and no language chosen outside."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", str(WIDTH + 2))
    monkeypatch.delenv("XLTOOLS_LANG", raising=False)


# One screen


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("words", CALLS, ids=lambda words: " ".join(words) or "xltools")
def test_help_fits_one_screen(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], lang: str
) -> None:
    code, out, _ = called(capsys, *words, "--help", "--lang", lang)
    lines = out.splitlines()
    assert code == 0
    assert len(lines) <= SCREEN, out
    assert all(columns(line) <= WIDTH for line in lines), out


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("verb", COMMANDS)
def test_the_example_uses_options_that_exist(
    capsys: pytest.CaptureFixture[str], verb: str, lang: str
) -> None:
    _, out, _ = called(capsys, verb, "--help", "--lang", lang)
    text, _, example = out.partition({"zh": "例子：", "en": "Example:"}[lang])
    assert f"xltools {verb} " in example or f"xltools {verb}\n" in example
    for option in re.findall(r"(?<!\S)--?[a-z][a-z-]*", example):
        assert option in text, option


def test_a_call_without_a_verb_shows_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    for words in ((), ("--lang", "en")):
        code, out, err = called(capsys, *words)
        assert (code, out) == (2, "")
        assert all(verb in err for verb in COMMANDS)


# The reader's language

MISTAKES = [
    (("genrate",), "generate"),
    (("check", "--retured", "x"), "--returned"),
    (("check", "--workers", "0", "x"), "1"),
    (("check", "--workers", "many", "x"), "--workers"),
    (("generate", "--rows", "999999"), "5000"),
    (("check", "--format", "xml", "x"), "json"),
    (("--lang", "fr"), "zh"),
    (("evaluate", "--as-of", "soon", "x"), "2024-09-30"),
    (("init",), "DIR"),
    (("init", "x"), "--period"),
    (("init", "x", "--period"), "--period"),
    (("check", "--force=yes", "x"), "--force"),
    (("describe", "goals", "plan"), "plan"),
    (("describe", "gaols"), "goals"),
    (("generate", "-o", "out", "--period", "2024Q5"), "2024Q3"),
]


@pytest.mark.parametrize(("words", "said"), MISTAKES, ids=lambda given: " ".join(given)[:40])
def test_a_mistake_is_one_sentence_in_the_readers_language(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    said: str,
) -> None:
    code, out, chinese = called(capsys, *words)
    assert (code, out) == (2, "")
    assert len(chinese.splitlines()) == 1
    assert said in chinese
    assert CHINESE.search(chinese)
    assert not re.search(r"[A-Za-z]+ [A-Za-z]+ [A-Za-z]+", chinese), chinese
    monkeypatch.setenv("XLTOOLS_LANG", "en")
    code, _, english = called(capsys, *words)
    assert code == 2
    assert len(english.splitlines()) == 1
    assert "fr" in words or said in english
    assert "fr" in words or not CHINESE.search(english), english


# Wrapping


def test_chinese_is_wrapped_by_what_a_terminal_shows() -> None:
    text = "检查收回的工作簿，逐个列出要改的单元格。PATH 是文件或文件夹。--returned 另存副本。" * 3
    lines = wrapped(text, 30)
    assert all(columns(line) <= 30 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert not any(line[0] in "，。" for line in lines)
    assert wrapped("one two three", 9) == ["one two", "three"]
    assert wrapped("一二三四五”; six", 12) == ["一二三四五”;", "six"]
    assert listed([("a", "x"), ("甲乙", "y")], 20) == ["a     x", "甲乙  y"]


# Completion


def completed(*words: str) -> list[str]:
    told = {
        **os.environ,
        "COMP_WORDS": " ".join(("xltools", *words)),
        "COMP_CWORD": str(len(words)),
        "_XLTOOLS_COMPLETE": "bash_complete",
    }
    run = "from xltools.cli import main; main()"
    found = subprocess.run(
        [sys.executable, "-c", run], env=told, capture_output=True, text=True, check=True
    )
    return [line.partition(",")[2] for line in found.stdout.splitlines()]


def test_a_shell_completes_verbs_options_and_workbooks() -> None:
    assert completed("con") == ["consolidate"]
    assert completed("check", "--ret") == ["--returned"]
    assert completed("check", "--format", "j") == ["json"]
    assert completed("describe", "exp") == ["expansion"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_shell_has_its_script(shell: str) -> None:
    told = {**os.environ, "_XLTOOLS_COMPLETE": f"{shell}_source"}
    run = "from xltools.cli import main; main()"
    made = subprocess.run(
        [sys.executable, "-c", run], env=told, capture_output=True, text=True, check=True
    )
    assert f"_XLTOOLS_COMPLETE={shell}_complete" in made.stdout


# Speed


def test_help_imports_little_more_than_click() -> None:
    """What takes the time; `make bench` measures it."""
    show = "import sys; sys.argv = ['', '--help']\nfrom xltools.cli import main\ntry: main()\n"
    calls = ("import click, sys\n", f"{show}except SystemExit: pass\n")
    click, help_ = (
        subprocess.run(
            [sys.executable, "-c", f"{code}print(*sys.modules)"],
            check=True,
            capture_output=True,
            text=True,
        )
        .stdout.splitlines()[-1]
        .split()
        for code in calls
    )
    own = {name.split(".")[1] for name in help_ if name.startswith("xltools.")}
    assert own <= {"cli", "errors", "fault_sentences", "ground", "locale", "version"}
    assert len(set(help_) - set(click)) < 50


def test_help_imports_no_table_and_no_excel_library() -> None:
    heavy = {"pandas", "openpyxl", "xlsxwriter", "rich", "sqlalchemy"}
    code = (
        "import sys; sys.argv = ['xltools', 'evaluate', '--help']\n"
        "from xltools.cli import main\n"
        "try: main()\n"
        f"finally: print(sorted({heavy} & set(sys.modules)))"
    )
    made = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert made.stdout.splitlines()[-1] == "[]"
