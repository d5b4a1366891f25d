"""The driver for portals that speak Desk's portal contract, v1, over HTTP/1.1.

One connection is kept warm for what must be on time; staging has a client of its own, so that an
upload never stands before a commit. No proxy or CA from the environment, no redirects, a timeout
on everything, and an answer counts only when the portal's key in the policy signed it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from desk.channels.asking import Asking
from desk.channels.driver import (
    UNTOLD,
    Capabilities,
    CommitResult,
    Fenced,
    Gate,
    Governance,
    Opened,
    Prebuilt,
    PublicView,
    Rejected,
    StageState,
    TimeReading,
    TooEarly,
    TooLate,
    Unknown,
)
from desk.channels.governing import pin
from desk.channels.line import Answer, Line, checked_url, trusted
from desk.channels.page import marked_text
from desk.channels.standing import Standing, read_acts, read_standing
from desk.clock import Clock, SystemClock, epoch_ns, now, written
from desk.errors import DeskError, NotFound, TrustError, Unavailable
from desk.phrase import phrase
from desk.portal.contract.bundle import SealedBundle
from desk.portal.contract.receipt import Receipt, read_receipt
from desk.portal.contract.stagecrypt import open_bundle
from desk.portal.contract.wire import (
    MAX_BUNDLE,
    MAX_STAGE,
    CalendarOrder,
    CommitOrder,
    Opening,
    RecallOrder,
    RehearseOrder,
    Sealed,
    StageOrder,
    WithdrawOrder,
    idempotency_key,
    signed,
)
from desk.trust.canonical import parse_json
from desk.trust.envelope import Envelope, Signer

_SLOW = 60.0  # seconds


@dataclass(frozen=True)
class Account:
    """How a publisher is known to a portal: newsroom uid, its id in the roster, its key, token."""

    newsroom: str
    publisher: str
    signer: Signer
    token: str

    def __repr__(self) -> str:
        return f"Account({self.newsroom}, {self.publisher})"


class DeskPortal:
    """One portal. `url` is its address, `key` the Ed25519 key (hex) that signs its receipts.

    `ca`: a PEM file with the authority of the portal's certificate, when it is a private one;
    `timeout`: seconds that a commit waits for the portal at each turn of the exchange, and twice
    as long for all of it.
    Raises UsageError for an address that would send the token in clear to another host.
    """

    capabilities = Capabilities(True, True, True, True, True, True)

    def __init__(
        self, channel: str, url: str, key: str, account: Account, *,
        clock: Clock | None = None, ca: Path | None = None, timeout: float = 5.0,
    ) -> None:  # fmt: skip
        self.channel = channel
        self._base = checked_url(url)
        self._key = key
        self._account = account
        self._clock: Clock = clock or SystemClock()
        self._epoch = 0
        self._unanswered: dict[str, int] = {}  # address -> epoch of a commit without an answer
        verify = trusted(url, ca)
        self._line = Line(
            channel, url, account.token, verify=verify, timeout=timeout, connections=1,
            patience=2 * timeout,
        )  # fmt: skip
        self._bulk = Line(channel, url, account.token, verify=verify, timeout=_SLOW, connections=4)
        self._asking = Asking(self._line, account, key, self._now)

    def __repr__(self) -> str:
        return f"DeskPortal({self.channel}, {self._base})"

    async def aclose(self) -> None:
        """Close the connections."""
        await self._line.aclose()
        await self._bulk.aclose()

    def _now(self) -> str:
        return written(now(self._clock))

    # -- the protocol ----------------------------------------------------------------------

    @property
    def _newsroom_path(self) -> str:
        return f"/v1/newsrooms/{quote(self._account.newsroom, safe='')}"

    async def epoch(self, rosters: Sequence[str] = ()) -> int:
        """Ask for the next epoch and hold it. Raises OtherRoster, Refused, Unavailable."""
        self._epoch = await self._asking.ask(rosters)
        return self._epoch

    async def prepare(self, governance: Governance) -> None:
        """Pin the newest roster and policy there."""

        async def put(kind: str, acts: Sequence[Envelope]) -> None:
            value = {"acts": [act.to_value() for act in acts]}
            await self._bulk.call("PUT", f"{self._newsroom_path}/{kind}", value)

        await pin(governance.acts, put)

    async def announce(self, calendar: Mapping[str, Any], version: int) -> None:
        """Show the newest public calendar. Raises Refused for one that is malformed or too big."""
        order = CalendarOrder(
            self._account.newsroom, version, self._epoch, self._now(), dict(calendar)
        )
        value = signed(order, self._account.signer).to_value()
        await self._bulk.call("PUT", self._newsroom_path + "/calendar", value)

    async def time(self) -> TimeReading:
        """The portal's clock, over the warm connection."""
        start = self._clock.monotonic_ns()
        before = self._clock.time_ns()
        request = self._line.request("GET", "/v1/time")
        answer = await self._line.send(request)
        took = self._clock.monotonic_ns() - start
        if answer.status != 200 or not answer.whole("ms"):
            raise self._line.error(answer)
        return TimeReading(
            answer.whole("ms"), (before + took // 2) // 1_000_000, took / 1e6,
            answer.value.get("sure") is True, str(answer.value.get("roster", "")),
            answer.whole("epoch") if "epoch" in answer.value else UNTOLD,
        )  # fmt: skip

    async def warm(self) -> None:
        """Use the connection, so that it is open at the instant."""
        await self.time()

    async def stage(self, bundle: SealedBundle, acts: Sequence[Envelope]) -> StageState:
        """Stage the bundle, then each asset that the portal says is missing."""
        value = self._stage_call(StageOrder, bundle, acts, bundle.plan.manifest)
        answer = await self._bulk.call("PUT", f"/v1/bundles/{bundle.address}", value)
        state = self._stage_state(answer, bundle)
        for sealed in bundle.assets():
            if sealed.sha256 in state.missing:
                answer = await self._bulk.call(
                    "PUT", f"/v1/bundles/{bundle.address}/assets/{sealed.sha256}",
                    content=_pieces(bundle, sealed),
                    headers={"Content-Length": str(sealed.size)},
                )  # fmt: skip
                state = self._stage_state(answer, bundle)
        return state

    def _stage_call(
        self, kind: type[StageOrder], bundle: SealedBundle, acts: Sequence[Envelope], manifest: str
    ) -> dict[str, Any]:
        plan = bundle.plan
        order = kind(
            plan.newsroom, plan.channel, bundle.address, plan.release, plan.at, plan.not_after,
            manifest, self._epoch, self._now(), hashlib.sha256(bundle.key).hexdigest(),
            bundle.cipher, bundle.assets(),
        )  # fmt: skip
        return {
            "envelope": signed(order, self._account.signer).to_value(),
            "acts": [act.to_value() for act in acts],
            "ciphertext": base64.b64encode(bundle.ciphertext).decode(),
        }

    async def rehearse(self, bundle: SealedBundle, acts: Sequence[Envelope], manifest: str) -> None:
        """Have the portal judge it and write it, and keep nothing. Assets are not sent."""
        value = self._stage_call(RehearseOrder, bundle, acts, manifest)
        await self._bulk.call("POST", "/v1/rehearsals", value)

    def _stage_state(self, answer: Answer, bundle: SealedBundle) -> StageState:
        receipt = self._receipt(answer.value.get("receipt"), bundle.address)[0]
        if receipt.manifest != bundle.plan.manifest or receipt.at != bundle.plan.at:
            raise TrustError(
                "The receipt does not hold",
                phrase("{channel}: another sign-off", channel=self.channel),
            )
        missing = answer.value.get("missing", [])
        if not isinstance(missing, list):
            raise TrustError("The portal's answer makes no sense", self.channel)
        return StageState(receipt.state, tuple(str(m) for m in missing), receipt)

    async def readback(self, bundle: SealedBundle) -> None:
        """Fetch the ciphertexts and open them with our key. Raises TrustError on a difference."""
        path = f"/v1/bundles/{bundle.address}"
        answer = await self._bulk.call("GET", path, limit=MAX_BUNDLE)
        plain = open_bundle(bundle.key, bundle.address, answer.body)
        if plain != bundle.bundle.to_bytes():
            raise TrustError("What is staged is not what we sent", self.channel)
        for sealed in bundle.assets():
            if await self._bulk.sha256(f"{path}/assets/{sealed.sha256}") != sealed.sha256:
                raise TrustError("A staged asset is not what we sent", self.channel)

    async def prebuild_commit(self, bundles: Sequence[SealedBundle]) -> Prebuilt:
        """Sign the commit and build the request; sending it is all that is left."""
        at = max(bundle.plan.at for bundle in bundles)
        order = CommitOrder(
            self._account.newsroom, self._epoch, at,
            tuple(Opening(b.address, b.key, b.trigger) for b in bundles),
        )  # fmt: skip
        addresses = tuple(bundle.address for bundle in bundles)
        key = idempotency_key(f"{'.'.join(addresses)} {self._epoch}", "commit")
        body = json.dumps(signed(order, self._account.signer).to_value()).encode()
        return Prebuilt(self.channel, addresses, at, (key, body), self._epoch)

    def _commit_request(self, prebuilt: Prebuilt, gate: Gate | None) -> httpx.Request:
        key, body = prebuilt.call

        async def after_the_gate() -> AsyncIterator[bytes]:
            if gate is not None:
                await gate()
            for address in prebuilt.addresses:
                self._unanswered[address] = prebuilt.epoch
            yield body

        headers = {"Idempotency-Key": key, "Content-Type": "application/json",
                   "Content-Length": str(len(body))}  # fmt: skip
        return self._line.request("POST", "/v1/commits", content=after_the_gate(), headers=headers)

    async def commit(self, prebuilt: Prebuilt, gate: Gate | None = None) -> CommitResult:
        """Send the commit. A connection that died meanwhile is replaced once, at once.

        With a gate the head of the request goes ahead and its body, which holds the keys, leaves
        when the gate opens: at the instant one write is left to do.

        A call that got no answer may still be on its way, and open the bundles when it comes. So
        a no counts only when every call before it was answered, or sent under an older epoch,
        which the portal refuses by now; else the outcome is unknown.
        """
        try:
            return await self._send_commit(prebuilt, gate)
        except Unavailable:
            try:
                return await self._send_commit(prebuilt, gate)
            except Unavailable as error:
                return Unknown(error.message)

    async def _send_commit(self, prebuilt: Prebuilt, gate: Gate | None) -> CommitResult:
        """One call. Raises Unavailable when it got no answer."""
        doubted = any(self._unanswered.get(a, -1) >= prebuilt.epoch for a in prebuilt.addresses)
        answer = await self._line.send(self._commit_request(prebuilt, gate))
        result = self._outcome(answer, prebuilt)
        if isinstance(result, Unknown):
            return result
        if doubted and not isinstance(result, Opened | Fenced):
            return Unknown(f"{self.channel}: {answer.status}, but an earlier call has no answer")
        if not doubted or isinstance(result, Opened):
            for address in prebuilt.addresses:
                self._unanswered.pop(address, None)
        return result

    def _outcome(self, answer: Answer, prebuilt: Prebuilt) -> CommitResult:
        if answer.status == 200:
            try:
                return self._opened(answer, prebuilt)
            except DeskError as error:
                return Unknown(f"{self.channel}: {error}")
        if answer.status == 425 or (answer.status == 503 and answer.code in ("clock", "judging")):
            return TooEarly(max(1, answer.whole("wait_ms")))
        if answer.status == 410:
            return TooLate()
        if answer.status == 409 and answer.code == "epoch":
            return Fenced(answer.whole("epoch"))
        if answer.status in (400, 401, 403, 404, 409, 413):
            return Rejected(answer.code or str(answer.status), answer.reasons())
        return Unknown(f"{self.channel}: {answer.status} {answer.code}".strip())

    def _opened(self, answer: Answer, prebuilt: Prebuilt) -> Opened:
        values = answer.value.get("receipts")
        if not isinstance(values, list) or len(values) != len(prebuilt.addresses):
            raise TrustError("The receipt does not hold", "one for each bundle is needed")
        found = [
            self._receipt(value, address)
            for value, address in zip(values, prebuilt.addresses, strict=True)
        ]
        for receipt, _ in found:
            if receipt.state not in ("opened", "published"):
                raise TrustError(
                    "The receipt does not hold", phrase("it says {state}", state=receipt.state)
                )
            if receipt.opened_ms * 1_000_000 < epoch_ns(receipt.at):
                raise TrustError("The portal opened early", f"{receipt.address[:12]}")
        return Opened(tuple(r for r, _ in found), tuple(e for _, e in found))

    def _receipt(self, value: Any, address: str) -> tuple[Receipt, Envelope]:
        envelope = Envelope.from_value(value)
        receipt = read_receipt(envelope, self._key)
        theirs = (receipt.address, receipt.newsroom, receipt.channel)
        if theirs != (address, self._account.newsroom, self.channel):
            raise TrustError("The receipt does not hold", "it is for another bundle")
        return receipt, envelope

    async def receipt(self, address: str) -> Receipt | None:
        """The newest receipt of a bundle, or None when the portal knows none."""
        try:
            answer = await self._line.call("GET", f"/v1/receipts/{address}")
        except NotFound:
            return None
        return self._receipt(answer.value.get("receipt"), address)[0]

    async def recall(self, address: str) -> None:
        """Take a staged bundle back. Conflict when it is open already."""
        order = RecallOrder(self._account.newsroom, address, self._epoch, self._now())
        value = signed(order, self._account.signer).to_value()
        try:
            await self._bulk.call("DELETE", f"/v1/bundles/{address}", value)
        except NotFound:
            return

    async def withdraw(self, acts: Sequence[Envelope]) -> None:
        """Take down what these signed acts name."""
        order = WithdrawOrder(
            self._account.newsroom, self._epoch, self._now(), tuple(act.digest for act in acts)
        )
        value = {
            "envelope": signed(order, self._account.signer).to_value(),
            "acts": [act.to_value() for act in acts],
        }
        await self._bulk.call("POST", "/v1/withdrawals", value)

    async def standing(self) -> Standing:
        """What the portal has seen of the newsroom."""
        answer = await self._bulk.call("GET", self._newsroom_path, limit=MAX_BUNDLE)
        return read_standing(answer.value, self._account.newsroom)

    async def acts(self, address: str = "") -> list[Envelope]:
        """The acts that it was shown; [] from a portal that does not give them back."""
        place = f"/v1/bundles/{address}" if address else self._newsroom_path
        try:
            answer = await self._bulk.call("GET", place + "/acts", limit=MAX_STAGE)
        except NotFound:
            return []
        return read_acts(answer.value)

    async def public_view(self, item: str, language: str) -> PublicView:
        """Read the public JSON and page of an item, as anybody would: without the token."""
        request = self._bulk.request("GET", f"/items/{item}.json", public=True)
        data = await self._bulk.send(request)
        if data.status == 404:
            return PublicView("absent")
        if data.status == 410:
            return PublicView("withdrawn")
        if data.status == 503:
            return PublicView("checking")
        if data.status != 200:
            raise self._bulk.error(data)
        request = self._bulk.request("GET", f"/items/{item}?lang={language}", public=True)
        page = await self._bulk.send(request)
        text = page.body.decode("utf-8", "replace")
        return PublicView("live", parse_json(data.body), marked_text(text))


async def _pieces(bundle: SealedBundle, sealed: Sealed) -> AsyncIterator[bytes]:
    for chunk in bundle.asset_chunks(sealed):
        yield chunk
