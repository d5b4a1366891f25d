"""Founding a newsroom from the command line: root, recovery key, first roster, database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desk.cli.context import Run, person_id
from desk.cli.opened import actor, database, open_room, pins
from desk.cli.output import Fields
from desk.errors import Conflict, Refused, Unavailable, UsageError, because
from desk.phrase import phrase

if TYPE_CHECKING:
    from desk.newsroom.administer import PublicKeys
    from desk.trust.acts import Act


@dataclass(frozen=True)
class Asked:
    """What `desk newsroom init` was told. Keys and names are `ID=…` as typed."""

    threshold: int
    root_keys: tuple[str, ...]
    names: tuple[str, ...]
    recovery: str | None
    recovery_out: Path | None
    out: Path | None


@dataclass(frozen=True)
class Founded:
    """A newsroom's root after `init`. `spoken`: its fingerprint, to be read aloud."""

    newsroom: str
    fingerprint: str
    spoken: str
    database: str
    administrators: tuple[str, ...]
    signed: int
    needed: int
    already: bool = False


def _founded(view: Founded) -> Fields:
    return Fields([
        ("newsroom", view.newsroom),
        ("root", view.spoken),
        ("administrators", ", ".join(view.administrators)),
        ("signatures", phrase("{count} of {all}", count=view.signed, all=view.needed)),
        ("database", view.database or phrase("not made yet")),
    ])  # fmt: skip


def found(run: Run, asked: Asked) -> None:
    """Found the newsroom, or write its first roster for the others to sign.

    Raises Conflict when there is another newsroom already.
    """
    from desk.clock import SystemClock
    from desk.newsroom import administer
    from desk.newsroom.administer import PublicKeys
    from desk.trust.roster import read_document

    me = actor(run)
    people = {me.id: PublicKeys(me.identity.sign_public, me.identity.read_public)}
    people |= dict(_root_key(text) for text in asked.root_keys)
    if _already(run, people, asked.threshold):
        return
    if asked.threshold > 1 and asked.out is None:
        raise UsageError(
            "The others have to sign too",
            phrase("{threshold} administrators are asked for", threshold=asked.threshold),
            "Write the first roster to a file and hand it on: --out FILE",
        )
    with _recovery(run, asked.recovery, asked.recovery_out) as recovery_key:
        act = administer.genesis(
            run.newsroom_id,
            people,
            threshold=asked.threshold,
            recovery=recovery_key,
            clock=SystemClock(),
            names=dict(_pair(text, "--name") for text in asked.names),
            signers=[me.identity],
        )
        # Before others sign it: a key that nobody could use is told now.
        read_document(act.fields["document"], 1, _view_of(act, "").fingerprint)
        if asked.threshold == 1:
            _found(run, act)
            return
        from desk.cli.proposals import hand_on

        hand_on(run, act.envelope, 1, asked.threshold, asked.out)
        run.out.emit(_view_of(act, ""), _founded)


def from_file(run: Run, source: Path) -> None:
    """Found the newsroom with a first roster that enough administrators have signed."""
    from desk.cli.proposals import read_proposal

    _found(run, read_proposal(source))


def _pair(text: str, option: str) -> tuple[str, str]:
    name, found, value = text.partition("=")
    if not found or not value:
        raise UsageError(phrase("{option} is ID=VALUE", option=option), text[:40])
    return person_id(name), value


def _root_key(text: str) -> tuple[str, PublicKeys]:
    from desk.cli.public_keys import public_keys

    name, value = _pair(text, "--root-key")
    sign, _, read = value.partition(":")
    return name, public_keys(sign, read)


@contextmanager
def _recovery(run: Run, given: str | None, out: Path | None) -> Iterator[str]:
    """The recovery key's public half; the seed of a new one is taken back if founding fails."""
    from desk.cli.public_keys import hex_key
    from desk.trust.keys import Identity

    if (given is None) == (out is None):
        raise UsageError(
            "A recovery key is needed, one",
            "it opens what is sealed when everybody's keys are lost",
            "--recovery-out FILE makes one; --recovery HEX takes the reading key of another",
        )
    if given is not None:
        yield hex_key(given, "--recovery")
        return
    assert out is not None
    identity, seed = Identity.generate()
    try:
        descriptor = os.open(out, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        raise Conflict("There is a file already", str(out), "It is never overwritten") from None
    except OSError as error:
        raise Unavailable("Cannot write the file", f"{out}: {error.strerror}") from None
    try:
        with open(descriptor, "wb") as file:
            file.write(seed.hex().encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        yield identity.read_public
    except BaseException:
        out.unlink(missing_ok=True)
        raise
    run.out.say(
        phrase(
            "Wrote the recovery seed to {out}. Carry it away from here: whoever has it can read "
            "everything.",
            out=str(out),
        )
    )


def _already(run: Run, people: dict[str, PublicKeys], threshold: int) -> bool:
    """Tell of a newsroom founded earlier with the same root. Raises Conflict for another root."""
    place = database(run)
    if not isinstance(place, Path) or not place.exists():
        return False
    with open_room(run).reading() as view:
        roster = view.roster
    if {name: keys.sign for name, keys in people.items()} != dict(roster.root_keys) or (
        threshold != roster.root_threshold
    ):
        raise Conflict(
            "There is a newsroom already", str(place), "Its root is another: desk newsroom show"
        )
    from desk.trust.keys import fingerprint

    run.out.say("It was founded already.")
    view_of = Founded(
        str(roster.document["newsroom"]), roster.fingerprint, fingerprint(roster.fingerprint),
        str(place), tuple(sorted(roster.root_keys)), threshold, threshold, True,
    )  # fmt: skip
    run.out.emit(view_of, _founded)
    return True


def _view_of(act: Act, place: str) -> Founded:
    from desk.trust.keys import fingerprint
    from desk.trust.roster import root_fingerprint

    document: dict[str, Any] = act.fields["document"]
    root = root_fingerprint(str(document["newsroom"]), document["root"])
    signed = {one.keyid for one in act.envelope.signatures} & set(document["root"]["keys"].values())
    return Founded(
        str(document["newsroom"]), root, fingerprint(root), place,
        tuple(sorted(document["root"]["keys"])), len(signed), int(document["root"]["threshold"]),
    )  # fmt: skip


def _found(run: Run, act: Act) -> None:
    from desk.newsroom.administer import found
    from desk.newsroom.room import Room

    place = database(run)
    if not isinstance(place, Path):
        raise UsageError("Found the newsroom on SQLite first", "settings name another database")
    view = _view_of(act, str(place))
    if view.signed < view.needed:
        root = act.fields["document"]["root"]["keys"]
        signed = {one.keyid for one in act.envelope.signatures}
        missing = tuple(sorted(name for name, key in root.items() if key not in signed))
        raise Refused(
            "Not enough administrators have signed",
            [
                because(
                    "root",
                    "{signed} of {needed}",
                    signed=view.signed,
                    needed=view.needed,
                    who=missing,
                )
            ],
            "Hand the file on: desk roster sign FILE",
        )
    if view.newsroom != run.newsroom_id:
        raise Conflict(
            "This is another newsroom's roster",
            phrase("{found}, not {wanted}", found=view.newsroom, wanted=run.newsroom_id),
        )
    kept = pins(run)
    if kept.path.exists() and place.exists():
        with open_room(run).reading() as now:
            if now.roster.fingerprint == view.fingerprint:
                run.out.say("It was founded already.")
                run.out.emit(view, _founded)
                return
    fingerprint = found(place, act)
    with Room.open(run.folder, place, pins=kept, fingerprint=fingerprint).reading():
        pass  # pins the root on this machine
    run.out.say("Founded. Read the root's fingerprint to the others by voice.\n"
                "Next: desk newsroom adopt, then desk roster add")  # fmt: skip
    run.out.emit(view, _founded)
