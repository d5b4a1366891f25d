"""What a portal's state directory says of it, for its operator; read beside a running server."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from desk.clock import SystemClock
from desk.portal import takedowns
from desk.portal.adoption import Adopted, fold
from desk.portal.home import open_home
from desk.portal.kept_time import kept_time
from desk.portal.store import Store, load_acts


@dataclass(frozen=True)
class Overview:
    """`key`: what the policy names as the channel's key; `root`: the fingerprint it trusts.

    `bundles` counts by state; versions are 0 while nothing is pinned. `clock_behind`: how many
    seconds the clock is behind the time that was written down, until which nothing opens.
    """

    newsroom: str
    root: str
    key: str
    channel: str
    address: str
    roster: int
    policy: int
    calendar: int
    epoch: int
    publisher: str
    bundles: dict[str, int]
    withdrawn: int
    clock_behind: float


def overview(path: Path) -> Overview:
    """Read a state directory. Raises NotFound, TrustError."""
    home = open_home(path)
    store = Store(home.database)
    try:
        pins = {name: store.pin(name) for name in ("roster", "policy", "calendar")}
        roster = fold(home.root, load_acts(pins["roster"][1])).roster if pins["roster"] else None
        policy = fold(home.root, load_acts(pins["policy"][1])).policy if pins["policy"] else None
        channel = Adopted(roster, policy).channel_of(home.key)
        epoch, publisher = store.epoch()
        return Overview(
            home.newsroom, home.root, home.key, channel[0] if channel else "",
            str(channel[1].get("url", "")) if channel else "", _version(pins["roster"]),
            _version(pins["policy"]), _version(pins["calendar"]), epoch, publisher,
            dict(sorted(Counter(row.state for row in store.bundles()).items())),
            len(takedowns.revisions(store)), kept_time(store, SystemClock()).behind,
        )  # fmt: skip
    finally:
        store.close()


def _version(pin: tuple[int, bytes] | None) -> int:
    return pin[0] if pin else 0
