"""Releases that need somebody: to be signed again; near their instant out in part, missed,
unsigned, with items that wait."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from desk.alerts.events import Event, Rules, Wait, about
from desk.clock import parse_instant, written
from desk.errors import Refused
from desk.trust.begun import begun
from desk.trust.judge import judge_revision, release_state, signers_left, steps_of, voices
from desk.trust.record import Record
from desk.trust.state import ReleaseState, SignOff

BACK = timedelta(days=1)  # how long ago an instant still matters
GRACE = 60  # seconds that the publisher has to say itself that a release was missed
IN_PART = 60  # seconds that a release may be out in part: channels open one after the other
AUTHOR = "author"
"""The step of an item that waits for its author: returned, or not submitted yet."""


def releases(record: Record, now: datetime, rules: Rules) -> Iterator[Event]:
    """Events about every release whose instant lies a day back or within the rules' horizon."""
    first, last = written(now - BACK), written(now + timedelta(seconds=rules.horizon))
    for release in record.releases.values():
        if release.at > written(now):
            yield from _sign_again(record, release)
        if not first <= release.at <= last:
            continue
        state = release_state(record, release.id)
        if state == "partial":
            yield _partial(record, release)
        elif parse_instant(release.at) > now:
            yield from _unsigned(record, release, state, now, rules)
            yield from _waiting(record, release, now, rules)
        elif state in ("confirmed", "signed", "staged"):
            yield from _silently_missed(record, release, now)


def _partial(record: Record, release: ReleaseState) -> Event:
    signed = release.signoffs.get(release.released_signoff)
    wanted = set(signed.fields["channels"]) if signed else set(release.channels)
    opened = datetime.fromtimestamp(min(release.opened.values()) / 1000, UTC)
    return about(
        record, "partial", f"partial {release.id} {release.released_signoff}", written(opened),
        release.id, channel=", ".join(sorted(wanted - set(release.opened))), patience=IN_PART,
    )  # fmt: skip


def _silently_missed(record: Record, release: ReleaseState, now: datetime) -> Iterator[Event]:
    """Its time is over and nobody said so: the publisher may be gone. Same key as its own word."""
    if record.policy is None:
        return
    span = timedelta(seconds=record.policy.span("publish_within") + GRACE)
    over = parse_instant(release.at) + span
    if now > over:
        basis = release.signoff.digest if release.signoff else release.basis
        key = f"missed {release.id} {basis}"
        yield about(record, "missed", key, written(over), release.id, state="no-word")


def _unsigned(
    record: Record, release: ReleaseState, state: str, now: datetime, rules: Rules
) -> Iterator[Event]:
    """A confirmed release that too few leads have signed."""
    if state != "confirmed" or record.policy is None:
        return
    so_far = begun(record, release)
    signed = len(voices(record, so_far))
    template = about(
        record, "unsigned", f"{release.id} {release.at} {release.basis}", "", release.id,
        state=f"{signed}/{record.policy.signers}",
        who=signers_left(record, release, so_far),
    )  # fmt: skip
    began = release.plan[-1].time if release.plan else ""
    yield from _told(template, rules.of_base("unsigned"), began, now)


def _sign_again(record: Record, release: ReleaseState) -> Iterator[Event]:
    """A release that was signed and is to go out otherwise: after a recall, an item left out, a
    move, or an approved quick fix. Told however far the instant is: the others do not know."""
    if not release.signoffs or release.status != "planned" or not release.confirmed:
        return
    if record.policy is None or record.roster is None:
        return
    signed, needed = release.signoff, record.policy.signers
    changed = [i for i in release.items if i in record.items and _mended(record, i, signed)]
    again = release_state(record, release.id) == "confirmed" and any(
        _signers_ever(release, one) >= needed for one in release.signoffs.values()
    )
    if not again and not changed:
        return
    latest = [record.items[i].latest[:16] for i in release.items if i in record.items]
    yield about(
        record, "sign-again", f"sign-again {release.id} {release.basis} {' '.join(latest)}",
        _since(record, release, changed), release.id,
        state=f"{0 if changed else len(voices(record, signed))}/{needed}",
        who=signers_left(record, release, None if changed else signed),
    )  # fmt: skip


def _signers_ever(release: ReleaseState, signoff: SignOff) -> int:
    """How many stood behind a manifest at some time, also those who signed another since."""
    left = {person for person, digest in release.left if digest == signoff.digest}
    return len(left | signoff.signers.keys())


def _mended(record: Record, item_id: str, signed: SignOff | None) -> bool:
    """Whether an approved quick fix is newer than the signed revision of that item."""
    item = record.items[item_id]
    entries = signed.fields["items"] if signed else ()
    known = [entry["revision"] for entry in entries if entry["item"] == item_id]
    if not known or item.latest in known or not item.current.quick_fix:
        return False
    return not judge_revision(record, item_id, item.latest)


def _since(record: Record, release: ReleaseState, changed: Iterable[str]) -> str:
    """The written instant of the last change that the signers have not seen."""
    times = [release.plan[-1].time] if release.plan else []
    for item_id in changed:
        times += [approval.time for approval in record.items[item_id].current.approvals]
    return max(times, default=release.at)


def _waiting(record: Record, release: ReleaseState, now: datetime, rules: Rules) -> Iterator[Event]:
    """Items of a planned release that are not through their chain."""
    if release.status != "planned":
        return
    for item_id in release.items:
        found = _open_step(record, release, item_id)
        if found is None:
            continue
        step, began, who = found
        item = record.items.get(item_id)
        revision = item.latest[:16] if item else ""
        template = Event(
            "waiting", f"{release.id} {release.at} {item_id} {revision} {step}", "", item_id,
            code=item.code if item else "", state=step, release=release.id, at=release.at, who=who,
        )  # fmt: skip
        yield from _told(template, rules.of_base("waiting"), began, now)


def _open_step(
    record: Record, release: ReleaseState, item_id: str
) -> tuple[str, str, tuple[str, ...]] | None:
    """The step an item waits for, since when (written), and who could take it; None when none."""
    item = record.items.get(item_id)
    if item is None:
        return AUTHOR, release.plan[-1].time if release.plan else "", ()
    revision = item.current
    if revision.returned:
        return AUTHOR, revision.returned.time, tuple(sorted(item.authors(item.latest)))
    if revision.released_in:
        return None
    try:
        steps = steps_of(record, item, revision)
    except Refused:
        return None  # a kind that the policy no longer has: nobody is waited for
    began = max([revision.time, *(s.approval.time for s in steps if s.approval)])
    return next(((s.step, began, s.who) for s in steps if s.approval is None), None)


def _told(template: Event, waits: Iterable[Wait], began: str, now: datetime) -> Iterator[Event]:
    """The template at each time that has come: so long before the instant, and so much later.

    Who is asked for something shortly before the instant has the time until it counts from there.
    """
    for wait in waits:
        due = parse_instant(template.at) - timedelta(seconds=wait.span)
        if began:
            due = max(due, parse_instant(began))
        for later in (0, *wait.later):
            moment = due + timedelta(seconds=later)
            if moment <= now:
                key = f"{wait.kind} {template.key} +{later}"
                yield replace(
                    template, kind=wait.kind, key=key, time=written(moment), escalated=later
                )
