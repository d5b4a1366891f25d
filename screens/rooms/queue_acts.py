"""What one does in the queue: approve, return, remind, stand in; each after its facts were seen."""

from __future__ import annotations

from functools import partial

from textual import work
from textual.content import Content

from desk.locales import _, dates
from screens.dialogs.base import Since
from screens.dialogs.choose import Choose
from screens.dialogs.form import Field, Form, Values
from screens.dialogs.message import Message
from screens.dialogs.pick import Pick
from screens.rooms.base import Room
from screens.rooms.release_text import digest_words
from screens.rooms.review_text import due_text, who_text
from screens.source import QueueEntry, Review
from screens.source.queue_room import Deputies, StandIn
from screens.states import STEPS, word
from screens.widgets.plain import TONES, line, lines

NEW = "+"  # the choice that makes a delegation instead of ending one


class QueueActs(Room):
    """The acts; the list and the text are the subclass's."""

    @property
    def entry(self) -> QueueEntry | None:
        """The row under the cursor."""
        raise NotImplementedError

    @property
    def opened(self) -> Review | None:
        """The revision on the screen, when it is the one under the cursor."""
        raise NotImplementedError

    def waits(self, revision: str) -> bool:
        """Whether it is among what waits, as far as was read."""
        raise NotImplementedError

    def _since(self, *reviews: Review) -> Since:
        """For a dialog about these: whether somebody decided, or wrote on, while it was open."""

        def changed() -> str:
            if all(self.waits(one.revision) for one in reviews):
                return ""
            return _("It waits for you no longer: it was decided, or changed, at another desk.")

        return changed

    async def open_row(self) -> None:
        """Open the revision under the cursor, where that is still under way."""
        raise NotImplementedError

    async def _review_or_why(self) -> Review | None:
        """The revision to act on; else it says why there is none.

        A key that comes before the text is there waits for it: what is typed after that key, a
        passphrase at last, must not be read as keys of the room.
        """
        if self.opened is None:
            await self.open_row()
        entry, review = self.entry, self.opened
        if review is not None:
            return review
        if entry is None:
            self._why(_("Nothing waits for you."))
        elif entry.what == "sign":
            self._why(_("A release is signed in its own room: press Enter."))
        else:
            self._why(_("The text could not be opened, or the list has moved on: look again."))
        return None

    def _why(self, text: str) -> None:
        self.notify(text, severity="warning")

    def facts(self, review: Review) -> Content:
        """What a decision is about: revision, digest, authors, instant."""
        return lines(
            line(
                _("rev {n}").format(n=review.number),
                " · ",
                (digest_words(review.digest), TONES["accent"]),
            ),
            line(_("by") + " ", ", ".join(review.authors)),
            due_text(review, self.desk.zone),
        )

    # Deciding

    @work(group="act")
    async def action_approve(self) -> None:
        """Approve exactly these bytes."""
        if (review := await self._review_or_why()) is None or not self._may(review):
            return
        title = _("Approve: {title}").format(title=review.headline)
        why = await self._why_they_stay(title, review.warnings)
        if why is None:
            return
        await self.act_sealed(
            title, self.facts(review), _("approve"),
            lambda secret: self.source.approve(review.revision, review.digest, secret, why),
            since=self._since(review),
        )  # fmt: skip

    def _may(self, review: Review) -> bool:
        if review.refusals:
            self.refuse(_("You cannot approve this revision"), review.refusals)
        return not review.refusals

    async def _why_they_stay(self, title: str, warnings: tuple[str, ...]) -> str | None:
        """Why warnings that nobody has answered stay; "" when there are none; None: left."""
        if not warnings:
            return ""
        text = lines(
            line(_("Warnings need an answer: why may they stay?")),
            *(line(("⚠ " + one, TONES["warn"])) for one in warnings),
        )
        return await self.reason(title, text, _("continue"))

    @work(group="act")
    async def action_pair(self) -> None:
        """Approve every language version, with one word and one passphrase."""
        if (review := await self._review_or_why()) is None or not self._may(review):
            return
        if not review.pair:
            self._why(_("No other language version waits for this step."))
            return
        every = [review]
        for revision in review.pair:
            other = await self.ask(self.source.review, revision)
            if other is None or not self._may(other):
                return
            every.append(other)
        title = _("Approve {n} language versions").format(n=len(every))
        why = await self._why_they_stay(title, tuple(w for one in every for w in one.warnings))
        if why is None:
            return
        facts = lines(*(part for one in every
                        for part in (line((f"{one.language} · {one.headline}", "bold")),
                                     self.facts(one))))  # fmt: skip
        digests = {one.revision: one.digest for one in every}
        await self.act_sealed(
            title, facts, _("approve"),
            lambda secret: self.source.queue_approve_pair(digests, secret, why),
            since=self._since(*every),
        )  # fmt: skip

    @work(group="act")
    async def action_send_back(self) -> None:
        """Return it with a reason."""
        if (review := await self._review_or_why()) is None:
            return
        if review.returned_by:
            self._why(_("It has been returned already; its author will mend it."))
            return
        title = _("Return: {title}").format(title=review.headline)
        call = partial(self.source.send_back, review.revision, review.digest)
        await self.act_with_reason(
            title, self.facts(review), _("return"), call, danger=False, since=self._since(review)
        )

    # Who can act

    @work(group="act")
    async def action_who(self) -> None:
        """Who could act, deputies with them."""
        if (review := await self._review_or_why()) is None:
            return
        steps = await self.ask(self.source.queue_who, review.revision)
        if steps is not None:
            text = who_text(review, steps, self.desk.zone)
            self.app.push_screen(Message(_("Who can act"), text))

    @work(group="act")
    async def action_remind(self) -> None:
        """Ask others for the step that is open now."""
        if (review := await self._review_or_why()) is None:
            return
        steps = await self.ask(self.source.queue_who, review.revision)
        if steps is None:
            return
        able = [(one.person, one.name) for step in steps if step.now for one in step.people
                if one.can]  # fmt: skip
        if not able:
            self._why(_("Nobody can take the open step: press w to see why."))
            return
        title = _("Remind: {title}").format(title=review.headline)
        chosen = await self.app.push_screen_wait(Pick(title, able, text=_("Alerts tell them.")))
        if not chosen:
            return
        call = partial(self.source.queue_remind, review.revision, chosen)
        await self.act_sealed(title, ", ".join(chosen), _("remind"), call)

    # Deputies

    @work(group="act")
    async def action_deputies(self) -> None:
        """Give a role of one's own to somebody for a time, or end that."""
        known = await self.ask(self.source.queue_deputies)
        if known is None:
            return
        title = _("Who stands in for whom")
        options = [(NEW, _("somebody stands in for me …"))]
        options += [(one.id, self._stand_in(one)) for one in known.standing]
        chosen = await self.app.push_screen_wait(Choose(title, options))
        if chosen == NEW:
            await self._delegate(known)
        elif chosen is not None:
            facts = dict(options)[chosen]
            call = partial(self.source.queue_undelegate, chosen)
            title = _("End this delegation")
            await self.act_sealed(title, facts, _("end"), call, danger=True)

    def _stand_in(self, one: StandIn) -> str:
        wall = self.wall(one.until)
        where = "" if one.agency == "*" else f" · {one.agency}"
        state = f" ⚠ {one.why}" if one.why else ""
        until = _("until {day}").format(day=dates.short_moment(wall))
        return f"{one.giver} → {one.to}: {word(STEPS, one.role)}{where}, {until}{state}"

    async def _delegate(self, known: Deputies) -> None:
        if not known.roles:
            self._why(_("You hold no role that can be delegated."))
            return
        role = await self.app.push_screen_wait(Choose(_("Which role?"), known.roles))
        if role is None:
            return
        to = await self.app.push_screen_wait(Choose(_("Who stands in?"), known.people))
        if to is None:
            return
        title = _("{who} stands in for you").format(who=to)
        given: Values | None = {}
        done: bool | None = False
        while done is False:
            given = await self.app.push_screen_wait(self._until_when(title, given or {}))
            if given is None:
                return
            facts = lines(
                line(_("role") + " ", (dict(known.roles)[role], "bold")),
                line(_("until {day}").format(day=given["until"])),
                line(
                    (_("They act in your place; the two of you count as one person."), TONES["dim"])
                ),
            )
            call = partial(self.source.queue_delegate, role, to, given["since"], given["until"],
                           given["note"])  # fmt: skip
            done = await self.act_sealed(title, facts, _("delegate"), call)

    def _until_when(self, title: str, before: Values) -> Form:
        today = dates.date(self.desk.moment)
        fields = [
            Field("since", _("from, empty: now"), before.get("since", ""), f"{today} 08:00"),
            Field("until", _("until, at most 31 days"), before.get("until", ""), f"{today} 18:00"),
            Field("note", _("note, in plain sight"), before.get("note", "")),
        ]
        return Form(title, fields, _("continue"),
                    check=lambda v: "" if v["until"] else _("Say until when."))  # fmt: skip

    # Opening

    def action_open(self) -> None:
        """The release, to sign it; the item, to mend or look at it."""
        entry = self.entry
        if entry is None:
            self._why(_("Nothing waits for you."))
        elif entry.release is not None:
            from screens.rooms.release_room import ReleaseRoom  # late: the first paint is without

            self.app.push_screen(ReleaseRoom(entry.release.release))
        else:
            from screens.rooms.item_room import ItemRoom  # late: its text areas are slow

            self.app.push_screen(ItemRoom(entry.revision.partition("/")[0]))
