"""The terms room over the newsroom's termbase: read as it is in force, changed by signed acts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from desk.errors import Conflict, NotFound
from desk.locales import _, language, told
from desk.locales.words import word
from desk.terms.diff import STATUSES
from desk.text import folded
from screens.newsroom.part import Part
from screens.source.shared import Outcome
from screens.source.terms_room import AffectedRow, TermRow, TermsBoard, TermState, TermView

if TYPE_CHECKING:
    from desk.terms.drafted import Drafted
    from desk.terms.entry import Entry
    from desk.terms.proposals import Proposal
    from desk.terms.termbase import Termbase


class TermsPart(Part):
    """Answers the terms room."""

    def _termbase(self) -> Termbase:
        from desk.terms.overlay import effective

        return effective(self._house.room.root)

    def terms_board(self, query: str) -> TermsBoard:
        """What waits, then the entries, those of the newsroom first."""
        from desk.terms import overlay, proposals

        root = self._house.room.root
        standing = proposals.standing(self._house.room)
        own = {(one.language, one.id) for one in overlay.load(root).entries}
        wanted = folded(query).split()
        rows = [_waiting_row(one) for one in proposals.waiting(self._house.room)]
        entries = sorted(standing.termbase.entries,
                         key=lambda one: (one.language, one.id) not in own)  # fmt: skip
        for one in entries:
            texts = folded(" ".join([one.id, one.rule, *(form.text for form in one.forms)]))
            if all(word in texts for word in wanted):
                state: TermState = "own" if (one.language, one.id) in own else "shipped"
                rows.append(_row(one, state))
        problems = tuple(told(problem) for problem in standing.problems)
        return TermsBoard(str(standing.version), len(standing.termbase.entries), tuple(rows),
                          problems)  # fmt: skip

    def terms_entry(self, key: str) -> TermView:
        """An entry, or a change that waits."""
        name = tuple(key.split(" ", 1))
        if len(name) == 2:
            from desk.terms.drafted import drafted

            entry = self._termbase().by_id.get((name[0], name[1]))
            if entry is None:
                raise NotFound("There is no such entry", key)
            return TermView(key, tuple(_facts(entry)), drafted(entry))
        return TermView(key, tuple(self._proposal_facts(key)))

    def _proposal_facts(self, key: str) -> Iterator[tuple[str, str]]:
        from desk.terms import history, overlay, proposals
        from desk.terms.diff import difference
        from desk.terms.termbase import shipped

        room = self._house.room
        for one in proposals.waiting(room):
            if one.id != key:
                continue
            yield _("proposed by"), one.proposer
            yield _("signed"), f"{', '.join(one.signed)} ({len(one.signed)}/{one.people})"
            yield _("reason"), one.reason
            change = history.proposal(room.root, one.id)
            before = overlay.load(room.root)
            after = change.applied(before, shipped())
            for each in difference(before.over(shipped()), after.over(shipped())):
                for line in each.lines():
                    yield "", line
            return
        raise NotFound("No such proposal", key[:12])

    def terms_near(self, draft: Drafted, key: str) -> Sequence[str]:
        """Did you mean: asked once, when the form is filled in."""
        from desk.terms.drafted import entry_from
        from desk.terms.nearby import near

        termbase = self._termbase()
        entry = entry_from(draft, self._base(termbase, key))
        return [
            _("“{form}” is like “{known}” ({entry})").format(
                form=one.form, known=one.known, entry=f"{one.entry.language} {one.entry.id}"
            )
            for one in near([entry], termbase)
        ]

    @staticmethod
    def _base(termbase: Termbase, key: str) -> Entry | None:
        language, _space, name = key.partition(" ")
        return termbase.by_id.get((language, name))

    def terms_put(self, draft: Drafted, key: str, reason: str, passphrase: str) -> Outcome:
        """Sign it; what is wrong with it is refused by name."""
        from desk.terms import proposals
        from desk.terms.change import Change
        from desk.terms.drafted import entry_from

        termbase = self._termbase()
        entry = entry_from(draft, self._base(termbase, key))
        if not key and (entry.language, entry.id) in termbase.by_id:
            raise Conflict("There is an entry of that id", f"{entry.language} {entry.id}",
                           "Open it and change it")  # fmt: skip
        actor = self._house.unlock(passphrase)
        done = proposals.propose(self._house.room, actor, Change(put=(entry,), reason=reason))
        return _outcome(done)

    def terms_accept(self, key: str, passphrase: str) -> Outcome:
        """The second signature."""
        from desk.terms import proposals

        actor = self._house.unlock(passphrase)
        return _outcome(proposals.accept(self._house.room, actor, key))

    def terms_affected(self) -> Sequence[AffectedRow]:
        """What people may want to return or correct."""
        from desk.approvals import affected

        room = self._house.room
        found = []
        texts = chain(affected.unreleased(room, self._house.actor), affected.released(room))
        for one in texts:
            if one is not None:
                first = one.findings[0].finding.said(language()) if one.findings else one.unread
                found.append(AffectedRow(one.item, one.state, one.errors, one.warnings,
                                         one.headline, told(first)))  # fmt: skip
        return found


def _outcome(done: Proposal) -> Outcome:
    if done.already:
        return Outcome(_("You have signed it already."))
    if done.in_force:
        return Outcome(_("In force: termbase v{number}.").format(number=done.number))
    return Outcome(_("Proposed: it waits for a second person."))


def _row(entry: Entry, state: TermState) -> TermRow:
    return TermRow(
        f"{entry.language} {entry.id}", entry.language, entry.severity,
        " / ".join(entry.suggestions), " / ".join(form.text for form in entry.variants), state,
    )  # fmt: skip


def _waiting_row(one: Proposal) -> TermRow:
    severity = "error" if one.errors else "warning"
    return TermRow(one.id, "", severity, ", ".join(one.entries), one.reason, "waits")


def _facts(entry: Entry) -> Iterator[tuple[str, str]]:
    yield _("write"), " / ".join(entry.suggestions)
    for form in entry.variants:
        yield _("not"), f"{form.text} (" + _(STATUSES.get(form.status, form.status)) + ")"
    yield _("severity"), word("gate says", entry.severity)
    yield _("rule"), entry.rule
    yield _("source"), str(entry.source)
    if entry.since or entry.until:
        yield _("holds"), f"{entry.since or '…'} – {entry.until or '…'}"
    for text in (*entry.left, *entry.right, *entry.exceptions):
        yield _("not beside"), text
    for text in entry.match:
        yield _("finds"), text
    for text in entry.clean:
        yield _("leaves alone"), text
