"""The sentences of alerts: roles and alarms are words in both languages, codes in neither."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from desk.alerts import words
from desk.alerts.advice import advice
from desk.alerts.events import Event
from desk.alerts.message import ADVICE
from desk.newsroom.values import ALERT_EVENTS
from tests.test_docs import commands_in, wrong_with

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "desk" / "handbook" / "pages"


def _event(kind: str, state: str) -> Event:
    return Event(kind, "key", "2026-11-20T08:00:00Z", "lead-1", state=state, until="2026-12-01")


@pytest.mark.parametrize(
    ("kind", "state", "vietnamese", "english"),
    [
        ("expiring", "role review", "vai trò kiểm duyệt", "the role review"),
        ("expiring", "deputy lead", "vai trò trưởng ca trực", "the role lead"),
        ("reminded", "lead", "ký duyệt công bố", "sign-off"),
        ("alarm", "takeover", "bộ công bố dự phòng đã tiếp quản", "a standby has taken over"),
        ("alarm", "an-own-code", "an-own-code", "an-own-code"),
    ],
)
def test_what_it_is_about_is_said_in_words(
    kind: str, state: str, vietnamese: str, english: str
) -> None:
    assert vietnamese in words.sentence(_event(kind, state), "vi")
    assert english in words.sentence(_event(kind, state), "en")


EVENTS = [
    *((kind, "") for kind in sorted({*ALERT_EVENTS, "unsigned-30m", "reminded"} - {"expiring"})),
    *(("waiting-1h", step) for step in ("author", "appraise", "review", "check")),
    *(("expiring", what) for what in ("key", "role review", "deputy lead", "certificate")),
    ("reminded", "lead"),
    ("sign-again", "restored"),
    *(("alarm", code) for code in ("failed", "refused", "not-withdrawn", "takeover")),
]


@pytest.mark.parametrize("language", words.LANGUAGES)
@pytest.mark.parametrize(("kind", "state"), EVENTS)
def test_every_alert_says_what_to_do_now_or_is_good_news(
    kind: str, state: str, language: str
) -> None:
    event = replace(_event(kind, state), release="r-0123456789", channel="portal")
    text = advice(event, language, "2026-11-20T07:00:00Z")
    assert bool(text) == (kind != "released")
    assert len(text) <= ADVICE
    commands = list(commands_in(text))
    assert commands or (kind, state) == ("expiring", "certificate") or kind == "released"
    for found in commands:
        assert not wrong_with(found), found
        if found[:2] == ["handbook", "show"]:
            assert (PAGES / language / f"{found[2].rstrip('.')}.md").exists(), found


def test_why_a_release_was_missed_is_said_in_words() -> None:
    unsigned = _event("missed", "sign-off")
    assert words.why(unsigned, "vi") == "chưa ai ký duyệt"
    assert words.why(_event("missed", "an-own-rule"), "en") == "an-own-rule"


def test_every_alarm_that_the_publisher_raises_has_words() -> None:
    raised: set[str] = set()
    for path in (ROOT / "desk" / "publisher").glob("*.py"):
        text = path.read_text("utf-8")
        raised |= set(re.findall(r"\.alarm\(\s*\"([a-z-]+)\"", text))
        raised |= set(re.findall(r"\.alarm_once\([^,]+,\s*\"([a-z-]+)\"", text))
    assert {"takeover", "early-trigger", "altered"} <= raised, "the calls are really found"
    bare = {code for code in raised if code in words.sentence(_event("alarm", code), "vi")}
    assert bare <= {"altered", "clock", "log", "missed", "sign-again"}, (
        "told as events of their own"
    )
