"""The listener without a newsroom behind it: what it refuses before it looks anything up."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from desk.releases.listener import Listener

TOKEN = "t" * 32


async def post(wait: str) -> httpx.Response:
    room: Any = None  # nothing of the newsroom may be needed to refuse this
    transport = httpx.ASGITransport(app=Listener(room, TOKEN, 8620).app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8620") as client:
        return await client.post(
            "/v1/triggers", params={"wait": wait}, content=b"{}",
            headers={"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"},
        )  # fmt: skip


@pytest.mark.parametrize("wait", ["61", "999", "0000999999", "00000060", "-1", "1e1", "", "٣"])
async def test_nobody_waits_longer_than_a_minute(wait: str) -> None:
    answer = await post(wait)
    assert answer.status_code == 400
    assert answer.json()["title"] == "Not a span"


async def test_a_minute_is_no_mistake() -> None:
    assert (await post("60")).json()["title"] == "Not an envelope"
