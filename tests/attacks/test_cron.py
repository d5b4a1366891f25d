"""A script of ours opens a release from cron, by the lines of docs/scripts.md, and over HTTP.

Cron's environment and nothing else: no terminal, no language, no variable of ours, a short PATH,
standard input closed. HTTP as raw bytes on a socket, signed without any of Desk.
"""

from __future__ import annotations

import base64
import hmac
import json
import re
import shlex
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from desk.clock import epoch_ns
from desk.releases.trigger import OFF_CLOCK
from tests.scenarios import scenario

from .harness import PATIENCE, PROJECT, Desk, desk, wait_for
from .shim import Shifted, clockshim
from .test_trigger import Listening, Ran, Script

LINES = re.findall(
    r"^(?:[\d*]+ ){5} ?(/usr/local/bin/desk .*)$",
    (PROJECT / "docs" / "scripts.md").read_text("utf-8"),
    re.MULTILINE,
)


class Cron:
    """The crontab of the script's user: its lines, with this newsroom's places in them."""

    def __init__(self, d: Desk, script: Script) -> None:
        self.home = d.root / "gdp-feed"
        self.home.mkdir()
        self.program = d.root / "bin" / "desk"
        self.program.parent.mkdir()
        run = f"PYTHONPATH={shlex.quote(str(PROJECT))} exec {shlex.quote(sys.executable)} -m desk"
        self.program.write_text(f'#!/bin/sh\n{run} "$@"\n')
        self.program.chmod(0o755)
        places = {
            "/usr/local/bin/desk": self.program, "/srv/desk": d.root,
            "r-7h2kq0vbmx": script.release, "/etc/gdp-feed/script.key": script.file,
            "/home/gdp-feed": self.home,
        }  # fmt: skip
        self.lines = [self._placed(line, places) for line in LINES]
        self.told = self.home / "trigger.json"

    @staticmethod
    def _placed(line: str, places: dict[str, Any]) -> str:
        for written, place in places.items():
            assert written in line, "the line on the page has another shape"
            line = line.replace(written, str(place))
        return line

    def fires(self, line: str = "", *, wait: int = 60, clock: Shifted | None = None) -> Ran:
        """One line, run as cron runs it. What it told is the last line of its file."""
        command = (line or self.lines[0]).replace("--wait 60", f"--wait {wait}")
        environment = {"HOME": str(self.home), "LOGNAME": "gdp-feed", "SHELL": "/bin/sh",
                       "PATH": "/usr/bin:/bin"}  # fmt: skip
        environment |= clock.environment if clock else {}
        done = subprocess.run(
            ["/bin/sh", "-c", f"exec <&-; {command}"], env=environment, cwd=self.home,
            capture_output=True, text=True, timeout=180, check=False,
        )  # fmt: skip
        assert done.stdout == ""
        return Ran(done.returncode, self.told.read_text("utf-8").splitlines()[-1], done.stderr)


def rules(ran: Ran) -> list[str]:
    """The rules of a refusal, as a program reads them."""
    return [one["rule"] for one in ran.json["error"]["details"]["reasons"]]


def test_the_page_has_its_two_lines() -> None:
    assert len(LINES) == 2
    assert all("%" not in line for line in LINES)


@scenario
def test_attack_21_by_cron_early_then_with_the_publisher_down_then_twice() -> None:
    with desk() as d:
        d.start_publisher()
        script = Script(d, start=20)
        cron = Cron(d, script)
        early = cron.fires()
        assert (early.code, rules(early)) == (3, ["too-early"])
        assert "inside the window" in early.json["error"]["hint"]
        d.staged()
        d.end("publisher")
        script.inside()
        down = cron.fires(wait=1)
        assert (down.code, down.json["published"]) == (5, False)
        assert "publisher status" in down.err
        d.nothing_out()
        d.start_publisher()
        with ThreadPoolExecutor(2) as both:
            again = list(both.map(cron.fires, cron.lines))
        assert [(one.code, one.json["published"]) for one in again] == [(0, True), (0, True)]
        d.released()
        d.caught_up()
        d.once()
        assert len(d.acts("release.trigger")) == 1


@scenario
def test_attack_21_by_cron_two_lines_at_once_make_one_trigger() -> None:
    with desk() as d:
        d.start_publisher()
        script = Script(d)
        cron = Cron(d, script)
        d.staged()
        script.inside()
        with ThreadPoolExecutor(2) as both:
            done = list(both.map(cron.fires, cron.lines))
        assert [one.code for one in done] == [0, 0], done
        assert len(d.acts("release.trigger")) == 1
        d.released()
        d.caught_up()
        d.once()


@scenario
def test_attack_21_by_cron_after_the_window() -> None:
    with desk() as d:
        d.start_publisher()
        script = Script(d, start=9, length=3)
        cron = Cron(d, script)
        d.staged()
        wait_for(lambda: d.acts("publisher.missed", script.release), "it is missed", 90)
        late = cron.fires()
        assert (late.code, "missed" in rules(late)) == (3, True)
        d.nothing_out()
        assert not d.acts("release.trigger")


@scenario
def test_attack_24_by_cron_on_a_clock_that_is_a_minute_ahead_or_an_hour_behind() -> None:
    """Ahead: it is refused for good, and the script is told so, not that it may still go out."""
    with desk() as d:
        d.start_publisher()
        script = Script(d, start=45)
        cron = Cron(d, script)
        d.staged()
        clock = Shifted(d.root / "script-clock", clockshim())
        clock.set(-3600)
        behind = cron.fires(clock=clock)
        assert (behind.code, rules(behind)) == (3, ["too-early"])
        clock.set(60)
        assert d.left() > 5, "the machine was too slow to be early"
        ahead = cron.fires(clock=clock)
        assert ahead.code == 3, ahead
        assert "early-trigger" in ahead.err
        d.alarm("early-trigger")
        script.inside()
        inside = cron.fires()
        assert inside.code == 3
        assert "a lead grants it anew" in inside.err
        d.caught_up()
        d.nothing_out()


def raw(listening: Listening, request: str, body: bytes = b"") -> tuple[int, Any]:
    """One request as curl writes it, and the answer: the status, and the JSON."""
    host = listening.url.removeprefix("http://")
    name, port = host.split(":")
    head = (
        f"{request} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: curl/8.5.0\r\nAccept: */*\r\n"
        f"Authorization: Bearer {listening.token}\r\nConnection: close\r\n"
    )
    if body:
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    with socket.create_connection((name, int(port)), timeout=90) as line:
        line.sendall(head.encode() + b"\r\n" + body)
        answer = b"".join(iter(lambda: line.recv(65536), b""))
    top, _, rest = answer.partition(b"\r\n\r\n")
    return int(top.split(b" ")[1]), json.loads(rest)


def signed(wanted: dict[str, str], key_file: Path) -> bytes:
    """The envelope, by the recipe of docs/scripts.md and nothing of Desk."""
    seed = bytes.fromhex(key_file.read_text().strip())
    extracted = hmac.digest(bytes(32), seed, "sha256")
    private = hmac.digest(extracted, b"desk sign v1\x01", "sha256")
    key = Ed25519PrivateKey.from_private_bytes(private)
    kind, payload = wanted["payloadType"].encode(), base64.b64decode(wanted["payload"])
    over = b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)
    one = {"keyid": key.public_key().public_bytes_raw().hex(),
           "sig": base64.b64encode(key.sign(over)).decode()}  # fmt: skip
    return json.dumps({**wanted, "signatures": [one]}).encode()


@scenario
def test_attack_21_over_http_as_curl_does_it_with_the_publisher_down() -> None:
    with desk() as d:
        d.start_publisher()
        script = Script(d)
        http = Listening(d)
        ask = f"GET /v1/releases/{script.release}"
        post = "POST /v1/triggers?wait=1"
        status, wanted = raw(http, f"{ask}/trigger")
        assert status == 200
        assert raw(http, "GET /v1/releases/r-0000000000/trigger")[0] == 404
        d.staged()
        d.end("publisher")
        script.inside()
        stated = epoch_ns(json.loads(base64.b64decode(wanted["payload"]))["time"])
        wait_for(lambda: time.time_ns() - stated > (OFF_CLOCK + 1) * 1e9, "it is of a while ago")
        stale, told = raw(http, post, signed(wanted, script.file))
        # Signed a while ago: nobody leaves an order for later.
        assert (stale, [one["rule"] for one in told["reasons"]]) == (403, ["clock"])
        down, told = raw(http, post, signed(raw(http, f"{ask}/trigger")[1], script.file))
        assert (down, told["published"]) == (202, False)
        d.nothing_out()
        d.start_publisher()
        wait_for(lambda: raw(http, ask)[1]["published"], "it is carried out", PATIENCE)
        again, told = raw(http, post, signed(raw(http, f"{ask}/trigger")[1], script.file))
        assert (again, told["already"]) == (200, True)
        d.released()
        d.caught_up()
        d.once()
