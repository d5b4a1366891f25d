"""Resume: administrators accept the head of a restored log, and renew the roster with it.

Both acts go round together, as one file with an envelope on each line, until a quorum has signed.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desk.clock import Clock
from desk.errors import Conflict, NotFound, Reason, Refused, TrustError, Unavailable, UsageError
from desk.newsroom import administer
from desk.newsroom.room import Actor, Room, View
from desk.phrase import phrase
from desk.store import log
from desk.trust.acts import FIELDS, Act, read
from desk.trust.canonical import canonical
from desk.trust.envelope import MAX_ENVELOPE, Envelope


@dataclass(frozen=True)
class Resumption:
    """The roster, renewed, and the act that ends the quarantine; signed by so many of so many."""

    roster: Envelope
    resume: Envelope
    signed: int = 0
    needed: int = 0

    @property
    def act(self) -> Act:
        """The resume act."""
        return read(self.resume)

    @property
    def complete(self) -> bool:
        """Whether a quorum has signed both."""
        return 0 < self.needed <= self.signed


def propose(view: View, time: str, since: int) -> Resumption:
    """Accept the log as it is now, unsigned. `since`: the entry that says that it was restored.

    Raises Refused when the log does not reach that entry.
    """
    head = log.head(view.connection)
    if not 0 < since <= head.seq:
        raise Refused(
            "The restore is not in the log yet",
            [Reason("quarantine", "the publisher writes it there when it starts")],
            "Start the publisher: desk publisher run",
        )
    value = {
        "newsroom": view.record.newsroom, "kind": "resume", "subject": "newsroom", "time": time,
        "head": head.hash, "seq": head.seq,
    }  # fmt: skip
    resume = Envelope(FIELDS["resume"].payload_type, canonical(value), ())
    renewed = administer.propose_roster(view, view.roster.document, time)
    return _state(view, renewed, resume)


def countersign(view: View, asked: Resumption, actor: Actor, since: int) -> Resumption:
    """Add an administrator's signature to both.

    Raises Refused for who is none, Conflict when roster or log are no longer what was proposed.
    """
    _require_current(view, asked, since)
    roster = administer.countersign(view, asked.roster, actor).act.envelope
    resume = administer.countersign(view, asked.resume, actor).act.envelope
    return _state(view, roster, resume)


def _state(view: View, roster: Envelope, resume: Envelope) -> Resumption:
    both = [administer.state_of(view, envelope) for envelope in (roster, resume)]
    return Resumption(roster, resume, min(one.signed for one in both), both[0].needed)


def _require_current(view: View, asked: Resumption, since: int) -> None:
    roster, resume = read(asked.roster), asked.act
    seq = int(resume.fields["seq"])
    entry = next(iter(log.entries(view.connection, seq - 1, 1)), None)
    same = (
        roster.fields["parent"] == view.roster.digest
        and roster.fields["document"] == view.roster.document
        and seq >= since > 0
        and entry is not None
        and (entry.seq, entry.hash) == (seq, resume.fields["head"])
        and resume.fields["newsroom"] == view.record.newsroom
    )
    if not same:
        raise Conflict(
            "The proposal is out of date", "roster or log have changed since",
            "Make it again: desk backup resume --out FILE",
        )  # fmt: skip


def enact(room: Room, asked: Resumption) -> Act:
    """Put both acts into the log, in one transaction. Raises Refused when signatures lack."""
    with room.acting() as tx:
        asked = _state(tx, asked.roster, asked.resume)
        if not asked.complete:
            raise Refused(
                "Not enough administrators have signed",
                [
                    Reason(
                        "root",
                        phrase("{signed} of {needed}", signed=asked.signed, needed=asked.needed),
                        tuple(sorted(tx.roster.root_keys)),
                    )
                ],
                "Hand the file on: desk backup resume --from FILE",
            )
        tx.adopt(read(asked.roster))
        return tx.adopt(asked.act)


# -- as a file --------------------------------------------------------------------------------


def read_file(view: View, path: Path) -> Resumption:
    """A proposal from a file. Raises NotFound, Unavailable, UsageError, TrustError."""
    try:
        with path.open("rb") as file:
            lines = file.read(2 * MAX_ENVELOPE + 2).split(b"\n")
    except FileNotFoundError:
        raise NotFound("No such file", str(path)) from None
    except OSError as error:
        raise Unavailable("Cannot read the file", f"{path}: {error.strerror}") from None
    try:
        roster, resume = (Envelope.from_json(line) for line in lines if line)
        kinds = (read(roster).kind.name, read(resume).kind.name)
    except (ValueError, TrustError):
        kinds = ("", "")
    if kinds != ("roster", "resume"):
        raise UsageError("This is not a proposal to resume", str(path))
    return _state(view, roster, resume)


def write_file(path: Path, asked: Resumption, *, replace: bool = False) -> None:
    """Write a proposal whole or not at all. Raises Conflict, Unavailable."""
    if path.exists() and not replace:
        raise Conflict("There is a file already", str(path), "Name another one with --out")
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.absolute().parent, prefix=".proposal-")
        with os.fdopen(descriptor, "wb") as file:
            file.write(asked.roster.to_json() + b"\n" + asked.resume.to_json() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        raise Unavailable("Cannot write the file", f"{path}: {error.strerror}") from None


# -- what was lost, from elsewhere ------------------------------------------------------------


def supply(room: Room, path: Path) -> list[Act]:
    """Take up the acts of an export of the log, or one proposal, that this log lacks.

    For rosters above all: a key that was revoked after the backup must not act after it. Raises
    NotFound, Unavailable, TrustError for what is neither.
    """
    from desk.audit.files import read_export
    from desk.newsroom.take_up import take_up

    try:
        with path.open("rb") as file:
            one: list[Envelope] = [Envelope.from_json(file.read(MAX_ENVELOPE + 1))]
    except FileNotFoundError:
        raise NotFound("No such file", str(path)) from None
    except OSError as error:
        raise Unavailable("Cannot read the file", f"{path}: {error.strerror}") from None
    except TrustError:
        one = [Envelope.from_json(entry.envelope) for entry in read_export(path).entries]
    return take_up(room, one)


def blocking(report: dict[str, Any]) -> list[Reason]:
    """What bars `resume`, as the publisher says."""
    return [
        Reason(str(one["code"]), one["text"] if isinstance(one["text"], str) else "?")
        for one in report.get("findings", [])
        if one.get("blocking")
    ]


def age_seconds(path: Path, clock: Clock) -> float:
    """How old a status file is, in seconds. Raises Unavailable."""
    try:
        return max(0.0, clock.time_ns() / 1e9 - path.stat().st_mtime)
    except OSError:
        raise Unavailable(
            "The publisher has not said how it is", str(path),
            "Start it: desk publisher run --state FOLDER",
        ) from None  # fmt: skip
