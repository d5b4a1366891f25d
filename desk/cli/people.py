"""`desk people`: who stands in for whom, who can still act, and what is done about lost keys."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desk.cli.context import Run, noun, person_id, verb
from desk.cli.opened import actor, open_room
from desk.cli.output import Table
from desk.cli.people_shown import (
    candidate_table,
    delegation_table,
    open_blocks,
    people_blocks,
    tell_left,
)
from desk.cli.public_keys import keys_given, tell_voice, with_keys
from desk.cli.roster import change
from desk.cli.telling import agreed, examples, finish, waits
from desk.errors import NotFound, UsageError
from desk.locales.words import role as role_word
from desk.locales.words import word
from desk.phrase import phrase

if TYPE_CHECKING:
    from desk.newsroom.room import Room, View
    from desk.trust.roster import Person

command = noun("people", "See who can act, stand in for others, replace lost keys.")
FILE = click.Path(path_type=Path, dir_okay=False)
_OUT = click.option("--out", type=FILE, metavar="FILE",
                    help="Where the proposal goes while signatures are missing.")  # fmt: skip
_YES = click.option("--yes", is_flag=True, help="Agree beforehand.")


def _role(text: str) -> tuple[str, str]:
    """`ROLE` or `ROLE:AGENCY`. Raises UsageError for a role that nobody has."""
    from desk.newsroom.administer import ROLES
    from desk.newsroom.values import closest

    role, _, agency = text.partition(":")
    if role not in ROLES:
        raise UsageError("Unknown role", role[:40], closest(role, ROLES))
    return role, agency or "*"


def _instant(run: Run, room: Room, text: str) -> str:
    """A written instant from a wall time in the newsroom's zone, or from one with `Z`."""
    from desk.releases.placing import read_moment

    with room.reading() as view:
        return read_moment(text, str(view.policy.document["zone"])).at


# -- who can act ---------------------------------------------------------------------------------


@verb(command, "show", examples("desk people show", "desk people show lead-2 --json"))
@click.argument("person", required=False)
def show(run: Run, person: str | None) -> None:
    """Show people with their roles, and who stands in for whom now or later."""
    from desk.people.deputies import standing

    with open_room(run).reading() as view:
        if person and person not in view.roster.people:
            raise NotFound("No such person", person, "See: desk roster show")
        listed = [p for name, p in sorted(view.roster.people.items()) if person in (None, name)]
        delegations = standing(view, person or "")
        orders = view.roster.document.get("deputies", {})
    data = {"people": [_person(one) for one in listed], "delegations": delegations,
            "deputies": orders}  # fmt: skip
    run.out.emit(data, lambda _: people_blocks(listed, delegations, orders))


def _person(one: Person) -> dict[str, Any]:
    return {
        "person": one.id,
        "name": one.name,
        "roles": [
            {"role": role, "agency": agency, "until": one.ends.get((role, agency), "")}
            for role, agency in sorted(one.roles)
        ],
        "key": one.key.sign if one.key else "",
        "key_until": one.key.until if one.key else "",
    }


@verb(
    command,
    "who",
    examples("desk people who i-4f0zk2m9qx", "desk people who r-7h2kq0vbmx --json"),
)
@click.argument("subject", metavar="ITEM|RELEASE")
def who(run: Run, subject: str) -> None:
    """Who can still act on what waits, in the order in which to ask, and why others cannot."""
    from desk.people import reach, second

    room = open_room(run)
    found = [*reach.who(room, subject), *second.second(room, subject)]
    if not found:
        run.out.say(phrase("{subject} waits for nobody's approval or signature.", subject=subject))
    run.out.emit(found, lambda _: open_blocks(found))


@verb(
    command,
    "reachable",
    examples(
        "desk people reachable lead",
        "desk people reachable review:thong-ke --at '2026-11-23 17:30'",
    ),
)
@click.argument("role", metavar="ROLE[:AGENCY]")
@click.option("--at", default="", metavar="TIME", help="Not now but then; wall time or …Z.")
def reachable(run: Run, role: str, at: str) -> None:
    """Who has a role now or at a time, in the order in which to ask; deputies too."""
    from desk.people import reach

    name, agency = _role(role)
    room = open_room(run)
    instant = _instant(run, room, at) if at else room.instant()
    with room.reading() as view:
        found = reach.candidates(view, name, (agency,), {}, instant)
    run.out.emit(found, lambda _: candidate_table(found))


@verb(
    command, "remind", examples("desk people remind i-4f0zk2m9qx", "desk people remind r-… lead-2")
)
@click.argument("subject", metavar="ITEM|RELEASE")
@click.argument("people", metavar="[PERSON]...", nargs=-1)
def remind(run: Run, subject: str, people: tuple[str, ...]) -> None:
    """Ask for the approval or signature that waits now; the alerts carry it."""
    from desk.people import reach

    done = reach.remind(open_room(run), actor(run), subject, people)
    if done.already:
        run.out.say("They were asked within the last ten minutes.")
    said = phrase(
        "Asked for {step}: {names}", step=word("role", done.step), names=", ".join(done.to)
    )
    run.out.emit(done, lambda _: said)


# -- deputies ------------------------------------------------------------------------------------


@verb(
    command,
    "delegate",
    examples(
        "desk people delegate lead-2 --role lead --until '2026-11-27 18:00'",
        "desk people delegate reviewer-2 --role review:thong-ke --from '2026-11-23 08:00' "
        "--until '2026-11-27 18:00'",
    ),
)
@click.argument("to", metavar="PERSON")
@click.option("--role", required=True, metavar="ROLE[:AGENCY]", help="A role of your own.")
@click.option("--from", "since", default="", metavar="TIME", help="Not now but from then on.")
@click.option("--until", required=True, metavar="TIME", help="At most 31 days; wall time or …Z.")
@click.option("--note", default="", help="Why, in plain sight.")
@_YES
def delegate(run: Run, to: str, role: str, since: str, until: str, note: str, yes: bool) -> None:
    """Give a role of yours to another for a time, because you are away.

    The deputy counts in your place, and with you as one where several people are needed.
    """
    from desk.people import deputies

    name, agency = _role(role)
    room = open_room(run)
    first = _instant(run, room, since) if since else ""
    last = _instant(run, room, until)
    question = phrase(
        "Let {person} act as {role} for you until {last}?",
        person=to,
        role=role_word(name, agency),
        last=last,
    )
    agreed(run, question, yes)
    done = deputies.delegate(
        room, actor(run), person_id(to), role=name, agency=agency, since=first, until=last,
        note=note,
    )  # fmt: skip
    if done.already:
        run.out.say("It is delegated already.")
    run.out.emit(done, lambda _: delegation_table([done]))


@verb(command, "undelegate", examples("desk people undelegate 4f0c9a17"))
@click.argument("delegation", metavar="ID")
@waits
def undelegate(run: Run, delegation: str, wait: float) -> None:
    """End a delegation, as either of the two. Sign-offs that rest on it no longer count."""
    from desk.people import deputies
    from desk.trust.acts import PEOPLE

    room = open_room(run)
    done, act = deputies.undelegate(room, actor(run), delegation)
    if done.already:
        run.out.say("It was ended before.")
    said = phrase(
        "{deputy} no longer acts as {role} for {giver}.",
        deputy=done.to,
        role=role_word(done.role, done.agency),
        giver=done.giver,
    )
    finish(run, room, PEOPLE, act, wait, done.as_json(),
           lambda _: said)  # fmt: skip


@verb(command, "deputies", examples("desk people deputies review:thong-ke lead-2 reviewer-2"))
@click.argument("role", metavar="ROLE[:AGENCY]")
@click.argument("people", metavar="[PERSON]...", nargs=-1)
@_OUT
@waits
def deputies(run: Run, role: str, people: tuple[str, ...], out: Path | None, wait: float) -> None:
    """Set in which order people are asked for a step. It gives nobody a right."""
    from desk.people import keys

    name, agency = _role(role)
    change(run, lambda view, _: keys.with_deputies(view.roster, name, agency, list(people)),
           out=out, wait=wait, subject=role)  # fmt: skip


@verb(command, "ends", examples("desk people ends lead-2 lead --until '2026-12-31 23:59'"))
@click.argument("person")
@click.argument("role", metavar="ROLE[:AGENCY]")
@click.option("--until", default="", metavar="TIME", help="The last instant; without: no end.")
@_OUT
@waits
def ends(run: Run, person: str, role: str, until: str, out: Path | None, wait: float) -> None:
    """Set when a role ends. It then counts for no release that comes later."""
    from desk.people import keys

    name, agency = _role(role)
    last = _instant(run, open_room(run), until) if until else ""
    change(run, lambda view, _: keys.with_role_end(view.roster, person, name, agency, last),
           out=out, wait=wait, subject=person)  # fmt: skip


# -- keys ----------------------------------------------------------------------------------------


@verb(
    command,
    "rekey",
    examples(
        "desk people rekey lead-1 --from-file new-keys.json",
        "desk people rekey lead-1 --from-file new-keys.json --compromised --out rekey.json",
    ),
)
@click.argument("person")
@with_keys
@click.option("--compromised", is_flag=True,
              help="Somebody else may have the old key: void what waits.")  # fmt: skip
@_OUT
@waits
def rekey(run: Run, person: str, sign: str | None, read: str | None, source: str | None,
          compromised: bool, out: Path | None, wait: float) -> None:  # fmt: skip
    """Give a post a new key, because the passphrase is forgotten or the key is lost.

    Compare the fingerprint by voice. Afterwards the publisher lets the new key read what waits
    (or somebody who can read it: desk people rewrap); drafts need the recovery key: desk people
    recover-drafts.
    """
    from desk.people import keys

    given = keys_given(run, person, sign, read, source)

    def make(view: View, time: str) -> dict[str, Any]:
        known = view.roster.people.get(person)
        if known and known.key and known.key.sign == given.sign:
            return dict(view.roster.document)
        return keys.with_rekey(view.roster, person, given, time, compromised=compromised)

    tell_voice(run, person, given)
    change(run, make, out=out, wait=wait, subject=person)


@verb(command, "rewrap", examples("desk people rewrap"))
def rewrap(run: Run) -> None:
    """Let everybody who may read what you can read do so with their present keys.

    The publisher does this by itself for what is newest; this is for when none runs.
    """
    from desk.people import keys

    done = keys.rewrap(open_room(run), actor(run))
    run.out.emit(done, lambda _: Table(
        ["item", "revision", "problem"], [[d.item, d.revision, d.problem] for d in done]
    ))  # fmt: skip


@verb(
    command,
    "recover-drafts",
    examples("desk people recover-drafts editor-tk --recovery-seed /media/usb/recovery.seed"),
)
@click.argument("person", required=False)
@click.option("--recovery-seed", "seed", type=FILE, required=True, metavar="FILE",
              help="The seed of the recovery key.")  # fmt: skip
def recover_drafts(run: Run, person: str | None, seed: Path) -> None:
    """Seal drafts anew for authors whose present key does not open them."""
    from desk.backup.restore import recovery_identity
    from desk.people import keys

    done = keys.recover_drafts(open_room(run), recovery_identity(seed), person or "")
    run.out.emit(done, lambda _: Table(
        ["item", "author", "problem"], [[d.item, d.author, d.problem] for d in done]
    ))  # fmt: skip


@verb(command, "leave", examples("desk people leave editor-tk", "desk people leave lead-2 --yes"))
@click.argument("person")
@_YES
@_OUT
@waits
def leave(run: Run, person: str, yes: bool, out: Path | None, wait: float) -> None:
    """End a post's keys and roles, and list what it leaves behind.

    What it wrote stays; its approvals and sign-offs of what is not out no longer count, and
    delegations by and to it end.
    """
    from desk.people import keys

    left = keys.left_behind(open_room(run), person)
    tell_left(run, left)
    change(run, lambda view, time: keys.with_leaver(view.roster, person, time), out=out, wait=wait,
           subject=person, yes=yes, more={"left": left.as_json()})  # fmt: skip
