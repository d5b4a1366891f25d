"""Quarantine: what bars a resume, whoever signed it, and what is not forgotten after it."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from desk.audit.files import write_export
from desk.backup import restore
from desk.backup import resume as resuming
from desk.backup.create import Source, create
from desk.channels.driver import Capabilities, TimeReading
from desk.channels.standing import Seen, Standing
from desk.clock import SystemClock, now, parse_instant, written
from desk.demo import newsroom as demo
from desk.errors import Conflict, Refused
from desk.newsroom import administer
from desk.newsroom.room import Actor, Room
from desk.portal.contract.receipt import Receipt, Verified
from desk.portal.contract.stagecrypt import bundle_address
from desk.publisher.home import Home
from desk.publisher.journal import Journal
from desk.publisher.loop import Publisher
from desk.store import log
from desk.trust.acts import read as read_act
from desk.trust.envelope import Envelope
from desk.trust.keys import Identity

CLOCK = SystemClock()
NOWHERE = "http://127.0.0.1:1"


@dataclass
class Portal:
    """A channel that only answers questions."""

    channel: str
    seen: Standing = field(default_factory=Standing)
    given: list[Envelope] = field(default_factory=list)
    receipts: dict[str, Receipt] = field(default_factory=dict)
    shown: dict[str, list[Envelope]] = field(default_factory=dict)
    capabilities = Capabilities(True, True, True, True, True, True)

    async def standing(self) -> Standing:
        return self.seen

    async def acts(self, address: str = "") -> list[Envelope]:
        return self.shown.get(address, []) if address else self.given

    async def receipt(self, address: str) -> Receipt | None:
        return self.receipts.get(address)

    async def time(self) -> TimeReading:
        ms = CLOCK.time_ns() // 1_000_000
        return TimeReading(ms, ms, 0.1)

    async def aclose(self) -> None:
        return

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"a publisher in quarantine called {name}")


@dataclass
class Restored:
    """A restored newsroom, its publisher in this process, and channels of our own."""

    n: demo.DemoNewsroom
    room: Room
    portals: dict[str, Portal]
    publisher: Publisher

    def until(self, condition: Callable[[], Any], seconds: float = 20) -> None:
        """Let the publisher turn until that holds."""
        asyncio.run(self._until(condition, time.monotonic() + seconds))

    async def _until(self, condition: Callable[[], Any], deadline: float) -> None:
        p = self.publisher
        while not condition():
            assert time.monotonic() < deadline, p.quarantine.report()
            p.quarantine._next = 0
            p._turn()
            await asyncio.sleep(0.01)
        await p.duties.end()

    @property
    def blocking(self) -> list[str]:
        report = self.publisher.quarantine.report()
        assert report is not None
        return [reason.rule for reason in resuming.blocking(report)]

    def looked(self) -> None:
        """Every channel was asked."""
        q = self.publisher.quarantine
        self.until(lambda: q.since and "silent" not in self.blocking)

    def resume(self) -> None:
        """As the one administrator does, past the command's own refusals."""
        since = self.publisher.quarantine.since
        with self.room.reading() as view:
            asked = resuming.propose(view, self.room.instant(), since)
            asked = resuming.countersign(view, asked, self.n.actor(demo.ADMIN), since)
        resuming.enact(self.room, asked)

    def turns(self, count: int = 30) -> None:
        """So many turns more."""
        left = [count]

        def done() -> bool:
            left[0] -= 1
            return left[0] < 0

        self.until(done)


@pytest.fixture(scope="module")
def n(tmp_path_factory: pytest.TempPathFactory) -> demo.DemoNewsroom:
    root = tmp_path_factory.mktemp("newsroom")
    newsroom = demo.found(root)
    demo.write_calendar(root, dict.fromkeys(demo.PORTALS, NOWHERE), demo.make_portals(newsroom))
    demo.adopt(newsroom)
    demo.write_items(newsroom, 2, lambda _: None)
    demo.release(newsroom, 3600)
    return newsroom


@pytest.fixture(scope="module")
def backup(n: demo.DemoNewsroom, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("away") / "desk.backup"
    made = Source(
        n.room, n.root / "calendar.yaml", n.root / "var" / "desk.db", {"publisher": n.home.path}
    )
    create(made, path, Actor(demo.PUBLISHER, n.home.identity()), CLOCK)
    return path


@pytest.fixture
def restored(
    n: demo.DemoNewsroom, backup: Path, tmp_path: Path
) -> Iterator[Callable[[str], Restored]]:
    open_ones: list[Publisher] = []

    def make(name: str = "new") -> Restored:
        to = tmp_path / name
        restore.restore(backup, to, Identity(n.seeds["recovery"]), CLOCK, root=n.fingerprint)
        room = Room.open(to, to / "var" / "desk.db", fingerprint=n.fingerprint)
        with room.reading() as view:
            portals = {name: Portal(name) for name in view.policy.channels}
        publisher = Publisher(
            Home(to / "publisher"), room.store, n.fingerprint, demo.PUBLISHER,
            lambda name, _: portals[name],  # type: ignore[arg-type, return-value]
            clock=CLOCK, journal=Journal(CLOCK, who=demo.PUBLISHER),
        )  # fmt: skip
        publisher._start()
        open_ones.append(publisher)
        return Restored(n, room, portals, publisher)

    yield make
    for publisher in open_ones:
        publisher.home.close()
        publisher.ledger.close()


def newer_roster(n: demo.DemoNewsroom, tmp_path: Path) -> tuple[Envelope, Path]:
    """What was signed after the backup: a key is revoked. The act, and an export that holds it."""
    root = tmp_path / "lost"
    shutil.copytree(n.root / "var", root / "var")
    room = Room.open(root, root / "var" / "desk.db", fingerprint=n.fingerprint)
    with room.reading() as view:
        document = administer.with_key_ended(view.roster, "lead-2", "revoked", room.instant())
        earlier = written(now(CLOCK) - timedelta(minutes=1))  # the restore came after it
        envelope = administer.propose_roster(view, document, earlier)
        proposal = administer.countersign(view, envelope, n.actor(demo.ADMIN))
    act = administer.enact(room, proposal.act.envelope)
    export = tmp_path / "export.jsonl"
    with room.reading() as view:
        write_export(
            export, view.record.newsroom, n.fingerprint, log.every_entry(view.connection), []
        )
    return act.envelope, export


def test_attack_33_a_newer_roster_at_a_portal_bars_the_resume_until_it_is_supplied(
    n, restored, tmp_path
):
    _, export = newer_roster(n, tmp_path)
    one = restored()
    one.portals["portal"].seen = Standing(roster=3, policy=1)
    one.looked()
    assert one.blocking == ["roster"]
    assert "quarantine" in one.publisher.halted
    one.resume()  # somebody gets round the command: the publisher itself does not obey
    one.turns()
    assert one.publisher.quarantine.kept.quarantined
    assert one.blocking == ["fork"], "a roster of that number was made up anew"
    one.resume()
    one.turns()
    assert one.blocking == ["fork"]
    kinds = [act.kind.name for act in resuming.supply(one.room, export)]
    assert kinds == [], "another roster took that place: it no longer follows"

    two = restored("again")
    two.portals["portal"].seen = Standing(roster=3, policy=1)
    two.looked()
    assert [act.kind.name for act in resuming.supply(two.room, export)] == ["roster"]
    two.until(lambda: not two.blocking)
    two.resume()
    two.until(lambda: not two.publisher.halted)
    roster = two.publisher.record.roster
    assert roster.people["lead-2"].key is None, "the revoked key does not act again"


def test_a_portal_that_gives_the_roster_back_needs_nobody(n, restored, tmp_path):
    envelope, _ = newer_roster(n, tmp_path)
    one = restored()
    one.portals["portal"].seen = Standing(roster=3, policy=1)
    one.portals["portal"].given = [envelope]
    one.looked()
    one.until(lambda: not one.blocking)
    assert one.publisher.record.roster.version == 3


def test_attack_33_a_resume_of_an_earlier_restore_ends_no_other(n, restored):
    one = restored()
    one.looked()
    one.resume()
    one.until(lambda: not one.publisher.halted)
    with one.room.store.read() as connection:
        late = [Envelope.from_json(e.envelope) for e in log.every_entry(connection)]
    two = restored("again")
    two.looked()
    with two.room.acting() as tx:  # whoever writes to the database puts all of it back
        for envelope in late:
            tx.record.apply(envelope)
            from desk.trust.acts import read

            if read(envelope).kind.name in ("resume", "roster", "publisher.alarm"):
                tx.appended.append(read(envelope))
    two.turns()
    assert two.publisher.quarantine.kept.quarantined
    assert "quarantine" in two.publisher.halted


def test_a_channel_that_does_not_answer_bars_the_resume(restored):
    one = restored()
    del one.portals["foreign"]
    one.turns()
    assert "silent" in one.blocking


def test_attack_33_what_was_signed_before_counts_only_when_it_is_signed_again(n, restored):
    one = restored()
    one.looked()
    one.resume()
    one.until(lambda: not one.publisher.halted)
    p = one.publisher
    assert [reason.rule for reason in p.verdict(n.release).reasons] == ["restored"]
    assert p.quarantine.report()["sign_again"] == [n.release]
    from desk.releases import plan, sign

    plan.recall(one.room, n.actor("lead-1"), n.release)
    sign.sign(one.room, n.actor("lead-1"), n.release)
    sign.sign(one.room, n.actor("lead-2"), n.release)
    p.listen()
    assert p.verdict(n.release).ok


def test_attack_33_what_a_portal_released_under_a_lost_sign_off_does_not_go_out_again(n, restored):
    one = restored()
    portal = one.portals["portal"]
    with one.room.reading(n.release) as view:
        item = view.record.items[n.items[0]]
        newsroom = view.record.newsroom
    address, other = "ab" * 32, "r-0000000001"
    verified = (Verified(item.id, item.language, 1, item.current.content, True),)
    portal.receipts[address] = Receipt(
        "cd" * 32, newsroom, "portal", address, other, "ef" * 32, "published",
        "2026-11-20T01:00:00Z", 3, 1, 1, 0, 1, verified,
    )  # fmt: skip
    portal.seen = Standing(
        2, 1, 500, 3, (Seen(address, "published", other, "2026-11-20T01:00:00Z"),),
        frozenset({item.latest, "99" * 32}),
    )  # fmt: skip
    one.looked()
    report = one.publisher.quarantine.report()
    assert {"released", "withdrawn"} <= {finding["code"] for finding in report["findings"]}
    one.resume()
    one.until(lambda: not one.publisher.halted)
    rules = {reason.rule for reason in one.publisher.verdict(n.release).reasons}
    assert {"released-elsewhere", "withdrawn", "restored"} <= rules
    assert one.publisher.quarantine.lift == 500, "the public calendar there never goes back"


def moved(n: demo.DemoNewsroom, tmp_path: Path) -> tuple[str, str, list[Envelope]]:
    """After the backup the release is moved by a day and signed again. Its new instant, its
    address at the portal, and the acts with which it is staged there."""
    from desk.releases import plan, sign

    root = tmp_path / "lost"
    shutil.copytree(n.root / "var", root / "var")
    room = Room.open(root, root / "var" / "desk.db", fingerprint=n.fingerprint)
    with room.reading(n.release) as view:
        due = parse_instant(view.record.releases[n.release].at) + timedelta(days=1)
    moment = plan.Moment.of_instant(due, "Asia/Ho_Chi_Minh")
    plan.move(room, n.actor("lead-1"), n.release, moment, note="Chờ số liệu")
    sign.sign(room, n.actor("lead-1"), n.release)
    sign.sign(room, n.actor("lead-2"), n.release)
    with room.reading(n.release) as view:
        release = view.record.releases[n.release]
        address = bundle_address(view.record.newsroom, "portal", release.signoff.digest)
        rows = log.acts_about(view.connection, (n.release, *n.items))
    return release.at, address, [Envelope.from_json(data) for _, data in rows]


def test_attack_33_a_release_that_was_moved_after_the_backup_is_not_at_its_old_time(
    n, restored, tmp_path
):
    at, address, acts = moved(n, tmp_path)
    one = restored()
    portal = one.portals["portal"]
    portal.seen = Standing(2, 1, bundles=(Seen(address, "staged", n.release, at),))
    portal.shown[address] = acts
    one.looked()
    one.until(lambda: one.publisher.record.releases[n.release].at == at)
    one.resume()
    one.until(lambda: not one.publisher.halted)
    rules = [reason.rule for reason in one.publisher.verdict(n.release).reasons]
    assert rules == ["restored"], "it waits for signatures all the same"
    assert one.publisher.quarantine.report()["sign_again"] == [n.release]


@pytest.mark.parametrize("state", ["staged", "recalled"])
def test_attack_33_where_a_portal_only_says_it_the_move_is_told(n, restored, tmp_path, state):
    at, address, _ = moved(n, tmp_path)
    one = restored()
    one.publisher.listen()
    old = one.publisher.record.releases[n.release]
    before = bundle_address(one.publisher.record.newsroom, "portal", old.signoff.digest)
    other = "r-0000000009"
    one.portals["portal"].seen = Standing(2, 1, bundles=(
        Seen(before, "recalled", n.release, old.at), Seen(address, state, n.release, at),
        Seen("ab" * 32, state, other, at), Seen("cd" * 32, state, n.release, old.at),
    ))  # fmt: skip
    one.looked()
    findings = one.publisher.quarantine.report()["findings"]
    told = [str(f["text"]) for f in findings if f["code"] == "planned" and not f["blocking"]]
    assert len(told) == 4
    assert any(at in text and old.at in text and "moved" in text for text in told)
    assert any(other in text and "no such release" in text for text in told)
    assert one.publisher.record.releases[n.release].at == old.at


def test_attack_33_texts_that_are_lost_are_not_taken_up_with_a_plan(n, restored, tmp_path):
    """A revision that nobody can open would stand in the way of its author."""
    _, _, acts = moved(n, tmp_path)
    one = restored()
    one.publisher.listen()
    witness = one.publisher.quarantine._witness
    taken = [read_act(act).kind.name for act in witness._plans(acts)]
    assert {"item.revise"} < {read_act(act).kind.name for act in acts}
    assert "release.move" in taken
    assert all(name.startswith("release.") for name in taken)
    del one.publisher.record.items[n.items[0]]
    assert witness._plans(acts) == [], "nor is a plan for items that are lost"


def test_a_proposal_to_resume_is_for_one_head_and_one_roster(n, restored, tmp_path):
    one = restored()
    with one.room.reading() as view, pytest.raises(Refused, match="not in the log yet"):
        resuming.propose(view, one.room.instant(), 0)
    one.looked()
    since = one.publisher.quarantine.since
    with one.room.reading() as view:
        asked = resuming.propose(view, one.room.instant(), since)
    path = tmp_path / "resume.json"
    resuming.write_file(path, asked)
    with pytest.raises(Conflict):
        resuming.write_file(path, asked)
    with one.room.reading() as view:
        back = resuming.read_file(view, path)
        assert (back.roster, back.resume, back.signed) == (asked.roster, asked.resume, 0)
        with pytest.raises(Refused, match="not an administrator"):
            resuming.countersign(view, back, n.actor("lead-1"), since)
    with pytest.raises(Refused):
        resuming.enact(one.room, back)
    one.resume()
    with one.room.reading() as view, pytest.raises(Conflict, match="out of date"):
        resuming.countersign(view, back, n.actor(demo.ADMIN), since)
