"""Steps: how long each approval took, and what was returned, corrected or done at short notice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from desk.clock import epoch_ns
from desk.reports.facts import Fact

Event = Literal[
    "handed-in", "returned", "corrected", "withdrawn", "quick-fix", "changed", "brought-forward",
    "recalled", "held",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One step taken. `seconds`: since the step before it, or since the revision was handed in."""

    time: str
    agencies: tuple[str, ...]
    step: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing to count, when and for which agencies; a hold over everything is of none."""

    time: str
    agencies: tuple[str, ...]
    event: Event


@dataclass
class _Release:
    items: tuple[str, ...] = ()
    at: str = ""
    signed: bool = False


@dataclass
class _Desk:
    """What is known while the acts are read."""

    agency: dict[str, str] = field(default_factory=dict)
    item_of: dict[str, str] = field(default_factory=dict)
    since: dict[str, str] = field(default_factory=dict)
    taken: set[tuple[str, str]] = field(default_factory=set)
    public: dict[str, str] = field(default_factory=dict)
    releases: dict[str, _Release] = field(default_factory=dict)

    def agencies(self, items: Iterable[str]) -> tuple[str, ...]:
        """Whose items these are."""
        return tuple(sorted({self.agency[item] for item in items if item in self.agency}))


def work(facts: Iterable[Fact]) -> list[Step | Happened]:
    """Steps and events in the order of the log."""
    desk = _Desk()
    return [one for fact in facts for one in _of(desk, fact)]


def _of(desk: _Desk, fact: Fact) -> Iterator[Step | Happened]:
    if fact.kind.startswith("item."):
        yield from _item(desk, fact)
    elif fact.kind == "publisher.released":
        yield from _released(desk, fact)
    elif fact.kind.startswith("release."):
        yield from _release(desk, fact)


def _item(desk: _Desk, fact: Fact) -> Iterator[Step | Happened]:
    if fact.kind == "item.revise":
        desk.agency.setdefault(fact.subject, str(fact.fields["agency"]))
        desk.item_of[fact.digest], desk.since[fact.digest] = fact.subject, fact.time
    whose = desk.agencies([fact.subject])
    if fact.kind == "item.revise":
        yield Happened(fact.time, whose, "handed-in")
        if fact.fields.get("quick_fix"):
            yield Happened(fact.time, whose, "quick-fix")
    elif fact.kind == "item.withdraw":
        yield Happened(fact.time, whose, "withdrawn")
    elif fact.kind == "item.return":
        yield Happened(fact.time, whose, "returned")
        yield from _step(desk, fact, whose)
    elif fact.kind == "item.approve":
        yield from _step(desk, fact, whose)


def _step(desk: _Desk, fact: Fact, whose: tuple[str, ...]) -> Iterator[Step]:
    """The step that an approval or a return ends, the first time that it is taken."""
    revision, step = str(fact.fields["revision"]), str(fact.fields.get("step") or "")
    before = desk.since.get(revision, "")
    if not step or not before or (revision, step) in desk.taken:
        return
    desk.taken.add((revision, step))
    desk.since[revision] = max(before, fact.time)  # a clock that is behind takes nothing away
    seconds = max(0, (epoch_ns(fact.time) - epoch_ns(before)) // 1_000_000_000)
    yield Step(fact.time, whose, step, seconds)


def _released(desk: _Desk, fact: Fact) -> Iterator[Happened]:
    """An item that was public in another revision before has been corrected."""
    for revision in fact.fields["revisions"]:
        item = desk.item_of.get(revision, "")
        before = desk.public.get(item, "")
        if item and before != revision:
            desk.public[item] = revision
            if before:
                yield Happened(fact.time, desk.agencies([item]), "corrected")


def _release(desk: _Desk, fact: Fact) -> Iterator[Happened]:
    release = desk.releases.setdefault(fact.subject, _Release())
    event = _event(release, fact)
    if fact.kind in ("release.plan", "release.edit"):
        release.items = tuple(fact.fields["items"])
    if "at" in fact.fields:
        release.at = str(fact.fields["at"])
    if fact.kind == "release.sign":
        release.signed = True
    elif fact.kind != "release.hold":
        release.signed = False  # another plan: what was signed no longer holds
    if event is not None:
        yield Happened(fact.time, desk.agencies(release.items), event)


def _event(release: _Release, fact: Fact) -> Event | None:
    """What an act on a release is counted as. Before anybody signed, planning is just planning."""
    if fact.kind == "release.hold":
        return "held"
    if fact.kind == "release.recall":
        return "recalled"
    if fact.kind == "release.edit" and release.signed:
        return "changed"
    if fact.kind == "release.move" and str(fact.fields["at"]) < release.at:
        return "brought-forward"
    return None
