"""The publisher's status file as alerts read it: a file that may be old, half there or not ours."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desk import shared_files
from desk.alerts.events import facts
from desk.trust.acts import INSTANT, NAME, RELEASE

LARGEST = 4 * 1024 * 1024
FENCED = "another publisher has taken over"


@dataclass(frozen=True)
class ChannelStatus:
    """One channel: whether anything is wrong with it, and what holds it (clock, differs, …)."""

    id: str
    problem: bool = False
    barred: str = ""


@dataclass(frozen=True)
class Status:
    """What a publisher said of itself at `time` (a written instant).

    `halted`: nothing goes out; `fenced`: because another publisher does it; `restored`: because
    it was restored and waits for `resume`; `sign_again`: releases signed before a restore.
    """

    publisher: str
    time: str
    halted: bool = False
    fenced: bool = False
    restored: bool = False
    clock: bool = False
    channels: tuple[ChannelStatus, ...] = ()
    sign_again: tuple[str, ...] = ()


def read(file: Path) -> Status | None:
    """The status in that file; None when there is none that makes sense."""
    try:
        with open(file, "rb", opener=shared_files.plain) as opened:
            value = json.loads(opened.read(LARGEST))
    except (OSError, ValueError, RecursionError):
        return None
    return parse(value)


def parse(value: Any) -> Status | None:
    """A status from plain values. Its words are not kept, only that there are some."""
    if not isinstance(value, dict):
        return None
    told = facts(value, "publisher", "time", "halted", "clock")
    if not INSTANT(told["time"]):
        return None
    listed, found = value.get("channels"), value.get("quarantine")
    quarantine: Mapping[str, Any] = found if isinstance(found, dict) else {}
    again = quarantine.get("sign_again")
    channels = (_channel(one) for one in listed) if isinstance(listed, list) else ()
    return Status(
        told["publisher"] if NAME(told["publisher"]) else "",
        told["time"],
        halted=bool(told["halted"]),
        fenced=told["halted"] == FENCED,
        restored=bool(quarantine.get("active")),
        clock=bool(told["clock"]),
        channels=tuple(one for one in channels if one),
        sign_again=tuple(filter(RELEASE, again)) if isinstance(again, list) else (),
    )


def _channel(value: Any) -> ChannelStatus | None:
    if not isinstance(value, Mapping):
        return None
    told = facts(value, "id", "problem", "barred")
    if not NAME(told["id"]):
        return None
    return ChannelStatus(told["id"], bool(told["problem"]), told["barred"])
