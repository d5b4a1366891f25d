"""Attacks 1 to 7, 11, 13 and 16: the attacker writes to the database while the publisher watches.

Whatever rows are inserted, edited, copied or replayed: what goes out is what was signed, at the
instant that was signed, or nothing.
"""

from __future__ import annotations

import copy

from desk.channels.desk_portal import Account, DeskPortal
from desk.demo import newsroom as demo
from desk.errors import Refused
from desk.newsroom import administer
from desk.publisher.bundles import Vault, build_bundle, wanted
from desk.publisher.home import Home
from desk.releases import hold, plan
from desk.store.sealed import Opener
from desk.trust.acts import FIELDS, write
from desk.trust.envelope import Envelope
from desk.trust.keys import Identity
from tests.scenarios import scenario

from .hands import approval_fields, change_roster, sign_by_hand, unfinished
from .harness import Desk, desk, wait_for


def refused(d: Desk, rule: str) -> None:
    """The publisher names the rule; after the instant nothing is public and nothing was staged."""
    wait_for(lambda: rule in d.reasons(), f"the publisher refuses by {rule}: {d.reasons()}")
    d.until(-1.5)
    d.nothing_out()
    assert not d.acts("publisher.staged")
    assert d.proxies["portal"].count("stage") == 0
    assert d.proxies["portal"].count("commit") == 0


def refused_by_the_portal(d: Desk, rule: str) -> None:
    """A publisher that does not judge gets nowhere either: the portal judges for itself."""
    import asyncio

    home = Home(d.root / "publisher")
    record, identity = d.record(), home.identity()
    release = record.releases[d.n.release]
    assert release.signoff is not None
    facts = wanted(record, release.signoff, "portal")
    bundle = build_bundle(
        facts, Vault(d.n.room.store, record.newsroom, Opener(demo.PUBLISHER, identity)),
        home.secret(),
    )  # fmt: skip
    acts = [
        a.envelope for a in d.acts() if a.subject in (release.id, *release.items)
        and not a.kind.name.startswith("publisher.")
    ]  # fmt: skip

    async def stage() -> str:
        account = Account(record.newsroom, demo.PUBLISHER, identity, home.credential("portal"))
        driver = DeskPortal("portal", d.urls["portal"], d.keys["portal"], account)
        await driver.epoch([act.digest for act in d.acts("roster")])
        try:
            await driver.stage(bundle, acts)
        except Refused as error:
            return str(error)
        finally:
            await driver.aclose()
        return "staged"

    assert f"[{rule}]" in asyncio.run(stage())


@scenario
def test_attack_01_sealed_body_edited_before_staging() -> None:
    with desk() as d:
        with d.sql() as db:
            query = "SELECT rowid, ciphertext FROM sealed WHERE kind = 'revision'"
            for row, sealed in db.execute(query).fetchall():
                other = sealed[:-1] + bytes([sealed[-1] ^ 1])
                db.execute("UPDATE sealed SET ciphertext = ? WHERE rowid = ?", (other, row))
        d.start_publisher()
        d.release()
        d.alarm("A seal does not hold")
        d.until(-1.5)
        d.nothing_out()


@scenario
def test_attack_01_sealed_body_replaced_by_text() -> None:
    with desk() as d:
        with d.sql() as db:
            db.execute("UPDATE sealed SET ciphertext = 'abc' WHERE kind = 'revision'")
        d.start_publisher()
        d.release()
        d.alarm("A seal does not hold")
        d.until(-1.5)
        d.nothing_out()


@scenario
def test_attack_01_sealed_body_edited_after_staging() -> None:
    with desk() as d:
        d.start_publisher()
        d.release()
        d.staged()
        with d.sql() as db:
            db.execute("UPDATE sealed SET ciphertext = x'00' WHERE kind = 'revision'")
            db.execute("UPDATE items SET state = 'returned', code = 'X'")
        d.released()
        d.caught_up()
        d.once()
        wait_for(lambda: d.status().get("compared") == {"same": 4}, "every page is as signed")


@scenario
def test_attack_16_ciphertexts_swapped_between_rows() -> None:
    with desk() as d:
        with d.sql() as db:
            rows = db.execute(
                "SELECT rowid, ciphertext FROM sealed WHERE kind = 'revision' AND part = 'content'"
            ).fetchall()
            assert len(rows) == 2
            for (row, _), (_, other) in zip(rows, reversed(rows), strict=True):
                db.execute("UPDATE sealed SET ciphertext = ? WHERE rowid = ?", (other, row))
        d.start_publisher()
        d.release()
        d.alarm("altered, or put in another's place")
        d.until(-1.5)
        d.nothing_out()


@scenario
def test_attack_11_asset_swapped_under_the_same_name() -> None:
    with desk() as d:
        with d.sql() as db:
            rows = db.execute(
                "SELECT rowid, ciphertext FROM sealed WHERE kind = 'revision' AND part LIKE "
                "'asset:%'"
            ).fetchall()
            assert len(rows) >= 2, "the sample items have assets"
            db.execute("UPDATE sealed SET ciphertext = ? WHERE rowid = ?", (rows[1][1], rows[0][0]))
        d.start_publisher()
        d.release()
        d.alarm("asset:")
        d.until(-1.5)
        d.nothing_out()


@scenario
def test_attack_02_time_and_channels_changed_in_the_projections() -> None:
    with desk() as d:
        d.start_publisher()
        d.release()
        earlier = demo.now(d.n.room.clock).strftime("%Y-%m-%dT%H:%M:%SZ")
        with d.sql() as db:
            db.execute("UPDATE releases SET at = ?, held = 0, confirmed = 1", (earlier,))
            db.execute("DELETE FROM release_channels")
            db.execute("DELETE FROM release_items")
        d.released()
        d.caught_up()
        d.once()


@scenario
def test_attack_02_moved_in_the_log_by_somebody_who_may_not() -> None:
    with desk() as d:
        d.start_publisher()
        d.release()
        d.staged()
        basis = d.record().releases[d.n.release].basis
        with d.n.room.reading() as view:
            zone = str(view.policy.document["zone"])
        moved = plan.Moment.of_instant(demo.now(d.n.room.clock).replace(microsecond=0), zone)
        fields = {"parent": basis, "note": "sớm hơn", **moved.fields()}
        d.forge("release.move", d.n.release, fields, d.n.actor("editor-1"))
        d.released()
        d.caught_up()
        d.once()


@scenario
def test_attack_02_sign_off_from_before_a_move_brought_back() -> None:
    with desk() as d:
        d.start_publisher()
        d.release()
        d.staged()
        old = d.acts("release.sign")[-1]
        with d.n.room.reading() as view:
            zone = str(view.policy.document["zone"])
        later = demo.now(d.n.room.clock).replace(microsecond=0) + demo.timedelta(seconds=12)
        act = plan.move(
            d.n.room, d.n.actor("lead-1"), d.n.release, plan.Moment.of_instant(later, zone),
            note="lùi giờ",
        )  # fmt: skip
        assert act is not None
        for signers in (("lead-1", "lead-2"), ("lead-2", "lead-1"), ("lead-1",), ("lead-2",)):
            again = write(
                "release.sign", old.fields, *(d.n.actor(p).identity for p in signers)
            )  # fmt: skip
            d.heard(d.insert(again.envelope))
        wait_for(lambda: "sign-off" in d.reasons(), "the old sign-off counts for nothing")
        d.n.at = str(act.fields["at"])
        d.until(-1.5)
        d.nothing_out()
        assert d.proxies["portal"].count("recall") >= 1


@scenario
def test_attack_03_an_author_approves_by_sql() -> None:
    with desk(items=0) as d:
        with d.n.room.reading() as view:
            roles = [("author", "*"), ("check", "*"), ("lead", "*")]
            document = administer.with_roles(view.roster, "editor-1", roles)
        change_roster(d, document)
        items, step = unfinished(d)
        with d.sql() as db:  # the stored author first
            db.execute("UPDATE revisions SET author = 'appraiser-1'")
        for item in items:
            d.forge("item.approve", item, approval_fields(d, item, step), d.n.actor("editor-1"))
        d.start_publisher()
        refused(d, "author-approves")
        refused_by_the_portal(d, "author-approves")


@scenario
def test_attack_03_an_author_signs_by_sql() -> None:
    with desk() as d:
        with d.n.room.reading() as view:
            roles = [("author", "*"), ("lead", "*")]
            document = administer.with_roles(view.roster, "editor-1", roles)
        change_roster(d, document)
        d.release()
        moved = d.record().releases[d.n.release].basis
        d.forge("release.confirm", d.n.release, {"parent": moved}, d.n.actor("lead-1"))
        sign_by_hand(d, "lead-1", "editor-1")
        d.start_publisher()
        refused(d, "signers")
        assert "author-signs" in d.reasons() or not d.reasons()
        refused_by_the_portal(d, "signers")


@scenario
def test_attack_03_a_comma_in_a_colleagues_text_makes_an_author() -> None:
    """A lead who may write mends a comma in the last moment, then approves and signs."""
    with desk(items=0) as d:
        with d.n.room.reading() as view:
            roles = [("author", "*"), ("check", "*"), ("lead", "*")]
            document = administer.with_roles(view.roster, "lead-1", roles)
        change_roster(d, document)
        items, step = unfinished(d)
        for item in items:
            state = d.record().items[item]
            revision = state.current
            d.forge(
                "item.revise", item,
                {"revision": "v-" + "0" * 16, "number": 2, "language": state.language,
                 "item_kind": state.kind, "agency": state.agency, "message": state.message,
                 "content": revision.content, "parent": revision.digest},
                d.n.actor("lead-1"),
            )  # fmt: skip
            for approval in revision.approvals:
                fields = approval_fields(d, item, approval.step)
                d.forge("item.approve", item, fields, d.n.actor(approval.person))
            d.forge("item.approve", item, approval_fields(d, item, step), d.n.actor("lead-1"))
        sign_by_hand(d, "lead-1", "lead-2")
        d.start_publisher()
        refused(d, "author-approves")
        assert "author-signs" in d.reasons() or not d.reasons()


@scenario
def test_attack_04_05_06_07_acts_copied_replayed_and_forged() -> None:
    with desk(items=0) as d:
        items, step = unfinished(d)
        stranger = Identity(b"x" * 32)
        lead = d.n.actor("lead-1")
        held = hold.hold(d.n.room, lead, d.n.release)
        for act in d.acts("item.approve"):
            # 5: the same approval under another item's name, and in another envelope
            d.insert(act.envelope, subject=next(i for i in items if i != act.subject))
        for item in items:
            fields = approval_fields(d, item, step)
            # 7: an attacker's key that names a lead, and that names itself
            for who in ("lead-1", "stranger"):
                forged = write(
                    "item.approve",
                    {"newsroom": d.record().newsroom, "subject": item, **fields, "actor": who,
                     "time": d.n.room.instant()}, stranger,
                )  # fmt: skip
                d.insert(forged.envelope)
            # 5: signed by the right person for another newsroom
            other = write(
                "item.approve",
                {"newsroom": "desk-vn@" + "0" * 32, "subject": item, **fields, "actor": "lead-1",
                 "time": d.n.room.instant()}, lead.identity,
            )  # fmt: skip
            d.insert(other.envelope)
            # 4: one person for two steps, and the same approval twice
            taken = d.record().items[item].current.approvals[0]
            one = d.n.actor(taken.person)
            d.forge("item.approve", item, approval_fields(d, item, taken.step), one)
            d.forge("item.approve", item, approval_fields(d, item, step), one)
        # 6: a hold with the type of an approval, and replayed as it is
        d.insert(Envelope(FIELDS["item.approve"].payload_type, held.envelope.payload,
                          held.envelope.signatures))  # fmt: skip
        d.insert(held.envelope)
        d.start_publisher()
        refused(d, "chain")
        assert "held" in d.reasons() or not d.reasons()


@scenario
def test_attack_04_07_rosters_with_keys_that_do_not_belong() -> None:
    with desk() as d:
        d.start_publisher()
        d.release()
        d.staged()
        record, stranger = d.record(), Identity(b"x" * 32)
        assert record.roster is not None
        document = copy.deepcopy(dict(record.roster.document))
        document["people"]["stranger"] = administer.person_entry(
            "?", [("lead", "*"), ("check", "*")],
            administer.PublicKeys(stranger.sign_public, stranger.read_public), d.n.room.instant(),
        )  # fmt: skip
        with d.n.room.reading() as view:
            envelope = administer.propose_roster(view, document, d.n.room.instant())
        version = record.roster.version
        d.insert(envelope.signed_also_by(stranger))  # 7: not signed by the root
        d.insert(envelope.signed_also_by(d.n.actor("lead-1").identity))
        twice = copy.deepcopy(dict(record.roster.document))  # 4: one key under two ids
        twice["people"]["lead-3"] = copy.deepcopy(twice["people"]["lead-1"])
        with d.n.room.reading() as view:
            envelope = administer._unsigned(
                "roster", view,
                {"version": version + 1, "document": twice, "parent": record.roster.digest,
                 "time": d.n.room.instant()},
            )  # fmt: skip
        d.heard(d.insert(envelope.signed_also_by(d.n.actor(demo.ADMIN).identity)))
        found = d.record().roster
        assert found is not None
        assert found.version == version
        with d.sql() as db:
            readers = {row[0] for row in db.execute("SELECT reader FROM wraps")}
        assert stranger.read_public not in readers
        d.released()
        d.caught_up()
        d.once()


@scenario
def test_attack_13_calendar_edited_without_being_adopted() -> None:
    with desk(items=0) as d:
        d.start_publisher()
        items, _ = unfinished(d)
        file = d.root / "calendar.yaml"
        text = file.read_text("utf-8")
        assert "signers: 2 " in text
        text = text.replace("signers: 2 ", "signers: 1 ")
        text = text.replace(d.public["portal"], "http://127.0.0.1:1")
        text = text.replace("chain: [appraise, review, check]", "chain: [review]")
        file.write_text(text, "utf-8")
        refused(d, "chain")
        assert items
