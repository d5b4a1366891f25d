"""`desk reports`: the figures on the terminal, as CSV and as JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.newsroom_story import Story
from tests.cli.running import Ran


@pytest.fixture
def story(room: Path, home: Path, desk: Callable[..., Ran]) -> Story:
    return Story(room, home, desk).founded()


def test_what_was_handed_in_approved_and_returned_is_counted(story: Story) -> None:
    vi, en = story.pair()
    story.gets("appraiser", "item", "approve", vi)
    story.gets("appraiser", "item", "return", en, "--reason", "Thiếu nguồn", "--wait", "0")
    found = story.gets("lead-1", "reports", "show")
    whole = found["figures"][0]
    assert (whole["month"], whole["agency"]) == ("*", "*")
    assert (whole["handed_in"], whole["returned"], whole["return_rate"]) == (2, 1, 0.5)
    assert [one["step"] for one in whole["steps"]] == ["appraise"]
    assert whole["on_time_rate"] is None
    month = found["figures"][-1]["month"]

    text = story.types("lead-1", "reports", "export", "--csv").out
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {(row["month"], row["agency"]) for row in rows} == {
        (m, a) for m in ("*", month) for a in ("*", "thong-ke")
    }
    assert rows[0]["handed_in"] == "2"
    text = story.types("lead-1", "reports", "export", "--part", "steps", "--month", month).out
    assert {row["step"] for row in csv.DictReader(io.StringIO(text))} == {"appraise"}
    assert story.gets("lead-1", "reports", "releases") == []


def test_a_wrong_month_is_a_mistake_of_usage(story: Story) -> None:
    ran = story.types("lead-1", "reports", "show", "--month", "11/2026")
    assert ran.code == 2
    assert "2026-11" in ran.err
