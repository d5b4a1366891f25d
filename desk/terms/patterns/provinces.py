"""Provinces that merged in 2025, where they stand in a list or, in English, before "Province".

"tỉnh Quảng Nam" is an entry of the termbase; "các tỉnh Quảng Trị, Quảng Nam" names it without the
word beside it, and in English the old name is a right spelling of a province that is no more.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Final

from desk.terms.fold import occurrences
from desk.terms.patterns.registry import Spot, pattern

if TYPE_CHECKING:
    from desk.terms.check import Checking

_SINCE: Final = date(2025, 7, 1)
_NOW: Final = {
    name: now
    for now, names in (
        ("tỉnh Tuyên Quang", ("Hà Giang",)),
        ("tỉnh Lào Cai", ("Yên Bái",)),
        ("tỉnh Thái Nguyên", ("Bắc Kạn",)),
        ("tỉnh Phú Thọ", ("Hòa Bình", "Vĩnh Phúc")),
        ("tỉnh Bắc Ninh", ("Bắc Giang",)),
        ("tỉnh Hưng Yên", ("Thái Bình",)),
        ("thành phố Hải Phòng", ("Hải Dương",)),
        ("tỉnh Ninh Bình", ("Hà Nam", "Nam Định")),
        ("tỉnh Quảng Trị", ("Quảng Bình",)),
        ("thành phố Đà Nẵng", ("Quảng Nam",)),
        ("tỉnh Quảng Ngãi", ("Kon Tum",)),
        ("tỉnh Gia Lai", ("Bình Định",)),
        ("tỉnh Khánh Hòa", ("Ninh Thuận",)),
        ("tỉnh Lâm Đồng", ("Đắk Nông", "Bình Thuận")),
        ("tỉnh Đắk Lắk", ("Phú Yên",)),
        ("Thành phố Hồ Chí Minh", ("Bà Rịa - Vũng Tàu", "Bình Dương")),
        ("tỉnh Đồng Nai", ("Bình Phước",)),
        ("tỉnh Tây Ninh", ("Long An",)),
        ("thành phố Cần Thơ", ("Sóc Trăng", "Hậu Giang")),
        ("tỉnh Vĩnh Long", ("Bến Tre", "Trà Vinh")),
        ("tỉnh Đồng Tháp", ("Tiền Giang",)),
        ("tỉnh Cà Mau", ("Bạc Liêu",)),
        ("tỉnh An Giang", ("Kiên Giang",)),
    )
    for name in names
}


def _english(name: str) -> str:
    """A name without marks, with its kind behind it: Da Nang City."""
    plain = unicodedata.normalize("NFD", name.replace("Đ", "D").replace("đ", "d"))
    bare = "".join(ch for ch in plain if not unicodedata.combining(ch))
    for kind, after in (("tinh ", " Province"), ("thanh pho ", " City"), ("Thanh pho ", " City")):
        if bare.startswith(kind):
            return bare.removeprefix(kind) + after
    return bare


# Folding takes the blanks beside a dash away.
_VI: Final = {name.replace(" - ", "-"): now for name, now in _NOW.items()}
_EN: Final = {_english(name).replace(" - ", "-"): _english(now) for name, now in _NOW.items()}
_ITEM = re.compile(r"(?:tỉnh )?([A-ZĐ][^\W\d_]*+(?:[ -][A-ZĐ][^\W\d_]*+){0,4})")
_NEXT = re.compile(r"(?: ?[,;]| và| cùng| hay| hoặc| and|, and) ")
_LIST: Final = "ác tỉnh"  # "các" and "Các"
_MOST: Final = 200  # spots told of one text
_BACK: Final = 160  # code points before "provinces" that are read for a list
_CUT = re.compile(r"[.;:!?()\"“”]")
_OLD_BEFORE = re.compile(
    r"(?:former|old|then|erstwhile|ex-|late)(?: provinces? of| provinces?)? ?$", re.IGNORECASE
)
_OLD_AFTER = re.compile(
    r"(?: [Pp]rovinces?)? ?(?:\(?(?:cũ|trước đây|former)|\(?nay (?:là|thuộc)|[,(]? ?now )"
)


@pattern(
    "merged-province", ("vi", "en"), "info",
    "Tỉnh đã hợp nhất từ ngày 1-7-2025; bài về thời gian trước và tên địa danh giữ tên cũ.",
    "Nghị quyết số 202/2025/QH15, Điều 1",
    english="The province merged on 1 July 2025; history and place names keep the old name.",
)  # fmt: skip
def merged_provinces(checking: Checking) -> Iterator[Spot]:
    """The old name of a province in a list of provinces, or before "Province" in English."""
    if checking.dated is not None and checking.dated < _SINCE:
        return
    text, english = checking.seen.folded.cased, checking.language == "en"
    names, told = _EN if english else _VI, 0
    spots = _in_english(text) if english else _in_lists(text)
    for first, end in spots:
        start = first
        while text[start:end] not in names and (blank := text.find(" ", start, end)) >= 0:
            start = blank + 1  # "In Quang Nam": the sentence lent its first word a capital
        now = names.get(text[start:end])
        if now is None or _OLD_AFTER.match(text, end):
            continue
        if not checking.context.past(start, _SINCE):
            told += 1
            if told > _MOST:
                return
            says = (f"“{text[start:end]}” is now part of {now}",
                    f"“{text[start:end]}” nay thuộc {now}")  # fmt: skip
            yield Spot(start, end, (now,), says, safe=False)


def _in_lists(text: str) -> Iterator[tuple[int, int]]:
    """The names of lists that begin with "các tỉnh"."""
    for at in occurrences(text, _LIST):
        end = at + len(_LIST)
        yield from _items(text, end + 2 if text[end : end + 1] == ":" else end + 1)


def _items(text: str, at: int) -> Iterator[tuple[int, int]]:
    """The names of a list that begins at a place."""
    while match := _ITEM.match(text, at):
        yield match.span(1)
        sign = _NEXT.match(text, match.end())
        if sign is None:
            return
        at = sign.end()


def _in_english(text: str) -> Iterator[tuple[int, int]]:
    """The names before "Province" and "provinces", and after "provinces of"."""
    for at in occurrences(text, "rovince"):
        start, end = at - 1, at + len("rovince")
        if start < 0 or text[start] not in "pP":
            continue
        many = text[end : end + 1] == "s"
        if many and text.startswith(" of ", end + 1):
            yield from _items(text, end + 5)
        elif start and text[start - 1] == " ":
            yield from _names_before(text, start - 1, many)


def _names_before(text: str, end: int, many: bool) -> Iterator[tuple[int, int]]:
    """The last name before a place, or all names of the list that ends there."""
    floor = max(0, end - _BACK)
    cuts = [match.end() for match in _CUT.finditer(text, floor, end)]
    spots: list[tuple[int, int]] = []
    at = cuts[-1] if cuts else floor
    while match := _ITEM.search(text, at, end):
        if spots and not _NEXT.fullmatch(text, spots[-1][1], match.start()):
            spots.clear()
        spots.append(match.span(1))
        at = match.end()
    if not spots or spots[-1][1] != end or _OLD_BEFORE.search(text, floor, spots[0][0]):
        return
    yield from spots if many else spots[-1:]
