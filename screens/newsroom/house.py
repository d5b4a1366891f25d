"""The house: what all parts of the source share. Who reads, where, under which names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

from desk.clock import now
from desk.errors import DeskError
from desk.locales import language
from desk.newsroom.room import Actor, Room, View
from desk.releases.titles import Titles
from desk.trust.policy import Policy
from screens.newsroom.kept import Kept

if TYPE_CHECKING:
    from desk.alerts.events import Event
    from desk.newsroom.config import NewsroomConfig
    from desk.newsroom.live import LiveConfig

Unlock = Callable[[str], Actor]
"""Opens the key again for one act. Raises TrustError for a wrong passphrase."""


@dataclass
class House:
    """One open newsroom and the person at this desk.

    `actor` reads; every act asks `unlock` again. `status` is the publisher's status file;
    `standing` the alerts that stood when the bell was asked last.
    """

    room: Room
    actor: Actor
    unlock: Unlock
    calendar: Path
    status: Path
    asks_passphrase: bool = True
    titles: Titles = field(init=False)
    kept: Kept = field(default_factory=Kept)
    standing: tuple[Event, ...] = ()
    _live: LiveConfig | None = None
    _differs: tuple[object, object, bool] = (None, None, False)
    _lock: RLock = field(default_factory=RLock)

    def __post_init__(self) -> None:
        self.titles = Titles(self.actor)

    @property
    def now(self) -> datetime:
        """The present instant, by the newsroom's clock."""
        return now(self.room.clock)

    def config(self) -> NewsroomConfig | None:
        """calendar.yaml as it was last good; None while it never was."""
        from desk.newsroom.live import LiveConfig

        with self._lock:
            if self._live is None:
                try:
                    self._live = LiveConfig(self.calendar)
                except DeskError:  # `desk newsroom check` tells what is wrong
                    return None
            else:
                self._live.refresh()
            return self._live.current

    def policy_differs(self, policy: Policy | None) -> bool:
        """Whether calendar.yaml says other rules than the adopted ones, or cannot be read."""
        from desk.newsroom.policy import policy_document

        config = self.config()
        if config is None or policy is None or (self._live and self._live.error):
            return True
        with self._lock:
            known_config, known_policy, differs = self._differs
            if known_config is not config or known_policy != policy.version:
                differs = policy_document(config) != policy.document
                self._differs = (config, policy.version, differs)
            return differs

    def zone(self, policy: Policy | None) -> str:
        """The newsroom's zone: the adopted one, else that of the file."""
        if policy is not None:
            return str(policy.document["zone"])
        config = self.config()
        return config.newsroom.zone if config else "UTC"

    def newsroom_name(self, view: View) -> str:
        """What the newsroom is called, in the language of the interface."""
        config = self.config()
        fallback = str(view.roster.document["newsroom"])
        return config.name(config.newsroom.name, language(), fallback) if config else fallback

    def channel_names(self) -> Mapping[str, str]:
        """Channel id to its name in the language of the interface, in the file's order."""
        config = self.config()
        if config is None:
            return {}
        return {one.id: config.name(one.name, language(), one.id) for one in config.channels}

    def called(self, kind: str, agency: str) -> tuple[str, str]:
        """What a kind and an agency are called here; their ids where the file knows them not."""
        config = self.config()
        if config is None:
            return kind, agency
        known = config.kinds.get(kind)
        names = next((one.name for one in config.agencies if one.id == agency), None)
        return self.named(known.name if known else None, kind), self.named(names, agency)

    def named(self, names: Mapping[str, str] | None, fallback: str) -> str:
        """One of the file's names, in the language of the interface."""
        config = self.config()
        return config.name(names, language(), fallback) if config else fallback


def rules(policy: Policy, channel: str) -> Mapping[str, Any]:
    """What the adopted policy says of a channel; nothing for one it does not know."""
    found: Mapping[str, Any] = policy.channels.get(channel, {})
    return found
