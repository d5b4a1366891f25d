"""The portal driver against portals that misbehave, and networks that interfere."""

from __future__ import annotations

import asyncio
import contextlib
import json
import ssl
from dataclasses import replace

import pytest

from desk.channels.desk_portal import Account, DeskPortal
from desk.channels.driver import Opened, Prebuilt, Rejected, TooEarly, TooLate, Unknown
from desk.channels.registry import Connection, connect
from desk.errors import TrustError, Unavailable, UsageError
from desk.portal.contract.receipt import Receipt
from desk.trust.keys import Identity
from tests.certificate import make


class Odd:
    """A server that answers each request with prepared bytes, and keeps what it was sent."""

    def __init__(self, *answers: bytes | None, context: ssl.SSLContext | None = None) -> None:
        self.answers = list(answers)
        self.received = b""
        self.connections = 0
        self.context = context
        self.held: list[asyncio.StreamWriter] = []

    async def __aenter__(self) -> Odd:
        self.server = await asyncio.start_server(self._talk, "127.0.0.1", 0, ssl=self.context)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        for writer in self.held:
            writer.close()
        self.server.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.held.append(writer)
        while self.answers:
            head = await reader.read(100_000)
            if not head:
                break
            self.received += head
            answer = self.answers.pop(0)
            if answer is None:
                await reader.read()  # never answers; ends when the client gives up
                break
            writer.write(answer)
            await writer.drain()
            if b"keep-alive" not in answer:
                break
        writer.close()


def answer(status: int, value: object = None, headers: str = "") -> bytes:
    body = json.dumps(value).encode() if value is not None else b""
    return (
        f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: keep-alive\r\n{headers}\r\n"
    ).encode() + body


SIGNER = Identity(bytes(32))
PORTAL = Identity(b"p" * 32)
NEWSROOM = "desk-vn@" + "0" * 32
ADDRESS = "ab" * 32
PREBUILT = Prebuilt("portal", (ADDRESS,), "2026-11-20T08:00:00Z", ("k" * 64, b'{"x": 1}'))


def driver_for(port: int, *, scheme: str = "http", timeout: float = 5.0, **options) -> DeskPortal:
    return DeskPortal(
        "portal", f"{scheme}://127.0.0.1:{port}", PORTAL.sign_public,
        Account(NEWSROOM, "pub-1", SIGNER, "TOKEN-5e"), timeout=timeout, **options,
    )  # fmt: skip


async def commit_at(odd: Odd, **options):
    driver = driver_for(odd.port, **options)
    try:
        return await driver.commit(PREBUILT)
    finally:
        await driver.aclose()


def receipt(**changes) -> Receipt:
    values = {
        "portal": PORTAL.sign_public, "newsroom": NEWSROOM, "channel": "portal",
        "address": ADDRESS, "release": "r-0123456789", "manifest": "0" * 64, "state": "opened",
        "at": "2026-11-20T08:00:00Z", "epoch": 1, "items": 1, "opened_ms": 1795161600001,
    } | changes  # fmt: skip
    return Receipt(**values)


@pytest.mark.parametrize(
    "reply",
    [answer(500), answer(502, {"error": "x"}), b"HTTP/1.1 200 OK\r\nContent-Len", b"", b"\xff\xfe",
     answer(200, {}), answer(200, {"receipts": []}), answer(200, [1]),
     answer(200, {"receipts": [{"payload": "x"}]}), answer(299),
     b"HTTP/1.1 200 X\r\nContent-Type: application/json\r\nContent-Length: 1\r\n\r\n{"],
)  # fmt: skip
async def test_attack_25_an_answer_that_makes_no_sense_is_an_unknown_outcome(reply):
    async with Odd(reply, reply) as odd:
        assert isinstance(await commit_at(odd), Unknown)


async def test_attack_25_a_portal_that_drips_its_answer_is_an_unknown_outcome():
    """A byte before each timeout would keep the instant, and every other channel's retry, open."""
    calls = 0

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal calls
        calls += 1
        await reader.read(100_000)
        writer.write(b"HTTP/1.1 200 X\r\nX-Slow: ")
        with contextlib.suppress(ConnectionError):
            while not writer.is_closing():
                writer.write(b"a")
                await writer.drain()
                await asyncio.sleep(0.02)

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    driver = driver_for(server.sockets[0].getsockname()[1], timeout=1.0)
    async with asyncio.timeout(90):
        assert isinstance(await driver.commit(PREBUILT), Unknown)
    assert calls == 2
    await driver.aclose()
    server.close()


async def test_attack_25_a_portal_that_is_down_or_does_not_answer_is_an_unknown_outcome():
    async with Odd(None, None) as odd:
        outcome = await commit_at(odd, timeout=0.5)
        assert isinstance(outcome, Unknown)
        assert odd.connections == 2  # replaced once, at once
    assert isinstance(await commit_at(odd), Unknown)


@pytest.mark.parametrize(
    ("change", "signer"),
    [
        ({}, SIGNER),  # signed by another key than the policy's
        ({"address": "cd" * 32}, PORTAL),
        ({"channel": "press"}, PORTAL),
        ({"newsroom": "other@" + "0" * 32}, PORTAL),
        ({"state": "staged"}, PORTAL),
        ({"opened_ms": 1795161599999}, PORTAL),  # a millisecond early
        ({"portal": SIGNER.sign_public}, PORTAL),
    ],
)
async def test_attack_25_success_with_a_receipt_that_does_not_hold_is_no_success(change, signer):
    reply = answer(200, {"receipts": [receipt(**change).signed(signer).to_value()]})
    async with Odd(reply) as odd:
        assert isinstance(await commit_at(odd), Unknown)


async def test_a_good_receipt_is_a_success_and_refusals_say_what_they_are():
    reply = answer(200, {"receipts": [receipt().signed(PORTAL).to_value()]})
    async with Odd(reply) as odd:
        assert isinstance(await commit_at(odd), Opened)
    async with Odd(answer(410, {})) as odd:
        assert await commit_at(odd) == TooLate()
    async with Odd(answer(403, {"error": {"code": "refused", "title": "No", "reasons": 5}})) as odd:
        assert isinstance(await commit_at(odd), (Rejected, Unknown))


async def test_a_connection_that_died_while_idle_is_replaced_within_the_commit():
    good = answer(200, {"receipts": [receipt().signed(PORTAL).to_value()]})
    time = answer(200, {"ms": 1, "sure": True}).replace(b"keep-alive", b"x")
    async with Odd(time, good) as odd:
        driver = driver_for(odd.port)
        await driver.warm()
        done = await driver.commit(PREBUILT)
        assert isinstance(done, Opened)
        await driver.aclose()


EARLY = answer(425, {"error": {"code": "too_early", "title": "No"}, "wait_ms": 40})
SURE_NOS = (
    EARLY,
    answer(410, {}),
    answer(403, {"error": {"code": "refused", "title": "No"}}),
    answer(409, {"error": {"code": "recalled", "title": "No"}}),
    answer(503, {"error": {"code": "judging", "title": "No"}, "wait_ms": 40}),
)


@pytest.mark.parametrize("no", SURE_NOS, ids=lambda no: no[9:12].decode())
async def test_attack_26_a_no_is_none_while_an_earlier_call_has_no_answer(no):
    """The first call was sent and lost: it may still arrive, whatever the later ones hear."""
    async with Odd(b"", no, no) as odd:
        driver = driver_for(odd.port)
        try:
            assert isinstance(await driver.commit(PREBUILT), Unknown)
            assert isinstance(await driver.commit(PREBUILT), Unknown)
        finally:
            await driver.aclose()


@pytest.mark.parametrize("no", SURE_NOS, ids=lambda no: no[9:12].decode())
async def test_attack_26_a_no_counts_under_a_newer_epoch(no):
    """The portal refuses by now what was sent under the older one."""
    async with Odd(b"", no, no) as odd:
        driver = driver_for(odd.port)
        try:
            assert isinstance(await driver.commit(PREBUILT), Unknown)
            newer = replace(PREBUILT, epoch=1)
            assert not isinstance(await driver.commit(newer), Unknown | Opened)
            assert isinstance(await driver.commit(PREBUILT), Unknown)  # nobody has an answer to it
        finally:
            await driver.aclose()


async def test_a_call_whose_keys_never_left_leaves_no_doubt():
    """The connection ends before the gate opens: only the head of the request was sent."""

    async def ended():
        raise Unavailable("The connection ended")

    async with Odd(EARLY, EARLY) as odd:
        driver = driver_for(odd.port)
        try:
            with pytest.raises(Unavailable):
                await driver._send_commit(PREBUILT, ended)
            assert isinstance(await driver.commit(PREBUILT), TooEarly)
        finally:
            await driver.aclose()


async def test_attack_30_a_redirect_is_not_followed_and_the_other_host_hears_nothing():
    async with Odd() as other:
        away = answer(307, {}, f"Location: http://127.0.0.1:{other.port}/v1/commits\r\n")
        async with Odd(away, away) as odd:
            assert isinstance(await commit_at(odd), Unknown)
        async with Odd(away, away) as odd:
            driver = driver_for(odd.port)
            with pytest.raises(TrustError):
                await driver.receipt(ADDRESS)
            await driver.aclose()
        assert other.connections == 0


async def test_attack_30_proxies_and_authorities_of_the_environment_are_not_used(
    monkeypatch, tmp_path
):
    good = answer(200, {"receipts": [receipt().signed(PORTAL).to_value()]})
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login a password b\n")
    async with Odd() as proxy, Odd(good) as odd:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
        assert isinstance(await commit_at(odd), Opened)
        assert proxy.connections == 0
        assert b"Bearer TOKEN-5e" in odd.received


async def test_attack_30_a_wrong_certificate_gets_no_bytes_of_ours(tmp_path, monkeypatch):
    made = make(tmp_path, "portal.example.org")
    cert, context = str(made.cert), made.server
    # An attacker who controls the environment adds his own authority to it.
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(name, cert)
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    good = answer(200, {"receipts": [receipt().signed(PORTAL).to_value()]})
    async with Odd(good, context=context) as odd:
        assert isinstance(await commit_at(odd, scheme="https"), Unknown)
        driver = driver_for(odd.port, scheme="https")
        with pytest.raises(Unavailable):
            await driver.time()
        await driver.aclose()
        assert odd.received == b""
    async with Odd(good, context=context) as odd:
        assert isinstance(await commit_at(odd, scheme="https", ca=made.cert), Opened)


@pytest.mark.parametrize(
    "url",
    ["http://portal.example.org", "ftp://127.0.0.1", "https://u:p@portal.example.org", "portal",
     "https://", "http://127.0.0.1.example.org", "https://portal.example.org/?x=1"],
)  # fmt: skip
def test_attack_30_an_address_that_would_leak_the_token_is_refused(url):
    with pytest.raises(UsageError):
        DeskPortal("portal", url, PORTAL.sign_public, Account(NEWSROOM, "pub-1", SIGNER, "t"))


def test_the_registry_makes_drivers_from_the_policy_and_explains_what_it_cannot(tmp_path):
    by = Connection(NEWSROOM, "pub-1", SIGNER, tmp_path, "Asia/Ho_Chi_Minh", "t")
    entry = {"driver": "desk", "url": "http://127.0.0.1:1", "key": "0" * 64}
    assert connect("portal", entry, by).channel == "portal"
    assert connect("wire", {"driver": "folder", "path": "wire"}, by).channel == "wire"
    for bad in ({"driver": "fax"}, {}, {"driver": "desk", "url": "http://127.0.0.1:1"}):
        with pytest.raises(UsageError):
            connect("x", bad, by)
