"""Exchange: termbases from and for other tools, and what is lost on the way.

    write(entries, "tbx")             -> Exported(files, losses)
    read(raw, "csv", name, language)  -> Imported(entries, losses)

Each format is one module with `write` and `read`. Nothing is dropped in silence: what a format
cannot hold, and what of a file was not understood, is listed as losses.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pathlib import PurePath
from types import ModuleType
from typing import Final

from desk.errors import UsageError
from desk.phrase import phrase
from desk.terms.entry import Entry
from desk.terms.exchange.built import Exported, Imported, Loss

__all__ = ["FORMATS", "Exported", "Imported", "Loss", "format_of", "read", "write"]

FORMATS: Final = ("tbx", "csv", "vale", "prh")
_ENDINGS: Final = {".tbx": "tbx", ".xml": "tbx", ".csv": "csv", ".tsv": "csv"}


def format_of(name: str, raw: bytes = b"") -> str:
    """The format of a file by its ending, for YAML by its first keys. Raises UsageError."""
    ending = PurePath(name).suffix.lower()
    found = _ENDINGS.get(ending, "")
    if not found and ending in (".yml", ".yaml"):
        found = "vale" if b"extends:" in raw[:4096] else "prh" if b"rules:" in raw else ""
    if not found:
        raise UsageError(
            "Which format?", name, phrase("Say it: --format {formats}", formats="|".join(FORMATS))
        )
    return found


def write(entries: Iterable[Entry], format: str) -> Exported:
    """The entries as files of that format, and what it cannot hold. Raises UsageError."""
    exported = _module(format).write(tuple(entries))
    assert isinstance(exported, Exported)
    return exported


def read(raw: bytes, format: str, name: str, language: str = "") -> Imported:
    """The entries of a file, and what of it was not taken.

    `language` (vi or en) is for files that do not say theirs. Raises ConfigError with line and
    column when the file is malformed or too large, UsageError for an unknown format.
    """
    imported = _module(format).read(raw, name, language)
    assert isinstance(imported, Imported)
    return imported


def _module(format: str) -> ModuleType:
    if format not in FORMATS:
        raise UsageError(
            "Unknown format", format[:40], phrase("One of: {formats}", formats=", ".join(FORMATS))
        )
    return import_module(f"desk.terms.exchange.{format}")
