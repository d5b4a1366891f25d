"""The listener: takes signed triggers over HTTP on loopback, from programs that run no commands.

    GET  /v1/releases/{id}          how a granted release stands
    GET  /v1/releases/{id}/trigger  what a program would sign now: DSSE payload type and payload
    POST /v1/triggers?wait=SECONDS  a signed `release.trigger` envelope; waits for receipts

The bearer token lets a program ask; it opens nothing. What opens is the act in the body, by the
granted key, and nothing else is ever appended. Errors are problem details (RFC 9457). A page in a
browser reaches none of it: Host and Origin must be loopback, against DNS rebinding.
"""

from __future__ import annotations

import asyncio
import base64
import hmac
import logging
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from desk import garbage
from desk.errors import CanonicalError, Conflict, DeskError, TrustError, UsageError
from desk.newsroom.room import Room
from desk.phrase import phrase
from desk.portal.server import Server, config, listening_on
from desk.releases import trigger
from desk.releases.trigger import Triggered
from desk.text import nfc
from desk.trust.acts import FIELDS
from desk.trust.canonical import canonical
from desk.trust.envelope import Envelope
from desk.trust.private_files import private_folder, read_private, write_private

HOST = "127.0.0.1"
LARGEST = 16 * 1024  # bytes of a request body
PATIENCE = 10.0  # seconds in which a body has to come
LONGEST_WAIT = 60.0  # seconds
TOGETHER = 8  # requests that may wait for receipts at once
_STATUS = {2: 400, 3: 403, 4: 404, 5: 503, 6: 403}
Handler = Callable[[Request], Awaitable[Response]]


def token_in(file: Path) -> tuple[str, bool]:
    """The bearer token in a file (0600, its folder 0700), and whether it was made just now."""
    file, made = file.absolute(), not file.exists()
    with private_folder(file.parent, create=True) as folder:
        if made:
            write_private(folder, file.name, file, secrets.token_urlsafe(32).encode() + b"\n")
        token = read_private(folder, file.name, file, 1024).strip().decode("ascii", "replace")
    if len(token) < 16:
        raise TrustError("Not a token", str(file), "Remove the file; a new one is made then.")
    return token, made


def problem(error: DeskError, status: int = 0) -> Response:
    """Problem details (RFC 9457), with the rules that speak against it."""
    if not status:
        status = _STATUS.get(error.exit_code, 500)
        status = 409 if isinstance(error, Conflict) else status
        status = 400 if isinstance(error, CanonicalError) else status
    value: dict[str, Any] = {
        "type": f"urn:desk:problem:{error.code}", "title": error.title, "status": status,
    }  # fmt: skip
    if error.message:
        value["detail"] = error.message
    if reasons := getattr(error, "reasons", ()):
        value["reasons"] = [reason.as_json() for reason in reasons]
    return JSONResponse(
        value, status, {"Cache-Control": "no-store"}, media_type="application/problem+json"
    )


class Listener:
    """The application of one newsroom. `port`: where it listens, for the check of Host."""

    def __init__(self, room: Room, token: str, port: int) -> None:
        self._room = room
        self._token = token
        self._hosts = {f"{name}:{port}" for name in (HOST, "localhost", "[::1]")}
        self._waiting = 0
        self.app = Starlette(
            routes=[
                Route("/v1/releases/{release}", self._guarded(self._status), methods=["GET"]),
                Route("/v1/releases/{release}/trigger", self._guarded(self._to_sign),
                      methods=["GET"]),
                Route("/v1/triggers", self._guarded(self._trigger), methods=["POST"]),
            ],
            exception_handlers={HTTPException: _http, Exception: _unexpected},
        )  # fmt: skip

    def _guarded(self, handler: Handler) -> Handler:
        async def first(request: Request) -> Response:
            try:
                if refused := self._stranger(request):
                    return refused
                return await handler(request)
            except DeskError as error:
                return problem(error)

        return first

    def _stranger(self, request: Request) -> Response | None:
        """The answer to whoever is no program of this machine with the token."""
        origins = {f"http://{host}" for host in self._hosts}
        if request.headers.get("host", "").lower() not in self._hosts:
            return problem(UsageError("Not this machine", "Host is not loopback"), 421)
        if request.headers.get("origin", next(iter(origins))).lower() not in origins:
            return problem(UsageError("Not this machine", "Origin is not loopback"), 403)
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        same = hmac.compare_digest(given.strip().encode(), self._token.encode())
        if scheme.lower() != "bearer" or not same:
            return problem(UsageError("A bearer token is needed"), 401)
        return None

    async def _status(self, request: Request) -> Response:
        return _shown(await asyncio.to_thread(self._standing, _release(request)))

    def _standing(self, release: str) -> Triggered:
        with self._room.reading(release) as view:
            return trigger.standing(view, release)

    async def _to_sign(self, request: Request) -> Response:
        fields = await asyncio.to_thread(trigger.unsigned, self._room, _release(request))
        payload = base64.b64encode(canonical(fields)).decode()
        return JSONResponse({"payloadType": FIELDS[trigger.KIND].payload_type, "payload": payload})

    async def _trigger(self, request: Request) -> Response:
        seconds = _seconds(request)
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return problem(UsageError("JSON is wanted", "Content-Type: application/json"), 415)
        envelope = Envelope.from_json(await _body(request))
        fired = await asyncio.to_thread(trigger.take_in, self._room, envelope)
        if seconds and self._waiting < TOGETHER:
            self._waiting += 1
            try:
                fired = await asyncio.to_thread(trigger.wait, self._room, fired, seconds)
            finally:
                self._waiting -= 1
        fired.require()
        return _shown(fired, 200 if fired.already or fired.published else 202)


def _release(request: Request) -> str:
    return nfc(request.path_params["release"])[:64]


def _shown(view: Triggered, status: int = 200) -> Response:
    return JSONResponse(view.as_json(), status, {"Cache-Control": "no-store"})


def _seconds(request: Request) -> float:
    given = request.query_params.get("wait", "0")
    if not given.isascii() or not given.isdigit() or len(given) > 2 or int(given) > LONGEST_WAIT:
        raise UsageError("Not a span", "wait is a whole number of seconds, at most 60")
    return float(given)


async def _body(request: Request) -> bytes:
    found = bytearray()
    try:
        async with asyncio.timeout(PATIENCE):
            async for chunk in request.stream():
                found += chunk
                if len(found) > LARGEST:
                    raise UsageError(
                        "The request is too large",
                        phrase("at most {largest} bytes", largest=LARGEST),
                    )
    except TimeoutError:
        raise UsageError("The request stalled") from None
    return bytes(found)


async def _http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return problem(UsageError(error.detail), error.status_code)


async def _unexpected(_: Request, error: Exception) -> Response:
    logging.getLogger("desk.listener").error("unexpected %s", type(error).__name__)
    return problem(UsageError("Something went wrong", type(error).__name__), 500)


def serve(
    room: Room, token: str, port: int, *, ready: Callable[[str], None] = lambda url: None
) -> None:
    """Listen on loopback until SIGTERM or SIGINT. `ready` is told the address once it answers.

    Port 0 takes a free one. Raises Unavailable when the port is taken.
    """
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    listening = listening_on(HOST, port)
    port = listening.getsockname()[1]
    app = Listener(room, token, port).app
    server = Server(config(app, HOST, port), lambda: ready(f"http://{HOST}:{port}"))
    garbage.staying()
    asyncio.run(server.serve([listening]))
