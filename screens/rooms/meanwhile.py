"""Meanwhile: what others have done to a release while a dialog about it was open."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import TypeVar

from desk.errors import DeskError
from desk.locales import _, dates, told
from screens import states
from screens.dialogs.base import Dialog, Since
from screens.rooms.limits import Limited
from screens.source.calendar_room import Standing

T = TypeVar("T")


class Meanwhile(Limited):
    """A room whose dialogs say when what they are about is no longer as it was shown.

    An act gives its dialogs one `Since` (`since`). What the room does not read by itself it reads
    again for them (`keep_looking`) each time that it reads itself.
    """

    minds: Since | None = None
    """The one of the act that is under way, for dialogs that are put by `put`."""
    _look: Callable[[], object] | None = None
    _found: object = None

    def since(
        self, name: str, shown: T, now: Callable[[], T | None], tell: Callable[[T, T], str]
    ) -> Since:
        """For the dialogs of that action: `shown` against what the room knows `now`.

        `now` gives None while nothing is known; `tell` says what differs, or "".
        """

        def changed() -> str:
            if reasons := self.limits.get(name):
                return told(reasons[0].text)
            known = now()
            return tell(shown, known) if known is not None else ""

        return changed

    async def keep_looking(self, look: Callable[[], T]) -> Callable[[], T | None]:
        """Read that now, in a thread, and whenever the room is read; gives what was read last."""

        def known() -> T | None:
            return self._found if self._look is look else None  # type: ignore[return-value]

        self._look, self._found = look, None
        await self._look_at(look)
        return known

    async def look_again(self) -> None:
        """The room was read: so is what an open dialog is about."""
        if self._look is not None and self.app.screen is not self:
            await self._look_at(self._look)

    async def _look_at(self, look: Callable[[], object]) -> None:
        with suppress(DeskError):  # the head of the room tells that the newsroom does not answer
            found = await asyncio.to_thread(look)
            if self._look is look:
                self._found = found

    async def put(self, dialog: Dialog[T]) -> T | None:
        """Ask with that dialog, which minds what the act under way is about."""
        dialog.since = self.minds
        return await self.app.push_screen_wait(dialog)


def changed_of(wall: Callable[[datetime], datetime]) -> Callable[[Standing, Standing], str]:
    """What to tell of a release that stands otherwise than shown. `wall`: on whose clocks."""
    return partial(_changed, wall)


def _changed(wall: Callable[[datetime], datetime], shown: Standing, known: Standing) -> str:
    if known.at != shown.at:
        at = dates.instant_on(wall(known.at))
        return _("It was moved meanwhile, to {time}: leave this and read it anew.").format(time=at)
    if known.held != shown.held:
        return _("It was put on hold meanwhile.") if known.held else _("It is held no longer.")
    if known.state != shown.state:
        state = str(states.release_state(known.state, known.held))
        return _("Meanwhile it is: {state}.").format(state=state)
    return changed(shown.manifest, known.manifest)


def changed(shown: object, known: object) -> str:
    """What to tell where it is enough to know that it is not the same any more."""
    if known == shown:
        return ""
    return _("Somebody has changed it since you opened this: leave it and read it anew.")
