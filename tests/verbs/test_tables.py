"""The tables that statements use are those that the classes of `models` define."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Column, Dialect, ForeignKey, Index, Integer, MetaData, Table, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from desk.errors import UsageError
from desk.store.tabling import defined, source
from models.tables import METADATA

ROOT = Path(__file__).resolve().parents[2]


def told(metadata: MetaData, dialect: Dialect) -> dict[str, list[str]]:
    """What a database of that kind would be told to make each table, its indexes by name."""
    return {
        name: [
            str(CreateTable(table).compile(dialect=dialect)),
            *sorted(str(CreateIndex(index).compile(dialect=dialect)) for index in table.indexes),
        ]
        for name, table in metadata.tables.items()
    }


def defaults(metadata: MetaData) -> dict[tuple[str, str], object]:
    """What an insert that leaves a column out writes there."""
    return {
        (table.name, column.name): getattr(column.default, "arg", None)
        for table in metadata.tables.values()
        for column in table.columns
    }


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()], ids=lambda d: d.name)
def test_the_plain_tables_are_those_of_the_classes(dialect: Dialect) -> None:
    assert len(METADATA.tables) >= 12
    assert told(METADATA, dialect) == told(defined(), dialect)
    assert defaults(METADATA) == defaults(defined())


def test_the_written_file_is_what_would_be_written_now() -> None:
    written = (ROOT / "models" / "tables.py").read_text("utf-8")
    assert written == source(defined()), "run: python -m desk.store.tabling"


@pytest.mark.parametrize(
    "column",
    [
        Column("x", Integer, ForeignKey("others.id")),
        Column("x", Integer, server_default=text("1")),
        Column("x", Integer, default=lambda: 1),
        Column("x", postgresql.INET),
    ],
    ids=["foreign key", "server default", "computed default", "unknown type"],
)
def test_what_cannot_be_written_down_is_refused_and_not_left_out(column: Column[object]) -> None:
    metadata = MetaData()
    Table("some", metadata, column)
    with pytest.raises(UsageError) as error:
        source(metadata)
    assert "some.x" in str(error.value)


def test_an_index_that_makes_unique_is_refused_and_not_left_out() -> None:
    metadata = MetaData()
    Table("some", metadata, Column("x", Integer), Index("ux_some_x", "x", unique=True))
    with pytest.raises(UsageError):
        source(metadata)


def test_reading_the_database_needs_no_orm() -> None:
    """Commands that read the database start without sqlmodel and what it brings in."""
    code = (
        "import sys, desk.newsroom.room, desk.releases.search, desk.items.board\n"
        "print(sorted({'sqlmodel', 'sqlalchemy.orm'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
