"""Who has an item open: told by a lock that ends with its process, never by what a note says."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from desk.items import presence
from desk.items.presence import Presence

ITEM = "i-0123456789"
SINCE = "2026-11-20T01:00:00Z"
HOLDER = f"""
import sys, time
from pathlib import Path
from desk.items.presence import Presence
note = Presence(Path(sys.argv[1]), {ITEM!r}, "editor-1")
assert note.enter({SINCE!r})
print("open", flush=True)
time.sleep(600)
"""


def entered(root: Path, person: str) -> Presence:
    note = Presence(root, ITEM, person)
    assert note.enter(SINCE)
    return note


def test_two_desks_see_each_other_and_not_themselves(tmp_path: Path) -> None:
    mine, theirs = entered(tmp_path, "editor-1"), entered(tmp_path, "editor-2")
    assert [one.person for one in mine.others()] == ["editor-2"]
    assert [one.person for one in theirs.others()] == ["editor-1"]
    theirs.leave()
    theirs.leave()
    assert mine.others() == ()
    mine.leave()
    assert presence.sittings(tmp_path) == ()


def test_a_desk_killed_with_9_is_gone_at_once_and_leaves_its_note(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        assert [one.alive for one in presence.sittings(tmp_path, ITEM)] == [True]
        assert presence.forget(tmp_path, ITEM, "editor-1") == 0
    finally:
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        if holder.stdout is not None:
            holder.stdout.close()
    assert [one.alive for one in presence.sittings(tmp_path, ITEM)] == [False]
    assert presence.forget(tmp_path, ITEM, "editor-2") == 0
    assert presence.forget(tmp_path, ITEM, "editor-1") == 1
    assert presence.sittings(tmp_path) == ()


def test_attack_31_what_somebody_else_puts_there_is_no_note(tmp_path: Path) -> None:
    folder = presence.folder(tmp_path)
    folder.mkdir(parents=True)
    secret = tmp_path / "secret"
    secret.write_text('{"since": "2026-11-20T01:00:00Z"}')
    tail = "." + "0" * 16
    (folder / f"{ITEM}.editor-1{tail}").symlink_to(secret)
    os.mkfifo(folder / f"{ITEM}.editor-2{tail}")
    (folder / f"{ITEM}.editor-3{tail}").write_text("[1, 2")
    (folder / f"{ITEM}.editor-4{tail}").write_text('{"since": "\\u001b[31m"}')
    (folder / f"{ITEM}.\x1b[31m{tail}").write_text('{"since": "2026-11-20T01:00:00Z"}')
    (folder / "..nothing").write_text("{}")
    assert presence.sittings(tmp_path) == ()
    assert not Presence(tmp_path, "../../i-0123456789", "editor-1").enter(SINCE)


def test_where_no_note_can_be_left_nobody_is_told_and_nothing_fails(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file")
    note = Presence(tmp_path, ITEM, "editor-1")
    assert not note.enter(SINCE)
    assert note.others() == ()
    note.leave()
