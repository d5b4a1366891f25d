"""Attacks 23 and 33 at a portal: whoever does not know its roster is given no epoch there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.channels.driver import Governance, OtherRoster
from desk.channels.line import Line
from desk.errors import Conflict, Refused, Unavailable
from desk.portal.answers import Answer
from desk.portal.contract.fields import Malformed
from desk.portal.contract.wire import MAX_LINEAGE, EpochOrder, signed
from desk.portal.lineage import check_lineage
from desk.publisher.channel import Channel
from desk.trust.envelope import Envelope

from .conftest import Setup
from .world import World


def rosters(world: World) -> list[str]:
    """The digests of all rosters of a newsroom, from the first."""
    return [act.digest for act in world.governance() if ".roster." in act.payload_type]


async def pin(setup: Setup) -> list[str]:
    """One more roster, pinned at the portal. All rosters before it."""
    before = rosters(setup.world)
    setup.world.adopt_roster()
    await setup.driver.prepare(Governance(setup.world.governance()))
    return before


def heard(setup: Setup) -> tuple[int, str]:
    portal = setup.running.portal
    return portal.epoch, portal.holder


def order(setup: Setup, known: list[str], **other: Any) -> Envelope:
    """An order for an epoch, by the standby, as its driver signs it."""
    world, nonce = setup.world, "ab" * 32
    made = EpochOrder(
        world.uid, "pub-2", "2026-11-20T07:55:00Z", nonce, setup.running.home.key, len(known),
        tuple(reversed(known[-MAX_LINEAGE:])),
    )  # fmt: skip
    return signed(replace(made, **other), world.people["pub-2"])


async def send(setup: Setup, envelope: Envelope) -> httpx.Response:
    """That order, as it arrives."""
    async with httpx.AsyncClient(base_url=setup.running.url, trust_env=False, timeout=90) as client:
        return await client.post(
            f"/v1/newsrooms/{setup.world.uid}/epochs", json=envelope.to_value(),
            headers={"Authorization": f"Bearer {setup.token}"},
        )  # fmt: skip


async def test_attack_23_33_an_older_roster_gets_no_epoch_until_the_newer_is_heard(setup):
    old = await pin(setup)
    before, standby = heard(setup), setup.new_driver("pub-2")
    with pytest.raises(OtherRoster, match="A newer roster is pinned version 2"):
        await standby.epoch(old)
    assert heard(setup) == before
    assert await standby.epoch(rosters(setup.world)) == before[0] + 1
    assert heard(setup) == (before[0] + 1, "pub-2")


async def test_attack_23_33_another_branch_gets_no_epoch_however_far_it_has_grown(setup):
    """Administrators went on signing on the machine that was given up."""
    old = await pin(setup)
    before, standby = heard(setup), setup.new_driver("pub-2")
    for more in range(1, 4):
        branch = [*old, *(f"{number:064x}" for number in range(more))]
        with pytest.raises(OtherRoster, match="Another roster of that version is pinned"):
            await standby.epoch(branch)
    assert heard(setup) == before


async def test_a_roster_that_the_portal_has_yet_to_be_brought_is_no_hindrance(setup):
    """A takeover right after a roster was signed costs no further call."""
    setup.world.adopt_roster()
    setup.world.adopt_roster()
    number, _ = heard(setup)
    assert await setup.new_driver("pub-2").epoch(rosters(setup.world)) == number + 1
    assert setup.running.portal.adopted.roster.version == 1


async def test_a_portal_that_was_away_for_many_rosters_is_brought_them_first(setup):
    for _ in range(MAX_LINEAGE):
        setup.world.adopt_roster()
    known = rosters(setup.world)
    channel = Channel(
        "portal", {"driver": "desk", "required": True}, setup.new_driver("pub-2"),
        rosters=lambda: known,
    )  # fmt: skip
    with pytest.raises(OtherRoster, match="A much older roster is pinned"):
        await channel.be_heard()
    assert await channel.get_ready(Governance(setup.world.governance()), (len(known), 1))
    assert heard(setup) == (channel.epoch, "pub-2")


async def test_a_publisher_that_was_slow_to_hear_of_a_roster_goes_on_by_itself(setup):
    known = await pin(setup)
    behind = [act for act in setup.world.governance() if act.digest != rosters(setup.world)[-1]]
    channel = Channel(
        "portal", {"driver": "desk", "required": True}, setup.new_driver("pub-2"),
        rosters=lambda: known,
    )  # fmt: skip
    with pytest.raises(OtherRoster):
        await channel.be_heard()
    assert not await channel.get_ready(Governance(behind), (1, 1))
    assert "A newer roster is pinned" in channel.problem
    known.append(rosters(setup.world)[-1])  # now its log has it, too
    assert await channel.get_ready(Governance(setup.world.governance()), (2, 1))
    assert heard(setup) == (channel.epoch, "pub-2")


# -- orders that are played again ---------------------------------------------------------------


async def test_attack_23_an_order_played_again_moves_nothing(setup):
    known = rosters(setup.world)
    old = order(setup, known)
    first = await send(setup, old)
    assert first.status_code == 201
    now = await setup.driver.epoch(known)
    again = await send(setup, old)
    assert (again.status_code, again.json()) == (200, first.json())
    assert heard(setup) == (now, "pub-1")
    await pin(setup)
    assert (await send(setup, old)).json()["error"]["code"] == "roster"
    assert heard(setup) == (now, "pub-1")


async def test_attack_23_33_an_order_held_up_until_the_roster_changed_is_too_late(
    setup,
):
    late = order(setup, rosters(setup.world))
    await pin(setup)
    before = heard(setup)
    answer = await send(setup, late)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "roster")
    assert heard(setup) == before


async def test_attack_05_an_order_to_one_portal_is_none_to_another(setup):
    before = heard(setup)
    answer = await send(setup, order(setup, rosters(setup.world), portal="cd" * 32))
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "refused")
    assert heard(setup) == before


@pytest.mark.parametrize(
    "bad", [[], ["7"], ["AB" * 32], [7], ["ab" * 32] * (MAX_LINEAGE + 1), "ab" * 32]
)
async def test_rosters_that_are_no_digests_are_malformed(setup, bad):
    value = order(setup, rosters(setup.world)).body() | {"rosters": bad}
    with pytest.raises(Malformed):
        EpochOrder.from_value(value)


# -- programs from before orders named rosters --------------------------------------------------


async def test_an_older_program_is_heard_until_a_newer_one_was(setup):
    number, _ = heard(setup)
    plain = setup.new_driver("pub-2")
    assert await plain.epoch() == number + 1
    await setup.driver.epoch(rosters(setup.world))
    setup.restart()
    before = heard(setup)
    with pytest.raises(OtherRoster, match="upgrade Desk there"):
        await plain.epoch()
    assert heard(setup) == before


@pytest.fixture
def older_portal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A portal that knows four members of the order, and refuses any other."""
    real = EpochOrder.from_value.__func__

    def four(cls: type[EpochOrder], value: Any) -> EpochOrder:
        if extra := sorted(set(value) - {"newsroom", "publisher", "time", "nonce"}):
            raise Malformed("Malformed message", f"epoch.{extra[0]} is not part of the contract")
        return real(cls, value)

    monkeypatch.setattr(EpochOrder, "from_value", classmethod(four))


async def test_a_portal_from_before_is_asked_as_it_understands(setup, older_portal):
    number, _ = heard(setup)
    assert await setup.new_driver("pub-2").epoch(rosters(setup.world)) == number + 1
    assert heard(setup) == (number + 1, "pub-2")


# -- calls without an answer --------------------------------------------------------------------


async def test_attack_25_a_call_without_an_answer_is_repeated_and_takes_one_epoch(
    setup, monkeypatch
):
    known, (number, _) = rosters(setup.world), heard(setup)
    real, lost = Line.send, [True]

    async def losing(self: Line, request: httpx.Request, limit: int = 10_000) -> Any:
        answer = await real(self, request, limit)
        if lost.pop() if lost else False:
            raise Unavailable("The portal does not answer")
        return answer

    monkeypatch.setattr(Line, "send", losing)
    standby = setup.new_driver("pub-2")
    with pytest.raises(Unavailable):
        await standby.epoch(known)
    assert await standby.epoch(known) == number + 1
    assert await standby.epoch(known) == number + 2, "one that was answered is not repeated"


async def test_attack_23_a_call_without_an_answer_is_made_anew_when_the_roster_has_changed(
    setup, monkeypatch
):
    known, real, lost = rosters(setup.world), Line.send, [True]

    async def losing(self: Line, request: httpx.Request, limit: int = 10_000) -> Any:
        if lost.pop() if lost else False:
            raise Unavailable("The portal does not answer")
        return await real(self, request, limit)

    standby = setup.new_driver("pub-2")
    monkeypatch.setattr(Line, "send", losing)
    with pytest.raises(Unavailable):
        await standby.epoch(known)
    await pin(setup)
    known.append(rosters(setup.world)[-1])
    assert await standby.epoch(known) == heard(setup)[0]
    assert heard(setup)[1] == "pub-2"


# -- the time -----------------------------------------------------------------------------------


async def test_the_time_tells_the_roster_to_those_with_the_token_only(setup):
    assert (await setup.driver.time()).roster == rosters(setup.world)[-1]
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        answer = httpx.get(
            f"{setup.running.url}/v1/time", headers=headers, trust_env=False, timeout=90
        )
        assert (answer.status_code, set(answer.json())) == (200, {"ms", "sure"})


# -- the rule, whatever is pinned and named -----------------------------------------------------


class Pinned:
    """What the rule reads of a portal."""

    def __init__(self, chain: list[str]) -> None:
        roster = type("R", (), {"version": len(chain), "digest": chain[-1]})() if chain else None
        self.adopted = type("A", (), {"roster": roster})()
        self.home = type("H", (), {"key": "ef" * 32})()


@given(
    common=st.integers(0, 40), ours=st.integers(0, 40), theirs=st.integers(0, 40),
)  # fmt: skip
def test_an_epoch_needs_a_chain_that_holds_what_is_pinned(common: int, ours: int, theirs: int):
    """Two chains with so many rosters in common, and so many of their own."""
    trunk = [f"{n:064x}" for n in range(common)]
    pinned = trunk + [f"a{n:063x}" for n in range(theirs)]
    known = trunk + [f"b{n:063x}" for n in range(ours)]
    if not known:
        return
    asked = EpochOrder(
        "desk-vn@" + "0" * 32, "pub-2", "2026-11-20T07:55:00Z", "ab" * 32, "ef" * 32, len(known),
        tuple(reversed(known[-MAX_LINEAGE:])),
    )  # fmt: skip
    holds = known[: len(pinned)] == pinned and len(known) - len(pinned) < MAX_LINEAGE
    if not pinned:
        holds = len(known) < MAX_LINEAGE
    if holds:
        check_lineage(Pinned(pinned), asked)  # type: ignore[arg-type]
        return
    with pytest.raises(Answer) as found:
        check_lineage(Pinned(pinned), asked)  # type: ignore[arg-type]
    assert (found.value.status, found.value.code) == (409, "roster")


def test_a_refusal_is_none_of_being_replaced():
    """A publisher that hears of another roster goes on asking; one that is replaced does not."""
    assert issubclass(OtherRoster, Conflict)
    assert not issubclass(OtherRoster, Refused)
