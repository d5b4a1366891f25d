"""The publisher's status file as the desk reads it: is it alive, what does it warn of.

The publisher writes the file twice a second, except for the seconds around an instant. It is a
hint for people: nothing is decided by it, and a file that is missing or damaged says "not alive".
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from desk.clock import parse_instant
from desk.errors import DeskError
from desk.kept_phrase import revived
from desk.locales import N_, _, told
from desk.locales.words import word
from screens.source import Standby

SILENCE = 8.0  # seconds without a word after which the publisher counts as gone
FRESH = timedelta(hours=12)  # how long an alarm is shown
LARGEST = 4_000_000  # bytes

ALARMS = {
    "failed": N_("a channel failed"),
    "altered": N_("public text is not what was signed"),
    "log": N_("publishing has stopped"),
    "clock": N_("the clock is not trusted"),
    "takeover": N_("a standby has taken over"),
}


@dataclass(frozen=True)
class Status:
    """What the publisher last said; empty when it has said nothing."""

    value: Mapping[str, Any] = field(default_factory=dict)
    time: datetime | None = None

    def alive(self, now: datetime) -> bool:
        """Whether it spoke within the last seconds and did not say that it stops."""
        if self.time is None or self.value.get("stopping"):
            return False
        return (now - self.time).total_seconds() <= SILENCE

    @property
    def name(self) -> str:
        """The publisher's id."""
        return str(self.value.get("publisher", ""))

    @property
    def channels(self) -> Mapping[str, Mapping[str, Any]]:
        """What it says of each channel, by id."""
        return {str(one.get("id")): one for one in _rows(self.value, "channels")}

    @property
    def epoch(self) -> int:
        """The highest epoch that a channel gave it."""
        return max((int(one.get("epoch") or 0) for one in self.channels.values()), default=0)

    @property
    def standbys(self) -> tuple[Standby, ...]:
        """Who would take over, and how long ago each gave its last sign."""
        return tuple(
            Standby(str(one.get("name", "")), one.get("ready") is True, float(one["age_s"]))
            for one in _rows(self.value, "standbys")
            if _number(one, "age_s")
        )

    @property
    def offsets(self) -> Mapping[str, float]:
        """The clock of each channel that was measured, minus ours, in ms."""
        found = self.channels.items()
        return {name: float(one["offset_ms"]) for name, one in found if _number(one, "offset_ms")}

    def troubles(self, now: datetime) -> tuple[str, ...]:
        """The codes of what is wrong, the worst first: as in `ALARMS`, and `silent`, `portal`."""
        value, channels = self.value, self.channels.values()
        recent = {
            str(one.get("code"))
            for one in _rows(value, "alarms")
            if (time := _instant(one.get("time"))) is not None and now - time < FRESH
        }
        standing = {
            "log": bool(value.get("halted")) or "log" in recent,
            "silent": not self.alive(now),
            "altered": any(one.get("differing") for one in channels) or "altered" in recent,
            "clock": bool(value.get("clock")) or "clock" in recent,
            "portal": any(one.get("problem") for one in channels) or "failed" in recent,
            "takeover": "takeover" in recent,
        }
        return tuple(code for code, stands in standing.items() if stands)

    @property
    def offset_ms(self) -> float | None:
        """The clock of a channel minus ours, the one that is furthest off; None: not measured."""
        known = [one["offset_ms"] for one in self.channels.values() if _number(one, "offset_ms")]
        return float(max(known, key=abs)) if known else None

    def planned(self, release: str) -> Mapping[str, str]:
        """The state of each channel of an open release, by channel id."""
        for one in _rows(self.value, "next"):
            if one.get("release") == release:
                return {str(c.get("id")): str(c.get("state")) for c in _rows(one, "channels")}
        return {}

    def late_ms(self) -> Mapping[tuple[str, str], float]:
        """How late the latest openings were, in ms, by (release, channel)."""
        return {
            (str(one.get("release")), str(one.get("channel"))): float(one["late_ms"])
            for one in _rows(self.value, "latest")
            if _number(one, "late_ms")
        }

    @property
    def compared(self) -> Mapping[str, int]:
        """How many public items are in which state of comparison."""
        found = self.value.get("compared")
        return found if isinstance(found, dict) else {}

    def alarms(self, now: datetime) -> tuple[str, ...]:
        """What people must look at, the newest last."""
        return tuple(dict.fromkeys((*self._conditions(), *self._recent(now))))

    def _conditions(self) -> Iterator[str]:
        if halted := self.value.get("halted"):
            yield f"{_(ALARMS['log'])}: {_text(halted)}"
        if clock := self.value.get("clock"):
            yield f"{_(ALARMS['clock'])}: {_text(clock)}"
        for name, channel in self.channels.items():
            if channel.get("problem"):
                yield f"{name}: {_text(channel['problem'])}"
            if channel.get("differing"):
                yield f"{name}: {_(ALARMS['altered'])}"

    def _recent(self, now: datetime) -> Iterator[str]:
        for one in _rows(self.value, "alarms"):
            time = _instant(one.get("time"))
            if time is not None and now - time < FRESH:
                code = str(one.get("code"))
                title = _(ALARMS[code]) if code in ALARMS else word("alarm", code)
                yield f"{title}: {_text(one.get('detail', ''))}"


def barred(channel: Mapping[str, Any]) -> str:
    """Why the publisher sends a channel nothing now, in words; '' when it does."""
    code = str(channel.get("barred") or "")
    words = {"clock": ALARMS["clock"], "differs": ALARMS["altered"]}
    return _(words[code]) if code in words else code


def read_status(path: Path) -> Status:
    """The status as it lies there now. Never raises."""
    try:
        with path.open("rb") as file:
            value = revived(json.loads(file.read(LARGEST)))
    except (OSError, ValueError, RecursionError):
        return Status()
    return Status(value, _instant(value.get("time"))) if isinstance(value, dict) else Status()


def _rows(value: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = value.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _text(value: object) -> str:
    """What the publisher says, in the language chosen."""
    return told(value) if isinstance(value, str) else str(value)


def _number(value: Mapping[str, Any], name: str) -> bool:
    return isinstance(value.get(name), (int, float)) and not isinstance(value.get(name), bool)


def _instant(text: object) -> datetime | None:
    try:
        return parse_instant(text) if isinstance(text, str) else None
    except DeskError:
        return None
