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
from desk.errors import Reason, Refused, because
from desk.phrase import instant, phrase
from desk.trust.approval import StepState, ended, judge_revision, known, steps_of
from desk.trust.granting import ending
from desk.trust.record import Record
from desk.trust.roster import counts
from desk.trust.standing import Seat, quorum
from desk.trust.state import Grant, ReleaseState, SignOff, lasts

__all__ = [
    "RECORDED",
    "SIGNING_RULES",
    "StepState",
    "Verdict",
    "authors_of",
    "counts",
    "judge",
    "judge_revision",
    "manifest",
    "release_state",
    "same_manifest",
    "signers_left",
    "steps_of",
    "voices",
]

_OVER = "its time passed; it needs a new instant and sign-off"
STATUS = {"postponed": phrase("postponed"), "cancelled": phrase("cancelled")}
# What is still missing while leads sign: signatures, and why some that there are do not count.
SIGNING_RULES = frozenset({"sign-off", "signers", "signer", "author-signs"})


@dataclass(frozen=True)
class Verdict:
    """Whether a release may go out, and why not. `signoff`: digest of the manifest judged.

    `waits`: it may be staged, but opens only once the script that was granted it says so.
    """

    release: str
    reasons: tuple[Reason, ...]
    signoff: str = ""
    signers: tuple[str, ...] = ()
    waits: bool = False

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


def manifest(record: Record, release_id: str) -> dict[str, Any]:
    """The fields that leads sign: instant, channels, exact revisions, and what they rest on."""
    roster, policy = known(record)
    release = record.releases[release_id]
    items = [record.items[i] for i in release.items if i in record.items]
    at, grant = parse_instant(release.at), release.grant
    not_after = written(at + timedelta(seconds=policy.span("not_after")))
    fields = {
        "newsroom": record.newsroom,
        "subject": release_id,
        "parent": release.basis,
        "at": release.at,
        "zone": release.zone,
        "not_after": grant.until if grant else not_after,
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
    return fields | ({"trigger": grant.fields()} if grant else {})


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
    """Who could still sign so that it counts: also who has, with a key that no longer does."""
    roster, _ = known(record)
    fields = signoff.fields if signoff else manifest(record, release.id)
    authors = authors_of(record, fields["items"])
    agencies = record.agencies(entry["item"] for entry in fields["items"])
    at = lasts(fields)
    leads = set.intersection(*(set(roster.holders("lead", agency, at)) for agency in agencies))
    busy = authors.union(*voices(record, signoff).values())
    for deputy in {d.to for d in record.delegations.values()} - leads - busy:
        person = roster.people.get(deputy)
        key = person.key.sign if person and person.key else ""
        if any(not seat & busy for seat in record.seats(deputy, key, "lead", agencies, at=at)):
            leads.add(deputy)
    return tuple(sorted(leads - busy))


def voices(record: Record, signoff: SignOff | None) -> dict[str, Seat]:
    """Who of the signers counts, each with the seat that they fill. No seat of an author."""
    if signoff is None:
        return {}
    fields = signoff.fields
    authors = authors_of(record, fields["items"])
    agencies = record.agencies(entry["item"] for entry in fields["items"])
    options: dict[str, list[Seat]] = {}
    keys: set[str] = set()
    for person, key in signoff.signers.items():
        found = record.seats(person, key, "lead", agencies, at=lasts(fields))
        found = tuple(seat for seat in found if not seat & authors)
        if found and key not in keys:
            keys.add(key)
            options[person] = list(found)
    return quorum(options)


def counting(record: Record, release: ReleaseState, signoff: SignOff | None) -> tuple[str, ...]:
    """Whose signatures count now; of what is public, those that counted when it went out."""
    if signoff is None or record.roster is None:
        return ()
    return tuple(sorted(signoff.signers if release.opened else voices(record, signoff)))


def _lead_counts(record: Record, person: str, key: str, fields: Mapping[str, Any]) -> str:
    """'' when that lead's signature counts for every agency in the manifest, until its instant."""
    roster, _ = known(record)
    whys = (
        counts(roster, person, key, role="lead", agency=agency, at=lasts(fields))
        for agency in record.agencies(entry["item"] for entry in fields["items"])
    )
    return next((why for why in whys if why), "")


def _judge_signoff(record: Record, release: ReleaseState, signoff: SignOff) -> list[Reason]:
    _, policy = known(record)
    authors = authors_of(record, signoff.fields["items"])
    good = voices(record, signoff)
    reasons = []
    for person, key in signoff.signers.items():
        if person in authors:
            reasons.append(
                because("author-signs", "{person} wrote an item and may not sign", person=person)
            )
            continue
        if person not in good:
            why = _lead_counts(record, person, key, signoff.fields)
            reasons.append(
                Reason(
                    "signer",
                    why or phrase("{person} counts with another signer as one", person=person),
                )
            )
    if len(good) >= policy.signers:
        return []
    return [
        *reasons,
        because(
            "signers",
            "{count} of {signers} leads have signed",
            count=len(good),
            signers=policy.signers,
            who=signers_left(record, release, signoff),
        ),
    ]


def _judge_plan(record: Record, release: ReleaseState) -> list[Reason]:
    roster, policy = known(record)
    reasons = []
    leads = roster.holders("lead")
    if release.status != "planned":
        reasons.append(
            because("state", "the release is {status}", status=STATUS[release.status], who=leads)
        )
    if not release.confirmed:
        reasons.append(Reason("confirmed", "the release is provisional", leads))
    if release.signoff is None and release.basis in release.missed:
        reasons.append(Reason("missed", _OVER, leads))
    for step in release.plan:
        if why := ended(roster, step.key, step.time):
            text = phrase("{kind} was signed with a key that {why}", kind=step.kind, why=why)
            reasons.append(Reason("plan-key", text, leads))
    if release.grant is not None and (why := _grant_over(release.grant, release.signoff)):
        reasons.append(Reason("grant", why, leads))
    for hold in record.active_holds(release.id):
        reasons.append(
            because(
                "held",
                "held by {person} since {time}",
                person=hold.person,
                time=instant(hold.time),
                who=leads,
            )
        )
    if not release.items:
        reasons.append(Reason("empty", "the release has no items"))
    if not release.channels:
        reasons.append(Reason("channels", "the release has no channels"))
    for channel in release.channels:
        if channel not in policy.channels:
            reasons.append(
                because("channels", "the policy in force has no channel {channel}", channel=channel)
            )
    return reasons


def _grant_over(grant: Grant, signoff: SignOff | None) -> str:
    """Why a grant opens nothing any more, or ''."""
    if grant.ended:
        return phrase("the grant to {script} ended with {act}; it needs another, or an instant",
                      script=grant.script, act=ending(grant.ended))  # fmt: skip
    if grant.used and (signoff is None or grant.used != signoff.digest):
        return phrase("the grant to {script} was used for another sign-off", script=grant.script)
    return ""


def _judge_items(
    record: Record, release: ReleaseState, manifest_items: Sequence[Mapping[str, str]]
) -> list[Reason]:
    _, policy = known(record)
    reasons: list[Reason] = []
    languages: dict[str, set[str]] = {}
    for entry in manifest_items:
        item = record.items.get(entry["item"])
        reasons += judge_revision(record, entry["item"], entry["revision"])
        if item is None:
            continue
        if entry["language"] != item.language:
            reasons.append(
                because(
                    "manifest", "{id} is not in {language}", id=item.id, language=entry["language"]
                )
            )
        revision = item.revisions.get(entry["revision"])
        if revision and revision.released_in not in ("", release.id):
            reasons.append(
                because("released", "{id} is public already in that revision", id=item.id)
            )
        if item.message:
            languages.setdefault(item.message, set()).add(item.language)
    spoken = {entry["language"] for entry in manifest_items}
    for channel in release.channels:
        if channel in policy.channels and spoken.isdisjoint(policy.channels[channel]["languages"]):
            reasons.append(
                because(
                    "channels", "nothing in the languages of channel {channel}", channel=channel
                )
            )
    for entry in manifest_items:
        item = record.items.get(entry["item"])
        kind = policy.kinds.get(item.kind) if item else None
        if item is None or kind is None or "translation" not in kind["gates"]:
            continue
        if any(r.released_in not in ("", release.id) for r in item.revisions.values()):
            continue  # a correction: the other language is public, and may be right as it is
        missing = set(kind["languages"]) - languages.get(item.message, {item.language})
        if missing:
            text = phrase(
                "{code} goes out without {names}",
                code=item.code or item.id,
                names=", ".join(sorted(missing)),
            )
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
        reasons += [because("item", "{item} has no signed revision", item=i) for i in missing]
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
    waits = "trigger" in signoff.fields and not signoff.trigger
    return Verdict(
        release_id, tuple(reasons), signoff.digest, tuple(sorted(signoff.signers)), waits
    )


def _judge_bound(
    record: Record, release: ReleaseState, signoff: SignOff, wanted: Mapping[str, Any]
) -> list[Reason]:
    """Whether the manifest is about this plan and this policy; a newer revision changes nothing."""
    _, policy = known(record)
    fields = signoff.fields
    reasons = []
    for name in ("at", "zone", "channels"):
        if fields[name] != wanted[name]:
            reasons.append(because("manifest", "signed for another {name} than planned", name=name))
    if fields.get("trigger") != wanted.get("trigger"):
        reasons.append(Reason("manifest", "signed for another trigger than granted"))
    if sorted(e["item"] for e in fields["items"]) != sorted(release.items):
        reasons.append(Reason("manifest", "signed for other items than planned"))
    kinds = {record.items[e["item"]].kind for e in fields["items"] if e["item"] in record.items}
    ruled = [k for k in kinds if k in policy.kinds]
    if fields["policy"] != policy.projection(
        ruled, (c for c in fields["channels"] if c in policy.channels)
    ):
        reasons.append(
            Reason("policy", "the adopted policy changed since it was signed",
                   known(record)[0].holders("lead"))
        )  # fmt: skip
    for name, expected in (("not_after", wanted["not_after"]),
                           ("publish_within", wanted["publish_within"])):  # fmt: skip
        if fields[name] != expected:
            reasons.append(because("manifest", "{name} is not what the policy says", name=name))
    if signoff.digest in release.missed:
        reasons.append(Reason("missed", _OVER, known(record)[0].holders("lead")))
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
