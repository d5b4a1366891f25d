"""Look-alikes: names, addresses and domains that pass for others (attack 31).

A skeleton folds what the eye takes for the same: letters of other scripts (after the idea of
UTS #39, with the letters that matter here), figures for letters, marks, and `rn` for `m` in
domains. Two things with one skeleton that are not the same thing are look-alikes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Literal
from urllib.parse import urlsplit

from desk.locales import N_
from desk.phrase import phrase
from desk.text import nfc

Code = Literal[
    "mixed-script", "same-look", "near-name", "idn", "look-alike-domain", "near-domain", "borrowed"
]
SHORT = 4  # letters: shorter words that differ are different words (Bộ, Sở)

_LETTERS = {
    # Cyrillic and Greek letters that look like Latin ones, small letters; capitals fold to them.
    "а": "a", "в": "b", "с": "c", "ԁ": "d", "е": "e", "ё": "e", "һ": "h", "н": "h", "і": "i",
    "ї": "i", "ј": "j", "к": "k", "ӏ": "l", "м": "m", "п": "n", "о": "o", "р": "p", "ԛ": "q",
    "г": "r", "ѕ": "s", "т": "t", "у": "y", "ѵ": "v", "ԝ": "w", "х": "x", "з": "3", "ь": "b",
    "α": "a", "β": "b", "ϲ": "c", "ε": "e", "η": "n", "ι": "i", "κ": "k", "μ": "u", "ν": "v",
    "ο": "o", "ρ": "p", "σ": "o", "τ": "t", "υ": "u", "χ": "x", "γ": "y", "ζ": "z", "ω": "w",
    # Latin letters of other alphabets; ð and ɖ stand for đ.
    "đ": "d", "ð": "d", "ɖ": "d", "ı": "i", "ł": "l", "ø": "o", "ƶ": "z", "ŧ": "t", "ħ": "h",
    "ɑ": "a", "ɡ": "g", "ⅼ": "l", "ƅ": "b", "ß": "b", "æ": "ae", "œ": "oe", "ƿ": "p",
}  # fmt: skip
_FIGURES = {
    "0": "o",
    "1": "l",
    "3": "e",
    "4": "a",
    "5": "s",
    "8": "b",
    "!": "l",
    "|": "l",
    "$": "s",
}
_DIGRAPHS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_HOST = re.compile(r"[^\s@/?#]+(?:\.[^\s@/?#]+)+")
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "FULLWIDTH")


_SAID: dict[Code, str] = {
    "mixed-script": N_("“{what}” mixes letters of several alphabets"),
    "same-look": N_("“{what}” looks like “{known}” and is not"),
    "near-name": N_("“{what}” is nearly “{known}”"),
    "idn": N_("{what} is a domain with letters of other alphabets: {known}"),
    "look-alike-domain": N_("{what} looks like {known} and is not"),
    "near-domain": N_("{what} is one letter away from {known}"),
    "borrowed": N_("{what} borrows the name of {known}"),
}


@dataclass(frozen=True)
class Lookalike:
    """One thing that passes for another. `what` was given, `known` is what it looks like."""

    code: Code
    what: str
    known: str = ""

    @property
    def text(self) -> str:
        """What is wrong with it, as a sentence (`desk.phrase`)."""
        given = {"what": self.what, "known": self.known}
        return phrase(_SAID[self.code], **given)

    def as_json(self) -> dict[str, Any]:
        """Plain values, with the sentence."""
        return {**self.__dict__, "text": self.text}


# Names


def skeleton(text: str, *, domain: bool = False) -> str:
    """What the eye keeps of a text: small Latin letters and figures, no marks."""
    folded = unicodedata.normalize("NFKD", nfc(text).casefold())
    bare = "".join(_LETTERS.get(ch, ch) for ch in folded if not unicodedata.combining(ch))
    words = re.split(r"(\W+)", bare)
    if domain:
        words = ["".join(_FIGURES.get(ch, ch) for ch in word) for word in words]
        for pair, one in _DIGRAPHS:
            words = [word.replace(pair, one) for word in words]
        return "".join(words)
    return " ".join(_without_figures(word) for word in words if word.strip(" -–—_.,"))


def _without_figures(word: str) -> str:
    """A word with figures among its letters, read as letters; a number stays a number."""
    if word.isdigit() or not any(ch.isalpha() for ch in word):
        return word
    return "".join(_FIGURES.get(ch, ch) for ch in word)


def mixed_words(text: str) -> list[str]:
    """Words whose letters come from more than one alphabet."""
    found = []
    bare = "".join(ch for ch in nfc(text) if not unicodedata.combining(ch))
    for word in re.findall(r"\w+", bare):
        names = {unicodedata.name(ch, "").partition(" ")[0] for ch in word if ch.isalpha()}
        if len(names & set(_SCRIPTS)) > 1:
            found.append(word)
    return found


def name_lookalikes(name: str, known: Iterable[str]) -> list[Lookalike]:
    """What a name passes for among the known ones. The same name is no look-alike.

    Posts that differ in their number alone (`… 1`, `… 2`) are different posts.
    """
    given = " ".join(nfc(name).split())
    found = [Lookalike("mixed-script", word) for word in mixed_words(given)]
    own = skeleton(given)
    for other in dict.fromkeys(" ".join(nfc(one).split()) for one in known):
        if not other or other.casefold() == given.casefold():
            continue
        look = skeleton(other)
        if own == look:
            found.append(Lookalike("same-look", given, other))
        elif _near(own, look):
            found.append(Lookalike("near-name", given, other))
    return found


def _near(one: str, other: str) -> bool:
    """Whether two skeletons differ in long words only, each by one letter; numbers are numbers."""
    from rapidfuzz.distance import OSA

    pairs = list(zip(one.split(), other.split(), strict=False))
    differing = [pair for pair in pairs if pair[0] != pair[1]]
    return len(one.split()) == len(other.split()) and all(
        min(map(len, pair)) >= SHORT
        and not any(word.isdigit() for word in pair)
        and OSA.distance(*pair, score_cutoff=1) <= 1
        for pair in differing
    )


# Domains


def domain_of(address: str) -> str:
    """The host of a mail or web address, in small letters; '' when it has none, or a number."""
    text = nfc(address).strip()
    host = text.rpartition("@")[2] if "@" in text and "://" not in text else text
    if "://" in text:
        try:
            host = urlsplit(text).hostname or ""
        except ValueError:
            return ""
    host = host.lower().rstrip(".")
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return host if _HOST.fullmatch(host) else ""
    return ""


def shown_domain(domain: str) -> str:
    """A domain with its encoded labels decoded (RFC 5890), as a reader would see it."""
    return ".".join(_label(label) for label in domain.split("."))


def _label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return nfc(label[4:].encode("ascii").decode("punycode"))
    except (UnicodeError, ValueError, OverflowError):
        return label


def domain_lookalikes(address: str, known: Iterable[str]) -> list[Lookalike]:
    """What the domain of an address passes for among the known domains (or addresses)."""
    from rapidfuzz.distance import OSA

    domain = domain_of(address)
    if not domain:
        return []
    seen = shown_domain(domain)
    found = [] if seen.isascii() and seen == domain else [Lookalike("idn", domain, seen)]
    for other in dict.fromkeys(domain_of(one) for one in known):
        if not other or domain == other or domain.endswith("." + other):
            continue
        if other.endswith("." + domain):  # a department of the same house
            continue
        if skeleton(seen, domain=True) == skeleton(shown_domain(other), domain=True):
            found.append(Lookalike("look-alike-domain", domain, other))
        elif OSA.distance(seen, other, score_cutoff=1) <= 1:
            found.append(Lookalike("near-domain", domain, other))
        elif _borrows(seen, other):
            found.append(Lookalike("borrowed", domain, other))
    return found


def _borrows(domain: str, other: str) -> bool:
    """Whether a domain carries another whole one inside: `example.org.news.test`."""
    plain = f".{domain.replace('-', '.')}."
    return f".{other.replace('-', '.')}." in plain
