"""Issue codes: severity, effect, the sentences and an example."""

from __future__ import annotations

import re
from typing import Any

from sources.words import table, told
from xltools.issues import Code, severity_of
from xltools.locale import say, sentences


def page(lang: str) -> str:
    """The page of all codes."""
    words = {name: both[lang] for name, both in told("pages")["issues"].items()}
    known = told("issues")
    heads = (words["code"], words["severity"], words["effect"])
    lines = [f"# {words['title']}", "", words["about"], ""]
    lines += table(heads, ((f"[`{one}`](#{one})", *_facts(one, known, lang)) for one in Code))
    group = ""
    for one in Code:
        if _group(one) != group:
            group = _group(one)
            lines += ["", f"## {known['groups'][group][lang]}"]
        lines += ["", f"### {one}", "", *_entry(one, words, known, lang)]
    return "\n".join(lines)


def _group(one: Code) -> str:
    first = one.partition("-")[0]
    return "workbook" if first in ("period", "team") else first


def _facts(one: Code, known: dict[str, Any], lang: str) -> tuple[str, str]:
    effect = known["effects"][known["code"][one]["effect"]][lang]
    return say(f"check.severity.{severity_of(one)}", lang), effect


def _entry(one: Code, words: dict[str, str], known: dict[str, Any], lang: str) -> list[str]:
    about = known["code"][one]
    severity, effect = _facts(one, known, lang)
    lines = [f"{severity} · {effect}"]
    if "note" in about:
        lines[0] += f" · {about['note'][lang]}"
    lines += ["", f"{words['example']}{': ' if lang == 'en' else '：'}{about['example'][lang]}", ""]
    said = [
        (key, sentence)
        for key, sentence in sentences(lang).items()
        if key == f"issues.{one}" or key.startswith(f"issues.{one}.")
    ]
    if not said:
        return [*lines, words["own"]]
    lines += [f"{words['says']}{':' if lang == 'en' else '：'}", ""]
    gaps = known["gaps"] if lang == "zh" else {}
    return lines + [f"- {_filled(sentence, gaps)}" for _, sentence in said]


def _filled(sentence: str, gaps: dict[str, str]) -> str:
    shown = re.sub(r"\{(\w+)[^}]*\}", lambda gap: f"‹{gaps.get(gap[1], gap[1])}›", sentence)
    return shown.replace("*", "\\*")
