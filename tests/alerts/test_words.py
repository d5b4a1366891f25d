"""The sentences of alerts: roles and alarms are words in both languages, codes in neither."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from desk.alerts import words
from desk.alerts.events import Event

ROOT = Path(__file__).parents[2]


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
