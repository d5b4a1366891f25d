"""What each kind of act is called for people; the kinds themselves are for programs."""

from __future__ import annotations

from collections.abc import Mapping

from desk.locales import LANGUAGES, N_, _, catalogue
from desk.text import folded

KINDS: Mapping[str, str] = {
    "roster": N_("changed the roster"),
    "policy": N_("adopted rules"),
    "resume": N_("accepted the log after a restore"),
    "item.revise": N_("submitted a revision"),
    "item.approve": N_("approved"),
    "item.return": N_("returned a revision"),
    "item.withdraw": N_("took a public item back"),
    "item.restore": N_("brought a public item back"),
    "release.plan": N_("planned a release"),
    "release.edit": N_("changed a release"),
    "release.move": N_("moved a release"),
    "release.confirm": N_("confirmed a release"),
    "release.postpone": N_("postponed a release"),
    "release.cancel": N_("cancelled a release"),
    "release.recall": N_("recalled a sign-off"),
    "release.sign": N_("signed off"),
    "release.hold": N_("held"),
    "release.lift": N_("lifted a hold"),
    "release.grant": N_("granted a release to a script"),
    "release.trigger": N_("triggered a release"),
    "people.delegate": N_("delegated a role"),
    "people.undelegate": N_("ended a delegation"),
    "people.remind": N_("reminded"),
    "terms.change": N_("changed the termbase"),
    "contacts.change": N_("changed the board of spokespersons"),
    "contact.available": N_("said who can speak"),
    "enquiry.open": N_("noted an enquiry"),
    "enquiry.assign": N_("assigned an enquiry"),
    "enquiry.answer": N_("linked an answer"),
    "enquiry.close": N_("closed an enquiry"),
    "enquiry.reopen": N_("opened an enquiry again"),
    "enquiry.forget": N_("forgot an enquirer"),
    "publisher.staged": N_("staged a release"),
    "publisher.released": N_("released"),
    "publisher.failed": N_("failed at a channel"),
    "publisher.missed": N_("missed a release"),
    "publisher.ack": N_("acknowledged an act"),
    "publisher.alarm": N_("raised an alarm"),
}

FAMILIES: Mapping[str, str] = {
    "release": N_("release"),
    "item": N_("item"),
    "people": N_("people"),
    "contacts": N_("contacts"),
    "enquiry": N_("enquiry"),
    "publisher": N_("publisher"),
    "terms": N_("terms"),
}
"""Beginnings of kinds, which stand for all that begin so."""


def kinds_called(typed: str) -> tuple[str, ...]:
    """The kinds that a person means: a kind, the beginning of kinds, or what they are called in
    either language, with hyphens for spaces and accents left out or not. Never empty.
    """
    wanted = folded(typed).replace("-", " ")
    found = tuple(
        code
        for code, message in (*KINDS.items(), *FAMILIES.items())
        if wanted in {folded(catalogue(one).gettext(message)) for one in LANGUAGES}
    )
    return found or (typed,)


def kind_word(kind: str) -> str:
    """The kind in the language of the interface; one that is not known stays as it is."""
    return _(KINDS[kind]) if kind in KINDS else kind
