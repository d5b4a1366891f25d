"""Files in and out: reading a foreign termbase from disk, writing an export to a file or folder."""

from __future__ import annotations

from pathlib import Path

from desk.errors import Conflict, NotFound, Unavailable, UsageError
from desk.terms.exchange import format_of, read
from desk.terms.exchange.built import LARGEST, Exported, Imported


def read_path(path: Path, format: str = "", language: str = "") -> Imported:
    """The entries of a file. `format` '' is told by its ending.

    Raises NotFound, Unavailable, UsageError, ConfigError.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise NotFound("There is no such file", str(path)) from None
    except OSError as error:
        raise Unavailable("The file cannot be read", f"{path}: {error.strerror}") from None
    return read(raw, format or format_of(path.name, raw), path.name, language)


def write_path(path: Path, exported: Exported, *, replace: bool = False) -> list[Path]:
    """Write an export: one file to `path`, several into the folder `path`.

    Raises Conflict where there is a file already (unless `replace`), UsageError, Unavailable.
    """
    if not exported.files:
        raise UsageError("Nothing to write", "no entry has a form that this format can hold")
    folder = path.is_dir() or len(exported.files) > 1
    targets = {path / name if folder else path: raw for name, raw in exported.files.items()}
    try:
        if folder:
            path.mkdir(parents=True, exist_ok=True)
        if not replace and (there := [str(one) for one in targets if one.exists()]):
            raise Conflict("There is a file already", ", ".join(there), "Add --force to replace it")
        for target, raw in targets.items():
            target.write_bytes(raw)
    except OSError as error:
        raise Unavailable("The file cannot be written", f"{path}: {error.strerror}") from None
    return list(targets)
