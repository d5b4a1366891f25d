"""What a folder does with a claimed bundle: its files for readers, all of a release at once."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from desk.channels.folder_after import mark_corrected, take_down
from desk.channels.folder_fence import Pen
from desk.channels.folder_files import (
    asset_chunks,
    asset_file,
    index_of,
    item_files,
    item_name,
    same_bytes,
    sums,
    sync_all,
)
from desk.clock import Clock
from desk.durable import sync_folder
from desk.portal.contract.bundle import Bundle, BundleItem
from desk.portal.contract.content import Content, read_content
from desk.portal.contract.receipt import Receipt, Verified
from desk.portal.contract.stagecrypt import open_bundle
from desk.trust.envelope import Signer
from desk.trust.press import Press


def expand(
    path: Path, final: Path, staged: Path, opened: Receipt, key: bytes, signer: Signer,
    clock: Clock, pen: Pen, press: Press | None = None,
) -> None:  # fmt: skip
    """Write the files of the bundle in `staged` to `final`, unless they are there; then tidy up.

    `path` is the channel's folder; `opened` and `key` are what the claim holds; `press` what the
    adopted policy tells reporters. Raises OSError,
    TrustError for bytes that are not those that were sealed, FencedOff.
    """
    if not (final / "index.json").exists():
        _write(final, staged, opened, key, signer, clock, pen, press)
    _tidy(path, staged, final, pen, press)


def _write(
    final: Path, staged: Path, opened: Receipt, key: bytes, signer: Signer, clock: Clock, pen: Pen,
    press: Press | None,
) -> None:  # fmt: skip
    address = staged.name
    bundle = Bundle.from_bytes(open_bundle(key, address, (staged / "bundle").read_bytes()))
    items = [(item, read_content(item.content)) for item in bundle.items]
    part = pen.part()
    with pen.fencing():
        part.mkdir(mode=0o755)
        (part / "assets").mkdir(mode=0o755)
    by_id = {(a.id, a.sha256): a for a in bundle.assets}
    for item, content in items:
        for name, data in item_files(item, content, press):
            (part / name).write_bytes(data)
        for asset in content.assets:
            sealed = staged / by_id[asset.id, asset.sha256].sealed.sha256
            with (part / "assets" / asset_file(asset)).open("wb") as out:
                for chunk in asset_chunks(key, address, asset, sealed):
                    out.write(chunk)
    _finish(part, opened, items, signer, clock)
    final.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    try:
        pen.give(part, final)  # fails when something is there already: never overwritten
    except OSError:
        shutil.rmtree(part, ignore_errors=True)
        if not (final / "index.json").exists():
            raise
    sync_folder(final.parent)


def _finish(
    part: Path, opened: Receipt, items: Sequence[tuple[BundleItem, Content]], signer: Signer,
    clock: Clock,
) -> None:  # fmt: skip
    """The index, the receipt that says what was verified, the sums; all of it synced."""
    verified = tuple(
        Verified(
            item.item, item.language, item.number, content.digest,
            same_bytes(part / f"{item_name(item)}.content.json", content.digest)
            and all(same_bytes(part / "assets" / asset_file(a), a.sha256)
                    for a in content.assets),
        )
        for item, content in items
    )  # fmt: skip
    receipt = replace(
        opened, portal=signer.sign_public, state="published", verified=verified,
        published_ms=clock.time_ns() // 1_000_000,
    )  # fmt: skip
    (part / "index.json").write_bytes(index_of(opened.address, items))
    (part / "receipt.json").write_bytes(receipt.signed(signer).to_json())
    (part / "SHA256SUMS").write_bytes(sums(part))
    sync_all(part)


def _tidy(path: Path, staged: Path, final: Path, pen: Pen, press: Press | None) -> None:
    """Remove the sealed copy, mark what this corrects, and what was withdrawn meanwhile."""
    pen.check()
    shutil.rmtree(staged, ignore_errors=True)
    mark_corrected(path, final, pen, press)
    for mark in (path / ".desk" / "withdrawn").iterdir():
        if not mark.name.startswith("."):
            take_down(path, final, json.loads(mark.read_bytes()), pen)
