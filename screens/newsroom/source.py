"""The source over the verbs: every call of the rooms, answered from an open newsroom.

Reading uses the key that was unlocked for the sitting. Every act unlocks anew and signs exactly
what was shown: the digest on the screen goes with it, and another one is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from threading import Lock

from desk.approvals import mine
from desk.clock import parse_instant, written
from desk.errors import Reason, Refused
from desk.locales import _, language
from desk.newsroom.room import Actor, View
from desk.releases import hold as holding
from desk.releases import plan, sign, views
from desk.store import log
from desk.trust.acts import EVERYTHING, Act
from desk.trust.judge import judge
from desk.trust.record import LIFTERS
from screens.newsroom import release as releases
from screens.newsroom import ringing, watch
from screens.newsroom.agenda import Agenda, as_state, titled
from screens.newsroom.calendar import CalendarPart
from screens.newsroom.contacts import ContactsPart
from screens.newsroom.handbook import HandbookPart
from screens.newsroom.house import House
from screens.newsroom.item import ItemPart
from screens.newsroom.item_past import ItemPastPart
from screens.newsroom.item_previews import ItemPreviewsPart
from screens.newsroom.items import ItemsPart
from screens.newsroom.kept import Kept
from screens.newsroom.log import LogPart
from screens.newsroom.part import Part
from screens.newsroom.queue import QueuePart
from screens.newsroom.release_acts import ReleasePart
from screens.newsroom.reports import ReportsPart
from screens.newsroom.search import SearchPart
from screens.newsroom.status import read_status
from screens.newsroom.terms import TermsPart
from screens.newsroom.unsent import UnsentPart
from screens.newsroom.urgent import UrgentPart
from screens.source import (
    CalendarRow,
    DayCount,
    DeskView,
    Monitor,
    NextRelease,
    Outcome,
    Pulse,
    ReleaseView,
)

WAIT = 2.0  # seconds for the publisher's answer to a hold
GRACE = timedelta(minutes=2)  # how long a release past its instant may still be "next"
COMING = ("provisional", "confirmed", "signed", "staged", "partial")


class NewsroomSource(
    ringing.Ringing,
    CalendarPart,
    ReleasePart,
    UrgentPart,
    UnsentPart,
    ItemsPart,
    ItemPart,
    ItemPastPart,
    ItemPreviewsPart,
    ContactsPart,
    HandbookPart,
    TermsPart,
    LogPart,
    SearchPart,
    ReportsPart,
    QueuePart,
    Part,
):
    """A `Source` over an open newsroom, for one person. Calls may come from several threads.

    What a further room asks for is a `Part` in a file of its own; inherit it here.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._agenda = Agenda(house)
        self._lock = Lock()
        self._known: tuple[str, int] = ("", 0)
        self._ready: tuple[str, str, bool] = ("", "", False)

    @property
    def kept(self) -> Kept:
        """The answers that are kept until an act is added."""
        return self._house.kept

    def desk(self) -> DeskView:
        """The newsroom and the person. Raises Refused for a key that does not act here."""
        house = self._house
        with house.room.reading() as view:
            person = house.room.require_person(view, house.actor)
            return DeskView(
                house.newsroom_name(view),
                house.zone(view.record.policy),
                person.id,
                person.name,
                tuple(sorted({role for role, _agency in person.roles})),
                asks_passphrase=house.asks_passphrase,
            )

    # The head of every room

    def pulse(self) -> Pulse:
        """The next release, how much waits, how many alarms; the version is the log's head."""
        house = self._house
        with house.room.store.read() as connection:
            version = str(log.head(connection).seq)
        status = read_status(house.status)
        with house.room.reading() as view:
            coming = self._next(view, version)
            differs = house.policy_differs(view.record.policy)
        waiting = self._waiting(version)
        alarms = len(ringing.alarms(house, status))
        return Pulse(coming, waiting, alarms, differs, version)

    def _next(self, view: View, version: str) -> NextRelease | None:
        start = written(self._house.now - GRACE)
        rows = views.page(view.connection, start=start, states=COMING, limit=1)
        if not rows:
            return None
        row = rows[0]
        title = self._house.titles.of(view, [(row.id, row.code)], language())[row.id]
        general = any(hold.subject == EVERYTHING for hold in views.active_holds(view.connection))
        return NextRelease(
            row.id,
            titled(title),
            parse_instant(row.at),
            as_state(row.state),
            row.held or general,
            row.items,
            row.channels,
            self._is_ready(row.id, version),
        )

    def _is_ready(self, release: str, version: str) -> bool:
        """The judge's word on the next release, asked again when the log has grown."""
        if self._ready[:2] != (release, version):
            with self._house.room.reading(release) as view:
                self._ready = (release, version, judge(view.record, release).ok)
        return self._ready[2]

    def _waiting(self, version: str) -> int:
        """As many as the queue lists."""
        with self._lock:
            if self._known[0] != version:
                self._known = (version, mine.count(self._house.room, self._house.actor))
            return self._known[1]

    # The calendar

    def calendar_days(self, query: str) -> Sequence[DayCount]:
        """Days that have rows."""
        return self._agenda.days(query)

    def calendar_page(self, after: str, limit: int, query: str) -> Sequence[CalendarRow]:
        """Rows after a cursor."""
        return self._agenda.page(after, limit, query)

    def release(self, release: str) -> ReleaseView:
        """One release with its manifest. Raises NotFound."""
        return releases.release_view(self._house, release)

    def confirm(self, release: str) -> Outcome:
        """Announce the date. Raises Refused, Conflict."""
        act = plan.confirm(self._house.room, self._house.actor, release)
        return Outcome(_("Confirmed.") if act else _("It was confirmed already."))

    def sign(self, release: str, manifest: str, passphrase: str) -> Outcome:
        """Sign off exactly that manifest. Raises Refused when it has changed, TrustError."""
        actor = self._house.unlock(passphrase)
        signed = sign.sign(self._house.room, actor, release, expect=manifest)
        text = _("Signed {done} of {needed}.").format(
            done=len(signed.signers), needed=signed.needed
        )
        return Outcome(text)

    # Holds

    def hold(self, release: str | None, reason: str, passphrase: str) -> Outcome:
        """Stop a release, or everything. Raises Refused when it is too late, TrustError."""
        actor = self._house.unlock(passphrase)
        act = holding.hold(self._house.room, actor, release or EVERYTHING, reason=reason)
        heard = self._house.room.confirmed(act, WAIT)
        if heard == "too-late":
            raise Refused(
                _("Too late to hold"),
                [Reason("too-late", _("it has gone out, or its last seconds have begun"))],
                _("It can only be withdrawn now: desk item withdraw ITEM --note TEXT"),
            )
        if heard:
            return Outcome(_("Held: the publisher has confirmed it."))
        return Outcome(_("The hold is signed; the publisher has not answered."), confirmed=False)

    def lift(self, release: str, passphrase: str) -> Outcome:
        """Take one's part in lifting every hold over the release. Raises Refused, NotFound."""
        actor = self._house.unlock(passphrase)
        with self._house.room.reading(release) as view:
            plan.find(view, release)
            own = release in {one.subject for one in views.active_holds(view.connection)}
            general = [hold for hold in view.record.holds.values() if not hold.lifted(LIFTERS)]
        subjects = [release] if own or not general else []
        subjects += [EVERYTHING] if general else []
        return self._lifted(actor, subjects)

    def _lifted(self, actor: Actor, subjects: Sequence[str]) -> Outcome:
        acts: list[Act] = []
        missing = 0
        for subject in subjects:
            done, left = holding.lift(self._house.room, actor, subject)
            acts += done
            missing += len(left)
        if not missing:
            return Outcome(_("Lifted: the release goes on."))
        if not acts:
            raise Refused(
                _("You have lifted it already"),
                [Reason("lift", _("lifting a hold takes two people"))],
            )
        return Outcome(_("Lifted by one of two: somebody else must lift it too."))

    # The monitor

    def monitor(self) -> Monitor:
        """The publisher, the releases near now, the day."""
        return watch.monitor(self._house)
