"""The public calendar at a real portal: as big as a newsroom likes, and no release waits for it."""

from __future__ import annotations

from dataclasses import replace
from importlib import resources
from pathlib import Path

import httpx
import pytest
from portal.conftest import Setup
from portal.world import ident

from desk.channels.driver import Governance
from desk.clock import parse_instant, written
from desk.errors import Refused
from desk.newsroom.config import NewsroomConfig
from desk.newsroom.load import load
from desk.newsroom.public import AHEAD, GONE, MOST_BYTES, public_calendar, within
from desk.portal.contract.wire import MAX_SMALL
from desk.publisher.agenda import Agenda
from desk.publisher.channel import Channel
from desk.trust.canonical import canonical
from desk.trust.record import Record
from desk.trust.state import ReleaseState, Step

NOW = "2026-11-20T07:55:00Z"
NOTE = "Dời vì cuộc họp báo, xin lỗi bạn đọc. "


def step(kind: str, note: str = "") -> Step:
    return Step("0" * 64, kind, "lead-1", "0" * 64, note, NOW)


def planned(number: int, minutes: int, *, note: str = "", confirmed: bool = True) -> ReleaseState:
    at = written(parse_instant(NOW) + minutes * MINUTE)
    steps = [step("release.plan"), step("release.confirm", note)] if confirmed else []
    return ReleaseState(
        ident("r", str(number)), "", at, "UTC", at[:16], ("portal",), (), "0" * 64,
        confirmed=confirmed, plan=steps,
    )  # fmt: skip


MINUTE = parse_instant("2026-11-20T07:56:00Z") - parse_instant(NOW)


def record_of(*releases: ReleaseState) -> Record:
    record = Record("0" * 64)
    record.releases = {release.id: release for release in releases}
    return record


@pytest.fixture(scope="module")
def config() -> NewsroomConfig:
    """The demo's newsroom."""
    return load(Path(str(resources.files("desk.demo").joinpath("calendar.yaml"))))


@pytest.fixture(scope="module")
def crowd() -> Record:
    """100,000 planned releases, a third of them over, each with the longest public note."""
    note = (NOTE * 20)[:500]
    return record_of(*(planned(n, n - 33_000, note=note) for n in range(1, 100_001)))


def nearest(record: Record) -> list[str]:
    """As the publisher chooses: what comes, then what has passed."""
    agenda = Agenda()
    for release in record.releases.values():
        agenda.put(release.id, release.at)
    return [*agenda.after(NOW, AHEAD), *agenda.before(NOW, GONE)]


def test_the_nearest_come_first_and_the_next_one_is_never_left_out(crowd: Record) -> None:
    times = [crowd.releases[name].at for name in nearest(crowd)]
    assert len(times) == AHEAD + GONE
    assert times[0] == "2026-11-20T07:56:00Z"
    assert times[:AHEAD] == sorted(times[:AHEAD])
    assert times[AHEAD] == NOW
    assert times[AHEAD:] == sorted(times[AHEAD:], reverse=True)


def test_what_does_not_fit_is_the_farthest(config: NewsroomConfig, crowd: Record) -> None:
    whole = public_calendar(config, crowd, nearest(crowd))
    for most in (10_000, 100_000, MOST_BYTES):
        cut = within(whole, most)
        assert len(canonical(cut)) <= most
        kept = cut["entries"]
        assert kept == whole["entries"][: len(kept)]
        rest = whole["entries"][len(kept) :]
        assert not rest or len(canonical({**cut, "entries": [*kept, rest[0]]})) > most


async def test_a_hundred_thousand_planned_releases_show_what_comes_next(
    setup: Setup, config: NewsroomConfig, crowd: Record
) -> None:
    whole = public_calendar(config, crowd, nearest(crowd))
    await setup.driver.announce(within(whole), 2)
    async with httpx.AsyncClient(base_url=setup.running.url, trust_env=False) as reader:
        page = await reader.get("/calendar.ics")
        assert (await reader.get("/calendar")).status_code == 200
    assert page.status_code == 200
    assert page.text.count("BEGIN:VEVENT") == len(within(whole)["entries"])
    assert "DTSTART:20261120T075600Z" in page.text


async def test_a_calendar_that_the_portal_refuses_keeps_no_release_waiting(setup: Setup) -> None:
    """Too big, or malformed: bundles are staged all the same, and it is sent once, not for ever."""
    entry = setup.world.calendar()["entries"][0]
    for calendar in (
        setup.world.calendar() | {"entries": [entry | {"note": "x" * 500}] * 9_000},
        setup.world.calendar() | {"entries": [entry | {"agencies": ["a"] * 201}]},
    ):
        governance = Governance(setup.world.governance(), calendar, 7)
        channel = Channel("portal", {"driver": "desk", "required": True}, setup.driver)
        await channel.make_ready(governance, (1, 1))
        with pytest.raises(Refused):
            await channel.announce(governance)
        await channel.announce(governance)  # not again: it would be refused again
    assert len(canonical(governance.calendar)) < MAX_SMALL  # the second one is small, and malformed
    item, _ = setup.world.write_item("one")
    identifier, signoff = setup.world.plan_release("first", [item])
    bundle = setup.world.bundle(identifier, signoff)
    assert (await setup.driver.stage(bundle, setup.world.acts)).complete


def test_what_was_never_announced_stays_unmentioned_when_it_is_over(
    config: NewsroomConfig,
) -> None:
    """A provisional release that was cancelled, postponed or missed tells nobody that it was."""
    secret = [planned(n, 10, confirmed=False) for n in range(3)]
    secret[0].status, secret[1].status = "cancelled", "postponed"
    secret[2].missed.add(secret[2].basis)
    told = [replace(planned(n, 10), status=s) for n, s in ((4, "cancelled"), (5, "postponed"))]
    record = record_of(*secret, *told)
    shown = public_calendar(config, record, record.releases)["entries"]
    assert [entry["state"] for entry in shown] == ["cancelled", "postponed"]
