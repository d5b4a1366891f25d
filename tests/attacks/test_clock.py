"""Attack 24: the wall clock of a running publisher or portal is stepped, before and after arming.

Nothing is early by the true time, which is that of the test's own process; when nobody can be sure
of the time, nothing goes out at all until somebody can.
"""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from typing import Any

import httpx
import pytest

from desk.clock import epoch_ns
from desk.demo import newsroom as demo
from tests.scenarios import scenario

from .harness import Desk, desk, wait_for
from .shim import Shifted, clockshim

DAY = 86_400


@contextlib.contextmanager
def shifted(*names: str):
    """A newsroom in which the clocks of these processes can be stepped."""
    with tempfile.TemporaryDirectory(prefix="desk-clock-") as folder:
        clocks = {name: Shifted(Path(folder) / name, clockshim()) for name in names}
        with desk(clocks=clocks) as d:
            yield d


def on_time(d: Desk) -> None:
    """Released, once, and by the true time not before the instant."""
    assert d.left() > 0 or not any(d.opened(c) for c in d.address), "the test came too late"
    early = []

    def all_open() -> bool:
        opened = [c for c in d.address if d.opened(c)]
        if opened and d.left() > 0:
            early.extend(opened)
        return len(opened) == len(d.address)

    wait_for(all_open, "released")
    assert not early, f"early on {early}"
    d.released()
    d.caught_up()
    d.once()


def test_the_shim_moves_the_wall_clock_alone(tmp_path: Path) -> None:
    import os
    import subprocess
    import sys

    clock = Shifted(tmp_path / "clock", clockshim())
    clock.set(DAY)
    code = (
        "import time, datetime; print(time.time(), time.time_ns() / 1e9, time.monotonic(),"
        "datetime.datetime.now(datetime.timezone.utc).timestamp())"
    )
    import time

    before = time.monotonic(), time.time()
    out = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **clock.environment},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    after = time.monotonic(), time.time()
    wall, wall_ns, mono, aware = map(float, out.stdout.split())
    assert before[0] <= mono <= after[0]
    for one in (wall, wall_ns, aware):
        assert before[1] + DAY <= one <= after[1] + DAY


@pytest.mark.parametrize("seconds", [6, -6, DAY, -DAY])
@scenario
def test_attack_24_publisher_stepped_after_arming(seconds: int) -> None:
    """One second before the instant, then put right a second after it."""
    with shifted("publisher") as d:
        d.start_publisher()
        d.release()
        d.staged()
        d.until(1.0)
        d.clocks["publisher"].set(seconds)
        d.until(-1.0)
        d.nothing_out()
        wait_for(lambda: d.status().get("clock"), "the status says that the clock is in doubt")
        d.clocks["publisher"].set(0)
        d.released()
        d.caught_up()
        d.once()


@pytest.mark.parametrize("seconds", [6, DAY])
@scenario
def test_attack_24_publisher_stepped_forward_before_arming(seconds: int) -> None:
    """By its own clock the instant has come; by the portal's it has not."""
    with shifted("publisher") as d:
        d.start_publisher()
        d.release(11)
        d.staged()
        d.until(5.5)
        d.clocks["publisher"].set(seconds)
        d.until(0.3)
        d.nothing_out()
        assert d.proxies["portal"].count("commit") == 0
        d.clocks["publisher"].set(0)
        on_time(d)


@scenario
def test_attack_24_publisher_started_with_a_wrong_clock() -> None:
    """It was never right in this run, so nothing tells it but the portal's clock."""
    with shifted("publisher") as d:
        d.clocks["publisher"].set(60)
        d.start_publisher()
        d.release()
        wait_for(lambda: d.status().get("clock"), "the publisher does not trust its clock")
        d.until(-1.0)
        d.nothing_out()
        d.clocks["publisher"].set(0)
        d.released()
        d.caught_up()
        d.once()


@scenario
def test_attack_24_publisher_restarted_in_its_own_past() -> None:
    with shifted("publisher") as d:
        d.start_publisher()
        d.release(12)
        d.staged()
        wait_for(lambda: (d.root / "publisher" / "wall").exists(), "the time was kept")
        d.kill()
        d.clocks["publisher"].set(-DAY)
        d.start_publisher()
        assert d.status()["clock"]
        d.clocks["publisher"].set(0)
        on_time(d)


@pytest.mark.parametrize("boot", ["same", "another"])
@pytest.mark.parametrize("seconds", [6, DAY])
@scenario
def test_attack_24_publisher_restarted_in_its_own_future(seconds: int, boot: str) -> None:
    """With no portal to ask, for a release that needs none: nothing is early, nor called missed."""
    with shifted("publisher") as d:
        d.start_publisher()
        d.release(12, channels=("press",))
        d.staged()
        wait_for(lambda: (d.root / "publisher" / "wall").exists(), "the time was kept")
        d.kill()
        d.kill("portal")
        if boot == "another":
            (d.root / "publisher" / "wall").unlink()  # as if that time were of an earlier boot
        d.clocks["publisher"].set(seconds)
        d.start_publisher()
        wait_for(lambda: d.status().get("clock"), "the status says that the clock is in doubt")
        d.until(0.2)
        d.nothing_out()
        d.clocks["publisher"].set(0)
        d.start_portal("portal")
        on_time(d)
        assert not d.acts("publisher.missed")


@pytest.mark.parametrize("seconds", [6, -6, DAY, -DAY])
@scenario
def test_attack_24_portal_stepped(seconds: int) -> None:
    """The portal is not sure of the time, or the publisher sees that they differ: held."""
    with shifted("portal") as d:
        d.start_publisher()
        d.release()
        d.staged()
        d.until(1.0)
        d.clocks["portal"].set(seconds)
        d.until(-1.0)
        assert d.opened("portal") == []
        d.clocks["portal"].set(0)
        d.released()
        d.caught_up()
        for moment in d.opened("portal"):
            assert moment * 1_000_000 >= epoch_ns(d.n.at)


@scenario
def test_attack_24_both_stepped_forward_together() -> None:
    """One machine, one clock: both go wrong at once, and both know it by the other clock."""
    with shifted("publisher", "portal") as d:
        d.start_publisher()
        d.release()
        d.staged()
        d.until(3.5)
        for clock in d.clocks.values():
            clock.set(6)
        d.until(0.3)
        d.nothing_out()
        for clock in d.clocks.values():
            clock.set(0)
        on_time(d)


@scenario
def test_attack_24_a_portal_that_once_ran_ahead_is_believed_again_by_word() -> None:
    """Its hardware clock kept local time. Once it is right the portal would wait for hours."""
    from desk.clock import SystemClock
    from desk.errors import Conflict, Refused
    from desk.portal import kept_time

    with shifted("portal") as d:
        state, clock = demo.portal_states(d.root)["portal"], SystemClock()
        d.start_publisher()
        d.release(30, ("portal",))
        d.staged()
        d.end("portal")
        d.clocks["portal"].set(7 * 3600)
        d.start_portal("portal")
        d.end("portal")
        d.clocks["portal"].set(0)
        d.start_portal("portal")
        wait_for(lambda: not _time(d)["sure"], "it is not sure of its clock")
        found = kept_time.look(state, clock)
        assert 6.9 * 3600 < found.behind <= 7 * 3600
        with pytest.raises(Conflict):
            kept_time.believe(state, clock, "2026-01-01T00:00:00Z")
        kept_time.believe(state, clock, found.kept)
        assert not _time(d)["sure"], "it counts from the next start on"
        d.end("portal")
        d.start_portal("portal")
        assert _time(d)["sure"]
        assert not kept_time.look(state, clock).behind
        with pytest.raises(Refused, match="behind nothing"):
            kept_time.believe(state, clock, kept_time.look(state, clock).kept)
        on_time(d)


def _time(d: Desk) -> dict[str, Any]:
    found: dict[str, Any] = httpx.get(d.urls["portal"] + "/v1/time", trust_env=False).json()
    return found
