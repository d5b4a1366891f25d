"""A made-up newsroom in memory: for tests, pictures, and trying the keys without a newsroom.

`python -m screens.sample [vi|en] [room]` opens the desk on it. Nothing is kept.
"""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from desk.clock import Clock, SystemClock, now, to_instant, to_wall
from desk.errors import Conflict, DeskError, NotFound, Reason, Refused, UsageError
from screens.sample_calendar import SampleCalendar
from screens.source import (
    Approval,
    CalendarRow,
    ChannelState,
    DayCount,
    DayRecord,
    DeskView,
    DiffLine,
    DueRelease,
    Gate,
    ManifestItem,
    Monitor,
    NextRelease,
    Outcome,
    Progress,
    PublisherState,
    Pulse,
    QueueEntry,
    ReleaseView,
    Review,
    Standby,
)
from screens.source.queue_room import CouldAct, OpenStep

ZONE = "Asia/Ho_Chi_Minh"
PASSPHRASE = "thử nghiệm"  # noqa: S105 - opens nothing but this sample
_DIGEST = "8c1f04b7a2d95e3360ab17ce94f2d8b15a0be36c7714d920efab45c3906d81e2"
_GATES = (
    Gate("summary", "ok"),
    Gate("sources", "ok", "6/6"),
    Gate("legal", "ok"),
    Gate("terms", "warning", "1 ghi nhận, có lý do"),
    Gate("translation", "ok"),
    Gate("assets", "ok"),
)
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


class SampleSource(SampleCalendar):
    """A `Source` that answers from memory and remembers what was done to it."""

    def __init__(self, clock: Clock | None = None, *, asks_passphrase: bool = True) -> None:
        self.clock = clock or SystemClock()
        self.asks_passphrase = asks_passphrase
        self.start = to_wall(now(self.clock), ZONE).replace(microsecond=0)
        self.calls: list[tuple[str, ...]] = []
        self.ringing: list[str] = []
        self.fault: DeskError | None = None
        self.rows = sample_rows(self.start)
        self.entries = sample_queue(self.start)
        self.held: set[str] = set()
        self.states: dict[str, str] = {}

    @property
    def due(self) -> datetime:
        """The instant of the release that counts down."""
        return next(row.at for row in self.rows if row.release == "r-quy3")

    def __getattr__(self, name: str) -> Any:
        """The rooms this sample has nothing for say so."""
        if name.startswith("_"):
            raise AttributeError(name)

        def missing(*_arguments: object) -> Any:
            raise NotFound("Not in this sample", name, "desk demo has the whole newsroom")

        return missing

    def _check(self) -> None:
        if self.fault is not None:
            raise self.fault

    def _unlock(self, passphrase: str) -> None:
        if self.asks_passphrase and passphrase != PASSPHRASE:
            raise UsageError("The key stays locked", "wrong passphrase", "Try again")

    def _done(self, *call: str) -> None:
        self.calls.append(call)

    def desk(self) -> DeskView:
        """A reviewer of the Statistics Office."""
        self._check()
        roles = ("review", "lead")
        name = "Cục Thống kê – kiểm duyệt 2"
        return DeskView(
            "Tòa soạn mẫu", ZONE, "review-2", name, roles, asks_passphrase=self.asks_passphrase
        )

    def pulse(self) -> Pulse:
        """The next release and how much waits."""
        self._check()
        held = "r-quy3" in self.held
        coming = NextRelease("r-quy3", "Số liệu quý III", self.due, "staged", held, 3, 3, True)
        return Pulse(coming, len(self.entries), 0, version=str(len(self.calls)))

    def rings(self) -> tuple[str, ...]:
        """What was put into `ringing`, once."""
        self._check()
        rung, self.ringing = tuple(self.ringing), []
        return rung

    def _matching(self, query: str) -> list[CalendarRow]:
        words = query.casefold().split()
        return [
            row
            for row in self.rows
            if all(
                word in f"{row.title} agency:{row.agency} state:{row.state}".casefold()
                for word in words
            )
        ]

    def calendar_days(self, query: str) -> Sequence[DayCount]:
        """Days of the rows that match."""
        self._check()
        found: list[DayCount] = []
        after = ""
        for day, rows in groupby(self._matching(query), lambda row: to_wall(row.at, ZONE).date()):
            keys = [row.key for row in rows]
            found.append(DayCount(day, after, len(keys)))
            after = keys[-1]
        return found

    def calendar_page(self, after: str, limit: int, query: str) -> Sequence[CalendarRow]:
        """Rows after a key; keys sort like their rows."""
        self._check()
        rows = self._matching(query)
        start = bisect_right([row.key for row in rows], after)
        return [
            replace(row, held=row.release in self.held) if row.release else row
            for row in rows[start : start + limit]
        ]

    def release(self, release: str) -> ReleaseView:
        """The release with two language versions and a picture."""
        self._check()
        row = next((row for row in self.rows if row.release == release), None)
        if row is None:
            raise NotFound("No such release", release)
        items = (
            ManifestItem("i-1", "Số liệu quý III", "vi", 5, _DIGEST, _GATES, 3, 3),
            ManifestItem("i-2", "Third-quarter figures", "en", 3, _DIGEST[::-1], _GATES, 3, 3),
        )
        refusals = () if release == "r-quy3" else (_TOO_EARLY,)
        return ReleaseView(
            release,
            row.title,
            row.at,
            row.at + timedelta(minutes=15),
            row.state,
            release in self.held,
            row.sealed,
            ("Cổng tin", "Báo chí", "Đối ngoại"),
            () if row.sealed else items,
            _DIGEST[8:] + _DIGEST[:8],
            ("lead-1",),
            2,
            refusals,
        )

    def confirm(self, release: str) -> Outcome:
        """Remember it."""
        self._check()
        self._done("confirm", release)
        return Outcome("Đã xác nhận")

    def sign(self, release: str, manifest: str, passphrase: str) -> Outcome:
        """Remember it, when the passphrase is right."""
        self._check()
        self._unlock(passphrase)
        self._done("sign", release, manifest)
        return Outcome("Đã ký 2/2")

    def hold(self, release: str | None, reason: str, passphrase: str) -> Outcome:
        """Hold; the publisher of this sample never answers."""
        self._check()
        self._unlock(passphrase)
        self.held |= {release} if release else {row.release for row in self.rows if row.release}
        self._done("hold", release or "*", reason)
        return Outcome("Đã yêu cầu tạm dừng", confirmed=False)

    def lift(self, release: str, passphrase: str) -> Outcome:
        """Lift it."""
        self._check()
        self._unlock(passphrase)
        if release not in self.held:
            raise Conflict("Nothing to lift", "the release is not held")
        self.held.discard(release)
        self._done("lift", release)
        return Outcome("Đã cho tiếp tục")

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
            _DIGEST,
            4,
            "appraise-1",
            _DIFF,
            _TEXT,
            _GATES,
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
        self.entries = [entry for entry in self.entries if entry.revision != revision]
        return Outcome("Đã duyệt")

    def send_back(self, revision: str, digest: str, reason: str, passphrase: str) -> Outcome:
        """Take it off the queue, with the reason."""
        self._check()
        self._unlock(passphrase)
        self._done("return", revision, digest, reason)
        self.entries = [entry for entry in self.entries if entry.revision != revision]
        return Outcome("Đã trả lại")

    def monitor(self) -> Monitor:
        """A publisher in good health, one release due."""
        self._check()
        left = (self.due - now(self.clock)).total_seconds()
        done = left <= 0
        channels = tuple(
            ChannelState(
                code,
                name,
                code != "world",
                3,
                3,
                code != "world",
                "published" if done else "staged",
                True if done or code != "world" else None,
                2.1 if done else None,
            )
            for code, name in (("portal", "Cổng tin"), ("press", "Báo chí"), ("world", "Đối ngoại"))
        )
        due = DueRelease(
            "r-quy3",
            "Số liệu quý III",
            self.due,
            "released" if done else "staged",
            "r-quy3" in self.held,
            "comparing" if done else "ready",
            3,
            channels,
        )
        later = DueRelease(
            "r-sao-mai",
            "SAO-MAI",
            self.due + timedelta(hours=1, minutes=30),
            "provisional",
            False,
            "waiting",
            2,
            (),
        )
        record = DayRecord(14, 0, 0, 0, 2.1, 11.0, (2.0, 3.1, 1.8, 2.2, 4.0, 2.1, 11.0, 2.4))
        publisher = PublisherState("pub-1", 41, True, (Standby("pub-2", True, 0.2),), -0.4, True)
        return Monitor(publisher, (due, later), record, (), self.start, 212, True)


_AUTHOR = Reason("author", "You signed revision 2 of this item", ("review-1", "check-1"))
_TOO_EARLY = Reason("steps", "1 of 3 steps is still open", ("check-1",))


def sample_rows(start: datetime) -> list[CalendarRow]:
    """Three days round `start` (in the newsroom's zone); one release is due in 19 minutes."""

    def at(days: int, hour: int, minute: int = 0) -> datetime:
        day = (start + timedelta(days=days)).date()
        return to_instant(datetime.combine(day, time(hour, minute)), ZONE)

    def row(name: str, when: datetime, title: str, **fields: object) -> CalendarRow:
        base = CalendarRow(f"{when:%Y%m%d%H%M%S}-{name}", "release", when, title, f"r-{name}")
        return replace(base, **fields)  # type: ignore[arg-type]

    both = ("vi", "en")
    soon = start + timedelta(minutes=18, seconds=53)
    found = [
        row("sang", at(-1, 9, 30), "Bản tin sáng", state="released", agency="VPTW", languages=both,
            channels=3, items=4, late_ms=2.0),
        row("toi", at(0, 0, 10), "Bản tin tối", state="released", agency="VPTW",
            languages=both, channels=3, items=4, late_ms=3.0),
        row("quy3", soon, "Số liệu quý III", state="staged", agency="TK", languages=both,
            channels=3, items=3, progress=Progress("signed", 2, 2)),
        row("sao-mai", soon + timedelta(minutes=90), "SAO-MAI", sealed=True, agency="VP",
            languages=("vi",), channels=1, items=2, progress=Progress("approved", 1, 3)),
        replace(row("chieu", soon + timedelta(minutes=120), "Bản tin chiều"), kind="slot",
                release=""),
        replace(row("bao-tri", at(1, 0), "bảo trì cổng"), kind="blackout", release="",
                until=at(2, 0)),
        row("sang2", at(3, 9, 30), "Bản tin sáng", state="confirmed", agency="VPTW",
            languages=both, channels=3, items=7, progress=Progress("ready", 5, 7),
            warnings=("thiếu bản dịch",)),
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.key)


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


def many_rows(count: int, first: date) -> list[CalendarRow]:
    """`count` releases, forty a day, for measuring."""
    start = to_instant(datetime.combine(first, time(6)), ZONE)
    rows: list[CalendarRow] = []
    for number in range(count):
        day, slot = divmod(number, 40)
        when = start + timedelta(days=day, minutes=20 * slot)
        rows.append(
            CalendarRow(
                f"{when:%Y%m%d%H%M%S}-{number:06}", "release", when, f"Bản tin số {number}",
                f"r-{number:010}", "confirmed", agency="TK", languages=("vi", "en"), channels=3,
                items=4, progress=Progress("ready", number % 8, 7),
            )
        )  # fmt: skip
    return rows


if __name__ == "__main__":
    from desk.locales import set_language
    from screens.app import DeskApp

    set_language(sys.argv[1] if len(sys.argv) > 1 else "vi")
    DeskApp(SampleSource(), room=sys.argv[2] if len(sys.argv) > 2 else "calendar").run()
