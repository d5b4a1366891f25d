"""The demo in a terminal: a newsroom in a folder, real portals, a release that counts down.

The person at the desk is the first shift lead. The release that counts down holds the text, graphic
and video bundle; a few more entries give every room something to show and to do.
"""

from __future__ import annotations

import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from desk.approvals import decide
from desk.clock import now, written
from desk.demo import keep
from desk.demo.content import SampleMessage, messages
from desk.demo.headless import LEAST_SECONDS, Stage, build, folder_of
from desk.demo.newsroom import DemoNewsroom, approve, release, write_pair
from desk.demo.people import people
from desk.locales import _
from desk.newsroom.load import load
from desk.newsroom.schedule import Taken, next_free
from desk.releases import plan, sign

if TYPE_CHECKING:
    from desk.cli.context import Run

PERSON = "lead-1"
FURTHER = 14  # messages to choose from, beside those of the release that counts down


def live(run: Run, seconds: int, items: int, folder: Path | None) -> None:
    """Build the demo, open the desk on it, and take everything away when the person leaves.

    `folder` keeps the newsroom, with key files for its posts. Raises Conflict for one that holds
    something, Unavailable when a process does not start.
    """
    from desk.cli.app import require_terminal

    require_terminal(run)
    root = folder_of(folder)
    ending = _Ending()
    stage: Stage | None = None
    with ending.heeded():
        try:
            stage = build(root, items, run.out.say, canary=False)
            if folder is not None:
                keep.keep(stage)
            run.out.say(_("more entries for the calendar and the queue"))
            more_entries(stage.newsroom)
            people(stage.newsroom)
            _open(run, stage, seconds, ending)
            _farewell(run, stage, folder, ending)
        finally:
            if stage is not None:
                stage.services.stop()
            if folder is None:
                shutil.rmtree(root, ignore_errors=True)


def _open(run: Run, stage: Stage, seconds: int, ending: _Ending) -> None:
    from desk.cli.app import get_ready, newsroom_source, open_with

    get_ready()  # before the countdown begins
    newsroom = stage.newsroom
    release(newsroom, max(seconds, LEAST_SECONDS))
    run.out.say(_("signed by two shift leads; it goes out at {time}").format(time=newsroom.at))
    for line in addresses(stage):
        run.out.say("  " + line)

    actor = newsroom.actor(PERSON)
    calendar = newsroom.root / "calendar.yaml"
    opening = partial(
        newsroom_source, newsroom.room, actor, calendar, stage.status_file, lambda _: actor,
        asks=False,
    )  # fmt: skip
    banner = _("TRY-OUT") + "  " + "  ".join(f"{name} {url}" for name, url in stage.urls.items())
    open_with(
        run, opening, language=run.language(), room="monitor", banner=banner, started=ending.ends
    )


def addresses(stage: Stage) -> list[str]:
    """Where to look, one line a channel."""
    lines = [f"{name:8} {url}" for name, url in stage.urls.items()]
    return [*lines, f"{'press':8} {stage.press}"]


def _farewell(run: Run, stage: Stage, folder: Path | None, ending: _Ending) -> None:
    """The addresses again. The portals stay until Enter, for who wants to look at the pages."""
    for line in addresses(stage):
        run.out.say("  " + line)
    if folder is not None:
        run.out.say(keep.told(stage))
    if ending.come:
        return
    run.out.say(_("The portals run until you press Enter."))
    try:
        input()
    except (EOFError, KeyboardInterrupt):
        return


class _Ending:
    """SIGTERM and SIGHUP end the app, then the processes: nothing is left running."""

    def __init__(self) -> None:
        self.come = False
        self._app: Callable[[], None] | None = None

    def ends(self, app: Callable[[], None]) -> None:
        """What to call when the end comes."""
        self._app = app

    @contextmanager
    def heeded(self) -> Iterator[None]:
        """Take the signals for the time of the demo."""
        before = {one: signal.signal(one, self._end) for one in (signal.SIGTERM, signal.SIGHUP)}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)

    def _end(self, _number: int, _frame: object) -> None:
        self.come = True
        if self._app is None:
            raise KeyboardInterrupt
        self._app()


# What the rooms show besides the countdown


def more_entries(newsroom: DemoNewsroom) -> None:
    """Four more releases in free slots: to sign, to approve twice, and one with a returned item."""
    ready, sent_back, paper, statement = _others(newsroom)
    places = _Places(newsroom)
    lead, other = newsroom.actor("lead-1"), newsroom.actor("lead-2")

    items = write_pair(newsroom, ready)
    for item in items:
        approve(newsroom, item)
    to_sign = places.plan(ready.kind, items, "HOA-SEN")
    plan.confirm(newsroom.room, lead, to_sign)
    sign.sign(newsroom.room, other, to_sign)

    for message, code, confirmed in ((paper, "SÔNG-HƯƠNG", True), (statement, "TRE-XANH", False)):
        items = write_pair(newsroom, message)
        for item in items:
            approve(newsroom, item, but_last=True)
        waiting = places.plan(message.kind, items, code)
        if confirmed:
            plan.confirm(newsroom.room, lead, waiting)

    items = write_pair(newsroom, sent_back)
    places.plan(sent_back.kind, items, "TRỐNG-ĐỒNG")
    reason = "Nguồn của đoạn thứ hai chưa có ngày ban hành; đề nghị bổ sung."
    decide.give_back(newsroom.room, other, items[0], reason)


def _others(newsroom: DemoNewsroom) -> list[SampleMessage]:
    """Messages that are not out yet: two of any kind, two whose last step this person may take."""
    first = len(newsroom.items) // 2
    with newsroom.room.reading() as view:
        kinds = view.policy.kinds
    found = messages(first + FURTHER)[first:]
    mine = [one for one in found if kinds[one.kind]["chain"][-1] == "check"][:2]
    return [*[one for one in found if one not in mine][:2], *mine]


class _Places:
    """Plans releases into the next free slots of the demo's calendar, one after the other."""

    def __init__(self, newsroom: DemoNewsroom) -> None:
        self._newsroom = newsroom
        self._config = load(newsroom.root / "calendar.yaml")
        self._taken: list[Taken] = []

    def plan(self, kind: str, items: list[str], code: str) -> str:
        """A provisional release of these items. Returns its id."""
        config, room = self._config, self._newsroom.room
        slot = next_free(config, self._moment(), kind, self._taken)
        assert slot is not None, f"the demo's calendar has no slot for {kind}"
        moment = plan.Moment.of_instant(written(slot.at), config.newsroom.zone)
        act = plan.plan(
            room, self._newsroom.actor(PERSON), moment, items=items, channels=slot.channels,
            code=code, slot=slot.slot_id,
        )  # fmt: skip
        self._taken.append(Taken(act.subject, slot.at, slot.channels))
        return act.subject

    def _moment(self) -> datetime:
        return now(self._newsroom.room.clock)
