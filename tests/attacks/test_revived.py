"""Attacks 23 and 33 together: a group of publishers comes back after a restore elsewhere.

The machine was given up, its newsroom restored on another one and resumed there. Then it is there
again, with the processes of old: none of them takes a portal away from the restored publisher.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import sys
from collections.abc import Iterator

from desk.demo import newsroom as demo
from tests.backup.drill import CHANNELS, Drill, drill
from tests.scenarios import scenario

from .harness import wait_for
from .test_standby import SECOND, Pair

FIRST = "pub-1 of old"


class Revived:
    """A pair of publishers that was stopped, and a restore of its newsroom that goes on."""

    def __init__(self, one: Drill) -> None:
        self.one, self.d = one, one.d
        self.pair = Pair(self.d)

    def restored(self) -> None:
        """Stop both with their machine; restore a backup of before elsewhere, and resume it."""
        d, p = self.d, self.pair
        p.start_first()
        p.start_second()
        d.caught_up()
        file = self.one.back_up()
        d.processes[FIRST] = d.processes.pop("publisher")
        self.signal(signal.SIGSTOP)
        self.one.restore(file)
        d.start_publisher()
        self.one.resume()
        wait_for(lambda: not d.status()["halted"], "the quarantine has ended")
        d.n.items = demo.write_pair(d.n, demo.messages(2)[1])
        for item in d.n.items:
            demo.approve(d.n, item)

    def signal(self, number: int) -> None:
        """To both publishers of old."""
        for name in (FIRST, SECOND):
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.d.processes[name].pid, number)

    def said(self, name: str, event: str) -> list[str]:
        """What a publisher of old wrote down as events of that name, a line each."""
        lines = (self.one.before / f"{name}.log").read_text("utf-8").splitlines()
        return [line for line in lines if f'"event": "{event}"' in line]

    def epoch(self, channel: str) -> tuple[int, str]:
        """The newest epoch of a portal, and who has it."""
        with contextlib.closing(sqlite3.connect(self.d.portal_db(channel))) as db:
            query = "SELECT epoch, publisher FROM epochs ORDER BY epoch DESC LIMIT 1"
            number, publisher = db.execute(query).fetchone()
        return int(number), str(publisher)


@contextlib.contextmanager
def revived() -> Iterator[Revived]:
    with drill() as one:
        made = Revived(one)
        try:
            yield made
        except BaseException:
            for name in ("publisher", SECOND):
                sys.stderr.write((one.before / f"{name}.log").read_text("utf-8")[-4000:])
            raise
        finally:
            with contextlib.suppress(KeyError):
                made.signal(signal.SIGCONT)


@scenario
def test_attack_23_33_a_standby_of_old_takes_no_portal_from_the_restored_publisher() -> None:
    with revived() as r:
        d = r.d
        r.restored()
        d.release(25, CHANNELS)
        d.staged()
        held = {channel: r.epoch(channel) for channel in CHANNELS}
        r.signal(signal.SIGCONT)
        d.end(FIRST)
        wait_for(lambda: r.said(SECOND, "leading"), "the standby of old leads its group")
        wait_for(lambda: r.said(SECOND, "alarm"), "and learns that its newsroom goes on elsewhere")
        assert {channel: r.epoch(channel) for channel in CHANNELS} == held
        d.released()
        d.once()
