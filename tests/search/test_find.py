"""Finding on a real newsroom: what one may read is found, what is sealed leaks nowhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from desk.demo.newsroom import DemoNewsroom
from desk.search.find import Finder
from desk.search.public_index import FILE
from tests.screens.newsroom_world import build


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> DemoNewsroom:
    return build(tmp_path_factory.mktemp("search"))


@pytest.fixture(scope="module")
def headline(newsroom: DemoNewsroom) -> str:
    """A headline under embargo, as a lead reads it."""
    found = finder(newsroom).find("in:items is:unreleased", 500)
    return next(hit.title for hit in found if not hit.sealed and " " in hit.title)


def finder(newsroom: DemoNewsroom, person: str = "lead-1") -> Finder:
    return Finder(newsroom.room, newsroom.actor(person))


def test_a_reader_finds_what_is_sealed_by_its_words(newsroom: DemoNewsroom, headline: str) -> None:
    hits = finder(newsroom).find(f'"{headline}" in:items')
    assert headline in {hit.title for hit in hits}
    assert all(hit.state not in ("live", "corrected") for hit in hits)


def test_attack_14_nothing_sealed_is_written_while_searching(
    newsroom: DemoNewsroom, headline: str
) -> None:
    finder(newsroom).find(headline)
    words = headline.encode()
    files = [path for path in newsroom.root.rglob("*") if path.is_file()]
    assert (newsroom.root / "var" / FILE) in files
    content = newsroom.root / "content"
    hits = [path for path in files if words in path.read_bytes() and content not in path.parents]
    assert hits == []


def test_who_may_not_read_finds_the_code_name_alone(newsroom: DemoNewsroom, headline: str) -> None:
    stranger = finder(newsroom, "admin-1")
    assert headline not in {hit.title for hit in stranger.find(f'"{headline}"')}
    sealed = [hit for hit in stranger.find("in:items is:unreleased", 500) if hit.sealed]
    assert all(headline not in hit.title + hit.snippet for hit in sealed)


def test_forgetting_drops_what_was_opened(newsroom: DemoNewsroom, headline: str) -> None:
    one = finder(newsroom)
    one.find(headline)
    assert one._opened
    one.forget()
    assert not one._opened


def test_the_handbook_and_the_terms_are_found_too(newsroom: DemoNewsroom) -> None:
    places = {hit.place for hit in finder(newsroom).find("restore")}
    assert "handbook" in places
    terms = finder(newsroom).find("tong bi thu in:terms")
    assert any(hit.title == "Tổng Bí thư" for hit in terms)


def test_the_log_is_searched_when_asked_for(newsroom: DemoNewsroom) -> None:
    one = finder(newsroom)
    assert {hit.place for hit in one.find("in:log by:lead-1")} == {"log"}
    assert "log" not in {hit.place for hit in one.find("release")}


def test_fields_narrow(newsroom: DemoNewsroom) -> None:
    one = finder(newsroom)
    vi = one.find("in:items lang:vi", 500)
    en = one.find("in:items lang:en", 500)
    both = one.find("in:items", 500)
    assert vi
    assert en
    assert len(vi) + len(en) == len(both)
    assert one.find("in:items lang:fr") == []
    assert one.find("in:items after:2031") == []


def test_hits_are_plain_values(newsroom: DemoNewsroom) -> None:
    from dataclasses import asdict

    for hit in finder(newsroom).find("a", 50):
        json.dumps(asdict(hit))


def test_a_broken_index_is_told_and_made_again(newsroom: DemoNewsroom, tmp_path: Path) -> None:
    from desk.errors import Unavailable

    path = tmp_path / "search.db"
    path.write_bytes(b"no database, however long it is " * 200)
    one = Finder(newsroom.room, newsroom.actor("lead-1"), path)
    with pytest.raises(Unavailable, match="index"):
        one.find("restore")
    path.unlink()
    assert one.find("restore")
