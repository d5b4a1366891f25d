"""The release screen's answers over a real newsroom: the board, limits, acts of short notice."""

from __future__ import annotations

import pytest

from desk.demo.newsroom import DemoNewsroom
from desk.errors import Refused, TrustError
from tests.screens.newsroom_world import PASSPHRASE, head, source


def test_the_board_shows_what_is_signed_and_until_when(built: DemoNewsroom) -> None:
    board = source(built).release_board(built.release)
    assert len(board.items) == 4
    assert all(step.by for item in board.items for step in item.steps)
    assert {gate.outcome for item in board.items for gate in item.gates} == {"ok"}
    english = next(item for item in board.items if item.language == "en")
    assert set(english.channels) == {one.channel for one in board.channels}
    assert (board.view.at - board.change_until).total_seconds() == pytest.approx(30, abs=1)
    assert (board.view.at - board.sign_until).total_seconds() == pytest.approx(5, abs=1)
    assert board.termbase.startswith("v")


def test_what_cannot_be_done_names_its_rule_and_who_can(built: DemoNewsroom) -> None:
    lead = source(built).release_board(built.release).cannot
    assert lead["confirm"][0].rule == "confirmed"
    assert lead["withdraw"][0].rule == "not-public"
    assert "move" not in lead
    spokesperson = source(built, "admin-1").release_board(built.release).cannot
    assert spokesperson["sign"][0].rule == "role"
    assert "lead-2" in spokesperson["move"][0].who


def test_leaving_one_language_out_is_refused_and_changes_nothing(newsroom: DemoNewsroom) -> None:
    reader, before = source(newsroom), head(newsroom)
    board = reader.release_board(newsroom.release)
    with pytest.raises(TrustError):
        reader.release_leave_out(newsroom.release, [board.items[0].key], "sai")
    with pytest.raises(Refused, match="could not go out"):
        reader.release_leave_out(newsroom.release, [board.items[0].key], PASSPHRASE)
    assert head(newsroom) == before


def test_a_recalled_release_waits_for_signatures(newsroom: DemoNewsroom) -> None:
    reader = source(newsroom)
    outcome = reader.release_recall(newsroom.release, PASSPHRASE)
    assert not outcome.confirmed  # no publisher runs here
    board = reader.release_board(newsroom.release)
    assert board.view.signed == ()
    assert any("lead-2" in one.who for one in board.needed)


def test_a_quick_fix_shows_its_difference_and_its_rule(built: DemoNewsroom) -> None:
    reader = source(built, "editor-1")
    item = reader.release_board(built.release).items[0].key
    headline = reader.release_fix_texts(item)["headline"]
    good = reader.release_fix_check(item, "headline", headline + " nhé")
    assert good.why_not == ""
    assert any(line.startswith("+") for line in good.lines)
    assert reader.release_fix_check(item, "headline", headline + " x" * 40).why_not
    assert reader.release_fix_check(item, "headline", headline + " 7").why_not
