"""A newsroom's own termbase: entries of its own and entries switched off, over the shipped ones.

It lies in `terms/` beside calendar.yaml: `vi.yaml`, `en.yaml` (termbase files) and `off.yaml`.
An entry with the id of a shipped one takes its place.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from desk.errors import ConfigError, Problem, Unavailable
from desk.terms.entry import LANGUAGES, Entry
from desk.terms.load import load_file
from desk.terms.plain import content, file_text
from desk.terms.termbase import Termbase, shipped
from desk.text import safe_text

FOLDER: Final = "terms"
OFF: Final = "off.yaml"
Key = tuple[str, str]
"""Language and id."""
_HEADING: Final = "Entries of this newsroom. desk terms add, propose and accept write this file."


@dataclass(frozen=True)
class Off:
    """An entry that is switched off, and why."""

    language: str
    id: str
    reason: str

    @property
    def key(self) -> Key:
        """Language and id."""
        return self.language, self.id


@dataclass(frozen=True)
class Overlay:
    """What a newsroom adds and switches off. Order does not count: both are sorted by key."""

    entries: tuple[Entry, ...] = ()
    off: tuple[Off, ...] = ()

    def __post_init__(self) -> None:
        entries = sorted(self.entries, key=lambda entry: (entry.language, entry.id))
        object.__setattr__(self, "entries", tuple(entries))
        object.__setattr__(self, "off", tuple(sorted(self.off, key=lambda one: one.key)))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical form: what signed changes name as base and after."""
        from desk.trust.canonical import digest

        return digest(
            {
                "entries": [content(entry) for entry in self.entries],
                "off": [{"language": o.language, "id": o.id, "reason": o.reason} for o in self.off],
            }
        )

    def over(self, base: Termbase) -> Termbase:
        """The base with this laid over it, in the order of the base, new entries last."""
        if not self.entries and not self.off:
            return base
        own = {(entry.language, entry.id): entry for entry in self.entries}
        gone = {one.key for one in self.off}
        kept = [own.pop(key, entry) for key, entry in base.by_id.items() if key not in gone]
        return Termbase([*kept, *(entry for key, entry in own.items() if key not in gone)])


def load(root: Path) -> Overlay:
    """The overlay of the newsroom in that folder; empty where it has none.

    Raises ConfigError with line and column, Unavailable.
    """
    folder = root / FOLDER
    files = [folder / f"{language}.yaml" for language in LANGUAGES]
    entries = [entry for file in files if file.is_file() for entry in load_file(file).entries]
    off = folder / OFF
    return Overlay(tuple(entries), _read_off(off) if off.is_file() else ())


def effective(root: Path | None) -> Termbase:
    """The termbase of a newsroom: shipped entries with its own over them. None: shipped only."""
    return shipped() if root is None else load(root).over(shipped())


def save(root: Path, overlay: Overlay) -> None:
    """Write the three files, each whole or not at all; a file without entries goes away.

    Raises Unavailable.
    """
    folder = root / FOLDER
    for language in LANGUAGES:
        own = [entry for entry in overlay.entries if entry.language == language]
        put(folder / f"{language}.yaml", file_text(language, own, _HEADING) if own else "")
    put(folder / OFF, _off_text(overlay.off) if overlay.off else "")


def put(path: Path, text: str) -> None:
    """Write a file whole or not at all, or take it away for ''. Raises Unavailable."""
    try:
        if not text:
            path.unlink(missing_ok=True)
            return
        _shared(path.parent)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".terms-")
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o664)
        os.replace(temporary, path)
    except OSError as error:
        raise Unavailable("The termbase cannot be written", f"{path}: {error.strerror}") from None


def _shared(folder: Path) -> None:
    """A folder where every desk of the newsroom writes: a colleague's change is put there too."""
    if folder.is_dir():
        return
    _shared(folder.parent)
    folder.mkdir(exist_ok=True)
    group = folder.parent.stat().st_gid
    if folder.stat().st_gid != group:
        # Who is not in the group of the newsroom's folder cannot give it away, and need not.
        with contextlib.suppress(PermissionError):
            os.chown(folder, -1, group)
    folder.chmod(0o2775)


def _off_text(off: Iterable[Off]) -> str:
    def quoted(text: str) -> str:
        return json.dumps(text, ensure_ascii=False)

    lines = ["# Shipped entries that do not count in this newsroom.", "format: 1", "", "off:"]
    lines += [
        f"  - {{language: {one.language}, id: {quoted(one.id)}, reason: {quoted(one.reason)}}}"
        for one in off
    ]
    return "\n".join(lines) + "\n"


def _read_off(path: Path) -> tuple[Off, ...]:
    from desk.newsroom.document import read_document

    try:
        document = read_document(path.read_bytes())
    except OSError as error:
        raise Unavailable("The termbase cannot be read", f"{path}: {error.strerror}") from None
    problems = list(document.problems)
    found: dict[Key, Off] = {}
    value = document.value
    listed = value.get("off") if isinstance(value, dict) else None
    if document.readable and not isinstance(listed, tuple):
        problems.append(Problem(1, 1, "expected format: 1 and a list off:", "See docs/termbase.md"))
    for at, one in enumerate(listed if isinstance(listed, tuple) else ()):
        mark = document.marks.value(("off", at))
        off = _off(one)
        if off is None or off.key in found:
            what = "expected {language, id, reason}, each entry once"
            problems.append(Problem(mark.line, mark.column, what))
        else:
            found[off.key] = off
    if problems:
        wrong = ConfigError(safe_text(path), problems)
        wrong.hint = "Mend it, or write it anew: desk terms off LANGUAGE ID --reason TEXT"
        raise wrong
    return tuple(found.values())


def _off(value: Any) -> Off | None:
    names = ("language", "id", "reason")
    if not isinstance(value, dict) or set(value) != set(names):
        return None
    given = [value[name] for name in names]
    if not all(isinstance(one, str) and one.strip() for one in given) or given[0] not in LANGUAGES:
        return None
    return Off(*given)
