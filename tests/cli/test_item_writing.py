"""Writing by commands: one's own editor, two versions settled, files described, a preview."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from desk.items import outside
from tests.cli.newsroom_story import PHRASE, VI, Story
from tests.cli.running import PROGRAM, Ran


@pytest.fixture
def story(room: Path, home: Path, desk: Callable[..., Ran]) -> Story:
    """A newsroom founded by commands."""
    return Story(room, home, desk).founded()


@pytest.fixture
def item(story: Story) -> str:
    """A submitted statement."""
    made: str = story.gets("editor", "item", "new", "--file", story.file("vi.md", VI))["item"]
    story.gets("editor", "item", "submit", made)
    return made


def body(story: Story, item: str, who: str = "editor") -> str:
    return str(story.gets(who, "item", "show", item)["document"]["body"])


def test_a_field_is_written_in_ones_own_editor_and_nothing_of_it_stays(
    story: Story, item: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = tmp_path / "memory"
    memory.mkdir()
    monkeypatch.setattr(outside, "memory_folder", lambda: memory)
    script = (
        'import sys, pathlib; p = pathlib.Path(sys.argv[1]); p.write_text("Mới: " + p.read_text())'
    )
    monkeypatch.setenv("EDITOR", f"{sys.executable} -c '{script}'")
    done = story.gets("editor", "item", "write", item, "--field", "headline")
    assert (done["changed"], done["version"]) == (True, 2)
    shown = story.gets("editor", "item", "show", item)["document"]
    assert shown["headline"] == "Mới: Tổng sản phẩm trong nước quý III tăng"
    assert list(memory.iterdir()) == []
    monkeypatch.setenv("EDITOR", "true")
    assert not story.gets("editor", "item", "write", item)["changed"]
    monkeypatch.setenv("EDITOR", "false")
    assert story.refused("editor", "item", "write", item, code=5)["title"]


def overtaken(story: Story, item: str) -> None:
    """editor has begun; writer submits a newer revision."""
    story.gets("editor", "item", "edit", item, "--set", "headline=Của editor")
    text = body(story, item).replace("nông nghiệp", "lâm nghiệp")
    story.gets("writer", "item", "edit", item, "--set", f"body={text}")
    story.gets("writer", "item", "submit", item)


def test_two_versions_are_shown_settled_and_the_other_words_had_back(
    story: Story, item: str
) -> None:
    overtaken(story, item)
    assert story.refused("editor", "item", "submit", item, code=4)
    seen = story.gets("editor", "item", "settle", item)
    assert (seen["by"], seen["number"], seen["clashes"]) == ("writer", 2, [])
    assert any("lâm nghiệp" in line for line in seen["diff"])
    assert not story.gets("editor", "item", "settle", item, "--keep", "both")["already"]
    document = story.gets("editor", "item", "show", item)["document"]
    assert document["headline"] == "Của editor"
    assert "lâm nghiệp" in document["body"]
    assert story.gets("editor", "item", "settle", item)["already"]
    story.gets("editor", "item", "settle", item, "--back")
    assert "nông nghiệp" in body(story, item)
    assert story.refused("editor", "item", "settle", item, "--back", "--keep", "mine", code=2)


def test_a_file_is_described_again(story: Story, item: str) -> None:
    path = story.file("ghi-chu.txt", "Ghi chú")
    made = story.gets("editor", "item", "attach", item, path, "--role", "text")["asset"]
    done = story.gets("editor", "item", "describe", item, made["id"], "--alt", "Ghi chú báo chí")
    assert done["asset"]["alt"] == "Ghi chú báo chí"
    assert story.refused("editor", "item", "describe", item, made["id"], "--role", "video", code=2)
    assert story.refused("editor", "item", "describe", item, "a-0000000000", "--alt", "x", code=4)


def test_who_has_it_open_and_who_writes(story: Story, item: str) -> None:
    story.gets("writer", "item", "edit", item, "--set", "headline=Khác")
    found = story.gets("editor", "item", "open", item)
    assert (found["open"], found["drafts"]) == ([], ["writer"])


def test_attack_18_a_preview_is_served_once_on_loopback_until_it_is_ended(
    story: Story, item: str
) -> None:
    reading, writing = os.pipe()
    os.write(writing, PHRASE.encode() + b"\n")
    os.close(writing)
    words = ("item", "preview", item, "--key", "editor", "--passphrase-fd", str(reading), "--json")
    # Whoever runs the tests in the background ignores Ctrl+C, and so would the program.
    ours = signal.signal(signal.SIGINT, signal.default_int_handler)
    served = subprocess.Popen(
        [*PROGRAM, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, pass_fds=[reading]
    )
    signal.signal(signal.SIGINT, ours)
    os.close(reading)
    try:
        assert served.stdout is not None
        address = str(json.loads(served.stdout.readline())["address"])
        host, path = address.removeprefix("http://").split("/", 1)
        assert host.startswith("127.0.0.1:")
        first, headers, _ = fetch(host, f"/{path}")
        assert first == 303
        cookie = headers["Set-Cookie"].partition(";")[0]
        folder = str(headers["Location"]).rstrip("/")
        (link,) = re.findall(r'href="(/[^"]+/portal/vi)"', fetch(host, f"{folder}/", cookie)[2])
        assert link == f"{folder}/portal/vi"
        status, _, page = fetch(host, link, cookie)
        assert status == 200
        assert "CHƯA CÔNG BỐ · NOT YET PUBLISHED" in page
        assert "Tổng sản phẩm trong nước quý III tăng" in page
        assert fetch(host, f"/{path}")[0] == 410
        assert fetch(host, f"{folder}/portal/vi")[0] == 403
        served.send_signal(signal.SIGINT)
        assert served.wait(90) == 0
        with pytest.raises(ConnectionRefusedError):
            fetch(host, "/")
    finally:
        served.kill()
        served.communicate()


def fetch(host: str, path: str, cookie: str = "") -> tuple[int, http.client.HTTPMessage, str]:
    connection = http.client.HTTPConnection(host, timeout=90)
    try:
        connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()
    finally:
        connection.close()


def test_a_section_that_the_agency_does_not_have_is_refused_with_those_it_has(
    story: Story, item: str
) -> None:
    told = story.refused("editor", "item", "edit", item, "--set", "section=sports", code=2)
    assert "documents" in told["hint"]
    assert "sports" in told["message"]
    story.gets("editor", "item", "edit", item, "--set", "section=documents")
    shown = story.gets("editor", "item", "show", item)["document"]
    assert shown["section"] == "documents"
    story.gets("editor", "item", "edit", item, "--set", "section=")
    assert "section" not in story.gets("editor", "item", "show", item)["document"]
