"""Which driver speaks to which channel: one entry for each `driver:` of the policy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desk.channels.driver import Driver
from desk.clock import Clock
from desk.errors import UsageError
from desk.phrase import phrase
from desk.trust.envelope import Signer


@dataclass(frozen=True)
class Connection:
    """What a driver may need of its publisher. `token`: the channel's secret, '' if it has none.

    `newsroom`: the uid; `publisher`: its id in the roster; `root`: the folder to which the paths
    of calendar.yaml are relative; `zone`: the newsroom's; `ca`: a private certificate authority.
    """

    newsroom: str
    publisher: str
    signer: Signer
    root: Path
    zone: str
    token: str = ""
    ca: Path | None = None
    clock: Clock | None = None

    def __repr__(self) -> str:
        return f"Connection({self.newsroom}, {self.publisher})"


def _desk(channel: str, entry: Mapping[str, Any], by: Connection) -> Driver:
    from desk.channels.desk_portal import Account, DeskPortal

    account = Account(by.newsroom, by.publisher, by.signer, by.token)
    return DeskPortal(channel, entry["url"], entry["key"], account, clock=by.clock, ca=by.ca)


def _folder(channel: str, entry: Mapping[str, Any], by: Connection) -> Driver:
    from desk.channels.folder import Folder

    return Folder(channel, by.root / entry["path"], by.signer, zone=by.zone, clock=by.clock,
                  publisher=by.publisher)  # fmt: skip


DRIVERS: Mapping[str, Callable[[str, Mapping[str, Any], Connection], Driver]] = {
    "desk": _desk,
    "folder": _folder,
}


def connect(channel: str, entry: Mapping[str, Any], by: Connection) -> Driver:
    """The driver of one channel of the policy. Raises UsageError for an unknown or incomplete one.

    `entry` is the policy's: driver, url and key, or path.
    """
    make = DRIVERS.get(str(entry.get("driver")))
    if make is None:
        raise UsageError(
            "Unknown driver",
            f"{channel}: {entry.get('driver')}",
            phrase("Known drivers: {names}", names=", ".join(sorted(DRIVERS))),
        )
    try:
        return make(channel, entry, by)
    except KeyError as missing:
        raise UsageError(
            "The channel is incomplete",
            phrase("{channel} has no {missing}", channel=channel, missing=missing),
        ) from None
