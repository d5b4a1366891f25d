"""The release screen over the verbs: the board, and what is done at short notice or afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desk.clock import parse_instant
from desk.errors import DeskError, UsageError
from desk.items import quick_fix, revisions
from desk.items.diff import diff_content, is_quick_fix, render
from desk.locales import _, language, told
from desk.locales.words import word
from desk.newsroom.room import View
from desk.people import availability, contacts
from desk.releases import deadline, plan, rights, short_notice, sign, views, withdraw
from desk.releases.placing import read_moment
from desk.trust.acts import CONTACTS, EVERYTHING, SIGN_KEY
from screens.newsroom import release as releases
from screens.newsroom.hearing import heard
from screens.newsroom.part import Part
from screens.source import Outcome
from screens.source.release_room import (
    BoardChannel,
    BoardHold,
    BoardItem,
    BoardTrigger,
    FixChecked,
    PastStep,
    ReleaseBoard,
    StepDone,
    StillNeeded,
    Withdrawal,
)

if TYPE_CHECKING:
    from desk.publisher.rehearsal import Check
    from desk.releases.deadline import Deadline

FIXED = ("headline", "summary", "body")


class ReleasePart(Part):
    """Answers the calls of `ReleaseSource`."""

    def release_board(self, release: str) -> ReleaseBoard:
        """The release in full."""
        house = self._house
        shown = releases.release_view(house, release)
        with house.room.reading(release, CONTACTS) as view:
            found = views.detail_of(view, release)
            stands = deadline.deadline(house.room, view, release)
            newer = sign.newer_revisions(view, release)
            cannot = rights.cannot_on(view, house.actor.id, release, stands.left)
            on_duty = self._on_duty(view, release)
            roster, policy = view.roster.version, view.policy
            names = house.channel_names()
            items = tuple(
                self._item(
                    shown.items[number],
                    one,
                    found,
                    policy.channels,
                    one.item in newer,
                    view.record.items[one.item].message,
                )
                for number, one in enumerate(found.items)
            )
        return ReleaseBoard(
            shown, found.code, found.confirmed, items,
            tuple(
                BoardChannel(one.channel, names.get(one.channel, one.channel), one.state,
                             one.required, one.late_ms, one.code)
                for one in found.channels
            ),
            house.now + timedelta(seconds=stands.change_left),
            house.now + timedelta(seconds=stands.sign_left),
            _needed(stands), found.reasons, tuple(map(_hold, found.holds)), _trigger(found),
            tuple(PastStep(one.kind, one.person, parse_instant(one.time), one.note)
                  for one in found.plan),
            on_duty, roster, policy.version, _termbase(house.room.root), cannot,
        )  # fmt: skip

    def _item(
        self, shown: Any, one: views.ItemReadiness, found: views.ReleaseDetail,
        rules: Mapping[str, Any], newer: bool, message: str,
    ) -> BoardItem:  # fmt: skip
        channels = {
            channel.channel: channel.state
            if one.language in rules.get(channel.channel, {}).get("languages", (one.language,))
            else ""
            for channel in found.channels
        }
        return BoardItem(
            one.item, shown.headline, one.code, one.language,
            *self._house.called(one.kind, one.agency), one.number,
            one.digest, one.state, shown.headline.startswith("▒ "),
            tuple(StepDone(step.step, step.by, step.who) for step in one.steps), shown.gates,
            channels, newer, message,
        )  # fmt: skip

    @staticmethod
    def _on_duty(view: View, release: str) -> tuple[str, ...]:
        speakers = availability.speakers_of(view, release)
        board = contacts.board_of(view)
        return tuple(board.contacts[one].called(language()) for one in speakers.on_duty
                     if one in board.contacts)  # fmt: skip

    # Before the instant

    def release_leave_out(self, release: str, items: Sequence[str], passphrase: str) -> Outcome:
        """Leave items out and sign the rest."""
        actor = self._house.unlock(passphrase)
        done = short_notice.leave_out(self._house.room, actor, release, items)
        text = _("Left out.") + _signed(done) + _left(done.deadline)
        return heard(self._house, release, done.act, text)

    def release_recall(self, release: str, passphrase: str) -> Outcome:
        """Take the sign-off back."""
        actor = self._house.unlock(passphrase)
        act = plan.recall(self._house.room, actor, release)
        return heard(self._house, release, act.digest, _("The sign-off is taken back."))

    def release_now(self, release: str, note: str, passphrase: str) -> Outcome:
        """Bring it forward."""
        actor = self._house.unlock(passphrase)
        done = short_notice.bring_forward(self._house.room, actor, release, note=note)
        text = _("Brought forward and signed by you.") if done.signed else _("Brought forward.")
        text += _left(done.deadline)
        return heard(self._house, release, done.act, text)

    def release_grant(
        self, release: str, script: str, key: str, until: str, note: str, passphrase: str
    ) -> Outcome:
        """Let a script open it."""
        key = key.strip().lower()
        if not SIGN_KEY(key):
            raise UsageError(
                _("Not a key"), key[:64], _("64 hex digits: desk key script-show FILE")
            )
        with self._house.room.reading(release) as view:
            known = plan.find(view, release)
        moment = plan.Moment(known.at, known.zone, known.wall)
        last = read_moment(until, known.zone).at
        actor = self._house.unlock(passphrase)
        act = plan.grant(
            self._house.room, actor, release, moment, last, script=script, key=key, note=note
        )
        text = _("Granted to {script}; leads sign it now.").format(script=script)
        return heard(self._house, release, act.digest, text)

    def release_rehearse(self, release: str, folder: str) -> Sequence[tuple[bool, str]]:
        """Try everything but the commit."""
        from desk.publisher import service  # late: nobody rehearses at every start
        from desk.publisher.home import Home

        home = Home(Path(folder).expanduser().absolute())
        found = service.rehearse(home, self._house.room, release)
        names = self._house.channel_names()
        return [(one.ok, _tried(one, names.get(one.channel, one.channel))) for one in found.checks]

    # Quick fix

    def release_fix_texts(self, item: str) -> Mapping[str, str]:
        """The texts that may be mended."""
        with self._house.room.reading(item) as view:
            document = revisions.load(view, self._house.actor, item)
        return {name: str(document.get(name, "")) for name in FIXED}

    def release_fix_check(self, item: str, name: str, text: str) -> FixChecked:
        """The difference, and whether it is small enough."""
        with self._house.room.reading(item) as view:
            old = revisions.load(view, self._house.actor, item)
        new = {**old, name: text}
        small, why = is_quick_fix(old, new)
        return FixChecked(tuple(render(diff_content(old, new))), "" if small else told(why))

    def release_fix(self, item: str, name: str, text: str, passphrase: str) -> Outcome:
        """Make the quick fix."""
        actor = self._house.unlock(passphrase)
        done = quick_fix.mend(self._house.room, actor, item, {name: text})
        return Outcome(
            _("rev {n} is a quick fix; {step} is left: {who}. Then the release is signed anew.")
            .format(n=done.number, step=_(done.step), who=", ".join(done.who))
        )  # fmt: skip

    # After the instant

    def release_take_back(self, item: str, mode: Withdrawal, note: str, passphrase: str) -> Outcome:
        """Withdraw, take down or kill."""
        actor = self._house.unlock(passphrase)
        done = withdraw.withdraw(self._house.room, actor, item, note=note, mode=mode)
        text = {
            "withdraw": _("Withdrawn for good."),
            "takedown": _("Taken down for the time being."),
            "kill": _("Killed: it must never be used."),
        }[mode]
        if done.held:
            text += " " + _("Held as well, for they would bring a newer revision: {codes}.").format(
                codes=", ".join(self._codes(done.held))
            )
        again = _("A newer revision of it went out meanwhile: take the item back once more.")
        return heard(self._house, item, done.act, text, late=again)

    def _codes(self, releases: Iterable[str]) -> list[str]:
        with self._house.room.reading(*releases) as view:
            return [view.record.releases[release].code for release in sorted(releases)]

    def release_restore(self, item: str, passphrase: str) -> Outcome:
        """Put back."""
        actor = self._house.unlock(passphrase)
        done = withdraw.restore(self._house.room, actor, item)
        if not done.done:
            text = _("Signed by one of two; somebody else must sign it too: {who}.")
            return Outcome(text.format(who=", ".join(done.who)), confirmed=False)
        if not done.act:
            return Outcome(_("It is public again."))
        return heard(self._house, item, done.act, _("Put back."))


def _termbase(root: Path) -> str:
    """The version of the termbase in force: its number and the first digits of its digest."""
    from desk.terms import history  # late: the engine is not needed to begin

    try:
        return str(history.version(root))
    except DeskError:  # damaged: the room of terms and `desk terms` say how
        return "?"


def _signed(done: short_notice.Changed) -> str:
    return " " + _("You have signed what is left.") if done.signed else ""


def _left(stands: Deadline) -> str:
    """What the others still have to do."""
    rows = [f"{told(one.what)}, {', '.join(one.who) or '–'}" for one in stands.needed]
    return " " + _("Still needed:") + f" {'; '.join(rows)}." if rows else ""


def _needed(stands: Deadline) -> tuple[StillNeeded, ...]:
    return tuple(
        StillNeeded(told(one.what), one.who, parse_instant(one.until)) for one in stands.needed
    )


def _hold(one: views.HoldView) -> BoardHold:
    lifts = one.lifts if isinstance(one.lifts, tuple) else ()
    return BoardHold(
        one.person, parse_instant(one.time), lifts, one.needed, one.subject == EVERYTHING
    )


def _trigger(found: views.ReleaseDetail) -> BoardTrigger | None:
    one = found.trigger
    if one is None:
        return None
    return BoardTrigger(
        one.script, one.key, parse_instant(one.until), one.fired, one.ended, one.waits
    )


def _tried(one: Check, channel: str) -> str:
    """One check of a rehearsal, in the reader's language."""
    return "  ".join(
        part for part in (channel, word("rehearsal", one.name), told(one.detail)) if part
    )
