"""The form: more fields than the terminal has lines, and still nothing out of reach."""

from __future__ import annotations

import pytest
from textual.app import App

from screens.app import DeskApp
from screens.dialogs.form import Field, Form, Values
from screens.widgets.input import Input


class FormApp(App[Values | None]):
    """An app that is nothing but a form of ten fields, in the desk's own style."""

    CSS_PATH = DeskApp.CSS_PATH

    def __init__(self) -> None:
        super().__init__()
        from screens import themes

        for theme in themes.THEMES:
            self.register_theme(theme)
        self.theme = "desk-dark"

    def on_mount(self) -> None:
        fields = [Field(f"f{number}", f"Nhãn {number}") for number in range(10)]
        about = "\n".join(f"dòng {number}" for number in range(8))
        self.push_screen(Form("Biểu mẫu", fields, "ghi", text=about), self.exit)


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (200, 60)])
async def test_every_field_and_the_buttons_can_be_reached(size: tuple[int, int]) -> None:
    app = FormApp()
    async with app.run_test(size=size) as pilot:
        for number in range(10):
            await pilot.pause()
            field = app.screen.query_one(f"#field-f{number}", Input)
            assert app.focused is field
            assert field.region in app.screen.query_one("#form-fields").region, number
            assert field.region in app.screen.region, number
            label = app.screen.query(".label")[number]
            assert label.region in app.screen.query_one("#form-fields").region, number
            assert app.screen.query_one("#accept").region in app.screen.region
            assert app.screen.query_one("#missing").region in app.screen.region
            await pilot.press(*f"x{number}", "enter")
    assert app.return_value == {f"f{number}": f"x{number}" for number in range(10)}
