"""The record: what the signed acts say, folded in the order of the log, one act at a time.

`Record.apply` takes anything that a database, a file or a peer hands over. An act that is not
signed by whom it must be, stale, copied from elsewhere or replayed changes nothing; it is noted
as void with the reason. Whether a release may go out is not decided here but by the judge.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from desk.errors import DeskError, TrustError
from desk.locales.words import all_said
from desk.phrase import phrase
from desk.trust import acts
from desk.trust.acts import Act
from desk.trust.contact_state import ContactEntry, EnquiryState
from desk.trust.envelope import Envelope, verify
from desk.trust.fold import HANDLERS
from desk.trust.log import Entry, Head, extend
from desk.trust.policy import Policy
from desk.trust.roster import ANY, Roster
from desk.trust.standing import Delegation, Seat, in_force, seats
from desk.trust.state import LIFTERS as LIFTERS  # noqa: PLC0414 (verbs say how many lift)
from desk.trust.state import Hold, ItemState, ReleaseState, RevisionState
from desk.trust.termbase_state import TermbaseState
from desk.trust.void import Void


class Stopped(TrustError):
    """An act that nobody here can understand, signed by somebody of the roster: stop everything."""

    code = "stopped"


@dataclass(frozen=True)
class Applied:
    """What became of one act: who signed it (ids), and why it is void, if it is."""

    seq: int
    act: Act | None
    signers: tuple[str, ...] = ()
    void: str = ""


def _is_trigger(envelope: bytes) -> bool:
    """Whether that entry says that it is a script's trigger."""
    try:
        kind = Envelope.from_json(envelope).payload_type
    except DeskError:
        return False
    return kind == acts.FIELDS["release.trigger"].payload_type


@dataclass(frozen=True)
class Vouched:
    """What a full fold found: it read so far, and these entries (by sequence) count for nothing.

    Only `Record.vouch` makes one. Keep it where nobody else writes, beside the pinned head.
    """

    head: Head
    void: frozenset[int]


@dataclass
class Record:
    """The state that follows from the acts applied so far.

    Two ways to know the roster. From the log: then the order of the acts is known, and each is
    held against the roster in force at its place. Pinned from elsewhere, as at a portal: then only
    the present roster is known, and what an older act is worth is left to the judge, who weighs
    every approval, signature and lift under it.
    """

    pin: str
    roster: Roster | None = None
    policy: Policy | None = None
    items: dict[str, ItemState] = field(default_factory=dict)
    releases: dict[str, ReleaseState] = field(default_factory=dict)
    holds: dict[str, Hold] = field(default_factory=dict)
    delegations: dict[str, Delegation] = field(default_factory=dict)
    contacts: dict[str, ContactEntry] = field(default_factory=dict)
    enquiries: dict[str, EnquiryState] = field(default_factory=dict)
    termbase: TermbaseState = field(default_factory=TermbaseState)
    acked: dict[str, str] = field(default_factory=dict)
    resumed: str = ""
    voids: list[Applied] = field(default_factory=list)
    revisions: dict[str, RevisionState] = field(default_factory=dict)
    seen: set[tuple[str, tuple[str, ...]]] = field(default_factory=set)
    seq: int = 0
    latest: str = ""
    pinned: bool = field(init=False)
    _vouched: bool = field(default=False, init=False, repr=False)

    def __post_init__(self) -> None:
        self.pinned = self.roster is not None
        if self.roster is not None and self.roster.fingerprint != self.pin:
            raise TrustError("This is another newsroom", "the roster is not of the pinned root")

    @classmethod
    def from_acts(
        cls,
        pin: str,
        envelopes: Iterable[Envelope | bytes],
        *,
        roster: Roster | None = None,
        policy: Policy | None = None,
    ) -> Record:
        """Fold envelopes in order. `pin`: the root's fingerprint (64 hex).

        Give `roster` and `policy` when they are pinned elsewhere, as at a portal.
        """
        record = cls(pin, roster, policy)
        for envelope in envelopes:
            record.apply(envelope)
        return record

    @classmethod
    def refold(cls, pin: str, entries: Iterable[Entry], vouched: Vouched) -> Record:
        """Fold one's own copy of the log again without checking every signature a second time.

        The bytes must hash to exactly the head that was vouched for; what was void then is passed
        over, but for triggers, which are remembered as refused. Rosters and policies are verified
        all the same. Raises TrustError, with nothing folded, for any other log.
        """
        kept = list(entries)
        if extend(Head(), kept) != vouched.head:
            raise TrustError("The log is not the one that was checked", "fold it in full")
        record = cls(pin)
        record._vouched = True
        for entry in kept:
            void = entry.seq in vouched.void
            if void and not _is_trigger(entry.envelope):
                continue
            if bool(record.apply(entry.envelope, entry.seq).void) != void:
                raise TrustError(
                    "The log is not the one that was checked", phrase("entry {seq}", seq=entry.seq)
                )
        record._vouched = False
        record.seq = vouched.head.seq
        return record

    def vouch(self, head: Head) -> Vouched:
        """What to keep for `refold` after folding the whole log up to that head."""
        if head.seq != self.seq or self.pinned:
            raise TrustError("Nothing to vouch for", "the head is not the end of what was folded")
        return Vouched(head, frozenset(applied.seq for applied in self.voids))

    @property
    def newsroom(self) -> str:
        """The newsroom's uid, once a roster is known."""
        if self.roster is None:
            raise TrustError("No roster yet", "the log does not begin with a signed roster")
        return self.roster.newsroom

    def active_holds(self, release_id: str) -> list[Hold]:
        """Holds in force over this release, its own and the general ones."""
        release = self.releases.get(release_id)
        own = list(release.holds.values()) if release else []
        return [h for h in (*own, *self.holds.values()) if not h.lifted(LIFTERS)]

    def apply(self, envelope: Envelope | bytes, seq: int | None = None) -> Applied:
        """Fold one act. Raises Stopped only; everything else that is wrong makes it void."""
        self.seq = self.seq + 1 if seq is None else seq
        act: Act | None = None
        signers: tuple[str, ...] = ()
        try:
            if isinstance(envelope, bytes):
                envelope = Envelope.from_json(envelope)
            act = self._read(envelope)
            signers, keys = self._signers(act)
            if (act.digest, keys) in self.seen:
                raise Void("Replayed", "the same act by the same people is already in force")
            HANDLERS[act.kind.name](self, act, signers)
            self.latest = max(self.latest, act.time)
            self.seen.add((act.digest, keys))
            return Applied(self.seq, act, signers)
        except Stopped:
            raise
        except DeskError as error:
            applied = Applied(self.seq, act, signers, error.sentence)
            self.voids.append(applied)
            return applied

    def _read(self, envelope: Envelope) -> Act:
        try:
            act = acts.read(envelope)
        except acts.UnknownKind as error:
            if self._may_come_from_a_newer_desk(envelope):
                raise Stopped(
                    "An act of an unknown kind", error.message, "Upgrade Desk on this machine"
                ) from None
            raise
        if act.kind.name != "roster" and act.fields["newsroom"] != self.newsroom:
            raise Void("Another newsroom", "the act was signed for another newsroom")
        return act

    def _may_come_from_a_newer_desk(self, envelope: Envelope) -> bool:
        """Whether somebody of the newsroom wrote it for this log with a key in use.

        Not an ended key, nor something else that was signed once (a checkpoint, an order to a
        portal) and put here: otherwise whoever can write to the database could stop everything.
        """
        if self.roster is None or not envelope.payload_type.startswith(acts.PREFIX):
            return False
        in_use = {k for k, key in self.roster.keys.items() if key.state == "active"}
        in_use.update(self.roster.root_keys.values())
        return bool(verify(envelope, in_use)) and envelope.body().get("newsroom") == self.newsroom

    def _signers(self, act: Act) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Who signed, and what tells a replay: the keys, where several may sign one act.

        By the keys of the roster now in force, in whatever state they are.
        """
        if act.kind.signed_by in ("root", "script"):
            return (), ()  # by keys that are in no roster: whoever folds it looks
        assert self.roster is not None
        if self._vouched:  # each was checked when this head was vouched for
            good = sorted({s.keyid for s in act.envelope.signatures} & self.roster.keys.keys())
        else:
            good = sorted(verify(act.envelope, self.roster.keys))
        names = [self.roster.keys[key].person for key in good]
        if act.kind.signed_by == "leads":
            people = tuple(dict.fromkeys(name for name in names if name in self.roster.people))
            if not people:
                raise Void("Unsigned", "nobody of the roster signed it")
            return people, tuple(good)
        pool = self.roster.publishers if act.kind.signed_by == "publisher" else self.roster.people
        if act.actor not in names or act.actor not in pool:
            raise Void("Unsigned", phrase("not signed by a key of {actor}", actor=act.actor))
        return (act.actor,), ()

    def key_used(self, act: Act, person: str) -> str:
        """The signing key (hex) with which that person signed the act."""
        assert self.roster is not None
        keys = [key for s in act.envelope.signatures if (key := self.roster.keys.get(s.keyid))]
        own = sorted((k for k in keys if k.person == person), key=lambda k: k.state != "active")
        return own[0].sign

    def agencies(self, items: Iterable[str]) -> tuple[str, ...]:
        """The agencies whose items these are; `*` (any) when none of them is known."""
        known = {self.items[item].agency for item in items if item in self.items}
        return tuple(sorted(known)) or (ANY,)

    def holds_role(
        self, person: str, role: str, agency: str = ANY, time: str = "", *, own: bool = False
    ) -> bool:
        """Whether that person has the role there, by the roster or (unless `own`) as a deputy.

        `time`: the instant at which; without it the latest that the record knows.
        """
        assert self.roster is not None
        holder, time = self.roster.people.get(person), time or self.latest
        if holder is None:
            return False
        return holder.holds(role, agency, time) or (
            not own
            and bool(in_force(self.delegations.values(), self.roster, person, role, agency, time))
        )

    def seats(
        self,
        person: str,
        key: str,
        role: str,
        agencies: tuple[str, ...],
        *,
        time: str = "",
        at: str = "",
    ) -> tuple[Seat, ...]:
        """The seats that a signature can fill now; see `desk.trust.standing.seats`."""
        assert self.roster is not None
        given = self.delegations.values()
        return seats(self.roster, person, key, role, agencies, given, time=time, at=at)

    def must_lead(self, person: str, release: ReleaseState | None, time: str) -> None:
        """A lead acts for the agencies of all items of the release."""
        for agency in self.agencies(release.items if release else ()):
            self.must_hold(person, ("lead",), agency, time)

    def must_hold(
        self, person: str, roles: tuple[str, ...], agency: str = ANY, time: str = "",
        *, own: bool = False,
    ) -> None:  # fmt: skip
        if not self.pinned and not any(
            self.holds_role(person, role, agency, time, own=own) for role in roles
        ):
            raise Void(
                "Not allowed",
                phrase(
                    "{person} is none of {names} there",
                    person=person,
                    names=all_said("role", roles),
                ),
            )

    def must_be_sound(self, act: Act, person: str) -> str:
        assert self.roster is not None
        used = self.key_used(act, person)
        key = self.roster.keys[used]
        # In the log an act stands after the roster that ended its key, whatever time it states.
        if not self.pinned and key.state != "active":
            raise Void(
                "Key not valid",
                phrase("the key of {person} is {state}", person=person, state=key.state),
            )
        return used
