"""Webhooks: one signed POST of JSON to one address. No proxy, no redirect, no cookie.

    POST /path
    Content-Type: application/json
    Desk-Delivery: 5f1c…              the same at every try of the same alerts
    Desk-Signature: t=1795136400,v1=<64 hex>

The signature is HMAC-SHA256 (RFC 2104) with the shared secret over `t`, a full stop and the body's
bytes; a receiver compares it in constant time and refuses a `t` (seconds since the epoch) that is
old. Any status of 200 to 299 means that the alerts have arrived; the answer's body is not read.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
import ssl
from collections.abc import Callable
from pathlib import Path

import httpx

from desk.alerts.message import Message
from desk.alerts.sending import LONGEST, TIMEOUT, NotSent, tls_context
from desk.alerts.targets import Target
from desk.clock import Clock
from desk.newsroom.addresses import is_loopback


def signature(secret: str, moment: int, body: bytes) -> str:
    """The value of Desk-Signature for a body at a time (seconds since the epoch)."""
    signed = hmac.new(secret.encode(), b"%d." % moment + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={signed}"


class WebhookSender:
    """Posts to webhooks. `secret` gives the shared secret by its name."""

    def __init__(
        self, secret: Callable[[str], str], clock: Clock, *, ca: Path | None = None,
        timeout: float = TIMEOUT, longest: float = LONGEST,
    ) -> None:  # fmt: skip
        self._secret, self._clock, self._ca = secret, clock, ca
        self._timeout, self._longest = timeout, longest

    async def send(self, target: Target, message: Message, name: str) -> None:
        """Post one message. Raises NotSent, NotFound for a secret that is not there."""
        if not target.address.startswith("https:") and not is_loopback(target.address):
            raise NotSent("That webhook is spoken to over https", "no-tls")
        body = json.dumps(message.document, ensure_ascii=False, sort_keys=True).encode()
        secret = self._secret(target.credential)
        headers = {
            "Content-Type": "application/json",
            "Desk-Delivery": name,
            "Desk-Signature": signature(secret, self._clock.time_ns() // 10**9, body),
            "User-Agent": "desk-alerts/1",
        }
        try:
            async with asyncio.timeout(self._longest):
                status = await self._post(target.address, body, headers)
        except TimeoutError:
            raise NotSent("The webhook is slow to answer", "timeout") from None
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError) as error:
            raise NotSent("The webhook does not answer", type(error).__name__) from None
        if not 200 <= status < 300:
            raise NotSent("The webhook refuses it", f"http-{status}")

    async def _post(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        """The status of the answer. A client for each post: alerts are rare, cookies unwanted."""
        async with httpx.AsyncClient(
            verify=tls_context(self._ca), timeout=self._timeout, trust_env=False,
            follow_redirects=False,
        ) as client:  # fmt: skip
            request = client.build_request("POST", url, content=body, headers=headers)
            response = await client.send(request, stream=True)
            async with contextlib.aclosing(response):
                return response.status_code
