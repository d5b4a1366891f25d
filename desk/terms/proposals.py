"""Changing a newsroom's termbase with signed acts: propose, agree, see what waits.

A change to an entry of severity error takes two people; others take one, unless they are only
proposed. One of those who sign is a lead or an administrator. What the log says counts: files that
lag behind it are brought up to it, and files that say something else are told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from desk.errors import Conflict, DeskError, NotFound, Reason, Refused, TrustError, UsageError
from desk.locales import _
from desk.phrase import joined, phrase
from desk.terms import history, overlay
from desk.terms.change import Change, between
from desk.terms.overlay import Key, Overlay
from desk.terms.saving import refuse_if_wrong
from desk.terms.termbase import Termbase, shipped
from desk.trust.acts import TERMS
from desk.trust.termbase_state import FIELDS, PROPOSERS, TermChange

if TYPE_CHECKING:
    from pathlib import Path

    from desk.newsroom.room import Actor, Room, Transaction, View

TWO: Final = 2
_SHORTEST: Final = 4  # figures of an id by which a proposal is named
_EDITED = "the files in terms/ are not what was accepted"
_EDITED_HINT = "To keep what stands there: desk terms propose --files"


@dataclass(frozen=True)
class Proposal:
    """A change and how far it is. `id` is the digest of its document.

    `errors`: entries of severity error that it touches, as `language id`.
    """

    id: str
    number: int
    people: int
    signed: tuple[str, ...]
    proposer: str
    time: str
    entries: tuple[str, ...]
    errors: tuple[str, ...]
    reason: str
    in_force: bool
    already: bool = False


@dataclass(frozen=True)
class Standing:
    """Where a newsroom's termbase stands, and what does not fit together, if anything.

    `termbase` is what was accepted, whatever the files say; the shipped one when that cannot be
    told any more.
    """

    version: history.Version
    waiting: int
    problems: tuple[str, ...]
    termbase: Termbase


def propose(room: Room, actor: Actor, change: Change, *, alone: bool = True) -> Proposal:
    """Sign a change first. With `alone` it is in force at once if one person is enough for it.

    Raises UsageError when it changes nothing, Refused for files that were edited by hand and for
    entries that are wrong (each is told), Conflict when somebody was first.
    """
    with room.acting(TERMS) as tx:
        room.require_person(tx, actor)
        before = _settled(room, tx)
        after, errors = _judged(change, before)
        people = 1 if alone and not errors else TWO
        history.keep_proposal(room.root, change)
        found = _sign(tx, actor, change, before, after, people)
    return _finished(room, found, change, errors)


def adopt_files(room: Room, actor: Actor, reason: str) -> Proposal:
    """Propose what stands in the files of terms/ now, as somebody edited them.

    Raises as `propose`. The files go back to what is in force until it is accepted.
    """
    with room.acting(TERMS) as tx:
        room.require_person(tx, actor)
        before = accepted(room.root, tx)
        change = between(before, overlay.load(room.root), reason)
        after, errors = _judged(change, before)
        history.keep_proposal(room.root, change)
        found = _sign(tx, actor, change, before, after, TWO if errors else 1)
        overlay.save(room.root, before)
    return _finished(room, found, change, errors)


def accept(room: Room, actor: Actor, name: str) -> Proposal:
    """Agree to a change that waits, named by the beginning of its id.

    It is judged anew: by its file, which must be what its proposer signed. What others have put
    into force meanwhile is told as that, and nothing is signed. Raises NotFound,
    Refused, TrustError when the file or the number of people is not as it must be, Conflict.
    """
    with room.acting(TERMS) as tx:
        room.require_person(tx, actor)
        before = _settled(room, tx)
        done = _accepted(tx, name)
        if done is not None:
            change = history.changes(room.root)[done.number - 1]
            return _told(done, change, (), in_force=True, already=True)
        waiting = _waiting(tx, name)
        change = history.proposal(room.root, waiting.change)
        after, errors = _judged(change, before)
        if after.digest != waiting.after or (errors and waiting.people < TWO):
            hint = "Its file and its signature do not agree: propose it again"
            raise TrustError("That is not what was proposed", waiting.change[:12], hint)
        key = actor.identity.sign_public
        if waiting.signed.get(actor.id) == key:
            return _told(waiting, change, errors, in_force=False, already=True)
        found = _sign(tx, actor, change, before, after, waiting.people)
    return _finished(room, found, change, errors)


def waiting(room: Room) -> tuple[Proposal, ...]:
    """What waits for somebody's agreement, oldest first."""
    with room.reading(TERMS) as view:
        before = accepted(room.root, view)
        found = []
        for one in view.record.termbase.waiting.values():
            try:
                change = history.proposal(room.root, one.change)
                _new, errors = _judged(change, before, valid=False)
            except DeskError:
                change, errors = Change(reason=_("(its file is missing or was changed)")), ()
            found.append(_told(one, change, errors, in_force=False))
    return tuple(sorted(found, key=lambda one: one.time))


def standing(room: Room) -> Standing:
    """The version in force, and whether log, history and files say the same."""
    with room.reading(TERMS) as view:
        return standing_in(room.root, view)


def standing_in(root: Path, view: View) -> Standing:
    """The same, in a reading about the termbase that is open already."""
    state = view.record.termbase
    problems: list[str] = []
    try:
        own = accepted(root, view)
        problems += _unsound(root, view)
        if overlay.load(root).digest != own.digest:
            problems.append(joined("; ", (_EDITED, _EDITED_HINT)))
    except DeskError as error:
        own = Overlay()
        problems.append(error.sentence)
    termbase = own.over(shipped())
    version = history.Version(state.number, termbase.digest)
    return Standing(version, len(state.waiting), tuple(problems), termbase)


def accepted(root: Path, view: View) -> Overlay:
    """The newsroom's own entries as the log has them in force. Raises TrustError."""
    state = view.record.termbase
    _catch_up(root, view)
    made = history.changes(root)
    if [one.digest for one in made[: state.number]] != [one.change for one in state.accepted]:
        raise TrustError("The history of the termbase is not that of the log",
                         phrase("the log has {number} changes in force", number=state.number),
                         "Put terms/changes back from a backup")  # fmt: skip
    own = history.overlay_at(root, state.number)
    if state.number and own.digest != state.digest:
        hint = "Do not sign changes; tell the administrators"
        title = "The history of the termbase does not give what was signed"
        raise TrustError(title, f"v{state.number}", hint)
    return own


def _catch_up(root: Path, view: View) -> None:
    """Changes that the log has in force and the files do not have yet: after a power cut."""
    made = len(history.changes(root))
    for number, one in enumerate(view.record.termbase.accepted[made:], made + 1):
        change = history.proposal(root, one.change)
        current = overlay.load(root)
        if current.digest == one.base:
            overlay.save(root, change.applied(current, shipped()))
        history.keep_accepted(root, number, change)


def _settled(room: Room, view: View) -> Overlay:
    """The accepted entries, if the files say the same. Raises Refused when they do not."""
    own = accepted(room.root, view)
    if overlay.load(room.root).digest != own.digest:
        why = [Reason("terms", _EDITED)]
        raise Refused("The termbase was edited by hand", why, _EDITED_HINT)
    return own


def _judged(
    change: Change, before: Overlay, *, valid: bool = True
) -> tuple[Overlay, tuple[Key, ...]]:
    """The entries after a change, and the errors that it touches. Raises Refused, UsageError."""
    base = shipped()
    after = change.applied(before, base)
    if after.digest == before.digest:
        raise UsageError("That changes nothing", "", "See: desk terms show ID")
    old, new = before.over(base), after.over(base)
    if valid:
        refuse_if_wrong(old, new, change.keys)
    return after, change.errors(old, new)


def _sign(
    tx: Transaction, actor: Actor, change: Change, before: Overlay, after: Overlay, people: int
) -> TermChange:
    state = tx.record.termbase
    roles = [role for role in PROPOSERS if tx.record.holds_role(actor.id, role, time=tx.time)]
    if not roles:
        why = phrase("{actor} has no role in the newsroom", actor=actor.id)
        raise Refused("You may not change the termbase", [Reason("role", why)])
    fields: dict[str, Any] = {
        "number": state.number + 1, "base": before.digest, "after": after.digest,
        "change": change.digest, "people": people,
    }  # fmt: skip
    assert set(fields) == set(FIELDS)
    known = state.waiting.get(change.digest)
    if known is not None and known.people != people:
        hint = phrase("Agree to it: desk terms accept {id}", id=change.digest[:12])
        raise Conflict("It was proposed already", change.digest[:12], hint)
    tx.append("terms.change", TERMS, fields, actor)
    in_force = state.accepted[-1:] if state.number == fields["number"] else []
    return in_force[0] if in_force else state.waiting[change.digest]


def _finished(room: Room, found: TermChange, change: Change, errors: tuple[Key, ...]) -> Proposal:
    """Write the files of a change that is in force now; the log has it already."""
    with room.reading(TERMS) as view:
        state = view.record.termbase
        in_force = any(one.change == found.change for one in state.accepted)
        if in_force:
            _catch_up(room.root, view)
            history.forget_proposals(room.root)
    return _told(found, change, errors, in_force=in_force)


def _accepted(view: View, name: str) -> TermChange | None:
    """The newest change in force whose id begins like that, if none that waits does."""
    state = view.record.termbase
    if len(name) < _SHORTEST or any(key.startswith(name) for key in state.waiting):
        return None
    return next((one for one in reversed(state.accepted) if one.change.startswith(name)), None)


def _waiting(view: View, name: str) -> TermChange:
    found = [one for key, one in view.record.termbase.waiting.items() if key.startswith(name)]
    if len(name) < _SHORTEST or not found:
        hint = ("See: desk terms proposals. What waited beside a change that is in force now has "
                "to be proposed again")  # fmt: skip
        raise NotFound("No such proposal waits", name[:64], hint)
    if len(found) > 1:
        raise UsageError("Several proposals begin like that", name[:64], "Write more of the id")
    return found[0]


def _unsound(root: Path, view: View) -> list[str]:
    """Changes in force that fewer people signed than their entries ask for."""
    base, own = shipped(), Overlay()
    told: list[str] = []
    for one, change in zip(view.record.termbase.accepted, history.changes(root), strict=False):
        after = change.applied(own, base)
        errors = change.errors(own.over(base), after.over(base))
        if errors and len(one.signed) < TWO:
            told.append(
                phrase(
                    "v{number} changes error entries and one person signed it", number=one.number
                )
            )
        own = after
    return told


def _told(
    one: TermChange, change: Change, errors: tuple[Key, ...], *, in_force: bool,
    already: bool = False,
) -> Proposal:  # fmt: skip
    return Proposal(
        one.change, one.number, one.people, tuple(sorted(one.signed)), one.proposer, one.time,
        tuple(map(" ".join, change.keys)), tuple(map(" ".join, errors)), change.reason, in_force,
        already,
    )  # fmt: skip
