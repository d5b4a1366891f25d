"""Points, clauses and articles of legal texts: điểm a khoản 2 Điều 103."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from desk.terms.patterns.registry import Spot, pattern

if TYPE_CHECKING:
    from desk.terms.check import Checking

_CLAUSE = re.compile(
    r"(?P<clause>[Kk]hoản) (?P<number>\d{1,3}[a-z]?)(?P<comma>,?) "
    r"(?P<article>[Đđ]iều) (?P<last>\d{1,4}[a-z]?)(?!\w)"
)
_POINT = re.compile(r"(?<!\w)(?P<point>[Đđ]iểm) (?P<letter>[a-zđ])\)?(?P<comma>,?) $")
_ARTICLE = re.compile(
    r"\d{1,4}[a-z]?,? (?:của )?(?:Bộ luật|Luật|Hiến pháp|Pháp lệnh|Nghị định|Nghị quyết|Thông tư"
    r"|Quy chế|Quyết định|Điều lệ)(?!\w)"
)
_CLAUSED = re.compile(r"[Kk]hoản \d{1,3}[a-z]?,? $")
_CLAUSES: Final = ("khoản ", "Khoản ")
_BACK: Final = 10  # code points: "điểm a), "


@pattern(
    "clause", ("vi",), "error",
    "Khi viện dẫn, “Điều” viết hoa, “khoản” và “điểm” viết thường.",
    "Nghị định số 30/2020/NĐ-CP, Phụ lục II, mục V",
)  # fmt: skip
def clauses(checking: Checking) -> Iterator[Spot]:
    """Capitals of điểm, khoản and Điều where one text cites another."""
    text = checking.seen.folded.cased
    for number, _ in checking.numerals:
        if text.endswith("điều ", 0, number) and _ARTICLE.match(text, number):
            yield from _article(text, number)
        if not text.endswith(_CLAUSES, 0, number):
            continue
        at = number - len(_CLAUSES[0])
        match = _CLAUSE.match(text, at)
        if match and not (at and text[at - 1].isalnum()):
            spot = _spot(checking, text, match)
            if spot is not None:
                yield spot


def _article(text: str, number: int) -> Iterator[Spot]:
    """ "điều 174 Bộ luật Hình sự", where no clause before it is told with it."""
    at = number - len("điều ")
    if (not at or not text[at - 1].isalnum()) and not _CLAUSED.search(text, max(0, at - 16), at):
        end = number
        while text[end : end + 1].isalnum():
            end += 1
        right = f"Điều {text[number:end]}"
        yield Spot(at, end, (right,), (f"Write “{right}”", f"Viết “{right}”"))


def _spot(checking: Checking, text: str, match: re.Match[str]) -> Spot | None:
    start = match.start()
    right = f"khoản {match['number']}{match['comma']} Điều {match['last']}"
    written = match.group()
    point = _POINT.search(text, max(0, start - _BACK), start)
    if point:
        start = point.start()
        right = f"điểm {point['letter']}{point['comma']} {right}"
        written = point.group().replace(")", "") + written
    if written == right:
        return None
    if written[0].isupper() and checking.context.begins(start):
        right = right[0].upper() + right[1:]
        if written == right:
            return None
    return Spot(start, match.end(), (right,), (f"Write “{right}”", f"Viết “{right}”"))
