"""Abbreviations: those that readers may not know are spelled out where they stand first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from desk.terms.fold import key
from desk.terms.patterns.registry import Spot, pattern

if TYPE_CHECKING:
    from desk.terms.check import Checking

_FULL: Final = {
    "vi": {
        "UBND": "Ủy ban nhân dân",
        "HĐND": "Hội đồng nhân dân",
        "BCH": "Ban Chấp hành",
        "XHCN": "xã hội chủ nghĩa",
        "TTXVN": "Thông tấn xã Việt Nam",
        "MTTQ": "Mặt trận Tổ quốc",
        "ĐBQH": "đại biểu Quốc hội",
        "UBTVQH": "Ủy ban Thường vụ Quốc hội",
        "LHQ": "Liên hợp quốc",
        "TNCS": "Thanh niên Cộng sản",
        "TAND": "Tòa án nhân dân",
        "VKSND": "Viện kiểm sát nhân dân",
        "BHXH": "bảo hiểm xã hội",
        "BHYT": "bảo hiểm y tế",
        "GPMB": "giải phóng mặt bằng",
        "KTXH": "kinh tế - xã hội",
        **dict.fromkeys(
            ("TPHCM", "TP HCM", "TP.HCM", "TP. HCM", "Tp HCM", "Tp.HCM", "Tp. HCM"),
            "Thành phố Hồ Chí Minh",
        ),
    },
    "en": {
        "CPV": "Communist Party of Viet Nam",
        "VNA": "Vietnam News Agency",
        "VFF": "Viet Nam Fatherland Front",
        "MOFA": "Ministry of Foreign Affairs",
    },
}
# One search for all: no two of them overlap where both stand as words.
_ANY: Final = {
    language: re.compile("|".join(sorted(known, key=len, reverse=True)))
    for language, known in _FULL.items()
}


@pattern(
    "abbreviation", ("vi", "en"), "info",
    "Chữ viết tắt được viết đầy đủ ở lần đầu.",
    "Nghị định số 30/2020/NĐ-CP, Phụ lục I; quy ước biên tập của Desk", whole=True,
    english="An abbreviation is spelled out at first mention.",
)  # fmt: skip
def abbreviations(checking: Checking) -> Iterator[Spot]:
    """The first mention of an abbreviation whose full form does not stand before it."""
    folded = checking.seen.folded
    present = set(_ANY[checking.language].findall(folded.cased))
    for short, full in _FULL[checking.language].items():
        if short not in present:
            continue
        at = _first(checking, short)
        if at < 0 or 0 <= folded.text.find(key(full)) < at:
            continue
        right = f"{full} ({short})"
        says = (
            f"Spell “{short}” out at first mention: “{full}”",
            f"Viết đầy đủ “{short}” ở lần đầu: “{full}”",
        )
        yield Spot(at, at + len(short), (full, right), says, safe=False)


def _first(checking: Checking, short: str) -> int:
    """Where it stands first in running text, in no heading and in no brackets; -1 for nowhere."""
    text = checking.seen.folded.cased
    at = text.find(short)
    while at >= 0:
        end = at + len(short)
        before, after = text[at - 1 : at], text[end : end + 1]
        words = not before.isalnum() and not after.isalnum() and before != "("
        if words and not _in_sign(checking, at, end) and checking.where(at) == "body":
            return at
        at = text.find(short, end)
    return -1


def _in_sign(checking: Checking, start: int, end: int) -> bool:
    """Whether it is part of a document's sign: 12/QĐ-UBND. A dash between blanks parts phrases,
    and folding takes those blanks away, so the text as given is looked at."""
    first, last = checking.span(start, end)
    beside = checking.text[max(0, first - 1) : first] + checking.text[last : last + 1]
    return "-" in beside or "/" in beside
