"""From a signed act to a mail in somebody's box, through the whole service, on loopback."""

from __future__ import annotations

import asyncio
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from desk.alerts.home import Home
from desk.alerts.outbox import Outbox
from desk.alerts.service import Service, senders
from desk.approvals import decide
from desk.clock import FakeClock, SystemClock, now, parse_instant
from desk.newsroom.live import LiveConfig
from desk.publisher.journal import Journal
from desk.releases import hold
from tests.alerts.servers import PASSWORD, Hook, Post
from tests.newsroom.sample import GOOD
from tests.verbs.house import House

CANARY = "CHIM-HOÀNG-YẾN-7f3a"
SECRET = "the shared secret of the hook"


@dataclass
class Desk:
    """A newsroom with the alerts' service on it, run a round at a time."""

    house: House
    state: Path
    said: io.StringIO = field(default_factory=io.StringIO)
    box: Outbox = field(init=False)
    service: Service = field(init=False)

    def __post_init__(self) -> None:
        home = Home(self.state)
        home.keep_secret("mail", PASSWORD)
        home.keep_secret("webhook", SECRET)
        self.well()
        self.box = Outbox(home.outbox)
        clock = self.house.clock
        self.service = Service(
            self.house.room, LiveConfig(self.house.root / "calendar.yaml"), self.box,
            self.status, senders(home, clock), clock=clock, journal=Journal(clock, self.said),
        )  # fmt: skip

    @property
    def status(self) -> Path:
        return self.house.root / "var" / "publisher.json"

    def well(self, **more: Any) -> None:
        """What the publisher says of itself."""
        value = {"publisher": "pub-1", "time": self.house.room.instant(), "halted": "",
                 "clock": "", "channels": [], **more}  # fmt: skip
        self.status.write_text(json.dumps(value))

    async def turn(self, seconds: float = 0, **status: Any) -> None:
        """Let time pass, then one round until everything under way has ended."""
        self.house.clock.advance(seconds)
        self.well(**status)
        await self.service.turn()
        await self.service.settle()

    def restarted(self) -> Desk:
        """The same after the process was ended and begun again."""
        self.box.close()
        return Desk(self.house, self.state, self.said)

    def events(self, name: str) -> list[dict[str, Any]]:
        """What the journal says under that name."""
        lines = map(json.loads, self.said.getvalue().splitlines())
        return [line for line in lines if line["event"] == name]


def calendar(house: House, *, mail: int = 25, alerts: str) -> None:
    text = GOOD + alerts
    if "smtp:" in alerts:
        text += (
            f"mail: {{server: 127.0.0.1, port: {mail}, security: none, from: desk@example.org}}\n"
        )
    (house.root / "calendar.yaml").write_text(text)


MAILED = "alerts: [{when: [held, waiting, alarm], to: {smtp: a@example.org}}]\n"


@pytest.fixture
def desk(house: House, post: Post, tmp_path: Path) -> Iterator[Desk]:
    calendar(house, mail=post.port, alerts=MAILED)
    made = Desk(house, tmp_path / "state")
    yield made
    made.box.close()


def said(post: Post) -> list[str]:
    return [str(mail["Subject"]) for mail in post.mails]


async def test_a_hold_is_told_once_however_often_it_is_seen(desk: Desk, post: Post) -> None:
    await desk.turn()
    assert post.mails == []
    release = desk.house.signed()
    hold.hold(desk.house.room, desk.house["checker"], release)
    for _ in range(3):
        await desk.turn(2)
    desk = desk.restarted()
    for _ in range(3):
        await desk.turn(300)
    assert said(post) == [f"[Desk desk-test] Đợt công bố SAO-MAI ({release}) đang tạm dừng."]
    desk.box.close()


async def test_a_mail_server_that_is_away_gets_it_when_it_is_back(desk: Desk, post: Post) -> None:
    hold.hold(desk.house.room, desk.house["lead-1"], "*")
    post.answer = lambda: "451 later"
    await desk.turn()
    await desk.turn(29)
    assert post.refused == 1
    await desk.turn(1)
    assert post.refused == 2
    desk = desk.restarted()
    post.answer = lambda: "250 now"
    await desk.turn(59)
    assert post.mails == []
    await desk.turn(1)
    await desk.turn(3600)
    assert len(post.mails) == 1
    assert [line["why"] for line in desk.events("not-sent")] == ["SMTPDataError-451"] * 2
    desk.box.close()


async def test_who_is_waited_for_is_told_and_then_somebody_else(
    house: House, post: Post, tmp_path: Path
) -> None:
    calendar(house, mail=post.port, alerts=(
        "alerts:\n"
        "  - {when: [waiting-1h], to: {smtp: a@example.org}, escalate_after: 20m,\n"
        "     escalate_to: {smtp: b@example.org}}\n"
    ))  # fmt: skip
    desk = Desk(house, tmp_path / "state")
    items = [house.submitted(), house.submitted()]
    house.planned(*items, seconds=2 * 3600)
    await desk.turn()
    await desk.turn(3600)
    assert [to for _, to in post.envelopes] == [["a@example.org"]]
    assert said(post)[0].startswith("[Desk desk-test] 2 cảnh báo: Tin bài SAO (")
    assert "reviewer" in post.mails[0].get_content()
    decide.approve(house.room, house["reviewer"], items[0])
    await desk.turn(1200)
    assert [to for _, to in post.envelopes][1:] == [["b@example.org"]]
    text = post.mails[1].get_content()
    assert items[1] in text
    assert items[0] not in text
    assert "Báo lên cấp trên: đã chờ thêm 20 phút" in text
    desk.box.close()


async def test_a_target_that_hangs_holds_up_no_other(
    house: House, hook: Hook, trap: Any, tmp_path: Path
) -> None:
    calendar(house, mail=trap.port, alerts=(
        f"alerts: [{{when: [held], to: {{smtp: a@example.org, webhook: '{hook.url}'}}}}]\n"
    ))  # fmt: skip
    desk = Desk(house, tmp_path / "state")
    hold.hold(house.room, house["lead-1"], "*")
    await desk.service.turn()
    await asyncio.to_thread(trap.came.wait, 10)
    await asyncio.to_thread(hook.came.wait, 10)
    assert hook.documents[0]["alerts"][0]["kind"] == "held"
    mail = desk.service._courier.senders["smtp"]
    mail.cut()  # type: ignore[attr-defined]
    await desk.service.settle()
    assert [line["event"] for line in desk.events("not-sent")] == ["not-sent"]
    desk.box.close()


async def test_around_an_instant_the_service_keeps_still(desk: Desk, post: Post) -> None:
    release = desk.house.signed()
    await desk.turn()
    with desk.house.room.reading(release) as view:
        at = parse_instant(view.record.releases[release].at)
    seen = {}
    desk.house.clock.advance((at - now(desk.house.clock)).total_seconds() - 8)
    for second in range(-8, 8):
        seen[second] = desk.service.quiet
        desk.house.clock.advance(1)
    assert [second for second, quiet in seen.items() if quiet] == list(range(-5, 4))


async def test_the_service_ends_when_told_and_tries_again_what_was_under_way(
    house: House, trap: Any, tmp_path: Path
) -> None:
    calendar(house, mail=trap.port, alerts=MAILED)
    desk = Desk(house, tmp_path / "state")
    hold.hold(house.room, house["lead-1"], "*")
    stop = asyncio.Event()
    running = asyncio.create_task(desk.service.run(stop))
    await asyncio.to_thread(trap.came.wait, 10)
    stop.set()
    await running
    (waiting,) = desk.box.deliveries("pending")
    assert waiting.event.kind == "held"
    desk.box.close()


async def test_a_broken_calendar_keeps_the_last_good_one(desk: Desk, post: Post) -> None:
    await desk.turn()
    (desk.house.root / "calendar.yaml").write_text("alerts: [")
    hold.hold(desk.house.room, desk.house["lead-1"], "*")
    await desk.turn(2)
    assert len(post.mails) == 1
    assert len(desk.events("calendar")) == 1


async def test_a_new_target_takes_effect_and_an_old_one_gets_nothing_more(
    desk: Desk, post: Post
) -> None:
    post.answer = lambda: "451 later"
    hold.hold(desk.house.room, desk.house["lead-1"], "*")
    await desk.turn()
    post.answer = lambda: "250 now"
    calendar(desk.house, mail=post.port, alerts=MAILED.replace("a@", "new@"))
    await desk.turn(60)
    assert post.mails == []
    hold.hold(desk.house.room, desk.house["lead-2"], "*")
    await desk.turn(60)
    assert [to for _, to in post.envelopes] == [["new@example.org"]]


async def test_a_database_that_does_not_answer_ends_nothing(desk: Desk, post: Post) -> None:
    await desk.turn()
    hidden = desk.house.database.with_suffix(".away")
    desk.house.database.rename(hidden)
    desk.house.database.mkdir()
    await desk.turn(2)
    await desk.turn(2)
    desk.house.database.rmdir()
    hidden.rename(desk.house.database)
    hold.hold(desk.house.room, desk.house["lead-1"], "*")
    await desk.turn(2)
    assert len(post.mails) == 1
    assert [line["problem"] != "" for line in desk.events("alerts")] == [True, False]


async def test_attack_14_no_word_of_the_newsroom_is_in_an_alert(
    house: House, post: Post, hook: Hook, tmp_path: Path
) -> None:
    """Canary in headline, summary, body, notes, reasons and in what the publisher says."""
    every = "held, lifted, missed, partial, alarm, clock, unreachable, altered, log, expiring"
    calendar(house, mail=post.port, alerts=(
        f"alerts: [{{when: [{every}, released, waiting-2h, unsigned-2h], to: "
        f"{{smtp: a@example.org, webhook: '{hook.url}'}}}}]\n"
    ))  # fmt: skip
    desk = Desk(house, tmp_path / "state")
    text = dict.fromkeys(("headline", "summary", "body"), f"{CANARY} trong tin")
    item = house.submitted(changes=text)
    release = house.planned(item)
    await desk.turn()
    decide.give_back(house.room, house["reviewer"], item, reason=CANARY)
    hold.hold(house.room, house["checker"], release, reason=CANARY)
    for code in ("altered", "refused", "clock"):
        with house.room.acting("newsroom") as tx:
            fields = {"code": code, "detail": f"{item} on portal: {CANARY}"}
            tx.append("publisher.alarm", "newsroom", fields, house["pub-1"])
    bad = {"halted": CANARY, "clock": CANARY,
           "channels": [{"id": "portal", "problem": CANARY, "barred": ""}]}  # fmt: skip
    for _ in range(20):
        await desk.turn(10, **bad)
    await desk.turn(2 * 3600, **bad)
    await desk.turn(0, **bad)
    kinds = {alert["kind"] for sent in hook.documents for alert in sent["alerts"]}
    assert kinds == {
        "waiting-2h", "unsigned-2h", "held", "altered", "alarm", "clock", "log", "unreachable",
        "missed",
    }  # fmt: skip
    desk.box.close()
    mails = "".join(f"{mail['Subject']}{mail.get_content()}" for mail in post.mails)
    assert "SAO" in mails
    told = b"".join([mails.encode(), *(body for _, _, body in hook.requests)])
    kept = b"".join(f.read_bytes() for f in (tmp_path / "state").rglob("*") if f.is_file())
    for needle in (CANARY, CANARY.encode("unicode_escape").decode(), "trong tin"):
        assert needle.encode() not in told
        assert needle.encode() not in kept
        assert needle not in desk.said.getvalue()


async def test_attack_30_secrets_are_in_no_log_and_no_outbox(
    desk: Desk, post: Post, hook: Hook
) -> None:
    secret_path = f"{hook.url}/T0/PATH-THAT-IS-A-SECRET"
    calendar(desk.house, mail=post.port, alerts=(
        "alerts:\n"
        f"  - {{when: [held], to: {{smtp: a@example.org, webhook: '{secret_path}'}}}}\n"
    ))  # fmt: skip
    hook.answers, hook.location = [302, 500], "https://elsewhere.example.org/"
    post.answer = lambda: f"554 {PASSWORD}"
    hold.hold(desk.house.room, desk.house["lead-1"], "*")
    for _ in range(3):
        await desk.turn(60)
    assert len(hook.requests) == 3
    lines = desk.said.getvalue()
    for secret in (PASSWORD, SECRET, "PATH-THAT-IS-A-SECRET"):
        assert secret not in lines
    kept = (desk.state / "outbox.db").read_bytes()
    assert PASSWORD.encode() not in kept
    assert SECRET.encode() not in kept


def test_the_publisher_knows_nothing_of_alerts() -> None:
    """So no mail server can be in the way of a release."""
    here = Path(__file__).parents[2]
    files = [*here.glob("desk/publisher/*.py"), *here.glob("desk/channels/*.py")]
    assert files
    assert not [file.name for file in files if "desk.alerts" in file.read_text("utf-8")]


def wait_for(condition: Callable[[], object], process: Any) -> None:
    """Until it is so, or the process has ended, or much time has passed."""
    deadline = time.monotonic() + 90
    while not condition():
        assert process.poll() is None, process.communicate()[1].decode()
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_process_tells_and_ends_on_sigterm(house: House, post: Post, tmp_path: Path) -> None:
    calendar(house, mail=post.port, alerts=MAILED)
    today = House(house.root, house.people, house.fingerprint, FakeClock(now(SystemClock())))
    hold.hold(today.room, today["lead-1"], "*")
    state = tmp_path / "state"
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LANG": "C.UTF-8"}
    command = [sys.executable, str(Path(__file__).parents[2] / "desk.py"), "alerts", "run",
               "--newsroom", str(house.root), "--state", str(state)]  # fmt: skip
    started = subprocess.Popen(command, env=env, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
    try:
        wait_for(lambda: post.mails, started)
        second = subprocess.run(command, env=env, capture_output=True, timeout=120, check=False)
        assert second.returncode == 4
        assert b"already" in second.stderr
        started.send_signal(signal.SIGTERM)
        _, lines = started.communicate(timeout=90)
    finally:
        started.kill()
    assert started.returncode == 0
    assert said(post) == ["[Desk desk-test] Mọi đợt công bố đang tạm dừng."]
    told = [json.loads(line) for line in lines.decode().splitlines() if line.startswith("{")]
    assert [told[0]["event"], told[-1]["event"]] == ["started", "stopped"]
