"""Planning: the acts that say what goes out when and where, before anybody signs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from desk.clock import Fold, parse_instant, to_wall, written
from desk.errors import Conflict, NotFound, Reason, Refused, UsageError, because
from desk.newsroom.room import Actor, Room, Transaction, View
from desk.phrase import instant, phrase
from desk.releases.notes import public_note
from desk.text import nfc
from desk.trust.acts import Act
from desk.trust.ids import new_release
from desk.trust.state import ReleaseState


@dataclass(frozen=True)
class Moment:
    """An instant with the zone and the wall time that were typed."""

    at: str
    zone: str
    wall: str
    fold: Fold | None = None

    @classmethod
    def of_instant(cls, at: datetime | str, zone: str) -> Moment:
        """The moment of an instant, shown on the clocks of a zone."""
        shown = parse_instant(at) if isinstance(at, str) else at
        wall = to_wall(shown, zone).replace(tzinfo=None)
        return cls(written(shown), zone, f"{wall:%Y-%m-%dT%H:%M:%S}")

    def fields(self) -> dict[str, Any]:
        """As an act carries it."""
        return {"at": self.at, "zone": self.zone, "wall": self.wall, "fold": self.fold}


def find(view: View, release_id: str) -> ReleaseState:
    """A release. Raises NotFound."""
    release = view.record.releases.get(release_id)
    if release is None:
        raise NotFound("No such release", release_id, "List them: desk release list")
    return release


def _check_channels(view: View, channels: Sequence[str]) -> None:
    known = view.policy.channels
    unknown = sorted(set(channels) - set(known))
    if unknown:
        raise UsageError(
            "Unknown channel",
            ", ".join(unknown),
            phrase("Channels: {names}", names=", ".join(sorted(known))),
        )


def _check_items(view: View, items: Sequence[str]) -> None:
    missing = [item for item in items if item not in view.record.items]
    if missing:
        raise NotFound("No such item", ", ".join(missing), "Only submitted items can be planned.")


def _check_future(room: Room, moment: Moment) -> None:
    if moment.at <= room.instant():
        raise Refused(
            "That time has passed",
            [because("past", "{at} is not ahead of now", at=instant(moment.at))],
        )


def plan(
    room: Room,
    actor: Actor,
    moment: Moment,
    *,
    items: Sequence[str],
    channels: Sequence[str],
    code: str,
    slot: str = "",
) -> Act:
    """Put a provisional release into the calendar. Returns the act; its subject is the id."""
    if not code.strip():
        hint = "It stands for sealed headlines: --code"
        raise UsageError("A release needs a code name", "", hint)
    release_id = new_release()
    with room.acting(*items) as tx:
        room.require_person(tx, actor)
        _check_future(room, moment)
        _check_channels(tx, channels)
        _check_items(tx, items)
        return tx.append(
            "release.plan",
            release_id,
            {
                **moment.fields(),
                "code": nfc(code),
                "channels": sorted(set(channels)),
                "items": list(dict.fromkeys(items)),
                "slot": slot or None,
            },
            actor,
        )


def _replan(
    room: Room, actor: Actor, kind: str, release_id: str, fields: dict[str, Any]
) -> tuple[Act, ReleaseState]:
    with room.acting(release_id, *fields.get("items", ())) as tx:
        room.require_person(tx, actor)
        release = find(tx, release_id)
        _before(tx, release, fields)
        act = tx.append(kind, release_id, {**fields, "parent": release.basis}, actor)
        return act, release


def _before(tx: Transaction, release: ReleaseState, fields: dict[str, Any]) -> None:
    if "channels" in fields:
        _check_channels(tx, fields["channels"])
    if "items" in fields:
        _check_items(tx, fields["items"])
    if release.opened:
        raise Refused(
            "The release is public",
            [Reason("released", "what is public is corrected or withdrawn, not changed")],
            "See: desk release withdraw --help",
        )


def edit(
    room: Room,
    actor: Actor,
    release_id: str,
    *,
    items: Sequence[str] | None = None,
    channels: Sequence[str] | None = None,
    code: str = "",
) -> Act:
    """Change items or channels. A sign-off rests on the old plan and is void afterwards."""
    with room.reading(release_id) as view:
        release = find(view, release_id)
    fields = {
        "items": list(release.items if items is None else dict.fromkeys(items)),
        "channels": sorted(set(release.channels if channels is None else channels)),
        "code": nfc(code) or None,
    }
    return _replan(room, actor, "release.edit", release_id, fields)[0]


def confirm(room: Room, actor: Actor, release_id: str) -> Act | None:
    """Announce the date. Needs no approval. None when it was confirmed already."""
    with room.reading(release_id) as view:
        if find(view, release_id).confirmed:
            return None
    return _replan(room, actor, "release.confirm", release_id, {})[0]


def move(
    room: Room, actor: Actor, release_id: str, moment: Moment, *, note: str = "", slot: str = ""
) -> Act:
    """Move to another instant. A confirmed release needs a public note; its sign-off is void."""
    _check_future(room, moment)
    fields = {**moment.fields(), "note": public_note(note) or None, "slot": slot or None}
    return _replan(room, actor, "release.move", release_id, fields)[0]


def grant(
    room: Room, actor: Actor, release_id: str, moment: Moment, until: str, *, script: str,
    key: str, note: str = "",
) -> Act:  # fmt: skip
    """Let a script open the release, once, from a moment until an instant; a lead's act.

    `key`: the script's public signing key (64 hex). Sign-offs made before are void. A confirmed
    release that gets another date needs a public note.
    """
    if until <= room.instant() or until <= moment.at:
        raise Refused(
            "That window is over", [because("past", "it ends at {until}", until=instant(until))]
        )
    fields = {
        **moment.fields(), "until": until, "script": script, "key": key, "once": True,
        "note": public_note(note) or None,
    }  # fmt: skip
    return _replan(room, actor, "release.grant", release_id, fields)[0]


def postpone(room: Room, actor: Actor, release_id: str, *, note: str) -> Act:
    """Take the date away until a new one is known. Needs a public note."""
    return _replan(room, actor, "release.postpone", release_id, {"note": _note(note)})[0]


def cancel(room: Room, actor: Actor, release_id: str, *, note: str) -> Act | None:
    """Strike the release. Needs a public note. None when it was cancelled already."""
    with room.reading(release_id) as view:
        if find(view, release_id).status == "cancelled":
            return None
    return _replan(room, actor, "release.cancel", release_id, {"note": _note(note)})[0]


def _note(note: str) -> str:
    if not note.strip():
        raise UsageError("A public note is needed", "", "Say why the date changes: --note TEXT")
    return public_note(note)


def recall(room: Room, actor: Actor, release_id: str) -> Act:
    """Take a sign-off back. The release can be changed and signed again."""
    with room.acting(release_id) as tx:
        room.require_person(tx, actor)
        release = find(tx, release_id)
        signoff = release.signoff
        if signoff is None:
            raise Conflict("Nothing is signed", release_id, "There is no sign-off to recall.")
        _before(tx, release, {})
        return tx.append(
            "release.recall",
            release_id,
            {"parent": release.basis, "signoff": signoff.digest},
            actor,
        )
