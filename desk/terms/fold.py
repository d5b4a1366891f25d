"""Folding: the form in which text and terms are compared, and the way back to the original.

Four things are made equal: Unicode composition (NFC, UAX #15), letter case, where the tone mark of
hoà/hòa stands (laws and schoolbooks differ), and blanks, dashes and apostrophes. Text that is NFC
already needs no map but for blanks; then folding is a handful of passes in C.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

SKIPPED: Final = "\ufffc"
"""Stands for one character of text that is not read (code, addresses): no term holds it."""

# Anything but what most text is made of: composed letters, plain blanks, the usual marks.
_USUAL_CLASS: Final = " -~\n\u00a1-\u00ac\u00ae-\u024f\u1ea0-\u1ef9“”‘’…"
_UNUSUAL = re.compile(f"[^{_USUAL_CLASS}]")
# To run over what is usual is twice as fast as to look for what is not.
_USUAL = re.compile(f"[{_USUAL_CLASS}]*+")


def _span(*ranges: tuple[int, int]) -> frozenset[str]:
    return frozenset(chr(code) for first, last in ranges for code in range(first, last + 1))


_BLANKS: Final = _span((0x09, 0x09), (0x0B, 0x0D), (0x1C, 0x1F), (0x85, 0x85), (0xA0, 0xA0),
                       (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F),
                       (0x205F, 0x205F), (0x3000, 0x3000))  # fmt: skip
_DASHES: Final = _span((0x2010, 0x2015), (0x2212, 0x2212), (0xFE58, 0xFE58), (0xFE63, 0xFE63),
                       (0xFF0D, 0xFF0D))  # fmt: skip
# Marks without width: soft hyphen, joiners, bidi controls, byte order mark, variation selectors.
_HIDDEN: Final = _span((0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x180E, 0x180E),
                       (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x2064), (0x2066, 0x206F),
                       (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF))  # fmt: skip
_HIDDEN_RUN = re.compile(f"[{''.join(sorted(_HIDDEN))}]+")
_SIMPLE: Final = _BLANKS | _DASHES | _HIDDEN
_SURROGATE = re.compile("[\ud800-\udfff]")
_MARKS = "\u0300-\u036f"
_CLUSTER = re.compile(f"[^{_MARKS}][{_MARKS}]+")
_PARTED: Final = "\n\n"
# An expression that begins with one plain character is searched as fast as that character is.
_DASH = re.compile(r"-(?:(?= )|(?<= -))")

# At the end of a syllable the tone stands on the second vowel in one style and on the first in the
# other. After q the u belongs to the consonant, and both styles write quý.
_TONES: Final = (
    re.compile(r"o[àáảãạèéẻẽẹ](?![^\W\d_])"),
    re.compile(r"u[ỳýỷỹỵ](?<!qu[ỳýỷỹỵ])(?![^\W\d_])"),
)
_FIRST: Final = {
    f"{first}{second}": f"{toned}{bare}"
    for first, bare, marked, seconds in (
        ("o", "a", "òóỏõọ", "àáảãạ"),
        ("o", "e", "òóỏõọ", "èéẻẽẹ"),
        ("u", "y", "ùúủũụ", "ỳýỷỹỵ"),
    )
    for toned, second in zip(marked, seconds, strict=True)
}


@dataclass(frozen=True, slots=True)
class Places:
    """The way back from a text made of pieces: breakpoints, each at `made` in the made text.

    Before breakpoint k the original ran to `ends[k]`; from it on it continues at `starts[k]`.
    """

    made: Sequence[int]
    ends: Sequence[int]
    starts: Sequence[int]

    def start(self, at: int) -> int:
        """Where a span that starts at `at` starts in the original."""
        k = bisect_right(self.made, at) - 1
        return at if k < 0 else self.starts[k] + at - self.made[k]

    def end(self, at: int) -> int:
        """Where a span that ends before `at` ends in the original."""
        k = bisect_left(self.made, at)
        if k < len(self.made) and self.made[k] == at:
            return self.ends[k]
        return at if k == 0 else self.starts[k - 1] + at - self.made[k - 1]


Edit = tuple[int, int, str]
"""Replace `start:end` by a text; edits are in order and do not overlap."""


def edited(text: str, edits: Iterable[Edit]) -> tuple[str, Places | None]:
    """The text with the edits made, and the way back; no places when nothing changes length."""
    parts: list[str] = []
    made: list[int] = []
    ends: list[int] = []
    starts: list[int] = []
    size = at = 0
    for start, end, new in edits:
        parts += (text[at:start], new)
        size += start - at
        at = end
        if len(new) != end - start:
            if len(new) > 1:  # every character of an expansion comes from the whole of it
                for more in range(1, len(new)):
                    made.append(size + more)
                    ends.append(end)
                    starts.append(start)
            made.append(size + len(new))
            ends.append(start if not new else end)
            starts.append(end)
        size += len(new)
    if not parts:
        return text, None
    parts.append(text[at:])
    return "".join(parts), Places(made, ends, starts) if made else None


@dataclass(frozen=True, slots=True)
class Folded:
    """A text ready to be searched. `cased` and `text` have the same length; `text` is folded.

    `back` leads a span of both to the text that was folded, through every step in turn. `toned`
    are the places where a tone stood on the second vowel. `odd` are the unusual characters of the
    text that was given: who looks for one of them need not read a text without. `breaks` are the
    places where two blanks stand, which is what parts paragraphs; None where nobody looked.
    """

    cased: str
    text: str
    steps: tuple[Places, ...] = ()
    toned: tuple[int, ...] = ()
    odd: frozenset[str] = frozenset()
    breaks: Sequence[int] | None = None

    def back(self, start: int, end: int) -> tuple[int, int]:
        """The span in code points of the text that was given to `fold`."""
        for step in self.steps:
            start, end = step.start(start), step.end(end)
        return start, max(start, end)


def unusual(text: str) -> frozenset[str]:
    """The characters of a text that few texts have: none of ASCII, of Vietnamese, of quotations."""
    usual = _USUAL.match(text)
    end = usual.end() if usual else 0
    return frozenset(_UNUSUAL.findall(text, end)) if end < len(text) else frozenset()


def fold(text: str) -> Folded:
    """Fold a text of any origin; every span of the result leads back to the text. Linear time."""
    steps: list[Places | None] = []
    odd = unusual(text)
    if odd:
        text = _plainer(text, odd, steps)
    cased = text.replace("\n", " ")
    breaks: list[int] | None = list(occurrences(cased, "  "))
    if breaks is not None and (gaps := _gaps(text, breaks)):
        text, places = edited(text, _shrinks(text, gaps))
        steps.append(places)
        cased, breaks = text.replace("\n", " "), None
    low, toned = _lowered(cased)
    ways = tuple(step for step in reversed(steps) if step)
    return Folded(cased, low, ways, toned, odd, breaks)


def _plainer(text: str, odd: frozenset[str], steps: list[Places | None]) -> str:
    """Composed text with plain blanks and dashes and nothing hidden; the ways back are added.

    `odd` are the unusual characters it holds: most texts have one or two sorts of them, and to
    replace those is much faster than to look for all there are.
    """
    if not odd <= _SIMPLE:
        text = _SURROGATE.sub("\ufffd", text)
        if _astray(odd) and not unicodedata.is_normalized("NFC", text):
            text, places = _composed(text)
            steps.append(places)
            odd = unusual(text)
    for ch in odd & _BLANKS:
        text = text.replace(ch, " ")
    for ch in odd & _DASHES:
        text = text.replace(ch, "-")
    if odd & _HIDDEN:
        hidden = ((match.start(), match.end(), "") for match in _HIDDEN_RUN.finditer(text))
        text, places = edited(text, hidden)
        steps.append(places)
    return text


def _astray(odd: frozenset[str]) -> bool:
    """Whether one of the characters may not be as NFC has it; all others are in any place."""
    return any(_joins(ch) or not unicodedata.is_normalized("NFC", ch) for ch in odd)


@lru_cache(maxsize=4096)
def key(text: str) -> str:
    """The folded form of a short text: of a term, an exception, a context."""
    return fold(text).text


Pair = tuple[str, str]
"""A short text with its case kept and all else folded, and the same text folded."""


def fold_all(texts: Iterable[str]) -> Iterator[Pair]:
    """Fold many short texts in one go; each is one line without blanks at its ends."""
    listed = list(texts)
    folded = fold(_PARTED.join(listed))
    cased, low = folded.cased.split("  "), folded.text.split("  ")
    if len(cased) == len(low) == len(listed):
        yield from zip(cased, low, strict=True)
        return
    for text in listed:  # one of them was no single line
        alone = fold(" ".join(text.split()))
        yield alone.cased, alone.text


def folded_all(texts: Iterable[str]) -> list[str]:
    """The same, folded only: a tenth of the cost of folding each."""
    listed = list(texts)
    low = fold(_PARTED.join(listed)).text.split("  ")
    return low if len(low) == len(listed) else [text for _, text in fold_all(listed)]


def occurrences(text: str, part: str, start: int = 0, end: int | None = None) -> Iterator[int]:
    """Where a part stands in a text, overlapping itself too. Much faster than an expression."""
    at = text.find(part, start, end)
    while at >= 0:
        yield at
        at = text.find(part, at + 1, end)


def _gaps(text: str, pairs: Sequence[int]) -> list[int]:
    """Where a blank stands before another, before or after a line break or a dash, in order.

    `pairs` are the places where two blanks or line breaks stand side by side.
    """
    found = [at for at in pairs if text[at : at + 2] != _PARTED]
    if "-" in text:
        for match in _DASH.finditer(text):
            at = match.start()
            found += [spot for spot in (at - 1, at) if text[spot : spot + 2].count(" ") == 1]
        found.sort()
    return found


def _shrinks(text: str, spots: Iterable[int]) -> Iterable[Edit]:
    """Runs of blanks as one, and no blank beside a dash. Two line breaks part paragraphs."""
    done = 0
    for at in spots:
        if at < done:
            continue
        first, second = text[at], text[at + 1]
        if first == "-":
            yield at + 1, at + 2, ""
            done = at + 2
        elif second == "-":
            yield at, at + 1, ""
            done = at + 1
        else:
            end = at + 2
            while end < len(text) and text[end] in " \n":
                end += 1
            start = at
            while start > done and text[start - 1] == "\n":
                start -= 1
            if text.count("\n", start, end) < 2:
                yield at, end, " "
            done = end


def _lowered(text: str) -> tuple[str, tuple[int, ...]]:
    """Small letters with the tone on the first vowel, and where it stood on the second."""
    low = text.lower()
    if len(low) != len(text):  # İ becomes two
        low = "".join(ch.lower()[:1] for ch in text)
    low = low.replace("’", "'")
    if low.isascii():
        return low, ()
    toned = sorted(match.start() for tone in _TONES for match in tone.finditer(low))
    if not toned:
        return low, ()
    parts: list[str] = []
    done = 0
    for at in toned:
        parts += (low[done:at], _FIRST[low[at : at + 2]])
        done = at + 2
    return "".join([*parts, low[done:]]), tuple(toned)


def _composed(text: str) -> tuple[str, Places | None]:
    """NFC with the way back, cluster by cluster."""
    made, places = edited(text, _clusters(text))
    if unicodedata.is_normalized("NFC", made):
        return made, places
    return edited(text, _rare_clusters(text))


def _clusters(text: str) -> Iterable[Edit]:
    """Letters with the combining marks that Latin text has (U+0300 to U+036F)."""
    for match in _CLUSTER.finditer(text):
        yield match.start(), match.end(), _nfc(match.group())


@lru_cache(maxsize=2048)
def _nfc(cluster: str) -> str:
    return unicodedata.normalize("NFC", cluster)


def _rare_clusters(text: str) -> Iterable[Edit]:
    """The same for every script: a cluster begins where nothing before it can join it."""
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or not _joins(text[at]):
            new = unicodedata.normalize("NFC", text[start:at])
            if new != text[start:at]:
                yield start, at, new
            start = at


def _joins(ch: str) -> bool:
    return (
        unicodedata.combining(ch) != 0
        or unicodedata.category(ch)[0] == "M"
        or "\u1160" <= ch <= "\u11ff"
    )
