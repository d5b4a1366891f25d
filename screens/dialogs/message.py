"""Tell a person what went wrong: title, message, hint, and for a refusal each rule and who can."""

from __future__ import annotations

import re
from collections.abc import Sequence

from textual.app import ComposeResult
from textual.content import Content

from desk.clock import parse_instant, to_wall
from desk.errors import DeskError, Reason, Refused
from desk.locales import _, dates, told
from screens.dialogs.base import Dialog
from screens.widgets.plain import TONES, line, lines

INSTANT = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def on_clocks(text: str, zone: str) -> str:
    """The same with written instants as the newsroom's clocks show them."""

    def shown(found: re.Match[str]) -> str:
        try:
            wall = to_wall(parse_instant(found[0]), zone)
        except (DeskError, ValueError):  # looks like one
            return found[0]
        return f"{dates.clock_time(wall)} {dates.date(wall)}"

    return INSTANT.sub(shown, text)


def reasons_text(reasons: Sequence[Reason], zone: str) -> Content:
    """Each reason with its rule, and who could act instead."""
    rows: list[Content] = []
    for reason in reasons:
        rows.append(
            line(
                ("✖ ", TONES["bad"]),
                on_clocks(told(reason.text), zone),
                (f"  [{reason.rule}]", TONES["dim"]),
            )
        )
        if reason.who:
            rows.append(line("  → " + _("could act:") + " ", (", ".join(reason.who), "bold")))
    return lines(*rows)


def error_text(error: DeskError, zone: str) -> Content:
    """A DeskError without its title."""
    rows: list[Content] = []
    if isinstance(error, Refused) and error.reasons:
        rows.append(reasons_text(error.reasons, zone))
    else:
        rows.extend(line(row) for row in on_clocks(told(error.message), zone).split("\n") if row)
    if error.hint and not (isinstance(error, Refused) and error.hint_names_people):
        rows.append(line(""))
        rows.extend(
            line((row, TONES["accent"])) for row in on_clocks(told(error.hint), zone).split("\n")
        )
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
        super().__init__("✖ " + told(error.title))
        self.error = error

    def compose(self) -> ComposeResult:
        """The error, its instants on the clocks of the newsroom."""
        self._text = error_text(self.error, getattr(self.app, "zone", "UTC"))
        yield from super().compose()
