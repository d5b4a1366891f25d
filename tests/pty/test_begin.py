"""The first run in a real terminal: from an empty folder to a founded newsroom, and again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from terminal import ROOT, Terminal

from desk.cli.begin import blocks_of, written_down
from desk.newsroom.load import check
from desk.newsroom.starter import calendar_text

PHRASE = "một câu thật dài để nhớ"
HERE = (
    "import os, runpy, sys; os.chdir(sys.argv.pop(1));runpy.run_module('desk', run_name='__main__')"
)


@given(st.text("0123456789abcdef", min_size=64, max_size=64))
def test_a_recovery_key_is_believed_only_when_its_blocks_are_given(seed: str) -> None:
    blocks = blocks_of(seed)
    assert "".join(blocks) == seed
    assert written_down(blocks, lambda number: f" {blocks[number - 1].upper()} ")
    assert not written_down(blocks, lambda number: "zzzz")
    assert not written_down(blocks, lambda number: "")


@pytest.mark.parametrize("name", ["Tòa soạn", 'a "b": {c}', "# - *x", "\\n", "'"])
def test_the_first_calendar_can_be_used_whatever_the_names(name: str, tmp_path: Path) -> None:
    calendar = tmp_path / "calendar.yaml"
    calendar.write_text(calendar_text("toa-soan", name, name, "Asia/Ho_Chi_Minh"), "utf-8")
    report = check(calendar)
    assert report.ok, report.problems


def begin(folder: Path) -> Terminal:
    environment = {
        "LANG": "en_US.UTF-8", "LC_ALL": "", "LC_MESSAGES": "", "DESK_NEWSROOM": "",
        "XDG_CONFIG_HOME": f"{folder}/config", "XDG_STATE_HOME": f"{folder}/state",
        "HOME": str(folder), "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent",
    }  # fmt: skip
    return Terminal("-c", HERE, str(folder), columns=200, rows=60, environment=environment)


def answer(desk: Terminal, question: str, text: str) -> None:
    desk.wait_for(question)
    desk.send(text.encode() + b"\r")


def test_plain_desk_in_an_empty_folder_guides_to_a_newsroom(tmp_path: Path) -> None:
    assert ROOT.is_dir()
    with begin(tmp_path) as desk:
        answer(desk, "Which", "9")
        answer(desk, "9 is none of them: 1, 2, 3", "2")
        answer(desk, "A folder for the newsroom", "room")
        answer(desk, "A short id", "toa-soan")
        answer(desk, "in Vietnamese", " ")
        answer(desk, "An answer is needed here", "Tòa soạn mẫu")
        answer(desk, "in English", "Sample newsroom")
        answer(desk, "time zone", "")
        answer(desk, "Your id as the administrator", "")
        desk.wait_for("$ desk --newsroom")
        answer(desk, "Passphrase for", "")
        answer(desk, "The same again", "")
        desk.wait_for("The passphrase is empty")
        desk.wait(lambda: desk.text().count("Passphrase for") == 2)
        desk.send(PHRASE.encode() + b"\r")
        desk.wait(lambda: desk.text().count("The same again") == 2)
        desk.send(PHRASE.encode() + b"\r")
        answer(desk, "A file for the recovery key", "")
        desk.wait_for("newsroom init")
        desk.wait(lambda: desk.text().count("Passphrase for") == 3)
        desk.send(PHRASE.encode() + b"\r")
        answer(desk, "Write it down", "y")
        desk.wait_for("Press a key when")
        blocks = re.findall(r"\b\d{1,2} ([0-9a-f]{4})\b", desk.text())
        assert len(blocks) == 16
        desk.send(b" ")
        for times in (1, 2):
            desk.wait(lambda times=times: desk.text().count("Block") == times, "a question")
            number = int(re.findall(r"Block (\d+)", desk.text())[-1])
            desk.send(blocks[number - 1].encode() + b"\r")
        desk.wait_for("It is written down")
        answer(desk, "Adopt this?", "y")
        answer(desk, "Passphrase for", PHRASE)
        desk.wait_for("Add a post now?")
        desk.send(b"n\r")
        desk.wait_for("The newsroom is there")
        assert desk.finish() == 0
        assert PHRASE.encode() not in bytes(desk.raw)
    assert (tmp_path / "room" / "recovery.seed").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "room" / "var" / "desk.db").exists()
