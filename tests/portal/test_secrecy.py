"""Before the instant there is nothing to be found at the portal, whatever is asked for."""

from __future__ import annotations

import json
import os

import httpx
import pytest

from desk.channels.driver import Opened

from .test_release import FILM
from .world import CANARY, Asset

SECRET = Asset(f"{CANARY}.svg", f"<svg>{CANARY}</svg>".encode() * 4000, "image/svg+xml", "graphic")


@pytest.fixture
async def sealed(setup):
    item, _ = setup.world.write_item("one", assets=[SECRET, FILM])
    identifier, signoff = setup.world.plan_release("first", [item])
    bundle = setup.world.bundle(identifier, signoff)
    await setup.driver.stage(bundle, setup.world.acts)
    return bundle


async def test_attack_18_nothing_is_found_before_the_instant_and_misses_look_alike(setup, sealed):
    item = sealed.bundle.items[0].item
    asset = sealed.bundle.assets[0]
    guesses = [
        f"/items/{item}", f"/items/{item}.json", f"/items/{item}/receipt",
        f"/items/{item}/assets/{asset.id}", f"/v1/receipts/{sealed.address}",
    ]  # fmt: skip
    misses = [
        "/items/i-0000000000", "/items/i-0000000000.json", "/items/i-0000000000/receipt",
        "/items/i-0000000000/assets/a-0000000000", f"/v1/receipts/{'0' * 64}",
    ]  # fmt: skip
    async with httpx.AsyncClient(base_url=setup.running.url) as reader:
        for guess, miss in zip(guesses, misses, strict=True):
            for headers in ({}, {"Range": "bytes=0-99"}, {"Accept-Language": "vi"}):
                there = await reader.get(guess, headers=headers)
                nowhere = await reader.get(miss, headers=headers)
                assert there.status_code == nowhere.status_code == 404
                assert there.content == nowhere.content
                kept = dict(there.headers), dict(nowhere.headers)
                for seen in kept:
                    seen.pop("date", None)
                assert kept[0] == kept[1]
        for path in ("/", "/?lang=en", "/feed.atom", "/search?q=dan+so", "/corrections",
                     "/calendar", "/calendar.ics", "/v1/time", "/static/", "/static/../portal.db",
                     "/static/%2e%2e/portal.db", "/v1/", "/openapi.json"):  # fmt: skip
            answer = await reader.get(path)
            assert CANARY not in answer.text
            for word in (item, sealed.address, sealed.plan.release, asset.id):
                assert word not in answer.text
        for path in (f"/v1/bundles/{sealed.address}", f"/v1/bundles/{'0' * 64}",
                     f"/v1/bundles/{sealed.address}/assets/{asset.sealed.sha256}",
                     f"/v1/newsrooms/{setup.world.uid}"):  # fmt: skip
            for token in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Basic x"}):
                assert (await reader.get(path, headers=token)).status_code == 401


async def test_attack_14_the_portals_files_hold_no_clear_text_before_the_instant(setup, sealed):
    for file in setup.running.home.path.rglob("*"):
        if file.is_file():
            data = file.read_bytes()
            assert CANARY.encode() not in data, file
            assert "Tổng điều tra".encode() not in data, file
            assert setup.token.encode() not in data, file


async def test_attack_15_a_templated_figure_cannot_be_guessed_from_the_portals_digests(
    setup, sealed
):
    """Whoever can read the portal's disk knows the whole text but the salt."""
    import re

    from desk.trust.canonical import canonical, digest_bytes

    known = set()
    for file in setup.running.home.path.rglob("*"):
        if file.is_file():
            known |= set(re.findall(rb"[0-9a-f]{64}", file.read_bytes()))
    content = json.loads(sealed.bundle.items[0].content)
    guesses = [content | {"salt": "0" * 64}, {k: v for k, v in content.items() if k != "salt"}]
    for guess in guesses:
        assert digest_bytes(canonical(guess)).encode() not in known
        assert digest_bytes(canonical(guess["headline"])).encode() not in known
    assert digest_bytes(sealed.bundle.items[0].content).encode() not in {b""}


async def test_attack_14_the_log_of_a_whole_release_holds_no_text_and_no_key(setup, sealed, caplog):
    import base64
    import logging

    with caplog.at_level(logging.DEBUG):
        setup.clock.advance(300)
        done = await setup.driver.commit(await setup.driver.prebuild_commit([sealed]))
        assert isinstance(done, Opened)
        await setup.published(sealed.address)
    everything = "\n".join(str(record.__dict__) for record in caplog.records)
    assert CANARY not in everything
    assert setup.token not in everything
    assert sealed.key.hex() not in everything
    assert base64.b64encode(sealed.key).decode() not in everything
    for shown in (repr(sealed), repr(setup.driver), repr(setup.driver._account)):
        assert CANARY not in shown
        assert repr(sealed.key) not in shown


async def test_attack_31_asset_names_are_harmless_wherever_they_appear(setup):
    names = ["../../../etc/passwd", "a\r\nSet-Cookie: x=1.svg", "=cmd|' /C calc'!A0.svg",
             "\u202egvs.exe", '"><script>alert(1)</script>.svg', "CON", ".", "x" * 190,
             "biểu đồ 2026.svg"]  # fmt: skip
    assets = [
        Asset(name, f"<svg>{number}</svg>".encode(), "image/svg+xml", "graphic")
        for number, name in enumerate(names)
    ]
    item, _ = setup.world.write_item("one", assets=assets)
    identifier, signoff = setup.world.plan_release("first", [item])
    bundle = setup.world.bundle(identifier, signoff)
    await setup.driver.stage(bundle, setup.world.acts)
    setup.clock.advance(300)
    await setup.driver.commit(await setup.driver.prebuild_commit([bundle]))
    await setup.published(bundle.address)
    names_on_disk = {p.name for p in (setup.running.home.path / "sealed").rglob("*")}
    assert all(len(n) == 64 or n in ("bundle", "acts.json") for n in names_on_disk)
    async with httpx.AsyncClient(base_url=setup.running.url) as reader:
        assert "<script" not in (await reader.get(f"/items/{item}")).text
        for asset in assets:
            answer = await reader.get(f"/items/{item}/assets/{asset.id}")
            assert answer.status_code == 200
            assert "set-cookie" not in answer.headers
            shown = answer.headers["content-disposition"]
            name = shown.partition('filename="')[2].partition('"')[0]
            assert name
            assert not set(name) & set('/\\"\r\n;=')
            assert not name.startswith(".")
            assert "/" not in shown.partition("UTF-8''")[2]


async def test_a_stranger_learns_nothing_from_errors_and_cannot_send_too_much(setup, sealed):
    token = {"Authorization": f"Bearer {setup.token}"}
    base = f"/v1/bundles/{sealed.address}"
    async with httpx.AsyncClient(base_url=setup.running.url) as line:
        assert (await line.put(base, content=b"{" * 100)).status_code == 401
        for body in (b"{", b"[]", b"null", b'{"a":1,"a":2}', b'{"envelope":{},"acts":[]}',
                     b"\xff", os.urandom(200), b'{"x":1.5}', b"[" * 100_000):  # fmt: skip
            for verb, path in (("PUT", base), ("POST", "/v1/commits"), ("DELETE", base),
                               ("POST", "/v1/withdrawals"),
                               ("PUT", f"/v1/newsrooms/{setup.world.uid}/roster"),
                               ("PUT", f"/v1/newsrooms/{setup.world.uid}/calendar"),
                               ("POST", f"/v1/newsrooms/{setup.world.uid}/epochs")):  # fmt: skip
                answer = await line.request(
                    verb, path, content=body, headers=token | {"Idempotency-Key": "k" * 16}
                )
                assert answer.status_code in (400, 403), (verb, path, body[:20], answer.text)
                assert "Traceback" not in answer.text
        big = await line.post("/v1/commits", content=b" " * 300_000,
                              headers=token | {"Idempotency-Key": "k" * 16})  # fmt: skip
        assert big.status_code == 413
        assert (await line.post("/v1/commits", content=b"{}", headers=token)).status_code == 400
        assert (await line.post("/", content=b"x")).status_code == 405


async def test_readers_who_ask_too_often_are_slowed_and_the_publisher_is_not(tmp_path):
    from desk.clock import FakeClock
    from desk.portal.home import init

    from .conftest import Running

    home, _ = init(tmp_path / "portal", "desk-vn", "ab" * 32)
    running = Running(home, FakeClock(), rate=0.0001, burst=3)
    running.start()
    async with httpx.AsyncClient(base_url=running.url) as reader:
        answers = [(await reader.get("/")).status_code for _ in range(5)]
        assert answers == [200, 200, 200, 429, 429]
        assert (await reader.get("/v1/time")).status_code == 200
    running.stop()
