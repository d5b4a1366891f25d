"""A newsroom that has lived for years: rosters and policies that no single call can carry."""

from __future__ import annotations

from typing import Any

import pytest

from desk.channels import governing
from desk.channels.driver import Governance
from desk.errors import Conflict, Refused
from desk.portal.contract.wire import MAX_SMALL
from desk.trust.acts import read, write
from desk.trust.envelope import Envelope

from .test_release import release
from .world import BEFORE


def years(world: Any, rosters: int) -> None:
    """So many more rosters, each of which rotates a key or puts it back."""
    documents = [world.roster_document({"checker": state}) for state in ("rotated", "active")]
    before = world._latest("roster")
    for number in range(rosters):
        before = write(
            "roster",
            {"newsroom": world.uid, "subject": "roster", "version": before.fields["version"] + 1,
             "document": documents[number % 2], "parent": before.digest, "time": BEFORE},
            world.admin,
        )  # fmt: skip
        world.acts.append(before.envelope)


def size(acts: list[Envelope]) -> int:
    return sum(len(act.to_json()) for act in acts)


@pytest.mark.parametrize("known", [False, True], ids=["a new portal", "one that has the most"])
async def test_rosters_that_fill_more_than_one_call_keep_no_release_waiting(
    setup: Any, known: bool
) -> None:
    world = setup.world
    if known:
        years(world, 1200)
        await setup.driver.prepare(Governance(world.governance()))
    years(world, 100 if known else 1300)
    world.adopt_policy(withdraw_roles=["lead", "check"])
    acts = world.governance()
    assert size(acts) > MAX_SMALL
    await setup.driver.prepare(Governance(acts))
    adopted = setup.running.portal.adopted
    assert adopted.roster.version == world._latest("roster").fields["version"]
    assert adopted.policy.document["withdraw_roles"] == ["lead", "check"]
    assert setup.running.portal.governance() == acts
    item, _ = world.write_item("one")
    await release(setup, item)
    setup.restart()
    assert setup.running.portal.adopted.roster.version == adopted.roster.version


async def test_in_parts_too_an_older_or_forked_chain_is_refused(
    setup: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(governing, "PART_ACTS", 3)
    world = setup.world
    years(world, 8)
    world.adopt_policy(withdraw_roles=["lead", "check"])
    old = world.governance()
    years(world, 8)
    await setup.driver.prepare(Governance(world.governance()))
    pinned = setup.running.portal.adopted
    for acts in (old, old[:5]):
        with pytest.raises(Conflict):
            await setup.driver.prepare(Governance(acts))
    for _ in range(4):
        world.acts.remove(world.governance()[-1])
    world.adopt_roster({"writer": "revoked"})
    years(world, 6)
    assert read(world.governance()[-1]).fields["version"] > pinned.roster.version
    with pytest.raises(Refused):
        await setup.driver.prepare(Governance(world.governance()))
    assert setup.running.portal.adopted is pinned


async def test_attack_08_a_part_that_nobody_signed_continues_nothing(setup: Any) -> None:
    world = setup.world
    good, world.admin = world.admin, world.people["lead-1"]
    years(world, 1)
    forged = world.governance()[-1:]
    world.admin = good
    before = setup.running.portal.adopted
    for acts in (forged, [*world.governance()[:-1], *forged]):
        with pytest.raises(Refused):
            await setup.driver.prepare(Governance(acts))
    assert setup.running.portal.adopted is before
