"""The demo without a terminal: build, sign, search for leaks until T, then read the receipts."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from desk.clock import epoch_ns
from desk.demo import watch
from desk.demo.newsroom import (
    PORTALS,
    DemoNewsroom,
    adopt,
    due_in,
    found,
    make_portals,
    portal_states,
    release,
    write_calendar,
    write_items,
)
from desk.demo.services import Services
from desk.errors import Conflict, Unavailable
from desk.locales import _
from desk.newsroom.room import View
from desk.percentile import percentile
from desk.phrase import phrase
from desk.portal.contract.receipt import Receipt

Tell = Callable[[str], None]
AFTER_SECONDS = 45
LEAST_SECONDS = 7  # a sign-off needs 5 s, and whole seconds are signed


@dataclass(frozen=True)
class Report:
    """What the headless demo prints. `late_ms`: the portals' commits against T, p50, p99, max."""

    release: str
    items: int
    channels: int
    due: str
    early: int
    late_ms: Mapping[str, float]
    receipts: int
    verified: int
    public_hits_before_due: int
    looks: int
    log: str

    @property
    def ok(self) -> bool:
        """Whether everything went out as signed, nothing early, nothing leaked."""
        return (
            self.receipts == self.channels
            and self.verified == self.channels
            and self.early == 0
            and self.public_hits_before_due == 0
            and self.log == "verified"
        )

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {**asdict(self), "late_ms": dict(self.late_ms)}


@dataclass
class Stage:
    """A built demo with its running processes."""

    newsroom: DemoNewsroom
    services: Services
    urls: dict[str, str]
    keys: dict[str, str]

    @property
    def status_file(self) -> Path:
        """What the publisher tells monitors."""
        return self.newsroom.root / "var" / "publisher.json"

    @property
    def press(self) -> Path:
        """The folder channel."""
        return self.newsroom.root / "var" / "press"


def build(root: Path, items: int, tell: Tell, *, canary: bool = True) -> Stage:
    """Found the newsroom, start its processes, write and approve the items."""
    tell(phrase("six posts, a root, a publisher and two portals"))
    newsroom = found(root)
    if not canary:
        newsroom.canary = ""
    keys = make_portals(newsroom)
    services = Services(root)
    try:
        urls = {name: services.portal(name, st) for name, st in portal_states(root).items()}
        write_calendar(root, urls, keys)
        adopt(newsroom)
        stage = Stage(newsroom, services, urls, keys)
        services.publisher(newsroom.home.path, root, stage.status_file)
        tell(phrase("{items} items, written in two languages, through their chains", items=items))
        write_items(newsroom, items, tell)
    except BaseException:
        services.stop()
        raise
    return stage


def run(seconds: int, items: int, tell: Tell, folder: Path | None = None) -> Report:
    """The whole demo, unattended. What it built is deleted afterwards unless `folder` is given."""
    from desk.demo import keep

    root = folder_of(folder)
    stage: Stage | None = None
    try:
        stage = build(root, items, tell)
        if folder is not None:
            keep.keep(stage)
        return _release(stage, max(seconds, LEAST_SECONDS), tell)
    finally:
        if stage is not None:
            stage.services.stop()
        if folder is None:
            shutil.rmtree(root, ignore_errors=True)
        elif stage is not None:
            tell(keep.told(stage))


def folder_of(folder: Path | None) -> Path:
    """Where to build: that folder, or a new one. Raises Conflict for one that holds something."""
    if folder is None:
        return Path(tempfile.mkdtemp(prefix="desk-demo-"))
    if folder.exists() and any(folder.iterdir()):
        raise Conflict(_("The folder is not empty"), str(folder), _("Name a new one: --dir FOLDER"))
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder.resolve()


def _release(stage: Stage, seconds: int, tell: Tell) -> Report:
    newsroom = stage.newsroom
    release_id = release(newsroom, seconds)
    with newsroom.room.reading(release_id) as view:
        state = view.record.releases[release_id]
        assert state.signoff is not None
        signoff, channels = state.signoff.digest, list(state.channels)
        contents = _contents(view, newsroom.items)
    addresses = watch.addresses(view.record.newsroom, channels, signoff)
    left = due_in(newsroom)
    tell(phrase("signed by two leads; due {at}, in {left:.1f} s", at=newsroom.at, left=left))
    search = watch.CanarySearch(
        stage.urls, stage.press, newsroom.canary, newsroom.items, list(addresses.values()),
        newsroom.at,
    )  # fmt: skip
    search.start().join()
    receipts = _receipts(stage, addresses, tell)
    verified = _verified(stage, receipts, release_id, contents)
    opened = _opened(newsroom, release_id)
    due_ms = epoch_ns(newsroom.at) // 1_000_000
    late = sorted(
        (receipt.opened_ms - due_ms) if not receipt.late_us else receipt.late_us / 1000
        for receipt in receipts.values()
    )
    return Report(
        release_id, len(newsroom.items), len(channels), newsroom.at,
        sum(ms < due_ms for ms in opened.values()),
        {"p50": _rank(late, 0.5), "p99": _rank(late, 0.99), "max": _rank(late, 1.0)},
        len(opened), verified, len(search.hits), search.looks, _audit(newsroom),
    )  # fmt: skip


def _contents(view: View, items: list[str]) -> dict[str, str]:
    """Item -> digest of its signed content, from the newsroom's log."""
    return {item: view.record.items[item].current.content for item in items}


def _receipts(stage: Stage, addresses: Mapping[str, str], tell: Tell) -> dict[str, Receipt]:
    """Wait for the portals' receipts to say `published`."""
    deadline = time.monotonic() + AFTER_SECONDS
    found: dict[str, Receipt] = {}
    while len(found) < len(PORTALS) and time.monotonic() < deadline:
        for name in PORTALS:
            receipt = watch.receipt_of(stage.urls[name], addresses[name], stage.keys[name])
            if receipt is not None and receipt.state == "published":
                found[name] = receipt
        time.sleep(0.1)
    said, all_of_them = len(found), len(PORTALS)
    tell(phrase("{said} of {portals} portals say published", said=said, portals=all_of_them))
    return found


def _opened(newsroom: DemoNewsroom, release_id: str) -> dict[str, int]:
    """Channel -> ms since the epoch at which it opened, from the publisher's signed acts."""
    deadline = time.monotonic() + AFTER_SECONDS
    while True:
        with newsroom.room.reading(release_id) as view:
            state = view.record.releases[release_id]
            if len(state.opened) == len(state.channels) or time.monotonic() > deadline:
                return dict(state.opened)
        time.sleep(0.1)


def _verified(
    stage: Stage, receipts: Mapping[str, Receipt], release_id: str, contents: Mapping[str, str]
) -> int:
    """On how many channels the public sees exactly the signed contents."""
    good = 0
    for name, receipt in receipts.items():
        shown = watch.public_digests(stage.urls[name], list(contents))
        whole = len(shown) == len(receipt.verified) == receipt.items
        same = all(contents[item] == digest for item, digest in shown.items())
        good += whole and same and all(v.good for v in receipt.verified)
    deadline = time.monotonic() + AFTER_SECONDS
    while time.monotonic() < deadline:
        folder = watch.folder_files(stage.press, release_id)
        if folder["good"] and len(folder["items"]) == len(contents):
            return good + 1
        time.sleep(0.1)
    return good


def _rank(values: list[float], part: float) -> float:
    if not values:
        raise Unavailable("No portal answered", "there is no receipt to measure")
    return round(percentile(values, part), 3)


def _audit(newsroom: DemoNewsroom) -> str:
    """Fold the whole log again; anything void in it is worth knowing."""
    with newsroom.room.store.read() as connection:
        record = newsroom.room.whole_record(connection)
    return "verified" if not record.voids else f"{len(record.voids)} void acts"
