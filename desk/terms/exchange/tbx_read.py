"""Reading TBX: a strict walk over the XML events of expat, in both styles, both editions and Min.

TBX-Min is a small dialect for glossaries, older than the second edition: its root is `TBX`, and it
has names of its own for what the others call concept, language and term.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat  # entities and internal DTDs are refused below

from desk.errors import ConfigError
from desk.phrase import Phrase, phrase
from desk.terms.entry import STANDARD, Citation, Source
from desk.terms.exchange.built import Builder, Imported, clean, slug, unreadable

_XML: Final = "http://www.w3.org/XML/1998/namespace "
_MIN: Final = "TBX"
_OF_MIN: Final = {
    "entry": "conceptEntry", "langGroup": "langSec", "termGroup": "termSec",
    "termStatus": "administrativeStatus", "noteGrp": "termNoteGrp",
}  # fmt: skip
_ROOTS: Final = frozenset({"tbx", "martif", _MIN})
_CONCEPT: Final = frozenset({"conceptEntry", "termEntry"})
_SECTION: Final = frozenset({"langSec", "langSet"})
_TERM: Final = frozenset({"termSec", "tig", "ntig"})
_TYPED: Final = frozenset({"termNote", "descrip", "admin", "transac", "xref", "ref", "date"})
_GROUPS: Final = frozenset(
    {"descripGrp", "adminGrp", "transacGrp", "termNoteGrp", "termGrp", "termCompList"}
)
_TAKEN: Final = frozenset(
    {"term", "administrativeStatus", "normativeAuthorization", "context", "note", "source",
     "definition"}
)  # fmt: skip
_INLINE: Final = frozenset({"hi", "foreign", "ec", "sc", "ph", "bpt", "ept", "it", "ut"})
_DEEPEST: Final = 64
_LONGEST: Final = 20_000
"""Characters of one value; a longer one is no term, note or context."""
_STATUS: Final = (
    ("preferred", "preferred"), ("admitted", "admitted"), ("deprecated", "deprecated"),
    ("superseded", "superseded"), ("obsolete", "superseded"), ("forbidden", "forbidden"),
    ("notrecommended", "deprecated"), ("legalterm", "preferred"), ("regulatedterm", "preferred"),
    ("standardizedterm", "preferred"),
)  # fmt: skip


@dataclass
class _Term:
    """One termSec: its term, its status as written, its contexts."""

    text: str = ""
    status: str = ""
    contexts: list[str] = field(default_factory=list)


@dataclass
class _Section:
    """One langSec: the entry-to-be of one language."""

    language: str
    id: str
    line: int
    terms: list[_Term] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    source: str = ""


class Reader:
    """Reads one file; `language` counts where the file names none."""

    def __init__(self, name: str, language: str) -> None:
        self.name = name
        self.language = language
        self.builder = Builder(name)
        self.stack: list[str] = []
        self.text: list[list[str]] = []
        self.concept = ""
        self.notes: list[str] = []
        self.sections: list[_Section] = []
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.EntityDeclHandler = self._entity
        self.parser.SkippedEntityHandler = self._skipped
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def read(self, raw: bytes) -> Imported:
        """The entries. Raises ConfigError with the place of what is wrong."""
        try:
            self.parser.Parse(raw, True)
        except expat.ExpatError as error:
            what = expat.ErrorString(error.code) or "no XML"
            told = phrase("this is not well-formed XML: {why}", why=what)
            raise unreadable(self.name, error.lineno, error.offset + 1, told) from None
        except (UnicodeError, ValueError, LookupError) as error:
            told = phrase("the encoding cannot be read: {why}", why=error)
            raise unreadable(self.name, 1, 1, told) from None
        return self.builder.result()

    def _unreadable(self, what: str, hint: str = "") -> ConfigError:
        parser = self.parser
        line, column = parser.CurrentLineNumber, parser.CurrentColumnNumber
        return unreadable(self.name, line, column + 1, what, hint)

    def _doctype(self, name: str, system: str | None, public: str | None, internal: int) -> None:
        if internal:
            hint = "Take the DOCTYPE out: nothing needs it"
            raise self._unreadable("a DTD inside the file", hint)

    def _entity(self, name: str, *_: object) -> None:
        what = phrase("an entity declaration, {name}", name=name)
        raise self._unreadable(what, "Write the characters themselves")

    def _skipped(self, name: str, parameter: int) -> None:
        if not parameter:
            what = phrase("an unknown entity, &{name};", name=name)
            raise self._unreadable(what, "Write the character itself")

    def _named(self, tag: str) -> str:
        """An element's name without its namespace, that of TBX-Min as the others say it."""
        name = tag.rpartition(" ")[2]
        return _OF_MIN.get(name, name) if self.stack and self.stack[0] == _MIN else name

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = self._named(tag)
        if not self.stack and name not in _ROOTS:
            what = phrase("the root is {name}, not tbx, martif or TBX", name=name[:40])
            raise self._unreadable(what, "Is this a TBX file?")
        if len(self.stack) >= _DEEPEST:
            raise self._unreadable("nested too deep")
        category = attributes.get("type", name) if name in _TYPED else name
        self.stack.append(category)
        self.text.append([])
        language = attributes.get(f"{_XML}lang", attributes.get("lang", ""))
        if name in _CONCEPT:
            self.concept, self.notes, self.sections = attributes.get("id", ""), [], []
        elif name in _SECTION:
            line = self.parser.CurrentLineNumber
            base = language.lower().replace("_", "-").partition("-")[0] or self.language
            self.sections.append(_Section(base, attributes.get("id", ""), line))
        elif name in _TERM and self.sections:
            self.sections[-1].terms.append(_Term())

    def _characters(self, data: str) -> None:
        if self.text:
            self.text[-1].append(data)

    def _end(self, tag: str) -> None:
        name = self._named(tag)
        category = self.stack.pop()
        text = "".join(self.text.pop())
        if name in _INLINE and self.text:
            self.text[-1].append(text)
            return
        if len(text) > _LONGEST:
            size = f"{len(text):,}"
            raise self._unreadable(phrase("{what} of {size} characters", what=category, size=size))
        if name in _CONCEPT:
            self._finish()
        elif self._inside(_CONCEPT):
            self._value(name, category, clean(text))

    def _inside(self, names: frozenset[str]) -> bool:
        return any(one in names for one in self.stack)

    def _value(self, name: str, category: str, text: str) -> None:
        """Take one finished value into the term, the language or the concept it stands in."""
        if name in _SECTION | _TERM | _GROUPS:
            return
        section = self.sections[-1] if self.sections and self._inside(_SECTION) else None
        term = section.terms[-1] if section and section.terms and self._inside(_TERM) else None
        if category not in _TAKEN:
            self._unread(category)
        elif not text:
            return
        elif category == "term" and term:
            term.text = text
        elif category in ("administrativeStatus", "normativeAuthorization") and term:
            term.status = self._status(text) or term.status
        elif category == "context" and term:
            term.contexts.append(text)
        elif category in ("note", "definition"):
            (section.notes if section else self.notes).append(text)
        elif category == "source" and section and not section.source:
            section.source = text
        else:
            self._unread(category)

    def _unread(self, what: str) -> None:
        self.builder.lose(_line(self.parser.CurrentLineNumber), what)

    def _status(self, text: str) -> str:
        word = text.casefold().replace("_", "").replace(" ", "")
        found = next((status for start, status in _STATUS if word.startswith(start)), "")
        if not found:
            self._unread(phrase("status {name}", name=text[:40]))
        return found

    def _finish(self) -> None:
        """One concept is read: an entry for each language."""
        if not self.sections:
            here = _line(self.parser.CurrentLineNumber)
            self.builder.lose(here, "a concept without terms")
        for section in self.sections:
            self._add(section)

    def _add(self, section: _Section) -> None:
        terms = [term for term in section.terms if term.text]
        named = any(term.status == "preferred" for term in terms)
        forms: list[tuple[str, str]] = []
        clean_texts: list[str] = []
        match: list[str] = []
        for term in terms:
            status = term.status or ("admitted" if named else "preferred")
            named = named or status == "preferred"
            forms.append((term.text, status))
            (clean_texts if status in STANDARD else match).extend(term.contexts)
        own = section.id.partition(".")[2] if section.id.startswith(section.language + ".") else ""
        self.builder.add(
            _line(section.line),
            section.language,
            forms,
            id=own or self.concept,
            concept=slug(self.concept.rpartition(".")[0] or self.concept) if self.concept else "",
            rule=" ".join((*section.notes, *self.notes))[:2000],
            source=Citation(Source("tbx", section.source)) if section.source else None,
            match=match,
            clean=tuple(dict.fromkeys(clean_texts)),
        )


def _line(number: int) -> Phrase:
    """A line of the file, as losses name their place."""
    return phrase("line {line}", line=number)
