"""Certificates: when those end that the portals show, so that somebody renews them in time.

A handshake and nothing more: no request is made on the line.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from desk.alerts.sending import tls_context
from desk.clock import written

LONGEST = 10.0  # seconds for one handshake


async def ends(channels: Mapping[str, Mapping[str, Any]], ca: Path | None) -> dict[str, str]:
    """Channel -> the instant (written) at which the certificate of its https address ends.

    A channel that does not answer, or whose certificate does not hold, is left out: the publisher
    tells of that itself.
    """
    urls = {name: str(entry.get("url", "")) for name, entry in channels.items()}
    asked = {name: url for name, url in urls.items() if url.startswith("https:")}
    found = await asyncio.gather(*(_end(url, ca) for url in asked.values()))
    return {name: end for name, end in zip(asked, found, strict=True) if end}


async def _end(url: str, ca: Path | None) -> str:
    from datetime import UTC, datetime

    parts = urlsplit(url)
    with contextlib.suppress(OSError, TimeoutError):
        async with asyncio.timeout(LONGEST):
            _, writer = await asyncio.open_connection(
                parts.hostname, parts.port or 443, ssl=tls_context(ca)
            )
        try:
            shown = writer.get_extra_info("peercert") or {}
        finally:
            writer.transport.abort()
        if "notAfter" in shown:
            seconds = ssl.cert_time_to_seconds(shown["notAfter"])
            return written(datetime.fromtimestamp(seconds, UTC))
    return ""
