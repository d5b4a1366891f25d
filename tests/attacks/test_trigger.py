"""Attack 21: a script that may open one release, once, in a window, tries everything else.

It approves, fires early, late, twice, another release, after a recall, with another key, past the
verbs straight into the log, and over HTTP. Nothing but what was granted happens; a second time is
answered "already released".
"""

from __future__ import annotations

import base64
import json
import os
import select
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from desk.clock import now, parse_instant, written
from desk.errors import Refused
from desk.newsroom.room import Actor
from desk.portal.contract.stagecrypt import bundle_address
from desk.releases import plan, sign
from desk.trust.acts import Act, write
from desk.trust.envelope import sign as sign_envelope
from desk.trust.keys import Identity
from tests.scenarios import scenario

from .harness import PATIENCE, PROJECT, Desk, desk, wait_for

CHANNELS = ("portal", "press")


@dataclass
class Ran:
    """A finished command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Script:
    """A script with a key file of its own, and the release that it was granted."""

    def __init__(self, d: Desk, *, start: int = 8, length: int = 120, name: str = "gdp") -> None:
        self.d = d
        self.file = d.root / f"script-{name}" / "script.key"
        made = self.run("key", "script-new", str(self.file), "--json")
        assert made.code == 0, made.err
        self.identity = Identity.from_seed(bytes.fromhex(self.file.read_text().strip()))
        assert made.json["sign"] == self.identity.sign_public
        assert self.file.stat().st_mode & 0o777 == 0o600
        self.release = self._granted(start, length)

    def _granted(self, start: int, length: int) -> str:
        room, lead = self.d.n.room, self.d.n.actor("lead-1")
        at = now(room.clock).replace(microsecond=0) + timedelta(seconds=start + 1)
        moment = plan.Moment.of_instant(at, "Asia/Ho_Chi_Minh")
        act = plan.plan(
            room, lead, moment, items=self.d.n.items, channels=list(CHANNELS), code="GDP"
        )
        plan.confirm(room, lead, act.subject)
        self.until = written(at + timedelta(seconds=length))
        self.d.n.release, self.d.n.at = act.subject, written(at)
        self.release = act.subject
        self.grant()
        self.signed()
        return act.subject

    def grant(self) -> Act:
        moment = plan.Moment.of_instant(self.d.n.at, "Asia/Ho_Chi_Minh")
        return plan.grant(
            self.d.n.room, self.d.n.actor("lead-1"), self.release, moment, self.until,
            script="gdp", key=self.identity.sign_public,
        )  # fmt: skip

    def signed(self) -> None:
        """Both leads sign."""
        for lead in ("lead-1", "lead-2"):
            sign.sign(self.d.n.room, self.d.n.actor(lead), self.release)
        record = self.d.record()
        signoff = record.releases[self.release].signoff
        assert signoff is not None
        self.d.address = {c: bundle_address(record.newsroom, c, signoff.digest) for c in CHANNELS}

    def run(self, *arguments: str) -> Ran:
        """A command as the script runs it, from cron: no terminal, no keyring."""
        environment = {**os.environ, "PYTHONPATH": str(PROJECT), "HOME": str(self.d.root),
                       "DESK_HOME": str(self.d.root / "script-home")}  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-m", "desk", "--newsroom", str(self.d.root), *arguments],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, env=environment,
            cwd=self.d.root, timeout=120, check=False,
        )  # fmt: skip
        return Ran(done.returncode, done.stdout, done.stderr)

    def fire(self, release: str = "", *, wait: float = 0, file: Path | None = None) -> Ran:
        return self.run(
            "release", "trigger", release or self.release, "--key-file", str(file or self.file),
            "--wait", str(wait), "--json",
        )  # fmt: skip

    def act(self, identity: Identity | None = None, **changes: Any) -> Act:
        """A trigger as this script, or somebody with another key, signs it."""
        record = self.d.record()
        release = record.releases[self.release]
        assert release.grant is not None
        fields = {
            "newsroom": record.newsroom, "subject": self.release,
            "time": self.d.n.room.instant(), "grant": release.grant.digest,
            "signoff": release.signoff.digest if release.signoff else "0" * 64,
        }  # fmt: skip
        return write("release.trigger", fields | changes, identity or self.identity)

    def inside(self) -> None:
        """Wait until the window has begun."""
        self.d.until(-0.5)


def refused(ran: Ran, rule: str) -> None:
    assert ran.code == 3, ran
    assert rule in ran.err, ran.err


@scenario
def test_attack_21_only_inside_the_window_and_once() -> None:
    with desk() as d:
        d.start_publisher()
        script = Script(d)
        refused(script.fire(), "too-early")
        d.staged()
        d.until(-2.0)
        d.nothing_out()  # without its trigger it does not go out by itself
        assert d.proxies["portal"].count("commit") == 0
        fired = script.fire(wait=PATIENCE)
        assert fired.code == 0, fired.err
        assert fired.json["published"]
        assert {one["state"] for one in fired.json["receipts"]} == {"released"}
        assert all(one["receipt"] for one in fired.json["receipts"])
        d.released()
        d.caught_up()
        d.once()
        again = script.fire(wait=PATIENCE)
        assert again.code == 0
        assert again.json["already"]
        assert "already" in again.err.lower()
        d.once()
        assert len(d.acts("release.trigger")) == 1


@scenario
def test_attack_21_late_it_was_missed() -> None:
    with desk() as d:
        d.start_publisher()
        script = Script(d, start=9, length=4)
        d.staged()
        wait_for(lambda: d.acts("publisher.missed", script.release), "it is missed", 90)
        assert d.acts("publisher.missed", script.release)[0].fields["code"] == "not-triggered"
        refused(script.fire(), "missed")
        # Past the verbs, with a time that lies in the window.
        d.heard(d.insert(script.act(time=d.n.at).envelope))
        d.caught_up()
        d.nothing_out()


@scenario
def test_attack_21_ordered_ahead_of_the_window() -> None:
    """Put into the log before its window, with a time inside it: refused, with an alarm."""
    with desk() as d:
        d.start_publisher()
        script = Script(d)
        d.staged()
        assert d.left() > 3, "the machine was too slow to be early"
        d.heard(d.insert(script.act(time=d.n.at).envelope))
        d.alarm("early-trigger")
        d.until(-2.0)
        d.nothing_out()
        d.end("publisher")
        d.start_publisher()
        d.caught_up()
        d.nothing_out()


@scenario
def test_attack_21_another_key_release_or_deed() -> None:
    with desk() as d:
        d.start_publisher()
        script = Script(d)
        other = d.root / "script-other" / "script.key"
        assert script.run("key", "script-new", str(other)).code == 0
        stranger = Identity.from_seed(bytes.fromhex(other.read_text().strip()))
        d.staged()
        script.inside()
        refused(script.fire(file=other), "not-granted")
        assert script.fire("r-0000000000").code == 4
        plain = plan.plan(
            d.n.room, d.n.actor("lead-1"),
            plan.Moment.of_instant(now(d.n.room.clock) + timedelta(hours=1), "Asia/Ho_Chi_Minh"),
            items=d.n.items, channels=list(CHANNELS), code="OTHER",
        )  # fmt: skip
        refused(script.fire(plain.subject), "not-granted")
        # Straight into the log: forged, about another sign-off, about another release.
        d.insert(script.act(stranger).envelope)
        d.insert(script.act(signoff="a" * 64).envelope)
        d.insert(script.act(subject=plain.subject).envelope)
        # And what only people do, signed by the script's key in its own name and in a lead's.
        for name in ("gdp", "lead-1"):
            me = Actor(name, script.identity)
            revision = d.record().items[d.n.items[0]].latest
            d.forge("release.hold", script.release, {"nonce": "b" * 64}, me)
            d.forge("item.approve", d.n.items[0], {
                "revision": revision, "step": "review", "gates": [], "roster": 1,
            }, me)  # fmt: skip
        manifest = dict(d.acts("release.sign", script.release)[0].fields)
        del manifest["kind"]
        last = d.insert(write("release.sign", manifest, script.identity).envelope)
        d.heard(last)
        d.caught_up()
        d.nothing_out()
        record = d.record()
        assert not record.active_holds(script.release)
        voids = {applied.act.kind.name for applied in record.voids if applied.act}
        assert {"release.trigger", "release.hold", "item.approve", "release.sign"} <= voids
        with pytest.raises(Refused):
            d.n.room.require_person(_view(d), Actor("gdp", script.identity))
        assert script.fire(wait=PATIENCE).code == 0  # none of it has used the grant up
        d.released()
        d.caught_up()
        d.once()


def _view(d: Desk) -> Any:
    with d.n.room.reading() as view:
        return view


@scenario
def test_attack_21_a_recall_ends_the_grant() -> None:
    with desk() as d:
        d.start_publisher()
        script = Script(d, start=6)
        d.staged()
        old = script.act(time=written(parse_instant(d.n.at) + timedelta(seconds=1)))
        recalled = plan.recall(d.n.room, d.n.actor("lead-2"), script.release)
        assert d.n.room.confirmed(recalled, PATIENCE) == "in-force"
        script.inside()
        refused(script.fire(), "not-granted")
        d.heard(d.insert(old.envelope))
        d.nothing_out()
        with pytest.raises(Refused, match="ready"):  # leads cannot sign without another grant
            sign.sign(d.n.room, d.n.actor("lead-1"), script.release)
        script.d.n.at = written(now(d.n.room.clock).replace(microsecond=0) + timedelta(seconds=4))
        moment = plan.Moment.of_instant(d.n.at, "Asia/Ho_Chi_Minh")
        plan.grant(d.n.room, d.n.actor("lead-1"), script.release, moment, script.until,
                   script="gdp", key=script.identity.sign_public, note="lại")  # fmt: skip
        script.signed()
        d.heard(d.insert(old.envelope))  # the old order does not fit the new sign-off
        d.staged()
        script.inside()
        d.nothing_out()
        assert script.fire(wait=PATIENCE).code == 0
        d.released()
        d.caught_up()
        d.once()


class Listening:
    """`desk release listen` as a process."""

    def __init__(self, d: Desk) -> None:
        token = d.root / "listener" / "token"
        process = d._spawn(
            "listener", "-m", "desk", "--newsroom", str(d.root), "release", "listen", "--port",
            "0", "--token-file", str(token), "--json", stdout=subprocess.PIPE,
        )  # fmt: skip
        assert process.stdout is not None
        readable, _, _ = select.select([process.stdout], [], [], PATIENCE)
        line = process.stdout.readline() if readable else ""
        assert line, (d.root / "listener.log").read_text()[-2000:]
        self.url = json.loads(line)["url"]
        self.token = token.read_text().strip()

    def get(self, path: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx.get(f"{self.url}{path}", headers=headers, trust_env=False)

    def post(self, content: bytes, wait: int = 0, **headers: str) -> httpx.Response:
        sent = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        return httpx.post(
            f"{self.url}/v1/triggers", params={"wait": wait}, content=content,
            headers=sent | headers, trust_env=False, timeout=90,
        )  # fmt: skip


@scenario
def test_attack_21_over_http_the_body_is_what_opens() -> None:
    with desk() as d:
        d.start_publisher()
        script = Script(d)
        other = Identity.from_seed(os.urandom(32))
        http = Listening(d)
        early = http.post(script.act().envelope.to_json())
        assert (early.status_code, early.json()["reasons"][0]["rule"]) == (403, "too-early")
        assert early.headers["content-type"] == "application/problem+json"
        d.staged()
        script.inside()
        good = script.act().envelope.to_json()
        assert http.post(good, Host="desk.example.org").status_code == 421
        assert http.post(good, Origin="http://desk.example.org").status_code == 403
        assert http.post(good, Origin="null").status_code == 403
        assert http.post(good, Authorization="Bearer wrong").status_code == 401
        assert http.post(good, **{"Content-Type": "text/plain"}).status_code == 415
        assert http.post(b"{" * 20_000).status_code == 400
        assert http.post(b"{}").status_code in (400, 403)
        assert http.post(script.act(other).envelope.to_json()).status_code == 403
        ahead = written(parse_instant(script.act().time) + timedelta(seconds=60))
        later = http.post(script.act(time=ahead).envelope.to_json())
        assert later.json()["reasons"][0]["rule"] == "clock"
        lead = d.n.actor("lead-1").identity
        hold = {"newsroom": d.record().newsroom, "subject": "*", "nonce": "c" * 64,
                "actor": "lead-1", "time": d.n.room.instant()}  # fmt: skip
        assert http.post(write("release.hold", hold, lead).envelope.to_json()).status_code == 403
        d.nothing_out()
        assert not d.acts("release.trigger")
        assert not d.acts("release.hold")
        # A program asks what to sign, and signs it with nothing of Desk but the key.
        wanted = http.get(f"/v1/releases/{script.release}/trigger").json()
        payload = json.loads(base64.b64decode(wanted["payload"]))
        envelope = sign_envelope(wanted["payloadType"], payload, script.identity)
        opened = http.post(envelope.to_json(), wait=40)
        assert opened.status_code == 200, opened.text
        assert opened.json()["published"]
        again = http.post(script.act().envelope.to_json())
        assert (again.status_code, again.json()["already"]) == (200, True)
        assert http.get(f"/v1/releases/{script.release}").json()["trigger"]
        d.released()
        d.caught_up()
        d.once()
