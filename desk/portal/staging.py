"""Staging: a sealed bundle is judged by the portal itself, then laid down beside its acts."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence, Set
from dataclasses import dataclass

from desk.clock import epoch_ns
from desk.durable import sync_folder
from desk.errors import DeskError, Reason
from desk.phrase import phrase
from desk.portal.adoption import Adopted
from desk.portal.answers import conflict, forbidden, not_found, too_late
from desk.portal.contract.bundle import Expected
from desk.portal.contract.receipt import Receipt
from desk.portal.contract.stagecrypt import bundle_address
from desk.portal.contract.wire import (
    MAX_ASSETS,
    MAX_ITEMS,
    RecallOrder,
    RehearseOrder,
    Sealed,
    StageOrder,
    State,
)
from desk.portal.home import Draft, write_whole
from desk.portal.portal import Portal, Staged, log
from desk.portal.store import dump_acts, load_acts
from desk.trust.envelope import Envelope
from desk.trust.judge import judge
from desk.trust.record import Record


@dataclass(frozen=True)
class StageAnswer:
    """The state of a bundle, ciphertext digests still missing, and the signed receipt."""

    state: State
    missing: tuple[str, ...]
    receipt: Envelope
    created: bool = False


@dataclass(frozen=True)
class Promised:
    """What a sign-off promises this channel, and the grant of a script that has to open it."""

    items: list[Expected]
    trigger: Mapping[str, str] | None = None


def promises_of(
    root: str, adopted: Adopted, order: StageOrder, acts: Sequence[Envelope], withdrawn: set[str]
) -> Promised:
    """Judge the acts; what the sign-off promises this channel, in the manifest's order.

    Pure. Raises Answer 403 with the reasons unless the release may go out as ordered.
    """
    roster, policy = adopted.roster, adopted.policy
    if roster is None or policy is None:
        raise forbidden("Nothing is adopted yet", "the portal has no roster or policy")
    try:
        record = Record.from_acts(root, acts, roster=roster, policy=policy)
        verdict = judge(record, order.release)
    except DeskError as error:
        raise forbidden(error.title, error.message) from None
    if not verdict.ok:
        raise forbidden("The release may not go out", reasons=verdict.reasons)
    signoff = record.releases[order.release].signoffs[verdict.signoff].fields
    reasons = []
    if verdict.signoff != order.manifest:
        reasons.append(Reason("manifest", "another sign-off is in force"))
    if (signoff["at"], signoff["not_after"]) != (order.at, order.not_after):
        reasons.append(Reason("manifest", "signed for another instant"))
    if order.channel not in signoff["channels"]:
        reasons.append(Reason("channels", "not signed for this channel"))
    if reasons:
        raise forbidden("The order is not what was signed", reasons=reasons)
    expected = _promised(record, signoff["items"], policy.channels[order.channel]["languages"])
    back = [e.item for e in expected if e.act in withdrawn]
    if back:
        text = phrase("withdrawn here: {back}", back=", ".join(back))
        raise forbidden("A withdrawn revision stays away", reasons=[Reason("withdrawn", text)])
    if not expected or len(expected) > MAX_ITEMS:
        raise forbidden("The release holds nothing for this channel, or too much")
    return Promised(expected, signoff.get("trigger"))


def _promised(
    record: Record, entries: Sequence[dict[str, str]], languages: Sequence[str]
) -> list[Expected]:
    expected = []
    for entry in entries:
        if entry["language"] in languages:
            item = record.items[entry["item"]]
            revision = item.revisions[entry["revision"]]
            expected.append(
                Expected(
                    entry["item"], entry["language"], revision.number, entry["revision"],
                    revision.content, item.kind, item.agency, item.message,
                )
            )  # fmt: skip
    return expected


async def stage(
    portal: Portal, address: str, envelope: Envelope, acts: Sequence[Envelope], ciphertext: bytes
) -> StageAnswer:
    """Judge and keep a sealed bundle. The same bytes again are the same answer.

    Raises Answer 403 (judged not good), 409 (other bytes, recalled, epoch), 410 (too late).
    """
    order, publishers = portal.read_order(StageOrder, envelope)
    portal.check_epoch(order.epoch, publishers)
    name, _ = portal.channel
    if order.channel != name:
        raise forbidden("This portal is another channel", reasons=[Reason("channels", name)])
    wanted = bundle_address(order.newsroom, order.channel, order.manifest)
    if not address == order.address == wanted:
        raise forbidden("The address does not follow from the sign-off")
    if len(order.assets) > MAX_ASSETS or len({a.sha256 for a in order.assets}) != len(order.assets):
        raise forbidden("An asset is named twice")
    found = hashlib.sha256(ciphertext).hexdigest()
    if (found, len(ciphertext)) != (order.cipher.sha256, order.cipher.size):
        raise conflict("digest", "The ciphertext is not the one that was signed")
    async with portal.staging:
        portal.check_epoch(order.epoch, publishers)
        known = portal.bundles.get(address)
        if known is not None:
            answer = _again(portal, known, order)
            if (known.reasons or known.judging) and known.state in ("staging", "staged"):
                await _justify(portal, known, acts)
            return answer
        if portal.guard.read().latest_ns > epoch_ns(order.not_after):
            raise too_late()
        adopted, withdrawn = portal.adopted, set(portal.withdrawn)
        promised = await asyncio.to_thread(
            promises_of, portal.home.root, adopted, order, acts, withdrawn
        )
        await asyncio.to_thread(_lay_down, portal, address, acts, ciphertext)
        portal.check_epoch(order.epoch, publishers)  # it may have been taken over meanwhile
        expected = promised.items
        staged = Staged(order, "staging" if order.assets else "staged", len(expected))
        staged.trigger = promised.trigger
        staged.missing = {asset.sha256 for asset in order.assets}
        portal.store.stage(address, envelope, order.assets, expected, staged.state)
        portal.bundles[address] = staged
        if portal.adopted is not adopted or portal.withdrawn != withdrawn:
            await judge_again(portal, [address])
    log.info("staged", extra={"address": address, "items": len(expected)})
    return _answer(portal, staged, created=True)


def _lay_down(portal: Portal, address: str, acts: Sequence[Envelope], ciphertext: bytes) -> None:
    folder = portal.home.bundle_file(address).parent
    folder.mkdir(mode=0o700, exist_ok=True)
    write_whole(portal.home.acts_file(address), [dump_acts(acts)])
    write_whole(portal.home.bundle_file(address), [ciphertext])
    sync_folder(folder.parent)


def _again(portal: Portal, known: Staged, order: StageOrder) -> StageAnswer:
    if known.state == "recalled":
        raise conflict("recalled", "That bundle was recalled; it needs a new sign-off")

    def parts(o: StageOrder) -> tuple[object, ...]:
        return (o.cipher, o.assets, o.manifest, o.key_sha256, o.release, o.at, o.not_after)

    if parts(known.order) != parts(order):
        raise conflict("other", "Other bytes are staged at that address")
    return _answer(portal, known)


async def _justify(portal: Portal, known: Staged, acts: Sequence[Envelope]) -> None:
    """Judge a bundle that is refused, or judged, now by the acts that came again; keep them.

    A signature may have taken the place of one whose key was lost. Raises Answer 403 when these do
    not justify it either; what was kept before stays.
    """
    await asyncio.to_thread(
        promises_of, portal.home.root, portal.adopted, known.order, acts, set(portal.withdrawn)
    )
    file = portal.home.acts_file(known.order.address)
    await asyncio.to_thread(write_whole, file, [dump_acts(acts)])
    await judge_again(portal, [known.order.address])
    log.info("justified", extra={"address": known.order.address})


def _answer(portal: Portal, staged: Staged, *, created: bool = False) -> StageAnswer:
    return StageAnswer(
        staged.state, tuple(sorted(staged.missing)), receipt_of(portal, staged), created
    )


def receipt_of(portal: Portal, staged: Staged) -> Envelope:
    """The receipt for a bundle's present state: the stored one once there is one."""
    order = staged.order
    if staged.state in ("opened", "published", "recalled"):
        stored = portal.store.receipt(order.address, "published", "opened", "recalled")
        if stored is not None:
            return stored
    return new_receipt(portal, staged, staged.state).signed(portal.home.identity)


def new_receipt(portal: Portal, staged: Staged, state: State) -> Receipt:
    """A receipt that says what is known of a bundle now."""
    order = staged.order
    return Receipt(
        portal.home.key, order.newsroom, order.channel, order.address, order.release,
        order.manifest, state, order.at, portal.epoch, staged.items,
        staged.opened_ms, staged.late_us,
    )  # fmt: skip


@dataclass(frozen=True)
class RehearseAnswer:
    """What staging would have said: how many items would show, and whether a script opens them."""

    items: int
    waits: bool


async def rehearse(
    portal: Portal, envelope: Envelope, acts: Sequence[Envelope], ciphertext: bytes
) -> RehearseAnswer:
    """Judge a bundle and write its bytes down, as `stage` does, and leave no trace of it.

    It is no order of a leading publisher, so no epoch is asked for. Raises Answer 403, 409, 410.
    """
    order, _ = portal.read_order(RehearseOrder, envelope)
    name, _ = portal.channel
    if order.channel != name:
        raise forbidden("This portal is another channel", reasons=[Reason("channels", name)])
    if order.address == bundle_address(order.newsroom, order.channel, order.manifest):
        raise forbidden("A rehearsal has an address of its own")
    found = hashlib.sha256(ciphertext).hexdigest()
    if (found, len(ciphertext)) != (order.cipher.sha256, order.cipher.size):
        raise conflict("digest", "The ciphertext is not the one that was signed")
    if portal.guard.read().latest_ns > epoch_ns(order.not_after):
        raise too_late()
    promised = await asyncio.to_thread(
        promises_of, portal.home.root, portal.adopted, order, acts, set(portal.withdrawn)
    )
    await asyncio.to_thread(_try_out, portal, ciphertext)
    log.info("rehearsed", extra={"release": order.release, "items": len(promised.items)})
    return RehearseAnswer(len(promised.items), promised.trigger is not None)


def _try_out(portal: Portal, ciphertext: bytes) -> None:
    """Whether there is room for it on the disk: written, synced, removed."""
    draft = Draft(portal.home.path / "rehearsal")
    try:
        draft.write(ciphertext)
        draft.sync()
    finally:
        draft.drop()


async def put_asset(
    portal: Portal, address: str, sha256: str, body: AsyncIterator[bytes]
) -> StageAnswer:
    """Take the ciphertext of an asset that a staged bundle names. Raises Answer 404, 409."""
    staged = portal.bundles.get(address)
    if staged is None:
        raise not_found()
    asset = next((a for a in staged.order.assets if a.sha256 == sha256), None)
    if asset is None:
        raise not_found()
    if staged.state == "recalled":
        raise conflict("recalled", "That bundle was recalled")
    if sha256 not in staged.missing:
        return _answer(portal, staged)
    draft = Draft(portal.home.asset_file(address, sha256))
    try:
        await _receive(body, asset, draft)
        if _is_recalled(staged):
            raise conflict("recalled", "That bundle was recalled")
        await asyncio.to_thread(draft.keep)
    finally:
        draft.drop()
    complete = staged.missing <= {sha256}
    state: State = "staged" if complete and staged.state == "staging" else staged.state
    portal.store.asset_arrived(address, sha256, state)
    staged.missing.discard(sha256)
    staged.state = state
    return _answer(portal, staged)


def _is_recalled(staged: Staged) -> bool:
    return staged.state == "recalled"


async def _receive(body: AsyncIterator[bytes], asset: Sealed, draft: Draft) -> None:
    hashed, size = hashlib.sha256(), 0
    async for chunk in body:
        size += len(chunk)
        if size > asset.size:
            break
        hashed.update(chunk)
        draft.write(chunk)
    if (hashed.hexdigest(), size) != (asset.sha256, asset.size):
        raise conflict("digest", "The asset is not the one that was signed")


async def recall(portal: Portal, address: str, envelope: Envelope) -> None:
    """Take a staged bundle back for good. Raises Answer 404, 409 when it has opened already."""
    order, publishers = portal.read_order(RecallOrder, envelope)
    if order.address != address:
        raise forbidden("The order names another address")
    portal.check_epoch(order.epoch, publishers)
    staged = portal.bundles.get(address)
    if staged is None:
        raise not_found()
    if staged.state in ("opened", "published"):
        raise conflict("opened", "It is public already; it can be withdrawn")
    if staged.state != "recalled":
        staged.state = "recalled"
        receipt = new_receipt(portal, staged, "recalled").signed(portal.home.identity)
        portal.store.recall(address, receipt)
        await asyncio.to_thread(_discard, portal, staged)
        log.info("recalled", extra={"address": address})


def _discard(portal: Portal, staged: Staged) -> None:
    address = staged.order.address
    for asset in staged.order.assets:
        portal.home.asset_file(address, asset.sha256).unlink(missing_ok=True)
    portal.home.bundle_file(address).unlink(missing_ok=True)


async def judge_again(portal: Portal, addresses: Sequence[str] | None = None) -> None:
    """Judge what is staged under the roster, policy and withdrawals in force now.

    Until that is done a commit is answered 503; what is not good any more is refused. What is due
    first is judged first.
    """
    waiting = sorted(
        (
            portal.bundles[address]
            for address in (portal.bundles if addresses is None else addresses)
            if portal.bundles[address].state in ("staging", "staged")
        ),
        key=lambda staged: staged.at_ns,
    )
    for staged in waiting:
        staged.judging = True
    for staged in waiting:
        async with portal.judging:  # of two at once, the one with older acts could be the last
            await _judge_one(portal, staged)


async def judge_withdrawn(portal: Portal, changed: Set[str]) -> None:
    """Judge again what is staged of revisions (act digests) that were taken down or put back.

    Nothing else: while a bundle is judged it does not open, and another's instant may be near.
    """
    waiting = [a for a, staged in portal.bundles.items() if staged.state in ("staging", "staged")]
    concerned = [a for a in waiting if any(p.act in changed for p in portal.store.promises(a))]
    await judge_again(portal, concerned)


async def _judge_one(portal: Portal, staged: Staged) -> None:
    while True:
        adopted, withdrawn = portal.adopted, set(portal.withdrawn)
        reasons, trigger = await asyncio.to_thread(_judged, portal, staged, adopted, withdrawn)
        if adopted is portal.adopted and withdrawn == portal.withdrawn:
            break
    staged.reasons, staged.trigger, staged.judging = reasons, trigger, False


def _judged(
    portal: Portal, staged: Staged, adopted: Adopted, withdrawn: set[str]
) -> tuple[tuple[Reason, ...], Mapping[str, str] | None]:
    """What speaks against a staged bundle now, and the grant without which it does not open."""
    try:
        acts = load_acts(portal.home.acts_file(staged.order.address).read_bytes())
        promised = promises_of(portal.home.root, adopted, staged.order, acts, withdrawn)
        found = adopted.channel_of(portal.home.key)
        if found is None or found[0] != staged.order.channel:
            return (Reason("channels", "this portal is no longer that channel"),), None
    except (OSError, ValueError, TypeError, RecursionError) as error:
        return (
            Reason("storage", phrase("the acts cannot be read: {name}", name=type(error).__name__)),
        ), None
    except DeskError as error:
        return getattr(error, "reasons", ()) or (Reason("judge", str(error)),), None
    return (), promised.trigger
