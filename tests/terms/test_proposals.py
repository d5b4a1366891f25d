"""A newsroom's own termbase: what one person may change, what takes two, and what the log holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.demo.newsroom import DemoNewsroom, found
from desk.errors import Conflict, NotFound, Refused, TrustError, UsageError
from desk.terms import history, overlay, proposals
from desk.terms.change import Change, between, read_change
from desk.terms.check import check
from desk.terms.diff import difference
from desk.terms.entry import Citation, Entry, Form, Source
from desk.terms.load import read
from desk.terms.nearby import near
from desk.terms.overlay import Off, Overlay
from desk.terms.plain import file_text
from desk.terms.termbase import Termbase, shipped
from desk.trust.acts import FIELDS, TERMS, write

SOURCE = Citation(Source("own", "House style", "page 1"), "page 1")
HOUSE = Entry(
    "ban-tin-sang", "vi", (Form("Bản tin Sáng", "preferred"), Form("Bản tin sáng", "deprecated")),
    "Tên chương trình viết hoa.", SOURCE, "ban-tin-sang",
    match=("Mời xem Bản tin sáng.",), clean=("Mời xem Bản tin Sáng.",),
)  # fmt: skip
ERROR = replace(HOUSE, severity="error")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[DemoNewsroom]:
    newsroom = found(tmp_path)
    yield newsroom
    newsroom.room.store.engine.dispose()


def put(*entries: Entry, reason: str = "House style") -> Change:
    return Change(put=entries, reason=reason)


def own(house: DemoNewsroom) -> Overlay:
    return overlay.load(house.root)


# -- one person, two people ----------------------------------------------------------------------


def test_a_warning_takes_one_lead_and_counts_at_once(house: DemoNewsroom) -> None:
    done = proposals.propose(house.room, house.actor("lead-1"), put(HOUSE))
    assert (done.in_force, done.number, done.signed) == (True, 1, ("lead-1",))
    assert own(house).entries == (HOUSE,)
    assert history.version(house.root).number == 1
    text = "Mời xem Bản tin sáng lúc 6 giờ."
    found_now = check(text, overlay.effective(house.root), language="vi", patterns=False)
    assert [one.entry for one in found_now] == ["ban-tin-sang"]
    assert proposals.standing(house.room).problems == ()


def test_an_error_takes_two_people(house: DemoNewsroom) -> None:
    lead, other = house.actor("lead-1"), house.actor("lead-2")
    first = proposals.propose(house.room, lead, put(ERROR))
    assert (first.in_force, first.people, first.errors) == (False, 2, ("vi ban-tin-sang",))
    assert own(house) == Overlay()
    again = proposals.accept(house.room, lead, first.id[:8])
    assert again.already
    assert own(house) == Overlay()
    done = proposals.accept(house.room, other, first.id[:8])
    assert (done.in_force, done.signed) == (True, ("lead-1", "lead-2"))
    assert own(house).entries == (ERROR,)
    assert proposals.waiting(house.room) == ()


@pytest.mark.parametrize("change", [
    Change(off=(Off("vi", "tong-bi-thu", "we know better"),)),
    put(replace(shipped().by_id["vi", "tong-bi-thu"], severity="info")),
])  # fmt: skip
def test_weakening_a_shipped_error_takes_two_people(house: DemoNewsroom, change: Change) -> None:
    first = proposals.propose(house.room, house.actor("lead-1"), change)
    assert not first.in_force
    text = "Tổng bí thư tiếp khách."
    assert check(text, overlay.effective(house.root), language="vi", patterns=False)
    proposals.accept(house.room, house.actor("lead-2"), first.id)
    left = check(text, overlay.effective(house.root), language="vi", patterns=False)
    assert [one for one in left if one.severity == "error"] == []


def test_making_an_own_error_milder_or_dropping_it_takes_two(house: DemoNewsroom) -> None:
    lead, other = house.actor("lead-1"), house.actor("lead-2")
    proposals.accept(house.room, other, proposals.propose(house.room, lead, put(ERROR)).id)
    for change in (put(HOUSE), Change(drop=(("vi", "ban-tin-sang"),))):
        assert not proposals.propose(house.room, lead, change).in_force
    assert own(house).entries == (ERROR,)


def test_a_change_that_others_have_accepted_meanwhile_is_told_as_done(house: DemoNewsroom) -> None:
    first = proposals.propose(house.room, house.actor("editor-1"), put(ERROR))
    assert proposals.accept(house.room, house.actor("lead-1"), first.id).in_force
    late = proposals.accept(house.room, house.actor("lead-2"), first.id[:8])
    assert (late.in_force, late.already, late.number) == (True, True, 1)
    assert late.signed == ("editor-1", "lead-1")
    with pytest.raises(NotFound):
        proposals.accept(house.room, house.actor("lead-2"), first.id[:3])


def test_folders_of_the_termbase_are_open_to_the_group_of_the_newsroom(house: DemoNewsroom) -> None:
    proposals.propose(house.room, house.actor("lead-1"), put(HOUSE))
    for folder in ("terms", "terms/changes", "terms/proposals"):
        found = (house.root / folder).stat()
        assert found.st_mode & 0o7777 == 0o2775
        assert found.st_gid == house.root.stat().st_gid


def test_editors_propose_and_a_lead_agrees(house: DemoNewsroom) -> None:
    editor, reviewer = house.actor("editor-1"), house.actor("reviewer-1")
    first = proposals.propose(house.room, editor, put(HOUSE))
    assert (first.in_force, first.people) == (False, 1)
    again = proposals.accept(house.room, reviewer, first.id)
    assert not again.in_force
    (waits,) = proposals.waiting(house.room)
    assert waits.proposer == "editor-1"
    assert waits.signed == ("editor-1", "reviewer-1")
    assert waits.entries == ("vi ban-tin-sang",)
    assert proposals.accept(house.room, house.actor("lead-1"), first.id).in_force


def test_a_proposal_waits_although_one_person_would_be_enough(house: DemoNewsroom) -> None:
    first = proposals.propose(house.room, house.actor("lead-1"), put(HOUSE), alone=False)
    assert not first.in_force
    assert own(house) == Overlay()


def test_what_waited_beside_an_accepted_change_is_stale(house: DemoNewsroom) -> None:
    lead = house.actor("lead-1")
    waits = proposals.propose(house.room, house.actor("editor-1"), put(HOUSE))
    other = replace(HOUSE, id="ban-tin-toi", forms=(Form("Bản tin Tối", "preferred"),),
                    match=(), clean=())  # fmt: skip
    assert proposals.propose(house.room, lead, put(other)).in_force
    assert proposals.waiting(house.room) == ()
    with pytest.raises(NotFound):
        proposals.accept(house.room, lead, waits.id)


# -- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        (replace(HOUSE, match=("Không có gì.",)), "its example is not found"),
        (replace(HOUSE, clean=("Mời xem Bản tin sáng.",)), "in a clean example"),
        (replace(HOUSE, forms=(Form("Tổng bí thư", "preferred"), Form("TBT", "deprecated")),
                 match=("TBT họp.",), clean=()), "tong-bi-thu forbids"),
        (replace(HOUSE, forms=(Form("Tổng bí thơ", "preferred"), Form("Tổng Bí thư", "deprecated")),
                 match=("Tổng Bí thư họp.",), clean=()), "which tong-bi-thu asks for"),
        (replace(HOUSE, forms=(Form("Tổng bí thư", "preferred"), Form("Tổng Bí thư", "deprecated")),
                 match=("Tổng Bí thư họp.",), clean=()), "cycle"),
        (replace(HOUSE, forms=(Form("…", "preferred"),), match=(), clean=()), "empty"),
    ],
)  # fmt: skip
def test_a_wrong_entry_is_not_saved_and_the_message_says_which(
    house: DemoNewsroom, entry: Entry, what: str
) -> None:
    with pytest.raises(Refused) as caught:
        proposals.propose(house.room, house.actor("lead-1"), put(entry))
    assert "vi ban-tin-sang" in caught.value.message
    assert what in caught.value.message
    assert own(house) == Overlay()
    assert proposals.waiting(house.room) == ()


def test_a_change_that_makes_another_entry_wrong_is_refused(house: DemoNewsroom) -> None:
    shield = replace(HOUSE, id="khien", forms=(Form("Tổng bí thư tiếp đoàn", "preferred"),),
                     match=(), clean=())  # fmt: skip
    with pytest.raises(Refused, match="Not saved") as caught:
        proposals.propose(house.room, house.actor("lead-1"), put(shield))
    assert "vi tong-bi-thu: its example is not found" in caught.value.message


def test_a_change_of_nothing_is_refused(house: DemoNewsroom) -> None:
    lead = house.actor("lead-1")
    proposals.propose(house.room, lead, put(HOUSE))
    with pytest.raises(UsageError):
        proposals.propose(house.room, lead, put(HOUSE))
    for change in (Change(drop=(("vi", "none"),)), Change(off=(Off("vi", "none", "x"),)),
                   Change(on=(("vi", "tong-bi-thu"),))):  # fmt: skip
        with pytest.raises(NotFound):
            proposals.propose(house.room, lead, change)


def test_a_proposal_whose_file_was_changed_is_not_accepted(house: DemoNewsroom) -> None:
    first = proposals.propose(house.room, house.actor("lead-1"), put(ERROR))
    path = house.root / "terms" / "proposals" / f"{first.id}.json"
    path.write_text(path.read_text("utf-8").replace("Bản tin Sáng", "Bản tin Trưa"), "utf-8")
    with pytest.raises(TrustError):
        proposals.accept(house.room, house.actor("lead-2"), first.id)
    path.unlink()
    with pytest.raises(NotFound):
        proposals.accept(house.room, house.actor("lead-2"), first.id)
    assert own(house) == Overlay()


def test_a_signature_that_says_one_person_is_enough_for_an_error_is_found_out(
    house: DemoNewsroom,
) -> None:
    """Whoever goes round the verbs and signs `people: 1` over an error entry."""
    lead = house.actor("lead-1")
    change = put(ERROR)
    after = change.applied(Overlay(), shipped())
    history.keep_proposal(house.root, change)
    with house.room.acting(TERMS) as tx:
        tx.append("terms.change", TERMS, {
            "number": 1, "base": Overlay().digest, "after": after.digest,
            "change": change.digest, "people": 1,
        }, lead)  # fmt: skip
    told = proposals.standing(house.room)
    assert told.version.number == 1
    assert told.problems == ("v1 changes error entries and one person signed it",)


def test_acts_about_another_state_count_for_nothing(house: DemoNewsroom) -> None:
    lead, other = house.actor("lead-1"), house.actor("lead-2")
    first = proposals.propose(house.room, lead, put(ERROR))
    fields = {"number": 1, "base": Overlay().digest, "after": "0" * 64, "change": first.id,
              "people": 2}  # fmt: skip
    with pytest.raises(Refused), house.room.acting(TERMS) as tx:
        tx.append("terms.change", TERMS, fields, other)
    with pytest.raises(Conflict), house.room.acting(TERMS) as tx:
        tx.append("terms.change", TERMS, fields | {"number": 2}, other)
    with pytest.raises(TrustError):
        write("terms.change", {"newsroom": "x@" + "0" * 32, "subject": TERMS, "actor": "lead-1",
              "time": "2026-01-01T00:00:00Z"} | fields | {"people": 3}, lead.identity)  # fmt: skip
    assert FIELDS["terms.change"].signed_by == "person"


# -- files and the log ---------------------------------------------------------------------------


def test_files_edited_by_hand_are_told_and_can_be_proposed(house: DemoNewsroom) -> None:
    lead, other = house.actor("lead-1"), house.actor("lead-2")
    proposals.propose(house.room, lead, put(HOUSE))
    path = house.root / "terms" / "vi.yaml"
    path.write_text(path.read_text("utf-8").replace("severity: warning", "severity: error"))
    assert "not what was accepted" in proposals.standing(house.room).problems[0]
    more = replace(HOUSE, id="khac", forms=(Form("Khác", "preferred"),), match=(), clean=())
    with pytest.raises(Refused, match="edited by hand"):
        proposals.propose(house.room, lead, put(more))
    first = proposals.adopt_files(house.room, lead, "Stricter")
    assert not first.in_force
    assert own(house).entries == (HOUSE,)
    assert proposals.accept(house.room, other, first.id).in_force
    assert own(house).entries == (ERROR,)
    assert proposals.standing(house.room).problems == ()


def test_files_that_lag_behind_the_log_are_brought_up(house: DemoNewsroom) -> None:
    """A power cut after the act is stored and before the files are written."""
    lead = house.actor("lead-1")
    change = put(HOUSE)
    after = change.applied(Overlay(), shipped())
    history.keep_proposal(house.root, change)
    with house.room.acting(TERMS) as tx:
        tx.append("terms.change", TERMS, {
            "number": 1, "base": Overlay().digest, "after": after.digest,
            "change": change.digest, "people": 1,
        }, lead)  # fmt: skip
    assert own(house) == Overlay()
    assert proposals.standing(house.room).problems == ()
    assert own(house).entries == (HOUSE,)
    assert history.version(house.root).number == 1


def test_a_history_with_a_gap_is_told(house: DemoNewsroom) -> None:
    proposals.propose(house.room, house.actor("lead-1"), put(HOUSE))
    (path,) = (house.root / "terms" / "changes").iterdir()
    path.write_text(put(ERROR).text(), "utf-8")
    assert "gap" in proposals.standing(house.room).problems[0]
    with pytest.raises(TrustError):
        history.changes(house.root)


def test_every_version_can_be_read_again_and_compared(house: DemoNewsroom) -> None:
    lead = house.actor("lead-1")
    proposals.propose(house.room, lead, put(HOUSE))
    second = replace(HOUSE, rule="Tên chương trình viết hoa cả hai phần.")
    proposals.propose(house.room, lead, put(second))
    proposals.propose(house.room, lead, Change(off=(Off("vi", "nhan-dan", "too many"),)))
    root = house.root
    assert str(history.version(root)).startswith("v3 ")
    assert [history.overlay_at(root, n).entries for n in (0, 1, 2)] == [(), (HOUSE,), (second,)]
    (changed,) = difference(history.named("v1", root), history.named("v2", root))
    assert changed.fields == (("rule", HOUSE.rule, second.rule),)
    assert changed.lines()[0] == "~ vi ban-tin-sang (warning)"
    (gone,) = difference(history.named("v2", root), history.named("now", root))
    assert (gone.kind, gone.id) == ("removed", "nhan-dan")
    assert difference(history.named("shipped", root), history.named("v0", root)) == ()
    with pytest.raises(NotFound):
        history.named("v4", root)
    with pytest.raises(UsageError):
        history.named("v1", None)


def test_two_sources_of_one_name_are_not_taken_for_an_edit(house: DemoNewsroom) -> None:
    """Titles that shorten to one name, and places in one title: the file names them apart."""
    lead = house.actor("lead-1")
    for number, (title, place) in enumerate(
        [("Quy ước", ""), ("Quy ước", "trang 3"), ("Quy uoc", ""), ("Quy ước", "trang 9")], 1
    ):
        cited = Citation(Source("quy-uoc", title, place), place)
        wrong, right = f"mẫu tin {number}x", f"mẫu tin {number}"
        entry = replace(
            HOUSE, id=f"mau-{10 - number}", source=cited, match=(f"Xem {wrong}.",),
            clean=(f"Xem {right}.",), concept=f"mau-{10 - number}",
            forms=(Form(right, "preferred"), Form(wrong, "deprecated")),
        )  # fmt: skip
        assert proposals.propose(house.room, lead, put(entry)).number == number
        standing = proposals.standing(house.room)
        assert standing.problems == ()
        assert standing.termbase.digest == overlay.effective(house.root).digest


NAMES = st.sampled_from(["a", "b", "a-2", "a-3"])
CITED = st.builds(
    lambda name, title, place, where: Citation(Source(name, title, place), where or place),
    NAMES, st.sampled_from(["T", "U", "V"]), st.sampled_from(["", "p", "q"]),
    st.sampled_from(["", "r"]),
)  # fmt: skip


@given(st.lists(CITED, min_size=1, max_size=5))
def test_a_file_of_entries_is_what_was_written_however_its_sources_are_called(
    cited: list[Citation],
) -> None:
    entries = tuple(
        replace(HOUSE, id=f"e{n}", source=one, concept=f"e{n}") for n, one in enumerate(cited)
    )
    back = read(file_text("vi", entries).encode(), "x").entries
    assert Overlay(back).digest == Overlay(entries).digest
    assert difference(Termbase(entries), Termbase(back)) == ()


def test_who_signs_is_shown_all_that_decides_what_an_entry_finds() -> None:
    entry = replace(
        HOUSE, left=("mục",), since=date(2026, 1, 1), exceptions=("Bản tin sáng nay",), case="exact"
    )
    (added,) = difference(Termbase(()), Termbase((entry,)))
    told = "\n".join(added.lines())
    assert "House style, page 1" in told
    for part in ("Bản tin Sáng", HOUSE.rule, "mục", "2026-01-01", "Bản tin sáng nay", "exact"):
        assert part in told


def test_changes_survive_writing_and_reading() -> None:
    change = Change((HOUSE, ERROR), (("vi", "x"),), (Off("en", "ha-noi", "no"),), (("vi", "y"),),
                    "why")  # fmt: skip
    assert read_change(change.text().encode(), "x") == change
    assert read_change(change.text().encode(), "x").digest == change.digest
    for raw in (b"", b"[]", b"{}", b'{"format": 1, "off": [{}]}', b"[" * 100_000, b"\xff"):
        with pytest.raises(UsageError):
            read_change(raw, "x")


def test_between_leads_from_one_to_the_other() -> None:
    before = Overlay((HOUSE,), (Off("vi", "nhan-dan", "a"),))
    after = Overlay((replace(HOUSE, rule="Khác hẳn."),), (Off("vi", "nha-nuoc", "b"),))
    assert between(before, after, "x").applied(before, shipped()) == after
    assert not between(before, before, "x")


def test_the_overlay_is_the_same_after_writing_it(tmp_path: Path) -> None:
    given = Overlay((HOUSE, replace(HOUSE, language="en")), (Off("vi", "nhan-dan", 'a "b" — ć'),))
    overlay.save(tmp_path, given)
    assert overlay.load(tmp_path) == given
    assert overlay.load(tmp_path).digest == given.digest
    overlay.save(tmp_path, Overlay())
    assert list((tmp_path / "terms").iterdir()) == []


def test_near_forms_are_suggested() -> None:
    typo = replace(HOUSE, id="x", forms=(Form("Tổng Bí thu", "preferred"),))
    (best, *_) = near([typo], shipped())
    assert best.entry.id == "tong-bi-thu"
    assert near([replace(HOUSE, forms=(Form("Quả chuối", "preferred"),))], shipped()) == ()
    same = shipped().by_id["vi", "tong-bi-thu"]
    assert all(one.entry.id != "tong-bi-thu" for one in near([same], shipped()))
