"""`desk audit`: verify the log offline, show it, export it, look at the checkpoint."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desk.cli.context import Run, noun, verb
from desk.cli.opened import open_room, open_store, pins
from desk.cli.output import Block, Fields, Table
from desk.cli.telling import examples
from desk.errors import NotFound, TrustError, UsageError
from desk.locales import _, told
from desk.phrase import joined, phrase

if TYPE_CHECKING:
    from desk.audit.browse import ActInFull
    from desk.audit.verify import AuditReport, Resumed
    from desk.trust.envelope import Envelope

command = noun("audit", "Verify, show and export the log of signed acts.")
FILE = click.Path(path_type=Path, dir_okay=False)
_CHECKPOINTS = click.option(
    "--checkpoints", multiple=True, type=FILE, metavar="FILE",
    help="The publisher's checkpoints; default: var/checkpoints.jsonl, where it writes them "
    "unless it was told another place.",
)  # fmt: skip


def _checkpoints(run: Run, given: tuple[Path, ...]) -> list[Envelope]:
    from desk.audit.files import read_checkpoints

    usual = run.paths.checkpoints
    files = given or ((usual,) if usual.exists() else ())
    return [envelope for file in files for envelope in read_checkpoints(file)]


@verb(
    command,
    "verify",
    examples(
        "desk audit verify --checkpoints /mnt/worm/desk",
        "desk audit verify --from log.jsonl --root a77a2602…",
    ),
)
@_CHECKPOINTS
@click.option("--from", "source", type=FILE, metavar="FILE", help="An export, not the database.")
@click.option(
    "--root",
    default="",
    metavar="HEX",
    help="The root's fingerprint; default: the one pinned on this machine.",
)
def verify(run: Run, checkpoints: tuple[Path, ...], source: Path | None,
           root: str) -> None:  # fmt: skip
    """Prove the log: hash chain, every signature, rosters from the root, checkpoints.

    Works offline and changes nothing. Exit 6 when anything does not hold. Acts that stand in the
    log but count for nothing are listed: they are traces of mistakes or attacks.
    """
    from desk.audit.verify import verify as verify_log
    from desk.store import log

    if source is not None:
        from desk.audit.files import read_checkpoints, read_export

        exported = read_export(source)
        wanted = root or _pinned(run)
        found = [*exported.checkpoints, *(e for f in checkpoints for e in read_checkpoints(f))]
        report = verify_log(wanted, exported.entries, found)
    else:
        found = _checkpoints(run, checkpoints)
        with open_store(run).read() as connection:
            report = verify_log(root or _pinned(run), log.every_entry(connection), found)
    if not found:
        run.out.warn("No checkpoint was given: a log cut off at its end would look the same.")
    elif not checkpoints and source is None:
        run.out.say("These checkpoints lie beside the log: who can cut one can cut both. Compare "
                    "with a copy kept elsewhere: --checkpoints FILE")  # fmt: skip
    run.out.emit(report, _report)
    if not report.ok:
        raise TrustError(
            "The log does not hold",
            joined("; ", [finding.text for finding in report.findings]),
            "Publish nothing. Keep database, export and checkpoints as they are, and find out why",
        )


def _pinned(run: Run) -> str:
    pin = pins(run).load()
    if pin is None:
        raise UsageError(
            "Which root?",
            "none is pinned on this machine, and the log's own word proves nothing",
            "Ask an administrator for it and give it: --root HEX",
        )
    return pin.fingerprint


def _report(report: AuditReport) -> list[Block]:
    from desk.audit.words import kind_word
    from desk.trust.keys import fingerprint

    blocks: list[Block] = [
        Fields([
            ("newsroom", report.newsroom),
            ("root", fingerprint(report.root)),
            ("entries", phrase("{count}, head {digest}…", count=report.entries,
                               digest=report.head[:16])),
            ("roster, policy", f"v{report.roster}, v{report.policy}"),
            ("checkpoints", phrase("{count} hold, up to entry {seq}", count=report.checkpoints,
                                   seq=report.checkpoint)),
        ])
    ]  # fmt: skip
    if report.voids:
        rows = [[void.seq, kind_word(void.kind), void.subject, void.reason]
                for void in report.voids]  # fmt: skip
        blocks.append(Table(["seq", "act", "subject", "void because"], rows))
    blocks += [_resumed(resumed) for resumed in report.resumes]
    blocks += [f"✖ {told(finding.text)} [{finding.code}]" for finding in report.findings]
    return [*blocks, _("The log holds.")] if report.ok else blocks


def _resumed(one: Resumed) -> str:
    if not one.holds:
        return phrase(
            "! Entry {seq} accepts a log that is not this one: it excuses nothing.", seq=one.seq
        )
    said = phrase(
        "Restored; at {time} administrators accepted the log up to entry {accepted}.",
        time=one.time,
        accepted=one.accepted,
    )
    if not one.lost:
        return said
    lost = phrase(
        "{lost} earlier checkpoints saw up to {reached} entries: that was lost.",
        lost=one.lost,
        reached=one.reached,
    )
    return joined(" ", [said, lost])


@verb(
    command,
    "show",
    examples("desk audit show r-7h2kq0vbmx", "desk audit show --kind release --person lead-1"),
)
@click.argument("subject", required=False, default="")
@click.option("--kind", default="", metavar="KIND", help="release.hold, or all of release.")
@click.option("--person", default="", metavar="ID", help="By this person or publisher.")
@click.option("--before", type=click.IntRange(1), metavar="SEQ", help="Older than this entry.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True)
def show(run: Run, subject: str, kind: str, person: str, before: int | None, limit: int) -> None:
    """List acts, newest first. With a subject each is verified, and void ones say why."""
    from dataclasses import asdict

    from desk.audit.browse import Filter, key_names, page, signers

    def given(value: str) -> tuple[str, ...]:
        return (value,) if value else ()

    room = open_room(run)
    wanted = Filter(given(kind), given(person), given(subject))
    with room.reading(*([subject] if subject else [])) as view:
        found = page(view.connection, wanted, below=before, limit=limit)
        shared = [one.seq for one in found if not one.actor]
        signed = signers(view.connection, shared, key_names(view.roster))
        voids = {applied.seq: applied.void for applied in view.record.voids}
        acked = dict(view.record.acked)
    columns = ["seq", "time", "act", "subject", "actor", "digest", "remark"]
    rows: list[dict[str, Any]] = [
        {
            **asdict(one),
            "signed": signed.get(one.seq, (one.actor,)),
            "void": voids.get(one.seq, ""),
            "acknowledged": acked.get(one.digest, ""),
        }
        for one in found
    ]
    run.out.emit(rows, lambda _: Table(columns, [
        [one.seq, one.when, one.kind, one.subject, ", ".join(row["signed"]), one.digest[:12],
         row["void"] or row["acknowledged"]]
        for one, row in zip(found, rows, strict=True)]))  # fmt: skip


@verb(
    command,
    "log",
    examples(
        "desk audit log kind:release person:lead-1",
        "desk audit log about:r-7h2kq0vbmx after:2026-11-20 before:2026-11-21 --csv",
    ),
)
@click.argument("words", nargs=-1, metavar="[FILTER]...")
@click.option("--below", type=click.IntRange(1), metavar="SEQ", help="Older than this entry.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True)
@click.option("--csv", "as_csv", is_flag=True, help="Comma separated, safe for a spreadsheet.")
def browse(run: Run, words: tuple[str, ...], below: int | None, limit: int,
           as_csv: bool) -> None:  # fmt: skip
    """List acts by a filter, newest first: kind: person: about: after: before: or any word."""
    from dataclasses import asdict

    from desk.audit.browse import names_in, page, parse, signers
    from desk.audit.words import kind_word

    wanted = parse(" ".join(words))
    with open_store(run).read() as connection:
        found = page(connection, wanted, below=below, limit=limit)
        shared = [one.seq for one in found if not one.actor]
        several = signers(connection, shared, names_in(connection)) if shared else {}
    signed = [several.get(one.seq, ()) if not one.actor else (one.actor,) for one in found]
    rows = [asdict(one) | {"signed": people} for one, people in zip(found, signed, strict=True)]
    if as_csv:
        from desk.spreadsheet import table_csv

        columns = ("seq", "time", "not_before", "actor", "kind", "subject", "digest", "signed")
        cells = (row | {"signed": " ".join(row["signed"])} for row in rows)
        text = table_csv(columns, ([row[name] for name in columns] for row in cells))
        run.out.emit(rows, lambda _: text.rstrip("\r\n"))
        return
    titles = ["seq", "time", "actor", "act", "subject", "digest"]
    run.out.emit(rows, lambda _: Table(titles, [
        [one.seq, one.when, ", ".join(people), kind_word(one.kind), one.subject, one.digest[:12]]
        for one, people in zip(found, signed, strict=True)]))  # fmt: skip


@verb(command, "act", examples("desk audit act 1204", "desk audit act 1204 --json"))
@click.argument("seq", type=click.IntRange(1))
def act(run: Run, seq: int) -> None:
    """Show one entry in full: its payload, whose keys signed it, and what it counts for."""
    from dataclasses import asdict

    from desk.audit.browse import act_in_full
    from desk.audit.words import kind_word
    from desk.cli.output import to_json

    one = act_in_full(open_room(run), seq)
    run.out.emit(asdict(one), lambda _: [
        Fields([
            ("entry", one.line.seq),
            ("act", f"{kind_word(one.line.kind)} ({one.line.kind})"),
            ("subject", one.line.subject), *_moments(one),
            *(("signed by", f"{each.person or '?'}  {each.key}") for each in one.signed),
            ("void because", one.void or "–"), ("publisher says", one.acknowledged or "–"),
            ("hash", one.hash), ("follows", one.previous),
        ]),
        to_json(one.fields, indent=2),
    ])  # fmt: skip


def _moments(one: ActInFull) -> list[tuple[str, str]]:
    """When it was made; of an act by several people, between which acts of the log."""
    line = one.line
    if not line.not_before:
        return [(_("time"), line.time)]
    proposed = [(_("proposed"), line.time)] if line.time else []
    latest = [(_("signed, latest"), one.not_after)] if one.not_after else []
    return [*proposed, (_("signed, earliest"), line.not_before), *latest]


@verb(
    command, "export", examples("desk audit export log.jsonl", "desk audit verify --from log.jsonl")
)
@click.argument("file", type=FILE)
@_CHECKPOINTS
def export(run: Run, file: Path, checkpoints: tuple[Path, ...]) -> None:
    """Write the whole log to a new FILE that can be verified without this newsroom."""
    from desk.audit.files import write_export
    from desk.store import log

    room = open_room(run)
    found = _checkpoints(run, checkpoints)
    root = room.pin.fingerprint
    with room.reading() as view:
        entries = log.every_entry(view.connection)
        count = write_export(file, view.record.newsroom, root, entries, found)
    data = {"file": str(file), "entries": count, "checkpoints": len(found),
            "root": root}  # fmt: skip
    said = phrase(
        "Wrote {count} entries and {checkpoints} checkpoints to {file}",
        count=count,
        checkpoints=len(found),
        file=file,
    )
    run.out.emit(data, lambda _: said)


@verb(command, "checkpoint", examples("desk audit checkpoint --checkpoints /mnt/worm/desk --json"))
@_CHECKPOINTS
def checkpoint(run: Run, checkpoints: tuple[Path, ...]) -> None:
    """Show the newest checkpoint: the head that a publisher has signed, and when."""
    found = _checkpoints(run, checkpoints)
    if not found:
        raise NotFound("There is no checkpoint", "", "Name its file: --checkpoints FILE")
    from desk.trust.log import read_checkpoint

    room = open_room(run)
    with room.reading() as view:
        keys = {key.sign: name for name, key in view.roster.publishers.items()}
        heads = [(read_checkpoint(one, view.record.newsroom, keys), one) for one in found]
    newest, envelope = max(heads, key=lambda pair: pair[0].seq)
    signers = sorted({keys[s.keyid] for s in envelope.signatures if s.keyid in keys})
    data = {"seq": newest.seq, "head": newest.hash, "time": envelope.body()["time"],
            "signed": signers, "checkpoints": len(found)}  # fmt: skip
    run.out.emit(data)
