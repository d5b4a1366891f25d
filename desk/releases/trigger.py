"""Triggering: a script opens the release that a lead has granted it, and learns what became of it.

The script has a key of its own, which stands in no roster. With it it can sign one kind of act,
about the release that was granted, inside the window, once. It approves, signs and holds nothing.
"""

from __future__ import annotations

import time as _time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from desk.clock import epoch_ns
from desk.errors import Conflict, DeskError, Reason, Refused, because
from desk.newsroom.room import Room, Transaction, View
from desk.phrase import instant, phrase
from desk.releases.plan import find
from desk.store import log
from desk.trust.acts import Act, read, write
from desk.trust.envelope import Envelope, Signer, verify
from desk.trust.granting import ending
from desk.trust.judge import judge, release_state
from desk.trust.state import ReleaseState

KIND = "release.trigger"
ALARMS = "newsroom"  # what publishers' alarms are about
EARLY = "early-trigger"  # the publisher's alarm about a trigger that it heard before its window
OFF_CLOCK = 5  # seconds that a program's stated time may be off ours
LOOK = 0.05  # seconds between two looks for receipts


@dataclass(frozen=True)
class Receipt:
    """One channel of a triggered release: planned, staged, released, failed.

    `opened_ms`: the channel's clock when it opened, ms since the epoch; `receipt`: the digest of
    its signed receipt; `required`: whether the release waits for it.
    """

    channel: str
    state: str
    required: bool
    opened_ms: int = 0
    receipt: str = ""


@dataclass(frozen=True)
class Triggered:
    """A granted release as it stands. Instants are written UTC; `fired` is '' until triggered.

    `script` and `key` are those of the grant, `trigger` the act that opened it. `already`: whether
    that was so before. `reasons`: what speaks against it now. `refused`: the publisher heard the
    trigger before its window, and will not open by it.
    """

    release: str
    state: str
    script: str
    key: str
    at: str
    until: str
    grant: str
    signoff: str
    trigger: str
    fired: str
    ended: str
    receipts: tuple[Receipt, ...]
    reasons: tuple[Reason, ...]
    already: bool = False
    refused: bool = False

    @property
    def waits(self) -> bool:
        """Whether it is still to be triggered."""
        return not self.trigger and self.state not in ("released", "partial", "missed")

    @property
    def published(self) -> bool:
        """Whether every channel that it waits for has opened."""
        wanted = [one for one in self.receipts if one.required] or self.receipts
        return bool(wanted) and all(one.state == "released" for one in wanted)

    @property
    def settled(self) -> bool:
        """Whether there is nothing left to wait for."""
        ends = ("released", "failed")
        over = self.refused or self.state == "missed"
        return over or all(one.state in ends for one in self.receipts)

    def require(self) -> None:
        """Raise Refused, naming who grants it anew, when the publisher refused the trigger."""
        if self.refused:
            raise Refused(
                "The trigger was refused", self.reasons,
                phrase("Set this machine's clock right; then a lead grants it anew: "
                       "desk release grant {release}", release=self.release),
            )  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {**self.__dict__, "receipts": [one.__dict__ for one in self.receipts],
                "reasons": [reason.as_json() for reason in self.reasons],
                "waits": self.waits, "published": self.published}  # fmt: skip


def standing(view: View, release_id: str, *, already: bool = False) -> Triggered:
    """How a granted release stands. Raises NotFound, Refused when no script was granted it."""
    release = find(view, release_id)
    grant = release.grant
    if grant is None:
        raise _not_granted(phrase("no lead has granted it to a script"))
    signoff = release.signoffs.get(grant.used) or release.signoff
    trigger = signoff.trigger if signoff else ""
    refused = bool(trigger) and not release.opened and _refused(view, release.id, trigger)
    reasons = () if release.opened or trigger else judge(view.record, release.id).reasons
    if refused:
        text = "the publisher heard it before its window, and refuses it for good"
        reasons = (Reason("early-trigger", text, view.roster.holders("lead")),)
    return Triggered(
        release.id, release_state(view.record, release.id), grant.script, grant.key, release.at,
        grant.until, grant.digest, signoff.digest if signoff else "",
        trigger, signoff.fired if signoff else "", grant.ended,
        _receipts(view, release), reasons, already, refused,
    )  # fmt: skip


def _receipts(view: View, release: ReleaseState) -> tuple[Receipt, ...]:
    signed: dict[str, str] = {}
    for act in _acts(view, release.id):
        if act.kind.name == "publisher.released" and _by_publisher(view, act):
            signed[str(act.fields["channel"])] = str(act.fields.get("receipt", ""))
    found = []
    for channel in release.channels:
        required = bool(view.policy.channels.get(channel, {}).get("required", True))
        opened = release.opened.get(channel, 0)
        if opened:
            found.append(Receipt(channel, "released", required, opened, signed.get(channel, "")))
        elif channel in release.failed:
            found.append(Receipt(channel, "failed", required))
        else:
            state = "staged" if channel in release.staged else "planned"
            found.append(Receipt(channel, state, required))
    return tuple(found)


def _refused(view: View, release: str, trigger: str) -> bool:
    """Whether a publisher's alarm after that trigger says that it came before its window."""
    fired = False
    for act in _acts(view, release, ALARMS):
        fired = fired or act.digest == trigger
        early = act.kind.name == "publisher.alarm" and act.fields["code"] == EARLY
        if fired and early and act.fields.get("detail") == release and _by_publisher(view, act):
            return True
    return False


def _acts(view: View, *subjects: str) -> Iterator[Act]:
    """Acts about these subjects in the order of the log; what cannot be read counts for nothing."""
    for _, data in log.acts_about(view.connection, subjects):
        try:
            yield read(Envelope.from_json(data))
        except DeskError:
            continue


def _by_publisher(view: View, act: Act) -> bool:
    return bool(verify(act.envelope, {key.sign for key in view.roster.publishers.values()}))


def fire(room: Room, signer: Signer, release_id: str) -> Triggered:
    """Sign the trigger with the script's key and append it; the publisher does the rest.

    What was triggered or released already is answered so, with nothing appended. Raises NotFound,
    Refused with the rule: another key, too early, too late, held, not signed, no grant.
    """
    with room.acting(release_id) as tx:
        release = find(tx, release_id)
        if _done(release, signer.sign_public):
            return standing(tx, release_id, already=True)
        _may_fire(tx, release, signer.sign_public)
        tx.adopt(write(KIND, _fields(tx, release), signer))
        return standing(tx, release_id)


def take_in(room: Room, envelope: Envelope) -> Triggered:
    """Append a trigger that a program has signed itself. Raises as `fire`; TrustError for no act.

    The time that it states must be now: nobody leaves an order for later.
    """
    act = read(envelope)
    if act.kind.name != KIND:
        raise Refused(
            "Not a trigger",
            [because("kind", "{name} is not accepted here", name=act.kind.name)],
        )
    with room.acting(act.subject) as tx:
        release = find(tx, act.subject)
        key = release.grant.key if release.grant else ""
        given = key if key and verify(envelope, {key}) else ""
        if _done(release, given):
            return standing(tx, act.subject, already=True)
        _may_fire(tx, release, given)
        _must_be_now(room, act)
        tx.adopt(act)
        return standing(tx, act.subject)


def _fields(view: View, release: ReleaseState) -> dict[str, Any]:
    """A trigger of the sign-off in force. Raises Conflict when there is none, or no grant."""
    if release.grant is None or release.signoff is None:
        raise Conflict("Nothing is signed", release.id, "Leads sign it: desk release sign")
    return {"newsroom": view.record.newsroom, "subject": release.id, "time": view.time,
            "grant": release.grant.digest, "signoff": release.signoff.digest}  # fmt: skip


def _done(release: ReleaseState, key: str) -> bool:
    """Whether the script of that key has fired it before."""
    grant = release.grant
    return grant is not None and grant.key == key and bool(grant.used) and not grant.ended


def _may_fire(tx: Transaction, release: ReleaseState, key: str) -> None:
    grant = release.grant
    if grant is None:
        raise _not_granted(phrase("no lead has granted it to a script"))
    if grant.key != key:
        why = phrase("it was granted to {script}, whose key this is not", script=grant.script)
        raise _not_granted(why)
    if grant.ended:
        raise _not_granted(phrase("the grant ended with {act}", act=ending(grant.ended)))
    judge(tx.record, release.id).require("The release may not go out")
    if tx.time < release.at:
        raise _outside("too-early", "Too early", release, grant.until)
    if tx.time > grant.until:
        raise _outside("too-late", "Too late", release, grant.until)


def _outside(rule: str, title: str, release: ReleaseState, until: str) -> Refused:
    return Refused(
        title,
        [because(rule, "its window is from {at} to {until}", at=instant(release.at),
                 until=instant(until))],
        "Nothing was used up: repeat it inside the window" if rule == "too-early" else
        "A lead grants it anew: desk release grant",
    )  # fmt: skip


def _not_granted(why: str) -> Refused:
    return Refused(
        "This script may not open it", [Reason("not-granted", why)],
        "A lead grants it: desk release grant",
    )  # fmt: skip


def _must_be_now(room: Room, act: Act) -> None:
    off = abs(epoch_ns(act.time) - room.clock.time_ns()) / 1e9
    if off > OFF_CLOCK:
        text = phrase("it states {time}, which is {off:.0f} s off", time=instant(act.time), off=off)
        raise Refused("The trigger is not of now", [Reason("clock", text)])


def unsigned(room: Room, release_id: str) -> dict[str, Any]:
    """The payload of a trigger that would count now, for a program that signs it itself."""
    with room.reading(release_id) as view:
        return {**_fields(view, find(view, release_id)), "kind": KIND}


def wait(room: Room, before: Triggered, seconds: float) -> Triggered:
    """Wait until every channel has answered, or so many seconds are over. How it stands then."""
    deadline = _time.monotonic() + seconds
    while True:
        with room.reading(before.release) as view:
            after = standing(view, before.release, already=before.already)
        if after.settled or _time.monotonic() >= deadline:
            return after
        _time.sleep(LOOK)
