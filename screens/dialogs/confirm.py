"""Ask before an act: Enter does it, Escape does not."""

from __future__ import annotations

from textual.content import Content

from desk.locales import _
from screens.dialogs.base import Dialog


class Confirm(Dialog[bool]):
    """Returns True on Enter; None otherwise."""

    def __init__(
        self, title: str, text: str | Content, accept: str = "", *, danger: bool = False,
        leave: str = "",
    ) -> None:  # fmt: skip
        super().__init__(title, text)
        self.accept_label = (accept or _("do it")) + "  Enter"
        self.leave_label = leave
        self.danger = danger

    def on_mount(self) -> None:
        """Enter goes to the act."""
        self.query_one("#accept").focus()

    def value(self) -> bool:
        """Yes."""
        return True
