"""The publisher by commands, as a process of its own: stops, status, checkpoints, the audit."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.newsroom_story import VI, Story
from tests.cli.running import PROGRAM, Ran

PATIENCE = "90"  # seconds; only ends a hung test


@pytest.fixture
def story(room: Path, home: Path, desk: Callable[..., Ran]) -> Story:
    """A newsroom founded by commands, with a publisher in its roster."""
    story = Story(room, home, desk).founded()
    made = story.types("admin", "publisher", "init", "--state", str(home / "pub"), "--name",
                       "pub-1", "--json")  # fmt: skip
    story.file("pub-1.json", made.out)
    story.gets("admin", "roster", "publisher", "pub-1", "--from-file", str(home / "pub-1.json"))
    return story


@pytest.fixture
def publisher(story: Story) -> Iterator[subprocess.Popen[bytes]]:
    """The publisher as a process."""
    with (story.home / "publisher.log").open("wb") as log:
        started = subprocess.Popen(
            [*PROGRAM, "publisher", "run", "--state", str(story.home / "pub")],
            stdout=log, stderr=log, env=os.environ,
        )  # fmt: skip
        yield started
        if started.poll() is None:
            started.kill()
        started.wait(90)


def test_a_standby_takes_over_from_a_killed_leader(
    story: Story, publisher: subprocess.Popen[bytes]
) -> None:
    first, second = story.home / "pub", story.home / "pub-2"
    refused = story.types("admin", "publisher", "standby", "--of", str(first), "--state",
                          str(first), "--name", "pub-2")  # fmt: skip
    assert (refused.code, "of its own" in refused.err) == (2, True)
    made = story.types("admin", "publisher", "standby", "--of", str(first), "--state", str(second),
                       "--name", "pub-2", "--json")  # fmt: skip
    again = story.gets("admin", "publisher", "standby", "--of", str(first), "--state", str(second),
                       "--name", "pub-2")  # fmt: skip
    assert (made.json["already"], again["already"]) == (False, True)
    assert made.json["sign"] == again["sign"]
    assert not (second / "publisher.secret").exists(), "the secret stays in one place"
    unknown = story.refused("admin", "publisher", "run", "--state", str(second), code=3)
    assert "not in the roster" in unknown["title"]
    story.file("pub-2.json", made.out)
    story.gets("admin", "roster", "publisher", "pub-2", "--from-file",
               str(story.home / "pub-2.json"))  # fmt: skip
    _until(story, lambda s: s["publisher"] == "pub-1")  # who starts first is not who runs first
    with (story.home / "publisher-2.log").open("wb") as log:
        standby = subprocess.Popen(
            [*PROGRAM, "publisher", "run", "--state", str(second)], stdout=log, stderr=log,
            env=os.environ,
        )  # fmt: skip
    try:
        status = _until(story, lambda s: any(one["ready"] for one in s["standbys"]))
        assert (status["publisher"], status["term"]) == ("pub-1", 1)
        assert [one["name"] for one in status["standbys"]] == ["pub-2"]
        told = story.types("lead-1", "publisher", "status").out
        assert "pub-2, ready, last sign" in told
        publisher.kill()
        publisher.wait(90)
        status = _until(story, lambda s: s["publisher"] == "pub-2")
        assert (status["term"], status["standbys"][0]["problem"]) == (2, "does not run")
        release = story.planned(*story.approved_pair())
        held = story.gets("editor", "release", "hold", release, "--wait", PATIENCE)
        assert held["confirmation"] == "in-force"
    finally:
        standby.send_signal(signal.SIGTERM)
        assert standby.wait(90) == 0


def _until(story: Story, good: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Ask for the status until it is so."""
    deadline = time.monotonic() + float(PATIENCE)
    while True:
        ran = story.types("lead-1", "publisher", "status", "--json")
        if ran.code == 0 and good(ran.json):
            found: dict[str, Any] = ran.json
            return found
        assert time.monotonic() < deadline, ran.out


def test_a_stop_is_confirmed_and_the_status_says_that_it_runs(
    story: Story, publisher: subprocess.Popen[bytes]
) -> None:
    release = story.planned(*story.approved_pair())
    held = story.gets("editor", "release", "hold", release, "--wait", PATIENCE)
    assert (held["confirmed"], held["confirmation"]) == (True, "in-force")
    status = story.gets("lead-1", "publisher", "status", "--state", str(story.home / "pub"))
    assert (status["alive"], status["locked"], status["halted"]) == (True, True, "")
    again = story.refused("admin", "publisher", "run", "--state", str(story.home / "pub"), code=4)
    assert "runs already" in again["title"]
    revoked = story.gets("admin", "roster", "revoke", "reviewer", "--wait", PATIENCE)
    assert revoked["confirmed"]
    publisher.send_signal(signal.SIGTERM)
    assert publisher.wait(90) == 0
    stopped = story.types("lead-1", "publisher", "status", "--json")
    assert (stopped.code, stopped.json["alive"]) == (5, False)


def test_what_changes_what_goes_out_is_confirmed_too(
    story: Story, publisher: subprocess.Popen[bytes]
) -> None:
    release = story.planned(*story.approved_pair())
    alone = story.gets("editor", "item", "new", "--file", story.file("rieng.md", VI))["item"]
    story.gets("editor", "item", "submit", alone)
    said = []
    for person, *words in (
        ("lead-1", "release", "edit", release, "--add", alone),
        ("lead-1", "release", "leave-out", release, alone, "--yes"),
        ("editor", "release", "hold", release),
    ):
        said.append(story.gets(person, *words, "--wait", PATIENCE)["confirmation"])
    story.gets("lead-1", "release", "lift", release, "--yes")
    lifted = story.gets("lead-2", "release", "lift", release, "--yes", "--wait", PATIENCE)
    rules = story.room / "calendar.yaml"
    rules.write_text(rules.read_text("utf-8").replace("signers: 2", "signers: 1"), "utf-8")
    adopted = story.gets("admin", "newsroom", "adopt", "--yes", "--wait", PATIENCE)
    said += [lifted["confirmation"], adopted["confirmation"]]
    assert said == ["in-force"] * 5


def test_without_a_publisher_an_edit_is_requested_and_not_confirmed(story: Story) -> None:
    release = story.planned(*story.approved_pair())
    asked = story.types("lead-1", "release", "edit", release, "--code", "KHAC", "--wait", "0",
                        "--json")  # fmt: skip
    assert (asked.code, asked.json["confirmed"], asked.json["already"]) == (5, False, False)
    again = story.types("lead-1", "release", "edit", release, "--code", "KHAC", "--wait", "0",
                        "--json")  # fmt: skip
    assert (again.code, again.json["already"], again.json["act"]) == (5, True, asked.json["act"])


def test_attack_19_the_audit_fails_against_the_publishers_checkpoint(
    story: Story, publisher: subprocess.Popen[bytes]
) -> None:
    release = story.planned(*story.approved_pair())
    story.gets("editor", "release", "hold", release, "--wait", PATIENCE)
    publisher.send_signal(signal.SIGTERM)
    publisher.wait(90)
    checkpoints = str(story.home / "pub" / "checkpoints.jsonl")  # the publisher's own copy
    for words in ([], ["--checkpoints", checkpoints]):
        whole = story.gets("editor", "audit", "verify", *words)
        assert (whole["ok"], whole["checkpoints"] > 0) == (True, True)
    export = str(story.home / "log.jsonl")
    story.gets("editor", "audit", "export", export, "--checkpoints", checkpoints)
    seen = story.gets("editor", "audit", "checkpoint", "--checkpoints", checkpoints)["seq"]
    with sqlite3.connect(story.room / "var" / "desk.db") as database:
        database.execute("delete from log where seq >= ?", (seen,))
    cut = story.types("editor", "audit", "verify", "--checkpoints", checkpoints, "--json")
    assert (cut.code, [one["code"] for one in cut.json["findings"]]) == (6, ["cut"])
    assert story.gets("editor", "audit", "verify", "--from", export)["ok"]


def test_a_token_comes_from_standard_input_and_is_kept_private(
    story: Story, program: Callable[..., Ran], tmp_path: Path
) -> None:
    token = tmp_path / "token"
    token.write_text("t0ken\n", encoding="utf-8")
    with token.open("rb") as opened:
        ran = program("publisher", "credential", "portal", "--state", str(story.home / "pub"),
                      stdin=opened)  # fmt: skip
    kept = story.home / "pub" / "credentials" / "portal"
    assert (ran.code, kept.read_text(), kept.stat().st_mode & 0o777) == (0, "t0ken", 0o600)
    assert "t0ken" not in ran.out + ran.err
    empty = program("publisher", "credential", "portal", "--state", str(story.home / "pub"))
    assert empty.code == 2


def test_a_publisher_that_the_roster_does_not_know_does_not_run(story: Story) -> None:
    other = str(story.home / "other")
    story.gets("admin", "publisher", "init", "--state", other, "--name", "pub-2")
    assert story.gets("admin", "publisher", "init", "--state", other, "--name", "pub-2")["already"]
    assert story.rules("admin", "publisher", "run", "--state", other) == {"roster"}
