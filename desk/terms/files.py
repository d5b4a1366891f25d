"""Text files as they are checked: found, read strictly, their language guessed, written whole."""

from __future__ import annotations

import os
import re
import stat
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from desk.errors import NotFound, Problem, Unavailable
from desk.phrase import phrase
from desk.terms.markup import Markup, markup_of

LARGEST: Final = 32 * 1024 * 1024
"""Bytes of a file that is checked at once: a hundred long books, and bounded memory."""
SUFFIXES: Final = frozenset({".md", ".markdown", ".txt", ".html", ".htm", ".xhtml"})
"""What is taken from a folder; a file that is named is taken whatever it is called."""
_SAMPLE: Final = 20_000
_MARKED = re.compile("[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹàáãèéìíòóõùúýĩũ]")
_NAMED = re.compile(r"[._-](vi|en)(?=[._-]|$)", re.IGNORECASE)
_SAID = re.compile(r"<html[^<>]{0,200}\blang=[\"']?(vi|en)\b|\A---\n(?:.*\n){0,40}?lang(?:uage)?: ?"
                   r"[\"']?(vi|en)\b", re.IGNORECASE)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file that was read, or the problem why it was not. `name` is how it was named."""

    name: str
    text: str = ""
    markup: Markup = "plain"
    problem: Problem | None = None


def found(paths: Iterable[str]) -> Iterator[str]:
    """The files that paths name: folders give their text files, hidden ones left out, in order.

    What does not exist is given as it is: reading it tells the problem.
    """
    for path in paths:
        if path == "-" or not os.path.isdir(path):
            yield path
            continue
        for folder, folders, files in os.walk(path):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(files):
                if Path(name).suffix.lower() in SUFFIXES and not name.startswith("."):
                    yield os.path.join(folder, name)


def read_file(name: str) -> TextFile:
    """Read a file. Never raises: a file that cannot be checked carries its problem."""
    try:
        with open(name, "rb", opener=_at_once) as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                return TextFile(name, problem=Problem(1, 1, "this is not a regular file"))
            raw = stream.read(LARGEST + 1)
    except FileNotFoundError:
        return TextFile(name, problem=Problem(1, 1, "there is no such file"))
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        return TextFile(name, problem=Problem(1, 1, phrase("it cannot be read: {why}", why=why)))
    return read_bytes(raw, name)


def _at_once(name: str, flags: int) -> int:
    """Open without waiting for the other end of a pipe that nobody may ever write to."""
    return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))


def read_bytes(raw: bytes, name: str, markup: Markup | None = None) -> TextFile:
    """Text from bytes: UTF-8, no NUL, not endless. Lines and columns of a problem count from 1."""
    markup = markup or markup_of(name)
    if len(raw) > LARGEST:
        large = phrase("the text has more than {most} bytes", most=f"{LARGEST:,}")
        return TextFile(name, problem=Problem(1, 1, large, "Check it in parts"))
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return TextFile(name, problem=Problem(1, 1, "this is UTF-16", "Save the file as UTF-8"))
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = _place(raw[: error.start].decode("utf-8"))
        odd = phrase("the byte {byte} is not UTF-8", byte=f"{raw[error.start]:#04x}")
        return TextFile(name, problem=Problem(line, column, odd, "Save the file as UTF-8"))
    nul = text.find("\0")
    if nul >= 0:
        what, hint = "a NUL character", "Take it out; is this a text file?"
        return TextFile(name, problem=Problem(*_place(text[:nul]), what, hint))
    return TextFile(name, text, markup)


def _place(before: str) -> tuple[int, int]:
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def language_of(text: str, name: str = "") -> str:
    """Vietnamese or English, by the name (report.en.md), else the page, else the letters."""
    named = _NAMED.findall(os.path.basename(name))
    if named:
        return str(named[-1]).lower()
    sample = text[:_SAMPLE]
    said = _SAID.search(sample)
    if said:
        return (said[1] or said[2]).lower()
    low = unicodedata.normalize("NFC", sample).casefold()
    letters = sum(map(str.isalpha, low))
    return "en" if letters and len(_MARKED.findall(low)) * 8 < letters else "vi"


def write_file(name: str, text: str) -> None:
    """Write a file whole or not at all, with the rights it had. Raises NotFound, Unavailable."""
    path = os.path.realpath(name)
    try:
        mode = stat.S_IMODE(os.stat(path).st_mode)
        handle, new = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".desk-terms-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            os.chmod(new, mode)
            os.replace(new, path)
        except BaseException:
            os.unlink(new)
            raise
    except FileNotFoundError:
        raise NotFound(phrase("There is no such file"), name) from None
    except OSError as error:
        why = f"{name}: {error.strerror}"
        raise Unavailable(phrase("The file cannot be written"), why) from None
