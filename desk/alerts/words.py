"""The sentences of alerts, Vietnamese and English: both stand in one mail, whoever reads it."""

from __future__ import annotations

from collections.abc import Mapping

from desk.alerts.events import Event
from desk.locales import catalogue

LANGUAGES = ("vi", "en")

_KINDS: Mapping[str, tuple[str, str]] = {
    # kind: (Vietnamese, English)
    "held": ("Đợt công bố {name} đang tạm dừng.", "Release {name} is on hold."),
    "held-all": ("Mọi đợt công bố đang tạm dừng.", "All releases are on hold."),
    "lifted": ("Đợt công bố {name} được cho tiếp tục.", "The hold on release {name} is lifted."),
    "lifted-all": (
        "Lệnh tạm dừng mọi đợt công bố đã được gỡ.", "The hold on all releases is lifted.",
    ),
    "missed": ("Đợt công bố {name} đã lỡ giờ.", "Release {name} has missed its instant."),
    "partial": (
        "Đợt công bố {name} mới ra ở một số kênh; còn thiếu: {channel}.",
        "Release {name} is out on some channels only; missing: {channel}.",
    ),
    "released": (
        "Đợt công bố {name} đã công bố trên mọi kênh.", "Release {name} is out on every channel.",
    ),
    "unsigned": (
        "Đợt công bố {name} chưa đủ chữ ký duyệt công bố ({state}).",
        "Release {name} is confirmed but not fully signed ({state}).",
    ),
    "waiting": (
        "Tin bài {name} (đợt công bố {release}) đang chờ: {step}.",
        "Item {name} (release {release}) waits for: {step}.",
    ),
    "enquiry-due": (
        "Câu hỏi của báo chí {name} cần trả lời trước {until}.",
        "Enquiry {name} has to be answered by {until}.",
    ),
    "reminded": (
        "Lời nhắc: {name} đang chờ: {step}.", "A reminder: {name} waits for: {step}.",
    ),
    "clock": (
        "Không chắc đồng hồ của bộ công bố chạy đúng; chưa công bố gì cho đến khi rõ.",
        "The publisher's clock is in doubt; nothing goes out until that is settled.",
    ),
    "clock-channel": (
        "Đồng hồ của kênh {subject} lệch quá mức cho phép.",
        "The clock of channel {subject} is off by more than the bound.",
    ),
    "unreachable": (
        "Hiện không dùng được kênh {subject}.", "Channel {subject} cannot be used now.",
    ),
    "unreachable-publisher": (
        "Bộ công bố không trả lời: sẽ không công bố được gì.",
        "The publisher does not answer: nothing will go out.",
    ),
    "altered": (
        "Trang công khai của {name} trên kênh {channel} khác với bản đã công bố.",
        "The public page of {name} on channel {channel} differs from what was released.",
    ),
    "log": (
        "Nhật ký không nối tiếp phần đã biết; việc công bố đã dừng.",
        "The log does not extend what was seen before; publishing has stopped.",
    ),
    "restored": (
        "Bộ công bố được khôi phục từ bản sao lưu; chưa công bố gì cho đến khi quản trị viên ký "
        "cho tiếp tục.",
        "The publisher was restored from a backup; nothing goes out until administrators sign "
        "resume.",
    ),
    "sign-again": (
        "Đợt công bố {name} phải ký duyệt công bố lại.", "Release {name} has to be signed again.",
    ),
    "expiring": ("Sắp hết hạn: {what} của {subject}, lúc {until}.",
                 "Ending soon: {what} of {subject}, at {until}."),
    "alarm": (
        "Bộ công bố báo động: {state} ({name}).", "An alarm of the publisher: {state} ({name}).",
    ),
    "test": (
        "Đây là thông báo thử của Desk. Không cần làm gì.",
        "This is a test by Desk. Nothing is to be done.",
    ),
}  # fmt: skip

_STEPS: Mapping[str, tuple[str, str]] = {
    "author": ("người viết", "its author"),
    "appraise": ("thẩm định", "appraisal"),
    "review": ("kiểm duyệt", "review"),
    "check": ("kiểm tra", "check"),
    "lead": ("ký duyệt công bố", "sign-off"),
}

_ALARMS: Mapping[str, tuple[str, str]] = {
    "failed": ("kênh từ chối lúc công bố", "a channel refused at the instant"),
    "early": ("kênh đã mở trước giờ", "a channel opened before the instant"),
    "trust": ("chữ ký hoặc nhật ký không khớp", "a signature or the log does not hold"),
    "bug": ("lỗi chương trình", "a fault in Desk"),
    "refused": ("kênh không nhận bản chuyển trước", "a channel refused to stage"),
    "takeover": ("bộ công bố dự phòng đã tiếp quản", "a standby has taken over"),
    "inherit": (
        "bộ công bố chạy tiếp khi thiếu sổ trước đó", "it goes on without the ledger before",
    ),
    "unseen": ("không xem được trang công khai", "a public page could not be looked at"),
    "not-withdrawn": ("kênh không nhận lệnh gỡ tin", "a channel refused a withdrawal"),
    "calendar": ("kênh không nhận lịch công bố", "a channel refused the calendar"),
    "early-trigger": ("lệnh kích hoạt đến trước khoảng chờ", "a trigger came before its window"),
    "fenced": ("bộ công bố khác đã thay thế", "another publisher has taken its place"),
}  # fmt: skip
"""The codes of alarms that the log and the publisher raise; others are told as they are."""

_MISSED: Mapping[str, tuple[str, str]] = {
    "sign-off": ("chưa ai ký duyệt", "nobody had signed it"),
    "signers": ("chưa đủ chữ ký duyệt công bố", "too few leads had signed it"),
    "signer": ("có chữ ký không còn giá trị", "a signature no longer counted"),
    "chain": ("có bước duyệt chưa xong", "a step of the chain was open"),
    "translation": ("bản dịch chưa xong", "its translation was not ready"),
    "returned": ("có tin bài bị trả lại", "an item was returned"),
    "hold": ("đang tạm dừng", "it was on hold"),
    "confirmed": ("chưa được xác nhận", "it was not confirmed"),
    "not-staged": ("một kênh bắt buộc chưa sẵn sàng", "a required channel was not ready"),
    "not-triggered": ("tập lệnh không ra lệnh mở", "no script triggered it"),
    "item-elsewhere": (
        "có tin bài sắp ra trong đợt khác", "an item of it was to go out with another release",
    ),
    "no-word": ("bộ công bố không báo gì", "the publisher said nothing"),
}  # fmt: skip
"""Why a release was missed: the commonest rules; others are told as they are."""

_ENDING: Mapping[str, tuple[str, str]] = {
    "key": ("khóa ký", "the key"),
    "certificate": ("chứng thư TLS", "the TLS certificate"),
    "role": ("vai trò {role}", "the role {role}"),
    "deputy": ("ủy quyền vai trò {role}", "the delegation of the role {role}"),
}

LABELS: Mapping[str, tuple[str, str]] = {
    "at": ("Thời điểm công bố", "Release instant"),
    "who": ("Có thể xử lý", "Who can act"),
    "by": ("Người thực hiện", "By"),
    "why": ("Lý do", "Why"),
    "late": (
        "Gửi chậm, tình hình có thể đã khác; gửi lúc", "Sent late, it may have changed; sent at",
    ),
    "do": ("Việc cần làm", "What to do"),
    "time": ("Ghi nhận lúc", "Noted at"),
    "escalated": (
        "Báo lên cấp trên: đã chờ thêm {minutes} phút",
        "Escalated: it has waited {minutes} min more",
    ),
    "subject": ("{count} cảnh báo", "{count} alerts"),
    "footer": (
        "Thư tự động của Desk: chỉ có mã, tên gọi nội bộ, trạng thái và thời gian.",
        "Sent by Desk: ids, code names, states and times only.",
    ),
}  # fmt: skip


def languages(wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the newsroom's languages that alerts are written in; English when there is none."""
    return tuple(language for language in wanted if language in LANGUAGES) or ("en",)


def _in(pair: tuple[str, str], language: str) -> str:
    return pair[LANGUAGES.index(language)]


def label(name: str, language: str, **values: object) -> str:
    """One of LABELS, filled in."""
    return _in(LABELS[name], language).format(**values)


def why(event: Event, language: str) -> str:
    """Why a release was missed."""
    return _in(_MISSED.get(event.state, (event.state, event.state)), language)


def sentence(event: Event, language: str) -> str:
    """What has happened, in one sentence. The caller makes it safe."""
    kind = event.base
    if kind in ("held", "lifted") and not event.release:
        kind += "-all"
    elif kind == "clock" and event.channel:
        kind = "clock-channel"
    elif kind == "unreachable" and not event.channel:
        kind = "unreachable-publisher"
    named = {n: getattr(event, n) for n in ("subject", "channel", "state", "release", "until")}
    what, _, role = event.state.partition(" ")
    role = catalogue(language).pgettext("role", role) if role else ""
    ending = _in(_ENDING[what], language).format(role=role) if what in _ENDING else event.state
    if kind == "alarm" and event.state in _ALARMS:
        named["state"] = _in(_ALARMS[event.state], language)
    return _in(_KINDS[kind], language).format(
        name=f"{event.code} ({event.subject})" if event.code else event.subject,
        step=_in(_STEPS.get(event.state, (event.state, event.state)), language),
        what=ending,
        **named,
    )
