"""Ask for a few short texts at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget

from desk.locales import _
from screens.dialogs.kept import KeptDialog, text_of
from screens.widgets.input import Input
from screens.widgets.plain import Plain

Values = Mapping[str, str]


@dataclass(frozen=True)
class Field:
    """One field: its name, what stands above it, what is in it, and an example.

    `long`: a text of many lines, in which Enter begins a new one.
    """

    name: str
    label: str
    value: str = ""
    example: str = ""
    long: bool = False


class Form(KeptDialog[Values]):
    """Returns the texts by the fields' names, stripped and in NFC.

    `check` says what is wrong with them, or "". Typing goes to the field named `first`, whose text
    it replaces, or to the first one that is empty. Enter goes to the next field, and accepts in the
    last one; Ctrl+S accepts anywhere, and Tab goes on from a long text.
    """

    AUTO_FOCUS = ""  # it would scroll to the first field, whose place is not known yet

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        accept: str = "",
        *,
        text: str | Content = "",
        check: Callable[[Values], str] | None = None,
        about: str = "",
        first: str = "",
    ) -> None:
        super().__init__(title, text, about)
        self._first = first
        self.set_class(not text, "bare")
        self._fields = list(fields)
        self._check = check
        self.accept_label = (accept or _("keep")) + "  ^S"

    def fields(self) -> ComposeResult:
        """Each field below its label, and a line that says what is wrong.

        The fields scroll where they are more than the terminal has lines; the line stays.
        """
        with VerticalScroll(id="form-fields", can_focus=False):
            for field in self._fields:
                yield Plain(field.label, classes="label")
                yield self._field(field)
        yield Plain("", id="missing")

    @staticmethod
    def _field(field: Field) -> Widget:
        name = f"field-{field.name}"
        example = _("e.g. {example}").format(example=field.example) if field.example else ""
        if not field.long:
            return Input(field.value, placeholder=example, id=name, compact=True, classes="field")
        from screens.widgets.text_area import TextArea  # late: slow to import, and seldom wanted

        return TextArea(
            field.value, placeholder=example, id=name, compact=True, tab_behavior="focus",
            classes="field long",
        )  # fmt: skip

    def _fields_there(self) -> list[Widget]:
        return [self.query_one(f"#field-{field.name}") for field in self._fields]

    def written_in(self) -> Mapping[str, Widget]:
        """Every field."""
        return {f.name: there for f, there in zip(self._fields, self._fields_there(), strict=True)}

    def on_mount(self) -> None:
        """Typing goes to the field that was asked for, or to the first that is empty."""
        inputs = self._fields_there()
        asked = self.written_in().get(self._first)
        empty = [one for one in inputs if not text_of(one)]
        self._go_to(asked or (empty or inputs)[0])

    def _go_to(self, field: Widget) -> None:
        """Typing goes there; the fields scroll so that its label is seen too."""
        field.focus(scroll_visible=False)
        self.call_after_refresh(self._show_with_label, field)

    def _show_with_label(self, field: Widget) -> None:
        label = self.query(".label")[self._fields_there().index(field)]
        both = label.virtual_region.union(field.virtual_region)
        self.query_one("#form-fields").scroll_to_region(both, animate=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes on."""
        event.stop()
        inputs = self._fields_there()
        here = inputs.index(event.input) if event.input in inputs else 0
        if here + 1 < len(inputs):
            self._go_to(inputs[here + 1])
        else:
            self.action_accept()

    def value(self) -> Values | None:
        """The texts, when nothing is wrong with them."""
        found = {name: text_of(field).strip() for name, field in self.written_in().items()}
        wrong = self._check(found) if self._check else ""
        if wrong:
            self.query_one("#missing", Plain).show("⚠ " + wrong)
            return None
        return found
