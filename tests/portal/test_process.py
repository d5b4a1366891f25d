"""The portal as a real process: started by the command, stopped, killed, started again."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desk.channels.desk_portal import Account, DeskPortal
from desk.channels.driver import Governance, Opened, TooEarly, Unknown
from desk.clock import written

from .test_release import FILM
from .world import CANARY, World

ROOT = Path(__file__).parents[2]


def desk(*words: str, **options) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "desk.py"), *words], capture_output=True, text=True, **options
    )


class Process:
    """`desk portal serve` in a process of its own."""

    def __init__(self, state: Path, port: int = 0) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "desk.py"), "portal", "serve", "--state", str(state),
             "--port", str(port), "--json"],
            stdout=subprocess.PIPE, stderr=(state.parent / "portal.log").open("ab"), text=True,
        )  # fmt: skip
        line = self.process.stdout.readline()
        self.url = json.loads(line)["url"]
        self.port = int(self.url.rpartition(":")[2])

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        return self.process.wait(90)


class Newsroom:
    """A newsroom whose releases are due since a moment: nothing in these tests waits."""

    def __init__(self, folder: Path) -> None:
        self.state = folder / "portal"
        self.world = World("0" * 64)
        made = desk("portal", "init", "--state", str(self.state), "--newsroom-id", "desk-vn",
                    "--root", self.world.pin, "--json")  # fmt: skip
        assert made.returncode == 0, made.stderr
        view = json.loads(made.stdout)
        self.world.portal_key, self.token = view["key"], view["token"]
        self.process = Process(self.state)
        self.world.url = self.process.url
        self.world.adopt_policy()
        self.at = written(datetime.now(UTC) - timedelta(seconds=30))
        self.driver = self.new_driver()

    def new_driver(self) -> DeskPortal:
        account = Account(self.world.uid, "pub-1", self.world.people["pub-1"], self.token)
        return DeskPortal("portal", self.process.url, self.world.portal_key, account)

    async def prepare(self) -> None:
        await self.driver.prepare(Governance(self.world.governance()))
        await self.driver.epoch()

    def restart(self) -> None:
        self.process = Process(self.state, self.process.port)

    def bundle(self, name: str, **options):
        item, _ = self.world.write_item(name, **options)
        release, signoff = self.world.plan_release(name, [item], at=self.at)
        return self.world.bundle(release, signoff)

    async def published(self, address: str):
        while True:
            receipt = await self.driver.receipt(address)
            if receipt is not None and receipt.state == "published":
                return receipt
            await asyncio.sleep(0.01)


@pytest.fixture
async def newsroom(tmp_path):
    made = Newsroom(tmp_path)
    await made.prepare()
    yield made
    await made.driver.aclose()
    if made.process.process.poll() is None:
        made.process.end()


async def test_the_portal_stops_cleanly_and_goes_on_where_it_was(newsroom):
    bundle = newsroom.bundle("one", assets=[FILM])
    await newsroom.driver.stage(bundle, newsroom.world.acts)
    assert newsroom.process.end() == 0
    newsroom.restart()
    await newsroom.driver.readback(bundle)
    commit = await newsroom.driver.prebuild_commit([bundle])
    assert isinstance(await newsroom.driver.commit(commit), Opened)
    await newsroom.published(bundle.address)
    assert newsroom.process.end(signal.SIGINT) == 0
    status = json.loads(desk("portal", "status", "--state", str(newsroom.state), "--json").stdout)
    assert status["bundles"] == {"published": 1}
    assert status["channel"] == "portal"
    log = (newsroom.state.parent / "portal.log").read_text()
    assert [json.loads(line)["event"] for line in log.splitlines()] == [
        "staged", "opened", "published",
    ]  # fmt: skip
    assert CANARY not in log
    assert newsroom.token not in log


async def test_attack_22_a_portal_killed_around_a_commit_opens_once_or_not_yet(newsroom):
    """kill -9 before, while and after the commit is carried out: the receipt never changes."""
    for number in range(6):
        bundle = newsroom.bundle(f"item-{number}")
        await newsroom.driver.stage(bundle, newsroom.world.acts)
        commit = await newsroom.driver.prebuild_commit([bundle])
        attempt = asyncio.create_task(newsroom.driver.commit(commit))
        for _ in range(number * 6):
            await asyncio.sleep(0)
        if number == 5:
            await attempt
        newsroom.process.end(signal.SIGKILL)
        first = await attempt
        newsroom.restart()
        known = await newsroom.driver.receipt(bundle.address)
        if isinstance(first, Opened):
            assert (known.opened_ms, known.late_us) == (
                first.receipts[0].opened_ms, first.receipts[0].late_us,
            )  # fmt: skip
        again = await newsroom.driver.commit(commit)
        for _ in range(200):  # until it has judged again what it remembers, it says 503
            if not isinstance(again, (Unknown, TooEarly)):
                break
            again = await newsroom.driver.commit(commit)
        assert isinstance(again, Opened)
        if known.state in ("opened", "published"):
            assert again.receipts[0].opened_ms == known.opened_ms
        receipt = await newsroom.published(bundle.address)
        assert receipt.opened_ms == again.receipts[0].opened_ms


def test_a_portal_that_cannot_run_says_why_and_what_to_do(tmp_path):
    missing = desk("portal", "serve", "--state", str(tmp_path / "none"), "--json")
    assert missing.returncode == 4
    assert "Traceback" not in missing.stderr
    desk("portal", "init", "--state", str(tmp_path / "p"), "--newsroom-id", "desk-vn",
         "--root", "ab" * 32)  # fmt: skip
    again = desk("portal", "init", "--state", str(tmp_path / "p"), "--newsroom-id", "desk-vn",
                 "--root", "ab" * 32)  # fmt: skip
    assert again.returncode == 4
    open_host = desk("portal", "serve", "--state", str(tmp_path / "p"), "--host", "0.0.0.0")
    assert open_host.returncode == 2
    assert "TLS" in open_host.stderr
    (tmp_path / "p" / "portal.key").chmod(0o644)
    assert desk("portal", "serve", "--state", str(tmp_path / "p")).returncode == 6
    bad = desk("portal", "init", "--state", str(tmp_path / "q"), "--newsroom-id", "desk-vn",
               "--root", "123")  # fmt: skip
    assert bad.returncode == 2
    assert not (tmp_path / "q").exists()
