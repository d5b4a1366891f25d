"""Publishing: after the commit, the bundle is decrypted, checked and made public.

Texts first, all of a bundle at once; then its assets, one by one; then the receipt that says what
was found. A reader who comes in between waits for the texts and is shown nothing unchecked.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace

from desk.errors import DeskError, Unavailable
from desk.portal import takedowns
from desk.portal.contract.bundle import Bundle, BundleAsset, Checked, Expected, check
from desk.portal.contract.receipt import Verified
from desk.portal.contract.stagecrypt import ReadAt, open_asset, open_bundle
from desk.portal.portal import Portal, Staged, log
from desk.portal.staging import new_receipt
from desk.portal.store import AssetRow, VersionRow
from desk.portal.withdrawal import drop_withdrawn
from desk.text import folded

_AGAIN = 2.0  # seconds
_BREATH = 0.05  # seconds between a commit and the work that follows it
_LONGEST = 2.0  # seconds that this work waits for further commits
_BATCH = 25  # rows in one transaction, so that a commit never waits long


@dataclass(frozen=True)
class _Opened:
    """What was found in a bundle: rows to show, and assets that are still to be checked."""

    rows: tuple[VersionRow, ...]
    assets: tuple[tuple[str, AssetRow], ...]
    checked: tuple[Checked, ...]


async def publish(portal: Portal, address: str) -> None:
    """Take an opened bundle to `published`, however often storage fails on the way."""
    staged = portal.bundles[address]
    await _give_way(portal, staged)
    while staged.state != "published":
        try:
            await _publish(portal, address)
        except (DeskError, OSError, sqlite3.Error, RuntimeError, MemoryError) as error:
            # Too many open files, no thread, no memory: none of that says anything of the bytes.
            staged.failed = True  # readers do not wait for it any more
            log.error("not published yet", extra={"type": type(error).__name__})
            await asyncio.sleep(_AGAIN)


async def _give_way(portal: Portal, staged: Staged) -> None:
    """Let the commits of the same instant go first, here or of another channel on this machine.

    Until none came for a breath, or a reader is waiting already; never for long.
    """
    clock = asyncio.get_running_loop().time
    most = clock() + _LONGEST
    while (left := min(portal.called_at + _BREATH, most) - clock()) > 0:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(left):
                await staged.wanted.wait()
                return


async def _publish(portal: Portal, address: str) -> None:
    """The way from opened to published. Can be repeated from any point."""
    staged = portal.bundles[address]
    key = portal.store.key(address)
    if key is None:
        raise Unavailable("An opened bundle has no key", address)
    promised = portal.store.promises(address)
    async with portal.publishing:  # hundreds at once would keep the next commit waiting
        found = await asyncio.to_thread(_open, portal, staged, key, promised)
        if not staged.visible:
            await _show(portal, staged, found)
    staged.shown.set()
    bad = await _check_assets(portal, staged, key, found)
    _receipt(portal, staged, found.checked, bad)
    staged.done.set()
    drop_withdrawn(portal)
    log.info("published", extra={"address": address, "items": staged.items, "bad": len(bad)})


async def _show(portal: Portal, staged: Staged, found: _Opened) -> None:
    address = staged.order.address
    for start in range(0, len(found.rows), _BATCH):
        portal.store.add_versions(address, found.rows[start : start + _BATCH])
        await asyncio.sleep(0)
    # Withdrawals that came while the rows were written are carried out before they show.
    takedowns.erase(portal.store)
    portal.store.show(address)
    staged.visible = True
    portal.changed()


def _open(portal: Portal, staged: Staged, key: bytes, promised: Sequence[Expected]) -> _Opened:
    """What is in a bundle. Raises OSError when it could not be read now: that is not its fault."""
    address = staged.order.address
    try:
        sealed = portal.home.bundle_file(address).read_bytes()
        bundle = Bundle.from_bytes(open_bundle(key, address, sealed))
        checked = check(bundle, portal.plan(staged.order), promised)
    except (DeskError, FileNotFoundError) as error:
        log.error("bundle is bad", extra={"address": address, "type": type(error).__name__})
        checked = tuple(Checked(entry, None, None, problem="bundle") for entry in promised)
        return _Opened(tuple(_row(staged, entry, {}) for entry in checked), (), checked)
    by_id = {(a.id, a.sha256): a for a in bundle.assets}
    rows = tuple(_row(staged, entry, by_id) for entry in checked)
    assets = tuple((row.item, asset) for row in rows for asset in row.assets)
    return _Opened(rows, assets, checked)


def _row(
    staged: Staged, checked: Checked, assets: dict[tuple[str, str], BundleAsset]
) -> VersionRow:
    order, expected, content = staged.order, checked.expected, checked.content
    blank = VersionRow(
        expected.item, expected.number, expected.act, expected.content, expected.language,
        "", "", "", order.at, "", False, "", "", "", b"", b"",
    )  # fmt: skip
    if content is None or checked.ninjs is None:
        return blank
    found = [assets[a.id, a.sha256] for a in content.assets]
    return replace(
        blank,
        message=content.message,
        kind=content.kind,
        agency=content.agency,
        first_at=checked.first_at,
        good=True,
        headline=content.headline,
        summary=content.summary,
        folded=folded(f"{content.headline}\n{content.summary}\n{content.body}"),
        content=checked.plain,
        ninjs=json.dumps(dict(checked.ninjs), ensure_ascii=False).encode(),
        assets=tuple(
            AssetRow(a.id, order.address, a.sha256, a.size, a.sealed.sha256, a.media_type, a.name)
            for a in found
        ),
    )


async def _check_assets(portal: Portal, staged: Staged, key: bytes, found: _Opened) -> set[str]:
    """Items with an asset whose bytes are not the signed ones; they become notices."""
    bad: set[str] = set()
    for item, asset in found.assets:
        if item in bad:
            continue
        if not await asyncio.to_thread(_asset_is_good, portal, key, asset):
            bad.add(item)
            portal.store.spoil(staged.order.address, item)
            portal.changed()
            log.error("asset is bad", extra={"item": item, "asset": asset.id})
    return bad


def reader_of(portal: Portal, asset: AssetRow) -> ReadAt:
    """How to read the ciphertext of an asset at an offset."""
    file = portal.home.asset_file(asset.address, asset.sealed)

    def read_at(offset: int, length: int) -> bytes:
        with file.open("rb") as handle:
            handle.seek(offset)
            return handle.read(length)

    return read_at


def _asset_is_good(portal: Portal, key: bytes, asset: AssetRow) -> bool:
    """Whether its bytes are the signed ones. Raises OSError when they could not be read now."""
    hashed, size = hashlib.sha256(), 0
    try:
        chunks = open_asset(
            key, asset.address, asset.sha256, asset.size, read_at=reader_of(portal, asset)
        )
        for chunk in chunks:
            hashed.update(chunk)
            size += len(chunk)
    except (DeskError, FileNotFoundError):
        return False
    return (hashed.hexdigest(), size) == (asset.sha256, asset.size)


def _receipt(portal: Portal, staged: Staged, checked: Sequence[Checked], bad: set[str]) -> None:
    if staged.state == "published":
        return
    verified = tuple(
        Verified(
            c.expected.item, c.expected.language, c.expected.number, c.expected.content,
            c.content is not None and c.expected.item not in bad,
        )
        for c in checked
    )  # fmt: skip
    published_ms = portal.clock.time_ns() // 1_000_000
    receipt = replace(
        new_receipt(portal, staged, "published"), published_ms=published_ms, verified=verified
    )
    portal.store.published(staged.order.address, published_ms, receipt.signed(portal.home.identity))
    staged.state = "published"
    portal.changed()
