"""Holds from the rooms on a real newsroom: confirmed, requested, too late, lifted by two."""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from desk.demo.newsroom import DemoNewsroom
from desk.errors import Refused
from desk.trust.acts import EVERYTHING
from screens.source import Outcome
from tests.screens.newsroom_world import (
    PASSPHRASE,
    answer,
    holds_of,
    releases,
    source,
)

PATIENCE = 90.0  # seconds; only ends a hung test


LANGUAGE = "vi"


def held_while(newsroom: DemoNewsroom, release: str | None, outcome: str) -> Outcome:
    """Hold, and let the publisher answer as soon as it sees the hold."""
    subject = release or EVERYTHING
    with ThreadPoolExecutor(1) as pool:
        asked: Future[Outcome] = pool.submit(
            source(newsroom).hold, release, "Sai số liệu.", PASSPHRASE
        )
        end = time.monotonic() + PATIENCE
        while not (holds := holds_of(newsroom, subject)) and time.monotonic() < end:
            pass
        answer(newsroom, subject, holds[0].digest, outcome)
        return asked.result(PATIENCE)


def test_a_hold_is_done_when_the_publisher_has_confirmed_it(newsroom: DemoNewsroom) -> None:
    assert held_while(newsroom, newsroom.release, "in-force").confirmed
    due = source(newsroom).monitor().due[0]
    assert (due.held, due.hold_requested) == (True, False)
    assert source(newsroom).pulse().next is not None


def test_a_hold_without_an_answer_is_requested_not_confirmed(newsroom: DemoNewsroom) -> None:
    outcome = source(newsroom).hold(newsroom.release, "Sai số liệu.", PASSPHRASE)
    assert not outcome.confirmed
    assert source(newsroom).monitor().due[0].hold_requested


def test_attack_26_a_hold_that_comes_too_late_offers_withdrawal(newsroom: DemoNewsroom) -> None:
    with pytest.raises(Refused) as refused:
        held_while(newsroom, newsroom.release, "too-late")
    assert "desk item withdraw" in refused.value.hint


def test_lifting_takes_two_people(newsroom: DemoNewsroom) -> None:
    held_while(newsroom, newsroom.release, "in-force")
    one, other = source(newsroom), source(newsroom, "lead-2")
    one.lift(newsroom.release, PASSPHRASE)
    assert one.monitor().due[0].held
    with pytest.raises(Refused):
        one.lift(newsroom.release, PASSPHRASE)
    other.lift(newsroom.release, PASSPHRASE)
    assert not one.monitor().due[0].held


def test_holding_everything_holds_every_row_and_is_lifted_from_any(newsroom: DemoNewsroom) -> None:
    held_while(newsroom, None, "in-force")
    reader = source(newsroom)
    assert all(row.held for row in releases(reader))
    assert all(due.held for due in reader.monitor().due)
    for person in ("lead-1", "lead-2"):
        source(newsroom, person).lift(newsroom.release, PASSPHRASE)
    assert not any(row.held for row in releases(reader))
