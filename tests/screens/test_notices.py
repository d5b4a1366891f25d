"""Notices: alerts of the newsroom, told once, and in nobody's way."""

from __future__ import annotations

import pytest

from desk.errors import Unavailable
from screens.dialogs.passphrase import Passphrase
from tests.screens.sample_desk import desk, source
from tests.screens.waiting import picture, settled, until


async def test_a_new_alert_is_shown_once_and_rings_once(monkeypatch: pytest.MonkeyPatch) -> None:
    app = desk()
    rung: list[str] = []
    monkeypatch.setattr(app, "bell", lambda: rung.append("bell"))
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await settled(pilot)
        source(app).ringing = [f"Release [@click=app.quit]SAO-{n}[/] is on hold." for n in range(5)]
        app.ring()
        await until(pilot, lambda: "2 more alerts" in picture(app))
        text = picture(app)
        assert "[@click=app.quit]SAO-0[/]" in text, "as it is, never as markup"
        assert "SAO-3" not in text
        app.ring()
        await settled(pilot)
        assert rung == ["bell"]


async def test_alerts_wait_behind_the_curtain() -> None:
    app = desk()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await pilot.press("ctrl+l")
        source(app).ringing = ["Release SAO-MAI is on hold."]
        app.ring()
        await settled(pilot)
        assert "on hold." not in picture(app)
        await pilot.press("ctrl+l")
        await settled(pilot)
        assert "SAO-MAI is on hold." in picture(app)


async def test_a_newsroom_that_does_not_answer_rings_nothing() -> None:
    app = desk()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        source(app).ringing = ["Release SAO-MAI is on hold."]
        source(app).fault = Unavailable("The database does not answer")
        app.ring()
        await settled(pilot)
        assert "is on hold." not in picture(app)
        source(app).fault = None
        app.ring()
        await settled(pilot)
        assert "is on hold." in picture(app)


async def test_notices_hide_neither_the_fields_nor_the_buttons_of_a_dialog() -> None:
    app = desk(room="queue")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, Passphrase))
        for number in range(3):
            app.notify(f"⚠ {number} SAO-MAI (r-kjf69e1y0k) is held", severity="warning")
        await until(pilot, lambda: "⚠ 2 SAO-MAI" in picture(app))
        shown = picture(app)
        assert "passphrase" in shown
        assert "approve  Enter" in shown
        assert "Esc" in shown
