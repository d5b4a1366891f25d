"""What is due: which releases to stage, open, give up or miss, and which may go now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from desk.clock import epoch_ns, now, written
from desk.portal.contract.stagecrypt import bundle_address
from desk.publisher.ledger import Row
from desk.publisher.rivals import Rivals
from desk.publisher.triggers import Triggers
from desk.trust.judge import Verdict
from desk.trust.state import ReleaseState, SignOff

if TYPE_CHECKING:
    from desk.publisher.loop import Publisher

START_NS = 2_500_000_000  # before T, when the instant's own task takes over
SOON = timedelta(seconds=30)


class Due:
    """Decides what to do next with the releases of one publisher."""

    def __init__(self, publisher: Publisher) -> None:
        self._p = publisher
        self.triggers = Triggers(publisher)

    def step(self, release: ReleaseState, begin: Callable[[str], None]) -> None:
        """Do what is next for one release; `begin(at)` starts its instant."""
        verdict, signoff = self._p.verdict(release.id), release.signoff
        moment, t = self._p.clock.time_ns(), epoch_ns(release.at)
        if verdict.ok and signoff is not None:
            for name in signoff.fields["channels"]:
                self._p.stager.ensure(signoff, name)
            near = moment >= t - START_NS and release.at not in self._p.instants
            if near and self.ready(release.at):
                begin(release.at)
        if moment > t + self._window(release) and release.status == "planned":
            self._miss(release, verdict)
        if self.begun(release):
            signed = self.signed(release)
            if signed is not None and moment > epoch_ns(signed.fields["not_after"]):
                self._give_up(release, signed)

    def _window(self, release: ReleaseState) -> int:
        """How late it may still go out by itself (ns)."""
        assert self._p.record.policy is not None
        signoff = release.signoff
        span = signoff.fields["publish_within"] if signoff else None
        within = self._p.record.policy.span("publish_within") if span is None else span
        if release.grant is not None:
            return self.triggers.window_ns(release, within)
        return int(within) * 10**9

    def _miss(self, release: ReleaseState, verdict: Verdict) -> None:
        """Its time is over. Not when the clock is in doubt, or anything of it went out."""
        basis = verdict.signoff or (release.signoff.digest if release.signoff else release.basis)
        rows = self._p.ledger.of_release(release.id)
        if self._p.clocks.problem() or basis in release.missed or self.begun(release):
            return
        if any(row.state == "claimed" for row in rows):
            return  # it may have gone out: that has to be known first
        waited = "not-triggered" if self.triggers.waits(release) else "not-staged"
        waited = "item-elsewhere" if self.rivals(release.at).of(release) else waited
        code = verdict.reasons[0].rule if verdict.reasons else waited
        code = code.replace(" ", "-")[:60]
        self._p.after.alarm_once(f"missed {basis}", "missed", f"{release.id}: {code}")
        self._p.ledger.owe(
            f"missed {release.id} {basis}", "publisher.missed", release.id,
            {"signoff": basis, "code": code},
        )  # fmt: skip

    def _give_up(self, release: ReleaseState, signoff: SignOff) -> None:
        """Past `not_after` of a release that went out in part: what is missing has failed.

        Also on a channel that never answered, and on one where a recall that came too late for
        the others took the bundle back.
        """
        rows = {r.channel: r for r in self._p.ledger.of_release(release.id)
                if r.signoff == signoff.digest}  # fmt: skip
        for name in signoff.fields["channels"]:
            row = rows.get(name) or self._never_staged(release, signoff, name)
            if name not in release.opened and row.state in ("staging", "staged", "recalled"):
                self._p.after.fail(row, "recalled" if row.state == "recalled" else "too-late")
        if not any(row.state == "claimed" for row in rows.values()):
            self._p.agenda.drop(release.id)

    def _never_staged(self, release: ReleaseState, signoff: SignOff, channel: str) -> Row:
        """A row for a signed channel that the ledger does not know of."""
        fields = signoff.fields
        address = bundle_address(self._p.record.newsroom, channel, signoff.digest)
        return Row(address, release.id, channel, signoff.digest, str(fields["at"]),
                   str(fields["not_after"]), "staging")  # fmt: skip

    def signed(self, release: ReleaseState) -> SignOff | None:
        """The sign-off in force, else the one under which something of it went out."""
        if release.signoff is not None:
            return release.signoff
        rows = self._p.ledger.of_release(release.id)
        out = (row.signoff for row in rows if row.state in ("opened", "published"))
        return release.signoffs.get(release.released_signoff or next(out, ""))

    def rivals(self, at: str) -> Rivals:
        """Which release each text goes out with, of those due until then."""
        return Rivals(self._p, at)

    def may_go(self, release: ReleaseState) -> bool:
        """Whether nothing but its instant and its channels stands between it and the public."""
        if release.signoff is None or not self._p.verdict(release.id).ok:
            return False
        if self.triggers.waits(release):
            return False
        late = self._p.clock.time_ns() - epoch_ns(release.at)
        return late <= self._window(release) or self.begun(release)

    def soon(self) -> bool:
        """Whether anything goes out within half a minute, or is late and still on its way."""
        p, here = self._p, now(self._p.clock)
        for name in p.agenda.until(written(here + SOON)):
            release = p.record.releases[name]
            signed, just = release.signoff, release.at >= written(here - SOON)
            late = signed is not None and p.instant_now() <= signed.fields["not_after"]
            if not self.triggers.waits(release) and (just or (late and self.may_go(release))):
                return True
        return False

    def ready(self, at: str) -> list[Row]:
        """Bundles that may go out at that T: judged good, staged, nothing in doubt."""
        if self._p.halted or not self._p.follower.caught_up or self._p.clocks.problem():
            return []
        found: list[Row] = []
        due, rivals = self._p.agenda.exactly(at), self.rivals(at)
        for name in due:
            release = self._p.record.releases[name]
            if self.may_go(release) and not rivals.of(release):
                found += self._complete(release)
        return found

    def _complete(self, release: ReleaseState) -> list[Row]:
        """The staged bundles of a release, or none when a required channel is not ready."""
        assert release.signoff is not None
        rows, begun = [], self.begun(release)
        for name in release.signoff.fields["channels"]:
            facts = self._p.stager.wanted(release.signoff, name)
            if not facts.parts or name in release.opened:
                continue
            channel, row = self._p.channels.get(name), self._p.ledger.get(facts.address)
            if row and row.state in ("opened", "published"):
                continue
            here = channel is not None and facts.address in channel.bundles
            if row and row.state in ("staged", "claimed") and here and not self.barred(name):
                self.triggers.carry(name, facts.address, release)
                rows.append(row)
            elif (channel is None or channel.required) and not begun:
                return []
        return rows

    def barred(self, name: str) -> str:
        """Why a channel gets nothing now, or ''."""
        channel = self._p.channels.get(name)
        if channel is None:
            return "no-driver"
        if self._p.clocks.off(channel):
            return "clock"
        return "differs" if self._p.ledger.differing(name) else ""

    def begun(self, release: ReleaseState) -> bool:
        """Whether any channel has opened: then the others are finished, each by itself."""
        return bool(release.opened) or any(
            row.state in ("opened", "published") for row in self._p.ledger.of_release(release.id)
        )
