"""The desk in a browser: who gets in, what a session is, and when it ends. Real sockets."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType, WSServerHandshakeError
from aiohttp.cookiejar import CookieJar
from locked import Locked

from desk.browser import page
from desk.browser.gate import LINK_LIFE, Gate
from desk.browser.server import Limits, Server
from desk.browser.session import PRELUDE
from desk.clock import FakeClock
from desk.errors import Unavailable

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90.0  # seconds; only ends a hung test


class Browser:
    """One browser at one server: cookies are kept, and a page's websocket can be opened."""

    def __init__(self, server: Server, link: str, client: ClientSession) -> None:
        self.server, self.link, self.client = server, link, client

    async def get(self, url: str, **headers: str) -> tuple[int, str]:
        async with self.client.get(url, headers=headers, allow_redirects=False) as response:
            return response.status, await response.text()

    async def enter(self) -> None:
        status, _text = await self.get(self.link)
        assert status == 200

    def socket(self, **headers: str):  # type: ignore[no-untyped-def]
        given = {"Origin": self.server.gate.origin} | headers
        url = f"{self.server.gate.origin}/ws?width=80&height=24"
        return self.client.ws_connect(url, headers=given, max_msg_size=0)


@asynccontextmanager
async def browser(*command: str, limits: Limits | None = None) -> AsyncIterator[Browser]:
    """A server on a free port, and a browser that has not opened the link yet."""
    said: list[str] = []
    server = Server(command, limits=limits, say=said.append)
    link = await server.start()
    try:
        async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as client:
            yield Browser(server, link, client)
    finally:
        await server.stop()
    assert server.sessions == 0


async def see(websocket: ClientWebSocketResponse, text: str) -> bytes:
    """Read what is drawn until the text has come."""
    drawn = b""
    async with asyncio.timeout(PATIENCE):
        while text.encode() not in drawn:
            message = await websocket.receive()
            assert message.type is WSMsgType.BINARY, (message, drawn[-2000:].decode())
            drawn += message.data
    return drawn


async def type_in(websocket: ClientWebSocketResponse, text: str) -> None:
    await websocket.send_str(json.dumps(["stdin", text]))


@pytest.fixture
def recorder(tmp_path: Path) -> tuple[str, ...]:
    """The sample desk: it opens at once, without a key."""
    program, acts = str(ROOT / "tests/pty/recorder.py"), str(tmp_path / "acts")
    start = (
        f"import runpy, sys; sys.path.insert(0, {str(ROOT)!r}); sys.argv[1:] = ['plain', {acts!r}];"
        f"runpy.run_path({program!r}, run_name='__main__')"
    )
    return (sys.executable, "-c", start)


# Who gets in


async def test_without_the_link_there_is_nothing_to_see() -> None:
    async with browser() as someone:
        for path in ("/", "/static/textual.js", "/static/../../etc/passwd", "/ws", "/anything"):
            status, text = await someone.get(someone.server.gate.origin + path)
            assert status == 403, path
            assert "works once" in text


async def test_the_link_works_once_and_its_cookie_is_for_this_server_alone() -> None:
    async with browser() as first:
        async with first.client.get(first.link, allow_redirects=False) as response:
            assert response.status == 200
            assert 'content="0;url=/"' in await response.text()
            cookie = response.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        token = parse_qs(urlsplit(first.link).query)["token"][0]
        assert token not in cookie
        status, text = await first.get(first.server.gate.origin + "/")
        assert status == 200
        assert first.server.gate.origin.replace("http", "ws") + "/ws" in text
        async with ClientSession() as other, other.get(first.link) as response:
            assert response.status == 403
            assert "Set-Cookie" not in response.headers
            assert "used already" in await response.text()


async def test_a_wrong_token_does_not_use_the_link_up() -> None:
    async with browser() as someone:
        for wrong in ("", "x", "x" * 5000, "%00", "%ED%A0%80"):
            status, _text = await someone.get(f"{someone.server.gate.origin}/?token={wrong}")
            assert status == 403, wrong
        await someone.enter()


async def test_a_forged_cookie_opens_nothing() -> None:
    async with browser() as someone:
        await someone.enter()
        name = someone.server.gate.cookie_name
        cookies = {name: "A" * 43}
        async with (
            ClientSession(cookies=cookies) as other,
            other.get(someone.server.gate.origin + "/") as response,
        ):
            assert response.status == 403


@pytest.mark.parametrize("host", ["localhost", "desk.example.org", "127.0.0.1", "127.0.0.1:1"])
async def test_a_name_that_was_pointed_here_is_not_served(host: str) -> None:
    async with browser() as someone:
        status, _text = await someone.get(someone.link, Host=host)
        assert status == 421
        await someone.enter()  # and the link is as good as before
        status, _text = await someone.get(someone.server.gate.origin + "/", Host=host)
        assert status == 421


@pytest.mark.parametrize(
    "origin", ["https://example.org", "null", "http://localhost:80", "http://127.0.0.1", ""]
)
async def test_another_page_cannot_open_the_websocket(origin: str) -> None:
    async with browser() as someone:
        await someone.enter()
        with pytest.raises(WSServerHandshakeError) as refused:
            await someone.socket(Origin=origin)
        assert refused.value.status == 403
        assert someone.server.sessions == 0


async def test_a_websocket_without_the_cookie_is_refused() -> None:
    async with browser() as someone:
        with pytest.raises(WSServerHandshakeError) as refused:
            await someone.socket()
        assert refused.value.status == 403
        assert someone.server.sessions == 0


async def test_only_loopback_is_listened_at() -> None:
    async with browser() as someone:
        port = int(someone.server.gate.authority.partition(":")[2])
        assert someone.server.gate.authority.startswith("127.0.0.1:")
        with socket.socket() as other:
            other.bind(("127.0.0.2", port))  # taken, were it listening at every address


async def test_a_port_that_is_taken_is_told() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(Unavailable, match="Cannot listen there"):
            await Server((), port=other.getsockname()[1]).start()


def test_a_link_is_too_old_after_ten_minutes() -> None:
    clock = FakeClock("2026-11-20T01:00:00Z")
    gate = Gate(8710, clock)
    token = parse_qs(urlsplit(gate.link()).query)["token"][0]
    clock.advance(LINK_LIFE + 1)
    assert gate.trade(token) is None


def test_a_new_link_ends_the_one_before() -> None:
    gate = Gate(8710, FakeClock("2026-11-20T01:00:00Z"))
    before, after = (parse_qs(urlsplit(gate.link()).query)["token"][0] for _ in range(2))
    assert gate.trade(before) is None
    assert gate.trade(after)


async def test_the_page_fetches_nothing_from_elsewhere() -> None:
    async with browser() as someone:
        await someone.enter()
        origin = someone.server.gate.origin
        async with someone.client.get(origin + "/") as response:
            policy = response.headers["Content-Security-Policy"]
            text = await response.text()
        assert "default-src 'none'" in policy
        assert "https:" not in policy + text + page.STYLE
        for name in (*page.FILES, "desk.css"):
            async with someone.client.get(f"{origin}/static/{name}") as response:
                assert response.status == 200, name
                assert len(await response.read()) > 100
        status, _text = await someone.get(f"{origin}/static/index.html")
        assert status == 404


# Sessions


async def test_keys_go_in_and_drawing_comes_out(recorder: tuple[str, ...]) -> None:
    async with browser(*recorder) as someone:
        await someone.enter()
        async with someone.socket() as websocket:
            await see(websocket, "SAO-MAI")
            await type_in(websocket, "2")
            await see(websocket, "Since rev 4")
            for odd in ("", "{}", "[]", '["stdin"]', '["stdin", 5]', '["resize", {"width": -1}]'):
                await websocket.send_str(odd)
            await websocket.send_str('["ping", 7]')
            await type_in(websocket, "\x11")
            async for message in websocket:
                if message.type is WSMsgType.TEXT:
                    assert json.loads(message.data) == ["pong", 7]


async def test_there_are_no_more_desks_than_allowed(recorder: tuple[str, ...]) -> None:
    async with browser(*recorder, limits=Limits(sessions=1)) as someone:
        await someone.enter()
        async with someone.socket() as websocket:
            await see(websocket, "SAO-MAI")
            with pytest.raises(WSServerHandshakeError) as refused:
                await someone.socket()
            assert refused.value.status == 503
        await _until(lambda: someone.server.sessions == 0)
        async with someone.socket() as websocket:
            await see(websocket, "SAO-MAI")


async def test_a_desk_that_nobody_touches_ends(recorder: tuple[str, ...]) -> None:
    async with browser(*recorder, limits=Limits(idle=0.3)) as someone:
        await someone.enter()
        async with someone.socket() as websocket, asyncio.timeout(PATIENCE):
            while not websocket.closed:
                await websocket.send_str('["ping", 1]')  # a page that lies open is no person
                await websocket.receive()
        await _until(lambda: someone.server.sessions == 0)


STORING = f"""
import pathlib, sys, time
sys.stdout.buffer.write({PRELUDE!r} + b"D" + (4).to_bytes(4, "big") + b"desk")
sys.stdout.flush()
while b"quit" not in sys.stdin.buffer.read1():
    pass
time.sleep(1)
pathlib.Path(sys.argv[1]).write_text("stored")
"""


async def test_the_server_ends_after_the_desk_that_still_stores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.browser.server.PARTING", 0.1)
    kept = tmp_path / "kept"
    async with browser(sys.executable, "-c", STORING, str(kept)) as someone:
        await someone.enter()
        websocket = await someone.socket()
        await see(websocket, "desk")
        closing = asyncio.create_task(websocket.receive())
        await someone.server.stop()
        assert kept.read_text() == "stored"
        await closing


async def _until(ready: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not ready():
            await asyncio.sleep(0.01)


# The real desk, locked


async def test_every_session_asks_for_the_passphrase_itself(locked: Locked) -> None:
    async with browser(*locked.command) as someone:
        await someone.enter()
        async with someone.socket() as websocket:
            drawn = await see(websocket, "mật khẩu")
            await type_in(websocket, "sai rồi\r")
            drawn += await see(websocket, "✖")
            await type_in(websocket, "\x1b2")  # Alt+2: the queue stays out of reach
            await type_in(websocket, locked.passphrase + "\r")
            drawn += await see(websocket, "khung giờ trống")
            assert locked.passphrase.encode() not in drawn
        async with someone.socket() as websocket:  # the next one is locked again
            drawn = await see(websocket, "mật khẩu")
            assert "khung giờ trống".encode() not in drawn
