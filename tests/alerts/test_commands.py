"""`desk alerts` as people and scripts use it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desk.alerts.events import Event
from desk.alerts.home import Home
from desk.alerts.outbox import Outbox
from desk.alerts.targets import Route, Target
from desk.releases import hold
from tests.alerts.servers import Hook, Post
from tests.newsroom.sample import GOOD
from tests.verbs.house import House

SECRET = "the shared secret of the hook"
Run = Callable[..., tuple[int, Any, str]]


@pytest.fixture
def desk(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:  # fmt: skip
    """Run `desk alerts …` in this process with --json: exit code, document, stderr."""
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "user"))
    monkeypatch.setenv("DESK_NEWSROOM", str(house.root))
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)

    def run(*words: str, typed: str = "") -> tuple[int, Any, str]:
        from desk.cli import main

        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = main(["alerts", *words, "--json"])
        printed = capsys.readouterr()
        return code, json.loads(printed.out or "null"), printed.err

    return run


@pytest.fixture
def told(house: House, post: Post, hook: Hook) -> None:
    """A calendar that tells by mail and by webhook."""
    text = GOOD + (
        f"alerts: [{{when: [held, missed], to: {{smtp: a@example.org, webhook: '{hook.url}'}}}}]\n"
        f"mail: {{server: 127.0.0.1, port: {post.port}, security: none, from: d@example.org}}\n"
    )
    (house.root / "calendar.yaml").write_text(text)


def test_a_test_goes_to_every_target(
    desk: Run, told: None, post: Post, hook: Hook, tmp_path: Path
) -> None:
    state = str(tmp_path / "state")
    code, kept, err = desk("credential", "webhook", "--state", state, typed=f"{SECRET}\n")
    assert (code, kept["credential"]) == (0, "webhook")
    assert SECRET not in json.dumps(kept) + err
    code, rows, _ = desk("test", "--state", state)
    assert code == 0
    assert [row["result"] for row in rows] == ["sent", "sent"]
    assert "Không cần làm gì" in post.mails[0].get_content()
    assert hook.documents[0]["alerts"][0]["kind"] == "test"


def test_a_target_that_cannot_be_reached_is_named_and_the_others_are_told(
    desk: Run, told: None, post: Post, hook: Hook, tmp_path: Path
) -> None:
    code, rows, _ = desk("test", "--state", str(tmp_path / "state"))
    assert code == 5
    assert [row["result"] == "sent" for row in rows] == [True, False]
    assert "credential" in rows[1]["result"].lower()
    assert (len(post.mails), hook.connections) == (1, 0)


def test_one_target_can_be_chosen(desk: Run, told: None, post: Post, tmp_path: Path) -> None:
    code, rows, _ = desk("test", "--state", str(tmp_path / "state"), "--to", "a@example.org")
    assert (code, len(rows), len(post.mails)) == (0, 1, 1)
    code, error, _ = desk("test", "--state", str(tmp_path / "state"), "--to", "b@example.org")
    assert (code, error["error"]["code"]) == (4, "not_found")


def test_the_list_says_who_is_told_what(desk: Run, told: None, hook: Hook) -> None:
    code, rows, _ = desk("list")
    assert code == 0
    assert [(row["by"], row["when"]) for row in rows] == [
        ("smtp", ["held", "missed"]), ("webhook", ["held", "missed"]),
    ]  # fmt: skip
    assert "/alerts" not in rows[1]["to"], "the path of a webhook may be a secret"


def test_pending_says_what_stands_and_what_was_not_delivered(
    desk: Run, told: None, house: House, tmp_path: Path
) -> None:
    code, view, _ = desk("pending")
    assert code == 0
    assert [event["subject"] for event in view["events"]] == ["publisher"]
    assert view["deliveries"] == []
    state = tmp_path / "state"
    box = Outbox(Home(state).outbox)
    one, gone = Target("smtp", "a@example.org"), Target("smtp", "gone@example.org")
    routes = [Route(frozenset({"clock"}), target) for target in (one, gone)]
    box.note([Event("clock", "clock", house.room.instant(), "publisher")], routes, 1_800_000_000)
    batch = box.take(one, 1_800_000_000)
    assert batch is not None
    box.failed(batch, "TimeoutError", 1_800_000_000)
    box.close()
    _, view, _ = desk("pending", "--state", str(state))
    gone_row, row = view["deliveries"]
    assert (row["to"], row["state"], row["tries"], row["why"]) == (
        "a@example.org", "pending", 1, "TimeoutError",
    )  # fmt: skip
    assert row["next"] == "2027-01-15T08:00:30Z"
    assert "no longer" in gone_row["to"]


def test_pending_is_told_in_the_language_of_the_reader(
    house: House, told: None, desk: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    from desk.cli import main

    hold.hold(house.room, house["lead-1"], "*")
    for language, words in (("vi", "Bộ công bố không trả lời"), ("en", "publisher does not")):
        assert main(["alerts", "pending", "--lang", language]) == 0
        assert words in capsys.readouterr().out


def test_a_secret_that_is_none_is_a_mistake_of_usage(desk: Run, tmp_path: Path) -> None:
    code, error, _ = desk("credential", "mail", "--state", str(tmp_path / "s"), typed="kurz\n")
    assert (code, error["error"]["title"]) == (2, "Not usable as a secret")
    code, _, _ = desk("credential", "../mail", "--state", str(tmp_path / "s"), typed=SECRET)
    assert code == 2


def test_without_alerts_nobody_is_told(desk: Run, house: House, tmp_path: Path) -> None:
    (house.root / "calendar.yaml").write_text(GOOD)
    code, error, _ = desk("test", "--state", str(tmp_path / "state"))
    assert (code, error["error"]["code"]) == (2, "usage")
    code, rows, _ = desk("list")
    assert (code, rows) == (0, [])
