"""One release from plan to public: two desks in a real tmux, a real publisher, real portals."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from desk.clock import SystemClock, now, parse_instant, to_wall
from desk.demo import headless, keep
from desk.demo.content import messages
from desk.demo.headless import Stage
from desk.demo.newsroom import approve, write_pair
from desk.releases import views
from tests.screens.tmux import PATIENCE, Pane, Tmux, server

pytestmark = [
    pytest.mark.instants,
    pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed"),
]
ZONE = "Asia/Ho_Chi_Minh"
CODE = "ĐÊM-HỘI"
AHEAD = 60  # seconds in which two leads sign
NOTE = "Chờ số liệu tháng Mười một"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path: a socket's name has 107 bytes at most."""
    made = Path(tempfile.mkdtemp(prefix="desk-tmux-"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def stage(folder: Path) -> Iterator[Stage]:
    """Portals and a publisher run; nothing is planned; one pair waits for its last approval."""
    root = folder / "room"
    root.mkdir(mode=0o700)
    stage = headless.build(root, 0, lambda _text: None, canary=False)
    try:
        keep.keep(stage)
        newsroom = stage.newsroom
        with newsroom.room.reading() as view:
            kinds = view.policy.kinds
        message = next(one for one in messages() if kinds[one.kind]["chain"][-1] == "check")
        newsroom.items += write_pair(newsroom, message)
        for item in newsroom.items:
            approve(newsroom, item, but_last=True)
        yield stage
    finally:
        stage.services.stop()


class Post:
    """Somebody at a desk in a pane."""

    def __init__(self, tmux: Tmux, stage: Stage, person: str, room: str) -> None:
        root = stage.newsroom.root
        environment = {
            "LANG": "vi_VN.UTF-8", "LC_ALL": "", "DESK_NEWSROOM": "", "TEXTUAL_ANIMATIONS": "none",
            "PYTHONPATH": str(Path(__file__).resolve().parents[2]), "PATH": os.environ["PATH"],
            "XDG_CONFIG_HOME": f"{root}/config", "XDG_STATE_HOME": f"{root}/state-{person}",
            "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent",
        }  # fmt: skip
        shutil.copytree(root / "state", root / f"state-{person}")
        self.phrase = (root / keep.PASSPHRASE).read_text("utf-8").strip()
        self.pane: Pane = tmux.pane(
            person, environment, "-m", "desk", "--newsroom", str(root), "--key", person, "app",
            "--room", room,
        )  # fmt: skip
        self.pane.see(person)
        self.pane.burst(self.phrase + "\r")
        self.pane.see("khung giờ trống", "? trợ giúp")

    def sealed(self, *title: str) -> None:
        """The passphrase, in the dialog that has these words."""
        self.pane.see(*title, "mật khẩu")
        self.pane.burst(self.phrase)
        self.pane.see("•" * 8)
        self.pane.keys("Enter")
        self.pane.no_more("mật khẩu")

    def at_release(self, row: str) -> None:
        """Filter the calendar to the one release."""
        self.pane.keys("/")
        self.pane.see("cơ-quan:")
        self.pane.telex(CODE)
        self.pane.keys("Enter")
        self.pane.see(f"/ {CODE}", row)

    def placed(self) -> None:
        """The clock may stand in a blackout: then that is insisted on."""
        if self.pane.any_of("mật khẩu", "không trống") == "không trống":
            self.pane.keys("Enter")
            self.pane.no_more("không trống")


def status(stage: Stage, item: str) -> int:
    answer = httpx.get(f"{stage.urls['portal']}/items/{item}", trust_env=False)
    return answer.status_code


def test_one_release_from_plan_to_public(stage: Stage, folder: Path) -> None:
    room, items = stage.newsroom.room, stage.newsroom.items
    tomorrow = to_wall(now(SystemClock()) + timedelta(days=1), ZONE)
    with server(folder) as tmux:
        lead = Post(tmux, stage, "lead-1", "calendar")
        editor = Post(tmux, stage, "editor-1", "calendar")

        # The editor plans; the lead sees it come without pressing a key.
        editor.pane.keys("n")
        editor.pane.see("mật danh", "tiếp tục")
        editor.pane.telex(CODE)
        editor.pane.see(CODE)
        editor.pane.keys("Tab")
        editor.pane.typing_into(f"/{tomorrow:%Y} ")
        editor.pane.keys("C-u")
        editor.pane.burst(f"{tomorrow:%d/%m/%Y} 23:40")
        editor.pane.see("23:40")
        editor.pane.resize(60, 20)  # a window is made smaller in the middle of a dialog
        editor.pane.see("23:40", CODE)
        editor.pane.keys("C-s")
        editor.pane.see("Công bố gì?")
        editor.pane.keys("Enter")
        editor.pane.see("☒")
        editor.pane.keys("Down", "Enter")
        editor.pane.see("đã đánh dấu 2")
        editor.pane.resize(80, 24)
        editor.pane.keys("C-s")
        editor.pane.see("Trên những kênh nào?")
        editor.pane.keys("C-s")
        if editor.pane.any_of("Đã lập dự kiến", "không trống") == "không trống":
            editor.pane.keys("Enter")
        lead.at_release("dự kiến")
        editor.at_release("dự kiến")
        (planned,) = views.upcoming(room, 5, grace=0)
        release = planned.row.id

        # Another one approves both languages with one word.
        lead.pane.keys("2")
        lead.pane.see("TÓM TẮT")
        lead.pane.keys("b")
        lead.sealed("Duyệt")
        lead.pane.keys("1")
        lead.pane.see(f"/ {CODE}", "dự kiến")  # the room is as it was left
        lead.pane.keys("c")
        lead.pane.see("Xác nhận")
        lead.pane.keys("Enter")
        lead.pane.see("đã xác nhận")
        editor.pane.see("đã xác nhận")

        # It is moved to the next minute, with a word to the public; two leads sign.
        other = Post(tmux, stage, "lead-2", "calendar")
        other.at_release("đã xác nhận")
        lead.pane.keys("m")
        lead.pane.see("Dời", "23:40", "công chúng", "tiếp tục")
        due = to_wall(now(SystemClock()) + timedelta(seconds=AHEAD), ZONE)
        lead.pane.burst(f"{due:%d/%m/%Y %H:%M:%S}")  # in place of the time that stood there
        lead.pane.see(f"{due:%H:%M:%S}")
        lead.pane.keys("Tab")
        lead.pane.telex(NOTE)
        lead.pane.see(NOTE)
        lead.pane.keys("C-s")
        lead.placed()
        lead.sealed("Dời")
        other.pane.see(f"{due:%H:%M:%S}")
        for post in (lead, other):
            post.pane.keys("s")
            post.sealed("Ký duyệt")
        editor.pane.any_of("đã ký", "đã chuyển")
        with room.reading(release) as view:
            known = view.record.releases[release]
        assert known.plan[-1].note == NOTE
        assert known.signoff is not None
        at = parse_instant(known.at)

        # Nothing is out before the instant; everything is at it, and every desk says so.
        before = [status(stage, item) for item in items]
        assert now(SystemClock()) >= at or before == [404, 404]
        editor.pane.see("đã công bố")
        other.pane.see("đã công bố")
        end = time.monotonic() + PATIENCE
        while [status(stage, item) for item in items] != [200, 200]:
            assert time.monotonic() < end
        for post in (lead, editor, other):
            post.pane.keys("q")
