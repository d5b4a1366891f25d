"""A dialog whose words outlive a closed terminal: kept while typed, offered when it opens again."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import ClassVar, TypeVar, cast

from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget

from desk.clock import to_wall
from desk.locales import _, dates
from desk.text import nfc
from screens.dialogs.base import Dialog
from screens.source.unsent import UnsentView
from screens.unsent import UnsentWords
from screens.widgets.input import Input
from screens.widgets.plain import Plain

KEEP_EVERY = 2.0  # seconds between two looks at whether something was typed
ResultT = TypeVar("ResultT")


class KeptDialog(Dialog[ResultT]):
    """Asks for words, in fields that `written_in` names.

    What is typed is stored every few seconds, sealed to the person; when the desk ended meanwhile,
    the same form offers it (F8). It is deleted when the act was done, or when the person leaves.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f8", "bring_back", show=False)]

    def __init__(self, title: str, text: str | Content = "", about: str = "") -> None:
        """`about`: the id of what it is filled in for; one form for two things is two forms."""
        super().__init__(title, text)
        self._form = f"{type(self).__name__}\n{title}\n{about}"
        self._began: Mapping[str, str] = {}
        self._stored: Mapping[str, str] = {}
        self._offered: UnsentView | None = None

    def written_in(self) -> Mapping[str, Widget]:
        """The fields whose words are kept, by name."""
        raise NotImplementedError

    def _words(self) -> Mapping[str, str]:
        return {name: text_of(field) for name, field in self.written_in().items()}

    @property
    def _kept(self) -> UnsentWords | None:
        kept = getattr(self.app, "unsent", None)  # a dialog may stand in another app
        return kept if isinstance(kept, UnsentWords) else None

    def on_mount(self) -> None:
        """Look for words that were not sent; from here on keep those that are typed."""
        self._began = self._stored = self._words()
        if (kept := self._kept) is not None:
            self.run_worker(self._offer(kept), group="offer")
            self.set_interval(KEEP_EVERY, self._keep_typed)

    async def _offer(self, kept: UnsentWords) -> None:
        found = await kept.words(self._form)
        if found is None or not self.is_running or found.words == self._began:
            return
        self._offered = found
        wall = to_wall(found.at, getattr(self.app, "zone", "UTC"))
        text = _("F8 brings back what you left unsent ({date} {time})")
        shown = text.format(date=dates.date(wall), time=dates.short_time(wall))
        self.query_one("#missing", Plain).show("⚕ " + shown)

    def action_bring_back(self) -> None:
        """Put the words that were kept into the fields."""
        if self._offered is None:
            self.app.bell()
            return
        fields = self.written_in()
        for name, text in self._offered.words.items():
            if name in fields:
                put_text(fields[name], text)
        self._offered = None
        self.query_one("#missing", Plain).show("")

    # Keeping

    def _keep_typed(self) -> None:
        words = self._words()
        if words not in (self._stored, self._began):
            self.run_worker(partial(self._keep, words), group="keep", exclusive=True)  # type: ignore[arg-type]

    async def _keep(self, words: Mapping[str, str]) -> None:
        if (kept := self._kept) is not None and await kept.keep(self._form, words):
            self._stored = words

    async def hang_up(self) -> None:
        """The terminal is gone: store what was typed since the last look."""
        if (words := self._words()) not in (self._stored, self._began):
            await self._keep(words)

    def dismiss(self, result: ResultT | None = None) -> AwaitComplete:
        """What was accepted stays kept until the act is done; what was left is deleted."""
        if self.is_active and (kept := self._kept) is not None:
            words = self._words()
            if result is None:
                self.app.run_worker(kept.forget(self._form), group="keep")
            elif words != self._began:
                kept.accepted(self._form)
                self.app.run_worker(kept.keep(self._form, words), group="keep")
        return super().dismiss(result)


def text_of(field: Widget) -> str:
    """What stands in a field of one line or of many."""
    return nfc(field.value if isinstance(field, Input) else str(getattr(field, "text", "")))


def put_text(field: Widget, text: str) -> None:
    """Put another text into it."""
    if isinstance(field, Input):
        field.value = text
        return
    from screens.widgets.text_area import TextArea  # late: slow to import

    area = cast(TextArea, field)
    area.replace(text, (0, 0), area.document.end, maintain_selection_offset=False)
