"""What each kind of act does to a record: one function per kind, which may say that it is void.

Signatures are checked before; here it is whether the act is in its turn, by whom it may be made,
and what it changes. A function that raises has changed nothing; a refused trigger stays refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from desk.phrase import phrase
from desk.trust import absence, acts, contacting, granting, holding, policy, roster, termbase_state
from desk.trust.acts import Act
from desk.trust.roster import counts
from desk.trust.standing import Seat, in_force, quorum
from desk.trust.state import (
    LIFTERS,
    Approval,
    ItemState,
    ReleaseState,
    Returned,
    RevisionState,
    SignOff,
    Step,
    lasts,
)
from desk.trust.void import Void

if TYPE_CHECKING:
    from desk.trust.record import Record


WITHDRAWALS = {"": 0, "takedown": 1, "withdraw": 2, "kill": 3}  # none gives way to a weaker one


def _roster(record: Record, act: Act, _: tuple[str, ...]) -> None:
    if record.pinned:
        raise Void("Pinned", "the roster is known from elsewhere")
    record.roster = (
        roster.first(act, record.pin)
        if record.roster is None
        else roster.following(act, record.roster)
    )
    holding.drop_lifts(record)


def _policy(record: Record, act: Act, _: tuple[str, ...]) -> None:
    assert record.roster is not None
    if record.pinned:
        raise Void("Pinned", "the policy is known from elsewhere")
    version = int(act.fields["version"])
    before = record.policy
    if version != (before.version + 1 if before else 1):
        raise Void("Policy out of order", phrase("version {version}", version=version))
    if act.fields.get("parent", "") != (before.digest if before else ""):
        raise Void("Policy out of order", "it does not follow the one in force")
    if not roster.has_quorum(act, record.roster.root_threshold, record.roster.root_keys):
        raise Void("The policy lacks signatures", phrase("version {version}", version=version))
    if act.fields["document"].get("newsroom") != record.roster.document["newsroom"]:
        raise Void("Another newsroom", "the policy names another")
    record.policy = policy.read_document(act.fields["document"], version, act.digest)


def _resume(record: Record, act: Act, _: tuple[str, ...]) -> None:
    assert record.roster is not None
    if not roster.has_quorum(act, record.roster.root_threshold, record.roster.root_keys):
        raise Void("Resume lacks signatures", "")
    record.resumed = str(act.fields["head"])


def _revise(record: Record, act: Act, signers: tuple[str, ...]) -> None:
    f = act.fields
    (author,) = signers
    record.must_hold(author, ("author",), f["agency"], act.time)
    key = record.must_be_sound(act, author)
    item = record.items.get(act.subject)
    fixed = (f["language"], f["item_kind"], f["agency"], f.get("message", ""))
    if item is None:
        if f["number"] != 1 or "parent" in f:
            raise Void("Stale", "the revision before it is missing")
        item = ItemState(act.subject, *fixed, code=f.get("code", ""))
    elif (item.language, item.kind, item.agency, item.message) != fixed:
        raise Void("Malformed", "an item keeps its language, kind, agency and message")
    elif f.get("parent") != item.latest or f["number"] != item.current.number + 1:
        raise Void(
            "Stale", phrase("revision {number} does not follow the newest", number=f["number"])
        )
    if any(r.id == f["revision"] for r in item.revisions.values()):
        raise Void("Replayed", "that revision id is taken")
    if "quick_fix" in f and "parent" not in f:
        raise Void("Malformed", "a quick fix mends a revision before it")
    item.revisions[act.digest] = RevisionState(
        act.digest, f["revision"], f["number"], f.get("parent", ""), author, key,
        f["content"], f.get("notes", ""), act.time, record.seq, quick_fix="quick_fix" in f,
    )  # fmt: skip
    item.latest = act.digest
    record.items[act.subject] = item
    record.revisions[act.digest] = item.revisions[act.digest]


def _revision(record: Record, act: Act) -> tuple[ItemState, RevisionState]:
    item = record.items.get(act.subject)
    revision = item.revisions.get(act.fields["revision"]) if item else None
    if item is None or revision is None:
        raise Void(
            "No such revision", phrase("{subject} has none of that digest", subject=act.subject)
        )
    return item, revision


def _approve(record: Record, act: Act, signers: tuple[str, ...]) -> None:
    (person,) = signers
    item, revision = _revision(record, act)
    if revision.returned:
        raise Void("Returned", "the revision was returned; it needs a new one")
    step = act.fields["step"]
    # Nobody approved a text before it was written, whatever time the act states.
    time = max(act.time, revision.time)
    record.must_hold(person, (step,), item.agency, time)
    key = record.must_be_sound(act, person)
    assert record.roster is not None
    given = in_force(record.delegations.values(), record.roster, person, step, item.agency, time)
    revision.approvals.append(
        Approval(
            act.digest, person, key, step, tuple(act.fields["gates"]), time, record.seq,
            tuple(act.fields.get("acknowledged", ())), given,
        )
    )  # fmt: skip


def _return(record: Record, act: Act, signers: tuple[str, ...]) -> None:
    (person,) = signers
    item, revision = _revision(record, act)
    chain = record.policy.kinds.get(item.kind, {}).get("chain", []) if record.policy else []
    record.must_hold(person, (*chain, "lead"), item.agency, act.time)
    record.must_be_sound(act, person)
    if revision.released_in:
        raise Void("Too late", "the revision is public; withdraw or correct it")
    if revision.returned is None:
        revision.returned = Returned(
            act.digest, person, act.fields.get("step", ""), act.fields.get("reason", ""),
            act.time,
        )  # fmt: skip


def _withdraw_roles(record: Record) -> tuple[str, ...]:
    return tuple(record.policy.document["withdraw_roles"]) if record.policy else ("lead",)


def _withdraw(record: Record, act: Act, signers: tuple[str, ...]) -> None:
    (person,) = signers
    item, revision = _revision(record, act)
    # In a role of one's own: a portal judges this act by the roster alone.
    record.must_hold(person, _withdraw_roles(record), item.agency, act.time, own=True)
    record.must_be_sound(act, person)
    mode = act.fields["mode"]
    if WITHDRAWALS[mode] < WITHDRAWALS[revision.withdrawn]:
        raise Void(
            "Final",
            phrase("it is withdrawn for good already ({withdrawn})", withdrawn=revision.withdrawn),
        )
    revision.withdrawn, revision.withdrawal = mode, act.digest
    revision.restores.clear()
    revision.restored = ""


def _restore(record: Record, act: Act, signers: tuple[str, ...]) -> None:
    """Put back what was taken down for a time: two people, as for lifting a hold."""
    (person,) = signers
    item, revision = _revision(record, act)
    key = record.must_be_sound(act, person)
    if revision.withdrawn != "takedown":
        raise Void("Final", "only what was taken down for a time can be put back")
    if act.fields["withdrawal"] != revision.withdrawal:
        raise Void("Stale", "it was taken down again since")
    if not _restores(record, person, key, item.agency):
        raise Void("Not allowed", phrase("{person} may not put it back", person=person))
    revision.restores[person] = key
    # Who signed first may have lost key or role meanwhile: counted anew, as lifts are.
    good = [p for p, k in revision.restores.items() if _restores(record, p, k, item.agency)]
    if len(good) >= LIFTERS:
        revision.withdrawn, revision.restored = "", revision.withdrawal


def _restores(record: Record, person: str, key: str, agency: str) -> bool:
    assert record.roster is not None
    return any(
        not counts(record.roster, person, key, role=role, agency=agency)
        for role in _withdraw_roles(record)
    )


def _plan(record: Record, act: Act, signers: tuple[str, ...]) -> None:
    f = act.fields
    (person,) = signers
    record.must_hold(person, ("author", "lead"), time=act.time)
    key = record.must_be_sound(act, person)
    if act.subject in record.releases:
        raise Void("Taken", "that release exists already")
    release = ReleaseState(
        act.subject, f["code"], f["at"], f["zone"], f["wall"], tuple(f["channels"]),
        tuple(f["items"]), act.digest, f.get("slot", ""),
    )  # fmt: skip
    release.plan.append(Step(act.digest, act.kind.name, person, key, "", act.time))
    record.releases[act.subject] = release


def _replan(record: Record, act: Act, signers: tuple[str, ...]) -> None:
    """Edit, move, confirm, postpone, cancel, recall: each makes a new basis."""
    f, kind = act.fields, act.kind.name
    (person,) = signers
    release = record.releases.get(act.subject)
    if release is None:
        raise Void("No such release", act.subject)
    if kind == "release.edit" and not release.confirmed:
        record.must_hold(person, ("author", "lead"), time=act.time)
    else:
        record.must_lead(person, release, act.time)
    key = record.must_be_sound(act, person)
    if f["parent"] != release.basis:
        raise Void("Stale", "the release was changed in between")
    if release.status == "cancelled" or release.opened:
        raise Void("Too late", "the release is over")
    _REPLAN[kind](release, act)
    release.basis = act.digest
    release.staged.clear()
    release.failed.clear()
    release.plan.append(Step(act.digest, kind, person, key, f.get("note", ""), act.time))


def _sign(record: Record, act: Act, signers: tuple[str, ...]) -> None:
    release = record.releases.get(act.subject)
    if release is None or act.fields["parent"] != release.basis:
        raise Void("Stale", "the sign-off does not rest on the present plan")
    if release.opened:
        raise Void("Too late", "the release is public")
    keys = {person: record.key_used(act, person) for person in signers}
    options = {person: _seats(record, person, key, act) for person, key in keys.items()}
    if not any(options.values()):
        raise Void("Not allowed", "signed by no lead with a key in use")
    signoff = release.signoffs.setdefault(act.digest, SignOff(act.digest, act.fields))
    signed = [p for p in keys if options[p] and release.sign(signoff, p, keys[p])]
    if not signed:
        raise Void("Superseded", "who signed it has signed another manifest since")
    signoff.seats |= {person: options[person] for person in signed}


def _seats(record: Record, person: str, key: str, act: Act) -> tuple[Seat, ...]:
    """The seats in which that person signs, at this place of the log; none: it does not count."""
    assert record.roster is not None
    if not record.pinned and record.roster.keys[key].state != "active":
        return ()
    agencies = record.agencies(entry["item"] for entry in act.fields["items"])
    return record.seats(person, key, "lead", agencies, at=lasts(act.fields))


def _publisher(record: Record, act: Act, _: tuple[str, ...]) -> None:
    f, kind = act.fields, act.kind.name
    if kind == "publisher.ack":
        record.acked[f["act"]] = f["outcome"]
        return
    if kind == "publisher.alarm":
        return
    release = record.releases.get(act.subject)
    if release is None:
        raise Void("No such release", act.subject)
    if kind == "publisher.staged":
        release.staged[f["channel"]] = f["address"]
        release.failed.pop(f["channel"], None)
    elif kind == "publisher.released":
        _released(record, act, release)
    elif kind == "publisher.failed":
        release.failed[f["channel"]] = f["code"]
    elif kind == "publisher.missed":
        release.missed.add(f["signoff"])


def _released(record: Record, act: Act, release: ReleaseState) -> None:
    """A publisher may say that something went out only as far as leads have signed it.

    Who wrote a released revision is no author of the next one: a publisher's word alone must
    not make an author an approver.
    """
    f = act.fields
    signoff = release.signoffs.get(f["signoff"])
    if signoff is None or f["channel"] not in signoff.fields["channels"]:
        raise Void("No such sign-off", "what it says went out was not signed for that channel")
    leads = quorum({person: signoff.seats[person] for person in signoff.signers})
    if record.policy is None or len(leads) < record.policy.signers:
        raise Void("Not signed", "too few leads signed what it says went out")
    if not set(f["revisions"]) <= {entry["revision"] for entry in signoff.fields["items"]}:
        raise Void("Not signed", "a revision that it names is not in the sign-off")
    for digest in f["revisions"]:
        revision = record.revisions.get(digest)
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
    release.status, release.grant = "planned", None  # it has an instant of its own again


def _confirm(release: ReleaseState, _: Act) -> None:
    if release.status != "planned":
        raise Void("Not planned", phrase("the release is {status}", status=phrase(release.status)))
    release.confirmed = True


def _postpone(release: ReleaseState, act: Act) -> None:
    release.status, release.confirmed = "postponed", False
    granting.end(release, act)


def _cancel(release: ReleaseState, _: Act) -> None:
    release.status = "cancelled"


def _recall(release: ReleaseState, act: Act) -> None:
    signoff = release.signoffs.get(act.fields["signoff"])
    if signoff is None:
        raise Void("No such sign-off", "")
    signoff.recalled = True
    granting.end(release, act)


def _grant(record: Record, act: Act, signers: tuple[str, ...]) -> None:
    granting.check(record, act)
    _replan(record, act, signers)


_REPLAN: dict[str, Callable[[ReleaseState, Act], None]] = {
    "release.edit": _edit,
    "release.move": _move,
    "release.confirm": _confirm,
    "release.postpone": _postpone,
    "release.cancel": _cancel,
    "release.recall": _recall,
    "release.grant": granting.grant,
}

HANDLERS: dict[str, Callable[[Record, Act, tuple[str, ...]], None]] = {
    "roster": _roster,
    "policy": _policy,
    "resume": _resume,
    "item.revise": _revise,
    "item.approve": _approve,
    "item.return": _return,
    "item.withdraw": _withdraw,
    "item.restore": _restore,
    "release.plan": _plan,
    **dict.fromkeys(_REPLAN, _replan),
    "release.grant": _grant,
    "release.trigger": granting.trigger,
    "release.sign": _sign,
    "release.hold": holding.hold,
    "release.lift": holding.lift,
    "people.delegate": absence.delegate,
    "people.undelegate": absence.undelegate,
    "people.remind": absence.remind,
    "terms.change": termbase_state.change,
    "contacts.change": contacting.change,
    "contact.available": contacting.available,
    "enquiry.open": contacting.open_enquiry,
    "enquiry.assign": contacting.assign,
    "enquiry.answer": contacting.answer,
    "enquiry.close": contacting.close,
    "enquiry.reopen": contacting.reopen,
    "enquiry.forget": contacting.forget,
    **dict.fromkeys((k for k in acts.FIELDS if k.startswith("publisher.")), _publisher),
}
