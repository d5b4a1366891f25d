"""The words of the public pages, Vietnamese and English, and dates as each language writes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from desk.clock import parse_instant, to_wall

WORDS: Mapping[str, tuple[str, str]] = {
    # key: (Vietnamese, English)
    "language": ("Tiếng Việt", "English"),
    "skip": ("Đến phần nội dung", "Skip to content"),
    "home": ("Trang chủ", "Home"),
    "latest": ("Tin mới công bố", "Latest releases"),
    "more": ("Xem tin cũ hơn", "Older items"),
    "newest": ("Về tin mới nhất", "Back to the newest"),
    "nothing": ("Chưa có tin bài nào được công bố.", "Nothing has been released yet."),
    "calendar": ("Lịch công bố", "Release calendar"),
    "calendar_none": ("Chưa có đợt công bố nào sắp tới.", "No upcoming releases are announced."),
    "calendar_file": ("Tải lịch (iCalendar)", "Subscribe (iCalendar)"),
    "search": ("Tìm kiếm", "Search"),
    "search_hint": ("Từ khóa, có dấu hoặc không dấu", "Words, with or without accents"),
    "search_results": ("Kết quả tìm kiếm", "Search results"),
    "search_none": ("Không tìm thấy tin bài phù hợp.", "Nothing was found."),
    "search_found": ("Số tin bài tìm thấy", "Items found"),
    "summary": ("Tóm tắt", "In short"),
    "full": ("Toàn văn", "Full text"),
    "sources": ("Nguồn số liệu", "Sources"),
    "legal": ("Căn cứ pháp lý", "Legal basis"),
    "attachments": ("Tài liệu kèm theo", "Attachments"),
    "download": ("Tải về", "Download"),
    "back_to_text": ("Trở lại bài", "Back to the text"),
    "published": ("Công bố", "Released"),
    "corrected": ("Đã đính chính", "Corrected"),
    "corrected_note": (
        "Tin bài này đã được đính chính. Bản hiện tại thay thế bản công bố trước đó.",
        "This item has been corrected. The present version replaces the one released before.",
    ),
    "previous": ("Xem bản trước khi đính chính.", "See the version before it."),
    "present": ("Xem bản hiện tại.", "See the present version."),
    "old_version": (
        "Đây là bản cũ, đã được đính chính và không còn giá trị sử dụng.",
        "This is an older version. It has been corrected and must not be used any more.",
    ),
    "back": (
        "Tin bài này từng được tạm gỡ xuống để kiểm tra và được công bố trở lại lúc",
        "This item had been taken down for a time and was put back at",
    ),
    "history": ("Các phiên bản", "Versions"),
    "version": ("Phiên bản", "Version"),
    "first_released": ("Công bố lần đầu", "First released"),
    "proof": ("Xác thực", "Verification"),
    "decimal": (",", "."),
    "proof_text": (
        "Nội dung này khớp từng byte với bản đã được ký duyệt trước giờ công bố.",
        "This content is, byte for byte, what was signed before its release.",
    ),
    "digest": ("Mã băm nội dung (SHA-256)", "Content digest (SHA-256)"),
    "opened": ("Mở niêm phong lúc", "Seal opened at"),
    "receipt": ("Biên nhận có chữ ký số", "Signed receipt"),
    "data": ("Dữ liệu máy đọc (ninjs)", "Machine-readable (ninjs)"),
    "withdrawn": ("Tin bài đã được gỡ bỏ", "This item has been withdrawn"),
    "withdrawn_text": (
        "Cơ quan công bố đã gỡ bỏ tin bài này. Nội dung không còn được cung cấp tại đây.",
        "The newsroom has withdrawn this item. Its content is no longer available here.",
    ),
    "takedown": ("Tin bài tạm thời được gỡ xuống", "This item is temporarily unavailable"),
    "takedown_text": (
        "Tin bài này tạm thời được gỡ xuống để kiểm tra.",
        "This item has been taken down for the time being.",
    ),
    "withdrawn_at": ("Gỡ bỏ lúc", "Withdrawn at"),
    "reason": ("Lý do", "Reason"),
    "checking": ("Tin bài đang được kiểm tra", "This item is being checked"),
    "checking_text": (
        "Tin bài đã đến giờ công bố nhưng chưa qua bước kiểm tra tự động. Mời bạn quay lại sau.",
        "This item is due but has not passed its automatic check. Please come back later.",
    ),
    "missing": ("Không tìm thấy trang", "Page not found"),
    "missing_text": (
        "Địa chỉ này không có nội dung nào được công bố.",
        "Nothing has been released at this address.",
    ),
    "trouble": ("Trang tạm thời không phục vụ được", "The page is not available just now"),
    "trouble_text": ("Mời bạn thử lại sau ít phút.", "Please try again in a few minutes."),
    "corrected_short": ("Đính chính", "Corrections"),
    "corrections": ("Đính chính và gỡ bỏ", "Corrections and withdrawals"),
    "corrections_text": (
        "Khi phát hiện sai sót, chúng tôi công bố bản đính chính thay cho bản cũ, ghi rõ thời điểm "
        "và lý do. Tin bài bị gỡ bỏ được thay bằng một thông báo. Không có sửa đổi nào diễn ra "
        "âm thầm: mỗi phiên bản đều mang chữ ký số riêng.",
        "When we find a mistake we release a correction in its place and say when and why. A "
        "withdrawn item is replaced by a notice. Nothing is changed in silence: each version "
        "carries signatures of its own.",
    ),
    "corrections_none": ("Chưa có đính chính nào.", "There are no corrections."),
    "feed": ("Nguồn tin Atom", "Atom feed"),
    "other_language": ("Bản tiếng Việt", "English version"),
    "provisional": ("dự kiến", "provisional"),
    "confirmed": ("đã xác nhận", "confirmed"),
    "postponed": ("hoãn", "postponed"),
    "cancelled": ("hủy", "cancelled"),
    "released": ("đã công bố", "released"),
    "release": ("Đợt công bố", "Release"),
    "lead": ("Tin mới nhất", "Newest"),
    "video_unsupported": (
        "Trình duyệt này không phát được video.",
        "This browser cannot play the video.",
    ),
    "official": ("Thông tin chính thức", "Official information"),
    "local_time": ("giờ địa phương", "local time"),
    "kind": ("Thể loại", "Kind"),
    "agency": ("Cơ quan", "Agency"),
    "places": ("Địa điểm", "Places"),
    "subjects": ("Chủ đề", "Subjects"),
    "menu": ("Điều hướng", "Navigation"),
    "byline": ("Thực hiện", "By"),
    "press": ("Liên hệ báo chí", "Press contact"),
    "press_languages": ("Ngôn ngữ", "Languages"),
}  # fmt: skip

_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
_DAYS_VI = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")
_DAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


LANGUAGES = ("vi", "en")


def words(language: str) -> dict[str, str]:
    """Every word of the pages in that language; English for languages that have none here."""
    index = 0 if language == "vi" else 1
    return {key: both[index] for key, both in WORDS.items()}


def day(moment: datetime, language: str) -> str:
    """A date as the language writes it in a heading."""
    if language == "vi":
        return f"{_DAYS_VI[moment.weekday()]}, {moment:%d/%m/%Y}"
    return f"{_DAYS_EN[moment.weekday()]}, {moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def short_day(moment: datetime, language: str) -> str:
    """A date as the language writes it in a line."""
    if language == "vi":
        return f"{moment:%d/%m/%Y}"
    return f"{moment.day} {_MONTHS[moment.month - 1][:3]} {moment.year}"


def written_day(text: str, language: str) -> str:
    """A date given as `YYYY-MM-DD` as the language writes it; anything else as it is."""
    try:
        return short_day(datetime.strptime(text, "%Y-%m-%d"), language)  # noqa: DTZ007
    except ValueError:
        return text


def offset(moment: datetime) -> str:
    """The zone of a moment as readers know it: `GMT+7`, `GMT+10:30`, `GMT`."""
    minutes = int((moment.utcoffset() or timedelta()).total_seconds()) // 60
    sign = "+" if minutes >= 0 else "−"
    hours, rest = divmod(abs(minutes), 60)
    if not minutes:
        return "GMT"
    return f"GMT{sign}{hours}" + (f":{rest:02d}" if rest else "")


class When:
    """One instant for a page: in the newsroom's zone, in UTC, and for machines."""

    def __init__(self, instant: str, zone: str, language: str) -> None:
        self.machine = instant
        self._utc = parse_instant(instant)
        self._wall = to_wall(self._utc, zone)
        self._language = language

    @property
    def full(self) -> str:
        """`15:00, Thứ Sáu, 20/11/2026 (GMT+7)`."""
        return (
            f"{self._clock(self._wall)}, {day(self._wall, self._language)} ({offset(self._wall)})"
        )

    @property
    def short(self) -> str:
        """`15:00 20/11/2026`."""
        return f"{self._clock(self._wall)} · {short_day(self._wall, self._language)}"

    @property
    def utc(self) -> str:
        """`08:00 UTC`, with the date when it is another day there."""
        text = f"{self._clock(self._utc)} UTC"
        if self._utc.date() != self._wall.date():
            text += f" {short_day(self._utc, self._language)}"
        return text

    @property
    def date(self) -> str:
        """The date alone, for grouping."""
        return day(self._wall, self._language)

    @property
    def time(self) -> str:
        """The wall time alone."""
        return self._clock(self._wall)

    @staticmethod
    def _clock(moment: datetime) -> str:
        return f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"
