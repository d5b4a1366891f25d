"""Watching the demo from outside: search for the canary until T, then read receipts and pages."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from desk.clock import epoch_ns
from desk.portal.contract.receipt import Receipt, read_receipt
from desk.portal.contract.stagecrypt import bundle_address
from desk.trust.envelope import Envelope

EVERY = 0.3
QUIET_BEFORE = 0.15  # the last look ends before the instant


@dataclass
class Leak:
    """One look that showed what nobody may see yet."""

    where: str
    before_ms: int


@dataclass
class CanarySearch:
    """Looks at everything public, as anybody could, until the instant.

    The search page repeats what was asked for, so only the beginning of the canary is asked.
    """

    urls: dict[str, str]
    folder: Path
    canary: str
    items: list[str]
    addresses: list[str]
    at: str
    hits: list[Leak] = field(default_factory=list)
    looks: int = 0

    def start(self) -> threading.Thread:
        """Search in the background until T."""
        thread = threading.Thread(target=self.run, name="canary", daemon=True)
        thread.start()
        return thread

    def run(self) -> None:
        """Search until T; a hit counts when the answer was complete before T."""
        due = epoch_ns(self.at)
        with httpx.Client(trust_env=False, timeout=5) as client:
            while due - time.time_ns() > QUIET_BEFORE * 1e9:
                self._round(client, due)
                time.sleep(min(EVERY, max(0.0, (due - time.time_ns()) / 1e9 - QUIET_BEFORE)))

    def _round(self, client: httpx.Client, due: int) -> None:
        for name, url in self.urls.items():
            for path in self._paths():
                if due - time.time_ns() < QUIET_BEFORE * 1e9:
                    return
                try:
                    answer = client.get(url + path)
                except httpx.HTTPError:
                    continue
                self._judge(f"{name} {path}", answer.content, due)
        for file in self.folder.rglob("*"):
            if file.is_file():
                self._judge(str(file), file.read_bytes(), due)

    def _paths(self) -> list[str]:
        item = self.items[self.looks % len(self.items)]
        address = self.addresses[self.looks % len(self.addresses)]
        return [
            "/", "/?lang=en", "/feed.atom", "/calendar.ics", f"/search?q={self.canary[:12]}",
            f"/items/{item}", f"/items/{item}.json", f"/v1/bundles/{address}",
            f"/v1/receipts/{address}",
        ]  # fmt: skip

    def _judge(self, where: str, data: bytes, due: int) -> None:
        self.looks += 1
        left = due - time.time_ns()
        if left > 0 and self.canary.encode() in data:
            self.hits.append(Leak(where, left // 1_000_000))


def addresses(newsroom: str, channels: list[str], signoff: str) -> dict[str, str]:
    """The bundle address of each channel."""
    return {channel: bundle_address(newsroom, channel, signoff) for channel in channels}


def receipt_of(url: str, address: str, key: str) -> Receipt | None:
    """A portal's receipt, verified against its key, or None while there is none."""
    try:
        answer = httpx.get(f"{url}/v1/receipts/{address}", trust_env=False, timeout=5)
    except httpx.HTTPError:
        return None
    if answer.status_code != 200:
        return None
    return read_receipt(Envelope.from_value(answer.json()["receipt"]), key)


def public_digests(url: str, items: list[str]) -> dict[str, str]:
    """For each item that is public there: the digest of the signed content that it names."""
    found = {}
    with httpx.Client(trust_env=False, timeout=10) as client:
        for item in items:
            answer = client.get(f"{url}/items/{item}.json")
            if answer.status_code == 200:
                ids = {e["role"]: e["value"] for e in answer.json()["altIds"]}
                found[item] = str(ids.get("desk-content-sha256", ""))
    return found


def folder_files(folder: Path, release: str) -> dict[str, Any]:
    """The index of a release in a folder channel, with every listed file's digest checked."""
    for index in folder.glob(f"*/{release}/index.json"):
        sums = index.parent / "SHA256SUMS"
        good = sums.exists() and all(
            hashlib.sha256((index.parent / name).read_bytes()).hexdigest() == digest
            for digest, name in (
                line.split("  ", 1) for line in sums.read_text("utf-8").splitlines() if line
            )
        )
        return {"items": json.loads(index.read_bytes())["items"], "good": good}
    return {"items": [], "good": False}
