"""The agenda gives what is due in order, whatever was put, moved and dropped before."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desk.publisher.agenda import Agenda

IDS = st.sampled_from([f"r-{n:010d}" for n in range(8)])
INSTANTS = st.sampled_from([f"2026-11-20T08:{n:02d}:00Z" for n in range(6)])
STEPS = st.lists(st.tuples(IDS, st.one_of(st.none(), INSTANTS)))


@given(STEPS, INSTANTS)
def test_it_is_a_sorted_view_of_what_was_put(
    steps: list[tuple[str, str | None]], asked: str
) -> None:
    agenda, model = Agenda(), {}
    for release, at in steps:
        if at is None:
            agenda.drop(release)
            model.pop(release, None)
        else:
            agenda.put(release, at)
            model[release] = at
    ordered = sorted(model, key=lambda release: (model[release], release))
    assert list(agenda) == ordered
    assert len(agenda) == len(ordered)
    assert agenda.first(2) == ordered[:2]
    assert agenda.until(asked) == [r for r in ordered if model[r] <= asked]
    assert agenda.exactly(asked) == [r for r in ordered if model[r] == asked]
    coming, passed = [r for r in ordered if model[r] > asked], agenda.until(asked)[::-1]
    assert (agenda.after(asked, 2), agenda.after(asked, 99)) == (coming[:2], coming)
    assert (agenda.before(asked, 2), agenda.before(asked, 99)) == (passed[:2], passed)
