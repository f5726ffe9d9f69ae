"""The grammar of typed numbers: separators, scale words, units, Chinese numerals."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from xltools.ground.folding import fold
from xltools.kinds.cell_reading import Refusal
from xltools.kinds.grammar.number_signs import says_less, signed
from xltools.kinds.typed_text import digits

# A comma groups thousands, and so does a space, in the Chinese national standard.
NUMBER = (
    r"(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]*)?"
    r"|[1-9][0-9]{0,2}(?: [0-9]{3})+(?:\.[0-9]*)?"
    r"|(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3}(?![0-9]))?)"
)
_CHINESE = "零〇一二两三四五六七八九十百千万亿点负壹贰叁肆伍陆柒捌玖拾佰仟萬億"
# fmt: off
_POWERS = {
    "百": 2, "千": 3, "万": 4, "萬": 4, "亿": 8, "億": 8, "w": 4, "k": 3,
    "十万": 5, "百万": 6, "千万": 7, "十亿": 9, "百亿": 10, "千亿": 11, "万亿": 12,
}
# fmt: on
_SCALES = {word: 10**power for word, power in _POWERS.items()}
_SCALE = "|".join(sorted(_SCALES, key=len, reverse=True))
_DOLLARS = {"$", "usd", "us$", "美元", "美金", "dollar", "dollars"}
_MONEY = {"圆", "块", "块钱", "rmb", "cny", "yuan", "人民币", "元人民币", "元整"}
# Units that only look as if they began with a scale word.
_WHOLE_UNITS = re.compile(r"(?:千[克米瓦卡帕伏赫字]|百分|百[货度]|万[能用])")

_LONGEST = 1000

_PLAIN = re.compile(rf"[+-]? ?{NUMBER}")
_AMOUNT = re.compile(
    rf"(?P<sign>[+-]?) ?(?P<money>[¥$]|us\$|usd|rmb|cny|人民币|) ?(?P<minus>-?)(?P<number>{NUMBER})"
    r" ?(?P<rest>[^0-9.,\s].*)?",
    re.IGNORECASE | re.DOTALL,
)
_STEPS = re.compile(rf"(?P<steps>(?:{NUMBER} ?(?:{_SCALE}) ?){{2,}})(?P<rest>[^0-9.,].*)?")
_STEP = re.compile(rf"({NUMBER}) ?({_SCALE})")
_NUMERAL = re.compile(f"[{_CHINESE}]+")
_FOUND = re.compile(rf"(?<![0-9.,]){NUMBER}(?![0-9.,])")
_DATE = re.compile(r"(?:19|20)[0-9]{2}(?:[-./年]) ?[0-9]{1,2}(?:[-./月]|$)|[0-9]{1,2}月")
_VAGUE = re.compile(r"左右|上下|以[上下]|[多余几+]")
_IN_BRACKETS = re.compile(r"(.*[0-9]) ?\(([^()0-9]{1,8})\)")
_WRITTEN_OUT = re.compile(r"(?:人民币)?(.+[元圆])[整正]|人民币([^0-9].*)")
_SURELY_BASE = 1_000_000
_RANGE = re.compile(r"[0-9][^0-9]{0,3}?(?:[-~～—–至到]|\bto\b) ?[0-9]")


def plain(text: str) -> Decimal | None:
    """The number that a narrowed text plainly is, in Arabic digits or Chinese numerals."""
    if _PLAIN.fullmatch(text):
        return _decimal(text)
    return chinese(text)


def chinese(text: str) -> Decimal | None:
    """The number of a Chinese numeral (``四十五``, ``一万二``, ``三点五``); None if it is none."""
    if not _NUMERAL.fullmatch(text) or text.endswith("点"):
        return None
    # A row of digits without a unit (三五) may be a range as well as a number.
    if len(text) > 1 and not re.search("[十百千万亿点负拾佰仟萬億〇零]", text):
        return None
    from cn2an import cn2an

    try:
        return Decimal(str(cn2an(text, "normal")))
    except (ValueError, LookupError):
        return None


class Amount(NamedTuple):
    """A number of a unit; ``note`` is the sentence to warn with where its meaning was chosen."""

    number: Decimal
    note: str = ""


def amount(text: str, unit: str) -> Amount:
    """A narrowed text as a number of ``unit``; Refusal when it is none, or not surely one."""
    if len(text) > _LONGEST:
        raise Refusal("kinds.not_a_number")
    if _PLAIN.fullmatch(text):
        return Amount(_decimal(text))
    text, chosen = signed(text)
    text = _unwrapped(text)
    match = _AMOUNT.fullmatch(text)
    if match and match["money"]:
        found = _money(match, unit)
    elif match:
        number = _in_unit(_decimal(match["sign"] + match["number"]), match["rest"] or "", unit)
        found = None if number is None or match["minus"] else Amount(number)
    else:
        found = None
    if found is None:
        number = _stepped(text, unit)
        number = _spelled(text, unit) if number is None else number
        if number is None:
            raise _refusal(text, match, unit)
        found = Amount(number)
    return Amount(found.number, "kinds.sign_read") if chosen and not found.note else found


def stated_unit(text: str) -> tuple[str, int] | None:
    """The unit that a narrowed text states beside its number, and its scale; None without one."""
    if len(text) > _LONGEST:
        return None
    try:
        match = _AMOUNT.fullmatch(_unwrapped(signed(text)[0]))
    except Refusal:  # what is refused is reported where it is read
        return None
    word = (match["rest"] or (match["money"] and "元") or "").strip() if match else ""
    if not word or re.search("[0-9]", word):
        return None
    return word, _scaled(fold(word))[0]


def _unwrapped(text: str) -> str:
    return _IN_BRACKETS.sub(r"\1\2", _WRITTEN_OUT.sub(r"\1\2", text))


def _money(match: re.Match[str], unit: str) -> Amount | None:
    """``￥200`` where the unit is money; in 万元 it may be 200 of either."""
    sign, money, word = match["sign"] or match["minus"], match["money"].lower(), match["rest"] or ""
    number = _decimal(sign + match["number"])
    scale, base = split_unit(unit)
    if money in _DOLLARS:
        if base not in _DOLLARS:
            raise Refusal("kinds.number_unit", unit=unit, found=match["money"])
        money = base
    else:
        money = "元"
    if word:
        value = _in_unit(number, word if word.endswith(money) else word + money, unit)
        return None if value is None else Amount(value)
    if base.split("/")[0] != money:
        return None
    if scale == 1:
        return Amount(number)
    if abs(number) >= _SURELY_BASE:
        return Amount(number / scale, "kinds.money_read")
    both = f"{digits(number)} / {digits(number / scale)}"
    raise Refusal("kinds.number_money", both, unit=unit, found=money)


def split_unit(unit: str) -> tuple[int, str]:
    """A unit's scale and what it scales: ``万元`` → 10000, ``元``."""
    folded = fold(unit)
    if not _WHOLE_UNITS.match(folded):
        for length in (2, 1):
            scale = _SCALES.get(folded[:length])
            if scale and not folded[:length].isascii():
                return scale, _base(folded[length:])
    return 1, _base(folded)


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "").replace(" ", ""))


def _base(unit: str) -> str:
    return "元" if unit in _MONEY else unit


def _in_unit(number: Decimal, word: str, unit: str) -> Decimal | None:
    """So many ``word`` in ``unit``; None when the two do not measure the same."""
    said, wanted = fold(word), fold(unit)
    if said in ("", wanted):
        return number
    scale, base = _scaled(said)
    unit_scale, unit_base = split_unit(unit)
    if not base and scale < unit_scale:
        raise Refusal("kinds.number_scale", unit=unit)
    if base in ("", unit_base, unit_base.split("/")[0]):
        return number * scale / unit_scale
    return None


def _scaled(said: str) -> tuple[int, str]:
    """A folded word's scale and what it scales; unlike in a unit, a letter (``w``) may scale."""
    match = re.match(_SCALE, said) if not _WHOLE_UNITS.match(said) else None
    return (_SCALES[match[0]], _base(said[match.end() :])) if match else (1, _base(said))


def _stepped(text: str, unit: str) -> Decimal | None:
    """``1亿2000万元``: steps of falling scale are added."""
    match = _STEPS.fullmatch(text)
    if not match:
        return None
    steps = [(_decimal(n), _SCALES[scale.lower()]) for n, scale in _STEP.findall(match["steps"])]
    scales = [scale for _, scale in steps]
    if scales != sorted(set(scales), reverse=True):
        return None
    unit_scale, unit_base = split_unit(unit)
    if _base(fold(match["rest"] or "")) not in ("", unit_base):
        return None
    return sum((number * scale for number, scale in steps), Decimal()) / unit_scale


def _spelled(text: str, unit: str) -> Decimal | None:
    """``四十五家``, ``两百万``: from 万 on a numeral counts the base unit, as ``200万`` does."""
    scale, base = split_unit(unit)
    if base and fold(text).endswith(base):
        number = chinese(text[: len(text) - len(base)].rstrip())
        return None if number is None else number / scale
    number = chinese(text)
    if number is None or not re.search("[万亿萬億]", text):
        return number
    return number / scale


def _refusal(text: str, match: re.Match[str] | None, unit: str) -> Refusal:
    """What is wrong with a text that is no number, and what was probably meant."""
    found = [one[0] for one in _FOUND.finditer(text)]
    only = _only(text) if len(found) == 1 else ""
    if _DATE.match(text):
        return Refusal("kinds.number_is_date")
    if "%" in text or "‰" in text:
        return Refusal("kinds.number_percent", unit=unit)
    if re.search(r"[0-9] ?/ ?[0-9]", text):
        return Refusal("kinds.number_fraction")
    if _RANGE.search(text):
        return Refusal("kinds.number_range")
    if re.fullmatch(r"[+-]?[0-9][0-9.,' ]*", text):
        return Refusal("kinds.number_separators")
    word = (match["rest"] or "").strip() if match else ""
    if only and word and len(word) < 6 and not _VAGUE.search(word):
        return _other_unit(only, word, unit)
    if len(found) > 1:
        return Refusal("kinds.number_several")
    return Refusal("kinds.number_words", only) if only else Refusal("kinds.not_a_number")


def _only(text: str) -> str:
    """The only number of a text with its sign; "" where that, or what it belongs to, is unsure."""
    match = _FOUND.search(text)
    before = text[: match.start()] if match else ""
    if not match or says_less(before) or re.search(r"[A-Za-z#/_]$", before):
        return ""
    sign = "-" if re.search(r"[-–—] ?[¥$]? ?$", before) else ""
    return sign + digits(_decimal(match[0]))


def _other_unit(only: str, word: str, unit: str) -> Refusal:
    """A number of something else: the bare number is only likely where neither is an amount."""
    scaled = split_unit(word)[0] > 1 or split_unit(unit)[0] > 1
    if not unit:
        return Refusal("kinds.number_no_unit", "" if scaled else only, found=word)
    likely = "" if scaled or "元" in word + unit else only
    return Refusal("kinds.number_unit", likely, unit=unit, found=word)
