"""The checker can fail: each invariant, over an outcome that was tampered with."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.torture.check import INVARIANTS, violations
from tests.torture.outcome import Opening, Outcome, Shown, Signed, Standing, Stop

S = 1_000_000_000
AT, END = 1_000 * S, 1_300 * S
ONE, TWO = "a" * 64, "b" * 64
DIGESTS = ("1" * 64, "2" * 64)
GONE = frozenset({("i-one", DIGESTS[1])})


def good() -> Outcome:
    """One release of one item, on a portal and in the folder of the press, as it should be."""
    items = {"i-one": DIGESTS}
    return Outcome(
        signed=(
            Signed(ONE, "r-one", "portal", AT, END, items),
            Signed(TWO, "r-one", "press", AT, END, items),
        ),
        openings=(
            Opening(ONE, "portal", AT - 20_000_000, AT + 10_000_000, AT // 1_000_000 + 3),
            Opening(TWO, "press", AT - 20_000_000, AT + 10_000_000),
        ),
        shown=(
            Shown("portal", "i-one", "live", 1, *DIGESTS),
            Shown("foreign", "i-one", "absent", 0),
            Shown("press", "i-one", "live", 1, *DIGESTS),
        ),
        standing=(
            Standing("r-one", "r1", "released", ("portal", "press"), "c" * 64,
                     ("portal", "press"), {}, False, (), {"portal": 1, "press": 1}),
        ),
    )  # fmt: skip


def stopped(outcome: Outcome, **changes: object) -> Outcome:
    """The same, not opened anywhere, with that to say about the release."""
    absent = tuple(Shown(one.channel, one.item, "absent", 0) for one in outcome.shown)
    (standing,) = outcome.standing
    standing = replace(standing, state="signed", opened=(), acts={}, **changes)  # type: ignore[arg-type]
    return replace(outcome, openings=(), shown=absent, standing=(standing,))


def opening(outcome: Outcome, number: int, **changes: object) -> Outcome:
    """The same with one opening changed."""
    found = list(outcome.openings)
    found[number] = replace(found[number], **changes)  # type: ignore[arg-type]
    return replace(outcome, openings=tuple(found))


def shown(outcome: Outcome, number: int, **changes: object) -> Outcome:
    """The same with one page changed."""
    found = list(outcome.shown)
    found[number] = replace(found[number], **changes)  # type: ignore[arg-type]
    return replace(outcome, shown=tuple(found))


def standing(outcome: Outcome, **changes: object) -> Outcome:
    """The same with something else in the log."""
    (one,) = outcome.standing
    return replace(outcome, standing=(replace(one, **changes),))  # type: ignore[arg-type]


def held(outcome: Outcome, answer: str, answered: int, lifted: int) -> Outcome:
    """The same with a hold of the release."""
    return replace(outcome, stops=(Stop("r-one", answer, answered, lifted),))


def missed(outcome: Outcome, **changes: object) -> Outcome:
    """The same, missed for a reason."""
    return replace(stopped(outcome, missed=True, reasons=("missed",)), **changes)  # type: ignore[arg-type]


def failed(outcome: Outcome, code: str, **changes: object) -> Outcome:
    """The same, and the press has failed."""
    one = standing(outcome, opened=("portal",), failed={"press": code}, acts={"portal": 1})
    one = replace(one, openings=one.openings[:1])
    return replace(shown(one, 2, state="absent", times=0), **changes)  # type: ignore[arg-type]


def superseded(outcome: Outcome, answered: int, address: str) -> Outcome:
    """The same with a recall of what was signed with that address."""
    stop = Stop("r-one", "in-force", answered, addresses=frozenset({address}))
    return replace(outcome, stops=(stop,))


def corrected(outcome: Outcome, digests: tuple[str, str] = ("3" * 64, "4" * 64)) -> Outcome:
    """The same, and the item was released again on the portal, as another revision."""
    again = Signed("f" * 64, "r-one", "portal", AT + 9 * S, END, {"i-one": digests})
    opened = Opening("f" * 64, "portal", AT + 9 * S, AT + 9 * S + 10_000_000)
    return replace(
        shown(outcome, 0, times=2, ninjs=digests[0], content=digests[1]),
        signed=(*outcome.signed, again), openings=(opened, *outcome.openings),
    )  # fmt: skip


HOLDS = {
    "as it should be": good(),
    "held, and told so": stopped(good(), reasons=("held",)),
    "missed in a hurry, with an alarm": missed(
        good(), patient=False, alarms=("missed r-one: not-staged",)
    ),
    "refused as it was told to be": failed(
        good(), "refused-forbidden", refuses=frozenset({"press"}),
        alarms=("failed r-one on press: refused-forbidden",),
    ),
    "too late in a hurry": failed(
        good(), "too-late", patient=False, alarms=("failed r-one on press: too-late",)
    ),
    "recalled when the others were out": failed(
        good(), "recalled", alarms=("failed r-one on press: recalled",)
    ),
    "withdrawn and gone": replace(
        shown(shown(good(), 0, state="gone"), 2, state="gone"), withdrawn=GONE
    ),
    "held too late": held(good(), "too-late", AT + S, 0),
    "held, lifted, then out": held(good(), "in-force", AT - 3 * S, AT - S),
    "held after it was out": held(good(), "in-force", AT + S, 0),
    "recalled before, and signed anew": superseded(good(), AT - 3 * S, "d" * 64),
    "triggered, then out": replace(good(), granted={"r-one": AT}),
    "corrected": corrected(good()),
}  # fmt: skip

BROKEN = {
    "nothing_early": {
        "by the true clock": opening(good(), 0, seen_ns=AT - 1),
        "in the folder": opening(good(), 1, seen_ns=AT - S),
        "by the portal's clock": opening(good(), 0, own_ms=AT // 1_000_000 - 1),
    },
    "nothing_untriggered": {
        "before it": replace(good(), granted={"r-one": AT + S}),
        "without it": replace(good(), granted={"r-one": 0}),
    },
    "nothing_too_late": {"after not_after": opening(good(), 0, absent_ns=END + 1, seen_ns=END + S)},
    "nothing_twice": {
        "one bundle": replace(good(), openings=(*good().openings, good().openings[0])),
        "one item in two bundles": replace(
            good(),
            signed=(*good().signed, replace(good().signed[0], address="d" * 64)),
            openings=(*good().openings, replace(good().openings[0], address="d" * 64)),
        ),
        "one page": shown(good(), 0, times=2),
        "one page of a correction": shown(corrected(good()), 0, times=3),
        "one revision in two releases": corrected(good(), DIGESTS),
        "one act": standing(good(), acts={"portal": 2, "press": 1}),
    },
    "nothing_lost": {
        "never out": stopped(good()),
        "not on one channel": failed(standing(good(), failed={}), "too-late"),
        "missed without an alarm": missed(good(), patient=False),
        "missed without need": missed(good(), alarms=("missed r-one: not-staged",)),
        "failed without an alarm": failed(
            good(), "refused-forbidden", refuses=frozenset({"press"})
        ),
        "refused without need": failed(
            good(), "refused-forbidden", alarms=("failed r-one on press: refused-forbidden",)
        ),
        "out, and the log does not say so": standing(good(), opened=("portal",)),
        "the log says that it is out, and it is not": replace(
            good(), openings=good().openings[:1]
        ),
        "out, and unknown to the log": replace(good(), standing=()),
        "never at rest": replace(good(), unsettled="r1 not decided"),
    },
    "signed_bytes": {
        "the text before its correction": shown(
            corrected(good()), 0, ninjs=DIGESTS[0], content=DIGESTS[1]
        ),
        "another text": shown(good(), 0, content="9" * 64),
        "another page": shown(good(), 2, ninjs="9" * 64),
        "not shown": shown(good(), 0, state="absent", times=0),
        "a bundle that nobody signed": replace(
            good(), openings=(*good().openings, Opening("e" * 64, "foreign", AT, AT + S, 0))
        ),
        "a bundle on the wrong channel": opening(good(), 1, channel="foreign"),
        "shown where it was not opened": shown(good(), 1, state="live", times=1),
    },
    "nothing_withdrawn_alive": {
        "still there": replace(good(), withdrawn=GONE),
        "there without what it shows": replace(shown(good(), 0, content=""), withdrawn=GONE),
    },
    "holds_hold": {
        "under a confirmed hold": held(good(), "in-force", AT - S, 0),
        "before it was lifted": held(good(), "in-force", AT - S, AT + S),
        "under a hold of everything": replace(
            good(), stops=(Stop("*", "in-force", AT - S, 0),)
        ),
        "after it was recalled": superseded(good(), AT - S, ONE),
        "not answered": replace(good(), unanswered=("release.hold of r-one",)),
    },
    "the_log_verifies": {"cut": replace(good(), audit="exit 6: cut")},
    "no_fault_in_desk": {
        "a process ended": replace(good(), faults=("publisher ended by itself with 1",)),
        "a false alarm": replace(good(), alarms=("altered i-one on portal: json-differs",)),
        "a bug": replace(good(), alarms=("bug recall: KeyError at turn:1",)),
    },
}  # fmt: skip


@pytest.mark.parametrize("name", HOLDS)
def test_a_good_outcome_holds(name: str) -> None:
    assert violations(HOLDS[name]) == []


@pytest.mark.parametrize(
    ("invariant", "name"), [(i, name) for i, cases in BROKEN.items() for name in cases]
)
def test_a_broken_outcome_breaks_its_invariant(invariant: str, name: str) -> None:
    broken = violations(BROKEN[invariant][name])
    assert any(text.startswith(f"{invariant}: ") for text in broken), broken


def test_every_invariant_was_broken_here() -> None:
    assert {invariant.__name__ for invariant in INVARIANTS} == set(BROKEN)
