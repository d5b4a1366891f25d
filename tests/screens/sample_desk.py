"""A desk on the sample newsroom, and how a test waits for it and looks at it."""

from __future__ import annotations

from typing import Any

from desk.clock import FakeClock
from screens.app import DeskApp
from screens.sample import SampleSource


def desk(**options: Any) -> DeskApp:
    """A desk on the sample newsroom, at 14:41:07 of a Friday."""
    clock = FakeClock("2026-11-20T07:41:07Z")
    asks = options.pop("asks_passphrase", True)
    options.setdefault("idle_lock", 0)
    return DeskApp(SampleSource(clock, asks_passphrase=asks), clock=clock, **options)


def source(app: DeskApp) -> SampleSource:
    assert isinstance(app.source, SampleSource)
    return app.source
