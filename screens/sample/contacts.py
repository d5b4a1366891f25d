"""The sample's board of spokespersons, their rota, and questions of journalists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from desk.errors import NotFound, Reason, Refused
from screens.sample.items import AGENCIES
from screens.sample.memory import Memory, called
from screens.source.contacts_room import (
    Board,
    BoardRow,
    ContactCard,
    ContactChoices,
    EnquiryRow,
    ReleaseAhead,
)
from screens.source.shared import Outcome

TOPICS = (
    ("kinh-te@thong-ke", "Kinh tế", "Economy"),
    ("noi-chinh@van-phong-tw", "Nội chính", "Internal affairs"),
    ("y-te@y-te", "Y tế", "Health"),
)
_POSTS = (
    ("c-1", "thong-ke", "Cục Thống kê", "Statistics Office", 1, "+84 24 555 0101"),
    ("c-2", "thong-ke", "Cục Thống kê", "Statistics Office", 2, "+84 24 555 0102"),
    ("c-3", "van-phong-tw", "Văn phòng", "Central Office", 1, "+84 24 555 0110"),
    ("c-4", "y-te", "Bộ Y tế", "Ministry of Health", 1, "+84 24 555 0120"),
)


def post(contact: str) -> str:
    """What a contact is called: a post, never a person."""
    for id, _agency, vi, en, number, _phone in _POSTS:
        if id == contact:
            return called(f"{vi} – người phát ngôn {number}", f"{en} – spokesperson {number}")
    raise NotFound("There is no such contact", contact)


class SampleContacts(Memory):
    """Answers the contacts room; what is changed is only remembered in `calls`."""

    def contacts_board(self) -> Board:
        """Three topics, one of them with a gap tomorrow."""
        self._check()
        economy, office, health = (called(vi, en) for _id, vi, en in TOPICS)
        till, night = self.day(0, 17, 30), self.day(1, 7, 30)
        gap: dict[str, Any] = {"gap_from": self.day(1, 11, 30), "gap_to": self.day(1, 13, 30)}
        topics = (
            BoardRow("kinh-te@thong-ke", "topics", economy, "thong-ke", post("c-1"),
                     (post("c-2"),), "on-duty", post("c-1"), "c-1", till, post("c-2"), night),
            BoardRow("noi-chinh@van-phong-tw", "topics", office, "van-phong-tw", post("c-3"), (),
                     "away", "", "c-3", None, post("c-3"), self.day(3, 8)),
            BoardRow("y-te@y-te", "topics", health, "y-te", post("c-4"), (), "on-duty",
                     post("c-4"), "c-4", till, "", None, **gap),
        )  # fmt: skip
        gaps = (BoardRow("y-te@y-te 1", "gaps", health, "y-te", **gap),)
        return Board(topics, self._contacts(), gaps, (post("c-1"), post("c-4")))

    @staticmethod
    def _contacts() -> tuple[BoardRow, ...]:
        return tuple(
            BoardRow(
                id, "contacts", post(id), agency,
                duty={"c-3": "away", "c-2": "off"}.get(id, "on-duty"),  # type: ignore[arg-type]
                languages=("vi", "en") if number == 1 else ("vi",), phone=phone,
                email=f"{id}@press.example.org", private=id == "c-1",
            )
            for id, agency, _vi, _en, number, phone in _POSTS
        )  # fmt: skip

    def contacts_card(self, contact: str) -> ContactCard:
        """One contact, with numbers that are not for the public."""
        row = next((row for row in self._contacts() if row.key == contact), None)
        if row is None:
            raise NotFound("There is no such contact", contact)
        return ContactCard(
            contact, row.agency, {"vi": row.name}, "", row.languages, row.phone, row.email,
            "https://press.example.org", True, "+84 24 555 0199", "", "sau 18 giờ",
            ((self.day(-4, 9), "admin-1", "changed"), (self.day(-9, 10), "admin-1", "added")),
        )  # fmt: skip

    def contacts_choices(self) -> ContactChoices:
        """Everything on the board."""
        return ContactChoices(
            tuple((id, called(vi, en)) for id, vi, en in AGENCIES),
            tuple((id, called(vi, en)) for id, vi, en in TOPICS),
            tuple((id, post(id)) for id, *_rest in _POSTS),
            "c-1",
        )

    def contacts_ahead(self) -> Sequence[ReleaseAhead]:
        """Two releases; nobody can speak to the second yet."""
        soon = self.start + timedelta(minutes=18, seconds=53)
        return [
            ReleaseAhead("r-quy3", "Số liệu quý III", soon, (post("c-1"),)),
            ReleaseAhead("r-sao-mai", "SAO-MAI", soon + timedelta(minutes=90), ()),
        ]

    def contacts_enquiries(self) -> Sequence[EnquiryRow]:
        """One overdue, one urgent, one sealed, one answered."""
        self._check()

        def row(key: str, due: float, question: str, **more: Any) -> EnquiryRow:
            known: dict[str, Any] = {
                "state": "open", "overdue": due < 0, "outlet": "Example Wire",
                "journalist": "Phóng viên 1 · desk@example.net · 555-0142",
                "topic": called("Kinh tế", "Economy"), "agency": "thong-ke", "language": "vi",
                "contact": post("c-1"), "item": "", "done": 0, "steps": 0, "sealed": False,
            }  # fmt: skip
            return EnquiryRow(
                key, due=self.start + timedelta(minutes=due), question=question, **(known | more)
            )

        return [
            row("q-1", -12, "Mức đóng bảo hiểm y tế năm tới thay đổi thế nào?", state="answering",
                outlet="Example Daily", agency="y-te", contact=post("c-4"), item="i-5",
                topic=called("Y tế", "Health")),
            row("q-2", 42, "Số liệu quý III được tính theo giá nào?", state="approval", done=1,
                steps=3, item="i-1"),
            row("q-3", 180, "When will the third-quarter figures be revised?", language="en",
                outlet="Examp1e Wire", flags=(called("“Examp1e Wire” giống “Example Wire”",
                                                     "“Examp1e Wire” looks like “Example Wire”"),)),
            row("q-4", 400, "", sealed=True, outlet="", journalist="", contact="",
                agency="van-phong-tw", topic=called("Nội chính", "Internal affairs")),
            row("q-5", -1440, "Lịch công bố số liệu tháng 10?", state="answered", overdue=False),
        ]  # fmt: skip

    # Acts

    def _kept(self, *call: str) -> Outcome:
        self._check()
        self._done(*call)
        return Outcome(called("Đã ghi.", "Kept."))

    def contacts_save(self, contact: str, values: Mapping[str, str], accept: bool) -> Outcome:
        """Remember it."""
        return self._kept("contact", contact)

    def contacts_topic(self, topic: str, values: Mapping[str, str]) -> Outcome:
        """Remember it."""
        return self._kept("topic", topic)

    def contacts_shift(self, contact: str, values: Mapping[str, str]) -> Outcome:
        """Remember it."""
        return self._kept("shift", contact)

    def contacts_away(self, contact: str, since: str, until: str) -> Outcome:
        """Remember it."""
        return self._kept("away", contact, since, until)

    def contacts_remove(self, entry: str) -> Outcome:
        """Remember it."""
        return self._kept("remove", entry)

    def contacts_ack(self, release: str, contact: str, can: bool) -> Outcome:
        """Remember it."""
        return self._kept("ack", release, contact)

    def contacts_open_enquiry(self, values: Mapping[str, str]) -> Outcome:
        """Remember it."""
        return self._kept("enquiry", values["topic"])

    def contacts_assign(self, enquiry: str, contact: str) -> Outcome:
        """Remember it."""
        return self._kept("assign", enquiry, contact)

    def contacts_due(self, enquiry: str, due: str) -> Outcome:
        """Remember it."""
        return self._kept("due", enquiry, due)

    def contacts_answer(self, enquiry: str) -> str:
        """The item that answers it."""
        return "i-5"

    def contacts_reply(self, enquiry: str) -> str:
        """Nothing leaves the house before it is approved."""
        raise Refused(
            "The answer may not leave the house yet",
            (Reason("chain", "1 of 3 steps is still open", ("check-1",)),),
        )

    def contacts_close(self, enquiry: str) -> Outcome:
        """Remember it."""
        return self._kept("close", enquiry)

    def contacts_decline(self, enquiry: str, reason: str) -> Outcome:
        """Remember it."""
        return self._kept("decline", enquiry, reason)
