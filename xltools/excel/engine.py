"""XlsxWriter with its silent corners closed: exact numbers, safe text, fixed bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO, StringIO
from pathlib import Path
from shutil import copyfileobj
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from xlsxwriter import Workbook
from xlsxwriter.packager import Packager
from xlsxwriter.sharedstrings import SharedStrings, SharedStringTable
from xlsxwriter.worksheet import Worksheet

from xltools.excel.styles import FONT
from xltools.excel.text import escape, keeps_space

_RICH = "\x00"  # marks markup among plain strings, where a cleaned text cannot have it
_CALLED = re.compile(r"([A-Z][A-Z0-9.]*)\(")
_SAME_DATE = (1980, 1, 1, 0, 0, 0)
_CHUNK = 1 << 20


class EngineSheet(Worksheet):  # type: ignore[misc]
    """A worksheet whose numbers keep all digits and whose formulas are prepared quickly."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        if any(_is_future(name) for name in set(_CALLED.findall(formula))):
            return str(super()._prepare_formula(formula, expand_future_functions))
        return formula.removeprefix("{").removeprefix("=").removesuffix("}")

    def _xml_number_element(self, number: float, attributes: Any = ()) -> None:
        marks = "".join(f' {key}="{value}"' for key, value in attributes)
        self.fh.write(f"<c{marks}><v>{number!r}</v></c>")

    def _write_rich_string(self, row: int, col: int, *args: object) -> int:
        with self.str_table.rich():
            return int(super()._write_rich_string(row, col, *args))


class EngineBook(Workbook):  # type: ignore[misc]
    """A workbook that writes its package itself, the same bytes for the same content."""

    def __init__(self, stream: IO[bytes], *, folder: Path | None, level: int) -> None:
        options = {
            "in_memory": True,
            "strings_to_numbers": False,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "nan_inf_to_errors": False,
            "use_future_functions": True,
            "default_format_properties": {
                "font_name": FONT,
                "font_size": 10,
                "font_scheme": "none",
            },
        }
        super().__init__(BytesIO(), options)
        self.str_table = _StringTable()
        self._packager = _Packager(stream, folder, level)

    def _get_packager(self) -> _Packager:
        return self._packager


class _StringTable(SharedStringTable):  # type: ignore[misc]
    """Shared strings that cannot take a text ``<r>…</r>`` for markup."""

    def __init__(self) -> None:
        super().__init__()
        self._prefix = ""

    @contextmanager
    def rich(self) -> Iterator[None]:
        """Strings added meanwhile are markup."""
        self._prefix = _RICH
        try:
            yield
        finally:
            self._prefix = ""

    def _get_shared_string_index(self, string: str) -> int:
        return int(super()._get_shared_string_index(self._prefix + string))


class _StringPart(SharedStrings):  # type: ignore[misc]
    def _write_si(self, string: str) -> None:
        if string.startswith(_RICH):
            self.fh.write(f"<si>{string[1:]}</si>")
            return
        preserve = ' xml:space="preserve"' if keeps_space(string) else ""
        self.fh.write(f"<si><t{preserve}>{escape(string)}</t></si>")


class _Packager(Packager):  # type: ignore[misc]
    """Writes the archive to ``stream``; worksheets pass through ``folder`` when one is given."""

    def __init__(self, stream: IO[bytes], folder: Path | None, level: int) -> None:
        super().__init__()
        self._stream = stream
        self._folder = folder
        self._level = level

    def _filename(self, xml_filename: str) -> StringIO | str:
        place: StringIO | str = StringIO()
        if self._folder and xml_filename.startswith("xl/worksheets/sheet"):
            place = str(self._folder / xml_filename.replace("/", "-"))
        self.filenames.append((place, xml_filename, False))
        return place

    def _create_package(self) -> list[object]:
        """Write every part; nothing is left for the caller to write."""
        files = super()._create_package()
        with ZipFile(self._stream, "w", ZIP_DEFLATED, compresslevel=self._level) as archive:
            for place, name, is_binary in files:
                _store(archive, name, place, is_binary)
        return []

    def _write_shared_strings_file(self) -> None:
        if not self.workbook.str_table.count:
            return
        part = _StringPart()
        part.string_table = self.workbook.str_table
        part._set_xml_writer(self._filename("xl/sharedStrings.xml"))
        part._assemble_xml_file()


def _store(archive: ZipFile, name: str, place: Any, is_binary: bool) -> None:
    entry = ZipInfo(name, _SAME_DATE)
    entry.compress_type = ZIP_DEFLATED
    entry.create_system = 0
    if isinstance(place, str):
        with open(place, "rb") as source, archive.open(entry, "w", force_zip64=True) as member:
            copyfileobj(source, member, _CHUNK)
        Path(place).unlink()
        return
    content = place.getvalue()
    archive.writestr(entry, content if is_binary else content.encode("utf-8"))


@lru_cache(1024)
def _is_future(name: str) -> bool:
    """Whether a function must be stored with a prefix; XlsxWriter's own list decides."""
    probe = Worksheet()
    probe.use_future_functions = True
    call = f"{name}("
    return str(probe._prepare_formula(call)) != call
