"""Events: the bell that rings for them, how they are kept, and the rules they come by."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from desk.alerts import bell, status
from desk.alerts.events import Event, Rules, Wait
from desk.releases import hold
from tests.newsroom.sample import GOOD, config
from tests.verbs.house import House


def test_the_bell_rings_once_and_again_when_it_comes_back(house: House, tmp_path: Any) -> None:
    chosen = config(GOOD + "alerts: [{when: [held], to: {webhook: 'https://a.example'}}]\n")
    rings = bell.Bell(house.room, tmp_path / "none.json", chosen)
    assert [e.subject for e in rings.new()] == ["publisher"]
    release = house.signed()
    hold.hold(house.room, house["checker"], release, reason="ngập trụ sở")
    (event,) = rings.new()
    assert bell.line(event, "vi") == f"Đợt công bố SAO-MAI ({release}) đang tạm dừng."
    assert rings.new() == []
    for lead in ("lead-1", "lead-2"):
        hold.lift(house.room, house[lead], release)
    assert rings.new() == []
    hold.hold(house.room, house["checker"], release, reason="ngập trụ sở")
    assert [e.kind for e in rings.new()] == ["held"]


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(
        st.sampled_from(["publisher", "time", "halted", "clock", "channels", "id", "problem",
                         "barred"]) | st.text(), inner),
))  # fmt: skip
def test_whatever_the_status_file_holds_is_read_without_harm(value: object) -> None:
    found = status.parse(value)
    assert found is None or all(channel.id for channel in found.channels)


@given(st.text(max_size=30), st.text(max_size=30), st.lists(st.text(max_size=10), max_size=3))
def test_an_event_comes_back_from_the_outbox_as_it_was(
    code: str, state: str, who: list[str]
) -> None:
    event = Event("held", "k", "2026-11-20T01:00:00Z", "*", code, state, who=tuple(who))
    assert asdict(Event.from_text(event.to_text())) == asdict(event)


def test_the_rules_are_those_of_calendar_yaml() -> None:
    text = GOOD + (
        "alerts:\n"
        "  - {when: [waiting, held], to: {webhook: 'https://a.example'}}\n"
        "  - when: [waiting-1h, unsigned-90s]\n"
        "    to: {webhook: 'https://a.example'}\n"
        "    escalate_after: 5m\n"
        "    escalate_to: {webhook: 'https://b.example'}\n"
    )
    assert Rules.of(config(text)).waits == (
        Wait("unsigned-90s", 90, (300,)), Wait("waiting-1h", 3600, (300,)),
    )  # fmt: skip
    assert Rules.of(config()).waits == ()
