"""The desk and the demo in a terminal, as a person runs them: real processes, keys, passphrase."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desk.demo import keep
from desk.demo.newsroom import DemoNewsroom
from tests.pty.kept import desk, environment, newsroom_with_keys, phrase
from tests.pty.terminal import Terminal
from tests.screens import newsroom_world

PATIENCE = 90.0  # seconds; only ends a hung test


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> DemoNewsroom:
    return newsroom_with_keys(tmp_path_factory.mktemp("kept"))


def gone(terminal: Terminal, text: str) -> None:
    terminal.wait(lambda: text not in terminal.text(), f"the end of {text}")


def to_an_item(terminal: Terminal) -> None:
    """From a release that waits to be signed, which comes first on some days, to an item."""
    seen = ("TÓM TẮT", "Enter mở bản kê")
    terminal.wait(lambda: any(text in terminal.text() for text in seen), "the first that waits")
    if seen[0] not in terminal.text():
        terminal.send(b"n")
    terminal.wait_for(seen[0])


def test_the_desk_opens_after_the_passphrase_and_shows_every_room(kept: DemoNewsroom) -> None:
    with desk(kept.root, "--key", "lead-1") as terminal:
        terminal.wait_for("Mật khẩu mở khóa cho khóa của lead-1")
        terminal.send(phrase(kept.root))
        terminal.wait_for("khung giờ trống")
        terminal.wait_for("chờ duyệt 5")
        assert phrase(kept.root).strip() not in bytes(terminal.raw)
        terminal.send(b"2")
        terminal.wait_for("ai duyệt được")
        to_an_item(terminal)
        terminal.send(b"3")
        terminal.wait_for("Bộ công bố không trả lời")
        terminal.send(b"q")
        assert terminal.finish() == 0


def test_approving_asks_again_and_a_wrong_passphrase_approves_nothing(kept: DemoNewsroom) -> None:
    before = newsroom_world.head(kept)
    with desk(kept.root, "--key", "lead-1", "app", "--room", "queue") as terminal:
        terminal.wait_for("Mật khẩu mở khóa cho khóa của lead-1")
        terminal.send(phrase(kept.root))
        terminal.wait_for("chờ duyệt 5")
        to_an_item(terminal)
        terminal.send(b"a")
        terminal.wait_for("mật khẩu")
        terminal.send("sai mật khẩu rồi\r".encode())
        terminal.wait_for("✖")
        assert newsroom_world.head(kept) == before
        terminal.send(b"\x1b")
        gone(terminal, "✖")
        terminal.wait_for("mật khẩu")  # asked for again, over the same facts
        terminal.send(phrase(kept.root))
        terminal.wait_for("chờ duyệt 4")
        assert newsroom_world.head(kept) == before + 1
        terminal.send(b"q")
        assert terminal.finish() == 0


def test_a_wrong_passphrase_opens_nothing(kept: DemoNewsroom) -> None:
    with desk(kept.root, "--key", "lead-1") as terminal:
        terminal.wait_for("Mật khẩu mở khóa cho khóa của lead-1")
        terminal.send(b"wrong wrong wrong\r")
        assert terminal.finish() == 6
        assert "Traceback" not in terminal.text()


def test_without_a_key_of_ones_own_the_desk_says_what_to_do(
    kept: DemoNewsroom, tmp_path: Path
) -> None:
    settings = tmp_path / "desk" / "settings.yaml"
    settings.parent.mkdir()
    settings.write_text("key_store: file\n", "utf-8")
    with desk(kept.root, XDG_CONFIG_HOME=str(tmp_path)) as terminal:
        assert terminal.finish() == 4
        assert "desk key new" in terminal.text()


def test_without_a_newsroom_the_desk_says_what_to_do(tmp_path: Path) -> None:
    with Terminal(
        "-m", "desk", "--newsroom", str(tmp_path), environment=environment(tmp_path)
    ) as terminal:
        assert terminal.finish() == 4
        assert "desk newsroom init" in terminal.text()


def test_a_stranger_to_the_roster_is_shown_out_again(kept: DemoNewsroom) -> None:
    passphrase = phrase(kept.root).strip()
    others = keep.KeyFile(kept.root / "keys", lambda _w, _n: bytearray(passphrase), keep.CHEAP)
    others.save("desk-vn", "stranger", os.urandom(32))
    with desk(kept.root, "--key", "stranger") as terminal:
        terminal.wait_for("Mật khẩu mở khóa cho khóa của stranger")
        terminal.send(phrase(kept.root))
        assert terminal.finish() == 3
        assert "desk roster show" in terminal.text()


@pytest.mark.parametrize("columns", [40, 200])
def test_without_colours_and_at_odd_sizes_states_are_words(
    kept: DemoNewsroom, columns: int
) -> None:
    with desk(kept.root, "--key", "lead-2", columns=columns, NO_COLOR="1") as terminal:
        terminal.wait_for("Mật khẩu mở khóa")
        terminal.send(phrase(kept.root))
        terminal.wait_for("● đã ký")
        for red, green, blue in re.findall(rb"[34]8;2;(\d+);(\d+);(\d+)", bytes(terminal.raw)):
            assert red == green == blue
        terminal.send(b"q")
        assert terminal.finish() == 0


# The demo, whole


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    """Start `desk demo` in a terminal, its folder below tmp_path."""
    opened: list[Terminal] = []

    def start(*arguments: str) -> Terminal:
        more = environment(tmp_path, TMPDIR=str(tmp_path))
        opened.append(Terminal("-m", "desk", "demo", *arguments, environment=more))
        return opened[-1]

    yield start
    for terminal in opened:
        terminal.__exit__()


def processes_below(folder: Path) -> list[str]:
    """Command lines of running processes that name the folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue
        if str(folder) in line:
            found.append(line)
    return found


def await_end(folder: Path) -> None:
    end = time.monotonic() + PATIENCE
    while processes_below(folder) and time.monotonic() < end:
        time.sleep(0.05)
    assert not processes_below(folder)


@pytest.mark.instants
def test_the_demo_counts_down_releases_and_leaves_nothing_behind(
    demo: Callable[..., Terminal], tmp_path: Path
) -> None:
    terminal = demo("--in", "12", "--items", "4")
    terminal.wait_for("CHẠY THỬ")
    terminal.wait_for("http://127.0.0.1:")
    terminal.wait_for("đã chuyển trước")
    terminal.wait_for("khớp ✔")
    assert terminal.text().count("khớp ✔") >= 1
    terminal.wait_for("1 đúng giờ")
    terminal.send(b"q")
    terminal.wait_for("Enter")
    terminal.send(b"\r")
    assert terminal.finish() == 0
    await_end(tmp_path)
    assert not list(tmp_path.glob("desk-demo-*"))


@pytest.mark.instants
def test_a_demo_that_is_ended_by_a_signal_leaves_nothing_behind(
    demo: Callable[..., Terminal], tmp_path: Path
) -> None:
    terminal = demo("--in", "600", "--items", "2")
    terminal.wait_for("CHẠY THỬ")
    os.kill(terminal._pid, signal.SIGTERM)
    terminal.finish()
    await_end(tmp_path)
    assert not list(tmp_path.glob("desk-demo-*"))
