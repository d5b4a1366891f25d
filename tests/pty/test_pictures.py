"""A picture looked at in terminals that can draw it, that cannot, far away, and without colour."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

from screens.terminal_pictures import QUESTION
from tests.pty.terminal import Terminal

SIXEL = b"\x1b[6;18;9t\x1b[?62;4;22c"
KITTY = b"\x1b_Gi=31;OK\x1b\\\x1b[6;18;9t\x1b[?62;c"
NEITHER = b"\x1b[?1;2c"
BARE = {"TERM_PROGRAM": "", "KITTY_WINDOW_ID": "", "SSH_CONNECTION": "", "SSH_TTY": "", "TMUX": "",
        "STY": "", "GHOSTTY_RESOURCES_DIR": "", "WEZTERM_PANE": "", "KONSOLE_VERSION": "",
        "WT_SESSION": "", "LANG": "en_US.UTF-8", "LC_ALL": "", "DESK_LANG": "en"}  # fmt: skip
DRAWN = re.compile(rb"\x1bP[0-9;]*q|\x1b_Gi=\d+,m=")  # sixel, or kitty's transfer


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "village.png"
    image = Image.new("RGB", (120, 90), "red")
    image.paste("blue", (60, 0, 120, 90))
    image.save(path)
    return path


def opened(picture: Path, **environment: str) -> Terminal:
    return Terminal(
        "-m", "tests.pty.picture_app", str(picture), environment={**BARE, **environment}
    )


def halves(terminal: Terminal) -> int:
    return terminal.text().count("▀")


def leave(terminal: Terminal) -> None:
    terminal.send(b"\x1b")
    terminal.wait_for_no("sha256")
    terminal.send(b"\x11")
    assert terminal.finish() == 0


@pytest.mark.parametrize(
    ("program", "answer", "drawn"),
    [
        ("foot", SIXEL, rb"\x1bP[0-9;]*q"),
        ("kitty", KITTY, rb"\x1b_Gi=\d+,m=\d,f=100"),
        ("wezterm", KITTY + b"\x1b[?65;4;6c", rb"\x1b_Gi=\d+,m=\d,f=100"),
    ],
)
def test_a_terminal_that_says_it_can_is_given_the_picture(
    picture: Path, program: str, answer: bytes, drawn: bytes
) -> None:
    with opened(picture, TERM_PROGRAM=program) as terminal:
        terminal.wait(lambda: QUESTION in terminal.raw, "the question")
        terminal.send(answer)
        terminal.wait(lambda: re.search(drawn, terminal.raw), "the picture")
        assert halves(terminal) == 0
        leave(terminal)


def test_a_terminal_that_answers_no_draws_half_cells(picture: Path) -> None:
    with opened(picture, TERM_PROGRAM="foot") as terminal:
        terminal.wait(lambda: QUESTION in terminal.raw, "the question")
        terminal.send(NEITHER)
        terminal.wait(lambda: halves(terminal) > 50, "half cells")
        assert not DRAWN.search(terminal.raw)
        leave(terminal)


def test_a_terminal_that_says_nothing_keeps_its_keys_and_draws_half_cells(picture: Path) -> None:
    with opened(picture, TERM_PROGRAM="foot") as terminal:
        terminal.wait(lambda: halves(terminal) > 50, "half cells")
        assert not DRAWN.search(terminal.raw)
        leave(terminal)


@pytest.mark.parametrize(
    "where", [{}, {"TERM_PROGRAM": "kitty", "TMUX": "/tmp/tmux-0/default,1,0"}]
)
def test_a_terminal_that_is_not_known_to_answer_is_not_asked(
    picture: Path, where: dict[str, str]
) -> None:
    with opened(picture, **where) as terminal:
        terminal.wait(lambda: halves(terminal) > 50, "half cells")
        assert b"a=q" not in terminal.raw
        leave(terminal)


def test_far_away_it_is_named_and_drawn_on_request(picture: Path) -> None:
    far = {"SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22", "TERM_PROGRAM": "kitty"}
    with opened(picture, **far) as terminal:
        terminal.wait(lambda: re.search(r"ssh.*\bp\b", terminal.text()), "why it is not drawn")
        assert "village.png" in terminal.text()
        assert halves(terminal) == 0
        terminal.send(b"p")
        terminal.wait(lambda: halves(terminal) > 50, "half cells")
        assert b"a=q" not in terminal.raw
        assert not DRAWN.search(terminal.raw)
        leave(terminal)


def test_without_colour_it_is_drawn_in_characters_without_any(picture: Path) -> None:
    with opened(picture, NO_COLOR="1", TERM_PROGRAM="kitty") as terminal:
        terminal.wait_for("village.png")
        terminal.wait(lambda: re.search("[▁-█░▒▓#@]{3}", terminal.text()), "shades")
        assert b"a=q" not in terminal.raw
        told = re.findall(rb"[34]8;2;(\d+);(\d+);(\d+)", terminal.raw)
        assert all(red == green == blue for red, green, blue in told)
        leave(terminal)


@pytest.mark.parametrize("program", ["foot", "kitty"])
def test_a_picture_of_one_row_of_pixels_and_a_terminal_made_tiny_do_no_harm(
    tmp_path: Path, program: str
) -> None:
    path = tmp_path / "line.png"
    Image.new("RGB", (50, 1), "red").save(path)
    with opened(path, TERM_PROGRAM=program) as terminal:
        terminal.wait(lambda: QUESTION in terminal.raw, "the question")
        terminal.send(SIXEL if program == "foot" else KITTY)
        terminal.wait(lambda: DRAWN.search(terminal.raw), "the picture")
        for columns, rows in ((20, 5), (200, 60), (80, 24)):
            before = len(terminal.raw)
            terminal.resize(columns, rows)
            terminal.wait(lambda start=before: b"line.png" in terminal.raw[start:], "the new size")
        terminal.wait_for("Esc")
        leave(terminal)


def test_attack_29_bytes_of_a_broken_picture_never_reach_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "evil.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\x1b]0;owned\x07\x1b[31mSECRET" + bytes(range(256)) * 4)
    with opened(path) as terminal:
        terminal.wait(lambda: "cannot be drawn" in terminal.text()
                      or "không vẽ được" in terminal.text(), "the reason")  # fmt: skip
        assert b"owned" not in terminal.raw
        assert b"SECRET" not in terminal.raw
        leave(terminal)
