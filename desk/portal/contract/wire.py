"""The messages of the contract: payload types, limits, and a frozen class for each body.

Every mutating call carries a DSSE envelope signed by a publisher of the roster; its payload is
one of the `*Order` classes. The portal answers with receipts that it signs itself. All spans are
whole milliseconds, all sizes bytes, all instants written in UTC.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from desk.portal.contract.fields import HEX64, Fields, Malformed
from desk.trust.envelope import Envelope, Signer, sign

CONTRACT = 1
_PREFIX = "application/vnd.desk.portal."
STAGE = _PREFIX + "stage.v1+json"
REHEARSE = _PREFIX + "rehearse.v1+json"
COMMIT = _PREFIX + "commit.v1+json"
RECALL = _PREFIX + "recall.v1+json"
WITHDRAW = _PREFIX + "withdraw.v1+json"
EPOCH = _PREFIX + "epoch.v1+json"
CALENDAR = _PREFIX + "calendar.v1+json"
RECEIPT = _PREFIX + "receipt.v1+json"

MAX_BUNDLE = 48 * 1024 * 1024  # ciphertext of one bundle, without its assets
MAX_ACTS = 24 * 1024 * 1024  # the acts that justify it, as JSON
MAX_STAGE = MAX_BUNDLE * 4 // 3 + MAX_ACTS + 1024 * 1024
MAX_ASSET = 256 * 1024 * 1024
MAX_SMALL = 4 * 1024 * 1024  # roster, policy, calendar
MAX_COMMIT = 256 * 1024
MAX_ITEMS = 2000
MAX_ASSETS = 4000
MAX_COMMITS = 500
MAX_LINEAGE = 16  # rosters that an epoch order names

State = Literal["staging", "staged", "opened", "published", "recalled"]
STATES = ("staging", "staged", "opened", "published", "recalled")


@dataclass(frozen=True)
class Sealed:
    """One ciphertext: its SHA-256 (hex) and its size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True)
class StageOrder:
    """Stage a sealed bundle. `manifest` is the digest of the sign-off that justifies it.

    `key_sha256`: SHA-256 of the bundle key, so that a commit with a wrong key is refused and not
    found out afterwards.
    """

    newsroom: str
    channel: str
    address: str
    release: str
    at: str
    not_after: str
    manifest: str
    epoch: int
    time: str
    key_sha256: str
    cipher: Sealed
    assets: tuple[Sealed, ...]

    def to_value(self) -> dict[str, Any]:
        """The payload to be signed."""
        return {
            "newsroom": self.newsroom,
            "channel": self.channel,
            "address": self.address,
            "release": self.release,
            "at": self.at,
            "not_after": self.not_after,
            "manifest": self.manifest,
            "epoch": self.epoch,
            "time": self.time,
            "key_sha256": self.key_sha256,
            "cipher_sha256": self.cipher.sha256,
            "cipher_size": self.cipher.size,
            "assets": [{"sha256": a.sha256, "size": a.size} for a in self.assets],
        }

    @classmethod
    def from_value(cls, value: Any) -> StageOrder:
        """Read the payload. Raises Malformed."""
        f = Fields(value, "stage")
        assets = []
        for entry in f.each("assets", MAX_ASSETS):
            assets.append(Sealed(entry.hex64("sha256"), entry.count("size", MAX_ASSET)))
            entry.done()
        order = cls(
            f.newsroom(), f.name("channel"), f.hex64("address"), f.release(), f.instant("at"),
            f.instant("not_after"), f.hex64("manifest"), f.count("epoch"), f.instant("time"),
            f.hex64("key_sha256"),
            Sealed(f.hex64("cipher_sha256"), f.count("cipher_size", MAX_BUNDLE)), tuple(assets),
        )  # fmt: skip
        f.done()
        if order.not_after < order.at:
            raise Malformed("Malformed message", "stage.not_after is before stage.at")
        return order


@dataclass(frozen=True)
class RehearseOrder(StageOrder):
    """Judge these acts and read these bytes as if they were staged; keep nothing.

    `address` is none that a sign-off gives, and the key is thrown away: what was rehearsed can
    never be opened. `manifest` is the real one.
    """


@dataclass(frozen=True)
class Opening:
    """One bundle to open and its key (32 bytes).

    `trigger`: the `release.trigger` act, for a release that waits for one.
    """

    address: str
    key: bytes = field(repr=False)
    trigger: Envelope | None = field(default=None, repr=False)

    def to_value(self) -> dict[str, Any]:
        """As it stands in the payload."""
        value: dict[str, Any] = {
            "address": self.address, "key": base64.b64encode(self.key).decode()
        }  # fmt: skip
        return value | ({"trigger": self.trigger.to_value()} if self.trigger else {})

    @classmethod
    def from_fields(cls, entry: Fields) -> Opening:
        """Read one. Raises Malformed, TrustError."""
        trigger = Envelope.from_value(entry.object("trigger")) if entry.has("trigger") else None
        opening = cls(entry.hex64("address"), entry.base64("key", 32), trigger)
        entry.done()
        if len(opening.key) != 32:
            raise Malformed("Malformed message", "commit: a bundle key is 32 bytes")
        return opening


@dataclass(frozen=True)
class CommitOrder:
    """Open these bundles, all or none."""

    newsroom: str
    epoch: int
    time: str
    bundles: tuple[Opening, ...]

    def to_value(self) -> dict[str, Any]:
        """The payload to be signed."""
        return {
            "newsroom": self.newsroom,
            "epoch": self.epoch,
            "time": self.time,
            "bundles": [opening.to_value() for opening in self.bundles],
        }

    @classmethod
    def from_value(cls, value: Any) -> CommitOrder:
        """Read the payload. Raises Malformed."""
        f = Fields(value, "commit")
        bundles = [Opening.from_fields(entry) for entry in f.each("bundles", MAX_COMMITS)]
        order = cls(f.newsroom(), f.count("epoch"), f.instant("time"), tuple(bundles))
        f.done()
        if not bundles or len({b.address for b in bundles}) != len(bundles):
            raise Malformed("Malformed message", "commit.bundles is empty or names one twice")
        return order


@dataclass(frozen=True)
class RecallOrder:
    """Take back a staged bundle. An address that was recalled is never used again."""

    newsroom: str
    address: str
    epoch: int
    time: str

    def to_value(self) -> dict[str, Any]:
        """The payload to be signed."""
        return {
            "newsroom": self.newsroom,
            "address": self.address,
            "epoch": self.epoch,
            "time": self.time,
        }

    @classmethod
    def from_value(cls, value: Any) -> RecallOrder:
        """Read the payload. Raises Malformed."""
        f = Fields(value, "recall")
        order = cls(f.newsroom(), f.hex64("address"), f.count("epoch"), f.instant("time"))
        f.done()
        return order


@dataclass(frozen=True)
class WithdrawOrder:
    """Carry out these signed withdrawals; `acts` are the digests of their acts."""

    newsroom: str
    epoch: int
    time: str
    acts: tuple[str, ...]

    def to_value(self) -> dict[str, Any]:
        """The payload to be signed."""
        return {
            "newsroom": self.newsroom,
            "epoch": self.epoch,
            "time": self.time,
            "acts": list(self.acts),
        }

    @classmethod
    def from_value(cls, value: Any) -> WithdrawOrder:
        """Read the payload. Raises Malformed."""
        f = Fields(value, "withdraw")
        digests = f.array("acts", MAX_COMMITS)
        if not digests or not all(isinstance(d, str) and len(d) == 64 for d in digests):
            raise Malformed("Malformed message", "withdraw.acts is no list of digests")
        order = cls(f.newsroom(), f.count("epoch"), f.instant("time"), tuple(digests))
        f.done()
        return order


@dataclass(frozen=True)
class EpochOrder:
    """Ask for the next epoch. The same envelope again gets the epoch that it got before.

    `portal`: the key of the one that is asked. `roster`: the version of the newest roster that the
    publisher has heard of; `rosters`: the digests of the newest ones, that one first. A program
    from before these three members names none of them.
    """

    newsroom: str
    publisher: str
    time: str
    nonce: str
    portal: str = ""
    roster: int = 0
    rosters: tuple[str, ...] = ()

    def to_value(self) -> dict[str, Any]:
        """The payload to be signed."""
        value: dict[str, Any] = {
            "newsroom": self.newsroom,
            "publisher": self.publisher,
            "time": self.time,
            "nonce": self.nonce,
        }
        if not self.rosters:
            return value
        known = {"portal": self.portal, "roster": self.roster, "rosters": list(self.rosters)}
        return value | known

    @classmethod
    def from_value(cls, value: Any) -> EpochOrder:
        """Read the payload. Raises Malformed."""
        f = Fields(value, "epoch")
        order = cls(f.newsroom(), f.name("publisher"), f.instant("time"), f.hex64("nonce"))
        if f.has("rosters"):
            digests = f.array("rosters", MAX_LINEAGE)
            if not digests or not all(isinstance(d, str) and HEX64.fullmatch(d) for d in digests):
                raise Malformed("Malformed message", "epoch.rosters is no list of digests")
            order = replace(
                order, portal=f.hex64("portal"), roster=f.count("roster"), rosters=tuple(digests)
            )
        f.done()
        return order


@dataclass(frozen=True)
class CalendarOrder:
    """Show this public part of the calendar; a higher version replaces a lower one."""

    newsroom: str
    version: int
    epoch: int
    time: str
    calendar: dict[str, Any]

    def to_value(self) -> dict[str, Any]:
        """The payload to be signed."""
        return {
            "newsroom": self.newsroom,
            "version": self.version,
            "epoch": self.epoch,
            "time": self.time,
            "calendar": self.calendar,
        }

    @classmethod
    def from_value(cls, value: Any) -> CalendarOrder:
        """Read the payload. Raises Malformed."""
        f = Fields(value, "calendar")
        order = cls(
            f.newsroom(), f.count("version"), f.count("epoch"), f.instant("time"),
            f.object("calendar"),
        )  # fmt: skip
        f.done()
        return order


Order = StageOrder | CommitOrder | RecallOrder | WithdrawOrder | EpochOrder | CalendarOrder
_TYPES: dict[type[Any], str] = {
    StageOrder: STAGE,
    RehearseOrder: REHEARSE,
    CommitOrder: COMMIT,
    RecallOrder: RECALL,
    WithdrawOrder: WITHDRAW,
    EpochOrder: EPOCH,
    CalendarOrder: CALENDAR,
}


def signed(order: Order, *signers: Signer) -> Envelope:
    """The envelope of an order, signed by a publisher."""
    return sign(_TYPES[type(order)], order.to_value(), *signers)


def payload_type(order: type[Any]) -> str:
    """The DSSE payload type of an order class."""
    return _TYPES[order]


def idempotency_key(address: str, verb: str) -> str:
    """The Idempotency-Key of a call about one address: a digest of both (64 hex)."""
    return hashlib.sha256(f"desk {verb} v1 {address}".encode()).hexdigest()
