"""Codes as words: what states, steps, roles and marks are called in the reader's language.

A code is a word of English and the same for ever: programs read it in JSON, people type it behind
`--state`, signed acts hold it. Where a person reads it, it is said through `word`: the catalogue
has it under the context of what it is about (gettext's msgctxt), because "approved" of an item
and "approved" of a step need not be one word in another language. English shows the code itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from desk.locales import LANGUAGES, catalogue, language
from desk.phrase import Phrase, joined
from desk.text import folded

WORDS: Mapping[str, str] = {
    "release": "provisional confirmed signed staged released partial postponed cancelled missed "
    "held release slot blackout free",
    "item": "draft submitted approved returned released withdrawn withdraw takedown kill",
    "channel": "planned waiting staging staged claimed opened published released retrying failed "
    "recalled missed withdrawn required optional good",
    "step": "author appraise review check sign",
    "role": "author appraise review check lead spokesperson admin lift restore",
    "gate": "summary sources legal terms translation assets length",
    "gate says": "pass warn fail error warning info",
    "file": "text document picture graphic video",
    "field": "headline summary body section urgency places subjects edit_note correction_of "
    "sources legal assets language kind agency",
    "contact": "id agency name person languages phone email url note focal deputies rule start end "
    "contact first last since until",
    "policy": "signers stage_ahead publish_within not_after clock_bound_ms",
    "deed": "added changed removed",
    "alarm": "failed altered log clock takeover refused early missed early-trigger trust bug "
    "unseen inherit calendar restored sign-again",
    "rehearsal": "log judge policy items credential connection clock rules seal sign-commit stage "
    "build staged-bytes good fails",
    "duty": "on-duty deputy away off none",
    "enquiry": "open answering approval approved answered declined overdue",
    "delegation": "in-force later over void",
    "form": "preferred admitted deprecated superseded forbidden",
    "case": "exact sentence-start headline any",
    "punctuality": "on-time late early partial missed",
    "delivery": "pending sent given-up",
    "means": "smtp webhook",
    "event": "submitted approved returned withdraw takedown kill restored",
    "alert": "held lifted missed partial released unsigned waiting enquiry-due reminded clock "
    "unreachable altered log restored sign-again expiring alarm test",
    "public": "none live corrected withdrawn withdraw takedown kill",
}
"""What codes are about, and the codes that Desk itself makes, in one line each."""


def word(about: str, code: str) -> str:
    """A code in the language chosen. `about`: a key of WORDS. One that Desk did not make (a kind
    of the newsroom's own, an id) stays as it is.
    """
    return catalogue(language()).pgettext(about, code) if code else ""


def typed(about: str, text: str, codes: Iterable[str]) -> str:
    """The one of these codes that a person typed, as itself or as it is called; "" for neither."""
    said_so = folded(text)
    called = ((code, (code, word(about, code))) for code in codes)
    return next((code for code, names in called if said_so in map(folded, names)), "")


def words(about: str, codes: Iterable[str]) -> str:
    """Several codes, with commas between."""
    return ", ".join(word(about, code) for code in codes)


def role(name: str, agency: str = "*") -> str:
    """A role as people read it, with the agency that it is for when it is for one."""
    said = word("role", name)
    return said if agency in ("", "*") else f"{said}:{agency}"


def said(about: str, code: str, end: str = "") -> Phrase:
    """A code inside a reason or an error, which somebody else tells: English is the code itself."""
    versions = {one: catalogue(one).pgettext(about, code) + end for one in LANGUAGES}
    return Phrase(code + end, {}, versions)


def all_said(about: str, codes: Iterable[str]) -> str:
    """Several of them, with commas between."""
    return joined(", ", [said(about, code) for code in codes])


def role_phrase(name: str, agency: str = "*") -> Phrase:
    """A role with its agency, to be told later: in English as one types it, `review:thong-ke`."""
    return said("role", name, "" if agency in ("", "*") else f":{agency}")


def every() -> Iterator[tuple[str, str]]:
    """Every code that the catalogues have to know, after what it is about."""
    for about, codes in WORDS.items():
        for code in codes.split():
            yield about, code
