"""Documentation: complete, fresh, its links lead somewhere, and what it says to type works."""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from home_grown import ROWS, visits

from xltools.cli import COMMANDS
from xltools.cli.shared.call_mistakes import sentence_of
from xltools.cli.shared.run_language import choose
from xltools.definition import load_catalog
from xltools.definition.default_settings import default_parameters
from xltools.errors import DefinitionError
from xltools.ground.shipped import shipped
from xltools.issues import Code
from xltools.kinds import KINDS
from xltools.locale import LANGUAGES
from xltools.run import start

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
sys.path.insert(0, str(DOCS))

import reference  # noqa: E402
from sources import commands, figures  # noqa: E402

FOLDERS = reference.FOLDERS
READMES = [ROOT / name for name in ("README.md", "README.zh-CN.md", "CONTRIBUTING.md")]
PAGES = [*READMES, *sorted(DOCS.rglob("*.md"))]


def page(lang: str, name: str) -> str:
    return (FOLDERS[lang] / f"{name}.md").read_text("utf-8")


# Fresh


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_reference_page_is_stale(lang: str) -> None:
    """If this fails: make reference."""
    for path, text in reference.pages(lang).items():
        assert path.is_file(), path
        assert path.read_text("utf-8") == text, f"{path.name} is stale: make reference"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_there_is_no_page_that_nothing_writes(lang: str) -> None:
    assert {path.stem for path in FOLDERS[lang].glob("*.md")} == set(reference.writers())


# Complete


def test_a_command_without_a_page_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    found = commands.page("en")
    monkeypatch.setattr(commands, "COMMANDS", (*COMMANDS, "invented"))
    with pytest.raises(KeyError):
        commands.page("en")
    assert "invented" not in found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everything_has_its_heading(lang: str) -> None:
    heads = {
        "commands": (r"^## ([a-z]+)$", list(COMMANDS)),
        "issues": (r"^### ([a-z-]+)$", list(Code)),
        "kinds": (r"^## .* · `(\w+)`$", list(KINDS)),
        "parameters": (r"^\| `(\w+)` \|", list(default_parameters(load_catalog()))),
    }
    for name, (pattern, wanted) in heads.items():
        assert sorted(re.findall(pattern, page(lang, name), re.MULTILINE)) == sorted(wanted)
    for definition in load_catalog():
        for sheet in definition.sheets:
            part = page(lang, definition.name).split(f" · `{sheet.name}`\n")[1].split("\n## ")[0]
            assert re.findall(r"^\| `(\w+)` \|", part, re.MULTILINE) == list(sheet.names)
            for rule in sheet.rules:
                assert f"`{rule.check}`" in part


@pytest.mark.parametrize("name", ["expressions.md", "zh/expressions.md"])
def test_every_function_of_expressions_is_documented(name: str) -> None:
    from xltools.expressions.reading.functions import _ROW, SCANS

    text = (DOCS / name).read_text("utf-8")
    assert [name for name in (*_ROW, *SCANS) if f"`{name}(" not in text] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_mistake_that_the_page_of_expressions_shows_is_what_comes(
    lang: str, tmp_path: Path
) -> None:
    right = (shipped("templates") / "goals.toml").read_text("utf-8")
    (tmp_path / "goals.toml").write_text(right.replace("end >= start", "end >= strat"), "utf-8")
    with pytest.raises(DefinitionError) as wrong:
        start(templates=tmp_path)
    choose(["--lang", lang])
    said = sentence_of(wrong.value)
    page = DOCS / ("expressions.md" if lang == "en" else "zh/expressions.md")
    assert f"\n    {said}\n" in page.read_text("utf-8")


# Links


def links(path: Path) -> list[str]:
    text = re.sub(r"```.*?```", "", path.read_text("utf-8"), flags=re.DOTALL)
    return re.findall(r"\]\(([^)\s]+)\)", text)


def anchors(path: Path) -> set[str]:
    heads = re.findall(r"^#+ (.*)$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path: Path) -> None:
    for link in links(path):
        place, _, anchor = link.partition("#")
        if place.startswith("http"):
            continue
        target = (path.parent / place) if place else path
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_every_page_is_in_the_contents() -> None:
    contents = (ROOT / "mkdocs.yml").read_text("utf-8")
    listed = set(re.findall(r": (\S+\.md)$", contents, re.MULTILINE))
    assert listed == {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}


def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr


# Languages


# Written for those who change the program, or measured: these stay in English.
FOR_ENGINEERS = {"architecture.md", "performance.md", "python.md"}
TWINS = {
    ROOT / "README.md": ROOT / "README.zh-CN.md",
    **{
        path: DOCS / "zh" / path.relative_to(DOCS)
        for path in sorted(DOCS.rglob("*.md"))
        if path.name not in FOR_ENGINEERS and DOCS / "zh" not in path.parents
    },
}
WRITTEN = [path for path in TWINS if path.parent.name != "reference"]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_every_page_is_there_in_both_languages() -> None:
    assert [name_of(path) for path in TWINS.values() if not path.is_file()] == []
    chinese = {ROOT / "README.zh-CN.md", *(DOCS / "zh").rglob("*.md")}
    assert [name_of(path) for path in chinese - set(TWINS.values())] == []


FENCED = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
INDENTED = re.compile(r"^ {4}\S.*$", re.MULTILINE)


def shown(path: Path) -> list[str]:
    """What a page shows to type or to write into a file, line by line, without what it says."""
    text = path.read_text("utf-8")
    found = [block for _, block in FENCED.findall(text)]
    found += INDENTED.findall(FENCED.sub("", text))
    return [
        bare
        for block in found
        for line in block.splitlines()
        if (bare := typed(re.split(r"#| {3,}(?=\S)", line.strip())[0])) and not said(bare)
    ]


def typed(line: str) -> str:
    """A line without the language and the team, which each page chooses for its readers."""
    return re.sub(r" --(?:lang en|team \S+)", "", line).strip()


def said(line: str) -> bool:
    return line.startswith("goals.tasks.rules")  # an answer, in the reader's language


@pytest.mark.parametrize("path", WRITTEN, ids=name_of)
def test_both_languages_show_the_same_to_type(path: Path) -> None:
    assert shown(TWINS[path]) == shown(path)


@pytest.mark.parametrize("path", WRITTEN, ids=name_of)
def test_both_languages_name_the_same_commands_and_options(path: Path) -> None:
    wanted = re.compile(rf"xltools (?:{'|'.join(COMMANDS)})\b|--(?!lang)[a-z][a-z-]+")
    named = [set(wanted.findall(one.read_text("utf-8"))) for one in (path, TWINS[path])]
    assert named[0] == named[1]


# What it says to type works

SET_UP = re.compile(r"`(python3 -m venv [^`]*)`<br>`(\. [^`]*)`<br>`(pip install [^`]*)`")
OLD = re.compile(r"<!-- workbooks: (\S+) -->")
TRIED = re.compile(r"<!-- tried -->\n```sh\n(.*?)```", re.DOTALL)
GIVEN = re.compile(r"<!-- file: (\S+) -->\n```toml\n(.*?)```", re.DOTALL)
ADDED = re.compile(r"<!-- added: (\S+) -->\n```toml\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize(
    "path",
    [path for path in PAGES[2:] if TRIED.search(path.read_text("utf-8"))],  # READMEs: see below
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_what_a_page_says_to_type_works(path: Path, tmp_path: Path) -> None:
    """In an empty folder, one line after the other; 1 is workbooks with errors."""
    text = path.read_text("utf-8")
    (tmp_path / "templates").mkdir()
    added = dict(ADDED.findall(text))  # to what the guide before it writes
    given = path.with_name("own-workbook.md").read_text("utf-8") if added else text
    for name, content in GIVEN.findall(given):
        (tmp_path / name).write_text(f"{content}\n{added.get(name, '')}", "utf-8")
    for old in OLD.findall(text):
        visits(tmp_path / old / "华东.xlsx")
        visits(tmp_path / old / "华北.xlsx", ROWS[:2])
    folder = tmp_path
    for line in "\n".join(TRIED.findall(text)).splitlines():
        words = line.partition("#")[0].split()
        if not words:
            continue
        if words[0] == "cd":
            folder = folder / words[1]
            continue
        done = run(line, words, folder)
        assert (done.returncode == 1) <= (folder != tmp_path), (line, done.stdout)


def run(line: str, words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    assert words[0] == "xltools", line
    command = [sys.executable, "-c", "from xltools.cli import main; main()", *words[1:]]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode in (0, 1), (line, done.stderr)
    return done


@pytest.mark.skipif(shutil.which("sh") is None, reason="the blocks are for sh")
@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_readme_is_enough_for_a_shell_that_knows_nothing(name: str, tmp_path: Path) -> None:
    """Its set-up and its block as they stand, typed one after the other into one plain shell."""
    text = (ROOT / name).read_text("utf-8")
    venv, activate, install = SET_UP.search(text).groups()
    assert install == "pip install ."
    subprocess.run(
        ["sh", "-c", f"{venv} --without-pip"], cwd=tmp_path, check=True, env={"PATH": os.defpath}
    )
    program = tmp_path / ".venv" / "bin" / "xltools"  # what the installation puts there
    program.write_text(
        f"#!{sys.executable}\nfrom xltools.cli import main\nmain()\n", encoding="utf-8"
    )
    program.chmod(0o755)
    block = TRIED.search(text)[1]
    done = subprocess.run(
        ["sh"],
        input=f"{activate}\n{block}\nls reports ../2024Q4-again\n",
        cwd=tmp_path,
        env={"PATH": os.defpath, "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "not found" not in done.stderr
    for made in ("consolidated.xlsx", "evaluation.xlsx", "outbox", "settings.xlsx"):
        assert made in done.stdout


def test_the_tutorial_can_be_walked(tmp_path: Path) -> None:
    """Its commands one after the other; settings and answers are those of the samples."""
    folder = tmp_path
    for line in INDENTED.findall((DOCS / "tutorial.md").read_text("utf-8")):
        words = line.partition("#")[0].split()
        if words[0] == "cd":
            folder = (folder / words[1]).resolve()
            continue
        if words[1] == "status":
            assert len(list((folder / "outbox").rglob("*.xlsx"))) == 8
            shutil.copytree(shipped("samples") / "2024Q3", folder / "inbox", dirs_exist_ok=True)
        run(line, words, folder)
        if words[1] == "init":
            shutil.copy(shipped("samples") / "settings.xlsx", folder / words[2])
    assert folder == tmp_path / "2024Q4"
    assert len(list((folder / "outbox").rglob("*.xlsx"))) == 8
    made = {path.name for path in (tmp_path / "2024Q3").glob("re*/*")}
    assert {"consolidated.xlsx", "evaluation.xlsx"} < made
    assert len(list((tmp_path / "2024Q3" / "returned").glob("*.xlsx"))) == 5


def test_column_and_rule_of_the_guide_are_understood() -> None:
    text = (DOCS / "guides" / "columns-and-rules.md").read_text("utf-8")
    column, migration, choice, rule = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    assert tomllib.loads(f"columns = [{column}]")["columns"][0]["name"] == "campaign"
    assert tomllib.loads(migration)["migrations"][0]["version"] == 2
    assert "material" in tomllib.loads(choice)["lists"]["expense_class"]
    assert tomllib.loads(rule)["rules"][0]["columns"] == ["campaign"]


def test_examples_in_python_give_what_they_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    page = str(DOCS / "python.md")
    failed, tried = doctest.testfile(page, module_relative=False, encoding="utf-8")
    assert tried > 10
    assert failed == 0


def test_examples_of_the_public_functions_give_what_they_say() -> None:
    from xltools import verbs

    failed, tried = doctest.testmod(verbs)
    assert tried > 5
    assert failed == 0


# Figures


def test_every_figure_of_the_evaluation_is_in_words_and_no_other() -> None:
    assert [figures.unexplained(lang) for lang in LANGUAGES] == [[], []]
    assert figures.spare() == []


def test_pictures_are_used_or_are_not_there() -> None:
    shown = {link for path in PAGES for link in links(path) if link.endswith(".png")}
    names = {Path(link).name for link in shown}
    spare = [p.name for p in (DOCS / "images" / "demo").rglob("*.png") if p.name not in names]
    assert spare == []
