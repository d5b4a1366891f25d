"""The checker: what must hold after any schedule, whatever went wrong in it.

It looks at an outcome alone and knows nothing of the plan. Each invariant is one function that
yields a sentence for each place in which it is broken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from tests.torture.outcome import Opening, Outcome, Signed, Standing

MS = 1_000_000
Invariant = Callable[[Outcome], Iterator[str]]


def _signed(outcome: Outcome) -> dict[str, Signed]:
    return {one.address: one for one in outcome.signed}


def _opened(outcome: Outcome) -> Iterator[tuple[Signed, Opening]]:
    known = _signed(outcome)
    for opening in outcome.openings:
        if opening.address in known:
            yield known[opening.address], opening


def nothing_early(outcome: Outcome) -> Iterator[str]:
    """No bundle opens before its instant: by the true clock, and by the channel's own."""
    for signed, opening in _opened(outcome):
        if opening.seen_ns < signed.at_ns:
            left = (signed.at_ns - opening.seen_ns) / 1e9
            yield f"{signed.release} was open on {signed.channel} {left:.3f} s before its instant"
        if opening.own_ms and opening.own_ms * MS < signed.at_ns:
            left = signed.at_ns / 1e9 - opening.own_ms / 1e3
            yield f"{signed.channel} opened {signed.release} {left:.3f} s early on its own clock"


def nothing_untriggered(outcome: Outcome) -> Iterator[str]:
    """What a script opens is not open before it has said so."""
    for signed, opening in _opened(outcome):
        if signed.release in outcome.granted:
            said = outcome.granted[signed.release]
            if not said or opening.seen_ns < said:
                yield f"{signed.release} was open on {signed.channel} before it was triggered"


def nothing_too_late(outcome: Outcome) -> Iterator[str]:
    """`not_after` is final."""
    for signed, opening in _opened(outcome):
        if opening.absent_ns > signed.not_after_ns:
            yield f"{signed.release} opened on {signed.channel} after its not_after"


def nothing_twice(outcome: Outcome) -> Iterator[str]:
    """One bundle, one opening of each item, one act in the log for each release and channel."""
    for (address, channel), times in Counter(
        (one.address, one.channel) for one in outcome.openings
    ).items():
        if times > 1:
            yield f"bundle {address[:12]} was opened {times} times on {channel}"
    places = Counter(
        (signed.channel, item, content)
        for signed, _ in _opened(outcome)
        for item, (_, content) in signed.items.items()
    )
    for (channel, item, _), times in places.items():
        if times > 1:
            yield f"{item} went out {times} times on {channel}"
    revisions = Counter((channel, item) for channel, item, _ in places)
    for shown in outcome.shown:
        if shown.times > max(1, revisions[shown.channel, shown.item]):
            yield f"{shown.item} is there {shown.times} times on {shown.channel}"
    for standing in outcome.standing:
        for channel, times in standing.acts.items():
            if times > 1:
                yield f"{times} acts say that {standing.name} was released on {channel}"


def nothing_lost(outcome: Outcome) -> Iterator[str]:
    """What may go out is out, and in the log; what is not is missed, failed or stopped, with a
    reason that people are told."""
    if outcome.unsettled:
        yield f"it does not come to rest: {outcome.unsettled}"
    known = {one.release: one for one in outcome.standing}
    for signed, opening in _opened(outcome):
        standing = known.get(signed.release)
        if standing is None or signed.channel not in standing.opened:
            yield f"{signed.release} is out on {opening.channel}, and the log does not say so"
    for standing in outcome.standing:
        yield from _accounted(outcome, standing)


def _accounted(outcome: Outcome, one: Standing) -> Iterator[str]:
    """Whether each channel of a release has it, or says why not."""
    there = {signed.channel for signed, _ in _opened(outcome) if signed.release == one.release}
    told = "\n".join(outcome.alarms)
    for channel in one.opened:
        if channel not in there:
            yield f"the log says that {one.name} is out on {channel}, and it is not"
    if one.missed:
        if f"missed {one.release}" not in told:
            yield f"{one.name} was missed, and no alarm says so"
        if outcome.patient and outcome.granted.get(one.release, 1):
            yield f"{one.name} was missed, and could have gone out"
        return
    for channel in set(one.channels) - set(one.opened):
        if channel in one.failed:
            yield from _excused(outcome, one, channel, told)
        elif not one.reasons:
            yield f"{one.name} is not out on {channel}, and nothing says why"


def _excused(outcome: Outcome, one: Standing, channel: str, told: str) -> Iterator[str]:
    code = one.failed[channel]
    if f"failed {one.release} on {channel}" not in told:
        yield f"{one.name} has failed on {channel}, and no alarm says so"
    if code.startswith("refused") and channel in outcome.refuses:
        return
    if code in ("refused-withdrawn", "recalled") or (code == "too-late" and not outcome.patient):
        return
    yield f"{one.name} has failed on {channel} without need: {code}"


def signed_bytes(outcome: Outcome) -> Iterator[str]:
    """Only what was signed opens, and the public sees exactly that."""
    known = _signed(outcome)
    for opening in outcome.openings:
        signed = known.get(opening.address)
        if signed is None or signed.channel != opening.channel:
            yield f"{opening.channel} opened {opening.address[:12]}, which nobody signed"
    wanted = {
        (signed.channel, item): digests
        for signed, _ in sorted(_opened(outcome), key=lambda one: one[0].at_ns)  # newest last
        for item, digests in signed.items.items()
    }
    shown = {(one.channel, one.item): one for one in outcome.shown}
    for place, digests in wanted.items():
        one = shown.get(place)
        if (place[1], digests[1]) in outcome.withdrawn:
            continue
        if one is None or one.state != "live":
            yield f"{place[1]} is not shown on {place[0]}: {one.state if one else 'absent'}"
        elif (one.ninjs, one.content) != digests:
            yield f"{place[1]} on {place[0]} is not what was signed"
    for place, one in shown.items():
        if one.state == "live" and place not in wanted:
            yield f"{one.item} is public on {one.channel}, and no bundle with it was opened"


def nothing_withdrawn_alive(outcome: Outcome) -> Iterator[str]:
    """A revision that was withdrawn is gone from every channel."""
    items = {item for item, _ in outcome.withdrawn}
    for one in outcome.shown:
        unknown = not one.content and one.item in items
        if one.state == "live" and (unknown or (one.item, one.content) in outcome.withdrawn):
            yield f"{one.item} was withdrawn and is public on {one.channel}"


def holds_hold(outcome: Outcome) -> Iterator[str]:
    """A stop that the publisher has confirmed stops, until two have lifted it; what it has
    confirmed as recalled, moved, changed or cancelled does not open. All are answered."""
    for act in outcome.unanswered:
        yield f"the publisher never answered {act}"
    for stop in outcome.stops:
        if stop.answer != "in-force":
            continue
        for signed, opening in _opened(outcome):
            if stop.release not in ("*", signed.release):
                continue
            if stop.addresses and signed.address not in stop.addresses:
                continue
            until = stop.lifted_ns or opening.seen_ns + 1
            if stop.answered_ns < opening.absent_ns and opening.seen_ns < until:
                yield f"{signed.release} went out on {signed.channel} under a confirmed hold"


def the_log_verifies(outcome: Outcome) -> Iterator[str]:
    """`desk audit verify` finds nothing, with the publisher's checkpoints."""
    if outcome.audit:
        yield f"the log does not hold: {outcome.audit}"


def no_fault_in_desk(outcome: Outcome) -> Iterator[str]:
    """No process ends by itself, nothing is reported as a bug, no page is said to be altered."""
    yield from outcome.faults
    for alarm in outcome.alarms:
        if alarm.startswith(("altered ", "early ", "bug ", "trust ", "log ")):
            yield f"alarm without a cause: {alarm}"


INVARIANTS: tuple[Invariant, ...] = (
    nothing_early, nothing_untriggered, nothing_too_late, nothing_twice, nothing_lost, signed_bytes,
    nothing_withdrawn_alive, holds_hold, the_log_verifies, no_fault_in_desk,
)  # fmt: skip


def violations(outcome: Outcome) -> list[str]:
    """Every broken invariant: its name and where it is broken."""
    return [
        f"{invariant.__name__}: {text}" for invariant in INVARIANTS for text in invariant(outcome)
    ]
