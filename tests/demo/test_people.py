"""The demo's rooms of contacts and terms have something to look at, and something to do."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from desk.clock import FakeClock, now, parse_instant
from desk.demo import people as demo
from desk.demo.newsroom import adopt, found, make_portals, write_calendar
from desk.people import contacts, duty, enquiry_views
from desk.terms import proposals

START = "2026-11-20T01:00:00Z"


def test_the_demo_has_people_who_speak_one_gap_a_question_and_a_proposal(tmp_path: Path) -> None:
    newsroom = found(tmp_path, clock=FakeClock(START))
    urls = dict.fromkeys(("portal", "foreign"), "http://127.0.0.1:1")
    write_calendar(newsroom.root, urls, make_portals(newsroom))
    adopt(newsroom)
    demo.people(newsroom)
    room, lead = newsroom.room, newsroom.actor("lead-1")
    board, since = contacts.board(room), now(room.clock)
    assert len(board.topics) == 4
    gaps = duty.gaps(board, "Asia/Ho_Chi_Minh", since, since + timedelta(days=2))
    assert [gap.topic for gap in gaps] == ["y-te@y-te"]
    (asked,) = enquiry_views.listed(room, lead)
    assert asked.question == demo.QUESTION, "the person at the desk may read it"
    assert timedelta(minutes=30) < parse_instant(asked.row.due) - since <= timedelta(minutes=95)
    (proposal,) = proposals.waiting(room)
    assert proposals.accept(room, lead, proposal.id).in_force, "and may agree to it"
