"""TBX: TermBase eXchange, ISO 30042:2019, the dialect TBX-Basic in DCT style.

Written: one conceptEntry per concept, a langSec per entry, a termSec per form with its
administrativeStatus (ISO 12620), the examples as contexts, the rule as a note.
Read: DCT and DCA style of any dialect, the older martif of ISO 30042:2008, and TBX-Min. The XML is
read with expat and nothing is ever fetched: an internal DTD and every entity declaration are
refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import Final

from desk.locales import N_
from desk.terms.entry import SCOPES, Entry
from desk.terms.exchange.built import Exported, Imported, Loss, within_limits
from desk.terms.exchange.tbx_read import Reader

STATUS: Final = {
    "preferred": "preferredTerm-admn-sts",
    "admitted": "admittedTerm-admn-sts",
    "deprecated": "deprecatedTerm-admn-sts",
    "superseded": "supersededTerm-admn-sts",
    "forbidden": "deprecatedTerm-admn-sts",
}
_HEAD: Final = """<?xml version="1.0" encoding="UTF-8"?>
<tbx style="dct" type="TBX-Basic" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2"
 xmlns:min="http://www.tbxinfo.net/ns/min" xmlns:basic="http://www.tbxinfo.net/ns/basic">
<tbxHeader><fileDesc>
<titleStmt><title>Termbase</title></titleStmt>
<sourceDesc><p>Written by Desk. Sources stand with each term.</p></sourceDesc>
</fileDesc></tbxHeader>
<text><body>
"""


def write(entries: tuple[Entry, ...]) -> Exported:
    """One file `terms.tbx`. Entries of one concept in two languages share a conceptEntry."""
    lines = [_HEAD]
    for concept, listed in _concepts(entries):
        lines.append(f'<conceptEntry id="{escape(concept)}">\n')
        lines += [line for entry in listed for line in _section(entry)]
        lines.append("</conceptEntry>\n")
    lines.append("</body></text>\n</tbx>\n")
    losses = tuple(loss for entry in entries for loss in _losses(entry))
    return Exported({"terms.tbx": "".join(lines).encode()}, losses)


def read(raw: bytes, name: str, language: str = "") -> Imported:
    """The entries of a TBX file. Raises ConfigError with line and column when it is malformed."""
    within_limits(raw, name)
    return Reader(name, language).read(raw)


def _concepts(entries: Iterable[Entry]) -> Iterator[tuple[str, list[Entry]]]:
    """Entries by concept, two of one language apart, each under an id that is given once."""
    grouped: dict[str, list[Entry]] = {}
    for entry in entries:
        key, number = entry.concept or entry.id, 1
        while any(one.language == entry.language for one in grouped.get(key, ())):
            number += 1
            key = f"{entry.concept}.{number}"
        grouped.setdefault(key, []).append(entry)
    yield from grouped.items()


def _section(entry: Entry) -> Iterator[str]:
    yield f' <langSec xml:lang="{entry.language}" id="{entry.language}.{escape(entry.id)}">\n'
    yield f"  <note>{escape(entry.rule)}</note>\n"
    yield f"  <basic:source>{escape(str(entry.source))}</basic:source>\n"
    placed = _placed(entry)
    for form in entry.forms:
        yield f"  <termSec>\n   <term>{escape(form.text)}</term>\n"
        yield f"   <min:administrativeStatus>{STATUS[form.status]}</min:administrativeStatus>\n"
        for text in placed.get(form.text, ()):
            yield f"   <descripGrp><basic:context>{escape(text)}</basic:context></descripGrp>\n"
        yield "  </termSec>\n"
    yield " </langSec>\n"


def _placed(entry: Entry) -> dict[str, list[str]]:
    """Examples beside a form: clean ones by a standard, others by the variant that they hold."""
    placed: dict[str, list[str]] = {}
    for texts, forms in ((entry.clean, entry.standards), (entry.match, entry.variants)):
        for text in texts if forms else ():
            holding = (f.text for f in forms if f.text.casefold() in text.casefold())
            placed.setdefault(next(holding, forms[0].text), []).append(text)
    return placed


def _losses(entry: Entry) -> Iterator[Loss]:
    """What TBX-Basic has no category for."""
    held = {
        N_("severity"): True,
        N_("case policy"): entry.case != "sentence-start",
        N_("scope"): len(entry.scope) < len(SCOPES),
        N_("contexts"): bool(entry.left or entry.right),
        N_("dates"): bool(entry.since or entry.until),
        N_("historical exemption"): entry.historical,
        N_("exceptions"): bool(entry.exceptions),
        N_("owner"): bool(entry.owner),
        N_("date and address of the source"): bool(
            entry.source.source.date or entry.source.source.url
        ),
        N_("status forbidden, written as deprecated"): any(
            form.status == "forbidden" for form in entry.forms
        ),
    }  # fmt: skip
    yield from (Loss(entry.id, what) for what, present in held.items() if present)
