"""Ask for the passphrase that unlocks the signing key, over a summary of what will be signed."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.content import Content

from desk.locales import _
from screens.dialogs.base import Dialog
from screens.widgets.input import Input


class Passphrase(Dialog[str]):
    """Returns what was typed, as typed; None when left or empty.

    The field shows dots, offers no suggestions, and is emptied before the dialog closes.
    """

    def __init__(
        self, title: str, text: str | Content, accept: str = "", *, danger: bool = False
    ) -> None:
        super().__init__(title, text)
        self.accept_label = (accept or _("sign")) + "  Enter"
        self.danger = danger

    def fields(self) -> ComposeResult:
        """The masked field."""
        yield Input(password=True, placeholder=_("passphrase"), id="passphrase", compact=True)

    def on_mount(self) -> None:
        """Typing goes to the field."""
        self.query_one(Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in the field accepts."""
        event.stop()
        self.action_accept()

    def value(self) -> str | None:
        """What was typed."""
        field = self.query_one(Input)
        typed, field.value = field.value, ""
        return typed or None

    def action_leave(self) -> None:
        """Forget what was typed."""
        self.query_one(Input).value = ""
        super().action_leave()
