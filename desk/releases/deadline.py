"""Deadlines: how long a release can still be changed and signed, what is missing, and who can act.

Until T - 30 s an item can be left out or mended; a signature counts until T - 5 s.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from desk.clock import epoch_ns, parse_instant, written
from desk.errors import Refused, because
from desk.locales import N_
from desk.locales.words import said
from desk.newsroom.room import Room, View
from desk.people.speaking import unspoken
from desk.phrase import instant, phrase
from desk.releases.plan import find
from desk.store.projections import releases_with
from desk.trust.begun import begun
from desk.trust.judge import judge, release_state, signers_left, steps_of, voices
from desk.trust.state import ReleaseState

LATEST_CHANGE = 30  # seconds before the instant
LATEST_SIGN_OFF = 5  # seconds before the instant
_NEAR = ("confirmed", "signed", "staged")


@dataclass(frozen=True)
class Needed:
    """One thing that is still missing, who can do it, and until which instant (UTC)."""

    what: str
    who: tuple[str, ...]
    until: str

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"what": self.what, "who": list(self.who), "until": self.until}


@dataclass(frozen=True)
class Deadline:
    """How a release stands against the clock. Spans in seconds, negative when over.

    `change_left`: to leave an item out or mend one; `sign_left`: to sign. `ready`: nothing but
    the instant is waited for.
    """

    release: str
    at: str
    state: str
    left: float
    change_left: float
    sign_left: float
    needed: tuple[Needed, ...]

    @property
    def ready(self) -> bool:
        """Whether nobody has to do anything any more."""
        return not self.needed

    def as_json(self) -> dict[str, Any]:
        """Plain values; spans in whole seconds."""
        return {
            "release": self.release,
            "at": self.at,
            "state": self.state,
            "left": round(self.left),
            "change_left": round(self.change_left),
            "sign_left": round(self.sign_left),
            "needed": [one.as_json() for one in self.needed],
        }

    def lines(self) -> list[str]:
        """The same for people, one line for each thing."""
        template = (
            N_("{release}: {left} left until {at}, {state}")
            if self.left > 0
            else N_("{release}: due since {at}, {state}")
        )
        lines: list[str] = [
            phrase(
                template, release=self.release, left=span(self.left), at=instant(self.at),
                state=said("release", self.state),
            )
        ]  # fmt: skip
        if not self.ready:
            change, sign = span(self.change_left), span(self.sign_left)
            lines.append(
                phrase("to change it {change}, to sign it {sign}", change=change, sign=sign)
            )
        for one in self.needed:
            who = ", ".join(one.who) or phrase("nobody can")
            lines.append(
                phrase("  needs: {what} — {who} — until {until}",
                       what=one.what, who=who, until=instant(one.until))
            )  # fmt: skip
        return lines


def span(seconds: float) -> str:
    """A span as people say it: `2 h 05 min`, `4 min 10 s`, `8 s`, `no time`."""
    whole = int(seconds)
    if whole <= 0:
        return phrase("no time")
    if whole < 60:
        return phrase("{n} s", n=whole)
    if whole < 3600:
        return phrase("{min} min {s:02} s", min=whole // 60, s=whole % 60)
    return phrase("{h} h {min:02} min", h=whole // 3600, min=whole % 3600 // 60)


def seconds_left(room: Room, at: str) -> float:
    """Seconds until an instant."""
    return (epoch_ns(at) - room.clock.time_ns()) / 1e9


def deadline(room: Room, view: View, release_id: str) -> Deadline:
    """How that release stands now. Raises NotFound, Refused while no policy is adopted.

    One that waits for a script can be signed until its window ends.
    """
    release = find(view, release_id)
    left = seconds_left(room, release.at)
    sign_left = seconds_left(room, _last(release)) - LATEST_SIGN_OFF
    state = release_state(view.record, release_id)
    needed = () if release.opened else tuple(_needed(view, release_id))
    return Deadline(release_id, release.at, state, left, left - LATEST_CHANGE, sign_left, needed)


def _last(release: ReleaseState) -> str:
    """The instant by which it goes out, or not."""
    return release.grant.until if release.grant else release.at


def _needed(view: View, release_id: str) -> list[Needed]:
    record, release = view.record, find(view, release_id)
    at = parse_instant(_last(release))
    signed_by = written(at - timedelta(seconds=LATEST_SIGN_OFF))
    found = []
    verdict = judge(record, release_id)
    signoff = release.signoff if verdict.ok else begun(record, release)
    for name in release.items:
        item = record.items.get(name)
        chosen = {e["item"]: e["revision"] for e in signoff.fields["items"]} if signoff else {}
        if item is None:
            continue
        revision = item.revisions.get(chosen.get(name, item.latest)) or item.current
        for step in steps_of(record, item, revision):
            if step.approval is None:
                what = phrase(
                    "{step} of {code} ({language}) {item}", step=said("step", step.step),
                    code=item.code or item.id, language=item.language, item=item.id,
                )  # fmt: skip
                found.append(Needed(what, step.who, signed_by))
    if release.grant is not None and release.grant.ended:
        what = phrase("a grant to a script, or an instant")
        found.append(Needed(what, view.roster.holders("lead"), signed_by))
    if not release.confirmed:
        found.append(Needed(phrase("confirm"), view.roster.holders("lead"), signed_by))
    if not verdict.ok and {"sign-off", "signers", "manifest", "policy"} & {
        reason.rule for reason in verdict.reasons
    }:
        have = len(voices(record, signoff))
        what = phrase("signatures: {have} of {needed}", have=have, needed=view.policy.signers)
        found.append(Needed(what, signers_left(record, release, signoff), signed_by))
    if not verdict.ok:
        found += [Needed(one.text, one.who, signed_by) for one in unspoken(view, release_id)]
    for hold in record.active_holds(release_id):
        who = tuple(p for p in view.roster.holders("lead") if p not in hold.lifts)
        what = phrase("lift of the hold by {person}", person=hold.person)
        found.append(Needed(what, who, release.at))
    return found


def must_be_changeable(room: Room, at: str, what: str) -> None:
    """Raise Refused from T - 30 s on: signers could not look at it any more."""
    left = seconds_left(room, at)
    if left < LATEST_CHANGE:
        over = phrase("{left} left until {at}", left=span(left), at=instant(at))
        raise Refused(
            phrase("Too late to {what}", what=what),
            [
                because(
                    "late",
                    "that takes {seconds} s before the instant; {over}",
                    seconds=LATEST_CHANGE,
                    over=over,
                )
            ],
            "Stop it (desk release hold), or let it go out and correct or withdraw it",
        )


def near_releases(view: View, item: str) -> list[str]:
    """Releases with that item that are confirmed and not out yet, the next one first."""
    found = [
        (release.at, name)
        for name in releases_with(view.connection, [item])
        if (release := view.record.releases.get(name)) is not None
        and release.confirmed
        and release_state(view.record, name) in _NEAR
    ]
    return [name for _, name in sorted(found)]
