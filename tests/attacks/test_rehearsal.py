"""The rehearsal, with real portals and a real publisher: it says what would fail; nothing stays."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from desk.releases import hold
from tests.scenarios import scenario

from .harness import PATIENCE, Desk, desk, wait_for


def rehearse(d: Desk, release: str) -> tuple[int, dict[str, Any], str]:
    """`desk publisher rehearse`: exit code, report, what it told."""
    process = d._spawn(
        "rehearsal", "-m", "desk", "--newsroom", str(d.root), "publisher", "rehearse", release,
        "--state", str(d.root / "publisher"), "--json", stdout=subprocess.PIPE,
    )  # fmt: skip
    out, _ = process.communicate(timeout=PATIENCE * 2)
    told = (d.root / "rehearsal.log").read_text("utf-8")
    return process.returncode, json.loads(out) if out else {}, told


def failed(report: dict[str, Any]) -> set[tuple[str, str]]:
    return {(c["channel"], c["name"]) for c in report["checks"] if not c["ok"]}


def bundles(d: Desk, channel: str) -> list[str]:
    """What lies staged at a portal or in the folder."""
    if channel == "press":
        folder = d.press / ".desk" / "staged"
        return sorted(p.name for p in folder.iterdir()) if folder.exists() else []
    return sorted(p.name for p in (d.portal_db(channel).parent / "bundles").glob("*"))


@scenario
def test_a_rehearsal_does_everything_but_the_commit() -> None:
    with desk() as d:
        d.start_publisher()
        release = d.release(400)
        d.staged()
        d.caught_up()
        before = {channel: bundles(d, channel) for channel in d.address}
        code, report, told = rehearse(d, release)
        assert code == 0, told
        assert report["ok"]
        done = {(c["channel"], c["name"]) for c in report["checks"]}
        for channel in d.address:
            assert {(channel, "seal"), (channel, "stage"), (channel, "staged-bytes"),
                    (channel, "sign-commit"), (channel, "clock")} <= done  # fmt: skip
        assert {channel: bundles(d, channel) for channel in d.address} == before
        assert not list(d.portal_db().parent.glob("*rehearsal*"))
        d.nothing_out()
        assert d.proxies["portal"].count("commit") == 0
        # The running publisher still leads: it opens the release at its instant.
        assert not d.status()["halted"]
        assert not d.events("alarm")


@scenario
def test_a_rehearsal_says_what_would_fail() -> None:
    with desk() as d:
        release = d.release(400)
        act = hold.hold(d.n.room, d.n.actor("editor-1"), release)
        code, report, told = rehearse(d, release)
        assert code == 3, told
        # No publisher has run: the portal has no roster yet, and says so itself.
        assert {("", "judge"), ("portal", "stage")} <= failed(report)
        hold.lift(d.n.room, d.n.actor("lead-1"), release)
        hold.lift(d.n.room, d.n.actor("lead-2"), release)
        d.start_publisher()
        d.staged()
        d.caught_up()
        assert rehearse(d, release)[0] == 0
        d.kill("portal")
        code, report, told = rehearse(d, release)
        assert code == 3
        assert ("portal", "connection") in failed(report)
        assert not {one for one in failed(report) if one[0] == "press"}
        assert act.digest
        d.nothing_out("press")


@scenario
def test_attack_21_a_rehearsal_of_a_granted_release_waits_for_its_script() -> None:
    from .test_trigger import Script

    with desk() as d:
        d.start_publisher()
        script = Script(d, start=300)
        d.staged()
        d.caught_up()
        code, report, told = rehearse(d, script.release)
        assert code == 0, told
        assert report["waits"]
        wait_for(lambda: d.status().get("owed") == 0, "nothing was owed by it")
        d.nothing_out()
