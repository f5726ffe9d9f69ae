"""A workbook as Excel itself would have saved it: shared texts, attributes of its own."""

from __future__ import annotations

import re
from pathlib import Path

from xltools.excel.package.workbook_package import Package

_TEXTS = "xl/sharedStrings.xml"
_INLINE = re.compile(r' t="inlineStr"><is>(.*?)</is></c>', re.DOTALL)
_OWN = (
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac" '
    'xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"'
)


def write_excel_like(source: Path, target: Path) -> Path:
    """The workbook anew, with the same values."""
    package = Package(source.read_bytes())
    texts = package.text(_TEXTS)
    shared = texts.count("<si>")
    added: list[str] = []

    def share(match: re.Match[str]) -> str:
        added.append(f"<si>{match[1]}</si>")
        return f' t="s"><v>{shared + len(added) - 1}</v></c>'

    for name in package.names:
        if name.startswith("xl/worksheets/sheet"):
            text = _INLINE.sub(share, package.text(name))
            text = text.replace("<worksheet", f"<worksheet{_OWN}", 1)
            text = text.replace("<row ", '<row x14ac:dyDescent="0.3" ')
            package.replace(name, text)
    texts = re.sub(r' (?:uniqueC|c)ount="\d+"', "", texts, count=2)
    package.replace(_TEXTS, texts.replace("</sst>", "".join(added) + "</sst>"))
    target.write_bytes(package.save())
    return target
