"""What came of a schedule: plain values, gathered from outside, for the checker to judge.

Times are true ones, in nanoseconds since the epoch: those of the process that watched, whose clock
nobody steps. What a portal or the publisher says of its own clock is marked as such.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Signed:
    """One bundle as it was signed: what one channel is to get under one sign-off.

    `items`: item -> digests (ninjs, content) of what was signed.
    """

    address: str
    release: str
    channel: str
    at_ns: int
    not_after_ns: int
    items: dict[str, tuple[str, str]]


@dataclass(frozen=True)
class Opening:
    """A bundle seen open on its channel. It opened after `absent_ns` and before `seen_ns`.

    `own_ms`: when, by the channel's own records and clock; 0 where it keeps none.
    """

    address: str
    channel: str
    absent_ns: int
    seen_ns: int
    own_ms: int = 0


@dataclass(frozen=True)
class Shown:
    """What the public sees of one item on one channel at the end.

    `state`: live, gone (withdrawn), absent. `times`: how often it is there. `ninjs`, `content`:
    digests of what is shown, '' when nothing is.
    """

    channel: str
    item: str
    state: str
    times: int
    ninjs: str = ""
    content: str = ""


@dataclass(frozen=True)
class Standing:
    """One release in the log at the end. `reasons`: rules that speak against it, for people.

    `acts`: channel -> how many acts say that it was released there. `failed`: channel -> code.
    """

    release: str
    name: str
    state: str
    channels: tuple[str, ...]
    signoff: str
    opened: tuple[str, ...]
    failed: dict[str, str]
    missed: bool
    reasons: tuple[str, ...]
    acts: dict[str, int]


@dataclass(frozen=True)
class Stop:
    """A hold, from the publisher's answer to the second lift (0: never). `release` may be `*`.

    Or another act that ends what was signed before it: with the `addresses` of just those bundles,
    until the same ones are signed again.
    `answer`: in-force, too-late or '' while there is none; `answered_ns`: when we read it.
    """

    release: str
    answer: str
    answered_ns: int
    lifted_ns: int = 0
    addresses: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Outcome:
    """Everything that the checker looks at.

    `withdrawn`: item and digest of its content, of each revision that was taken back.
    `alarms`: "code detail" of every alarm in the log. `unanswered`: acts that stop or take back
    which the publisher never answered. `faults`: traces of faults in Desk itself. `audit`: '' when
    `desk audit verify` is content. `refuses`: portals that were told to refuse commits. `granted`:
    releases that a script opens, with the moment (ns) just before it did so (0: it did not).
    """

    signed: tuple[Signed, ...]
    openings: tuple[Opening, ...]
    shown: tuple[Shown, ...]
    standing: tuple[Standing, ...]
    stops: tuple[Stop, ...] = ()
    withdrawn: frozenset[tuple[str, str]] = frozenset()
    alarms: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    audit: str = ""
    patient: bool = True
    refuses: frozenset[str] = frozenset()
    unsettled: str = ""
    granted: dict[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = field(default=(), compare=False)
