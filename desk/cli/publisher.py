"""`desk publisher`: make its directory, give it credentials, run it, ask how it is."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desk.cli import publisher_rehearse
from desk.cli.clock_word import believed, tell
from desk.cli.context import Run, noun, person_id, verb
from desk.cli.opened import open_room, open_store
from desk.cli.output import Block, Fields, Table
from desk.cli.telling import examples
from desk.errors import Conflict, NotFound, TrustError, Unavailable, UsageError
from desk.kept_phrase import revived
from desk.locales import N_, told
from desk.locales.words import word
from desk.phrase import as_phrase, joined, phrase

if TYPE_CHECKING:
    from desk.publisher.home import Home

command = noun("publisher", "Run the publisher, ask how it is.")
FILE = click.Path(path_type=Path, dir_okay=False)
_STATE = click.option(
    "--state", required=True, metavar="FOLDER", type=click.Path(path_type=Path, file_okay=False),
    help="The publisher's own directory (0700).",
)  # fmt: skip
SILENT = 15
"""Seconds without a new status after which a publisher counts as gone."""


def _home(state: Path) -> Home:
    from desk.publisher.home import Home

    home = Home(state.absolute())
    # systemd may hand the key over instead (LoadCredential=); whether it did is seen on reading.
    if not home.key_file.exists() and not os.environ.get("CREDENTIALS_DIRECTORY"):
        raise NotFound("There is no publisher", str(state), "Make it: desk publisher init")
    return home


@verb(
    command,
    "init",
    examples(
        "desk publisher init --state /var/lib/desk-publisher --name pub-1 --json > pub-1.json",
        "desk roster publisher pub-1 --from-file pub-1.json",
    ),
)
@_STATE
@click.option("--name", required=True, metavar="ID", help="Its id in the roster.")
def init(run: Run, state: Path, name: str) -> None:
    """Make a publisher's directory with its keys, and print the public ones."""
    from desk.publisher.home import Home

    who, already = person_id(name), False
    try:
        home = Home.create(state.absolute())
    except Conflict:
        home, already = _home(state), True
        run.out.say("It was made already.")
    view = {**_public(home), "newsroom": run.newsroom_id, "person": who, "already": already}
    if not already:
        run.out.say(phrase("Next, an administrator: desk roster publisher {who}", who=who))
    run.out.emit(view, _public_fields)


def _public(home: Home) -> dict[str, Any]:
    from desk.trust.canonical import digest
    from desk.trust.keys import fingerprint

    identity = home.identity()
    keys = {"sign": identity.sign_public, "read": identity.read_public}
    return {**keys, "fingerprint": fingerprint(digest(keys)), "state": str(home.path)}


def _public_fields(view: dict[str, Any]) -> Fields:
    names = ("person", "newsroom", "sign", "read", "fingerprint", "state")
    return Fields([(name, view[name]) for name in names])


@verb(
    command,
    "standby",
    examples(
        "desk publisher standby --of /var/lib/desk-publisher --state /var/lib/desk-publisher-2 "
        "--name pub-2 --json > pub-2.json",
        "desk roster publisher pub-2 --from-file pub-2.json",
    ),
)
@click.option("--of", required=True, metavar="FOLDER", help="The directory of the first publisher.",
              type=click.Path(path_type=Path, file_okay=False))  # fmt: skip
@_STATE
@click.option("--name", required=True, metavar="ID", help="Its id in the roster.")
def standby(run: Run, of: Path, state: Path, name: str) -> None:
    """Make one more publisher, on the same machine, that takes over when the first one fails.

    It has a key of its own and shares the bundle secret and the credentials. Once it is in the
    roster, start it like the first.
    """
    from desk.publisher.home import Home

    who, already = person_id(name), False
    first = _home(of)
    try:
        home = Home.create_standby(state.absolute(), first)
    except Conflict:
        home, already = _home(state), True
        if home.shared != first.shared:
            raise  # it is another group's, or a first one itself
        run.out.say("It was made already.")
    view = {**_public(home), "newsroom": run.newsroom_id, "person": who, "already": already,
            "of": str(first.shared)}  # fmt: skip
    if not already:
        run.out.say(phrase("Next, an administrator: desk roster publisher {who}", who=who))
    run.out.emit(view, _public_fields)


@verb(
    command,
    "credential",
    examples("desk publisher credential portal --state /var/lib/desk-publisher < token"),
)
@click.argument("name")
@_STATE
def credential(run: Run, name: str, state: Path) -> None:
    """Keep the bearer token of a channel, read from standard input."""
    token = sys.stdin.read(4097).strip()
    if not token or len(token) > 4096 or not token.isascii() or not token.isprintable():
        raise UsageError("No token came in", "one line of ASCII is wanted on standard input")
    home = _home(state)
    home.store_credential(person_id(name), token)
    run.out.emit({"credential": name, "state": str(home.path)},
                 lambda _: phrase("Kept the credential {name}.", name=name))  # fmt: skip


@verb(
    command,
    "run",
    examples("desk publisher run --state /var/lib/desk-publisher --checkpoints /mnt/worm/desk"),
)
@_STATE
@click.option(
    "--status",
    type=FILE,
    metavar="FILE",
    help="Where it says how it is; default: var/publisher.json of the newsroom.",
)
@click.option(
    "--checkpoints",
    type=FILE,
    metavar="FILE",
    help="Where it signs the log's head besides its own directory, best on another machine's "
    "disk; default: var/checkpoints.jsonl of the newsroom.",
)
@click.option("--ca", type=FILE, metavar="FILE", help="Certificates that portals are checked by.")
def run_publisher(run: Run, state: Path, status: Path | None, checkpoints: Path | None,
                  ca: Path | None) -> None:  # fmt: skip
    """Run until SIGTERM: stage what is signed, open it at its instant, compare afterwards."""
    from desk.newsroom.pins import PinFile
    from desk.publisher import service

    home = _home(state)
    room = open_room(run, PinFile(home.path, run.folder))
    service.run(
        home, room, checkpoints=checkpoints or run.paths.checkpoints,
        status=status or _status_file(run), ca=ca,
    )  # fmt: skip


def _status_file(run: Run) -> Path:
    return run.folder / "var" / "publisher.json"


@verb(
    command,
    "accept",
    examples("desk publisher accept portal --state /var/lib/desk-publisher"),
)
@click.argument("channel")
@_STATE
def accept_channel(run: Run, channel: str, state: Path) -> None:
    """Let a channel go on after somebody has looked at what differs there from what was signed."""
    from desk.clock import SystemClock
    from desk.publisher.accept import accept

    count = accept(_leader(_home(state)), channel, SystemClock())
    run.out.emit({"channel": channel, "accepted": count},
                 lambda _: phrase("Accepted {count}; {channel} is held no longer.",
                                  count=count, channel=channel))  # fmt: skip


@verb(
    command,
    "clock",
    examples(
        "desk publisher clock --state /var/lib/desk-publisher",
        "desk publisher clock --state /var/lib/desk-publisher --believe",
    ),
)
@_STATE
@believed
def clock(run: Run, state: Path, believe: bool, yes: bool) -> None:
    """Show whether the publisher's clock is behind the time that it wrote down at its last run.

    A clock that is earlier than at the last run is believed once a channel agrees with it. Where
    none can, and the clock once ran ahead, compare it with another one and say that it is right.
    """
    from desk.clock import SystemClock
    from desk.publisher import kept_time

    clock, home = SystemClock(), _home(state)
    tell(
        run, lambda: kept_time.look(home, clock),
        lambda shown: kept_time.believe(home, clock, shown), believe, yes,
    )  # fmt: skip


def _leader(home: Home) -> Home:
    """The publisher that leads the group now, or led last: its ledger is the one that counts."""
    from desk.publisher.home import Home
    from desk.publisher.leader import latest

    term = latest(home.lead)
    return Home(Path(term.home)) if term is not None else home


@verb(command, "status", examples("desk publisher status", "desk publisher status --json"))
@click.option("--status", "file", type=FILE, metavar="FILE", help="The status file it writes.")
@click.option("--state", metavar="FOLDER", type=click.Path(path_type=Path, file_okay=False),
              help="Its directory, to see its keys and whether it is locked.")  # fmt: skip
def status(run: Run, file: Path | None, state: Path | None) -> None:
    """Say how the publisher is. Exit 5 when it does not run, 6 when it has stopped publishing."""
    from desk.clock import SystemClock

    path = file or _status_file(run)
    view = _read(path)
    age = max(0.0, SystemClock().time_ns() / 1e9 - path.stat().st_mtime) if view else None
    alive = bool(view and age is not None and age < SILENT and not view.get("stopping"))
    view = {**view, "alive": alive, "age_s": round(age, 1) if age is not None else None}
    if state is not None:
        home = _home(state)
        view |= {"keys": _public(home), "locked": _locked(home)}
    if view.get("head") is not None:
        view["behind"] = _newest(run) - int(view["head"])
    run.out.emit(view, _status_blocks)
    if view.get("halted"):
        raise TrustError(
            "Publishing has stopped",
            as_phrase(view["halted"]),
            "Nothing goes out until people have looked: desk audit verify",
        )
    if not alive:
        raise Unavailable("The publisher does not run", phrase("nothing new in {path}", path=path),
                          "Start it: desk publisher run --state FOLDER")  # fmt: skip


def _read(path: Path) -> dict[str, Any]:
    try:
        found = revived(json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise Unavailable("Cannot read the status", f"{path}: {type(error).__name__}") from None
    return found if isinstance(found, dict) else {}


def _newest(run: Run) -> int:
    """The sequence of the log's newest act, as the database says."""
    from desk.store import log

    with open_store(run).read() as connection:
        return log.head(connection).seq


def _locked(home: Home) -> bool:
    """Whether a publisher holds the directory's lock. Takes it for a moment when none does."""
    import fcntl

    try:
        descriptor = os.open(home.path / "lock", os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def _standby_text(one: dict[str, Any]) -> str:
    state = phrase("ready") if one["ready"] else as_phrase(one["problem"] or N_("not ready"))
    return phrase(
        "{name}, {state}, last sign {count} s ago",
        name=one["name"],
        state=state,
        count=one["age_s"],
    )


def _status_blocks(view: dict[str, Any]) -> list[Block]:
    leads = phrase("leads") if view["alive"] else phrase("does not run")
    term = [phrase("term {number}", number=view["term"])] if view.get("term") else []
    facts = [
        ("publisher", joined(", ", [view.get("publisher") or phrase("none"), leads, *term])),
        *(("standby", _standby_text(one)) for one in view.get("standbys", ())),
        ("said so", phrase("{count} s ago", count=view["age_s"])
         if view["age_s"] is not None else phrase("never")),
        ("log", phrase("{count} acts seen, {behind} behind", count=view["head"],
                       behind=view.get("behind", 0))
         if "head" in view else phrase("nothing seen")),
    ]  # fmt: skip
    if "head" in view:
        facts += [
            (N_("halted"), told(view.get("halted") or "") or phrase("no")),
            ("clock", told(view.get("clock") or "") or word("channel", "good")),
        ]
    channels = [
        [c["id"], c["driver"], word("channel", "required" if c["required"] else "optional"),
         told(c["problem"] or "") or word("channel", "good"), str(c.get("epoch") or ""),
         "" if c["offset_ms"] is None else f"{c['offset_ms']} ms"]
        for c in view.get("channels", [])
    ]  # fmt: skip
    blocks: list[Block] = [Fields(facts)]
    if channels:
        blocks.append(Table(["channel", "driver", "", "state", "epoch", "its clock"], channels))
    return blocks


command.commands.update(publisher_rehearse.command.commands)
