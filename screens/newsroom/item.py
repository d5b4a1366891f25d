"""One item over the verbs: opened, saved, checked, settled, submitted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import Any

from desk.approvals import decide, queue
from desk.clock import parse_instant
from desk.errors import Conflict, DeskError, NotFound, Reason, Refused
from desk.items import (
    answers,
    board,
    correction,
    draft_files,
    drafts,
    kept,
    presence,
    revisions,
    settling,
)
from desk.items.drafts import Draft
from desk.locales import _, told
from desk.newsroom.room import View
from desk.people import enquiry_views
from desk.phrase import Phrase, phrase
from desk.store.projections import revision_state
from desk.trust.state import ItemState
from screens.newsroom import reviews
from screens.newsroom.item_terms import LiveTerms
from screens.newsroom.item_views import (
    changes,
    check_of,
    files_of,
    merged,
    saved,
    text_of,
    whole,
)
from screens.newsroom.part import Part
from screens.source import Outcome
from screens.source.item_room import (
    Both,
    ItemAround,
    ItemCheck,
    ItemFinding,
    ItemLimits,
    ItemText,
    ItemView,
    Keep,
    Saved,
)


@dataclass
class Opened:
    """The items that are open at this desk: their notes, and what ends when they are closed."""

    notes: dict[str, presence.Presence] = field(default_factory=dict)
    enders: dict[str, Callable[[], None]] = field(default_factory=dict)
    terms: dict[str, LiveTerms] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)


def opened(part: Part) -> Opened:
    """What is open at the desk of that source."""
    found: Opened = part.__dict__.setdefault("_items_opened", Opened())
    return found


class ItemPart(Part):
    """Answers the item screen's reading, saving and submitting."""

    def item_open(self, item: str) -> ItemView:
        """Open the reader's draft, or the newest revision."""
        house = self._house
        me = house.actor.id
        notes = presence.sittings(house.room.root, item)
        left = any(one.person == me and not one.alive for one in notes)
        with house.room.reading(item) as view:
            draft = self._draft(view, item)
            state = view.record.items.get(item)
            if draft is None and state is None:
                raise NotFound(_("No such item"), item, _("List them: desk item list"))
            found = self._view(view, item, draft, state, left and draft is not None)
            at = queue.next_release(view, item)[0]
        presence.forget(house.room.root, item, me)
        self._enter(item)
        asked = enquiry_views.asked(house.room, house.actor, item)
        return replace(
            found, asked=tuple(map(reviews.asked, asked)), due=parse_instant(at) if at else None
        )

    def _enter(self, item: str) -> None:
        house, known = self._house, opened(self)
        with known.lock:
            if item not in known.notes:
                note = presence.Presence(house.room.root, item, house.actor.id)
                note.enter(house.room.instant())
                known.notes[item] = note

    def _draft(self, view: View, item: str) -> Draft | None:
        try:
            return drafts.load(view, self._house.actor, item)[0]
        except NotFound:
            return None

    def _view(
        self, view: View, item: str, draft: Draft | None, state: ItemState | None, left: bool
    ) -> ItemView:
        actor = self._house.actor
        document: Mapping[str, Any] = draft.document if draft else revisions.load(view, actor, item)
        base = draft.base if draft else (state.latest if state else "")
        number = state.revisions[base].number if state and base in state.revisions else 0
        pair, missing = self._pair(view, document)
        kind, agency, language = (str(document[k]) for k in ("kind", "agency", "language"))
        return ItemView(
            item,
            (state.code if state else "") or (draft.code if draft else ""),
            language,
            kind,
            agency,
            "draft" if draft or not state else revision_state(view.record, state, state.current),
            text_of(document),
            files_of(document),
            self._limits(view, kind),
            draft.version if draft else 0,
            base,
            number,
            parse_instant(draft.saved) if draft else None,
            pair,
            missing,
            correction.corrected(state, state.current.number + 1) if state else 0,
            left,
            self._refusals(view, kind, agency, language),
            self._returned(item, state, base),
            self._sections(agency),
            *self._house.called(kind, agency),
        )

    def _sections(self, agency: str) -> tuple[tuple[str, str], ...]:
        house = self._house
        config = house.config()
        ids = next((a.sections for a in config.agencies if a.id == agency), ()) if config else ()
        return tuple((id, house.named(config.sections.get(id), id)) for id in ids if config)

    def _limits(self, view: View, kind: str) -> ItemLimits:
        limits = revisions.limits_of(view.policy.kinds.get(kind, {}))
        return ItemLimits(limits.headline, limits.summary_most, limits.body_most)

    def _pair(
        self, view: View, document: Mapping[str, Any]
    ) -> tuple[tuple[str, str] | None, tuple[str, ...]]:
        language = str(document["language"])
        rows = board.of_message(
            view.connection, str(document.get("message") or ""), self._house.actor.id
        )
        others = [(row.id, row.language) for row in rows if row.language != language]
        kind = view.policy.kinds.get(str(document["kind"]), {})
        there = {language, *(code for _id, code in others)}
        missing = tuple(code for code in kind.get("languages", ()) if code not in there)
        return (others[0] if others else None), missing

    def _refusals(self, view: View, kind: str, agency: str, language: str) -> tuple[Reason, ...]:
        try:
            drafts.may_write(self._house.room, view, self._house.actor, kind, agency, language)
        except Refused as error:
            name = self._house.called(kind, agency)[1]
            return tuple(_naming(one, name) for one in error.reasons) or (
                Reason("role", error.sentence),
            )
        except DeskError as error:  # the policy no longer knows its kind or agency
            return (Reason("policy", error.sentence),)
        return ()

    def _returned(self, item: str, state: ItemState | None, base: str) -> str:
        if state is None or state.latest != base or state.current.returned is None:
            return ""
        try:
            return decide.reason_of(self._house.room, self._house.actor, item)
        except DeskError:  # sealed for others; that it was returned is shown all the same
            return ""

    def item_leave(self, item: str) -> None:
        """Take the note away, and stop serving its preview."""
        known = opened(self)
        with known.lock:
            note = known.notes.pop(item, None)
            end = known.enders.pop(item, None)
            known.terms.pop(item, None)
        if note is not None:
            note.leave()
        if end is not None:
            end()

    def item_around(self, item: str) -> ItemAround:
        """Who else has it open, who writes, what is newer."""
        house = self._house
        me = house.actor.id
        note = opened(self).notes.get(item)
        others = note.others() if note else ()
        with house.room.reading(item) as view:
            writing = tuple(p for p in drafts.open_by(view.connection, item) if p != me)
            state = view.record.items.get(item)
            base = drafts.base_of(view.connection, item, me)
            newer = state is not None and base is not None and state.latest != base
            assert state is not None or not newer
            number, by = (
                (state.current.number, state.current.author) if newer and state else (0, "")
            )
        return ItemAround(tuple(one.person for one in others), writing, number, by)

    # Saving

    def item_save(self, item: str, old: ItemText, new: ItemText, version: int, base: str) -> Saved:
        """Store what differs; the first save begins the draft."""
        house = self._house
        if not version:
            begun = drafts.edit(house.room, house.actor, item)
            if begun.base != base or begun.version != 1:
                raise Conflict(
                    _("This item was changed meanwhile"),
                    _("a newer text of it is stored than the one you see"),
                )
            version = begun.version
        return saved(drafts.save(house.room, house.actor, item, changes(old, new), version=version))

    def item_check(self, item: str, text: ItemText) -> ItemCheck:
        """The gates over the text as it stands in the editor."""
        house = self._house
        with house.room.reading(item) as view:
            document, decided = self._decided(view, item)
            document = whole(document, text)
            results = revisions.check(view, house.actor, document, decided)
            state = view.record.items.get(item)
        if any(result.id == "terms" for result in results):
            return check_of(results, document, state)
        return check_of(
            results, document, state, self._terms(item, str(document["language"]), text)
        )

    def _decided(self, view: View, item: str) -> tuple[dict[str, Any], tuple[kept.Kept, ...]]:
        """The stored document, and what was decided about findings of its terminology."""
        actor = self._house.actor
        try:
            draft, key = drafts.load(view, actor, item)
        except NotFound:
            _state, revision = revisions.find(view, item)
            document = revisions.load(view, actor, item)
            return document, kept.of_revision(view, actor, item, revision)
        return dict(draft.document), kept.of_draft(view, key)

    def item_keep(self, item: str, finding: ItemFinding, reason: str, version: int) -> Saved:
        """Keep a finding of the terminology, or take that back."""
        house = self._house
        chosen = answers.at(finding.field, finding.entry, finding.start)
        seen = version or None
        if finding.kept:
            answers.take_back(house.room, house.actor, item, chosen, version=seen)
        else:
            answers.keep(house.room, house.actor, item, chosen, reason, version=seen)
        with house.room.reading(item) as view:
            return saved(drafts.load(view, house.actor, item)[0])

    def _terms(self, item: str, language: str, text: ItemText) -> tuple[ItemFinding, ...]:
        """The terminology of the text; a termbase that cannot be read is told, not fatal."""
        known = opened(self)
        with known.lock:
            live = known.terms.setdefault(item, LiveTerms(self._house.room.root, language))
        try:
            return live.findings(text)
        except DeskError as error:
            why = _("terms were not checked: {why}").format(why=told(error.sentence))
            return (ItemFinding("terms", "warning", "body", why),)

    # Two versions of one text

    def item_both(self, item: str, base: ItemText) -> Both | None:
        """What another desk saved, or a newer revision."""
        house = self._house
        with house.room.reading(item) as view:
            draft = self._draft(view, item)
            if draft is not None and text_of(draft.document) != base:
                return Both(base, text_of(draft.document), house.actor.id, draft.version)
            found = settling.overtaken(view, house.actor, item) if draft else None
        if found is None:
            return None
        return Both(
            text_of(found.base), text_of(found.theirs), found.by, found.draft.version,
            found.number, found.onto,
        )  # fmt: skip

    def item_merge(self, base: ItemText, mine: ItemText, theirs: ItemText) -> ItemText:
        """Both brought together."""
        return merged(base, mine, theirs)

    def item_settle(self, item: str, both: Both, mine: ItemText, keep: Keep) -> Outcome:
        """Store the settled text, and the words that gave way beside it."""
        house = self._house
        with house.room.reading(item) as view:
            draft, _key = drafts.load(view, house.actor, item)
            theirs = dict(draft.document)
            if both.onto:
                theirs = dict(revisions.load(view, house.actor, item, both.onto))
        own, other = whole(draft.document, mine), whole(theirs, both.theirs)
        chosen = {"mine": own, "theirs": other}.get(keep)
        if chosen is None:
            chosen = whole(own, merged(both.base, mine, both.theirs))
            chosen["assets"] = settling.files_of_both(draft.document, theirs)
        settling.settle(
            house.room, house.actor, item, chosen, version=both.version, onto=both.onto,
            before=other if keep == "mine" and not both.onto else own,
        )  # fmt: skip
        return Outcome(_("Settled; the words that gave way are in the history."))

    # Files

    def item_attach(
        self, item: str, path: str, role: str, alt: str, caption: str, version: int
    ) -> Saved:
        """Add a file."""
        house = self._house
        if not version:
            version = drafts.edit(house.room, house.actor, item).version
        place = Path(path).expanduser()
        return saved(
            drafts.attach(
                house.room, house.actor, item, place, role=role, alt=alt, caption=caption,
                version=version,
            )
        )  # fmt: skip

    def item_describe(
        self, item: str, file: str, role: str, alt: str, caption: str, version: int
    ) -> Saved:
        """Change a file's role and description."""
        house = self._house
        if not version:
            version = drafts.edit(house.room, house.actor, item).version
        return saved(
            draft_files.describe(
                house.room, house.actor, item, file, role=role, alt=alt, caption=caption,
                version=version,
            )
        )  # fmt: skip

    def item_detach(self, item: str, file: str, version: int) -> Saved:
        """Take a file off."""
        house = self._house
        if not version:
            version = drafts.edit(house.room, house.actor, item).version
        return saved(drafts.detach(house.room, house.actor, item, file, version=version))

    def item_bytes(self, item: str, file: str) -> bytes:
        """The bytes of a file of the draft, or else of the newest revision."""
        house = self._house
        with house.room.reading(item) as view:
            if self._draft(view, item) is not None:
                return draft_files.data_of(view, house.actor, item, file)[1]
            return revisions.asset(view, house.actor, item, "", file)

    def item_submit(self, item: str, version: int, notes: str, passphrase: str) -> Outcome:
        """Sign exactly that version of the draft as a revision."""
        house = self._house
        actor = house.unlock(passphrase)
        done = revisions.submit(house.room, actor, item, notes=notes, version=version)
        text = _("Submitted as rev {n}; it waits for its approvers.").format(n=done.number)
        return Outcome(text)


def _naming(reason: Reason, agency: str) -> Reason:
    """The reason with the name of the agency where it gives the id."""
    text = reason.text
    if not isinstance(text, Phrase) or "agency" not in text.values:
        return reason
    return replace(reason, text=phrase(text.template, **{**text.values, "agency": agency}))
