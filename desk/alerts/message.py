"""The message: what a mail says and what a webhook gets about a batch of events.

Code names are chosen by people and ids may come from a file: everything is cut to one safe line
before it stands in a subject, and no value can begin a header, a line or a terminal sequence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from desk.alerts import words
from desk.alerts.advice import advice
from desk.alerts.events import Event
from desk.clock import parse_instant, to_wall
from desk.newsroom.config import NewsroomConfig
from desk.text import one_line

WIDTH = 200
ADVICE = 400
LATE = timedelta(minutes=5)
SUBJECT = 120
RULE = "-" * 40


@dataclass(frozen=True)
class Voice:
    """Who tells: the newsroom's id, its home zone, and the languages to tell it in."""

    newsroom: str
    zone: str
    languages: tuple[str, ...]

    @classmethod
    def of(cls, config: NewsroomConfig) -> Voice:
        """The voice of a newsroom."""
        here = config.newsroom
        return cls(here.id, here.zone, words.languages(here.languages))


@dataclass(frozen=True)
class Message:
    """A batch in words (`subject`, one line; `text`, lines) and as plain values (`document`)."""

    subject: str
    text: str
    document: dict[str, Any]


def compose(voice: Voice, events: Sequence[Event], moment: str) -> Message:
    """The message about these events, in each language of the voice, as it goes out at `moment`
    (a written instant)."""
    told = list(_parts(voice, events, moment))
    told.append("\n".join(words.label("footer", language) for language in voice.languages))
    document = {
        "format": 1,
        "newsroom": voice.newsroom,
        "alerts": [
            _safe(event.as_json()) | {"text": _texts(voice, event)} | _advice(voice, event, moment)
            for event in events
        ],
    }
    return Message(_subject(voice, events), f"\n\n{RULE}\n\n".join(told) + "\n", document)


def _safe(values: dict[str, Any]) -> dict[str, Any]:
    """The same with every text as one safe line: a receiver may print it somewhere."""
    return {
        name: [one_line(each, WIDTH) for each in value]
        if isinstance(value, list)
        else one_line(value, WIDTH)
        if isinstance(value, str)
        else value
        for name, value in values.items()
    }


def _texts(voice: Voice, event: Event) -> dict[str, str]:
    return {each: one_line(words.sentence(event, each), WIDTH) for each in voice.languages}


def _advice(voice: Voice, event: Event, moment: str) -> dict[str, dict[str, str]]:
    """What to do about it, as `do` in each language; {} where nothing is to be done."""
    told = {each: one_line(advice(event, each, moment), ADVICE) for each in voice.languages}
    return {"do": told} if all(told.values()) else {}


def _subject(voice: Voice, events: Sequence[Event]) -> str:
    first = voice.languages[0]
    what = one_line(words.sentence(events[0], first), SUBJECT)
    if len(events) > 1:
        what = f"{words.label('subject', first, count=len(events))}: {what}"
    return one_line(f"[Desk {voice.newsroom}] {what}", SUBJECT)


def _parts(voice: Voice, events: Sequence[Event], moment: str) -> Iterator[str]:
    for language in voice.languages:
        yield "\n\n".join("\n".join(_lines(voice, event, language, moment)) for event in events)


def _lines(voice: Voice, event: Event, language: str, moment: str) -> Iterator[str]:
    yield one_line(words.sentence(event, language), WIDTH)
    if event.escalated:
        minutes = event.escalated // 60
        yield f"  {words.label('escalated', language, minutes=minutes)}"
    facts = {
        "at": _moment(event.at, voice.zone),
        "by" if event.kind in ("held", "lifted") else "who": ", ".join(event.who),
        "why": words.why(event, language) if event.kind == "missed" else "",
        "time": _moment(event.time, voice.zone),
        "late": _moment(moment, voice.zone) if _late(event, moment) else "",
    }
    for name, value in facts.items():
        if value:
            yield f"  {words.label(name, language)}: {one_line(value, WIDTH)}"
    if text := advice(event, language, moment):
        yield f"  {words.label('do', language)}: {one_line(text, ADVICE)}"


def _late(event: Event, moment: str) -> bool:
    """Whether it goes out so long after it was noted that things may have changed."""
    return parse_instant(moment) - parse_instant(event.time) > LATE


def _moment(instant: str, zone: str) -> str:
    """A written instant on the newsroom's wall, and as it is written: 15:00:00 20/11/2026 …"""
    if not instant:
        return ""
    wall = to_wall(parse_instant(instant), zone)
    return f"{wall:%H:%M:%S %d/%m/%Y} ({zone}), {instant}"
