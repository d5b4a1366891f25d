"""The rehearsal: everything that a release needs at its instant, done once, but the commit.

It runs beside the publisher, as the publisher's user, since only that can open what is sealed and
speak to the channels. It takes no epoch, no lock and no lead, so nobody is fenced off. What it
sends is sealed for a throw-away address with a throw-away key: no sign-off gives that address, and
the key is gone when the command ends, so that nothing it leaves behind could ever be opened.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

from desk.channels.driver import Driver
from desk.clock import Clock
from desk.errors import DeskError, NotFound, Refused, Unavailable
from desk.newsroom.room import Room
from desk.phrase import joined, phrase
from desk.portal.contract.bundle import SealedBundle
from desk.portal.contract.stagecrypt import open_bundle
from desk.publisher.archive import Archive
from desk.publisher.bundles import Vault, Wanted, build_bundle, wanted
from desk.publisher.channel import OpenDriver
from desk.publisher.home import Home
from desk.store import log
from desk.store.sealed import Opener
from desk.trust.judge import judge, manifest
from desk.trust.record import Record
from desk.trust.state import ReleaseState, SignOff

PATIENCE = 30.0  # seconds for one call of a channel
T = TypeVar("T")


@dataclass(frozen=True)
class Check:
    """One thing that was tried. `channel`: '' for what concerns them all; `took_ms`: how long.

    `name` is a code (`desk.locales.words`, "rehearsal"), `detail` a phrase where it says anything.
    """

    channel: str
    name: str
    ok: bool
    took_ms: float
    detail: str = ""


@dataclass(frozen=True)
class Rehearsal:
    """What became of a rehearsal. `waits`: a script has to open the release at its instant."""

    release: str
    at: str
    signoff: str
    waits: bool
    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing that was tried would have failed."""
        return all(check.ok for check in self.checks)

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {**self.__dict__, "ok": self.ok,
                "checks": [check.__dict__ for check in self.checks]}  # fmt: skip


class Rehearser:
    """Rehearses releases of one newsroom. `open_driver`: as for the publisher."""

    def __init__(
        self, home: Home, room: Room, name: str, open_driver: OpenDriver, clock: Clock
    ) -> None:
        self._home, self._room, self._clock = home, room, clock
        self._name = name
        self._open_driver = open_driver
        self._archive = Archive()
        self._checks: list[Check] = []

    def run(self, release_id: str) -> Rehearsal:
        """Try everything, and say what would fail. Raises NotFound, Refused without a policy."""
        record = self._timed("", "log", self._fold)
        if record is None:
            return Rehearsal(release_id, "", "", False, tuple(self._checks))
        release = record.releases.get(release_id)
        if release is None:
            raise NotFound("No such release", release_id, "List them: desk release list")
        if release.opened:
            raise Refused("The release is public", [], "There is nothing left to rehearse.")
        verdict = self._timed("", "judge", lambda: judge(record, release_id))
        assert verdict is not None
        for reason in verdict.reasons:
            self._note("", "judge", False, reason.sentence)
        signoff = release.signoff or SignOff("", manifest(record, release_id))
        asyncio.run(self._channels(record, release, signoff))
        return Rehearsal(release_id, release.at, signoff.digest, verdict.waits, tuple(self._checks))

    # -- noting -------------------------------------------------------------------------------

    def _note(self, channel: str, name: str, ok: bool, detail: str, took: float = 0.0) -> None:
        self._checks.append(Check(channel, name, ok, round(took, 1), detail))

    def _timed(self, channel: str, name: str, work: Callable[[], T]) -> T | None:
        began = time.perf_counter()
        try:
            found = work()
        except DeskError as error:
            self._note(channel, name, False, error.sentence, _since(began))
            return None
        self._note(channel, name, True, "", _since(began))
        return found

    async def _awaited(self, channel: str, name: str, work: Awaitable[T]) -> T | None:
        began = time.perf_counter()
        try:
            async with asyncio.timeout(PATIENCE):
                found = await work
        except TimeoutError:
            late = phrase("no answer in {seconds} s", seconds=f"{PATIENCE:g}")
            self._note(channel, name, False, late, _since(began))
            return None
        except DeskError as error:
            reasons = joined("; ", (r.text for r in getattr(error, "reasons", ())))
            self._note(channel, name, False, reasons or error.sentence, _since(began))
            return None
        self._note(channel, name, True, found if isinstance(found, str) else "", _since(began))
        return found

    # -- the parts ----------------------------------------------------------------------------

    def _fold(self) -> Record:
        """The record of the whole log, every signature verified under the pinned root."""
        record = Record(self._room.pin.fingerprint)
        with self._room.store.read() as connection:
            for entry in log.every_entry(connection):
                applied = record.apply(entry.envelope, entry.seq)
                if applied.act is not None and not applied.void:
                    self._archive.keep(applied.seq, applied.act)
        return record

    async def _channels(self, record: Record, release: ReleaseState, signoff: SignOff) -> None:
        assert record.policy is not None
        for channel in signoff.fields["channels"]:
            if channel not in record.policy.channels:
                unknown = phrase("the policy in force has no such channel")
                self._note(channel, "policy", False, unknown)
                continue
            facts = wanted(record, signoff, channel)
            if not facts.parts:
                self._note(channel, "items", True, phrase("nothing in its languages"))
                continue
            entry = record.policy.channels[channel]
            driver = self._timed(channel, "credential", partial(self._open_driver, channel, entry))
            if driver is None:
                continue
            try:
                await self._channel(record, release, facts, driver)
            finally:
                await driver.aclose()

    async def _channel(
        self, record: Record, release: ReleaseState, facts: Wanted, driver: Driver
    ) -> None:
        """One channel: connection, clock, what it knows, the bundle built, sealed, laid down."""
        name = facts.channel
        await self._awaited(name, "connection", driver.warm())
        await self._awaited(name, "clock", _clock(record, driver))
        await self._awaited(name, "rules", _rules(record, driver))
        vault = Vault(self._room.store, record.newsroom, Opener(self._name, self._home.identity()))
        scratch = replace(facts, signoff=os.urandom(32).hex())
        bundle = self._timed(name, "seal", lambda: _sealed(scratch, vault))
        if bundle is None:
            return
        await self._awaited(name, "sign-commit", driver.prebuild_commit([bundle]))
        if not facts.signoff:
            unsigned = phrase("nobody has signed it: nothing could be staged")
            self._note(name, "stage", False, unsigned)
            return
        acts = self._archive.justifying(record, release)
        await self._awaited(name, "stage", driver.rehearse(bundle, acts, facts.signoff))
        if release.staged.get(name) == facts.address:
            real = self._timed(
                name, "build", lambda: build_bundle(facts, vault, self._home.secret())
            )
            if real is not None:
                await self._awaited(name, "staged-bytes", driver.readback(real))


async def _clock(record: Record, driver: Driver) -> str:
    """How far the channel's clock is off ours. Raises Unavailable past the policy's bound."""
    assert record.policy is not None
    reading = await driver.time()
    bound, off = record.policy.span("clock_bound_ms"), reading.difference_ms
    text = phrase("{off:+.0f} ms, at most {bound} ms are allowed", off=off, bound=bound)
    if not reading.sure:
        raise Unavailable("The channel is not sure of its clock", text)
    if abs(off) - reading.round_trip_ms / 2 > bound:
        raise Unavailable("The clocks differ", text)
    return text


async def _rules(record: Record, driver: Driver) -> str:
    """Which roster and policy a channel that judges for itself has. Raises Unavailable: older."""
    assert record.roster is not None
    assert record.policy is not None
    standing = await driver.standing()
    if not driver.capabilities.receipts:
        return ""
    text = phrase(
        "roster v{roster}, policy v{policy}", roster=standing.roster, policy=standing.policy
    )
    if (standing.roster, standing.policy) != (record.roster.version, record.policy.version):
        raise Unavailable("The channel has not the rules in force", text)
    return text


def _sealed(scratch: Wanted, vault: Vault) -> SealedBundle:
    """The bundle for an address that no sign-off gives, opened again to see that it can be."""
    bundle = build_bundle(scratch, vault, os.urandom(32))
    if open_bundle(bundle.key, bundle.address, bundle.ciphertext) != bundle.bundle.to_bytes():
        raise DeskError("What was sealed does not open", scratch.channel)
    for sealed in bundle.assets():
        for _ in bundle.asset_chunks(sealed):
            pass
    return bundle


def _since(began: float) -> float:
    return (time.perf_counter() - began) * 1000
