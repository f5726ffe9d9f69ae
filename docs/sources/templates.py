"""Every workbook as a data dictionary, and the parameters."""

from __future__ import annotations

from sources.words import code, table, told
from xltools.cli.shared.description import markdown
from xltools.cli.shared.run_language import choose
from xltools.definition import load_catalog


def names() -> list[str]:
    """The workbooks that there are."""
    return list(load_catalog().definitions)


def page(name: str, lang: str) -> str:
    """The page of one workbook."""
    choose(["--lang", lang])
    catalog = load_catalog()
    first, *rest = markdown(catalog, catalog[name], lang).splitlines()
    about = told("pages")["templates"]["about"][lang].format(name=name)
    return "\n".join([first, "", about, *rest])


def parameters(lang: str) -> str:
    """The page of all parameters with their defaults."""
    words = {name: both[lang] for name, both in told("pages")["parameters"].items()}
    sheet = load_catalog()["settings"].sheet("parameters")
    rows = [
        (
            code(str(row["name"])),
            _in(row["parameter"], lang),
            _shown(row["value"], row.get("unit")),
            _in(row.get("unit", ""), lang),
            _in(row["meaning"], lang),
        )
        for row in sheet.rows
    ]
    heads = [words[name] for name in ("name", "label", "value", "unit", "meaning")]
    return "\n".join([f"# {words['title']}", "", words["about"], "", *table(heads, rows)])


def _in(text: object, lang: str) -> str:
    return text if isinstance(text, str) else str(text[lang])  # type: ignore[index]


def _shown(value: object, unit: object) -> str:
    number = float(str(value))
    return f"{number * 100:g}%" if unit == "%" else f"{number:g}"
