"""The receipt: what a channel says that it did, signed by the channel's own key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from desk.errors import TrustError
from desk.portal.contract.fields import Fields
from desk.portal.contract.wire import CONTRACT, MAX_ITEMS, RECEIPT, STATES, State
from desk.trust.envelope import Envelope, Signer, sign, verify


@dataclass(frozen=True)
class Verified:
    """What the portal found on opening one item: whether it is what was signed."""

    item: str
    language: str
    number: int
    content: str
    good: bool

    def to_value(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "item": self.item,
            "language": self.language,
            "number": self.number,
            "content": self.content,
            "good": self.good,
        }


@dataclass(frozen=True)
class Receipt:
    """What a channel says that it did. `portal` is the key (hex) that signs it.

    `opened_ms`: wall clock of the portal, milliseconds since 1970, when the bundle opened;
    `late_us`: microseconds after `at`; both 0 before. `verified` once published.
    """

    portal: str
    newsroom: str
    channel: str
    address: str
    release: str
    manifest: str
    state: State
    at: str
    epoch: int
    items: int
    opened_ms: int = 0
    late_us: int = 0
    published_ms: int = 0
    verified: tuple[Verified, ...] = ()

    def to_value(self) -> dict[str, Any]:
        """The payload to be signed."""
        value: dict[str, Any] = {
            "format": CONTRACT,
            "portal": self.portal,
            "newsroom": self.newsroom,
            "channel": self.channel,
            "address": self.address,
            "release": self.release,
            "manifest": self.manifest,
            "state": self.state,
            "at": self.at,
            "epoch": self.epoch,
            "items": self.items,
            "opened_ms": self.opened_ms,
            "late_us": self.late_us,
        }
        if self.state == "published":
            value["published_ms"] = self.published_ms
            value["verified"] = [entry.to_value() for entry in self.verified]
        return value

    def signed(self, signer: Signer) -> Envelope:
        """The receipt, signed by the portal."""
        return sign(RECEIPT, self.to_value(), signer)

    @classmethod
    def from_value(cls, value: Any) -> Receipt:
        """Read the payload. Raises Malformed."""
        f = Fields(value, "receipt")
        f.count("format", CONTRACT)
        state = f.one_of("state", STATES)
        verified = []
        published_ms = 0
        if state == "published":
            published_ms = f.count("published_ms")
            for entry in f.each("verified", MAX_ITEMS):
                verified.append(
                    Verified(
                        entry.item(), entry.language(), entry.count("number"),
                        entry.hex64("content"), entry.flag("good"),
                    )
                )  # fmt: skip
                entry.done()
        receipt = cls(
            f.hex64("portal"), f.newsroom(), f.name("channel"), f.hex64("address"), f.release(),
            f.hex64("manifest"), state, f.instant("at"), f.count("epoch"),  # type: ignore[arg-type]
            f.count("items"), f.count("opened_ms"), f.count("late_us"), published_ms,
            tuple(verified),
        )  # fmt: skip
        f.done()
        return receipt


def read_receipt(envelope: Envelope, key: str) -> Receipt:
    """A receipt, if that portal key (hex) signed it. Raises TrustError or Malformed."""
    if envelope.payload_type != RECEIPT or not verify(envelope, {key}):
        raise TrustError(
            "The receipt does not hold",
            "it is not signed by the key that the policy names for this channel",
            "Compare the portal's key by voice: desk portal status",
        )
    receipt = Receipt.from_value(envelope.body())
    if receipt.portal != key:
        raise TrustError("The receipt does not hold", "it names another portal")
    return receipt
