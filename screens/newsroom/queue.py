"""The queue over the verbs of approval, of reminders and of delegation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from desk.approvals import decide
from desk.approvals.decide import Decision
from desk.clock import parse_instant
from desk.locales import _
from desk.locales.words import word as spoken
from desk.people import deputies, reach
from desk.releases.placing import read_moment
from desk.trust.acts import PEOPLE
from desk.trust.roster import ANY
from desk.trust.standing import NEVER
from screens.newsroom import reviews
from screens.newsroom.part import Part
from screens.source import Outcome, QueueEntry, Review
from screens.source.queue_room import CouldAct, Deputies, OpenStep, StandIn
from screens.states import STEPS, word

WAIT = 2.0  # seconds for the publisher's answer


class QueuePart(Part):
    """Answers the queue."""

    def queue(self) -> Sequence[QueueEntry]:
        """What waits for this reader, soonest first."""
        return reviews.entries(self._house)

    def review(self, revision: str) -> Review:
        """One revision, opened. Raises NotFound, Refused."""
        return reviews.review(self._house, revision)

    # Deciding

    def approve(self, revision: str, digest: str, passphrase: str, warnings: str = "") -> Outcome:
        """Approve exactly those bytes. Raises Refused, Conflict, NotFound, TrustError."""
        actor, item = self._house.unlock(passphrase), reviews.item_of(revision)
        return _told(
            decide.approve(self._house.room, actor, item, digest=digest, warnings=warnings)
        )

    def queue_approve_pair(
        self, digests: Mapping[str, str], passphrase: str, warnings: str = ""
    ) -> Outcome:
        """Approve all language versions, or none. Raises as `approve`."""
        actor = self._house.unlock(passphrase)
        seen = {reviews.item_of(revision): digest for revision, digest in digests.items()}
        done = decide.approve_pair(
            self._house.room, actor, next(iter(seen)), digests=seen, warnings=warnings
        )
        return _told(done[0])

    def send_back(self, revision: str, digest: str, reason: str, passphrase: str) -> Outcome:
        """Return exactly that revision to its authors. Raises Refused, NotFound, TrustError."""
        actor, item = self._house.unlock(passphrase), reviews.item_of(revision)
        act = decide.give_back(self._house.room, actor, item, reason, digest=digest)
        if self._house.room.confirmed(act, WAIT):
            return Outcome(_("Returned to its authors."))
        return Outcome(_("Returned; the publisher has not answered."), confirmed=False)

    # Who can act

    def queue_who(self, revision: str) -> Sequence[OpenStep]:
        """Each open step with everybody who holds it or stands in."""
        subject = reviews.item_of(revision)
        return [
            OpenStep(one.step, one.now, tuple(_could(each) for each in one.candidates))
            for one in reach.who(self._house.room, subject)
        ]

    def queue_remind(self, revision: str, people: Sequence[str], passphrase: str) -> Outcome:
        """Sign the reminder; alerts carry it. Raises Refused, UsageError, Conflict."""
        actor, subject = self._house.unlock(passphrase), reviews.item_of(revision)
        done = reach.remind(self._house.room, actor, subject, people)
        if done.already:
            return Outcome(_("They were reminded of it within the last ten minutes."))
        return Outcome(_("Reminded: {names}.").format(names=", ".join(done.to)))

    # Deputies

    def queue_deputies(self) -> Deputies:
        """Roles of one's own, people with keys, delegations by and to this reader."""
        house = self._house
        with house.room.reading() as view:
            me = view.roster.people[house.actor.id]
            roles = sorted(pair for pair in me.roles if pair[0] not in NEVER)
            found = deputies.standing(view, me.id)
            return Deputies(
                tuple((f"{name}:{agency}", self._role(name, agency)) for name, agency in roles),
                tuple(
                    (one.id, one.name)
                    for one in view.roster.people.values()
                    if one.key is not None and one.id != me.id
                ),
                tuple(
                    StandIn(one.id, one.giver, one.to, one.role, one.agency,
                            parse_instant(one.until), one.state, one.why)
                    for one in found
                ),
            )  # fmt: skip

    def _role(self, name: str, agency: str) -> str:
        """A role, and of which agency; without one it is held for all."""
        called = spoken("role", name)
        return called if agency == ANY else f"{called} · {self._house.called('', agency)[1]}"

    def queue_delegate(
        self, role: str, to: str, since: str, until: str, note: str, passphrase: str
    ) -> Outcome:
        """Delegate a role of one's own. Raises Refused, UsageError, NotFound."""
        house = self._house
        with house.room.reading() as view:
            zone = str(view.policy.document["zone"])
        first = read_moment(since, zone).at if since else ""
        last = read_moment(until, zone).at
        name, _colon, agency = role.partition(":")
        done = deputies.delegate(
            house.room, house.unlock(passphrase), to, role=name, agency=agency or ANY, until=last,
            since=first, note=note,
        )  # fmt: skip
        if done.already:
            return Outcome(_("It is delegated already."))
        return Outcome(_("{who} stands in for you.").format(who=done.to))

    def queue_undelegate(self, id: str, passphrase: str) -> Outcome:
        """End a delegation. Raises Refused, NotFound."""
        actor, room = self._house.unlock(passphrase), self._house.room
        done, act = deputies.undelegate(room, actor, id)
        text = _("{who} no longer stands in.").format(who=done.to)
        heard = room.acknowledged(PEOPLE, act, WAIT)
        return Outcome(text, confirmed=bool(heard))


def _told(done: Decision) -> Outcome:
    if done.already:
        return Outcome(_("You approved it before."))
    if not done.open_steps:
        return Outcome(_("Approved; every step is taken."))
    return Outcome(_("Approved; next step: {step}.").format(step=word(STEPS, done.open_steps[0])))


def _could(one: reach.Candidate) -> CouldAct:
    until = parse_instant(one.away_until) if one.away_until else None
    return CouldAct(one.person, one.name, one.can, one.why, one.stands_for, until)
