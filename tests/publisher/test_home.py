"""The publisher's own copy of the log: what counted once is never lost in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.errors import Conflict, TrustError
from desk.publisher.home import Home
from desk.trust.log import Entry, Head, next_entry


def entries(count: int) -> list[Entry]:
    found, head = [], Head()
    for number in range(count):
        entry = next_entry(head, b"act %d" % number)
        head = Head(entry.seq, entry.hash)
        found.append(entry)
    return found


@pytest.fixture
def home(tmp_path: Path) -> Home:
    found = Home.create(tmp_path / "publisher")
    found.keep(entries(5))
    found.close()
    return found


def test_what_was_kept_is_read_again(home: Home) -> None:
    assert list(Home(home.path).entries()) == entries(5)


@pytest.mark.parametrize("cut", [1, 7, 40])
def test_attack_22_a_line_torn_by_a_crash_is_cut_off(home: Home, cut: int) -> None:
    file = home.path / "log.jsonl"
    file.write_bytes(file.read_bytes()[:-cut])
    assert list(Home(home.path).entries()) == entries(4)
    again = Home(home.path)
    again.keep(entries(5)[4:])
    assert list(Home(home.path).entries()) == entries(5)


@pytest.mark.parametrize("line", [0, 2, 3])
def test_attack_08_damage_in_the_middle_is_no_torn_line(home: Home, line: int) -> None:
    """Cutting there would forget acts that counted, and with them the pinned head."""
    file = home.path / "log.jsonl"
    lines = file.read_bytes().splitlines(keepends=True)
    lines[line] = b"\x00" * len(lines[line][:-1]) + b"\n"
    file.write_bytes(b"".join(lines))
    with pytest.raises(TrustError):
        list(Home(home.path).entries())
    assert file.stat().st_size == sum(map(len, lines)), "nothing was cut"


def test_an_entry_exchanged_for_another_is_noticed(home: Home) -> None:
    file = home.path / "log.jsonl"
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([lines[0], lines[2], lines[1], *lines[3:]]))
    with pytest.raises(TrustError):
        list(Home(home.path).entries())


def test_only_one_publisher_has_the_directory(home: Home) -> None:
    first, second = Home(home.path), Home(home.path)
    first.lock()
    with pytest.raises(Conflict):
        second.lock()
    first.close()
    second.lock()
    second.close()


def test_another_root_is_another_newsroom(home: Home) -> None:
    assert home.pinned_root("a" * 64) == "a" * 64
    with pytest.raises(TrustError):
        Home(home.path).pinned_root("b" * 64)
