"""The real desk of a newsroom whose key is locked; see the fixture `locked`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Locked:
    """`command` starts the desk of one post; `passphrase` opens its key."""

    command: tuple[str, ...]
    passphrase: str
