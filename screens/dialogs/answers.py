"""Ask a question that has several answers: each has a key and a button, none is taken by chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.events import Key
from textual.widgets import Button

from screens import actions
from screens.dialogs.base import Dialog


@dataclass(frozen=True)
class Answer:
    """One answer: the value returned, what it is called, and its keys, the first one shown."""

    value: str
    label: str
    keys: str


class Answers(Dialog[str]):
    """Returns the value of the answer; None when the person left it.

    Enter does nothing until a button was reached with Tab, so that no answer is the usual one.
    """

    def __init__(
        self, title: str, text: str | Content, answers: Sequence[Answer], *, danger: bool = False
    ) -> None:
        super().__init__(title, text)
        self._answers = tuple(answers)
        self.danger = danger

    def fields(self) -> ComposeResult:
        """One button an answer."""
        with Horizontal(id="dialog-answers"):
            for number, answer in enumerate(self._answers):
                key, _comma, _others = answer.keys.partition(",")
                label = f"{answer.label}  {actions.shown(key)}"
                yield Button(Content(label), id=f"answer-{number}", compact=True)

    def on_mount(self) -> None:
        """The text scrolls with the arrows; no button is reached yet."""
        body = self.query_one("#dialog-body")
        body.can_focus = True
        body.focus()

    def on_key(self, event: Key) -> None:
        """The key of an answer gives it."""
        for answer in self._answers:
            if event.key in answer.keys.split(","):
                event.stop()
                self.dismiss(answer.value)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """So does its button."""
        event.stop()
        event.prevent_default()  # the base knows of one answer only
        number = (event.button.id or "").removeprefix("answer-")
        if number.isdigit():
            self.dismiss(self._answers[int(number)].value)
        else:
            self.action_leave()
