"""Hearing: what the publisher said to an act, as the outcome that a screen shows."""

from __future__ import annotations

from desk.errors import Reason, Refused
from desk.locales import _
from screens.newsroom.house import House
from screens.source import Outcome

WAIT = 2.0  # seconds for the publisher's answer


def heard(house: House, subject: str, digest: str, text: str, *, late: str = "") -> Outcome:
    """The outcome of an act that a publisher has to hear. Raises Refused when it came too late,
    with `late` as what to do then.
    """
    answer = house.room.acknowledged(subject, digest, WAIT)
    if answer == "too-late":
        raise Refused(
            _("Too late"),
            [Reason("too-late", _("it has gone out, or its last seconds have begun"))],
            late or _("It can only be withdrawn now: desk item withdraw ITEM --note TEXT"),
        )
    if answer:
        return Outcome(text + " " + _("The publisher has confirmed it."))
    return Outcome(text + " " + _("The publisher has not answered."), confirmed=False)
