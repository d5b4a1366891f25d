"""The demo's real processes: two portals and a publisher, each its own, ended by their ids."""

from __future__ import annotations

import ctypes
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from desk.errors import Unavailable
from desk.phrase import phrase

START_SECONDS = 30
PR_SET_PDEATHSIG = 1  # prctl(2)


def _end_with_parent() -> None:
    """Ask Linux to end this child when the demo dies, however it dies; elsewhere do nothing."""
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    except (OSError, AttributeError):
        return


class Services:
    """Starts `desk portal serve` and `desk publisher run`; stops only what it started."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.processes: dict[str, subprocess.Popen[str]] = {}
        self._logs: list[object] = []

    def _start(self, name: str, *arguments: str) -> subprocess.Popen[str]:
        log = (self.root / f"{name}.log").open("w", encoding="utf-8")
        self._logs.append(log)
        here = str(Path(__file__).resolve().parents[2])
        environment = {**os.environ, "PYTHONPATH": here, "PYTHONUNBUFFERED": "1"}
        process = subprocess.Popen(
            [sys.executable, "-m", "desk", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=environment,
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - one system call, no locks
        )
        self.processes[name] = process
        return process

    def portal(self, name: str, state: Path, port: int = 0) -> str:
        """Start a portal and return its address once it answers. Raises Unavailable."""
        process = self._start(
            name, "portal", "serve", "--state", str(state), "--port", str(port), "--json"
        )
        return str(json.loads(self._line(name, process))["url"])

    def _line(self, name: str, process: subprocess.Popen[str]) -> str:
        assert process.stdout is not None
        readable, _, _ = select.select([process.stdout], [], [], START_SECONDS)
        line = process.stdout.readline() if readable else ""
        if not line:
            raise Unavailable(
                phrase("The {name} did not start", name=name),
                phrase("see {path}", path=self.root / (name + ".log")),
                "Is the machine very busy? Try again.",
            )
        return line

    def publisher(self, state: Path, newsroom: Path, status: Path) -> None:
        """Start the publisher and wait until it follows the log. Raises Unavailable."""
        self._publisher("publisher", state, newsroom, status, lambda said: said["head"] > 0)

    def standby(self, name: str, state: Path, newsroom: Path, status: Path) -> None:
        """Start one more publisher and wait until it could take over. Raises Unavailable."""

        def ready(said: dict[str, Any]) -> bool:
            return any(one["name"] == name and one["ready"] for one in said["standbys"])

        self._publisher(name, state, newsroom, status, ready)

    def _publisher(
        self, name: str, state: Path, newsroom: Path, status: Path,
        good: Callable[[dict[str, Any]], bool],
    ) -> None:  # fmt: skip
        process = self._start(
            name, "publisher", "run", "--state", str(state), "--newsroom", str(newsroom),
            "--status", str(status),
        )  # fmt: skip
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            if status.exists() and good(json.loads(status.read_text("utf-8"))):
                return
            time.sleep(0.05)
        raise Unavailable(
            "The publisher did not start", phrase("see {path}", path=self.root / (name + ".log"))
        )

    def kill(self, name: str) -> None:
        """End one process with -9, as a crash would."""
        process = self.processes[name]
        process.kill()
        process.wait()

    def stop(self) -> None:
        """End what was started, gently, then for sure."""
        for process in reversed(self.processes.values()):
            if process.poll() is None:
                process.terminate()
        for process in reversed(self.processes.values()):
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdout is not None:
                process.stdout.close()
        for log in self._logs:
            log.close()  # type: ignore[attr-defined]
