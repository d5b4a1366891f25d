"""Watching: the pure function from the log, the publisher's status and the time to events.

It remembers nothing. An event that it gives again and again under one key is told once, by the
outbox; what must last before it is told says so (`patience`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from desk.alerts.events import Event, Rules, about, unique
from desk.alerts.releases import releases
from desk.alerts.sight import Sight
from desk.alerts.status import Status
from desk.clock import parse_instant, written
from desk.trust.acts import INSTANT, Act
from desk.trust.judge import release_state
from desk.trust.record import LIFTERS, Record

SILENT = 60  # seconds without a word after which a publisher counts as gone
SOON = 600  # seconds for which an alarm in the log stands for a condition
PATIENCE = 60  # seconds that a channel may be gone
ASKED = 3600  # seconds before a journalist needs the answer
LEFT = (1, 7, 30)  # days before something ends at which people are told
PUBLISHER = "publisher"
_ITEM = re.compile(r"\bi-[0-9a-hjkmnp-tv-z]{10}\b")
_RELEASE = re.compile(r"\br-[0-9a-hjkmnp-tv-z]{10}\b")
_CHANNEL = re.compile(r"\bon ([a-z0-9-]{1,64})(?=:|$)")
# Told in another way: by an act of its own, or by a condition of the status.
_KNOWN = frozenset({"missed", "log", "restored", "sign-again"})


def watch(
    sight: Sight, status: Status | None, now: datetime, rules: Rules | None = None
) -> list[Event]:
    """Everything that may have to be told at `now` (aware), each key once, oldest first.

    Pure: the same log, status and time give the same events. `status` is None when the publisher
    has left none. Events of the past are given as long as the log holds them near.
    """
    if sight.record.roster is None:
        return unique(_log(sight, status, written(now)))
    rules = rules or Rules()
    moment = written(now)
    return unique(
        [
            *_log(sight, status, moment),
            *(event for act in sight.acts for event in _of_act(sight.record, act, now)),
            *releases(sight.record, now, rules),
            *_publisher(sight, status, now),
            *_expiring(sight, now),
            *_enquiries(sight.record, now),
        ]
    )


def _log(sight: Sight, status: Status | None, moment: str) -> Iterator[Event]:
    # A restored publisher keeps still by design; that is told as what it is.
    halted = status and status.halted and not status.fenced and not status.restored
    if halted or sight.broken:
        yield Event("log", "log", moment, "log", lasting=True)


# -- acts ---------------------------------------------------------------------------------------


def _of_act(record: Record, act: Act, now: datetime) -> Iterator[Event]:
    tell = partial(about, record)
    name, fields = act.kind.name, act.fields
    if name == "release.hold":
        yield tell("held", f"held {act.digest}", act.time, act.subject, who=(act.actor,))
    elif name == "release.lift":
        release = record.releases.get(act.subject)
        holds = release.holds if release else record.holds
        hold = holds.get(fields["hold"])
        if hold is not None and hold.lifted(LIFTERS) and tuple(hold.lifts)[-1] == act.actor:
            who = tuple(hold.lifts)
            yield tell("lifted", f"lifted {hold.digest}", act.time, act.subject, who=who)
    elif name == "people.remind":
        item = record.items.get(act.subject)
        more = {"code": item.code} if item else {}
        yield tell("reminded", f"reminded {act.digest}", act.time, act.subject,
                   state=fields["step"], who=tuple(fields["to"]), **more)  # fmt: skip
    elif name == "publisher.missed":
        key = f"missed {act.subject} {fields['signoff']}"
        yield tell("missed", key, act.time, act.subject, state=fields["code"])
    elif name == "publisher.released":
        if act.subject in record.releases and release_state(record, act.subject) == "released":
            key = f"released {act.subject} {fields['signoff']}"
            yield tell("released", key, act.time, act.subject)
    elif name == "publisher.alarm" and fields["code"] not in _KNOWN:
        yield from _alarm(record, act, now)


def _alarm(record: Record, act: Act, now: datetime) -> Iterator[Event]:
    code, detail = act.fields["code"], act.fields.get("detail", "")
    if code == "clock":
        # The status says it too while it lasts: one event under one key.
        if parse_instant(act.time) + timedelta(seconds=SOON) > now:
            yield Event("clock", "clock", act.time, PUBLISHER, lasting=True)
        return
    release, item = _RELEASE.search(detail), _ITEM.search(detail)
    subject = release or item
    on = _CHANNEL.search(detail)
    channel = on[1] if on and record.policy and on[1] in record.policy.channels else ""
    state = record.items.get(item[0]) if item else None
    yield about(
        record,
        "altered" if code == "altered" else "alarm",
        f"alarm {act.digest}",
        act.time,
        subject[0] if subject else PUBLISHER,
        state=code,
        channel=channel,
        **({"code": state.code} if state and not release else {}),
    )


# -- the publisher's own words ------------------------------------------------------------------


def _publisher(sight: Sight, status: Status | None, now: datetime) -> Iterator[Event]:
    """Conditions that last: no publisher, a clock in doubt, channels that cannot be used."""
    assert sight.record.roster is not None
    moment = written(now)
    if status is None or now - parse_instant(status.time) > timedelta(seconds=SILENT):
        if sight.record.roster.publishers:
            key = f"unreachable {PUBLISHER}"
            yield Event("unreachable", key, moment, PUBLISHER, lasting=True, patience=SILENT)
        return
    if status.fenced:
        yield Event(
            "alarm", "fenced", moment, PUBLISHER, state="fenced", lasting=True, patience=SILENT
        )
    if status.restored:
        yield Event("restored", "restored", moment, PUBLISHER, lasting=True)
    for name in status.sign_again:
        yield about(sight.record, "sign-again", f"sign-again {name} restored", moment, name,
                    state="restored", lasting=True)  # fmt: skip
    if status.clock:
        yield Event("clock", "clock", moment, PUBLISHER, lasting=True)
    for channel in status.channels:
        tell = partial(Event, time=moment, subject=channel.id, channel=channel.id, lasting=True)
        if channel.barred == "clock":
            yield tell("clock", f"clock {channel.id}", patience=PATIENCE)
        elif channel.problem or channel.barred == "no-driver":
            yield tell("unreachable", f"unreachable {channel.id}", patience=PATIENCE)


# -- what ends ----------------------------------------------------------------------------------


def _expiring(sight: Sight, now: datetime) -> Iterator[Event]:
    """Keys, roles and certificates that end soon, told 30 days, a week and a day before."""
    for what, subject, until in _ends(sight):
        if INSTANT(until) and (days := _days(now, until)):
            key = f"expiring {what} {subject} {until} {days}"
            yield Event("expiring", key, written(now), subject, state=what, until=until)
    for delegation in sight.record.delegations.values():
        days = _days(now, delegation.until)
        span = parse_instant(delegation.until) - parse_instant(delegation.since)
        # Not as soon as it is made: that it is for a time is known then.
        if days and timedelta(days=days) < span:
            yield Event(
                "expiring", f"expiring {delegation.digest} {days}", written(now), delegation.to,
                state=f"deputy {delegation.role}", until=delegation.until, who=(delegation.giver,),
            )  # fmt: skip


def _enquiries(record: Record, now: datetime) -> Iterator[Event]:
    """Questions of journalists whose deadline is near or over: ids and topics, nothing asked."""
    for one in record.enquiries.values():
        due = parse_instant(one.due)
        if one.outcome or now < due - timedelta(seconds=ASKED):
            continue
        began = written(due - timedelta(seconds=ASKED))
        yield Event(
            "enquiry-due", f"enquiry-due {one.id} {one.due}", began, one.id, code=one.topic,
            state=one.state, until=one.due,
        )  # fmt: skip


def _days(now: datetime, until: str) -> int:
    """The nearest of LEFT that has been reached, 0 when none has or when it has ended."""
    left = parse_instant(until) - now
    return next((d for d in LEFT if timedelta(0) < left <= timedelta(days=d)), 0)


def _ends(sight: Sight) -> Iterator[tuple[str, str, Any]]:
    """What ends, whose it is, and when; of entries that have no end, something that is no time."""
    roster = sight.record.roster
    assert roster is not None
    for person in roster.people.values():
        if person.key is not None:
            yield "key", person.id, person.key.until
    for person_id, entry in roster.document["people"].items():
        for role in entry["roles"]:
            yield f"role {role['role']}", person_id, role.get("until")
    for name, entry in roster.document.get("publishers", {}).items():
        yield "key", name, entry.get("until")
    for channel, until in sight.certificates.items():
        yield "certificate", channel, until
