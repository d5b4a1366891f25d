"""Outings: each release that went out or missed its time, and how punctual it was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from desk.clock import epoch_ns
from desk.reports.facts import Fact

PUNCTUAL = 1000.0  # ms after its instant up to which a release was on time
WHOLE_SECOND = 1000.0  # ms by which the instant that a trigger states may lie too early
Outcome = Literal["on-time", "late", "early", "partial", "missed"]


@dataclass(frozen=True)
class Outing:
    """One release at its instant. It bears its code name: reports open nothing that was sealed.

    `at`: the instant signed for (UTC), or the one at which a script opened it. `late_ms`: each
    opening after that instant, in milliseconds, by channel; below zero is early.
    """

    release: str
    code: str
    at: str
    agencies: tuple[str, ...]
    outcome: Outcome
    late_ms: tuple[tuple[str, float], ...] = ()
    triggered: bool = False

    @property
    def worst_ms(self) -> float | None:
        """The opening furthest from the instant; None when nothing opened."""
        return max((late for _channel, late in self.late_ms), key=abs, default=None)


@dataclass
class _Plan:
    """What is known of a release while the acts are read."""

    code: str = ""
    items: tuple[str, ...] = ()
    signed: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    fired: dict[str, str] = field(default_factory=dict)
    opened: dict[str, int] = field(default_factory=dict)
    by: str = ""
    missed: str = ""


def outings(facts: Iterable[Fact]) -> list[Outing]:
    """The releases that are over or going out, the latest instant first."""
    plans: dict[str, _Plan] = {}
    agencies: dict[str, str] = {}
    for fact in facts:
        if fact.kind == "item.revise":
            agencies.setdefault(fact.subject, str(fact.fields["agency"]))
        elif fact.subject.startswith("r-"):
            _take(plans.setdefault(fact.subject, _Plan()), fact)
    found = [
        _outing(release, plan, agencies)
        for release, plan in plans.items()
        if (plan.by or plan.missed) in plan.signed
    ]
    return sorted(found, key=lambda one: (one.at, one.release), reverse=True)


def _take(plan: _Plan, fact: Fact) -> None:
    fields = fact.fields
    if fact.kind in ("release.plan", "release.edit"):
        plan.items = tuple(fields["items"])
        plan.code = str(fields.get("code") or plan.code)
    elif fact.kind == "release.sign":
        plan.signed[fact.digest] = (str(fields["at"]), tuple(fields["channels"]))
    elif fact.kind == "release.trigger":
        plan.fired[str(fields["signoff"])] = fact.time
    elif fact.kind == "publisher.released":
        plan.by = str(fields["signoff"])
        plan.opened.setdefault(str(fields["channel"]), int(fields["opened_ms"]))
    elif fact.kind == "publisher.missed":
        plan.missed = str(fields["signoff"])


def _outing(release: str, plan: _Plan, agencies: dict[str, str]) -> Outing:
    signoff = plan.by or plan.missed
    at, channels = plan.signed[signoff]
    fired = plan.fired.get(signoff, "")
    start = epoch_ns(fired or at) / 1e6
    late = tuple((name, plan.opened[name] - start) for name in channels if name in plan.opened)
    whose = tuple(sorted({agencies[item] for item in plan.items if item in agencies}))
    outcome = _outcome(
        [ms for _name, ms in late], len(channels), PUNCTUAL + (WHOLE_SECOND if fired else 0)
    )
    return Outing(release, plan.code, fired or at, whose, outcome, late, bool(fired))


def _outcome(late: list[float], channels: int, bound: float) -> Outcome:
    if not late:
        return "missed"
    if min(late) < 0:
        return "early"
    if len(late) < channels:
        return "partial"
    return "late" if max(late) > bound else "on-time"
