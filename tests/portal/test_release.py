"""From a signed release to what the public reads, through a real server on loopback."""

from __future__ import annotations

from desk.channels.driver import Opened, TooEarly


async def test_a_signed_release_goes_public_at_its_instant(setup):
    world = setup.world
    item, _ = world.write_item("one")
    release, signoff = world.plan_release("first", [item])
    bundle = world.bundle(release, signoff)
    state = await setup.driver.stage(bundle, world.acts)
    assert state.complete
    await setup.driver.readback(bundle)
    commit = await setup.driver.prebuild_commit([bundle])
    early = await setup.driver.commit(commit)
    assert early == TooEarly(300_000)
    setup.clock.advance(300)
    done = await setup.driver.commit(commit)
    assert isinstance(done, Opened)
    (receipt,) = done.receipts
    assert (receipt.state, receipt.late_us, receipt.items) == ("opened", 0, 1)
    published = await setup.published(bundle.address)
    assert [v.good for v in published.verified] == [True]
    assert await setup.driver.commit(commit) == done
