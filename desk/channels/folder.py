"""The driver for a folder: released bundles as files, for mirrors and the press wire.

    <path>/.desk/pen/<epoch>…/        what is being written, and by whom
    <path>/.desk/staged/<address>/    sealed bundle and assets, nothing in clear
    <path>/.desk/opened/<address>     the claim: key and receipt, made once, at the instant
    <path>/.desk/withdrawn/<act>      revisions that must not come back
    <path>/.desk/withheld/<act>/      files that were taken down for a time
    <path>/<date>/<release>/          what readers get, all of a release at once

A commit is one exclusive link: whoever makes the claim has opened the bundle, nobody can make it
twice, and it takes the same time for one item as for five hundred. Right after it the files are
written beside and appear under their name together. Everything is written with the folder's pen
(`folder_fence`), which a publisher that takes over takes from the one before.
"""

from __future__ import annotations

import asyncio
import base64
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from desk.channels.driver import (
    Capabilities,
    CommitResult,
    Fenced,
    FencedOff,
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
from desk.channels.folder_after import carry_out
from desk.channels.folder_expand import expand
from desk.channels.folder_fence import Pen, current, take
from desk.channels.folder_files import own_receipt, public_item, same_bytes, write
from desk.channels.standing import Standing, folder_standing
from desk.clock import Clock, SystemClock, epoch_ns, parse_instant, to_wall
from desk.errors import Conflict, DeskError, Reason, Refused, TrustError, Unavailable
from desk.phrase import phrase
from desk.portal.contract.bundle import SealedBundle
from desk.portal.contract.receipt import Receipt, read_receipt
from desk.portal.contract.stagecrypt import open_bundle
from desk.trust.acts import read as read_act
from desk.trust.canonical import canonical, parse
from desk.trust.envelope import Envelope, Signer
from desk.trust.press import Press

_BREATH = 0.05  # seconds between a claim and the work that follows it


class Folder:
    """One folder as a channel. Receipts are signed by the publisher, since a folder cannot.

    `publisher`: its id in the roster; `zone`: IANA zone in which the date of a release is taken for
    its path. Only this class writes there; the folder belongs to the publisher's user, readers have
    it read-only.
    """

    capabilities = Capabilities(
        sealed_staging=True, bulk_commit=True, idempotent=True, fencing=True, withdraw=True,
        receipts=False,
    )  # fmt: skip

    def __init__(
        self, channel: str, path: Path, signer: Signer, *, zone: str = "UTC",
        clock: Clock | None = None, publisher: str = "publisher",
    ) -> None:  # fmt: skip
        self.channel = channel
        self.path = path
        self._signer = signer
        self._zone = zone
        self._clock: Clock = clock or SystemClock()
        self._publisher = publisher
        self._press: Press | None = None
        self._pen: Pen | None = None
        self._taking = asyncio.Lock()
        self._tasks: dict[str, asyncio.Task[None]] = {}

    # -- places ----------------------------------------------------------------------------

    def _staged(self, address: str) -> Path:
        return self.path / ".desk" / "staged" / address

    def _claim(self, address: str) -> Path:
        return self.path / ".desk" / "opened" / address

    def _withdrawal(self, revision: str) -> Path:
        return self.path / ".desk" / "withdrawn" / revision

    def _release_folder(self, release: str, at: str) -> Path:
        return self.path / to_wall(parse_instant(at), self._zone).date().isoformat() / release

    def _make_folders(self) -> None:
        try:
            for name in ("staged", "opened", "withdrawn"):
                (self.path / ".desk" / name).mkdir(mode=0o755, parents=True, exist_ok=True)
        except OSError as error:
            raise Unavailable("The folder cannot be written", f"{self.channel}: {error}") from None

    # -- the protocol ----------------------------------------------------------------------

    async def epoch(self, rosters: Sequence[str] = ()) -> int:
        """Take the folder's pen: who had it before writes nothing any more."""
        self._make_folders()
        try:
            async with self._taking:
                about = (self.path, self._publisher, tuple(rosters))
                self._pen = await asyncio.to_thread(take, *about)
        except OSError as error:
            raise Unavailable("The folder cannot be written", f"{self.channel}: {error}") from None
        return self._pen.epoch

    def _held(self) -> Pen:
        """Our pen. Raises FencedOff when we have none, or another publisher has taken it."""
        if self._pen is None:
            raise FencedOff("Another publisher has taken over", self.channel)
        self._pen.check()
        return self._pen

    async def prepare(self, governance: Governance) -> None:
        """Make the folders; once we are heard, finish what a stopped publisher left open."""
        self._press = governance.press  # on every page that is written from now on
        self._make_folders()
        if self._pen is None:
            return
        for claim in sorted((self.path / ".desk" / "opened").iterdir()):
            if not claim.name.startswith("."):
                await self._expanded(claim.name)

    async def announce(self, calendar: Mapping[str, Any], version: int) -> None:
        """Nothing to do: a folder has no pages beside the releases'."""

    async def time(self) -> TimeReading:
        """The folder's clock is ours."""
        ms = self._clock.time_ns() // 1_000_000
        return TimeReading(ms, ms, 0.0)

    async def warm(self) -> None:
        """Nothing to do: there is no connection."""

    async def aclose(self) -> None:
        """Wait until files that are being written are there."""
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def stage(self, bundle: SealedBundle, acts: Sequence[Envelope]) -> StageState:
        """Lay the sealed bundle and its assets down. The same again changes nothing."""
        self._refuse_withdrawn(bundle)
        if self._claim(bundle.address).exists():
            receipt = self._read_claim(bundle.address)[0]
            return StageState(receipt.state, (), receipt)
        await asyncio.to_thread(self._lay_down, bundle, self._held())
        return StageState("staged")

    def _refuse_withdrawn(self, bundle: SealedBundle) -> None:
        back = [i.item for i in bundle.bundle.items if self._withdrawal(i.act).exists()]
        if back:
            raise Refused(
                "A withdrawn revision stays away",
                [Reason("withdrawn", phrase("withdrawn here: {back}", back=", ".join(back)))],
            )

    def _lay_down(self, bundle: SealedBundle, pen: Pen) -> None:
        self._make_folders()
        folder = self._staged(bundle.address)
        self._refuse_recalled(bundle.address, pen)
        try:
            folder.mkdir(mode=0o755, exist_ok=True)
            present = folder / "bundle"
            if present.exists() and present.read_bytes() != bundle.ciphertext:
                raise Conflict("Other bytes are staged at that address", bundle.address[:12])
            for sealed in bundle.assets():
                if not same_bytes(folder / sealed.sha256, sealed.sha256):
                    write(folder / sealed.sha256, bundle.asset_chunks(sealed), pen)
            # Last, so that a bundle that is there is complete.
            write(present, [bundle.ciphertext], pen)
        except OSError as error:
            self._refuse_recalled(bundle.address, pen)
            raise Unavailable("The folder cannot be written", f"{self.channel}: {error}") from None
        self._refuse_recalled(bundle.address, pen)
        pen.check()

    def _refuse_recalled(self, address: str, pen: Pen | None = None) -> None:
        """Also what was recalled meanwhile, by a publisher that took over: it leaves nothing."""
        if (self._staged(address) / "recalled").exists():
            if pen is not None:
                self._discard(address, pen)
            raise Conflict("That bundle was recalled", "It needs a new sign-off")

    async def readback(self, bundle: SealedBundle) -> None:
        """Read the ciphertexts and open them. Raises TrustError when they are not ours."""
        await asyncio.to_thread(self._check_staged, bundle)

    def _check_staged(self, bundle: SealedBundle) -> None:
        folder = self._staged(bundle.address)
        self._refuse_recalled(bundle.address)
        try:
            sealed = (folder / "bundle").read_bytes()
        except OSError as error:
            raise Unavailable("Nothing is staged there", type(error).__name__) from None
        if open_bundle(bundle.key, bundle.address, sealed) != bundle.bundle.to_bytes():
            raise TrustError("What is staged is not what we sent", self.channel)
        for asset in bundle.assets():
            if not same_bytes(folder / asset.sha256, asset.sha256):
                raise TrustError("A staged asset is not what we sent", self.channel)

    async def rehearse(self, bundle: SealedBundle, acts: Sequence[Envelope], manifest: str) -> None:
        """Lay it down under its throw-away address, read it back, remove it.

        It is no order of a leading publisher: it takes no pen, and has a scratch one.
        """
        self._refuse_withdrawn(bundle)
        scratch = Pen(self.path / ".desk" / f"rehearsal-{bundle.address[:16]}")
        try:
            await asyncio.to_thread(self._try_out, bundle, scratch)
        finally:
            for folder in (self._staged(bundle.address), scratch.path):
                await asyncio.to_thread(shutil.rmtree, folder, True)

    def _try_out(self, bundle: SealedBundle, scratch: Pen) -> None:
        self._make_folders()
        scratch.path.mkdir(mode=0o700, exist_ok=True)
        self._lay_down(bundle, scratch)
        self._check_staged(bundle)

    async def prebuild_commit(self, bundles: Sequence[SealedBundle]) -> Prebuilt:
        """Keep what the claims need; they are made at the instant, since they hold the keys."""
        addresses = tuple(bundle.address for bundle in bundles)
        at = max(bundle.plan.at for bundle in bundles)
        return Prebuilt(self.channel, addresses, at, tuple(bundles))

    async def commit(self, prebuilt: Prebuilt, gate: Gate | None = None) -> CommitResult:
        """Make the claims, then start writing the files."""
        if gate is not None:
            await gate()
        bundles: tuple[SealedBundle, ...] = prebuilt.call
        # In a thread: syncing the claim must not keep other channels' answers waiting.
        result = await asyncio.to_thread(self._make_claims, bundles, self._pen)
        if isinstance(result, Opened):
            for bundle in bundles:
                self._start(bundle.address)
        return result

    def _make_claims(self, bundles: tuple[SealedBundle, ...], pen: Pen | None) -> CommitResult:
        if pen is None or not pen.held:
            return self._fenced()
        now = self._clock.time_ns()
        for bundle in bundles:
            if self._claim(bundle.address).exists():
                continue
            if now < (at := epoch_ns(bundle.plan.at)):
                return TooEarly(-(-(at - now) // 1_000_000))
            if now > epoch_ns(bundle.plan.not_after):
                return TooLate()
            if (self._staged(bundle.address) / "recalled").exists():
                return Rejected("recalled")
            if not (self._staged(bundle.address) / "bundle").exists():
                return Rejected("incomplete")
            try:
                self._refuse_withdrawn(bundle)
            except Refused as error:
                return Rejected("withdrawn", error.reasons)
        try:
            for bundle in bundles:
                self._open(bundle, pen)
            found = [self._read_claim(bundle.address) for bundle in bundles]
        except FencedOff:
            return self._fenced()
        except (OSError, DeskError) as error:
            return Unknown(f"{self.channel}: {type(error).__name__}")
        return Opened(tuple(r for r, _, _ in found), tuple(e for _, e, _ in found))

    def _fenced(self) -> Fenced:
        pen = current(self.path)
        return Fenced(pen.epoch if pen else 0)

    def _open(self, bundle: SealedBundle, pen: Pen) -> None:
        """The one moment that counts: link the claim to its name, which only succeeds once."""
        plan, wall = bundle.plan, self._clock.time_ns()
        receipt = Receipt(
            self._signer.sign_public, plan.newsroom, plan.channel, bundle.address, plan.release,
            plan.manifest, "opened", plan.at, pen.epoch, len(bundle.bundle.items),
            wall // 1_000_000, max(0, wall - epoch_ns(plan.at)) // 1000,
        )  # fmt: skip
        claim = self._claim(bundle.address)
        value = {
            "key": base64.b64encode(bundle.key).decode(),
            "receipt": receipt.signed(self._signer).to_value(),
        }
        write(claim, [canonical(value)], pen, once=True)

    def _read_claim(self, address: str) -> tuple[Receipt, Envelope, bytes]:
        value = parse(self._claim(address).read_bytes())
        envelope = Envelope.from_value(value["receipt"])
        receipt = read_receipt(envelope, Receipt.from_value(envelope.body()).portal)
        return receipt, envelope, base64.b64decode(value["key"])

    async def receipt(self, address: str) -> Receipt | None:
        """The receipt, `published` since it waits for the files; None before the instant."""
        if not self._claim(address).exists():
            return None
        opened = self._read_claim(address)[0]
        if self._pen is None:
            return opened
        await self._expanded(address)
        return own_receipt(self._release_folder(opened.release, opened.at) / "receipt.json")

    async def recall(self, address: str) -> None:
        """Remove what is staged; the address is never used again."""
        if self._claim(address).exists():
            raise Conflict("It is public already", "It can be withdrawn")
        self._make_folders()
        await asyncio.to_thread(self._discard, address, self._held())

    def _discard(self, address: str, pen: Pen) -> None:
        folder = self._staged(address)
        folder.mkdir(mode=0o755, exist_ok=True)
        write(folder / "recalled", [b""], pen)
        for file in folder.iterdir():
            if file.name != "recalled":
                file.unlink(missing_ok=True)  # it may be a part that its writer removes

    # -- files for readers -----------------------------------------------------------------

    def _start(self, address: str) -> asyncio.Task[None]:
        task = self._tasks.get(address)
        if task is None:
            task = asyncio.create_task(self._expand_soon(address))
            self._tasks[address] = task
            task.add_done_callback(partial(self._ended, address))
        return task

    def _ended(self, address: str, task: asyncio.Task[None]) -> None:
        self._tasks.pop(address, None)
        if not task.cancelled():
            task.exception()  # whoever waits for it hears of it; nobody may

    async def _expand_soon(self, address: str) -> None:
        """Write the files, after other channels of the same instant had their turn."""
        await asyncio.sleep(_BREATH)
        while True:
            async with self._taking:
                pen = self._held()
            try:
                await asyncio.to_thread(self._expand, address, pen)
            except (OSError, FencedOff):
                if self._pen is pen:
                    raise
                continue  # we have a newer pen since, and begin anew with it
            return

    async def _expanded(self, address: str) -> None:
        """Wait until the files of a claimed bundle are there; write them if nobody did."""
        try:
            await asyncio.shield(self._start(address))
        except OSError as error:
            raise Unavailable("The folder cannot be written", f"{self.channel}: {error}") from None

    def _expand(self, address: str, pen: Pen) -> None:
        opened, _, key = self._read_claim(address)
        final = self._release_folder(opened.release, opened.at)
        expand(self.path, final, self._staged(address), opened, key, self._signer, self._clock, pen,
               self._press)  # fmt: skip

    # -- withdrawal and reading ------------------------------------------------------------

    async def withdraw(self, acts: Sequence[Envelope]) -> None:
        """Replace the files of what the signed acts name by a tombstone, for good or for a time;
        put back what enough people have lifted.
        """
        self._make_folders()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        read = [read_act(envelope) for envelope in acts]
        await asyncio.to_thread(carry_out, self.path, read, self._held())

    async def standing(self) -> Standing:
        """What its files say was claimed, staged and withdrawn, and who may write."""
        pen, found = current(self.path), await asyncio.to_thread(folder_standing, self.path)
        if pen is None:
            return found
        return replace(found, epoch=pen.epoch, holder=pen.holder, roster=pen.roster[0])

    async def acts(self, address: str = "") -> list[Envelope]:
        """None: a folder keeps no acts."""
        return []

    async def public_view(self, item: str, language: str) -> PublicView:
        """The newest released files of an item."""
        return await asyncio.to_thread(public_item, self.path, item, language)
