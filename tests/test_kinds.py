"""What holds for every kind: cells stand alone, nothing raises, canonical text reads back."""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta

import pytest
from cn2an import an2cn
from conftest import is_empty
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from xltools.issues import Code
from xltools.kinds import KINDS, Setting, span_end, span_start
from xltools.kinds.base import Kind
from xltools.kinds.grammar.typed_days import FIRST, LAST
from xltools.kinds.typed_text import digits
from xltools.locale import LANGUAGES, say

PRIORITY = {
    "高": "high",
    "中": "medium",
    "低": "low",
    "high": "high",
    "medium": "medium",
    "low": "low",
}
UNITS = ["", "%", "1:X", "万元", "元", "家", "元/家", "千克"]
PIECES = [
    *"0123456789.,-/%:：％～~年月日号第季度QqHh至到零一二两三四五六七八九十百千万亿点成分之比元家",
    *[
        "百分之",
        "2024",
        "2023-07-10",
        "万元",
        "Q3",
        "上半年",
        "完成",
        "目标",
        " ",
        "\n",
        "　",
        "、",
        "张三",
    ],
    *["李四", "*", "(", ")", "高", "最", "July", "to", "￥", "N/A", "无", "—", "e5", "½", "²", "٣"],
]
TYPED = st.one_of(
    st.text(max_size=12),
    st.lists(st.sampled_from(PIECES), max_size=8).map("".join),
)
RAW = st.one_of(
    st.none(),
    TYPED,
    st.integers(),
    st.integers(-5, 50_000),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.sampled_from([10**400, -(10**400), 1e308, 2024.1, 20230703, 0.04583333333333333]),
)
SETTINGS = st.builds(
    Setting,
    unit=st.sampled_from(UNITS),
    year=st.sampled_from([None, 2023, 2024]),
    labels=st.just(PRIORITY),
    choice_labels=st.just(("高", "中", "低")),
)
NAMES = sorted(KINDS)


def same(one: object, other: object) -> bool:
    return type(one) is type(other) and one == other


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=150)
@given(cells=st.lists(st.tuples(RAW, st.booleans(), st.sampled_from([None, *UNITS]))), how=SETTINGS)
def test_a_cells_reading_never_depends_on_its_neighbours(
    name: str, cells: list[tuple[object, bool, str | None]], how: Setting
) -> None:
    kind = KINDS[name]
    values = [value for value, _, _ in cells]
    percent = {index for index, (_, formatted, _) in enumerate(cells) if formatted}
    units = [unit for _, _, unit in cells]
    whole = kind.parse(values, how, percent=percent, units=units)
    for index, value in enumerate(values):
        own = {0} if index in percent else set()
        alone = kind.parse([value], how, percent=own, units=[units[index]])
        assert same(whole.values[index], alone.values[0])
        found = [fault for fault in whole.faults if fault.index == index]
        assert [(f.text, f.value, f.suggestion) for f in found] == [
            (f.text, f.value, f.suggestion) for f in alone.faults
        ]


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=300)
@given(raw=RAW, how=SETTINGS, formatted=st.booleans())
def test_what_was_read_reads_back_from_its_text(
    name: str, raw: object, how: Setting, formatted: bool
) -> None:
    assume(not is_empty(raw))  # a program's word for nothing would look like a forgotten value
    kind = KINDS[name]
    parsed = kind.parse([raw], how, percent={0} if formatted else ())
    value = parsed.values[0]
    assert isinstance(value, str | int | float | date | None)
    assert not (isinstance(value, float) and not math.isfinite(value))
    for fault in parsed.faults:
        assert (value is None) == (fault.code in (Code.CELL_KIND, Code.CELL_CHOICE))
        for lang in LANGUAGES:
            say(fault.text, lang, **fault.details)
    if value is not None:
        again = kind.parse([kind.text(value, how.unit)], how)
        assert again.values == [value]
        assert again.faults == []


FINITE = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15)
DAYS = st.dates(FIRST, LAST)
SPANS = st.tuples(DAYS, DAYS).map(sorted).map(lambda pair: f"{pair[0]}/{pair[1]}")


@pytest.mark.parametrize("name", ["number", "percent", "ratio", "measure"])
@given(value=FINITE, unit=st.sampled_from(UNITS))
def test_every_float_survives_its_text(name: str, value: float, unit: str) -> None:
    kind = KINDS[name]
    parsed = kind.parse([kind.text(value, unit)], Setting(unit=unit))
    assert parsed.values == [value]
    assert parsed.faults == []


@given(day=DAYS, span=SPANS)
def test_days_and_spans_survive_their_text(day: date, span: str) -> None:
    assert KINDS["date"].parse([day.isoformat()], Setting()).values == [day]
    assert KINDS["span"].parse([day.isoformat()], Setting()).values == [day.isoformat()]
    read = KINDS["span"].parse([span], Setting()).values[0]
    assert isinstance(read, str)
    assert f"{span_start(read)}/{span_end(read)}" == span


@given(st.integers(-(10**12), 10**12))
def test_chinese_numerals_read_as_their_number(number: int) -> None:
    read = KINDS["number"].parse([an2cn(number)], Setting()).values
    assert read == [number]


@given(st.integers(1, 10**9), st.sampled_from(["万元", "元"]))
def test_amounts_in_yuan_agree_in_every_column(yuan: int, unit: str) -> None:
    said = [f"{yuan}元", f"{yuan:,}元", f"{digits(yuan / 10_000)}万元", f"￥{yuan}"]
    read = KINDS["number"].parse(list(said), Setting(unit=unit)).values
    wanted = yuan / 10_000 if unit == "万元" else yuan
    if unit == "万元" and yuan < 1_000_000:  # ￥200 may be 200 of either
        assert read.pop() is None
    assert read == pytest.approx([wanted] * len(read), rel=1e-12)


def test_times_that_were_ratios_are_read_back_or_refused() -> None:
    for many in range(1, 60):
        typed = time(1, many)
        assert KINDS["ratio"].parse([typed], Setting()).values == [many]
        assert KINDS["measure"].parse([typed], Setting(unit="1:X")).values == [many]
    for many in range(60, 300):
        lost = KINDS["ratio"].parse([timedelta(minutes=60 + many)], Setting())
        assert lost.values == [None]
        assert lost.faults[0].suggestion == f"1:{many}"
    assert KINDS["ratio"].parse([timedelta(seconds=67.7)], Setting()).values == [7.7]


def test_each_rows_own_unit_goes_before_the_columns() -> None:
    measures: list[object] = ["2,000,000元", 0.15, time(1, 6), "45家", "200万", "15%"]
    units = ["万元", "%", "1:X", "家", None, ""]
    parsed = KINDS["measure"].parse(measures, Setting(unit="万元"), percent={1}, units=units)
    assert parsed.values == [200, 0.15, 6, 45, 200, None]
    assert [fault.index for fault in parsed.faults] == [0, 2, 3, 4, 5]
    assert parsed.faults[-1].text == "kinds.number_percent"


def test_true_and_one_are_not_the_same_cell() -> None:
    assert KINDS["number"].parse([1, True, 1.0], Setting()).values == [1, None, 1]


def test_lost_digits_are_refused_and_typed_ones_are_kept() -> None:
    parsed = KINDS["text"].parse(["110101199003074514", 1.1010119900307451e17], Setting())
    assert parsed.values == ["110101199003074514", None]
    assert [fault.text for fault in parsed.faults] == ["kinds.digits_lost"]


def test_a_long_cell_is_refused_quickly() -> None:
    for name in NAMES:
        for text in (
            "1" * 32_767,
            "1,234" * 6_000,
            "九成" * 16_000,
            "2024-" * 6_500,
            "张 " * 16_000,
        ):
            KINDS[name].parse([text], Setting(unit="万元", year=2024))


@pytest.mark.parametrize("name", NAMES)
def test_a_kind_tells_how_excel_shows_and_guards_it(name: str) -> None:
    kind: Kind = KINDS[name]
    assert kind.number_format("%" if name == "measure" else "")
    for lang in LANGUAGES:
        assert say(kind.hint(), lang)
        rule = kind.cell_rule("$D$1000")
        # Excel takes no longer formula here.
        assert rule is None or len(rule.formula) <= 250
        assert rule is None or say(rule.message, lang)
    listed = kind.cell_rule("D8", list_name="lst_names")
    assert listed is not None
    assert (listed.validate, listed.formula) == ("list", "lst_names")


def test_limits_of_the_column_narrow_the_cell_rule() -> None:
    rule = KINDS["integer"].cell_rule("D8", minimum=1, maximum=5)
    assert rule is not None
    assert (rule.validate, rule.minimum, rule.maximum) == ("whole", 1, 5)
    wide = KINDS["number"].cell_rule("D8", minimum=0)
    assert wide is not None
    assert (wide.minimum, wide.maximum) == (0, 1e15)


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("number", [45.0], ["45家"]),
        ("integer", [45.0], ["45家", 4.5]),
        ("percent", [0.9, 1.2], ["90%", 60.0]),
        ("ratio", [7.7, 0.0, "1:7.7", "1：7.7"], ["x", 0.04583333333333333]),
        ("measure", [0.15, 45.0], ["45家"]),
        ("date", [date(2023, 7, 3)], ["7月3日", 45.0]),
        ("span", ["2023-07-03", "2023-07-10/2023-07-12", "2023-07-10-12"], [2024.1, "3月底"]),
        ("person", ["张*"], ["张、赵", "张三/李四"]),
    ],
)
def test_the_live_check_agrees_with_the_reader(
    name: str, good: list[object], bad: list[object], tmp_path: object
) -> None:
    ironcalc = pytest.importorskip("ironcalc")
    model = ironcalc.create("check", "en", "UTC", "en")
    for row, value in enumerate([*good, *bad], start=1):
        typed = (value - date(1899, 12, 30)).days if isinstance(value, date) else value
        # An apostrophe keeps what looks like a time a text.
        model.set_user_input(0, row, 1, f"'{typed}" if isinstance(typed, str) else str(typed))
        model.set_user_input(0, row, 2, "=" + KINDS[name].valid_formula(f"A{row}"))
    model.evaluate()
    shown = [model.get_formatted_cell_value(0, row + 1, 2) for row in range(len(good) + len(bad))]
    assert shown == ["TRUE"] * len(good) + ["FALSE"] * len(bad)


def test_datetimes_at_midnight_are_days() -> None:
    parsed = KINDS["span"].parse([datetime(2023, 7, 3), datetime(2023, 7, 3, 8)], Setting())
    assert parsed.values == ["2023-07-03"] * 2
    assert [fault.text for fault in parsed.faults] == ["kinds.time_dropped"]
