"""Permission: whether somebody may take a step of the chain now, and if not, who could.

Verbs ask it before they sign; the judge does not rely on it and looks at the acts themselves.
"""

from __future__ import annotations

from desk.errors import Reason, Refused, because
from desk.locales.words import said
from desk.phrase import phrase
from desk.trust.approval import (
    QUICK_FIX_GATE,
    has_key,
    judge_mended,
    kind_of,
    known,
    steps_of,
)
from desk.trust.record import Record
from desk.trust.standing import Seat, in_force
from desk.trust.state import ItemState, RevisionState


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
        raise Refused(
            title,
            [
                because(
                    "chain", "{kind} has no step {step}", kind=item.kind, step=said("step", step)
                )
            ],
        )
    state = states[step]
    if revision.returned:
        raise Refused(title, [Reason("returned", "the revision was returned")])
    if digest != item.latest:
        raise Refused(
            title,
            [because("newer", "revision {number} is newer", number=item.current.number)],
        )
    if revision.quick_fix:
        _may_approve_fix(record, item, revision, step, title)
    if person in item.authors(digest):
        raise Refused(
            title, [Reason("author-approves", "authors may not approve or sign", state.who)]
        )
    if not (has_key(roster, person) and record.holds_role(person, step, item.agency, time)):
        text = phrase(
            "{person} does not hold the role {step} for {agency}",
            person=person,
            step=said("role", step),
            agency=item.agency,
        )
        raise Refused(title, [Reason("role", text, state.who)])
    if state.approval:
        raise Refused(
            title,
            [
                because(
                    "done",
                    "{person} already approved step {step}",
                    person=state.approval.person,
                    step=said("step", step),
                )
            ],
        )
    for earlier in states.values():
        if earlier.step == step:
            break
        if earlier.approval is None:
            raise Refused(
                title,
                [
                    because(
                        "order",
                        "step {step} comes first",
                        step=said("step", earlier.step),
                        who=earlier.who,
                    )
                ],
            )
    if any(s.approval and s.approval.person == person for s in states.values()):
        raise Refused(title, [Reason("distinct", "each step needs another person", state.who)])
    busy = item.authors(digest).union(*(s.seat for s in states.values()))
    if person in busy:
        text = phrase("a deputy took a step in the place of {person}", person=person)
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
        text = phrase(
            "{person} stands in for {names}, who wrote it or took another step",
            person=person,
            names=names,
        )
        raise Refused("You may not approve this", [Reason("deputy", text, who)])


def _may_approve_fix(
    record: Record, item: ItemState, revision: RevisionState, step: str, title: str
) -> None:
    reasons = judge_mended(record, item, revision, phrase("rev {n}", n=revision.number))
    if reasons:
        raise Refused(title, reasons)
    last = kind_of(record, item)["chain"][-1]
    if step != last:
        text = phrase("of a quick fix only step {last} is asked", last=last)
        raise Refused(title, [Reason(QUICK_FIX_GATE, text)])
