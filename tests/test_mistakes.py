"""What the system refuses, told in the reader's language."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path

import pytest

from xltools.cli.shared.call_mistakes import sentence_of
from xltools.cli.shared.run_language import choose
from xltools.errors import DefinitionError, FileRefused, ReadError, WriteError
from xltools.excel.atomic_output import unwritable
from xltools.fault_sentences import system_sentence
from xltools.locale import sentences
from xltools.workspace import Workspace

ENGLISH = re.compile(r"[a-z]{2,} [a-z]{2,}")
USUAL = [name for name in sentences("zh") if name.startswith("system.")]


def fault(name: str, path: str | None = None) -> OSError:
    number = getattr(errno, name)
    return OSError(number, os.strerror(number), path)


@pytest.fixture(params=["zh", "en"])
def lang(request: pytest.FixtureRequest) -> str:
    choose(["--lang", request.param])
    return str(request.param)


@pytest.mark.parametrize("key", USUAL)
def test_a_usual_reason_is_told_in_the_readers_language(lang: str, key: str) -> None:
    name = key.removeprefix("system.")
    reason = sentences(lang)[key]
    told = [
        system_sentence(fault(name), lang),
        system_sentence(fault(name, "/x/报告.xlsx"), lang),
        sentence_of(unwritable(Path("/x/报告.xlsx"), fault(name))),
        sentence_of(DefinitionError("definition.unreadable", file="a.toml", reason=fault(name))),
    ]
    assert all(reason in sentence for sentence in told)
    assert all(os.strerror(getattr(errno, name)) not in sentence for sentence in told)
    assert "报告.xlsx" in told[1]
    if lang == "zh":
        assert not any(ENGLISH.search(sentence) for sentence in told)


def test_another_reason_is_told_in_the_systems_words() -> None:
    assert os.strerror(errno.EPIPE) in system_sentence(fault("EPIPE"), "zh")
    assert "no number" in system_sentence(OSError("no number"), "zh")


def test_a_folder_that_cannot_be_made_says_why(lang: str, tmp_path: Path) -> None:
    (tmp_path / "quarter").write_text("")
    with pytest.raises(WriteError) as refused:
        Workspace(tmp_path / "quarter").make()
    assert sentences(lang)["system.ENOTDIR"] in sentence_of(refused.value)


def test_a_refused_file_inside_another_error_is_a_sentence(lang: str) -> None:
    inner = FileRefused("file-unreadable", "refused.bad_markup", part="a.xml", detail="x")
    said = sentence_of(ReadError("read.consolidated", path="c.xlsx", reason=inner))
    assert sentences(lang)["refused.bad_markup"].format(part="a.xml", detail="x") in said
