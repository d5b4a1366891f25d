"""Two people, or two desks, and one text: whatever is kept, nobody's words are lost."""

from __future__ import annotations

import pytest

from desk.errors import Conflict, NotFound, Refused, TrustError, UsageError
from desk.items import board, draft_files, drafts, preview, revisions, settling
from desk.items.assets import inspect_file
from desk.items.drafts import Draft
from desk.items.merge import MINE
from tests.verbs.house import TEXT, House

BODY = f"{TEXT['body']}\n\nĐoạn hai.\n\nĐoạn ba."


def both_began(house: House) -> str:
    """An item of one revision; editor and editor-2 have each begun a draft on it."""
    item = house.submitted(changes={"body": BODY})
    for who in ("editor", "editor-2"):
        drafts.edit(house.room, house[who], item)
    return item


def change(house: House, who: str, item: str, **changes: object) -> None:
    drafts.save(house.room, house[who], item, changes)


def mine(house: House, item: str, who: str = "editor") -> Draft:
    with house.room.reading(item) as view:
        return drafts.load(view, house[who], item)[0]


def overtake(house: House, **changes: object) -> str:
    """editor-2 submits those changes while editor still writes."""
    item = both_began(house)
    change(house, "editor-2", item, **changes)
    revisions.submit(house.room, house["editor-2"], item)
    return item


def test_a_newer_revision_is_told_with_who_made_it(house: House) -> None:
    item = overtake(house, body=BODY.replace("ba", "ba, bản của người kia"))
    with house.room.reading(item) as view:
        found = settling.overtaken(view, house["editor"], item)
    assert found is not None
    assert (found.number, found.by) == (2, "editor-2")
    assert found.base["body"] == BODY
    with pytest.raises(Conflict):
        revisions.submit(house.room, house["editor"], item)


def test_merged_both_peoples_words_are_in_the_draft_which_can_be_submitted(house: House) -> None:
    item = overtake(house, body=BODY.replace("ba", "ba của editor-2"))
    change(house, "editor", item, body=BODY.replace("hai", "hai của editor"))
    draft = settling.rebase(house.room, house["editor"], item, "both")
    assert "hai của editor." in draft.document["body"]
    assert "ba của editor-2." in draft.document["body"]
    done = revisions.submit(house.room, house["editor"], item)
    assert done.number == 3
    with house.room.reading(item) as view:
        assert view.record.items[item].authors(done.digest) == {"editor", "editor-2"}


def test_a_passage_that_both_changed_cannot_be_submitted_before_somebody_chose(
    house: House,
) -> None:
    item = overtake(house, body=BODY.replace("hai", "hai của editor-2"))
    change(house, "editor", item, body=BODY.replace("hai", "hai của editor"))
    draft = settling.rebase(house.room, house["editor"], item, "both")
    assert MINE in draft.document["body"]
    with pytest.raises(Refused, match="side by side"):
        revisions.submit(house.room, house["editor"], item)


@pytest.mark.parametrize("keep", ["mine", "theirs", "both"])
def test_whatever_is_kept_my_words_can_be_had_back(house: House, keep: settling.Keep) -> None:
    item = overtake(house, headline="Tiêu đề của editor-2")
    change(house, "editor", item, headline="Tiêu đề của editor")
    draft = settling.rebase(house.room, house["editor"], item, keep)
    if keep == "theirs":
        assert draft.document["headline"] == "Tiêu đề của editor-2"
    settling.put_back(house.room, house["editor"], item)
    assert mine(house, item).document["headline"] == "Tiêu đề của editor"
    settling.put_back(house.room, house["editor"], item)
    assert mine(house, item).document["headline"] == draft.document["headline"]


def test_settling_rests_on_the_newest_revision_and_is_done_once(house: House) -> None:
    item = overtake(house, headline="Khác")
    settling.rebase(house.room, house["editor"], item, "theirs")
    with house.room.reading(item) as view:
        assert settling.overtaken(view, house["editor"], item) is None
    with pytest.raises(Conflict, match="Nothing to settle"):
        settling.rebase(house.room, house["editor"], item, "theirs")


def test_a_third_revision_while_one_chooses_is_not_overwritten(house: House) -> None:
    item = overtake(house, headline="Hai")
    with house.room.reading(item) as view:
        found = settling.overtaken(view, house["editor"], item)
    assert found is not None
    drafts.edit(house.room, house["editor-2"], item)
    change(house, "editor-2", item, headline="Ba")
    revisions.submit(house.room, house["editor-2"], item)
    before = mine(house, item)
    with pytest.raises(Conflict, match="again"):
        settling.settle(
            house.room, house["editor"], item, found.theirs,
            version=found.draft.version, onto=found.onto,
        )  # fmt: skip
    assert mine(house, item) == before


def test_files_of_the_newer_revision_come_with_its_text(house: House) -> None:
    item = both_began(house)
    note = house.root / "ghi-chu.txt"
    note.write_text("Ghi chú báo chí", "utf-8")
    drafts.attach(house.room, house["editor-2"], item, note, role="text", alt="Ghi chú")
    revisions.submit(house.room, house["editor-2"], item)
    change(house, "editor", item, headline="Của tôi")
    draft = settling.rebase(house.room, house["editor"], item, "both")
    [entry] = draft.document["assets"]
    with house.room.reading(item) as view:
        _facts, data = draft_files.data_of(view, house["editor"], item, entry["id"])
    assert data == note.read_bytes()
    assert revisions.submit(house.room, house["editor"], item).number == 3


def test_beginning_again_keeps_the_words_of_the_draft(house: House) -> None:
    item = both_began(house)
    change(house, "editor", item, headline="Bỏ đi", edit_note="ghi chú")
    draft = settling.reset(house.room, house["editor"], item)
    assert draft.document["headline"] == TEXT["headline"]
    assert "edit_note" not in draft.document
    settling.put_back(house.room, house["editor"], item)
    assert mine(house, item).document["edit_note"] == "ghi chú"


def test_nothing_gave_way_before_anything_was_settled(house: House) -> None:
    item = both_began(house)
    with house.room.reading(item) as view, pytest.raises(NotFound):
        settling.before(view, house["editor"], item)


def test_attack_14_words_that_gave_way_are_sealed_and_go_with_the_draft(house: House) -> None:
    canary = "kiem-5c2e91d7"
    item = overtake(house, headline="Khác")
    change(house, "editor", item, headline=canary)
    settling.rebase(house.room, house["editor"], item, "theirs")
    assert not any(canary.encode() in f.read_bytes()
                   for f in house.root.rglob("*") if f.is_file())  # fmt: skip
    change(house, "editor", item, headline="Xong")
    revisions.submit(house.room, house["editor"], item)
    with house.room.store.read() as connection:
        left = connection.exec_driver_sql("SELECT count(*) FROM sealed WHERE part = 'before'")
        assert left.scalar() == 0


def test_a_submit_signs_the_version_that_was_seen_or_nothing(house: House) -> None:
    item = house.draft()
    change(house, "editor", item, headline="Mới hơn")
    with pytest.raises(Conflict, match="saved elsewhere"):
        revisions.submit(house.room, house["editor"], item, version=1)
    assert revisions.submit(house.room, house["editor"], item, version=2).number == 1


# Files of a draft


def with_note(house: House) -> tuple[str, str]:
    item = house.draft()
    note = house.root / "ghi-chu.txt"
    note.write_text("Ghi chú", "utf-8")
    draft = drafts.attach(house.room, house["editor"], item, note, role="text", alt="")
    return item, draft.document["assets"][0]["id"]


def test_a_file_is_described_and_its_role_must_fit_its_bytes(house: House) -> None:
    item, asset = with_note(house)
    draft = draft_files.describe(
        house.room, house["editor"], item, asset, role="document", alt=" Ghi chú ", caption="Dòng"
    )
    [entry] = draft.document["assets"]
    assert (entry["role"], entry["alt"], entry["caption"]) == ("document", "Ghi chú", "Dòng")
    with pytest.raises(UsageError, match="Not a file for the role picture"):
        draft_files.describe(house.room, house["editor"], item, asset, role="picture")
    assert inspect_file(house.root / "ghi-chu.txt", "document")[0].sha256 == entry["sha256"]
    gone = draft_files.describe(house.room, house["editor"], item, asset, caption="")
    assert "caption" not in gone.document["assets"][0]


def test_files_too_are_changed_only_at_the_version_that_was_seen(house: House) -> None:
    item, asset = with_note(house)
    version = mine(house, item).version
    change(house, "editor", item, headline="Nơi khác")
    for call in (
        lambda: draft_files.describe(
            house.room, house["editor"], item, asset, alt="x", version=version
        ),
        lambda: drafts.detach(house.room, house["editor"], item, asset, version=version),
    ):
        with pytest.raises(Conflict, match="saved elsewhere"):
            call()


def test_attack_11_bytes_swapped_under_a_draft_are_noticed(house: House) -> None:
    item, asset = with_note(house)
    with house.room.store.write() as connection:
        connection.exec_driver_sql(
            "UPDATE sealed SET ciphertext = (SELECT ciphertext FROM sealed WHERE part = 'content'"
            " LIMIT 1) WHERE part LIKE 'asset:%'"
        )
    with house.room.reading(item) as view, pytest.raises(TrustError):
        draft_files.data_of(view, house["editor"], item, asset)


# The board, and what a preview shows


def test_the_board_has_drafts_and_revisions_newest_first(house: House) -> None:
    submitted = house.submitted()
    house.clock.advance(60)
    draft = house.draft()
    with house.room.store.read() as connection:
        rows = board.rows(connection, "editor")
        others = board.rows(connection, "editor-2")
    assert [(row.id, row.state, bool(row.version)) for row in rows] == [
        (draft, "draft", True), (submitted, "submitted", False),
    ]  # fmt: skip
    assert [row.id for row in others] == [submitted]


@pytest.mark.parametrize(
    "query",
    ["", "mine", "state:draft", "state:submitted", "state:returned", "lang:vi", "lang:en",
     "agency:y-te", "agency:thong-ke", "kind:statement", "mine state:draft lang:vi"],
)  # fmt: skip
def test_the_ids_of_a_filter_are_those_of_its_rows(house: House, query: str) -> None:
    house.submitted()
    house.clock.advance(60)
    house.draft()
    wanted = board.wanted(query)
    with house.room.store.read() as connection:
        for author in ("editor", "editor-2"):
            every = board.rows(connection, author)
            found = board.ids(connection, author, wanted)
            assert found == [row.id for row in every if wanted.lets(row)]
            assert board.rows(connection, author, found) == [r for r in every if wanted.lets(r)]


@pytest.mark.parametrize("query", ["", "mine", "agency:thong-ke", "state:submitted"])
def test_the_list_read_in_pages_is_the_list(house: House, query: str) -> None:
    for days in (1, 1, 0, 40, 0, 1):
        house.submitted()
        house.draft()
        house.clock.advance(days * 86_400)
    wanted = board.wanted(query)
    with house.room.store.read() as connection:
        for author in ("editor", "editor-2"):
            whole = board.ids(connection, author, wanted)
            counted = board.stretches(connection, author, wanted)
            assert sum(count for _after, count in counted) == len(whole)
            by_day = [
                board.ids(connection, author, wanted, after=after, limit=count)
                for after, count in counted
            ]
            assert [item for day in by_day for item in day] == whole
            for place, item in enumerate(whole, 1):
                following = board.ids(connection, author, wanted, after=item, limit=3)
                assert following == whole[place : place + 3]
            assert board.ids(connection, author, wanted, after="i-notthere") == []


def test_a_filter_reads_fields_and_words() -> None:
    found = board.wanted("agency:y-te state:chờ-duyệt mine SAO", [("submitted", "chờ duyệt")])
    assert found.agencies == ("y-te",)
    assert found.states == ("submitted",)
    assert (found.mine, found.words) == (True, ("sao",))


def test_a_preview_has_the_languages_one_may_read_and_the_instant(house: House) -> None:
    vi, en = house.pair()
    with house.room.reading(vi) as view:
        found = preview.texts(view, house["editor"], vi)
        assert {code: one["item"] for code, one in found.items()} == {"vi": vi, "en": en}
        assert preview.instant_of(view, vi) == ""
        assert preview.places(view, "statement") == [
            ("portal", "vi"), ("portal", "en"), ("press", "vi"),
        ]  # fmt: skip
    with house.room.reading(vi) as view, pytest.raises(Refused):
        preview.texts(view, house["health"], vi)
    approved = house.approved()
    house.planned(approved)
    with house.room.reading(approved) as view:
        assert preview.instant_of(view, approved) == "2026-11-20T02:00:00Z"
