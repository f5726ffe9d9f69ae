"""A workbook is known by four marks, and still by any one of them."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any

import msgspec
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xltools.excel.identity import (
    DEFINED_NAME,
    HIDDEN_SHEET,
    Identity,
    decode,
    encode,
    key_row,
    read_identity,
    write_identity,
)
from xltools.excel.writing.workbook_writer import Book

US = Identity(template="goals", version=2, team="市场|一部\\", period="2024Q3", lang="zh")
OTHER = msgspec.structs.replace(US, team="销售部")

names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)


@given(names, st.integers(0, 999), names)
def test_an_identity_survives_being_written(team: str, version: int, lang: str) -> None:
    told = Identity(
        template="goals", version=version, team=team.strip(), period="2024Q3", lang=lang.strip()
    )
    decoded = decode(encode(told))
    if told.lang == "" or told.lang != told.lang.strip():
        return
    assert decoded == told


@pytest.mark.parametrize(
    "text", ["", "xltools", "xltools|goals|v1|a|b", "other|goals|v1|a|b|zh", "xltools|g|vx|a|b|zh"]
)
def test_other_text_is_no_identity(text: str) -> None:
    assert decode(text) is None


def places(identity: Identity = US) -> Any:
    """What a reader finds in a workbook that we wrote."""
    stream = io.BytesIO()
    with Book(stream, created=datetime(2024, 7, 1)) as book:
        sheet = book.sheet("目标对齐")
        for column, text in enumerate(key_row(identity, "alignment", ["sales_goal"]), 1):
            sheet.text(5, column, text)
        write_identity(book, identity)
    loaded: Any = openpyxl.load_workbook(stream)
    assert loaded[HIDDEN_SHEET].sheet_state == "veryHidden"
    properties = {each.name: str(each.value) for each in loaded.custom_doc_props.props}
    defined = {name: str(each.attr_text) for name, each in loaded.defined_names.items()}
    sheets = [(ws.title, list(ws.iter_rows(values_only=True))) for ws in loaded]
    return properties, defined, sheets


def test_all_four_marks_are_written_and_agree() -> None:
    properties, defined, sheets = places()
    assert read_identity(properties, defined, sheets) == (US, [])


@pytest.mark.parametrize("only", ["sheet", "properties", "name", "keys"])
def test_any_one_mark_is_enough(only: str) -> None:
    properties, defined, sheets = places()
    kept = {"sheet": sheets[1:], "keys": sheets[:1]}.get(only, [])
    found = read_identity(
        properties if only == "properties" else {},
        defined if only == "name" else {},
        kept,
    )
    assert found == (US, [])


def test_marks_that_disagree_are_named() -> None:
    properties, defined, sheets = places()
    others = places(OTHER)
    assert read_identity(others[0], defined, sheets) == (US, ["properties"])
    assert read_identity(properties, others[1], []) == (US, ["name"])
    mixed = [*sheets, ("副本", others[2][0][1])]
    assert read_identity(properties, defined, mixed) == (US, ["keys:副本"])


def test_without_marks_there_is_no_identity() -> None:
    assert read_identity({}, {DEFINED_NAME: "'Sheet'!$A$1"}, [("a", [["x", 1, None]])]) == (
        None,
        [],
    )


def test_a_version_that_a_program_made_a_number_is_read() -> None:
    properties, _, _ = places()
    properties["xltools.version"] = "2.0"
    assert read_identity(properties, {}, [])[0] == US


def test_a_long_team_name_still_has_three_marks() -> None:
    long = msgspec.structs.replace(US, team="长" * 240)
    properties, defined, sheets = places(long)
    assert DEFINED_NAME not in defined
    assert read_identity(properties, defined, sheets) == (long, [])


def test_equal_identities_give_equal_bytes() -> None:
    def made() -> bytes:
        stream = io.BytesIO()
        with Book(stream, created=datetime(2024, 7, 1)) as book:
            write_identity(book, US)
        return stream.getvalue()

    assert made() == made()
    assert {info.date_time for info in zipfile.ZipFile(io.BytesIO(made())).infolist()} == {
        (1980, 1, 1, 0, 0, 0)
    }
