"""Entries of the board: contacts, topics, shifts and absences, as documents and as values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any, TypeVar, cast

from desk.clock import parse_instant
from desk.errors import UsageError
from desk.newsroom.recurrence import Rule, parse_rule
from desk.newsroom.values import BadValue
from desk.phrase import instant, phrase
from desk.text import nfc, safe_text
from desk.trust.acts import CONTACT, INSTANT, LANGUAGE, NAME, PERSON
from desk.trust.press import PHONE

FORMAT = 1
LONGEST = 200
_HOST = re.compile(r"[^\s@/:?#\[\]<>]+(\.[^\s@/:?#\[\]<>]+)+")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
EntryT = TypeVar("EntryT", bound="Contact | Topic | Shift | Away")


@dataclass(frozen=True)
class Contact:
    """A post that speaks to the press, with what anybody may know of it.

    `name` is text by language; `person` the roster entry that it is, or ''.
    """

    id: str
    agency: str
    name: Mapping[str, str]
    person: str = ""
    languages: tuple[str, ...] = ()
    phone: str = ""
    email: str = ""
    url: str = ""

    def called(self, language: str) -> str:
        """The name in that language, in another one, or the id."""
        return self.name.get(language) or next(iter(self.name.values()), self.id)


@dataclass(frozen=True)
class Topic:
    """Who speaks to what: one focal point, and deputies in the order in which they are asked.

    `rule`, `start`, `end`: the hours in which somebody must be on duty, if any are set.
    """

    id: str
    agency: str
    name: Mapping[str, str]
    focal: str
    deputies: tuple[str, ...] = ()
    rule: str = ""
    start: str = ""
    end: str = ""

    @property
    def topic(self) -> str:
        """The topic's own word: `kinh-te` of `kinh-te@thong-ke`."""
        return self.id.partition("@")[0]

    @property
    def order(self) -> tuple[str, ...]:
        """The contacts, the first to ask first."""
        return (self.focal, *self.deputies)

    def called(self, language: str) -> str:
        """The name in that language, in another one, or the topic's word."""
        return self.name.get(language) or next(iter(self.name.values()), self.topic)


@dataclass(frozen=True)
class Shift:
    """A contact's recurring hours, in wall time of the newsroom's zone.

    `end` not later than `start` is on the next day. `first`, `last`: dates, or ''.
    """

    id: str
    agency: str
    contact: str
    rule: str
    start: str
    end: str
    first: str = ""
    last: str = ""


@dataclass(frozen=True)
class Away:
    """A span (written instants, `until` excluded) in which a contact is not on duty."""

    id: str
    agency: str
    contact: str
    since: str
    until: str


Entry = Contact | Topic | Shift | Away


# Cleaning what was typed


def line(text: str, what: str, most: int = LONGEST) -> str:
    """One line of text in NFC. Raises UsageError for control characters, or when too long."""
    if not isinstance(text, str):
        raise UsageError("Not a text", what)
    cleaned = " ".join(nfc(text).split())
    if safe_text(cleaned) != cleaned:
        raise UsageError("Control characters do not belong there", f"{what}: {safe_text(cleaned)}")
    if len(cleaned) > most:
        raise UsageError(
            "Too long",
            phrase(
                "{what}: {length} characters, at most {most}",
                what=what,
                length=len(cleaned),
                most=most,
            ),
        )
    return cleaned


def phone(text: str, what: str = "phone") -> str:
    """A telephone number: digits with blanks, brackets, dots, hyphens and a leading plus."""
    cleaned = line(text, what).removeprefix("tel:")
    if cleaned and not PHONE.fullmatch(cleaned):
        raise UsageError("Not a telephone number", f"{what}: {cleaned}", "Such as +84 24 555 0101")
    return cleaned


def email(text: str, what: str = "email") -> str:
    """A mail address, its domain in small letters. Not every legal one, but no other thing."""
    cleaned = line(text, what).removeprefix("mailto:")
    local, at, host = cleaned.rpartition("@")
    if cleaned and (not at or not local or re.search(r"[\s<>,;:\"()\\]", local)
                    or not _HOST.fullmatch(host)):  # fmt: skip
        raise UsageError("Not a mail address", f"{what}: {cleaned}", "Such as press@example.org")
    return f"{local}@{host.lower()}" if cleaned else ""


def url(text: str, what: str = "url") -> str:
    """An address on the web: http or https, a host, no user, no blanks."""
    cleaned = line(text, what)
    found = re.fullmatch(r"(https?)://([^\s/?#]+)([/?#]\S*)?", cleaned)
    if cleaned and (found is None or not _HOST.fullmatch(found[2].partition(":")[0])):
        raise UsageError("Not a web address", f"{what}: {cleaned}", "Such as https://example.org/")
    return cleaned


def _names(value: Any, what: str) -> dict[str, str]:
    given = value if isinstance(value, Mapping) else {}
    names = {str(tongue): line(text, what, 120) for tongue, text in given.items()}
    if not names or not all(LANGUAGE(tongue) and text for tongue, text in names.items()):
        raise UsageError("A name is missing", what, "Give it by language, such as vi and en")
    return names


def _of(check: Any, value: Any, what: str) -> str:
    if not check(value):
        raise UsageError("Not that kind of thing", f"{what}: {str(value)[:60]}")
    return str(value)


def _clock(value: Any, what: str) -> str:
    if not isinstance(value, str) or not _CLOCK.fullmatch(value):
        raise UsageError("Not a time of day", f"{what}: {str(value)[:20]}", "Such as 08:00")
    return value


def _day(value: Any, what: str) -> str:
    try:
        return date.fromisoformat(str(value)).isoformat() if value else ""
    except ValueError:
        raise UsageError("Not a date", f"{what}: {value}", "Such as 2026-11-23") from None


def read_rule(text: str) -> Rule:
    """An RRULE of a shift (RFC 5545, 3.3.10). Raises UsageError that names the part."""
    try:
        return parse_rule(text)
    except BadValue as error:
        raise UsageError("Not a rule of recurrence", str(error), error.hint) from None


def _rule(text: str, first: str = "") -> str:
    """A rule as it is kept; an interval needs a day to count from."""
    rule = read_rule(text)
    if rule.interval > 1 and not first:
        raise UsageError("The interval counts from nowhere", rule.text, "Give a first day as well")
    return rule.text


def clock(text: str) -> time:
    """A time of day that was checked before."""
    return time.fromisoformat(text)


# Values of acts


def value_of(entry: Entry) -> dict[str, Any]:
    """The public document that an act carries; empty things are left out."""
    renamed = {"start": "from", "end": "to", "since": "from"}
    value: dict[str, Any] = {"format": FORMAT}
    for name, given in entry.__dict__.items():
        if name != "id" and given:
            plain = list(given) if isinstance(given, tuple) else given
            value[renamed.get(name, name)] = dict(plain) if isinstance(plain, Mapping) else plain
    return value


def read(id: str, value: Mapping[str, Any]) -> Entry:
    """The entry of that id from an act's document. Raises UsageError for another shape."""
    if value.get("format") != FORMAT:
        raise UsageError("Another format", id)
    given = {name: what for name, what in value.items() if name != "format"}
    if "@" in id:
        return checked(_built(Topic, id, given, {"from": "start", "to": "end"}))
    made: dict[str, tuple[type[Entry], dict[str, str]]] = {
        "c-": (Contact, {}),
        "s-": (Shift, {"from": "start", "to": "end"}),
        "w-": (Away, {"from": "since"}),
    }
    kind, renamed = made[id[:2]]
    return checked(_built(kind, id, given, renamed))


def _built(
    kind: type[Entry], id: str, given: Mapping[str, Any], renamed: Mapping[str, str]
) -> Entry:
    """An entry of fields of the right types. Its texts are not looked at yet."""
    fields: dict[str, Any] = {renamed.get(name, name): what for name, what in given.items()}
    for name, what in fields.items():
        wanted = {"name": dict, "languages": list, "deputies": list}.get(name, str)
        if not isinstance(what, wanted) or (wanted is list and not _words(what)):
            raise UsageError("Another shape", f"{id}: {name[:40]}")
        fields[name] = tuple(what) if isinstance(what, list) else what
    try:
        return kind(id, **fields)
    except TypeError:
        raise UsageError("Another shape", id) from None


def _words(value: list[Any]) -> bool:
    return all(isinstance(one, str) for one in value)


def checked(entry: EntryT) -> EntryT:
    """The same with every field cleaned. Raises UsageError that names the field."""
    return cast(EntryT, _checked(entry))


def _checked(entry: Entry) -> Entry:
    _of(NAME, entry.agency, "agency")
    if isinstance(entry, Contact):
        return replace(
            entry,
            name=_names(entry.name, "name"),
            person=_of(PERSON, entry.person, "person") if entry.person else "",
            languages=tuple(dict.fromkeys(_of(LANGUAGE, x, "languages") for x in entry.languages)),
            phone=phone(entry.phone),
            email=email(entry.email),
            url=url(entry.url),
        )
    if isinstance(entry, Topic):
        return _checked_topic(entry)
    _of(CONTACT, entry.contact, "contact")
    if isinstance(entry, Away):
        _of(INSTANT, entry.since, "from")
        _of(INSTANT, entry.until, "until")
        if parse_instant(entry.since) >= parse_instant(entry.until):
            raise UsageError(
                "It ends before it begins", phrase("until {until}", until=instant(entry.until))
            )
        return entry
    first = _day(entry.first, "first")
    return replace(
        entry,
        rule=_rule(entry.rule, first),
        start=_clock(entry.start, "from"),
        end=_clock(entry.end, "to"),
        first=first,
        last=_day(entry.last, "last"),
    )


def _checked_topic(entry: Topic) -> Topic:
    word, _, agency = entry.id.partition("@")
    if not NAME(word) or agency != entry.agency:
        raise UsageError("Not a topic of that agency", entry.id)
    contacts: Sequence[str] = [_of(CONTACT, one, "focal point or deputy") for one in entry.order]
    if len(set(contacts)) != len(contacts):
        raise UsageError("One contact twice", entry.id, "A deputy is another contact")
    hours = (entry.rule, entry.start, entry.end)
    if any(hours) and not all(hours):
        raise UsageError("Hours need a rule, a beginning and an end", entry.id)
    if all(hours):
        _rule(entry.rule)
        _clock(entry.start, "from")
        _clock(entry.end, "to")
    return replace(entry, name=_names(entry.name, "name"))
