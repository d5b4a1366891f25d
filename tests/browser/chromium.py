"""A real Chromium without a window, driven over the DevTools protocol through two pipes.

No port is opened: what the pipes carry is one JSON object a message, ended by a NUL
(https://chromedevtools.github.io/devtools-protocol/, `--remote-debugging-pipe`).
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PATIENCE = 90.0  # seconds; only ends a hung test
START = """
import fcntl, os, sys
reads, writes = (fcntl.fcntl(int(number), fcntl.F_DUPFD, 10) for number in sys.argv[1:3])
os.dup2(reads, 3)
os.dup2(writes, 4)
os.execv(sys.argv[3], sys.argv[3:])
"""  # the browser reads at descriptor 3 and writes at 4
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def program() -> str | None:
    """Where a Chromium is, or None."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@dataclass
class Tab:
    """One tab. `console` is what the browser complained about, `drawn` what came to the terminal
    since it was last looked for, `sent` what the page sent.
    """

    chromium: Chromium
    target: str
    session: str
    console: list[str] = field(default_factory=list)
    drawn: bytearray = field(default_factory=bytearray)
    sent: list[str] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        return await self.chromium.call(method, self.session, **parameters)

    async def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page."""
        answer = await self.call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    async def open(self, url: str) -> None:
        await self.call("Page.navigate", url=url)

    async def until(self, expression: str) -> None:
        """Wait until a JavaScript expression is true; a page that changes is asked again."""
        async with asyncio.timeout(PATIENCE):
            while True:
                with suppress(RuntimeError):
                    if await self.evaluate(expression):
                        return
                await asyncio.sleep(0.05)

    async def sees(self, text: str) -> bytes:
        """Wait until the text was drawn. Returns everything drawn until then, and forgets it."""
        async with asyncio.timeout(PATIENCE):
            while text.encode() not in self.drawn:
                self.arrived.clear()
                await self.arrived.wait()
        found = bytes(self.drawn)
        self.drawn.clear()
        return found

    async def says(self, text: str) -> None:
        """Wait until the page, not the terminal in it, shows the text."""
        await self.until(f"document.body?.innerText.includes({json.dumps(text)})")

    async def has_sent(self, text: str) -> None:
        """Wait until the page has sent the text as keys."""
        wanted = json.dumps(["stdin", text], ensure_ascii=False, separators=(",", ":"))
        async with asyncio.timeout(PATIENCE):
            while wanted not in self.sent:
                self.arrived.clear()
                await self.arrived.wait()

    async def ready(self) -> None:
        """Wait until the terminal has drawn something and takes keys."""
        await self.until("document.activeElement?.className === 'xterm-helper-textarea'")

    async def key(self, key: str, code: str = "", number: int = 0, modifiers: int = 0) -> None:
        """Press a key that has no text of its own: Enter, ArrowDown, F2, Control with a letter."""
        about = {"key": key, "code": code or key, "windowsVirtualKeyCode": number,
                 "modifiers": modifiers}  # fmt: skip
        await self.call("Input.dispatchKeyEvent", type="rawKeyDown", **about)
        await self.call("Input.dispatchKeyEvent", type="keyUp", **about)

    async def press(self, text: str) -> None:
        """Press the keys of a text, one after the other."""
        for char in text:
            number = ord(char.upper())
            about = {"key": char, "text": char, "windowsVirtualKeyCode": number}
            await self.call("Input.dispatchKeyEvent", type="keyDown", **about)
            await self.call("Input.dispatchKeyEvent", type="keyUp", key=char)

    async def click(self, x: float, y: float) -> None:
        """Press and let go the left button at a point of the page."""
        for kind in ("mousePressed", "mouseReleased"):
            await self.call(
                "Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1
            )

    async def picture(self, path: Path) -> None:
        """Save what is seen as PNG."""
        data = await self.call("Page.captureScreenshot", format="png")
        path.write_bytes(base64.b64decode(data["data"]))

    async def close(self) -> None:
        await self.chromium.call("Target.closeTarget", targetId=self.target)


class Chromium:
    """The browser of one test: its profile is thrown away."""

    def __init__(self, reader: asyncio.StreamReader, writer: int) -> None:
        self._reader, self._writer = reader, writer
        self._count = 0
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._tabs: dict[str, Tab] = {}

    async def call(self, method: str, session: str = "", **parameters: Any) -> dict[str, Any]:
        """One call and its answer. Raises RuntimeError with what the browser says of it."""
        self._count += 1
        message: dict[str, Any] = {"id": self._count, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        future = asyncio.get_running_loop().create_future()
        self._waiting[self._count] = future
        os.write(self._writer, json.dumps(message).encode() + b"\0")
        async with asyncio.timeout(PATIENCE):
            answer: dict[str, Any] = await future
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        found: dict[str, Any] = answer["result"]
        return found

    async def tab(self, width: int = 1000, height: int = 600) -> Tab:
        """A new tab with a page of that size, in pixels."""
        made = await self.call("Target.createTarget", url="about:blank")
        attached = await self.call("Target.attachToTarget", targetId=made["targetId"], flatten=True)
        tab = Tab(self, made["targetId"], attached["sessionId"])
        self._tabs[tab.session] = tab
        for domain in ("Page", "Runtime", "Log", "Network"):
            await tab.call(f"{domain}.enable")
        await tab.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                       deviceScaleFactor=1, mobile=False)  # fmt: skip
        return tab

    async def listen(self) -> None:
        """Take in answers and events until the browser has gone."""
        with suppress(asyncio.IncompleteReadError):
            while True:
                message = json.loads((await self._reader.readuntil(b"\0"))[:-1])
                if (future := self._waiting.pop(message.get("id", 0), None)) is not None:
                    if not future.done():
                        future.set_result(message)
                elif (tab := self._tabs.get(message.get("sessionId", ""))) is not None:
                    _note(tab, message["method"], message["params"])


def _note(tab: Tab, method: str, about: dict[str, Any]) -> None:
    if method == "Log.entryAdded":
        tab.console.append(f"{about['entry']['level']}: {about['entry']['text']}")
    elif method == "Runtime.exceptionThrown":
        tab.console.append(str(about["exceptionDetails"]))
    elif method == "Network.webSocketFrameReceived" and about["response"]["opcode"] == 2:
        tab.drawn += base64.b64decode(about["response"]["payloadData"])
        tab.arrived.set()
    elif method == "Network.webSocketFrameSent":
        tab.sent.append(about["response"]["payloadData"])
        tab.arrived.set()


@asynccontextmanager
async def chromium(profile: Path) -> AsyncIterator[Chromium]:
    """Start the browser with a new profile, and end it."""
    found = program()
    assert found is not None
    to_browser, commands = os.pipe()
    answers, from_browser = os.pipe()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", START, str(to_browser), str(from_browser), found,
        "--headless=new", "--no-sandbox", "--disable-gpu",
        "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync", "--remote-debugging-pipe", f"--user-data-dir={profile}",
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        pass_fds=(to_browser, from_browser),
    )  # fmt: skip
    os.close(to_browser)
    os.close(from_browser)
    reader = asyncio.StreamReader(limit=64 << 20)
    transport, _protocol = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(answers, "rb")
    )
    browser = Chromium(reader, commands)
    listening = asyncio.create_task(browser.listen())
    try:
        yield browser
    finally:
        with suppress(RuntimeError, OSError, TimeoutError):
            await browser.call("Browser.close")
        try:
            await asyncio.wait_for(process.wait(), 10)
        except TimeoutError:
            process.kill()
            await process.wait()
        os.close(commands)
        transport.close()
        listening.cancel()
