"""The plan of one schedule: releases, what people do, what goes wrong; drawn from a seed.

`draw` is a pure function. A plan is data: `run` carries it out with real processes, `check` knows
it only by what came of it. All times are seconds after the start.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from typing import Literal

PORTALS = ("portal", "foreign")
CHANNELS = (*PORTALS, "press")
PUBLISHER, STANDBY = "publisher", "pub-2"  # processes
LEADER = "leader"  # whichever of both leads at that moment
DAY = 86_400

FaultKind = Literal["kill", "pause", "step", "cut", "slow", "answer"]
DeedKind = Literal[
    "sign", "hold", "hold-all", "lift", "lift-all", "move", "cancel", "recall", "withdraw",
    "takedown", "put-back", "drop", "trigger", "correct", "backup", "restore",
]  # fmt: skip

# What a portal (or the way to it) can do to one call; `kill-…` ends the publisher around it.
ANSWERS = (
    "lose", "lose-answer", "half-answer", "error", "garbage", "wrong-receipt", "kill-before",
    "kill-after", "refuse",
)  # fmt: skip
CALLS = ("epoch", "roster", "stage", "readback", "recall", "commit", "commit", "commit", "receipt",
         "time", "withdraw")  # fmt: skip
FIRST = (9, 13)  # when the first release is due


@dataclass(frozen=True)
class Release:
    """One release: due `at`, signed `signed` seconds after the start.

    `items`: how many it has of its own. `takes`: an earlier release whose items it has too.
    `granted`: a script opens it, in a window that begins at its instant.
    """

    name: str
    at: int
    items: int
    channels: tuple[str, ...]
    signed: float
    takes: str = ""
    granted: bool = False


@dataclass(frozen=True)
class Deed:
    """What somebody does with the signed acts of the newsroom.

    drop      the last item is left out, what is left is signed
    trigger   the script opens what it was granted
    correct   the first item gets a new revision and a release of its own, `seconds` later
    """

    at: float
    kind: DeedKind
    release: str = ""
    seconds: int = 0


@dataclass(frozen=True)
class Fault:
    """What goes wrong at `at`, with `target`, for `lasts` seconds.

    kill     -9; started again afterwards
    pause    SIGSTOP, then SIGCONT
    step     the wall clock of the process is `amount` seconds off
    cut      nothing passes between publisher and portal
    slow     every call to the portal takes `amount` milliseconds more
    answer   `detail` is "call action": the next `amount` calls of that name end like that
    """

    at: float
    kind: FaultKind
    target: str
    lasts: float = 0.0
    amount: int = 0
    detail: str = ""

    @property
    def end(self) -> float:
        """When it is over."""
        return self.at + self.lasts

    @property
    def lane(self) -> str:
        """Faults of one lane never overlap: one clock at a time may be wrong, and so on."""
        if self.kind == "step":
            return "clock"
        kind = "process" if self.kind in ("kill", "pause") else "wire"
        return f"{kind} {self.target}"


@dataclass(frozen=True)
class Plan:
    """One schedule. `patient`: the policy lets releases go out long after the faults are over,
    so that every one of them has to; otherwise some may be missed. `after`: a release of the time
    after a restore, `at` seconds after its end. `standby`: whether a second publisher stands by.
    """

    seed: int
    patient: bool
    releases: tuple[Release, ...]
    deeds: tuple[Deed, ...] = ()
    faults: tuple[Fault, ...] = ()
    after: Release | None = None
    standby: bool = False

    @property
    def end(self) -> float:
        """When everything was done and nothing is wrong any more."""
        ends = [
            *(one.at + 1.0 for one in self.releases),
            *(deed.at + deed.seconds for deed in self.deeds),
            *(fault.end for fault in self.faults),
        ]  # fmt: skip
        return max(ends)

    @property
    def spans(self) -> tuple[int, int]:
        """`publish_within` and `not_after` of the policy, in seconds."""
        return (300, 300) if self.patient else (5, 9)

    @property
    def refuses(self) -> frozenset[str]:
        """Portals that refuse a commit: what is refused for good may fail."""
        return frozenset(
            f.target for f in self.faults if f.kind == "answer" and f.detail == "commit refuse"
        )

    def lines(self) -> Iterator[str]:
        """The plan for people, in the order of time."""
        within, after = self.spans
        yield f"seed {self.seed}: publish_within {within} s, not_after {after} s" + (
            ", a second publisher stands by" if self.standby else ""
        )
        every: list[Release | Deed | Fault] = [*self.releases, *self.deeds, *self.faults]
        for one in sorted(every, key=lambda one: (one.at, type(one).__name__)):
            told = " ".join(
                f"{each.name}={value}"
                for each in fields(one)
                if each.name != "at" and (value := getattr(one, each.name)) not in ("", 0)
            )
            yield f"{one.at:8.3f}  {type(one).__name__.lower():8} {told}"


@dataclass
class _Draw:
    """Draws one plan."""

    seed: int
    dice: random.Random = field(init=False)
    standby: bool = False
    lanes: dict[str, list[Fault]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)

    def plan(self) -> Plan:
        patient = self.dice.random() < 0.7
        restored = self.dice.random() < 0.15
        self.standby = not restored and self.dice.random() < 0.45
        releases = self._releases(1 if restored else self.dice.randint(1, 4))
        last = max(one.at for one in releases)
        if restored:
            deeds, after = self._restore(last)
        else:
            deeds, after = tuple(self._deeds(releases)), None
        deeds = tuple(sorted(deeds, key=lambda deed: deed.at))
        until = deeds[-1].at + 4.0 if restored else last + 3.0
        faults = tuple(self._faults(releases, until, self.dice.randint(1, 6)))
        if not restored:
            # Other dice from here on: a seed means the same in everything before.
            self.dice = random.Random(f"{self.seed} besides")
            releases, more = self._besides(releases, deeds)
            deeds += more
            faults += tuple(self._around(more))
        return Plan(
            self.seed, patient, releases, tuple(sorted(deeds, key=lambda deed: deed.at)),
            tuple(sorted(faults, key=lambda fault: fault.at)), after, self.standby,
        )  # fmt: skip

    def _releases(self, count: int) -> tuple[Release, ...]:
        dice, made, at = self.dice, [], self.dice.randint(*FIRST)
        for number in range(1, count + 1):
            channels = tuple(sorted(dice.sample(CHANNELS, dice.choice((1, 2, 2, 3, 3)))))
            signed = 0.0 if dice.random() < 0.7 else round(dice.uniform(0, at - 6.5), 3)
            items = dice.choice((1, 2, 2, 3, 4, 5))
            takes = made[-1].name if made and dice.random() < 0.15 else ""
            made.append(Release(f"r{number}", at, items, channels, signed, takes))
            at += dice.choice((0, 0, 1, 1, 2, 3))
        return tuple(made)

    def _near(self, releases: tuple[Release, ...], until: float) -> float:
        """A moment: mostly around an instant, where it hurts most."""
        dice = self.dice
        if dice.random() < 0.65:
            moment = dice.choice(releases).at + dice.gauss(-0.4, 0.9)
        else:
            moment = dice.uniform(0.5, until)
        return round(min(max(moment, 0.5), until), 3)

    # -- what people do ---------------------------------------------------------------------------

    def _deeds(self, releases: tuple[Release, ...]) -> Iterator[Deed]:
        dice, last = self.dice, max(one.at for one in releases)
        for one in releases:
            if dice.random() < 0.5:
                yield from self._deed(one, dice)
        if dice.random() < 0.08:
            at = self._near(releases, last)
            yield Deed(at, "hold-all")
            yield Deed(round(at + dice.uniform(0.8, 4), 3), "lift-all")

    def _deed(self, one: Release, dice: random.Random) -> Iterator[Deed]:
        kind = dice.choice(("hold", "hold", "move", "cancel", "recall", "withdraw", "withdraw",
                            "takedown"))  # fmt: skip
        before = round(max(one.signed + 0.5, one.at - dice.expovariate(0.5)), 3)
        after = round(one.at + dice.uniform(0, 2.5), 3)
        if kind == "hold":
            yield Deed(before, "hold", one.name)
            if dice.random() < 0.7:
                yield Deed(round(before + dice.uniform(0.5, 4), 3), "lift", one.name)
        elif kind == "move":
            yield Deed(before, "move", one.name, dice.randint(7, 9))
        elif kind == "recall":
            yield Deed(before, "recall", one.name)
            if dice.random() < 0.5 and before < one.at - 6:
                yield Deed(round(before + 0.3, 3), "sign", one.name)
        elif kind in ("withdraw", "takedown"):
            yield Deed(after, "withdraw" if kind == "withdraw" else "takedown", one.name)
            if kind == "takedown" and dice.random() < 0.5:
                yield Deed(round(after + dice.uniform(1, 3), 3), "put-back", one.name)
        else:
            yield Deed(before, "cancel", one.name)

    def _besides(
        self, releases: tuple[Release, ...], deeds: tuple[Deed, ...]
    ) -> tuple[tuple[Release, ...], tuple[Deed, ...]]:
        """Scripts, items left out, corrections."""
        dice, made, more = self.dice, [], []
        taken = {one.takes for one in releases}
        for one in releases:
            kinds = {deed.kind for deed in deeds if deed.release == one.name}
            wish = dice.random()
            if wish < 0.2 and not kinds & {"move", "sign"}:
                one = replace(one, granted=True)
                more.append(Deed(round(one.at + dice.uniform(0.1, 2), 3), "trigger", one.name))
            elif wish < 0.4 and not kinds - {"hold", "lift", "withdraw"}:
                latest = one.at - 6.0
                if one.items > 1 and one.signed + 1 < latest and one.name not in taken:
                    at = round(dice.uniform(one.signed + 0.5, latest), 3)
                    more.append(Deed(at, "drop", one.name))
            elif wish < 0.6 and not one.takes and one.name not in taken:
                at = round(one.at + dice.uniform(0.3, 2), 3)
                more.append(Deed(at, "correct", one.name, dice.randint(8, 9)))
            made.append(one)
        return tuple(made), tuple(more)

    def _restore(self, last: int) -> tuple[tuple[Deed, ...], Release]:
        """A backup, the loss of the machine around an instant or after it, and life after that."""
        dice = self.dice
        backup = round(dice.uniform(0.5, last + 1.5), 3)
        lost = round(max(backup + 3.5, last + dice.uniform(-2, 3)), 3)
        deeds = (Deed(backup, "backup"), Deed(lost, "restore"))
        return deeds, Release("after", 8, dice.randint(1, 3), CHANNELS, 0.0)

    # -- what goes wrong --------------------------------------------------------------------------

    def _faults(self, releases: tuple[Release, ...], until: float, count: int) -> Iterator[Fault]:
        for _ in range(count):
            fault = self._fault(self._near(releases, until - 0.5), until)
            if self._free(fault):
                yield fault

    def _free(self, fault: Fault) -> bool:
        """Whether its lane has nothing else then; it has this one from now on."""
        lane = self.lanes.setdefault(fault.lane, [])
        if not all(fault.end + 0.5 < f.at or f.end + 0.5 < fault.at for f in lane):
            return False
        lane.append(fault)
        return True

    def _around(self, deeds: tuple[Deed, ...]) -> Iterator[Fault]:
        """What goes wrong when corrections are due."""
        for deed in deeds:
            if deed.kind == "correct" and self.dice.random() < 0.6:
                at = round(deed.at + deed.seconds + self.dice.gauss(-0.4, 0.9), 3)
                fault = self._fault(at, at + 3.0)
                if self._free(fault):
                    yield fault

    def _fault(self, at: float, until: float) -> Fault:
        dice = self.dice
        lasts = round(min(dice.choice((0.2, 0.7, 1.5, 4.0)) * dice.uniform(0.5, 1.5),
                          until - at), 3)  # fmt: skip
        kind = dice.choice(("kill", "kill", "pause", "step", "cut", "slow", "answer", "answer"))
        portal = dice.choice(PORTALS)
        publishers = (LEADER, LEADER, STANDBY) if self.standby else (PUBLISHER,)
        process = dice.choice(publishers) if dice.random() < 0.7 else portal
        if kind in ("kill", "pause"):
            return Fault(at, "kill" if kind == "kill" else "pause", process, lasts)
        if kind == "step":
            amount = dice.choice((6, -6, DAY, -DAY, 1, -1))
            clocks = (PUBLISHER, STANDBY, portal) if self.standby else (PUBLISHER, portal)
            return Fault(at, "step", dice.choice(clocks), lasts, amount)
        if kind == "cut":
            return Fault(at, "cut", portal, lasts)
        if kind == "slow":
            return Fault(at, "slow", portal, lasts, dice.choice((30, 300, 1500)))
        detail = f"{dice.choice(CALLS)} {dice.choice(ANSWERS)}"
        lasts = round(min(max(lasts, 2.0), until - at), 3)
        return Fault(at, "answer", portal, lasts, dice.choice((1, 1, 2, 3)), detail)


def draw(seed: int) -> Plan:
    """The plan of that seed, always the same."""
    return _Draw(seed).plan()
