"""The hands of people: what they do with signed acts while everything else goes wrong."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from desk.demo import newsroom as demo
from desk.releases import hold, plan, sign
from desk.releases.withdraw import restore, withdraw
from tests.attacks.harness import wait_for
from tests.backup.drill import Drill
from tests.torture.gather import signed_now
from tests.torture.outcome import Stop
from tests.torture.plan import PUBLISHER, Deed, Release

if TYPE_CHECKING:
    from tests.torture.run import Run

LEADS = ("lead-1", "lead-2")


class Hands:
    """Does the deeds of a plan. Each says True when it is done, False to be tried again."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._drill = Drill(run.d)
        self._backup: Path | None = None

    def deeds(self, start: int) -> list[tuple[float, Callable[[], bool]]]:
        """What to do when. `start`: the second since the epoch from which times count."""
        plan = self._run.plan
        signing = [(one.signed, partial(self.release, one, start)) for one in plan.releases]
        others = [(deed.at, partial(self._deed, deed)) for deed in plan.deeds]
        return sorted([*signing, *others], key=lambda one: one[0])

    def _deed(self, deed: Deed) -> bool:
        kinds: dict[str, Callable[[Deed], bool]] = {
            "sign": lambda deed: self._sign(deed.release), "hold": self._hold,
            "hold-all": self._hold, "lift": self._lift, "lift-all": self._lift, "move": self._move,
            "cancel": self._cancel, "recall": self._recall, "withdraw": self._withdraw,
            "takedown": self._withdraw, "put-back": self._put_back, "backup": self._back_up,
            "restore": self._restore,
        }  # fmt: skip
        done = kinds[deed.kind](deed)
        self._run.note(f"{deed.kind} {deed.release}")
        return done

    # -- releases ---------------------------------------------------------------------------------

    def release(self, one: Release, start: int) -> bool:
        """Plan, confirm and sign it."""
        run, room, lead = self._run, self._run.d.n.room, self._run.d.n.actor(LEADS[0])
        if one.name not in run.ids:
            moment = self._moment(start + one.at)
            act = plan.plan(room, lead, moment, items=run.items[one.name],
                            channels=list(one.channels), code=one.name.upper())  # fmt: skip
            run.ids[one.name] = act.subject
            plan.confirm(room, lead, act.subject)
            run.note(f"{one.name} is {act.subject}, due {moment.at}")
        return self._sign(one.name)

    def _moment(self, seconds: float) -> plan.Moment:
        with self._run.d.n.room.reading() as view:
            zone = str(view.policy.document["zone"])
        return plan.Moment.of_instant(datetime.fromtimestamp(int(seconds), UTC), zone)

    def _sign(self, name: str) -> bool:
        run = self._run
        for lead in LEADS:
            signed = sign.sign(run.d.n.room, run.d.n.actor(lead), run.ids[name])
        run.note(f"{name} is {signed.state}")
        run.signed |= signed_now(run.d, run.ids[name])
        return True

    def _move(self, deed: Deed) -> bool:
        n, release = self._run.d.n, self._run.ids[deed.release]
        moment = self._moment(time.time() + deed.seconds)
        plan.move(n.room, n.actor(LEADS[0]), release, moment, note="Dời giờ công bố")
        return self._sign(deed.release)

    def _cancel(self, deed: Deed) -> bool:
        n, release = self._run.d.n, self._run.ids[deed.release]
        plan.cancel(n.room, n.actor(LEADS[0]), release, note="Hủy công bố")
        return True

    def _recall(self, deed: Deed) -> bool:
        n, release = self._run.d.n, self._run.ids[deed.release]
        plan.recall(n.room, n.actor(LEADS[0]), release)
        return True

    # -- stops ------------------------------------------------------------------------------------

    def _subject(self, deed: Deed) -> str:
        return self._run.ids[deed.release] if deed.release else "*"

    def _hold(self, deed: Deed) -> bool:
        n, subject = self._run.d.n, self._subject(deed)
        act = hold.hold(n.room, n.actor("editor-1"), subject)
        with self._run.processes:
            self._run.stops[act.digest] = Stop(subject, "", 0)
        return True

    def _lift(self, deed: Deed) -> bool:
        run, subject = self._run, self._subject(deed)
        for lead in LEADS:
            lifted = time.time_ns()  # the act of the second is made after that
            hold.lift(run.d.n.room, run.d.n.actor(lead), subject)
        with run.processes:
            for digest, stop in run.stops.items():
                if stop.release == subject and not stop.lifted_ns:
                    run.stops[digest] = replace(stop, lifted_ns=lifted)
        return True

    def _withdraw(self, deed: Deed) -> bool:
        n, item = self._run.d.n, self._run.items[deed.release][0]
        mode = "takedown" if deed.kind == "takedown" else "withdraw"
        withdraw(n.room, n.actor(LEADS[0]), item, note="Nhầm số liệu", mode=mode)
        return True

    def _put_back(self, deed: Deed) -> bool:
        n, item = self._run.d.n, self._run.items[deed.release][0]
        for lead in LEADS:
            restore(n.room, n.actor(lead), item)
        return True

    # -- the loss of the machine ------------------------------------------------------------------

    def _back_up(self, _: Deed) -> bool:
        self._backup = self._drill.back_up()
        return True

    def _restore(self, _: Deed) -> bool:
        """The machine is gone; its portals and the folder for the press are elsewhere."""
        assert self._backup is not None
        run, d, aside = self._run, self._run.d, self._run.home / "press-elsewhere"
        with run.processes:
            if d.press.exists():
                d.press.rename(aside)
            self._drill.destroy()
            run.note("the machine is gone")
            self._drill.restore(self._backup)
            d.press = d.root / "var" / "press"
            if aside.exists():
                shutil.rmtree(d.press, ignore_errors=True)
                aside.rename(d.press)
            run.homes[PUBLISHER] = d.root / "publisher"
            run.start_publisher(PUBLISHER)
        return True

    def life_after(self, one: Release) -> None:
        """Administrators resume, and the next release goes out."""
        run = self._run
        self._drill.resume()
        wait_for(lambda: run.d.status() and not run.d.status()["halted"], "the quarantine ends")
        run.note("resumed")
        run.items[one.name] = demo.write_items(run.d.n, one.items, lambda _: None)
        start = round(time.time())
        self.release(one, start)
        wait_for(lambda: time.time() > start + one.at, "the next instant", one.at + 1.0)
