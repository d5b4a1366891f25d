"""vCard 4 (RFC 6350): contacts as cards, and cards as contacts, with what was not taken.

Lines end in CRLF and are folded at 75 octets, never inside a letter. A text never ends its line:
line breaks in values are escaped on the way out, and refused on the way in.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from desk.errors import UsageError
from desk.locales import N_
from desk.people.contact_entries import Contact, checked
from desk.phrase import phrase
from desk.text import nfc
from desk.trust.acts import CONTACT, LANGUAGE
from desk.trust.ids import new_contact

AGENCY = "X-DESK-AGENCY"
MOST_CARDS = 2000
LARGEST = 1024 * 1024  # characters
_LINE = re.compile(
    r"(?:[A-Za-z0-9-]+\.)?(?P<name>[A-Za-z0-9-]+)(?P<params>(?:;[^\":;]*(?:\"[^\"]*\"[^\":;]*)*)*)"
    r":(?P<value>.*)",
    re.DOTALL,
)
_PARAM = re.compile(r";([A-Za-z0-9-]+)=((?:\"[^\"]*\"|[^\";])*)")
_SILENT = {"BEGIN", "END", "VERSION", "KIND", "PRODID", "REV", "N"}
WHOLE = (N_("card"), N_("row"))  # what is left out as a whole is called so


@dataclass(frozen=True)
class NotTaken:
    """Something of a file that was left out: where (1-based line), what, and why."""

    line: int
    what: str
    why: str


@dataclass(frozen=True)
class Read:
    """What a file held: contacts, and what was not taken of it."""

    contacts: tuple[Contact, ...] = ()
    left_out: tuple[NotTaken, ...] = ()


# Out


def cards(contacts: Iterable[Contact]) -> str:
    """Contacts as vCards; nothing but what is public."""
    return "".join(_card(one) for one in contacts)


def _card(one: Contact) -> str:
    alternatives = ";ALTID=1" if len(one.name) > 1 else ""
    lines = ["BEGIN:VCARD", "VERSION:4.0", "KIND:org", f"UID;VALUE=text:{escaped(one.id)}"]
    lines += [f"FN{alternatives};LANGUAGE={lang}:{escaped(name)}" for lang, name
              in sorted(one.name.items())]  # fmt: skip
    lines.append(f"{AGENCY}:{escaped(one.agency)}")
    lines += [f"LANG;PREF={n}:{lang}" for n, lang in enumerate(one.languages, 1)]
    if one.phone:
        lines.append(f"TEL;VALUE=text:{escaped(one.phone)}")
    if one.email:
        lines.append(f"EMAIL:{escaped(one.email)}")
    if one.url:
        lines.append(f"URL:{escaped(one.url, uri=True)}")
    return "".join(folded(line) for line in [*lines, "END:VCARD"])


def escaped(text: str, *, uri: bool = False) -> str:
    """A value's text (RFC 6350, 3.4). A URI has no commas escaped, but no line breaks either."""
    if uri:
        return re.sub(r"[\r\n]", "", text)
    text = re.sub(r"([\\,;])", r"\\\1", text)
    return re.sub(r"\r\n|\r|\n", r"\\n", text)


def folded(line: str) -> str:
    """A content line with its CRLF, folded so that no physical line is over 75 octets."""
    parts, part, size = [], "", 0
    for char in line:
        width = len(char.encode("utf-8"))
        if size + width > 75:
            parts.append(part)
            part, size = " ", 1
        part, size = part + char, size + width
    return "\r\n".join([*parts, part]) + "\r\n"


# In


@dataclass
class _Card:
    line: int
    name: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    languages: list[str] = field(default_factory=list)
    version: str = ""


def read_cards(text: str, agency: str = "") -> Read:
    """Contacts of a file of vCards (3.0 or 4.0). `agency`: for cards that name none.

    Raises UsageError for a file that is too large; everything else that is wrong with a card
    leaves out that card or that line, and says so.
    """
    if len(text) > LARGEST:
        raise UsageError("That file is too long", phrase("over {most} characters", most=LARGEST))
    contacts: list[Contact] = []
    left: list[NotTaken] = []
    card: _Card | None = None
    for number, line in _unfolded(text):
        found = _LINE.fullmatch(line)
        name = found["name"].upper() if found else ""
        if found is None or (card is None and name != "BEGIN"):
            left.append(NotTaken(number, _short(line), N_("no line of a card")))
        elif name == "BEGIN":
            if card is not None:
                left.append(NotTaken(card.line, N_("card"), N_("it does not end")))
            card = _Card(number)
        elif name == "END" and card is not None:
            _finish(card, agency, contacts, left)
            card = None
        elif card is not None:
            _take(card, name, found["params"], found["value"], number, left)
        if len(contacts) > MOST_CARDS:
            raise UsageError("Too many cards", phrase("over {most}", most=MOST_CARDS))
    if card is not None:
        left.append(NotTaken(card.line, N_("card"), N_("it does not end")))
    return Read(tuple(contacts), tuple(left))


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Content lines with the number of the line on which each begins."""
    whole, start = "", 0
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text.removeprefix("\ufeff")), 1):
        if line[:1] in (" ", "\t") and start:
            whole += line[1:]
            continue
        if whole:
            yield start, whole
        whole, start = line, number
    if whole:
        yield start, whole


def _take(
    card: _Card, name: str, params_text: str, value: str, number: int, left: list[NotTaken]
) -> None:
    params = {k.upper(): v.strip('"') for k, v in _PARAM.findall(params_text)}
    plain = nfc(_unescaped(value))
    if name == "VERSION":
        card.version = plain
    elif name == "FN":
        language = params.get("LANGUAGE", "").lower() or "vi"
        if not LANGUAGE(language) or language in card.name:
            left.append(NotTaken(number, _short(plain), N_("another name in that language")))
        else:
            card.name[language] = plain
    elif name == "LANG":
        card.languages.append(plain)
    elif name in ("TEL", "EMAIL", "URL", "UID", AGENCY):
        if name in card.values:
            left.append(NotTaken(number, f"{name} {_short(plain)}", N_("one is kept of each")))
        else:
            card.values[name] = value if name == "URL" else plain
    elif name not in _SILENT:
        left.append(NotTaken(number, name, N_("not kept")))


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], text, flags=re.DOTALL)


def _short(text: str) -> str:
    return text[:60]


def _finish(card: _Card, agency: str, contacts: list[Contact], left: list[NotTaken]) -> None:
    values = card.values
    uid = values.get("UID", "")
    if card.version not in ("3.0", "4.0"):
        left.append(
            NotTaken(
                card.line, N_("card"), phrase("version {version}", version=card.version[:10] or "–")
            )
        )
        return
    try:
        for name, value in [*card.name.items(), *values.items()]:
            if "\n" in value or "\r" in value:
                raise UsageError("A line break in a value", name)
        contacts.append(
            checked(
                Contact(
                    uid if CONTACT(uid) else new_contact(),
                    values.get(AGENCY) or agency,
                    card.name,
                    "",
                    tuple(card.languages),
                    values.get("TEL", ""),
                    values.get("EMAIL", ""),
                    values.get("URL", ""),
                )
            )
        )
    except UsageError as error:
        left.append(NotTaken(card.line, N_("card"), error.sentence))


def counted(left_out: Iterable[NotTaken]) -> list[tuple[str, int]]:
    """The reasons, each with how often it was given."""
    return Counter(one.why for one in left_out).most_common()
