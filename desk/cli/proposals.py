"""Proposals: a roster or policy on its way through the administrators, as a file between them.

The file is the signed envelope itself (DSSE JSON), so nothing in it has to be believed.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desk.cli.context import Run
from desk.errors import Conflict, NotFound, Refused, Unavailable, UsageError, because
from desk.phrase import joined, phrase

if TYPE_CHECKING:
    from desk.newsroom.room import Actor, View
    from desk.trust.acts import Act
    from desk.trust.envelope import Envelope


def read_proposal(path: Path) -> Act:
    """The act in a proposal file. Raises NotFound, UsageError, TrustError."""
    from desk.trust.acts import read
    from desk.trust.envelope import MAX_ENVELOPE, Envelope

    try:
        with path.open("rb") as file:
            act = read(Envelope.from_json(file.read(MAX_ENVELOPE + 1)))
    except FileNotFoundError:
        raise NotFound("No such file", str(path)) from None
    except OSError as error:
        raise Unavailable("Cannot read the file", f"{path}: {error.strerror}") from None
    if act.kind.name not in ("roster", "policy"):
        raise UsageError("This is not a proposal", f"{path}: {act.kind.name}")
    return act


def write_proposal(path: Path, envelope: Envelope, *, replace: bool = False) -> None:
    """Write a proposal whole or not at all. Raises Conflict when there is a file already."""
    if path.exists() and not replace:
        raise Conflict("There is a file already", str(path), "Name another one with --out")
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.absolute().parent, prefix=".proposal-")
        with os.fdopen(descriptor, "wb") as file:
            file.write(envelope.to_json() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        raise Unavailable("Cannot write the file", f"{path}: {error.strerror}") from None


def is_first(act: Act) -> bool:
    """Whether a proposal is a newsroom's first roster, which no earlier root can judge."""
    return act.kind.name == "roster" and "parent" not in act.fields


def countersign_first(act: Act, actor: Actor) -> Envelope:
    """Add a signature to a first roster. Raises Refused for a key that is not of its root."""
    keys = act.fields["document"]["root"]["keys"]
    if keys.get(actor.id) != actor.identity.sign_public:
        raise Refused(
            "You are not an administrator of it",
            [
                because(
                    "root", "{id} holds no key of this root", id=actor.id, who=tuple(sorted(keys))
                )
            ],
        )
    if any(one.keyid == actor.identity.sign_public for one in act.envelope.signatures):
        return act.envelope
    return act.envelope.signed_also_by(actor.identity)


def require_next(view: View, act: Act) -> None:
    """Raise Conflict unless the proposal follows what is in force now."""
    before = view.roster if act.kind.name == "roster" else view.record.policy
    version = before.version if before else 0
    digest = before.digest if before else ""
    if act.fields["version"] != version + 1 or act.fields.get("parent", "") != digest:
        raise Conflict(
            "The proposal is out of date",
            phrase(
                "it is version {version}, and version {in_force} is in force",
                version=act.fields["version"],
                in_force=version,
            ),
            "Make it again: desk newsroom adopt, or desk roster",
        )


def changes(view: View | None, act: Act) -> list[str]:
    """What a proposal changes, one line each, lines that lower the guard beginning with `! `."""
    from desk.newsroom.policy import policy_diff
    from desk.newsroom.roster_diff import roster_diff

    document: dict[str, Any] = act.fields["document"]
    if act.kind.name == "policy":
        before = view.record.policy if view else None
        return policy_diff(before.document if before else None, document)
    return roster_diff(view.roster.document if view else None, document)


def in_english(lines: list[str]) -> list[str]:
    """Changes as programs read them: plain English text in every language."""
    return [str(line) for line in lines]


def tell_changes(run: Run, lines: list[str]) -> None:
    """Show changes to whoever is about to sign."""
    run.out.say("Changes (! gives power or lowers a guard):")
    for line in lines or [joined("", ("  ", phrase("none")))]:
        run.out.say(line)


def next_command(act: Act, path: Path) -> str:
    """What puts a proposal into force that enough administrators have signed."""
    if is_first(act):
        return f"desk newsroom init --from {path}"
    if act.kind.name == "policy":
        return f"desk newsroom adopt --from {path}"
    return f"desk roster apply {path}"


def hand_on(run: Run, envelope: Envelope, signed: int, needed: int, out: Path | None) -> None:
    """Write a proposal that lacks signatures. Raises UsageError when no file was named."""
    if out is None:
        raise UsageError(
            "More signatures are needed",
            phrase("{signed} of {needed} administrators", signed=signed, needed=needed),
            "Repeat it with --out FILE; then another one runs desk roster sign FILE",
        )
    write_proposal(out, envelope)
    run.out.say(
        phrase(
            "{signed} of {needed} administrators have signed. Next: desk roster sign {out}",
            signed=signed,
            needed=needed,
            out=out,
        )
    )
