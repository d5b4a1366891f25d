"""The driver protocol: how the publisher speaks to one channel, whatever is behind it.

A new kind of channel is one class with these methods and one entry in `desk.channels.registry`.
Calls raise DeskError: Unavailable (no answer, try again), Refused (the channel judged it not
good), Conflict (other bytes, an older version), FencedOff (another publisher took over),
TrustError (what it says does not hold). `commit` alone answers with a value for every outcome,
since what to do next differs for each.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from desk.channels.standing import Standing
from desk.errors import Conflict, Reason
from desk.portal.contract.bundle import SealedBundle
from desk.portal.contract.receipt import Receipt
from desk.portal.contract.wire import State
from desk.trust.envelope import Envelope
from desk.trust.press import Press


@dataclass(frozen=True)
class Capabilities:
    """What a channel can do.

    `sealed_staging`: keeps ciphertext only until the instant; `bulk_commit`: one call opens all;
    `idempotent`: a repeated commit changes nothing; `fencing`: refuses older epochs; `withdraw`:
    can take down; `receipts`: signs what it did.
    """

    sealed_staging: bool
    bulk_commit: bool
    idempotent: bool
    fencing: bool
    withdraw: bool
    receipts: bool


class FencedOff(Conflict):
    """The channel heard a newer publisher: this one has to stop."""

    code = "fenced"


UNTOLD = -1


class OtherRoster(Conflict):
    """The channel has a roster that this publisher has not heard of, and so does not hear it."""

    code = "roster"


@dataclass(frozen=True)
class TimeReading:
    """The channel's wall clock (ms since 1970), half-way through a round trip of so many ms.

    `roster`: the digest of the one that is pinned there, '' where the channel does not say;
    `epoch`: the newest there, or UNTOLD.
    """

    ms: int
    here_ms: int
    round_trip_ms: float
    sure: bool = True
    roster: str = ""
    epoch: int = UNTOLD

    @property
    def difference_ms(self) -> float:
        """Their clock minus ours, as well as one exchange can tell (± half the round trip)."""
        return self.ms - self.here_ms


@dataclass(frozen=True)
class StageState:
    """How far staging came. `receipt` is the channel's signed answer, where it gives one."""

    state: State
    missing: tuple[str, ...] = ()
    receipt: Receipt | None = None

    @property
    def complete(self) -> bool:
        """Whether everything lies there."""
        return not self.missing and self.state in ("staged", "opened", "published")


@dataclass(frozen=True)
class Prebuilt:
    """A commit made ready ahead of time, so that nothing but sending it is left at the instant.

    `epoch`: the one under which it is sent.
    """

    channel: str
    addresses: tuple[str, ...]
    at: str
    call: Any = field(repr=False)
    epoch: int = 0


@dataclass(frozen=True)
class Opened:
    """The bundles are open. One verified receipt for each, in order."""

    receipts: tuple[Receipt, ...]
    envelopes: tuple[Envelope, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class TooEarly:
    """The instant has not come on the channel's clock; try again after so many milliseconds."""

    wait_ms: int


@dataclass(frozen=True)
class TooLate:
    """`not_after` has passed: final."""


@dataclass(frozen=True)
class Fenced:
    """Another publisher has taken over, with that epoch."""

    epoch: int


@dataclass(frozen=True)
class Rejected:
    """The channel will not: judged not good, incomplete, recalled. Trying again does not help."""

    code: str
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Unknown:
    """No answer, or one that does not hold, or a no that says nothing of an earlier call which is
    still without an answer. Ask for the receipt, then try again.
    """

    why: str


CommitResult = Opened | TooEarly | TooLate | Fenced | Rejected | Unknown
ViewState = Literal["absent", "live", "withdrawn", "checking"]


@dataclass(frozen=True)
class PublicView:
    """One item as the public sees it: the ninjs object, and the text of the marked elements.

    `marked` has `headline`, `summary`, `body` with white space collapsed, where there is a page.
    """

    state: ViewState
    ninjs: Mapping[str, Any] | None = None
    marked: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Governance:
    """What a channel that judges for itself needs: roster and policy acts in the log's order;
    and, for readers, the public part of the calendar with its version and, for channels whose
    pages we write ourselves, what the adopted policy tells reporters."""

    acts: Sequence[Envelope]
    calendar: Mapping[str, Any] | None = None
    calendar_version: int = 0
    press: Press | None = None


Gate = Callable[[], Awaitable[None]]
"""Returns when the instant has come; raises when it will not."""


class Driver(Protocol):
    """One channel, as the publisher uses it. All methods are coroutines on one event loop."""

    @property
    def channel(self) -> str:
        """The channel's id in the policy."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What this channel can do."""
        ...

    async def epoch(self, rosters: Sequence[str] = ()) -> int:
        """Become the one publisher that is heard; 0 where there is no fencing.

        `rosters`: digests of all that were heard of, in the order of their versions. Raises
        OtherRoster when the channel has one that is not among them.
        """
        ...

    async def prepare(self, governance: Governance) -> None:
        """Bring roster and policy up to date there; a new portal hears nobody before that."""
        ...

    async def announce(self, calendar: Mapping[str, Any], version: int) -> None:
        """Show the public part of the calendar, where there are pages. No release waits for it."""
        ...

    async def time(self) -> TimeReading:
        """The channel's clock."""
        ...

    async def stage(self, bundle: SealedBundle, acts: Sequence[Envelope]) -> StageState:
        """Lay a sealed bundle and its assets down, with the acts that justify it."""
        ...

    async def readback(self, bundle: SealedBundle) -> None:
        """Read what is staged back and open it. Raises TrustError when it is not ours."""
        ...

    async def rehearse(self, bundle: SealedBundle, acts: Sequence[Envelope], manifest: str) -> None:
        """Do what staging does, and leave nothing there. Raises as `stage` and `readback`.

        The bundle is sealed for a throw-away address; `manifest`: the digest of the sign-off.
        """
        ...

    async def warm(self) -> None:
        """Have a connection open and used."""
        ...

    async def prebuild_commit(self, bundles: Sequence[SealedBundle]) -> Prebuilt:
        """Make the commit of these bundles ready; it may be sent more than once."""
        ...

    async def commit(self, prebuilt: Prebuilt, gate: Gate | None = None) -> CommitResult:
        """Open the bundles: all or none. Repeating it opens nothing twice.

        With a gate, whatever gives nothing away may be done at once; keys leave, and anything
        opens, only after it has returned.
        """
        ...

    async def receipt(self, address: str) -> Receipt | None:
        """The newest receipt of a bundle, verified, or None when it is not there."""
        ...

    async def recall(self, address: str) -> None:
        """Take a staged bundle back; nothing to take back is no error. Conflict when opened."""
        ...

    async def withdraw(self, acts: Sequence[Envelope]) -> None:
        """Take down what these signed withdrawals name.

        With a takedown and the `item.restore` acts of enough people, put back what it took down.
        """
        ...

    async def standing(self) -> Standing:
        """What the channel has seen of the newsroom; asking makes nobody heard there."""
        ...

    async def acts(self, address: str = "") -> list[Envelope]:
        """Signed acts that the channel was shown: with one bundle, or those that bind the whole
        newsroom (rosters, policies, withdrawals). [] where it keeps none."""
        ...

    async def public_view(self, item: str, language: str) -> PublicView:
        """What the public sees of an item now."""
        ...

    async def aclose(self) -> None:
        """Close connections and files."""
        ...
