"""A founded newsroom with posts, keys and a policy, built by the verbs, and a driver for it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from desk.approvals import decide
from desk.clock import FakeClock, now
from desk.items import drafts, revisions
from desk.newsroom import administer
from desk.newsroom.administer import PublicKeys
from desk.newsroom.pins import PinFile
from desk.newsroom.room import Actor, Room
from desk.releases import plan, sign
from desk.releases.plan import Moment
from desk.trust.acts import Act
from desk.trust.keys import Identity

START = "2026-11-20T01:00:00Z"
ZONE = "Asia/Ho_Chi_Minh"
POSTS = {
    "editor": [("author", "thong-ke")],
    "editor-2": [("author", "thong-ke")],
    "writer": [("author", "thong-ke"), ("review", "*"), ("lead", "*")],
    "health": [("author", "y-te")],
    "appraiser": [("appraise", "*")],
    "reviewer": [("review", "*")],
    "checker": [("check", "*"), ("review", "*")],
    "lead-1": [("lead", "*")],
    "lead-2": [("lead", "*")],
}
KIND = {"languages": ["vi", "en"], "urgent": False}
POLICY: dict[str, Any] = {
    "format": 1, "newsroom": "desk-vn", "zone": ZONE, "languages": ["vi", "en"],
    "agencies": ["thong-ke", "y-te"],
    "kinds": {
        "statement": {**KIND, "chain": ["appraise", "review", "check"], "gates": ["summary",
                      "sources", "translation"]},
        "news": {**KIND, "chain": ["review"], "gates": ["summary", "sources"]},
    },
    "channels": {"portal": {"driver": "folder", "path": "out", "languages": ["vi", "en"],
                            "required": True},
                 "press": {"driver": "folder", "path": "press", "languages": ["vi"],
                           "required": False}},
    "releases": {"signers": 2, "stage_ahead": 600, "publish_within": 900, "not_after": 900,
                 "clock_bound_ms": 500},
    "withdraw_roles": ["lead"],
}  # fmt: skip
TEXT = {
    "headline": "Số liệu quý III",
    "summary": "Kết quả quý III vừa được công bố trên trang của Cục Thống kê.",
    "body": "Kết quả quý III vừa được công bố trên trang của Cục Thống kê, theo từng ngành.",
}


@dataclass
class House:
    """One newsroom in a folder. `people` are unlocked; `clock` moves only when told."""

    root: Path
    people: dict[str, Actor]
    fingerprint: str
    clock: FakeClock = field(default_factory=lambda: FakeClock(START))
    room: Room = field(init=False)

    def __post_init__(self) -> None:
        self.room = self.opened()

    @property
    def database(self) -> Path:
        return self.root / "var" / "desk.db"

    def opened(self, pins: PinFile | None = None) -> Room:
        """The newsroom opened anew, as another process would."""
        return Room.open(
            self.root, self.database, pins=pins, fingerprint=self.fingerprint, clock=self.clock
        )

    def __getitem__(self, person: str) -> Actor:
        return self.people[person]

    def draft(self, who: str = "editor", kind: str = "news", **more: Any) -> str:
        """A draft by that person; its item."""
        changes = {**TEXT, **more.pop("changes", {})}
        return drafts.new(
            self.room, self[who], kind=kind, agency=more.pop("agency", "thong-ke"),
            language=more.pop("language", "vi"), code=more.pop("code", "SAO"), changes=changes,
            **more,
        ).item  # fmt: skip

    def submitted(self, who: str = "editor", kind: str = "news", **more: Any) -> str:
        """A submitted item."""
        item = self.draft(who, kind, **more)
        revisions.submit(self.room, self[who], item)
        return item

    def pair(self, who: str = "editor") -> tuple[str, str]:
        """A statement in both languages, submitted."""
        vi = self.submitted(who, "statement")
        return vi, self.submitted(who, "statement", language="en", translates=vi)

    def approved(self, who: str = "editor") -> str:
        """An approved item of the kind news."""
        item = self.submitted(who)
        decide.approve(self.room, self["reviewer"], item)
        return item

    def moment(self, seconds: int = 3600) -> Moment:
        """So many seconds from now."""
        return Moment.of_instant(now(self.clock) + timedelta(seconds=seconds), ZONE)

    def planned(self, *items: str, seconds: int = 3600, confirm: bool = True) -> str:
        """A release of these items, confirmed unless told otherwise; its id."""
        act = plan.plan(
            self.room, self["lead-1"], self.moment(seconds), items=items, channels=["portal"],
            code="SAO-MAI",
        )  # fmt: skip
        if confirm:
            plan.confirm(self.room, self["lead-1"], act.subject)
        return act.subject

    def signed(self, *items: str) -> str:
        """A release that both leads have signed."""
        release = self.planned(*(items or (self.approved(),)))
        for lead in ("lead-1", "lead-2"):
            sign.sign(self.room, self[lead], release)
        return release

    def published(self, *items: str) -> tuple[str, tuple[str, ...]]:
        """A signed release that the publisher's acts say is public; its id and items."""
        chosen = items or (self.approved(),)
        release = self.signed(*chosen)
        self.out(release)
        return release, chosen

    def out(self, release: str) -> None:
        """The publisher's word that a signed release is public."""
        with self.room.reading(release) as view:
            signoff = view.record.releases[release].signoff
            assert signoff is not None
            fields = {
                "signoff": signoff.digest, "channel": "portal", "address": "0" * 64,
                "opened_ms": 1_794_000_000_000,
                "revisions": [entry["revision"] for entry in signoff.fields["items"]],
            }  # fmt: skip
        with self.room.acting(release) as tx:
            tx.append("publisher.released", release, fields, self["pub-1"])
            tx.touched |= {entry["item"] for entry in signoff.fields["items"]}

    def acknowledge(self, act: Act, outcome: str = "in-force") -> None:
        """What the publisher says once it has seen an act."""
        with self.room.acting(act.subject) as tx:
            fields = {"act": act.digest, "outcome": outcome}
            tx.append("publisher.ack", act.subject, fields, self["pub-1"])


def build(root: Path) -> House:
    """Found a newsroom, fill its roster, adopt its policy."""
    names = ["admin", *POSTS, "pub-1", "recovery"]
    people = {name: Actor(name, Identity.generate()[0]) for name in names}
    keys = {
        n: PublicKeys(a.identity.sign_public, a.identity.read_public) for n, a in people.items()
    }
    act = administer.genesis(
        "desk-vn", {"admin": keys["admin"]}, threshold=1, recovery=keys["recovery"].read,
        clock=FakeClock(START), signers=[people["admin"].identity],
    )  # fmt: skip
    fingerprint = administer.found(root / "var" / "desk.db", act)
    house = House(root, people, fingerprint)
    with house.room.reading() as view:
        roster = view.roster
    document: dict[str, Any] = dict(roster.document)
    document["people"] = dict(document["people"]) | {
        name: administer.person_entry(name, roles, keys[name], START)
        for name, roles in POSTS.items()
    }
    document["publishers"] = {
        "pub-1": {"sign": keys["pub-1"].sign, "read": keys["pub-1"].read}
    }  # fmt: skip
    change_roster(house, document)
    with house.room.reading() as view:
        envelope = administer.propose_policy(view, POLICY, house.room.instant())
        proposal = administer.countersign(view, envelope, house["admin"])
    administer.enact(house.room, proposal.act.envelope)
    return house


def change_roster(house: House, document: dict[str, Any]) -> Act:
    """Another roster, signed by the administrator."""
    with house.room.reading() as view:
        envelope = administer.propose_roster(view, document, house.room.instant())
        proposal = administer.countersign(view, envelope, house["admin"])
    return administer.enact(house.room, proposal.act.envelope)


def copied(house: House, to: Path) -> House:
    """The same newsroom in another folder."""
    shutil.copytree(house.root, to, dirs_exist_ok=True)
    return House(to, house.people, house.fingerprint)
