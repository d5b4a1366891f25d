"""The record: what the signed acts say, folded in the order of the log, one act at a time.

`Record.apply` takes anything that a database, a file or a peer hands over. An act that is not
signed by whom it must be, stale, copied from elsewhere or replayed changes nothing; it is noted
as void with the reason. Whether a release may go out is not decided here but by the judge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from desk.errors import DeskError, TrustError
from desk.trust import acts, policy, roster
from desk.trust.acts import EVERYTHING, Act
from desk.trust.envelope import Envelope, verify
from desk.trust.policy import Policy
from desk.trust.roster import ANY, Roster, counts
from desk.trust.state import (
    Approval,
    Hold,
    ItemState,
    ReleaseState,
    Returned,
    RevisionState,
    SignOff,
    Step,
)

LIFTERS = 2  # a hold takes one person, lifting it takes two


class Void(TrustError):
    """This act counts for nothing, and why."""

    code = "void"


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
    acked: dict[str, str] = field(default_factory=dict)
    resumed: str = ""
    voids: list[Applied] = field(default_factory=list)
    revisions: dict[str, RevisionState] = field(default_factory=dict)
    seen: set[tuple[str, tuple[str, ...]]] = field(default_factory=set)
    seq: int = 0
    pinned: bool = field(init=False)

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
            _HANDLERS[act.kind.name](self, act, signers)
            self.seen.add((act.digest, keys))
            return Applied(self.seq, act, signers)
        except Stopped:
            raise
        except DeskError as error:
            applied = Applied(self.seq, act, signers, str(error))
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
        if act.kind.signed_by == "root":
            return (), ()
        assert self.roster is not None
        good = sorted(verify(act.envelope, self.roster.keys))
        names = [self.roster.keys[key].person for key in good]
        if act.kind.signed_by == "leads":
            people = tuple(dict.fromkeys(name for name in names if name in self.roster.people))
            if not people:
                raise Void("Unsigned", "nobody of the roster signed it")
            return people, tuple(good)
        pool = self.roster.publishers if act.kind.signed_by == "publisher" else self.roster.people
        if act.actor not in names or act.actor not in pool:
            raise Void("Unsigned", f"not signed by a key of {act.actor}")
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

    def _must_lead(self, person: str, release: ReleaseState | None) -> None:
        """A lead acts for the agencies of all items of the release."""
        for agency in self.agencies(release.items if release else ()):
            self._must_hold(person, ("lead",), agency)

    def _must_hold(self, person: str, roles: tuple[str, ...], agency: str = ANY) -> None:
        assert self.roster is not None
        if not self.pinned and not any(
            self.roster.people[person].holds(role, agency) for role in roles
        ):
            raise Void("Not allowed", f"{person} is none of {', '.join(roles)} there")

    def _must_be_sound(self, act: Act, person: str) -> str:
        assert self.roster is not None
        used = self.key_used(act, person)
        key = self.roster.keys[used]
        # In the log an act stands after the roster that ended its key, whatever time it states.
        if not self.pinned and key.state != "active":
            raise Void("Key not valid", f"the key of {person} is {key.state}")
        return used

    # -- the kinds -------------------------------------------------------------------------

    def _roster(self, act: Act, _: tuple[str, ...]) -> None:
        if self.pinned:
            raise Void("Pinned", "the roster is known from elsewhere")
        self.roster = (
            roster.first(act, self.pin)
            if self.roster is None
            else roster.following(act, self.roster)
        )
        self._drop_lifts()

    def _drop_lifts(self) -> None:
        """A lift by somebody whose key or role is gone no longer counts: the hold is back."""
        for release_id, held in [("", self.holds), *((r.id, r.holds) for r in self._open())]:
            items = self.releases[release_id].items if release_id else ()
            for hold in held.values():
                hold.lifts = {p: k for p, k in hold.lifts.items() if self._lifts(p, k, items)}

    def _open(self) -> list[ReleaseState]:
        return [r for r in self.releases.values() if not r.opened and r.status != "cancelled"]

    def _lifts(self, person: str, key: str, items: Iterable[str]) -> bool:
        assert self.roster is not None
        return not any(
            counts(self.roster, person, key, role="lead", agency=agency)
            for agency in self.agencies(items)
        )

    def _policy(self, act: Act, _: tuple[str, ...]) -> None:
        assert self.roster is not None
        if self.pinned:
            raise Void("Pinned", "the policy is known from elsewhere")
        version = int(act.fields["version"])
        before = self.policy
        if version != (before.version + 1 if before else 1):
            raise Void("Policy out of order", f"version {version}")
        if act.fields.get("parent", "") != (before.digest if before else ""):
            raise Void("Policy out of order", "it does not follow the one in force")
        if not roster.has_quorum(act, self.roster.root_threshold, self.roster.root_keys):
            raise Void("The policy lacks signatures", f"version {version}")
        if act.fields["document"].get("newsroom") != self.roster.document["newsroom"]:
            raise Void("Another newsroom", "the policy names another")
        self.policy = policy.read_document(act.fields["document"], version, act.digest)

    def _resume(self, act: Act, _: tuple[str, ...]) -> None:
        assert self.roster is not None
        if not roster.has_quorum(act, self.roster.root_threshold, self.roster.root_keys):
            raise Void("Resume lacks signatures", "")
        self.resumed = str(act.fields["head"])

    def _revise(self, act: Act, signers: tuple[str, ...]) -> None:
        f = act.fields
        (author,) = signers
        self._must_hold(author, ("author",), f["agency"])
        key = self._must_be_sound(act, author)
        item = self.items.get(act.subject)
        fixed = (f["language"], f["item_kind"], f["agency"], f.get("message", ""))
        if item is None:
            if f["number"] != 1 or "parent" in f:
                raise Void("Stale", "the revision before it is missing")
            item = ItemState(act.subject, *fixed, code=f.get("code", ""))
        elif (item.language, item.kind, item.agency, item.message) != fixed:
            raise Void("Malformed", "an item keeps its language, kind, agency and message")
        elif f.get("parent") != item.latest or f["number"] != item.current.number + 1:
            raise Void("Stale", f"revision {f['number']} does not follow the newest")
        if any(r.id == f["revision"] for r in item.revisions.values()):
            raise Void("Replayed", "that revision id is taken")
        item.revisions[act.digest] = RevisionState(
            act.digest, f["revision"], f["number"], f.get("parent", ""), author, key,
            f["content"], f.get("notes", ""), act.time, self.seq,
        )  # fmt: skip
        item.latest = act.digest
        self.items[act.subject] = item
        self.revisions[act.digest] = item.revisions[act.digest]

    def _revision(self, act: Act) -> tuple[ItemState, RevisionState]:
        item = self.items.get(act.subject)
        revision = item.revisions.get(act.fields["revision"]) if item else None
        if item is None or revision is None:
            raise Void("No such revision", f"{act.subject} has none of that digest")
        return item, revision

    def _approve(self, act: Act, signers: tuple[str, ...]) -> None:
        (person,) = signers
        item, revision = self._revision(act)
        if revision.returned:
            raise Void("Returned", "the revision was sent back; it needs a new one")
        self._must_hold(person, (act.fields["step"],), item.agency)
        key = self._must_be_sound(act, person)
        revision.approvals.append(
            Approval(
                act.digest, person, key, act.fields["step"], tuple(act.fields["gates"]), act.time,
                self.seq, tuple(act.fields.get("acknowledged", ())),
            )
        )  # fmt: skip

    def _return(self, act: Act, signers: tuple[str, ...]) -> None:
        (person,) = signers
        item, revision = self._revision(act)
        chain = self.policy.kinds.get(item.kind, {}).get("chain", []) if self.policy else []
        self._must_hold(person, (*chain, "lead"), item.agency)
        self._must_be_sound(act, person)
        if revision.released_in:
            raise Void("Too late", "the revision is public; withdraw or correct it")
        if revision.returned is None:
            revision.returned = Returned(
                act.digest, person, act.fields.get("step", ""), act.fields.get("reason", ""),
                act.time,
            )  # fmt: skip

    def _withdraw(self, act: Act, signers: tuple[str, ...]) -> None:
        (person,) = signers
        item, revision = self._revision(act)
        roles = tuple(self.policy.document["withdraw_roles"]) if self.policy else ("lead",)
        self._must_hold(person, roles, item.agency)
        self._must_be_sound(act, person)
        revision.withdrawn = act.fields["mode"]
        revision.withdrawal = act.digest

    def _plan(self, act: Act, signers: tuple[str, ...]) -> None:
        f = act.fields
        (person,) = signers
        self._must_hold(person, ("author", "lead"))
        key = self._must_be_sound(act, person)
        if act.subject in self.releases:
            raise Void("Taken", "that release exists already")
        release = ReleaseState(
            act.subject, f["code"], f["at"], f["zone"], f["wall"], tuple(f["channels"]),
            tuple(f["items"]), act.digest, f.get("slot", ""),
        )  # fmt: skip
        release.plan.append(Step(act.digest, act.kind.name, person, key, "", act.time))
        self.releases[act.subject] = release

    def _replan(self, act: Act, signers: tuple[str, ...]) -> None:
        """Edit, move, confirm, postpone, cancel, recall: each makes a new basis."""
        f, kind = act.fields, act.kind.name
        (person,) = signers
        release = self.releases.get(act.subject)
        if release is None:
            raise Void("No such release", act.subject)
        if kind == "release.edit" and not release.confirmed:
            self._must_hold(person, ("author", "lead"))
        else:
            self._must_lead(person, release)
        key = self._must_be_sound(act, person)
        if f["parent"] != release.basis:
            raise Void("Stale", "the release was changed in between")
        if release.status == "cancelled" or release.opened:
            raise Void("Too late", "the release is over")
        _REPLAN[kind](release, act)
        release.basis = act.digest
        release.staged.clear()
        release.failed.clear()
        release.plan.append(Step(act.digest, kind, person, key, f.get("note", ""), act.time))

    def _sign(self, act: Act, signers: tuple[str, ...]) -> None:
        release = self.releases.get(act.subject)
        if release is None or act.fields["parent"] != release.basis:
            raise Void("Stale", "the sign-off does not rest on the present plan")
        if release.opened:
            raise Void("Too late", "the release is public")
        voices = {person: self.key_used(act, person) for person in signers}
        voices = {p: key for p, key in voices.items() if self._may_sign(p, key, act)}
        if not voices:
            raise Void("Not allowed", "signed by no lead with a key in use")
        signoff = release.signoffs.setdefault(act.digest, SignOff(act.digest, act.fields))
        if not sum(release.sign(signoff, person, key) for person, key in voices.items()):
            raise Void("Superseded", "who signed it has signed another manifest since")

    def _may_sign(self, person: str, key: str, act: Act) -> bool:
        assert self.roster is not None
        if not self.pinned and self.roster.keys[key].state != "active":
            return False
        return not any(
            counts(self.roster, person, key, role="lead", agency=agency)
            for agency in self.agencies(entry["item"] for entry in act.fields["items"])
        )

    def _holds(self, subject: str) -> dict[str, Hold]:
        if subject == EVERYTHING:
            return self.holds
        release = self.releases.get(subject)
        if release is None:
            raise Void("No such release", subject)
        return release.holds

    def _hold(self, act: Act, signers: tuple[str, ...]) -> None:
        (person,) = signers
        self._must_be_sound(act, person)
        hold = Hold(act.digest, person, act.time, act.fields.get("reason", ""))
        self._holds(act.subject)[act.digest] = hold

    def _lift(self, act: Act, signers: tuple[str, ...]) -> None:
        (person,) = signers
        self._must_lead(person, self.releases.get(act.subject))
        key = self._must_be_sound(act, person)
        hold = self._holds(act.subject).get(act.fields["hold"])
        if hold is None:
            raise Void("No such hold", "")
        release = self.releases.get(act.subject)
        if not self._lifts(person, key, release.items if release else ()):
            raise Void("Not allowed", f"{person} is no lead with a key in use")
        hold.lifts[person] = key

    def _publisher(self, act: Act, _: tuple[str, ...]) -> None:
        f, kind = act.fields, act.kind.name
        if kind == "publisher.ack":
            self.acked[f["act"]] = f["outcome"]
            return
        if kind == "publisher.alarm":
            return
        release = self.releases.get(act.subject)
        if release is None:
            raise Void("No such release", act.subject)
        if kind == "publisher.staged":
            release.staged[f["channel"]] = f["address"]
            release.failed.pop(f["channel"], None)
        elif kind == "publisher.released":
            self._released(act, release)
        elif kind == "publisher.failed":
            release.failed[f["channel"]] = f["code"]
        elif kind == "publisher.missed":
            release.missed.add(f["signoff"])

    def _released(self, act: Act, release: ReleaseState) -> None:
        """A publisher may say that something went out only as far as leads have signed it.

        Who wrote a released revision is no author of the next one: a publisher's word alone must
        not make an author an approver.
        """
        f = act.fields
        signoff = release.signoffs.get(f["signoff"])
        if signoff is None or f["channel"] not in signoff.fields["channels"]:
            raise Void("No such sign-off", "what it says went out was not signed for that channel")
        if self.policy is None or len(signoff.signers) < self.policy.signers:
            raise Void("Not signed", "too few leads signed what it says went out")
        if not set(f["revisions"]) <= {entry["revision"] for entry in signoff.fields["items"]}:
            raise Void("Not signed", "a revision that it names is not in the sign-off")
        for digest in f["revisions"]:
            revision = self.revisions.get(digest)
            if revision is not None and not revision.released_in:
                revision.released_in = release.id
        release.opened.setdefault(f["channel"], f["opened_ms"])
        release.failed.pop(f["channel"], None)
        release.released_signoff = f["signoff"]


def _edit(release: ReleaseState, act: Act) -> None:
    release.channels = tuple(act.fields["channels"])
    release.items = tuple(act.fields["items"])
    release.code = act.fields.get("code", release.code)


def _move(release: ReleaseState, act: Act) -> None:
    if release.confirmed and "note" not in act.fields:
        raise Void("No note", "moving a confirmed release needs a public note")
    release.at, release.zone = act.fields["at"], act.fields["zone"]
    release.wall, release.slot = act.fields["wall"], act.fields.get("slot", "")
    release.status = "planned"


def _confirm(release: ReleaseState, _: Act) -> None:
    if release.status != "planned":
        raise Void("Not planned", f"the release is {release.status}")
    release.confirmed = True


def _postpone(release: ReleaseState, _: Act) -> None:
    release.status, release.confirmed = "postponed", False


def _cancel(release: ReleaseState, _: Act) -> None:
    release.status = "cancelled"


def _recall(release: ReleaseState, act: Act) -> None:
    signoff = release.signoffs.get(act.fields["signoff"])
    if signoff is None:
        raise Void("No such sign-off", "")
    signoff.recalled = True


_REPLAN: dict[str, Callable[[ReleaseState, Act], None]] = {
    "release.edit": _edit,
    "release.move": _move,
    "release.confirm": _confirm,
    "release.postpone": _postpone,
    "release.cancel": _cancel,
    "release.recall": _recall,
}

_HANDLERS: dict[str, Callable[[Record, Act, tuple[str, ...]], None]] = {
    "roster": Record._roster,
    "policy": Record._policy,
    "resume": Record._resume,
    "item.revise": Record._revise,
    "item.approve": Record._approve,
    "item.return": Record._return,
    "item.withdraw": Record._withdraw,
    "release.plan": Record._plan,
    **dict.fromkeys(_REPLAN, Record._replan),
    "release.sign": Record._sign,
    "release.hold": Record._hold,
    "release.lift": Record._lift,
    **dict.fromkeys((k for k in acts.FIELDS if k.startswith("publisher.")), Record._publisher),
}
