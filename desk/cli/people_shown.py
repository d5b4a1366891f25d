"""How people, what they may still sign, and delegations are told in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.cli.output import Block, Table
from desk.locales import N_, _, told
from desk.locales.words import role, word
from desk.phrase import joined, phrase

if TYPE_CHECKING:
    from desk.cli.context import Run
    from desk.people.deputies import DelegationView
    from desk.people.keys import Leaving
    from desk.people.reach import Candidate, Open
    from desk.trust.roster import Person


def people_blocks(
    people: list[Person], delegations: list[DelegationView], orders: dict[str, list[str]]
) -> list[Block]:
    """Posts with their roles, delegations if there are any, and in which order people are asked."""
    rows: list[list[object]] = []
    for one in people:
        roles = joined(
            ", ",
            [
                phrase("{role} until {time}", role=role(name, agency), time=one.ends[name, agency])
                if (name, agency) in one.ends
                else role(name, agency)
                for name, agency in sorted(one.roles)
            ],
        )
        rows.append([one.id, one.name, roles, "" if one.key else _("no key in use")])
    found: list[Block] = [Table(["person", "name", "roles", ""], rows)]
    if delegations:
        found.append(delegation_table(delegations))
    if orders:
        asked: list[list[object]] = [
            [role(*name.partition(":")[::2]), ", ".join(ids)] for name, ids in orders.items()
        ]
        found.append(Table(["step", "asked in this order"], asked))
    return found


def delegation_table(found: list[DelegationView]) -> Table:
    """Delegations: who acts for whom in which role, and whether it is in force."""
    rows: list[list[object]] = [
        [d.id[:12], d.to, d.giver, role(d.role, d.agency), d.since, d.until,
         word("delegation", d.state) + (f": {told(d.why)}" if d.why else "")]
        for d in found
    ]  # fmt: skip
    return Table(["id", "deputy", "for", "role", "from", "until", "state"], rows)


def open_blocks(found: list[Open]) -> list[Block]:
    """Every open step with those who could take it."""
    blocks: list[Block] = []
    for one in found:
        blocks.append(_waiting(one))
        blocks.append(candidate_table(one.candidates))
    return blocks


def _waiting(one: Open) -> str:
    """One step that somebody has to take: now or later, and by when."""
    template = (
        N_("{subject} {code}: {step} waits now")
        if one.now
        else N_("{subject} {code}: {step} later")
    )
    step = word("role", one.step)
    said = phrase(template, subject=one.subject, code=one.code, step=step)
    return joined(", ", [said, phrase("due {time}", time=one.due)]) if one.due else said


def candidate_table(found: tuple[Candidate, ...]) -> Table:
    """Who could act, in the order in which to ask, and why others cannot."""
    rows: list[list[object]] = [
        [one.person, one.name, _("can") if one.can else _("cannot"), _note(one)] for one in found
    ]
    return Table(["person", "name", "", "why"], rows)


def _note(one: Candidate) -> str:
    notes = [one.why] if one.why else []
    if one.stands_for:
        notes.append(phrase("for {names}", names=", ".join(one.stands_for)))
    if one.away_until:
        notes.append(phrase("away until {time}", time=one.away_until))
    return joined("; ", notes)


def tell_left(run: Run, left: Leaving) -> None:
    """Say what somebody leaves behind who goes."""
    said = (
        (_("drafts (the recovery key opens them)"), left.drafts),
        (_("waits for a step of theirs"), left.waiting),
        (_("signed and not out yet: to be signed again"), left.signed),
        (_("delegations that end"), tuple(f"{d.giver} -> {d.to}: {role(d.role, d.agency)}"
                                          for d in left.delegations)),
    )  # fmt: skip
    run.out.say(phrase("What {person} leaves behind:", person=left.person))
    for what, found in said:
        run.out.say("  " + what + ": " + (", ".join(found) or _("none")))
