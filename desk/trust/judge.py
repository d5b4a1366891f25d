"""The judge: the pure function from a record of verified acts to a verdict with reasons.

It is the only code that decides. Verbs call it to refuse early, the publisher before it stages,
at T - 60 s and T - 2 s, the portal when something is staged. Quorum counts distinct people with
distinct keys, never an author, and whether a key is valid and a role held is judged under the
roster now in force.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from desk.clock import parse_instant, written
from desk.errors import Reason, Refused
from desk.trust.policy import Policy
from desk.trust.record import Record
from desk.trust.roster import Roster
from desk.trust.roster import counts as counts  # noqa: PLC0414 (the portal asks the judge)
from desk.trust.state import Approval, ItemState, ReleaseState, RevisionState, SignOff

SIGNING_RULES = frozenset({"sign-off", "signers"})  # what is still missing while leads sign


@dataclass(frozen=True)
class Verdict:
    """Whether a release may go out, and why not. `signoff`: digest of the manifest judged."""

    release: str
    reasons: tuple[Reason, ...]
    signoff: str = ""
    signers: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.reasons

    @property
    def signable(self) -> bool:
        """Whether nothing but signatures is missing."""
        return all(reason.rule in SIGNING_RULES for reason in self.reasons)

    def require(self, title: str) -> None:
        """Raise Refused with the reasons unless the verdict is good."""
        if not self.ok:
            raise Refused(title, self.reasons)


@dataclass(frozen=True)
class StepState:
    """One step of a chain for one revision: who approved it, or who could."""

    step: str
    approval: Approval | None
    who: tuple[str, ...]


def _gates_missing(approval: Approval, needed: Iterable[str]) -> str:
    for gate in needed:
        outcomes = [found["outcome"] for found in approval.gates if found["id"] == gate]
        if not outcomes or "fail" in outcomes:
            return f"{approval.person} approved without gate {gate}"
    return ""


def _assign(options: Mapping[str, Sequence[Approval]], steps: Sequence[str]) -> dict[str, Approval]:
    """Give as many steps as possible an approval each, by distinct people; earlier steps first.

    Bipartite matching by augmenting paths (Kuhn 1955): steps times approvals, however many people
    approved. Distinct people have distinct keys, as the roster sees to.
    """
    taken: dict[str, tuple[str, Approval]] = {}

    def place(step: str, tried: set[str]) -> bool:
        for approval in options[step]:
            if approval.person in tried:
                continue
            tried.add(approval.person)
            holder = taken.get(approval.person)
            if holder is None or place(holder[0], tried):
                taken[approval.person] = (step, approval)
                return True
        return False

    for step in steps:
        place(step, set())
    return dict(taken.values())


def steps_of(record: Record, item: ItemState, revision: RevisionState) -> tuple[StepState, ...]:
    """Every step of the item's chain for that revision, in order, with who did or could do it."""
    roster, kind = _known(record)[0], _kind(record, item)
    authors = item.authors(revision.digest)
    options: dict[str, list[Approval]] = {}
    for step in kind["chain"]:
        seen: dict[str, Approval] = {}
        for approval in revision.approvals:
            if approval.step != step or approval.person in authors:
                continue
            if counts(
                roster,
                approval.person,
                approval.key,
                role=step,
                agency=item.agency,
                time=approval.time,
            ):
                continue
            if _gates_missing(approval, kind["gates"]):
                continue
            seen[approval.person] = approval
        options[step] = list(seen.values())
    done = _assign(options, kind["chain"])
    busy = {approval.person for approval in done.values()}
    return tuple(
        StepState(
            step,
            done.get(step),
            ()
            if step in done
            else tuple(
                p for p in roster.holders(step, item.agency) if p not in authors and p not in busy
            ),
        )
        for step in kind["chain"]
    )


def _known(record: Record) -> tuple[Roster, Policy]:
    if record.roster is None or record.policy is None:
        raise Refused(
            "Nothing is adopted yet",
            [Reason("policy", "the newsroom has no signed roster or policy")],
            "Run: desk newsroom adopt",
        )
    return record.roster, record.policy


def _kind(record: Record, item: ItemState) -> Mapping[str, Any]:
    kind = _known(record)[1].kinds.get(item.kind)
    if kind is None:
        raise Refused(
            "Unknown kind", [Reason("kind", f"the policy in force has no kind {item.kind}")]
        )
    return kind


def _ended(roster: Roster, key: str, time: str) -> str:
    """Why an author's or planner's signature is worth nothing, or ''.

    They vouch for text and plan, and others approve both: whoever left keeps having written.
    """
    entry = roster.keys.get(key)
    if entry is None:
        return "is not in the roster"
    if entry.state == "compromised":
        return "is compromised"
    return "had ended before" if entry.until and time > entry.until else ""


def judge_revision(record: Record, item_id: str, digest: str) -> tuple[Reason, ...]:
    """Why that revision of that item is not approved; empty when it is."""
    item = record.items.get(item_id)
    revision = item.revisions.get(digest) if item else None
    if item is None or revision is None:
        return (Reason("revision", f"{item_id} has no signed revision {digest[:12]}"),)
    roster, _ = _known(record)
    name = f"{item.code or item.id} ({item.language}) rev {revision.number}"
    reasons = []
    if revision.returned:
        reasons.append(
            Reason(
                "returned",
                f"{name} was returned by {revision.returned.person}; it needs a new revision",
                tuple(sorted(item.authors(digest))),
            )
        )
    if revision.withdrawn:
        reasons.append(Reason("withdrawn", f"{name} was withdrawn and cannot go out again"))
    if why := _ended(roster, revision.key, revision.time):
        reasons.append(Reason("author-key", f"{name} was signed with a key that {why}"))
    try:
        states = steps_of(record, item, revision)
    except Refused as error:
        return (*reasons, *error.reasons)
    authors = item.authors(digest)
    for state in states:
        if state.approval:
            continue
        excluded = sorted(
            {a.person for a in revision.approvals if a.step == state.step and a.person in authors}
        )
        if excluded:
            text = f"{name}: {', '.join(excluded)} wrote it and may not approve it"
            reasons.append(Reason("author-approves", text, state.who))
        else:
            reasons.append(Reason("chain", f"{name}: step {state.step} is open", state.who))
    return tuple(reasons)


def may_approve(record: Record, item_id: str, digest: str, person: str, step: str) -> None:
    """Raise Refused, with the rule and who could act, unless that person may take that step."""
    item = record.items[item_id]
    revision = item.revisions[digest]
    roster, _ = _known(record)
    states = {state.step: state for state in steps_of(record, item, revision)}
    title = "You may not approve this"
    if step not in states:
        raise Refused(title, [Reason("chain", f"{item.kind} has no step {step}")])
    state = states[step]
    if revision.returned:
        raise Refused(title, [Reason("returned", "the revision was returned")])
    if digest != item.latest:
        raise Refused(title, [Reason("newer", f"revision {item.current.number} is newer")])
    if person in item.authors(digest):
        raise Refused(
            title, [Reason("author-approves", "authors may not approve or sign", state.who)]
        )
    holder = roster.people.get(person)
    if holder is None or holder.key is None or not holder.holds(step, item.agency):
        text = f"{person} does not hold the role {step} for {item.agency}"
        raise Refused(title, [Reason("role", text, state.who)])
    if state.approval:
        raise Refused(
            title, [Reason("done", f"{state.approval.person} already approved step {step}")]
        )
    for earlier in states.values():
        if earlier.step == step:
            break
        if earlier.approval is None:
            raise Refused(
                title,
                [Reason("order", f"step {earlier.step} comes first", earlier.who)],
            )
    if any(s.approval and s.approval.person == person for s in states.values()):
        raise Refused(title, [Reason("distinct", "each step needs another person", state.who)])


def manifest(record: Record, release_id: str) -> dict[str, Any]:
    """The fields that leads sign: instant, channels, exact revisions, and what they rest on."""
    roster, policy = _known(record)
    release = record.releases[release_id]
    items = [record.items[i] for i in release.items if i in record.items]
    at = parse_instant(release.at)
    return {
        "newsroom": record.newsroom,
        "subject": release_id,
        "parent": release.basis,
        "at": release.at,
        "zone": release.zone,
        "not_after": written(at + timedelta(seconds=policy.span("not_after"))),
        "publish_within": policy.span("publish_within"),
        "channels": sorted(release.channels),
        "items": [
            {"item": item.id, "revision": item.latest, "language": item.language}
            for item in sorted(items, key=lambda item: item.id)
        ],
        "policy": policy.projection(
            (i.kind for i in items if i.kind in policy.kinds),
            (c for c in release.channels if c in policy.channels),
        ),
        "policy_version": policy.version,
        "roster_version": roster.version,
    }


RECORDED = ("roster_version", "policy_version", "termbase")  # recorded, not compared


def same_manifest(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two manifests say the same, apart from what is only recorded."""
    return {k: v for k, v in one.items() if k not in (*RECORDED, "kind")} == {
        k: v for k, v in other.items() if k not in (*RECORDED, "kind")
    }


def authors_of(record: Record, items: Iterable[Mapping[str, str]]) -> frozenset[str]:
    """Everybody who wrote any of these revisions (manifest entries)."""
    people: set[str] = set()
    for entry in items:
        item = record.items.get(entry["item"])
        if item:
            people |= item.authors(entry["revision"])
    return frozenset(people)


def signers_left(record: Record, release: ReleaseState, signoff: SignOff | None) -> tuple[str, ...]:
    """Who could still sign."""
    roster, _ = _known(record)
    fields = signoff.fields if signoff else manifest(record, release.id)
    authors = authors_of(record, fields["items"])
    signed = set(signoff.signers) if signoff else set()
    agencies = record.agencies(entry["item"] for entry in fields["items"])
    leads = set.intersection(*(set(roster.holders("lead", agency)) for agency in agencies))
    return tuple(sorted(leads - authors - signed))


def _lead_counts(record: Record, person: str, key: str, fields: Mapping[str, Any]) -> str:
    """'' when that lead's signature counts for every agency in the manifest, until its instant."""
    roster, _ = _known(record)
    whys = (
        counts(roster, person, key, role="lead", agency=agency, at=fields["at"])
        for agency in record.agencies(entry["item"] for entry in fields["items"])
    )
    return next((why for why in whys if why), "")


def _judge_signoff(record: Record, release: ReleaseState, signoff: SignOff) -> list[Reason]:
    _, policy = _known(record)
    authors = authors_of(record, signoff.fields["items"])
    good: dict[str, str] = {}
    reasons = []
    for person, key in signoff.signers.items():
        if person in authors:
            reasons.append(Reason("author-signs", f"{person} wrote an item and may not sign"))
            continue
        why = _lead_counts(record, person, key, signoff.fields)
        if why:
            reasons.append(Reason("signer", why))
        elif key not in good.values():
            good[person] = key
    if len(good) >= policy.signers:
        return []
    return [
        *reasons,
        Reason(
            "signers",
            f"{len(good)} of {policy.signers} leads have signed",
            signers_left(record, release, signoff),
        ),
    ]


def _judge_plan(record: Record, release: ReleaseState) -> list[Reason]:
    roster, policy = _known(record)
    reasons = []
    leads = roster.holders("lead")
    if release.status != "planned":
        reasons.append(Reason("state", f"the release is {release.status}", leads))
    if not release.confirmed:
        reasons.append(Reason("confirmed", "the release is provisional", leads))
    for step in release.plan:
        if why := _ended(roster, step.key, step.time):
            text = f"{step.kind} was signed with a key that {why}"
            reasons.append(Reason("plan-key", text, leads))
    for hold in record.active_holds(release.id):
        reasons.append(Reason("held", f"held by {hold.person} since {hold.time}", leads))
    if not release.items:
        reasons.append(Reason("empty", "the release has no items"))
    if not release.channels:
        reasons.append(Reason("channels", "the release has no channels"))
    for channel in release.channels:
        if channel not in policy.channels:
            reasons.append(Reason("channels", f"the policy in force has no channel {channel}"))
    return reasons


def _judge_items(
    record: Record, release: ReleaseState, manifest_items: Sequence[Mapping[str, str]]
) -> list[Reason]:
    _, policy = _known(record)
    reasons: list[Reason] = []
    languages: dict[str, set[str]] = {}
    for entry in manifest_items:
        item = record.items.get(entry["item"])
        reasons += judge_revision(record, entry["item"], entry["revision"])
        if item is None:
            continue
        if entry["language"] != item.language:
            reasons.append(Reason("manifest", f"{item.id} is not in {entry['language']}"))
        revision = item.revisions.get(entry["revision"])
        if revision and revision.released_in not in ("", release.id):
            reasons.append(Reason("released", f"{item.id} is public already in that revision"))
        if item.message:
            languages.setdefault(item.message, set()).add(item.language)
    spoken = {entry["language"] for entry in manifest_items}
    for channel in release.channels:
        if channel in policy.channels and spoken.isdisjoint(policy.channels[channel]["languages"]):
            reasons.append(Reason("channels", f"nothing in the languages of channel {channel}"))
    for entry in manifest_items:
        item = record.items.get(entry["item"])
        kind = policy.kinds.get(item.kind) if item else None
        if item is None or kind is None or "translation" not in kind["gates"]:
            continue
        missing = set(kind["languages"]) - languages.get(item.message, {item.language})
        if missing:
            text = f"{item.code or item.id} goes out without {', '.join(sorted(missing))}"
            reasons.append(Reason("translation", text, tuple(sorted(item.authors(item.latest)))))
    return reasons


def judge(record: Record, release_id: str, *, proposed: Mapping[str, Any] | None = None) -> Verdict:
    """Whether that release may go out at its instant, by the acts alone.

    Pure: no clock, no database. The caller compares `at` and `not_after` with its clock. With
    `proposed` (a manifest that nobody signed yet) everything but signatures is judged.
    """
    release = record.releases.get(release_id)
    if release is None:
        return Verdict(release_id, (Reason("unknown", "there is no such release"),))
    try:
        reasons = _judge_plan(record, release)
        signoff = None if proposed else release.signoff
        wanted = manifest(record, release_id)
        judged = proposed or (signoff.fields if signoff else wanted)
        missing = [i for i in release.items if i not in record.items]
        reasons += [Reason("item", f"{i} has no signed revision") for i in missing]
        reasons += _judge_items(record, release, judged["items"])
        if proposed:
            return Verdict(release_id, tuple(reasons))
        if signoff is None:
            who = signers_left(record, release, None)
            reasons.append(Reason("sign-off", "nobody has signed it", who))
            return Verdict(release_id, tuple(reasons))
        reasons += _judge_bound(record, release, signoff, wanted)
        reasons += _judge_signoff(record, release, signoff)
    except Refused as error:
        return Verdict(release_id, error.reasons)
    return Verdict(release_id, tuple(reasons), signoff.digest, tuple(sorted(signoff.signers)))


def _judge_bound(
    record: Record, release: ReleaseState, signoff: SignOff, wanted: Mapping[str, Any]
) -> list[Reason]:
    """Whether the manifest is about this plan and this policy; a newer revision changes nothing."""
    _, policy = _known(record)
    fields = signoff.fields
    reasons = []
    for name in ("at", "zone", "channels"):
        if fields[name] != wanted[name]:
            reasons.append(Reason("manifest", f"signed for another {name} than planned"))
    if sorted(e["item"] for e in fields["items"]) != sorted(release.items):
        reasons.append(Reason("manifest", "signed for other items than planned"))
    kinds = {record.items[e["item"]].kind for e in fields["items"] if e["item"] in record.items}
    known = [k for k in kinds if k in policy.kinds]
    if fields["policy"] != policy.projection(
        known, (c for c in fields["channels"] if c in policy.channels)
    ):
        reasons.append(
            Reason("policy", "the adopted policy changed since it was signed",
                   _known(record)[0].holders("lead"))
        )  # fmt: skip
    for name, expected in (("not_after", wanted["not_after"]),
                           ("publish_within", wanted["publish_within"])):  # fmt: skip
        if fields[name] != expected:
            reasons.append(Reason("manifest", f"{name} is not what the policy says"))
    if signoff.digest in release.missed:
        reasons.append(Reason("missed", "its time passed; it needs a new instant and sign-off"))
    return reasons


def release_state(record: Record, release_id: str) -> str:
    """One word for the calendar: provisional, confirmed, signed, staged, released, partial, …"""
    release = record.releases[release_id]
    if release.opened:
        signed = release.signoffs.get(release.released_signoff)
        wanted = set(signed.fields["channels"]) if signed else set(release.channels)
        return "released" if wanted <= set(release.opened) else "partial"
    if release.status != "planned":
        return release.status
    signoff = release.signoff
    if (signoff.digest if signoff else release.basis) in release.missed:
        return "missed"
    if not release.confirmed:
        return "provisional"
    if record.roster is None or record.policy is None or signoff is None:
        return "confirmed"
    if _judge_signoff(record, release, signoff):
        return "confirmed"
    if set(signoff.fields["channels"]) <= set(release.staged):
        return "staged"
    return "signed"
