"""One desk for one browser tab: a process of its own, with its key locked until a passphrase.

It speaks the packets of Textual's web driver: a letter (D data, M news as JSON, P other things),
four bytes of length, and the payload.
"""

from __future__ import annotations

import asyncio
import json
import os
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress

from textual_serve.app_service import AppService

PRELUDE = b"__GANGLION__\n"
GRACE = 5.0  # seconds for a desk that was asked to end; it stores drafts meanwhile
LARGEST = 16 << 20  # bytes of one packet
SIDES = range(1, 1000)  # columns or rows that a browser may ask for
TOLD = 2_000  # bytes of a desk's last words that are passed on


class Session:
    """One running desk. `paint` is given what it draws, `say` what it said when it failed."""

    def __init__(
        self,
        command: Sequence[str],
        paint: Callable[[bytes], Awaitable[None]],
        say: Callable[[str], None],
    ) -> None:
        self._command = command
        self._paint = paint
        self._say = say
        self._process: Process | None = None

    @property
    def pid(self) -> int | None:
        """The process, once it runs."""
        return self._process.pid if self._process else None

    async def start(self, width: int, height: int) -> None:
        """Start the desk. Its arguments hold no secret. Raises OSError."""
        environment = dict(os.environ) | {
            "TEXTUAL_DRIVER": "textual.drivers.web_driver:WebDriver",
            "TEXTUAL_COLOR_SYSTEM": "truecolor",
            "COLUMNS": str(width),
            "ROWS": str(height),
        }
        self._process = await asyncio.create_subprocess_exec(
            *self._command, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environment
        )
        await self._resize(width, height)

    async def run(self) -> None:
        """Pass on what the desk draws, until it ends."""
        assert self._process is not None
        process = self._process
        assert process.stdout is not None
        assert process.stderr is not None
        words = asyncio.create_task(_last_words(process.stderr))
        try:
            await self._pass_on(process.stdout)
        finally:
            failed = await self._end(process)
            if (last := await words) and failed:
                self._say(last)

    async def _pass_on(self, stdout: asyncio.StreamReader) -> None:
        try:
            await stdout.readuntil(PRELUDE)
            while True:
                head = await stdout.readexactly(5)
                size = int.from_bytes(head[1:], "big")
                if size > LARGEST:
                    return
                payload = await stdout.readexactly(size)
                if head[:1] == b"D":
                    with suppress(ConnectionError):  # read on, so that the desk can store and end
                        await self._paint(payload)
                elif head[:1] == b"M" and json.loads(payload).get("type") == "exit":
                    return
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            return  # the desk has gone

    async def take(self, text: str) -> bool:
        """What the browser sent. Whether a person did something: a key, not the page's own ping.

        Anything that is not of the page's own making is let fall.
        """
        try:
            kind, value = json.loads(text)
        except (ValueError, TypeError):
            return False
        if kind == "stdin" and isinstance(value, str):
            await self._send(b"D", value.encode("utf-8", "replace"))
            return True
        if kind == "resize" and isinstance(value, Mapping):
            await self._resize(value.get("width"), value.get("height"))
        elif kind in ("focus", "blur"):
            await self._tell({"type": kind})
        return False

    async def stop(self) -> None:
        """Ask the desk to end, so that it stores what was typed."""
        await self._tell({"type": "quit"})

    async def _end(self, process: Process) -> bool:
        """Wait until it has ended, or end it. Whether it failed by itself."""
        await self.stop()
        try:
            return await asyncio.wait_for(process.wait(), GRACE) != 0
        except TimeoutError:
            process.kill()
            await process.wait()
            return False

    async def _resize(self, width: object, height: object) -> None:
        if width in SIDES and height in SIDES:
            await self._tell({"type": "resize", "width": width, "height": height})

    async def _tell(self, news: Mapping[str, object]) -> None:
        await self._send(b"M", json.dumps(news).encode())

    async def _send(self, kind: bytes, payload: bytes) -> None:
        stdin = self._process.stdin if self._process else None
        if stdin is None or stdin.is_closing():
            return
        try:
            stdin.write(AppService.encode_packet(b"D" if kind == b"D" else b"M", payload))
            await stdin.drain()
        except (ConnectionError, RuntimeError):
            return  # it has ended; `run` notices


async def _last_words(stderr: asyncio.StreamReader) -> str:
    """What it wrote on stderr, the end of it; read to the end, so that it never waits for us."""
    kept = b""
    while data := await stderr.read(4096):
        kept = (kept + data)[-TOLD:]
    return kept.decode("utf-8", "replace").strip()
