"""Approval: whether one revision of an item has passed its chain, and who could act if not.

A quick fix stands on a revision that passed the whole chain: it borrows every step but the last,
and its approver of the last step says, with the gate `quick-fix`, that nothing but a slip changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from desk.errors import Reason, Refused
from desk.trust.policy import Policy
from desk.trust.record import Record
from desk.trust.roster import Roster
from desk.trust.standing import Seat, in_force, seats
from desk.trust.state import Approval, ItemState, RevisionState

QUICK_FIX_GATE = "quick-fix"
MOST_TRIES = 20_000  # ways to fill a chain with deputies
MOST_QUICK_FIXES = 3  # in a row: small changes add up, so the next one takes the whole chain


@dataclass(frozen=True)
class StepState:
    """One step of a chain for one revision: who approved it, or who could.

    `seat`: who approved it and, for a deputy, in whose place.
    """

    step: str
    approval: Approval | None
    who: tuple[str, ...]
    seat: Seat = frozenset()


def _gates_missing(approval: Approval, needed: Iterable[str]) -> str:
    for gate in needed:
        outcomes = [found["outcome"] for found in approval.gates if found["id"] == gate]
        if not outcomes or "fail" in outcomes:
            return f"{approval.person} approved without gate {gate}"
    return ""


Options = Mapping[str, Sequence[tuple[Approval, Seat]]]


def _assign(options: Options, steps: Sequence[str]) -> dict[str, tuple[Approval, Seat]]:
    """Give as many steps as possible an approval each, no seat used twice; earlier steps first.

    Distinct people have distinct keys, as the roster sees to. Deputies are only looked at when
    the chain is not full without them.
    """
    own = {step: [a for a, seat in options[step] if len(seat) == 1] for step in steps}
    found = {s: (a, frozenset({a.person})) for s, a in _matched(own, steps).items()}
    deputies = any(len(seat) > 1 for step in steps for _, seat in options[step])
    return _searched(options, steps, found) if deputies and len(found) < len(steps) else found


def _searched(
    options: Options, steps: Sequence[str], best: dict[str, tuple[Approval, Seat]]
) -> dict[str, tuple[Approval, Seat]]:
    """Try every way, since a deputy uses up two people; a chain has three steps at most.

    After MOST_TRIES it keeps the best so far: a step may stay open, none is ever filled wrongly.
    """
    tries = 0

    def place(number: int, taken: Seat, done: dict[str, tuple[Approval, Seat]]) -> bool:
        nonlocal best, tries
        tries += 1
        if [step in done for step in steps] > [step in best for step in steps]:
            best = dict(done)
        if number == len(steps) or tries > MOST_TRIES:
            return len(best) == len(steps) or tries > MOST_TRIES
        step = steps[number]
        for approval, seat in options[step]:
            if seat & taken:
                continue
            if place(number + 1, taken | seat, done | {step: (approval, seat)}):
                return True
        return place(number + 1, taken, done)

    place(0, frozenset(), {})
    return best


def _matched(
    options: Mapping[str, Sequence[Approval]], steps: Sequence[str]
) -> dict[str, Approval]:
    """Steps with an approval each, by distinct people.

    Bipartite matching by augmenting paths (Kuhn 1955): steps times approvals, however many people
    approved.
    """
    taken: dict[str, tuple[str, Approval]] = {}

    def place(step: str, tried: set[str]) -> bool:
        for approval in options[step]:
            if approval.person in tried:
                continue
            tried.add(approval.person)
            holder = taken.get(approval.person)
            if holder is None or place(holder[0], tried):
                taken[approval.person] = (step, approval)
                return True
        return False

    for step in steps:
        place(step, set())
    return dict(taken.values())


def steps_of(record: Record, item: ItemState, revision: RevisionState) -> tuple[StepState, ...]:
    """Every step of the item's chain for that revision, in order, with who did or could do it."""
    kind = _kind(record, item)
    authors = item.authors(revision.digest)
    options = {
        step: _options(record, item, _where(item, revision, step, kind), step, authors)
        for step in kind["chain"]
    }
    done = _assign(options, kind["chain"])
    busy = authors.union(*(seat for _, seat in done.values()))
    return tuple(
        StepState(step, done[step][0], (), done[step][1])
        if step in done
        else StepState(step, None, _could(record, step, item.agency, busy))
        for step in kind["chain"]
    )


def _could(record: Record, step: str, agency: str, busy: Seat) -> tuple[str, ...]:
    """Who could take a step beside those who are busy: holders of the role, then deputies."""
    roster = known(record)[0]
    holders = [p for p in roster.holders(step, agency, record.latest) if p not in busy]
    deputies = sorted(
        {
            d.to
            for d in record.delegations.values()
            if not {d.to, d.giver} & busy
            and d.until >= record.latest
            and d.covers(step, agency, max(d.since, record.latest))
            and not d.why_not(roster, max(d.since, record.latest))
            and _has_key(roster, d.to)
        }
    )
    return tuple(dict.fromkeys([*holders, *deputies]))


def _has_key(roster: Roster, person: str) -> bool:
    holder = roster.people.get(person)
    return holder is not None and holder.key is not None


def _where(
    item: ItemState, revision: RevisionState, step: str, kind: Mapping[str, Any]
) -> RevisionState:
    """The revision on which a step is taken: for a quick fix all but the last stand below it."""
    if not revision.quick_fix or step == kind["chain"][-1]:
        return revision
    return mended(item, revision)[-1]


def _options(
    record: Record, item: ItemState, revision: RevisionState, step: str, authors: frozenset[str]
) -> list[tuple[Approval, Seat]]:
    """The approvals of that step on that revision that count, one for each seat.

    In the seat of an author nobody approves, not even a deputy.
    """
    roster, needed = known(record)[0], list(_kind(record, item)["gates"])
    if revision.quick_fix:
        needed.append(QUICK_FIX_GATE)
    seen: dict[Seat, Approval] = {}
    for approval in revision.approvals:
        if approval.step != step or _gates_missing(approval, needed):
            continue
        for seat in seats(
            roster, approval.person, approval.key, step, (item.agency,), approval.given,
            time=approval.time,
        ):  # fmt: skip
            if not seat & authors:
                seen[seat] = approval
    return [(approval, seat) for seat, approval in seen.items()]


def mended(item: ItemState, revision: RevisionState) -> tuple[RevisionState, ...]:
    """A revision and those that its quick fixes stand on, down to one that is no quick fix."""
    line = [revision]
    while line[-1].quick_fix and (below := item.revisions.get(line[-1].parent)):
        line.append(below)
    return tuple(line)


def known(record: Record) -> tuple[Roster, Policy]:
    """The roster and policy to judge under. Raises Refused while nothing is adopted."""
    if record.roster is None or record.policy is None:
        raise Refused(
            "Nothing is adopted yet",
            [Reason("policy", "the newsroom has no signed roster or policy")],
            "Run: desk newsroom adopt",
        )
    return record.roster, record.policy


def _kind(record: Record, item: ItemState) -> Mapping[str, Any]:
    kind = known(record)[1].kinds.get(item.kind)
    if kind is None:
        raise Refused(
            "Unknown kind", [Reason("kind", f"the policy in force has no kind {item.kind}")]
        )
    return kind


def ended(roster: Roster, key: str, time: str) -> str:
    """Why an author's or planner's signature is worth nothing, or ''.

    They vouch for text and plan, and others approve both: whoever left keeps having written.
    """
    entry = roster.keys.get(key)
    if entry is None:
        return "is not in the roster"
    if entry.state == "compromised":
        return "is compromised"
    return "had ended before" if entry.until and time > entry.until else ""


def judge_revision(record: Record, item_id: str, digest: str) -> tuple[Reason, ...]:
    """Why that revision of that item is not approved; empty when it is."""
    item = record.items.get(item_id)
    revision = item.revisions.get(digest) if item else None
    if item is None or revision is None:
        return (Reason("revision", f"{item_id} has no signed revision {digest[:12]}"),)
    roster, _ = known(record)
    name = f"{item.code or item.id} ({item.language}) rev {revision.number}"
    reasons = []
    if revision.returned:
        reasons.append(
            Reason(
                "returned",
                f"{name} was returned by {revision.returned.person}; it needs a new revision",
                tuple(sorted(item.authors(digest))),
            )
        )
    if revision.withdrawn:
        reasons.append(Reason("withdrawn", f"{name} was withdrawn and cannot go out again"))
    if why := ended(roster, revision.key, revision.time):
        reasons.append(Reason("author-key", f"{name} was signed with a key that {why}"))
    if revision.quick_fix:
        reasons += _judge_mended(record, item, revision, name)
    try:
        states = steps_of(record, item, revision)
    except Refused as error:
        return (*reasons, *error.reasons)
    authors = item.authors(digest)
    for state in states:
        if state.approval:
            continue
        approvals = _where(item, revision, state.step, _kind(record, item)).approvals
        excluded = sorted(
            {a.person for a in approvals if a.step == state.step and a.person in authors}
        )
        if excluded:
            text = f"{name}: {', '.join(excluded)} wrote it and may not approve it"
            reasons.append(Reason("author-approves", text, state.who))
        else:
            reasons.append(Reason("chain", f"{name}: step {state.step} is open", state.who))
    return tuple(reasons)


def _judge_mended(
    record: Record, item: ItemState, revision: RevisionState, name: str
) -> list[Reason]:
    """Why a quick fix may not stand on what is below it; empty when it may."""
    line = mended(item, revision)
    authors = tuple(sorted(item.authors(revision.digest)))
    if len(line) - 1 > MOST_QUICK_FIXES:
        text = f"{name}: {len(line) - 1} quick fixes in a row, at most {MOST_QUICK_FIXES}"
        return [Reason(QUICK_FIX_GATE, text, authors)]
    below = line[1]
    if below.released_in:
        text = f"{name} mends a public text; that takes a correction and the whole chain"
        return [Reason(QUICK_FIX_GATE, text, authors)]
    if judge_revision(record, item.id, below.digest):
        text = f"{name} mends revision {below.number}, which is not approved"
        return [Reason(QUICK_FIX_GATE, text, authors)]
    return []


def may_approve(
    record: Record, item_id: str, digest: str, person: str, step: str, time: str = ""
) -> None:
    """Raise Refused, with the rule and who could act, unless that person may take that step.

    `time`: the instant at which roles are looked at; without it the latest the record knows.
    """
    item = record.items[item_id]
    revision = item.revisions[digest]
    roster, _ = known(record)
    states = {state.step: state for state in steps_of(record, item, revision)}
    title = "You may not approve this"
    if step not in states:
        raise Refused(title, [Reason("chain", f"{item.kind} has no step {step}")])
    state = states[step]
    if revision.returned:
        raise Refused(title, [Reason("returned", "the revision was returned")])
    if digest != item.latest:
        raise Refused(title, [Reason("newer", f"revision {item.current.number} is newer")])
    if revision.quick_fix:
        _may_approve_fix(record, item, revision, step, title)
    if person in item.authors(digest):
        raise Refused(
            title, [Reason("author-approves", "authors may not approve or sign", state.who)]
        )
    if not (_has_key(roster, person) and record.holds_role(person, step, item.agency, time)):
        text = f"{person} does not hold the role {step} for {item.agency}"
        raise Refused(title, [Reason("role", text, state.who)])
    if state.approval:
        raise Refused(
            title, [Reason("done", f"{state.approval.person} already approved step {step}")]
        )
    for earlier in states.values():
        if earlier.step == step:
            break
        if earlier.approval is None:
            raise Refused(
                title,
                [Reason("order", f"step {earlier.step} comes first", earlier.who)],
            )
    if any(s.approval and s.approval.person == person for s in states.values()):
        raise Refused(title, [Reason("distinct", "each step needs another person", state.who)])
    busy = item.authors(digest).union(*(s.seat for s in states.values()))
    if person in busy:
        text = f"a deputy took a step in the place of {person}"
        raise Refused(title, [Reason("distinct", text, state.who)])
    if not record.holds_role(person, step, item.agency, time, own=True):
        _may_stand_in(record, item, person, step, time, busy, state.who)


def _may_stand_in(
    record: Record, item: ItemState, person: str, step: str, time: str, busy: Seat,
    who: tuple[str, ...],
) -> None:  # fmt: skip
    """Raise Refused when everybody for whom that deputy could stand in wrote it or approved it."""
    roster, _ = known(record)
    given = in_force(
        record.delegations.values(), roster, person, step, item.agency, time or record.latest
    )
    if all(d.giver in busy for d in given):
        names = ", ".join(sorted({d.giver for d in given}))
        text = f"{person} stands in for {names}, who wrote it or took another step"
        raise Refused("You may not approve this", [Reason("deputy", text, who)])


def _may_approve_fix(
    record: Record, item: ItemState, revision: RevisionState, step: str, title: str
) -> None:
    reasons = _judge_mended(record, item, revision, f"revision {revision.number}")
    if reasons:
        raise Refused(title, reasons)
    last = _kind(record, item)["chain"][-1]
    if step != last:
        text = f"of a quick fix only step {last} is asked"
        raise Refused(title, [Reason(QUICK_FIX_GATE, text)])
