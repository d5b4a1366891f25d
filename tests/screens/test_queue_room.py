"""The queue on a real newsroom, as approvers and shift leads go through it."""

from __future__ import annotations

from desk.approvals import decide
from desk.demo.newsroom import DemoNewsroom
from desk.releases.short_notice import leave_out
from desk.store import log
from screens.app import DeskApp
from screens.dialogs.message import Message
from screens.rooms.queue_room import QueueRoom
from screens.rooms.release_room import ReleaseRoom
from tests.screens.newsroom_world import source
from tests.screens.waiting import picture, settled, until

PAIRED = 2


def desk(newsroom: DemoNewsroom, person: str) -> DeskApp:
    """The desk of one post whose key lies in the keyring: acts are confirmed, not unlocked."""
    found = source(newsroom, person)
    found._house.asks_passphrase = False
    found._house.unlock = lambda _passphrase: newsroom.actor(person)
    return DeskApp(found, clock=newsroom.room.clock, room="queue")


def told(app: DeskApp) -> str:
    """What the desk has notified of."""
    return "\n".join(one.message for one in app._notifications)


def acts(newsroom: DemoNewsroom, kind: str) -> int:
    with newsroom.room.store.read() as connection:
        return len(log.browse(connection, kind=kind, limit=10_000))


async def test_a_pair_is_approved_with_one_confirmation(newsroom: DemoNewsroom) -> None:
    app = desk(newsroom, "lead-1")
    before = acts(newsroom, "item.approve")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        room = app.screen
        assert isinstance(room, QueueRoom)
        table = room._table
        for _row in range(table.rows):
            if room.opened is not None and room.opened.pair and not room.opened.refusals:
                break
            await pilot.press("n")
            await settled(pilot)
        assert room.opened is not None
        assert "approve both with one confirmation" in picture(app)
        await pilot.press("b")
        await until(pilot, lambda: len(app.screen_stack) > 1)
        text = picture(app)
        assert "Approve 2 language versions" in text
        await pilot.press("enter")
        await until(pilot, lambda: acts(newsroom, "item.approve") > before)
        await settled(pilot)
    assert acts(newsroom, "item.approve") == before + PAIRED


async def test_what_came_back_shows_by_whom_and_why(newsroom: DemoNewsroom) -> None:
    app = desk(newsroom, "editor-1")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        text = picture(app)
        assert "1 came back" in text
        assert "lead-2 has returned it" in text
        await pilot.press("r")
        await settled(pilot)
        await until(pilot, lambda: "It has been returned already" in told(app))


async def test_a_release_changed_after_signing_waits_to_be_signed_again(
    newsroom: DemoNewsroom,
) -> None:
    with newsroom.room.reading(newsroom.release) as view:
        items = {one: view.record.items[one].message
                 for one in view.record.releases[newsroom.release].items}  # fmt: skip
    message = next(iter(items.values()))
    pair = [item for item, of in items.items() if of == message]
    leave_out(newsroom.room, newsroom.actor("lead-1"), newsroom.release, pair)
    app = desk(newsroom, "lead-2")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        text = picture(app)
        assert "to sign" in text
        assert "It was signed before and has changed since" in text
        assert text.count("left out:") == len(pair)
        await pilot.press("a")
        await settled(pilot)
        await until(pilot, lambda: "signed in its own room" in told(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ReleaseRoom))


async def test_who_can_act_and_a_reminder_to_one_of_them(newsroom: DemoNewsroom) -> None:
    app = desk(newsroom, "appraiser-1")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, Message))
        text = picture(app)
        assert "appraiser-1" in text
        assert "reviewer-1" in text
        await pilot.press("escape")
        await settled(pilot)
        await pilot.press("m")
        await until(pilot, lambda: len(app.screen_stack) > 1)
        await pilot.press("enter", "ctrl+s")
        await until(pilot, lambda: "Remind" in picture(app) and "appraiser-1" in picture(app))
        await pilot.press("enter")
        await until(pilot, lambda: acts(newsroom, "people.remind") == 1)


async def test_a_filter_leaves_rows_with_these_words(newsroom: DemoNewsroom) -> None:
    app = desk(newsroom, "lead-1")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        table = app.screen.query_one("#queue")
        before = table.rows  # type: ignore[attr-defined]
        await pilot.press("slash", *"dan", "space", *"so", "enter")
        await settled(pilot)
        assert 0 < table.rows < before  # type: ignore[attr-defined]
        assert "Dân số" in picture(app)
        await pilot.press("escape")
        await settled(pilot)
        assert table.rows == before  # type: ignore[attr-defined]


async def test_somebody_stands_in_and_the_queue_says_for_whom(newsroom: DemoNewsroom) -> None:
    app = desk(newsroom, "reviewer-1")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("f3")
        await until(pilot, lambda: "stands in for me" in picture(app))
        await pilot.press("enter")
        await until(pilot, lambda: "Which role?" in picture(app))
        await pilot.press("enter")
        await until(pilot, lambda: "Who stands in?" in picture(app))
        await pilot.press(*"appraiser", "enter")
        await until(pilot, lambda: "at most 31 days" in picture(app))
        await pilot.press("tab", *"25/11/2026", "space", *"18", "colon", *"00", "ctrl+s")
        await until(pilot, lambda: "They act in your place" in picture(app))
        await pilot.press("enter")
        await until(pilot, lambda: acts(newsroom, "people.delegate") == 1)
        await settled(pilot)
    for reader in ("reviewer-1", "appraiser-1"):
        (one,) = source(newsroom, reader).queue_deputies().standing
        assert (one.giver, one.to, one.role) == ("reviewer-1", "appraiser-1", "review")


async def test_a_returned_decision_asks_for_a_reason_and_the_author_reads_it(
    newsroom: DemoNewsroom,
) -> None:
    reader = source(newsroom, "appraiser-1")
    (entry,) = [one for one in reader.queue() if one.what == "approve"]
    item = entry.revision.partition("/")[0]
    decide.give_back(newsroom.room, newsroom.actor("appraiser-1"), item, "Nêu rõ nguồn")
    back = {one.revision for one in source(newsroom, "editor-1").queue() if one.what == "returned"}
    assert entry.revision in back
    assert source(newsroom, "editor-1").review(entry.revision).reason == "Nêu rõ nguồn"


async def test_attack_29_a_hostile_reason_does_nothing_to_the_screen(
    newsroom: DemoNewsroom,
) -> None:
    reader = source(newsroom, "appraiser-1")
    (entry,) = [one for one in reader.queue() if one.what == "approve"]
    item = entry.revision.partition("/")[0]
    hostile = "[red]đỏ[/red] \x1b]0;xin chào\x07 \u202eđảo"
    decide.give_back(newsroom.room, newsroom.actor("appraiser-1"), item, hostile)
    app = desk(newsroom, "editor-1")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        if app.screen._table.current.revision != entry.revision:  # type: ignore[attr-defined]
            await pilot.press("n")
            await settled(pilot)
        text = picture(app)
        assert "[red]đỏ[/red]" in text
        assert "\x1b" not in text
        assert "\u202e" not in text
