"""What stands around a hit: sentence, heading, quotation, name of a source, a time gone by.

Each answer is worked out when the first hit asks for it, once for a text, in linear time.
"""

from __future__ import annotations

import calendar
import re
from bisect import bisect_right
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Final

from desk.items.sentences import Sentence, sentences
from desk.terms.fold import SKIPPED, occurrences
from desk.terms.markup import Kind, Seen

# "Hà Nội (TTXVN) - ", "(PL)- " and "TPO - " stand before the first word of a report.
_DATELINE = re.compile(
    r"(?:^|  )(?:[^\W\d_][\w ,]{1,24} ?)?\([^\W\d_][\w .,/]{1,24}\)$|(?:^|  )[A-Z][A-Z.]{1,11}$"
)
_DATED: Final = 54  # code points of it that are read
_OPENERS: Final = frozenset("\"'“‘«„([{#>*_~|-–—•·+")
_STOPS: Final = frozenset(".!?…:" + SKIPPED)
_LIST_NUMBER = re.compile(r"(?:\d{1,3}|[a-zđ]|[IVX]{1,5})[.)]$")
_WRAPPED: Final = 60  # code points: a line as long as that may have been wrapped by hand
_INDENT: Final = 41  # code points: marks that stand before the first word of a line
_LONGEST: Final = 60  # code points of a name of a source

_QUOTE_MARKS: Final = '“”„«»"‘’'
_CLOSES: Final = {"“": "”", "„": "”“", "«": "»", "‘": "’"}
_CREDITS: Final = (
    "Nguồn", "Nguồn tin", "Ảnh", "Tin, ảnh", "Bài, ảnh", "Đồ họa", "Source", "Photo", "Photos",
    "Photo by", "Credit", "Graphic",
)  # fmt: skip
_SOURCE = re.compile(
    r"(?:Nguồn|Nguồn tin|Ảnh|Tin, ảnh|Bài, ảnh|Đồ họa|Source|Photo|Photos|Photo by|Credit|Graphic)"
    r"\s?:\s?|(?<=\()(?:Nguồn|Ảnh|Source|Photo|Photo by) |\(Theo[: ]",
)
_SOURCE_END = re.compile(r"[()\[\];.!?\n]|  |" + SKIPPED)

_PAST = re.compile(
    r"(?<![\w/-])(?:(?:(?P<day>\d{1,2})[/.-])?(?P<month>\d{1,2})[/.-])?"
    r"(?P<year>(?:1[89]|20)\d\d)(?![\w/.-]*[A-ZĐ])(?!\d)"
)
_MONTH_WORD = re.compile(
    r"tháng (\d{1,2})[ ,]+năm ((?:1[89]|20)\d\d)"
    r"|(?:(\d{1,2}) )?(january|february|march|april|may|june|july|august|september|october"
    r"|november|december)(?: (\d{1,2}),)? ((?:1[89]|20)\d\d)"
)
# What is said to be before a day lies before it: "trước tháng 3/2025", "before March 2025".
_BEFORE: Final = re.compile(
    r"(?<!\w)(?:trước|before|until|prior to|up to)(?: ngày| tháng| năm| mùng)? $", re.IGNORECASE
)
_BEFORE_REACH: Final = 16  # code points of the longest of them
_MONTHS: Final = {month.casefold(): at for at, month in enumerate(calendar.month_name) if at}
_FORMER = re.compile(
    r"(?<!\w)(?:cựu|trước đây|trước đó|trước (?:khi )?sắp xếp"
    r"|khi đó|lúc đó|thời điểm đó|sáp nhập|sát nhập|hợp nhất|đổi tên"
    r"|(?:tỉnh|huyện|quận|thị xã|thị trấn) [^\W_][^,.;:()]{0,23} cũ"
    r"|tiền thân|tên cũ|\(cũ\)"
    r"|nguyên (?:phó |quyền )?(?:tổng|bộ trưởng|thứ trưởng|chủ tịch|bí thư|giám đốc|trưởng|ủy viên"
    r"|cán bộ|lãnh đạo|đại biểu|cục|vụ|chánh|viện)"
    r"|former|formerly|previously|until then|at the time|back then"
    r"|merged?|merger|merging|renamed|predecessor|precursor)(?!\w)"
)


Time = tuple[int, int, int]
"""Year, month, day; 0 is not said."""


class Spans:
    """Spans in order that do not overlap, asked by place."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self._spans = spans
        self._starts = [start for start, _ in spans]

    def __bool__(self) -> bool:
        return bool(self._spans)

    def at(self, place: int) -> bool:
        """Whether a place lies in one of them."""
        index = bisect_right(self._starts, place) - 1
        return index >= 0 and place < self._spans[index][1]


class Context:
    """Answers about places of one text. Offsets are those of the folded text."""

    def __init__(self, seen: Seen) -> None:
        self.seen = seen
        self.cased = seen.folded.cased
        self._times: dict[Sentence, frozenset[Time]] = {}
        self._known: dict[int, list[Sentence]] = {}

    @cached_property
    def plain(self) -> bool:
        """Whether the text has no headings, no quotations and no sources, as most have none."""
        return not (self.seen.regions or self._quotes or self._sources)

    def within(self, start: int, kind: Kind) -> bool:
        """Whether a place lies in a region of that kind that the markup shows."""
        regions = self.seen.regions
        return bool(regions) and regions.at(self.seen.folded.back(start, start + 1)[0], kind)

    def quoted(self, start: int) -> bool:
        """Whether a place lies in quoted speech."""
        return self._quotes.at(start) or self.within(start, "quote")

    def sourced(self, start: int) -> bool:
        """Whether a place lies in the name of a source: "Nguồn: …", "(Theo …)", a footnote."""
        return self._sources.at(start) or self.within(start, "source")

    def begins(self, start: int) -> bool:
        """Whether a sentence, heading, list item, cell or quotation begins at a place."""
        at = start
        text = self.cased
        while at and (text[at - 1] == " " or text[at - 1] in _OPENERS):
            if text[at - 1] in '"“‘«„|' or text[at - 2 : at] == "  ":
                return True
            at -= 1
        if at == 0 or text[at - 1] in _STOPS:
            return True
        if text[at - 1] in ".)" and _LIST_NUMBER.search(text, max(0, at - 6), at):
            return True
        if "-" in text[at:start] and _DATELINE.search(text, max(0, at - _DATED), at):
            return True
        return self._starts_line(start)

    def past(self, start: int, since: date) -> bool:
        """Whether the sentence speaks of a time before `since`, or of what something was."""
        sentence = self._sentence(start)
        times = self._times.get(sentence)
        if times is None:
            times = self._times[sentence] = self._times_of(sentence)
        return any(_before(year, month, day, since) for year, month, day in times)

    def _times_of(self, sentence: Sentence) -> frozenset[Time]:
        """The times of which a sentence speaks; the year 0 where it speaks of what was."""
        text = self.seen.folded.text[sentence.start : sentence.end]
        cased = self.cased[sentence.start : sentence.end]
        found = {_said(cased, match, _time(match)) for match in _PAST.finditer(cased)}
        found |= {_said(cased, match, _month(match)) for match in _MONTH_WORD.finditer(text)}
        return frozenset(found | ({(0, 0, 0)} if _FORMER.search(text) else set()))

    def _starts_line(self, start: int) -> bool:
        """Whether only marks stand before it on its line, and the line above was not wrapped."""
        original = self.seen.original
        place = self.seen.folded.back(start, start + 1)[0]
        floor = max(0, place - _INDENT)  # no farther: a text may be one line of any length
        line = max(original.rfind(end, floor, place) for end in "\n\r") + 1
        if not line:
            return False
        if original[line:place].strip(' \t>#*_-+|"“‘«(0123456789.)'):
            return False
        above = original[max(0, line - _WRAPPED - 2) : line].rstrip()
        whole = above.rpartition("\n")[2]
        return len(whole) < _WRAPPED or whole != above

    def _sentence(self, place: int) -> Sentence:
        """The sentence around a place; only its paragraph is read for it."""
        index = bisect_right(self._breaks, place)
        start = self._breaks[index - 1] if index else 0
        found = self._known.get(index)
        if found is None:
            end = self._breaks[index] if index < len(self._breaks) else len(self.cased)
            found = self._known[index] = sentences(self.cased[start:end])
        at = bisect_right(found, place - start, key=lambda one: one.start) - 1
        here = found[max(at, 0)]
        return Sentence(here.start + start, here.end + start)

    @cached_property
    def _breaks(self) -> list[int]:
        """Where paragraphs begin: two blanks are all that folding leaves between them."""
        known = self.seen.folded.breaks
        return [at + 2 for at in (occurrences(self.cased, "  ") if known is None else known)]

    @cached_property
    def _quotes(self) -> Spans:
        text = self.cased
        found: list[tuple[int, int]] = []
        opened, closes = -1, ""
        marks = [at for mark in _QUOTE_MARKS if mark in text for at in occurrences(text, mark)]
        for at in sorted([*marks, *(at - 2 for at in self._breaks)] if marks else ()):
            mark = text[at]
            if mark == " ":  # a paragraph ends, and with it what was never closed
                opened = -1
            elif opened < 0:
                if mark in _CLOSES or (mark == '"' and _opens(text, at)):
                    opened, closes = at, _CLOSES.get(mark, '"')
            elif mark in closes and not (mark == "’" and _inner(text, at)):
                found.append((opened, at + 1))
                opened = -1
        return Spans(found)

    def _credits(self) -> Iterator[re.Match[str]]:
        """Where the name of a source begins: before a colon or after a bracket."""
        text = self.cased
        starts = [at + inside for at in occurrences(text, "(") for inside in (0, 1)]
        for at in occurrences(text, ":"):
            end = at - 1 if at and text[at - 1] == " " else at
            if text.endswith(_CREDITS, 0, end):
                starts += (end - len(word) for word in _CREDITS if text.endswith(word, 0, end))
        for at in sorted(set(starts)):
            match = _SOURCE.match(text, at)
            if match:
                yield match

    def _line_end(self, start: int, most: int) -> int:
        """Where the line ends that a place is on, or `most`: folding has made a blank of it."""
        back, original = self.seen.folded.back, self.seen.original
        first = back(start, start)[0]
        line = original.find("\n", first, back(most, most)[0])
        if line < 0:
            return most
        low, high = start, most
        while low < high:  # the first place that leads to the line break or beyond it
            middle = (low + high) // 2
            if back(middle, middle)[0] < line:
                low = middle + 1
            else:
                high = middle
        return low

    @cached_property
    def _sources(self) -> Spans:
        text = self.cased
        found: list[tuple[int, int]] = []
        for match in self._credits():
            most = min(len(text), match.end() + _LONGEST)
            if match.group()[0] != "(" and text[match.start() - 1 : match.start()] != "(":
                most = self._line_end(match.end(), most)
            end = _SOURCE_END.search(text, match.end(), most)
            if not found or match.start() >= found[-1][1]:
                found.append((match.start(), end.start() if end else most))
        return Spans(found)


def _opens(text: str, at: int) -> bool:
    """Whether a straight quotation mark opens: nothing of a word before it, something after."""
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    return not before.isalnum() and not after.isspace()


def _inner(text: str, at: int) -> bool:
    return at + 1 < len(text) and text[at + 1].isalnum()


def _time(match: re.Match[str]) -> Time:
    year, month, day = (int(match[name] or 0) for name in ("year", "month", "day"))
    return year, month, day


def _month(match: re.Match[str]) -> Time:
    if match[1]:
        return int(match[2]), int(match[1]), 0
    return int(match[6]), _MONTHS[match[4]], int(match[3] or match[5] or 0)


def _said(text: str, match: re.Match[str], time: Time) -> Time:
    """The time of a date in a sentence: that of the day before where it is only a bound."""
    start = match.start()
    if not _BEFORE.search(text, max(0, start - _BEFORE_REACH), start):
        return time
    year, month, day = time
    if day > 1:
        return year, month, day - 1
    return (year, month - 1, 0) if month > 1 else (year - 1, 0, 0)


def _before(year: int, month: int, day: int, since: date) -> bool:
    """Whether a date, whole month or whole year lies before `since`. 0 is not known."""
    if not 1 <= month <= 12:
        return year < since.year
    if not day:
        return (year, month) < (since.year, since.month)
    return (year, month, day) < (since.year, since.month, since.day)
