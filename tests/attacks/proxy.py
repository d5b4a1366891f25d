"""A proxy between the publisher and one portal that can do what networks and broken portals do.

It knows the calls of the contract by name, keeps what it saw, and for a chosen call can kill the
publisher before or after passing it on, lose it, delay it, or answer something else.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

CALLS = (
    ("epoch", "POST", r"/v1/newsrooms/[^/]+/epochs"),
    ("roster", "PUT", r"/v1/newsrooms/[^/]+/roster"),
    ("policy", "PUT", r"/v1/newsrooms/[^/]+/policy"),
    ("calendar", "PUT", r"/v1/newsrooms/[^/]+/calendar"),
    ("stage", "PUT", r"/v1/bundles/[0-9a-f]{64}"),
    ("asset", "PUT", r"/v1/bundles/[0-9a-f]{64}/assets/.*"),
    ("readback", "GET", r"/v1/bundles/.*"),
    ("recall", "DELETE", r"/v1/bundles/.*"),
    ("commit", "POST", r"/v1/commits"),
    ("receipt", "GET", r"/v1/receipts/.*"),
    ("time", "GET", r"/v1/time"),
    ("withdraw", "POST", r"/v1/withdrawals"),
    ("public", "GET", r"/.*"),
)
ACTIONS = (
    "kill-before", "kill-after", "lose", "lose-answer", "half-answer", "error", "refuse",
    "wrong-receipt", "garbage", "hang", "delay", "strand", "early",
)  # fmt: skip


@dataclass
class Rule:
    """What to do with one call, so many times (-1: always)."""

    action: str
    times: int = 1
    seconds: float = 0.0
    then: str = ""


@dataclass
class Seen:
    """One request that came by."""

    call: str
    path: str
    body: bytes = b""
    status: int = 0


def name_of(method: str, path: str) -> str:
    """Which call of the contract a request is."""
    for name, verb, pattern in CALLS:
        if verb == method and re.fullmatch(pattern, path.partition("?")[0]):
            return name
    return "other"


@dataclass
class Proxy:
    """Listens on loopback and passes on to `port`. `kill()` ends the publisher with -9."""

    port: int
    kill: Callable[[], None]
    rules: dict[str, Rule] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    own_port: int = 0
    closed: bool = False

    def start(self) -> str:
        """Begin to listen; the address."""
        started = threading.Event()
        self._loop = asyncio.new_event_loop()

        async def serve() -> None:
            self._stop = asyncio.Event()
            server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=2**26)
            self.own_port = server.sockets[0].getsockname()[1]
            started.set()
            async with server:
                await self._stop.wait()

        self._thread = threading.Thread(
            target=lambda: self._loop.run_until_complete(serve()), daemon=True
        )
        self._thread.start()
        assert started.wait(90)
        return f"http://127.0.0.1:{self.own_port}"

    def stop(self) -> None:
        """Stop listening; connections end with the thread."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def on(
        self, call: str, action: str, *, times: int = 1, seconds: float = 0.0, then: str = ""
    ) -> None:
        """Do that with the next `times` calls of that name, and `then` with all that follow.

        `strand`: hang up at once, and bring the call to the portal so many seconds later.
        """
        assert action in ACTIONS
        self.rules[call] = Rule(action, times, seconds, then)

    def count(self, call: str) -> int:
        """How many calls of that name came by."""
        return sum(one.call == call for one in self.seen)

    def staged_ciphertexts(self) -> dict[str, set[str]]:
        """Address -> digests of the ciphertexts that were staged there, over all runs."""
        found: dict[str, set[str]] = {}
        for one in self.seen:
            if one.call == "stage" and one.body:
                value = json.loads(one.body)
                order = json.loads(base64.b64decode(value["envelope"]["payload"]))
                digests = [order["cipher_sha256"], *(a["sha256"] for a in order["assets"])]
                found.setdefault(order["address"], set()).add(" ".join(digests))
        return found

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream = Upstream(self.port)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, ValueError):
            if self.closed:
                return
            await upstream.open()
            while await self._one(reader, writer, upstream):
                pass
        writer.close()
        upstream.close()

    def _take(self, call: str) -> Rule | None:
        rule = self.rules.get(call)
        if rule is not None and rule.times == 0 and rule.then:
            rule = self.rules[call] = Rule(rule.then, -1)
        if rule is None or rule.times == 0:
            return None
        rule.times -= 1
        return rule

    async def _one(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, upstream: Upstream
    ) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        method, path, _ = head.split(b"\r\n", 1)[0].decode().split(" ")
        one = Seen(name_of(method, path), path)
        self.seen.append(one)
        one.body = await reader.readexactly(_length(head))
        rule = self._take(one.call)
        action = rule.action if rule else ""
        if rule and action == "delay":
            await asyncio.sleep(rule.seconds)
            await upstream.open()
        if action == "kill-before":
            self.kill()
        if action in ("kill-before", "lose"):
            return False
        if action == "hang":
            await asyncio.sleep(3600)
        if action == "strand":
            assert rule is not None
            writer.close()
            await asyncio.sleep(rule.seconds)
            await upstream.open()
        if action in ("error", "refuse", "garbage", "early"):
            writer.write(_CANNED[action])
            await writer.drain()
            return True
        answer, body = await upstream.call(head + one.body)
        one.status = int(answer.split(b" ", 2)[1])
        if action == "kill-after":
            self.kill()
        if action in ("kill-after", "lose-answer", "strand"):
            return False
        if action == "half-answer":
            writer.write((answer + body)[: len(answer) + len(body) // 2])
            await writer.drain()
            return False
        if action == "wrong-receipt":
            body = _spoil(body)
        writer.write(answer + body)
        await writer.drain()
        return True


class Upstream:
    """The way on to the portal. What was kept back comes over a connection that is new: the portal
    would not have waited for it on one that said nothing."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def open(self) -> None:
        """Connect, in place of a connection that there was."""
        self.close()
        self._streams = await asyncio.open_connection("127.0.0.1", self._port, limit=2**26)

    async def call(self, request: bytes) -> tuple[bytes, bytes]:
        """Head and body of the answer to a whole request."""
        assert self._streams is not None
        reader, writer = self._streams
        writer.write(request)
        await writer.drain()
        head = await reader.readuntil(b"\r\n\r\n")
        bare = head.split(b" ", 2)[1] in (b"204", b"304")
        return head, b"" if bare else await reader.readexactly(_length(head))

    def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            self._streams[1].close()


def _length(head: bytes) -> int:
    found = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    return int(found[1]) if found else 0


def _json(status: str, value: object) -> bytes:
    body = json.dumps(value).encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return head.encode() + b"\r\n\r\n" + body


_CANNED = {
    "error": _json("500 Oops", {"error": {"code": "internal", "title": "Oops"}}),
    "refuse": _json("403 No", {"error": {"code": "forbidden", "title": "No", "reasons": []}}),
    "early": _json(
        "425 Too Early", {"error": {"code": "too_early", "title": "No"}, "wait_ms": 200}
    ),
    "garbage": b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n"
    b"Content-Length: 5\r\n\r\n\xff\x00[[[",
}


def _spoil(body: bytes) -> bytes:
    """The same length, with another digest in every receipt."""

    def other(match: re.Match[bytes]) -> bytes:
        payload = bytearray(base64.b64decode(match[1]))
        place = payload.index(b'"manifest":"') + 12
        payload[place : place + 64] = b"0" * 64
        return b'"payload":"' + base64.b64encode(bytes(payload)) + b'"'

    return re.sub(rb'"payload": ?"([^"]+)"', lambda m: other(m).ljust(len(m[0])), body)
