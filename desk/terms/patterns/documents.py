"""Numbers of decrees, resolutions, decisions and circulars, in Vietnamese and in English.

The State writes number/year/KIND-ISSUER (30/2020/NĐ-CP), the Party number-KIND/ISSUER (35-NQ/TW).
Between kind and number stands "số" in Vietnamese and "No." in English, where Đ loses its bar.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from desk.items.number_words import words
from desk.terms.casing import shouted
from desk.terms.patterns.registry import Spot, pattern

if TYPE_CHECKING:
    from desk.terms.check import Checking

_NUMBER = re.compile(
    r"\d{1,5}[a-z]?(?:/(?:19|20)\d\d)?(?:[/-][A-Za-zĐđƯư][A-Za-zĐđƯư.]{0,11}(?:&[A-ZĐ]{1,5})?){1,5}\d{0,2}"
)
_KINDS: Final = words("NĐ NQ QĐ CT TT KL HD TB CV QC BC KH TTr TTLT NQLT HĐ QyĐ CĐ TL")
_ISSUERS: Final = words(
    "CP TTg TW VPTW BTCTW UBKTTW BTGTW BTGDVTW BDVTW BNCTW BCSĐ TU HU ĐU UBND HĐND QH UBTVQH HĐTP "
    "HĐBT BNV BTC BCA BQP BNG BTP BCT BXD BYT BGDĐT BKHCN BTNMT BNNMT BNNPTNT BVHTTDL BLĐTBXH "
    "BTTTT BGTVT BKHĐT BDTTG NHNN TTCP VPCP TANDTC VKSNDTC KTNN"
)


def _bare(sign: str) -> str:
    """A part of a sign without marks, dots and case: T.Ư, TƯ and tw are one."""
    plain = sign.replace("Đ", "D").replace("đ", "d").replace(".", "").replace("&", "")
    low = unicodedata.normalize("NFD", plain)
    return "".join(ch for ch in low.casefold() if ch.isascii())


_RIGHT: Final = {_bare(part): part for part in (*_KINDS, *_ISSUERS)} | {"tu": "TU"}
_CENTRAL: Final = frozenset({"T.Ư", "TƯ", "T.W", "Tư", "TW"})
_PARTY: Final = re.compile(r"(?:.*TW|TU|HU|ĐU)$")

# What stands before the number. The short forms are no words of prose.
_SPELLED: Final = {
    "NĐ": "Nghị định", "ND": "Nghị định", "NQ": "Nghị quyết", "QĐ": "Quyết định",
    "QD": "Quyết định", "TT": "Thông tư", "CT": "Chỉ thị", "KL": "Kết luận",
}  # fmt: skip
_VI: Final = re.compile(
    r"(?:^|(?<=\W))(?P<kind>(?:nghị định|nghị quyết|quyết định|chỉ thị|thông tư liên tịch|thông tư"
    r"|kết luận|quy định|hướng dẫn|thông báo|công văn|công điện|kế hoạch|tờ trình|báo cáo|quy chế"
    r"|pháp lệnh|bộ luật|luật|sắc lệnh)|NĐ|ND|NQ|QĐ|QD|TT|CT|KL)(?P<no> số:?)? ?$",
    re.IGNORECASE,
)
_EN: Final = re.compile(
    r"(?:^|(?<=\W))(?P<kind>decree|resolution|decision|directive|joint circular|circular|conclusion"
    r"|regulation|guideline|guidance|instruction|notice|announcement|official letter|law|ordinance"
    r"|plan|report)"
    r"(?P<no> (?:no\.?|number|№|\#))? ?$",
    re.IGNORECASE,
)
_SHORT = re.compile(r"[QN][ĐDQ](?: số)? (\d{1,5})(?![\w/]|[.,-]\d|-[A-ZĐ])")
# By the last letter before the number: how far before it that may begin.
_BEFORE: Final = {"Đ": len("QĐ "), "D": len("ND "), "Q": len("NQ "), "ố": len("QĐ số ")}
_NAME: Final = 100  # code points of the longest name of a law
_LAW_VI: Final = re.compile(r"(?:Luật|Bộ luật|Pháp lệnh) [^.;:,()/]{2,}$")
_LAW_EN: Final = re.compile(r"(?:Law|Code|Ordinance) [^.;:,()/]{2,}$")
# Of these the decree says that the name of one of them begins with a capital.
_NAMED: Final = frozenset(
    ("nghị định", "nghị quyết", "quyết định", "chỉ thị", "thông tư", "pháp lệnh", "luật", "bộ luật")
)
_SEVERAL: Final = re.compile(r"(?<!\w)(?:các|những|hai|ba|bốn|mấy|nhiều|số) $", re.IGNORECASE)
_LINKED: Final = re.compile(r"\b(?:số|[Nn]umber|№|và|and|or|hoặc) $")
_BACK: Final = 32  # code points: the longest kind with "số"


@pattern(
    "document-number", ("vi", "en"), "error",
    "Nhà nước ghi số/năm/LOẠI-CƠ QUAN, Đảng ghi số-LOẠI/CƠ QUAN; sau tên loại có “số”; tên loại của"
    " một văn bản cụ thể viết hoa.",
    "Nghị định số 30/2020/NĐ-CP, Phụ lục I và Phụ lục II; Hướng dẫn số 36-HD/VPTW",
    english="The number stands after No.; the State writes number/year/KIND-ISSUER without Đ.",
)  # fmt: skip
def document_numbers(checking: Checking) -> Iterator[Spot]:
    """The sign of a document written wrongly, or its number without "số" or "No."."""
    text, english = checking.seen.folded.cased, checking.language == "en"
    for start in checking.compounds:
        match = _NUMBER.match(text, start)
        end = match.end() if match else 0
        if not match or (end < len(text) and (text[end].isalnum() or text[end] in "/_")):
            continue
        written = match.group().rstrip(".")
        right = _right(written)
        if right is None:
            continue
        if english:
            right = right.replace("Đ", "D")
        if written == right.upper() and _shouted(text, start, end):
            right = written
        window = text[max(0, start - _BACK) : start]
        before = (_EN if english else _VI).search(window)
        spot = _spot(text, start, start + len(written), written, right, before, english)
        if spot is None and not before and _names_law(text, start, written, english):
            whole = f"{'No.' if english else 'số'} {right}"
            spot = Spot(start, start + len(written), (whole,), _says(whole), "warning")
        if spot is not None:
            yield spot


def _shouted(text: str, start: int, end: int) -> bool:
    """Whether the words around are in capitals, as in the title of a document; so is its sign."""
    before, after = text[max(0, start - _BACK) : start].split(), text[end : end + _BACK].split()
    return any(map(shouted, before[-2:])) and (not after or shouted(after[0]))


def _names_law(text: str, start: int, written: str, english: bool) -> bool:
    """Whether a number of the National Assembly follows the name of a law with nothing between."""
    if "/QH" not in written or text[start - 1 : start] != " " or not text[start - 2].isalpha():
        return False
    window = text[max(0, start - _NAME) : start]
    name = (_LAW_EN if english else _LAW_VI).search(window)
    return name is not None and not _LINKED.search(window)


def _spot(
    text: str, start: int, end: int, written: str, right: str,
    before: re.Match[str] | None, english: bool,
) -> Spot | None:  # fmt: skip
    link = "No." if english else "số"
    kind = before["kind"] if before else ""
    spelled = _SPELLED.get(kind.upper(), "") if kind.isupper() and not english else ""
    given = (before["no"] or "").strip().rstrip(":") if before else ""
    wrong_link = bool(before) and given != link and not (not english and given.casefold() == link)
    first = start - len(before.string) + before.start("kind") if before else start
    small = kind in _NAMED and not english and not _SEVERAL.search(text, max(0, first - 10), first)
    if written == right and not (wrong_link or spelled or small):
        return None
    if not before or not (wrong_link or spelled or small):
        return Spot(start, end, (right,), _says(right))
    named = kind[0].upper() + kind[1:] if small else kind
    whole = f"{spelled or named} {link} {right}"
    only_link = written == right and not spelled
    return Spot(first, end, (whole,), _says(whole), "warning" if only_link else None)


def _says(right: str) -> tuple[str, str]:
    return f"Write “{right}”", f"Viết “{right}”"


@lru_cache(maxsize=4096)  # a text names the same few documents again and again
def _right(written: str) -> str | None:
    """The number with its sign as it should be; None for what is no document number."""
    head, *parts = re.split(r"(?=[/-])", written)
    year = parts.pop(0) if parts and parts[0][1:].isdecimal() else ""
    signs = [_sign(part[1:]) for part in parts]
    if len(signs) == 1 and year and signs[0].rstrip("0123456789") in ("QH", "UBTVQH"):
        return f"{head}{year}/{signs[0]}"  # the National Assembly names its term: 202/2025/QH15
    if len(signs) < 2 or signs[0] not in _KINDS:
        return None
    last = signs[-1]
    if _PARTY.fullmatch(last) and len(signs) == 2 and not year:
        return f"{head}-{signs[0]}/{last}"
    if _is_issuer(last):
        return f"{head}{year}/{'-'.join(signs)}"
    return head + year + "".join(part[0] + sign for part, sign in zip(parts, signs, strict=True))


def _sign(part: str) -> str:
    if part.upper() in _CENTRAL:
        return "TW"
    stem = part.rstrip("0123456789")
    right = _RIGHT.get(_bare(stem))
    return part if right is None else right + part[len(stem) :]


def _is_issuer(sign: str) -> bool:
    return sign.rstrip("0123456789") in _ISSUERS


@pattern(
    "document-kind", ("vi",), "warning",
    "Tên loại văn bản viết đầy đủ, kèm số và ký hiệu.",
    "Nghị định số 30/2020/NĐ-CP, Phụ lục I",
)  # fmt: skip
def shortened_kinds(checking: Checking) -> Iterator[Spot]:
    """A kind of document in two letters with a bare number: QĐ 505."""
    text = checking.seen.folded.cased
    for number, _ in checking.numerals:
        if text[number - 1] != " " or text[number - 2 : number - 1] not in _BEFORE:
            continue
        match = _SHORT.match(text, max(0, number - _BEFORE[text[number - 2]]))
        if match is None:
            continue
        start, end = match.span()
        kind = _SPELLED.get(text[start : start + 2])
        if kind is None or (start and (text[start - 1].isalnum() or text[start - 1] in "/-")):
            continue
        right = f"{kind} số {match[1]}"
        says = (
            f"Spell the kind out, with number and sign: “{right}/…”",
            f"Viết đầy đủ tên loại, số và ký hiệu: “{right}/…”",
        )
        yield Spot(start, end, (right,), says, safe=False)
