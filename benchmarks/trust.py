"""The trust core's speed: sign, verify, seal, judge, approve, and the log's cost as it grows.

Each function returns plain figures with their units in the names; `rounds` or `sizes` set how
long it takes. Keys are fresh, everything is in memory.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

from desk.trust.acts import Act, write
from desk.trust.canonical import canonical, parse
from desk.trust.envelope import Envelope, sign, verify
from desk.trust.ids import new_item, new_release, new_revision
from desk.trust.judge import judge, manifest
from desk.trust.keys import Identity
from desk.trust.log import Entry, Head, extend, next_entry
from desk.trust.record import Record
from desk.trust.roster import root_fingerprint, uid
from desk.trust.seal import Name, Reader, SealKey, unwrap

ROLES = {
    "writer": "author", "appraiser": "appraise", "reviewer": "review", "checker": "check",
    "lead-1": "lead", "lead-2": "lead",
}  # fmt: skip
CHAIN = {"appraise": "appraiser", "review": "reviewer", "check": "checker"}
TIME = "2026-11-20T07:00:00Z"


def _each(call: Callable[[], object], rounds: int) -> float:
    """Median microseconds of one call."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter_ns()
        call()
        times.append(time.perf_counter_ns() - start)
    return round(median(times) / 1000, 1)


class _Newsroom:
    """Six posts, one kind with three steps, one channel."""

    def __init__(self) -> None:
        self.people = {name: Identity.generate()[0] for name in (*ROLES, "admin")}
        root = {"threshold": 1, "keys": {"admin": self.people["admin"].sign_public}}
        self.pin = root_fingerprint("desk-vn", root)
        self.uid = uid("desk-vn", self.pin)
        self.record = Record(self.pin)
        self.envelopes: list[bytes] = []
        people = {
            name: {
                "name": name,
                "roles": [{"role": role, "agency": "*"}],
                "keys": [
                    {
                        "sign": self.people[name].sign_public,
                        "read": self.people[name].read_public,
                        "state": "active",
                        "from": TIME,
                    }
                ],
            }
            for name, role in ROLES.items()
        }
        self._govern("roster", {"format": 1, "newsroom": "desk-vn", "root": root, "people": people})
        self._govern(
            "policy",
            {
                "format": 1, "newsroom": "desk-vn", "zone": "Asia/Ho_Chi_Minh",
                "kinds": {
                    "statement": {
                        "chain": [*CHAIN], "gates": [], "languages": ["vi"], "urgent": False,
                    }
                },
                "channels": {
                    "portal": {
                        "driver": "folder", "path": "out", "languages": ["vi"], "required": True,
                    }
                },
                "releases": {
                    "signers": 2, "stage_ahead": 600, "publish_within": 900, "not_after": 900,
                    "clock_bound_ms": 500,
                },
                "withdraw_roles": ["lead"],
            },
        )  # fmt: skip

    def _govern(self, kind: str, document: dict[str, Any]) -> None:
        value = {"newsroom": self.uid, "subject": kind, "time": TIME, "version": 1,
                 "document": document}  # fmt: skip
        self.put(write(kind, value, self.people["admin"]))

    def put(self, act: Act) -> Act:
        """Fold and keep; everything here must count."""
        applied = self.record.apply(act.envelope)
        if applied.void:
            raise RuntimeError(applied.void)
        self.envelopes.append(act.envelope.to_json())
        return act

    def act(self, kind: str, subject: str, who: str, **fields: Any) -> Act:
        """A signed act by one person."""
        value = {"newsroom": self.uid, "subject": subject, "actor": who, "time": TIME} | fields
        return write(kind, value, self.people[who])

    def approval(self, revision: Act, step: str) -> Act:
        """An approval of that step."""
        return self.act("item.approve", revision.subject, CHAIN[step], revision=revision.digest,
                        step=step, gates=[], roster=1)  # fmt: skip

    def item(self) -> Act:
        """One approved item: four acts."""
        revision = self.put(
            self.act(
                "item.revise", new_item(), "writer", revision=new_revision(), number=1,
                language="vi", item_kind="statement", agency="thong-ke",
                content=hashlib.sha256(str(len(self.envelopes)).encode()).hexdigest(),
            )
        )  # fmt: skip
        for step in CHAIN:
            self.put(self.approval(revision, step))
        return revision

    def release(self, items: int) -> str:
        """A signed release of so many items."""
        subjects = sorted(self.item().subject for _ in range(items))
        release = new_release()
        plan = self.put(
            self.act(
                "release.plan", release, "lead-1", at="2026-11-20T08:00:00Z",
                zone="Asia/Ho_Chi_Minh", wall="2026-11-20T15:00:00", code="BENCH",
                channels=["portal"], items=subjects,
            )
        )  # fmt: skip
        self.put(self.act("release.confirm", release, "lead-1", parent=plan.digest))
        signers = (self.people["lead-1"], self.people["lead-2"])
        self.put(write("release.sign", manifest(self.record, release), *signers))
        return release


def signatures(rounds: int = 500) -> dict[str, float]:
    """Sign an act, verify it, read its bytes; microseconds each."""
    who = Identity.generate()[0]
    value = {"a": "Tiếng Việt", "b": list(range(20))}
    envelope = sign("application/x", value, who)
    data = envelope.to_json()
    return {
        "sign_us": _each(lambda: sign("application/x", value, who), rounds),
        "verify_us": _each(lambda: verify(envelope, {who.sign_public}), rounds),
        "read_us": _each(lambda: parse(Envelope.from_json(data).payload), rounds),
    }


def seals(rounds: int = 200, size: int = 5_000, readers: int = 8) -> dict[str, float]:
    """Seal and open a text of `size` bytes, wrap its key for readers; microseconds each."""
    name = Name("desk-vn@" + "0" * 32, "revision", new_item(), new_revision())
    who = Identity.generate()[0]
    everybody = [Reader("reader", who.read_public)] + [
        Reader(f"reader-{n}", Identity.generate()[0].read_public) for n in range(readers - 1)
    ]
    key, text = SealKey.fresh(name), b"x" * size
    sealed, wraps = key.seal("content", text), key.wrap_for(everybody)
    return {
        "seal_us": _each(lambda: key.seal("content", text), rounds),
        "open_us": _each(lambda: key.open("content", sealed), rounds),
        f"wrap_{readers}_readers_us": _each(lambda: key.wrap_for(everybody), rounds),
        "unwrap_us": _each(lambda: unwrap(name, wraps, "reader", who), rounds),
    }


def approvals(count: int = 300) -> dict[str, float]:
    """Approvals a second: signed, verified, folded (without the database)."""
    room = _Newsroom()
    revisions = [
        room.put(
            room.act("item.revise", new_item(), "writer", revision=new_revision(), number=1,
                     language="vi", item_kind="statement", agency="thong-ke", content="0" * 64)
        )
        for _ in range(count)
    ]  # fmt: skip
    start = time.perf_counter()
    for revision in revisions:
        room.put(room.approval(revision, "appraise"))
    return {"approvals_per_s": round(count / (time.perf_counter() - start))}


def judging(sizes: tuple[int, ...] = (1, 500), rounds: int = 20) -> dict[str, float]:
    """One verdict on a release of so many items with three steps each; milliseconds."""
    found = {}
    for size in sizes:
        room = _Newsroom()
        release = room.release(size)
        if not judge(room.record, release).ok:
            raise RuntimeError("the release should be good")
        took = _each(lambda room=room, release=release: judge(room.record, release), rounds)  # type: ignore[misc]
        found[f"judge_{size}_items_ms"] = round(took / 1000, 2)
    return found


def canonical_form(rounds: int = 200) -> dict[str, float]:
    """A content document of about 5 KB to canonical bytes and back; microseconds."""
    value = {"body": "Dân số là 96.208.984 người. " * 150, "sources": [{"id": "1", "title": "x"}]}
    data = canonical(value)
    return {
        "canonical_us": _each(lambda: canonical(value), rounds),
        "parse_us": _each(lambda: parse(data), rounds),
    }


def _log(room: _Newsroom, size: int) -> Iterator[bytes]:
    """The newsroom's acts, grown to that many."""
    while len(room.envelopes) < size:
        room.release(4)
    return iter(room.envelopes[:size])


def log_growth(sizes: tuple[int, ...] = (1_000, 10_000, 100_000)) -> dict[str, float]:
    """What a log of so many acts costs: chain it, fold it in full, fold a vouched copy (s)."""
    found: dict[str, float] = {}
    room = _Newsroom()
    for size in sizes:
        head, entries = Head(), list[Entry]()
        for envelope in _log(room, size):
            entries.append(next_entry(head, envelope))
            head = Head(entries[-1].seq, entries[-1].hash)
        start = time.perf_counter()
        extend(Head(), entries)
        chained = time.perf_counter()
        record = Record.from_acts(room.pin, (entry.envelope for entry in entries))
        folded = time.perf_counter()
        Record.refold(room.pin, entries, record.vouch(head))
        again = time.perf_counter()
        found |= {
            f"log_{size}_chain_s": round(chained - start, 3),
            f"log_{size}_fold_s": round(folded - chained, 3),
            f"log_{size}_refold_s": round(again - folded, 3),
            f"log_{size}_bytes_per_act": round(sum(len(e.envelope) for e in entries) / size),
        }
    return found
