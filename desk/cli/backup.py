"""`desk backup`: save the newsroom in one sealed file, prove it, restore it, resume after it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desk.cli.context import Run, noun, verb
from desk.cli.opened import actor, database, open_room
from desk.cli.output import Block, Fields, Table
from desk.cli.telling import agreed, examples
from desk.errors import NotFound, Reason, Refused, Unavailable, UsageError
from desk.phrase import phrase

if TYPE_CHECKING:
    from desk.backup.manifest import Manifest
    from desk.newsroom.room import Actor, Room

command = noun("backup", "Save the newsroom, restore it, resume after a restore.")
FILE = click.Path(path_type=Path, dir_okay=False)
FOLDER = click.Path(path_type=Path, file_okay=False)
SILENT = 15
"""Seconds without a new status after which a publisher counts as gone."""
_SEED = click.option(
    "--recovery-seed", "seed", type=FILE, metavar="FILE",
    help="The seed of the recovery key. Without it nothing can be opened.",
)  # fmt: skip
_ROOT = click.option(
    "--root", default="", metavar="HEX",
    help="The root's fingerprint as an administrator reads it out.",
)  # fmt: skip
_STATUS = click.option("--status", "status_file", type=FILE, metavar="FILE",
                       help="The status file that the publisher writes.")  # fmt: skip


@verb(
    command,
    "create",
    examples(
        "desk backup create --to /mnt/away/desk.backup --key admin-1",
        "desk backup create --to FILE --publisher-state /var/lib/desk-publisher   (as its user)",
        "desk backup create --to FILE --verify --recovery-seed /media/usb/recovery.seed",
    ),
)
@click.option("--to", type=FILE, required=True, metavar="FILE", help="A new file.")
@click.option("--publisher-state", "publisher", type=FOLDER, metavar="FOLDER",
              help="Also the publisher's directory; its key then signs the backup.")  # fmt: skip
@click.option("--alerts-state", "alerts", type=FOLDER, metavar="FOLDER",
              help="Also the alerts' directory.")  # fmt: skip
@click.option("--checkpoints", type=FILE, metavar="FILE", help="Also the publisher's checkpoints.")
@click.option("--verify", is_flag=True, help="Restore it on trial afterwards.")
@_SEED
def create(
    run: Run, to: Path, publisher: Path | None, alerts: Path | None, checkpoints: Path | None,
    verify: bool, seed: Path | None,
) -> None:  # fmt: skip
    """Save database, calendar.yaml and private directories while everything runs.

    The file is sealed to the roster's recovery key: whoever has it has nothing without the seed.
    """
    from desk.backup.create import Source
    from desk.backup.create import create as make
    from desk.clock import SystemClock

    if verify and seed is None:
        raise UsageError("--verify needs the recovery seed", "", "Give it: --recovery-seed FILE")
    place = database(run)
    if not isinstance(place, Path):
        raise UsageError(
            "This newsroom's database is PostgreSQL", "",
            "Save it with pg_dump; desk backup is for SQLite",
        )  # fmt: skip
    room = open_room(run)
    terms = run.folder / "terms"  # the log holds digests of it only
    folders = {"publisher": publisher, "alerts": alerts, "terms": terms if terms.is_dir() else None}
    source = Source(
        room, run.calendar, place,
        {name: path.absolute() for name, path in folders.items() if path is not None},
        {"var/checkpoints.jsonl": checkpoints} if checkpoints else {},
    )  # fmt: skip
    manifest = make(source, to, _who(run, room, publisher), SystemClock())
    data = {**_view(manifest), "file": str(to), "proved": False}
    if verify and seed is not None:
        from desk.backup.restore import prove, recovery_identity

        prove(to, recovery_identity(seed), room.pin.fingerprint)
        data["proved"] = True
    run.out.emit(data, _fields)
    if not data["proved"]:
        run.out.say("Not proved yet: desk backup verify FILE --recovery-seed FILE")


def _who(run: Run, room: Room, publisher: Path | None) -> Actor:
    """Who vouches for it: the publisher when its own user makes it, else the acting person."""
    if publisher is None or run.key is not None:
        return actor(run)
    from desk.newsroom.room import Actor
    from desk.publisher.home import Home
    from desk.publisher.service import name_in

    home = Home(publisher.absolute())
    with room.reading() as view:
        return Actor(name_in(view.roster, home), home.identity())


def _view(manifest: Manifest) -> dict[str, Any]:
    return {
        "newsroom": manifest.newsroom,
        "root": manifest.root,
        "time": manifest.time,
        "by": manifest.by,
        "seq": manifest.head.seq,
        "head": manifest.head.hash,
        "roster": manifest.roster,
        "policy": manifest.policy,
        "recovery": manifest.recovery,
        "files": [{"name": name, "size": size} for name, size in manifest.files],
        "size": manifest.cipher[1],
        "sha256": manifest.cipher[0],
    }


def _fields(data: dict[str, Any]) -> Fields:
    from desk.trust.keys import fingerprint

    proved = "yes, restored on trial" if data["proved"] else "no"
    return Fields([
        ("backup", data["file"]),
        ("newsroom", data["newsroom"]),
        ("root", fingerprint(data["root"])),
        ("made", f"{data['time']} by {data['by']}"),
        ("log", f"{data['seq']} acts, head {data['head'][:16]}…"),
        ("roster, policy", f"v{data['roster']}, v{data['policy']}"),
        ("holds", ", ".join(file["name"] for file in data["files"])),
        ("proved", proved),
    ])  # fmt: skip


@verb(
    command,
    "verify",
    examples(
        "desk backup verify desk.backup",
        "desk backup verify desk.backup --recovery-seed /media/usb/recovery.seed --root HEX",
    ),
)
@click.argument("file", type=FILE)
@_SEED
@_ROOT
def verify_backup(run: Run, file: Path, seed: Path | None, root: str) -> None:
    """Prove a backup. With the recovery seed it is restored on trial and every signature checked;
    without it only that it is whole and that no byte was altered. Exit 6 when it does not hold.
    """
    from desk.backup import restore

    if seed is None:
        found = restore.check(file)
        run.out.warn("Without the recovery seed nobody knows whether it opens.")
    else:
        found = restore.prove(file, restore.recovery_identity(seed), _root(root))
    data = {**_view(found.manifest), "file": str(file), "proved": found.opened}
    run.out.emit(data, _fields)


def _root(text: str) -> str:
    """A fingerprint as typed or read out. Raises UsageError."""
    root = "".join(text.split()).lower()
    if root and (len(root) != 64 or any(c not in "0123456789abcdef" for c in root)):
        raise UsageError(
            "Not a fingerprint", phrase("{count} characters", count=len(root)), "Give 64 hex digits"
        )
    return root


@verb(
    command,
    "restore",
    examples("desk backup restore desk.backup --to /srv/desk --recovery-seed /media/usb/seed"),
)
@click.argument("file", type=FILE)
@click.option("--to", type=FOLDER, required=True, metavar="FOLDER", help="A new folder.")
@_SEED
@_ROOT
def restore_backup(run: Run, file: Path, to: Path, seed: Path | None, root: str) -> None:
    """Lay a backup down on this machine, in quarantine.

    The publisher then follows and asks every portal what it has seen, and publishes nothing until
    administrators have signed: desk backup resume.
    """
    from desk.backup import restore
    from desk.clock import SystemClock
    from desk.trust.keys import fingerprint

    if seed is None:
        raise UsageError("The recovery seed is needed", "", "Give it: --recovery-seed FILE")
    identity = restore.recovery_identity(seed)
    done = restore.restore(file, to, identity, SystemClock(), root=_root(root))
    if not root:
        run.out.warn(
            phrase(
                "Let an administrator read you the root's fingerprint, and compare:\n"
                "  {fingerprint}",
                fingerprint=fingerprint(done.manifest.root),
            )
        )
    state = done.folder / "publisher"
    if not done.publisher:
        run.out.say(
            phrase(
                "The backup holds no publisher's directory. Make a key for a new publisher:\n"
                "  desk publisher init --state {state} --name ID\n"
                "Supply the newest roster before you add it: desk backup supply FILE",
                state=state,
            )
        )
    run.out.say(
        phrase(
            "In quarantine. Next: desk publisher run --state {state}, then desk backup show",
            state=state,
        )
    )
    data = {**_view(done.manifest), "file": str(file), "proved": True, "folder": str(done.folder),
            "quarantine": done.marker.nonce, "publisher": done.publisher}  # fmt: skip
    run.out.emit(data, _fields)


# -- quarantine -------------------------------------------------------------------------------


def _report(run: Run, status_file: Path | None) -> dict[str, Any]:
    """What the publisher says of the quarantine; {} when nothing was restored here.

    Raises Unavailable when it has not said anything lately.
    """
    from desk.backup.resume import age_seconds
    from desk.clock import SystemClock

    path = status_file or run.folder / "var" / "publisher.json"
    if age_seconds(path, SystemClock()) > SILENT:
        raise Unavailable("The publisher does not run", phrase("nothing new in {path}", path=path),
                          "Start it: desk publisher run --state FOLDER")  # fmt: skip
    try:
        found = json.loads(path.read_text("utf-8")).get("quarantine")
    except (OSError, ValueError) as error:
        raise Unavailable("Cannot read the status", f"{path}: {type(error).__name__}") from None
    return found if isinstance(found, dict) else {}


def _findings(report: dict[str, Any]) -> list[Block]:
    state = "in quarantine" if report["active"] else f"resumed at entry {report['resumed']}"
    blocks: list[Block] = [Fields([("restored from", report["taken"]), ("state", state)])]
    rows = [
        ["✖ bars resume" if one["blocking"] else "! lost", one["channel"], one["text"]]
        for one in report["findings"]
    ]
    if rows:
        blocks.append(Table(["", "channel", "what it knows"], rows))
    if report["sign_again"]:
        blocks.append("To be recalled and signed again: " + ", ".join(report["sign_again"]))
    return blocks


@verb(command, "show", examples("desk backup show", "desk backup show --json"))
@_STATUS
def show(run: Run, status_file: Path | None) -> None:
    """Show what the portals know that the restored log does not, and what bars a resume."""
    report = _report(run, status_file)
    if not report:
        raise NotFound("Nothing was restored here", "this newsroom is in no quarantine")
    run.out.emit(report, _findings)


@verb(
    command,
    "supply",
    examples("desk backup supply roster-7.json", "desk backup supply export.jsonl --json"),
)
@click.argument("file", type=FILE)
@_STATUS
def supply(run: Run, file: Path, status_file: Path | None) -> None:
    """Give a log in quarantine acts that it has lost: a proposal, or an export of the log.

    Each is verified; what does not follow here is passed over.
    """
    from desk.backup import resume

    _require_quarantine(run, status_file, without_publisher=True)
    acts = resume.supply(open_room(run), file)
    data = {"file": str(file), "acts": [{"kind": a.kind.name, "subject": a.subject,
                                         "digest": a.digest} for a in acts]}  # fmt: skip
    run.out.emit(data, lambda _: f"Took up {len(acts)} acts.")


def _require_quarantine(
    run: Run, status_file: Path | None, *, without_publisher: bool = False
) -> dict[str, Any]:
    """The publisher's report of a quarantine, {} while none can run yet. Raises Refused."""
    from desk.publisher.marker import read_marker

    try:
        report = _report(run, status_file)
    except Unavailable:
        if without_publisher and read_marker(run.folder / "var") is not None:
            return {}
        raise
    if not report or not report["active"]:
        why = Reason("quarantine", "acts that were lost come back only before resume")
        raise Refused("This newsroom is in no quarantine", [why])
    return report


@verb(
    command,
    "resume",
    examples(
        "desk backup resume --key admin-1",
        "desk backup resume --key admin-1 --out resume.json",
        "desk backup resume --key admin-2 --from resume.json",
    ),
)
@click.option("--yes", is_flag=True, help="Agree beforehand.")
@click.option("--out", type=FILE, metavar="FILE", help="Where it goes while signatures lack.")
@click.option("--from", "source", type=FILE, metavar="FILE", help="Sign what another has begun.")
@click.option("--wait", type=click.FloatRange(0, 3600), default=10.0, show_default=True,
              metavar="SECONDS", help="How long to wait for the publisher.")  # fmt: skip
@_STATUS
def resume_publishing(
    run: Run, yes: bool, out: Path | None, source: Path | None, wait: float,
    status_file: Path | None,
) -> None:  # fmt: skip
    """Accept the head of a restored log, signed by the administrators; the roster is renewed.

    Refused while a channel could not be asked, or has a newer roster or policy than this log: a
    key that was revoked after the backup must not act again. Releases signed before the restore
    have to be recalled and signed again, since nobody knows whether they were held.
    """
    from desk.backup import resume

    report = _report(run, status_file)
    if report and not report["active"]:
        run.out.say("It was resumed already.")
        run.out.emit({"already": True, "resumed": report["resumed"]})
        return
    report = _require_quarantine(run, status_file)
    bars = resume.blocking(report)
    if bars:
        raise Refused("Not while the portals know better", bars,
                      "Supply what is lost: desk backup supply FILE")  # fmt: skip
    room, since = open_room(run), int(report["since"])
    with room.reading() as view:
        asked = (resume.read_file(view, source) if source
                 else resume.propose(view, room.instant(), since))  # fmt: skip
    run.out.say("What the portals know and this log has lost for good:")
    for one in report["findings"]:
        run.out.say(f"  {one['text']}")
    run.out.say(
        phrase(
            "You accept entry {seq}, head {head}",
            seq=asked.act.fields["seq"],
            head=asked.act.fields["head"],
        )
    )
    agreed(run, "Resume publishing from there?", yes)
    with room.reading() as view:
        asked = resume.countersign(view, asked, actor(run), since)
    if not asked.complete:
        to = source or out
        if to is None:
            raise UsageError(
                "More signatures are needed",
                phrase(
                    "{signed} of {needed} administrators",
                    signed=asked.signed,
                    needed=asked.needed,
                ),
                "Write the proposal to a file and hand it on: --out FILE",
            )
        resume.write_file(to, asked, replace=source is not None)
        run.out.say(phrase("Next, another administrator: desk backup resume --from {to}", to=to))
        run.out.emit({"proposal": str(to), "signed": asked.signed, "needed": asked.needed})
        return
    act = resume.enact(room, asked)
    _wait_for_the_end(run, status_file, wait)
    run.out.emit(
        {"already": False, "act": act.digest, "seq": act.fields["seq"]},
        lambda _: "Resumed. Leads recall and sign again what had not gone out.",
    )


def _wait_for_the_end(run: Run, status_file: Path | None, seconds: float) -> None:
    """Until the publisher has left the quarantine. Raises Unavailable: signed, not in force."""
    import time

    deadline = time.monotonic() + seconds
    while (report := _report(run, status_file)).get("active"):
        if time.monotonic() >= deadline:
            text = "; ".join(str(one["text"]) for one in report["findings"] if one["blocking"])
            raise Unavailable("Signed, but the publisher has not resumed", text,
                              "Look: desk backup show")  # fmt: skip
        time.sleep(0.1)
