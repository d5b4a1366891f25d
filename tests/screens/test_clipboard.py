"""The clipboard: a file where terminals have none, and no sealed text written down."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from desk.clock import FakeClock
from screens import clipboard
from screens.app import DeskApp
from screens.sample import SampleSource


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return tmp_path / "desk" / clipboard.FILE


def desk(room: str) -> DeskApp:
    clock = FakeClock("2026-11-20T01:00:00Z")
    return DeskApp(SampleSource(clock), clock=clock, room=room)


async def test_what_is_public_also_goes_into_a_file_that_goes_with_the_desk(runtime: Path) -> None:
    app = desk("monitor")
    async with app.run_test() as pilot:
        await pilot.pause()
        for text in ("024 555-0101", "Số liệu\r\nquý III"):
            app.copy_to_clipboard(text)
            assert runtime.read_bytes().decode() == text.replace("\r\n", "\n")
            assert stat.S_IMODE(runtime.stat().st_mode) == 0o600
            assert stat.S_IMODE(runtime.parent.stat().st_mode) == 0o700
        await pilot.pause()
        assert any(str(runtime) in note.message for note in app._notifications)
    assert not runtime.exists()


async def test_attack_29_nothing_copied_can_act_when_it_is_pasted(runtime: Path) -> None:
    app = desk("monitor")
    async with app.run_test() as pilot:
        await pilot.pause()
        app.copy_to_clipboard("a\x1b]0;owned\x07\x9b31m\u202eb\tc\nd\r")
        copied = runtime.read_text("utf-8")
        assert app.clipboard == copied
        assert not set(copied) & set("\x1b\x07\x9b\u202e\r")
        assert "b\tc\nd" in copied


async def test_what_may_be_under_embargo_is_never_written_down(runtime: Path) -> None:
    app = desk("queue")
    async with app.run_test() as pilot:
        await pilot.pause()
        app.copy_to_clipboard("tăng 7,4%")
        await pilot.pause()
        assert not runtime.exists()
        assert any("embargo" in note.message for note in app._notifications)


async def test_a_link_in_its_place_is_not_followed(runtime: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("cũ", "utf-8")
    runtime.parent.mkdir()
    runtime.symlink_to(other)
    clipboard.keep("mới")
    assert other.read_text("utf-8") == "cũ"
    assert not runtime.is_symlink()


@pytest.mark.parametrize(("variable", "value"), [("SSH_CONNECTION", "192.0.2.1 1 192.0.2.2 22"),
                                                 ("TERM", "dumb")])  # fmt: skip
def test_nothing_moves_over_a_long_line(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    assert desk("monitor").animation_level == "none"
