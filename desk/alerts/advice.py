"""The advice of alerts: what the reader does now, one sentence for each kind of event.

Whoever gets a mail at night has no Desk open and may not know it well: each sentence names the
command, and the page of the handbook where there is one. Vietnamese and English, as in `words`.
"""

from __future__ import annotations

from collections.abc import Mapping

from desk.alerts.events import Event
from desk.alerts.words import LANGUAGES

_BEFORE = frozenset({"unsigned", "sign-again", "waiting"})
"""Kinds about what has to be done before the instant."""

_KINDS: Mapping[str, tuple[str, str]] = {
    # kind, or kind and state: (Vietnamese, English)
    "held": (
        "Chưa công bố khi còn tạm dừng. Xử lý xong thì hai trưởng ca cho tiếp tục: "
        "desk release lift {subject}; đã quá giờ thì dời: desk release move {subject}",
        "It does not go out while it is held. When that is settled, two leads lift the hold: "
        "desk release lift {subject}; past its time, move it: desk release move {subject}",
    ),
    "held-all": (
        "Chưa công bố gì khi còn tạm dừng. Xử lý xong thì hai trưởng ca cho tiếp tục: "
        "desk release lift --all",
        "Nothing goes out while that lasts. When it is settled, two leads lift the hold: "
        "desk release lift --all",
    ),
    "lifted": (
        "Xem đã đủ chữ ký và còn bao lâu: desk release show {subject}",
        "See whether it is fully signed, and the time left: desk release show {subject}",
    ),
    "lifted-all": (
        "Xem các đợt sắp công bố: desk release list", "See what is due next: desk release list",
    ),
    "missed": (
        "Đợt này không tự công bố nữa. Trưởng ca dời sang thời điểm mới rồi hai trưởng ca ký lại: "
        "desk release move {subject}; công bố ngay: desk release now {subject}",
        "It no longer goes out by itself. A lead gives it a new instant and two leads sign again: "
        "desk release move {subject}; at once: desk release now {subject}",
    ),
    "partial": (
        "Desk tự thử lại các kênh còn thiếu cho đến hết hạn; đừng công bố lần nữa. Xem lý do và "
        "hạn: desk release show {subject}",
        "Desk tries the missing channels again until its time is over; do not release it again. "
        "The reasons and the time: desk release show {subject}",
    ),
    "unsigned": (
        "Trưởng ca xem rồi ký: desk release sign {subject}; ai còn ký được: "
        "desk people who {subject}",
        "A lead looks at it and signs: desk release sign {subject}; who else can: "
        "desk people who {subject}",
    ),
    "sign-again": (
        "Nội dung đã đổi từ lần ký trước. Trưởng ca xem rồi ký: desk release sign {subject}",
        "It has changed since it was signed. Leads look at it and sign: "
        "desk release sign {subject}",
    ),
    "sign-again restored": (
        "Thu hồi chữ ký cũ rồi ký lại: desk release recall {subject}; desk release sign {subject}",
        "Take the former sign-off back and sign: desk release recall {subject}; "
        "desk release sign {subject}",
    ),
    "over": (
        "Thời điểm công bố đã qua. Xem đợt này ra sao: desk release show {release}",
        "Its instant is over. See what became of it: desk release show {release}",
    ),
    "waiting": (
        "Người duyệt xem: desk item show {subject}; duyệt: desk item approve {subject}; "
        "ai làm thay được: desk people who {subject}",
        "Look at it: desk item show {subject}; approve: desk item approve {subject}; who else "
        "can: desk people who {subject}",
    ),
    "waiting author": (
        "Người viết hoàn thành rồi gửi duyệt: desk item submit {subject}; không kịp thì để lại: "
        "desk release leave-out {release} {subject}",
        "The author finishes and submits it: desk item submit {subject}; if there is no time, "
        "leave it out: desk release leave-out {release} {subject}",
    ),
    "reminded": (
        "Xem và duyệt: desk item approve {subject}; ai làm thay được: desk people who {subject}",
        "Look and approve: desk item approve {subject}; who else can: desk people who {subject}",
    ),
    "reminded lead": (
        "Xem và ký: desk release sign {subject}; ai làm thay được: desk people who {subject}",
        "Look and sign: desk release sign {subject}; who else can: desk people who {subject}",
    ),
    "enquiry-due": (
        "Xem câu hỏi và người phụ trách: desk enquiry show {subject}",
        "See the question and who has it: desk enquiry show {subject}",
    ),
    "clock": (
        "Người trông máy xem đồng hồ của bộ công bố và các cổng: desk publisher status; chỉnh "
        "đúng thì Desk tự chạy tiếp. Đợt sắp đến giờ có thể bị lỡ.",
        "Whoever looks after the machines checks the clocks of publisher and portals: "
        "desk publisher status; once they are right it goes on. What is due soon may be missed.",
    ),
    "unreachable": (
        "Người trông cổng kiểm tra máy và mạng: desk publisher status; đợt nào cần kênh này thì "
        "chưa công bố được ở đâu. Cách làm: desk handbook show lost-portal",
        "Whoever looks after the portal checks machine and network: desk publisher status; no "
        "release that requires it goes out anywhere. Steps: desk handbook show lost-portal",
    ),
    "unreachable-publisher": (
        "Khởi động lại bộ công bố trên máy của nó, rồi xem: desk publisher status; cách làm: "
        "desk handbook show lost-publisher",
        "Start the publisher again on its machine, then look: desk publisher status; steps: "
        "desk handbook show lost-publisher",
    ),
    "altered": (
        "Đừng sửa trang bằng tay. Kênh này không nhận đợt mới cho đến khi có người xem: "
        "desk publisher accept {channel}; cách làm: desk handbook show attack",
        "Do not mend the page by hand. The channel takes no release until somebody has looked: "
        "desk publisher accept {channel}; steps: desk handbook show attack",
    ),
    "log": (
        "Không xóa, không sửa gì. Chạy: desk audit verify; cách làm: "
        "desk handbook show log-alarm",
        "Delete nothing, mend nothing. Run: desk audit verify; steps: "
        "desk handbook show log-alarm",
    ),
    "restored": (
        "Xem các kênh biết gì thêm: desk backup show; cách làm: desk handbook show restore",
        "See what the channels know besides: desk backup show; steps: desk handbook show restore",
    ),
    "expiring key": (
        "Tạo khóa mới và để quản trị viên đưa vào danh sách: desk roster rotate {subject}",
        "Make a new key and let administrators enter it: desk roster rotate {subject}",
    ),
    "expiring role": (
        "Cần giữ vai trò thì quản trị viên gia hạn: desk people ends {subject}",
        "If the role is still needed, administrators extend it: desk people ends {subject}",
    ),
    "expiring deputy": (
        "Còn vắng thì người ủy quyền ủy quyền tiếp: desk people delegate {subject}",
        "If it is still needed, whoever is away delegates anew: desk people delegate {subject}",
    ),
    "expiring certificate": (
        "Người trông cổng thay chứng thư trước khi hết hạn; hết hạn thì không công bố được qua "
        "kênh này.",
        "Whoever looks after the portal renews it in time; without it nothing goes out there.",
    ),
    "alarm": (
        "Xem bộ công bố nói gì: desk publisher status; và nhật ký: "
        "desk audit show --kind publisher.alarm",
        "See what the publisher says: desk publisher status; and the log: "
        "desk audit show --kind publisher.alarm",
    ),
    "alarm failed": (
        "Kênh ấy thiếu đợt này và Desk không thử nữa. Xem lý do: desk release show {subject}",
        "That channel lacks the release and is not tried again. The reason: "
        "desk release show {subject}",
    ),
    "alarm refused": (
        "Mất kênh bắt buộc thì không kênh nào công bố. Xem lý do: desk release show {subject}",
        "Without a required channel none goes out. The reason: desk release show {subject}",
    ),
    "alarm not-withdrawn": (
        "Tin vẫn còn ở kênh ấy: gọi người trông kênh. Xem kênh nào: desk publisher status; cách "
        "làm: desk handbook show wrong-release",
        "It is still public there: call whoever looks after the channel. Which one: "
        "desk publisher status; steps: desk handbook show wrong-release",
    ),
    "alarm early-trigger": (
        "Lệnh ấy không còn tác dụng. Chỉnh đúng đồng hồ của máy chạy tập lệnh, rồi trưởng ca cấp "
        "lại: desk release grant {subject}",
        "That trigger counts no more. Set the script's clock right; then a lead grants it anew: "
        "desk release grant {subject}",
    ),
    "alarm takeover": (
        "Vẫn công bố được. Tìm vì sao bộ công bố chính ngừng: desk publisher status; cách làm: "
        "desk handbook show leader-hangs",
        "Releases go out. Find out why the former leader ended: desk publisher status; steps: "
        "desk handbook show leader-hangs",
    ),
}  # fmt: skip


def advice(event: Event, language: str, moment: str) -> str:
    """What to do at `moment` (a written instant), in vi or en, or "" where nothing is.

    The caller makes it safe. A mail may go out late: nobody is sent to sign or to approve what is
    past its instant.
    """
    word = event.state.split(" ")[0]
    kind = event.base
    if kind in ("held", "lifted") and not event.release:
        kind += "-all"
    elif kind == "unreachable" and not event.channel:
        kind = "unreachable-publisher"
    elif kind in _BEFORE and event.at and event.at <= moment:
        kind, word = "over", ""
    pair = _KINDS.get(f"{kind} {word}") or _KINDS.get(kind)
    if pair is None:
        return ""
    return pair[LANGUAGES.index(language)].format(
        subject=event.subject, release=event.release, channel=event.channel
    )
