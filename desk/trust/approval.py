"""Approval: whether one revision of an item has passed its chain, and who could act if not.

A quick fix stands on a revision that passed the whole chain: it borrows every step but the last,
and its approver of the last step says, with the gate `quick-fix`, that nothing but a slip changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from desk.errors import Reason, Refused, because
from desk.locales.words import said
from desk.phrase import phrase
from desk.trust.policy import Policy
from desk.trust.record import Record
from desk.trust.roster import Roster
from desk.trust.standing import Seat, seats
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
    kind = kind_of(record, item)
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
            and has_key(roster, d.to)
        }
    )
    return tuple(dict.fromkeys([*holders, *deputies]))


def has_key(roster: Roster, person: str) -> bool:
    """Whether that person has a key in use."""
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
    roster, needed = known(record)[0], list(kind_of(record, item)["gates"])
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


def kind_of(record: Record, item: ItemState) -> Mapping[str, Any]:
    """The rules of the item's kind. Raises Refused when the policy in force has it no more."""
    kind = known(record)[1].kinds.get(item.kind)
    if kind is None:
        raise Refused(
            "Unknown kind",
            [because("kind", "the policy in force has no kind {kind}", kind=item.kind)],
        )
    return kind


def ended(roster: Roster, key: str, time: str) -> str:
    """Why an author's or planner's signature is worth nothing, or ''.

    They vouch for text and plan, and others approve both: whoever left keeps having written.
    """
    entry = roster.keys.get(key)
    if entry is None:
        return phrase("is not in the roster")
    if entry.state == "compromised":
        return phrase("is compromised")
    return phrase("had ended before") if entry.until and time > entry.until else ""


def judge_revision(record: Record, item_id: str, digest: str) -> tuple[Reason, ...]:
    """Why that revision of that item is not approved; empty when it is."""
    item = record.items.get(item_id)
    revision = item.revisions.get(digest) if item else None
    if item is None or revision is None:
        return (
            because(
                "revision",
                "{item_id} has no signed revision {digest}",
                item_id=item_id,
                digest=digest[:12],
            ),
        )
    roster, _ = known(record)
    name = phrase(
        "{item} ({language}) rev {number}",
        item=item.code or item.id, language=item.language, number=revision.number,
    )  # fmt: skip
    reasons = []
    if revision.returned:
        reasons.append(
            because(
                "returned",
                "{name} was returned by {person}; it needs a new revision",
                name=name,
                person=revision.returned.person,
                who=tuple(sorted(item.authors(digest))),
            )
        )
    if revision.withdrawn:
        reasons.append(
            because("withdrawn", "{name} was withdrawn and cannot go out again", name=name)
        )
    if why := ended(roster, revision.key, revision.time):
        reasons.append(
            because("author-key", "{name} was signed with a key that {why}", name=name, why=why)
        )
    if revision.quick_fix:
        reasons += judge_mended(record, item, revision, name)
    try:
        states = steps_of(record, item, revision)
    except Refused as error:
        return (*reasons, *error.reasons)
    authors = item.authors(digest)
    for state in states:
        if state.approval:
            continue
        approvals = _where(item, revision, state.step, kind_of(record, item)).approvals
        excluded = sorted(
            {a.person for a in approvals if a.step == state.step and a.person in authors}
        )
        if excluded:
            text = phrase(
                "{name}: {names} wrote it and may not approve it",
                name=name,
                names=", ".join(excluded),
            )
            reasons.append(Reason("author-approves", text, state.who))
        else:
            reasons.append(
                because(
                    "chain",
                    "{name}: step {step} is open",
                    name=name,
                    step=said("step", state.step),
                    who=state.who,
                )
            )
    return tuple(reasons)


def judge_mended(
    record: Record, item: ItemState, revision: RevisionState, name: str
) -> list[Reason]:
    """Why a quick fix may not stand on what is below it; empty when it may."""
    line = mended(item, revision)
    authors = tuple(sorted(item.authors(revision.digest)))
    if len(line) - 1 > MOST_QUICK_FIXES:
        text = phrase(
            "{name}: {count} quick fixes in a row, at most {most}",
            name=name,
            count=len(line) - 1,
            most=MOST_QUICK_FIXES,
        )
        return [Reason(QUICK_FIX_GATE, text, authors)]
    below = line[1]
    if below.released_in:
        text = phrase(
            "{name} mends a public text; that takes a correction and the whole chain", name=name
        )
        return [Reason(QUICK_FIX_GATE, text, authors)]
    if judge_revision(record, item.id, below.digest):
        text = phrase(
            "{name} mends revision {number}, which is not approved", name=name, number=below.number
        )
        return [Reason(QUICK_FIX_GATE, text, authors)]
    return []
