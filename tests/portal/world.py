"""A whole newsroom in memory for tests: posts with keys, roster, policy, and signed acts."""

from __future__ import annotations

import hashlib
import itertools
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from desk.portal.contract.bundle import Part, Plan, SealedBundle, build
from desk.trust.acts import Act, write
from desk.trust.canonical import canonical, digest_bytes
from desk.trust.envelope import Envelope
from desk.trust.judge import manifest
from desk.trust.keys import Identity
from desk.trust.record import Record
from desk.trust.roster import root_fingerprint, uid

AT = "2026-11-20T08:00:00Z"
BEFORE = "2026-11-20T07:50:00Z"
CANARY = "CANARY-7a1f"
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def ident(prefix: str, name: str, length: int = 10) -> str:
    """A well-formed id that is the same each time."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest(), "big")
    text = ""
    for _ in range(length):
        number, rest = divmod(number, 32)
        text += ALPHABET[rest]
    return f"{prefix}-{text}"


@dataclass
class Asset:
    """One asset of an item: its bytes and how it is described."""

    name: str
    data: bytes
    media_type: str
    role: str

    @property
    def id(self) -> str:
        return ident("a", self.name + hashlib.sha256(self.data).hexdigest())

    def entry(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "media_type": self.media_type,
            "size": len(self.data),
            "sha256": hashlib.sha256(self.data).hexdigest(),
            "role": self.role,
            "alt": f"alt of {self.name}",
            "caption": f"caption of {self.name}",
        }


@dataclass
class World:
    """Six posts, a roster, a policy, and a growing list of acts in the order of a log."""

    portal_key: str
    url: str = "http://127.0.0.1:8601"
    languages: Sequence[str] = ("vi", "en")
    newsroom_id: str = "desk-vn"
    acts: list[Envelope] = field(default_factory=list)
    blobs: dict[str, bytes] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = ["writer", "appraiser", "reviewer", "checker", "lead-1", "lead-2", "pub-1", "pub-2"]
        self.people = {name: Identity.generate()[0] for name in names}
        self.admin = Identity.generate()[0]
        self.secret = os.urandom(32)
        self.root = {"threshold": 1, "keys": {"admin": self.admin.sign_public}}
        self.pin = root_fingerprint(self.newsroom_id, self.root)
        self.uid = uid(self.newsroom_id, self.pin)
        self.counter = itertools.count()
        self.adopt_roster()
        self.adopt_policy()

    # -- governance

    def roster_document(self, states: dict[str, str] | None = None) -> dict[str, Any]:
        roles = {
            "writer": [("author", "*")],
            "appraiser": [("appraise", "*")],
            "reviewer": [("review", "*")],
            "checker": [("check", "*")],
            "lead-1": [("lead", "*")],
            "lead-2": [("lead", "*")],
        }
        return {
            "format": 1,
            "newsroom": self.newsroom_id,
            "root": self.root,
            "people": {
                name: {
                    "name": f"Post {name}",
                    "roles": [{"role": r, "agency": a} for r, a in held],
                    "keys": [
                        {
                            "sign": self.people[name].sign_public,
                            "read": self.people[name].read_public,
                            "state": (states or {}).get(name, "active"),
                            "from": "2026-01-01T00:00:00Z",
                        }
                    ],
                }
                for name, held in roles.items()
            },
            "publishers": {
                name: {
                    "sign": self.people[name].sign_public,
                    "read": self.people[name].read_public,
                }
                for name in ("pub-1", "pub-2")
            },
        }

    def policy_document(self) -> dict[str, Any]:
        return {
            "format": 1,
            "newsroom": self.newsroom_id,
            "zone": "Asia/Ho_Chi_Minh",
            "languages": ["vi", "en"],
            "agencies": ["thong-ke"],
            "kinds": {
                "news": {
                    "chain": ["review"], "gates": [], "languages": ["vi"], "urgent": False,
                },
                "statement": {
                    "chain": ["appraise", "review", "check"], "gates": [],
                    "languages": ["vi"], "urgent": False,
                },
            },
            "channels": {
                "portal": {
                    "driver": "desk", "url": self.url, "languages": list(self.languages),
                    "required": True, "key": self.portal_key,
                },
                "wire": {
                    "driver": "folder", "path": "wire", "languages": ["vi", "en"],
                    "required": False,
                },
            },
            "releases": {
                "signers": 2, "stage_ahead": 600, "publish_within": 900, "not_after": 900,
                "clock_bound_ms": 500,
            },
            "withdraw_roles": ["lead"],
        }  # fmt: skip

    def _latest(self, kind: str) -> Act | None:
        from desk.trust.acts import read

        found = [read(a) for a in self.acts if f".{kind}.v1" in a.payload_type]
        return found[-1] if found else None

    def _adopt(self, kind: str, document: dict[str, Any]) -> Envelope:
        before = self._latest(kind)
        act = write(
            kind,
            {
                "newsroom": self.uid,
                "subject": kind,
                "version": before.fields["version"] + 1 if before else 1,
                "document": document,
                "parent": before.digest if before else None,
                "time": BEFORE,
            },
            self.admin,
        )
        self.acts.append(act.envelope)
        return act.envelope

    def adopt_roster(self, states: dict[str, str] | None = None) -> Envelope:
        return self._adopt("roster", self.roster_document(states))

    def adopt_policy(self, **changes: Any) -> Envelope:
        return self._adopt("policy", self.policy_document() | changes)

    def governance(self) -> list[Envelope]:
        return [
            a for a in self.acts if ".roster." in a.payload_type or ".policy." in a.payload_type
        ]

    # -- acts

    def act(self, kind: str, subject: str, who: str, **fields: Any) -> Act:
        values = {"newsroom": self.uid, "subject": subject, "actor": who, "time": BEFORE} | fields
        act = write(kind, values, self.people[who])
        self.acts.append(act.envelope)
        return act

    def record(self) -> Record:
        record = Record.from_acts(self.pin, self.acts)
        assert not record.voids, record.voids
        return record

    def content(self, item: str, language: str = "vi", **changes: Any) -> dict[str, Any]:
        assets: Iterable[Asset] = changes.pop("assets", ())
        for asset in assets:
            self.blobs[hashlib.sha256(asset.data).hexdigest()] = asset.data
        return {
            "format": 1,
            "salt": hashlib.sha256(f"{item}{next(self.counter)}".encode()).hexdigest(),
            "item": item,
            "language": language,
            "kind": "news",
            "agency": "thong-ke",
            "headline": f"Dân số Việt Nam theo Tổng điều tra {CANARY}",
            "summary": f"Tổng điều tra dân số và nhà ở năm 2019. {CANARY}",
            "body": (
                "## Kết quả\n\nDân số là **96.208.984** người [^1], theo Luật Thống kê [^l1].\n\n"
                f"| Năm | Người |\n|---|---|\n| 2019 | 96.208.984 |\n\n{CANARY}\n"
            ),
            "sources": [
                {"id": "1", "title": "Tổng cục Thống kê", "url": "https://example.org/tong-dieu-tra",
                 "date": "2019-07-11"}
            ],
            "legal": [
                {"id": "l1", "title": "Luật Thống kê", "number": "89/2015/QH13",
                 "url": "https://example.org/luat"}
            ],
            "assets": [asset.entry() for asset in assets],
        } | changes  # fmt: skip

    def write_item(
        self, name: str, language: str = "vi", *, approve: bool = True, number: int = 1,
        parent: str | None = None, **changes: Any,
    ) -> tuple[str, str]:  # fmt: skip
        """A signed revision, approved. Answers item id and the revision's act digest."""
        item = ident("i", name)
        data = canonical(self.content(item, language, **changes))
        act = self.act(
            "item.revise", item, "writer",
            revision=ident("v", f"{name}-{number}", 16), number=number, language=language,
            item_kind=changes.get("kind", "news"), agency=changes.get("agency", "thong-ke"),
            content=digest_bytes(data),
            message=changes.get("message"), parent=parent,
        )  # fmt: skip
        self.contents[act.digest] = data
        steps = {"review": "reviewer"}
        if changes.get("kind") == "statement":
            steps = {"appraise": "appraiser", "review": "reviewer", "check": "checker"}
        for step, who in steps.items() if approve else ():
            self.act("item.approve", item, who, revision=act.digest, step=step, gates=[], roster=1)
        return item, act.digest

    def plan_release(
        self, name: str, items: Sequence[str], *, at: str = AT,
        channels: Sequence[str] = ("portal", "wire"), signers: Sequence[str] = ("lead-1", "lead-2"),
    ) -> tuple[str, str]:  # fmt: skip
        """A planned, confirmed and signed release: its id and the sign-off's digest."""
        release = ident("r", name)
        plan = self.act(
            "release.plan", release, "lead-1",
            at=at, zone="Asia/Ho_Chi_Minh", wall=at[:-1], code=name, channels=sorted(channels),
            items=sorted(items),
        )  # fmt: skip
        self.act("release.confirm", release, "lead-1", parent=plan.digest)
        return release, self.sign(release, signers)

    def sign(self, release: str, signers: Sequence[str] = ("lead-1", "lead-2")) -> str:
        signoff = write(
            "release.sign",
            manifest(self.record(), release),
            *(self.people[name] for name in signers),
        )
        self.acts.append(signoff.envelope)
        return signoff.digest

    def bundle(
        self, release: str, signoff: str, channel: str = "portal",
        languages: Sequence[str] | None = None, tamper: dict[str, bytes] | None = None,
        first_at: dict[str, str] | None = None,
    ) -> SealedBundle:  # fmt: skip
        fields = self.record().releases[release].signoffs[signoff].fields
        plan = Plan(
            self.uid, channel, release, fields["at"], fields["not_after"], signoff,
            self.url if channel == "portal" else "",
        )  # fmt: skip
        record = self.record()
        parts = [
            Part(
                record.items[entry["item"]].revisions[entry["revision"]].number,
                entry["revision"],
                (tamper or {}).get(entry["item"], self.contents[entry["revision"]]),
                (first_at or {}).get(entry["item"], ""),
            )
            for entry in fields["items"]
            if entry["language"] in (languages or self.languages)
        ]
        return build(plan, parts, self.secret, self.open_asset)

    def open_asset(self, asset: str, sha256: str) -> Iterable[bytes]:
        data = self.blobs[sha256]
        return [data[i : i + 50_000] for i in range(0, len(data), 50_000)] or [b""]

    def calendar(self, **entry: Any) -> dict[str, Any]:
        return {
            "format": 1,
            "newsroom": self.newsroom_id,
            "name": {"vi": "Cổng thông tin thử nghiệm", "en": "Test portal"},
            "zone": "Asia/Ho_Chi_Minh",
            "languages": ["vi", "en"],
            "agencies": {"thong-ke": {"vi": "Cục Thống kê", "en": "Statistics Office"}},
            "kinds": {"news": {"vi": "Tin", "en": "News"}},
            "entries": [
                {
                    "release": ident("r", "announced"),
                    "at": "2026-12-01T02:00:00Z",
                    "state": "confirmed",
                    "sequence": 0,
                    "title": {"vi": "Báo cáo tháng", "en": "Monthly report"},
                    "agencies": ["thong-ke"],
                }
                | entry
            ],
        }


async def staged(setup, name="one", **options):
    """An item with that name, in a release of its own that is staged at the portal."""
    item, _ = setup.world.write_item(name, **options)
    identifier, signoff = setup.world.plan_release(f"release of {name}", [item])
    bundle = setup.world.bundle(identifier, signoff)
    await setup.driver.stage(bundle, setup.world.acts)
    return bundle
