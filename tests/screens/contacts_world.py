"""A board with two agencies, a rota and an enquiry, for the tests of contacts and their room."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from desk.demo.newsroom import DemoNewsroom
from desk.people import contacts, enquiries
from desk.people.contact_entries import Away, Contact, Shift, Topic
from desk.people.contacts import Change, Private
from desk.people.enquiry_views import Enquirer
from desk.trust.ids import new_away, new_contact, new_shift
from tests.screens.newsroom_world import build, copy

WEEKDAYS = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
QUESTION = "Số liệu quý III được tính như thế nào?"
PRIVATE = "+84 24 555 0199"
JOURNALIST = Enquirer("Phóng viên 1", "desk@example.net", "555-0142")


@dataclass
class Board:
    """Ids of what is on the board, and the enquiry."""

    first: str
    second: str
    health: str
    enquiry: str = ""


def fill(newsroom: DemoNewsroom) -> Board:
    """Economy has a focal point on weekdays, away on Monday, and a deputy; health has nobody else.

    `admin-1` is the focal point; the enquiry is due an hour and a half after the clock's start.
    """
    room, admin = newsroom.room, newsroom.actor("admin-1")
    first, second, health = new_contact(), new_contact(), new_contact()
    shift, other, away = new_shift(), new_shift(), new_away()
    people = [
        Contact(first, "thong-ke", {"vi": "Cục Thống kê – người phát ngôn 1",
                                    "en": "Statistics Office – spokesperson 1"},
                "admin-1", ("vi", "en"), "+84 24 555 0101", "press@example.org"),
        Contact(second, "thong-ke", {"vi": "Cục Thống kê – người phát ngôn 2"}, "", ("vi",),
                "+84 24 555 0102"),
        Contact(health, "y-te", {"vi": "Bộ Y tế – người phát ngôn"}, "", ("vi",)),
    ]  # fmt: skip
    changes = [
        Change(first, people[0], Private(PRIVATE, "", "sau 18 giờ")),
        *(Change(one.id, one) for one in people[1:]),
        Change("kinh-te@thong-ke", Topic("kinh-te@thong-ke", "thong-ke",
               {"vi": "Kinh tế", "en": "Economy"}, first, (second,))),
        Change("y-te@y-te", Topic("y-te@y-te", "y-te", {"vi": "Y tế", "en": "Health"}, health)),
        Change(shift, Shift(shift, "thong-ke", first, WEEKDAYS, "07:30", "17:30")),
        Change(other, Shift(other, "y-te", health, WEEKDAYS, "08:00", "17:00")),
        Change(away, Away(away, "thong-ke", first, "2026-11-23T00:30:00Z",
                          "2026-11-23T10:30:00Z")),
    ]  # fmt: skip
    contacts.change(room, admin, changes)
    asked = enquiries.open_enquiry(
        room, admin, QUESTION, outlet="Example Wire", due="2026-11-20T02:30:00Z", language="vi",
        agency="thong-ke", topic="kinh-te", enquirer=JOURNALIST,
    )  # fmt: skip
    return Board(first, second, health, asked.id)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[DemoNewsroom, Board]:
    """The demo's newsroom with a board of contacts; not to be changed."""
    newsroom = build(tmp_path_factory.mktemp("built"))
    return newsroom, fill(newsroom)


@pytest.fixture
def newsroom(filled: tuple[DemoNewsroom, Board], tmp_path: Path) -> DemoNewsroom:
    """A copy of it that a test may change."""
    return copy(filled[0], tmp_path / "room")


@pytest.fixture
def board(filled: tuple[DemoNewsroom, Board]) -> Board:
    """The ids of its contacts."""
    return filled[1]
