"""Tell a person what went wrong: title, message, hint, and for a refusal each rule and who can."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from desk.errors import DeskError, Reason, Refused
from desk.locales import _, told
from screens.dialogs.base import Dialog
from screens.widgets.plain import TONES, line, lines


def reasons_text(reasons: Sequence[Reason]) -> Content:
    """Each reason with its rule, and who could act instead."""
    rows: list[Content] = []
    for reason in reasons:
        rows.append(
            line(
                ("✖ ", TONES["bad"]),
                told(reason.text),
                (f"  [{reason.rule}]", TONES["dim"]),
            )
        )
        if reason.who:
            rows.append(line("  → " + _("could act:") + " ", (", ".join(reason.who), "bold")))
    return lines(*rows)


def error_text(error: DeskError) -> Content:
    """A DeskError without its title."""
    rows: list[Content] = []
    if isinstance(error, Refused) and error.reasons:
        rows.append(reasons_text(error.reasons))
    else:
        rows.extend(line(row) for row in told(error.message).split("\n") if row)
    if error.hint and not (isinstance(error, Refused) and error.hint_names_people):
        rows.append(line(""))
        rows.extend(line((row, TONES["accent"])) for row in told(error.hint).split("\n"))
    return lines(*rows)


class Message(Dialog[bool]):
    """A title and text to read; Enter or Escape closes it."""

    def on_mount(self) -> None:
        """Enter closes."""
        self.query_one("#leave").focus()

    def value(self) -> bool:
        """Read."""
        return True


class ErrorMessage(Message):
    """A DeskError as it is."""

    danger = True

    def __init__(self, error: DeskError) -> None:
        super().__init__("✖ " + told(error.title), error_text(error))
        self.error = error
