"""The monitor's views and calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from screens.source.shared import ReleaseState

Phase = Literal["waiting", "staging", "judging", "ready", "opening", "comparing", "done"]


@dataclass(frozen=True)
class ChannelState:
    """One channel of one release: staged, opened, compared."""

    channel: str
    name: str
    required: bool
    staged: int
    items: int
    sealed: bool
    outcome: Literal["waiting", "staged", "opened", "published", "retrying", "failed"]
    matched: bool | None = None
    late_ms: float | None = None
    note: str = ""


@dataclass(frozen=True)
class DueRelease:
    """A release that is about to go out, or has just gone."""

    release: str
    title: str
    at: datetime
    state: ReleaseState
    held: bool
    phase: Phase
    items: int
    channels: tuple[ChannelState, ...]
    hold_requested: bool = False
    """A hold was signed that the publisher has not acknowledged."""
    waits_until: datetime | None = None
    """The window's end of a release that waits for a script to open it."""


@dataclass(frozen=True)
class Standby:
    """A publisher that would take over. `age_s`: seconds since its last sign."""

    name: str
    ready: bool
    age_s: float


@dataclass(frozen=True)
class PublisherState:
    """The publisher that leads, as far as this desk can tell."""

    name: str
    epoch: int
    alive: bool
    standbys: tuple[Standby, ...] = ()
    clock_ms: float | None = None
    """The portal's clock minus ours."""
    clock_ok: bool = True
    offsets: tuple[tuple[str, float], ...] = ()
    """The clock of each portal that was measured, minus ours: its channel's name, milliseconds."""


@dataclass(frozen=True)
class DayRecord:
    """How punctual the day was; `late_ms` holds the last releases, oldest first."""

    on_time: int = 0
    late: int = 0
    """Gone out by itself, more than a second after its instant."""
    early: int = 0
    missed: int = 0
    p50_ms: float | None = None
    p99_ms: float | None = None
    late_ms: tuple[float, ...] = ()


@dataclass(frozen=True)
class Monitor:
    """Will it go, did it go, is it still right?"""

    publisher: PublisherState | None
    due: tuple[DueRelease, ...]
    today: DayRecord = field(default_factory=DayRecord)
    alarms: tuple[str, ...] = ()
    compared_at: datetime | None = None
    compared_pages: int = 0
    compared_ok: bool = True
    runbook: str = ""
    """The handbook's page for what stands first among the alarms."""


class MonitorSource(Protocol):
    """The publisher at work."""

    def monitor(self) -> Monitor:
        """The publisher, the releases near now, and the day."""
        ...
