"""XlsxWriter made strict: exact numbers, safe text, the same bytes for the same content."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO, StringIO
from pathlib import Path
from typing import IO, Any

from xlsxwriter import Workbook
from xlsxwriter.packager import Packager
from xlsxwriter.sharedstrings import SharedStrings, SharedStringTable
from xlsxwriter.worksheet import Worksheet

from xltools.excel.cell_text import text_element
from xltools.excel.package.zip_writer import DeflatedPart, ZipWriter
from xltools.excel.styles import FONT

_RICH = "\x00"  # marks markup among plain strings, where a cleaned text cannot have it
# Stored as they are, and most of all that is called: XlsxWriter need not be asked.
_USUAL = frozenset(
    (
        "ABS", "AND", "COUNT", "COUNTIFS", "DATE", "HYPERLINK", "IF", "IFERROR", "INDEX",
        "ISNUMBER", "LEFT", "MATCH", "MAX", "MIN", "NOT", "RIGHT", "ROUND", "SUBSTITUTE", "SUM",
        "SUMIFS", "TEXT", "TRIM", "VALUE",
    )
)  # fmt: skip
_CALLED = re.compile(r"([A-Z][A-Z0-9.]*)\(")


class _Empty(str):
    """A text that is told apart by being this object."""


EMPTY = _Empty("")  # a result that is known to be an empty text


class EngineSheet(Worksheet):
    """A worksheet whose numbers keep all digits and whose formulas are prepared quickly."""

    fh: Any
    str_table: Any

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        if calls_future(formula):
            prepare: Any = super()._prepare_formula
            return str(prepare(formula, expand_future_functions))
        return formula.removeprefix("{").removeprefix("=").removesuffix("}")

    def _xml_number_element(self, number: float, attributes: Any = ()) -> None:
        marks = "".join(f' {key}="{value}"' for key, value in attributes)
        self.fh.write(f"<c{marks}><v>{number!r}</v></c>")

    def _xml_formula_element(self, formula: str, result: Any, attributes: Any = ()) -> None:
        if result is EMPTY:
            attributes = [*attributes, ("t", "str")]
        super()._xml_formula_element(formula, result, attributes)

    def _write_rich_string(self, row: int, col: int, *args: object) -> int:
        with self.str_table.rich():
            return int(super()._write_rich_string(row, col, *args))


class EngineBook(Workbook):
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
        nowhere: Any = _Nowhere()
        super().__init__(nowhere, options)
        self.str_table = _StringTable()
        self._packager = _Packager(stream, folder, level)

    def _get_packager(self) -> _Packager:
        return self._packager


class _Nowhere:
    """Where XlsxWriter puts its empty archive after `_Packager` has written everything.

    Not a stream of the library: collected before XlsxWriter's archive, that one would complain.
    """

    def write(self, content: bytes) -> int:
        return len(content)

    def tell(self) -> int:
        return 0

    def seek(self, place: int, _whence: int = 0) -> int:
        return place

    def flush(self) -> None:
        pass


class _StringTable(SharedStringTable):
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
        index_of: Any = super()._get_shared_string_index
        return int(index_of(self._prefix + string))


class _StringPart(SharedStrings):
    fh: Any

    def _write_si(self, string: str) -> None:
        if string.startswith(_RICH):
            self.fh.write(f"<si>{string[1:]}</si>")
            return
        self.fh.write(f"<si>{text_element(string)}</si>")


class _Packager(Packager):
    """Writes the archive to ``stream``; worksheets pass through ``folder`` when one is given."""

    workbook: Any

    def __init__(self, stream: IO[bytes], folder: Path | None, level: int) -> None:
        super().__init__()
        self._stream = stream
        self._folder = folder
        self._level = level

    def _filename(self, xml_filename: str) -> StringIO:
        place = StringIO()
        if self._folder and xml_filename.startswith("xl/worksheets/sheet"):
            place = DeflatedPart(self._folder / xml_filename.replace("/", "-"), self._level)
        self.filenames.append((place, xml_filename, False))
        return place

    def _create_package(self) -> list[object]:
        """Write every part; nothing is left for the caller to write."""
        create: Any = super()._create_package
        try:
            self._archive(create())
        finally:
            for place, _, _ in self.filenames:
                place.close()
        return []

    def _archive(self, files: Iterable[tuple[StringIO | BytesIO, str, bool]]) -> None:
        archive = ZipWriter(self._stream, self._level)
        for place, name, _ in files:
            if isinstance(place, DeflatedPart):
                archive.add_deflated_part(name, place)
            elif isinstance(place, BytesIO):
                archive.add(name, place.getvalue())
            else:
                archive.add(name, place.getvalue().encode("utf-8", "backslashreplace"))
        archive.finish()

    def _write_shared_strings_file(self) -> None:
        if not self.workbook.str_table.count:
            return
        part = _StringPart()
        part.string_table = self.workbook.str_table
        part._set_xml_writer(self._filename("xl/sharedStrings.xml"))
        part._assemble_xml_file()


def calls_future(formulas: str) -> bool:
    """Whether formulas, one or many in one text, call a function that is stored with a prefix."""
    names = _CALLED.findall(formulas)
    return not _USUAL.issuperset(names) and any(map(_is_future, set(names)))


# XlsxWriter's list of functions is constant; bounded and safe in threads.
@lru_cache(1024)
def _is_future(name: str) -> bool:
    """XlsxWriter's own list decides."""
    probe: Any = Worksheet()
    probe.use_future_functions = True
    call = f"{name}("
    return bool(probe._prepare_formula(call) != call)
