"""Rights: which acts on releases a person may not do now, with the rule and who can help.

What a screen dims comes from here. The verbs do not rely on it: the fold and the judge decide.
"""

from __future__ import annotations

from collections.abc import Mapping

from desk.errors import Reason
from desk.locales.words import all_said
from desk.newsroom.room import View
from desk.phrase import phrase
from desk.releases.deadline import LATEST_CHANGE, LATEST_SIGN_OFF, span
from desk.releases.plan import find
from desk.trust.state import ReleaseState

LEAD, WRITER = ("lead",), ("author", "lead")
NEEDS: Mapping[str, tuple[str, ...]] = {
    "plan": WRITER,
    "edit": WRITER,
    "urgent": ("author",),
    "confirm": LEAD,
    "move": LEAD,
    "postpone": LEAD,
    "cancel": LEAD,
    "recall": LEAD,
    "grant": LEAD,
    "sign": LEAD,
    "lift": LEAD,
    "now": LEAD,
    "leave_out": LEAD,
    "fix": ("author",),
    "correct": ("author",),
    "withdraw": (),
    "takedown": (),
    "kill": (),
    "restore": (),
}
"""Act to the roles of which one is needed; none: those that the policy names for withdrawals."""
BEFORE = ("edit", "confirm", "move", "postpone", "cancel", "recall", "grant", "sign", "now",
          "leave_out", "fix")  # fmt: skip
AFTER = ("withdraw", "takedown", "kill", "restore", "correct")
Cannot = Mapping[str, tuple[Reason, ...]]


def cannot(view: View, person: str) -> dict[str, tuple[Reason, ...]]:
    """The acts for which that person has no role anywhere; everybody may hold."""
    withdrawers = tuple(view.policy.document["withdraw_roles"])
    found: dict[str, tuple[Reason, ...]] = {}
    for act, needed in NEEDS.items():
        roles = needed or withdrawers
        if not any(view.record.holds_role(person, role, time=view.time) for role in roles):
            who = sorted({one for role in roles for one in view.roster.holders(role)})
            names = all_said("role", roles)
            text = phrase("{person} has none of these roles: {names}", person=person, names=names)
            found[act] = (Reason("role", text, tuple(who)),)
    return found


def cannot_on(view: View, person: str, release_id: str, left: float) -> Cannot:
    """The same about one release, `left` seconds before its instant. Raises NotFound."""
    release = find(view, release_id)
    found = cannot(view, person)
    by_state = _by_state(release, left)
    if not view.record.active_holds(release_id):
        by_state["lift"] = Reason("hold", phrase("nothing holds it"))
    for act, reason in by_state.items():
        found.setdefault(act, (reason,))
    return found


def _by_state(release: ReleaseState, left: float) -> dict[str, Reason]:
    """What the release itself does not allow any more, or not yet."""
    found: dict[str, Reason] = {}
    if release.opened:
        text = phrase("it is public: what is public is corrected or withdrawn, not changed")
        found |= dict.fromkeys(BEFORE, Reason("released", text))
        if set(release.channels) <= set(release.opened):
            found["hold"] = Reason("released", text)  # it would only alarm everybody
        return found
    found |= dict.fromkeys(AFTER, Reason("not-public", phrase("it is not public yet")))
    if release.status == "cancelled":
        found |= dict.fromkeys(BEFORE, Reason("cancelled", phrase("it was cancelled for good")))
        return found
    if release.confirmed:
        found["confirm"] = Reason("confirmed", phrase("it is confirmed already"))
    if release.signoff is None:
        found["recall"] = Reason("signed", phrase("nobody has signed it"))
    if left < LATEST_CHANGE:
        found |= dict.fromkeys(("leave_out", "fix"), _late(LATEST_CHANGE, left))
    if left < LATEST_SIGN_OFF and release.grant is None:
        found["sign"] = _late(LATEST_SIGN_OFF, left)
    return found


def _late(seconds: int, left: float) -> Reason:
    text = phrase(
        "that takes {seconds} s before the instant; {left} left", seconds=seconds, left=span(left)
    )
    return Reason("late", text)
