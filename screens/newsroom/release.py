"""One release as the person who signs it must see it: manifest, gates, who has signed, why not."""

from __future__ import annotations

from desk.clock import epoch_ns, parse_instant
from desk.errors import DeskError, Reason, because
from desk.items import kept, revisions
from desk.locales import _, language
from desk.newsroom.room import View
from desk.people import availability
from desk.phrase import instant
from desk.releases import clashes, sign, views
from desk.releases.deadline import LATEST_SIGN_OFF
from desk.trust.acts import CONTACTS
from screens.newsroom import reviews
from screens.newsroom.agenda import as_state, clash_text, titled
from screens.newsroom.house import House
from screens.source import Gate, ManifestItem, ReleaseView
from screens.states import RELEASE

OVER = ("released", "partial", "cancelled", "postponed")
LIVE_GATES = 40  # items whose gates are run anew while nobody has approved them


def release_view(house: House, release_id: str) -> ReleaseView:
    """One release with its manifest. Raises NotFound."""
    with house.room.reading(release_id, CONTACTS) as view:
        found = views.detail_of(view, release_id)
        speakers = availability.speakers_of(view, release_id)
        title = house.titles.of(view, [(found.id, found.code)], language())[found.id]
        items = tuple(_line(house, view, one, len(found.items)) for one in found.items)
        refusals = _refusals(house, view, found)
        shared = () if found.state in OVER else clashes.told_before(view, release_id)
    names = house.channel_names()
    return ReleaseView(
        found.id,
        titled(title),
        parse_instant(found.at),
        parse_instant(found.not_after),
        as_state(found.state),
        found.held,
        title.sealed,
        tuple(names.get(one.channel, one.channel) for one in found.channels),
        items,
        found.manifest,
        found.signed,
        found.signers,
        refusals,
        next((change.note for change in reversed(found.plan) if change.note), ""),
        tuple(word.called(language()) for word in speakers.words if word.counts),
        speakers.warn and found.state not in OVER,
        found.trigger.script if found.trigger else "",
        tuple(map(clash_text, shared)),
    )


def _line(house: House, view: View, one: views.ItemReadiness, count: int) -> ManifestItem:
    headline = house.titles.headline(view, one.item, one.digest)
    done = sum(1 for step in one.steps if step.by)
    gates = tuple(
        Gate(name, reviews.OUTCOMES.get(outcome, "none")) for name, outcome in one.gates.items()
    )
    if not gates and headline and count <= LIVE_GATES:
        gates = _live_gates(house, view, one)
    return ManifestItem(
        one.item,
        headline or f"▒ {one.code or one.item}",
        one.language,
        one.number,
        one.digest,
        gates,
        done,
        len(one.steps),
    )


def _live_gates(house: House, view: View, one: views.ItemReadiness) -> tuple[Gate, ...]:
    """What the gates say now, of a revision that nobody has approved yet."""
    try:
        document = revisions.load(view, house.actor, one.item, one.digest)
        _, revision = revisions.find(view, one.item, one.digest)
        decided = kept.of_revision(view, house.actor, one.item, revision)
        results = revisions.check(view, house.actor, document, decided)
        return tuple(reviews.gate(result) for result in results)
    except DeskError:  # a counterpart this reader may not open
        return ()


def _refusals(house: House, view: View, found: views.ReleaseDetail) -> tuple[Reason, ...]:
    """Why this reader may not sign it now; empty: they may."""
    me = house.actor.id
    if found.state in OVER:
        state = RELEASE[as_state(found.state)]
        return (Reason("state", _("the release is {state}").format(state=state)),)
    left = found.signers_left
    if me in found.signed:
        return (because("signed", "{id} has signed it already", id=me, who=left),)
    if not found.reasons:
        text = _("{n} leads have signed it already").format(n=len(found.signed))
        return (Reason("signed", text),)
    if me not in left:
        if not view.record.holds_role(me, "lead", time=view.time):
            return (because("role", "{id} is not a shift lead", id=me, who=left),)
        text = _("{id} wrote an item of it, or is not a lead for its agencies").format(id=me)
        return (Reason("author-signs", text, left),)
    verdict = sign.preview(view, found.id)[1]
    ahead = epoch_ns(found.at) - house.room.clock.time_ns()
    if not verdict.reasons and ahead < LATEST_SIGN_OFF * 1_000_000_000:
        text = "a sign-off needs {seconds} s before {last}"
        return (because("late", text, seconds=LATEST_SIGN_OFF, last=instant(found.at)),)
    return verdict.reasons
