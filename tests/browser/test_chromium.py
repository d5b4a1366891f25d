"""The desk in a real browser: it is drawn under our policy, and keys mean what a person meant."""

from __future__ import annotations

import asyncio
import json
import os
import struct
import sys
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from chromium import PATIENCE, Chromium, Tab, chromium, program
from locked import Locked

from desk.browser.server import Limits, Server

ROOT = Path(__file__).resolve().parents[2]
SEEN = "document.querySelector('.xterm-text-layer') !== null"
CONTROL = 2

pytestmark = pytest.mark.skipif(program() is None, reason="needs Chromium on the PATH")


def running(script: str, *arguments: str) -> tuple[str, ...]:
    """The command that runs one of the pty tests' programs."""
    start = (
        f"import runpy, sys; sys.path.insert(0, {str(ROOT)!r}); sys.argv[1:] = {list(arguments)!r};"
        f"runpy.run_path({str(ROOT / script)!r}, run_name='__main__')"
    )
    return (sys.executable, "-c", start)


@asynccontextmanager
async def browser(
    tmp_path: Path, *command: str, limits: Limits | None = None
) -> AsyncIterator[tuple[Chromium, Server, str]]:
    """A browser, a server, and the link that lets the one into the other."""
    server = Server(command, limits=limits)
    link = await server.start()
    try:
        async with chromium(tmp_path / "profile") as started:
            yield started, server, link
    finally:
        await server.stop()


async def until(ready: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not ready():
            await asyncio.sleep(0.02)


class Typist:
    """A person at a page that shows one text field."""

    def __init__(self, tab: Tab, path: Path) -> None:
        self.tab, self.path, self.rounds = tab, path, 0

    async def has_typed(self) -> str:
        """What the field holds; it is empty afterwards."""
        self.rounds += 1
        await self.tab.key("g", "KeyG", 71, CONTROL)
        await self.tab.sees(f"WRITTEN {self.rounds}.")
        return self.path.read_text("utf-8")


def colours(png: bytes) -> int:
    """How many different bytes the rows of a picture hold: one that is blank has very few."""
    data, at = b"", 8
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            data += png[at + 8 : at + 8 + size]
        at += size + 12
    return len(set(zlib.decompress(data)))


async def test_the_link_leads_to_a_desk_that_is_drawn_and_takes_keys_at_once(
    tmp_path: Path,
) -> None:
    command = running("tests/pty/recorder.py", "plain", str(tmp_path / "acts"))
    async with browser(tmp_path, *command) as (started, server, link):
        tab = await started.tab()
        await tab.open(link)
        await tab.ready()  # nobody had to click into the terminal
        await tab.sees("SAO-MAI")
        assert await tab.evaluate("location.href") == server.gate.origin + "/"
        assert await tab.evaluate(SEEN)
        await tab.picture(tmp_path / "desk.png")
        assert colours((tmp_path / "desk.png").read_bytes()) > 50
        await tab.press("2")
        await tab.sees("Since rev 4")
        assert not [line for line in tab.console if "Security Policy" in line or "404" in line]
        fonts = "[...document.fonts].filter(f => f.status === 'loaded').length"
        assert await tab.evaluate(fonts) >= 1
        # A click on an address in the terminal opens nothing.
        assert await tab.evaluate("window.open('https://www.example.org/')") is None


@pytest.mark.parametrize("kind", ["input", "area"])
async def test_vietnamese_arrives_however_the_input_method_sends_it(
    tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "value.txt"
    command = running("tests/pty/field_app.py", kind, str(path))
    async with browser(tmp_path, *command) as (started, _server, link):
        tab = await started.tab()
        await tab.open(link)
        await tab.ready()
        await tab.sees("READY")
        typist = Typist(tab, path)

        await tab.press("Tieng ")
        for word in ("Việt", " ", "Tiê\u0301ng", " ", "Vie\u0323\u0302t"):
            await tab.call("Input.insertText", text=word)  # at once: macOS, an emoji panel
        assert await typist.has_typed() == "Tieng Việt Tiếng Việt"

        for stage in ("n", "ng", "ngh", "nghi", "nghie", "nghiê", "nghiễ"):  # underlined: ibus
            await tab.call("Input.imeSetComposition", text=stage, selectionStart=len(stage),
                           selectionEnd=len(stage))  # fmt: skip
        await tab.call("Input.insertText", text="nghiễm")
        await tab.has_sent("nghiễm")  # the page waits for the end of a composition
        assert await typist.has_typed() == "nghiễm"

        for keys in ("Vie", None, "ê", "t", None, None, "ệt"):  # fcitx: deletes and types again
            if keys is None:
                await tab.key("Backspace", number=8)
            else:
                await tab.press(keys)
        assert await typist.has_typed() == "Việt"

        paste = (
            "(text => { const data = new DataTransfer(); data.setData('text/plain', text);"
            "document.querySelector('.xterm-helper-textarea').dispatchEvent("
            "new ClipboardEvent('paste', {clipboardData: data, bubbles: true})); })"
        )
        await tab.evaluate(
            paste + "('Tie\u0302\u0301ng \u202eVie\u0323\u0302t\\x1b[201~q\\x9b31m')"
        )
        assert await typist.has_typed() == "Tiếng Việt[201~q31m"


def sizes(tab: Tab) -> list[dict[str, int]]:
    """Columns and rows that the page has told, in order."""
    return [json.loads(text)[1] for text in tab.sent if text.startswith('["resize"')]


async def test_the_mouse_and_the_size_of_the_window_reach_the_desk(tmp_path: Path) -> None:
    command = running("tests/pty/recorder.py", "plain", str(tmp_path / "acts"))
    async with browser(tmp_path, *command) as (started, _server, link):
        tab = await started.tab()
        await tab.open(link)
        await tab.ready()
        await tab.sees("SAO-MAI")
        await tab.click(160, 8)  # the second room's name in the first line
        await tab.sees("Since rev 4")
        await tab.call("Emulation.setDeviceMetricsOverride", width=700, height=440,
                       deviceScaleFactor=1, mobile=False)  # fmt: skip
        await until(lambda: sizes(tab)[-1]["width"] < 80)
        assert sizes(tab)[0]["width"] > 100
        assert sizes(tab)[-1]["height"] >= 24
        await tab.sees("Since rev 4")  # drawn again, for the new size


async def test_two_tabs_are_two_desks_and_a_closed_one_is_gone(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    desk = running("tests/pty/recorder.py", "plain", str(tmp_path / "acts"))
    note = f"import os; open({str(pids)!r}, 'a').write(f'{{os.getpid()}}\\n');" + desk[2]
    command = (sys.executable, "-c", note)
    async with browser(tmp_path, *command, limits=Limits(sessions=2)) as (started, server, link):
        first, second, third = [await started.tab() for _ in range(3)]
        await first.open(link)
        await first.sees("SAO-MAI")
        await second.open(server.gate.origin + "/")
        await second.sees("SAO-MAI")
        assert server.sessions == 2

        await third.open(server.gate.origin + "/")
        await third.says("with q")
        await third.open(link)  # it was used
        await third.says("used already")

        await second.ready()
        await second.press("2")
        await second.sees("Since rev 4")
        assert b"Since rev 4" not in first.drawn
        await first.close()
        await until(lambda: server.sessions == 1)
        process = int(pids.read_text("utf-8").split()[0])
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)

        await second.key("q", "KeyQ", 81, CONTROL)
        await second.until("document.body?.classList.contains('-closed')")
        assert "Nothing that was stored is lost" in await second.evaluate(
            "document.querySelector('#ended').innerText"
        )
        await second.key("Enter", number=13)  # the way back has the focus
        await second.until("document.body?.className.includes('-loaded -first')")
        await second.sees("SAO-MAI")


async def test_a_page_of_elsewhere_cannot_reach_the_desk(tmp_path: Path) -> None:
    command = running("tests/pty/recorder.py", "plain", str(tmp_path / "acts"))
    async with browser(tmp_path, *command) as (started, server, link):
        tab = await started.tab()
        await tab.open(link)
        await tab.sees("SAO-MAI")
        other = await started.tab()
        name = server.gate.origin.replace("127.0.0.1", "localhost")
        await other.open(name + "/")  # a name that leads here, as a rebound one would
        await other.says("desk serve")
        knock = (
            "new Promise(done => {{ const s = new WebSocket('{url}/ws?width=80&height=24');"
            "s.onopen = () => done('open'); s.onerror = () => done('refused'); }})"
        )
        for url in (server.gate.origin, name):
            told = await other.evaluate(knock.format(url=url.replace("http", "ws")))
            assert told == "refused", url
        assert server.sessions == 1


async def test_the_passphrase_is_asked_in_the_page_and_again_in_the_next_session(
    tmp_path: Path, locked: Locked
) -> None:
    async with browser(tmp_path, *locked.command) as (started, server, link):
        tab = await started.tab()
        await tab.open(link)
        await tab.ready()
        await tab.sees("mật khẩu")
        await tab.call("Input.insertText", text=locked.passphrase)
        await tab.key("Enter", number=13)
        drawn = await tab.sees("khung giờ trống")
        assert locked.passphrase.encode() not in drawn
        await tab.call("Page.reload")  # as after a lost connection
        await tab.sees("mật khẩu")
        await until(lambda: server.sessions == 1)
        assert b"khung gi" not in tab.drawn
