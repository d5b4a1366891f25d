"""Speaking: whether somebody answers for a release whose kind requires a spokesperson.

The rule `spokesperson` stands where leads sign. It reads signed acts alone: the adopted policy, the
board, and the word of a contact. Publisher and portal do not ask again: a word that is taken back
after the sign-off warns, and whoever wants to stop the release for it holds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from desk.clock import parse_instant
from desk.errors import Reason
from desk.newsroom.room import View
from desk.people.contact_entries import Topic
from desk.people.contacts import Board, board_of
from desk.people.duty import away
from desk.phrase import instant, phrase
from desk.trust.acts import CONTACTS
from desk.trust.contact_state import Availability
from desk.trust.judge import Verdict
from desk.trust.policy import REQUIRED
from desk.trust.state import ReleaseState

RULE = "spokesperson"


def with_speakers(view: View, verdict: Verdict) -> Verdict:
    """The verdict on what would be signed, with the rule `spokesperson` added to its reasons."""
    more = unspoken(view, verdict.release)
    return replace(verdict, reasons=(*verdict.reasons, *more)) if more else verdict


def unspoken(view: View, release_id: str) -> tuple[Reason, ...]:
    """For each agency of an item whose kind requires a spokesperson: that nobody can speak.

    Empty when somebody can, or no kind requires it. The view is about the release and its items.
    A focal point or deputy of one of the agency's topics counts who has said, or for whom a lead
    has said, that they can speak at the release's instant, unless the board has them away then.
    """
    release = view.record.releases.get(release_id)
    agencies = _asking(view, release.items) if release else ()
    if release is None or not agencies:
        return ()
    board = board_of(view.with_subjects(CONTACTS))
    return tuple(
        _nobody(view, board, release, agency)
        for agency in agencies
        if not any(_can(view, board, release, c) for c in _order(board, agency))
    )


def required(view: View, release_id: str) -> bool:
    """Whether that release needs a spokesperson before it is signed."""
    release = view.record.releases.get(release_id)
    return release is not None and bool(_asking(view, release.items))


def _asking(view: View, items: Iterable[str]) -> tuple[str, ...]:
    """The agencies of those items whose kind requires somebody who speaks."""
    kinds, known = view.policy.kinds, view.record.items
    there = (known[item] for item in items if item in known)
    asking = {i.agency for i in there if kinds.get(i.kind, {}).get("spokesperson") == REQUIRED}
    return tuple(sorted(asking))


def _topics(board: Board, agency: str) -> list[Topic]:
    return [topic for topic in board.topics.values() if topic.agency == agency]


def _order(board: Board, agency: str) -> Sequence[str]:
    """Focal points and deputies of an agency's topics, each once."""
    named = (contact for topic in _topics(board, agency) for contact in topic.order)
    return [contact for contact in dict.fromkeys(named) if contact in board.contacts]


def _can(view: View, board: Board, release: ReleaseState, contact: str) -> bool:
    word = release.available.get(contact)
    return (
        word is not None
        and word.can
        and word.covers(release.at)
        and _vouched(view, board, word)
        and not _away(board, contact, release.at)
    )


def _away(board: Board, contact: str, at: str) -> bool:
    return any(span.covers(parse_instant(at)) for span in away(board, contact))


def _vouched(view: View, board: Board, word: Availability) -> bool:
    """Whether the word is their own or a lead's: anybody who keeps the board could sign one."""
    own = board.contacts[word.contact].person
    return word.person == own or view.record.holds_role(word.person, "lead", time=word.time)


def _nobody(view: View, board: Board, release: ReleaseState, agency: str) -> Reason:
    """Why nobody counts, with whoever could say so: the contacts themselves, and leads."""
    order = _order(board, agency)
    leads = view.roster.holders("lead")
    if not order:
        text = phrase("the board names nobody who speaks for {agency}", agency=agency)
        return Reason(RULE, text, leads)
    persons = [board.contacts[contact].person for contact in order]
    who = tuple(dict.fromkeys([*(p for p in persons if p in view.roster.people), *leads]))
    said = [c for c in order if (word := release.available.get(c)) is not None and word.can]
    gone = [c for c in said if _away(board, c, release.at)]
    if gone:
        text = phrase(
            "{contact} of {agency} said that they can speak, but the board has them away at {at}",
            contact=gone[0], agency=agency, at=instant(release.at),
        )  # fmt: skip
    else:
        text = phrase(
            "no focal point or deputy of {agency} has said that they can speak at {at}",
            agency=agency, at=instant(release.at),
        )  # fmt: skip
    return Reason(RULE, text, who)
