"""A rehearsal at the portal: judged like the real thing, and nothing of it stays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desk.errors import NotFound, Refused
from desk.portal.contract.stagecrypt import bundle_address


def rehearsed(setup: Any) -> tuple[Any, str]:
    """A bundle sealed for an address that no sign-off gives, and the real sign-off's digest."""
    world = setup.world
    item, _ = world.write_item("one")
    release, signoff = world.plan_release("release of one", [item])
    bundle = world.bundle(release, signoff)
    plan = replace(bundle.plan, manifest="e" * 64)
    return replace(bundle, plan=plan, address=plan.address), signoff


def everything(setup: Any) -> set[Path]:
    return {
        path for path in Path(setup.running.home.path).rglob("*") if "portal.db" not in path.name
    }


async def test_it_is_judged_and_leaves_nothing(setup: Any) -> None:
    bundle, signoff = rehearsed(setup)
    before, epoch = everything(setup), setup.running.portal.epoch
    await setup.driver.rehearse(bundle, setup.world.acts, signoff)
    assert everything(setup) == before
    assert setup.running.portal.epoch == epoch
    assert not setup.running.portal.bundles
    with pytest.raises(NotFound):
        await setup.driver.readback(bundle)


async def test_what_would_be_refused_is_refused(setup: Any) -> None:
    bundle, signoff = rehearsed(setup)
    setup.world.act("release.hold", bundle.plan.release, "checker", nonce="ab" * 32)
    with pytest.raises(Refused) as error:
        await setup.driver.rehearse(bundle, setup.world.acts, signoff)
    assert "held" in {reason.rule for reason in error.value.reasons}


async def test_no_epoch_is_needed_and_none_is_taken(setup: Any) -> None:
    """So it can run beside the publisher that leads."""
    bundle, signoff = rehearsed(setup)
    beside = setup.new_driver()
    await beside.rehearse(bundle, setup.world.acts, signoff)
    await setup.driver.stage(
        setup.world.bundle(bundle.plan.release, signoff), setup.world.acts
    )  # the first one is heard as before


async def test_the_address_of_a_sign_off_cannot_be_rehearsed(setup: Any) -> None:
    bundle, signoff = rehearsed(setup)
    real = bundle_address(setup.world.uid, "portal", signoff)
    with pytest.raises(Refused):
        await setup.driver.rehearse(replace(bundle, address=real), setup.world.acts, signoff)
