"""A desk on the sample newsroom, and how a test waits for it and looks at it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.pilot import Pilot

from desk.clock import FakeClock
from screens.app import DeskApp
from screens.sample import SampleSource


def desk(**options: Any) -> DeskApp:
    """A desk on the sample newsroom, at 14:41:07 of a Friday."""
    clock = FakeClock("2026-11-20T07:41:07Z")
    asks = options.pop("asks_passphrase", True)
    options.setdefault("idle_lock", 0)
    return DeskApp(SampleSource(clock, asks_passphrase=asks), clock=clock, **options)


async def settle(pilot: Pilot[None]) -> None:
    """Until every worker has answered and the picture stands."""
    for _round in range(3):
        await pilot.pause()
        waiting = [w for w in pilot.app.workers if w.group not in ("act", "palette")]
        if waiting:
            await pilot.app.workers.wait_for_complete(waiting)
    await pilot.pause()


def picture(app: DeskApp) -> str:
    """What the screen shows, as text."""
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


def source(app: DeskApp) -> SampleSource:
    assert isinstance(app.source, SampleSource)
    return app.source


async def until(pilot: Pilot[None], ready: Callable[[], object]) -> None:
    """Wait for what a worker brings about; a test that hangs here has failed."""
    for _round in range(500):
        if ready():
            return
        await pilot.pause(0.02)
    raise AssertionError(picture(pilot.app))
