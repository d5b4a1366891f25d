"""Granting: what a lead's grant to a script does to a release, and what the script's trigger does.

A grant is a step of the plan: leads sign it with the manifest, and a later move, recall or
postponement ends it. A trigger is signed by the granted key alone, which belongs to nobody of the
roster; it opens the sign-off that it names, once, inside the window.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from desk.clock import parse_instant
from desk.phrase import instant, phrase
from desk.trust.acts import Act
from desk.trust.envelope import verify
from desk.trust.standing import quorum
from desk.trust.state import Grant, ReleaseState, SignOff
from desk.trust.void import Void

if TYPE_CHECKING:
    from desk.trust.record import Record

LONGEST_WINDOW = timedelta(days=31)
_ENDS = {"release.recall": phrase("a recall"), "release.postpone": phrase("a postponement")}


def check(record: Record, act: Act) -> None:
    """Whether the grant names a window, and a key that is a script's and nobody else's."""
    assert record.roster is not None
    f = act.fields
    if not f["at"] < f["until"]:
        raise Void("Malformed", "the window ends before it begins")
    if parse_instant(f["until"]) - parse_instant(f["at"]) > LONGEST_WINDOW:
        raise Void(
            "Too long", phrase("a window lasts at most {days} days", days=LONGEST_WINDOW.days)
        )
    if f["key"] in record.roster.keys or f["key"] in record.roster.root_keys.values():
        raise Void("Not a script's key", "it is the key of a person or a publisher")


def grant(release: ReleaseState, act: Act) -> None:
    """Give the release a window instead of an instant, and a key that opens it."""
    f = act.fields
    if release.confirmed and release.at != f["at"] and "note" not in f:
        raise Void("No note", "moving a confirmed release needs a public note")
    release.at, release.zone, release.wall = f["at"], f["zone"], f["wall"]
    release.slot, release.status = "", "planned"
    release.grant = Grant(act.digest, f["script"], f["key"], f["until"])


def end(release: ReleaseState, act: Act) -> None:
    """The grant no longer holds. It stays on the release, which needs another, or an instant."""
    if release.grant is not None:
        release.grant = replace(release.grant, ended=act.kind.name)


def ending(kind: str) -> str:
    """What ended a grant, as a word for people: the kind of the act that did."""
    return _ENDS.get(kind, kind)


def trigger(record: Record, act: Act, _: tuple[str, ...]) -> None:
    """Open the sign-off in force: by the granted key, once, inside the window, while not held.

    One that was refused counts never: otherwise whoever writes to the database could put it into
    the log again once the hold is lifted, or the last lead has signed, and open what the script
    has not opened.
    """
    release = record.releases.get(act.subject)
    if release is None:
        raise Void("No such release", act.subject)
    granted = _granted(release, act)
    if act.digest in release.refused:
        raise Void("Refused before", "the script has to say it again")
    try:
        _fire(record, release, granted, act)
    except Void:
        release.refused.add(act.digest)
        raise


def _fire(record: Record, release: ReleaseState, granted: Grant, act: Act) -> None:
    signoff = release.signoff
    if granted.used or (signoff is not None and signoff.trigger):
        raise Void(
            "Triggered already", phrase("the grant to {script} is used", script=granted.script)
        )
    if signoff is None or signoff.digest != act.fields["signoff"]:
        raise Void("Stale", "it is not about the sign-off in force")
    _must_be_open_to_it(record, release, signoff)
    if not release.at <= act.time <= granted.until:
        title = "Too early" if act.time < release.at else "Too late"
        raise Void(
            title,
            phrase(
                "the window is from {at} to {until}",
                at=instant(release.at),
                until=instant(granted.until),
            ),
        )
    signoff.trigger, signoff.fired = act.digest, act.time
    release.grant = replace(granted, used=signoff.digest)


def _granted(release: ReleaseState, act: Act) -> Grant:
    """The grant that the trigger rests on, whose key signed it."""
    granted = release.grant
    if granted is None or granted.digest != act.fields["grant"]:
        raise Void("Not granted", "no grant in force says that a script opens this release")
    if granted.ended:
        raise Void("Not granted", phrase("the grant ended with {act}", act=ending(granted.ended)))
    if not verify(act.envelope, {granted.key}):
        raise Void("Unsigned", phrase("not signed by the key of {script}", script=granted.script))
    return granted


def _must_be_open_to_it(record: Record, release: ReleaseState, signoff: SignOff) -> None:
    """A trigger is no promise for later: what it opens must be signed in full, and not held."""
    if release.status != "planned" or signoff.digest in release.missed:
        raise Void("Too late", "the release is over, or has no date")
    leads = quorum({person: signoff.seats[person] for person in signoff.signers})
    if record.policy is None or len(leads) < record.policy.signers:
        raise Void("Not signed", "too few leads have signed what it opens")
    if record.active_holds(release.id):
        raise Void("Held", "the release is held")
