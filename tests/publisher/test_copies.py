"""The copy of the log in another publisher's directory, read from its end."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.publisher.copies import FIRST, kept_since, size
from desk.publisher.home import LOG, Home
from desk.trust.log import Entry, Head, next_entry


def written(home: Home, *lengths: int) -> list[Entry]:
    """Entries whose envelopes are so long, kept there."""
    found, head = [], Head()
    for length in lengths:
        entry = next_entry(head, b"x" * length)
        head = Head(entry.seq, entry.hash)
        found.append(entry)
    home.keep(found)
    return found


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.create(tmp_path / "publisher")


@pytest.mark.parametrize(
    "lengths", [(10,) * 9, (FIRST,) * 9, (10, 5 * FIRST, 10), (5 * FIRST, 5 * FIRST), (700,) * 900]
)
def test_all_that_was_kept_from_a_place_on(home: Home, lengths: tuple[int, ...]) -> None:
    every = written(home, *lengths)
    for seq in {1, 2, len(every) // 2, len(every)}:
        assert kept_since(home.path, seq) == every[seq - 1 :]
    assert kept_since(home.path, len(every) + 1) == []
    assert kept_since(home.path, 0) == every


def test_a_line_that_is_just_being_written_is_left_out(home: Home) -> None:
    every = written(home, 100, 100, 100)
    file = home.path / LOG
    file.write_bytes(file.read_bytes()[:-20])
    assert kept_since(home.path, 1) == every[:2]


def test_a_directory_without_a_copy_has_heard_nothing(tmp_path: Path) -> None:
    assert kept_since(tmp_path, 1) == []
    assert size(tmp_path) == 0
