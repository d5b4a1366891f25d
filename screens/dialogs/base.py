"""What every dialog is: a box over the room, Enter or Ctrl+S to accept, Escape to leave."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar, cast

from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button
from textual.widgets._button import ButtonVariant

from desk.locales import _, dates
from screens.parting import Parting
from screens.type_ahead import TypeAhead
from screens.widgets.plain import TONES, Hanging, Plain, line

if TYPE_CHECKING:
    from screens.app import DeskApp

TICK = 0.25  # seconds between two looks at the time left
LOW = 14  # lines; below that a field gives room to what it is about
ResultT = TypeVar("ResultT")
Since = Callable[[], str]
"""What has changed since, or ""."""


class Dialog(Parting, ModalScreen[ResultT | None], Generic[ResultT]):
    """Shows a title and text, returns a value; None when the person left it.

    Ctrl+S accepts wherever the cursor is; Enter does outside a field of many lines.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("ctrl+s,f9", "accept", show=False),
        Binding("enter", "accept", show=False),
        Binding("up", "scroll_text(-1)", show=False),
        Binding("down", "scroll_text(1)", show=False),
        Binding("pageup", "scroll_text(-10)", show=False),
        Binding("pagedown", "scroll_text(10)", show=False),
        # At once, or letters that come in one burst after Tab go into the field before it.
        Binding("tab", "app.focus_next", show=False, priority=True),
        Binding("shift+tab", "app.focus_previous", show=False, priority=True),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (LOW, "-high")]  # noqa: RUF012 - Textual types it so
    accept_label = ""
    leave_label = ""
    danger = False
    until: datetime | None = None
    """The last instant at which what is asked can still be done; the time left is shown."""
    since: Since | None = None
    """Says what others have changed since the facts were shown, or ""; asked a few times a second,
    so it only compares what the room knows. It is shown above the buttons, and hinders nothing."""

    def __init__(self, title: str, text: str | Content = "") -> None:
        super().__init__()
        self._title = title
        self._text = text

    def compose(self) -> ComposeResult:
        """The box: title, text, what a subclass adds, buttons."""
        with Vertical(id="dialog", classes="danger" if self.danger else ""):
            yield Plain(line(self._title), id="dialog-title")
            with VerticalScroll(id="dialog-body", can_focus=False):
                if self._text:
                    yield Hanging(self._text, id="dialog-text")
            yield from self.fields()
            if self.since is not None:
                yield Hanging(id="dialog-changed")
            if self.until is not None:
                yield Plain(id="dialog-left")
            with Horizontal(id="dialog-buttons"):
                if self.accept_label:
                    variant: ButtonVariant = "error" if self.danger else "primary"
                    yield Button(Content(self.accept_label), variant, id="accept", compact=True)
                leave = self.leave_label or (_("go back") if self.accept_label else _("close"))
                yield Button(Content(f"{leave}  Esc"), id="leave", compact=True)

    def dismiss(self, result: ResultT | None = None) -> AwaitComplete:
        """As Textual does; keys typed from here on wait for what comes next."""
        if isinstance(ahead := getattr(self.app, "type_ahead", None), TypeAhead):
            ahead.goes_on()
        return super().dismiss(result)

    def on_mount(self) -> None:
        """Let the time left run; Textual calls this beside the one of a subclass."""
        if self.until is not None:
            self.set_interval(TICK, self._tell_left)
            self._tell_left()
        if self.since is not None:
            self.set_interval(TICK, self._tell_changed)
            self._tell_changed()

    def _tell_changed(self) -> None:
        """Others go on while a dialog is open: say so before the passphrase is typed for nothing.

        What was said stays: where it was changed back, the facts may still not be these.
        """
        if self.since is not None and (text := self.since()):
            self.since = None
            self.add_class("changed")
            self.query_one("#dialog-changed", Plain).show(line(("⚠ " + text, TONES["warn"])))

    def _tell_left(self) -> None:
        if self.until is None:
            return
        left = (self.until - cast("DeskApp", self.app).moment).total_seconds()
        text = _("time left: {left}").format(left=dates.countdown(left))
        if left <= 0:
            text = _("the time to do it is over")
        tone = "bad" if left < 60 else "warn"
        self.query_one("#dialog-left", Plain).show(line((text, TONES[tone])))

    async def hang_up(self) -> None:
        """The terminal is gone, or the desk ends: store what is not stored."""

    def fields(self) -> ComposeResult:
        """Widgets between text and buttons."""
        yield from ()

    def value(self) -> ResultT | None:
        """What accepting returns; None keeps the dialog open."""
        return None

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """A button is the same as its key."""
        event.stop()
        self.action_accept() if event.button.id == "accept" else self.action_leave()

    def action_accept(self) -> None:
        """Return the value, when there is one."""
        if (value := self.value()) is not None:
            self.dismiss(value)
        else:
            self.app.bell()

    def action_scroll_text(self, by: int) -> None:
        """Scroll the text: a manifest may be longer than the box."""
        self.query_one("#dialog-body").scroll_relative(y=by, animate=False)

    def action_leave(self) -> None:
        """Return nothing."""
        self.dismiss(None)
