"""The portal decides by itself: what it was not shown to be good is not staged, whoever asks."""

from __future__ import annotations

import asyncio
import threading

import pytest

from desk.channels.driver import Fenced, FencedOff, Governance, Opened, Rejected, TooEarly
from desk.errors import Conflict, NotFound, Refused
from desk.portal import staging
from desk.portal.contract.wire import CommitOrder, Opening, signed
from desk.trust.acts import write as write_act

from .world import ident, staged


def rules(error) -> set[str]:
    return {reason.rule for reason in error.value.reasons}


async def opened(setup, bundle):
    """What becomes of a commit, once the portal has judged what it remembers."""
    while True:
        done = await setup.driver.commit(await setup.driver.prebuild_commit([bundle]))
        if not isinstance(done, TooEarly):
            return done


@pytest.mark.parametrize("rotten", [b"\xff\xfe[", b"7", b"[" * 100_000, b'[{"payload": 1}]'])
async def test_attack_27_acts_that_cannot_be_read_keep_no_other_bundle_from_opening(setup, rotten):
    """A disk that loses bytes loses one release, not the portal."""
    one, two = await staged(setup, "one"), await staged(setup, "two")
    setup.running.home.acts_file(one.address).write_bytes(rotten)
    setup.restart()
    setup.clock.advance(300)
    await setup.driver.epoch()
    assert isinstance(await opened(setup, two), Opened)
    refused = await opened(setup, one)
    assert isinstance(refused, Rejected)
    await setup.driver.stage(one, setup.world.acts)  # the publisher brings them again
    assert isinstance(await opened(setup, one), Opened)


async def test_after_a_start_what_is_due_opens_while_later_releases_are_still_judged(
    setup, monkeypatch
):
    """Hundreds may be staged, and the portal may be started a second before an instant."""
    later, _ = setup.world.write_item("later")
    release, signoff = setup.world.plan_release("later", [later], at="2026-11-20T08:05:00Z")
    await setup.driver.stage(setup.world.bundle(release, signoff), setup.world.acts)
    due = await staged(setup, "due")
    go_on, judged = threading.Event(), staging._judged

    def slowly(portal, staged, *rest):
        if staged.order.release == release:
            assert go_on.wait(60)
        return judged(portal, staged, *rest)

    monkeypatch.setattr(staging, "_judged", slowly)
    setup.restart(judged=False)
    setup.clock.advance(300)
    await setup.driver.epoch()
    assert isinstance(await opened(setup, due), Opened)
    go_on.set()


async def test_attack_03_an_author_who_signs_does_not_count_at_the_portal(setup):
    world = setup.world
    document = world.roster_document()
    document["people"]["writer"]["roles"].append({"role": "lead", "agency": "*"})
    world._adopt("roster", document)
    await setup.driver.prepare(Governance(world.governance()))
    item, _ = world.write_item("one")
    identifier, signoff = world.plan_release("first", [item], signers=["lead-1", "writer"])
    with pytest.raises(Refused) as error:
        await setup.driver.stage(world.bundle(identifier, signoff), world.acts)
    assert "author-signs" in rules(error)


async def test_attack_03_an_author_who_approves_does_not_count_at_the_portal(setup):
    world = setup.world
    document = world.roster_document()
    document["people"]["writer"]["roles"].append({"role": "review", "agency": "*"})
    world._adopt("roster", document)
    await setup.driver.prepare(Governance(world.governance()))
    item, act = world.write_item("one", approve=False)
    world.act("item.approve", item, "writer", revision=act, step="review", gates=[], roster=1)
    identifier, signoff = world.plan_release("first", [item])
    with pytest.raises(Refused) as error:
        await setup.driver.stage(world.bundle(identifier, signoff), world.acts)
    assert "author-approves" in rules(error)


async def test_attack_04_one_lead_counts_once(setup):
    world = setup.world
    item, _ = world.write_item("one")
    identifier, signoff = world.plan_release("first", [item], signers=["lead-1"])
    with pytest.raises(Refused) as error:
        await setup.driver.stage(world.bundle(identifier, signoff), world.acts)
    assert "signers" in rules(error)


async def test_attack_05_approvals_of_another_item_or_newsroom_do_not_count(setup):
    from .world import World

    world = setup.world
    item, act = world.write_item("one", approve=False)
    world.write_item("two")  # its approval is valid, for itself
    other = World(world.portal_key)
    foreign, _ = other.write_item("one")
    world.acts.append(other.acts[-1])
    identifier, signoff = None, None
    plan = world.act(
        "release.plan", ident("r", "first"), "lead-1", at="2026-11-20T08:00:00Z",
        zone="Asia/Ho_Chi_Minh", wall="2026-11-20T15:00:00", code="first",
        channels=["portal"], items=[item],
    )  # fmt: skip
    world.act("release.confirm", plan.subject, "lead-1", parent=plan.digest)
    from desk.trust.judge import manifest
    from desk.trust.record import Record

    record = Record.from_acts(world.pin, world.acts)
    sign = write_act("release.sign", manifest(record, plan.subject), world.people["lead-1"],
                     world.people["lead-2"])  # fmt: skip
    world.acts.append(sign.envelope)
    identifier, signoff = plan.subject, sign.digest
    world.record = lambda: Record.from_acts(world.pin, world.acts)  # type: ignore[method-assign]
    with pytest.raises(Refused) as error:
        await setup.driver.stage(world.bundle(identifier, signoff), world.acts)
    assert "chain" in rules(error)
    assert foreign == item
    assert act


async def test_attack_02_another_instant_than_the_signed_one_is_refused(setup):
    import dataclasses

    world = setup.world
    item, _ = world.write_item("one")
    identifier, signoff = world.plan_release("first", [item])
    bundle = world.bundle(identifier, signoff)
    sooner = dataclasses.replace(bundle.plan, at="2026-11-20T07:56:00Z")
    with pytest.raises(Refused) as error:
        await setup.driver.stage(dataclasses.replace(bundle, plan=sooner), world.acts)
    assert "manifest" in rules(error)


async def test_a_bundle_of_another_channel_is_refused(setup):
    world = setup.world
    item, _ = world.write_item("one")
    identifier, signoff = world.plan_release("first", [item])
    with pytest.raises(Refused) as error:
        await setup.driver.stage(world.bundle(identifier, signoff, "wire"), world.acts)
    assert "channels" in rules(error)


async def test_a_held_release_is_refused(setup):
    world = setup.world
    item, _ = world.write_item("one")
    identifier, signoff = world.plan_release("first", [item])
    world.act("release.hold", identifier, "checker", nonce="ab" * 32)
    with pytest.raises(Refused) as error:
        await setup.driver.stage(world.bundle(identifier, signoff), world.acts)
    assert "held" in rules(error)


async def test_attack_09_a_signer_revoked_after_staging_stops_the_commit(setup):
    bundle = await staged(setup)
    setup.world.adopt_roster({"lead-2": "revoked"})
    await setup.driver.prepare(Governance(setup.world.governance()))
    setup.clock.advance(300)
    outcome = await setup.driver.commit(await setup.driver.prebuild_commit([bundle]))
    assert isinstance(outcome, Rejected)
    assert {"signer", "signers"} & {reason.rule for reason in outcome.reasons}


async def test_attack_08_an_older_or_forked_roster_or_policy_is_refused(setup):
    world = setup.world
    old = world.governance()
    world.adopt_roster({"checker": "rotated"})
    await setup.driver.prepare(Governance(world.governance()))
    with pytest.raises(Conflict):
        await setup.driver.prepare(Governance(old))
    world.acts.remove(world.governance()[-1])
    world.adopt_roster({"writer": "revoked"})
    with pytest.raises(Refused):
        await setup.driver.prepare(Governance(world.governance()))


async def test_attack_13_a_policy_that_no_administrator_signed_changes_nothing(setup):
    world = setup.world
    world.admin, good = world.people["lead-1"], world.admin
    world.adopt_policy(releases=world.policy_document()["releases"] | {"signers": 1})
    with pytest.raises(Refused):
        await setup.driver.prepare(Governance(world.governance()))
    assert setup.running.portal.adopted.policy.signers == 2
    world.admin = good


async def test_attack_23_a_publisher_that_was_overtaken_is_fenced_off(setup):
    bundle = await staged(setup)
    stale = await setup.driver.prebuild_commit([bundle])
    standby = setup.new_driver("pub-2")
    epoch = await standby.epoch()
    await standby.stage(bundle, setup.world.acts)
    setup.clock.advance(300)
    assert await setup.driver.commit(stale) == Fenced(epoch)
    with pytest.raises(FencedOff):
        await setup.driver.stage(bundle, setup.world.acts)
    done = await standby.commit(await standby.prebuild_commit([bundle]))
    assert isinstance(done, Opened)
    with pytest.raises(FencedOff):
        await setup.driver.recall(bundle.address)


async def test_attack_23_what_was_still_being_judged_when_another_took_over_is_not_staged(
    setup, monkeypatch
):
    item, _ = setup.world.write_item("one")
    bundle = setup.world.bundle(*setup.world.plan_release("first", [item]))
    judging, go_on, real = threading.Event(), threading.Event(), staging.promises_of

    def slowly(*args):
        judging.set()
        assert go_on.wait(60)
        return real(*args)

    monkeypatch.setattr(staging, "promises_of", slowly)
    late = asyncio.create_task(setup.driver.stage(bundle, setup.world.acts))
    assert await asyncio.to_thread(judging.wait, 60)
    standby = setup.new_driver("pub-2")
    await standby.epoch()
    go_on.set()
    with pytest.raises(FencedOff):
        await late
    assert bundle.address not in setup.running.portal.bundles
    monkeypatch.setattr(staging, "promises_of", real)
    assert (await standby.stage(bundle, setup.world.acts)).state == "staged"


async def test_an_epoch_cannot_be_borrowed_by_another_publisher(setup):
    bundle = await staged(setup)
    other = setup.new_driver("pub-2")
    other._epoch = setup.driver._epoch
    setup.clock.advance(300)
    outcome = await other.commit(await other.prebuild_commit([bundle]))
    assert isinstance(outcome, Fenced)


async def test_only_publishers_of_the_roster_are_heard(setup):
    bundle = await staged(setup)
    impostor = setup.new_driver("pub-1")
    object.__setattr__(impostor._account, "signer", setup.world.people["lead-1"])
    with pytest.raises(Refused):
        await impostor.epoch()
    impostor._epoch = setup.driver._epoch
    setup.clock.advance(300)
    outcome = await impostor.commit(await impostor.prebuild_commit([bundle]))
    assert isinstance(outcome, Rejected)


async def test_a_wrong_key_opens_nothing(setup):
    import httpx

    bundle = await staged(setup)
    setup.clock.advance(300)
    order = CommitOrder(
        setup.world.uid, setup.driver._epoch, bundle.plan.at, (Opening(bundle.address, b"k" * 32),)
    )
    async with httpx.AsyncClient(base_url=setup.running.url) as line:
        answer = await line.post(
            "/v1/commits", json=signed(order, setup.world.people["pub-1"]).to_value(),
            headers={"Authorization": f"Bearer {setup.token}", "Idempotency-Key": "k" * 16},
        )  # fmt: skip
    assert answer.status_code == 403
    assert setup.running.portal.bundles[bundle.address].state == "staged"
    good = await setup.driver.prebuild_commit([bundle])
    assert isinstance(await setup.driver.commit(good), Opened)


async def test_a_recalled_bundle_stays_away_and_an_opened_one_cannot_be_recalled(setup):
    bundle = await staged(setup)
    await setup.driver.recall(bundle.address)
    await setup.driver.recall(bundle.address)
    with pytest.raises(Conflict):
        await setup.driver.stage(bundle, setup.world.acts)
    with pytest.raises(NotFound):
        await setup.driver.readback(bundle)
    setup.clock.advance(300)
    outcome = await setup.driver.commit(await setup.driver.prebuild_commit([bundle]))
    assert isinstance(outcome, Rejected)
    assert outcome.code == "recalled"
    other = await staged(setup, "two")
    await setup.driver.commit(await setup.driver.prebuild_commit([other]))
    with pytest.raises(Conflict):
        await setup.driver.recall(other.address)


async def test_attack_28_a_withdrawn_item_is_gone_and_cannot_be_released_again(setup):
    import httpx

    from .world import Asset

    picture = Asset("a.svg", b"<svg>CANARY-7a1f</svg>", "image/svg+xml", "graphic")
    world = setup.world
    item, act = world.write_item("one", assets=[picture])
    identifier, signoff = world.plan_release("first", [item])
    bundle = world.bundle(identifier, signoff)
    await setup.driver.stage(bundle, world.acts)
    setup.clock.advance(300)
    commit = await setup.driver.prebuild_commit([bundle])
    await setup.driver.commit(commit)
    await setup.published(bundle.address)
    before = list(world.acts)
    forged = world.act("item.withdraw", item, "writer", revision=act, mode="withdraw", note="x")
    with pytest.raises(Refused):
        await setup.driver.withdraw([forged.envelope])
    away = world.act("item.withdraw", item, "lead-1", revision=act, mode="withdraw",
                     note="Sai số liệu")  # fmt: skip
    await setup.driver.withdraw([away.envelope])
    async with httpx.AsyncClient(base_url=setup.running.url) as reader:
        page = await reader.get(f"/items/{item}")
        assert page.status_code == 410
        assert "Sai số liệu" in page.text
        feed = (await reader.get("/feed.atom?lang=vi")).text
        assert "deleted-entry" in feed
        for path in ("/", f"/items/{item}", f"/items/{item}.json", "/feed.atom", "/search?q=dan",
                     f"/items/{item}/assets/{picture.id}", "/corrections"):  # fmt: skip
            answer = await reader.get(path)
            assert "CANARY" not in answer.text
            assert "96.208.984" not in answer.text
        assert (await reader.get(f"/items/{item}/assets/{picture.id}")).status_code == 404
    assert (await setup.driver.public_view(item, "vi")).state == "withdrawn"
    setup.restart()
    await setup.driver.commit(commit)
    assert (await setup.driver.public_view(item, "vi")).state == "withdrawn"
    again, signoff = None, None
    world.acts = before
    again, signoff = world.plan_release("again", [item])
    with pytest.raises(Refused) as error:
        await setup.driver.stage(world.bundle(again, signoff), world.acts)
    assert rules(error) & {"withdrawn", "released"}


async def test_attack_28_withdrawn_before_the_instant_never_opens(setup):
    bundle = await staged(setup)
    entry = bundle.bundle.items[0]
    away = setup.world.act("item.withdraw", entry.item, "lead-1", revision=entry.act,
                           mode="kill", note="Không công bố")  # fmt: skip
    await setup.driver.withdraw([away.envelope])
    setup.clock.advance(300)
    outcome = await setup.driver.commit(await setup.driver.prebuild_commit([bundle]))
    assert isinstance(outcome, Rejected)
    assert "withdrawn" in {reason.rule for reason in outcome.reasons}
