"""Tending: what each channel needs between releases: withdrawals, comparisons, the public calendar.

Each channel has a task of its own, so that one that does not answer holds up no other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from desk.errors import DeskError, Refused, TrustError, Unavailable
from desk.newsroom.config import NewsroomConfig
from desk.phrase import joined, phrase
from desk.publisher import readback
from desk.publisher.channel import Channel
from desk.publisher.ledger import Watched
from desk.trust.acts import Act, read
from desk.trust.envelope import Envelope
from desk.trust.state import RevisionState

if TYPE_CHECKING:
    from desk.publisher.loop import Publisher

EVERY_NS = 2_000_000_000
PATIENCE = 120  # seconds in which a portal has to have checked what it opened
LOOK_AGAIN = 2  # seconds between the first look that differs and the one that counts
UNDER_WAY_NS = 10_000_000_000  # in which a channel has to have carried out what takes down


class Tending:
    """Keeps the channels of one publisher as they should be. `calendar`: see `_announce`."""

    def __init__(self, publisher: Publisher, config: Callable[[], NewsroomConfig] | None) -> None:
        self._p = publisher
        self._config = config
        self._withdrawals: dict[str, Act] = {}
        self._heard: dict[str, int] = {}
        self._blind: dict[tuple[str, str], int] = {}
        self._next = 0
        self._made: tuple[int, NewsroomConfig | None] = (-1, None)
        self.calendar: tuple[Mapping[str, Any] | None, int] = (None, 0)

    def withdrawn(self, act: Act) -> None:
        """A withdrawal, or what lifts one, was heard: for every channel that has the revision."""
        self._withdrawals[act.digest] = act
        self._heard[act.digest] = self._p.clock.monotonic_ns()

    def turn(self) -> None:
        """Give every channel what is due."""
        p = self._p
        if p.halted or p.record.policy is None:
            return
        moment = p.clock.monotonic_ns()
        announce = moment >= self._next
        if announce:
            self._next = moment + EVERY_NS
            self._make_calendar()
        for channel in p.channels.values():
            if announce:
                p.duties.spawn(f"govern {channel.id}", self._govern, channel)
            if self._withdrawals:
                p.duties.spawn(f"withdraw {channel.id}", self._withdraw, channel)
            p.duties.spawn(f"compare {channel.id}", self._compare, channel)
        if self._withdrawals:
            self._acknowledge()

    # -- withdrawals ------------------------------------------------------------------------------

    def _revision(self, act: Act) -> RevisionState | None:
        """The revision that an act withdraws or puts back, unless a later act speaks of it."""
        revision = self._p.record.revisions.get(str(act.fields["revision"]))
        if revision is None:
            return None
        if act.kind.name == "item.restore":
            return revision if revision.restored == act.fields["withdrawal"] else None
        return revision if revision.withdrawn and revision.withdrawal == act.digest else None

    def _carried(self, act: Act) -> list[Envelope]:
        """What a channel is told: the withdrawal, with everything that lifts it once it is."""
        if act.kind.name == "item.withdraw":
            return [act.envelope]
        about = [read(envelope) for envelope in self._p.archive.about((act.subject,))]
        away = act.fields["withdrawal"]
        return [a.envelope for a in about if away in (a.digest, a.fields.get("withdrawal"))]

    def _has(self, channel: str, act: Act) -> bool:
        """Whether the channel has shown the revision."""
        revision = self._revision(act)
        if revision is None:
            return False
        names = {r for r in (revision.released_in, *self._out(act.subject)) if r}
        return any(
            row.channel == channel and row.state in ("opened", "published")
            for name in names
            for row in self._p.ledger.of_release(name)
        )

    def _may_come(self, act: Act) -> bool:
        """Whether a channel may yet open what is withdrawn: then it has to be told as well."""
        revision, here = self._revision(act), self._p.instant_now()
        if revision is None or act.kind.name != "item.withdraw":
            return False
        return any(
            row.state == "claimed" and here <= row.not_after
            for name in {revision.released_in, *self._out(act.subject)}
            for row in self._p.ledger.of_release(name)
        )

    def _out(self, item: str) -> list[str]:
        """Releases on the agenda that hold the item: it may be out before the log says so."""
        record = self._p.record
        names = self._p.agenda.until(self._p.instant_now())
        return [name for name in names if item in record.releases[name].items]

    def _done(self, act: Act, channel: str) -> str:
        if act.kind.name == "item.restore":
            return f"restored {act.fields['withdrawal']} {channel}"
        return f"withdrawn {act.digest} {channel}"

    async def _withdraw(self, channel: Channel) -> None:
        """Tell a channel what it has to take down or put back. One that it refuses, since a key
        was lost meanwhile, keeps none behind it waiting.
        """
        p, refused = self._p, None
        for act in list(self._withdrawals.values()):
            if p.quiet:
                return
            if p.ledger.meta(self._done(act, channel.id)) or not self._has(channel.id, act):
                continue
            await channel.make_ready(p.governing.acts, p.governing.versions)
            try:
                await channel.driver.withdraw(self._carried(act))
            except (Refused, TrustError) as error:
                refused = error
                p.after.alarm_once(
                    f"{act.digest} {channel.id}",
                    "not-withdrawn",
                    joined(": ", [f"{act.subject}, {channel.id}", error.sentence]),
                )
                continue
            p.ledger.set_meta(self._done(act, channel.id), p.instant_now())
            p.ledger.compare_now([act.subject], p.clock.time_ns() // 1_000_000_000)
            event = "restored" if act.kind.name == "item.restore" else "withdrawn"
            p.journal(event, channel=channel.id, item=act.subject)
        if refused is not None:
            raise refused  # tried again: a newer roster may allow it

    def _acknowledge(self) -> None:
        """Answer a withdrawal when every channel that has it was told, and no other may still
        get it by a call that has no answer yet.

        The first of two who put something back is answered at once, like the first of two lifts.
        A withdrawal that a newer revision of the item has outrun came too late: it is carried out,
        and the item is still to be seen.
        """
        p = self._p
        for act in list(self._withdrawals.values()):
            waiting = [
                name
                for name in p.channels
                if self._has(name, act) and not p.ledger.meta(self._done(act, name))
            ]
            if waiting or self._may_come(act):
                continue
            if act.digest not in p.record.acked:
                outcome = "too-late" if self._outrun(act) else "in-force"
                p.after.owe_ack(act.digest, act.subject, outcome)
            if not self._out(act.subject):
                del self._withdrawals[act.digest], self._heard[act.digest]

    def _outrun(self, act: Act) -> bool:
        """Whether a newer revision of the item went out while the act took an older one down."""
        p = self._p
        record, revision = p.record, self._revision(act)
        if revision is None or act.kind.name != "item.withdraw":
            return False
        newer = {
            one.digest: one
            for one in record.items[act.subject].revisions.values()
            if one.number > revision.number and not one.withdrawn
        }
        if any(one.released_in for one in newer.values()):
            return True
        for name in self._out(act.subject):
            release = record.releases[name]
            signoff = p.due.signed(release)
            brings = signoff and {e["revision"] for e in signoff.fields["items"]} & newer.keys()
            if brings and p.due.begun(release):
                return True
        return False

    def _under_way(self, channel: str, item: str) -> bool:
        """Whether a channel is just being told to take an item down, or to put it back."""
        just = self._p.clock.monotonic_ns() - UNDER_WAY_NS
        return any(
            act.subject == item
            and self._heard[act.digest] > just
            and self._has(channel, act)
            and not self._p.ledger.meta(self._done(act, channel))
            for act in self._withdrawals.values()
        )

    # -- comparing --------------------------------------------------------------------------------

    async def _compare(self, channel: Channel) -> None:
        p = self._p
        now = p.clock.time_ns() // 1_000_000_000
        for watched in p.ledger.watched(channel.id, now, 20):
            if p.quiet:
                return
            await self._compare_one(channel, watched, now)

    async def _compare_one(self, channel: Channel, watched: Watched, now: int) -> None:
        p = self._p
        if watched.state not in ("differs", "accepted") and self._under_way(
            channel.id, watched.item
        ):
            p.ledger.compared(replace(watched, state="checking", due=now + 1))
            return
        revision = p.record.revisions.get(watched.revision)
        gone = bool(revision and revision.withdrawn)
        try:
            view = await channel.driver.public_view(
                watched.item, readback.language_of(watched.expected)
            )
        except DeskError as error:
            p.ledger.compared(replace(watched, due=now + 10))
            self._unseen(watched, now)
            raise Unavailable("Nothing to compare", f"{channel.id}: {error.title}") from None
        self._blind.pop((channel.id, watched.item), None)
        found = readback.difference(view, watched.expected, gone)
        if found in ("not-live-checking", "not-live-absent") and self._just_opened(watched, now):
            # A portal shows an item only after it has checked it: look again at once.
            p.ledger.compared(replace(watched, state="checking", due=now + 1))
            return
        seen = readback.fingerprint(view) if found else ""
        state = self._state(watched, found, seen)
        if state == "differs" and watched.state != "differs":
            p.after.alarm(
                "altered",
                phrase(
                    "{release} on {channel}: {code}",
                    release=watched.item,
                    channel=channel.id,
                    code=found,
                ),
            )
        due = readback.next_due(now, watched.round)
        if state == "suspect":
            due = now + LOOK_AGAIN
        round_ = watched.round if state == "suspect" else watched.round + 1
        p.ledger.compared(replace(watched, state=state, due=due, round=round_, seen=seen))

    def _unseen(self, watched: Watched, now: int) -> None:
        """A page that cannot be looked at for minutes may be hiding something: say so."""
        where = (watched.channel, watched.item)
        if now - self._blind.setdefault(where, now) > PATIENCE:
            said = phrase("{release} on {channel}", release=watched.item, channel=watched.channel)
            self._p.after.alarm_once(f"unseen {where}", "unseen", said)

    def _just_opened(self, watched: Watched, now: int) -> bool:
        row = self._p.ledger.get(watched.address)
        return row is not None and now - row.opened_ms // 1000 < PATIENCE

    def _state(self, watched: Watched, found: str, seen: str) -> str:
        """A difference counts when it is seen twice: a page may change while it is looked at."""
        if not found:
            return "same"
        if watched.state == "accepted" and watched.seen == seen:
            return "accepted"
        return "differs" if watched.state in ("suspect", "differs") else "suspect"

    # -- roster, policy, calendar ---------------------------------------------------------------

    async def _govern(self, channel: Channel) -> None:
        """Bring roster and policy up to date there, then the public calendar."""
        p = self._p
        if p.quiet:
            return
        governance = p.governing.acts
        versions = p.governing.versions
        if channel.governed != versions or channel.epoch < 0:
            before = channel.problem
            ready = await channel.get_ready(governance, versions)
            if not ready and channel.problem != before:
                raise Unavailable("The channel does not answer", channel.problem)
            if not ready:
                return
        try:
            await channel.announce(governance)
        except Refused as error:
            why = joined(": ", [channel.id, error.sentence])
            p.after.alarm_once(f"calendar {channel.id}", "calendar", why)

    def _make_calendar(self) -> None:
        """The public part of the calendar, made anew when the log or the file has changed."""
        p = self._p
        if self._config is None:
            return
        config = self._config()
        if self._made == (p.record.seq, config):
            return
        from desk.newsroom.public import AHEAD, GONE, public_calendar, within

        here = p.instant_now()
        shown = [*p.announced.after(here, AHEAD), *p.announced.before(here, GONE)]
        calendar = within(public_calendar(config, p.record, shown))
        self._made = (p.record.seq, config)
        if calendar != self.calendar[0]:
            self.calendar = (calendar, p.follower.head.seq + p.quarantine.lift)
