"""Events: what people can be told. Ids, code names, states and times; never a text of the newsroom.

Free words (the detail of an alarm, the answer of a portal) are not carried on either: whoever
wrote them may have put a headline into them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from desk.newsroom.config import NewsroomConfig
from desk.newsroom.values import AHEAD, parse_span
from desk.trust.record import Record

DEFAULT_SPANS = {"waiting": "waiting-1h"}
"""What the event without a span means."""
ALARMING = frozenset({"alarm", "altered", "clock", "log", "missed", "restored", "sign-again"})
"""Kinds that the word `alarm` in calendar.yaml stands for."""
HAPPENED = frozenset(
    {"held", "lifted", "missed", "partial", "released", "alarm", "altered", "reminded"}
)
"""Kinds that tell of something past: after STALE seconds nobody needs to be told any more."""
STALE = 6 * 3600


@dataclass(frozen=True)
class Event:
    """One thing to tell. `key` names it for ever; `time` and `at` are written instants.

    `subject`: the release, item, person or channel it is about; `code` its code name. `state`: a
    step, an alarm's code, how many signed. `who`: ids of those who can act. `lasting`: a condition
    that can end and come back, told each time; `patience`: seconds that it must last before.
    `escalated`: seconds after the first alert, 0 for that one.
    """

    kind: str
    key: str
    time: str
    subject: str
    code: str = ""
    state: str = ""
    release: str = ""
    at: str = ""
    channel: str = ""
    who: tuple[str, ...] = ()
    until: str = ""
    escalated: int = 0
    lasting: bool = False
    patience: int = 0

    @property
    def base(self) -> str:
        """The kind without its span: `unsigned` for `unsigned-30m`."""
        return base(self.kind)

    @property
    def happened(self) -> bool:
        """Whether it tells of something past, which grows stale."""
        return self.kind in HAPPENED and not self.lasting

    def as_json(self) -> dict[str, Any]:
        """What is true of it, as plain values; empty things are left out."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
            if value and name not in ("key", "lasting", "patience")
        }

    def to_text(self) -> str:
        """As one line of JSON, whole, for the outbox."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_text(cls, text: str) -> Event:
        """What `to_text` wrote."""
        value = json.loads(text)
        return cls(**{**value, "who": tuple(value["who"])})


def base(kind: str) -> str:
    """The kind of an event without its span."""
    word = kind.partition("-")[0]
    return word if word in AHEAD else kind


@dataclass(frozen=True)
class Wait:
    """People are waited for: told `span` seconds before the instant, and after each `later`."""

    kind: str
    span: int
    later: tuple[int, ...] = ()


@dataclass(frozen=True)
class Rules:
    """How long before an instant people are told that they are waited for."""

    waits: tuple[Wait, ...] = (Wait("unsigned-30m", 1800), Wait("waiting-1h", 3600))

    @classmethod
    def of(cls, config: NewsroomConfig) -> Rules:
        """The rules that the alerts of calendar.yaml ask for; none twice."""
        found: dict[str, set[int]] = {}
        for alert in config.alerts:
            for kind in map(spanned, alert.when):
                if base(kind) in AHEAD:
                    later = {alert.escalate_after} if alert.escalate_to else set()
                    found.setdefault(kind, set()).update(later)
        return cls(
            tuple(
                Wait(kind, parse_span(kind.partition("-")[2]), tuple(sorted(later)))
                for kind, later in sorted(found.items())
            )
        )

    def of_base(self, wanted: str) -> Iterable[Wait]:
        """The waits for signatures (`unsigned`) or for steps (`waiting`)."""
        return (wait for wait in self.waits if base(wait.kind) == wanted)

    @property
    def horizon(self) -> int:
        """The longest span before an instant, in seconds."""
        return max((wait.span for wait in self.waits), default=0)


def spanned(kind: str) -> str:
    """The kind with its span: `waiting` means `waiting-1h`."""
    return DEFAULT_SPANS.get(kind, kind)


def about(record: Record, kind: str, key: str, time: str, subject: str, **more: Any) -> Event:
    """An event about a release that the record knows, or about something else."""
    release = record.releases.get(subject)
    if release is not None:
        more = {"code": release.code, "release": release.id, "at": release.at, **more}
    return Event(kind, key, time, subject, **more)


def unique(events: Iterable[Event]) -> list[Event]:
    """Each key once, the first one found; oldest first."""
    found: dict[str, Event] = {}
    for event in events:
        found.setdefault(event.key, event)
    return sorted(found.values(), key=lambda event: (event.time, event.key))


def facts(value: Mapping[str, Any], *names: str) -> dict[str, str]:
    """The named texts of a mapping that came from a file; anything else is ''."""
    return {n: v if isinstance(v := value.get(n), str) else "" for n in names}
