"""Who speaks in the demo: a board of contacts, a duty rota with one gap, a question, a proposal.

Every contact is a post, with numbers and addresses from the ranges that belong to nobody.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from desk.clock import now, written
from desk.demo.newsroom import ADMIN, DemoNewsroom
from desk.people import contact_entries, contacts, enquiries
from desk.people.contact_entries import Away, Contact, Shift, Topic
from desk.people.contacts import Change, Private
from desk.people.enquiry_views import Enquirer
from desk.terms import proposals
from desk.terms.change import Change as TermChange
from desk.terms.entry import Citation, Entry, Form, Source
from desk.trust.ids import new_away, new_contact, new_shift

DAILY = "FREQ=DAILY"
QUESTION = "Kết quả Tổng điều tra dân số sẽ được công bố chi tiết đến cấp xã khi nào?"
TERM = Entry(
    "nguoi-phat-ngon", "vi",
    (Form("người phát ngôn", "preferred"), Form("phát ngôn viên", "deprecated")),
    "Văn bản của cơ quan hành chính nhà nước gọi là “người phát ngôn”.",
    Citation(
        Source("nd-09-2017", "Nghị định số 09/2017/NĐ-CP"), "Điều 2"
    ),
    "nguoi-phat-ngon", severity="error",
    match=("Phát ngôn viên của Bộ trả lời báo chí.",),
    clean=("Người phát ngôn của Bộ trả lời báo chí.",),
)  # fmt: skip


def people(newsroom: DemoNewsroom) -> None:
    """Fill the rooms of contacts and terms.

    Statistics has a focal point and a deputy; health has nobody else for tomorrow's absence, which
    is the gap; home affairs has nobody on duty at night.
    """
    moment = now(newsroom.room.clock)
    with newsroom.room.reading() as view:
        zone = ZoneInfo(str(view.policy.document["zone"]))
    contacts.change(newsroom.room, newsroom.actor(ADMIN), _board(moment.astimezone(zone)))
    enquiries.open_enquiry(
        newsroom.room, newsroom.actor(ADMIN), QUESTION, outlet="Báo Ví dụ", language="vi",
        due=written((moment + timedelta(minutes=95)).replace(minute=0, second=0, microsecond=0)),
        agency="thong-ke", topic="dan-so",
        enquirer=Enquirer("Phóng viên 1", "phong-vien@example.net", "555-0142"),
    )  # fmt: skip
    proposals.propose(
        newsroom.room, newsroom.actor("lead-2"),
        TermChange(put=(TERM,), reason="Thống nhất theo nghị định về phát ngôn"),
    )  # fmt: skip


def _board(here: datetime) -> list[Change]:
    """Everything on the board. `here`: now, in the newsroom's zone."""
    first, second, health, home = (new_contact() for _ in range(4))
    posts = [
        Contact(first, "thong-ke", {"vi": "Cục Thống kê – người phát ngôn 1",
                                    "en": "National Statistics Office – spokesperson 1"},
                ADMIN, ("vi", "en"), "+84 24 555 0101", "nguoi-phat-ngon@example.org"),
        Contact(second, "thong-ke", {"vi": "Cục Thống kê – người phát ngôn 2",
                                     "en": "National Statistics Office – spokesperson 2"},
                "", ("vi", "fr"), "+84 24 555 0102"),
        Contact(health, "y-te", {"vi": "Bộ Y tế – người phát ngôn",
                                 "en": "Ministry of Health – spokesperson"},
                "", ("vi", "en"), "+84 24 555 0103", "bo-y-te@example.org"),
        Contact(home, "noi-vu", {"vi": "Bộ Nội vụ – người phát ngôn",
                                 "en": "Ministry of Home Affairs – spokesperson"},
                "", ("vi",), "+84 24 555 0104"),
    ]  # fmt: skip
    topics = [
        Topic("dan-so@thong-ke", "thong-ke", {"vi": "Dân số", "en": "Population"}, first,
              (second,), DAILY, "07:00", "22:00"),
        Topic("kinh-te@thong-ke", "thong-ke", {"vi": "Kinh tế", "en": "Economy"}, second,
              (first,)),
        Topic("y-te@y-te", "y-te", {"vi": "Y tế", "en": "Health"}, health, (), DAILY, "07:00",
              "22:00"),
        Topic("dia-gioi@noi-vu", "noi-vu", {"vi": "Địa giới hành chính",
                                            "en": "Administrative units"}, home),
    ]  # fmt: skip
    shifts = [
        Shift(new_shift(), "thong-ke", first, DAILY, "07:00", "15:00"),
        Shift(new_shift(), "thong-ke", second, DAILY, "15:00", "22:00"),
        Shift(new_shift(), "y-te", health, DAILY, "07:00", "22:00"),
        Shift(new_shift(), "noi-vu", home, "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "07:30", "17:00"),
    ]
    morning = (here + timedelta(days=1)).replace(hour=8, minute=0, second=0, microsecond=0)
    away = Away(new_away(), "y-te", health, written(morning), written(morning.replace(hour=12)))
    private = Private("+84 24 555 0199", "", "Sau 18 giờ: gọi số này")
    rest: list[contact_entries.Entry] = [*posts[1:], *topics, *shifts, away]
    return [Change(first, posts[0], private), *(Change(one.id, one) for one in rest)]
