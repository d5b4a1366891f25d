"""Reading termbase files: strict YAML to entries, or every problem with its line and column.

load_file(path)  -> TermFile, or ConfigError with all problems in file order
read(raw, name)  -> the same for bytes
What relates entries to each other (contradictions, cycles, their examples) is in `validate`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path as FilePath
from typing import Any, Final, TypeVar, cast

from desk.errors import ConfigError, NotFound, Problem, Unavailable
from desk.newsroom.document import REFUSED, Document, dotted, read_document
from desk.newsroom.marks import Marks, Path
from desk.newsroom.values import BadValue, closest, described, parse_id, shown
from desk.phrase import phrase
from desk.terms.entry import (
    CASES,
    LANGUAGES,
    SCOPES,
    SEVERITIES,
    STATUSES,
    Case,
    Citation,
    Entry,
    Form,
    Scope,
    Severity,
    Source,
    Status,
)
from desk.text import safe_text

T = TypeVar("T")
MAX_BYTES: Final = 32_000_000
MAX_NODES: Final = 3_000_000
LONGEST: Final = 300
"""Code points of a form; what is longer is no term."""
_MISSING: Final = object()
_FILE_KEYS = ("format", "language", "sources", "entries")
_SOURCE_KEYS = ("title", "place", "date", "url")
_ENTRY_KEYS = (
    "id",
    "concept",
    "forms",
    "severity",
    "case",
    "scope",
    "unless",
    "from",
    "until",
    "historical",
    "exceptions",
    "rule",
    "source",
    "owner",
    "examples",
)


@dataclass(frozen=True)
class TermFile:
    """What one termbase file holds."""

    name: str
    language: str
    sources: Mapping[str, Source]
    entries: tuple[Entry, ...]


def load_file(path: str | FilePath) -> TermFile:
    """Read one termbase file. Raises ConfigError, NotFound or Unavailable."""
    file = FilePath(path)
    try:
        with file.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise NotFound("There is no such termbase file", safe_text(file)) from None
    except OSError as error:
        why = f"{safe_text(file)}: {error.strerror}"
        raise Unavailable("The termbase cannot be read", why) from None
    return read(raw, str(file))


def read(raw: bytes, name: str = "terms.yaml") -> TermFile:
    """The entries in the bytes of a termbase file. Raises ConfigError with all problems."""
    document = read_document(raw, max_bytes=MAX_BYTES, max_nodes=MAX_NODES, quick=True)
    reader = _Reader(document)
    found = reader.file(name) if document.readable else None
    if found is None or reader.problems:
        told = {(p.line, p.column, p.what): p for p in reversed(reader.problems)}
        error = ConfigError(safe_text(name), [told[key] for key in sorted(told)])
        error.hint = "Mend the lines named above, then run: desk terms test FILE"
        raise error
    return found


class _Reader:
    """Turns plain values into entries and notes what is wrong with each."""

    def __init__(self, document: Document) -> None:
        self.value = document.value
        self.marks: Marks = document.marks
        self.problems: list[Problem] = list(document.problems)
        self.language = ""
        self.sources: dict[str, Source] = {}

    def file(self, name: str) -> TermFile | None:
        """The whole file."""
        top = self.mapping(self.value, (), _FILE_KEYS)
        if top is None:
            return None
        if top.get("format") != 1:
            self.amiss(("format",), "the format is missing or unknown", "Write format: 1")
        self.language = self.choice(top, (), "language", LANGUAGES, "") or ""
        for key, value in (self.mapping(top.get("sources"), ("sources",)) or {}).items():
            self.source(key, value)
        entries = self.list_of(top, (), "entries", self.entry)
        first: dict[str, Entry] = {}
        for at, entry in enumerate(entries):
            if entry.id in first:
                line = first[entry.id].line
                self.amiss(
                    ("entries", at, "id"),
                    phrase("{key} is given twice", key=shown(entry.id)),
                    phrase("The first is on line {line}; an id is given once", line=line),
                )
            first.setdefault(entry.id, entry)
        return TermFile(name, self.language, self.sources, tuple(entries))

    def source(self, key: str, value: Any) -> None:
        """One entry of `sources`."""
        path: Path = ("sources", key)
        fields = self.mapping(value, path, _SOURCE_KEYS)
        if fields is not None:
            title = self.text(fields, path, "title")
            place = self.text(fields, path, "place", "")
            url = self.text(fields, path, "url", "")
            if url and not url.startswith("https://"):
                self.amiss(
                    (*path, "url"),
                    phrase("{found} is not an address", found=shown(url)),
                    "Write https://…",
                )
            self.sources[key] = Source(key, title, place, self.day(fields, path, "date"), url)

    def entry(self, value: Any, path: Path) -> Entry | None:
        """One entry of `entries`."""
        fields = self.mapping(value, path, _ENTRY_KEYS)
        if fields is None:
            return None
        unless = self.mapping(fields.get("unless", {}), (*path, "unless"), ("left", "right")) or {}
        examples = self.mapping(fields.get("examples", {}), (*path, "examples"), ("match", "clean"))
        name = self.id(fields, path, "id")
        since, until = self.day(fields, path, "from"), self.day(fields, path, "until")
        if since and until and since >= until:
            self.amiss((*path, "until"), "the rule ends before it begins", "Set until after from")
        historical = self.flag(fields, path, "historical")
        if historical and since is None:
            self.amiss((*path, "historical"), "historical needs a date", "Add from: YYYY-MM-DD")
        entry = Entry(
            id=name,
            language=self.language,
            concept=self.id(fields, path, "concept", name),
            forms=tuple(self.list_of(fields, path, "forms", self.form)),
            rule=self.text(fields, path, "rule"),
            source=self.citation(fields, path),
            severity=cast(
                Severity, self.choice(fields, path, "severity", SEVERITIES, "warning") or "warning"
            ),
            case=cast(Case, self.choice(fields, path, "case", CASES, "sentence-start")),
            scope=self.scope(fields, path),
            left=self.texts(unless, (*path, "unless"), "left"),
            right=self.texts(unless, (*path, "unless"), "right"),
            since=since,
            until=until,
            historical=historical,
            exceptions=self.texts(fields, path, "exceptions"),
            owner=self.text(fields, path, "owner", ""),
            match=self.texts(examples or {}, (*path, "examples"), "match"),
            clean=self.texts(examples or {}, (*path, "examples"), "clean"),
            line=self.marks.value(path).line,
        )
        if entry.variants and not entry.match:
            self.amiss(
                (*path, "examples"),
                "no example that must match",
                "Add examples: {match: [a sentence with the form that is found]}",
            )
        return entry

    def form(self, value: Any, path: Path) -> Form | None:
        """One form."""
        fields = self.mapping(value, path, ("text", "status"))
        if fields is None:
            return None
        text = self.text(fields, path, "text", most=LONGEST)
        return Form(text, cast(Status, self.choice(fields, path, "status", STATUSES, None)))

    def citation(self, fields: Mapping[str, Any], path: Path) -> Citation:
        """`source: D`, or `source: {ref: D, place: …}`."""
        given, place, at = fields.get("source", _MISSING), "", (*path, "source")
        if isinstance(given, dict):
            inner = self.mapping(given, at, ("ref", "place")) or {}
            given, place = inner.get("ref"), self.text(inner, at, "place", "")
        if given is _MISSING or given is None:
            self.amiss(
                path, "'source' is missing", "Every rule names where it is written: source: D"
            )
        elif given is not REFUSED and str(given) not in self.sources:
            self.amiss(
                at,
                phrase("unknown source {found}", found=shown(given)),
                closest(str(given), self.sources),
            )
        source = self.sources.get(str(given)) or Source(str(given), str(given))
        return Citation(source, place or source.place)

    def scope(self, fields: Mapping[str, Any], path: Path) -> frozenset[Scope]:
        """`scope`, everywhere where it is not given."""
        if "scope" not in fields:
            return frozenset(SCOPES)
        found = self.texts(fields, path, "scope")
        for at, one in enumerate(found):
            if one not in SCOPES:
                what = phrase("unknown scope {found}", found=shown(one))
                self.amiss((*path, "scope", at), what, closest(one, SCOPES))
        if not found:
            self.amiss((*path, "scope"), "the scope is empty", "Name one, or leave scope out")
        return frozenset(one for one in SCOPES if one in found)

    # What follows reads one value each and notes what is wrong with it.

    def amiss(self, path: Path, what: str, hint: str = "") -> None:
        """Note a problem at a path."""
        mark = self.marks.value(path)
        self.problems.append(Problem(mark.line, mark.column, what, hint, dotted(path)))

    def mapping(
        self, value: Any, path: Path, keys: tuple[str, ...] | None = None
    ) -> dict[str, Any] | None:
        """A mapping with these keys and no other; None with a problem noted."""
        if not isinstance(value, dict):
            if value is not REFUSED:
                what = phrase("expected a mapping, found {found}", found=described(value))
                self.amiss(
                    path,
                    what,
                    phrase(
                        "Write {brackets}, or indented lines key: value", brackets="{key: value}"
                    ),
                )
            return None
        for key in value if keys is not None else ():
            if key not in (keys or ()):
                mark = self.marks.key((*path, key))
                what = phrase("unknown key {found}", found=shown(key))
                hint = closest(key, keys or ())
                self.problems.append(
                    Problem(mark.line, mark.column, what, hint, dotted((*path, key)))
                )
        return value

    def list_of(
        self, fields: Mapping[str, Any], path: Path, key: str, make: Callable[[Any, Path], T | None]
    ) -> list[T]:
        """A list that must hold something, made one by one."""
        value, here = fields.get(key, _MISSING), (*path, key)
        if value is REFUSED:
            return []
        if not isinstance(value, tuple) or not value:
            missing = value is _MISSING
            self.amiss(
                path if missing else here,
                phrase("'{key}' is missing", key=key)
                if missing
                else phrase("'{key}' needs a list with an entry", key=key),
                phrase("Write {key}: and one line '- …' for each", key=key),
            )
            return []
        made = (make(one, (*here, at)) for at, one in enumerate(value))
        return [one for one in made if one is not None]

    def text(
        self,
        fields: Mapping[str, Any],
        path: Path,
        key: str,
        default: str | None = None,
        most: int = 2000,
    ) -> str:
        """One line of text, its white space made single."""
        value = fields.get(key, _MISSING)
        if value is _MISSING:
            if default is None:
                self.amiss(
                    path, phrase("'{key}' is missing", key=key), phrase("Add {key}: …", key=key)
                )
            return default or ""
        return self._line(value, (*path, key), most)

    def texts(self, fields: Mapping[str, Any], path: Path, key: str) -> tuple[str, ...]:
        """A list of lines, empty where it is not given."""
        value, here = fields.get(key, ()), (*path, key)
        if value is REFUSED:
            return ()
        if not isinstance(value, tuple):
            what = phrase("expected a list, found {found}", found=described(value))
            self.amiss(here, what, "Write [a, b]")
            return ()
        return tuple(self._line(one, (*here, at), 2000) for at, one in enumerate(value))

    def _line(self, value: Any, path: Path, most: int) -> str:
        if value is REFUSED:
            return ""
        if not isinstance(value, str):
            what = phrase("expected text, found {found}", found=described(value))
            self.amiss(path, what, 'Put it in quotes: "…"')
            return ""
        line = " ".join(value.split())
        if not line:
            self.amiss(path, "the text is empty", "Write what it should say, or take it out")
        elif len(line) > most:
            what = phrase("the text has {count} characters", count=len(line))
            self.amiss(path, what, phrase("Use at most {most}", most=most))
        return line

    def id(
        self, fields: Mapping[str, Any], path: Path, key: str, default: str | None = None
    ) -> str:
        """An id of small letters, digits and hyphens."""
        if key not in fields and default is not None:
            return default
        text = self.text(fields, path, key)
        try:
            return parse_id(text) if text else ""
        except BadValue as bad:
            self.amiss((*path, key), bad.what, "Use lower letters a-z, digits and hyphens")
            return text

    def choice(
        self,
        fields: Mapping[str, Any],
        path: Path,
        key: str,
        known: tuple[str, ...],
        default: str | None,
    ) -> str | None:
        """One of a few words. `default` "" or None means that it must be given."""
        if key not in fields and default:
            return default
        text = self.text(fields, path, key)
        if text and text not in known:
            self.amiss(
                (*path, key),
                phrase("unknown {noun} {found}", noun=key, found=shown(text)),
                closest(text, known),
            )
            return default
        return text or default

    def flag(self, fields: Mapping[str, Any], path: Path, key: str) -> bool:
        """True or false, false where it is not given."""
        value = fields.get(key, False)
        if not isinstance(value, bool):
            if value is not REFUSED:
                what = phrase("expected true or false, found {found}", found=described(value))
                self.amiss((*path, key), what)
            return False
        return value

    def day(self, fields: Mapping[str, Any], path: Path, key: str) -> date | None:
        """A date YYYY-MM-DD, or none."""
        if key not in fields:
            return None
        text = self.text(fields, path, key)
        try:
            return date.fromisoformat(text) if len(text) == 10 else _no_date(text)
        except ValueError:
            self.amiss(
                (*path, key),
                phrase("{found} is not a date", found=shown(text)),
                "Write it as YYYY-MM-DD",
            )
            return None


def _no_date(text: str) -> date:
    raise ValueError(text)
