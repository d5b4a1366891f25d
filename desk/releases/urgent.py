"""Urgent: from a text to the signers in one go, for kinds whose chain is a single step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from desk.clock import now
from desk.errors import DeskError, Reason, Refused, UsageError
from desk.items import drafts, revisions
from desk.newsroom.room import Actor, Room, View
from desk.phrase import phrase
from desk.releases import plan
from desk.releases.deadline import Deadline, deadline
from desk.releases.plan import Moment

AHEAD = 300  # seconds: time to approve and sign; `desk release now` brings it forward


@dataclass(frozen=True)
class Urgent:
    """The new item and its release, and what is still needed, from whom, and by when.

    `confirmed`: whether the date is announced already, which takes a lead.
    """

    item: str
    release: str
    confirmed: bool
    deadline: Deadline

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"item": self.item, "release": self.release, "confirmed": self.confirmed,
                "deadline": self.deadline.as_json()}  # fmt: skip


def kind_of(view: View, wanted: str = "") -> str:
    """The newsroom's urgent kind. Raises UsageError when there is none, or several to choose."""
    kinds = view.policy.kinds
    urgent = sorted(name for name, kind in kinds.items() if kind["urgent"])
    if wanted:
        if wanted not in urgent:
            raise UsageError(
                "That kind is not urgent",
                wanted,
                phrase("Urgent: {names}", names=", ".join(urgent)),
            )
        return wanted
    if len(urgent) != 1:
        hint = (
            phrase("Choose one: --kind {names}", names=" | ".join(urgent))
            if urgent
            else "See calendar.yaml"
        )
        raise UsageError(
            "Which urgent kind?", phrase("the policy has {count}", count=len(urgent)), hint
        )
    return urgent[0]


def channels_of(view: View, language: str) -> list[str]:
    """Every channel that speaks the language. Raises Refused when none does."""
    found = [c for c, entry in view.policy.channels.items() if language in entry["languages"]]
    if not found:
        text = phrase("no channel takes texts in {language}", language=language)
        raise Refused("Nowhere to release it", [Reason("channels", text)])
    return sorted(found)


def soon(room: Room, zone: str) -> Moment:
    """The instant of what is wanted at once: as early as two people can still approve and sign."""
    return Moment.of_instant(
        (now(room.clock) + timedelta(seconds=AHEAD)).replace(microsecond=0), zone
    )


def urgent(
    room: Room, actor: Actor, moment: Moment, *, kind: str, agency: str, language: str,
    channels: Sequence[str], code: str, changes: Mapping[str, Any],
) -> Urgent:  # fmt: skip
    """Write, submit, plan and, as a lead, confirm. What fails leaves nothing half done behind it.

    Raises Refused when a gate fails or the role is missing, UsageError for a field.
    """
    draft = drafts.new(
        room, actor, kind=kind, agency=agency, language=language, code=code, changes=changes
    )
    try:
        revisions.submit(room, actor, draft.item)
    except DeskError:
        drafts.discard(room, actor, draft.item)
        raise
    act = plan.plan(
        room, actor, moment, items=[draft.item], channels=channels, code=code or draft.item
    )
    with room.reading() as view:
        leads = view.roster.people[actor.id].holds("lead", agency)
    if leads:
        plan.confirm(room, actor, act.subject)
    with room.reading(act.subject) as view:
        stand = deadline(room, view, act.subject)
    return Urgent(draft.item, act.subject, leads, stand)
