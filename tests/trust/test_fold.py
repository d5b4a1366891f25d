"""The fold against anything that is well formed: it never raises, whoever signs what, in any order.

An act that made it raise would stop every publisher: a newsroom silenced by one signed act. The
kinds and their fields are taken from the table, so a new kind is tried as soon as it is there.
"""

from __future__ import annotations

import copy
import dataclasses
import functools
from collections.abc import Mapping
from typing import Any

from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from desk.errors import DeskError
from desk.trust.acts import EVERYTHING, FIELDS, PREFIX, SUFFIX, Kind, write
from desk.trust.approval import steps_of
from desk.trust.canonical import canonical
from desk.trust.envelope import Envelope
from desk.trust.judge import judge, release_state
from desk.trust.policy import Policy
from desk.trust.readers import sealed_beside
from desk.trust.record import Record
from desk.trust.roster import Roster

from .house import (
    ADMINS,
    AT,
    GATES,
    PIN,
    ROLES,
    TIME,
    UID,
    WALL,
    ZONE,
    House,
    digest_of,
    ident,
    identity,
    policy_document,
    roster_document,
)

LARGE = 2**53 - 1
INSTANTS = (TIME, AT, "2026-11-20T09:00:00Z", "2026-11-20T10:00:00Z", "2000-01-01T00:00:00Z",
            "2199-12-31T23:59:59Z")  # fmt: skip
WORDS = (
    *ROLES, *ADMINS, "pub-1", "nobody", "lead", "review", "author", "admin", "thong-ke", "y-te",
    "news", "statement", "portal", "press", "gdp", "vi", "en", "earlier", "later", "yes", "no",
    "pass", "fail", "withdraw", "takedown", "kill", "answered", "declined", "in-force", "too-late",
    ZONE, "Nowhere/At-All", WALL, "2199-12-31T23:59:59", EVERYTHING, "x", "Ề" * 60, "\u202e\x9b31m",
    "roster", "policy", "newsroom", "people", "contacts", "terms", UID, f"other@{'0' * 32}",
)  # fmt: skip
IDS = (*(ident(letter, name) for letter in "irmqcsw" for name in ("one", "two")),
       *(ident("v", str(n), 16) for n in range(3)), "gdp@thong-ke")  # fmt: skip
SIGNERS = (*ROLES, *ADMINS, "pub-1", "script", "stranger", *("lead-1", "lead-2", "lead-3") * 6)


def _documents() -> list[dict[str, Any]]:
    """Rosters and policies, right and wrong in one place."""
    found: list[dict[str, Any]] = [{}, {"format": 1}]
    for document in (roster_document(), policy_document()):
        found.append(document)
        for name in document:
            for spoilt in (1, "x", [], {}, [1], {"x": 1}, {"x": []}, [[]], True):
                found.append(document | {name: spoilt})
    fewer = copy.deepcopy(roster_document())
    for person in list(fewer["people"])[::2]:
        del fewer["people"][person]
    fewer["publishers"] = {}
    poor = policy_document() | {"kinds": {}, "channels": {}}
    most = policy_document()
    most["releases"] |= {"signers": 64, "not_after": 366 * 86_400, "publish_within": 366 * 86_400}
    return [*found, fewer, poor, most]


def _static() -> list[Any]:
    """Whatever a field may hold, but digests: words, numbers, lists, documents, and the edges."""
    entries = [
        {"id": name, "value": {"agency": agency, "contact": contact}}
        for name in IDS
        for agency in ("thong-ke", "y-te")
        for contact in (ident("c", "one"), 1, [])
    ]
    trigger = {"grant": GRANT, "key": identity("script").sign_public, "script": "gdp"}
    return [
        0, 1, 2, 3, LARGE, True, False, *WORDS, *INSTANTS, *IDS, trigger, *_documents(),
        [], list(GATES), [ident("i", "one")], [ident("i", "two"), ident("i", "one")],
        ["portal"], ["press", "portal"], ["nowhere"], ["lead-1", "nobody"],
        [entries[0], {"id": entries[0]["id"]}], [entries[0]] * 2, *([entry] for entry in entries),
        [{"id": IDS[0]}], [{"id": i, "value": {"agency": "y-te"}} for i in IDS[:3]],
    ]  # fmt: skip


def _signed(digest: str) -> list[Any]:
    """What a field may hold that names that act."""
    return [digest, [digest], [{"item": ident("i", "one"), "revision": digest, "language": "vi"}]]


@functools.cache
def _fitting(kind: str, name: str) -> list[Any]:
    check = {**FIELDS[kind].required, **FIELDS[kind].optional}[name]
    return [kind] if name == "kind" else [value for value in STATIC if check(value)]


def _fields(kind: Kind, digests: list[str], draw: st.DrawFn) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, check in {**kind.required, **kind.optional}.items():
        if name not in kind.required and draw(st.booleans()):
            continue
        of_acts = [v for v in _signed(draw(st.sampled_from(digests))) if check(v)]
        fitting = of_acts or _fitting(kind.name, name)
        if fitting:
            made[name] = draw(st.sampled_from(fitting))
        elif name in kind.required:
            raise AssertionError(f"nothing here fits {kind.name}.{name}")
    if draw(st.integers(0, 5)):
        made["newsroom"] = UID
    return made


def _likely(house: House, kind: Kind, made: dict[str, Any], draw: st.DrawFn) -> None:
    """Bring an act into its turn, as far as that is a matter of what went before."""
    record, subject = house.record, made["subject"]
    if kind.name in ("roster", "policy"):
        before = record.roster if kind.name == "roster" else record.policy
        assert before is not None
        made |= {"version": before.version + 1, "parent": before.digest}
        return
    about = record.releases.get(subject) or record.enquiries.get(subject)
    if about is not None and "parent" in kind.required:
        made["parent"] = about.basis
    item = record.items.get(subject)
    if kind.name == "item.revise":
        made["number"] = item.current.number + 1 if item else 1
        made.pop("parent", None)
        if item is not None:
            made |= {"parent": item.latest, "language": item.language, "item_kind": item.kind,
                     "agency": item.agency}  # fmt: skip
            made.pop("message", None)
    elif item is not None and "revision" in made:
        made["revision"] = item.latest
    release = record.releases.get(subject)
    if release is not None and release.signoff and "signoff" in made:
        made["signoff"] = release.signoff.digest
    if release is not None and release.grant and "grant" in made:
        made["grant"] = release.grant.digest


@st.composite
def acts(draw: st.DrawFn, house: House) -> Envelope:
    """One well-formed act, likely or not, signed by somebody."""
    kind = FIELDS[draw(st.sampled_from(sorted(FIELDS)))]
    made = _fields(kind, [*(act.digest for act in house.acts), *EDGES], draw)
    if draw(st.integers(0, 4)):
        _likely(house, kind, made, draw)
    if kind.signed_by in ("root", "leads") and draw(st.integers(0, 4)):
        pool = ADMINS if kind.signed_by == "root" else tuple(n for n in ROLES if "lead" in n)
        who = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=3, unique=True))
    else:
        who = [draw(st.sampled_from(SIGNERS))]
        if "actor" in made and draw(st.integers(0, 4)):
            made["actor"] = who[0] if who[0] in (*ROLES, *ADMINS, "pub-1") else "lead-1"
        if kind.signed_by == "publisher" and draw(st.integers(0, 4)):
            made["actor"], who = "pub-1", ["pub-1"]
        if kind.signed_by == "script" and draw(st.integers(0, 4)):
            who = ["script"]
    envelope = Envelope(PREFIX + kind.name + SUFFIX, canonical(made), ())
    for name in who:
        envelope = envelope.signed_also_by(identity(name))
    return envelope


def state(record: Record) -> str:
    """Everything that a record holds, but the list of what was void and how far it has read.

    A trigger that was refused stays so: that alone an act that is void may change.
    """
    return repr(_plain({k: v for k, v in vars(record).items() if k not in ("voids", "seq")}))


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, (Roster, Policy)):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)
                if f.name != "refused"}  # fmt: skip
    if isinstance(value, (Roster, Policy)):
        return value.digest
    if isinstance(value, Mapping):
        return [(key, _plain(one)) for key, one in value.items()]
    if isinstance(value, (set, frozenset)):
        return sorted(map(repr, value))
    return [_plain(one) for one in value] if isinstance(value, (list, tuple)) else value


def look_everywhere(record: Record) -> None:
    """What publishers, portals and desks do with a record: a verdict, or a refusal in words."""
    for name, release in record.releases.items():
        judge(record, name)
        release_state(record, name)
        record.active_holds(name)
        assert release.signoff is None or release.signoff.signers
    for item in record.items.values():
        assert item.public
        for revision in item.revisions.values():
            try:
                steps_of(record, item, revision)
            except DeskError:
                continue
    if record.policy is not None:
        sealed_beside(record)


def begun() -> House:
    """A house in which most things have happened once."""
    house = House()
    house.people["script"] = identity("script")
    revisions = [house.item("one"), house.item("two", "writer-2", item_kind="statement")]
    for revision in revisions:
        house.approve(revision)
    one = house.plan("one", revisions[0])
    house.good(house.signoff(one))
    two = house.plan("two", revisions[1])
    grant = {
        "newsroom": UID, "subject": two, "actor": "lead-1", "time": TIME, "at": AT, "zone": ZONE,
        "parent": house.record.releases[two].basis, "wall": WALL, "until": "2026-11-20T10:00:00Z",
        "script": "gdp", "once": True, "key": identity("script").sign_public,
    }  # fmt: skip
    house.good(write("release.grant", grant, identity("lead-1")))
    house.good(house.signoff(two))
    return house


BEGUN = begun()
GRANT = next(r.grant.digest for r in BEGUN.record.releases.values() if r.grant)
EDGES = (digest_of("unknown"), identity("script").sign_public, identity("lead-1").sign_public)
STATIC = _static()


@settings(
    max_examples=60, suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a log is read as it is found
)  # fmt: skip
@given(data=st.data())
def test_attack_34_no_act_makes_the_fold_raise(data: st.DataObject) -> None:
    house = copy.deepcopy(BEGUN)
    counted: list[Envelope] = []
    before = state(house.record)
    for _ in range(12):
        envelope = data.draw(acts(house))
        applied = house.put(envelope)
        event(f"{'void' if applied.void else 'counts'}: {envelope.payload_type[len(PREFIX) :]}")
        after = state(house.record)
        if applied.void:
            assert after == before, f"a void act has changed something: {applied.void}"
        else:
            counted.append(envelope)
        before = after
    look_everywhere(house.record)
    roster, policy = house.record.roster, house.record.policy
    for shown in (counted, house.acts):
        look_everywhere(Record.from_acts(PIN, shown, roster=roster, policy=policy))
    assert state(Record.from_acts(PIN, house.acts)) == before
