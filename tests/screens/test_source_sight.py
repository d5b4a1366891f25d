"""The rooms on a real newsroom: who sees what, and what browsing leaves behind."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from desk.demo.newsroom import DemoNewsroom
from desk.errors import DeskError, Refused
from desk.locales import set_language
from desk.releases.titles import Titles
from tests.screens.newsroom_world import (
    head,
    releases,
    rows,
    source,
    to_approve,
)

LANGUAGE = "vi"


def test_the_desk_knows_its_newsroom_and_person(built: DemoNewsroom) -> None:
    view = source(built).desk()
    assert view.newsroom == "Cổng thông tin điện tử – Tòa soạn trung tâm"
    assert view.name == "Ca trực 1 – trưởng ca"
    assert (view.zone, view.roles) == ("Asia/Ho_Chi_Minh", ("check", "lead"))


def test_a_key_that_is_not_in_the_roster_gets_no_desk(built: DemoNewsroom) -> None:
    stranger = source(built, "lead-1")
    stranger._house.actor = type(built.actor("lead-1"))("lead-1", built.actor("editor-1").identity)
    with pytest.raises(Refused, match="does not act here"):
        stranger.desk()


def test_a_reader_sees_headlines_in_the_language_of_the_interface(built: DemoNewsroom) -> None:
    titles = {row.title for row in releases(source(built))}
    assert "Việt Nam có thêm một Di sản Thế giới liên tỉnh" in titles
    assert any(title.startswith("Tài liệu báo chí") for title in titles)
    set_language("en")
    english = {row.title for row in releases(source(built))}
    assert english.isdisjoint(titles)
    assert not any(row.sealed for row in releases(source(built)))


def test_who_may_not_read_sees_code_names_alone(built: DemoNewsroom) -> None:
    seen = releases(source(built, "admin-1"))
    assert {row.title for row in seen} == {
        "SAO-MAI", "HOA-SEN", "SÔNG-HƯƠNG", "TRE-XANH", "TRỐNG-ĐỒNG",
    }  # fmt: skip
    assert all(row.sealed for row in seen)
    view = source(built, "admin-1").release(built.release)
    assert view.sealed
    assert all(item.headline.startswith("▒ ") for item in view.items)


def test_attack_14_browsing_writes_no_unreleased_text_to_disk(newsroom: DemoNewsroom) -> None:
    reader = source(newsroom)
    found = [row.title for row in releases(reader)]
    reader.pulse(), reader.monitor(), reader.release(newsroom.release)
    texts = [reader.review(entry.revision).text for entry in to_approve(reader)]
    assert found
    assert texts
    wanted = [title.rsplit(" (+", 1)[0].encode() for title in found]
    for file in newsroom.root.rglob("*"):
        if file.is_file():
            data = file.read_bytes()
            assert not any(title in data for title in wanted), file


def test_attack_16_a_swapped_ciphertext_is_shown_as_sealed(newsroom: DemoNewsroom) -> None:
    with newsroom.room.store.write() as connection:
        connection.exec_driver_sql(
            "UPDATE sealed SET ciphertext = (SELECT ciphertext FROM sealed WHERE kind = 'revision' "
            "AND part = 'content' ORDER BY id LIMIT 1) WHERE kind = 'revision' AND part = 'content'"
        )
    shown = [row for row in releases(source(newsroom)) if not row.sealed]
    assert len(shown) <= 1  # the one whose ciphertext stayed where it was


def test_a_headline_is_not_taken_from_an_act_that_its_author_did_not_sign(
    newsroom: DemoNewsroom,
) -> None:
    actor, item = newsroom.actor("lead-1"), newsroom.items[0]
    with newsroom.room.reading(item) as view:
        digest = view.record.items[item].latest
        assert Titles(actor).headline(view, item, digest)
        assert Titles(actor).headline(view, item, "0" * 64) == ""
        assert Titles(actor).headline(view, newsroom.items[1], digest) == ""


def test_the_version_is_the_head_of_the_log(newsroom: DemoNewsroom) -> None:
    reader = source(newsroom)
    before = reader.pulse().version
    assert before == reader.pulse().version == str(head(newsroom))
    reader.confirm(releases(reader, "tre-xanh")[0].release)
    assert reader.pulse().version == str(head(newsroom)) != before


def test_many_threads_hear_the_same(built: DemoNewsroom) -> None:
    reader = source(built)
    expected = rows(reader), reader.queue(), reader.pulse(), reader.monitor()

    def ask(_number: int) -> object:
        reader.calendar_days("")
        return rows(reader), reader.queue(), reader.pulse(), reader.monitor()

    with ThreadPoolExecutor(8) as pool:
        for heard in pool.map(ask, range(16)):
            assert heard == expected


def test_a_database_that_is_gone_is_told(newsroom: DemoNewsroom) -> None:
    reader = source(newsroom)
    for file in (newsroom.root / "var").glob("desk.db*"):
        file.rename(file.with_suffix(".away"))
    (newsroom.root / "var" / "desk.db").mkdir()
    with pytest.raises(DeskError):
        reader.pulse()
