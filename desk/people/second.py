"""What waits for a second person besides approvals and signatures: a hold, the end of a takedown.

Both stand in nobody's queue, and both keep readers waiting until somebody else acts.
"""

from __future__ import annotations

from desk.newsroom.room import Room, View
from desk.people.reach import LEAD, Candidate, Open, candidates
from desk.phrase import phrase
from desk.trust.roster import ANY

LIFT, RESTORE = "lift", "restore"


def second(room: Room, subject: str) -> list[Open]:
    """The holds over a release, and takedowns that somebody wants to end, with who can act."""
    with room.reading(subject) as view:
        return [*_holds(view, subject), *_takedown(view, subject)]


def _holds(view: View, subject: str) -> list[Open]:
    """Each hold in force over that release, its own and those over everything."""
    record = view.record
    release = record.releases.get(subject)
    if release is None or release.opened or release.status != "planned":
        return []
    agencies = record.agencies(i for i in release.items if i in record.items) or (ANY,)
    found = []
    for hold in record.active_holds(subject):
        barred: dict[str, str] = {person: phrase("has lifted it") for person in hold.lifts}
        able = candidates(view, LEAD, agencies, barred, view.time)
        own = hold.digest in release.holds
        found.append(
            Open(subject if own else "*", release.code if own else "", LIFT, ANY, release.at, True,
                 able)
        )  # fmt: skip
    return found


def _takedown(view: View, subject: str) -> list[Open]:
    """A text that is down for the time being, once one of two has signed that it comes back."""
    item = view.record.items.get(subject)
    public = [one for one in item.revisions.values() if one.released_in] if item else []
    if item is None or not public or public[-1].withdrawn != "takedown" or not public[-1].restores:
        return []
    given = public[-1].restores
    people: dict[str, Candidate] = {}
    for role in view.policy.document["withdraw_roles"]:
        for person in view.roster.holders(str(role), item.agency):
            why = phrase("has signed it") if person in given else ""
            name = view.roster.people[person].name
            people[person] = Candidate(person, name, not why, why)
    able = tuple(sorted(people.values(), key=lambda one: (not one.can, one.person)))
    return [Open(item.id, item.code, RESTORE, item.agency, "", True, able)]
