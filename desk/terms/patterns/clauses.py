"""Points, clauses and articles of legal texts: điểm a khoản 2 Điều 103."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from desk.terms.patterns.registry import Spot, pattern

if TYPE_CHECKING:
    from desk.terms.check import Checking

_CLAUSE = re.compile(
    r"(?:(?P<point>[Đđ]iểm) (?P<letter>[a-zđ])\)?(?P<comma>,?) )?"
    r"(?P<clause>[Kk]hoản) (?P<number>\d{1,3}[a-z]?)(?P<comma2>,?) "
    r"(?P<article>[Đđ]iều) (?P<last>\d{1,4}[a-z]?)(?!\w)"
)


@pattern(
    "clause", ("vi",), "error",
    "Khi viện dẫn, “Điều” viết hoa, “khoản” và “điểm” viết thường.",
    "Nghị định số 30/2020/NĐ-CP, Phụ lục II, mục V",
)  # fmt: skip
def clauses(checking: Checking) -> Iterator[Spot]:
    """Capitals of điểm, khoản and Điều where one text cites another."""
    text = checking.seen.folded.cased
    if "hoản " not in text:
        return
    for match in _CLAUSE.finditer(text):
        start = match.start()
        if start and text[start - 1].isalnum():
            continue
        right = f"khoản {match['number']}{match['comma2']} Điều {match['last']}"
        if match["point"]:
            right = f"điểm {match['letter']}{match['comma']} {right}"
        written = match.group().replace(")", "", 1)
        if written == right:
            continue
        if written[0].isupper() and checking.context.begins(start):
            right = right[0].upper() + right[1:]
            if written == right:
                continue
        yield Spot(start, match.end(), (right,), (f"Write “{right}”", f"Viết “{right}”"))
