"""`desk item`: write, attach, submit; look, compare; approve, return, withdraw."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desk.cli import item_decisions, item_short, item_terms, item_writing
from desk.cli.context import Run, noun, verb
from desk.cli.item_text import (
    document_blocks,
    fields_given,
    gate_table,
    known_section,
    same_header,
    step_fact,
)
from desk.cli.opened import actor, open_room
from desk.cli.output import Table
from desk.cli.telling import examples, text_of
from desk.errors import NotFound, Reason, Refused, UsageError
from desk.locales.words import word
from desk.phrase import phrase

if TYPE_CHECKING:
    from desk.items.drafts import Draft
    from desk.newsroom.room import View
    from desk.trust.state import ItemState, RevisionState

command = noun("item", "Write, submit, approve and return items.")
FILE = click.Path(path_type=Path, dir_okay=False, allow_dash=True)
STATES = ("submitted", "approved", "returned", "released", "withdrawn")
_FILE = click.option("--file", type=FILE, metavar="FILE",
                     help="Text with YAML front matter; - reads it.")  # fmt: skip
_SET = click.option("--set", "sets", multiple=True, metavar="FIELD=VALUE",
                    help="One field; =@FILE and =- read its value.")  # fmt: skip


def _draft(view: dict[str, Any]) -> str:
    return phrase(
        "{item}  draft v{version}  saved {time}",
        item=view["item"],
        version=view["version"],
        time=view["saved"],
    )


def _show_draft(run: Run, draft: Draft, **more: Any) -> None:
    run.out.emit({**draft.as_json(), **more}, _draft)


@verb(
    command,
    "new",
    examples(
        "desk item new --kind statement --agency thong-ke --language vi --code SAO-MAI \\",
        "    --file cong-bo.md",
        "desk item new --translates i-4f0zk2m9qx --language en --file statement.en.md",
    ),
)
@click.option("--kind", help="A kind of calendar.yaml.")
@click.option("--agency", help="The agency that it speaks for.")
@click.option("--language", metavar="CODE", help="The language it is written in: vi, en, …")
@click.option("--code", default="", help="A code name that stands for the sealed headline.")
@click.option("--translates", default="", metavar="ITEM", help="Make it that item's translation.")
@_FILE
@_SET
def new(run: Run, kind: str | None, agency: str | None, language: str | None, code: str,
        translates: str, file: Path | None, sets: tuple[str, ...]) -> None:  # fmt: skip
    """Begin an item as your sealed draft.

    The file's front matter may name kind, agency, language and code; a translation takes kind
    and agency from what it translates.
    """
    from desk.items import drafts, revisions

    header, changes = fields_given(run, file, sets)
    room = open_room(run)
    if translates:
        with room.reading(translates) as view:
            source, _ = revisions.find(view, translates)
            header = {"kind": source.kind, "agency": source.agency} | header
    wanted = {
        "kind": kind or header.get("kind"),
        "agency": agency or header.get("agency"),
        "language": language or header.get("language"),
    }
    missing = [f"--{name}" for name, value in wanted.items() if not value]
    if missing:
        raise UsageError("An item needs them", ", ".join(missing), "Or name them in the file")
    known_section(run, str(wanted["agency"]), changes)
    draft = drafts.new(
        room, actor(run), code=code or header.get("code", ""), translates=translates,
        changes=changes, **{name: str(value) for name, value in wanted.items()},
    )  # fmt: skip
    _show_draft(run, draft)


@verb(
    command,
    "edit",
    examples(
        "desk item edit i-4f0zk2m9qx --file cong-bo.md --version 3",
        "desk item edit i-4f0zk2m9qx --set urgency=3 --set summary=@tom-tat.txt",
    ),
)
@click.argument("item")
@_FILE
@_SET
@click.option("--version", type=int, metavar="N",
              help="Save only if the stored draft still has this version.")  # fmt: skip
def edit(run: Run, item: str, file: Path | None, sets: tuple[str, ...],
         version: int | None) -> None:  # fmt: skip
    """Change your draft; the first edit begins one from the newest revision."""
    from desk.items import drafts
    from desk.items.content import changed

    header, changes = fields_given(run, file, sets)
    room, me = open_room(run), actor(run)
    draft = drafts.edit(room, me, item)
    same_header(header, draft.document)
    if changes.get("section") != draft.document.get("section"):
        known_section(run, str(draft.document["agency"]), changes)
    if version is not None and version != draft.version:
        raise drafts.saved_elsewhere(version, draft.version)
    if changed(draft.document, changes) == draft.document:
        run.out.say("It says so already.")
        _show_draft(run, draft, already=True)
        return
    _show_draft(run, drafts.save(room, me, item, changes, version=draft.version))


@verb(
    command,
    "attach",
    examples(
        "desk item attach i-4f0zk2m9qx bieu-do.svg --role graphic --alt 'Biểu đồ GDP quý III'"
    ),
)
@click.argument("item")
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--role",
    required=True,
    type=click.Choice(["text", "document", "picture", "graphic", "video"]),
    help="What it is.",
)
@click.option("--alt", default="", help="What it shows, for those who cannot see it; - reads it.")
@click.option("--caption", default="", help="The line below it.")  # fmt: skip
def attach(run: Run, item: str, path: Path, role: str, alt: str, caption: str) -> None:
    """Attach a file to your draft. Its bytes tell what it is; it is sealed with the text."""
    from desk.items import drafts

    room, me = open_room(run), actor(run)
    drafts.edit(room, me, item)
    draft = drafts.attach(
        room, me, item, path, role=role, alt=text_of(alt, "--alt"), caption=caption
    )
    added = draft.document["assets"][-1]
    run.out.emit(
        {"item": item, "version": draft.version, "asset": added},
        lambda _: phrase(
            "{id}  {type}  {size} bytes  {name}",
            id=added["id"],
            type=added["media_type"],
            size=added["size"],
            name=added["name"],
        ),
    )


@verb(command, "detach", examples("desk item detach i-4f0zk2m9qx a-7h2kq0vbmx"))
@click.argument("item")
@click.argument("asset")
def detach(run: Run, item: str, asset: str) -> None:
    """Take a file off your draft."""
    from desk.items import drafts

    room, me = open_room(run), actor(run)
    drafts.edit(room, me, item)
    _show_draft(run, drafts.detach(room, me, item, asset))


@verb(command, "discard", examples("desk item discard i-4f0zk2m9qx"))
@click.argument("item")
def discard(run: Run, item: str) -> None:
    """Throw your draft away. Submitted revisions stay."""
    from desk.items import drafts, revisions

    room, me = open_room(run), actor(run)
    try:
        drafts.discard(room, me, item)
    except NotFound:
        with room.reading(item) as view:
            revisions.find(view, item)
        run.out.say("You had no draft of it.")
        run.out.emit({"item": item, "already": True}, lambda _: item)
        return
    said = phrase("{item}: the draft is gone.", item=item)
    run.out.emit({"item": item, "already": False}, lambda _: said)


@verb(command, "check", examples("desk item check i-4f0zk2m9qx --json"))
@click.argument("item")
def check(run: Run, item: str) -> None:
    """Run the gates on your draft, or on the newest revision when you have none."""
    from desk.items import drafts, kept, revisions

    room, me = open_room(run), actor(run)
    with room.reading(item) as view:
        try:
            draft, key = drafts.load(view, me, item)
            document, decided = dict(draft.document), kept.of_draft(view, key)
        except NotFound:
            document = revisions.load(view, me, item)
            decided = kept.of_revision(view, me, item, revisions.find(view, item)[1])
        results = revisions.check(view, me, document, decided)
    run.out.emit({"item": item, "gates": results}, lambda _: gate_table(results))
    failed = [result.id for result in results if result.outcome == "fail"]
    if failed:
        raise Refused("The item is not ready", [Reason("gates", ", ".join(failed))],
                      "Mend what is named above")  # fmt: skip


@verb(
    command,
    "submit",
    examples("desk item submit i-4f0zk2m9qx", "desk item submit i-4f0zk2m9qx --notes - < notes"),
)
@click.argument("item")
@click.option("--notes", help="Internal notes for the approvers, sealed; - reads them.")
def submit(run: Run, item: str, notes: str | None) -> None:
    """Make a signed, sealed revision of your draft and hand it to its approvers."""
    from desk.items import drafts, revisions

    room, me = open_room(run), actor(run)
    with room.reading(item) as view:
        state = view.record.items.get(item)
        if state and state.current.author == me.id and me.id not in drafts.open_by(
            view.connection, item
        ):  # fmt: skip
            run.out.say("It is submitted already, and you have no newer draft.")
            run.out.emit({"item": item, "number": state.current.number, "already": True,
                          "digest": state.latest, "content": state.current.content,
                          "gates": []}, _submitted)  # fmt: skip
            return
    done = revisions.submit(room, me, item, notes=text_of(notes, "--notes"))
    run.out.emit(
        {"item": item, "number": done.number, "digest": done.digest, "content": done.content,
         "gates": done.gates, "already": False}, _submitted,
    )  # fmt: skip


def _submitted(view: dict[str, Any]) -> str:
    return phrase(
        "{item} rev {number}  {digest}…",
        item=view["item"],
        number=view["number"],
        digest=view["digest"][:16],
    )


@verb(
    command,
    "show",
    examples("desk item show i-4f0zk2m9qx", "desk item show i-4f0zk2m9qx --revision 2 --json"),
)
@click.argument("item")
@click.option("--revision", type=int, metavar="N", help="That revision, not your draft.")
def show(run: Run, item: str, revision: int | None) -> None:
    """Show your draft of an item, or a revision with its steps."""
    from desk.items import drafts, revisions
    from desk.store.projections import revision_state

    room, me = open_room(run), actor(run)
    with room.reading(item) as view:
        if revision is None:
            try:
                draft, _ = drafts.load(view, me, item)
            except NotFound:
                revisions.find(view, item)
            else:
                said = phrase(
                    "{item} v{version}, saved {time}",
                    item=item,
                    version=draft.version,
                    time=draft.saved,
                )
                facts: list[tuple[str, object]] = [("draft", said)]
                run.out.emit(draft.as_json(), lambda _: document_blocks(draft.document, facts))
                return
        state, found = _revision(view, item, revision)
        document = revisions.load(view, me, item, found.digest)
        steps = revisions.progress(view, item, found.digest)
        now = revision_state(view.record, state, found)
    data = {
        "item": item, "code": state.code, "number": found.number, "digest": found.digest,
        "content": found.content, "state": now, "public": state.public,
        "authors": sorted(state.authors(found.digest)), "document": document,
        "steps": [{"step": s.step, "by": s.approval.person if s.approval else "",
                   "who": list(s.who)} for s in steps],
    }  # fmt: skip
    said = phrase(
        "{item} rev {number}, {state}", item=item, number=found.number, state=word("item", now)
    )
    facts = [("revision", said), ("digest", found.digest), ("authors", data["authors"])]
    facts += [step_fact(s.step, s.approval.person if s.approval else "", s.who) for s in steps]
    run.out.emit(data, lambda _: document_blocks(document, facts))


def _revision(view: View, item: str, number: int | None) -> tuple[ItemState, RevisionState]:
    from desk.items import revisions

    state, current = revisions.find(view, item)
    if number is None:
        return state, current
    for found in state.revisions.values():
        if found.number == number:
            return state, found
    raise NotFound(
        "No such revision",
        phrase("{item} has {count}", item=item, count=len(state.revisions)),
        "desk item history",
    )


@verb(command, "list", examples("desk item list --state submitted", "desk item list --drafts"))
@click.option("--agency", default="", help="Of this agency.")
@click.option("--kind", default="", help="Of this kind.")
@click.option("--state", type=click.Choice(STATES), default=None, help="In this state.")
@click.option("--drafts", is_flag=True, help="Your drafts instead.")
@click.option("--limit", type=click.IntRange(1, 10000), default=200, show_default=True)
def list_items(
    run: Run, agency: str, kind: str, state: str | None, drafts: bool, limit: int
) -> None:
    """List items by what is not sealed: code name, language, kind, agency, state."""
    from desk.items import drafts as drafting
    from desk.items import revisions

    room = open_room(run)
    if drafts:
        with room.reading() as view:
            mine = drafting.mine(view.connection, run.person)
        columns = ["item", "code", "language", "kind", "agency", "version", "saved"]
        rows = [{name: getattr(row, name) for name in columns} for row in mine]
        run.out.emit(rows, lambda _: Table(columns, [list(row.values()) for row in rows]))
        return
    found = revisions.listing(room, agency=agency, kind=kind, state=state or "", limit=limit)
    run.out.emit(
        found,
        lambda _: Table(
            ["item", "code", "language", "kind", "agency", "rev", "state", "waits for", "public"],
            [[i.id, i.code, i.language, i.kind, i.agency, i.number, word("item", i.state),
              word("step", i.waiting_for), word("public", i.public)] for i in found],
        ),
    )  # fmt: skip


@verb(command, "diff", examples("desk item diff i-4f0zk2m9qx", "desk item diff i-… --from 1"))
@click.argument("item")
@click.option("--from", "older", type=int, metavar="N", help="The older revision.")
@click.option("--to", "newer", type=int, metavar="N", help="The newer one; default: your draft.")
def diff(run: Run, item: str, older: int | None, newer: int | None) -> None:
    """Show what changed between two revisions, or since the newest in your draft."""
    from desk.approvals.queue import compared
    from desk.items import drafts, revisions
    from desk.items.diff import diff_content, render

    room, me = open_room(run), actor(run)
    with room.reading(item) as view:
        state, after = _revision(view, item, newer)
        names: list[str] = [phrase("rev {number}", number=after.number)]
        try:
            new = dict(drafts.load(view, me, item)[0].document) if newer is None else None
        except NotFound:
            new = None
        if new is not None:
            names, before = [phrase("draft")], after
        else:
            new = revisions.load(view, me, item, after.digest)
            before = compared(state, after) or after
        if older is not None:
            _, before = _revision(view, item, older)
        old = revisions.load(view, me, item, before.digest)
    lines = render(diff_content(old, new))
    data = {"item": item, "from": before.number, "to": str(names[0]), "diff": lines}
    head = phrase("rev {number} → {other}", number=before.number, other=names[0])
    run.out.emit(data, lambda _: [head, *lines])


command.commands.update(item_decisions.command.commands)
command.commands.update(item_short.command.commands)
command.commands.update(item_terms.command.commands)
command.commands.update(item_writing.command.commands)
