"""Sentences: each in both languages, with the same gaps, used somewhere, and nowhere else."""

from __future__ import annotations

import ast
import errno
import re
from collections.abc import Iterator
from functools import cache
from string import Formatter

import pytest
from spoken import calls, constants, patterns, trees, words

from xltools.definition import load_catalog
from xltools.issues import Code, Severity
from xltools.kinds import KINDS
from xltools.locale import LANGUAGES, say, sentences

CHINESE = re.compile(r"[\u4e00-\u9fff]")
ZH, EN = (sentences(lang) for lang in LANGUAGES)
ROOMS = {key.partition(".")[0] for key in ZH}

# Keys whose last part is data elsewhere: what a file holds, units, sentences that grow, the
# system's names of its faults.
DYNAMIC = (
    "issues.file-repaired.",
    "issues.workbook-tampered.",
    "issues.row-ignored.",
    "evaluate.units.",
    "evaluate.cards.score_note_",
    "system.",
)

# Where Chinese stands in the code because it is read from cells or written into formulas, not said.
CHINESE_IN_CODE = {
    "kinds": "numerals, units and dates as people type them",
    "ground/period.py": "quarters as people type them",
    "check/locate/table_context.py": "units and months as people type them",
    "check/locate/example_rows.py": "how people mark an example",
    "check/locate/data_rows.py": "notes as people type them",
    "check/identify/file_name.py": "endings of file names",
    "check/locate/total_rows.py": "totals as people type them",
    "check/parse/column_values.py": "a date in a header",
    "check/identify/label_forms.py": "copies of sheets, numbers before titles",
    "draft/make/column_kinds.py": "headers as people write them",
    "draft/sketch/table_heads.py": "dates as people type them",
    "draft/understand": "headers as people write them",
    "excel/editing/comments.py": "a font",
    "excel/reading/cells/number_formats.py": "number formats",
    "excel/styles.py": "a font",
    "expressions/digits.py": "numerals in formulas",
}
SIGNS_IN_CODE = {"万元", "元", "一二三四"}


@cache
def vocabulary() -> frozenset[str]:
    """Names that fill gaps from outside the code: templates, kinds, codes."""
    catalog = load_catalog()
    sheets = [sheet for definition in catalog for sheet in definition.sheets]
    columns = [column.name for sheet in sheets for column in sheet.columns]
    return frozenset(
        [
            *catalog.definitions,
            *(sheet.name for sheet in sheets),
            *columns,
            *KINDS,
            *Code,
            *Severity,
            *(key.removeprefix("issues.") for key in ZH if key.startswith("issues.")),
        ]
    )


@cache
def said() -> frozenset[str]:
    return frozenset(text.said for text in constants())


def used(key: str) -> bool:
    """Whether some module says it: in full, without its room, or put together from known words."""
    rest = key.partition(".")[2]
    names = {key, rest, rest.removeprefix("data.")}  # a data sheet's column says its own name
    if names & said() or key.startswith(DYNAMIC):
        return True
    return any(
        found is not None and all(known(group, pattern.room) for group in found.groups())
        for pattern in patterns()
        for found in map(pattern.text.fullmatch, names)
    )


def known(gap: str, room: str) -> bool:
    """Whether this may fill a gap in that room: a word of its code, a name of a template."""
    there = words(room) | vocabulary()
    parts = [gap, gap.replace("-", "_"), gap.removesuffix("_about")]
    return any(part in there for part in parts) or all(
        part.isdigit() or part in there for part in gap.split(".")
    )


def gaps(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


# 2024 年第三季度, Q3 2024; a title that need not name the workbook in Chinese.
OWN_GAPS = {"evaluate.quarter", "evaluate.data.title"}


def test_both_languages_have_the_same_keys() -> None:
    assert {key for key in set(EN) ^ set(ZH) if not key.startswith("evaluate.units.")} == set()


def test_faults_of_the_system_are_called_as_python_calls_them() -> None:
    names = {key.removeprefix("system.") for key in ZH if key.startswith("system.")}
    assert names <= set(errno.errorcode.values())


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_both_languages_leave_the_same_gaps(room: str) -> None:
    for key in ZH:
        if key.startswith(f"{room}.") and key not in OWN_GAPS:
            assert gaps(ZH[key]) == gaps(EN[key]), key


def test_no_sentence_is_empty_or_left_untranslated() -> None:
    for key, sentence in {**ZH, **EN}.items():
        assert sentence, key
    for key, sentence in EN.items():
        assert not CHINESE.search(sentence) or key == "demo.fill_in", (key, sentence)


def test_every_sentence_is_used() -> None:
    assert [key for key in ZH if not used(key)] == []


PREFIXES = {"say": ("", "evaluate."), "template": ("evaluate.",), "text": ("cli.",)}


def test_every_key_in_the_code_has_a_sentence() -> None:
    missing = []
    for name, prefixes in PREFIXES.items():
        for text, call in calls(name):
            if name == "text" and not text.file.startswith("cli/"):
                continue
            if name == "template" and not text.file.startswith("evaluate/"):
                continue
            if not any(prefix + text.said in ZH for prefix in prefixes):
                missing.append((text, ast.unparse(call)))
    for text, _ in calls("UsageError", "ReadError", "WriteError", "SettingsError", "XltoolsError"):
        if text.said not in ZH and f"errors.{text.said}" not in ZH:
            missing.append((text, ""))
    assert missing == []


def test_every_code_and_every_kind_has_its_sentence() -> None:
    for code in Code:
        assert (
            f"issues.{code}" in ZH
            or any(key.startswith(f"issues.{code}.") for key in ZH)
            or (
                code in ("cell-kind", "cell-choice")  # the kinds' own sentences
            )
        ), code
    for kind in KINDS:
        assert {f"kinds.name.{kind}", f"kinds.hint_{kind}"} <= set(ZH), kind


# How it is said

IN_SHELL = {
    "cli.generate.example",
    "errors.usage.no_parquet",
    "errors.database.library",
    "errors.database.driver",
}
ONE_OR_MANY = re.compile(
    r"\{(?:count|files|rows|sheets|pages|teams|members|errors|warnings|infos)\}"
    r" (?:\w+ )?(?:\w+s|people|more do)\b"
)


def test_quotation_marks_are_the_same_everywhere() -> None:
    """What stands between straight or other marks is code to be typed."""
    for key, sentence in {**{f"zh {key}": said for key, said in ZH.items()}, **EN}.items():
        if key.removeprefix("zh ") not in IN_SHELL:
            assert not re.search(r"[\"「」『』‘’`]|(?<!\w)'", sentence), (key, sentence)
        assert sentence.count("“") == sentence.count("”"), (key, sentence)


def test_one_and_many_are_told_apart_in_english() -> None:
    """Only sentences about several have a plural that stands still."""
    still = [key for key, sentence in EN.items() if ONE_OR_MANY.search(sentence)]
    assert [key for key in still if not key.startswith(("check.many.", "refused.many_"))] == []
    assert not any("(s)" in said for said in EN.values())


def test_a_gap_says_one_or_many() -> None:
    assert say("cli.generate.done", "en", count=1, folder="x").startswith("1 workbook written")
    assert say("cli.generate.done", "en", count=2, folder="x").startswith("2 workbooks written")
    assert say("consolidate.entry", "en", title="{x|y}", rows="1,234") == "{x|y} · 1,234 rows"
    assert say("consolidate.entry", "zh", title="甲", rows=1) == "甲 · 1 行"


SAME_WORDS = {
    "汇总工作簿": "合并工作簿|合并汇总|汇总文件|合并表",
    "标好问题的副本": "标注副本|标记副本|红黄格",
    "收件文件夹": "收件箱",
    "未交": "未提交|没有提交",
    "未计入": "✖ 不计入",
}


@pytest.mark.parametrize("word", SAME_WORDS)
def test_one_thing_has_one_name(word: str) -> None:
    assert any(word in sentence for sentence in ZH.values())
    other = re.compile(SAME_WORDS[word])
    assert [key for key, sentence in ZH.items() if other.search(sentence)] == []


# Nothing is said outside of the two files


def test_no_chinese_sentence_stands_in_the_code() -> None:
    found = [
        text
        for text in constants()
        if CHINESE.search(text.said)
        and text.said not in SIGNS_IN_CODE
        and not text.file.startswith(tuple(CHINESE_IN_CODE))
    ]
    assert found == []


def test_words_are_joined_as_their_language_does_it() -> None:
    """A Chinese comma between words of an English sentence comes from a join in the code."""
    found = [
        (file, node.lineno)
        for file, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "join"
        if isinstance(node.value, ast.Constant) and not str(node.value.value).isascii()
        if str(node.value.value).strip() not in ("·", "→")
    ]
    assert found == []


def test_every_exception_is_still_needed() -> None:
    for place in CHINESE_IN_CODE:
        assert any(t.file.startswith(place) and CHINESE.search(t.said) for t in constants()), place


SHOWING = ("echo", "print", "write", "add_row", "secho", "fail", "log")
ENGLISH = re.compile(r"[A-Za-z]{2,}(?: [A-Za-z]{2,}){2}")


def shown() -> Iterator[tuple[str, ast.AST]]:
    """Every call that puts words before a user, and the file it stands in."""
    for file, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
                if name in SHOWING:
                    yield file, node


def test_no_english_sentence_is_shown() -> None:
    found = [
        (file, part.lineno, part.value)
        for file, call in shown()
        for part in ast.walk(call)
        if isinstance(part, ast.Constant) and ENGLISH.search(str(part.value))
    ]
    assert found == []


def test_the_rules_notice_what_they_are_for() -> None:
    assert not used("check.nobody_says_this")
    assert gaps("{a} und {b}") == {"a", "b"}
    assert ENGLISH.search("The file is gone")


SAID_ONLY = (  # notes: nothing is to be done
    "issues.cell-merged",
    "issues.cell-normalised",
    "issues.cell-normalised.default",
    "issues.row-duplicate.id",
    "issues.row-ignored",
    "issues.row-ignored.example",
    "issues.row-ignored.marked",
    "issues.row-ignored.note",
    "issues.row-ignored.total",
    "issues.row-ignored.unnamed",
    "issues.workbook-unknown.report",
)


def test_every_issue_says_what_to_do() -> None:
    for said, word in ((ZH, "请"), (EN, "please")):
        silent = [key for key in said if key.startswith("issues.") and word not in said[key]]
        assert sorted(silent) == sorted(SAID_ONLY)
