"""Triggers: releases that open when a script says so, as the publisher sees them.

Such a release is staged ahead like any other. It is not ready before its `release.trigger` is in
the log; then it is late work of its window's first instant, and goes out at once.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from desk.clock import epoch_ns
from desk.trust.acts import Act
from desk.trust.state import ReleaseState

if TYPE_CHECKING:
    from desk.publisher.loop import Publisher

LISTEN = 0.01  # seconds between two looks at the log while a script may fire
NEAR = 200  # entries read at once then
SLACK_NS = 2_000_000_000  # how far a script's clock may be ahead of ours


class Triggers:
    """Which releases wait for a script, and until when what it said may still be carried out."""

    def __init__(self, publisher: Publisher) -> None:
        self._p = publisher

    def heard(self, act: Act) -> None:
        """A trigger that counts in the log. Heard before its window it is refused for good.

        It may state any time; what was heard when is the publisher's own knowledge, so it is
        kept beside the ledger.
        """
        release = self._p.record.releases.get(act.subject)
        if release is None or self._p.clock.time_ns() + SLACK_NS >= epoch_ns(release.at):
            return
        if not self.refused(act.digest):
            self._p.ledger.set_meta(f"early trigger {act.digest}", self._p.instant_now())
            if self._p.leading:
                self._p.after.alarm_once(f"trigger {act.digest}", "early-trigger", release.id)

    def refused(self, trigger: str) -> bool:
        """Whether that act came before its window."""
        return bool(self._p.ledger.meta(f"early trigger {trigger}"))

    def waits(self, release: ReleaseState) -> bool:
        """Whether a script has to open it, and has not."""
        if release.grant is None:
            return False
        signoff = release.signoff
        return signoff is None or not signoff.trigger or self.refused(signoff.trigger)

    async def rest(self, seconds: float) -> None:
        """The pause between two turns. While a script may fire, the log is read all along.

        So a trigger is heard within a few milliseconds, and the next turn carries it out.
        """
        p = self._p
        if p.quiet or not self._any_window_open():
            await p.clock.sleep(seconds)
            return
        heard: list[bool] = []
        for _ in range(round(seconds / LISTEN)):
            await p.clock.sleep(LISTEN)
            p.duties.step("listen", lambda: heard.append(p.listen(NEAR)))
            if any(heard) or p.quiet:
                return

    def _any_window_open(self) -> bool:
        record = self._p.record
        due = self._p.agenda.until(self._p.instant_now())
        return any(self.waits(record.releases[name]) for name in due)

    def window_ns(self, release: ReleaseState, within: int) -> int:
        """How long after its first instant (ns) a granted release may still begin to go out.

        While it waits, to the end of the window; once triggered, `within` seconds and no longer.
        """
        assert release.grant is not None
        last, signoff = epoch_ns(release.grant.until), release.signoff
        if signoff is not None and not self.waits(release):
            last = min(last, epoch_ns(signoff.fired) + within * 10**9)
        return last - epoch_ns(release.at)

    def carry(self, channel: str, address: str, release: ReleaseState) -> None:
        """Give a staged bundle the act that opens it, for a portal that judges for itself."""
        bundles, signoff = self._p.channels[channel].bundles, release.signoff
        if signoff is not None and signoff.trigger and bundles[address].trigger is None:
            act = self._p.archive.find(release.id, signoff.trigger)
            bundles[address] = replace(bundles[address], trigger=act)
