"""`desk terms` for those who keep the termbase: add, propose, accept, switch off, look back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from desk.cli.context import Run, verb
from desk.cli.opened import actor, open_room
from desk.cli.output import Block, Fields, Table
from desk.cli.telling import agreed, examples
from desk.cli.terms import command
from desk.cli.terms_place import own_file, place
from desk.errors import Conflict, NotFound, UsageError
from desk.locales import _, told
from desk.phrase import phrase

if TYPE_CHECKING:
    from desk.terms.change import Change
    from desk.terms.entry import Entry
    from desk.terms.proposals import Proposal

F = TypeVar("F", bound=Callable[..., object])
FILE = click.Path(path_type=Path, dir_okay=False)
_YES = click.option("--yes", is_flag=True, help="Agree beforehand.")
_OWN = click.option("--file", "file", type=FILE, metavar="FILE",
                    help="Without a newsroom: the termbase file to change.")  # fmt: skip
_REASON = click.option("--reason", default="", help="Why, for those who look back.")


def _entry_options(function: F) -> F:
    """How an entry is given: a termbase file, or its parts."""
    for option in reversed((
        click.argument("source", metavar="[FILE]", type=FILE, required=False),
        click.option("--language", type=click.Choice(["vi", "en"]), help="Of the entry."),
        click.option("--use", multiple=True, metavar="FORM", help="What to write; best first."),
        click.option("--avoid", multiple=True, metavar="FORM", help="What not to write."),
        click.option("--was", multiple=True, metavar="FORM", help="What was right once."),
        click.option("--rule", default="", help="The rule, in a sentence."),
        click.option("--from-source", "written", default="", metavar="TITLE",
                     help="Where the rule is written. Mandatory."),
        click.option("--place", "where", default="", help="The place in the source."),
        click.option("--severity", type=click.Choice(["error", "warning", "info"]),
                     default="warning", show_default=True),
        click.option("--case", type=click.Choice(["exact", "sentence-start", "headline", "any"]),
                     default="sentence-start", show_default=True),
        click.option("--since", default="", metavar="DATE", help="The rule holds from that day."),
        click.option("--match", multiple=True, metavar="TEXT", help="A sentence it must find."),
        click.option("--clean", multiple=True, metavar="TEXT", help="One that it must not."),
        click.option("--id", "name", default="", metavar="ID", help="Its id; made when missing."),
        click.option("--concept", default="", metavar="ID", help="Shared with other languages."),
        _REASON, _YES,
    )):  # fmt: skip
        function = option(function)
    return function


@verb(
    command,
    "add",
    examples(
        "desk terms add new-entries.yaml --reason 'Names of 2026'",
        "desk terms add --language vi --use 'Liên hợp quốc' --avoid 'Liên hiệp quốc' "
        "--from-source 'House style' --match 'Đại hội đồng Liên hiệp quốc họp.'",
    ),
)
@_OWN
@_entry_options
def add(run: Run, file: Path | None, reason: str, yes: bool, **given: Any) -> None:
    """Add or replace entries. What fails its examples or contradicts others is not saved.

    An entry of severity error waits for a second person: desk terms accept.
    """
    entries = _entries(given)
    _free_id(run, file, entries, given)
    _put(run, file, entries, reason, yes, alone=True)


@verb(command, "propose", examples("desk terms propose --files --reason 'Corrected by hand'",
                                   "desk terms propose new-entries.yaml"))  # fmt: skip
@click.option("--files", is_flag=True, help="What stands in the newsroom's terms/ now.")
@_entry_options
def propose(run: Run, files: bool, reason: str, yes: bool, **given: Any) -> None:
    """Propose entries; they count once somebody else has accepted them."""
    if not files:
        entries = _entries(given)
        _free_id(run, None, entries, given)
        _put(run, None, entries, reason, yes, alone=False)
        return
    from desk.terms import proposals

    _tell(run, proposals.adopt_files(open_room(run), actor(run), reason))


@verb(command, "accept", examples("desk terms accept 4f0c9a17b2d4"))
@click.argument("proposal", metavar="ID")
@_YES
def accept(run: Run, proposal: str, yes: bool) -> None:
    """Agree to what another has proposed, after seeing what it changes."""
    from desk.terms import history, proposals

    room = open_room(run)
    listed = [one for one in proposals.waiting(room) if one.id.startswith(proposal)]
    if len(listed) == 1:
        (one,) = listed
        run.out.say(phrase("Proposed by {person}: {reason}", person=one.proposer,
                           reason=one.reason or "–"))  # fmt: skip
        _show_change(run, room.root, history.proposal(room.root, one.id))
        agreed(run, phrase("Accept it, as {person}?", person=run.person), yes)
    _tell(run, proposals.accept(room, actor(run), proposal))


@verb(command, "proposals", examples("desk terms proposals", "desk terms proposals --json"))
def list_proposals(run: Run) -> None:
    """List the changes that wait for somebody's agreement."""
    from desk.terms import proposals

    found = proposals.waiting(open_room(run))
    run.out.emit(found, lambda _: Table(
        ["id", "by", "when", "signed", "entries", "reason"],
        [[p.id[:12], p.proposer, p.time,
          phrase("{count} of {all}", count=len(p.signed), all=p.people),
          ", ".join(p.entries[:3]) + (" …" if len(p.entries) > 3 else ""), p.reason]
         for p in found],
    ))  # fmt: skip


@verb(command, "off", examples("desk terms off vi nhan-dan --reason 'House style writes nhân dân'"))
@click.argument("language", type=click.Choice(["vi", "en"]))
@click.argument("name", metavar="ID")
@click.option("--reason", required=True, help="Why; it is kept beside the entry.")
@_YES
def off(run: Run, language: str, name: str, reason: str, yes: bool) -> None:
    """Switch an entry off for this newsroom. For an error entry that takes two people."""
    from desk.terms.change import Change
    from desk.terms.overlay import Off

    make_change(run, None, Change(off=(Off(language, name, reason),), reason=reason), yes)


@verb(command, "on", examples("desk terms on vi nhan-dan"))
@click.argument("language", type=click.Choice(["vi", "en"]))
@click.argument("name", metavar="ID")
@_REASON
@_YES
def on(run: Run, language: str, name: str, reason: str, yes: bool) -> None:
    """Switch an entry on again."""
    from desk.terms.change import Change

    make_change(run, None, Change(on=((language, name),), reason=reason), yes)


@verb(command, "drop", examples("desk terms drop vi ten-cua-toa-soan"))
@click.argument("language", type=click.Choice(["vi", "en"]))
@click.argument("name", metavar="ID")
@_OWN
@_REASON
@_YES
def drop(run: Run, language: str, name: str, file: Path | None, reason: str, yes: bool) -> None:
    """Take out an entry of the newsroom's own; a shipped one that it replaced counts again."""
    from desk.terms.change import Change

    make_change(run, file, Change(drop=((language, name),), reason=reason), yes)


@verb(command, "version", examples("desk terms version", "desk terms version --json"))
def show_version(run: Run) -> None:
    """Show which termbase counts here, and whether its files are what was accepted."""
    from desk.terms import history, overlay
    from desk.terms.termbase import shipped

    root, signed = place(run)
    own = overlay.load(root) if root else overlay.Overlay()
    data: dict[str, Any] = {
        "version": str(history.version(root)), "shipped": shipped().digest[:12],
        "entries": len(overlay.effective(root).entries), "own": len(own.entries),
        "off": len(own.off), "waiting": 0, "problems": [],
    }  # fmt: skip
    if signed:
        from desk.terms import proposals

        found = proposals.standing(open_room(run))
        data |= {"version": str(found.version), "waiting": found.waiting,
                 "problems": list(found.problems)}  # fmt: skip
    for problem in data["problems"]:
        run.out.warn(problem)
    run.out.emit(data, lambda _: Fields([
        ("termbase", data["version"]), ("entries", data["entries"]),
        ("own", data["own"]), ("switched off", data["off"]), ("waiting", data["waiting"]),
    ]))  # fmt: skip


def _entries(given: dict[str, Any]) -> tuple[Entry, ...]:
    """The entries of a termbase file, or the one that the options describe."""
    if given["source"] is not None:
        from desk.terms.load import load_file

        return load_file(given["source"]).entries
    if not (given["language"] and given["use"]):
        hint = "Name a termbase file, or say it with options: desk terms add --help"
        raise UsageError("Which entry?", "no file, and no --language with --use", hint)
    if not given["written"]:
        raise UsageError("A source is needed", "every rule says where it is written",
                         "Say it: --from-source TITLE")  # fmt: skip
    from desk.terms.drafted import rule_of
    from desk.terms.exchange.built import slug
    from desk.terms.plain import entry_of

    statuses = [
        ("preferred" if n == 0 else "admitted", text) for n, text in enumerate(given["use"])
    ]
    statuses += [("deprecated", text) for text in given["avoid"]]
    statuses += [("superseded", text) for text in given["was"]]
    value = {
        "language": given["language"],
        "id": given["name"] or slug(given["use"][0]),
        "concept": given["concept"],
        "forms": [{"text": text, "status": status} for status, text in statuses],
        "severity": given["severity"],
        "case": given["case"],
        "from": given["since"],
        "historical": bool(given["since"] and given["was"]),
        "rule": given["rule"] or rule_of(given["language"], given["use"][0]),
        "source": {"id": slug(given["written"]), "title": given["written"]}
        | ({"where": given["where"]} if given["where"] else {}),
        "examples": {"match": list(given["match"]), "clean": list(given["clean"])},
    }  # fmt: skip
    kept = {key: one for key, one in value.items() if one or key == "forms"}
    return (entry_of(kept, _("the entry")),)


def _free_id(
    run: Run, file: Path | None, entries: tuple[Entry, ...], given: dict[str, Any]
) -> None:
    """Refuse an id that was made here and is taken: replacing an entry must be meant."""
    from desk.terms.overlay import effective

    if given["name"] or given["source"] is not None:
        return
    known = own_file(file) if file else effective(place(run)[0])
    (entry,) = entries
    if (entry.language, entry.id) in known.by_id:
        raise Conflict(
            "There is an entry of that id",
            f"{entry.language} {entry.id}",
            phrase("To replace it: --id {id}; else choose another id", id=entry.id),
        )


def _put(
    run: Run, file: Path | None, entries: tuple[Entry, ...], reason: str, yes: bool, *, alone: bool
) -> None:
    from desk.terms.change import Change
    from desk.terms.nearby import near
    from desk.terms.overlay import effective

    known = own_file(file) if file else effective(place(run)[0])
    for one in near(entries, known):
        told = phrase("“{form}” is like “{known}” of {entry}: did you mean that entry?",
                      form=one.form, known=one.known,
                      entry=f"{one.entry.language} {one.entry.id}")  # fmt: skip
        run.out.warn(told)
    make_change(run, file, Change(put=entries, reason=reason), yes, alone=alone)


def make_change(
    run: Run, file: Path | None, change: Change, yes: bool, *, alone: bool = True
) -> None:
    """Make a change where it belongs: in the newsroom, signed, or in a file of one's own."""
    from desk.cli.terms_place import change_file
    from desk.terms import proposals

    if file is not None:
        change_file(run, file, change)
        return
    root, signed = place(run)
    if root is None or not signed:
        raise NotFound(
            "There is no newsroom whose termbase could be changed",
            "the shipped termbase belongs to Desk",
            "Keep a file of your own: --file terms.yaml. A change of error entries takes two "
            "people of a newsroom: desk newsroom init",
        )
    _show_change(run, root, change)
    agreed(run, phrase("Sign it, as {person}?", person=run.person), yes)
    _tell(run, proposals.propose(open_room(run), actor(run), change, alone=alone))


def _show_change(run: Run, root: Path, change: Change) -> None:
    """Tell what a change does, before anybody signs it."""
    from desk.terms import overlay
    from desk.terms.diff import difference
    from desk.terms.termbase import shipped

    before = overlay.load(root)
    after = change.applied(before, shipped())
    for one in difference(before.over(shipped()), after.over(shipped())):
        for line in one.lines():
            run.out.say(line)


def _tell(run: Run, found: Proposal) -> None:
    """Print how far a change is."""
    if found.already:
        mine = run.person in found.signed
        run.out.say("You have signed it already." if mine else "Others have agreed to it already.")

    def human(_: Proposal) -> list[Block]:
        if found.in_force:
            return [told(phrase("In force: termbase v{number}.", number=found.number))]
        enough = len(found.signed) >= found.people
        lines = [
            phrase("Proposed as {id}. It waits for a lead or an administrator.", id=found.id[:12])
            if enough
            else phrase("Proposed as {id}. It waits for another person.", id=found.id[:12])
        ]
        if found.errors:
            names = ", ".join(found.errors)
            lines.append(phrase("It changes entries of severity error: {names}", names=names))
        lines.append(phrase("Next, by them: desk terms accept {id}", id=found.id[:12]))
        return [told(line) for line in lines]

    run.out.emit(found, human)
