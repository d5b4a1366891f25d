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

    def start(self) -> None:
        """Both publishers of old."""
        self.pair.start_first()
        self.pair.start_second()

    def restored(self) -> None:
        """Stop both with their machine; restore a backup of before elsewhere, and resume it."""
        d = self.d
        d.caught_up()
        file = self.one.back_up()
        d.processes[FIRST] = d.processes.pop("publisher")
        self.signal(signal.SIGSTOP)
        before = {channel: self.epoch(channel)[0] for channel in CHANNELS}
        self.one.restore(file)
        d.start_publisher()
        self.one.resume()
        wait_for(
            lambda: all(self.epoch(channel)[0] > before[channel] for channel in CHANNELS),
            "every portal hears the restored publisher",
        )

    def next_release(self) -> None:
        """One that is written, approved, signed and staged after the restore."""
        d = self.d
        d.n.items = demo.write_pair(d.n, demo.messages(2)[1])
        for item in d.n.items:
            demo.approve(d.n, item)
        d.release(25, CHANNELS)
        d.staged()

    def signal(self, number: int) -> None:
        """To both publishers of old."""
        for name in (FIRST, SECOND):
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.d.processes[name].pid, number)

    def said(self, name: str, event: str) -> list[str]:
        """What a publisher of old wrote down as events of that name, a line each."""
        lines = (self.one.before / f"{name}.log").read_text("utf-8").splitlines()
        return [line for line in lines if f'"event": "{event}"' in line]

    def learned(self, name: str) -> bool:
        """Whether a publisher of old has raised the alarm that tells where it stands."""
        texts = ("go on elsewhere", "another publisher has taken over")
        return any(text in line for line in self.said(name, "alarm") for text in texts)

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
        r.start()
        r.restored()
        r.next_release()
        held = {channel: r.epoch(channel) for channel in CHANNELS}
        r.signal(signal.SIGCONT)
        d.end(FIRST)
        wait_for(lambda: r.said(SECOND, "leading"), "the standby of old leads its group")
        wait_for(lambda: r.learned(SECOND), "and learns that its newsroom goes on elsewhere")
        assert {channel: r.epoch(channel) for channel in CHANNELS} == held
        d.released()
        d.once()


@scenario
def test_attack_23_33_publishers_of_old_open_nothing_in_their_folder_either() -> None:
    """What they had staged does not count any more, and no portal stands before a folder."""
    with revived() as r:
        d = r.d
        r.start()
        d.release(60, ("portal", "press"))
        d.staged()
        r.pair.built()
        r.restored()
        held = r.epoch("portal")
        r.signal(signal.SIGCONT)
        wait_for(lambda: r.learned("publisher"), "the leader of old learns where it stands")
        d.until(-3)
        assert d.opened("press") == d.opened("portal") == []
        assert r.epoch("portal") == held
        r.next_release()
        d.released()
        d.once()
