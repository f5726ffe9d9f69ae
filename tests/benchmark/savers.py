"""The same workbooks as other programs save them: no team sends our own file untouched."""

from __future__ import annotations

import re
import shutil
import subprocess
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl

OFFICE = shutil.which("soffice")
_STRINGS = "xl/sharedStrings.xml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ROOT = (
    f'<worksheet xmlns="{_MAIN}" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'mc:Ignorable="x14ac xr xr2 xr3" '
    'xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac" '
    'xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision" '
    'xmlns:xr2="http://schemas.microsoft.com/office/spreadsheetml/2015/revision2" '
    'xmlns:xr3="http://schemas.microsoft.com/office/spreadsheetml/2016/revision3">'
)
_INLINE = re.compile(r't="inlineStr"((?: \w+="\w+")*)><is>(.*?)</is></c>', re.DOTALL)
_WHOLE = re.compile(
    r'(<c r="[A-Z]+[0-9]+"(?: s="[0-9]+")?(?: t="n")?>'
    r"(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?<v>-?[0-9]+)\.0</v>"
)
_ROW = re.compile(r'<row r="([0-9]+)"((?: [\w:]+="[^"]*")*)(/?)>')
_TOGETHER = 100  # workbooks that one start of LibreOffice converts


def excel_like(content: bytes) -> bytes:
    """As Excel writes it: strings shared, spans and descents at rows, extensions at the root."""
    with ZipFile(BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    strings = _Strings(parts)
    for name in parts:
        if re.fullmatch(r"xl/worksheets/sheet[0-9]+\.xml", name):
            parts[name] = _sheet(parts[name].decode("utf-8"), strings).encode("utf-8")
    strings.write()
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return target.getvalue()


class _Strings:
    """A workbook's table of strings, to which those of its cells are added."""

    def __init__(self, parts: dict[str, bytes]) -> None:
        self.parts = parts
        text = parts.get(_STRINGS, b"").decode("utf-8")
        self.entries = re.findall(r"<si>.*?</si>|<si/>", text, re.DOTALL)
        self.index = {entry: at for at, entry in reversed(list(enumerate(self.entries)))}

    def take(self, inside: str) -> int:
        """The index of a string, given as what an inline string holds."""
        entry = f"<si>{inside}</si>"
        if entry not in self.index:
            self.index[entry] = len(self.entries)
            self.entries.append(entry)
        return self.index[entry]

    def write(self) -> None:
        """Put the table into the package; list it where it is a new part."""
        if _STRINGS not in self.parts and self.entries:
            kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
            link = (
                "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
            )
            self._list(
                "[Content_Types].xml", f'<Override PartName="/{_STRINGS}" ContentType="{kind}"/>'
            )
            self._list(
                "xl/_rels/workbook.xml.rels",
                f'<Relationship Id="rIdStrings" Type="{link}" Target="sharedStrings.xml"/>',
            )
        count = len(self.entries)
        self.parts[_STRINGS] = (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
            f'<sst xmlns="{_MAIN}" count="{count}" uniqueCount="{count}">'
            f"{''.join(self.entries)}</sst>"
        ).encode()

    def _list(self, name: str, entry: str) -> None:
        before, end, rest = self.parts[name].decode("utf-8").rpartition("</")
        self.parts[name] = f"{before}{entry}{end}{rest}".encode()


def _sheet(text: str, strings: _Strings) -> str:
    text = re.sub(r"<worksheet [^>]*>", _ROOT, text, count=1)
    text = _INLINE.sub(lambda cell: f't="s"{cell[1]}><v>{strings.take(cell[2])}</v></c>', text)
    text = _WHOLE.sub(r"\1</v>", text)
    width = text.partition("<sheetData>")[2].count("<c ") or 1
    return _ROW.sub(lambda row: _row(row, min(width, 26)), text)


def _row(row: re.Match[str], width: int) -> str:
    spans = "" if "spans=" in row[2] else f' spans="1:{width}"'
    return f'<row r="{row[1]}"{spans}{row[2]} x14ac:dyDescent="0.25"{row[3]}>'


def openpyxl_saved(content: bytes) -> bytes:
    """As openpyxl writes it: formulas in each row, none with a value."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(BytesIO(content))
        target = BytesIO()
        book.save(target)
    return target.getvalue()


def libreoffice_saved(paths: Sequence[Path], folder: Path) -> None:
    """As LibreOffice writes them: formulas and attributes written out in each row."""
    assert OFFICE is not None
    with TemporaryDirectory() as home:
        profile = f"-env:UserInstallation={Path(home, 'profile').as_uri()}"
        command = [OFFICE, profile, "--headless", "--norestore"]
        command += ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder)]
        for start in range(0, len(paths), _TOGETHER):
            some = list(map(str, paths[start : start + _TOGETHER]))
            subprocess.run([*command, *some], check=True, capture_output=True)


SAVERS: dict[str, Callable[[bytes], bytes] | None] = {
    "Excel (like)": excel_like,
    "LibreOffice": None,  # converts many at once
    "openpyxl": openpyxl_saved,
}


def save_as(saver: str, paths: Sequence[Path], folder: Path) -> None:
    """Each workbook as that program saves it, under its own name, unless it is there."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = [path for path in paths if not (folder / path.name).exists()]
    convert = SAVERS[saver]
    if convert is None:
        if missing:
            libreoffice_saved(missing, folder)
        return
    with ProcessPoolExecutor() as pool:
        contents = pool.map(convert, [path.read_bytes() for path in missing], chunksize=4)
        for path, content in zip(missing, contents, strict=True):
            (folder / path.name).write_bytes(content)
