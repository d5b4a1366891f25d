"""A newsroom with real processes, and the hands of an attacker on its files.

`Desk` builds the demo's newsroom in a folder of its own, starts real portals behind proxies and a
real publisher, and ends what it started by process id. `wait_for` polls a condition with a bounded
deadline; nothing here sleeps for a fixed time to let something happen.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import httpx

from desk.clock import SystemClock, epoch_ns
from desk.demo import newsroom as demo
from desk.newsroom.room import Actor
from desk.portal.contract.stagecrypt import bundle_address
from desk.trust.acts import Act, write
from desk.trust.envelope import Envelope
from desk.trust.log import Head, next_entry
from desk.trust.record import Record
from tests.founded import NOWHERE, copy, with_portals

from .proxy import Proxy
from .shim import Shifted

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[1]
PATIENCE = 90.0
AHEAD = 9  # seconds from sign-off to release: staged well before it even on a busy machine
Value = TypeVar("Value")


def wait_for(condition: Callable[[], Value], what: str, seconds: float = PATIENCE) -> Value:
    """Poll until the condition holds; its value. Fails with `what` after so many seconds."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s in vain: {what}")
        time.sleep(0.02)


class Desk:
    """One newsroom under attack. `portals`: which of `portal`, `foreign` run."""

    def __init__(
        self, root: Path, *, items: int = 2, portals: tuple[str, ...] = ("portal",),
        clocks: dict[str, Shifted] | None = None,
    ) -> None:  # fmt: skip
        self.root = root
        self.clocks = clocks or {}
        self.processes: dict[str, subprocess.Popen[str]] = {}
        self.proxies: dict[str, Proxy] = {}
        self.urls: dict[str, str] = {}
        self.ports: dict[str, int] = {}
        built, self.keys = with_portals(items)
        self.n = copy(built, root, SystemClock())
        self.address: dict[str, str] = {}
        self.start_portals(*portals)
        for name in portals:
            self.proxies[name] = Proxy(self.ports[name], self.kill)
            self.urls[name] = f"http://127.0.0.1:{self.ports[name]}"
        public = {name: proxy.start() for name, proxy in self.proxies.items()}
        self.public = public
        demo.write_calendar(root, NOWHERE | public, self.keys)
        demo.adopt(self.n)
        with self.n.room.reading() as view:
            self.press = root / str(view.policy.channels["press"]["path"])

    # -- processes --------------------------------------------------------------------------------

    def _spawn(self, name: str, *arguments: str, **streams: Any) -> subprocess.Popen[str]:
        environment = {**os.environ, "PYTHONPATH": str(PROJECT), "PYTHONUNBUFFERED": "1",
                       "HOME": str(self.root), "DESK_HOME": str(self.root / "home")}  # fmt: skip
        if name in self.clocks:
            environment |= self.clocks[name].environment
        with (self.root / f"{name}.log").open("a", encoding="utf-8") as log:
            process = subprocess.Popen(
                [sys.executable, *arguments], stdin=subprocess.DEVNULL, stderr=log, text=True,
                env=environment, cwd=self.root, start_new_session=True,
                **{"stdout": log, **streams},
            )  # fmt: skip
        self.processes[name] = process
        return process

    def start_portal(self, name: str) -> None:
        """Start a portal, on the port it had before, and wait until it answers."""
        self.start_portals(name)

    def start_portals(self, *names: str) -> None:
        """Start portals beside each other, and wait until all answer."""
        for name in names:
            state = demo.portal_states(self.root)[name]
            self._spawn(
                name, "-m", "desk", "portal", "serve", "--state", str(state),
                "--port", str(self.ports.get(name, 0)), "--json", stdout=subprocess.PIPE,
            )  # fmt: skip
        for name in names:
            stdout = self.processes[name].stdout
            assert stdout is not None
            readable, _, _ = select.select([stdout], [], [], PATIENCE)
            line = stdout.readline() if readable else ""
            assert line, (self.root / f"{name}.log").read_text()[-2000:]
            self.ports[name] = int(json.loads(line)["url"].rpartition(":")[2])

    def start_publisher(self, *points: str, wait: bool = True) -> None:
        """Start the publisher, to be killed at these points; wait until it follows the log."""
        self.status_file.unlink(missing_ok=True)
        self._spawn(
            "publisher", str(HERE / "entry.py"), str(self.root / "publisher"), str(self.root),
            *points,
        )  # fmt: skip
        if wait:
            wait_for(lambda: self.dead or self.status().get("head", 0) > 0, "the publisher starts")
            code = self.processes["publisher"].poll()
            assert code in (None, -signal.SIGKILL), self.log_text()[-3000:]

    def start_standby(self, name: str, home: Path) -> None:
        """Start another publisher, and wait until it is ready to take over."""
        self._spawn(name, str(HERE / "entry.py"), str(home), str(self.root))
        wait_for(lambda: any(one.get("ready") for one in self.status().get("standbys", [])),
                 "the standby is ready")  # fmt: skip

    @property
    def dead(self) -> bool:
        """Whether the publisher has ended."""
        return self.processes["publisher"].poll() is not None

    def kill(self, name: str = "publisher") -> None:
        """kill -9."""
        process = self.processes[name]
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
        process.wait(10)

    def end(self, name: str) -> None:
        """End one process gently."""
        process = self.processes[name]
        if process.poll() is None:
            process.terminate()
        process.wait(PATIENCE)

    def wait_dead(self) -> None:
        """Wait until the publisher was killed at its point."""
        wait_for(lambda: self.dead, "the publisher is killed at the chosen point")
        assert self.processes["publisher"].returncode == -signal.SIGKILL, self.log_text()[-3000:]

    def close(self) -> None:
        """End everything that was started here."""
        for process in reversed(list(self.processes.values())):
            if process.poll() is None:
                process.terminate()
        for process in reversed(list(self.processes.values())):
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdout is not None:
                process.stdout.close()
        for proxy in self.proxies.values():
            proxy.stop()

    # -- what it says -----------------------------------------------------------------------------

    @property
    def status_file(self) -> Path:
        return self.root / "var" / "publisher.json"

    def status(self) -> dict[str, Any]:
        """The publisher's status file, or {}."""
        try:
            value: dict[str, Any] = json.loads(self.status_file.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return value

    def log_text(self) -> str:
        """What the publisher has written down."""
        return (self.root / "publisher.log").read_text("utf-8")

    def events(self, name: str) -> list[dict[str, Any]]:
        """The publisher's events of that name."""
        lines = [line for line in self.log_text().splitlines() if line.startswith("{")]
        return [e for e in map(json.loads, lines) if e["event"] == name]

    def alarm(self, text: str) -> None:
        """Wait for an alarm that says so."""
        wait_for(lambda: any(text in json.dumps(e) for e in self.events("alarm")), f"alarm: {text}")

    def halted(self, text: str = "") -> None:
        """Wait until all publishing has stopped."""
        wait_for(lambda: (why := self.status().get("halted")) and text in why, f"halted: {text}")

    def reasons(self, release: str = "") -> list[str]:
        """Rules that speak against a release, as the publisher says."""
        release = release or self.n.release
        for one in self.status().get("next", []):
            if one["release"] == release:
                return list(one["reasons"])
        return []

    # -- the log ----------------------------------------------------------------------------------

    @contextlib.contextmanager
    def sql(self, *, alone: bool = False) -> Iterator[sqlite3.Connection]:
        """The attacker's hand on the newsroom's database; `alone`: nobody writes meanwhile."""
        with contextlib.closing(sqlite3.connect(self.database, timeout=30)) as db:
            if alone:
                db.execute("BEGIN IMMEDIATE")
            yield db
            db.commit()

    @property
    def database(self) -> Path:
        return self.root / "var" / "desk.db"

    def insert(self, envelope: Envelope, *, kind: str = "", subject: str = "") -> int:
        """Append an envelope to the real log, with a good chain, past every check. Its seq."""
        with self.sql(alone=True) as db:
            seq, head = db.execute("SELECT seq, hash FROM log ORDER BY seq DESC LIMIT 1").fetchone()
            entry = next_entry(Head(seq, head), envelope.to_json())
            try:
                body = envelope.body()
            except Exception:
                body = {}
            db.execute(
                "INSERT INTO log (seq, previous, hash, kind, subject, actor, time, digest, "
                "envelope) VALUES (?,?,?,?,?,?,?,?,?)",
                (entry.seq, entry.previous, entry.hash, kind or body.get("kind", "?"),
                 subject or body.get("subject", "?"), body.get("actor", ""),
                 body.get("time", ""), envelope.digest, entry.envelope),
            )  # fmt: skip
        return entry.seq

    def forge(self, kind: str, subject: str, fields: dict[str, Any], actor: Actor) -> Act:
        """A well-formed act, correctly signed by that actor, put into the log by SQL."""
        value = {"newsroom": self.record().newsroom, "subject": subject, **fields,
                 "actor": actor.id, "time": self.n.room.instant()}  # fmt: skip
        act = write(kind, value, actor.identity)
        self.insert(act.envelope)
        return act

    def acts(self, kind: str = "", subject: str = "") -> list[Act]:
        """Acts in the log, as the database has them."""
        from desk.trust.acts import read

        with self.sql() as db:
            rows = db.execute("SELECT envelope FROM log ORDER BY seq").fetchall()
        found = []
        for (data,) in rows:
            with contextlib.suppress(Exception):
                found.append(read(Envelope.from_json(data)))
        return [a for a in found if kind in ("", a.kind.name) and subject in ("", a.subject)]

    def record(self) -> Record:
        """The record of the whole log as the database has it."""
        with self.n.room.store.read() as connection:
            return self.n.room.whole_record(connection)

    def heard(self, seq: int) -> None:
        """Wait until the publisher has read that entry."""
        wait_for(lambda: self.status().get("head", 0) >= seq, f"entry {seq} is heard")

    def caught_up(self) -> None:
        """Wait until the publisher has read everything there is, and owes nothing."""

        def all_heard() -> bool:
            with self.sql() as db:
                (last,) = db.execute("SELECT max(seq) FROM log").fetchone()
            status = self.status()
            return status.get("head") == last and status.get("owed") == 0

        wait_for(all_heard, "the publisher has caught up")

    # -- releases ---------------------------------------------------------------------------------

    def release(self, seconds: int = AHEAD, channels: tuple[str, ...] = ("portal", "press")) -> str:
        """Plan, confirm and sign all items that many seconds ahead. Its id."""
        release = demo.release(self.n, seconds, channels)
        record = self.record()
        signoff = record.releases[release].signoff
        assert signoff is not None
        self.address = {c: bundle_address(record.newsroom, c, signoff.digest) for c in channels}
        return release

    def staged(self) -> None:
        """Wait until every channel of the release has its bundle, on our word and the log's."""

        def there() -> bool:
            for one in self.status().get("next", []):
                if one["release"] == self.n.release:
                    return all(c["state"] in ("staged", "claimed") for c in one["channels"])
            return False

        wait_for(there, "the release is staged")

    def left(self) -> float:
        """Seconds until the release is due."""
        return demo.due_in(self.n)

    def until(self, seconds: float) -> None:
        """Wait until so many seconds are left (negative: after the instant)."""
        patience = max(0.0, self.left() - seconds) + PATIENCE
        wait_for(lambda: self.left() <= seconds, f"{seconds} s before the release", patience)

    def opened(self, channel: str) -> list[int]:
        """When (ms) that channel opened a bundle of the release, by its own records."""
        address = self.address[channel]
        if channel == "press":
            return [1] if (self.press / ".desk" / "opened" / address).exists() else []
        state = demo.portal_states(self.root)[channel] / "portal.db"
        with contextlib.closing(sqlite3.connect(f"file:{state}?mode=ro", uri=True)) as db:
            rows = db.execute(
                "SELECT b.opened_ms FROM keys k JOIN bundles b USING (address) "
                "WHERE k.address = ?", (address,),
            ).fetchall()  # fmt: skip
        return [row[0] for row in rows]

    def portal_db(self, channel: str = "portal") -> Path:
        return demo.portal_states(self.root)[channel] / "portal.db"

    def released(self, *channels: str) -> None:
        """Wait until every channel has opened, the log says so, and pages are as signed."""
        wanted = channels or tuple(self.address)
        wait_for(lambda: all(self.opened(c) for c in wanted), f"released on {wanted}")
        wait_for(
            lambda: set(wanted) <= set(self.record().releases[self.n.release].opened),
            "the log says that it was released",
        )

    def once(self, *channels: str) -> None:
        """Nothing was early, nothing went out twice, and it was the same bytes each time."""
        for channel in channels or tuple(self.address):
            opened = self.opened(channel)
            assert len(opened) == 1, (channel, opened)
            if channel in self.proxies:
                assert opened[0] * 1_000_000 >= epoch_ns(self.n.at)
                staged = self.proxies[channel].staged_ciphertexts()
                assert len(staged.get(self.address[channel], {1})) == 1
                with contextlib.closing(sqlite3.connect(self.portal_db(channel))) as db:
                    rows = db.execute(
                        "SELECT item, count(*) FROM versions GROUP BY item"
                    ).fetchall()
                assert rows
                assert all(count == 1 for _, count in rows)
            acts = [
                a for a in self.acts("publisher.released", self.n.release)
                if a.fields["channel"] == channel
            ]  # fmt: skip
            assert len(acts) == 1, f"{len(acts)} acts say that {channel} was released"

    def nothing_out(self, *channels: str) -> None:
        """Nothing of the release is public anywhere."""
        for channel in channels or tuple(self.address):
            assert self.opened(channel) == [], channel
            if channel in self.urls:
                for item in self.n.items:
                    for name in (item, f"{item}.json"):
                        answer = httpx.get(f"{self.urls[channel]}/items/{name}", trust_env=False)
                        assert answer.status_code == 404
                        assert self.n.canary not in answer.text


@contextlib.contextmanager
def desk(**options: Any) -> Iterator[Desk]:
    """A newsroom in a temporary folder, ended and removed afterwards."""
    root = Path(tempfile.mkdtemp(prefix="desk-attack-"))
    built: list[Desk] = []
    try:
        one = Desk.__new__(Desk)
        built.append(one)
        one.processes, one.proxies = {}, {}
        one.__init__(root, **options)  # type: ignore[misc]
        yield one
    except BaseException:
        for log in sorted(root.glob("*.log")):
            sys.stderr.write(f"-- {log.name}\n{log.read_text('utf-8')[-6000:]}\n")
        raise
    finally:
        for one in built:
            one.close()
        shutil.rmtree(root, ignore_errors=True)
