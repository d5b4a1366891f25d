"""The server of `desk serve`: loopback only, one link, then a cookie; a desk per websocket."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from aiohttp import WSCloseCode, WSMsgType, web

from desk.browser import page
from desk.browser.gate import Gate
from desk.browser.session import GRACE, SIDES, Session
from desk.clock import Clock, SystemClock
from desk.errors import Unavailable
from desk.locales import _
from desk.phrase import phrase

HOST = "127.0.0.1"
MESSAGE = 256 * 1024  # bytes of one message of the browser: a long paste
HEARTBEAT = 15.0  # seconds
PARTING = 2.0  # seconds for requests under way, once every desk has ended
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Limits:
    """`sessions` at once, `idle` seconds without a key before one ends."""

    sessions: int = 4
    idle: float = 900.0


class Server:
    """The desk for the browsers of one person. `command` starts one locked desk."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        port: int = 0,
        limits: Limits | None = None,
        clock: Clock | None = None,
        say: Callable[[str], None] = lambda _text: None,
    ) -> None:
        self._command = command
        self._port = port
        self._limits = limits or Limits()
        self._clock = clock or SystemClock()
        self._say = say
        self._runner: web.AppRunner | None = None
        self._open: dict[web.WebSocketResponse, asyncio.Future[None]] = {}  # until it has ended
        self.gate = Gate(port, self._clock)

    @property
    def sessions(self) -> int:
        """How many desks are open."""
        return len(self._open)

    async def start(self) -> str:
        """Listen on 127.0.0.1. Returns the one-time link. Raises Unavailable."""
        app = web.Application(middlewares=[self._guard])
        app.add_routes(
            [
                web.get("/", self._index, allow_head=False),
                web.get("/static/{name}", self._static, allow_head=False),
                web.get("/ws", self._websocket, allow_head=False),
            ]
        )
        app.on_shutdown.append(self._close_all)
        # No access log: the first line of a request holds the token.
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=PARTING)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, HOST, self._port).start()
        except OSError as error:
            await self._runner.cleanup()
            what = phrase("{place}: {reason}", place=f"{HOST}:{self._port}", reason=error.strerror)
            raise Unavailable("Cannot listen there", what, "Choose another: --port N") from None
        self.gate = Gate(int(self._runner.addresses[0][1]), self._clock)
        return self.gate.link()

    async def stop(self) -> None:
        """End every session, then the server."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _close_all(self, _app: web.Application) -> None:
        """Each desk stores what was typed, and is waited for: none goes on without its server."""
        ended = list(self._open.values())
        closing = [one.close(code=WSCloseCode.GOING_AWAY) for one in self._open]
        await asyncio.gather(*closing, return_exceptions=True)
        if ended:
            await asyncio.wait(ended, timeout=2 * GRACE)

    @web.middleware
    async def _guard(self, request: web.Request, handler: Answer) -> web.StreamResponse:
        """What every request has to pass; every answer gets the same headers."""
        try:
            response = self._refusal(request) or await handler(request)
        except web.HTTPException as error:
            response = _words(error.status, _("Not here"), error.reason)
        if not response.prepared:
            response.headers.update(page.HEADERS)
            response.headers["Content-Security-Policy"] = page.policy(self.gate.authority)
        return response

    def _refusal(self, request: web.Request) -> web.StreamResponse | None:
        if not self.gate.is_ours(request.headers.get("Host")):
            return _words(
                421, _("Not this address"), _("Use the address that desk serve has shown.")
            )
        if request.path == "/" and "token" in request.query:
            return None
        if not self.gate.knows(request.cookies.get(self.gate.cookie_name)):
            return _words(
                403,
                _("This desk is closed to you"),
                _("Open the link that desk serve has shown. It works once, in one browser."),
            )
        if request.path == "/ws" and not self.gate.is_same_origin(request.headers.get("Origin")):
            return _words(403, _("This desk is closed to you"), _("Another page asked for it."))
        return None

    async def _index(self, request: web.Request) -> web.StreamResponse:
        token = request.query.get("token")
        if token is not None:
            return self._first(token)
        if self.sessions >= self._limits.sessions:
            return _too_many()
        return _html(200, page.terminal(f"ws://{self.gate.authority}/ws"))

    def _first(self, token: str) -> web.Response:
        cookie = self.gate.trade(token)
        if cookie is None:
            return _words(
                403,
                _("This link does not work"),
                _("It was used already, or it is too old. Start desk serve again for another."),
            )
        response = _html(200, page.onwards())
        response.set_cookie(
            self.gate.cookie_name, cookie, httponly=True, samesite="Strict", path="/"
        )
        return response

    async def _static(self, request: web.Request) -> web.StreamResponse:
        try:
            body, kind = page.static_file(request.match_info["name"])
        except KeyError:
            raise web.HTTPNotFound from None
        return web.Response(body=body, content_type=kind)

    async def _websocket(self, request: web.Request) -> web.StreamResponse:
        if self.sessions >= self._limits.sessions:
            return _too_many()
        websocket = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=MESSAGE)
        self._open[websocket] = asyncio.get_running_loop().create_future()
        try:
            await websocket.prepare(request)
            await self._sit(websocket, _side(request, "width", 80), _side(request, "height", 24))
        finally:
            self._open.pop(websocket).set_result(None)
        return websocket

    async def _sit(self, websocket: web.WebSocketResponse, width: int, height: int) -> None:
        """One session, from the first byte to the end of its process."""
        session = Session(self._command, websocket.send_bytes, self._say)
        await session.start(width, height)
        drawing = asyncio.create_task(_until_gone(session, websocket))
        try:
            await self._listen(websocket, session)
        except TimeoutError:
            self._say(_("A session ended: nobody touched a key."))
            await websocket.close(code=WSCloseCode.POLICY_VIOLATION)
        finally:
            await session.stop()
            await drawing

    async def _listen(self, websocket: web.WebSocketResponse, session: Session) -> None:
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(self._limits.idle) as patience:
            async for message in websocket:
                if message.type != WSMsgType.TEXT:
                    continue
                if await session.take(message.data):
                    patience.reschedule(loop.time() + self._limits.idle)
                elif message.data.startswith('["ping"'):
                    await websocket.send_str('["pong"' + message.data[7:])


def _side(request: web.Request, name: str, usual: int) -> int:
    """Columns or rows that the page asks for at first."""
    text = request.query.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and int(text) in SIDES else usual


async def _until_gone(session: Session, websocket: web.WebSocketResponse) -> None:
    try:
        await session.run()
    finally:
        await websocket.close()


def _html(status: int, text: str) -> web.Response:
    return web.Response(status=status, text=text, content_type="text/html", charset="utf-8")


def _words(status: int, title: str, text: str) -> web.Response:
    return _html(status, page.told(title, text))


def _too_many() -> web.Response:
    return _words(503, _("Too many desks are open"), _("Leave one of them with q, then try again."))


async def serve(server: Server, ready: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM. `ready` is given the one-time link."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows has Ctrl+C alone
            loop.add_signal_handler(number, ended.set)
    try:
        ready(await server.start())
        await ended.wait()
    finally:
        await server.stop()
