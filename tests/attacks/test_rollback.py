"""Attacks 8, 9, 12, 19 and 34: a database that forgets, lies, or says what nobody understands."""

from __future__ import annotations

import base64
import contextlib
import json
import shutil
import sqlite3
from pathlib import Path

from desk.approvals import decide
from desk.demo import newsroom as demo
from desk.newsroom import administer
from desk.releases import hold, plan
from desk.trust import log as chain
from desk.trust.envelope import sign
from tests.scenarios import scenario

from .hands import change_roster
from .harness import Desk, desk, wait_for


def copy_of(d: Desk, name: str) -> Path:
    """A consistent copy of the newsroom's database."""
    file = d.root / name
    source, target = sqlite3.connect(d.database), sqlite3.connect(file)
    with contextlib.closing(source), contextlib.closing(target):
        source.backup(target)
    return file


def put_back(d: Desk, file: Path) -> None:
    """Put an older copy under the running programs, as an attacker with the file would."""
    for tail in ("-wal", "-shm"):
        Path(f"{d.database}{tail}").unlink(missing_ok=True)
    shutil.copyfile(file, d.root / "put-back")
    (d.root / "put-back").replace(d.database)


def stopped(d: Desk, text: str = "") -> None:
    """All publishing has stopped, with an alarm; nothing goes out at the instant."""
    d.halted(text)
    d.alarm(text)
    d.until(-1.5)
    d.nothing_out()


@scenario
def test_attack_08_rolled_back_under_a_running_publisher() -> None:
    with desk() as d:
        d.start_publisher()
        d.release()
        d.staged()
        d.caught_up()
        older = copy_of(d, "older.db")
        act = hold.hold(d.n.room, d.n.actor("editor-1"), d.n.release)
        wait_for(lambda: "held" in d.reasons(), "the hold is heard")
        put_back(d, older)
        stopped(d, "missing")
        assert act.digest


@scenario
def test_attack_08_rolled_back_before_a_restart() -> None:
    with desk() as d:
        d.start_publisher()
        d.release(12)
        d.staged()
        d.caught_up()
        older = copy_of(d, "older.db")
        hold.hold(d.n.room, d.n.actor("editor-1"), d.n.release)
        wait_for(lambda: "held" in d.reasons(), "the hold is heard")
        d.end("publisher")
        put_back(d, older)
        d.start_publisher()
        stopped(d, "missing")


@scenario
def test_attack_08_roster_rolled_back_and_the_log_rewritten() -> None:
    with desk() as d:
        d.start_publisher()
        d.caught_up()
        older = copy_of(d, "older.db")
        with d.n.room.reading() as view:
            document = administer.with_key_ended(
                view.roster, "lead-2", "revoked", d.n.room.instant()
            )
        change_roster(d, document)
        d.caught_up()
        # The attacker goes back to the roster with lead-2 in it, and adds as many acts as there
        # were, so that the log is no shorter than before.
        put_back(d, older)
        d.n.room.pin = type(d.n.room.pin)(d.n.fingerprint)
        d.release()
        stopped(d, "is not the one seen before")


@scenario
def test_attack_09_signer_revoked_before_the_instant() -> None:
    with desk() as d:
        d.start_publisher()
        d.release()
        d.staged()
        with d.n.room.reading() as view:
            document = administer.with_key_ended(
                view.roster, "lead-2", "revoked", d.n.room.instant()
            )
        act = change_roster(d, document)
        assert d.n.room.acknowledged("roster", act.digest, 20) == "in-force"
        wait_for(lambda: "signers" in d.reasons(), "editors are told why")
        d.until(-1.5)
        d.nothing_out()


@scenario
def test_attack_12_rows_of_what_stops_a_release_deleted() -> None:
    """A hold and a return deleted in the middle of the log: both stay in force, with an alarm."""
    with desk() as d:
        d.start_publisher()
        d.release(12)
        d.staged()
        hold.hold(d.n.room, d.n.actor("editor-1"), d.n.release)
        decide.give_back(d.n.room, d.n.actor("reviewer-1"), d.n.items[0], "sai số liệu")
        wait_for(lambda: {"held", "returned"} <= set(d.reasons()), "both are heard")
        d.caught_up()
        with d.sql() as db:
            db.execute("DELETE FROM log WHERE kind IN ('release.hold', 'item.return')")
            db.execute("DELETE FROM holds")
        d.halted("missing")
        stopped(d, "missing")
        d.end("publisher")
        d.start_publisher()
        stopped(d, "missing")


@scenario
def test_attack_12_rows_of_a_recall_and_a_revocation_deleted() -> None:
    with desk() as d:
        d.start_publisher()
        d.release(12)
        d.staged()
        plan.recall(d.n.room, d.n.actor("lead-1"), d.n.release)
        with d.n.room.reading() as view:
            document = administer.with_key_ended(
                view.roster, "lead-2", "compromised", d.n.room.instant()
            )
        change_roster(d, document)
        wait_for(lambda: "sign-off" in d.reasons(), "the recall is heard")
        d.caught_up()
        with d.sql(alone=True) as db:
            (seq,) = db.execute("SELECT seq FROM log WHERE kind = 'release.recall'").fetchone()
            db.execute("DELETE FROM log WHERE seq >= ?", (seq,))
        stopped(d, "missing")
        # The sign-off is put back on top, with a good chain: it does not extend what was seen.
        d.insert(d.acts("release.sign")[-1].envelope)
        stopped(d)


@scenario
def test_attack_12_row_of_a_withdrawal_deleted() -> None:
    from desk.releases.withdraw import withdraw

    with desk() as d:
        d.start_publisher()
        d.release()
        d.released()
        d.caught_up()
        act = withdraw(d.n.room, d.n.actor("lead-1"), d.n.items[0], note="rút để kiểm tra")
        assert d.n.room.acknowledged(d.n.items[0], act.act, 20) == "in-force"
        with d.sql() as db:
            db.execute("DELETE FROM log WHERE kind = 'item.withdraw'")
            db.execute("UPDATE revisions SET state = 'released'")
        d.halted("missing")
        d.alarm("missing")
        import httpx

        assert httpx.get(f"{d.urls['portal']}/items/{d.n.items[0]}.json").status_code == 410


@scenario
def test_attack_19_log_rehashed_whole_with_one_act_changed() -> None:
    """The chain is keyless: whoever rewrites all of it is caught by the pinned head."""
    with desk() as d:
        d.start_publisher()
        d.release(12)
        d.staged()
        d.caught_up()
        lines = (d.root / "checkpoints.jsonl").read_text().splitlines()
        with d.sql(alone=True) as db:
            rows = db.execute("SELECT seq, kind, envelope FROM log ORDER BY seq").fetchall()
            head = chain.Head()
            db.execute("DELETE FROM log WHERE kind = 'publisher.ack'")
            kept = [row for row in rows if row[1] != "publisher.ack"][:-1]
            db.execute("DELETE FROM log")
            for _, kind, envelope in kept:
                entry = chain.next_entry(head, envelope)
                head = chain.Head(entry.seq, entry.hash)
                body = json.loads(base64.b64decode(json.loads(envelope)["payload"]))
                db.execute(
                    "INSERT INTO log (seq, previous, hash, kind, subject, actor, time, digest, "
                    "envelope) VALUES (?,?,?,?,?,?,?,?,?)",
                    (entry.seq, entry.previous, entry.hash, kind, body["subject"],
                     body.get("actor", ""), body.get("time", ""), entry.hash, envelope),
                )  # fmt: skip
        stopped(d)
        assert lines, "a checkpoint was signed before"


@scenario
def test_attack_34_rows_reordered() -> None:
    with desk() as d:
        d.start_publisher()
        d.release(12)
        d.staged()
        d.caught_up()
        with d.sql(alone=True) as db:
            seqs = [r[0] for r in db.execute("SELECT seq FROM log ORDER BY seq DESC LIMIT 2")]
            db.execute("UPDATE log SET seq = -1 WHERE seq = ?", (seqs[0],))
            db.execute("UPDATE log SET seq = ? WHERE seq = ?", (seqs[0], seqs[1]))
            db.execute("UPDATE log SET seq = ? WHERE seq = -1", (seqs[1],))
        stopped(d, "not the one seen before")


@scenario
def test_attack_34_an_old_row_altered_far_from_the_head() -> None:
    with desk() as d:
        d.start_publisher()
        d.release(12)
        d.staged()
        d.caught_up()
        d.end("publisher")
        with d.sql() as db:
            (seq,) = db.execute("SELECT min(seq) FROM log WHERE kind = 'item.approve'").fetchone()
            db.execute(
                "UPDATE log SET envelope = replace(envelope, 'a', 'b') WHERE seq = ?", (seq,)
            )
        # Beyond half a minute the whole log is read again; a start reads it at once.
        d.start_publisher()
        d.released()
        d.alarm(f"entry {seq}")
        d.halted(f"entry {seq}")


@scenario
def test_attack_34_unknown_kind_of_act_properly_signed() -> None:
    with desk() as d:
        d.start_publisher()
        d.release()
        d.staged()
        body = {"newsroom": d.record().newsroom, "kind": "release.embargo", "actor": "lead-1",
                "subject": d.n.release, "time": d.n.room.instant()}  # fmt: skip
        act = sign("application/vnd.desk.act.release.embargo.v1+json", body,
                   d.n.actor("lead-1").identity)  # fmt: skip
        d.insert(act)
        d.halted("unknown kind")
        d.end("publisher")
        d.start_publisher()
        stopped(d, "unknown kind")


@scenario
def test_attack_34_rubbish_in_the_log_stops_nothing() -> None:
    """Unsigned rubbish in a good chain says nothing, and keeps nothing from being heard."""
    with desk() as d:
        d.start_publisher()
        d.release(12)
        d.staged()
        from desk.trust.log import Head, next_entry

        rubbish = (b"", b"[" * 50_000, b"\xff\xfe", b"{}", b'{"payload":1e999}', b"null")
        with d.sql(alone=True) as db:
            for data in rubbish:
                row = db.execute("SELECT seq, hash FROM log ORDER BY seq DESC LIMIT 1").fetchone()
                entry = next_entry(Head(*row), data)
                db.execute(
                    "INSERT INTO log (seq, previous, hash, kind, subject, actor, time, digest, "
                    "envelope) VALUES (?,?,?,'x',?,'','',?,?)",
                    (entry.seq, entry.previous, entry.hash, d.n.release, "0" * 64, data),
                )
        hold.hold(d.n.room, d.n.actor("editor-1"), d.n.release)
        wait_for(lambda: "held" in d.reasons(), "a hold after the rubbish is heard")
        assert not d.status()["halted"]
        hold.lift(d.n.room, d.n.actor("lead-1"), d.n.release)
        hold.lift(d.n.room, d.n.actor("lead-2"), d.n.release)
        d.released()
        d.caught_up()
        d.once()
        assert demo.ADMIN
