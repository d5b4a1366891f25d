"""The catalogue files: gather messages from the code, merge them, compile, and say what is amiss.

Uses Babel, and only here: reading a compiled catalogue needs nothing but the standard library.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from desk.locales import DOMAIN, FOLDER, LANGUAGES
from desk.locales.gather import covered
from desk.locales.gather_help import helped_under
from desk.locales.words import every

ROOT = FOLDER.parent.parent
SOURCES = ("desk", "screens")
_VALUE = re.compile(r"\{(\w+)[^{}]*\}")
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
Key = tuple[str, str | tuple[str, ...]]
_KEYWORDS: dict[str, Any] = {"_": None, "N_": None, "ngettext": (1, 2)}


@dataclass(frozen=True)
class Fault:
    """One thing amiss in one catalogue: `missing`, `stale`, `untranslated`, `other values` (than
    the message has) or `not compiled`.
    """

    language: str
    what: str
    message: str

    def __str__(self) -> str:
        return f"{self.language}: {self.what}: {self.message}"


def _named(catalogue: Catalog, code: str) -> Catalog:
    """The catalogue with a header that names Desk and no placeholders."""
    catalogue.header_comment = f"# Desk in {LANGUAGES[code]}."
    catalogue.project, catalogue.version = "Desk", "1"
    catalogue.last_translator = catalogue.language_team = "Desk newsroom"
    catalogue.msgid_bugs_address = "none"
    catalogue.creation_date = catalogue.revision_date = _EPOCH  # git knows the dates
    catalogue.fuzzy = False
    return catalogue


def po_path(code: str) -> Path:
    """Where the source of a catalogue lies."""
    return FOLDER / code / "LC_MESSAGES" / f"{DOMAIN}.po"


def gather(root: Path = ROOT) -> Catalog:
    """Every message that the code marks, as an empty catalogue. Plural forms are tuples."""
    found = Catalog(domain=DOMAIN, project="Desk", charset="utf-8")
    for folder in SOURCES:
        for name, line, message, comments, context in extract_from_dir(
            root / folder, method_map=[("**.py", "python")], keywords=_KEYWORDS
        ):
            place = (f"{folder}/{Path(name).as_posix()}", line)
            found.add(message, locations=[place], auto_comments=comments, context=context)
    for path, text in covered(root):
        if not text.mute:
            found.add(text.text, locations=[(path.relative_to(root).as_posix(), text.line)])
    for path, help_text, line in helped_under(root):
        found.add(help_text, locations=[(path.relative_to(root).as_posix(), line)])
    for about, code in every():
        found.add(code, context=about, locations=[("desk/locales/words.py", 0)])
    return found


def read(code: str) -> Catalog:
    """The catalogue of one language as its source file has it."""
    path = po_path(code)
    if not path.exists():
        return _named(Catalog(locale=code, domain=DOMAIN, charset="utf-8"), code)
    with path.open("rb") as file:
        return _named(read_po(file, locale=code, domain=DOMAIN), code)


def source_bytes(catalogue: Catalog) -> bytes:
    """A catalogue in the one written form: sorted by message, file names without line numbers."""
    out = io.BytesIO()
    write_po(out, catalogue, width=99, sort_output=True, include_lineno=False, omit_header=False)
    return out.getvalue()


def compiled_bytes(catalogue: Catalog) -> bytes:
    """A catalogue as GNU gettext reads it."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def update() -> None:
    """Bring every source file up to the code: new messages come in empty, stale ones leave."""
    wanted = gather()
    for code in LANGUAGES:
        catalogue = read(code)
        catalogue.update(wanted, no_fuzzy_matching=True, update_creation_date=False)
        _named(catalogue, code)
        catalogue.obsolete.clear()
        po_path(code).write_bytes(source_bytes(catalogue))


def compile_all() -> None:
    """Write `desk.mo` beside every `desk.po`."""
    for code in LANGUAGES:
        po_path(code).with_suffix(".mo").write_bytes(compiled_bytes(read(code)))


def faults() -> list[Fault]:
    """What is amiss in the catalogues against the code. Empty when all is well.

    English may leave a message untranslated, since the message is the English.
    """
    wanted = {_key(message) for message in gather() if message.id}
    found: list[Fault] = []
    for code in LANGUAGES:
        catalogue = read(code)
        have = {_key(message): message for message in catalogue if message.id}
        name = [(_shown(key[1]), key) for key in wanted | set(have)]
        for shown, key in sorted(name, key=lambda pair: (pair[0], pair[1][0])):
            if key not in have:
                found.append(Fault(code, "missing", shown))
            elif key not in wanted:
                found.append(Fault(code, "stale", shown))
            elif code != "en" and (have[key].fuzzy or not _translated(have[key].string)):
                found.append(Fault(code, "untranslated", shown))
            elif not _same_values(shown, have[key].string):
                found.append(Fault(code, "other values", shown))
        mo = po_path(code).with_suffix(".mo")
        if not mo.exists() or mo.read_bytes() != compiled_bytes(catalogue):
            found.append(Fault(code, "not compiled", mo.name))
    return found


def _key(message: Message) -> Key:
    """What tells messages apart: the context ("" for most) and the text."""
    text = message.id if isinstance(message.id, str) else tuple(message.id)
    return message.context or "", text


def _shown(text: str | tuple[str, ...]) -> str:
    return text if isinstance(text, str) else text[0]


def _same_values(message: str, string: str | tuple[str, ...] | list[str] | None) -> bool:
    """Whether a translation names exactly the values of its message: others could not be filled.

    Counted messages may leave their number out in one form.
    """
    forms = [string] if isinstance(string, str) else [form for form in string or () if form]
    wanted = set(_VALUE.findall(message))
    return all(set(_VALUE.findall(form)) <= wanted for form in forms) and (
        not isinstance(string, str) or not string or wanted == set(_VALUE.findall(string))
    )


def _translated(string: str | tuple[str, ...] | list[str] | None) -> bool:
    return bool(string) and all(string or ())
