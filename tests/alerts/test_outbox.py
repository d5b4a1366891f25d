"""Each event once for each target, over restarts; retries that slow down and end."""

from __future__ import annotations

import sqlite3
import stat
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.alerts import outbox as outboxes
from desk.alerts.events import STALE, Event
from desk.alerts.outbox import AGAIN, GIVE_UP, KEEP, MOST, TOGETHER, Outbox, retry_after
from desk.alerts.targets import Route, Target, routes, targets
from desk.clock import epoch_ns
from desk.errors import Unavailable
from tests.newsroom.sample import GOOD, config

HELD = Event("held", "held 1", "2026-11-20T01:00:00Z", "r-0000000000", "SAO")
CLOCK = Event("clock", "clock", "2026-11-20T01:00:00Z", "publisher", lasting=True)
NOW = epoch_ns(HELD.time) // 10**9
ONE = Target("smtp", "a@example.org")
TWO = Target("webhook", "https://hooks.example.org/x", "webhook")
ROUTES = (Route(frozenset({"held", "clock"}), ONE), Route(frozenset({"alarm"}), TWO))


@pytest.fixture
def box(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path / "outbox.db")


def test_an_event_goes_once_to_each_target_that_takes_it(tmp_path: Path, box: Outbox) -> None:
    assert box.note([HELD, CLOCK], ROUTES, NOW) == 3
    assert box.note([HELD, CLOCK], ROUTES, NOW + 1) == 0
    box.close()
    again = Outbox(tmp_path / "outbox.db")
    assert again.note([HELD, CLOCK], ROUTES, NOW + 2) == 0
    batch = again.take(ONE, NOW + 2)
    assert batch is not None
    assert batch.events == (HELD, CLOCK)
    again.sent(batch, NOW + 2)
    assert again.take(ONE, NOW + 10**6) is None
    assert again.note([HELD, CLOCK], ROUTES, NOW + 3) == 0


def test_two_lines_for_one_target_tell_it_once(box: Outbox) -> None:
    both = (*ROUTES, Route(frozenset({"alarm", "held"}), ONE))
    assert box.note([CLOCK], both, NOW) == 2


def test_a_target_named_later_is_not_told_of_what_was_before(box: Outbox) -> None:
    assert box.note([HELD], (), NOW) == 0
    assert box.note([HELD], ROUTES, NOW + 1) == 0


def test_a_batch_is_tried_again_as_it_was_and_under_its_name(tmp_path: Path, box: Outbox) -> None:
    box.note([HELD], ROUTES, NOW)
    first = box.take(ONE, NOW)
    assert first is not None
    box.close()  # killed between sending and putting that down
    box = Outbox(tmp_path / "outbox.db")
    box.note([CLOCK], ROUTES, NOW + 1)
    again = box.take(ONE, NOW + 1)
    assert again == first
    box.sent(first, NOW + 1)
    rest = box.take(ONE, NOW + 1)
    assert rest is not None
    assert (rest.events, rest.name != first.name) == ((CLOCK,), True)


def test_retries_slow_down_and_end_after_a_day(box: Outbox) -> None:
    box.note([HELD], ROUTES, NOW)
    moments, moment = [], NOW
    while batch := box.take(ONE, moment):
        moments.append(moment)
        assert box.take(ONE, moment) is not None
        if box.failed(batch, "ConnectionRefusedError", moment):
            break
        assert box.take(ONE, moment) is None
        moment += retry_after(batch.tries + 1)
    gaps = [b - a for a, b in pairwise(moments)]
    assert gaps[:5] == [30, 60, 120, 240, 300]
    assert set(gaps[4:]) == {300}
    assert GIVE_UP <= moments[-1] - NOW < GIVE_UP + 300
    (given_up,) = box.deliveries("given-up")
    assert (given_up.code, given_up.tries) == ("ConnectionRefusedError", len(moments))
    assert box.take(ONE, moment + 10**7) is None


def test_a_target_that_was_away_is_told_in_the_order_of_what_happened(box: Outbox) -> None:
    """Who reads "out everywhere" and then "missing on one" looks for what is not missing."""
    in_order = [replace(HELD, key=f"held {n}") for n in range(3)]
    for number, event in enumerate(in_order):
        box.note([event], ROUTES[:1], NOW + number)
        batch = box.take(ONE, NOW + number)
        assert batch is not None
        assert batch.events == (in_order[0],), "the oldest one first, before its time, too"
        box.failed(batch, "ConnectionRefusedError", NOW + number)
        assert box.take(ONE, NOW + number) is None, "nothing else knocks at a closed door"
    later, told = NOW + 1000, []
    while batch := box.take(ONE, later):
        told += batch.events
        box.sent(batch, later)
    assert told == in_order


def test_what_waits_behind_goes_as_soon_as_the_target_is_back(box: Outbox) -> None:
    box.note([HELD], ROUTES[:1], NOW)
    moment = NOW
    for _ in range(5):
        batch = box.take(ONE, moment)
        assert batch is not None
        box.failed(batch, "TimeoutError", moment)
        moment += retry_after(batch.tries + 1)
    box.note([CLOCK], ROUTES[:1], moment - 200)
    batch = box.take(ONE, moment - 200)
    assert batch is not None
    box.sent(batch, moment - 200)
    rest = box.take(ONE, moment - 200)
    assert rest is not None
    assert rest.events == (CLOCK,)


@pytest.mark.parametrize("code", ["SMTPDataError-554", "http-413"])
def test_a_mail_that_is_refused_for_good_holds_up_no_other(box: Outbox, code: str) -> None:
    box.note([HELD], ROUTES[:1], NOW)
    batch = box.take(ONE, NOW)
    assert batch is not None
    box.failed(batch, code, NOW)
    box.note([CLOCK], ROUTES[:1], NOW + 1)
    other = box.take(ONE, NOW + 1)
    assert other is not None
    assert other.events == (CLOCK,)
    box.sent(other, NOW + 1)
    assert box.take(ONE, NOW + 1) is None
    again = box.take(ONE, NOW + 30)
    assert again is not None
    assert again.events == (HELD,)


def test_a_condition_is_told_again_only_when_it_was_gone_for_a_while(box: Outbox) -> None:
    assert box.note([CLOCK], ROUTES, NOW) == 2
    for second in range(1, AGAIN * 3, 50):
        assert box.note([CLOCK], ROUTES, NOW + second) == 0
    last = NOW + second
    assert box.note([], ROUTES, last + AGAIN - 100) == 0
    assert box.note([CLOCK], ROUTES, last + AGAIN - 100) == 0
    assert box.note([CLOCK], ROUTES, last + 2 * AGAIN) == 2


def test_patience_counts_only_while_the_condition_lasts(box: Outbox) -> None:
    gone = replace(CLOCK, patience=60)
    for flap in range(0, 600, 30):  # up and down every half minute: nobody is called
        assert box.note([gone], ROUTES, NOW + flap) == 0
    start = NOW + 1000
    told = [s for s in range(0, 121, 2) if box.note([gone], ROUTES, start + s)]
    assert told == [60]


def test_what_is_long_past_is_not_told(box: Outbox) -> None:
    old = replace(HELD, key="held 2")
    assert box.note([HELD], ROUTES, NOW + STALE) == 1
    assert box.note([old], ROUTES, NOW + STALE + 1) == 0
    ending = Event("expiring", "e", HELD.time, "lead-1")
    route = Route(frozenset({"expiring"}), ONE)
    assert box.note([ending], [route], NOW + 10 * STALE) == 1


def test_many_events_go_in_few_mails_and_a_flood_waits(box: Outbox) -> None:
    flood = [replace(HELD, key=f"held {n}") for n in range(MOST + 10)]
    assert box.note(flood, ROUTES[:1], NOW) == MOST
    sizes = []
    while batch := box.take(ONE, NOW):
        sizes.append(len(batch.events))
        box.sent(batch, NOW)
    assert sizes == [TOGETHER] * (MOST // TOGETHER)
    assert box.note(flood, ROUTES[:1], NOW) == 10


def test_what_is_for_a_target_that_is_no_longer_named_is_given_up(box: Outbox) -> None:
    box.note([CLOCK], ROUTES, NOW)
    assert box.keep_only([TWO.id], NOW) == 1
    assert [d.target for d in box.deliveries("pending")] == [TWO.id]
    assert [d.code for d in box.deliveries("given-up")] == ["no-target"]


def test_what_ended_long_ago_is_forgotten(box: Outbox) -> None:
    box.note([HELD], ROUTES, NOW)
    batch = box.take(ONE, NOW)
    assert batch is not None
    box.sent(batch, NOW)
    box.forget(NOW + KEEP)
    assert len(box.deliveries()) == 1
    box.forget(NOW + KEEP + 1)
    assert box.deliveries() == []


def test_the_outbox_belongs_to_its_owner_alone(tmp_path: Path, box: Outbox) -> None:
    assert stat.S_IMODE((tmp_path / "outbox.db").stat().st_mode) == 0o600
    box.note([HELD], ROUTES, NOW)
    assert [d.event for d in outboxes.look(tmp_path / "outbox.db", "pending")] == [HELD]
    assert outboxes.look(tmp_path / "none.db") == []


def test_a_disk_that_does_not_take_it_is_an_error_of_ours(tmp_path: Path, box: Outbox) -> None:
    with sqlite3.connect(tmp_path / "outbox.db") as other:
        other.execute("DROP TABLE seen")
    with pytest.raises(Unavailable, match="outbox"):
        box.note([HELD], ROUTES, NOW)


STEPS = st.tuples(st.sets(st.sampled_from("abcd")), st.integers(1, 400), st.booleans())


@settings(max_examples=25)
@given(steps=st.lists(STEPS, max_size=15))
def test_whatever_fails_and_comes_back_each_event_arrives_at_most_once(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[set[str], int, bool]]
) -> None:
    """In every order of events, failures and restarts; and at last exactly once."""
    path, now = tmp_path_factory.mktemp("box") / "outbox.db", NOW
    arrived: Counter[str] = Counter()
    noted: set[str] = set()
    for keys, seconds, works in steps:
        now += seconds
        box = Outbox(path)
        box.note([replace(HELD, key=key) for key in sorted(keys)], ROUTES[:1], now)
        noted |= keys
        if batch := box.take(ONE, now):
            if works:
                arrived.update(event.key for event in batch.events)
                box.sent(batch, now)
            else:
                box.failed(batch, "x", now)
        box.close()
    box = Outbox(path)
    while batch := box.take(ONE, now + 10**6):
        arrived.update(event.key for event in batch.events)
        box.sent(batch, now + 10**6)
    box.close()
    assert arrived == Counter(noted)


def test_the_routes_are_those_of_calendar_yaml() -> None:
    text = GOOD + (
        "alerts:\n"
        "  - when: [alarm, waiting]\n"
        "    to: {smtp: a@example.org, webhook: 'https://hooks.example.org/x', credential: hook}\n"
        "    escalate_to: {smtp: b@example.org}\n"
        "mail: {server: localhost, security: none, from: desk@example.org}\n"
    )
    mail, hook, later = routes(config(text))
    assert (mail.target, later.target.address, later.escalated) == (ONE, "b@example.org", 900)
    assert hook.target.credential == "hook"
    assert len(targets(config(text))) == 3
    waiting = Event("waiting-1h", "w", HELD.time, "i-0000000000")
    assert [r.takes(waiting) for r in (mail, hook, later)] == [True, True, False]
    assert [r.takes(replace(waiting, escalated=900)) for r in (mail, later)] == [False, True]
    assert all(mail.takes(replace(CLOCK, kind=k)) for k in ("log", "altered", "missed", "alarm"))
    assert not mail.takes(HELD)


def test_the_path_of_a_webhook_is_shown_to_nobody() -> None:
    target = Target("webhook", "https://hooks.example.org/T0/S3CR3T", "webhook")
    assert target.shown.startswith("hooks.example.org#")
    assert "S3CR3T" not in target.shown
