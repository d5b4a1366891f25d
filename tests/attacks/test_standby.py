"""Attacks 22, 23 and 26 with a standby: the leader is killed or paused at every moment.

Each time: exactly one publication of the same bytes, by the standby, and never early; whoever
leads answers for a hold, and nobody else does.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desk.channels.desk_portal import Account, DeskPortal
from desk.channels.driver import OtherRoster
from desk.clock import epoch_ns
from desk.demo import newsroom as demo
from desk.errors import Refused
from desk.publisher.home import Home
from desk.publisher.leader import latest
from desk.releases import hold
from tests.scenarios import scenario

from .harness import HERE, Desk, desk, wait_for
from .test_kill import CALLS, STEPS

SECOND = "pub-2"


class Pair:
    """A newsroom with two publishers: `publisher`, which is pub-1, and pub-2."""

    def __init__(self, d: Desk) -> None:
        self.d = d
        self.home = demo.add_standby(d.n, SECOND)
        demo.write_items(d.n, 2, lambda _: None)

    def start_first(self, *points: str) -> None:
        """Start pub-1, and wait until it leads (or was killed before)."""
        d = self.d
        d.start_publisher(*points, wait=False)
        wait_for(lambda: d.dead or self._leader() == "pub-1", "the first publisher leads")
        assert d.processes["publisher"].poll() in (None, -signal.SIGKILL)

    def start_second(self, *, ready: bool = True) -> None:
        """Start pub-2, and wait until it could take over."""
        d = self.d
        d._spawn(SECOND, str(HERE / "entry.py"), str(self.home.path), str(d.root))
        if ready:
            wait_for(lambda: d.dead or self.standby().get("ready"), "the standby is ready")

    def _leader(self) -> str:
        term = latest(self.d.n.home.lead)
        return term.name if term else ""

    def standby(self) -> dict[str, Any]:
        """What the leader says of its standby."""
        return next(iter(self.d.status().get("standbys", [])), {})

    def leads(self, name: str) -> None:
        """Wait until that one leads, by what it tells people."""
        wait_for(lambda: self.d.status().get("publisher") == name, f"{name} leads")

    def said(self, name: str, event: str) -> list[dict[str, Any]]:
        """Events of one publisher."""
        text = (self.d.root / f"{name}.log").read_text("utf-8")
        lines = [line for line in text.splitlines() if line.startswith("{")]
        return [e for e in map(json.loads, lines) if e["event"] == event]

    def built(self) -> None:
        """Wait until the standby holds the bundles that are staged."""
        wait_for(lambda: len(self.said(SECOND, "built")) == 2, "the standby has the bundles")

    def pause(self) -> None:
        """SIGSTOP for the leader."""
        os.kill(self.d.processes["publisher"].pid, signal.SIGSTOP)

    def stopped(self) -> bool:
        """Whether the first publisher was stopped."""
        stat = Path(f"/proc/{self.d.processes['publisher'].pid}/stat")
        return stat.read_text("utf-8").rpartition(")")[2].split()[0] == "T"

    def resume(self) -> None:
        """SIGCONT for it; then it finds out that it leads no more, and begins anew."""
        self.wake()
        wait_for(lambda: self.said("publisher", "deposed"), "the stale leader finds out")
        wait_for(lambda: len(self.said("publisher", "started")) == 2, "and begins anew")

    def wake(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.d.processes["publisher"].pid, signal.SIGCONT)


@contextlib.contextmanager
def pair() -> Iterator[tuple[Desk, Pair]]:
    with desk(items=0) as d:
        p = Pair(d)
        try:
            yield d, p
        except BaseException:
            for name in ("publisher", SECOND):
                if (d.root / f"{name}.log").exists():
                    sys.stderr.write((d.root / f"{name}.log").read_text("utf-8")[-4000:])
            raise
        finally:
            if "publisher" in d.processes:
                p.wake()


def finished_by_the_second(d: Desk) -> None:
    d.released()
    d.caught_up()
    d.once()
    assert d.status()["publisher"] == SECOND


@pytest.mark.parametrize("step", STEPS, ids=lambda s: s.partition(":")[2].replace(":", "-"))
@scenario
def test_attack_22_the_standby_finishes_what_the_leader_was_killed_at(step: str) -> None:
    with pair() as (d, p):
        p.start_first(step)
        p.start_second(ready=False)
        d.release(12)
        d.wait_dead()
        finished_by_the_second(d)


@pytest.mark.parametrize("action", ["kill-before", "kill-after"])
@pytest.mark.parametrize("call", [call for call in CALLS if call not in ("epoch", "roster")])
@scenario
def test_attack_22_the_standby_finishes_the_call_that_the_leader_was_killed_at(
    call: str, action: str
) -> None:
    with pair() as (d, p):
        p.start_first()
        p.start_second()
        d.proxies["portal"].on(call, action)
        d.release(12)
        d.wait_dead()
        finished_by_the_second(d)


@scenario
def test_attack_22_killed_in_turn_all_the_way() -> None:
    """Each leader in turn is killed, and comes back as the standby of the other."""
    with pair() as (d, p):
        p.start_first()
        p.start_second()
        d.release(12)
        d.staged()
        p.built()
        d.kill()
        p.leads(SECOND)
        d.start_publisher(wait=False)
        wait_for(lambda: p.standby().get("ready"), "the first one stands by")
        d.until(0.02)
        d.kill(SECOND)
        d.released()
        d.caught_up()
        d.once()
        assert d.status()["publisher"] == "pub-1"


@pytest.mark.parametrize("seconds", [3.0, 1.0, 0.05], ids=lambda s: f"{s:g}s")
@scenario
def test_attack_23_the_leader_is_paused_before_the_instant(seconds: float) -> None:
    """The standby publishes while the leader sleeps; awake again, it stands by."""
    with pair() as (d, p):
        p.start_first()
        p.start_second()
        d.release(12)
        d.staged()
        p.built()
        d.until(seconds)
        p.pause()
        wait_for(lambda: d.opened("portal") and d.opened("press"), "the standby publishes")
        assert [e["why"] for e in p.said(SECOND, "leading")] == ["it is silent"]
        assert d.opened("portal")[0] * 1_000_000 >= epoch_ns(d.n.at)
        p.resume()
        finished_by_the_second(d)
        assert p.said("publisher", "committed") == []
        wait_for(lambda: p.standby().get("ready"), "the stale leader is a standby now")


@scenario
def test_attack_23_the_commit_of_a_stale_leader_is_refused() -> None:
    """Its commit left in time, and comes to the portal after the standby's: fenced off."""
    with pair() as (d, p):
        p.start_first()
        p.start_second()
        proxy = d.proxies["portal"]
        proxy.on("commit", "delay", seconds=5)
        d.release(12)
        d.staged()
        p.built()
        wait_for(lambda: proxy.rules["commit"].times == 0, "the whole commit has left")
        p.pause()
        wait_for(lambda: d.opened("portal"), "the standby publishes")
        commits = [one for one in proxy.seen if one.call == "commit"]
        wait_for(lambda: all(one.status for one in commits), "the late commit arrives")
        assert sorted(one.status for one in commits) == [200, 409]
        assert commits[0].status == 409
        p.resume()
        finished_by_the_second(d)


@pytest.mark.parametrize("held", [False, True], ids=["", "held"])
@scenario
def test_attack_23_a_leader_stopped_at_its_claim_in_a_folder_is_fenced_off(held: bool) -> None:
    """Stopped with nothing left to do but to name the claim; it goes on when another leads.

    What was held meanwhile, and answered as in force, does not appear.
    """
    with pair() as (d, p):
        p.start_first("desk.channels.folder_fence:Pen.give_once:stop")
        p.start_second()
        release = d.release(12, ("press",))
        d.staged()
        wait_for(lambda: p.said(SECOND, "built"), "the standby has the bundle")
        wait_for(lambda: p.stopped(), "the leader is stopped at its claim")
        if held:
            act = hold.hold(d.n.room, d.n.actor("editor-1"), release)
            said = wait_for(lambda: d.record().acked.get(act.digest, ""), "it is answered")
            assert said == "in-force", d.opened("press")
        else:
            wait_for(lambda: d.opened("press"), "the standby publishes")
        p.resume()
        if held:
            d.nothing_out("press")
        else:
            finished_by_the_second(d)


@scenario
def test_attack_23_a_stale_leaders_call_for_an_epoch_comes_late() -> None:
    """The portal then hears the stale one: the leader finds out by whom, and calls again."""
    with pair() as (d, p):
        proxy = d.proxies["portal"]
        proxy.on("epoch", "delay", seconds=10)
        p.start_first()
        wait_for(lambda: proxy.rules["epoch"].times == 0, "the call for an epoch has left")
        p.start_second()
        p.pause()
        p.leads(SECOND)
        calls = [one for one in proxy.seen if one.call == "epoch"]
        wait_for(lambda: calls[0].status == 201, "the late call arrives")
        d.release(12)
        d.released()
        assert [(e["channel"], e["by"]) for e in p.said(SECOND, "fenced")] == [("portal", "pub-1")]
        p.resume()
        finished_by_the_second(d)


@scenario
def test_attack_23_a_publisher_of_another_group_replaces_this_one() -> None:
    """Two groups, as after a restore elsewhere: the newer one is heard, and this one stops."""
    with desk() as d:
        d.start_publisher()
        home = Home.create(d.root / "elsewhere")
        demo.enter_publisher(d.n, "pub-9", home)
        account = Account(
            d.record().newsroom, "pub-9", home.identity(), d.n.home.credential("portal")
        )  # fmt: skip

        def call() -> bool:
            driver = DeskPortal("portal", d.urls["portal"], d.keys["portal"], account)
            with contextlib.suppress(Refused, OtherRoster):  # until the portal has the newer one
                return asyncio.run(driver.epoch([act.digest for act in d.acts("roster")])) > 0
            return False

        wait_for(call, "the other one is heard")
        d.release()
        d.halted("another publisher has taken over")
        d.until(-1.5)
        d.nothing_out()


@scenario
def test_attack_23_one_that_leads_alone_again_forgets_nothing() -> None:
    """The standby took over and is killed; the stale leader wakes up after that and leads again."""
    with pair() as (d, p):
        p.start_first()
        p.start_second()
        d.release(12)
        d.staged()
        p.built()
        d.until(1.0)
        p.pause()
        wait_for(lambda: d.opened("portal") and d.opened("press"), "the standby publishes")
        d.kill(SECOND)
        p.resume()
        p.leads("pub-1")
        d.released()
        d.caught_up()
        d.once()


@scenario
def test_a_leader_that_is_ended_hands_over_without_an_alarm() -> None:
    with pair() as (d, p):
        p.start_first()
        p.start_second()
        d.release(12)
        d.staged()
        p.built()
        d.end("publisher")
        finished_by_the_second(d)
        assert [e["why"] for e in p.said(SECOND, "leading")] == ["it was stopped"]
        assert not [a for a in d.acts("publisher.alarm") if a.fields["code"] == "takeover"]


@scenario
def test_attack_26_a_hold_while_the_leader_is_paused_waits_for_the_next_one() -> None:
    with pair() as (d, p):
        p.start_first()
        p.start_second()
        release = d.release(12)
        d.staged()
        p.built()
        d.until(3.0)
        p.pause()
        act = hold.hold(d.n.room, d.n.actor("editor-1"), release)
        assert d.n.room.confirmed(act, 0.3) == "", "nobody may confirm it now"
        assert wait_for(lambda: d.record().acked.get(act.digest), "answered") == "in-force"
        assert [e["why"] for e in p.said(SECOND, "leading")] == ["it is silent"]
        d.until(-1.5)
        p.resume()
        d.nothing_out()
        assert d.proxies["portal"].count("commit") == 0
        answers = [a for a in d.acts("publisher.ack") if a.fields["act"] == act.digest]
        assert len(answers) == 1
        hold.lift(d.n.room, d.n.actor("lead-1"), release)
        hold.lift(d.n.room, d.n.actor("lead-2"), release)
        finished_by_the_second(d)


@pytest.mark.parametrize("everything", [False, True], ids=["one", "everything"])
@scenario
def test_attack_26_a_hold_after_the_leader_died_in_its_commit_is_told_the_truth(
    everything: bool,
) -> None:
    """It is out, and only the portal knows: the standby asks before it answers."""
    with pair() as (d, p):
        p.start_first()
        p.start_second()
        d.proxies["portal"].on("commit", "kill-after")
        d.proxies["portal"].on("receipt", "delay", seconds=1.0)
        release = d.release(12)
        d.wait_dead()
        act = hold.hold(d.n.room, d.n.actor("editor-1"), "*" if everything else release)
        said = wait_for(lambda: d.record().acked.get(act.digest), "answered")
        if not everything:
            assert said == "too-late"
        wait_for(lambda: d.opened("portal"), "it is out")
        if said == "in-force":
            # Everything else is held; what was out by then is in the log before the answer counts.
            assert d.record().releases[release].opened or d.status()["publisher"] == SECOND
        d.caught_up()
        assert len(d.opened("portal")) == 1


@scenario
def test_attack_26_a_hold_that_the_leader_heard_binds_the_next_one() -> None:
    with pair() as (d, p):
        p.start_first()
        p.start_second()
        release = d.release(12)
        d.staged()
        p.built()
        act = hold.hold(d.n.room, d.n.actor("editor-1"), release)
        assert wait_for(lambda: d.record().acked.get(act.digest), "answered") == "in-force"
        d.kill()
        p.leads(SECOND)
        d.until(-1.5)
        d.nothing_out()
        assert d.proxies["portal"].count("commit") == 0
