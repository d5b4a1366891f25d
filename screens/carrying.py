"""Acts on their way: they go on, and what became of them is told, when their room is closed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from desk.errors import DeskError
from desk.locales import _
from screens.dialogs.message import ErrorMessage
from screens.source import Outcome

if TYPE_CHECKING:
    from screens.app import DeskApp


class Carrying:
    """What one desk has asked for and has no answer to yet.

    An act that was asked for cannot be taken back by leaving: its call runs in a thread to its
    end. Who leaves meanwhile is told of its outcome wherever they are then.
    """

    def __init__(self, desk: DeskApp) -> None:
        self._desk = desk
        self._under_way: set[asyncio.Task[Outcome]] = set()

    async def carry(self, call: Callable[[], Outcome]) -> Outcome:
        """Make that call in a thread. Raises what it raises."""
        going = asyncio.ensure_future(asyncio.to_thread(call))
        self._under_way.add(going)
        going.add_done_callback(self._under_way.discard)
        try:
            return await asyncio.shield(going)
        except asyncio.CancelledError:
            if not going.cancelled():
                # The words of its forms are this act's, whichever act begins meanwhile.
                forms = self._desk.unsent.sent()
                self._desk.run_worker(partial(self._tell, going, forms), group="carried")  # type: ignore[arg-type]
            raise

    async def _tell(self, going: asyncio.Task[Outcome], forms: tuple[str, ...]) -> None:
        try:
            outcome = await going
        except DeskError as error:
            self._desk.push_screen(ErrorMessage(error))
            return
        self.tell(outcome)
        if forms:
            await self._desk.unsent.forget(*forms)

    def tell(self, outcome: Outcome) -> None:
        """Tell in passing what was done, or only asked for; look at the newsroom again."""
        if outcome.confirmed:
            self._desk.notify(outcome.message)
        else:
            title = "… " + _("requested, not confirmed")
            self._desk.notify(outcome.message, title=title, severity="warning", timeout=10)
        self._desk.take_pulse()

    async def settled(self) -> bool:
        """Wait for what is on its way. False: some of it was refused or is not confirmed yet."""
        if not (waiting := list(self._under_way)):
            return True
        self._desk.notify(_("An act is on its way; the desk ends when it is done."))
        found = await asyncio.gather(*waiting, return_exceptions=True)
        return all(isinstance(one, Outcome) and one.confirmed for one in found)
