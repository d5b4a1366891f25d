"""A small good calendar for the tests, and a way to write down where its mistakes should be told.

In a bad text each `▸` stands before the character at which a problem is expected.
"""

from __future__ import annotations

import textwrap

import pytest

from desk.errors import ConfigError, Problem
from desk.newsroom.config import NewsroomConfig
from desk.newsroom.load import load_bytes

GOOD = """\
newsroom:
  id: desk-test
  name: {vi: Tòa soạn thử, en: Test newsroom}
  zone: Asia/Ho_Chi_Minh
  languages: [vi, en]
agencies:
  - {id: thong-ke, name: {vi: Cục Thống kê, en: Statistics}, sections: [documents]}
  - {id: y-te, name: {vi: Bộ Y tế, en: Health}}
kinds:
  statement:
    chain: [appraise, review, check]
    gates: [summary, sources, translation]
  news: {chain: [review], gates: [summary], languages: [vi]}
  urgent: {chain: [check], urgent: true}
channels:
  - {id: portal, driver: desk, url: "http://127.0.0.1:8601", languages: [vi, en]}
  - {id: press, driver: folder, path: var/press, languages: [vi, en], required: false}
slots:
  - id: morning
    rule: FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR
    at: "09:30"
    kinds: [news]
    channels: [portal, press]
blackouts:
  - {from: 2026-11-21T00:00, to: 2026-11-22T00:00, why: {vi: bảo trì}}
releases: {signers: 2, stage_ahead: 10m, publish_within: 15m, not_after: 15m}
"""


def with_change(old: str, new: str, text: str = GOOD) -> str:
    """`text` with `old` replaced, which must occur exactly once."""
    assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times"
    return text.replace(old, new)


def config(text: str = GOOD) -> NewsroomConfig:
    """The configuration of a good text."""
    return load_bytes(text.encode())


def problems_of(text: str | bytes) -> tuple[Problem, ...]:
    """The problems of a bad text."""
    raw = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    with pytest.raises(ConfigError) as caught:
        load_bytes(raw)
    return caught.value.problems


def marked(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without its `▸`, and the line and column of what each stood before."""
    places = []
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        while "▸" in line:
            places.append((number, line.index("▸") + 1))
            line = line.replace("▸", "", 1)
        lines[number - 1] = line
    return "\n".join(lines), places


def dedent(text: str) -> str:
    """A block of YAML written inside a test."""
    return textwrap.dedent(text).lstrip("\n")
