"""The sample's queue: four revisions, one of which this reader may not approve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from desk.clock import Clock
from desk.errors import NotFound, Reason, Refused
from screens.sample.memory import DIGEST, Memory, called
from screens.sample.release import GATES
from screens.source import Approval, DiffLine, Outcome, QueueEntry, Review
from screens.source.queue_room import CouldAct, Deputies, OpenStep, StandIn

_AUTHOR = Reason("author", "You signed revision 2 of this item", ("review-1", "check-1"))
_DIFF = (
    DiffLine(" ", "Tổng sản phẩm trong nước quý III"),
    DiffLine("-", "tăng 7,1% so với cùng kỳ"),
    DiffLine("+", "tăng 7,4% so với cùng kỳ năm trước [^2]"),
    DiffLine("…", "(12 dòng không đổi)"),
)
_TEXT = """Số liệu quý III

Bản tóm tắt
Tổng sản phẩm trong nước quý III tăng 7,4% so với cùng kỳ năm trước.

Toàn văn
Khu vực dịch vụ đóng góp nhiều nhất vào mức tăng chung [^2].

Nguồn
2  Cục Thống kê, bảng 3"""


class SampleQueue(Memory):
    """Answers the queue; what is approved or returned leaves it."""

    def __init__(self, clock: Clock | None = None, *, asks_passphrase: bool = True) -> None:
        super().__init__(clock, asks_passphrase=asks_passphrase)
        self.entries = sample_queue(self.start)

    def queue(self) -> Sequence[QueueEntry]:
        """What still waits."""
        self._check()
        return list(self.entries)

    def review(self, revision: str) -> Review:
        """One of them, opened; the third one may not be approved by this reader."""
        self._check()
        entry = next((entry for entry in self.entries if entry.revision == revision), None)
        if entry is None:
            raise NotFound("No such revision", revision)
        refusals = (_AUTHOR,) if entry.revision == "rev-3" else ()
        return Review(
            entry.revision,
            "i-1",
            entry.headline,
            entry.language,
            "statement",
            entry.number,
            DIGEST,
            4,
            "appraise-1",
            _DIFF,
            _TEXT,
            GATES,
            ("editor-tk",),
            (Approval("appraise", "appraise-2", self.start), Approval("review"), Approval("check")),
            entry.due,
            ("Cổng tin", "Báo chí", "Đối ngoại"),
            refusals,
            (("review", ("review-1", "review-2")), ("check", ("check-1",))),
        )

    def queue_who(self, revision: str) -> Sequence[OpenStep]:
        """The steps of the review that nobody has taken, and who could."""
        return [
            OpenStep(step, step == "review", tuple(CouldAct(one, one, True) for one in people))
            for step, people in self.review(revision).who
        ]

    def approve(self, revision: str, digest: str, passphrase: str, warnings: str = "") -> Outcome:
        """Take it off the queue."""
        self._check()
        self._unlock(passphrase)
        if revision == "rev-3":
            raise Refused("You cannot approve this revision", (_AUTHOR,))
        self._done("approve", revision, digest)
        self._off(revision)
        return Outcome("Đã duyệt")

    def queue_approve_pair(
        self, digests: Mapping[str, str], passphrase: str, warnings: str = ""
    ) -> Outcome:
        """Take both off the queue, or none."""
        self._check()
        self._unlock(passphrase)
        if "rev-3" in digests:
            raise Refused("You cannot approve this revision", (_AUTHOR,))
        self._done("approve-pair", *digests)
        self._off(*digests)
        return Outcome(called("Đã duyệt cả hai bản", "Both were approved"))

    def send_back(self, revision: str, digest: str, reason: str, passphrase: str) -> Outcome:
        """Take it off the queue, with the reason."""
        self._check()
        self._unlock(passphrase)
        self._done("return", revision, digest, reason)
        self._off(revision)
        return Outcome("Đã trả lại")

    def _off(self, *revisions: str) -> None:
        self.entries = [entry for entry in self.entries if entry.revision not in revisions]

    def queue_remind(self, revision: str, people: Sequence[str], passphrase: str) -> Outcome:
        """Remember it, when the passphrase is right."""
        self._unlock(passphrase)
        self._done("remind", revision, *people)
        return Outcome(called("Đã nhắc", "They were asked"))

    def queue_deputies(self) -> Deputies:
        """One role, one colleague, one delegation in force."""
        until = self.start + timedelta(days=2)
        role = called("kiểm duyệt · Cục Thống kê", "review · Statistics Office")
        return Deputies(
            (("review:thong-ke", role),),
            (("review-1", "Cục Thống kê – kiểm duyệt 1"),),
            (StandIn("d-1", "review-2", "review-1", "review", "thong-ke", until, "in-force"),),
        )  # fmt: skip

    def queue_delegate(
        self, role: str, to: str, since: str, until: str, note: str, passphrase: str
    ) -> Outcome:
        """Remember it, when the passphrase is right."""
        self._unlock(passphrase)
        self._done("delegate", role, to, until)
        return Outcome(called("Đã ủy quyền", "Delegated"))

    def queue_undelegate(self, id: str, passphrase: str) -> Outcome:
        """Remember it, when the passphrase is right."""
        self._unlock(passphrase)
        self._done("undelegate", id)
        return Outcome(called("Đã thôi ủy quyền", "The delegation has ended"))


def sample_queue(start: datetime) -> list[QueueEntry]:
    """Four revisions, the soonest first."""
    due = start + timedelta(minutes=47)
    return [
        QueueEntry("rev-1", "Số liệu quý III", "vi", 5, "review", 2, 3, "TK", due),
        QueueEntry("rev-2", "Thông cáo số 2", "vi", 2, "review", 2, 3, "VP",
                   due + timedelta(minutes=42), urgent=True),
        QueueEntry("rev-3", "Hỏi đáp bảo hiểm y tế", "vi", 3, "check", 3, 3, "YT",
                   due + timedelta(minutes=92)),
        QueueEntry("rev-4", "Bản tin sáng", "en", 1, "appraise", 1, 1, "VPTW",
                   due + timedelta(days=3)),
    ]  # fmt: skip
