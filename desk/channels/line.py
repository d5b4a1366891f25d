"""A line to one portal: an HTTP/1.1 client that trusts neither the network nor the answers.

No proxy, authority or password from the environment, no redirects, a timeout on everything, and
a limit on how much an answer may weigh.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import hashlib
import json
import ssl
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from desk.channels.driver import FencedOff, OtherRoster
from desk.errors import (
    Conflict,
    DeskError,
    NotFound,
    Reason,
    Refused,
    TrustError,
    Unavailable,
    UsageError,
)
from desk.kept_phrase import KEY as PHRASES
from desk.kept_phrase import revived
from desk.phrase import joined, phrase
from desk.portal.contract.wire import MAX_SMALL

_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_LONGEST = 500  # characters of a portal's words that are passed on


@dataclass(frozen=True)
class Answer:
    """One answer: status, the JSON object in it ({} when there is none), and the bytes."""

    status: int
    value: Mapping[str, Any]
    body: bytes

    def _error(self) -> Mapping[str, Any]:
        """What it says of an error, with phrases where it tells how they were made."""
        given = {name: self.value[name] for name in ("error", PHRASES) if name in self.value}
        error = revived(given).get("error")
        return error if isinstance(error, dict) else {}

    @property
    def code(self) -> str:
        """What the portal calls the error, or ''."""
        return str(self._error().get("code", ""))[:40]

    def whole(self, name: str) -> int:
        """A whole number of the answer, 0 when it is not there."""
        value = self.value.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else 0

    def reasons(self) -> tuple[Reason, ...]:
        """Why not, as the portal says it; at least one."""
        error = self._error()
        given = error.get("reasons")
        listed = given[:1000] if isinstance(given, list) else []
        found = tuple(_reason(reason) for reason in listed if isinstance(reason, dict))
        text = f"{error.get('title', self.status)} {error.get('message', '')}".strip()
        return found or (Reason(self.code or "http", text[:_LONGEST]),)


def _reason(value: Mapping[str, Any]) -> Reason:
    who = value.get("who")
    return Reason(
        str(value.get("rule", ""))[:40],
        _bounded(value.get("text", "")),
        tuple(str(person)[:64] for person in who) if isinstance(who, list) else (),
    )


def _bounded(text: object) -> str:
    """A portal's words, a phrase as it is; not more of them than fit a screen."""
    return text if isinstance(text, str) and len(text) <= _LONGEST else str(text)[:_LONGEST]


def checked_url(url: str) -> str:
    """A portal's address without a final slash. Raises UsageError when the token would leak."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError("Not an address of a portal", url[:200])
    if parts.username or parts.password or parts.query or parts.fragment:
        raise UsageError("An address carries no user name, query or fragment", parts.hostname)
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise UsageError("A portal on another host is spoken to over https", parts.hostname)
    return url.rstrip("/")


def trusted(url: str, ca: Path | None = None) -> ssl.SSLContext:
    """Whose certificates count for a portal: the private authority's, or the public ones.

    In clear, on loopback, nobody's do: reading all authorities takes 20 ms of every start.
    """
    if ca is not None:
        return ssl.create_default_context(cafile=str(ca))
    if urlsplit(url).scheme == "http":
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return _public()


@functools.cache
def _public() -> ssl.SSLContext:
    """The public authorities that httpx brings along; read once for all portals."""
    return httpx.create_ssl_context(trust_env=False)


class Line:
    """Connections to one portal, kept open. `timeout` in seconds, for each turn of an exchange;
    `patience` for all of them: a portal that sends a byte now and then keeps nobody for ever.
    """

    def __init__(
        self, channel: str, url: str, token: str, *, verify: ssl.SSLContext,
        timeout: float, connections: int, patience: float | None = None,
    ) -> None:  # fmt: skip
        self._channel = channel
        self._patience = patience
        self._token = token
        self.client = httpx.AsyncClient(
            base_url=checked_url(url),
            verify=verify,
            timeout=httpx.Timeout(timeout, connect=min(timeout, 5.0)),
            trust_env=False,
            follow_redirects=False,
            headers={"User-Agent": "desk-publisher/1", "Accept-Encoding": "identity"},
            limits=httpx.Limits(
                max_connections=connections,
                max_keepalive_connections=connections,
                keepalive_expiry=110,  # the reference portal keeps them for 120 s
            ),
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self.client.aclose()

    def request(
        self, verb: str, path: str, *, value: Any = None,
        content: bytes | AsyncIterator[bytes] | None = None,
        headers: Mapping[str, str] | None = None, public: bool = False,
    ) -> httpx.Request:  # fmt: skip
        """A request with the bearer token, or, when `public`, as anybody would make it."""
        given = dict(headers or {})
        if not public:
            given["Authorization"] = f"Bearer {self._token}"
        if value is not None:
            content = json.dumps(value).encode()
            given["Content-Type"] = "application/json"
        return self.client.build_request(verb, path, content=content, headers=given)

    async def send(self, request: httpx.Request, limit: int = MAX_SMALL) -> Answer:
        """The answer, whatever its status. Raises Unavailable when there is none."""
        body = bytearray()
        try:
            async with asyncio.timeout(self._patience):
                response = await self.client.send(request, stream=True)
                async with contextlib.aclosing(response):
                    async for chunk in response.aiter_bytes():
                        body += chunk
                        if len(body) > limit:
                            raise Unavailable("The portal's answer is too large", self._channel)
        except (httpx.HTTPError, ssl.SSLError, TimeoutError) as error:
            raise self._silent(error) from None
        value: Any = {}
        if "json" in response.headers.get("content-type", ""):
            with contextlib.suppress(ValueError, RecursionError):
                value = json.loads(bytes(body))
        return Answer(response.status_code, value if isinstance(value, dict) else {}, bytes(body))

    async def call(
        self, verb: str, path: str, value: Any = None, *,
        content: AsyncIterator[bytes] | None = None, headers: Mapping[str, str] | None = None,
        limit: int = MAX_SMALL,
    ) -> Answer:  # fmt: skip
        """The answer to a call that succeeds. Raises the DeskError that tells why it did not."""
        request = self.request(verb, path, value=value, content=content, headers=headers)
        answer = await self.send(request, limit)
        if not 200 <= answer.status < 300:
            raise self.error(answer)
        return answer

    async def sha256(self, path: str) -> str:
        """The digest of what lies there, read in pieces. Raises as `call` does."""
        hashed = hashlib.sha256()
        try:
            response = await self.client.send(self.request("GET", path), stream=True)
            async with contextlib.aclosing(response):
                async for chunk in response.aiter_bytes():
                    hashed.update(chunk)
        except (httpx.HTTPError, ssl.SSLError) as error:
            raise self._silent(error) from None
        if response.status_code != 200:
            raise self.error(Answer(response.status_code, {}, b""))
        return hashed.hexdigest()

    def _silent(self, error: Exception) -> Unavailable:
        return Unavailable(
            "The portal does not answer",
            f"{self._channel}: {type(error).__name__}",
            "Is it running, and is its address in calendar.yaml right?",
        )

    def error(self, answer: Answer) -> DeskError:
        """What an answer that is no success means."""
        where = f"{self._channel}: {answer.status} {answer.code}".strip()
        reasons = answer.reasons()
        if answer.status == 409 and answer.code == "epoch":
            return FencedOff("Another publisher has taken over", where)
        if answer.status == 409 and answer.code == "roster":
            why = joined(": ", (where, reasons[0].text))
            return OtherRoster("The portal goes by a roster that is not known here", why)
        if answer.status == 404:
            return NotFound("The portal has no such thing", where)
        if answer.status in (409, 410, 425):
            return Conflict("The portal does not accept it", joined(": ", (where, reasons[0].text)))
        if answer.status in (400, 401, 403, 413):
            return Refused(phrase("The portal refuses ({where})", where=where), reasons)
        if 300 <= answer.status < 400:
            return TrustError("The portal sends us elsewhere", where, "Check its address")
        return Unavailable("The portal does not work now", where)
