"""Dates by locale: the day comes first, English names the month, and the day must exist."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Final

from desk.terms.patterns.numbers import DAY, EITHER, NOUN, UNIT, numbered
from desk.terms.patterns.registry import Spot, pattern

if TYPE_CHECKING:
    from desk.terms.check import Checking

_DATE = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2((?:19|20)\d\d)")
_DAY = re.compile(r"(\d{1,2})[/-](\d{1,2})(?![\w/.-]*\w)")
_DAYS = re.compile(r"(\d{1,2})/(\d{1,2})-(\d{1,2})/(\d{1,2})(?![\w/.-]*\w)")
_SAID = re.compile(r"(?:ngày|sáng|chiều|tối|trưa|hôm) $", re.IGNORECASE)
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})(?:\.((?:19|20)\d\d))?(?![\w/.,-]*\w)")
_MONTH = re.compile(r"(\d{1,2})\.((?:19|20)\d\d)(?![\w/.,-]*\w)")
_HOUR = re.compile(r" ?(?:sáng|trưa|chiều|tối|đêm|giờ|phút)(?!\w)")
_MONTHS: Final = tuple(calendar.month_name)
_NO_DAY: Final = ("There is no such day", "Không có ngày này")


@pattern(
    "date", ("vi", "en"), "warning",
    "Ngày đứng trước tháng, và ngày phải có thật.",
    "Nghị định số 30/2020/NĐ-CP, Phụ lục I",
    english="The day comes first and the month is named: 20 November 2026.",
)  # fmt: skip
def dates(checking: Checking) -> Iterator[Spot]:
    """A date with the month first, a date in figures in English, a day that does not exist."""
    text = checking.seen.folded.cased
    for start in checking.compounds:
        for match in _whole(checking, text, start):
            first, second, year = int(match[1]), int(match[3]), int(match[4])
            if checking.language == "en":
                yield _english(match.start(), match.end(), first, second, year)
            elif not _exists(year, second, first):
                yield _vietnamese(match, first, second, year)
    if checking.language == "vi":
        yield from _short(text, checking.compounds)


def _whole(checking: Checking, text: str, start: int) -> Iterator[re.Match[str]]:
    """The dates that begin at a place: one, or the two of a range."""
    match = _DATE.match(text, start)
    while match:
        end = match.end()
        if end < len(text) and (text[end].isalnum() or text[end] in "/_"):
            return
        after = _DATE.match(text, end + 1) if text.startswith("-", end) else None
        if text.startswith("-", end) and after is None and not checking.parted(end):
            return  # part of a sign: 01/02/2026-QD
        yield match
        match = after


def _vietnamese(match: re.Match[str], first: int, second: int, year: int) -> Spot:
    """A date that does not exist, or only with the month before the day."""
    if not _exists(year, first, second):
        return Spot(match.start(), match.end(), (), _NO_DAY, safe=False)
    right = f"{match[3]}{match[2]}{match[1]}{match[2]}{match[4]}"
    says = (f"The day comes first: “{right}”", f"Ngày viết trước tháng: “{right}”")
    return Spot(match.start(), match.end(), (right,), says, safe=False)


def _english(start: int, end: int, first: int, second: int, year: int) -> Spot:
    readings = [
        f"{day} {_MONTHS[month]} {year}"
        for day, month in dict.fromkeys(((first, second), (second, first)))
        if _exists(year, month, day)
    ]
    if not readings:
        return Spot(start, end, (), _NO_DAY, safe=False)
    best = readings[0]
    says = (f"Name the month: “{best}”", f"Viết tên tháng: “{best}”")
    return Spot(start, end, tuple(readings), says, safe=len(readings) == 1)


def _short(text: str, starts: list[int]) -> Iterator[Spot]:
    for start in starts:
        match = _DAYS.match(text, start) or _DAY.match(text, start)
        if match is None or not _SAID.search(text, max(0, start - 6), start):
            continue
        for at in range(1, match.re.groups, 2):
            if not _exists(2000, int(match[at + 1]), int(match[at])):  # 29-2 may be right
                yield Spot(match.start(at), match.end(at + 1), (), _NO_DAY, safe=False)


@pattern(
    "dotted-date", ("vi",), "info",
    "Ngày, tháng, năm viết bằng số nối nhau bằng gạch: 12/4 hoặc 12-4; dấu chấm phân nhóm nghìn.",
    "Nghị định số 30/2020/NĐ-CP, Phụ lục II, mục V, ngày lễ",
)  # fmt: skip
def dotted_dates(checking: Checking) -> Iterator[Spot]:
    """A day whose parts are joined by points, where the word before says that it is one."""
    text = checking.seen.folded.cased
    for start in checking.compounds:
        match = _dotted(text, start) if "." in text[start + 1 : start + 3] else None
        if match is not None:
            yield _joined(match, either=_either(text, match))


def _joined(match: re.Match[str], *, either: bool) -> Spot:
    """What to write instead; `either`: the words before let it be an amount, too."""
    days = tuple(match.group().replace(".", sign) for sign in "/-")
    if either:
        amount = match.group().replace(".", ",")
        says = (f"Write “{days[0]}” for a day, “{amount}” for an amount",
                f"Viết “{days[0]}” nếu là ngày, “{amount}” nếu là số lượng")  # fmt: skip
        return Spot(match.start(), match.end(), (*days, amount), says, safe=False)
    says = (f"Join day and month by a stroke: “{days[0]}”",
            f"Nối ngày và tháng bằng gạch: “{days[0]}”")  # fmt: skip
    return Spot(match.start(), match.end(), days, says, safe=False)


def _dotted(text: str, start: int) -> re.Match[str] | None:
    """A day or a month in figures with points, and no hour, amount or number of a section."""
    before = max(0, start - 12)
    if text.endswith(("tháng ", "Tháng "), before, start):
        match = _MONTH.match(text, start)
        return match if match and 1 <= int(match[1]) <= 12 else None
    match = _DOTTED.match(text, start)
    if match is None or not _exists(int(match[3] or 2000), int(match[2]), int(match[1])):
        return None
    if match[3]:
        return match
    end = match.end()
    if _HOUR.match(text, end):
        return None
    # "Sáng 16.9 người…" is a day: behind the word for one, few units are meant.
    if DAY.search(text, before, start):
        return None if UNIT["vi"].match(text, end) and not NOUN.match(text, end) else match
    return match if _either(text, match) and not UNIT["vi"].match(text, end) else None


def _either(text: str, match: re.Match[str]) -> bool:
    """Whether the word before may stand before a day as before an amount."""
    start = match.start()
    if match[match.re.groups] or EITHER.search(text, max(0, start - 12), start) is None:
        return False
    return not numbered(text, start)


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
