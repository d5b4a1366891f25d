"""Handshakes: connections that have yet to agree on TLS, counted among the others.

The server's own way counts a connection once it can be spoken over. A crowd that connects and
never ends its handshake would take every file that the process may open, uncounted. So the portal
agrees on TLS itself: whoever comes in is a guest of the house from the first moment, has a few
seconds, and makes room when it is full.
"""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path
from typing import Any

from desk.errors import UsageError
from desk.phrase import phrase
from desk.portal.visits import House, Visit

HANDSHAKE_SECONDS = 10.0


def context(certificate: Path, key: Path | None) -> ssl.SSLContext:
    """TLS 1.2 or newer with that chain (PEM) and key. Raises UsageError when they do not fit."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        made.load_cert_chain(certificate, key)
    except OSError as error:  # ssl.SSLError is one
        raise UsageError(
            "The certificate cannot be used",
            phrase("{path}: {why}", path=certificate, why=type(error).__name__),
            "Give a chain and its private key (PEM): --certificate FILE --tls-key FILE",
        ) from None
    return made


class Arrival(asyncio.Protocol):
    """One connection until TLS is agreed; then it is a `Visit`, which takes the rest."""

    vouched = False
    waiting = True

    def __init__(self, house: House, context: ssl.SSLContext, **options: Any) -> None:
        self._house, self._context, self._options = house, context, options
        self._others: set[Any] = options["server_state"].connections
        self._early = bytearray()
        self._gone = False
        self._transport: asyncio.Transport | None = None
        self._task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody is there, and has to agree on TLS in time."""
        assert isinstance(transport, asyncio.Transport)
        transport.pause_reading()  # every byte is for the handshake
        self._transport = transport
        self._others.add(self)
        self._house.enter(self)
        if not transport.is_closing():
            self._task = asyncio.get_running_loop().create_task(self._agree(transport))

    async def _agree(self, transport: asyncio.Transport) -> None:
        loop = asyncio.get_running_loop()
        try:
            secured = await loop.start_tls(
                transport, self, self._context, server_side=True,
                ssl_handshake_timeout=HANDSHAKE_SECONDS,
            )  # fmt: skip
        except OSError:  # no TLS, another certificate wanted, gone, too slow: nothing to say to it
            transport.abort()
            return
        finally:
            self._leave()
        if secured is None or self._gone:
            transport.abort()
            return
        visit = Visit(self._house, **self._options)
        secured.set_protocol(visit)
        visit.connection_made(secured)
        if self._early:
            visit.data_received(bytes(self._early))

    def data_received(self, data: bytes) -> None:
        """What came in one packet with the end of the handshake."""
        self._early += data

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is there any more."""
        self._gone = True
        self._leave()

    def _leave(self) -> None:
        self._others.discard(self)
        self._house.leave(self)

    def end(self) -> None:
        """Close it at once."""
        self._leave()
        if self._task is not None:
            self._task.cancel()
        if self._transport is not None:
            self._transport.abort()

    def shutdown(self) -> None:
        """The server ends."""
        self.end()
