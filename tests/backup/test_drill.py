"""Attack 33: a restore from an encrypted backup. Nothing that was over comes back to life."""

from __future__ import annotations

import contextlib
import sqlite3
from datetime import timedelta

import httpx
import pytest

from desk.approvals import decide
from desk.clock import now
from desk.demo import newsroom as demo
from desk.errors import DeskError
from desk.newsroom import administer
from desk.portal.contract.stagecrypt import bundle_address
from desk.releases import hold, plan, sign, withdraw
from tests.attacks.hands import change_roster
from tests.attacks.harness import wait_for
from tests.scenarios import scenario

from .drill import CHANNELS, Drill, drill

LATER = 3600


def write(one: Drill, number: int) -> list[str]:
    """A pair of items, approved."""
    items = demo.write_pair(one.d.n, demo.messages(number)[number - 1])
    for item in items:
        demo.approve(one.d.n, item)
    return items


def release(one: Drill, items: list[str], seconds: int = 9) -> str:
    """Planned, confirmed and signed by both leads for both portals."""
    one.d.n.items = items
    return one.d.release(seconds, CHANNELS)


def public(one: Drill, item: str) -> int:
    return httpx.get(f"{one.d.urls['portal']}/items/{item}.json", trust_env=False).status_code


def standing(one: Drill) -> dict:
    return one.types("portal", "status", "--state", str(one.before / "portals" / "portal"))


@scenario
def test_attack_33_nothing_released_held_or_withdrawn_comes_back_after_a_restore() -> None:
    with drill() as one:
        d = one.d
        d.start_publisher()
        first, second, third, fourth, sixth = (write(one, number) for number in (1, 2, 3, 4, 6))
        release(one, first)
        d.released()
        held_before = release(one, third, LATER)
        hold.hold(d.n.room, d.n.actor("editor-1"), held_before, reason="Chờ số liệu")
        held_after = release(one, fourth, LATER)
        moved_after = release(one, sixth, 590)
        d.staged()
        d.caught_up()

        file = one.back_up()

        hold.hold(d.n.room, d.n.actor("editor-1"), held_after, reason="Sai biểu đồ")
        withdraw.withdraw(d.n.room, d.n.actor("lead-1"), first[0], note="Nhầm bảng số liệu")
        wait_for(lambda: public(one, first[0]) == 410, "withdrawn")
        lost = release(one, second)
        d.released()
        lost_address = dict(d.address)
        later = move(one, moved_after)
        with d.n.room.reading() as view:
            document = administer.with_key_ended(
                view.roster, "reviewer-1", "revoked", d.n.room.instant()
            )
        change_roster(d, document)
        wait_for(lambda: standing(one)["roster"] == 3, "the portal has the newer roster")
        d.caught_up()
        epoch = standing(one)["epoch"]
        one.destroy()

        one.restore(file)
        assert d.record().roster.version == 2
        d.start_publisher()
        d.halted("quarantine")
        report = one.looked()
        assert report["active"]
        assert standing(one)["epoch"] == epoch, "who is in quarantine is nobody at a portal"
        record = d.record()
        assert record.roster.version == 3, "the portals gave the newer roster back"
        assert record.releases[lost].opened.keys() == set(CHANNELS)
        assert record.revisions[record.items[first[0]].latest].withdrawn == "withdraw"
        assert record.releases[moved_after].at == later, "the portals know that it was moved"
        with pytest.raises(DeskError):
            decide.approve(d.n.room, d.n.actor("reviewer-1"), third[0], step="review")

        one.resume()
        wait_for(lambda: not d.status()["halted"], "the quarantine has ended")
        assert set(one.quarantine()["sign_again"]) == {held_before, held_after, moved_after}
        assert one.types("backup", "resume", key=demo.ADMIN)["already"]
        assert d.record().roster.version == 4

        fifth = write(one, 5)
        release(one, fifth)
        d.released()
        d.caught_up()
        assert all(public(one, item) == 200 for item in fifth)
        # Nothing came back, nothing went out twice, and both held releases stand still.
        assert public(one, first[0]) == 410
        assert public(one, second[0]) == 200
        assert all(public(one, item) == 404 for item in (*third, *fourth, *sixth))
        d.address, d.n.release = lost_address, lost
        assert all(len(d.opened(channel)) == 1 for channel in CHANNELS)
        reasons = {r["release"]: r["reasons"] for r in d.status()["next"]}
        assert {"held", "restored"} <= set(reasons[held_before])
        assert "restored" in reasons[held_after]
        assert not d.status()["halted"]

        # The old checkpoints tell of what was lost, which the administrators accepted.
        folders = (one.before, d.root)
        places = [w for f in folders for w in ("--checkpoints", str(f / "checkpoints.jsonl"))]
        audit = one.types("audit", "verify", *places)
        (accepted,) = audit["resumes"]
        assert (audit["ok"], accepted["holds"], accepted["lost"] > 0) == (True, True, True)

        # Whoever wants it after all: recalled, and signed again.
        lead, other = d.n.actor("lead-1"), d.n.actor("lead-2")
        recall(one, held_after)
        sign.sign(d.n.room, lead, held_after)
        sign.sign(d.n.room, other, held_after)
        d.caught_up()
        wait_for(lambda: d.reasons(held_after) == [], "signed again, it may go out")


def move(one: Drill, name: str) -> str:
    """Moved, signed again, and staged for then. The new instant."""
    d = one.d
    at = now(d.n.room.clock).replace(microsecond=0) + timedelta(seconds=590)
    moment = plan.Moment.of_instant(at, "Asia/Ho_Chi_Minh")
    plan.move(d.n.room, d.n.actor("lead-1"), name, moment, note="Chờ số liệu")
    for lead in ("lead-1", "lead-2"):
        done = sign.sign(d.n.room, d.n.actor(lead), name)
    record = d.record()
    for channel in CHANNELS:
        where = bundle_address(record.newsroom, channel, done.manifest)
        wait_for(lambda w=where, c=channel: staged(one, c, w), "it is staged for the new time")
    return str(record.releases[name].at)


def staged(one: Drill, channel: str, address: str) -> bool:
    with contextlib.closing(sqlite3.connect(one.d.portal_db(channel))) as db:
        query = "SELECT 1 FROM bundles WHERE address = ? AND state = 'staged'"
        return db.execute(query, (address,)).fetchone() is not None


def recall(one: Drill, name: str) -> None:
    plan.recall(one.d.n.room, one.d.n.actor("lead-1"), name)


@scenario
def test_a_new_standby_of_a_restored_newsroom_is_ready_and_takes_over() -> None:
    """The marker of the restore still lies beside the database: its quarantine is over."""
    with drill() as one:
        d = one.d
        d.start_publisher()
        d.caught_up()
        file = one.back_up()
        one.destroy()
        one.restore(file)
        d.start_publisher()
        one.resume()
        wait_for(lambda: not d.status()["halted"], "the quarantine has ended")
        home = demo.add_standby(d.n, "pub-3")
        d.start_standby("pub-3", home.path)
        release(one, write(one, 1), 25)
        d.staged()
        d.kill()
        d.released()
        d.caught_up()
        d.once()
        assert d.status()["publisher"] == "pub-3"
