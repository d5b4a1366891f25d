"""The index of public texts: found with and without accents, taken in once, nothing else in it."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import insert

from desk.search.find import Finder
from desk.search.public_index import PublicIndex
from desk.search.query import parse
from models.tables import ITEMS, PUBLIC_TEXTS, REVISIONS
from tests.verbs.house import House

TEXTS = {
    "i-0000000001": ("Chỉ số giá tiêu dùng tháng Mười", "Lạm phát cơ bản tăng 2,9%[^1]."),
    "i-0000000002": ("Đồng Nai có cầu mới", "Cầu dài 2 km."),
    "i-0000000003": ("Dong Nai bridge opens", "Two kilometres."),
}


@pytest.fixture
def published(house: House) -> House:
    """Three texts that have gone out, as the publisher stores them."""
    with house.room.store.write() as connection:
        for number, (item, (headline, body)) in enumerate(TEXTS.items()):
            digest = f"{number}" * 64
            content = {"headline": headline, "summary": "", "body": body}
            language = "en" if headline.startswith("Dong") else "vi"
            connection.execute(
                insert(ITEMS).values(
                    id=item,
                    language=language,
                    kind="news",
                    agency="thong-ke",
                    message="",
                    code="",
                    latest=digest,
                    number=1,
                    state="released",
                    waiting_for="",
                    public="live",
                )
            )
            connection.execute(
                insert(REVISIONS).values(
                    digest=digest,
                    item=item,
                    id=f"v-{number}",
                    number=1,
                    parent="",
                    author="editor",
                    time=f"2026-11-0{number + 1}T00:00:00Z",
                    state="released",
                    steps_done="",
                    released_in="",
                )
            )
            connection.execute(
                insert(PUBLIC_TEXTS).values(
                    revision=digest,
                    item=item,
                    language=language,
                    headline=headline,
                    content=json.dumps(content, ensure_ascii=False),
                )
            )
    return house


def found(house: House, query: str) -> list[str]:
    return [hit.key for hit in Finder(house.room, house["editor"]).find(query + " in:items")]


def test_public_texts_are_found_by_their_words(published: House) -> None:
    assert found(published, "lam phat") == ["i-0000000001"]
    assert found(published, "lạm phát") == ["i-0000000001"]
    assert found(published, "lậm phát") == []
    assert set(found(published, "dong nai")) == {"i-0000000002", "i-0000000003"}
    assert found(published, "đồng nai") == ["i-0000000002"]
    assert found(published, "dong nai lang:en") == ["i-0000000003"]
    assert found(published, "tieu") == ["i-0000000001"]
    assert found(published, "is:released after:2026-11-02") == ["i-0000000003", "i-0000000002"]


def test_a_text_is_taken_in_once(published: House, tmp_path: Path) -> None:
    index = PublicIndex(tmp_path / "search.db")
    with published.room.store.read() as connection:
        assert index.refresh(connection) == 3
        assert index.refresh(connection) == 0
    assert list(index.candidates(parse("dong"), 10)) == ["2" * 64, "1" * 64]


def test_an_index_of_another_format_is_made_again(published: House, tmp_path: Path) -> None:
    path = tmp_path / "search.db"
    with sqlite3.connect(path) as old:
        old.execute("CREATE TABLE known(x)")
        old.execute("PRAGMA user_version = 99")
    with published.room.store.read() as connection:
        assert PublicIndex(path).refresh(connection) == 3
