"""A backup: sealed to the recovery key, whole or not at all, proved by restoring it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk.backup import create as making
from desk.backup import restore
from desk.backup.container import MAGIC, checked_name, open_backup
from desk.backup.create import Source, create
from desk.backup.scratch import PREFIX, scratch, sweep
from desk.clock import SystemClock
from desk.demo import newsroom as demo
from desk.errors import Conflict, NotFound, Refused, TrustError, Unavailable, UsageError
from desk.newsroom.room import Actor, Room
from desk.publisher.home import Home
from desk.publisher.ledger import Ledger
from desk.publisher.marker import MARKER, Marker, read_marker
from desk.store import log
from desk.trust.keys import Identity

CLOCK = SystemClock()
NOWHERE = "http://127.0.0.1:1"
PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def n(tmp_path_factory: pytest.TempPathFactory) -> demo.DemoNewsroom:
    """A newsroom with two items and a publisher that has seen the log."""
    root = tmp_path_factory.mktemp("newsroom")
    newsroom = demo.found(root)
    demo.write_calendar(root, dict.fromkeys(demo.PORTALS, NOWHERE), demo.make_portals(newsroom))
    demo.adopt(newsroom)
    demo.write_items(newsroom, 2, lambda _: None)
    with newsroom.room.store.read() as connection:
        newsroom.home.keep(log.every_entry(connection))
    newsroom.home.store_credential("portal", "not-a-secret")
    ledger = Ledger(newsroom.home.path / "ledger.db")
    ledger.set_meta("here", "kept")
    ledger.close()
    Home.create_standby(newsroom.home.path / "pub-2", newsroom.home)
    (newsroom.home.lead / "terms").mkdir(parents=True)
    (newsroom.home.lead / "pub-1.lock").touch()
    return newsroom


def source(n: demo.DemoNewsroom, *, publisher: bool = True) -> Source:
    folders = {"publisher": n.home.path} if publisher else {}
    return Source(n.room, n.root / "calendar.yaml", n.root / "var" / "desk.db", folders)


def publisher_of(n: demo.DemoNewsroom) -> Actor:
    return Actor(demo.PUBLISHER, n.home.identity())


def recovery(n: demo.DemoNewsroom) -> Identity:
    return Identity(n.seeds["recovery"])


@pytest.fixture
def backup(n: demo.DemoNewsroom, tmp_path: Path) -> Path:
    path = tmp_path / "desk.backup"
    create(source(n), path, publisher_of(n), CLOCK)
    return path


def test_a_backup_is_restored_as_it_was(n, backup, tmp_path):
    to = tmp_path / "new"
    done = restore.restore(backup, to, recovery(n), CLOCK, root=n.fingerprint)
    assert done.by == demo.PUBLISHER
    assert done.publisher
    room = Room.open(to, to / "var" / "desk.db", fingerprint=n.fingerprint)
    with n.room.store.read() as old, room.store.read() as new:
        assert list(log.every_entry(old)) == list(log.every_entry(new))
    assert (to / "calendar.yaml").read_bytes() == (n.root / "calendar.yaml").read_bytes()
    home = Home(to / "publisher")
    assert home.secret() == n.home.secret()
    assert home.credential("portal") == "not-a-secret"
    assert [e.hash for e in home.entries()] == [e.hash for e in n.home.entries()]
    ledger = Ledger(home.path / "ledger.db")
    assert ledger.meta("here") == "kept"
    ledger.close()
    assert not home.lead.exists(), "nobody leads on the new machine yet"
    assert not (home.path / "pub-2").exists()


def test_attack_33_what_is_restored_is_in_quarantine(n, backup, tmp_path):
    to = tmp_path / "new"
    done = restore.restore(backup, to, recovery(n), CLOCK)
    marker = read_marker(to / "publisher")
    assert marker == read_marker(to / "var") == done.marker
    assert marker is not None
    assert (marker.seq, marker.head) == (done.manifest.head.seq, done.manifest.head.hash)
    again = restore.restore(backup, tmp_path / "again", recovery(n), CLOCK)
    assert again.marker.nonce != marker.nonce, "each restore has a name of its own"


def test_modes_after_a_restore(n, backup, tmp_path):
    to = tmp_path / "new"
    restore.restore(backup, to, recovery(n), CLOCK)

    def mode(name: str) -> int:
        return stat.S_IMODE((to / name).stat().st_mode)

    assert (mode("var"), mode("var/desk.db"), mode("publisher")) == (0o2770, 0o660, 0o700)
    assert mode("publisher/publisher.key") == mode("publisher/publisher.secret") == 0o600
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600


def test_nothing_in_the_file_can_be_read_without_the_recovery_key(n, backup):
    data = backup.read_bytes()
    secrets = [n.home.secret().hex(), "not-a-secret", n.home.key_file.read_text().strip(), n.canary]
    with n.room.reading() as view:
        secrets += [person.name for person in view.roster.people.values()]
    assert not [secret for secret in secrets if secret.encode() in data]
    for seed in (os.urandom(32), n.seeds[demo.ADMIN], n.seeds["lead-1"]):
        with pytest.raises(TrustError, match="recovery key"):
            restore.prove(backup, Identity(seed))


def test_the_manifest_says_what_was_saved(n, backup):
    manifest = open_backup(backup).manifest
    with n.room.reading() as view:
        head = log.head(view.connection)
        assert (manifest.roster, manifest.policy) == (view.roster.version, view.policy.version)
        assert manifest.newsroom == view.roster.newsroom
    assert (manifest.head, manifest.root, manifest.by) == (head, n.fingerprint, demo.PUBLISHER)
    names = {name for name, _ in manifest.files}
    assert {"var/desk.db", "calendar.yaml", "publisher/log.jsonl", "publisher/ledger.db",
            "publisher/publisher.secret", "publisher/credentials/portal"} <= names  # fmt: skip
    assert not {name for name in names if "lock" in name or name.endswith(("-wal", "-shm"))}


def test_a_person_saves_what_a_person_may(n, tmp_path):
    path = tmp_path / "desk.backup"
    manifest = create(source(n, publisher=False), path, n.actor(demo.ADMIN), CLOCK)
    assert manifest.by == demo.ADMIN
    done = restore.restore(path, tmp_path / "new", recovery(n), CLOCK)
    assert not done.publisher
    assert read_marker(tmp_path / "new" / "publisher") == done.marker
    Home.create(tmp_path / "new" / "publisher")  # a new key for a new publisher: still quarantined
    assert read_marker(tmp_path / "new" / "publisher") == done.marker


def test_proving_needs_the_right_root_and_leaves_nothing_behind(n, backup):
    before = sorted(backup.parent.iterdir())
    found = restore.prove(backup, recovery(n), n.fingerprint)
    assert found.opened
    assert found.entries == found.manifest.head.seq
    with pytest.raises(TrustError, match="another newsroom"):
        restore.prove(backup, recovery(n), "ab" * 32)
    assert sorted(backup.parent.iterdir()) == before


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1), bit=st.integers(0, 7))
def test_no_altered_byte_goes_unseen(n, backup, place, bit):
    data = bytearray(backup.read_bytes())
    at = min(len(data) - 1, int(place * len(data)))
    data[at] ^= 1 << bit
    bad = backup.with_name("bad.backup")
    bad.write_bytes(data)
    with pytest.raises(TrustError):
        restore.check(bad)
    with pytest.raises(TrustError):
        restore.prove(bad, recovery(n), n.fingerprint)


@pytest.mark.parametrize("left", [0, 5, len(MAGIC), 1000, -9, -1])
def test_a_file_that_was_cut_is_no_backup(backup, left):
    data = backup.read_bytes()
    backup.write_bytes(data[:left])
    with pytest.raises(TrustError):
        restore.check(backup)


def test_a_backup_signed_by_nobody_of_the_roster_is_refused(n, backup, tmp_path):
    """Whoever has the recovery *key* (it is public) can seal a newsroom of their own making."""
    stranger = Actor(demo.PUBLISHER, Identity(os.urandom(32)))
    data, found = backup.read_bytes(), open_backup(backup)
    end = len(MAGIC) + found.manifest.cipher[1]
    forged = found.manifest.signed(stranger).to_json()
    path = tmp_path / "forged.backup"
    path.write_bytes(data[:end] + forged + len(forged).to_bytes(8, "big"))
    restore.check(path)
    with pytest.raises(TrustError, match="vouches"):
        restore.restore(path, tmp_path / "new", recovery(n), CLOCK)
    assert not (tmp_path / "new").exists()


def test_a_head_that_is_not_the_logs_is_refused(n, backup, tmp_path):
    data, found = backup.read_bytes(), open_backup(backup)
    end = len(MAGIC) + found.manifest.cipher[1]
    other = replace(found.manifest, head=replace(found.manifest.head, seq=1))
    manifest = other.signed(publisher_of(n)).to_json()
    path = tmp_path / "other.backup"
    path.write_bytes(data[:end] + manifest + len(manifest).to_bytes(8, "big"))
    with pytest.raises(TrustError):
        restore.prove(path, recovery(n))


def test_nothing_is_ever_overwritten(n, backup, tmp_path):
    before = backup.read_bytes()
    with pytest.raises(Conflict):
        create(source(n), backup, publisher_of(n), CLOCK)
    assert backup.read_bytes() == before
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").write_text("x")
    with pytest.raises(Conflict):
        restore.restore(backup, tmp_path / "full", recovery(n), CLOCK)
    assert [f.name for f in (tmp_path / "full").iterdir()] == ["mine"]


def test_who_is_not_in_the_roster_vouches_for_nothing(n, tmp_path):
    with pytest.raises(Refused):
        create(source(n), tmp_path / "x", Actor("lead-1", Identity(os.urandom(32))), CLOCK)
    assert list(tmp_path.iterdir()) == []


def test_deleted_text_is_not_saved(n, tmp_path):
    """A copied database file would carry what was deleted in it, and its write-ahead log more."""
    database = tmp_path / "old.db"
    with closing(sqlite3.connect(database)) as db:
        db.execute("PRAGMA secure_delete=OFF")
        db.execute("CREATE TABLE t (x)")
        db.execute("INSERT INTO t VALUES (?)", ("câu đã xoá " * 400,))
        db.commit()
        db.execute("DELETE FROM t")
        db.commit()
    assert "câu đã xoá".encode() in database.read_bytes()
    copy = making._snapshot(database, tmp_path / "copy.db")
    assert "câu đã xoá".encode() not in copy.read_bytes()


def test_a_log_that_is_not_what_the_publisher_has_seen_is_not_saved(n, tmp_path):
    root = tmp_path / "altered"
    shutil.copytree(n.root, root)
    with closing(sqlite3.connect(root / "var" / "desk.db")) as db:
        db.execute("DELETE FROM log WHERE seq = (SELECT max(seq) FROM log)")
        db.commit()
    room = Room.open(root, root / "var" / "desk.db", fingerprint=n.fingerprint)
    made = Source(room, root / "calendar.yaml", root / "var" / "desk.db",
                  {"publisher": root / "publisher"})  # fmt: skip
    with pytest.raises(TrustError, match="not what the publisher has seen"):
        create(made, tmp_path / "x.backup", publisher_of(n), CLOCK)
    assert not (tmp_path / "x.backup").exists()


def test_a_publisher_in_quarantine_is_not_saved(n, backup, tmp_path):
    restore.restore(backup, tmp_path / "new", recovery(n), CLOCK)
    made = replace(source(n), folders={"publisher": tmp_path / "new" / "publisher"})
    with pytest.raises(Refused, match="quarantine"):
        create(made, tmp_path / "x.backup", publisher_of(n), CLOCK)


def test_a_full_disk_leaves_nothing(n, tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(making.os, "fsync", full)
    with pytest.raises((Unavailable, OSError)):
        create(source(n), tmp_path / "x.backup", publisher_of(n), CLOCK)
    monkeypatch.undo()
    assert list(tmp_path.iterdir()) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from desk.backup.scratch import scratch
with scratch(Path(sys.argv[1])) as folder:
    (folder / "desk.db").write_text("plain")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_run_left_is_swept_by_the_next_and_a_running_one_is_not(tmp_path):
    ended = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], cwd=PROJECT, check=False)
    assert ended.returncode == -signal.SIGKILL
    (left,) = tmp_path.glob(PREFIX + "*")
    assert stat.S_IMODE(left.stat().st_mode) == 0o700
    with scratch(tmp_path) as running:
        assert not left.exists()
        assert sweep(tmp_path) == 0
        assert running.exists()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name",
    ["/etc/passwd", "../x", "var/../x", "publisher/../../x", "var", "other/x", "var/a/b/c", "var/",
     "var/.ssh", "publisher/x\0", "calendar.yaml/x", "Calendar.yaml"],
)  # fmt: skip
def test_no_name_in_a_backup_leads_out_of_the_folder(name):
    with pytest.raises(TrustError):
        checked_name(name)


@pytest.mark.parametrize("text", ["", "12", "zz" * 32, "ab" * 33, "đ" * 64])
def test_a_recovery_seed_is_64_hex_digits(tmp_path, text):
    file = tmp_path / "seed"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError):
        restore.recovery_identity(file)
    with pytest.raises(NotFound):
        restore.recovery_identity(tmp_path / "none")


@pytest.mark.parametrize(
    "change",
    [{"format": 2}, {"nonce": 1}, {"seq": "1"}, {"more": 1}, {"seq": True}],
)
def test_a_damaged_marker_ends_no_quarantine(tmp_path, change):
    marker = Marker("ab" * 32, "n", 1, "cd" * 32, "2026-11-20T01:00:00Z", "2026-11-20T02:00:00Z")
    assert Marker.from_bytes(marker.to_bytes()) == marker
    (tmp_path / MARKER).write_text(json.dumps(json.loads(marker.to_bytes()) | change))
    with pytest.raises(TrustError):
        read_marker(tmp_path)
    (tmp_path / MARKER).write_text("")
    with pytest.raises(TrustError):
        read_marker(tmp_path)


def test_the_newsrooms_termbase_is_saved_and_restored(n, tmp_path):
    from desk.terms import proposals
    from desk.terms.change import Change
    from desk.terms.overlay import Off

    off_id = next(e.id for e in proposals.standing(n.room).termbase.entries
                  if e.language == "vi" and e.severity == "warning")  # fmt: skip
    off = Change(off=(Off("vi", off_id, "thử"),), reason="thử")
    assert proposals.propose(n.room, n.actor("lead-1"), off).in_force
    path, to = tmp_path / "terms.backup", tmp_path / "new"
    folders = {"publisher": n.home.path, "terms": n.root / "terms"}
    with n.room.store.read() as connection:
        n.home.keep(log.every_entry(connection))
    create(replace(source(n), folders=folders), path, publisher_of(n), CLOCK)
    restore.restore(path, to, recovery(n), CLOCK)
    there = Room.open(to, to / "var" / "desk.db", fingerprint=n.fingerprint)
    assert proposals.standing(there).version == proposals.standing(n.room).version
    assert proposals.standing(there).problems == ()
    assert stat.S_IMODE((to / "terms" / "off.yaml").stat().st_mode) == 0o664
