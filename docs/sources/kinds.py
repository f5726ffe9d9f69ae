"""Value kinds, with the forms that the tests hold the program to."""

from __future__ import annotations

import datetime
import tomllib
from typing import Any

from sources.words import HERE, code, table, told
from xltools.excel.reading.cells.format_codes import digest
from xltools.kinds import KINDS, Setting
from xltools.kinds.display_format import RichText
from xltools.locale import say

FORMS = HERE.parents[1] / "tests" / "kinds_forms.toml"
CHOICES = ("高", "中", "低")


def page(lang: str) -> str:
    """The page of all kinds."""
    words = {name: both[lang] for name, both in told("pages")["kinds"].items()}
    known = tomllib.loads(FORMS.read_text(encoding="utf-8"))
    lines = [f"# {words['title']}", "", words["about"]]
    colon = ": " if lang == "en" else "："
    for kind in KINDS:
        cells = [cell for form in known["form"] if form["kind"] == kind for cell in form["cells"]]
        lines += ["", f"## {say(f'kinds.name.{kind}', lang)} · `{kind}`", ""]
        lines += [f"{words['hint']}{colon}{say(f'kinds.hint_{kind}', lang)}"]
        taken = [cell for cell in cells if "refused" not in cell]
        heads = [words[name] for name in ("typed", "unit", "reads", "noted")]
        rows = [_taken(cell, words) for cell in taken]
        lines += ["", f"### {words['accepted']}", "", *table(heads, rows)]
        refused = [_refused(kind, cell, known, words, lang) for cell in cells if "refused" in cell]
        if refused:
            heads = [words[name] for name in ("typed", "unit", "why", "suggestion")]
            lines += ["", f"### {words['refused']}", "", *table(heads, refused)]
    return "\n".join(lines)


def _taken(cell: dict[str, Any], words: dict[str, str]) -> tuple[str, ...]:
    reads = code(_plain(cell["reads"])) if "reads" in cell else words["blank"]
    noted = "▲" if cell.get("severity") == "warning" else "✓" if "logged" in cell else ""
    return _typed(cell, words), cell.get("unit", ""), reads, noted


def _refused(
    kind: str, cell: dict[str, Any], known: dict[str, Any], words: dict[str, str], lang: str
) -> tuple[str, ...]:
    setting = Setting(
        unit=cell.get("unit", ""),
        year=cell.get("year", known["year"]) or None,
        labels=known["labels"],
        choice_labels=CHOICES,
    )
    percent = {0} if cell.get("percent") else set()
    formats = {0: digest(cell["format"])} if "format" in cell else {}
    raw = RichText.of(cell["runs"]) if "runs" in cell else cell["raw"]
    [fault] = KINDS[kind].parse([raw], setting, percent=percent, formats=formats).faults
    sentence = say(fault.text, lang, **fault.details)
    return _typed(cell, words), cell.get("unit", ""), sentence, code(fault.suggestion)


def _typed(cell: dict[str, Any], words: dict[str, str]) -> str:
    if "runs" in cell:
        return "".join(_run(*run) for run in cell["runs"])
    raw = cell["raw"]
    notes = [words["percent"]] if cell.get("percent") else []
    notes += [f"{words['format']} {code(cell['format'])}"] if "format" in cell else []
    if isinstance(raw, datetime.date):
        notes.append(words["date"])
    elif isinstance(raw, datetime.time):
        notes.append(words["time"])
    elif not isinstance(raw, str) and not notes:
        notes.append(words["number"])
    shown = code(_plain(raw)) or words["blank"]
    return f"{shown} ({'; '.join(notes)})" if notes else shown


def _run(words: str, struck: bool, raised: bool) -> str:
    return f"<del>{words}</del>" if struck else f"<sup>{words}</sup>" if raised else words


def _plain(value: object) -> str:
    if isinstance(value, list):
        return "、".join(map(_plain, value))
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return f"{value:.15g}"
    text = str(value).strip("　") if isinstance(value, str) else str(value)
    return text.replace("\r", "").replace("\n", "⏎")
