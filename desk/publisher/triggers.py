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
        self._unjudged: dict[str, tuple[str, int]] = {}  # trigger -> release, monotonic ns

    def heard(self, act: Act) -> None:
        """A trigger that counts in the log. Heard before its window it is refused for good.

        It may state any time; what was heard when is the publisher's own knowledge, so it is
        kept beside the ledger. While our clock is in doubt that is not known: it is judged, by
        the moment at which it was heard, when the clock is believed again.
        """
        self._unjudged[act.digest] = act.subject, self._p.clock.monotonic_ns()
        self._judge()

    def _judge(self) -> None:
        """Refuse what was heard before its window, as soon as we know what time it was."""
        earliest = self._p.clocks.guard.earliest_ns()
        if earliest is None:
            return
        steady = self._p.clock.monotonic_ns()
        while self._unjudged:
            trigger, (subject, moment) = self._unjudged.popitem()
            release = self._p.record.releases.get(subject)
            heard_ns = earliest - (steady - moment)
            if release is not None and heard_ns + SLACK_NS < epoch_ns(release.at):
                self._refuse(trigger, subject)

    def _refuse(self, trigger: str, release: str) -> None:
        if self._refused(trigger):
            return
        self._p.ledger.set_meta(f"early trigger {trigger}", self._p.instant_now())
        if self._p.leading:
            self._p.after.alarm_once(f"trigger {trigger}", "early-trigger", release)

    def _refused(self, trigger: str) -> bool:
        return bool(self._p.ledger.meta(f"early trigger {trigger}"))

    def waits(self, release: ReleaseState) -> bool:
        """Whether a script has to open it, and has not."""
        if release.grant is None:
            return False
        signoff = release.signoff
        if signoff is None or not signoff.trigger:
            return True
        if self._unjudged:
            self._judge()
        return signoff.trigger in self._unjudged or self._refused(signoff.trigger)

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
