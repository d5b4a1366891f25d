"""The registry of patterns: what one sees, what it says, and how all of them are run."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Final

from desk.terms.entry import SEVERITIES, Severity
from desk.terms.finding import Finding, Says

if TYPE_CHECKING:
    from desk.terms.check import Checking
    from desk.terms.match import Hit

_MODULES: Final = (
    "documents", "clauses", "numbers", "dates", "letters", "consistency", "shortened", "hidden",
    "provinces", "syllables",
)  # fmt: skip
D30: Final = "Nghị định số 30/2020/NĐ-CP"


@dataclass(frozen=True, slots=True)
class Spot:
    """A span of the folded text that a pattern speaks against. `safe` as in a finding."""

    start: int
    end: int
    suggestions: tuple[str, ...]
    says: Says
    severity: Severity | None = None
    safe: bool = True


See = Callable[["Checking"], Iterable[Spot]]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A registered pattern; `languages` are those of the texts it reads.

    `english` is the rule for texts in English, where they have another one. `whole` says that it
    compares places far apart, so that one paragraph alone tells nothing. `over` lets it speak
    where a term speaks too. `raw` spots are spans of the text as given.
    """

    id: str
    languages: tuple[str, ...]
    severity: Severity
    rule: str
    english: str
    source: str
    see: See
    whole: bool = False
    over: bool = False
    raw: bool = False


_PATTERNS: dict[str, Pattern] = {}


def pattern(
    name: str, languages: Sequence[str], severity: Severity, rule: str, source: str = D30,
    *, english: str = "", whole: bool = False, over: bool = False, raw: bool = False,
) -> Callable[[See], See]:  # fmt: skip
    """Register the decorated function as the pattern of that name."""

    def register(see: See) -> See:
        known = f"pattern.{name}"
        if known in _PATTERNS:
            raise ValueError(f"{known} is registered twice")
        _PATTERNS[known] = Pattern(
            known, tuple(languages), severity, rule, english, source, see, whole, over, raw
        )
        return see

    return register


@lru_cache(maxsize=1)
def patterns() -> tuple[Pattern, ...]:
    """All patterns, by id."""
    for name in _MODULES:
        import_module(f"desk.terms.patterns.{name}")
    return tuple(_PATTERNS[name] for name in sorted(_PATTERNS))


def run(checking: Checking, hits: Sequence[Hit] = (), *, whole: bool | None = None,
        raw: bool = True) -> Iterator[Finding]:  # fmt: skip
    """Findings of the patterns of the text's language; `whole` chooses one of the two kinds.

    Without `raw`, those are left out that read the text as given.
    """
    taken = [(hit.start, hit.end) for hit in hits]
    for one in patterns():
        if checking.language not in one.languages or whole not in (None, one.whole):
            continue
        if one.raw and not raw:
            continue
        rule = (checking.language == "en" and one.english) or one.rule
        for spot in one.see(checking):
            if one.raw:
                yield checking.raw(
                    one.id, spot.start, spot.end, one.severity, spot.suggestions, spot.says,
                    rule, one.source,
                )  # fmt: skip
                continue
            severity = spot.severity or one.severity
            met = None if one.over or one.whole else _meeting(taken, spot)
            if met is None or _graver(severity, hits[met].severity):
                yield checking.made(
                    one.id, spot.start, spot.end, severity, spot.suggestions, spot.says,
                    rule, one.source, safe=spot.safe,
                )  # fmt: skip


def _meeting(taken: list[tuple[int, int]], spot: Spot) -> int | None:
    """Which of the terms stands where the spot does."""
    at = bisect_left(taken, (spot.end,)) - 1
    return at if at >= 0 and taken[at][1] > spot.start else None


def _graver(one: Severity, other: Severity) -> bool:
    """Whether the first is graver: where a term is a hint, a pattern still tells its error."""
    return SEVERITIES.index(one) < SEVERITIES.index(other)
