"""Numbers in running text: each one with what it is, a figure, a date, a label and so on.

Every decision looks at a token and a fixed number of its neighbours, so the work grows with the
text and nothing else, whatever the text is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from desk.items import number_words as w
from desk.items.tokens import Token, tokens

Kind = Literal[
    "figure", "date", "time", "year", "document", "label", "ordinal", "phone", "list", "name"
]

_DASHES = "-–—−‑"


@dataclass(frozen=True)
class Number:
    """A number at `start:end` (code points) and what it is."""

    start: int
    end: int
    text: str
    kind: Kind


def numbers(text: str) -> list[Number]:
    """Every number of a text in order, each classified. Linear in the text."""
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens(text)
        self.kinds: dict[int, Kind] = {}  # token index -> kind of the numbers read so far

    def read(self) -> list[Number]:
        found: list[Number] = []
        for index, token in enumerate(self.tokens):
            if token.kind not in ("num", "doc"):
                continue
            kind = self.kinds.get(index) or self._classify(index)
            self.kinds[index] = kind
            end = self._end(index) if kind == "figure" else token.end
            found.append(Number(token.start, end, self.text[token.start : end], kind))
        return found

    def _end(self, index: int) -> int:
        after = self.at(index + 1)
        if after.word in ("%", "‰") and after.start - self.tokens[index].end <= 1:
            return after.end
        return self.tokens[index].end

    # --- neighbours

    def at(self, index: int) -> Token:
        return self.tokens[index] if 0 <= index < len(self.tokens) else _NOTHING

    def stuck(self, left: int) -> bool:
        """Whether nothing stands between this token and the next."""
        return self.at(left).end == self.at(left + 1).start and self.at(left + 1) is not _NOTHING

    def before(self, index: int) -> tuple[str, str]:
        """The word before, and the two words before, with a full stop between them ignored."""
        one = index - 1
        if self.at(one).word == "." and self.stuck(one - 1):
            one -= 1
        if self.at(one).kind != "word":
            return "", ""
        two = self.at(one - 1)
        pair = f"{two.word} {self.at(one).word}" if two.kind == "word" else ""
        return self.at(one).word, pair

    def after(self, index: int) -> str:
        return self.at(index + 1).word

    def month(self, index: int) -> bool:
        """An English month; its capital tells May from may."""
        return self.at(index).word in w.MONTHS and self.at(index).capital

    def value(self, index: int) -> int:
        """The token as a plain whole number of at most four digits, else -1."""
        token = self.at(index)
        plain = token.kind == "num" and token.word.isdecimal() and len(token.word) <= 4
        return int(token.word) if plain else -1

    # --- rules, the first that answers decides

    def _classify(self, index: int) -> Kind:
        if self.tokens[index].kind == "doc":
            return "document"
        for rule in _RULES:
            kind = rule(self, index)
            if kind:
                return kind
        return "figure"

    def mark(self, indexes: range, kind: Kind) -> Kind:
        for index in indexes:
            if self.at(index).kind == "num":
                self.kinds[index] = kind
        return kind


_NOTHING = Token("none", -9, -9, "")
Rule = Callable[[_Reader, int], Kind | None]


def _counted(r: _Reader, i: int) -> bool:
    """A unit follows, so that the number counts something; "lần lượt" (in turn) is no unit."""
    return r.after(i) in w.UNITS and (r.after(i), r.after(i + 1)) != ("lần", "lượt")


def _list_number(r: _Reader, i: int) -> Kind | None:
    """1.  2)  1/  at the start of a line, (3) anywhere, 1.2. before a heading."""
    token = r.tokens[i]
    line_start = i == 0 or "\n" in r.text[r.at(i - 1).end : token.start]
    follow = r.at(i + 1)
    spaced = r.at(i + 2).start > follow.end or follow.end == len(r.text)
    if r.at(i - 1).word == "(" and follow.word == ")" and 0 < r.value(i) <= 30:
        return None if token.word.startswith("0") else "list"
    if not line_start or r.at(i + 1) is _NOTHING:
        return None
    if r.stuck(i) and follow.word in (".", ")", "/", ".)") and r.value(i) >= 0 and spaced:
        return "list"
    groups = token.word.split(".")
    if len(groups) > 1 and all(len(group) <= 2 for group in groups):
        ahead = r.at(i + 2) if r.stuck(i) and follow.word == "." else follow
        if r.text[ahead.start : ahead.start + 1].isupper():
            return "list"
    return None


def _part_of_name(r: _Reader, i: int) -> Kind | None:
    """COP28, A320, Covid-19, UTC+7, 5G, #2026, user@, Mr_5."""
    left, right = r.at(i - 1), r.at(i + 1)
    if r.stuck(i - 1):
        if left.kind == "word" or left.word in ("@", "_", "#", "\\"):
            return "name"
        named = r.at(i - 2).kind == "word" and r.stuck(i - 2)
        if named and left.word in (*_DASHES, "+", "&"):
            return "name"
    if r.stuck(i) and right.kind == "word":
        if right.word in ("st", "nd", "rd", "th"):
            return "ordinal"
        if right.word == "s":  # the 1990s
            return "year"
        generation = right.capital and right.word in ("g", "k", "d")  # 5G, 4K, 3D
        if generation or right.word not in w.STUCK_UNITS:
            return "name"
    return "name" if r.stuck(i) and right.word in ("@", "_") else None


def _clock(r: _Reader, i: int) -> Kind | None:
    """15h30  15:30:00  15 giờ 30 (phút)  3 p.m.  9.30am; a bare "15 giờ" only after "lúc"."""
    after, prior = r.after(i), r.before(i)[0]
    if after == ":" and r.stuck(i) and r.stuck(i + 1) and r.at(i + 2).kind == "num":
        if r.value(i) > 24 or len(r.at(i + 2).word) != 2 or r.value(i + 2) > 59:
            return None  # a ratio or a scale, 1:50.000
        more = 4 if r.after(i + 2) == ":" and r.stuck(i + 2) and r.stuck(i + 3) else 2
        return r.mark(range(i, i + more + 1), "time")
    hour = 0 <= r.value(i) <= 24
    if hour and (after in ("giờ", "h") or (after == "g" and r.stuck(i))):
        minutes = 0 <= r.value(i + 2) < 60 and r.at(i + 2).start - r.at(i + 1).end <= 1
        minutes = minutes and (not _counted(r, i + 2) or r.after(i + 2) in ("phút", "ngày"))
        if minutes or (after == "h" and r.stuck(i)):
            return r.mark(range(i, i + 3 if minutes else i + 1), "time")
        if prior in w.CLOCK_BEFORE or r.after(i + 1) in w.CLOCK_AFTER:
            return "time"
    if after in ("am", "pm", "o") and (after != "o" or r.after(i + 1) in ("'", "’")):
        return "time"
    if after in ("a", "p") and r.after(i + 1) == "." and r.after(i + 2) == "m":
        return "time"
    if after in ("gmt", "utc", "hours") and len(r.tokens[i].word) == 4 and r.value(i) >= 0:
        return "time"
    if after in ("phút", "giây") and r.kinds.get(i - 2) == "time":
        return "time"
    return None


def _full_date(r: _Reader, i: int) -> Kind | None:
    """20/11/2026  20-11-2026  20.11.2026  2026-11-20  10/2026  III/2026  2021-2030."""
    parts = r.tokens[i].word.split(".")
    if len(parts) == 3 and [len(p) for p in parts][2] == 4 and _day_month(parts[0], parts[1]):
        return "date"
    if len(parts) == 2 and _dotted(r, i, *parts):
        return "date"
    joint = r.after(i)
    if not (r.stuck(i) and joint in ("/", *_DASHES) and r.at(i + 2).kind == "num"):
        before_it = r.at(i - 1)
        if before_it.word == "/" and r.stuck(i - 1) and r.at(i - 2).kind == "word" and _year(r, i):
            return "year"
        spaced_range = joint in _DASHES and joint and _year(r, i) and _year(r, i + 2)
        return r.mark(range(i, i + 3), "year") if spaced_range else None
    if not r.stuck(i + 1):
        return None
    first, second = r.value(i), r.value(i + 2)
    third = r.value(i + 4) if r.after(i + 2) == joint and r.stuck(i + 2) and r.stuck(i + 3) else -1
    if third >= 0 and ((1 <= first <= 31 and 1 <= second <= 12 and third > 31) or first > 999):
        return r.mark(range(i, i + 5), "date")
    if _year(r, i) and _year(r, i + 2):
        return r.mark(range(i, i + 3), "year")
    if 1 <= first <= 12 and _year(r, i + 2):
        return r.mark(range(i, i + 3), "date")
    return None


def _dotted(r: _Reader, i: int, first: str, second: str) -> bool:
    """chiều 5.1 and tháng 12.2025, as some newspapers write a day and a month."""
    one, two = r.before(i)
    if one == "tháng":
        return _day_month("1", first) and len(second) == 4 and second.isdecimal()
    every = two.split()[:1] != [] and two.split()[0] in w.EVERY
    return one in w.PART_OF_DAY and not every and _day_month(first, second) and not _counted(r, i)


def _day_month(day: str, month: str) -> bool:
    return day.isdecimal() and month.isdecimal() and 1 <= int(day) <= 31 and 1 <= int(month) <= 12


def _year(r: _Reader, i: int) -> bool:
    return 1800 <= r.value(i) <= 2100 and len(r.at(i).word) == 4


def _short_date(r: _Reader, i: int) -> Kind | None:
    """20/11 or 20-11: first above second, so neither range nor fraction; 2/9 after "ngày"."""
    joint = r.after(i)
    if not (r.stuck(i) and r.stuck(i + 1) and joint in ("/", *_DASHES)):
        return None
    first, second = r.value(i), r.value(i + 2)
    if not (1 <= first <= 31 and 1 <= second <= 12):
        return None
    if r.after(i + 2) == joint and r.stuck(i + 2):
        return None
    one = r.before(i)[0]
    told = one in w.DAY_BEFORE or r.kinds.get(i - 2) == "date"
    told = told or r.at(i + 2).word.startswith("0")
    falls = first > second and not _counted(r, i + 2) and one not in w.SCORE_BEFORE
    return r.mark(range(i, i + 3), "date") if told or falls else None


def _worded_date(r: _Reader, i: int) -> Kind | None:
    """ngày 20, tháng 10, năm 2026, quý 3; 20 November 2026; 9 tháng đầu năm; first 9 months."""
    if r.tokens[i].word.count(".") + r.tokens[i].word.count(",") or len(r.tokens[i].word) > 4:
        return None
    one, two = r.before(i)
    after, next_one = r.after(i), r.after(i + 1)
    if r.month(i + 1) or (after == "of" and r.month(i + 2)):
        return "date"
    month = 1 <= r.value(i + 2) <= 12 or next_one in ("giêng", "chạp")
    if after == "tháng" and month and r.value(i) <= 31 and not _counted(r, i + 2):
        return "date"
    if after in ("tháng", "quý", "tuần", "ngày") and next_one in ("đầu", "cuối", "năm", "qua"):
        return "date"
    if after in ("months", "quarters", "weeks", "days") and one in ("first", "last", "past"):
        return "date"
    back = i - 2 if r.at(i - 1).word == "." else i - 1
    if r.month(back) and (1 <= r.value(i) <= 31 or _year(r, i)):
        return "date"
    most = w.DATE_BEFORE.get(two) or w.DATE_BEFORE.get(one, 0)
    every = two.split()[:1] != [] and two.split()[0] in w.EVERY
    if 1 <= r.value(i) <= most and not every:
        return None if _counted(r, i) and one not in w.DATE_BEFORE_ANY else "date"
    in_date = r.at(i - 1).word == "," and r.kinds.get(i - 2) == "date" and _year(r, i)
    return "date" if in_date else None


def _phone(r: _Reader, i: int) -> Kind | None:
    """+84 24 3804 3000, (024) 3804 3000, 0912.345.678, hotline 1900 1234, gọi 113."""
    groups, end = 0, i
    digits = ""
    while groups < 5 and r.at(end).kind == "num":
        digits += re.sub(r"\D", "", r.at(end).word)
        groups += 1
        gap = end + 1
        while gap <= end + 2 and r.at(gap).word in ("-", ".", ")", "–"):
            gap += 1
        if r.at(gap).start - r.at(end).end > 3 or len(digits) > 15:
            break
        end = gap
    one, two = r.before(i)
    colon = r.at(i - 1).word in (":", "(", "+") and r.before(i - 1)[0] in w.PHONE_BEFORE
    called = one in w.PHONE_BEFORE or colon or (one == "số" and two.split()[0] in w.PHONE_BEFORE)
    called = called and not _counted(r, i)
    called = called or (r.tokens[i].word in ("1800", "1900") and 8 <= len(digits) <= 10)
    plus = r.at(i - 1).word == "+" and r.stuck(i - 1)
    lead = digits.startswith("0") and not re.match(r"0[.,]", r.tokens[i].word)
    if (called and len(digits) >= 3) or ((plus or lead) and 9 <= len(digits) <= 15):
        last = end if r.at(end).kind == "num" else end - 1
        return r.mark(range(i, last + 1), "phone")
    return None


def _label(r: _Reader, i: int) -> Kind | None:
    """Điều 5, trang 12, Article 5, số 30, No. 7; thứ 2; not "khoản 5 tỷ đồng"."""
    one, two = r.before(i)
    if one == "thứ" or two in w.ORDINALS:
        return "ordinal"
    money = r.after(i) in w.SCALES or r.after(i) in ("%", "đồng", "usd", "vnd")
    if money or (_counted(r, i) and one not in w.SURE_LABELS):
        return None
    if one == "km" and r.after(i) == "+":  # a place on a road
        return r.mark(range(i, i + 3), "label")
    if one == "số":
        prior = two.split()[0] if two else ""
        return None if prior in w.NO_LABEL_BEFORE_SO else "label"
    if (one in ("version", "ver", "v") or two == "phiên bản") and "," not in r.tokens[i].word:
        return "label"
    if r.value(i) < 0:
        return None
    if two in w.LABELS or one in w.LABELS:
        return "label"
    # The word of the label itself, one or two tokens back, with an abbreviation's stop between.
    back = i - 2 if r.at(i - 1).word == "." else i - 1
    named = (one in w.CAPITAL_LABELS and r.at(back).capital) or (
        two in w.CAPITAL_LABELS and r.at(back - 1).capital
    )
    return "label" if named else None


def _version(r: _Reader, i: int) -> Kind | None:
    """1.0.3 and 192.0.2.1: groups of digits that no way of writing numbers allows."""
    word = r.tokens[i].word
    groups = re.split(r"[.,\u00a0\u2009\u202f]", word)
    if len(groups) < 3:
        return None
    same = len(set(re.sub(r"\d", "", word)[:-1])) <= 1
    thousands = all(len(group) == 3 for group in groups[1:-1]) and len(groups[0]) <= 3
    return None if same and thousands else "name"


def _continued(r: _Reader, i: int) -> Kind | None:
    """The 6 and the 7 of "Điều 5, 6 và 7", the 21 of "ngày 20 và 21"."""
    joint = r.at(i - 1)
    joins = joint.word in (",", ";", "và", "and", "or", "hoặc", "đến", "to", "&", *_DASHES)
    kind = r.kinds.get(i - 2)
    if not joins or kind not in ("label", "date", "year", "ordinal", "time"):
        return None
    if _counted(r, i) or r.after(i) in ("%", "‰") or r.value(i) < 0:
        return None
    if kind == "label" and r.at(i + 1).kind == "word" and r.at(i + 1).word not in w.AFTER_LABELS:
        return None  # "theo Điều 5 và 30 hồ sơ": a noun follows, so this number counts
    alike = abs(len(r.at(i).word) - len(r.at(i - 2).word)) <= 1
    return kind if alike else None


def _lone_year(r: _Reader, i: int) -> Kind | None:
    """A bare 1990 to 2050, unless it counts something or stands behind a currency.

    Other years need a word before them that says so.
    """
    one = r.before(i)[0]
    if _year(r, i) and one == "năm" and r.after(i) not in w.SCALES:
        return "year"
    if not _year(r, i) or _counted(r, i) or r.at(i - 1).word in ("$", "€", "£", "₫"):
        return None
    if one in w.YEAR_BEFORE:
        return "year"
    if 1900 <= r.value(i) < 1990 and (r.at(i - 1).capital or r.at(i - 1).word == "("):
        return "year"  # UNCLOS 1982
    return "year" if 1990 <= r.value(i) <= 2050 and one not in w.COUNT_BEFORE else None


_RULES: tuple[Rule, ...] = (
    _list_number,
    _full_date,
    _clock,
    _part_of_name,
    _phone,
    _short_date,
    _worded_date,
    _label,
    _version,
    _continued,
    _lone_year,
)
