"""Definition files: complete in two languages, and every mistake named where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from xltools.cli.shared.call_mistakes import sentence_of
from xltools.definition import LocalText, load_catalog, survey
from xltools.definition.default_settings import default_parameters, default_settings
from xltools.errors import DefinitionError
from xltools.expressions import verify
from xltools.ground.shipped import shipped
from xltools.locale import LANGUAGES, say


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    source = shipped("templates") / "expansion.toml"
    (tmp_path / "expansion.toml").write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


def edit(folder: Path, old: str, new: str) -> None:
    path = folder / "expansion.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def refusal(folder: Path) -> DefinitionError:
    with pytest.raises(DefinitionError) as caught:
        verify(load_catalog(folder))
    return caught.value


def test_the_shipped_definitions_load_and_every_expression_is_understood() -> None:
    catalog = load_catalog()
    assert sorted(catalog.definitions) == ["expansion", "goals", "plan", "settings"]
    verify(catalog)


def test_every_label_is_there_in_both_languages() -> None:
    for definition, sheet in load_catalog().sheets():
        texts = [definition.title, definition.about, sheet.title, sheet.about]
        texts += [column.label for column in sheet.columns]
        texts += [rule.message for rule in sheet.rules]
        assert all(text.zh.strip() and text.en.strip() for text in texts)


def test_labels_of_one_sheet_can_be_told_apart_in_each_language() -> None:
    for _, sheet in load_catalog().sheets():
        visible = [column for column in sheet.columns if not column.hidden]
        for lang in ("zh", "en"):
            labels = [column.label[lang] for column in visible]
            assert len(set(labels)) == len(labels), sheet.name


def test_every_typed_visible_column_shows_an_example() -> None:
    for _, sheet in load_catalog().sheets():
        for column in sheet.columns:
            if column.typed and not column.hidden:
                assert column.example is not None, f"{sheet.name}.{column.name}"


def test_shipped_choices_in_rows_are_choices_of_their_column() -> None:
    catalog = load_catalog()
    sheet = catalog.settings.sheet("metrics")
    names = {
        LocalText.__getitem__(row["metric"], "zh")
        if isinstance(row["metric"], LocalText)
        else row["metric"]
        for row in sheet.rows
    }
    assert 35 <= len(names) == len(sheet.rows)
    for row in sheet.rows:
        for name in ("dimension", "class", "basis", "cadence", "additive"):
            column = sheet.column(name)
            assert row[name] in catalog.choices(catalog.settings, column.choices)
        drives = row.get("drives")
        if drives is not None:
            assert (drives["zh"] if isinstance(drives, LocalText) else drives) in names


def test_default_settings_hold_library_and_parameters_in_both_languages() -> None:
    catalog = load_catalog()
    chinese, english = default_settings(catalog, "zh"), default_settings(catalog, "en")
    assert chinese.metrics[1].metric == "新增客户数"
    assert english.metrics[1].metric == "New customers"
    assert english.metrics[1].aliases == ("新增客户数",)
    assert default_parameters(catalog)["attainment_cap"] == 1.2


def test_an_unknown_key_is_refused_with_file_and_path(folder: Path) -> None:
    edit(folder, "required = true", "requried = true")
    fault = refusal(folder)
    assert fault.values["file"] == folder / "expansion.toml"
    assert fault.values["path"] == "stages.metric"
    assert fault.values["name"] == "requried"
    assert fault.values["near"] == "required"


@pytest.mark.parametrize(
    ("old", "new", "key", "said"),
    [
        ('kind = "text"', 'kind = "txt"', "errors.definition.unknown_near", "txt"),
        ('into = "tracking"', 'into = "tracing"', "errors.definition.unknown_near", "tracing"),
        ('source = "targets"', 'source = "goals"', "errors.definition.unknown", "goals"),
        ('choices = "phase"', 'choices = "phases"', "errors.definition.unknown_near", "phases"),
        ('unit_from = "unit"', 'unit_from = "units"', "errors.definition.unknown_near", "units"),
        (
            'source = "metrics.metric"',
            'source = "metrics.name"',
            "errors.definition.unknown_near",
            "metrics.name",
        ),
        ('name = "target_1"', 'name = "Target 1"', "errors.definition.bad_name", "Target 1"),
        ('name = "target_2"', 'name = "target_1"', "errors.definition.repeated", "target_1"),
        ('columns = ["leads"]', 'columns = ["lead"]', "errors.definition.unknown_near", "lead"),
        ('name = "expansion"', 'name = "expanse"', "errors.definition.name", "expanse"),
    ],
)
def test_a_wrong_name_is_named(folder: Path, old: str, new: str, key: str, said: str) -> None:
    edit(folder, old, new)
    fault = refusal(folder)
    assert fault.key == key
    assert said in str(fault.values["name"])


def test_a_mistake_in_an_expression_is_named(folder: Path) -> None:
    edit(folder, "completion >= 1 or", "completon >= 1 or")
    assert "completon" in str(refusal(folder))


REFUSED = [
    ('title = { zh = "市场拓展"', 'title = { zh = "目标管理"', "title_taken", "goals"),
    ('title = { zh = "周度执行跟踪"', 'title = { zh = "阶段目标"', "same_title", "阶段目标"),
    ('title = { zh = "周度执行跟踪"', 'title = { zh = "填写说明"', "same_title", "填写说明"),
    ('title = { zh = "周度执行跟踪"', f'title = {{ zh = "{"长" * 32}"', "long_title", "31"),
    ('title = { zh = "周度执行跟踪"', 'title = { zh = "周/度"', "odd_title", "周/度"),
    ('label = { zh = "负责人"', 'label = { zh = "指标"', "same_label", "指标"),
    ("min = 0", "min = 9, max = 2", "limits", "9"),
    ('else None", example = 1', 'else None", example = "很多"', "example", "很多"),
    ('name = "id"', 'name = "number"', "carry_without_id", "tracking"),
    ('plan = { zh = "计划"', 'plan = { zh = "执行"', "same_choice", "执行"),
    ('en = "Market expansion"', 'fr = "Expansion"', "no_en", "title"),
    ("version = 1", 'version = "1"', "needs_number", "version"),
    ("hidden = true", 'hidden = "yes"', "needs_truth", "hidden"),
    ("columns = [", "columns = 1\ncolumn = [", "needs_list", "stages"),
    ('lasts = "quarter"', 'lasts = "month"', "bad_value", "year"),
]


@pytest.mark.parametrize(("old", "new", "key", "said"), REFUSED)
def test_what_cannot_work_is_refused_with_its_place(
    folder: Path, old: str, new: str, key: str, said: str
) -> None:
    if old == 'lasts = "quarter"':
        edit(folder, 'name = "stages"', f'name = "stages"\n{old}')
    edit(folder, old, new)
    _, faults = survey(folder)
    found = [one for one in faults if one.key == f"errors.definition.{key}"]
    assert found, faults
    sentence = sentence_of(found[0])
    assert str(folder / "expansion.toml") in sentence
    assert said in sentence


@pytest.mark.parametrize(("one", "other"), [("A/B", "A:B"), ("计划A", "计划ａ"), ("A?", "A＿")])
def test_titles_that_file_names_cannot_tell_apart_are_refused(
    folder: Path, one: str, other: str
) -> None:
    edit(folder, 'title = { zh = "市场拓展"', f'title = {{ zh = "{one}"')
    text = (shipped("templates") / "goals.toml").read_text("utf-8")
    text = text.replace('title = { zh = "目标管理"', f'title = {{ zh = "{other}"', 1)
    (folder / "goals.toml").write_text(text, "utf-8")
    (fault,) = survey(folder)[1]
    assert fault.key == "errors.definition.title_taken"
    for lang in LANGUAGES:
        said = say(fault.key, lang, **fault.values)
        assert all(word in said for word in ("goals", "expansion"))


def test_every_mistake_is_told_at_once(folder: Path) -> None:
    edit(folder, "required = true", "requried = true")
    edit(folder, 'en = "Market expansion"', 'fr = "Expansion"')
    edit(folder, "hidden = true", 'hidden = "yes"')
    keys = {one.key.rpartition(".")[2] for one in survey(folder)[1]}
    assert keys == {"unknown_key_near", "unknown_key", "no_en", "needs_truth"}


def test_shipped_examples_are_what_their_columns_accept() -> None:
    assert survey(shipped("templates"))[1] == []


def test_a_mark_in_front_is_read_and_another_encoding_named(folder: Path) -> None:
    path = folder / "expansion.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text("\ufeff" + text, encoding="utf-8")
    load_catalog(folder)
    path.write_bytes(text.encode("gb18030"))
    assert refusal(folder).key == "errors.definition.in_gbk"
    path.write_bytes(b"\xff\xfe\x00\xff")
    assert refusal(folder).key == "errors.definition.not_utf8"


def test_text_that_is_no_toml_is_refused(folder: Path) -> None:
    edit(folder, "[[sheets]]", "[[sheets]")
    fault = refusal(folder)
    assert fault.key == "errors.definition.not_toml"
    line = (folder / "expansion.toml").read_text("utf-8").split("[[sheets]\n")[0].count("\n") + 1
    assert fault.values["line"] == str(line)


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError) as caught:
        load_catalog(tmp_path / "none")
    assert caught.value.key == "errors.definition.no_folder"
