"""What went wrong as one sentence in a language: the same on a terminal and in a browser."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from xltools.errors import FileRefused, XltoolsError, XltoolsWarning
from xltools.locale import knows, say


def fault_sentence(fault: XltoolsError | XltoolsWarning, lang: str) -> str:
    """An error as its reader sees it."""
    values = {name: _shown(value, lang) for name, value in fault.values.items()}
    key = fault.key if knows(fault.key) else f"errors.{fault.key}"
    return say(key, lang, **values)


def system_sentence(fault: OSError, lang: str) -> str:
    """The sentence for an error of the system: a full disk, a folder that is gone."""
    reason = system_reason(fault, lang)
    if fault.filename:
        return say("faults.system_at", lang, path=_shown(fault.filename, lang), reason=reason)
    return say("faults.system", lang, reason=reason)


def system_reason(fault: OSError, lang: str) -> str:
    """Why the system refused; in its own words where it is none of the usual reasons."""
    from xltools.excel.input_paths import error_number  # --help does without it

    key = f"system.{errno.errorcode.get(error_number(fault, str(fault.filename or '')))}"
    return say(key, lang) if knows(key) else fault.strerror or str(fault)


def any_sentence(fault: Exception, lang: str) -> str:
    """The sentence for whatever was raised; a mistake of the program's own goes into a log."""
    if isinstance(fault, XltoolsError):
        return fault_sentence(fault, lang)
    if isinstance(fault, OSError):
        return system_sentence(fault, lang)
    detail = f"{type(fault).__name__}: {fault}"
    return say("faults.unexpected", lang, detail=detail, log=_log(fault))


def _shown(value: object, lang: str) -> str:
    if isinstance(value, list):
        return say("check.comma", lang).join(_shown(one, lang) for one in value)
    if isinstance(value, XltoolsError):
        return fault_sentence(value, lang)
    if isinstance(value, FileRefused):
        return say(value.reason, lang, **value.values)
    if isinstance(value, OSError):
        return system_reason(value, lang)
    return os.fsencode(str(value)).decode("utf-8", "replace")


def _log(fault: Exception) -> Path:
    """The traceback of an exception, in a file of its own."""
    import tempfile
    import time
    import traceback

    # Only the user may read it, and nobody can have laid out a link of that name.
    handle, path = tempfile.mkstemp(".log", f"xltools-{time.strftime('%Y%m%d-%H%M%S')}-")
    with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as stream:
        stream.write("".join(traceback.format_exception(fault)))
    return Path(path)
