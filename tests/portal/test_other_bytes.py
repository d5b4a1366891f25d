"""Bytes that are not the signed ones, on their way to a portal or on its disk: never shown."""

from __future__ import annotations

import json

import httpx

from desk.channels.driver import Opened, Rejected
from desk.trust.canonical import canonical

from .world import Asset, staged


async def test_attack_11_an_asset_swapped_for_another_is_not_accepted(setup):
    picture = Asset("a.svg", b"<svg/>" * 900, "image/svg+xml", "graphic")
    item, _ = setup.world.write_item("one", assets=[picture])
    identifier, signoff = setup.world.plan_release("first", [item])
    bundle = setup.world.bundle(identifier, signoff)
    (sealed,) = bundle.assets()
    token = {"Authorization": f"Bearer {setup.token}"}
    path = f"/v1/bundles/{bundle.address}/assets/{sealed.sha256}"
    async with httpx.AsyncClient(base_url=setup.running.url, headers=token) as line:
        assert (await line.put(path, content=b"x" * sealed.size)).status_code == 404
        await setup.driver.stage(bundle, setup.world.acts)
        setup.running.portal.bundles[bundle.address].missing.add(sealed.sha256)
        for wrong in (b"x" * sealed.size, b"", b"x" * (sealed.size + 70_000)):
            assert (await line.put(path, content=wrong)).status_code == 409
    setup.clock.advance(300)
    outcome = await setup.driver.commit(await setup.driver.prebuild_commit([bundle]))
    assert isinstance(outcome, Rejected)
    assert outcome.code == "incomplete"


async def test_attack_16_ciphertexts_swapped_on_the_portals_disk_show_a_notice_never_bytes(setup):
    one, two = await staged(setup, "one"), await staged(setup, "two")
    home = setup.running.home
    files = home.bundle_file(one.address), home.bundle_file(two.address)
    first, second = (file.read_bytes() for file in files)
    files[0].write_bytes(second)
    files[1].write_bytes(first)
    setup.clock.advance(300)
    for bundle in (one, two):
        commit = await setup.driver.prebuild_commit([bundle])
        assert isinstance(await setup.driver.commit(commit), Opened)
        receipt = await setup.published(bundle.address)
        assert [v.good for v in receipt.verified] == [False]
        async with httpx.AsyncClient(base_url=setup.running.url) as reader:
            page = await reader.get(f"/items/{bundle.bundle.items[0].item}")
            assert page.status_code == 503
            assert "CANARY" not in page.text
            assert (await setup.driver.public_view(receipt.verified[0].item, "vi")).state == (
                "checking"
            )


async def test_attack_01_a_bundle_with_other_bytes_than_the_signed_shows_a_notice(setup):
    """A publisher that alters a text after the sign-off: the portal finds out on opening."""
    world = setup.world
    item, act = world.write_item("one")
    good, _ = world.write_item("two")
    identifier, signoff = world.plan_release("first", [item, good])
    altered = json.loads(world.contents[act])
    altered["headline"] = "Altered"
    bundle = world.bundle(identifier, signoff, tamper={item: canonical(altered)})
    await setup.driver.stage(bundle, world.acts)
    setup.clock.advance(300)
    await setup.driver.commit(await setup.driver.prebuild_commit([bundle]))
    receipt = await setup.published(bundle.address)
    assert {v.item: v.good for v in receipt.verified} == {item: False, good: True}
    assert (await setup.driver.public_view(item, "vi")).state == "checking"
    assert (await setup.driver.public_view(good, "vi")).state == "live"


async def test_attack_11_an_asset_altered_on_disk_takes_its_item_down(setup):
    picture = Asset("a.svg", b"<svg/>" * 90_000, "image/svg+xml", "graphic")
    bundle = await staged(setup, "one", assets=[picture])
    (sealed,) = bundle.assets()
    file = setup.running.home.asset_file(bundle.address, sealed.sha256)
    data = bytearray(file.read_bytes())
    data[-20] ^= 1
    file.write_bytes(bytes(data))
    setup.clock.advance(300)
    await setup.driver.commit(await setup.driver.prebuild_commit([bundle]))
    receipt = await setup.published(bundle.address)
    assert [v.good for v in receipt.verified] == [False]
    assert (await setup.driver.public_view(receipt.verified[0].item, "vi")).state == "checking"
