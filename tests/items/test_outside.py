"""One's own editor: the text comes back, and nothing of it stays, however the editor ends."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from desk.errors import Refused, Unavailable, UsageError
from desk.items import outside

CANARY = "kiem-8d1f-bí-mật"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Stands for the folder in memory: which one is taken is tested by itself."""
    return tmp_path


def editor(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """An editor that runs a piece of Python on the file it is given."""
    monkeypatch.delenv("VISUAL", raising=False)
    code = f"import os, sys, signal, pathlib; p = pathlib.Path(sys.argv[1]); {script}"
    monkeypatch.setenv("EDITOR", f"{sys.executable} -c '{code}'")


def run(command: list[str], environment: Mapping[str, str]) -> int:
    return subprocess.run(command, env=dict(environment), check=False).returncode


def hits(place: Path) -> list[Path]:
    return [f for f in place.rglob("*") if f.is_file() and CANARY.encode() in f.read_bytes()]


def test_what_the_editor_saved_comes_back_composed(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    editor(monkeypatch, 'p.write_text(p.read_text() + "Vie\\u0323\\u0302t\\r\\n")')
    assert outside.round_trip("Một", run, folder) == "Một\nViệt"
    assert list(folder.iterdir()) == []


def test_a_text_that_was_not_touched_comes_back_as_it_was(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    editor(monkeypatch, "pass")
    for text in ("", "Một", "Một\n\nHai", "Một\n", "\n\n"):
        assert outside.round_trip(text, run, folder) == text


def test_attack_14_swap_and_backup_files_are_gone_too(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    seen: list[int] = []

    def watched(command: list[str], environment: Mapping[str, str]) -> int:
        own = Path(command[-1])
        seen.extend(stat.S_IMODE(place.stat().st_mode) for place in (own.parent, own))
        assert environment["TMPDIR"] == str(own.parent)
        return run(command, environment)

    editor(
        monkeypatch,
        '[(p.parent / n).write_text(p.read_text()) for n in (".a.swp", "a~", "#a#")]; '
        '(p.parent / "deep").mkdir(); (p.parent / "deep" / "b").write_text(p.read_text())',
    )
    outside.round_trip(CANARY, watched, folder)
    assert seen == [0o700, 0o600]
    assert hits(folder) == []
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("how", ["os.kill(os.getpid(), signal.SIGKILL)", "sys.exit(3)"])
def test_attack_14_an_editor_that_is_killed_leaves_nothing_and_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, folder: Path, how: str
) -> None:
    editor(monkeypatch, f'(p.parent / ".swp").write_text(p.read_text()); {how}')
    with pytest.raises(Unavailable, match="did not end well"):
        outside.round_trip(CANARY, run, folder)
    assert list(folder.iterdir()) == []


def test_attack_14_a_link_planted_in_the_folder_is_not_followed(folder: Path) -> None:
    victim = folder / "victim"
    victim.write_text("stays")
    with outside.laid_out(CANARY, folder) as path:
        (path.parent / "link").symlink_to(victim)
    assert victim.read_text() == "stays"


def test_attack_14_what_a_killed_desk_left_is_swept_by_the_next(folder: Path) -> None:
    code = (
        "import sys, os, signal, pathlib; from desk.items import outside\n"
        "with outside.laid_out(sys.argv[2], pathlib.Path(sys.argv[1])):\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(folder), CANARY], check=False)
    assert done.returncode == -signal.SIGKILL
    assert hits(folder) != []
    with outside.laid_out("", folder) as mine:
        assert hits(folder) == []
        assert mine.exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_attack_14_a_desk_whose_terminal_closes_cleans_up(folder: Path, number: int) -> None:
    code = (
        "import sys, os, pathlib; from desk.items import outside\n"
        "with outside.laid_out(sys.argv[2], pathlib.Path(sys.argv[1])):\n"
        "    os.kill(os.getpid(), int(sys.argv[3])); raise AssertionError('went on')\n"
    )
    arguments = [sys.executable, "-c", code, str(folder), CANARY, str(int(number))]
    done = subprocess.run(arguments, check=False, capture_output=True, text=True)
    assert done.returncode == 128 + number, done.stderr
    assert list(folder.iterdir()) == []


def test_the_folder_of_a_desk_that_lives_is_left_alone(folder: Path) -> None:
    with outside.laid_out(CANARY, folder) as path:
        assert outside.sweep(folder) == 0
        assert path.exists()


MOUNTS = "/dev/sda1 / ext4 rw 0 0\ntmpfs {shm} tmpfs rw 0 0\n/dev/sda1 {disk} ext4 rw 0 0\n"


def test_attack_14_only_a_folder_in_memory_will_do(tmp_path: Path) -> None:
    shm, disk = tmp_path / "shm", tmp_path / "shm" / "disk"
    disk.mkdir(parents=True)
    mounts = MOUNTS.format(shm=shm, disk=disk)
    assert outside.memory_folder(mounts, [str(disk), str(shm)]) == shm
    for candidates in ([str(disk)], [""], [str(tmp_path / "none")], [str(tmp_path)]):
        with pytest.raises(Refused, match="no folder in memory") as refused:
            outside.memory_folder(mounts, candidates)
        assert refused.value.reasons[0].rule == "plaintext"


def test_a_link_to_a_folder_on_a_disk_is_not_taken_for_memory(tmp_path: Path) -> None:
    shm, disk = tmp_path / "shm", tmp_path / "disk"
    shm.mkdir()
    disk.mkdir()
    (shm / "link").symlink_to(disk)
    with pytest.raises(Refused):
        outside.memory_folder(MOUNTS.format(shm=shm, disk=disk), [str(shm / "link")])


def test_an_editor_that_nobody_named_or_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for value in ("", "no-such-editor-here", "'"):
        with pytest.raises(UsageError, match="No editor is named"):
            outside.editor({"EDITOR": value})
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    assert outside.editor({"VISUAL": "vim -u NONE"})[:5] == ["vim", "-u", "NONE", "-n", "-i"]
    assert outside.editor({"EDITOR": "nano -w"}) == ["nano", "-w"]


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"a\xff")
    with pytest.raises(UsageError, match="Not UTF-8"):
        outside.written(path)
    os.unlink(path)
    with pytest.raises(Unavailable):
        outside.written(path)
