"""The portal's web server: the application, its limits, and how it runs."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
import sqlite3
import sys
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from desk import garbage
from desk.clock import Clock
from desk.errors import DeskError, Unavailable, UsageError
from desk.portal import api, publishing, site, staging
from desk.portal.answers import not_found, unavailable
from desk.portal.handshakes import Arrival, context
from desk.portal.home import Home, open_home
from desk.portal.portal import Portal, log
from desk.portal.visits import BACKLOG, House, Visit, allow_files

_LOOPBACK = ("127.0.0.1", "::1")
HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), microphone=(), geolocation=(), interest-cohort=()",
    b"content-security-policy": (
        b"default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; "
        b"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
}


class Shield:
    """ASGI middleware: security headers on every answer, and a bounded rate for each address."""

    def __init__(self, app: ASGIApp, rate: float, burst: float) -> None:
        self._app = app
        self._rate = rate
        self._burst = burst
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def _allowed(self, host: str) -> bool:
        """A token bucket per address; the table of addresses is bounded."""
        now = asyncio.get_running_loop().time()
        level, then = self._buckets.pop(host, (self._burst, now))
        level = min(self._burst, level + (now - then) * self._rate)
        allowed = level >= 1
        self._buckets[host] = (level - 1 if allowed else level, now)
        if len(self._buckets) > 10_000:
            self._buckets.popitem(last=False)
        return allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, unless its sender asks too often. The contract's calls are exempt:
        they carry a token, and a commit must never wait for readers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *((n, v) for n, v in HEADERS.items() if n not in present),
                ]
            await send(message)

        if _framed_twice(scope):
            await Response("", 400, {"Connection": "close"})(scope, receive, with_headers)
            return
        if not scope["path"].startswith("/v1/") and not self._allowed(_reader(scope)):
            await Response("", 429, {"Retry-After": "1"})(scope, receive, with_headers)
            return
        await self._app(scope, receive, with_headers)


def _reader(scope: Scope) -> str:
    """Whom a request comes from: whoever a web server on this machine says that it speaks for.

    The last address, which that server has seen itself; those before it anybody can make up.
    """
    host = str((scope.get("client") or ("",))[0])
    if host not in _LOOPBACK:
        return host
    given = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
    last = given[-1].rpartition(b",")[2].strip()[:64] if given else b""
    return last.decode("latin-1") or host


def _framed_twice(scope: Scope) -> bool:
    """Whether a request has two lengths (RFC 9112, 6.1): a proxy before us may take the other."""
    names = {name for name, _ in scope["headers"]}
    return {b"content-length", b"transfer-encoding"} <= names


async def _desk_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, DeskError)
    if not request.url.path.startswith("/v1/"):
        return site.error_page(request, error)
    return api.error_response(error)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return await _desk_error(request, not_found())
    return JSONResponse(
        {"error": {"code": "http", "title": error.detail}}, error.status_code, error.headers
    )


async def _storage_error(request: Request, error: Exception) -> Response:
    log.error("storage", extra={"type": type(error).__name__})
    return await _desk_error(request, unavailable("storage", "The portal cannot read or write"))


async def _unexpected(request: Request, error: Exception) -> Response:
    # The type only: an exception's text may quote what it choked on.
    log.error("unexpected", extra={"type": type(error).__name__, "path": request.url.path[:60]})
    return JSONResponse({"error": {"code": "unexpected", "title": "Something went wrong"}}, 500)


def application(
    home: Home, clock: Clock | None = None, *, rate: float = 200.0, burst: float = 400.0
) -> Starlette:
    """The ASGI application of one portal. `rate`: page requests a second for each address."""

    @contextlib.asynccontextmanager
    async def life(app: Starlette) -> AsyncIterator[None]:
        portal = Portal(home, clock)
        app.state.portal = portal
        # Beside the first requests: a commit of what is due first must not wait for the rest.
        portal.start(staging.judge_again(portal), "judge again")
        for address, staged in portal.bundles.items():
            if staged.state == "opened":
                portal.start(publishing.publish(portal, address), f"publish {address[:12]}")
        keeper = asyncio.create_task(portal.keep_time_always())
        try:
            yield
        finally:
            keeper.cancel()
            await asyncio.gather(*portal.tasks, return_exceptions=True)
            portal.close()

    app = Starlette(
        routes=[*api.routes(), *site.routes()],
        lifespan=life,
        exception_handlers={
            DeskError: _desk_error,
            HTTPException: _http_error,
            sqlite3.Error: _storage_error,
            Exception: _unexpected,
        },
    )
    app.router.redirect_slashes = False  # it would send readers to whatever host they named
    app.add_middleware(Shield, rate=rate, burst=burst)
    return app


def config(
    app: Starlette, host: str, port: int, *, certificate: Path | None = None,
    key: Path | None = None,
) -> uvicorn.Config:  # fmt: skip
    """How the server runs: plain asyncio and h11, no access log (paths tell addresses).

    Raises UsageError for a certificate that cannot be used.
    """
    house = House()
    guest: Callable[..., asyncio.Protocol] = partial(Visit, house)
    if certificate is not None:
        guest = partial(Arrival, house, context(certificate, key))
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        loop="asyncio",  # uvloop's timers fire up to 0.3 ms early
        http=guest,  # type: ignore[arg-type]  # it is called, no more
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=120,
        timeout_graceful_shutdown=5,
        h11_max_incomplete_event_size=32 * 1024,
        backlog=BACKLOG,
    )


class Server(uvicorn.Server):
    """uvicorn, ending with 0 on SIGTERM and SIGINT, and saying when it answers."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop cleanly; uvicorn's own way raises the signal again afterwards."""
        loop = asyncio.get_running_loop()
        wanted = (signal.SIGTERM, signal.SIGINT)
        for number in wanted:
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in wanted:
                loop.remove_signal_handler(number)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, then tell."""
        await super().startup(sockets)
        if self.started:
            self._ready()


def serve(
    path: Path, host: str = "127.0.0.1", port: int = 8601, *, certificate: Path | None = None,
    key: Path | None = None, clock: Clock | None = None,
    ready: Callable[[str], None] = lambda url: None,
) -> None:  # fmt: skip
    """Run the portal of a state directory until SIGTERM or SIGINT.

    `ready` is told the address once it answers; port 0 takes a free one. Off loopback it wants a
    certificate, since the token and the keys travel over the connection. Raises UsageError then,
    NotFound without a portal there, Unavailable when the port is taken.
    """
    if certificate is None and host not in ("127.0.0.1", "::1", "localhost"):
        raise UsageError(
            "A portal that others reach needs TLS",
            host,
            "Give --certificate and --tls-key, or listen on 127.0.0.1 behind a proxy with TLS",
        )
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    # Threads that decrypt must not keep the loop from a commit for 5 ms, the default.
    sys.setswitchinterval(0.0005)
    garbage.staying()
    allow_files()
    app = application(open_home(path), clock)
    listening = listening_on(host, port)
    port = listening.getsockname()[1]
    shown = f"[{host}]" if ":" in host else host
    url = f"{'https' if certificate else 'http'}://{shown}:{port}"
    server = Server(config(app, host, port, certificate=certificate, key=key), lambda: ready(url))
    asyncio.run(server.serve([listening]))
    if not server.started:
        raise Unavailable("The portal did not start", "its log says why")


def listening_on(host: str, port: int) -> socket.socket:
    """A bound socket; port 0 takes a free one. Raises Unavailable when the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise Unavailable(
            "The port cannot be used", f"{host}:{port}: {error.strerror}", "Choose another --port"
        ) from None
    return listening
