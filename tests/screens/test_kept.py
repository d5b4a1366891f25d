"""Answers kept until the log moves, and filters that look in two ways: both say the same."""

from __future__ import annotations

import pytest

from desk.demo.newsroom import DemoNewsroom, write_items
from desk.releases import search
from screens.newsroom.kept import MOST, Kept
from tests.screens.newsroom_world import build, source


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> DemoNewsroom:
    return build(tmp_path_factory.mktemp("kept"))


def test_an_answer_is_found_once_until_an_act_is_added(newsroom: DemoNewsroom) -> None:
    kept, asked = Kept(), []

    def find() -> int:
        asked.append(1)
        return len(asked)

    def ask(question: str) -> int:
        with newsroom.room.store.read() as connection:
            return kept.get(connection, question, find)

    assert [ask("a"), ask("a"), ask("b"), ask("a")] == [1, 1, 2, 1]
    write_items(newsroom, 1, lambda _text: None)
    assert ask("a") == 3
    kept.forget()
    assert ask("a") == 4


def test_not_more_answers_are_kept_than_said(newsroom: DemoNewsroom) -> None:
    kept = Kept()
    with newsroom.room.store.read() as connection:
        for number in range(MOST + 1):
            kept.get(connection, number, lambda: "old")
        assert kept.get(connection, MOST, lambda: "new") == "old"
        assert kept.get(connection, 0, lambda: "new") == "new"


def test_a_new_item_is_listed_although_the_list_was_kept(newsroom: DemoNewsroom) -> None:
    asked = source(newsroom)
    before = sum(one.count for one in asked.items_stretches(""))
    assert sum(one.count for one in asked.items_stretches("")) == before
    write_items(newsroom, 1, lambda _text: None)
    assert sum(one.count for one in asked.items_stretches("")) == before + 1


@pytest.mark.parametrize("query", ["agency:thong-ke", "agency:y-te", "kind:news", "lang:vi"])
def test_a_filter_finds_the_same_among_few_and_among_many(
    newsroom: DemoNewsroom, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def found() -> tuple[object, object]:
        asked = source(newsroom)
        return asked.calendar_days(query), asked.calendar_page("", 200, query)

    few = found()
    monkeypatch.setattr(search, "FEW", 0)
    assert found() == few


def test_releases_on_other_clocks_count_on_the_newsrooms_day(
    newsroom: DemoNewsroom,
) -> None:
    with newsroom.room.store.write() as connection:
        row = {"id": "r-0000000elsewhere"[:12], "at": "2026-12-01T18:30:00Z", "zone": "UTC",
               "wall": "2026-12-01T18:30", "code": "ELSEWHERE", "state": "confirmed",
               "basis": ""}  # fmt: skip
        connection.execute(search.RELEASES.insert().values(row))
        counted = search.days(connection, search.Filter(words=("elsewhere",)), "Asia/Ho_Chi_Minh")
    assert [f"{day} {count}" for day, count in counted.items()] == ["2026-12-02 1"]
