"""Who leads: one of several publishers of a newsroom that run on one machine.

    NAME.lock   held (flock) by the process that runs under that name, for as long as it lives
    NAME.beat   changes four times a second and more while its loop turns
    NAME.json   what a standby says of itself
    terms/N     who took term N, made by link(2), so that exactly one can; the highest one leads

A process that is gone holds no lock, so its successor comes within milliseconds. One that was
stopped keeps its lock and is silent: after two seconds the next one leads without it. Nobody waits
for a lock that a stopped process could hold. What a former leader still has under way is refused
by portals, whose epochs follow the terms, and by itself, since it looks here before each order.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from desk.clock import Clock, now, written
from desk.errors import Conflict, Unavailable
from desk.kept_phrase import revived, with_phrases
from desk.locales import N_

POLL = 0.02  # seconds between two looks at the leader
POLL_ARMED = 0.005  # the same while an instant is near
BEAT = 0.1  # seconds between two beats
SILENCE_NS = 2_000_000_000  # after which a leader that is still there no longer leads
ASLEEP_NS = 500_000_000  # between two looks of ours: then it was us who slept
TURNING_NS = 1_000_000_000  # a loop that has not turned for so long does not take over
DEFER_NS = 5_000_000_000  # how long somebody who is not fit leaves it to the others
KEPT_TERMS = 20
JOIN_TRIES = 100


@dataclass(frozen=True)
class Term:
    """One term: its number (1, 2, …), who took it, which process, its directory, since when."""

    number: int
    name: str
    instance: str
    home: str
    since: str


@dataclass(frozen=True)
class Member:
    """Another publisher of the group. `age_s`: seconds since its last sign, by the wall clock."""

    name: str
    alive: bool
    age_s: float
    said: dict[str, Any]


def latest(folder: Path) -> Term | None:
    """The newest term in a group's folder, or None before the first. Raises Unavailable."""
    number = _highest(folder)
    if number < 0:
        raise Unavailable("The publishers' folder cannot be read", str(folder))
    return _read(folder, number) if number > 0 else None


def _highest(folder: Path) -> int:
    """The newest term's number; 0 before the first, -1 when the folder cannot be read."""
    try:
        names = os.listdir(folder / "terms")
    except FileNotFoundError:
        return 0
    except OSError:
        return -1
    return max((int(name) for name in names if name.isdigit()), default=0)


def _read(folder: Path, number: int) -> Term | None:
    """One term; None when it is not kept, or when a power cut has lost its bytes.

    Raises Unavailable when the file cannot be read: then somebody may well lead.
    """
    try:
        return Term(**json.loads((folder / "terms" / f"{number:012d}").read_bytes()))
    except (FileNotFoundError, ValueError, TypeError):
        return None
    except OSError as error:
        raise Unavailable("The publishers' folder cannot be read", str(error.strerror)) from None


class Lead:
    """One publisher's place among those that share a folder. `home`: its own directory.

    `look` may run in a thread of its own (`watch`); everything else belongs to the loop.
    """

    def __init__(self, folder: Path, name: str, home: Path, clock: Clock) -> None:
        self.folder, self.name, self.home = folder, name, home
        self.instance = secrets.token_hex(8)
        self.term = 0
        self.poll = POLL
        self.before: Term | None = None
        self.why = ""
        self._clock = clock
        self._lock = self._beat = -1
        self._count = 0
        self._turned_at = -TURNING_NS
        self._fit = False
        self._seen: tuple[int, bytes, int] = (0, b"", 0)
        self._looked_at = 0
        self._vacant_since: int | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    # -- being there --------------------------------------------------------------------------

    def join(self) -> None:
        """Take the place of that name. Raises Conflict when a process has it, Unavailable."""
        try:
            (self.folder / "terms").mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = os.open(self._file("lock"), os.O_CREAT | os.O_RDWR, 0o600)
            self._take_place()
            self._beat = os.open(self._file("beat"), os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            raise Unavailable("The publishers' folder cannot be used", str(error)) from None
        self.beat()

    def _take_place(self) -> None:
        for left in range(JOIN_TRIES, -1, -1):
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if not left:
                    raise Conflict(
                        "A publisher of that name runs already", self.name,
                        "Look: desk publisher status",
                    ) from None  # fmt: skip
                time.sleep(POLL)  # another one may only be trying whether we are there
            else:
                return

    def beat(self, *, fit: bool = False) -> None:
        """Give a sign of life. `fit`: whether this one could publish if it led."""
        self._turned_at, self._fit = self._clock.monotonic_ns(), fit
        self._count += 1
        self._write_beat(f"{self._count:012d}")

    def _write_beat(self, text: str) -> None:
        try:
            os.pwrite(self._beat, f"{self.instance} {text:<12}\n".encode(), 0)
        except OSError:
            return  # a silent leader is replaced: that is what silence is for

    def leave(self) -> None:
        """Go, and let the next one lead at once."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(1)
        if self._beat >= 0:
            self._write_beat("left")
        for descriptor in (self._beat, self._lock):
            if descriptor >= 0:
                os.close(descriptor)
        self._beat = self._lock = -1

    # -- terms --------------------------------------------------------------------------------

    @property
    def leads(self) -> bool:
        """Whether this one leads now. Reads the folder: true at the moment of the answer."""
        return self.term > 0 and _highest(self.folder) == self.term

    @property
    def deposed(self) -> bool:
        """Whether it led, and another has taken over."""
        return self.term > 0 and not self.leads

    def current(self) -> Term | None:
        """The newest term, or None before the first. Raises Unavailable."""
        return latest(self.folder)

    def read(self, number: int) -> Term | None:
        """One term, or None when it is not kept any more."""
        return _read(self.folder, number)

    def others_terms(self) -> list[Term]:
        """The newest term of each other publisher that led, as far as terms are kept."""
        newest = _highest(self.folder)
        found: dict[str, Term] = {}
        for number in range(newest, max(0, newest - KEPT_TERMS), -1):
            term = self.read(number)
            if term is not None and term.name != self.name:
                found.setdefault(term.name, term)
        return list(found.values())

    def _newest_whole(self, number: int) -> Term | None:
        """The newest term that can still be read: its ledger is the last that is known of."""
        found = (self.read(n) for n in range(number, max(0, number - KEPT_TERMS), -1))
        return next((term for term in found if term is not None), None)

    def _take(self, number: int, before: Term | None, why: str) -> None:
        """Take that term, unless somebody else has just done so."""
        terms = self.folder / "terms"
        term = Term(number, self.name, self.instance, str(self.home), written(now(self._clock)))
        part = terms / f".{self.instance}"
        try:
            part.write_text(json.dumps(asdict(term)))
            os.link(part, terms / f"{number:012d}")
        except FileExistsError:
            return
        finally:
            part.unlink(missing_ok=True)
        self.before, self.why, self.term = before, why, number
        for name in os.listdir(terms):
            if name.isdigit() and int(name) <= number - KEPT_TERMS:
                (terms / name).unlink(missing_ok=True)

    # -- waiting ------------------------------------------------------------------------------

    def watch(self, changed: Callable[[], None]) -> None:
        """Look at the leader in a thread, and call `changed` when this one has come to lead."""

        def run() -> None:
            while not self._stop.wait(self.poll):
                if self.look():
                    changed()
                    return

        self._thread = threading.Thread(target=run, name="leadership", daemon=True)
        self._thread.start()

    def look(self) -> bool:
        """Look once; take over when nobody leads. Whether this one leads since."""
        if self.term:
            return True
        moment = self._clock.monotonic_ns()
        try:
            number, leader = _highest(self.folder), self.current()
            why = self._vacancy(leader, moment)
            before = leader or self._newest_whole(number)
        except (OSError, Unavailable):
            return False
        finally:
            self._looked_at = moment
        if not why:
            self._vacant_since = None
            return False
        if self._vacant_since is None:
            self._vacant_since = moment
        if self._may(moment):
            try:
                # Past one whose bytes a power cut has lost, too: nobody leads by that.
                self._take((leader.number if leader else number) + 1, before, why)
            except OSError:
                return False  # a full disk: it is tried again at the next look
        return self.term > 0

    def _may(self, moment: int) -> bool:
        """Whether to lead now that nobody does: at once when fit, else once others had time to."""
        if moment - self._turned_at > TURNING_NS:
            return False
        assert self._vacant_since is not None
        deferred = moment - self._vacant_since >= DEFER_NS
        return self._fit or deferred or not any(self._locked(n) for n in self._others())

    def _vacancy(self, leader: Term | None, moment: int) -> str:
        """Why nobody leads, or ''."""
        if leader is None:
            return N_("nobody led before")
        if leader.name == self.name:
            return N_("it led before")  # we have its lock: that process is gone
        beat = self._read_beat(leader.name)
        number, before, since = self._seen
        if (number, before) != (leader.number, beat) or moment - self._looked_at > ASLEEP_NS:
            self._seen = (leader.number, beat, moment)
            since = moment
        if not self._locked(leader.name):
            return N_("it was stopped") if beat.split()[1:] == [b"left"] else N_("it has ended")
        if beat.split()[:1] != [leader.instance.encode()]:
            return N_("it has ended and was started again")
        return N_("it is silent") if moment - since >= SILENCE_NS else ""

    # -- the others ---------------------------------------------------------------------------

    def _file(self, ending: str, name: str = "") -> Path:
        return self.folder / f"{name or self.name}.{ending}"

    def _read_beat(self, name: str) -> bytes:
        try:
            return self._file("beat", name).read_bytes()
        except OSError:
            return b""

    def _others(self) -> list[str]:
        names = (file[: -len(".lock")] for file in os.listdir(self.folder) if file[-5:] == ".lock")
        return sorted(name for name in names if name != self.name)

    def _locked(self, name: str) -> bool:
        """Whether a process of that name lives. Takes its lock for a moment when none does."""
        try:
            descriptor = os.open(self._file("lock", name), os.O_RDWR)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    def others(self) -> list[Member]:
        """The other publishers that ever joined, and what they last said."""
        return [self._member(name) for name in self._others()]

    def _member(self, name: str) -> Member:
        try:
            beat = self._file("beat", name).stat().st_mtime
        except OSError:
            beat = 0.0
        try:
            said = revived(json.loads(self._file("json", name).read_bytes()))
        except (OSError, ValueError):
            said = {}
        age = round(max(0.0, time.time() - beat), 1)
        return Member(name, self._locked(name), age, said if isinstance(said, dict) else {})

    def say(self, value: dict[str, Any]) -> None:
        """Tell the others, and who asks them, how this one is: ids, states and numbers."""
        part = self._file("json.new")
        part.write_text(json.dumps(with_phrases(value)))
        os.replace(part, self._file("json"))
