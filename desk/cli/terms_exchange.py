"""`desk terms import`, `export` and `diff`: termbases of other tools, and of other days."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from desk.cli.context import Run, verb
from desk.cli.output import Block, Table
from desk.cli.telling import examples
from desk.cli.terms import command
from desk.cli.terms_place import own_file, place
from desk.errors import Reason, Refused
from desk.locales import told
from desk.phrase import phrase

if TYPE_CHECKING:
    from desk.terms.entry import Entry
    from desk.terms.exchange.preview import Preview

FILE = click.Path(path_type=Path, dir_okay=False)
_FORMAT = click.option("--format", "kind", type=click.Choice(["tbx", "csv", "vale", "prh"]),
                       help="Without it, the file's ending tells.")  # fmt: skip


@verb(
    command,
    "import",
    examples(
        "desk terms import glossary.tbx",
        "desk terms import style.yml --format vale --language en --save --reason 'Old rules'",
    ),
)
@click.argument("source", metavar="FILE", type=FILE)
@_FORMAT
@click.option(
    "--language", type=click.Choice(["vi", "en"]), default=None,
    help="Only entries of that language; for files that do not say it, theirs.",
)  # fmt: skip
@click.option("--save", is_flag=True, help="Not only a preview: add what is new.")
@click.option("--file", "file", type=FILE, metavar="FILE",
              help="Without a newsroom: the termbase file to add to.")  # fmt: skip
@click.option("--reason", default="", help="Why, for those who look back.")
@click.option("--yes", is_flag=True, help="Agree beforehand.")
def import_terms(run: Run, source: Path, kind: str | None, language: str | None, save: bool,
                 file: Path | None, reason: str, yes: bool) -> None:  # fmt: skip
    """Show what a file of another tool would add, what conflicts and what is lost; then add it.

    Entries that conflict are left out. Those of severity error wait for a second person; in a
    file of your own they become warnings.
    """
    from desk.terms.exchange.files import read_path
    from desk.terms.exchange.preview import preview
    from desk.terms.overlay import Overlay, effective

    root, _ = place(run)
    known = effective(root)
    if file:  # it is laid over what counts here, and must not contradict that
        known = Overlay(own_file(file).entries).over(known)
    read = read_path(source, kind or "", language or "")
    if language:
        chosen = tuple(entry for entry in read.entries if entry.language == language)
        read = replace(read, entries=chosen)
    found = preview(read, known)
    if not save:
        run.out.emit(found, _shown)
        if found.new:
            run.out.say("Nothing is saved yet. Add --save to add what is new.")
        return
    for block in _shown(found):
        run.out.say(block if isinstance(block, str) else _lines(block))
    if not found.new:
        why = phrase("{same} are there already, {conflicts} conflicts",
                     same=len(found.same), conflicts=len(found.conflicts))  # fmt: skip
        raise Refused("Nothing of it can be added", [Reason("import", why)])
    from desk.cli.terms_manage import make_change
    from desk.terms.change import Change

    new = _as_warnings(run, found.new) if file else found.new
    make_change(
        run,
        file,
        Change(put=new, reason=reason or told(phrase("From {name}", name=source.name))),
        yes,
    )


@verb(
    command,
    "export",
    examples(
        "desk terms export glossary.tbx",
        "desk terms export styles/House --format vale --language en",
    ),
)
@click.argument("target", metavar="FILE|FOLDER", type=click.Path(path_type=Path))
@_FORMAT
@click.option("--language", type=click.Choice(["vi", "en"]), help="Only entries of that language.")
@click.option("--own", is_flag=True, help="Only the newsroom's own entries.")
@click.option("--force", is_flag=True, help="Replace files.")
def export_terms(run: Run, target: Path, kind: str | None, language: str | None, own: bool,
                 force: bool) -> None:  # fmt: skip
    """Write the termbase for another tool, and tell what the format cannot hold."""
    from desk.terms import overlay
    from desk.terms.exchange import format_of, write
    from desk.terms.exchange.files import write_path
    from desk.terms.exchange.preview import summed

    root, _ = place(run)
    entries = (overlay.load(root).entries if root else ()) if own else (
        overlay.effective(root).entries
    )  # fmt: skip
    chosen = [entry for entry in entries if language in (None, entry.language)]
    exported = write(chosen, kind or format_of(target.name))
    written = write_path(target, exported, replace=force)
    lost = summed(exported.losses)
    for what, times, _ in lost:
        run.out.say(phrase("the format cannot hold: {what} ({times})", what=what, times=times))
    files = [str(path) for path in written]
    run.out.emit(
        {"files": files, "entries": len(chosen), "lost": lost},
        lambda _: [told(phrase("{count} entries", count=len(chosen))), *files],
    )


@verb(command, "diff", examples("desk terms diff v30 v31", "desk terms diff shipped now"))
@click.argument("old")
@click.argument("new")
def diff(run: Run, old: str, new: str) -> None:
    """Show what lies between two termbases: `shipped`, `now`, a version `vN`, or a file."""
    from desk.terms.diff import difference
    from desk.terms.history import named

    root, _ = place(run)
    found = difference(named(old, root), named(new, root))
    if not found:
        run.out.say("They are the same.")
    run.out.emit(found, lambda _: [line for one in found for line in one.lines()])


def _as_warnings(run: Run, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Entries for a file that one person keeps: an error takes two people of a newsroom."""
    errors = sum(entry.severity == "error" for entry in entries)
    if errors:
        run.out.say(phrase("Errors take two people of a newsroom: {count} are added as warnings.",
                           count=errors))  # fmt: skip
    return tuple(
        replace(entry, severity="warning") if entry.severity == "error" else entry
        for entry in entries
    )


def _shown(found: Preview) -> list[Block]:
    from desk.terms.exchange.preview import summed

    summary = phrase("{new} new, {same} there already, {conflicts} conflicts",
                     new=len(found.new), same=len(found.same),
                     conflicts=len(found.conflicts))  # fmt: skip
    blocks: list[Block] = [told(summary)]
    if found.new:
        rows: list[list[object]] = [
            [one.language, one.id, "; ".join(form.text for form in one.variants),
             "; ".join(one.suggestions)]
            for one in found.new[:50]
        ]  # fmt: skip
        blocks.append(Table(["language", "id", "instead of", "write"], rows, title="new"))
    if found.conflicts:
        clashes: list[list[object]] = [
            [one.language, one.entry, one.other, one.what] for one in found.conflicts
        ]
        blocks.append(Table(["language", "entry", "with", "why"], clashes, title="conflicts"))
    if not (found.new or found.same or found.conflicts):
        blocks.append(told(phrase("Nothing in the file could be read as an entry")))
    if found.losses:
        lost: list[list[object]] = [
            [what, times, where] for what, times, where in summed(found.losses)
        ]
        blocks.append(Table(["not taken", "times", "first at"], lost, title="lost"))
    return blocks


def _lines(block: Block) -> str:
    if not isinstance(block, Table):
        return str(block)
    return "\n".join(f"  {block.title}: " + " · ".join(map(str, row)) for row in block.rows)
