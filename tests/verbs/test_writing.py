"""Writing to a small SQLite file: all of it or nothing, and errors of the caller's own making."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from desk.errors import Unavailable
from desk.store.writing import writing


def silent(error: sqlite3.Error) -> Unavailable:
    return Unavailable("It does not answer", type(error).__name__)


def opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None, timeout=0.01)


def write(db: sqlite3.Connection, *values: str | Exception) -> None:
    """Write each of them; an exception is raised instead."""
    with writing(db, silent) as inside:
        for value in values:
            if isinstance(value, Exception):
                raise value
            inside.execute("INSERT INTO kept VALUES (?)", (value,))


def names(path: Path) -> list[str]:
    with closing(opened(path)) as db:
        return [name for (name,) in db.execute("SELECT name FROM kept ORDER BY name")]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "small.db"
    with closing(opened(path)) as db:
        db.execute("CREATE TABLE kept (name TEXT PRIMARY KEY)")
    return path


def test_all_that_is_done_inside_is_kept(file: Path) -> None:
    with closing(opened(file)) as db, writing(db, silent) as inside:
        inside.execute("INSERT INTO kept VALUES ('one')")
        inside.execute("INSERT INTO kept VALUES ('two')")
        assert names(file) == [], "nobody sees it before"
    assert names(file) == ["one", "two"]


def test_nothing_is_kept_when_anything_goes_wrong(file: Path) -> None:
    with closing(opened(file)) as db:
        with pytest.raises(KeyError):
            write(db, "one", KeyError())
        with pytest.raises(Unavailable, match="IntegrityError"):
            write(db, "one", "one")
        assert names(file) == []
        write(db, "three")  # and the connection is good for the next one
    assert names(file) == ["three"]


def test_a_file_that_another_one_writes_to_is_told_of_in_our_words(file: Path) -> None:
    with closing(opened(file)) as other, closing(opened(file)) as db:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable, match="It does not answer"), writing(db, silent):
            raise AssertionError("it never gets inside")
