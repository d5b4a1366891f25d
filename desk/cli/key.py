"""`desk key`: a person's own key. Make it, show what others may know of it, carry it elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from desk.cli.context import Run, noun, person_id, verb
from desk.cli.output import Fields, Table
from desk.cli.telling import examples
from desk.errors import Conflict, NotFound, Unavailable
from desk.phrase import phrase

if TYPE_CHECKING:
    from desk.trust.keystore import KeyStore

command = noun("key", "Make and look after your own key.")


@dataclass(frozen=True)
class PublicKeys:
    """What others may know of a person's key. `fingerprint` is read aloud and compared."""

    newsroom: str
    person: str
    sign: str
    read: str
    fingerprint: str


def _public(run: Run, person: str, seed: bytes | bytearray) -> PublicKeys:
    from desk.trust.canonical import digest
    from desk.trust.keys import Identity, fingerprint

    identity = Identity.from_seed(seed)
    both = digest({"sign": identity.sign_public, "read": identity.read_public})
    return PublicKeys(
        run.newsroom_id, person, identity.sign_public, identity.read_public, fingerprint(both)
    )


def _fields(view: PublicKeys) -> Fields:
    return Fields([
        ("person", view.person),
        ("newsroom", view.newsroom),
        ("signing key", view.sign),
        ("reading key", view.read),
        ("fingerprint", view.fingerprint),
    ])  # fmt: skip


def _store(run: Run, file: bool) -> KeyStore:
    from desk.trust.keystore import key_files

    return key_files(run.settings, run.passphrase) if file else run.keys


@verb(command, "new")
@click.option("--person", metavar="ID", help="Whose key; the same as --key.")
@click.option("--file", is_flag=True, help="Keep it in a key file under a passphrase.")
def new(run: Run, person: str | None, file: bool) -> None:
    """Make a key and keep it in the system's keyring, or in a file.

    An administrator then puts its public half in the roster: desk roster add.
    """
    from desk.trust.keys import Identity
    from desk.trust.keystore import clear

    person = person_id(person or run.key or run.person)
    _, made = Identity.generate()
    seed = bytearray(made)
    try:
        store = _store(run, file)
        store.save(run.newsroom_id, person, seed)
        run.out.say(
            phrase(
                "Kept the key of {person} ({kind}). Read the fingerprint to an administrator by "
                "voice.",
                person=person,
                kind=store.kind,
            )
        )
        run.out.emit(_public(run, person, seed), _fields)
    finally:
        clear(seed)


@verb(command, "show")
@click.option("--person", metavar="ID", help="Whose key; the same as --key.")
def show(run: Run, person: str | None) -> None:
    """Show the public keys and the fingerprint to read aloud."""
    from desk.trust.keystore import clear

    person = person_id(person or run.person)
    seed = run.keys.load(run.newsroom_id, person)
    try:
        run.out.emit(_public(run, person, seed), _fields)
    finally:
        clear(seed)


@dataclass(frozen=True)
class ScriptKey:
    """A script's key: what a lead grants a release to. `sign`: its public key (64 hex)."""

    file: str
    sign: str
    fingerprint: str
    already: bool = False


def _script(file: Path, already: bool) -> ScriptKey:
    from desk.trust.keyfile import SCRIPT, load_service_seed
    from desk.trust.keys import Identity, fingerprint
    from desk.trust.keystore import clear

    seed = load_service_seed(file, SCRIPT)
    try:
        public = Identity.from_seed(seed).sign_public
    finally:
        clear(seed)
    return ScriptKey(str(file), public, fingerprint(public), already)


def _script_fields(view: ScriptKey) -> Fields:
    return Fields([("file", view.file), ("public key", view.sign),
                   ("fingerprint", view.fingerprint)])  # fmt: skip


@verb(command, "script-new", examples("desk key script-new /etc/gdp-feed/script.key"))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def script_new(run: Run, file: Path) -> None:
    """Make a key for a script that opens releases: a file (0600) without a passphrase.

    FILE must lie in a folder that only the script's user can open (0700). It gives no right
    until a lead grants a release to it: desk release grant.
    """
    from desk.trust.keyfile import save_service_seed
    from desk.trust.keys import Identity
    from desk.trust.keystore import clear

    file = file.absolute()
    already = file.exists()
    if already:
        run.out.say("It was made already.")
    else:
        _, made = Identity.generate()
        seed = bytearray(made)
        try:
            save_service_seed(file, seed)
        finally:
            clear(seed)
    run.out.emit(_script(file, already), _script_fields)


@verb(command, "script-show", examples("desk key script-show /etc/gdp-feed/script.key"))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def script_show(run: Run, file: Path) -> None:
    """Show the public key of a script's key file, and its fingerprint to read aloud."""
    run.out.emit(_script(file.absolute(), True), _script_fields)


@verb(command, "list")
def list_keys(run: Run) -> None:
    """List whose keys are kept on this machine for this newsroom."""
    people = run.keys.list(run.newsroom_id)
    rows = [{"newsroom": run.newsroom_id, "person": person} for person in people]
    run.out.emit(rows, lambda _: Table(["person"], [[person] for person in people]))


@verb(command, "export")
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--person", metavar="ID", help="Whose key; the same as --key.")
def export(run: Run, target: Path, person: str | None) -> None:
    """Write a key to a new FILE under a passphrase, to carry it to another machine.

    FILE must lie in a folder that only you can open (0700).
    """
    from desk.trust.keyfile import Cost, seal_seed
    from desk.trust.keystore import clear
    from desk.trust.private_files import private_folder, write_private

    person = person_id(person or run.person)
    if target.exists():
        raise Conflict("There is a file already", str(target), "It is never overwritten")
    seed = run.keys.load(run.newsroom_id, person)
    try:
        passphrase = run.passphrase(phrase("the exported key of {person}", person=person), True)
        try:
            content = seal_seed(run.newsroom_id, person, seed, passphrase, Cost())
        finally:
            clear(passphrase)
    finally:
        clear(seed)
    target = target.absolute()
    with private_folder(target.parent) as folder:
        write_private(folder, target.name, target, content)
    run.out.emit({"person": person, "file": str(target)}, lambda view: phrase(
        "Wrote {file}", file=view["file"]))  # fmt: skip


@verb(command, "import")
@click.argument("source", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--person", metavar="ID", help="Whose key; the same as --key.")
@click.option("--file", is_flag=True, help="Keep it in a key file under a passphrase.")
def import_key(run: Run, source: Path, person: str | None, file: bool) -> None:
    """Take a key out of an exported FILE and keep it here."""
    from desk.trust.keyfile import LARGEST, open_seed
    from desk.trust.keystore import clear

    person = person_id(person or run.key or run.person)
    try:
        with source.open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except FileNotFoundError:
        raise NotFound("No such file", str(source)) from None
    except OSError as error:
        raise Unavailable("Cannot read the file", f"{source}: {error.strerror}") from None
    passphrase = run.passphrase(phrase("the exported key of {person}", person=person), False)
    try:
        seed = open_seed(content, run.newsroom_id, person, passphrase)
    finally:
        clear(passphrase)
    try:
        _store(run, file).save(run.newsroom_id, person, seed)
        run.out.emit(_public(run, person, seed), _fields)
    finally:
        clear(seed)
