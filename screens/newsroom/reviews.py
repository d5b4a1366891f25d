"""The queue for one reader, and one revision opened with all that a decision needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from desk.approvals import decide, mine
from desk.approvals import queue as verbs
from desk.clock import parse_instant
from desk.errors import NotFound, Reason, Refused
from desk.items.diff import render
from desk.items.revisions import unanswered
from desk.locales import N_, _, language
from desk.newsroom.room import View
from desk.releases import search
from desk.trust import acts
from desk.trust.envelope import Envelope
from desk.trust.permission import may_approve
from models.tables import ITEMS, LOG
from screens.newsroom.agenda import titled
from screens.newsroom.house import House
from screens.source import Approval, DiffLine, Gate, GateOutcome, QueueEntry, Review
from screens.source.queue_room import Asked, ReleaseWaits

if TYPE_CHECKING:
    from desk.gates import GateResult
    from desk.people.enquiry_views import EnquiryView

FIELDS = {
    "headline": N_("headline"),
    "summary": N_("short version"),
    "body": N_("full version"),
    "sources": N_("sources"),
    "legal": N_("legal basis"),
    "assets": N_("files"),
    "places": N_("places"),
    "subjects": N_("subjects"),
    "edit_note": N_("note to readers"),
    "translates": N_("translation of"),
    "correction_of": N_("corrects rev"),
    "section": N_("section"),
    "urgency": N_("urgency"),
}
OUTCOMES: Mapping[str, GateOutcome] = {"pass": "ok", "warn": "warning", "fail": "error"}


def key_of(item: str, number: int) -> str:
    """A revision as the rooms name it."""
    return f"{item}/{number}"


def item_of(revision: str) -> str:
    """The item of a revision named so."""
    return revision.partition("/")[0]


def entries(house: House) -> list[QueueEntry]:
    """What waits for this reader, soonest first, with the headlines they may read.

    What is urgent and in no release yet is due now.
    """
    waiting = verbs.waiting(house.room, house.actor)
    back = mine.returned(house.room, house.actor)
    unsigned = mine.unsigned(house.room, house.actor)
    with house.room.reading() as view:
        latest = search.latest_of(view.connection, (one.item for one in waiting))
        fixes = _quick_fixes(view, latest.values())
        kinds = view.policy.kinds
        found = [
            _entry(house, view, one, latest.get(one.item, ""), kinds, fixes) for one in waiting
        ]
        found += [_back(house, view, one) for one in back]
        found += [_release(house, view, one) for one in unsigned]
    return sorted(found, key=lambda one: (one.due is None and not one.urgent, one.due or house.now))


def _quick_fixes(view: View, digests: Iterable[str]) -> set[str]:
    """Which of these revisions say that they only mend a slip. The gate looks whether they do."""
    query = select(LOG.c.envelope).where(LOG.c.digest.in_(list(digests)))
    found = (acts.read(Envelope.from_json(data)) for data in view.connection.scalars(query))
    return {act.digest for act in found if act.fields.get("quick_fix")}


def _back(house: House, view: View, one: mine.Back) -> QueueEntry:
    title = house.titles.headline(view, one.item, one.digest) or one.code or one.item
    return QueueEntry(
        key_of(one.item, one.number), title, one.language, one.number, one.step, 0, 0, one.agency,
        parse_instant(one.due) if one.due else None, what="returned",
    )  # fmt: skip


def _release(house: House, view: View, one: mine.Unsigned) -> QueueEntry:
    names = search.latest_of(view.connection, (*one.left_out, *one.mended))

    def named(items: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(house.titles.headline(view, i, names.get(i, "")) or i for i in items)

    waits = ReleaseWaits(
        one.release, one.items, one.signers, one.needed, one.anew, named(one.left_out),
        named(one.mended),
    )  # fmt: skip
    title = house.titles.of(view, [(one.release, one.code)], language())[one.release]
    return QueueEntry(
        one.release, titled(title), "", 0, "lead", len(one.signers) + 1, one.needed, "",
        parse_instant(one.at), urgent=one.anew, what="sign", release=waits,
    )  # fmt: skip


def _entry(
    house: House, view: View, one: verbs.Waiting, digest: str, kinds: Mapping[str, Any],
    fixes: set[str],
) -> QueueEntry:  # fmt: skip
    rules = kinds.get(one.kind, {"chain": [one.step], "urgent": False})
    chain = list(rules["chain"])
    return QueueEntry(
        key_of(one.item, one.number),
        house.titles.headline(view, one.item, digest) or one.code or one.item,
        one.language,
        one.number,
        one.step,
        chain.index(one.step) + 1 if one.step in chain else 1,
        len(chain),
        one.agency,
        parse_instant(one.due) if one.due else None,
        bool(rules["urgent"]),
        quick_fix=digest in fixes,
        corrects=one.public,
    )


def review(house: House, revision: str) -> Review:
    """One revision, opened. Raises NotFound, Refused for who may not read it."""
    item = item_of(revision)
    if not item.startswith("i-"):
        raise NotFound("No such revision", revision)
    found = verbs.review(house.room, house.actor, item)
    document, waiting = found.document, found.waiting
    with house.room.reading(item) as view:
        refusals = _refusals(view, house.actor.id, found)
        revision_state = view.record.revisions[found.digest]
        pair = _pair(view, item, waiting.step)
        stopped = revision_state.returned
        release = view.record.releases.get(waiting.release)
        channels = release.channels if release else ()
    names = house.channel_names()
    text = whole_text(document)
    return Review(
        revision,
        item,
        str(document["headline"]),
        waiting.language,
        waiting.kind,
        waiting.number,
        found.digest,
        found.compared_with or None,
        ", ".join(found.compared_by),
        _diff(found) if found.compared_with else tuple(_as_it_is(text)),
        text,
        tuple(gate(one) for one in found.gates),
        found.authors,
        tuple(Approval(step.step, step.by) for step in found.steps),
        parse_instant(waiting.due) if waiting.due else None,
        tuple(names.get(channel, channel) for channel in channels),
        refusals,
        tuple((step.step, step.who) for step in found.steps if not step.by),
        revision_state.quick_fix,
        tuple(said(one) for one in unanswered(found.gates)),
        pair,
        stopped.person if stopped else "",
        decide.reason_of(house.room, house.actor, item) if stopped else "",
        found.notes,
        document.get("correction_of", 0),
        tuple(map(asked, found.asked)),
    )


def asked(one: EnquiryView) -> Asked:
    """A question as the rooms show it."""
    return Asked(one.outlet, one.question, parse_instant(one.row.due))


def _pair(view: View, item: str, step: str) -> tuple[str, ...]:
    """The other language versions that wait for the same step, as revisions."""
    try:
        others = decide.language_versions(view, item)[1:]
    except Refused:
        return ()
    query = select(ITEMS.c.id, ITEMS.c.number).where(
        ITEMS.c.id.in_(others), ITEMS.c.waiting_for == step, ITEMS.c.waiting_for != ""
    )
    return tuple(key_of(row.id, row.number) for row in view.connection.execute(query))


def _refusals(view: View, person: str, found: verbs.Review) -> tuple[Reason, ...]:
    """Why this reader may not approve it now."""
    step = found.waiting.step
    try:
        if not step:
            raise Refused("", [Reason("chain", "no step is open")])
        may_approve(view.record, found.waiting.item, found.digest, person, step, view.time)
    except Refused as error:
        return error.reasons
    return tuple(
        Reason(f"gate {result.id}", said(finding))
        for result in found.gates
        if result.outcome == "fail"
        for finding in result.findings
        if finding.severity == "error"
    )


def said(finding: Any) -> str:
    """What a gate found, in the language of the interface."""
    return str(finding.message_vi if language() == "vi" else finding.message)


def gate(result: GateResult) -> Gate:
    """One gate's answer with a word of explanation."""
    note = said(result.findings[0]) if result.findings else ""
    return Gate(result.id, OUTCOMES.get(result.outcome, "none"), note)


def _diff(found: verbs.Review) -> tuple[DiffLine, ...]:
    lines = []
    for line in render(list(found.diff)):
        if line.startswith("@@ "):
            name = line[3:]
            lines.append(DiffLine("…", _(FIELDS[name]) if name in FIELDS else name))
        else:
            lines.append(DiffLine("-" if line[0] == "-" else "+", line[2:]))
    return tuple(lines) or (DiffLine(" ", _("Nothing has changed in it.")),)


def _as_it_is(text: str) -> Iterator[DiffLine]:
    for line in text.split("\n"):
        yield DiffLine(" ", line)


def whole_text(document: Mapping[str, Any]) -> str:
    """The whole text of a content document, as plain lines."""
    parts = [
        str(document["headline"]),
        _("short version").upper() + f"\n{document['summary']}",
        _("full version").upper() + f"\n{str(document['body']).strip()}",
    ]
    sources = [_source(one) for one in document.get("sources", ())]
    legal = [_legal(one) for one in document.get("legal", ())]
    files = [_asset(one) for one in document.get("assets", ())]
    for title, rows in ((_("sources"), sources), (_("legal basis"), legal), (_("files"), files)):
        if rows:
            parts.append("\n".join([title.upper(), *rows]))
    return "\n\n".join(parts)


def _source(one: Mapping[str, str]) -> str:
    return _joined(f"[{one['id']}] {one['title']}", one.get("date"), one.get("url"))


def _legal(one: Mapping[str, str]) -> str:
    return _joined(f"[{one['id']}] {one['title']}", one.get("number"), one.get("url"))


def _asset(one: Mapping[str, Any]) -> str:
    size = f"{int(one['size']) / 1024:.0f} KB"
    return _joined(f"{one['name']} · {one['media_type']} · {size}", one.get("alt"))


def _joined(*parts: str | None) -> str:
    return " · ".join(part for part in parts if part)
