"""A database of an older Desk: told what to do, brought up to date, and then what the log says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import event, text

from desk.cli import main
from desk.errors import Unavailable
from desk.items import board
from desk.newsroom import administer
from desk.releases import views
from desk.store import projections
from desk.store.migrations import NEWEST, current, upgrade
from tests.verbs.house import House

BEFORE_THE_LIST = (
    "drop index ix_items_list",
    "drop index ix_items_agency_id",
    "alter table items drop column at",
    "create index ix_items_agency on items (agency)",
    "update alembic_version set version_num = '0003'",
)


def written_by_an_older_desk(house: House) -> dict[str, list[tuple[object, ...]]]:
    """A newsroom with some items whose tables are of schema 0003; what its tables said before."""
    house.published()
    house.clock.advance(60)
    house.submitted()
    house.pair()
    with house.room.store.read() as connection:
        before = projections.snapshot(connection)
    with house.room.store.write() as connection:
        for statement in BEFORE_THE_LIST:
            connection.execute(text(statement))
    return before


def test_an_older_database_is_refused_with_the_command_that_mends_it(house: House) -> None:
    written_by_an_older_desk(house)
    with pytest.raises(Unavailable) as error:
        house.opened()
    assert "0003" in str(error.value)
    assert error.value.hint == "Run: desk newsroom migrate"


def test_an_older_database_upgraded_says_what_the_log_says(house: House) -> None:
    before = written_by_an_older_desk(house)
    upgrade(house.room.store.engine)
    assert current(house.room.store.engine) == NEWEST
    room = house.opened()
    with room.store.read() as connection:
        assert projections.snapshot(connection) == before
        assert [row.at for row in board.rows(connection, "editor")] == sorted(
            (row.at for row in board.rows(connection, "editor")), reverse=True
        )
    assert set(administer.rebuild(room).values()) == {0}
    upgrade(house.room.store.engine)  # once more changes nothing
    assert set(administer.rebuild(room).values()) == {0}


def test_the_count_of_signatures_of_an_older_desk_is_counted_anew(
    house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    release = house.signed()
    with house.room.store.read() as connection:
        before = projections.snapshot(connection)
    with house.room.store.write() as connection:
        connection.execute(text("update releases set signed = 7"))
        connection.execute(text("update alembic_version set version_num = '0004'"))
    with pytest.raises(Unavailable):  # nobody reads the old count
        house.opened()
    monkeypatch.setenv("XDG_STATE_HOME", str(house.room.root / "state"))
    monkeypatch.setenv("DESK_NEWSROOM", str(house.room.root))
    (house.room.root / "calendar.yaml").touch()
    assert main(["newsroom", "migrate", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["before"], told["after"], told["mended"]) == ("0004", NEWEST, 2)
    with house.opened().store.read() as connection:
        assert projections.snapshot(connection) == before
        assert [row.signed for row in views.page(connection) if row.id == release] == [2]


def test_the_list_of_items_is_read_from_its_index_alone(house: House) -> None:
    asked: list[tuple[str, Any]] = []
    with house.room.store.read() as connection:
        event.listen(
            connection,
            "before_cursor_execute",
            lambda _c, _cursor, statement, values, *_more: asked.append((statement, values)),
        )
        board.stretches(connection, "editor", board.wanted("lang:vi"))
        statement, values = asked[-1]
        plan = connection.exec_driver_sql(f"explain query plan {statement}", values).all()
    assert "items USING COVERING INDEX ix_items_list" in str(plan)
