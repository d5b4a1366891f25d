"""The runner: carries a plan out with real processes on a newsroom of its own.

People's deeds happen in order in the main thread, each fault in a thread at its moment, a nurse
starts publishers again as a service manager would, and a watcher looks all the time at what is
open where. What came of it is left to `gather` and `check`.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from desk.demo import newsroom as demo
from desk.errors import DeskError
from desk.publisher.leader import latest
from tests.attacks.harness import HERE, Desk, wait_for
from tests.attacks.shim import Shifted, clockshim
from tests.torture.outcome import Signed, Stop
from tests.torture.plan import PORTALS, PUBLISHER, STANDBY, Plan
from tests.torture.watch import Watch

REST = 60.0  # seconds in which everything has to come to rest afterwards
RESTART = 0.3  # seconds until a service manager starts a publisher again
TRIES = 8.0  # seconds in which people try again what is refused at first
AGAIN = 0.2  # seconds between two tries


@dataclass
class Run:
    """One schedule under way. `clock` counts the seconds since its start.

    `ids`, `items`: of the plan's releases, by name. `granted`: releases that a script opens, with
    the moment before it did (ns, 0: not yet). `first`: the revision that an item went out with,
    where it is corrected. `processes`: held by whoever starts or ends a
    process; `down`: those that are not to be started again yet. `faults`: what Desk did wrong by
    itself.
    """

    plan: Plan
    d: Desk
    began: float = 0.0
    ids: dict[str, str] = field(default_factory=dict)
    items: dict[str, list[str]] = field(default_factory=dict)
    signed: dict[str, Signed] = field(default_factory=dict)
    granted: dict[str, int] = field(default_factory=dict)
    first: dict[str, str] = field(default_factory=dict)
    stops: dict[str, Stop] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    down: set[str] = field(default_factory=set)
    homes: dict[str, Path] = field(default_factory=dict)
    processes: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self.home = self.d.root
        self.homes[PUBLISHER] = self.home / "publisher"

    @property
    def clock(self) -> float:
        return time.monotonic() - self.began

    def note(self, text: str) -> None:
        """For whoever reads a failed schedule."""
        self.notes.append(f"{self.clock:8.3f}  {text}")

    # -- publishers -------------------------------------------------------------------------------

    def start_publisher(self, name: str) -> None:
        """Start one; see `tests.attacks.entry`."""
        self.d._spawn(name, str(HERE / "entry.py"), str(self.homes[name]), str(self.d.root))

    def leader(self) -> str:
        """The process that leads by the newest term, dead or alive."""
        term = latest(self.d.n.home.lead)
        names = {demo.PUBLISHER: PUBLISHER, STANDBY: STANDBY}
        return names[term.name] if term is not None else PUBLISHER

    def kill_leader(self) -> None:
        """-9 for whoever leads; for the proxies."""
        with self.processes:
            self.d.kill(self.leader())

    # -- the whole --------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Items written and approved, the policy's spans, the publishers running."""
        within, after = self.plan.spans
        calendar = self.d.root / "calendar.yaml"
        text = calendar.read_text("utf-8")
        text = text.replace("publish_within: 15m", f"publish_within: {within}s")
        calendar.write_text(text.replace("not_after: 15m", f"not_after: {after}s"), "utf-8")
        demo.adopt(self.d.n)
        if self.plan.standby:
            self.homes[STANDBY] = demo.add_standby(self.d.n, STANDBY).path
        for one in self.plan.releases:
            self.items[one.name] = demo.write_items(self.d.n, one.items, lambda _: None)
            if one.takes:
                self.items[one.name] = [*self.items[one.name], *self.items[one.takes]]
        self.d.start_publisher()
        if self.plan.standby:
            self.start_publisher(STANDBY)
            wait_for(
                lambda: any(s["ready"] for s in self.d.status().get("standbys", ())),
                "the standby is ready",
            )
        for proxy in self.d.proxies.values():
            proxy.kill = self.kill_leader

    def carry_out(self, watch: Watch) -> None:
        """Everything in the plan, then wait until all is at rest."""
        from tests.torture.hands import Hands
        from tests.torture.trouble import Trouble

        hands, trouble, stop = Hands(self), Trouble(self), threading.Event()
        time.sleep(1 - time.time() % 1)  # instants are whole seconds
        self.began = time.monotonic()
        deeds = hands.deeds(round(time.time()))
        with ThreadPoolExecutor(10, "torture") as pool:
            running: list[Future[None]] = [pool.submit(self._nurse, stop)]
            try:
                running += [pool.submit(trouble.happens, fault) for fault in self.plan.faults]
                self._people(deeds)
                for one in running[1:]:
                    one.result()
                if self.plan.after is not None:
                    hands.life_after(self.plan.after)
                self._rest(watch)
            finally:
                stop.set()
            running[0].result()

    def _people(self, deeds: list[tuple[float, Callable[[], bool]]]) -> None:
        """Do each at its time; what is refused is tried again for some seconds."""
        pending = [(at, at, deed) for at, deed in deeds]
        while pending:
            due = [one for one in pending if one[0] <= self.clock]
            for one in due:
                _, first, deed = one
                pending.remove(one)
                if not self._tried(deed) and self.clock - first < TRIES:
                    pending.append((self.clock + AGAIN, first, deed))
            time.sleep(0.01)

    def _tried(self, deed: Callable[[], bool]) -> bool:
        try:
            return deed()
        except DeskError as error:
            self.note(f"refused: {error}")
            return False

    def _nurse(self, stop: threading.Event) -> None:
        """Start publishers again that have ended, and read what they answer."""
        again: dict[str, float] = {}
        while not stop.wait(0.02):
            with self.processes:
                for name in self.homes:
                    code = self.d.processes[name].poll()
                    if code is None or name in self.down:
                        again.pop(name, None)
                        continue
                    if name not in again and code != -signal.SIGKILL:
                        self.faults.append(f"{name} ended by itself with {code}")
                    if time.monotonic() >= again.setdefault(name, time.monotonic() + RESTART):
                        del again[name]
                        self.start_publisher(name)
                        self.note(f"{name} is started again")
                self.hear()

    def hear(self) -> None:
        """Note when the answer to a stop can be read in the log."""
        waiting = [digest for digest, stop in list(self.stops.items()) if not stop.answer]
        acked = self.d.record().acked if waiting else {}
        for digest in waiting:
            if digest in acked:
                stop = self.stops[digest]
                self.note(f"{acked[digest]}: hold of {stop.release}")
                self.stops[digest] = replace(stop, answer=acked[digest], answered_ns=time.time_ns())

    def _rest(self, watch: Watch) -> None:
        """Wait until nothing is owed, open or undecided any more."""
        from tests.torture.gather import unsettled

        self.note("everything was done")
        deadline = time.monotonic() + REST
        while (why := unsettled(self)) and time.monotonic() < deadline:
            self._restart_unsure_portals()
            time.sleep(0.1)
        watch.problem = why
        self.note(f"at rest: {why or 'everything'}")

    def _restart_unsure_portals(self) -> None:
        """As the handbook of operations says of a portal that started with a wrong clock."""
        for channel in self.d.status().get("channels", ()):
            if channel["problem"] == "its clock is unsure" and channel["id"] not in self.down:
                self.note(f"{channel['id']} is unsure of its clock, and restarted")
                self.down.add(channel["id"])  # once
                with self.processes:
                    self.d.kill(channel["id"])
                    self.d.start_portal(channel["id"])


@contextlib.contextmanager
def newsroom(root: Path) -> Iterator[Desk]:
    """A newsroom whose processes have clocks that can be stepped; the folder stays."""
    one = Desk.__new__(Desk)
    one.processes, one.proxies = {}, {}
    (root / "clocks").mkdir()
    clocks = {
        name: Shifted(root / "clocks" / name, clockshim())
        for name in (PUBLISHER, STANDBY, *PORTALS)
    }
    try:
        one.__init__(root, items=0, portals=PORTALS, clocks=clocks)  # type: ignore[misc]
        yield one
    finally:
        for process in one.processes.values():
            if process.poll() is None:
                os.kill(process.pid, signal.SIGCONT)
        one.close()
