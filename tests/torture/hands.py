"""The hands of people: what they do with signed acts while everything else goes wrong."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from desk.clock import parse_instant, written
from desk.demo import newsroom as demo
from desk.errors import Conflict
from desk.items import drafts, revisions
from desk.releases import hold, plan, sign, trigger
from desk.releases.withdraw import restore, withdraw
from desk.trust.keys import Identity
from tests.attacks.harness import wait_for
from tests.backup.drill import Drill
from tests.torture.gather import signed_now
from tests.torture.outcome import Stop
from tests.torture.plan import PUBLISHER, Deed, Release

if TYPE_CHECKING:
    from tests.torture.run import Run

LEADS = ("lead-1", "lead-2")
SCRIPT = Identity.from_seed(bytes(range(32)))
MENDED = {"vi": " Bản này đã sửa một từ.", "en": " One word of this text was mended."}


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
            "takedown": self._withdraw, "put-back": self._put_back, "drop": self._drop,
            "trigger": self._trigger, "correct": self._correct, "backup": self._back_up,
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
            if one.granted:
                self._grant(act.subject, moment)
            run.note(f"{one.name} is {act.subject}, due {moment.at}")
        return self._sign(one.name)

    def _moment(self, seconds: float) -> plan.Moment:
        with self._run.d.n.room.reading() as view:
            zone = str(view.policy.document["zone"])
        return plan.Moment.of_instant(datetime.fromtimestamp(int(seconds), UTC), zone)

    def _sign(self, name: str) -> bool:
        run, began = self._run, time.time_ns()
        for lead in LEADS:
            signed = sign.sign(run.d.n.room, run.d.n.actor(lead), run.ids[name])
        run.note(f"{name} is {signed.state}")
        fresh = signed_now(run.d, run.ids[name])
        run.signed |= fresh
        self._over(lambda stop: bool(stop.addresses & set(fresh)), began)
        return True

    def _over(self, ends: Callable[[Stop], bool], at_ns: int) -> None:
        """Those stops do not count from then on."""
        run = self._run
        with run.processes:
            for digest, stop in run.stops.items():
                if not stop.lifted_ns and ends(stop):
                    run.stops[digest] = replace(stop, lifted_ns=at_ns)

    def _ended(self, release: str, act: str) -> None:
        """That act ends what was signed of the release, once the publisher has confirmed it."""
        run = self._run
        signed = frozenset(one.address for one in run.signed.values() if one.release == release)
        with run.processes:
            run.stops[act] = Stop(release, "", 0, addresses=signed)

    # -- scripts ----------------------------------------------------------------------------------

    def _grant(self, release: str, moment: plan.Moment) -> None:
        """A lead lets the script open it, as long as the policy lets any release wait."""
        n, (_, after) = self._run.d.n, self._run.plan.spans
        until = written(parse_instant(moment.at) + timedelta(seconds=after))
        plan.grant(n.room, n.actor(LEADS[0]), release, moment, until, script="gdp",
                   key=SCRIPT.sign_public)  # fmt: skip
        self._run.granted[release] = 0

    def _trigger(self, deed: Deed) -> bool:
        run, release = self._run, self._run.ids[deed.release]
        began = time.time_ns()
        trigger.fire(run.d.n.room, SCRIPT, release)
        run.granted[release] = run.granted[release] or began
        return True

    # -- changes ----------------------------------------------------------------------------------

    def _drop(self, deed: Deed) -> bool:
        """Leave the last item out, or the last pair; leads sign what is left.

        Of a pair alone one language goes: that is refused, and the release waits.
        """
        run, release = self._run, self._run.ids[deed.release]
        items = run.items[deed.release]
        out = items[-2:] if len(items) in (4, 6) else items[-1:]
        with run.d.n.room.reading(release) as view:
            left = view.record.releases[release].items
        if out[-1] in left:
            act = plan.edit(run.d.n.room, run.d.n.actor(LEADS[0]), release,
                            items=[one for one in left if one not in out])  # fmt: skip
            self._ended(release, act.digest)
        return self._sign(deed.release)

    def _correct(self, deed: Deed) -> bool:
        """Mend the first item, have it approved, and release it by itself."""
        run, n, name = self._run, self._run.d.n, f"{deed.release}c"
        item, editor = run.items[deed.release][0], n.actor("editor-1")
        with n.room.reading(item) as view:
            known = view.record.items[item]
            if known.public not in ("live", "corrected"):
                raise Conflict("It is not public yet", item)
            mended = known.latest != run.first.setdefault(item, known.latest)
            body = str(revisions.load(view, editor, item)["body"])
            takes = {id for id, one in view.policy.channels.items()
                     if known.language in one["languages"]}  # fmt: skip
        if not mended:
            drafts.edit(n.room, editor, item)
            changes = {"body": body + MENDED[known.language], "edit_note": "Sửa một từ"}
            drafts.save(n.room, editor, item, changes)
            revisions.submit(n.room, editor, item)
        demo.approve(n, item)
        run.items[name] = [item]
        channels = next(r.channels for r in run.plan.releases if r.name == deed.release)
        channels = tuple(one for one in channels if one in takes)
        return self.release(Release(name, deed.seconds, 1, channels, 0.0), round(time.time()))

    def _move(self, deed: Deed) -> bool:
        n, release = self._run.d.n, self._run.ids[deed.release]
        moment = self._moment(time.time() + deed.seconds)
        act = plan.move(n.room, n.actor(LEADS[0]), release, moment, note="Dời giờ công bố")
        self._ended(release, act.digest)
        return self._sign(deed.release)

    def _cancel(self, deed: Deed) -> bool:
        n, release = self._run.d.n, self._run.ids[deed.release]
        act = plan.cancel(n.room, n.actor(LEADS[0]), release, note="Hủy công bố")
        if act is not None:
            self._ended(release, act.digest)
        return True

    def _recall(self, deed: Deed) -> bool:
        n, release = self._run.d.n, self._run.ids[deed.release]
        self._ended(release, plan.recall(n.room, n.actor(LEADS[0]), release).digest)
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
        self._over(lambda stop: stop.release == subject and not stop.addresses, lifted)
        return True

    def _withdraw(self, deed: Deed) -> bool:
        run, n = self._run, self._run.d.n
        mode = "takedown" if deed.kind == "takedown" else "withdraw"
        done = withdraw(n.room, n.actor(LEADS[0]), run.items[deed.release][0],
                        note="Nhầm số liệu", mode=mode)  # fmt: skip
        with run.processes:
            run.stops |= {act: Stop(release, "", 0) for release, act in done.held.items()}
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
