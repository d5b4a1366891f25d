"""Requests that no browser sends, as bytes over a connection to a real portal."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from desk.portal import visits

from .conftest import Running
from .test_release import release

HOST = b"Host: portal.example.org\r\n"


async def said(setup: Any, request: bytes) -> bytes:
    """What the portal answers until it closes, or falls silent after an answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", setup.running.port)
    writer.write(request)
    answer = await reader.readuntil(b"\r\n\r\n")
    try:
        async with asyncio.timeout(0.5):
            answer += await reader.read()
    except TimeoutError:
        pass
    writer.close()
    return answer


async def test_attack_18_a_request_with_two_lengths_is_read_by_neither(setup):
    """RFC 9112, 6.1: a proxy that took the other length would pass a second request unseen."""
    inside = b"GET /v1/time HTTP/1.1\r\n" + HOST + b"\r\n"
    smuggled = (
        b"POST /search HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n"
        b"Content-Length: %d\r\n\r\n0\r\n\r\n%b" % (5 + len(inside), inside)
    )
    answer = await said(setup, smuggled)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1 ") == 1


async def test_nobody_is_sent_to_the_host_that_a_request_names(setup):
    answer = await said(setup, b"GET /calendar/ HTTP/1.1\r\nHost: evil.example.org\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 404 ")
    assert b"evil.example.org" not in answer


@pytest.mark.parametrize("number", ["0", "-1", "9" * 20, "9" * 5000, "²", "1e3", "%31"])
@pytest.mark.parametrize("ending", ["", ".json"])
async def test_a_number_that_no_version_has_is_not_there(setup, number, ending):
    item, _ = setup.world.write_item("one")
    await release(setup, item)
    path = f"/items/{item}/versions/{number}{ending}".replace("²", "%C2%B2")
    answer = await said(setup, b"GET %b HTTP/1.1\r\n%b\r\n" % (path.encode(), HOST))
    wanted = b"307" if number == "%31" and not ending else b"200" if number == "%31" else b"404"
    assert answer.split(b" ")[1] == wanted


async def test_attack_25_who_never_ends_a_head_is_asked_to_leave(setup, monkeypatch):
    monkeypatch.setattr(visits, "HEAD_SECONDS", 1.0)
    whole = b"GET /v1/time HTTP/1.1\r\n" + HOST + b"\r\n"
    for begun in ([], [b"G"], [b"GET / HTTP/1.1\r\n" + HOST], [whole, b"G"]):
        reader, writer = await asyncio.open_connection("127.0.0.1", setup.running.port)
        for part in begun:
            writer.write(part)
            if part is whole:
                await reader.readuntil(b"\r\n\r\n")
        async with asyncio.timeout(90):
            with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
                await reader.readexactly(1_000_000)
        writer.close()


async def test_attack_25_one_reader_behind_a_web_server_does_not_use_up_the_pages_of_all(setup):
    """The web server in front comes from one address; whom it names last is whom it has seen."""
    running = Running(setup.running.home, setup.clock, rate=0.001, burst=3)
    running.start()
    async with httpx.AsyncClient(base_url=running.url) as web_server:

        async def asked(*forwarded: str) -> int:
            headers = [("X-Forwarded-For", value) for value in forwarded]
            return (await web_server.get("/", headers=headers)).status_code

        flood = [await asked(f"192.0.2.{n}, 198.51.100.1") for n in range(5)]
        assert flood == [200, 200, 200, 429, 429]
        assert await asked("192.0.2.7", "198.51.100.1") == 429
        assert await asked("198.51.100.1, 192.0.2.7") == 200
        assert await asked() == 200
    running.stop()
