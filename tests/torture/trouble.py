"""Trouble: what goes wrong with processes, clocks and the way between them."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tests.attacks.proxy import CALLS
from tests.torture.plan import LEADER, PORTALS, Fault

if TYPE_CHECKING:
    from tests.torture.run import Run


class Trouble:
    """Makes the faults of a plan happen, each in a thread of its own."""

    def __init__(self, run: Run) -> None:
        self._run, self._d = run, run.d

    def happens(self, fault: Fault) -> None:
        """Wait for its moment, begin it, and end it when it is over."""
        run = self._run
        kinds = {"kill": self._kill, "pause": self._pause, "step": self._step}
        time.sleep(max(0.0, fault.at - run.clock))
        target = run.leader() if fault.target == LEADER else fault.target
        told = f"{fault.kind} {target} {fault.detail} {fault.amount or ''}".strip()
        run.note(told)
        with kinds.get(fault.kind, self._wire)(target, fault):
            time.sleep(max(0.0, fault.end - run.clock))
        run.note(f"over: {told}")

    @contextlib.contextmanager
    def _kill(self, name: str, _: Fault) -> Iterator[None]:
        """-9, and nobody starts it again until the fault is over."""
        with self._run.processes:
            self._run.down.add(name)
            if self._d.processes[name].poll() is None:
                self._d.kill(name)
        yield
        with self._run.processes:
            if name in PORTALS:
                self._d.start_portal(name)
            self._run.down.discard(name)

    @contextlib.contextmanager
    def _pause(self, name: str, _: Fault) -> Iterator[None]:
        """SIGSTOP, and SIGCONT for the same process."""
        process = self._d.processes[name]
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGSTOP)
        yield
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGCONT)

    @contextlib.contextmanager
    def _step(self, name: str, fault: Fault) -> Iterator[None]:
        """Its wall clock is off."""
        self._d.clocks[name].set(fault.amount)
        yield
        self._d.clocks[name].set(0)

    @contextlib.contextmanager
    def _wire(self, name: str, fault: Fault) -> Iterator[None]:
        """Something happens to calls on their way."""
        proxy = self._d.proxies[name]
        every = [call for call, _, _ in CALLS]
        if fault.kind == "cut":
            calls, action, times = every, "lose", -1
        elif fault.kind == "slow":
            calls, action, times = every, "delay", -1
        else:
            call, _, action = fault.detail.partition(" ")
            calls, times = [call], fault.amount
        for call in calls:
            proxy.on(call, action, times=times, seconds=fault.amount / 1000)
        yield
        for call in calls:
            proxy.rules.pop(call, None)
