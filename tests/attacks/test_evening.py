"""An evening with real processes: a typo minutes before, and what comes after the instant."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import time

import httpx

from desk.approvals import decide
from desk.items import drafts, quick_fix, revisions
from desk.portal.contract.stagecrypt import bundle_address
from desk.releases import sign, views
from desk.releases.short_notice import leave_out
from desk.releases.withdraw import restore, withdraw
from desk.trust.approval import steps_of
from tests.scenarios import scenario

from .harness import Desk, desk, wait_for

SECONDS = 3.0  # in which a withdrawal has to be everywhere, on a machine that does much else


def get(d: Desk, path: str) -> httpx.Response:
    """What anybody reads on the portal."""
    return httpx.get(d.urls["portal"] + path, trust_env=False)


def state(d: Desk, address: str) -> str:
    """Where a bundle stands in the portal's own database."""
    with contextlib.closing(sqlite3.connect(d.portal_db())) as db:
        row = db.execute("SELECT state FROM bundles WHERE address = ?", (address,)).fetchone()
    return str(row[0]) if row else ""


def body(d: Desk, item: str) -> str:
    with d.n.room.reading(item) as view:
        return str(revisions.load(view, d.n.actor("editor-1"), item)["body"])


def slip(text: str) -> tuple[str, str]:
    """A small word of the text and what it becomes: no figure, no name."""
    for old, new in ((" và ", " cùng "), (" các ", " những "), (" là ", " vẫn là ")):
        if old in text:
            return text.replace(old, new, 1), new.strip()
    raise AssertionError("the sample text has no such word")


@scenario
def test_a_slip_is_mended_and_an_item_left_out_before_the_instant() -> None:
    """The newer staged bundle supersedes the older: that one is recalled and never opens."""
    with desk(items=4) as d:
        d.start_publisher()
        release = d.release(60)
        d.staged()
        old = d.address["portal"]
        vi, kept, *out = d.n.items
        mended, word = slip(body(d, vi))
        done = quick_fix.mend(d.n.room, d.n.actor("editor-1"), vi, {"body": mended})
        decide.approve(d.n.room, d.n.actor(done.who[0]), vi, digest=done.digest)
        changed = leave_out(d.n.room, d.n.actor("lead-1"), release, out)
        assert changed.signed is not None
        wait_for(lambda: state(d, old) == "recalled", "the older bundle is recalled")
        d.nothing_out()
        second = sign.sign(d.n.room, d.n.actor("lead-2"), release)
        assert second.state == "signed"
        record = d.record()
        d.address = {c: bundle_address(record.newsroom, c, second.manifest) for c in d.address}
        wait_for(lambda: state(d, d.address["portal"]) == "staged", "the newer one is staged")
        assert d.address["portal"] != old
        wait_for(lambda: d.left() < 1, "the instant is near", 70)
        d.released()
        d.once()
        assert state(d, old) == "recalled"
        assert word in get(d, f"/items/{vi}").text
        assert get(d, f"/items/{kept}").status_code == 200
        assert [get(d, f"/items/{item}").status_code for item in out] == [404, 404]


@scenario
def test_taken_down_put_back_corrected_and_withdrawn() -> None:
    with desk() as d:
        d.start_publisher()
        d.release()
        d.released()
        d.caught_up()
        item = d.n.items[0]
        lead, other = d.n.actor("lead-1"), d.n.actor("lead-2")
        files = {p.name for p in d.press.glob(f"*/{d.n.release}/**/*") if p.is_file()}

        began = time.monotonic()
        withdraw(d.n.room, lead, item, note="Đang rà soát", mode="takedown")
        wait_for(lambda: get(d, f"/items/{item}").status_code == 410, "it is taken down")
        assert time.monotonic() - began < SECONDS
        gone = get(d, f"/items/{item}.json")
        assert (gone.status_code, gone.json()["pubStatus"]) == (410, "withheld")
        assert f"/items/{item}" in get(d, "/feed.atom?lang=vi").text.partition("deleted-entry")[2]
        wait_for(lambda: list(d.press.glob(f"*/*/{item}.vi.withdrawn.json")), "in the folder too")
        assert not list(d.press.glob(f"[0-9]*/*/{item}.vi.html"))
        for path in (f"/search?lang=vi&q={d.n.canary}", "/?lang=vi", f"/items/{item}"):
            assert f'href="/items/{item}"' not in get(d, path).text

        assert not restore(d.n.room, lead, item).done
        assert restore(d.n.room, other, item).done
        wait_for(lambda: get(d, f"/items/{item}").status_code == 200, "it is put back")
        assert get(d, f"/items/{item}.json").json()["pubStatus"] == "usable"
        assert "deleted-entry" not in get(d, "/feed.atom?lang=vi").text
        wait_for(
            lambda: {p.name for p in d.press.glob(f"*/{d.n.release}/**/*") if p.is_file()} == files,
            "the folder has every file again",
        )
        d.caught_up()
        assert not d.events("alarm")

        first = d.n.release
        correct(d, item)
        d.release()
        d.released()
        d.caught_up()
        page = get(d, f"/items/{item}").text
        assert "Đã đính chính" in page
        assert "Sửa một từ" in page
        assert f"/items/{item}/versions/1" in page
        older = get(d, f"/items/{item}/versions/1")
        assert older.status_code == 200
        assert "không còn giá trị sử dụng" in older.text
        assert get(d, f"/items/{item}/versions/1.json").json()["version"] == "1"
        present = get(d, f"/items/{item}.json").json()
        assert (present["version"], present["edNote"]) == ("2", "Sửa một từ")
        (mark,) = wait_for(
            lambda: list(d.press.glob(f"*/{first}/{item}.vi.corrected.json")),
            "the old text is marked",
        )
        assert json.loads(mark.read_bytes())["by"]["number"] == 2
        wired = (mark.parent / f"{item}.vi.html").read_text("utf-8")
        assert "không còn giá trị" in wired
        assert "Liên hệ báo chí" in wired  # as calendar.yaml says, which was adopted

        withdraw(d.n.room, lead, item, note="Sai số liệu", mode="kill")
        wait_for(lambda: get(d, f"/items/{item}").status_code == 410, "it is killed")
        assert get(d, f"/items/{item}.json").json()["pubStatus"] == "canceled"
        assert get(d, f"/items/{item}/versions/1").status_code == 410
        d.caught_up()
        assert not d.events("alarm")


def correct(d: Desk, item: str) -> None:
    """Correct one language alone and have it approved; it is what the next release holds."""
    room, editor = d.n.room, d.n.actor("editor-1")
    mended, _ = slip(body(d, item))
    drafts.edit(room, editor, item)
    drafts.save(room, editor, item, {"body": mended, "edit_note": "Sửa một từ"})
    revisions.submit(room, editor, item)
    while True:
        with room.reading(item) as view:
            known = view.record.items[item]
            step = next((s for s in steps_of(view.record, known, known.current)
                         if s.approval is None), None)  # fmt: skip
        if step is None:
            break
        decide.approve(room, d.n.actor(step.who[0]), item, step=step.step)
    d.n.items[:] = [item]


@scenario
def test_a_release_out_in_part_is_seen_and_finishes_by_itself() -> None:
    with desk(portals=("portal", "foreign")) as d:
        d.start_publisher()
        release = d.release(channels=("portal", "foreign", "press"))
        d.staged()
        d.until(1.0)
        d.kill("foreign")
        d.released("portal", "press")
        seen = views.detail(d.n.room, release)
        assert seen.state == "partial"
        states = {channel.channel: channel.state for channel in seen.channels}
        assert (states["portal"], states["press"]) == ("released", "released")
        assert states["foreign"] != "released"
        d.start_portal("foreign")
        wait_for(lambda: views.detail(d.n.room, release).state == "released", "finished by itself")
        d.once()
