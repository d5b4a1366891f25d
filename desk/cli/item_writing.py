"""`desk item`, around writing: one's own editor, a preview, two versions, files described."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from desk.cli.context import Run, noun, verb
from desk.cli.opened import actor, config, open_room
from desk.cli.output import Table
from desk.cli.telling import examples, text_of
from desk.errors import ConfigError, NotFound, UsageError
from desk.locales import N_, _
from desk.locales.words import word
from desk.phrase import phrase

if TYPE_CHECKING:
    from desk.newsroom.config import NewsroomConfig

LEFT = N_("left by a desk that was killed")
command = noun("item", "Write, submit, approve and return items.")
FIELDS = ("headline", "summary", "body", "edit_note")


@verb(command, "write", examples("desk item write i-4f0zk2m9qx --field summary"))
@click.argument("item")
@click.option("--field", type=click.Choice(FIELDS), default="body", show_default=True,
              help="What to write.")  # fmt: skip
def write(run: Run, item: str, field: str) -> None:
    """Write a field of your draft in your own editor (VISUAL or EDITOR).

    The file lies in memory, never on a disk, and is wiped when the editor ends.
    """
    import subprocess

    from desk.items import drafts, outside

    room, me = open_room(run), actor(run)
    draft = drafts.edit(room, me, item)
    before = str(draft.document.get(field, ""))
    text = outside.round_trip(
        before, lambda words, env: subprocess.run(words, env=dict(env), check=False).returncode
    )
    if text == before:
        run.out.say("Nothing was changed in the editor.")
    else:
        draft = drafts.save(room, me, item, {field: text}, version=draft.version)
    view = {"item": item, "version": draft.version, "field": field, "changed": text != before}
    run.out.emit(view, lambda _: saved(item, draft))


@verb(command, "preview", examples("desk item preview i-4f0zk2m9qx"))
@click.argument("item")
@click.option("--seconds", type=click.IntRange(1, 86_400), default=900, show_default=True,
              help="How long to serve it at most.")  # fmt: skip
def preview(run: Run, item: str, seconds: int) -> None:
    """Serve an item to a browser on this machine, as every channel will show it.

    From memory, on loopback, by an address that works once. Ctrl+C ends it.
    """
    from threading import Event

    from desk.items import preview_site

    server = preview_site.serve(open_room(run), actor(run), item, _names(run))
    try:
        run.out.say("Open it in a browser on this machine; it works once. Ctrl+C ends it.")
        run.out.emit({"item": item, "address": server.address}, lambda view: view["address"])
        run.out.flush()
        try:
            Event().wait(seconds)
        except KeyboardInterrupt:
            run.out.say("Ended.")
    finally:
        server.stop()


def _names(run: Run) -> NewsroomConfig | None:
    """The names of agencies and channels; a calendar with mistakes has none."""
    try:
        return config(run)
    except (ConfigError, NotFound):
        return None


@verb(
    command,
    "settle",
    examples(
        "desk item settle i-4f0zk2m9qx",
        "desk item settle i-4f0zk2m9qx --keep both",
        "desk item settle i-4f0zk2m9qx --back",
    ),
)
@click.argument("item")
@click.option("--keep", type=click.Choice(["mine", "theirs", "both"]),
              help="Whose words the draft shall have; both are merged by paragraphs.")  # fmt: skip
@click.option("--back", is_flag=True, help="Bring back the words that gave way last.")
def settle(run: Run, item: str, keep: str | None, back: bool) -> None:
    """Settle your draft with a revision that somebody submitted meanwhile.

    Without an option it shows what they changed. The words that give way are kept in the draft.
    """
    from desk.items import settling
    from desk.items.diff import diff_content, render

    room, me = open_room(run), actor(run)
    if keep and back:
        raise UsageError("Either --keep or --back")
    if back:
        _settled(run, item, settling.put_back(room, me, item), "before")
        return
    with room.reading(item) as view:
        found = settling.overtaken(view, me, item)
    if found is None:
        run.out.say("Your draft rests on the newest revision already.")
        run.out.emit({"item": item, "already": True, "diff": []}, lambda _: item)
        return
    if keep is None:
        lines = render(diff_content(found.base, found.theirs))
        data = {"item": item, "by": found.by, "number": found.number, "already": False,
                "clashes": list(found.merged.clashes), "diff": lines}  # fmt: skip
        head = phrase(
            "rev {number} by {person}, since your draft began:",
            number=found.number,
            person=found.by,
        )
        run.out.emit(data, lambda _: [head, *lines])
        return
    kept: Any = keep
    _settled(run, item, settling.rebase(room, me, item, kept), keep)
    if keep == "both" and found.merged.clashes:
        run.out.say(
            phrase(
                "Stands there twice, between marks: {names}", names=", ".join(found.merged.clashes)
            )
        )


def saved(item: str, draft: Any) -> str:
    """How a draft stands after it was saved."""
    return phrase(
        "{item}  draft v{version}  saved {time}",
        item=item,
        version=draft.version,
        time=draft.saved,
    )


def _settled(run: Run, item: str, draft: Any, kept: str) -> None:
    view = {"item": item, "version": draft.version, "kept": kept, "already": False}
    run.out.emit(view, lambda _: saved(item, draft))


@verb(
    command,
    "describe",
    examples("desk item describe i-4f0zk2m9qx a-7h2kq0vbmx --alt 'Biểu đồ GDP quý III'"),
)
@click.argument("item")
@click.argument("asset")
@click.option("--role", type=click.Choice(["text", "document", "picture", "graphic", "video"]),
              help="What it is.")  # fmt: skip
@click.option("--alt", help="What it shows, for those who cannot see it; - reads it.")
@click.option("--caption", help="The line below it; an empty one takes it away.")
def describe(
    run: Run, item: str, asset: str, role: str | None, alt: str | None, caption: str | None
) -> None:
    """Change what a file of your draft is for and how it is described."""
    from desk.items import draft_files, drafts

    room, me = open_room(run), actor(run)
    drafts.edit(room, me, item)
    alt = None if alt is None else text_of(alt, "--alt")
    draft = draft_files.describe(room, me, item, asset, role=role, alt=alt, caption=caption)
    entry = next(one for one in draft.document["assets"] if one["id"] == asset)
    run.out.emit(
        {"item": item, "version": draft.version, "asset": entry},
        lambda _: f"{entry['id']}  {word('file', entry['role'])}  {entry['name']}  {entry['alt']}",
    )


@verb(command, "open", examples("desk item open i-4f0zk2m9qx"))
@click.argument("item")
def open_at(run: Run, item: str) -> None:
    """Say who has an item open on this host, and who has a draft of it."""
    from desk.items import drafts, presence

    room = open_room(run)
    with room.reading(item) as view:
        writing = drafts.open_by(view.connection, item)
    rows = [
        {"person": one.person, "since": one.since,
         "state": "open" if one.alive else LEFT}
        for one in presence.sittings(room.root, item)
    ]  # fmt: skip
    run.out.emit(
        {"item": item, "open": rows, "drafts": writing},
        lambda _: [
            Table(
                ["open at", "since", "state"],
                [[row["person"], row["since"], _open_or_left(row["state"])] for row in rows],
            ),
            phrase("drafts: {names}", names=", ".join(writing) or phrase("none")),
        ],
    )


def _open_or_left(state: str) -> str:
    return _("open now") if state == "open" else _(LEFT)
