"""One person's name, several names in one cell, or no name at all."""

from __future__ import annotations

import re

from xltools.ground.folding import INVISIBLE
from xltools.kinds.typed_text import ERROR_NUMBER, narrow

# Letters that are not Latin: cheaper to compile than ranges of Chinese characters.
_HAN = r"[^\W0-9A-Za-z_]"
_OUTSIDE_BRACKETS = r"(?![^()]*\))"
_BETWEEN = re.compile(rf"[、/,;|&+\n\r]+{_OUTSIDE_BRACKETS}")
_NAME = rf"({_HAN}{{2,3}}|{_HAN}{{1,3}}\*)"
_AND = re.compile(rf"{_NAME}(?:和|与|及|以及){_NAME}")
_TWO_SIGNS = (
    "欧阳|司马|上官|诸葛|夏侯|皇甫|尉迟|公孙|慕容|司徒|司空|令狐|长孙|宇文|东方|南宫|西门|端木"
    "|独孤|轩辕|申屠|百里|呼延|澹台|公冶|太史|钟离|闻人|拓跋|赫连|歐陽|司馬|諸葛|尉遲|公孫|長孫"
)
_PADDED = re.compile(rf"({_HAN}) +({_HAN}{{1,2}})|({_TWO_SIGNS}) +({_HAN}{{1,2}})")
_FULL_NAMES = re.compile(rf"{_HAN}{{2,3}}(?: +{_HAN}{{2,3}})+")
# 市场部 张三 is a department and a person, not two people.
_OFFICE = re.compile(r"[部组队处科室员长管监理师司](?: |$)")
_ROLE = re.compile(
    r"(.+?) ?\([^()]*(?:主管|经理|总监|主任|[组队科部处店]长|负责人?|专员|助理|代表|顾问|总|牵头"
    r"|主责|代理?|暂代|兼|实习|试用|离职|manager|head|lead|director|acting|owner)\)",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"无|暂无|没有|待[定补]|未定|暂未?定|空缺|tb[dac]|none|nobody|unknown|to be \w+"
    r"|[0-9一二三四五六七八九十几多数]+ ?个?[人名位].*"
    r"|全[体部]?(?:人员|成员|员工|员)?|所有人|大家|各(?:部门|团队|自|组)|本?团队|everyone|everybody"
    r"|all|team|\?+",
    re.IGNORECASE,
)
_AND_OTHERS = re.compile(
    r"(.{1,30}?) ?(?:等(?: ?[0-9一二三四五六七八九十几多]+ ?[人名位]|人)?|et al\.?)", re.IGNORECASE
)
_DASHES = re.compile(r"[-—–―/]{0,3}|n/a|n\.a\.", re.IGNORECASE)

NOBODY = (
    "|无|暂无|没有|待定|待补|未定|空缺|TBD|TBC|TBA|NONE|全体|全员|全体成员|全体人员|所有人|大家|各部门"
    "|团队|EVERYONE|EVERYBODY|ALL|TEAM|NOBODY|UNKNOWN|"
)
"""The commonest words for nobody, between bars, to a live check."""

NAMED = (
    f'ISERROR(FIND("|"&UPPER(TRIM({{cell}}))&"|","{NOBODY}")),ISERROR(FIND("等",{{cell}})),'
    f"NOT({ERROR_NUMBER})"
)
"""Excel expressions: whether a cell says none of them, counts no others (王芳等3人), no error."""

SEPARATOR = "、"
"""Between the names of people, in the canonical text."""

SUSPICIOUS = re.compile(
    rf"[、/,;|&+\s，；／｜＆＋＊（）()?？{INVISIBLE}和与及等全所大各-]|^[无没暂待未空本团—–―]"
    r"|^(?:[0-9０-９]|n[/.o]|tb|to be|unk|ev|all|team|ｔ|ｎ)",
    re.IGNORECASE,
)
"""What a plain name does not contain."""


def no_person(text: str) -> bool:
    """Whether a narrowed text names nobody in particular: ``待定``, ``TBD``, ``全体``."""
    return _NOBODY.fullmatch(text) is not None


def is_no_name(text: str) -> bool:
    """Whether a whole cell of persons says nothing; Na is a name."""
    return _DASHES.fullmatch(text) is not None


def and_others(text: str) -> str:
    """The one who is named where others are only counted: ``王芳等3人``; else nothing."""
    match = _AND_OTHERS.fullmatch(text)
    return match[1] if match else ""


def split_names(text: str) -> list[str]:
    """The names in one cell, each once, in the order typed; what is not surely two stays one."""
    names: list[str] = []
    for part in _parts(text):
        for name in _apart(part):
            if not is_no_name(name) and name not in names:
                names.append(name)
    return names


def spaced(text: str) -> bool:
    """Whether only a space tells one name in a cell from the next."""
    return any(_by_space(part) for part in _parts(text))


def _parts(text: str) -> list[str]:
    """What stands between the signs that separate names."""
    lines = "\n".join(narrow(line) for line in text.splitlines())
    return [part.strip() for part in _BETWEEN.split(lines)]


def _apart(part: str) -> list[str]:
    role = _ROLE.fullmatch(part)
    if role:
        part = role[1]
    padded = _PADDED.fullmatch(part)
    if padded:
        return ["".join(sign for sign in padded.groups() if sign)]
    joined = _AND.fullmatch(part)
    if joined:
        return list(joined.groups())
    return part.split() if _by_space(part) else [part]


def _by_space(part: str) -> bool:
    padded = _PADDED.fullmatch(part) is not None
    return not padded and _FULL_NAMES.fullmatch(part) is not None and not _OFFICE.search(part)
