"""Syllables: several as one word (kinhtế), capitals amid one (VIệt), wrongly begun (nghành)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Set
from itertools import accumulate, islice
from typing import TYPE_CHECKING, Final

from desk.terms.fold import fold, occurrences
from desk.terms.patterns.compounds import COMPOUNDS
from desk.terms.patterns.registry import Spot, pattern

if TYPE_CHECKING:
    from desk.terms.check import Checking

_SHORTEST: Final = 4  # letters: VIệt
_MEANT: Final = 2  # letters: cỉ
_LONGEST: Final = 28  # four syllables of seven letters
_REMEMBERED: Final = 1 << 14  # words; a language has some thousand syllables
_RIGHT: Final[set[str]] = set()
_TRIED: Final = 5_000  # words of one text that are tried; a book has some hundred
_MOST: Final = 200  # words told of one text
_LETTERS = re.compile(r"[^\W\d_]+")
# Before e, ê and i stand gh, ngh and k; before other vowels g, ng and c.
_ONSETS: Final = (
    (re.compile(r"ngh(?=[aăâouôơưy])"), "ng"), (re.compile(r"gh(?=[aăâouôơưy])"), "g"),
    (re.compile(r"ng(?=[eêi])"), "ngh"), (re.compile(r"g(?=[eê])"), "gh"),
    (re.compile(r"c(?=[eêiy])"), "k"), (re.compile(r"q(?=[aăâeêioôơưy])"), "qu"),
)  # fmt: skip
_TONES: Final = frozenset("\u0300\u0301\u0303\u0309\u0323")
_STOPPED: Final = frozenset("\u0301\u0323")  # tones that a syllable on c, ch, p or t may have
_ONSET: Final = (
    "ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr",
    "b", "c", "d", "đ", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "x", "",
)  # fmt: skip
# What may follow the onset, without its tone. Some vowels stand only before an end.
_RIME = re.compile(
    r"[ou]?(?:[aeêioôơuưy]|ia|ya|ua|ưa)"
    r"|[ou]?(?:[aăâeêioôơuưy]|iê|yê|uô|ươ)(?:ch|ng|nh|[cmnptiouy])"
)
_TWOFOLD: Final = re.compile("ươ|iê|yê|uô|ưu|ưa")
# Words from other languages that dictionaries write as one, though they have two tones.
_FOREIGN: Final = frozenset({"mácxít", "phátxít", "đắklắk", "tắcxi", "vắcxin", "lítxăng"})


@pattern(
    "syllable", ("vi",), "warning",
    "Các âm tiết viết rời nhau; chữ hoa chỉ đứng đầu âm tiết; gh, ngh, k chỉ đứng trước e, ê, i.",
    "Từ điển tiếng Việt, Viện Ngôn ngữ học, Hoàng Phê chủ biên",
)  # fmt: skip
def syllables(checking: Checking) -> Iterator[Spot]:
    """Words of two to four syllables with no blank between them; a capital amid one syllable; a
    syllable that begins with letters that no syllable begins with.

    Told is what cannot be one word: a capital amid it, two tones, a term of the termbase or a
    compound of daily use but for its blanks. Names from other languages have none of these.
    """
    text = checking.seen.folded.cased
    runs = _doubted(set(text.split()))
    if not runs:
        return
    for run, right in islice(_mended(checking, sorted(runs)[:_TRIED]), _MOST):
        says = (f"Write “{right[0]}”", f"Viết “{right[0]}”")
        for at in occurrences(text, run):
            end = at + len(run)
            if _alone(text, at, end):
                yield Spot(at, end, right, says, safe=False)


def _alone(text: str, start: int, end: int) -> bool:
    """Whether a run is a word by itself: no part of a longer one, no topic, no address."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if before.isalnum() or after.isalnum() or before in ("_", "#", "@") or after in ("_", "@"):
        return False
    return not (after == "." and text[end + 1 : end + 2].isalnum())


def _doubted(words: Set[str]) -> set[str]:
    """The runs of letters in these words that no syllable can be.

    Most words of a text have been seen before and are right: to leave them out is one operation
    on sets, where to look at each would cost as much as all other patterns.
    """
    runs: set[str] = set()
    for word in words - _RIGHT:
        found = _doubtful_ascii(word) if word.isascii() else _doubtful(word)
        runs.update(found)
        if not found and len(word) <= _LONGEST:
            if len(_RIGHT) >= _REMEMBERED:
                _RIGHT.clear()
            _RIGHT.add(word)
    return runs


def _doubtful(word: str) -> tuple[str, ...]:
    return tuple(
        run
        for run in _LETTERS.findall(word)
        if len(run) <= _LONGEST
        and not run.isascii()
        and run.lower() not in _FOREIGN
        and (_several(run) or _misspelt(run))
    )


def _several(run: str) -> bool:
    """Whether a run may be several syllables, or one with a capital amid it."""
    return len(run) >= _SHORTEST and (
        _tones(run) > 1 or _inner(run) or _two_vowels(run) or run.lower() in COMPOUNDS
    )


def _doubtful_ascii(word: str) -> tuple[str, ...]:
    """Without a mark only a compound is doubted: "thamgia" is none of any other language."""
    run = word.strip(".,;:!?()\"'")
    return (run,) if run.lower() in COMPOUNDS else ()


def _misspelt(run: str) -> str:
    """The syllable that is meant where no syllable begins so: "ngành" for "nghành"; "" for none."""
    if len(run) < _MEANT or not run[1:].islower():
        return ""
    plain = _toneless(run.lower())
    for onset, right in _ONSETS:
        match = onset.match(plain)
        if match:
            rest = right + run[match.end() :]
            meant = rest[0].upper() + rest[1:] if run[0].isupper() else rest
            # A name from elsewhere may begin so: Gérard, Cédric, Qaqortoq.
            native = len(match[0]) > 2 or run[0].islower()
            return meant if native and _syllable(meant) else ""
    return ""


def _tones(run: str) -> int:
    return sum(ch in _TONES for ch in unicodedata.normalize("NFD", run))


def _inner(run: str) -> bool:
    """Whether a capital stands amid small letters."""
    return not (run.islower() or run.isupper() or run[1:].islower())


def _mended(checking: Checking, runs: Iterable[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Of the given words those that are wrong, with what to write, the likeliest first."""
    known: Set[str] = frozenset()
    for run in runs:
        parts = COMPOUNDS.get(run.lower())
        if parts is not None or (meant := _misspelt(run)):
            yield run, (meant if parts is None else _parted(run, parts),)
            continue
        inner = _inner(run)
        if inner and run[1].isupper() and run[2:].islower() and _syllable(run):
            yield run, (run[0] + run[1:].lower(),)
            continue
        ways = [parts for parts in _ways(run) if not inner or _at_capitals(run, parts)]
        if not inner and (_tones(run) < 2 or _western(run)):
            ways = [parts for parts in ways
                    if _native(run, parts) or _is_term(checking, " ".join(parts))]  # fmt: skip
        if len(ways) > 1:
            known = known or set(checking.seen.folded.cased.lower().split())
        if ways:
            ways.sort(key=lambda parts: _rank(checking, parts, known))
            if _is_term(checking, " ".join(ways[0])):
                ways = ways[:1]
            yield run, tuple(" ".join(parts) for parts in ways[:3])


def _parted(run: str, parts: tuple[str, ...]) -> str:
    """A run with blanks between its syllables, its capitals where they were."""
    ends = accumulate(map(len, parts))
    return " ".join(run[end - len(part) : end] for part, end in zip(parts, ends, strict=True))


def _rank(
    checking: Checking, parts: tuple[str, ...], known: Set[str]
) -> tuple[bool, int, int, tuple[int, ...]]:
    """A term comes first, then the fewest syllables, then what the text writes elsewhere."""
    met = sum(part.lower() in known for part in parts)
    return not _is_term(checking, " ".join(parts)), len(parts), -met, tuple(map(len, parts))


def _is_term(checking: Checking, text: str) -> bool:
    """Whether the whole of a text is a form that the termbase knows."""
    folded = fold(text)
    return any(
        one.start == 0 and one.end == len(folded.text) for one in checking.matcher.mentions(folded)
    )


def _western(run: str) -> bool:
    """Whether a word has no letter but those that French and Spanish have too: résumé."""
    return max(run) <= "\u00ff"


def _native(run: str, parts: tuple[str, ...]) -> bool:
    """Whether two syllables with one tone or none are of no other language, nor taken from one.

    Words that were taken over have the acute before a stop and no other tone (virút, kilômét), and
    none of the vowels that are written with two letters of Vietnamese alone (môđun, nitơ, xi măng).
    """
    if len(parts) != 2 or min(map(len, parts)) < 2 or _western(run):
        return False
    return any(map(_own, parts))


def _own(part: str) -> bool:
    """Whether a syllable has a tone or a vowel that no word from elsewhere has."""
    tones = _TONES.intersection(unicodedata.normalize("NFD", part))
    if tones == {"\u0301"}:
        return not part.lower().endswith(("c", "ch", "p", "t"))
    return bool(tones) or _TWOFOLD.search(part.lower()) is not None


def _two_vowels(run: str) -> bool:
    """Whether consonants part the vowels of a word, which no syllable has."""
    plain = _toneless(run.lower())
    return re.search(r"[aăâeêioôơuưy][^aăâeêioôơuưy]+[aăâeêioôơuưy]", plain) is not None


def _at_capitals(run: str, parts: tuple[str, ...]) -> bool:
    """Whether a word is parted before each capital amid it."""
    starts = {sum(map(len, parts[:at])) for at in range(len(parts))}
    return all(at in starts for at, ch in enumerate(run) if ch.isupper())


def _ways(run: str, most: int = 4) -> Iterator[tuple[str, ...]]:
    """The ways to part a word into two to four syllables."""
    for cut in range(1, min(len(run), 8)):
        if not _spelt(run[:cut]):
            continue
        rest = run[cut:]
        if _spelt(rest):
            yield (run[:cut], rest)
        elif most > 2:
            for more in _ways(rest, most - 1):
                yield (run[:cut], *more)


def _spelt(text: str) -> bool:
    """Whether a text is a syllable that begins with the letters it should: no "nghọc"."""
    return _syllable(text) and not _misspelt(text)


def _syllable(text: str) -> bool:
    """Whether a text is built as a syllable of Vietnamese is; many that are do not occur."""
    marks = [ch for ch in unicodedata.normalize("NFD", text) if ch in _TONES]
    if not 0 < len(text) <= 7 or len(marks) > 1:
        return False
    plain = _toneless(text.lower())
    onset = next(one for one in _ONSET if plain.startswith(one))
    stopped = plain.endswith(("c", "ch", "p", "t"))
    if stopped and not _STOPPED.intersection(marks):
        return False
    rime = plain[len(onset) :]
    if onset == "gi" and not rime[:1].strip("cmnpt"):
        rime = f"i{rime}"  # gì, gìn
    if onset == "qu" and rime == "ô":
        return False
    return _RIME.fullmatch(rime) is not None


def _toneless(text: str) -> str:
    parts = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(ch for ch in parts if ch not in _TONES))
