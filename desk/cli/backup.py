"""`desk backup`: save the newsroom in one sealed file, prove it, restore it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desk.cli import backup_quarantine
from desk.cli.context import Run, noun, verb
from desk.cli.opened import actor, database, open_room
from desk.cli.output import Fields
from desk.cli.telling import examples
from desk.errors import UsageError
from desk.locales import _
from desk.phrase import phrase

if TYPE_CHECKING:
    from desk.backup.manifest import Manifest
    from desk.newsroom.room import Actor, Room

command = noun("backup", "Save the newsroom, restore it, resume after a restore.")
FILE = click.Path(path_type=Path, dir_okay=False)
FOLDER = click.Path(path_type=Path, file_okay=False)
_SEED = click.option(
    "--recovery-seed", "seed", type=FILE, metavar="FILE",
    help="The seed of the recovery key. Without it nothing can be opened.",
)  # fmt: skip
_ROOT = click.option(
    "--root", default="", metavar="HEX",
    help="The root's fingerprint as an administrator reads it out.",
)  # fmt: skip


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

    proved = _("yes, restored on trial") if data["proved"] else _("no")
    return Fields([
        ("backup", data["file"]),
        ("newsroom", data["newsroom"]),
        ("root", fingerprint(data["root"])),
        ("made", phrase("{time} by {person}", time=data["time"], person=data["by"])),
        ("log", phrase("{count} acts, head {digest}…", count=data["seq"],
                       digest=data["head"][:16])),
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


# What a restored newsroom goes through before it publishes again.
command.commands.update(backup_quarantine.command.commands)
