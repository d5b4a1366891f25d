"""Who may come in: a one-time link, then a cookie; the right host and the right origin.

Whoever sits at another account of this machine can reach the port, and any web page can make a
browser knock at it. The link is shown to the person who started the server and works once; the
cookie it is traded for is HttpOnly and SameSite=Strict (RFC 6265bis). Host is compared whole, so
that a name which was pointed at 127.0.0.1 (DNS rebinding) is not served; a websocket needs our own
Origin besides, since browsers let every page open one (RFC 6455, 10.2).
"""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256

from desk.clock import Clock

LINK_LIFE = 600.0  # seconds that the link waits for its one use
BYTES = 32


def _digest(text: str) -> bytes:
    return sha256(text.encode("utf-8", "surrogatepass")).digest()


class Gate:
    """The door of one server. Only digests of link and cookie are kept.

    `port` is the one that is listened at on 127.0.0.1.
    """

    def __init__(self, port: int, clock: Clock) -> None:
        self.authority = f"127.0.0.1:{port}"
        self.origin = f"http://{self.authority}"
        self.cookie_name = f"desk-{port}"  # cookies do not tell ports apart
        self._clock = clock
        self._link: bytes | None = None
        self._until = 0
        self._cookie: bytes | None = None

    def link(self) -> str:
        """A new address that works once, within LINK_LIFE; one that was made before works no more.

        Never put it into the arguments of a process: others on the machine can read those.
        """
        token = secrets.token_urlsafe(BYTES)
        self._link = _digest(token)
        self._until = self._clock.monotonic_ns() + int(LINK_LIFE * 1e9)
        return f"{self.origin}/?token={token}"

    def trade(self, token: str) -> str | None:
        """The cookie for a token that is right, unused and in time; None for any other."""
        link = self._link
        if link is None or not hmac.compare_digest(link, _digest(token)):
            return None
        self._link = None
        if self._clock.monotonic_ns() > self._until:
            return None
        cookie = secrets.token_urlsafe(BYTES)
        self._cookie = _digest(cookie)
        return cookie

    def knows(self, cookie: str | None) -> bool:
        """Whether this cookie was traded for the link."""
        if cookie is None or self._cookie is None:
            return False
        return hmac.compare_digest(self._cookie, _digest(cookie))

    def is_ours(self, host: str | None) -> bool:
        """Whether a request was meant for us, by its Host."""
        return host == self.authority

    def is_same_origin(self, origin: str | None) -> bool:
        """Whether a websocket was opened by our own page, by its Origin."""
        return origin == self.origin
