"""Numbers by locale: 1.234,5 in Vietnamese, 1,234.5 in English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from desk.terms.patterns.registry import Spot, pattern

if TYPE_CHECKING:
    from desk.terms.check import Checking

_NUMBER = re.compile(r"\d++(?:[.,]\d++)+")
_GROUPS: Final = {
    sign: re.compile(rf"\d{{1,3}}(?:{re.escape(sign)}\d{{3}}){{2,}}(?:{re.escape(other)}\d+)?")
    for sign, other in ((",", "."), (".", ","))
}
_MIXED: Final = {
    sign: re.compile(rf"\d{{1,3}}{re.escape(sign)}\d{{3}}{re.escape(other)}\d+")
    for sign, other in ((",", "."), (".", ","))
}
_DECIMAL: Final = {sign: re.compile(rf"\d{{1,4}}{re.escape(sign)}\d{{1,2}}") for sign in ".,"}
_RANGE: Final = {
    sign: re.compile(rf"(\d{{1,4}}{one}\d{{1,2}})-(\d{{1,4}}{one}\d{{1,2}})(?![\d.,/-]*\d)")
    for sign, one in ((".", r"\."), (",", ","))
}
# One group alone may be a decimal; two noughts at its end, or things that are counted, say no.
_GROUP: Final = {sign: re.compile(rf"[1-9]\d{{0,2}}{re.escape(sign)}\d{{3}}") for sign in ".,"}
_COUNTED: Final = {
    "vi": re.compile(
        r" (?:người|cán bộ|chiến sĩ|hộ|học sinh|sinh viên|ca|vụ|xã|căn|ngôi|tàu|doanh nghiệp"
        r"|lao động|đại biểu|cử tri|công nhân|giáo viên|lượt|đồng|VND|VNĐ|trường hợp|thí sinh"
        r"|bệnh nhân|hồ sơ|đơn vị|tổ chức|tên miền|phương tiện|khách|du khách|dân|trẻ|nhà|cây|con"
        r"|chiếc|bộ|cuốn|bản|suất|phần quà|giấy phép|dự án|ý kiến|đảng viên|đoàn viên|hội viên)"
        r"(?!\w)"
    ),
    # What is counted stands in the plural; so do the units, which may have decimals.
    "en": re.compile(
        r" (?:people|children|women|men|police|personnel|staff|dong"
        r"|(?!(?:degree|tonne|ton|hectare|acre|metre|meter|kilometre|kilometer|mile|litre|liter|gram"
        r"|kilogram|kilo|pound|ounce|inch|inche|foot|second|minute|hour|day|week|month|year|point"
        r"|time|percent|barrel|dollar|euro|cent|knot|volt|watt|megawatt|gigawatt|kilowatt|unit"
        r"|bushel|gallon|yard|mill|million|billion|trillion|thousand|billions|thi|i|wa|ha|a|plu|le"
        r"|minu|versu|doe|goe|ye|hi|it|thu|alway|perhap|toward|beside|radian"
        r"|acros|gros|basi|clas|analysi)s\b)[a-z]{2,}s)(?!\w)"
    ),
}
# A nought ends no decimal of three digits that people write by hand; tables do have them.
_LARGE: Final = {
    "vi": re.compile(r" (?:tỷ|tỉ|triệu|nghìn|ngàn)(?!\w)"),
    "en": re.compile(r" (?:thousand|million|billion|trillion)(?!\w)"),
}
# Only before a unit can a mark with one or two digits be nothing but a decimal.
UNIT: Final = {
    "vi": re.compile(
        r" ?(?:%|‰|°|(?:phần trăm|điểm phần trăm|triệu|tỷ|tỉ|nghìn|ngàn|độ|km|kg|tấn|tạ|ha|m2|m²"
        r"|mét|USD|EUR|đồng|điểm|GW|MW|kW|lần|cm|mm|lít|tuổi|người(?! dân| ta))(?!\w))"
    ),
    "en": re.compile(
        r"-?\s?(?:%|‰|°|(?:per ?cent|percentage points?|thousand|million|billion|trillion|degrees?"
        r"|km|kg|tonnes?|tons?|hectares?|ha|metres?|meters?|USD|EUR|VND|points?|GW|MW|kW|times)"
        r"(?!\w))"
    ),
}
# Behind these words stands an amount and no day, so that a mark is a decimal without a unit too.
# "tháng 6 đạt 5.2" counts; "đến 5.1" and "từ 5.1" may be the fifth of January.
_AMOUNT: Final = {
    "vi": re.compile(
        r"(?<!\w)(?:tăng|giảm|đạt|chiếm|gấp|vượt|hơn|gần|xấp xỉ|ước|ước tính|bình quân|trung bình"
        r"|tăng lên|tăng thêm|giảm còn|giảm xuống|thêm|bớt|chỉ số|hệ số|thấp hơn|cao hơn|kém"
        r"|mạnh|nhẹ|lên mức|xuống mức|ở mức|mức|tỷ lệ|tỉ lệ|PMI|CPI|Gini|ICOR|TFR) $"
    ),
    "en": re.compile(
        r"(?<!\w)(?:rose|fell|grew|up|down|dropped|climbed|gained|lost|increased|decreased|averaged"
        r"|reached|by|nearly|almost|over|than|about|around|roughly|approximately|index of) $",
        re.IGNORECASE,
    ),
}
# Behind these, what cannot be a day and a month is an amount: "TFR là 1.93".
EITHER: Final = re.compile(
    r"(?<!\w)(?:từ|đến|tới|là|còn|lên|xuống|trước|sau|vào|kỷ niệm) $", re.IGNORECASE
)
DAY: Final = re.compile(
    r"(?<!\w)(?:(?<!mỗi )(?<!một )ngày|sáng|chiều|tối|trưa|đêm|hôm) $", re.IGNORECASE
)
# "Sáng 16.9 điểm thi được công bố": words that also begin what happened on a day.
NOUN: Final = re.compile(r" (?:điểm|độ|tuổi|người|đồng|tạ)(?!\w)")
_OTHER: Final = re.compile(
    r"(?<!\w)(?:mục|bảng|biểu|hình|chương|phụ lục|phiên bản|bản|version|web|windows|android|ios|usb"
    r"|bluetooth|python|công nghiệp|ielts|toefl|gpa|thế hệ|cổng|lúc)(?!\w)",
    re.IGNORECASE,
)
# "gần 9.30 sáng" is a time of the day, "đạt 6.5 IELTS" the mark of a test.
_NO_AMOUNT = re.compile(
    r" ?(?:giờ|phút|sáng|trưa|chiều|tối|đêm|[ap]\.?m|o'clock|IELTS|TOEFL|GPA|and)(?!\w)"
)
_SWAP: Final = str.maketrans(".,", ",.")
_LABEL = re.compile(
    r"(?:mục|bảng|hình|phiên bản|chương|phụ lục|version|section|table|figure) ?$", re.IGNORECASE
)


@pattern(
    "number", ("vi", "en"), "warning",
    "Dấu phẩy đứng trước phần thập phân, dấu chấm phân nhóm nghìn: 1.234,5.",
    "ISO 80000-1; Luật Kế toán số 88/2015/QH13, Điều 11",
    english="A point before decimals, commas between thousands: 1,234.5.",
)  # fmt: skip
def numbers(checking: Checking) -> Iterator[Spot]:
    """A number written as the other language writes it, where only that reading is possible."""
    text = checking.seen.folded.cased
    group, point = (",", ".") if checking.language == "vi" else (".", ",")  # of the other language
    for start in checking.compounds:
        match = _NUMBER.match(text, start)
        if match is None:
            continue
        if not _ends(text, match.end()):
            yield from _range(text, start, checking.language)
            continue
        end, written = match.end(), match.group()
        grouped = _GROUPS[group].fullmatch(written) or _MIXED[group].fullmatch(written)
        decimal = _DECIMAL[point].fullmatch(written) and (
            UNIT[checking.language].match(text, end)
            and not _labelled(text, start)
            and not (
                dated(text, start, end)
                and NOUN.match(text, end)
                and DAY.search(text, max(0, start - 12), start)
            )
        )
        amount = (
            not decimal and _DECIMAL[point].fullmatch(written) and _amount(checking, start, end)
        )
        single = _GROUP[group].fullmatch(written) and (
            written.endswith("00") or _COUNTED[checking.language].match(text, end)
        )
        if grouped or decimal or amount or (single and not _labelled(text, start)):
            yield _spot(start, end, written.translate(_SWAP), safe=not (single or amount))
        elif _GROUP[group].fullmatch(written) and written.endswith("0"):
            yield from _either(text, start, end, checking.language)


def _either(text: str, start: int, end: int, language: str) -> Iterator[Spot]:
    """ "10,250 tỷ đồng": ten thousand, or ten and a quarter with a nought too many."""
    if _LARGE[language].match(text, end) and not _labelled(text, start):
        group, point = text[start:end].translate(_SWAP), text[start : end - 1]
        says = (f"Write “{group}” or “{point}”, as it is meant",
                f"Viết “{group}” hoặc “{point}”, tùy theo nghĩa")  # fmt: skip
        yield Spot(start, end, (group, point), says, "info", safe=False)


def _range(text: str, start: int, language: str) -> Iterator[Spot]:
    """Both ends of a range of decimals before a unit: 12.5-13.5%."""
    match = _RANGE["." if language == "vi" else ","].match(text, start)
    if match and UNIT[language].match(text, match.end()) and not _labelled(text, start):
        for first, end in (match.span(1), match.span(2)):
            yield _spot(first, end, text[first:end].translate(_SWAP), safe=True)


def _spot(start: int, end: int, right: str, *, safe: bool) -> Spot:
    return Spot(start, end, (right,), (f"Write “{right}”", f"Viết “{right}”"), safe=safe)


def _amount(checking: Checking, start: int, end: int) -> bool:
    """Whether the words before say that a number without a unit is an amount."""
    text, language = checking.seen.folded.cased, checking.language
    if _NO_AMOUNT.match(text, end):
        return False
    if _AMOUNT[language].search(text, max(0, start - 16), start):
        return True
    return (
        language == "vi"
        and EITHER.search(text, max(0, start - 12), start) is not None
        and not dated(text, start, end)
        and not numbered(text, start)
    )


def dated(text: str, start: int, end: int) -> bool:
    """Whether two numbers with a mark between could be a day and a month: 12.4, not 24.5."""
    day, _, month = text[start:end].replace(",", ".").partition(".")
    return len(month) < 3 and 1 <= int(day) <= 31 and 1 <= int(month) <= 12


def numbered(text: str, start: int) -> bool:
    """Whether words shortly before say that numbers with points are versions or sections."""
    return _OTHER.search(text, max(0, start - 40), start) is not None


def _labelled(text: str, start: int) -> bool:
    return _LABEL.search(text, max(0, start - 14), start) is not None


def _ends(text: str, end: int) -> bool:
    """Whether the digits are a number by themselves: no part of a date, a range, an address."""
    after, next_but_one = text[end : end + 1], text[end + 1 : end + 2]
    if after in ("/", "_", ":") or (after == "-" and next_but_one.isdigit()):
        return False
    return not after.isalpha() or after in "kKmMg"
