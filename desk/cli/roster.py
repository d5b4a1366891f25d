"""`desk roster`: who may do what, with which key. Every change is signed by the administrators."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desk.cli import proposals
from desk.cli.context import Run, noun, person_id, verb
from desk.cli.opened import actor, config, open_room
from desk.cli.output import Table
from desk.cli.public_keys import keys_given, tell_voice, with_keys
from desk.cli.telling import agreed, examples, finish, waits
from desk.errors import DeskError, UsageError
from desk.locales import _
from desk.phrase import phrase

if TYPE_CHECKING:
    from desk.newsroom.room import Room, View
    from desk.trust.roster import Roster

command = noun("roster", "Say who may do what, with which key.")
FILE = click.Path(path_type=Path, dir_okay=False)
Make = Callable[["View", str], dict[str, Any]]


_OUT = click.option("--out", type=FILE, metavar="FILE",
                    help="Where the proposal goes while signatures are missing.")  # fmt: skip


def _roles(run: Run, given: tuple[str, ...]) -> list[tuple[str, str]]:
    """Roles as given, `role` or `role:agency`. Raises UsageError for an unknown agency."""
    try:
        agencies = {agency.id for agency in config(run).agencies}
    except DeskError:
        agencies = set()  # a broken calendar must not keep anybody from revoking rights
    found = []
    for text in given:
        role, _, agency = text.partition(":")
        if agency and agency != "*" and agencies and agency not in agencies:
            from desk.newsroom.values import closest

            raise UsageError("Unknown agency", agency[:40], closest(agency, sorted(agencies)))
        found.append((role, agency or "*"))
    return found


@verb(command, "show", examples("desk roster show", "desk roster show --json"))
def show(run: Run) -> None:
    """Show the roster in force: people, roles, keys, publishers."""
    with open_room(run).reading() as view:
        roster = view.roster
    data = {"version": roster.version, "digest": roster.digest, "document": roster.document}
    run.out.emit(data, lambda _: [_people(roster), _publishers(roster)])


def _people(roster: Roster) -> Table:
    from desk.newsroom.roster_diff import roles_text

    rows = []
    for person, entry in sorted(roster.document["people"].items()):
        key = roster.people[person].key
        state = f"{key.sign[:12]}…" if key else _("none in use")
        root = _("root") if person in roster.root_keys else ""
        rows.append([person, entry["name"], roles_text(entry["roles"]), state, root])
    return Table(["person", "name", "roles", "key", ""], rows,
                 _("Roster v{version}").format(version=roster.version))  # fmt: skip


def _publishers(roster: Roster) -> Table:
    rows = [[name, f"{key.sign[:12]}…"] for name, key in sorted(roster.publishers.items())]
    return Table(["publisher", "key"], rows)


def change(
    run: Run, make: Make, *, out: Path | None, wait: float, subject: str, yes: bool = True,
    more: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """Propose, sign and, when that suffices, enact a roster that `make` gives from the present.

    `make` takes the view and the instant. What takes a right away waits for the publisher. `more`
    is printed with the result.
    """
    from desk.newsroom import administer

    room = open_room(run)
    with room.reading() as view:
        document = make(view, room.instant())
        if document == view.roster.document:
            run.out.say("It says so already.")
            data = {"version": view.roster.version, "already": True, "changes": []}
            run.out.emit(data | (more or {}), _done)
            return
        envelope = administer.propose_roster(view, document, room.instant())
        lines = proposals.changes(view, administer.state_of(view, envelope).act)
    proposals.tell_changes(run, lines)
    agreed(run, phrase("Sign this change of {subject}?", subject=subject), yes)
    me = actor(run)
    with room.reading() as view:
        proposal = administer.countersign(view, envelope, me)
    if not proposal.complete:
        proposals.hand_on(run, proposal.act.envelope, proposal.signed, proposal.needed, out)
        run.out.emit({"proposal": str(out), "signed": proposal.signed, "needed": proposal.needed,
                      "changes": proposals.in_english(lines)} | (more or {}))  # fmt: skip
        return
    enact(run, room, proposal.act.envelope, wait, more)


def enact(
    run: Run, room: Room, envelope: Any, wait: float, more: dict[str, Any] | None = None
) -> None:
    """Put a complete proposal into force and print it. Raises Refused while signatures lack."""
    from desk.newsroom import administer
    from desk.newsroom.roster_diff import takes_away

    with room.reading() as view:
        act = administer.state_of(view, envelope).act
        in_force = view.roster if act.kind.name == "roster" else view.record.policy
        data: dict[str, Any] = {"version": act.fields["version"], "already": False, **(more or {})}
        if in_force and in_force.digest == act.digest:
            run.out.say("It is in force already.")
            run.out.emit({**data, "act": act.digest, "already": True, "changes": []}, _done)
            return
        proposals.require_next(view, act)
        data["changes"] = proposals.in_english(proposals.changes(view, act))
        before = view.roster.document
    administer.enact(room, envelope)
    if act.kind.name == "roster":
        warn_gaps(run, act.fields["document"]["people"])
    if act.kind.name == "policy" or takes_away(before, act.fields["document"]):
        finish(run, room, act.kind.name, act.digest, wait, data, _done)
        return
    run.out.emit({**data, "act": act.digest}, _done)


def _done(data: dict[str, Any]) -> str:
    return phrase("Version {version} is in force.", version=data["version"])


def warn_gaps(run: Run, people: Any) -> None:
    """Say, in one line, for which kinds people are missing now."""
    from desk.newsroom.load import chain_gaps

    try:
        found = config(run)
    except DeskError as error:
        run.out.warn(error.title)
        return
    kinds = list(
        dict.fromkeys(gap.path.removeprefix("kinds.") for gap in chain_gaps(found, people))
    )
    if kinds:
        run.out.warn(
            phrase(
                "People are missing for the chains or the sign-off of {names}.\n"
                "  See: desk newsroom check --roster",
                names=", ".join(kinds),
            )
        )


@verb(
    command,
    "add",
    examples(
        "desk roster add editor-tk --name 'Cục Thống kê – biên tập viên' \\",
        "    --role author:thong-ke --from-file keys.json",
        "desk roster add lead-1 --name 'Trưởng ca 1' --role lead --sign HEX --read HEX",
    ),
)
@click.argument("person")
@click.option("--name", required=True, help="The post, as others read it.")
@click.option("--role", "roles", multiple=True, required=True, metavar="ROLE[:AGENCY]",
              help="author, appraise, review, check, lead, spokesperson, admin.")  # fmt: skip
@with_keys
@_OUT
@waits
def add(run: Run, person: str, name: str, roles: tuple[str, ...], sign: str | None,
        read: str | None, source: str | None, out: Path | None, wait: float) -> None:  # fmt: skip
    """Add a post with its roles and public keys."""
    from desk.newsroom import administer

    who = person_id(person)
    keys, wanted = keys_given(run, who, sign, read, source), _roles(run, roles)

    def make(view: View, time: str) -> dict[str, Any]:
        known = view.roster.people.get(who)
        same = known and known.key and (known.key.sign, known.key.read) == (keys.sign, keys.read)
        if known and same and (known.roles, known.name) == (frozenset(wanted), name):
            return dict(view.roster.document)
        return administer.with_person(view.roster, who, name, wanted, keys, time)

    tell_voice(run, who, keys)
    change(run, make, out=out, wait=wait, subject=who)


@verb(command, "roles", examples("desk roster roles lead-2 --role lead --role review"))
@click.argument("person")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    metavar="ROLE[:AGENCY]",
    help="The roles from now on; those not named are taken away.",
)
@_OUT
@waits
def roles(run: Run, person: str, roles: tuple[str, ...], out: Path | None, wait: float) -> None:
    """Give a post other roles."""
    from desk.newsroom import administer

    wanted = _roles(run, roles)
    change(run, lambda view, _: administer.with_roles(view.roster, person, wanted),
           out=out, wait=wait, subject=person)  # fmt: skip


@verb(command, "rotate", examples("desk roster rotate editor-tk --from-file new-keys.json"))
@click.argument("person")
@with_keys
@_OUT
@waits
def rotate(run: Run, person: str, sign: str | None, read: str | None, source: str | None,
           out: Path | None, wait: float) -> None:  # fmt: skip
    """Give a post another key. What the old one signed until now keeps counting."""
    from desk.newsroom import administer

    keys = keys_given(run, person, sign, read, source)

    def make(view: View, time: str) -> dict[str, Any]:
        known = view.roster.people.get(person)
        if known and known.key and known.key.sign == keys.sign:
            return dict(view.roster.document)
        return administer.with_new_key(view.roster, person, keys, time)

    tell_voice(run, person, keys)
    change(run, make, out=out, wait=wait, subject=person)


def _end(run: Run, person: str, state: str, out: Path | None, wait: float) -> None:
    from desk.newsroom import administer

    def make(view: View, time: str) -> dict[str, Any]:
        known = view.roster.people.get(person)
        if known and all(key.state in (state, "compromised") for key in known.keys):
            return dict(view.roster.document)
        return administer.with_key_ended(view.roster, person, state, time)

    change(run, make, out=out, wait=wait, subject=person)


@verb(command, "revoke", examples("desk roster revoke editor-tk"))
@click.argument("person")
@_OUT
@waits
def revoke(run: Run, person: str, out: Path | None, wait: float) -> None:
    """End a post's keys, because the person leaves. Approvals and sign-offs by it stop counting."""
    _end(run, person, "revoked", out, wait)


@verb(command, "compromised", examples("desk roster compromised editor-tk"))
@click.argument("person")
@_OUT
@waits
def compromised(run: Run, person: str, out: Path | None, wait: float) -> None:
    """Declare a post's keys lost or stolen. All that they signed and is not public is void."""
    _end(run, person, "compromised", out, wait)


@verb(
    command,
    "root",
    examples(
        "desk roster root --add quan-tri-2 --threshold 2 --yes", "desk roster root --drop qt-1"
    ),
)
@click.option("--add", multiple=True, metavar="PERSON", help="This person administers too.")
@click.option("--drop", multiple=True, metavar="PERSON", help="This person no longer does.")
@click.option("--threshold", type=click.IntRange(1), metavar="N", help="How many must sign.")
@click.option("--yes", is_flag=True, help="Agree beforehand.")
@_OUT
@waits
def root(run: Run, add: tuple[str, ...], drop: tuple[str, ...], threshold: int | None, yes: bool,
         out: Path | None, wait: float) -> None:  # fmt: skip
    """Change who administers: whose signatures a roster or a policy needs, and how many."""
    from desk.newsroom import administer

    change(
        run,
        lambda view, _: administer.with_root(view.roster, add=add, drop=drop, threshold=threshold),
        out=out, wait=wait, subject=phrase("the root"), yes=yes,
    )  # fmt: skip


@verb(command, "publisher", examples("desk roster publisher pub-1 --from-file publisher.json"))
@click.argument("name")
@with_keys
@_OUT
@waits
def publisher(run: Run, name: str, sign: str | None, read: str | None, source: str | None,
              out: Path | None, wait: float) -> None:  # fmt: skip
    """Add a publisher, or give one another key (desk publisher init prints it)."""
    from desk.newsroom import administer

    who = person_id(name)
    keys = keys_given(run, who, sign, read, source)
    tell_voice(run, who, keys, "desk publisher init")
    change(run, lambda view, _: administer.with_publisher(view.roster, who, keys),
           out=out, wait=wait, subject=who)  # fmt: skip


@verb(command, "sign", examples("desk roster sign policy.json", "desk roster sign r.json --yes"))
@click.argument("file", type=FILE)
@click.option("--yes", is_flag=True, help="Agree beforehand.")
def sign(run: Run, file: Path, yes: bool) -> None:
    """Add your signature to a proposal in a file: a roster, a policy, a newsroom's first roster."""
    from desk.newsroom import administer

    act = proposals.read_proposal(file)
    room = None if proposals.is_first(act) else open_room(run)
    if room is None:
        lines = proposals.changes(None, act)
    else:
        with room.reading() as view:
            proposals.require_next(view, act)
            lines = proposals.changes(view, act)
    proposals.tell_changes(run, lines)
    agreed(run, "Sign this?", yes)
    me = actor(run)
    if room is None:
        envelope = proposals.countersign_first(act, me)
        root = act.fields["document"]["root"]
        keys = set(root["keys"].values())
        signed = len({one.keyid for one in envelope.signatures} & keys)
        needed = int(root["threshold"])
    else:
        with room.reading() as view:
            proposal = administer.countersign(view, act.envelope, me)
        envelope, signed, needed = proposal.act.envelope, proposal.signed, proposal.needed
    already = envelope == act.envelope
    if not already:
        proposals.write_proposal(file, envelope, replace=True)
    data = {"file": str(file), "signed": signed, "needed": needed, "already": already,
            "changes": proposals.in_english(lines)}  # fmt: skip
    told_of = {"signed": signed, "needed": needed}
    if signed >= needed:
        run.out.say(phrase("Next: {command}", command=proposals.next_command(act, file)))
    run.out.emit(
        data,
        lambda _: (
            phrase("Signed already: {signed} of {needed} administrators.", **told_of)
            if already
            else phrase("Signed: {signed} of {needed} administrators.", **told_of)
        ),
    )


@verb(command, "apply", examples("desk roster apply roster.json"))
@click.argument("file", type=FILE)
@waits
def apply(run: Run, file: Path, wait: float) -> None:
    """Put a roster that enough administrators have signed into force."""
    enact_file(run, open_room(run), file, "roster", wait)


def enact_file(run: Run, room: Room, file: Path, kind: str, wait: float) -> None:
    """Enact a proposal of that kind from a file."""
    act = proposals.read_proposal(file)
    if act.kind.name != kind:
        hint = "desk newsroom adopt --from" if act.kind.name == "policy" else "desk roster apply"
        raise UsageError(
            phrase("That is a {name}", name=act.kind.name),
            str(file),
            phrase("Use: {hint} {file}", hint=hint, file=file),
        )
    enact(run, room, act.envelope, wait)
