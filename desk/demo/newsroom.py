"""A whole newsroom in one folder: root, six posts, policy, publisher, portals, items, release."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from importlib import resources
from pathlib import Path

from desk.approvals import decide
from desk.clock import Clock, SystemClock, now, parse_instant
from desk.demo.assets import SampleAsset
from desk.demo.content import SampleMessage, messages
from desk.items import drafts, revisions
from desk.newsroom import administer
from desk.newsroom.administer import PublicKeys
from desk.newsroom.load import load
from desk.newsroom.pins import PinFile
from desk.newsroom.policy import policy_document
from desk.newsroom.room import Actor, Room
from desk.phrase import phrase
from desk.portal.home import init as init_portal
from desk.publisher.home import Home
from desk.releases import plan, sign
from desk.trust.judge import steps_of
from desk.trust.keys import Identity

NEWSROOM = "desk-vn"
PUBLISHER = "pub-1"
ADMIN = "admin-1"

# Six posts. A statement has three steps and two signers: with its author that takes four people.
POSTS: Mapping[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    ADMIN: ("Văn phòng – quản trị", (("admin", "*"), ("spokesperson", "*"))),
    "editor-1": ("Phòng Nội dung – biên tập viên", (("author", "*"),)),
    "appraiser-1": ("Phòng Thẩm định – thẩm định viên", (("appraise", "*"),)),
    "reviewer-1": ("Phòng Kiểm duyệt – kiểm duyệt viên", (("review", "*"),)),
    "lead-1": ("Ca trực 1 – trưởng ca", (("check", "*"), ("lead", "*"))),
    "lead-2": ("Ca trực 2 – trưởng ca", (("review", "*"), ("check", "*"), ("lead", "*"))),
}
PORTALS = ("portal", "foreign")
Tell = Callable[[str], None]


@dataclass
class DemoNewsroom:
    """The built newsroom: its folder, the room, who can act, and what was made in it."""

    root: Path
    room: Room
    actors: Mapping[str, Actor]
    seeds: Mapping[str, bytes]
    home: Home
    fingerprint: str
    canary: str
    items: list[str] = field(default_factory=list)
    release: str = ""
    at: str = ""

    def actor(self, person: str) -> Actor:
        """One of the six posts."""
        return self.actors[person]


def add_standby(newsroom: DemoNewsroom, name: str) -> Home:
    """One more publisher with a directory of its own, entered in the roster."""
    home = Home.create_standby(newsroom.root / name, newsroom.home)
    enter_publisher(newsroom, name, home)
    return home


def enter_publisher(newsroom: DemoNewsroom, name: str, home: Home) -> None:
    """Put a publisher into the roster, signed by the administrator."""
    service, room, admin = home.identity(), newsroom.room, newsroom.actor(ADMIN)
    with room.reading() as view:
        document = administer.with_roles(view.roster, ADMIN, POSTS[ADMIN][1])
        document["publishers"][name] = {"sign": service.sign_public, "read": service.read_public}
        proposal = administer.countersign(
            view, administer.propose_roster(view, document, room.instant()), admin
        )
    administer.enact(room, proposal.act.envelope)


def portal_states(root: Path) -> dict[str, Path]:
    """Where the two portals keep their state."""
    return {name: root / "portals" / name for name in PORTALS}


def found(root: Path, *, clock: Clock | None = None, pins: PinFile | None = None) -> DemoNewsroom:
    """Keys for six posts, the root (1 of 1), the database and the roster with its publisher."""
    clock = clock or SystemClock()
    seeds = {name: os.urandom(32) for name in (*POSTS, "recovery")}
    identities = {name: Identity(seed) for name, seed in seeds.items()}
    keys = {n: PublicKeys(i.sign_public, i.read_public) for n, i in identities.items()}
    act = administer.genesis(
        NEWSROOM, {ADMIN: keys[ADMIN]}, threshold=1, recovery=keys["recovery"].read, clock=clock,
        names={ADMIN: POSTS[ADMIN][0]}, signers=[identities[ADMIN]],
    )  # fmt: skip
    database = root / "var" / "desk.db"
    fingerprint = administer.found(database, act)
    room = Room.open(root, database, fingerprint=fingerprint, pins=pins, clock=clock)
    home = Home.create(root / "publisher")
    service = home.identity()
    actors = {name: Actor(name, identities[name]) for name in POSTS}
    newsroom = DemoNewsroom(
        root, room, actors, seeds, home, fingerprint, "kiem-" + secrets.token_hex(8)
    )
    with room.reading() as view:
        document = administer.with_roles(view.roster, ADMIN, POSTS[ADMIN][1])
        time = room.instant()
        for name, (title, roles) in POSTS.items():
            if name != ADMIN:
                document["people"][name] = administer.person_entry(title, roles, keys[name], time)
        document["publishers"][PUBLISHER] = {
            "sign": service.sign_public, "read": service.read_public,
        }  # fmt: skip
        proposal = administer.countersign(
            view, administer.propose_roster(view, document, time), actors[ADMIN]
        )
    administer.enact(room, proposal.act.envelope)
    return newsroom


def make_portals(newsroom: DemoNewsroom) -> dict[str, str]:
    """State directories of the two portals. Returns the receipt key (hex) of each."""
    keys = {}
    for name, state in portal_states(newsroom.root).items():
        portal, token = init_portal(state, NEWSROOM, newsroom.fingerprint)
        newsroom.home.store_credential(name, token)
        keys[name] = portal.key
    return keys


def write_calendar(root: Path, urls: Mapping[str, str], keys: Mapping[str, str]) -> Path:
    """The bundled calendar with the demo's addresses and keys in it."""
    text = resources.files("desk.demo").joinpath("calendar.yaml").read_text("utf-8")
    for name in PORTALS:
        text, found_one = re.subn(
            rf"(- id: {name}\n(?:    .*\n)*?)    url: \S+\n",
            lambda match, name=name: (  # type: ignore[misc]
                f"{match.group(1)}    url: {urls[name]}\n    key: {keys[name]}\n"
            ),
            text,
        )
        assert found_one == 1, f"the bundled calendar has no channel {name}"
    path = root / "calendar.yaml"
    path.write_text(text, "utf-8")
    return path


def adopt(newsroom: DemoNewsroom) -> None:
    """Put the calendar's rules into force, signed by the administrator."""
    document = policy_document(load(newsroom.root / "calendar.yaml"))
    room = newsroom.room
    with room.reading() as view:
        proposal = administer.countersign(
            view, administer.propose_policy(view, document, room.instant()), newsroom.actor(ADMIN)
        )
    administer.enact(room, proposal.act.envelope)


def write_items(newsroom: DemoNewsroom, count: int, tell: Tell) -> list[str]:
    """Write, check and approve `count` items; pairs in two languages as far as that goes."""
    with newsroom.room.reading() as view:
        kinds = view.policy.kinds
    pairs, single = divmod(count, 2)
    chosen = messages(max(pairs, 1))[:pairs]
    made: list[str] = []
    for message in chosen:
        made += write_pair(newsroom, message)
        if len(made) % 20 == 0:
            tell(phrase("{made} of {count} items written", made=len(made), count=count))
    if single:
        alone = next(
            m for m in messages() if "translation" not in kinds[m.kind]["gates"] and m not in chosen
        )
        made.append(_write(newsroom, alone, "en", ""))
    for number, item in enumerate(made, 1):
        approve(newsroom, item)
        if number % 20 == 0:
            tell(phrase("{number} of {count} items approved", number=number, count=count))
    newsroom.items += made
    return made


def write_pair(newsroom: DemoNewsroom, message: SampleMessage) -> list[str]:
    """Write one message in both languages and submit it. Returns the items."""
    vietnamese = _write(newsroom, message, "vi", "")
    return [vietnamese, _write(newsroom, message, "en", vietnamese)]


def _write(newsroom: DemoNewsroom, message: SampleMessage, language: str, translates: str) -> str:
    """One draft with its files, submitted. The canary, if any, stands in its body and notes."""
    text = message.texts[language]
    editor = newsroom.actor("editor-1")
    fields = {
        "headline": text.headline,
        "summary": text.summary,
        "body": text.body + (f"\n\n<{_canary_url(newsroom.canary)}>" if newsroom.canary else ""),
        "sources": [dict(source) for source in text.sources],
        "legal": [dict(entry) for entry in text.legal],
        "places": list(text.places),
        "subjects": list(text.subjects),
    }
    draft = drafts.new(
        newsroom.room, editor, kind=message.kind, agency=message.agency, language=language,
        code=message.id.upper()[:60], translates=translates, changes=fields,
    )  # fmt: skip
    for asset in message.assets.get(language, ()):
        _attach(newsroom, editor, draft.item, asset)
    revisions.submit(newsroom.room, editor, draft.item, notes=f"Ghi chú {newsroom.canary}".strip())
    return draft.item


def _canary_url(canary: str) -> str:
    return f"https://www.example.org/{canary}"


def _attach(newsroom: DemoNewsroom, editor: Actor, item: str, asset: SampleAsset) -> None:
    drafts.attach(
        newsroom.room, editor, item, asset.path, role=asset.role, alt=asset.alt,
        caption=asset.caption,
    )  # fmt: skip


def approve(newsroom: DemoNewsroom, item: str, *, but_last: bool = False) -> None:
    """Each step by the first post that may take it; with `but_last` the last one stays open."""
    while True:
        with newsroom.room.reading(item) as view:
            state = view.record.items[item]
            steps = steps_of(view.record, state, state.current)
        waiting = next((step for step in steps if step.approval is None), None)
        if waiting is None or (but_last and waiting is steps[-1]):
            return
        decide.approve(newsroom.room, newsroom.actor(waiting.who[0]), item, step=waiting.step)


def release(newsroom: DemoNewsroom, seconds: int, channels: Sequence[str] = ()) -> str:
    """Plan, confirm and sign the items `seconds` from now. Returns the release's id."""
    room, clock = newsroom.room, newsroom.room.clock
    at = now(clock).replace(microsecond=0) + timedelta(seconds=seconds + 1)
    with room.reading() as view:
        zone = str(view.policy.document["zone"])
        every = sorted(view.policy.channels)
    lead, other = newsroom.actor("lead-1"), newsroom.actor("lead-2")
    act = plan.plan(
        room, lead, plan.Moment.of_instant(at, zone), items=newsroom.items,
        channels=list(channels) or every, code="SAO-MAI",
    )  # fmt: skip
    plan.confirm(room, lead, act.subject)
    sign.sign(room, lead, act.subject)
    sign.sign(room, other, act.subject)
    newsroom.release, newsroom.at = act.subject, str(act.fields["at"])
    return act.subject


def due_in(newsroom: DemoNewsroom) -> float:
    """Seconds until the release is due (negative afterwards)."""
    moment = parse_instant(newsroom.at)
    return (moment - now(newsroom.room.clock)).total_seconds()
