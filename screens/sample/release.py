"""The sample's releases opened: one signed and staged, one that still lacks a step, one sealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from desk.errors import Conflict, Reason
from screens.sample.calendar import CHANNELS, SampleCalendar
from screens.sample.memory import DIGEST, called, digest
from screens.source import CalendarRow, Gate, ManifestItem, Outcome, ReleaseView
from screens.source.release_room import (
    BoardChannel,
    BoardHold,
    BoardItem,
    FixChecked,
    PastStep,
    ReleaseBoard,
    StepDone,
    StillNeeded,
    Withdrawal,
)

GATES = (
    Gate("summary", "ok"),
    Gate("sources", "ok", "6/6"),
    Gate("legal", "ok"),
    Gate("terms", "warning", "1 ghi nhận, có lý do"),
    Gate("translation", "ok"),
    Gate("assets", "ok"),
)
STEPS = ("appraise", "review", "check")
TOO_EARLY = Reason("steps", "1 of 3 steps is still open", ("check-1",))


class SampleReleases(SampleCalendar):
    """Answers the release room and the acts on releases."""

    def release(self, release: str) -> ReleaseView:
        """The release with two language versions and a picture."""
        self._check()
        row = self.row_of(release)
        items = (
            ManifestItem("i-1", "Số liệu quý III", "vi", 5, DIGEST, GATES, 3, 3),
            ManifestItem("i-2", "Third-quarter figures", "en", 3, DIGEST[::-1], GATES, 3, 3),
        )
        refusals = () if release == "r-quy3" else (TOO_EARLY,)
        return ReleaseView(
            release,
            row.title,
            row.at,
            row.at + timedelta(minutes=15),
            row.state,
            release in self.held,
            row.sealed,
            tuple(title for _name, title in CHANNELS),
            () if row.sealed else items,
            digest(8),
            ("lead-1",),
            2,
            refusals,
        )

    def release_board(self, release: str) -> ReleaseBoard:
        """The release with its items on three channels."""
        view, row = self.release(release), self.row_of(release)
        staged = row.state in ("signed", "staged")
        items = () if row.sealed else self._of_release(row)
        channels = tuple(
            BoardChannel(name, title, self._reached(row), name != "foreign", row.late_ms)
            for name, title in CHANNELS
        )
        change, sign = view.at - timedelta(seconds=30), view.at - timedelta(seconds=5)
        needed = () if staged or row.state == "released" else (
            StillNeeded(called("soát: Thông cáo số 2", "check: Thông cáo số 2"),
                        ("check-1", "check-2"), sign),
            StillNeeded(called("bản tiếng Anh của: Bản tin sáng",
                               "the English version of: Bản tin sáng"), ("translator-1",), sign),
        )  # fmt: skip
        holds = (BoardHold("lead-2", self.ago(3), ("lead-1",), 2, False),)
        return ReleaseBoard(
            view, "QUY-3" if release == "r-quy3" else "SAO-MAI", row.state != "provisional",
            items, channels, change, sign, needed, view.refusals,
            holds if release in self.held else (), None, self._past(row),
            ("Cục Thống kê – người phát ngôn 1",), roster=12, policy=4,
            termbase="v31 3f0c9a17b2d4",
            cannot={} if staged else {"sign": (TOO_EARLY,), "recall": (_UNSIGNED,)},
        )  # fmt: skip

    @staticmethod
    def _reached(row: CalendarRow) -> str:
        return {"staged": "staged", "released": "released"}.get(row.state, "planned")

    def _of_release(self, row: CalendarRow) -> tuple[BoardItem, ...]:
        reached = self._reached(row)
        found = [
            ("i-1", "Số liệu quý III", "vi", "data", "thong-ke", 5),
            ("i-2", "Third-quarter figures", "en", "data", "thong-ke", 3),
            ("i-3", "Thông cáo số 2", "vi", "statement", "van-phong-tw", 2),
        ]
        return tuple(
            BoardItem(
                item, headline, "SAO-MAI", language, kind, agency, number, digest(8 * number),
                "approved" if reached != "planned" or item != "i-3" else "submitted", False,
                tuple(
                    StepDone(step, "", ("check-1", "check-2"))
                    if reached == "planned" and item == "i-3" and step == "check"
                    else StepDone(step, f"{step}-1")
                    for step in STEPS
                ),
                GATES,
                {name: "" if language == "vi" and name == "foreign" else reached
                 for name, _title in CHANNELS},
            )
            for item, headline, language, kind, agency, number in found
        )  # fmt: skip

    def _past(self, row: CalendarRow) -> tuple[PastStep, ...]:
        found = [PastStep("release.plan", "planner-1", self.day(-2, 9, 12), "")]
        if row.state != "provisional":
            found.append(PastStep("release.confirm", "lead-1", self.day(-1, 16, 40), ""))
        return tuple(reversed(found))

    # Acts

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

    def release_leave_out(self, release: str, items: Sequence[str], passphrase: str) -> Outcome:
        """Remember it, when the passphrase is right."""
        self._unlock(passphrase)
        self._done("leave-out", release, *items)
        return Outcome(called("Đã để lại", "Left out"))

    def release_recall(self, release: str, passphrase: str) -> Outcome:
        """Remember it, when the passphrase is right."""
        self._unlock(passphrase)
        self._done("recall", release)
        return Outcome(called("Đã rút lại chữ ký duyệt", "The sign-off was taken back"))

    def release_now(self, release: str, note: str, passphrase: str) -> Outcome:
        """Remember it, when the passphrase is right."""
        self._unlock(passphrase)
        self._done("now", release, note)
        return Outcome(called("Đã đưa lên ngay", "Brought forward"))

    def release_grant(
        self, release: str, script: str, key: str, until: str, note: str, passphrase: str
    ) -> Outcome:
        """Remember it, when the passphrase is right."""
        self._unlock(passphrase)
        self._done("grant", release, script)
        return Outcome(called("Đã giao cho tập lệnh", "Granted"))

    def release_rehearse(self, release: str, folder: str) -> Sequence[tuple[bool, str]]:
        """All but one channel answered."""
        return [
            (name != "foreign", called(f"{title}: đọc lại khớp từng byte", f"{title}: same bytes"))
            for name, title in CHANNELS
        ]

    def release_fix_texts(self, item: str) -> Mapping[str, str]:
        """Headline, summary and body."""
        return {
            "headline": "Số liệu quý III",
            "summary": "Tổng sản phẩm trong nước quý III tăng 7,4% so với cùng kỳ năm trước.",
            "body": "Khu vực dịch vụ đóng góp nhiều nhất vào mức tăng chung [^2].",
        }

    def release_fix_check(self, item: str, name: str, text: str) -> FixChecked:
        """Any change of words is a quick fix here."""
        old = self.release_fix_texts(item)[name]
        return FixChecked((f"- {old}", f"+ {text}"), "" if text != old else "nothing has changed")

    def release_fix(self, item: str, name: str, text: str, passphrase: str) -> Outcome:
        """Remember it, when the passphrase is right."""
        self._unlock(passphrase)
        self._done("fix", item, name)
        return Outcome(called("Đã sửa nhanh", "Mended"))

    def release_take_back(self, item: str, mode: Withdrawal, note: str, passphrase: str) -> Outcome:
        """Remember it, when the passphrase is right."""
        self._unlock(passphrase)
        self._done(mode, item, note)
        return Outcome(called("Đã gỡ", "Taken back"))

    def release_restore(self, item: str, passphrase: str) -> Outcome:
        """Remember it, when the passphrase is right."""
        self._unlock(passphrase)
        self._done("restore", item)
        return Outcome(called("Đã đưa lại", "Put back"))


_UNSIGNED = Reason("signed", "it is not signed")
