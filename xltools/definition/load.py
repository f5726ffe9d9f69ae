"""Definition files → `Catalog`; a mistake names the file, the place in it and what to do."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import msgspec

from xltools.definition.catalog import Catalog
from xltools.definition.definition_mistakes import between, mistakes
from xltools.definition.definition_model import Definition
from xltools.definition.file_shape import Mistake, shape_mistakes
from xltools.errors import DefinitionError
from xltools.ground.shipped import shipped

_NAMES_IN_NAMES = re.compile(r"(?:[\w-]++\s*+\.\s*+){50}")
_PLACE = re.compile(r"at line (\d+), column (\d+)")


def load_catalog(folder: Path | None = None) -> Catalog:
    """The shipped definitions, with those of ``folder`` in place of or beside them.

    Raises the first `DefinitionError`.
    """
    catalog, faults = survey(folder)
    if faults:
        raise faults[0]
    return catalog


def survey(folder: Path | None = None) -> tuple[Catalog, list[DefinitionError]]:
    """The definitions that can be read, and every mistake of every file."""
    files = {path.stem: path for path in sorted(shipped("templates").glob("*.toml"))}
    definitions = {name: _definition(path) for name, path in files.items()}
    faults: list[DefinitionError] = []
    own: list[str] = []
    if folder is not None and not folder.is_dir():
        raise DefinitionError("errors.definition.no_folder", path=folder)
    for path in sorted(folder.glob("*.toml")) if folder is not None else ():
        try:
            definitions[path.stem] = _definition(path)
        except _MistakesError as mistaken:
            faults += mistaken.faults
        else:
            files[path.stem] = path
            own.append(path.stem)
    catalog = Catalog(definitions)
    found = [(name, one) for name in files for one in mistakes(catalog, definitions[name])]
    for name in own:  # kinds take a moment to import; the shipped examples are proven by tests
        from xltools.definition.shipped_examples import refused_examples

        found += [(name, one) for one in refused_examples(catalog, definitions[name])]
    found += between(sorted(catalog, key=lambda one: one.name in own))
    for name, (key, values) in found:
        faults.append(DefinitionError(key, file=files[name], **values))
    return catalog, faults


class _MistakesError(Exception):
    """What keeps one file from being a definition at all."""

    def __init__(self, path: Path, *found: Mistake) -> None:
        super().__init__(path)
        self.faults = [DefinitionError(key, file=path, **values) for key, values in found]


def _definition(path: Path) -> Definition:
    raw = _content(path)
    try:
        definition = msgspec.convert(raw, Definition)
    except msgspec.ValidationError as error:
        named: Mistake = ("errors.definition.shape", {"reason": str(error)})
        raise _MistakesError(path, *(list(shape_mistakes(raw)) or [named])) from error
    if definition.name != path.stem:
        values: dict[str, object] = {"name": definition.name, "expected": path.stem}
        raise _MistakesError(path, ("errors.definition.name", values))
    return definition


def _content(path: Path) -> dict[str, object]:
    """The parsed TOML of a file, with or without a byte order mark."""
    try:
        content = path.read_bytes()
        return _parsed(content.decode("utf-8-sig").replace("\r\n", "\n"))
    except OSError as error:
        raise _MistakesError(path, ("errors.definition.unreadable", {"reason": error})) from error
    except UnicodeDecodeError as error:
        raise _MistakesError(path, (f"errors.definition.{_encoding(content)}", {})) from error
    except RecursionError as error:
        raise _MistakesError(path, ("errors.definition.nested", {})) from error
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        line, column = place.groups() if place else (content.count(b"\n") + 1, 1)
        values: dict[str, object] = {"line": line, "column": column}
        raise _MistakesError(path, ("errors.definition.not_toml", values)) from error


def _parsed(text: str) -> dict[str, object]:
    """The file's tables; RecursionError where they are nested without end."""
    if _NAMES_IN_NAMES.search(text):  # for these Python's parser takes hours
        raise RecursionError
    return tomllib.loads(text)


def _encoding(content: bytes) -> str:
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return "not_utf8"
    return "in_gbk"
