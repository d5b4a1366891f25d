"""Attack 21 at the portal: whoever owns the publisher cannot open what waits for a script."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from desk.channels.driver import Opened, Rejected, TooEarly
from desk.errors import Refused
from desk.trust.acts import Act, write
from desk.trust.envelope import Envelope
from desk.trust.keys import Identity

UNTIL = "2026-11-20T10:00:00Z"
INSIDE = "2026-11-20T09:00:00Z"
SCRIPT = Identity.from_seed(b"s" * 32)


async def granted(
    setup: Any, name: str = "gdp", *, stage: bool = True
) -> tuple[Any, dict[str, Any]]:
    """A staged bundle of a granted release, and the fields of its trigger."""
    world = setup.world
    item, _ = world.write_item(name)
    release, _ = world.plan_release(f"release of {name}", [item])
    state = world.record().releases[release]
    grant = write(
        "release.grant",
        {"newsroom": world.uid, "subject": release, "actor": "lead-1", "time": state.at,
         "parent": state.basis, "at": state.at, "zone": state.zone, "wall": state.wall,
         "until": UNTIL, "script": "gdp", "key": SCRIPT.sign_public, "once": True},
        world.people["lead-1"],
    )  # fmt: skip
    world.acts.append(grant.envelope)
    signoff = world.sign(release)
    bundle = world.bundle(release, signoff)
    if stage:
        await setup.driver.stage(bundle, world.acts)
    return bundle, {"newsroom": world.uid, "subject": release, "time": INSIDE,
                    "grant": grant.digest, "signoff": signoff}  # fmt: skip


async def commit(setup: Any, bundle: Any, trigger: Envelope | None) -> Any:
    driver = setup.driver
    return await driver.commit(await driver.prebuild_commit([replace(bundle, trigger=trigger)]))


async def test_attack_21_without_the_scripts_word_it_stays_shut(setup: Any) -> None:
    bundle, _ = await granted(setup)
    setup.clock.advance(3600)
    outcome = await commit(setup, bundle, None)
    assert isinstance(outcome, Rejected)
    assert [reason.rule for reason in outcome.reasons] == ["trigger"]
    setup.restart()
    await setup.prepare()
    assert isinstance(await commit(setup, bundle, None), Rejected)


async def test_attack_21_with_it_once_also_after_a_restart(setup: Any) -> None:
    bundle, fields = await granted(setup)
    trigger = write("release.trigger", fields, SCRIPT).envelope
    assert isinstance(await commit(setup, bundle, trigger), TooEarly)
    setup.clock.advance(3600)
    setup.restart()
    await setup.prepare()
    first = await commit(setup, bundle, trigger)
    assert isinstance(first, Opened)
    again = await commit(setup, bundle, trigger)  # as a restarted publisher asks again
    assert isinstance(again, Opened)
    assert again.receipts == first.receipts


@pytest.mark.parametrize(
    "changes",
    [
        {"time": "2026-11-20T07:59:59Z"},
        {"time": "2026-11-20T10:00:01Z"},
        {"grant": "a" * 64},
        {"signoff": "a" * 64},
        {"subject": "r-0000000000"},
        {"newsroom": f"other@{'0' * 32}"},
        {"by": "lead-1"},
        {"by": "pub-1"},
        {"kind": "release.hold"},
    ],
)
async def test_attack_21_another_act_does_not_open_it(setup: Any, changes: dict[str, str]) -> None:
    bundle, fields = await granted(setup)
    setup.clock.advance(3600)
    if by := changes.get("by"):
        act = write("release.trigger", fields, setup.world.people[by])
    elif kind := changes.get("kind"):
        own = {"newsroom": fields["newsroom"], "subject": fields["subject"], "nonce": "b" * 64}
        act = write(kind, own | {"actor": "gdp", "time": INSIDE}, SCRIPT)
    else:
        act = write("release.trigger", fields | changes, SCRIPT)
    outcome = await commit(setup, bundle, act.envelope)
    assert isinstance(outcome, Rejected)


async def test_attack_21_the_word_for_one_release_opens_no_other(setup: Any) -> None:
    one, fields = await granted(setup, "one")
    two, other = await granted(setup, "two")
    setup.clock.advance(3600)
    word: Act = write("release.trigger", fields, SCRIPT)
    assert isinstance(await commit(setup, two, word.envelope), Rejected)
    assert isinstance(await commit(setup, one, word.envelope), Opened)
    assert other["subject"] != fields["subject"]


async def test_attack_21_a_publisher_cannot_stage_it_as_a_plain_release(setup: Any) -> None:
    """Leaving the grant out of what the portal is shown leaves a sign-off that rests on nothing."""
    bundle, _ = await granted(setup, stage=False)
    acts = [e for e in setup.world.acts if not e.payload_type.endswith("release.grant.v1+json")]
    with pytest.raises(Refused):
        await setup.driver.stage(bundle, acts)
    await setup.driver.stage(bundle, setup.world.acts)
