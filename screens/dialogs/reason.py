"""Ask for a reason in the person's own words: a return, a hold, a lift."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget

from desk.locales import _
from desk.text import nfc
from screens.dialogs.kept import KeptDialog
from screens.widgets.plain import Plain
from screens.widgets.text_area import TextArea


class ReasonDialog(KeptDialog[str]):
    """Returns the reason, stripped and in NFC. An empty one is not accepted."""

    def __init__(
        self, title: str, text: str | Content, accept: str = "", *, danger: bool = False,
        before: str = "", about: str = "",
    ) -> None:  # fmt: skip
        super().__init__(title, text, about or str(text))
        self._before = before
        self.accept_label = (accept or _("send")) + "  ^S"
        self.danger = danger

    def fields(self) -> ComposeResult:
        """The text area and a line that says what is missing."""
        yield Plain(_("reason"), classes="label")
        yield TextArea(self._before, id="reason", compact=True)
        yield Plain("", id="missing")

    def written_in(self) -> Mapping[str, Widget]:
        """The reason alone."""
        return {"reason": self.query_one(TextArea)}

    def on_mount(self) -> None:
        """Typing goes to the reason."""
        self.query_one(TextArea).focus()

    def value(self) -> str | None:
        """The reason."""
        reason = nfc(self.query_one(TextArea).text).strip()
        if not reason:
            self.query_one("#missing", Plain).show("⚠ " + _("Say why: the others will read it."))
        return reason or None
